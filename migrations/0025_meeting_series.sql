-- Meetings planned together, what the meetings of a committee begin with, people who come in once others are convened, and
-- the trash of meetings.

-- Meetings that were planned together and follow each other; each is an ordinary meeting.
create table meeting_series (
    network_id text not null references network (id),
    id text not null,
    committee_id text not null,
    title text not null,
    -- How they follow each other, as it was last asked for.
    rhythm text not null check (rhythm in ('month', 'two_months', 'quarter', 'half_year', 'weeks')),
    -- Weeks between two of them.
    weeks bigint not null check (weeks > 0),
    -- The rank of a weekday in its month (6: the last one), and that weekday (0: Monday); absent when each falls on the
    -- day of the month of the first.
    nth bigint check (nth is null or nth between 1 and 6),
    weekday bigint check (weekday is null or weekday between 0 and 6),
    -- When they begin, in minutes since midnight where the network is.
    begins bigint not null check (begins between 0 and 1439),
    minutes bigint not null check (minutes > 0),
    place text,
    video_url text,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, committee_id) references committee (network_id, id)
);
create index meeting_series_committee on meeting_series (network_id, committee_id, created_at, id);

-- The series of a meeting (a key to it cannot be added to a table that is there), and when it was thrown away.
alter table meeting add column series_id text;
alter table meeting add column deleted_at bigint;
create index meeting_in_series on meeting (network_id, series_id, starts_key, id) where series_id is not null;
create index meeting_thrown on meeting (network_id, deleted_at, id) where deleted_at is not null;

-- Whether what a meeting left untreated goes to the next one by itself.
alter table committee add column carries_over boolean not null default false;

-- What the meetings of a committee usually talk about, in order; the usual items when it has none of its own.
create table standard_item (
    network_id text not null references network (id),
    id text not null,
    committee_id text not null,
    position bigint not null,
    title text not null,
    objective text not null check (objective in ('information', 'discussion', 'decision')),
    minutes bigint check (minutes is null or minutes > 0),
    primary key (network_id, id),
    foreign key (network_id, committee_id) references committee (network_id, id)
);
create index standard_item_committee on standard_item (network_id, committee_id, position, id);

-- Whom someone replaces who was convened instead of them.
alter table invitee add column replaces text;
