-- Meetings of committees: when and where, who is convened and what they answered, what is on the agenda.

create table meeting (
    network_id text not null references network (id),
    id text not null,
    committee_id text not null,
    title text not null,
    state text not null check (state in ('planned', 'convened', 'held', 'drafting', 'to_validate', 'validated',
        'distributed', 'archived', 'cancelled')),
    starts_at bigint,
    -- The same, or after every moment while the date is to be found: how lists sort it.
    starts_key bigint not null,
    minutes bigint not null check (minutes > 0),
    place text,
    video_url text,
    -- What the convocation says beside date, place and agenda.
    message text,
    -- Of the invitation in calendars: grows with each change that those convened must hear of.
    sequence bigint not null,
    -- Seats that vote, and voices that make the quorum, as they were when it was convened.
    voting_seats bigint not null,
    quorum bigint,
    answers_by text,
    convened_at bigint,
    held_at bigint,
    cancelled_at bigint,
    cancel_reason text,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, committee_id) references committee (network_id, id)
);
create index meeting_time on meeting (network_id, starts_key, id);
create index meeting_committee on meeting (network_id, committee_id, starts_key, id);
create index meeting_convened on meeting (network_id, starts_key) where state = 'convened';

-- Someone who is convened, as they were then.
create table invitee (
    network_id text not null references network (id),
    id text not null,
    meeting_id text not null,
    -- The seat they are convened for; absent for a guest.
    seat_id text,
    is_voting boolean not null,
    rank text not null check (rank in ('titular', 'deputy', 'guest')),
    name text not null,
    organisation text not null,
    -- How lists sort them: seats that vote first, then by organisation.
    order_key text not null,
    email text,
    answer text not null check (answer in ('none', 'yes', 'no', 'maybe')),
    answer_note text,
    answered_at bigint,
    -- How it was said: by link, from a calendar, or by the coordination.
    answered_by text check (answered_by in ('link', 'calendar', 'coordination')),
    -- Who bears their voice.
    proxy_id text,
    attendance text check (attendance in ('present', 'excused', 'absent', 'represented')),
    reminders bigint not null,
    next_reminder_at bigint,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, meeting_id) references meeting (network_id, id),
    foreign key (network_id, seat_id) references seat (network_id, id),
    foreign key (network_id, proxy_id) references invitee (network_id, id)
);
create index invitee_meeting on invitee (network_id, meeting_id, order_key, id);
create index invitee_reminder on invitee (network_id, next_reminder_at) where next_reminder_at is not null;

create table agenda_item (
    network_id text not null references network (id),
    id text not null,
    meeting_id text not null,
    position bigint not null,
    title text not null,
    details text,
    presenter text,
    minutes bigint check (minutes is null or minutes > 0),
    objective text not null check (objective in ('information', 'discussion', 'decision')),
    state text not null check (state in ('proposed', 'planned', 'treated', 'parked')),
    -- Who proposed it, when it was not the coordination.
    proposed_by text,
    -- The item of an earlier meeting that it takes up.
    carried_from text,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, meeting_id) references meeting (network_id, id)
);
create index agenda_item_carried on agenda_item (network_id, carried_from) where carried_from is not null;
create index agenda_item_meeting on agenda_item (network_id, meeting_id, position, id);
