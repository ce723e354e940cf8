//! The Agenda item: what a meeting talks about, in order. Members may propose one; one that was not treated is parked and
//! taken up by a later meeting.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Choice, Error, Result, Tx, args, sql};
use serde_json::{Value, json};

use super::meeting::Meeting;
use super::standard_item;

kit::table! {
    /// Something on the agenda.
    pub struct AgendaItem in "agenda_item": versioned {
        pub meeting_id: Id,
        pub position: i64,
        pub title: String,
        pub details: Option<String>,
        pub presenter: Option<String>,
        /// How long it should take.
        pub minutes: Option<i64>,
        /// A code of [`OBJECTIVES`].
        pub objective: String,
        /// `proposed`, `planned`, `treated` or `parked`.
        pub state: String,
        pub proposed_by: Option<String>,
        pub carried_from: Option<Id>,
        pub created_at: Timestamp,
    }
}

/// What an item is for.
pub const OBJECTIVES: [(&str, &str); 3] =
    [("information", "Information"), ("discussion", "Discussion"), ("decision", "Décision")];

/// The usual agenda of a committee (domain file, §3.2: items of a real Copil), with what each is for and its minutes.
pub(super) const USUAL: [(&str, &str, i64); 6] = [
    ("Suivi des décisions précédentes", "information", 10),
    ("Point sur la mise en œuvre\u{a0}: promeneurs, structures, territoires", "information", 20),
    ("Prochain appel à candidatures\u{a0}: période et structures visées", "discussion", 20),
    ("Bilan intermédiaire", "discussion", 20),
    ("Décisions à prendre", "decision", 30),
    ("Questions diverses et date de la prochaine réunion", "discussion", 10),
];

/// Longest title, in characters.
pub const MOST_TITLE: usize = 200;
/// Most items of one meeting.
pub const MOST_ITEMS: usize = 60;

/// What an item may be for, to choose from.
pub fn objectives() -> Vec<Choice> {
    OBJECTIVES.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

impl AgendaItem {
    pub fn blank(meeting: &Meeting, now: Timestamp) -> Self {
        Self {
            network_id: meeting.network_id,
            id: Id::new(now),
            meeting_id: meeting.id,
            position: 0,
            title: String::new(),
            details: None,
            presenter: None,
            minutes: None,
            objective: "information".to_owned(),
            state: "planned".to_owned(),
            proposed_by: None,
            carried_from: None,
            created_at: now,
            version: 1,
        }
    }

    pub fn objective_label(&self) -> &'static str {
        OBJECTIVES.iter().find(|(code, _)| *code == self.objective).map_or("", |(_, label)| label)
    }

    /// What became of it in the meeting.
    pub fn state_label(&self) -> &'static str {
        match self.state.as_str() {
            "treated" => "Traité",
            "parked" => "Reporté",
            "proposed" => "Proposé",
            _ => "À traiter",
        }
    }

    /// Whether it stands on the agenda, and is not only proposed.
    pub fn is_on(&self) -> bool {
        self.state != "proposed"
    }

    pub fn subject(&self) -> Subject {
        Subject::new("agenda_item", self.id, &self.title)
    }

    fn check(&self) -> Result<()> {
        if self.title.trim().is_empty() || self.objective_label().is_empty() {
            return Err(Error::refused("Dites de quoi il s’agit, et dans quel but."));
        }
        Ok(())
    }

    fn said(&self) -> Value {
        json!({
            "title": self.title,
            "presenter": self.presenter,
            "minutes": self.minutes,
            "objective": self.objective_label(),
        })
    }
}

/// The items of a meeting in order, those proposed last.
pub async fn of_meeting(tx: &mut Tx, network: Id, meeting: Id) -> Result<Vec<AgendaItem>> {
    let sql = sql!(
        "select network_id, id, meeting_id, position, title, details, presenter, minutes, objective, state, ",
        "proposed_by, carried_from, created_at, version from agenda_item ",
        "where network_id = $1 and meeting_id = $2 order by position, id limit 100"
    );
    let mut all: Vec<AgendaItem> = tx.all(sql, args![network, meeting]).await?;
    all.sort_by_key(|item| !item.is_on());
    Ok(all)
}

/// A meeting whose agenda may still change.
fn check_open(meeting: &Meeting) -> Result<()> {
    if meeting.is_to_come() {
        return Ok(());
    }
    Err(Error::refused("L’ordre du jour de cette réunion ne change plus."))
}

async fn record(tx: &mut Tx, actor: &Actor, meeting: &Meeting, act: Act) -> Result<()> {
    trail::record(tx, actor, act.concerning(meeting.subject())).await.map(drop)
}

