-- Pages and news of the network's own, with their former texts, their former addresses and their pictures.

-- Links of the public menu, as JSON, read with the network: pages pay no query for them.
alter table network add column menu text not null default '[]';

create table publication (
    network_id text not null references network (id),
    id text not null,
    kind text not null check (kind in ('page', 'news')),
    -- The page of the site whose own text this replaces or introduces.
    place text check (place in ('network', 'join', 'help', 'contact', 'legal', 'privacy', 'accessibility', 'resources')),
    title text not null,
    title_key text not null,
    slug text not null,
    summary text,
    body text not null,
    cover_id text,
    state text not null check (state in ('draft', 'scheduled', 'published', 'withdrawn')),
    scheduled_for bigint,
    published_at bigint,
    menu text not null check (menu in ('', 'top', 'foot', 'both')),
    menu_rank bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint,
    version bigint not null,
    primary key (network_id, id),
    check ((state = 'scheduled') = (scheduled_for is not null)),
    check (state <> 'published' or published_at is not null)
);
create unique index publication_slug on publication (network_id, kind, slug) where deleted_at is null;
create unique index publication_place on publication (network_id, place) where place is not null and deleted_at is null;
create index publication_latest on publication (network_id, updated_at, id) where deleted_at is null;
create index publication_trash on publication (network_id, deleted_at, id) where deleted_at is not null;
create index publication_public on publication (network_id, kind, published_at, id)
    where state = 'published' and deleted_at is null;

-- What each save stored, the latest included: who, when, the whole text.
create table publication_version (
    network_id text not null references network (id),
    id text not null,
    publication_id text not null,
    number bigint not null,
    title text not null,
    slug text not null,
    summary text,
    body text not null,
    cover_id text,
    author text not null,
    written_at bigint not null,
    primary key (network_id, id),
    unique (network_id, publication_id, number),
    foreign key (network_id, publication_id) references publication (network_id, id)
);

-- An address that a publication had: it leads to the one it has.
create table publication_redirect (
    network_id text not null references network (id),
    id text not null,
    publication_id text not null,
    kind text not null check (kind in ('page', 'news')),
    slug text not null,
    created_at bigint not null,
    primary key (network_id, id),
    unique (network_id, kind, slug),
    foreign key (network_id, publication_id) references publication (network_id, id)
);
create index publication_redirect_target on publication_redirect (network_id, publication_id);

create table picture (
    network_id text not null references network (id),
    id text not null,
    -- What it shows, in words; empty for one that only decorates.
    alt text not null,
    alt_key text not null,
    credit text,
    width bigint not null,
    height bigint not null,
    -- Names of the stored files, as JSON: "960.webp" → name.
    files text not null,
    -- Who can be recognised, and on what agreement (civil code, art. 9 and 372-1).
    shows text not null check (shows in ('nobody', 'adults', 'minors')),
    people_shown text,
    consent_on text,
    consent_until text,
    uploaded_by text not null,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint,
    version bigint not null,
    primary key (network_id, id),
    check (shows = 'nobody' or consent_on is not null)
);
create index picture_latest on picture (network_id, created_at, id) where deleted_at is null;
create index picture_ended on picture (network_id, consent_until, id) where consent_until is not null and deleted_at is null;
create index picture_trash on picture (network_id, deleted_at, id) where deleted_at is not null;

-- Which publication shows which picture.
create table picture_use (
    network_id text not null references network (id),
    id text not null,
    picture_id text not null,
    publication_id text not null,
    primary key (network_id, id),
    unique (network_id, publication_id, picture_id),
    foreign key (network_id, publication_id) references publication (network_id, id),
    foreign key (network_id, picture_id) references picture (network_id, id)
);
create index picture_use_picture on picture_use (network_id, picture_id);
