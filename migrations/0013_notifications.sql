-- What people are told of, how they want to be told, and how they answer by mail.

create table notification (
    network_id text not null references network (id),
    id text not null,
    account_id text not null,
    topic text not null,
    -- What it tells of: no one is told twice of the same.
    item_key text not null,
    title text not null,
    -- The same as mail says it, which quotes nothing of what is sensitive.
    mail_title text not null,
    url text not null,
    at bigint not null,
    on_screen boolean not null,
    rhythm text not null check (rhythm in ('immediate', 'daily', 'weekly', 'never')),
    -- From when on it may be mailed; a count waits for the end of what it counts.
    ripe_at bigint not null,
    read_at bigint,
    mailed_at bigint,
    primary key (network_id, id),
    unique (network_id, account_id, item_key),
    foreign key (network_id, account_id) references account (network_id, id)
);
create index notification_read on notification (network_id, account_id, id) where on_screen and read_at is not null;
create index notification_unread on notification (network_id, account_id, id) where on_screen and read_at is null;
create index notification_waiting on notification (network_id, account_id, rhythm, ripe_at)
    where read_at is null and mailed_at is null and rhythm <> 'never';
create index notification_age on notification (network_id, at);

-- What someone chose for a topic; without a row, the topic's own default.
create table notification_choice (
    network_id text not null references network (id),
    id text not null,
    account_id text not null,
    topic text not null,
    rhythm text not null check (rhythm in ('immediate', 'daily', 'weekly', 'never')),
    on_screen boolean not null,
    primary key (network_id, id),
    unique (network_id, account_id, topic),
    foreign key (network_id, account_id) references account (network_id, id)
);

-- When someone wants no mail; the id is the account's.
create table quiet_hours (
    network_id text not null references network (id),
    id text not null,
    -- Minutes after midnight; equal for none.
    starts bigint not null check (starts >= 0 and starts < 1440),
    ends bigint not null check (ends >= 0 and ends < 1440),
    sundays boolean not null,
    primary key (network_id, id),
    foreign key (network_id, id) references account (network_id, id)
);

-- How far the trail was read; the id is the network's.
create table notification_cursor (
    network_id text not null references network (id),
    id text not null,
    read_until bigint not null,
    primary key (network_id, id)
);

-- An address by which one account answers about one thing.
create table reply_way (
    network_id text not null references network (id),
    id text not null,
    token text not null,
    kind text not null,
    object_id text not null,
    account_id text not null,
    created_at bigint not null,
    primary key (network_id, id),
    unique (network_id, token),
    foreign key (network_id, account_id) references account (network_id, id)
);
create index reply_way_account on reply_way (network_id, account_id);

-- What an examination of mail and of the instance found.
create table diagnosis (
    network_id text not null references network (id),
    id text not null,
    state text not null check (state in ('waiting', 'done')),
    asked_by text not null,
    asked_at bigint not null,
    done_at bigint,
    -- JSON: the findings, in order.
    findings text not null,
    version bigint not null,
    primary key (network_id, id)
);
