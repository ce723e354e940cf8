-- The shared mailbox: what is known of the server's folders, the messages in them, the conversations that they make.

create table mailbox (
    network_id text not null references network (id),
    id text not null,
    -- The account by which answers leave.
    account_id text not null,
    host text not null,
    port bigint not null,
    security text not null check (security in ('tls', 'starttls', 'none')),
    -- Cleaned HTML, put under what is written.
    signature text not null,
    paused_at bigint,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id),
    foreign key (network_id, account_id) references mail_account (network_id, id)
);

-- What the process that keeps a mailbox in step says of it; apart, since it writes often.
create table mailbox_status (
    network_id text not null,
    -- The mailbox's own.
    id text not null,
    state text not null check (state in ('new', 'working', 'in_step', 'failed')),
    error text,
    -- When it was last wholly in step.
    in_step_at bigint,
    checked_at bigint,
    -- Nobody else keeps it in step before this moment; after a failure, nobody tries before it.
    lease_until bigint not null,
    lease_by text not null,
    -- Failures one after the other: the more, the longer one waits.
    failures bigint not null,
    primary key (network_id, id),
    foreign key (network_id, id) references mailbox (network_id, id)
);
create index mailbox_status_lease on mailbox_status (lease_until, id);

create table mail_folder (
    network_id text not null,
    id text not null,
    mailbox_id text not null,
    -- As the server writes it (modified UTF-7, RFC 3501, 5.1.3), and as people read it.
    name text not null,
    label text not null,
    role text not null check (role in ('inbox', 'sent', 'drafts', 'archive', 'trash', 'junk', 'other')),
    -- Its messages are fetched.
    followed boolean not null,
    uid_validity bigint not null,
    -- Every message from `low_uid` to `high_uid` is here; the rest is still to come.
    low_uid bigint not null,
    high_uid bigint not null,
    mod_seq bigint not null,
    -- How many the server has, and how many of them are here.
    total bigint not null,
    fetched bigint not null,
    gone_at bigint,
    primary key (network_id, id),
    unique (network_id, mailbox_id, name),
    foreign key (network_id, mailbox_id) references mailbox (network_id, id)
);

create table mail_thread (
    network_id text not null references network (id),
    id text not null,
    subject text not null,
    state text not null check (state in ('to_do', 'in_progress', 'waiting', 'done')),
    assignee_id text,
    snoozed_until bigint,
    -- What the latest message says of itself.
    last_at bigint not null,
    last_direction text not null check (last_direction in ('in', 'out')),
    people text not null,
    preview text not null,
    messages bigint not null,
    unseen bigint not null,
    has_files boolean not null,
    nature text not null check (nature in ('person', 'auto', 'bounce', 'list')),
    tags text not null,
    -- How many internal notes there are.
    notes bigint not null,
    primary key (network_id, id),
    foreign key (network_id, assignee_id) references account (network_id, id)
);
create index mail_thread_state on mail_thread (network_id, state, last_at, id) where snoozed_until is null;
create index mail_thread_assignee on mail_thread (network_id, assignee_id, last_at, id) where assignee_id is not null;
create index mail_thread_snoozed on mail_thread (network_id, snoozed_until, id) where snoozed_until is not null;
create index mail_thread_last on mail_thread (network_id, last_at, id);

create table mail_message (
    network_id text not null,
    id text not null,
    thread_id text not null,
    -- What makes copies of one message the same: its Message-ID, its author and its body.
    message_key text not null,
    -- As in the header, with its angle brackets; empty when there was none.
    message_id text not null,
    sender_name text not null,
    sender_email text not null,
    -- JSON: `to`, `cc`, `reply_to`, each a list of (address, name).
    recipients text not null,
    subject text not null,
    preview text not null,
    sent_at bigint not null,
    received_at bigint not null,
    size bigint not null,
    -- Name of the message as it came in the store of files.
    raw text not null,
    -- JSON: what is attached.
    files text not null,
    direction text not null check (direction in ('in', 'out')),
    nature text not null check (nature in ('person', 'auto', 'bounce', 'list')),
    -- It could be read; otherwise it is shown as it came.
    readable boolean not null,
    -- Who wrote, in the directory: `person`, `contact` or `structure`.
    sender_kind text not null,
    sender_id text,
    -- It looks as if a young person had written it.
    young boolean not null,
    primary key (network_id, id),
    unique (network_id, message_key),
    foreign key (network_id, thread_id) references mail_thread (network_id, id)
);
create index mail_message_thread on mail_message (network_id, thread_id, sent_at, id);
create index mail_message_sender on mail_message (network_id, sender_email, received_at);

-- What it says, without its HTML: apart, since lists need it not.
create table mail_text (
    network_id text not null,
    -- The message's own.
    id text not null,
    body text not null,
    primary key (network_id, id),
    foreign key (network_id, id) references mail_message (network_id, id)
);

-- Where copies of a message lie on the server.
create table mail_place (
    network_id text not null,
    id text not null,
    folder_id text not null,
    uid bigint not null,
    message_id text not null,
    thread_id text not null,
    seen boolean not null,
    answered boolean not null,
    flagged boolean not null,
    primary key (network_id, id),
    unique (network_id, folder_id, uid),
    foreign key (network_id, folder_id) references mail_folder (network_id, id),
    foreign key (network_id, message_id) references mail_message (network_id, id)
);
create index mail_place_message on mail_place (network_id, message_id);
create index mail_place_thread on mail_place (network_id, thread_id);

