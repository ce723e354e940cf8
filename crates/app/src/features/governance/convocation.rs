//! Convening: whom, when it can be called back, what happens when the meeting changes or ends.

use std::collections::BTreeSet;

use kit::db::{Date, Id, Timestamp};
use kit::{Actor, App, Error, Network, Result, Tx, mail};

use super::committee::{self, Committee};
use super::dossier;
use super::invitee::{self, Invitee};
use super::meeting::{self, Meeting};
use super::meeting_mail::{News, Sending, told};
use super::seat::{self, Held};
use crate::features::support::activity_entry::NewEntry;

/// So long a convocation can be called back.
pub const UNDO_SECONDS: i64 = 15;
/// Days after which someone who says nothing is asked again, each counted from the message before.
const WAITS: [i64; 2] = [5, 7];
/// Most guests of one meeting.
const MOST_GUESTS: usize = 100;

/// Those who would be convened to a meeting: who holds a seat on its day, titulars and deputies.
pub fn holders(meeting: &Meeting, seats: &[Held], day: Date, now: Timestamp) -> Vec<(Id, Invitee)> {
    let mut all = Vec::new();
    for held in seats.iter().filter(|held| held.seat.is_there(day)) {
        for holder in held.holders.iter().filter(|holder| holder.is_there(day)) {
            let invitee = Invitee {
                seat_id: Some(held.seat.id),
                is_voting: held.seat.is_voting,
                rank: holder.rank.clone(),
                name: holder.name.clone(),
                organisation: held.seat.organisation.clone(),
                email: holder.email.clone(),
                ..Invitee::blank(meeting, now)
            };
            all.push((holder.id, invitee.in_order()));
        }
    }
    all.sort_by(|one, other| one.1.order_key.cmp(&other.1.order_key));
    all
}

/// Seats of a committee that vote on a day, and the voices that make its quorum: of the committee, whoever is convened, so that
/// a vacant seat counts against it.
pub fn quorum(committee: &Committee, seats: &[Held], day: Date) -> (i64, Option<i64>) {
    let voting = seats.iter().filter(|held| held.seat.is_voting && held.seat.is_there(day)).count();
    let voting = i64::try_from(voting).unwrap_or(i64::MAX);
    (voting, committee.quorum_of(voting))
}

/// Voting seats that a message can reach.
pub fn reached(invitees: &[Invitee]) -> i64 {
    let voting = invitees.iter().filter(|one| one.is_voting && one.email.is_some());
    let seats: BTreeSet<Option<Id>> = voting.map(|one| one.seat_id).collect();
    i64::try_from(seats.len()).unwrap_or(i64::MAX)
}

/// What is missing before a meeting can be convened.
pub fn lacks(meeting: &Meeting, now: Timestamp) -> Option<&'static str> {
    match meeting.starts_at {
        None => Some("Fixez d’abord la date de la réunion."),
        Some(at) if at <= now => Some("La date de cette réunion est passée."),
        Some(_) if meeting.whereabouts().is_empty() => {
            Some("Indiquez d’abord le lieu ou le lien de visioconférence.")
        }
        Some(_) => None,
    }
}

/// Convenes people to a meeting: they are written down as they are now, and a message leaves for each who has an address,
/// after a moment in which it can be called back. Refused when something is missing ([`lacks`]), when it was done
/// already, or for nobody.
pub async fn convene(
    tx: &mut Tx,
    actor: &Actor,
    place: (&App, &Network, &str),
    meeting: &Meeting,
    mut invitees: Vec<Invitee>,
) -> Result<(Meeting, usize)> {
    let network = place.1;
    if meeting.state != "planned" {
        return Err(Error::refused("Cette réunion est déjà convoquée."));
    }
    if let Some(why) = lacks(meeting, actor.now) {
        return Err(Error::refused(why));
    }
    if invitees.iter().all(|one| one.email.is_none()) {
        return Err(Error::refused(
            "Personne à convoquer n’a d’adresse\u{a0}: complétez les sièges du comité.",
        ));
    }
    let committee = committee::open(tx, actor.network_id, meeting.committee_id).await?;
    let day = meeting.starts_at.map_or(network.today(actor.now), |at| network.day_of(at));
    let seats = seat::of_committee(tx, actor.network_id, committee.id, day).await?;
    let (voting_seats, quorum) = quorum(&committee, &seats, day);
    let after = Meeting {
        state: "convened".to_owned(),
        convened_at: Some(actor.now),
        voting_seats,
        quorum,
        ..meeting.clone()
    };
    let after = meeting::write(tx, actor, "meeting.convened", meeting, after).await?;
    for one in &mut invitees {
        one.next_reminder_at = first_reminder(&after, one, actor.now);
    }
    tx.insert(&invitees).await?;
    let sending = Sending::of(tx, place, &after).await?;
    let count = sending.send(tx, News::Convened, &invitees, actor.now.plus_seconds(UNDO_SECONDS)).await?;
    let title = format!("Convocation\u{a0}: {}", after.title);
    let mut entry = NewEntry::new(network.today(actor.now), "committee_papers", title);
    (entry.theme, entry.means) = (Some("network_life"), Some("email"));
    meeting::propose(tx, actor, &after, entry, "convened").await?;
    Ok((after, count))
}

