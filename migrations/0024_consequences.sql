-- What decisions led to, each tied to the decision by the act that made it. Tasks that carry a decision out are not here:
-- they say themselves what they are about.

create table decision_consequence (
    network_id text not null references network (id),
    id text not null,
    decision_id text not null,
    -- Number and committee of the decision, which never change: what it led to names it without reading it.
    number text not null,
    committee_id text not null,
    kind text not null check (kind in ('suspension', 'lifting', 'exclusion', 'mailing', 'meeting', 'date_poll')),
    -- A post, a letter, a meeting or a poll, by its kind; a letter may be erased since.
    object_id text not null,
    label text not null,
    url text not null,
    -- For posts: from when, until when, and why.
    starts_on text,
    ends_on text,
    reason text,
    created_at bigint not null,
    primary key (network_id, id),
    foreign key (network_id, decision_id) references decision (network_id, id),
    foreign key (network_id, committee_id) references committee (network_id, id)
);
create unique index decision_consequence_once on decision_consequence (network_id, decision_id, kind, object_id);
create index decision_consequence_object on decision_consequence (network_id, object_id, id);
create index decision_consequence_committee on decision_consequence (network_id, committee_id);

-- The due day of which its owner was already reminded.
alter table decision add column due_noted text;