-- Which folders a conversation has messages in.
create table mail_thread_folder (
    network_id text not null,
    id text not null,
    thread_id text not null,
    folder_id text not null,
    last_at bigint not null,
    primary key (network_id, id),
    unique (network_id, thread_id, folder_id),
    foreign key (network_id, thread_id) references mail_thread (network_id, id),
    foreign key (network_id, folder_id) references mail_folder (network_id, id)
);
create index mail_thread_folder_last on mail_thread_folder (network_id, folder_id, last_at, thread_id);

-- Every Message-ID that a conversation holds or refers to, hashed.
create table mail_reference (
    network_id text not null,
    id text not null,
    reference_key text not null,
    thread_id text not null,
    primary key (network_id, id),
    unique (network_id, reference_key),
    foreign key (network_id, thread_id) references mail_thread (network_id, id)
);
create index mail_reference_thread on mail_reference (network_id, thread_id);

create table mail_note (
    network_id text not null,
    id text not null,
    thread_id text not null,
    body text not null,
    author text not null,
    author_id text,
    created_at bigint not null,
    primary key (network_id, id),
    foreign key (network_id, thread_id) references mail_thread (network_id, id)
);
create index mail_note_thread on mail_note (network_id, thread_id, id);

-- Who has a conversation open, or answers it, just now.
create table mail_presence (
    network_id text not null,
    id text not null,
    thread_id text not null,
    account_id text not null,
    name text not null,
    writing boolean not null,
    seen_at bigint not null,
    primary key (network_id, id),
    unique (network_id, thread_id, account_id),
    foreign key (network_id, thread_id) references mail_thread (network_id, id)
);

create index mail_presence_seen on mail_presence (network_id, seen_at);

create table mail_draft (
    network_id text not null,
    id text not null,
    thread_id text,
    -- What is answered or forwarded.
    message_id text,
    mode text not null check (mode in ('new', 'reply', 'reply_all', 'forward')),
    to_line text not null,
    cc_line text not null,
    bcc_line text not null,
    subject text not null,
    body text not null,
    -- JSON: attached files.
    files text not null,
    quotes boolean not null,
    state text not null check (state in ('open', 'leaving', 'sent')),
    outbox_id text,
    author_id text not null,
    -- The copy in the server's folder of drafts was last made from this version.
    stored_version bigint not null,
    stored_uid bigint,
    updated_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, thread_id) references mail_thread (network_id, id),
    foreign key (network_id, message_id) references mail_message (network_id, id),
    foreign key (network_id, author_id) references account (network_id, id)
);
create index mail_draft_open on mail_draft (network_id, updated_at, id) where state <> 'sent';
create index mail_draft_thread on mail_draft (network_id, thread_id);
create index mail_draft_message on mail_draft (network_id, message_id);
create index mail_draft_author on mail_draft (network_id, author_id);
create index mail_draft_outbox on mail_draft (network_id, outbox_id) where outbox_id is not null;

-- What is still to be done on the server.
create table mail_order (
    network_id text not null,
    id text not null,
    mailbox_id text not null,
    verb text not null check (verb in ('flag', 'unflag', 'move', 'file_sent', 'store_draft', 'drop_draft', 'erase')),
    folder_id text,
    uid bigint,
    -- A flag, a folder, a message of the outbox, a draft.
    argument text not null,
    attempts bigint not null,
    error text,
    created_at bigint not null,
    primary key (network_id, id),
    foreign key (network_id, mailbox_id) references mailbox (network_id, id)
);
create index mail_order_mailbox on mail_order (network_id, mailbox_id, id);

create table saved_reply (
    network_id text not null references network (id),
    id text not null,
    name text not null,
    body text not null,
    used bigint not null,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id, name)
);

create index saved_reply_used on saved_reply (network_id, used desc, name);

create table mail_rule (
    network_id text not null references network (id),
    id text not null,
    name text not null,
    position bigint not null,
    -- JSON.
    conditions text not null,
    acts text not null,
    paused_at bigint,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id)
);

create index mail_rule_position on mail_rule (network_id, position, id);

-- To whom the program answered by itself, so that two programs never go on answering each other.
create table mail_auto_answer (
    network_id text not null references network (id),
    id text not null,
    address text not null,
    at bigint not null,
    primary key (network_id, id)
);
create index mail_auto_answer_address on mail_auto_answer (network_id, address, at);
create index mail_auto_answer_at on mail_auto_answer (network_id, at);

-- Ties anything to anything: a conversation to the person and the structure that it is about.
create table tie (
    network_id text not null references network (id),
    id text not null,
    from_kind text not null,
    from_id text not null,
    to_kind text not null,
    to_id text not null,
    label text not null,
    url text not null,
    created_at bigint not null,
    primary key (network_id, id),
    unique (network_id, from_kind, from_id, to_kind, to_id)
);
create index tie_to on tie (network_id, to_kind, to_id, id);

-- Senders are known by their address.
create index contact_email on contact (network_id, email) where deleted_at is null and email is not null;
create index structure_email on structure (network_id, email) where deleted_at is null and email is not null;
create index structure_manager_email on structure (network_id, manager_email)
    where deleted_at is null and manager_email is not null;
