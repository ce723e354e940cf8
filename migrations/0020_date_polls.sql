-- Polls that find a date: the dates offered, who is asked, what each says of each date.

create table date_poll (
    network_id text not null references network (id),
    id text not null,
    title text not null,
    explanation text,
    place text,
    video_url text,
    -- How long what is to be dated lasts.
    minutes bigint not null check (minutes > 0),
    -- The last day on which one answers.
    closes_on text not null,
    state text not null check (state in ('draft', 'open', 'closed', 'concluded', 'cancelled')),
    -- Whether those asked see what the others said.
    shows_answers boolean not null,
    -- Whose date is sought, and the meeting that is to have it; both may be absent.
    committee_id text,
    meeting_id text,
    -- The date that was chosen.
    chosen_starts_at bigint,
    opened_at bigint,
    -- When messages asking for answers last left.
    sent_at bigint,
    -- When the last of those asked had answered; absent again when someone or a date is added.
    all_answered_at bigint,
    closed_at bigint,
    -- When it was concluded or cancelled.
    ended_at bigint,
    cancel_reason text,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, committee_id) references committee (network_id, id),
    foreign key (network_id, meeting_id) references meeting (network_id, id)
);
create index date_poll_current on date_poll (network_id, closes_on, id) where ended_at is null;
create index date_poll_ended on date_poll (network_id, ended_at, id) where ended_at is not null;
create index date_poll_state on date_poll (network_id, state) where ended_at is null;
create index date_poll_open on date_poll (network_id, closes_on) where state = 'open';
create index date_poll_committee on date_poll (network_id, committee_id) where committee_id is not null;
create index date_poll_meeting on date_poll (network_id, meeting_id, created_at) where meeting_id is not null;
-- One search at a time for the date of a meeting.
create unique index date_poll_seeks on date_poll (network_id, meeting_id) where meeting_id is not null and ended_at is null;

create table poll_slot (
    network_id text not null references network (id),
    id text not null,
    poll_id text not null,
    starts_at bigint not null,
    created_at bigint not null,
    primary key (network_id, id),
    foreign key (network_id, poll_id) references date_poll (network_id, id)
);
create unique index poll_slot_time on poll_slot (network_id, poll_id, starts_at);

create table poll_participant (
    network_id text not null references network (id),
    id text not null,
    poll_id text not null,
    name text not null,
    organisation text not null,
    -- How lists sort them.
    order_key text not null,
    -- Absent for someone who is asked by telephone.
    email text,
    -- How they came in, and from which committee or list.
    origin text not null check (origin in ('committee', 'list', 'typed')),
    origin_label text not null,
    -- When they were first written to, and when last.
    invited_at bigint,
    asked_at bigint,
    -- When they last said something, and since when they have spoken of every date.
    answered_at bigint,
    complete_at bigint,
    answered_by text check (answered_by in ('link', 'coordination')),
    answer_note text,
    reminders bigint not null,
    next_reminder_at bigint,
    created_at bigint not null,
    version bigint not null,
    primary key (network_id, id),
    foreign key (network_id, poll_id) references date_poll (network_id, id)
);
create index poll_participant_poll on poll_participant (network_id, poll_id, order_key, id);
create index poll_participant_silent on poll_participant (network_id, poll_id) where complete_at is null;
create unique index poll_participant_email on poll_participant (network_id, poll_id, email) where email is not null;
create index poll_participant_reminder on poll_participant (network_id, next_reminder_at) where next_reminder_at is not null;

create table poll_answer (
    network_id text not null references network (id),
    id text not null,
    poll_id text not null,
    participant_id text not null,
    slot_id text not null,
    answer text not null check (answer in ('yes', 'if_needed', 'no')),
    primary key (network_id, id),
    foreign key (network_id, poll_id) references date_poll (network_id, id),
    foreign key (network_id, participant_id) references poll_participant (network_id, id),
    foreign key (network_id, slot_id) references poll_slot (network_id, id)
);
create unique index poll_answer_once on poll_answer (network_id, participant_id, slot_id);
create index poll_answer_poll on poll_answer (network_id, poll_id);
create index poll_answer_slot on poll_answer (network_id, slot_id);
