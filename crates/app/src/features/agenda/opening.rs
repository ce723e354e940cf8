//! The life of a poll: it is made, sent, changed while people answer, closed, opened again, cancelled.

use kit::db::{Date, Id, Timestamp};
use kit::{Actor, Error, Result, Tx, mail};

use super::date_poll::{self, DatePoll, require_current};
use super::participant::{self, Participant};
use super::poll_answer;
use super::poll_mail::{self, ABOUT, News, Place, Sending};
use super::slot;
use crate::features::support::About;
use crate::features::support::activity_entry::{self, NewEntry};

/// So long the sending of a poll can be called back.
pub const UNDO_SECONDS: i64 = 15;
/// Minutes during which nobody is asked twice.
const QUIET_MINUTES: i64 = 60;

/// Makes a poll with its dates. Refused when its last day is past, and for what the poll and its dates refuse.
pub async fn make(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    poll: DatePoll,
    dates: &[Timestamp],
) -> Result<DatePoll> {
    check_day(&poll, place, actor.now)?;
    date_poll::insert(tx, actor, &poll).await?;
    slot::set(tx, &poll, dates, actor.now).await?;
    Ok(poll)
}

/// Refuses a last day that is past.
fn check_day(poll: &DatePoll, place: Place<'_>, now: Timestamp) -> Result<()> {
    match poll.closes_on < place.1.today(now) {
        true => Err(Error::refused("La date de clôture est passée.")),
        false => Ok(()),
    }
}

/// Saves a poll that is held as it is now wanted, with its dates. Those who had answered are asked about the dates that are
/// new; answers how many messages leave.
pub async fn change(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    (before, mut after): (&DatePoll, DatePoll),
    dates: &[Timestamp],
) -> Result<(DatePoll, usize)> {
    require_current(before)?;
    if after.closes_on != before.closes_on && before.state != "closed" {
        check_day(&after, place, actor.now)?;
    }
    let (new, gone) = slot::set(tx, before, dates, actor.now).await?;
    if after == *before && new + gone == 0 {
        return Ok((after, 0));
    }
    if new > 0 {
        after.all_answered_at = None;
    }
    let after = date_poll::write(tx, actor, "date_poll.changed", before, after).await?;
    let mut told = 0;
    if gone > 0 {
        let left = i64::try_from(dates.len() - new).unwrap_or(i64::MAX);
        participant::complete_all(tx, after.network_id, after.id, left, actor.now).await?;
    }
    if new > 0 {
        let mut spoke = participant::of_poll(tx, after.network_id, after.id).await?;
        spoke.retain(|one| one.answered_at.is_some());
        participant::reopen_all(tx, after.network_id, after.id).await?;
        if after.is_open() {
            told = ask_anew(tx, actor, place, &after, spoke).await?;
        }
    }
    poll_answer::note_all_answered(tx, actor, &after).await?;
    Ok((after, told))
}

/// Asks those who had answered about new dates.
async fn ask_anew(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    poll: &DatePoll,
    spoke: Vec<Participant>,
) -> Result<usize> {
    let sending = Sending::of(tx, place, poll).await?;
    let count = sending.send(tx, News::NewDates, &spoke, actor.now).await?;
    for one in spoke {
        let mut one = Participant { complete_at: None, reminders: 0, asked_at: Some(actor.now), ..one };
        one.next_reminder_at = one.next_reminder(poll, place.1, actor.now);
        tx.save(&mut one).await?;
    }
    Ok(count)
}

