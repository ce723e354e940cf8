create table change_request (
    network_id text not null references network (id),
    id text not null,
    subject_kind text not null check (subject_kind in ('person', 'structure')),
    subject_id text not null,
    subject_label text not null,
    account_id text,
    author text not null,
    author_email text,
    -- JSON objects by column: as it was, as asked for, as accepted.
    before text not null,
    after text not null,
    accepted text not null,
    state text not null check (state in ('requested', 'accepted', 'amended', 'refused', 'withdrawn')),
    word text,
    requested_at bigint not null,
    decided_at bigint,
    decided_by text,
    to_report text not null,
    reported_at bigint,
    reported_by text,
    version bigint not null,
    primary key (network_id, id)
);
create index change_request_state on change_request (network_id, state, id);
create index change_request_subject on change_request (network_id, subject_id);
create index change_request_report on change_request (network_id, decided_at, id)
    where to_report <> '' and reported_at is null;

create table freshness_campaign (
    network_id text not null references network (id),
    id text not null,
    word text,
    asked bigint not null,
    base text not null,
    started_at bigint not null,
    started_by text not null,
    until text not null,
    closed_at bigint,
    version bigint not null,
    primary key (network_id, id)
);

create table freshness_check (
    network_id text not null references network (id),
    id text not null,
    campaign_id text not null,
    person_id text not null,
    name text not null,
    name_key text not null,
    email text not null,
    sent bigint not null,
    next_at bigint,
    answered_at bigint,
    answer text check (answer in ('unchanged', 'changed')),
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, campaign_id) references freshness_campaign (network_id, id)
);
create index freshness_check_campaign on freshness_check (network_id, campaign_id);
create index freshness_check_due on freshness_check (network_id, next_at, id) where next_at is not null;
