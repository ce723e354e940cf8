-- Texts that several people write at once. Every change is stored before it is acknowledged; a text is what its state and
-- the changes after it say together.
create table shared_text (
    network_id text not null references network (id),
    -- What the text belongs to has the same id.
    id text not null,
    -- The document as one update, and the last change that it holds.
    state bytes not null,
    state_rank bigint not null,
    -- The last change there is, and the last that what the text belongs to has heard of.
    last_rank bigint not null,
    told_rank bigint not null,
    written_by text not null,
    written_at bigint not null,
    created_at bigint not null,
    primary key (network_id, id)
);

create table shared_text_change (
    network_id text not null references network (id),
    text_id text not null,
    rank bigint not null,
    change bytes not null,
    written_by text not null,
    written_at bigint not null,
    primary key (network_id, text_id, rank),
    foreign key (network_id, text_id) references shared_text (network_id, id)
);

-- What a text said at the end of each spell of writing.
create table shared_text_version (
    network_id text not null references network (id),
    id text not null,
    text_id text not null,
    body text not null,
    -- Who wrote during the spell, and when it began and ended.
    written_by text not null,
    began_at bigint not null,
    written_at bigint not null,
    primary key (network_id, id),
    foreign key (network_id, text_id) references shared_text (network_id, id)
);
create index shared_text_version_text on shared_text_version (network_id, text_id, began_at, id);
