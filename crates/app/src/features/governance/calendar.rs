//! What calendars show of meetings: those that someone may read now, between two moments.

use std::collections::HashMap;

use documents::calendar::Event;
use kit::db::{Date, Id, Timestamp};
use kit::{Error, Network, Result, Tx, Visitor, args, mail, sql};

use super::agenda_item::AgendaItem;
use super::committee::{self, Committee};
use super::meeting::{Meeting, NO_TIME};
use super::meeting_event::{self, About};
use super::policy::{self, Want};

/// Meetings that one calendar shows.
const MOST: i64 = 2_000;

/// Whether someone may ask which meetings there are.
pub fn may_list(visitor: &Visitor) -> bool {
    policy::may(visitor, Want::List)
}

/// Whether someone reads every meeting of the network.
pub fn reads_all(visitor: &Visitor) -> bool {
    policy::may(visitor, Want::ReadAll)
}

/// Refuses who may not ask which meetings there are.
pub fn require_list(visitor: &Visitor) -> Result<()> {
    policy::require(visitor, Want::List)
}

/// The address by which someone sits in committees; absent for who reads them all.
fn seat_of(visitor: &Visitor) -> Option<&str> {
    (!reads_all(visitor)).then_some(visitor.email.as_str())
}

/// The committees that someone may read, those that ended last.
pub async fn committees(tx: &mut Tx, network: Id, visitor: &Visitor, today: Date) -> Result<Vec<Committee>> {
    committee::visible_to(tx, network, seat_of(visitor), today).await
}

/// Which meetings a calendar shows: of one committee or of all, from a moment to before another.
#[derive(Clone, Copy)]
pub struct Shown {
    pub committee: Option<Id>,
    pub today: Date,
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Shown {
    /// Everything from a moment on.
    pub fn since(committee: Option<Id>, today: Date, from: Timestamp) -> Self {
        Self { committee, today, from, until: NO_TIME }
    }
}

/// The dated meetings of a calendar that someone may read, in order.
pub async fn meetings(tx: &mut Tx, network: Id, visitor: &Visitor, shown: Shown) -> Result<Vec<Meeting>> {
    if !may_list(visitor) {
        return Err(Error::Forbidden);
    }
    let sql = sql!(
        "select network_id, id, committee_id, title, state, starts_at, starts_key, minutes, place, video_url, message, ",
        "sequence, voting_seats, quorum, answers_by, convened_at, held_at, cancelled_at, cancel_reason, created_at, ",
        "series_id, deleted_at, version from meeting where network_id = $1 and deleted_at is null and starts_key >= $2 and starts_key < $3 ",
        "and (cast($4 as text) is null or committee_id = $4) ",
        "and (cast($5 as text) is null or committee_id in (select committee_id from seat_holder ",
        "where network_id = $1 and email = $5 and (started_on is null or started_on <= $6) ",
        "and (ended_on is null or ended_on >= $6))) order by starts_key, id limit $7"
    );
    let Shown { committee, today, from, until } = shown;
    tx.all(sql, args![network, from, until, committee, seat_of(visitor), today, MOST]).await
}

/// The events of meetings, for who may read them. They say the same as long as nothing changes.
pub async fn events(tx: &mut Tx, network: &Network, base: &str, all: &[Meeting]) -> Result<Vec<Event>> {
    let account = mail::own_account(tx, network.id).await?;
    let ids: Vec<Id> = all.iter().map(|one| one.id).collect();
    let mut items: HashMap<Id, Vec<AgendaItem>> = HashMap::new();
    for item in tx.all_in::<AgendaItem>(network.id, "meeting_id", &ids).await? {
        items.entry(item.meeting_id).or_default().push(item);
    }
    let event = |meeting: &Meeting| {
        let mut items = items.remove(&meeting.id).unwrap_or_default();
        items.sort_by_key(|item| (item.position, item.id));
        let about = About {
            items: &items,
            url: format!("{base}{}", meeting.url()),
            organiser: meeting_event::organiser(network, account.as_ref()),
            stamped: meeting.told_at(),
        };
        let mut event = meeting_event::of(meeting, about);
        if let Some(reason) = meeting.cancel_reason.as_deref().filter(|_| meeting.state == "cancelled") {
            event.description = format!("Réunion annulée\u{a0}: {reason}");
        }
        event
    };
    Ok(all.iter().map(event).collect())
}
