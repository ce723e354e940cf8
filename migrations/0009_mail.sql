-- Mail: accounts by which a network's messages leave, bodies that many messages share, and a queue that any
-- number of processes deliver from.

create table mail_account (
    network_id text not null references network (id),
    id text not null,
    address text not null,
    -- Name shown before the address.
    name text not null,
    host text not null,
    port bigint not null,
    security text not null check (security in ('tls', 'starttls', 'none')),
    mechanism text not null check (mechanism in ('password', 'xoauth2', 'none')),
    login text not null,
    -- Sealed with the key of the instance.
    secret text not null,
    -- Most messages that bulk mailings may send in a minute: hosts refuse more.
    per_minute bigint not null,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id)
);

-- What many messages say, with `{{…}}` where each has its own word.
create table outbox_body (
    network_id text not null references network (id),
    id text not null,
    subject text not null,
    text_body text not null,
    html_body text not null,
    created_at bigint not null,
    primary key (network_id, id)
);

create table outbox_next (
    network_id text not null references network (id),
    id text not null,
    kind text not null,
    -- The account by which it leaves; the instance's own way when absent.
    account_id text,
    sender text not null,
    sender_name text not null,
    recipient text not null,
    recipient_name text not null,
    -- JSON: the other recipients, by `to`, `cc`, `bcc`.
    copies text not null,
    subject text not null,
    text_body text not null,
    html_body text not null,
    body_id text,
    -- JSON: the words of this message in the shared body.
    words text not null,
    -- JSON: headers beyond those that every message has.
    headers text not null,
    -- JSON: attached files, by their names in the store.
    files text not null,
    -- What it was sent for: a mailing, an answer.
    about_kind text not null,
    about_id text,
    -- One of many: lets others pass.
    bulk boolean not null,
    state text not null check (state in ('queued', 'sent', 'failed', 'bounced', 'cancelled')),
    error text,
    due_at bigint not null,
    leased_until bigint,
    attempts bigint not null,
    created_at bigint not null,
    sent_at bigint,
    primary key (network_id, id),
    foreign key (network_id, account_id) references mail_account (network_id, id),
    foreign key (network_id, body_id) references outbox_body (network_id, id)
);
insert into outbox_next (network_id, id, kind, sender, sender_name, recipient, recipient_name, copies, subject,
    text_body, html_body, words, headers, files, about_kind, bulk, state, error, due_at, attempts, created_at, sent_at)
    select network_id, id, kind, sender, 'Promeneurs du Net', recipient, recipient_name, '', subject,
    text_body, html_body, '', '', '', '', false, state, error, created_at, 0, created_at, sent_at from outbox;
drop table outbox;
alter table outbox_next rename to outbox;
create index outbox_due on outbox (bulk, due_at, id) where state = 'queued';
create index outbox_about on outbox (network_id, about_kind, about_id, state, id) where about_id is not null;
