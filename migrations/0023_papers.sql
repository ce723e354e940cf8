-- Papers of a meeting: what the platform prepares from its data, and files, each for an item of the agenda or for all of it.
create table meeting_paper (
    network_id text not null references network (id),
    id text not null,
    meeting_id text not null,
    -- The item that it is about; absent for the meeting as a whole.
    item_id text,
    -- What the platform prepares, or `file`.
    kind text not null check (kind in ('follow_up', 'roadmap', 'network_state', 'activity', 'deadlines', 'file')),
    title text not null,
    -- A file as it was given: its name, its type by its bytes, where it is stored, its size in bytes.
    name text,
    media_type text,
    file text,
    size bigint,
    added_by text not null,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    check ((kind = 'file') = (name is not null and media_type is not null and file is not null and size is not null)),
    foreign key (network_id, meeting_id) references meeting (network_id, id)
);
create index meeting_paper_meeting on meeting_paper (network_id, meeting_id, id);
-- The platform prepares one of a kind for a meeting.
create unique index meeting_paper_kind on meeting_paper (network_id, meeting_id, kind) where kind <> 'file';

-- The agenda with all that was prepared, as one file. What was sent stays as it was; another edition follows.
create table dossier (
    network_id text not null references network (id),
    id text not null,
    meeting_id text not null,
    edition bigint not null,
    file text not null,
    size bigint not null,
    made_by text not null,
    made_at bigint not null,
    sent_at bigint,
    -- To how many.
    recipients bigint not null,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id, meeting_id, edition),
    foreign key (network_id, meeting_id) references meeting (network_id, id)
);

-- What the follow-up of a committee reads: what is not carried out, and what ended lately.
create index decision_committee_open on decision (network_id, committee_id, taken_on, id) where ended_at is null;
create index decision_committee_ended on decision (network_id, committee_id, ended_at) where ended_at is not null;
-- Who came lately.
create index mandate_start on mandate (network_id, started_on) where deleted_at is null and started_on is not null;

-- Since when members take notes together with the coordination.
alter table sitting add column shared_at bigint;