/// Puts an item at the end of the agenda, or among those proposed.
pub async fn add(tx: &mut Tx, actor: &Actor, meeting: &Meeting, mut item: AgendaItem) -> Result<AgendaItem> {
    check_open(meeting)?;
    item.check()?;
    let all = of_meeting(tx, actor.network_id, meeting.id).await?;
    if all.len() >= MOST_ITEMS {
        return Err(Error::refused("L’ordre du jour compte déjà soixante points."));
    }
    item.position = all.iter().map(|item| item.position).max().unwrap_or(0) + 1;
    tx.insert(std::slice::from_ref(&item)).await?;
    let action = if item.is_on() { "agenda_item.added" } else { "agenda_item.proposed" };
    record(tx, actor, meeting, Act::new(action, item.subject()).after(&item.said())).await?;
    Ok(item)
}

/// Saves an item as it is now wanted.
pub async fn save(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    before: &AgendaItem,
    mut after: AgendaItem,
) -> Result<AgendaItem> {
    check_open(meeting)?;
    after.check()?;
    if after == *before {
        return Ok(after);
    }
    tx.save(&mut after).await?;
    let action = if before.is_on() { "agenda_item.changed" } else { "agenda_item.accepted" };
    let act = Act::new(action, after.subject()).before(&before.said()).after(&after.said());
    record(tx, actor, meeting, act).await?;
    Ok(after)
}

/// Takes an item off the agenda, or turns a proposal down.
pub async fn remove(tx: &mut Tx, actor: &Actor, meeting: &Meeting, item: &AgendaItem) -> Result<()> {
    check_open(meeting)?;
    tx.delete::<AgendaItem>(actor.network_id, item.id).await?;
    record(tx, actor, meeting, Act::new("agenda_item.removed", item.subject()).before(&item.said())).await
}

/// Moves an item one place up, or down; nothing at either end.
pub async fn shift(tx: &mut Tx, actor: &Actor, meeting: &Meeting, id: Id, up: bool) -> Result<()> {
    check_open(meeting)?;
    let mut on: Vec<AgendaItem> = of_meeting(tx, actor.network_id, meeting.id).await?;
    on.retain(AgendaItem::is_on);
    let at = on.iter().position(|item| item.id == id).ok_or(Error::NotFound)?;
    let other = if up { at.checked_sub(1) } else { Some(at + 1).filter(|next| *next < on.len()) };
    let Some(other) = other else { return Ok(()) };
    let (first, second) = (on[at].position, on[other].position);
    for (at, position) in [(at, second), (other, first)] {
        on[at].position = position;
        tx.save(&mut on[at]).await?;
    }
    record(tx, actor, meeting, Act::new("agenda_item.moved", on[at].subject())).await
}

/// Fills an empty agenda with the usual items of its committee; nothing in one that is not.
pub async fn fill(tx: &mut Tx, actor: &Actor, meeting: &Meeting) -> Result<usize> {
    if !of_meeting(tx, actor.network_id, meeting.id).await?.is_empty() {
        return Ok(0);
    }
    let usual = standard_item::usual(tx, actor.network_id, meeting.committee_id).await?;
    let count = usual.len();
    for (title, objective, minutes) in usual {
        let item = AgendaItem { title, objective, minutes, ..AgendaItem::blank(meeting, actor.now) };
        add(tx, actor, meeting, item).await?;
    }
    Ok(count)
}

/// Items of earlier meetings of the committee that were parked, or left untreated by one that was held, and that no
/// later agenda took up; for a meeting of a series, not those of another series.
pub async fn left_over(tx: &mut Tx, network: Id, meeting: &Meeting) -> Result<Vec<AgendaItem>> {
    let sql = sql!(
        "select i.network_id, i.id, i.meeting_id, i.position, i.title, i.details, i.presenter, i.minutes, i.objective, ",
        "i.state, i.proposed_by, i.carried_from, i.created_at, i.version from ",
        "(select network_id, id from meeting where network_id = $1 and committee_id = $2 and id <> $3 ",
        "and starts_key < $4 and held_at is not null and deleted_at is null ",
        "and (cast($5 as text) is null or series_id is null or series_id = $5) order by starts_key desc limit 3) m ",
        "join agenda_item i on i.network_id = m.network_id and i.meeting_id = m.id ",
        "where i.state in ('planned', 'parked') and not exists (select 1 from agenda_item n ",
        "join meeting t on t.network_id = n.network_id and t.id = n.meeting_id ",
        "where n.network_id = i.network_id and n.carried_from = i.id and t.state <> 'cancelled' ",
        "and t.deleted_at is null) ",
        "order by i.meeting_id, i.position limit 60"
    );
    tx.all(sql, args![network, meeting.committee_id, meeting.id, meeting.starts_key, meeting.series_id]).await
}

/// Takes up what earlier meetings left; answers how many items that were.
pub async fn carry_over(tx: &mut Tx, actor: &Actor, meeting: &Meeting) -> Result<usize> {
    let left = left_over(tx, actor.network_id, meeting).await?;
    let count = left.len();
    for item in left {
        let new = AgendaItem {
            id: Id::new(actor.now),
            meeting_id: meeting.id,
            state: "planned".to_owned(),
            carried_from: Some(item.id),
            created_at: actor.now,
            version: 1,
            ..item
        };
        add(tx, actor, meeting, new).await?;
    }
    Ok(count)
}