/// Sends a poll to those who have not been written to yet, after a moment in which it can be called back; the first time
/// opens it. Refused when there is nobody to write to, when its last day or all its dates are past, and once it is closed.
pub async fn send(tx: &mut Tx, actor: &Actor, place: Place<'_>, id: Id) -> Result<(DatePoll, usize)> {
    let before = date_poll::hold(tx, actor.network_id, id).await?;
    require_current(&before)?;
    if before.state == "closed" {
        return Err(Error::refused("Ce sondage est clos\u{a0}: rouvrez-le d’abord."));
    }
    check_day(&before, place, actor.now)?;
    let slots = slot::of_poll(tx, actor.network_id, id).await?;
    if slots.iter().all(|slot| slot.starts_at <= actor.now) {
        return Err(Error::refused("Toutes les dates proposées sont passées."));
    }
    let mut all = participant::of_poll(tx, actor.network_id, id).await?;
    all.retain(Participant::waits_for_invitation);
    if all.is_empty() {
        return Err(Error::refused(
            "Personne n’est à inviter\u{a0}: ajoutez des personnes qui ont une adresse.",
        ));
    }
    let opened_at = before.opened_at.or(Some(actor.now));
    let after = DatePoll { state: "open".to_owned(), opened_at, sent_at: Some(actor.now), ..before.clone() };
    let after = date_poll::write(tx, actor, "date_poll.sent", &before, after).await?;
    for one in &mut all {
        (one.invited_at, one.asked_at) = (Some(actor.now), Some(actor.now));
        one.next_reminder_at =
            if one.is_silent() { one.next_reminder(&after, place.1, actor.now) } else { None };
        tx.save(one).await?;
    }
    let sending = Sending::of(tx, place, &after).await?;
    let count = sending.send(tx, News::Asked, &all, actor.now.plus_seconds(UNDO_SECONDS)).await?;
    if before.is_draft() {
        propose(tx, actor, place, &after).await?;
    }
    Ok((after, count))
}

/// Proposes the line of the journal that looking for a date is worth, once.
async fn propose(tx: &mut Tx, actor: &Actor, place: Place<'_>, poll: &DatePoll) -> Result<()> {
    let title = format!("Sondage de dates\u{a0}: {}", poll.title);
    let mut entry = NewEntry::new(place.1.today(actor.now), "organisation", title);
    (entry.theme, entry.means) = (Some("network_life"), Some("email"));
    entry.about = Some(About::new("date_poll", poll.id, poll.title.clone(), poll.url()));
    let entry = entry.once(format!("date_poll.sent:{}", poll.id));
    activity_entry::propose(tx, actor, entry).await.map(drop)
}

/// Whether the last sending may still be called back.
pub fn can_call_back(poll: &DatePoll, now: Timestamp) -> bool {
    poll.is_open() && poll.sent_at.is_some_and(|at| now < at.plus_seconds(UNDO_SECONDS))
}

/// Calls the last sending back while nothing of it has left: those it was for were not written to, and a poll that it opened
/// is a draft again.
pub async fn call_back(tx: &mut Tx, actor: &Actor, id: Id) -> Result<DatePoll> {
    let before = date_poll::hold(tx, actor.network_id, id).await?;
    let mut all = participant::of_poll(tx, actor.network_id, id).await?;
    all.retain(|one| one.invited_at.is_some() && one.invited_at == before.sent_at);
    let gone =
        || Error::refused("Les messages sont partis\u{a0}: vous pouvez clore le sondage, ou l’annuler.");
    if !can_call_back(&before, actor.now) {
        return Err(gone());
    }
    for mut one in all {
        let address = one.email.clone().unwrap_or_default();
        if mail::cancel_to(tx, actor.network_id, (ABOUT, id), &address, actor.now).await? == 0 {
            // Nothing of this is kept: what still waits leaves.
            return Err(gone());
        }
        (one.invited_at, one.asked_at, one.next_reminder_at) = (None, None, None);
        tx.save(&mut one).await?;
    }
    let mut after = DatePoll { sent_at: None, ..before.clone() };
    if before.sent_at == before.opened_at {
        (after.state, after.opened_at) = ("draft".to_owned(), None);
    }
    date_poll::write(tx, actor, "date_poll.called_back", &before, after).await
}

/// Closes a poll: answers are no longer taken by link, and nobody is asked again. Nothing when it is closed already.
pub async fn close(tx: &mut Tx, actor: &Actor, id: Id) -> Result<DatePoll> {
    let before = date_poll::hold(tx, actor.network_id, id).await?;
    require_current(&before)?;
    match before.state.as_str() {
        "closed" => return Ok(before),
        "draft" => return Err(Error::refused("Ce sondage n’est pas encore parti.")),
        _ => {}
    }
    participant::stop_reminders(tx, actor.network_id, id).await?;
    let after = DatePoll { state: "closed".to_owned(), closed_at: Some(actor.now), ..before.clone() };
    date_poll::write(tx, actor, "date_poll.closed", &before, after).await
}

