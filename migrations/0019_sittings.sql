-- What happens in a meeting: what is talked about and since when, what is noted and decided; the minutes that tell of it.

-- A meeting while it takes place. Its id is the meeting's.
create table sitting (
    network_id text not null references network (id),
    id text not null,
    opened_at bigint not null,
    -- What is talked about, and since when.
    item_id text,
    item_since bigint,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, id) references meeting (network_id, id)
);

-- What the secretary notes. Its id is the item's, or the meeting's for what belongs to none.
create table meeting_note (
    network_id text not null references network (id),
    id text not null,
    meeting_id text not null,
    body text not null,
    written_by text not null,
    written_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, meeting_id) references meeting (network_id, id)
);
create index meeting_note_meeting on meeting_note (network_id, meeting_id, id);

-- The last number given to a decision of a year.
create table decision_count (
    network_id text not null references network (id),
    year bigint not null,
    last bigint not null,
    primary key (network_id, year)
);

create table decision (
    network_id text not null references network (id),
    id text not null,
    meeting_id text not null,
    committee_id text not null,
    -- The item of the agenda under which it was taken.
    item_id text,
    year bigint not null,
    rank bigint not null,
    text text not null,
    mode text not null check (mode in ('consensus', 'vote')),
    votes_for bigint check (votes_for is null or votes_for >= 0),
    votes_against bigint check (votes_against is null or votes_against >= 0),
    votes_abstained bigint check (votes_abstained is null or votes_abstained >= 0),
    taken_on text not null,
    -- Who carries it out: an account, or a name.
    owner_id text,
    owner text,
    due_on text,
    due_key text not null,
    state text not null check (state in ('to_do', 'in_progress', 'done', 'abandoned')),
    follow_up text,
    -- When it was done or abandoned.
    ended_at bigint,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id, year, rank),
    check ((mode = 'vote') = (votes_for is not null and votes_against is not null and votes_abstained is not null)),
    foreign key (network_id, meeting_id) references meeting (network_id, id),
    foreign key (network_id, committee_id) references committee (network_id, id)
);
create index decision_meeting on decision (network_id, meeting_id, id);
create index decision_latest on decision (network_id, taken_on, id);
create index decision_committee on decision (network_id, committee_id, taken_on, id);
create index decision_open on decision (network_id, due_key, id) where ended_at is null;

-- The minutes of a meeting; a correction is another edition of them.
create table minutes (
    network_id text not null references network (id),
    id text not null,
    meeting_id text not null,
    edition bigint not null,
    state text not null check (state in ('drafting', 'to_validate', 'validated', 'distributed')),
    body text not null,
    -- What this edition says otherwise than the one before it.
    correction text,
    -- Who was there, what was decided, as they were when the minutes were handed to the members; JSON.
    facts text,
    written_by text not null,
    remarks_by text,
    submitted_at bigint,
    validated_at bigint,
    validated_by text,
    distributed_at bigint,
    -- The file that was sent, the same for everyone.
    pdf text,
    pdf_size bigint,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id, meeting_id, edition),
    foreign key (network_id, meeting_id) references meeting (network_id, id)
);

-- The text as each save stored it.
create table minutes_version (
    network_id text not null references network (id),
    id text not null,
    minutes_id text not null,
    number bigint not null,
    body text not null,
    author text not null,
    written_at bigint not null,
    primary key (network_id, id),
    unique (network_id, minutes_id, number),
    foreign key (network_id, minutes_id) references minutes (network_id, id)
);

-- What members say of minutes before they are validated: a remark, or another wording for a passage.
create table minutes_remark (
    network_id text not null references network (id),
    id text not null,
    minutes_id text not null,
    author text not null,
    passage text,
    wording text,
    remark text,
    state text not null check (state in ('open', 'accepted', 'refused')),
    answer text,
    settled_at bigint,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    check (remark is not null or wording is not null),
    foreign key (network_id, minutes_id) references minutes (network_id, id)
);
create index minutes_remark_minutes on minutes_remark (network_id, minutes_id, id);

-- To whom minutes were sent, as they were then.
create table minutes_recipient (
    network_id text not null references network (id),
    id text not null,
    minutes_id text not null,
    name text not null,
    organisation text not null,
    email text not null,
    created_at bigint not null,
    primary key (network_id, id),
    unique (network_id, minutes_id, email),
    foreign key (network_id, minutes_id) references minutes (network_id, id)
);
