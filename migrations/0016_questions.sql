-- What promeneurs, managers and partners ask the coordination, and what it answers.

create table question (
    network_id text not null references network (id),
    id text not null,
    title text not null,
    -- The title as lists search it: folded.
    title_key text not null,
    body text,
    category text not null,
    channel text not null,
    asked_on text not null,
    -- Where it stands in the list: what waits for an answer, the oldest first; then the rest, the latest first.
    order_key text not null,
    -- Who asks, in words; and their sheet, when the directory has one.
    asker text not null,
    asker_kind text,
    asker_id text,
    asker_url text,
    -- What it is about, whatever feature that belongs to.
    about_kind text,
    about_id text,
    about_label text,
    about_url text,
    answer text,
    sources text,
    -- When the answer is to be looked at again.
    review_on text,
    minutes bigint check (minutes is null or minutes > 0),
    state text not null check (state in ('received', 'taken', 'waiting', 'answered', 'obsolete')),
    -- Who takes care of it.
    owner_id text,
    created_by text not null,
    created_at bigint not null,
    updated_at bigint not null,
    answered_at bigint,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, owner_id) references account (network_id, id)
);
create index question_order on question (network_id, order_key, id);
create index question_state on question (network_id, state, order_key, id);
create index question_owner on question (network_id, owner_id);
create index question_about on question (network_id, about_kind, about_id, id) where about_id is not null;
