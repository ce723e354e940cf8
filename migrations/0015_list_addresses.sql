-- An address of a list: what is written to it reaches its members, at once or once somebody agreed.
alter table distribution_list add column local_part text not null default '';
alter table distribution_list add column posting text not null default 'moderated'
    check (posting in ('moderated', 'coordination', 'members'));
create unique index distribution_list_local_part on distribution_list (network_id, local_part)
    where local_part <> '' and deleted_at is null;
create index distribution_list_address on distribution_list (network_id, local_part, id);

-- A message written to a list.
create table list_post (
    network_id text not null references network (id),
    id text not null,
    list_id text not null,
    thread_id text not null,
    message_id text not null,
    author text not null,
    author_email text not null,
    subject text not null,
    state text not null check (state in ('waiting', 'accepted', 'sent', 'refused')),
    -- Why it waits, for a reader; empty when it did not.
    reason text not null,
    recipients bigint not null,
    created_at bigint not null,
    -- When it was agreed to, refused or sent, the latest of these.
    settled_at bigint,
    primary key (network_id, id),
    unique (network_id, list_id, message_id),
    foreign key (network_id, list_id) references distribution_list (network_id, id)
);
create index list_post_thread on list_post (network_id, thread_id, id);
create index list_post_list on list_post (network_id, list_id, created_at, id);
