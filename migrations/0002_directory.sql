-- The directory: structures, people, posts, online profiles, office hours, partners, imports.

-- Labels changed and entries added or retired by a network; what is not here follows the national guide.
create table list_item (
    network_id text not null references network (id),
    id text not null,
    list text not null,
    code text not null,
    label text not null,
    position bigint not null,
    retired_at bigint,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id, list, code)
);

create table structure (
    network_id text not null references network (id),
    id text not null,
    slug text not null,
    name text not null,
    name_key text not null,
    kind text,
    legal_form text,
    employer_status text check (employer_status in ('public', 'private')),
    siret text,
    rna text,
    address text,
    postcode text,
    insee_code text,
    commune text,
    epci text,
    latitude double precision,
    longitude double precision,
    phone text,
    email text,
    website text,
    presentation text,
    image text,
    image_alt text,
    for_youth boolean not null,
    for_parents boolean not null,
    manager_name text,
    manager_title text,
    manager_phone text,
    manager_email text,
    call_ref text,
    labelled_posts bigint not null,
    ps_jeunes_until text,
    status text not null check (status in ('spotted', 'contacted', 'interested', 'candidate', 'waiting_list',
        'selected', 'refused', 'withdrawn', 'contracted', 'active', 'suspended', 'left')),
    entered_on text,
    left_on text,
    exit_reason text,
    note text,
    published_at bigint,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id, slug)
);
create index structure_name on structure (network_id, name_key, id) where deleted_at is null;
create index structure_siret on structure (network_id, siret) where deleted_at is null and siret is not null;
create index structure_commune on structure (network_id, insee_code) where deleted_at is null;
create index structure_trash on structure (network_id, deleted_at) where deleted_at is not null;

create table person (
    network_id text not null references network (id),
    id text not null,
    slug text not null,
    first_name text not null,
    last_name text not null,
    name_key text not null,
    job_title text,
    email text,
    phone text,
    presentation text,
    for_youth boolean not null,
    for_parents boolean not null,
    themes text not null,
    photo text,
    photo_consent_on text,
    visible text not null,
    note text,
    published_at bigint,
    first_published_at bigint,
    verified_on text,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id, slug)
);
create index person_name on person (network_id, name_key, id) where deleted_at is null;
create index person_email on person (network_id, email) where deleted_at is null and email is not null;
create index person_phone on person (network_id, phone) where deleted_at is null and phone is not null;
create index person_trash on person (network_id, deleted_at) where deleted_at is not null;

-- One holding of a post: the posts of a structure are numbered by rank, people succeed each other in them.
create table mandate (
    network_id text not null references network (id),
    id text not null,
    structure_id text not null,
    rank bigint not null,
    person_id text,
    started_on text,
    ended_on text,
    end_reason text,
    weekly_hours double precision,
    charter text not null check (charter in ('to_send', 'sent', 'signed', 'refused')),
    charter_signed_on text,
    info_sheet_on text,
    national_listing_on text,
    national_listing_url text,
    training_on text,
    job_description_on text,
    absent_from text,
    absent_until text,
    suspended_from text,
    suspended_until text,
    suspension_reason text,
    replaces_id text,
    note text,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, structure_id) references structure (network_id, id),
    foreign key (network_id, person_id) references person (network_id, id)
);
create unique index mandate_holder on mandate (network_id, structure_id, rank) where ended_on is null and deleted_at is null;
create index mandate_person on mandate (network_id, person_id);
create index mandate_structure on mandate (network_id, structure_id, rank);
create index mandate_end on mandate (network_id, ended_on) where deleted_at is null and ended_on is not null;

create table social_profile (
    network_id text not null references network (id),
    id text not null,
    person_id text not null,
    social_network text not null,
    handle text not null,
    handle_key text not null,
    url text,
    is_public boolean not null,
    status text not null check (status in ('active', 'blocked', 'closed')),
    checked text not null,
    checked_by text,
    checked_on text,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, person_id) references person (network_id, id)
);
create index social_profile_person on social_profile (network_id, person_id);
create index social_profile_handle on social_profile (network_id, handle_key);

-- Minutes are counted from midnight in the network's time zone; weekday 1 is Monday.
create table office_hours (
    network_id text not null references network (id),
    id text not null,
    person_id text not null,
    weekday bigint not null check (weekday between 1 and 7),
    from_minute bigint not null check (from_minute between 0 and 1439),
    to_minute bigint not null check (to_minute between 1 and 1440),
    social_network text,
    period text not null check (period in ('all', 'school', 'holidays')),
    note text,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, person_id) references person (network_id, id)
);
create index office_hours_person on office_hours (network_id, person_id);
create index office_hours_day on office_hours (network_id, weekday, from_minute);