/// Takes answers until another day, opening again a poll that was closed. Those who said nothing are asked again in time.
pub async fn keep_open(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    id: Id,
    until: Date,
) -> Result<DatePoll> {
    let before = date_poll::hold(tx, actor.network_id, id).await?;
    require_current(&before)?;
    if before.is_draft() {
        return Err(Error::refused("Ce sondage n’est pas encore parti."));
    }
    let after = DatePoll { state: "open".to_owned(), closes_on: until, closed_at: None, ..before.clone() };
    check_day(&after, place, actor.now)?;
    let action = if before.is_open() { "date_poll.extended" } else { "date_poll.reopened" };
    let after = date_poll::write(tx, actor, action, &before, after).await?;
    let all = participant::of_poll(tx, actor.network_id, id).await?;
    for mut one in all.into_iter().filter(|one| one.is_silent() && one.invited_at.is_some()) {
        one.reminders = 0;
        one.next_reminder_at = one.next_reminder(&after, place.1, actor.now);
        tx.save(&mut one).await?;
    }
    Ok(after)
}

/// Cancels a poll, and tells those who were written to why. Answers how many messages leave.
pub async fn cancel(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    id: Id,
    reason: Option<String>,
) -> Result<(DatePoll, usize)> {
    let before = date_poll::hold(tx, actor.network_id, id).await?;
    require_current(&before)?;
    let told = told(tx, &before, actor.now).await?;
    let after = DatePoll {
        state: "cancelled".to_owned(),
        ended_at: Some(actor.now),
        cancel_reason: reason,
        ..before.clone()
    };
    let after = date_poll::write(tx, actor, "date_poll.cancelled", &before, after).await?;
    participant::stop_reminders(tx, actor.network_id, id).await?;
    let count = Sending::of(tx, place, &after).await?.send(tx, News::Cancelled, &told, actor.now).await?;
    Ok((after, count))
}

/// Those to whom something about a poll has left. Whatever still waited to leave is called back: it asks what is no longer
/// asked.
async fn told(tx: &mut Tx, poll: &DatePoll, now: Timestamp) -> Result<Vec<Participant>> {
    poll_mail::call_back(tx, poll.network_id, poll.id, now).await?;
    let sent = mail::about(tx, poll.network_id, (ABOUT, poll.id), None, None, 5_000).await?;
    let left: std::collections::BTreeSet<String> =
        sent.into_iter().filter(|mail| mail.state != "cancelled").map(|mail| mail.recipient).collect();
    let mut all = participant::of_poll(tx, poll.network_id, poll.id).await?;
    all.retain(|one| one.email.as_ref().is_some_and(|email| left.contains(email)));
    Ok(all)
}

/// Asks again, now, everyone who has not spoken of every date, except those who were written to within the hour. Answers how
/// many messages leave.
pub async fn remind_now(tx: &mut Tx, actor: &Actor, place: Place<'_>, id: Id) -> Result<usize> {
    let poll = date_poll::hold(tx, actor.network_id, id).await?;
    if !poll.is_open() {
        return Err(Error::refused("Ce sondage n’attend plus de réponse."));
    }
    let rested = actor.now.plus_minutes(-QUIET_MINUTES);
    let mut all = participant::of_poll(tx, actor.network_id, id).await?;
    all.retain(|one| one.is_silent() && one.asked_at.is_some_and(|at| at <= rested));
    remind(tx, place, &poll, all).await
}

/// Asks these people again, and notes when the next time is, if there is one.
pub(super) async fn remind(
    tx: &mut Tx,
    place: Place<'_>,
    poll: &DatePoll,
    mut all: Vec<Participant>,
) -> Result<usize> {
    let now = place.0.now();
    for one in &mut all {
        one.reminders += 1;
        one.asked_at = Some(now);
        one.next_reminder_at = one.next_reminder(poll, place.1, now);
        tx.save(one).await?;
    }
    Sending::of(tx, place, poll).await?.send(tx, News::Reminder, &all, now).await
}