/// Calls a convocation back while nothing about it has left: the meeting is planned again, and nobody was convened.
pub async fn call_back(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Meeting> {
    let before = meeting::find(tx, actor.network_id, id).await?;
    if !can_call_back(&before, actor.now) || !told(tx, actor.network_id, id, actor.now).await?.is_empty() {
        // Nothing of this is kept: what still waits leaves.
        return Err(Error::refused(
            "Les convocations sont parties\u{a0}: annulez la réunion, ou modifiez-la.",
        ));
    }
    tx.delete_in::<Invitee>(actor.network_id, "meeting_id", &[id]).await?;
    if let Some(since) = before.convened_at {
        dossier::thaw_since(tx, actor, &before, since).await?;
    }
    let after = Meeting {
        state: "planned".to_owned(),
        convened_at: None,
        voting_seats: 0,
        quorum: None,
        ..before.clone()
    };
    meeting::write(tx, actor, "meeting.called_back", &before, after).await
}

/// Whether a convocation may still be called back.
pub fn can_call_back(meeting: &Meeting, now: Timestamp) -> bool {
    meeting.state == "convened" && meeting.convened_at.is_some_and(|at| now < at.plus_seconds(UNDO_SECONDS))
}

/// Saves a meeting as it is now wanted. Those convened are told when its date, its length, its place or its title
/// changed; a new date asks them anew. Answers how many messages leave.
pub async fn change(
    tx: &mut Tx,
    actor: &Actor,
    place: (&App, &Network, &str),
    before: &Meeting,
    mut after: Meeting,
) -> Result<(Meeting, usize)> {
    if !before.is_to_come() {
        return Err(Error::refused("Cette réunion ne change plus."));
    }
    if after == *before {
        return Ok((after, 0));
    }
    let facts = |meeting: &Meeting| {
        (meeting.starts_at, meeting.minutes, meeting.whereabouts(), meeting.title.clone())
    };
    if before.state == "planned" || facts(before) == facts(&after) {
        return Ok((meeting::write(tx, actor, "meeting.changed", before, after).await?, 0));
    }
    if let Some(why) = lacks(&after, actor.now) {
        return Err(Error::refused(why));
    }
    after.sequence += 1;
    let after = meeting::write(tx, actor, "meeting.changed", before, after).await?;
    let mut invitees = invitee::of_meeting(tx, actor.network_id, after.id).await?;
    if after.starts_at != before.starts_at {
        for one in &mut invitees {
            (one.answer, one.answered_at, one.answered_by) = ("none".to_owned(), None, None);
            (one.proxy_id, one.reminders) = (None, 0);
            one.next_reminder_at = first_reminder(&after, one, actor.now);
            tx.save(one).await?;
        }
    }
    let told = told(tx, actor.network_id, after.id, actor.now).await?;
    // Who has not heard of it yet is convened to what it has become.
    let (known, new) = parted(invitees, &told);
    let sending = Sending::of(tx, place, &after).await?;
    let count = sending.send(tx, News::Changed, &known, actor.now).await?
        + sending.send(tx, News::Convened, &new, actor.now).await?;
    Ok((after, count))
}

/// Cancels a meeting, and tells those convened why.
pub async fn cancel(
    tx: &mut Tx,
    actor: &Actor,
    place: (&App, &Network, &str),
    id: Id,
    reason: &str,
) -> Result<(Meeting, usize)> {
    let before = meeting::find(tx, actor.network_id, id).await?;
    if !before.is_to_come() {
        return Err(Error::refused("Cette réunion n’est plus à tenir."));
    }
    let told = told(tx, actor.network_id, id, actor.now).await?;
    let after = Meeting {
        state: "cancelled".to_owned(),
        sequence: before.sequence + 1,
        cancelled_at: Some(actor.now),
        cancel_reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()),
        ..before.clone()
    };
    let after = meeting::write(tx, actor, "meeting.cancelled", &before, after).await?;
    let invitees = invitee::of_meeting(tx, actor.network_id, id).await?;
    let (known, _) = parted(invitees, &told);
    let count = Sending::of(tx, place, &after).await?.send(tx, News::Cancelled, &known, actor.now).await?;
    Ok((after, count))
}

/// Those who have heard of a meeting, and those who have not.
fn parted(invitees: Vec<Invitee>, told: &BTreeSet<String>) -> (Vec<Invitee>, Vec<Invitee>) {
    invitees.into_iter().partition(|one| one.email.as_ref().is_some_and(|email| told.contains(email)))
}

/// When someone who says nothing is asked for the first time: after [`WAITS`], sooner when little time is left, not in the
/// last day.
pub fn first_reminder(meeting: &Meeting, one: &Invitee, now: Timestamp) -> Option<Timestamp> {
    let (starts, _) = (meeting.starts_at?, one.email.as_ref()?);
    let half = Timestamp(now.0 + (starts.0 - now.0) / 2);
    Some(half.min(now.plus_days(WAITS[0]))).filter(|at| *at < starts.plus_days(-1))
}

/// Asks again someone who says nothing, and notes when the next time is, if there is one.
pub async fn remind(
    tx: &mut Tx,
    place: (&App, &Network, &str),
    meeting: &Meeting,
    mut one: Invitee,
) -> Result<()> {
    let now = place.0.now();
    one.reminders += 1;
    let wait = usize::try_from(one.reminders).ok().and_then(|sent| WAITS.get(sent));
    let next = wait.map(|days| now.plus_days(*days));
    one.next_reminder_at = next.filter(|next| meeting.starts_at.is_some_and(|at| *next < at.plus_days(-1)));
    tx.save(&mut one).await?;
    Sending::of(tx, place, meeting).await?.send(tx, News::Reminder, &[one], now).await.map(drop)
}

/// People of a text, one a line: « Nom <adresse> », or an address alone. What is not understood is answered apart.
pub fn guests(text: &str, meeting: &Meeting, now: Timestamp) -> (Vec<Invitee>, Vec<String>) {
    let read = mail::people(text, MOST_GUESTS);
    let guest = |(name, email): (String, String)| {
        let name = if name.is_empty() { email.clone() } else { name };
        Invitee { name, email: Some(email), ..Invitee::blank(meeting, now) }.in_order()
    };
    (read.known.into_iter().map(guest).collect(), read.wrong)
}
