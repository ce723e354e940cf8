//! Choosing the date: the poll ends, the meeting has it, and everyone who was asked hears of it, all at once.

use kit::db::{Id, Timestamp};
use kit::{Actor, Error, Result, Tx};

use super::date_poll::{self, DatePoll, require_current};
use super::participant;
use super::poll_mail::{self, News, Place, Sending};
use super::slot::{self, PollSlot};
use crate::features::governance::committee;
use crate::features::governance::meeting::{self, Found, Meeting};

/// What becomes of the chosen date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everyone hears of it, and that is all.
    Told,
    /// A planned meeting has it.
    Meeting(Id),
    /// A new meeting of a committee has it.
    New(Id),
}

/// Concludes a poll on one of its dates. Answers the poll, the meeting that has the date, and how many messages leave.
/// Refused for a date that is past, before the poll was sent, and when the meeting no longer seeks a date.
pub async fn conclude(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    (id, chosen): (Id, Id),
    outcome: Outcome,
) -> Result<(DatePoll, Option<Meeting>, usize)> {
    let before = date_poll::hold(tx, actor.network_id, id).await?;
    require_current(&before)?;
    if !before.can_conclude() {
        return Err(Error::refused("Ce sondage n’est pas encore parti."));
    }
    let slots = slot::of_poll(tx, actor.network_id, id).await?;
    let chosen: &PollSlot = slots.iter().find(|slot| slot.id == chosen).ok_or(Error::NotFound)?;
    if chosen.starts_at <= actor.now {
        return Err(Error::refused("Cette date est passée."));
    }
    let meeting = dated(tx, actor, place, (&before, chosen.starts_at), outcome).await?;
    let after = DatePoll {
        state: "concluded".to_owned(),
        chosen_starts_at: Some(chosen.starts_at),
        ended_at: Some(actor.now),
        meeting_id: meeting.as_ref().map(|meeting| meeting.id),
        committee_id: meeting.as_ref().map(|meeting| meeting.committee_id).or(before.committee_id),
        ..before.clone()
    };
    let after = date_poll::write(tx, actor, "date_poll.concluded", &before, after).await?;
    participant::stop_reminders(tx, actor.network_id, id).await?;
    // Whoever has not even had the question yet needs the answer alone.
    poll_mail::call_back(tx, actor.network_id, id, actor.now).await?;
    let all = participant::of_poll(tx, actor.network_id, id).await?;
    let count = Sending::of(tx, place, &after).await?.send(tx, News::Concluded, &all, actor.now).await?;
    Ok((after, meeting, count))
}

/// The meeting that has the date.
async fn dated(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    (poll, starts_at): (&DatePoll, Timestamp),
    outcome: Outcome,
) -> Result<Option<Meeting>> {
    let found = Found {
        starts_at,
        minutes: poll.minutes,
        place: poll.place.clone(),
        video_url: poll.video_url.clone(),
    };
    match outcome {
        Outcome::Told => Ok(None),
        Outcome::Meeting(id) => meeting::find_date(tx, actor, place.1, id, found).await.map(Some),
        Outcome::New(id) => {
            let committee = committee::open(tx, actor.network_id, id).await?;
            let new = Meeting {
                title: poll.title.clone(),
                starts_at: Some(starts_at),
                minutes: poll.minutes,
                place: poll.place.clone(),
                video_url: poll.video_url.clone(),
                ..Meeting::blank(actor.network_id, actor.now, &committee)
            };
            meeting::plan(tx, actor, new).await.map(Some)
        }
    }
}
