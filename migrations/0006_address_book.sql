-- Address books for telephones and mail programs: passwords made for one program, and what each account's
-- books held when last looked at, so that a program is told only what changed.

create table app_password (
    network_id text not null references network (id),
    id text not null,
    account_id text not null,
    name text not null,
    token_hash text not null,
    created_at bigint not null,
    last_used_at bigint,
    primary key (network_id, id),
    unique (network_id, token_hash),
    foreign key (network_id, account_id) references account (network_id, id)
);
create index app_password_account on app_password (network_id, account_id, id);

create table address_book (
    network_id text not null references network (id),
    id text not null,
    account_id text not null,
    book text not null check (book in ('promeneurs', 'structures', 'partenaires')),
    -- Grows whenever the book is found changed; what left it before `oldest` is no longer known.
    revision bigint not null,
    oldest bigint not null,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id, account_id, book),
    foreign key (network_id, account_id) references account (network_id, id)
);

create table address_card (
    network_id text not null references network (id),
    id text not null,
    book_id text not null,
    name text not null,
    etag text not null,
    revision bigint not null,
    gone_at bigint,
    primary key (network_id, id),
    unique (network_id, book_id, name),
    foreign key (network_id, book_id) references address_book (network_id, id)
);
create index address_card_revision on address_card (network_id, book_id, revision);
create index address_card_gone on address_card (network_id, gone_at) where gone_at is not null;
