-- Feeds by which programs of one's own show the meetings that one may read: each has a secret address, and ends when its
-- row goes.
create table calendar_feed (
    network_id text not null references network (id),
    id text not null,
    account_id text not null,
    -- Absent for all the meetings that the account may read.
    committee_id text,
    -- The telephone or program that reads it.
    label text not null,
    created_at bigint not null,
    -- Written once a day at most.
    last_read_at bigint,
    primary key (network_id, id),
    foreign key (network_id, account_id) references account (network_id, id),
    foreign key (network_id, committee_id) references committee (network_id, id)
);
create index calendar_feed_account on calendar_feed (network_id, account_id, id);
create index calendar_feed_committee on calendar_feed (network_id, committee_id) where committee_id is not null;
