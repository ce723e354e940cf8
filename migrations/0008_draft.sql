-- What someone has typed in a form and not saved yet, so that it is found again on another machine.

create table draft (
    network_id text not null references network (id),
    id text not null,
    account_id text not null,
    -- Address of the form.
    form text not null,
    -- Version of what the form was drawn from.
    base text not null,
    -- JSON: [["name", ["value", …]], …]; empty once the form is saved or the draft forgotten.
    fields text not null,
    -- When it was typed.
    updated_at bigint not null,
    -- When it was saved or forgotten: what other machines typed before that is done with too.
    forgotten_at bigint,
    primary key (network_id, id),
    unique (network_id, account_id, form),
    foreign key (network_id, account_id) references account (network_id, id),
    check (forgotten_at is null or fields = '')
);
create index draft_age on draft (network_id, updated_at, id);

-- Programs read pages and news in one list.
create index publication_shown on publication (network_id, published_at, id)
    where state = 'published' and deleted_at is null;
