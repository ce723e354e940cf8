-- What the coordination has to do, and what it did.

create table task (
    network_id text not null references network (id),
    id text not null,
    title text not null,
    notes text,
    due_on text,
    -- The day it is due; after every day when there is none.
    due_key text not null,
    assignee_id text,
    state text not null check (state in ('to_do', 'in_progress', 'done', 'abandoned')),
    -- What it is about, whatever feature that belongs to.
    about_kind text,
    about_id text,
    about_label text,
    about_url text,
    created_by text not null,
    created_at bigint not null,
    -- When it was done or abandoned, and by whom.
    done_at bigint,
    done_by text,
    -- The due day that was already noted in the trail.
    due_noted text,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, assignee_id) references account (network_id, id)
);
create index task_open on task (network_id, due_key, id) where done_at is null;
create index task_done on task (network_id, done_at, id) where done_at is not null;
create index task_assignee on task (network_id, assignee_id);
create index task_about on task (network_id, about_kind, about_id, id) where about_id is not null;

create table activity_entry (
    network_id text not null references network (id),
    id text not null,
    day text not null,
    kind text not null,
    theme text,
    means text,
    minutes bigint check (minutes is null or minutes > 0),
    title text not null,
    notes text,
    -- How many people it reached or gathered.
    people bigint check (people is null or people >= 0),
    about_kind text,
    about_id text,
    about_label text,
    about_url text,
    state text not null check (state in ('proposed', 'confirmed', 'dismissed')),
    -- What it was proposed from, so that nothing is proposed twice.
    proposal_key text,
    author text not null,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id, proposal_key)
);
create index activity_entry_day on activity_entry (network_id, state, day, id);
create index activity_entry_about on activity_entry (network_id, about_kind, about_id, id) where about_id is not null;
