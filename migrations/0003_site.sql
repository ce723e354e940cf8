-- The public site: messages that people send, and whom to turn to for help.

-- A message of the contact form, or someone's wish to become a promeneur. Deleted after a time by itself.
create table public_message (
    network_id text not null references network (id),
    id text not null,
    kind text not null check (kind in ('contact', 'interest')),
    name text not null,
    email text not null,
    phone text,
    structure text,
    commune text,
    job_title text,
    body text not null,
    received_at bigint not null,
    handled_at bigint,
    handled_by text,
    version bigint not null,
    primary key (network_id, id)
);
create index public_message_handled on public_message (network_id, handled_at) where handled_at is not null;
create index public_message_received on public_message (network_id, received_at);

-- Where messages came from lately: for the limit per place, a day long.
create table public_message_sending (
    network_id text not null references network (id),
    id text not null,
    address text not null,
    at bigint not null,
    primary key (network_id, id)
);
create index public_message_sending_address on public_message_sending (network_id, address, at);
create index public_message_sending_at on public_message_sending (network_id, at);

-- A service near here that young people, parents or professionals can be referred to.
create table relay (
    network_id text not null references network (id),
    id text not null,
    name text not null,
    name_key text not null,
    theme text not null,
    audience text not null check (audience in ('everyone', 'youth', 'parents', 'professionals')),
    description text,
    phone text,
    url text,
    email text,
    address text,
    commune text,
    hours text,
    cost text,
    source text,
    verified_on text,
    created_at bigint not null,
    updated_at bigint not null,
    retired_at bigint,
    version bigint not null,
    primary key (network_id, id)
);
create index relay_name on relay (network_id, name_key, id) where retired_at is null;
create index relay_retired on relay (network_id, name_key, id) where retired_at is not null;

-- Who steers the network, by name, for the page that presents it.
create index organisation_kind on organisation (network_id, kind, name_key, id) where deleted_at is null;
