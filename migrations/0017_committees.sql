-- The bodies that steer a network: who sits in them for whom, and what they ask of the coordination.

create table committee (
    network_id text not null references network (id),
    id text not null,
    kind text not null check (kind in ('steering', 'technical', 'working_group')),
    name text not null,
    -- Folded, as lists sort and search it.
    name_key text not null,
    purpose text,
    -- Who presides, and who leads it with the coordination, in words.
    chair text,
    co_facilitator text,
    -- Whether it is the body that selects structures, adopts the charter and excludes.
    decides boolean not null,
    decision_mode text not null check (decision_mode in ('consensus', 'majority', 'two_thirds')),
    -- Part of the voting seats that must be there, in hundredths; absent when none is asked.
    quorum_percent bigint check (quorum_percent is null or (quorum_percent > 0 and quorum_percent <= 100)),
    -- Voices that one member may bear for others.
    most_proxies bigint not null check (most_proxies >= 0),
    meetings_per_year bigint check (meetings_per_year is null or meetings_per_year > 0),
    created_at bigint not null,
    -- When it ended; its history stays.
    closed_at bigint,
    version bigint not null,
    primary key (network_id, id)
);
create index committee_name on committee (network_id, name_key, id);

-- A seat belongs to an organisation; people succeed each other in it.
create table seat (
    network_id text not null references network (id),
    id text not null,
    committee_id text not null,
    organisation text not null,
    organisation_id text,
    is_voting boolean not null,
    started_on text,
    ended_on text,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, committee_id) references committee (network_id, id),
    foreign key (network_id, organisation_id) references organisation (network_id, id)
);
create index seat_committee on seat (network_id, committee_id, id);
create index seat_organisation on seat (network_id, organisation_id) where organisation_id is not null;

create table seat_holder (
    network_id text not null references network (id),
    id text not null,
    seat_id text not null,
    committee_id text not null,
    rank text not null check (rank in ('titular', 'deputy')),
    name text not null,
    job_title text,
    -- In lower case: whoever signs in with it sits there.
    email text,
    started_on text,
    ended_on text,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, seat_id) references seat (network_id, id),
    foreign key (network_id, committee_id) references committee (network_id, id)
);
create index seat_holder_seat on seat_holder (network_id, seat_id, id);
create index seat_holder_committee on seat_holder (network_id, committee_id, id);
create index seat_holder_email on seat_holder (network_id, email) where email is not null;

-- What a committee asks of the coordination (« feuille de route »).
create table objective (
    network_id text not null references network (id),
    id text not null,
    committee_id text not null,
    title text not null,
    -- What shows whether it is reached, and what is aimed at.
    indicator text,
    target text,
    note text,
    progress bigint not null check (progress between 0 and 100),
    due_on text,
    -- The day it is due, or after every day: how lists sort it.
    due_key text not null,
    state text not null check (state in ('active', 'reached', 'abandoned')),
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, committee_id) references committee (network_id, id)
);
create index objective_committee on objective (network_id, committee_id, due_key, id);
