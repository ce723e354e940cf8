-- Dynamic lists, what each address agreed to receive, texts kept as templates, mailings and who they went to.

-- What messages are about: consent is given topic by topic.
create table mail_topic (
    network_id text not null references network (id),
    id text not null,
    code text not null,
    label text not null,
    description text not null,
    -- Messages that someone in the network must receive (convocations, obligations): no consent is asked.
    essential boolean not null,
    position bigint not null,
    retired_at bigint,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id, code)
);

create table distribution_list (
    network_id text not null references network (id),
    id text not null,
    -- Of a list that every network has at first; empty for the network's own.
    code text not null,
    name text not null,
    name_key text not null,
    description text not null,
    -- JSON: rules, members by hand, exclusions.
    definition text not null,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint,
    version bigint not null,
    primary key (network_id, id)
);
create unique index distribution_list_code on distribution_list (network_id, code) where code <> '';
create index distribution_list_name on distribution_list (network_id, name_key, id) where deleted_at is null;
create index distribution_list_trash on distribution_list (network_id, deleted_at, id) where deleted_at is not null;

-- An address that was written to: links of messages name it by its id, never by itself.
create table mail_address (
    network_id text not null references network (id),
    id text not null,
    address text not null,
    name text not null,
    -- Since when no message goes there: the receiving server said that nobody is there.
    bounced_at bigint,
    bounce_reason text,
    created_at bigint not null,
    primary key (network_id, id),
    unique (network_id, address)
);
create index mail_address_bounced on mail_address (network_id, bounced_at, id) where bounced_at is not null;

-- What an address said of a topic. Nobody but its holder changes it.
create table mail_consent (
    network_id text not null references network (id),
    id text not null,
    address_id text not null,
    topic_id text not null,
    state text not null check (state in ('accepted', 'refused')),
    means text not null check (means in ('preferences', 'unsubscription', 'one_click')),
    said_at bigint not null,
    primary key (network_id, id),
    unique (network_id, address_id, topic_id),
    foreign key (network_id, address_id) references mail_address (network_id, id),
    foreign key (network_id, topic_id) references mail_topic (network_id, id)
);
create index mail_consent_refused on mail_consent (network_id, said_at, id) where state = 'refused';
create index mail_consent_topic on mail_consent (network_id, topic_id, address_id) where state = 'refused';

-- A text of the network's own, or in place of one that every network has.
create table message_template (
    network_id text not null references network (id),
    id text not null,
    code text not null,
    label text not null,
    subject text not null,
    body text not null,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    unique (network_id, code)
);

create table mailing (
    network_id text not null references network (id),
    id text not null,
    subject text not null,
    preheader text not null,
    topic_id text,
    -- JSON: ids of lists.
    lists text not null,
    -- JSON: blocks, in order.
    blocks text not null,
    reply_to text not null,
    account_id text,
    is_public boolean not null,
    slug text not null,
    state text not null check (state in ('draft', 'scheduled', 'sending', 'sent', 'cancelled')),
    scheduled_for bigint,
    -- Which sending this is: what the outbox knows its messages by. One that is called back ends it.
    sending_id text,
    body_id text,
    -- Where the links of its messages begin.
    base text not null,
    -- When its first message may leave.
    first_due bigint,
    recipients bigint not null,
    author text not null,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, topic_id) references mail_topic (network_id, id),
    foreign key (network_id, account_id) references mail_account (network_id, id),
    foreign key (network_id, body_id) references outbox_body (network_id, id),
    check ((state = 'scheduled') = (scheduled_for is not null))
);
create index mailing_latest on mailing (network_id, id) where deleted_at is null;
create index mailing_trash on mailing (network_id, deleted_at, id) where deleted_at is not null;
create unique index mailing_slug on mailing (network_id, slug) where slug <> '';
create index mailing_public on mailing (network_id, first_due, id)
    where is_public and first_due is not null and deleted_at is null;
create index mailing_sent on mailing (network_id, first_due, id) where first_due is not null;

-- Whom a mailing goes to, frozen when it was sent; who was left out stands here too, with why.
create table mailing_recipient (
    network_id text not null references network (id),
    id text not null,
    mailing_id text not null,
    -- The address, or the id of whoever has none: once in each mailing.
    recipient_key text not null,
    address text not null,
    name text not null,
    person_id text,
    contact_id text,
    -- Why they are in, in French.
    why text not null,
    -- JSON: their words in the shared body.
    words text not null,
    -- Why nothing was sent to them: empty for who is written to.
    left_out text not null,
    -- Its turn, from which its time follows.
    turn bigint not null,
    outbox_id text,
    primary key (network_id, id),
    unique (network_id, mailing_id, recipient_key),
    foreign key (network_id, mailing_id) references mailing (network_id, id)
);
create index mailing_recipient_waiting on mailing_recipient (network_id, mailing_id, turn)
    where outbox_id is null and left_out = '';
create index mailing_recipient_left_out on mailing_recipient (network_id, mailing_id, id) where left_out <> '';
create index mailing_recipient_message on mailing_recipient (network_id, outbox_id) where outbox_id is not null;