create table office_hours_exception (
    network_id text not null references network (id),
    id text not null,
    person_id text not null,
    day text not null,
    note text,
    created_at bigint not null,
    primary key (network_id, id),
    foreign key (network_id, person_id) references person (network_id, id)
);
create index office_hours_exception_day on office_hours_exception (network_id, person_id, day);

create table organisation (
    network_id text not null references network (id),
    id text not null,
    name text not null,
    name_key text not null,
    kind text,
    address text,
    postcode text,
    insee_code text,
    commune text,
    website text,
    phone text,
    email text,
    territory text,
    note text,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint,
    version bigint not null,
    primary key (network_id, id)
);
create index organisation_name on organisation (network_id, name_key, id) where deleted_at is null;
create index organisation_trash on organisation (network_id, deleted_at) where deleted_at is not null;

create table contact (
    network_id text not null references network (id),
    id text not null,
    organisation_id text,
    structure_id text,
    first_name text not null,
    last_name text not null,
    name_key text not null,
    job_title text,
    email text,
    phone text,
    is_referent boolean not null,
    started_on text,
    ended_on text,
    note text,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, organisation_id) references organisation (network_id, id),
    foreign key (network_id, structure_id) references structure (network_id, id)
);
create index contact_name on contact (network_id, name_key, id) where deleted_at is null;
create index contact_organisation on contact (network_id, organisation_id);
create index contact_structure on contact (network_id, structure_id);
create index contact_trash on contact (network_id, deleted_at) where deleted_at is not null;

-- What a list can be narrowed by, in the order in which the list is read: one walk of one index, however large.
create table exchange (
    network_id text not null references network (id),
    id text not null,
    organisation_id text not null,
    contact_id text,
    day text not null,
    means text not null check (means in ('call', 'mail', 'meeting', 'visit', 'other')),
    summary text not null,
    author text not null,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, organisation_id) references organisation (network_id, id)
);
create index exchange_organisation on exchange (network_id, organisation_id, day, id);

create table facet (
    network_id text not null references network (id),
    facet text not null,
    value text not null,
    sort_key text not null,
    subject_id text not null,
    primary key (network_id, facet, value, sort_key, subject_id)
);
create index facet_subject on facet (network_id, subject_id, facet, value);

-- How many subjects each facet has: what lists and maps count, kept with each write.
create table facet_total (
    network_id text not null references network (id),
    facet text not null,
    value text not null,
    total bigint not null,
    primary key (network_id, facet, value)
);

-- What a list shows of a subject without reading further, written with its facets.
create table facet_card (
    network_id text not null references network (id),
    id text not null,
    card text not null,
    primary key (network_id, id)
);

create table territorial_group (
    network_id text not null references network (id),
    id text not null,
    name text not null,
    name_key text not null,
    communes text not null,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint,
    version bigint not null,
    primary key (network_id, id)
);
create index territorial_group_name on territorial_group (network_id, name_key, id) where deleted_at is null;

-- Pairs that someone has looked at and found to be two.
create table not_duplicate (
    network_id text not null references network (id),
    kind text not null,
    one_id text not null,
    other_id text not null,
    decided_at bigint not null,
    primary key (network_id, kind, one_id, other_id)
);

create table merge (
    network_id text not null references network (id),
    id text not null,
    kind text not null,
    kept_id text not null,
    lost_id text not null,
    label text not null,
    moved text not null,
    merged_at bigint not null,
    undone_at bigint,
    version bigint not null,
    primary key (network_id, id)
);

create table import (
    network_id text not null references network (id),
    id text not null,
    file_name text not null,
    stored_as text not null,
    state text not null check (state in ('reading', 'review', 'applying', 'done', 'refused', 'undone')),
    author text not null,
    account_id text,
    choices text not null,
    plan text,
    report text,
    failure text,
    created_at bigint not null,
    applied_at bigint,
    undone_at bigint,
    version bigint not null,
    primary key (network_id, id)
);

-- What the coordinator said a heading means: remembered for the next file.
create table import_heading (
    network_id text not null references network (id),
    sheet_kind text not null,
    heading_key text not null,
    field text not null,
    decided_at bigint not null,
    primary key (network_id, sheet_kind, heading_key)
);
