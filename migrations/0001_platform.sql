-- The platform: networks, accounts, sessions, jobs, mail, trail, search.
-- One text for both engines. `bytes` becomes blob or bytea. A statement ends with `;` at a line's end.

create table network (
    id text not null primary key,
    ordinal bigint not null unique,
    code text not null unique,
    name text not null,
    slug text not null,
    host text unique,
    accent text not null,
    settings text not null,
    search_serial bigint not null default 0,
    -- Grows when the network's lists change: what a process remembers of them is then read anew.
    lists_version bigint not null default 0,
    created_at bigint not null
);

create table account (
    network_id text not null references network (id),
    id text not null,
    name text not null,
    email text not null,
    person_id text,
    password_hash text,
    created_at bigint not null,
    disabled_at bigint,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id, email)
);

create table account_role (
    network_id text not null,
    id text not null,
    account_id text not null,
    role text not null check (role in ('coordinator', 'caf', 'partner', 'manager', 'promeneur', 'guest', 'operator')),
    structure_id text,
    created_at bigint not null,
    primary key (network_id, id),
    foreign key (network_id, account_id) references account (network_id, id)
);
create index account_role_account on account_role (network_id, account_id);

create table session (
    network_id text not null,
    id text not null,
    account_id text not null,
    token_hash text not null unique,
    agent text not null,
    address text not null,
    created_at bigint not null,
    last_seen_at bigint not null,
    expires_at bigint not null,
    primary key (network_id, id),
    foreign key (network_id, account_id) references account (network_id, id)
);
create index session_account on session (network_id, account_id);
create index session_expiry on session (expires_at);

-- A link sent by mail that lets its holder do one thing once.
create table account_link (
    network_id text not null,
    id text not null,
    account_id text not null,
    purpose text not null check (purpose in ('invitation', 'sign_in', 'reset')),
    token_hash text not null unique,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint,
    primary key (network_id, id),
    foreign key (network_id, account_id) references account (network_id, id)
);
create index account_link_account on account_link (network_id, account_id);

create table sign_in_failure (
    network_id text not null,
    id text not null,
    email text not null,
    address text not null,
    at bigint not null,
    primary key (network_id, id)
);
create index sign_in_failure_pair on sign_in_failure (network_id, email, address, at);
create index sign_in_failure_address on sign_in_failure (network_id, address, at);

create table job (
    network_id text not null references network (id),
    id text not null primary key,
    kind text not null,
    payload text not null,
    due_at bigint not null,
    leased_until bigint,
    attempts bigint not null,
    error text,
    created_at bigint not null,
    done_at bigint,
    given_up_at bigint
);
create index job_due on job (due_at, id) where done_at is null and given_up_at is null;
create index job_network on job (network_id) where done_at is null;
create index job_done on job (done_at) where done_at is not null;

create table schedule_slot (
    network_id text not null references network (id),
    name text not null,
    slot bigint not null,
    primary key (network_id, name, slot)
);

create table outbox (
    network_id text not null references network (id),
    id text not null,
    kind text not null,
    sender text not null,
    recipient text not null,
    recipient_name text not null,
    subject text not null,
    text_body text not null,
    html_body text not null,
    state text not null check (state in ('queued', 'sent', 'failed', 'bounced')),
    error text,
    created_at bigint not null,
    sent_at bigint,
    primary key (network_id, id)
);

create table trail (
    network_id text not null references network (id),
    id text not null,
    at bigint not null,
    account_id text,
    actor text not null,
    address text not null,
    action text not null,
    subject_kind text not null,
    subject_id text not null,
    subject_label text not null,
    before text,
    after text,
    cause text,
    primary key (network_id, id)
);
-- The latest acts, without the thousands of lines of an import.
create index trail_latest on trail (network_id, id) where cause is null;
create index trail_cause on trail (network_id, cause, id) where cause is not null;

create table trail_subject (
    network_id text not null,
    id text not null,
    subject_kind text not null,
    subject_id text not null,
    at bigint not null,
    primary key (network_id, subject_kind, subject_id, id)
);

create table search_entry (
    network_id text not null references network (id),
    serial bigint not null,
    kind text not null,
    subject_id text not null,
    title text not null,
    subtitle text not null,
    url text not null,
    audience text not null,
    primary key (network_id, serial)
);
create unique index search_entry_subject on search_entry (network_id, kind, subject_id);

create table search_variant (
    network_id text not null references network (id),
    variant text not null,
    word text not null,
    primary key (network_id, variant, word)
);

-- full-text index
