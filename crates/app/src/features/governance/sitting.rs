//! The Sitting: a meeting while it takes place. What is talked about, since when, what comes next.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act};
use kit::{Actor, Error, Network, Result, Tx};

use super::agenda_item::{self, AgendaItem};
use super::committee::Committee;
use super::convocation;
use super::invitee;
use super::meeting::{self, Meeting};
use super::seat;

kit::table! {
    /// A meeting while it takes place; its id is the meeting's.
    pub struct Sitting in "sitting": versioned {
        pub opened_at: Timestamp,
        /// What is talked about.
        pub item_id: Option<Id>,
        pub item_since: Option<Timestamp>,
        /// Since when members take notes too.
        pub shared_at: Option<Timestamp>,
    }
}

/// So long before its hour a meeting can be opened: who prepares the room notes who is there.
const EARLY_MINUTES: i64 = 120;

/// Whether the secretary's screen is there: shortly before the meeting, and until its minutes are handed to the members.
pub fn is_open_to_notes(meeting: &Meeting, now: Timestamp) -> bool {
    match meeting.state.as_str() {
        "planned" | "convened" => meeting.starts_at.is_some_and(|at| at.plus_minutes(-EARLY_MINUTES) <= now),
        "held" | "drafting" => true,
        _ => false,
    }
}

/// Refuses what is noted of a meeting too early or too late.
pub fn check_open(meeting: &Meeting, now: Timestamp) -> Result<()> {
    match (is_open_to_notes(meeting, now), meeting.is_to_come()) {
        (true, _) => Ok(()),
        (false, true) => Err(Error::refused("La séance s’ouvre deux heures avant la réunion, au plus tôt.")),
        (false, false) => {
            Err(Error::refused("Le compte rendu de cette réunion est parti\u{a0}: la séance ne change plus."))
        }
    }
}

/// The sitting of a meeting, when it was opened.
pub async fn of_meeting(tx: &mut Tx, network: Id, meeting: Id) -> Result<Option<Sitting>> {
    Ok(tx.all_in::<Sitting>(network, "id", &[meeting]).await?.pop())
}

/// Opens a sitting; nothing when it is open. A meeting to which nobody was convened finds those who hold a seat on its day.
pub async fn open(tx: &mut Tx, actor: &Actor, network: &Network, id: Id) -> Result<Meeting> {
    let mut meeting = meeting::find(tx, actor.network_id, id).await?;
    check_open(&meeting, actor.now)?;
    if of_meeting(tx, network.id, id).await?.is_some() {
        return Ok(meeting);
    }
    if invitee::of_meeting(tx, network.id, id).await?.is_empty() {
        meeting = seat_holders(tx, actor, network, meeting).await?;
    }
    let sitting = Sitting {
        network_id: network.id,
        id,
        opened_at: actor.now,
        item_id: None,
        item_since: None,
        shared_at: None,
        version: 1,
    };
    tx.insert(std::slice::from_ref(&sitting)).await?;
    trail::record(tx, actor, Act::new("meeting.opened", meeting.subject())).await?;
    Ok(meeting)
}

/// Writes down those who hold a seat on the day of a meeting for which nobody was convened.
async fn seat_holders(tx: &mut Tx, actor: &Actor, network: &Network, before: Meeting) -> Result<Meeting> {
    let committee: Committee = tx.get(network.id, before.committee_id).await?;
    let day = before.starts_at.map_or(network.today(actor.now), |at| network.day_of(at));
    let seats = seat::of_committee(tx, network.id, committee.id, day).await?;
    let holders: Vec<_> =
        convocation::holders(&before, &seats, day, actor.now).into_iter().map(|(_, one)| one).collect();
    tx.insert(&holders).await?;
    let (voting_seats, quorum) = convocation::quorum(&committee, &seats, day);
    let after = Meeting { voting_seats, quorum, ..before.clone() };
    meeting::write(tx, actor, "meeting.changed", &before, after).await
}

/// Lets whoever may read the meeting take notes with the coordination, or no longer.
pub async fn share_notes(tx: &mut Tx, actor: &Actor, meeting: &Meeting, shared: bool) -> Result<()> {
    check_open(meeting, actor.now)?;
    let mut sitting: Sitting = tx.get(actor.network_id, meeting.id).await?;
    if sitting.shared_at.is_some() == shared {
        return Ok(());
    }
    sitting.shared_at = shared.then_some(actor.now);
    tx.save(&mut sitting).await?;
    let action = if shared { "meeting.notes_shared" } else { "meeting.notes_closed" };
    trail::record(tx, actor, Act::new(action, meeting.subject())).await.map(drop)
}

/// Turns to an item of the agenda, or to none.
pub async fn turn_to(tx: &mut Tx, actor: &Actor, meeting: &Meeting, item: Option<Id>) -> Result<Sitting> {
    check_open(meeting, actor.now)?;
    let mut sitting: Sitting = tx.get(actor.network_id, meeting.id).await?;
    if sitting.item_id != item {
        (sitting.item_id, sitting.item_since) = (item, item.map(|_| actor.now));
        tx.save(&mut sitting).await?;
    }
    Ok(sitting)
}

/// How an item ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Treated,
    /// Left to a later meeting.
    Parked,
}

impl Outcome {
    fn state(self) -> &'static str {
        match self {
            Self::Treated => "treated",
            Self::Parked => "parked",
        }
    }
}

/// Ends an item, as it was when whoever ends it saw it (`version`), and turns to the next one; back to it when it had ended.
/// [`Error::Stale`] when someone else ended it meanwhile.
pub async fn end_item(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    (id, version): (Id, i64),
    outcome: Outcome,
) -> Result<Option<AgendaItem>> {
    check_open(meeting, actor.now)?;
    let all = agenda_item::of_meeting(tx, actor.network_id, meeting.id).await?;
    let at = all.iter().position(|item| item.id == id && item.is_on()).ok_or(Error::NotFound)?;
    let mut item = all[at].clone();
    if item.version != version {
        return Err(Error::Stale);
    }
    outcome.state().clone_into(&mut item.state);
    tx.save(&mut item).await?;
    let act = Act::new("agenda_item.ended", item.subject()).concerning(meeting.subject());
    let said = serde_json::json!({ "outcome": item.state_label() });
    trail::record(tx, actor, act.after(&said)).await?;
    let next = all.into_iter().skip(at + 1).find(|item| item.state == "planned");
    turn_to(tx, actor, meeting, next.as_ref().map(|item| item.id)).await?;
    Ok(next)
}
