//! The Minutes of a meeting: `drafting → to_validate → validated → distributed`; a correction is another edition, which says
//! what it changes. Minutes are prefilled from the agenda, the notes and the decisions.

use std::fmt::Write as _;

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Network, Result, Tx, args, markup, sql};

use super::agenda_item::{self, AgendaItem};
use super::decision::{self, Decision};
use super::meeting::{self, Meeting};
use super::minutes_facts::Facts;
use super::minutes_remark;
use super::note::{self, Note};

kit::table! {
    /// One edition of the minutes of a meeting.
    pub struct Minutes in "minutes": versioned {
        pub meeting_id: Id,
        /// 1, or more for a correction.
        pub edition: i64,
        /// A code of [`STATES`].
        pub state: String,
        /// A text of [`markup`].
        pub body: String,
        /// What this edition says otherwise than the one before it.
        pub correction: Option<String>,
        /// [`Facts`] as JSON, once they are kept.
        pub facts: Option<String>,
        pub written_by: String,
        /// Until when members are asked for remarks.
        pub remarks_by: Option<Date>,
        pub submitted_at: Option<Timestamp>,
        pub validated_at: Option<Timestamp>,
        pub validated_by: Option<String>,
        pub distributed_at: Option<Timestamp>,
        /// The file that was sent, and its size.
        pub pdf: Option<String>,
        pub pdf_size: Option<i64>,
        pub created_at: Timestamp,
    }
}

kit::table! {
    /// The text as a save stored it.
    pub struct MinutesVersion in "minutes_version" {
        pub minutes_id: Id,
        /// 1 for the first.
        pub number: i64,
        pub body: String,
        pub author: String,
        pub written_at: Timestamp,
    }
}

/// States with their French labels and tones.
pub const STATES: [(&str, &str, &str); 4] = [
    ("drafting", "En rédaction", "warn"),
    ("to_validate", "À valider", "warn"),
    ("validated", "Validé", "ok"),
    ("distributed", "Diffusé", "ok"),
];

/// Longest text, in bytes.
pub const MOST_BODY: usize = 400_000;
/// Longest word about a correction, in characters.
pub const MOST_CORRECTION: usize = 1_000;

impl Minutes {
    pub fn state_label(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("", |(_, label, _)| label)
    }

    pub fn tone(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("quiet", |(.., tone)| tone)
    }

    /// Whether its text may still change.
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "drafting" | "to_validate")
    }

    /// Whether members may read it.
    pub fn is_shown(&self) -> bool {
        self.state != "drafting"
    }

    /// « Compte rendu », or « Compte rendu, version corrigée n° 2 ».
    pub fn name(&self) -> String {
        match self.edition {
            1 => "Compte rendu".to_owned(),
            n => format!("Compte rendu, version corrigée n°\u{a0}{n}"),
        }
    }

    pub fn subject(&self, meeting: &Meeting) -> Subject {
        Subject::new("minutes", self.id, format!("{}\u{a0}: {}", self.name(), meeting.title))
    }

    /// Who was there and what was decided: as kept, else as the data say now.
    pub async fn facts(&self, tx: &mut Tx, network: &Network, meeting: &Meeting) -> Result<Facts> {
        match &self.facts {
            Some(kept) => serde_json::from_str(kept).map_err(Error::bug),
            None => Facts::read(tx, network, meeting).await,
        }
    }

    fn said(&self) -> serde_json::Value {
        serde_json::json!({
            "state": self.state_label(),
            "edition": self.edition,
            "correction": self.correction,
            "validated_by": self.validated_by,
        })
    }
}

/// The editions of the minutes of a meeting, the latest first.
pub async fn of_meeting(tx: &mut Tx, network: Id, meeting: Id) -> Result<Vec<Minutes>> {
    let sql = sql!(
        "select network_id, id, meeting_id, edition, state, body, correction, facts, written_by, remarks_by, ",
        "submitted_at, validated_at, validated_by, distributed_at, pdf, pdf_size, created_at, version from minutes ",
        "where network_id = $1 and meeting_id = $2 order by edition desc limit 50"
    );
    tx.all(sql, args![network, meeting]).await
}

/// The text that minutes begin with: each item with what was noted and decided under it.
pub fn prefilled(items: &[AgendaItem], notes: &[Note], decisions: &[Decision], meeting: Id) -> String {
    let mut html = String::new();
    let noted =
        |id: Id| notes.iter().find(|note| note.id == id).map(|note| lowered(&note.body)).unwrap_or_default();
    for (at, item) in items.iter().filter(|item| item.is_on()).enumerate() {
        // Writing to a string does not fail.
        let _ = write!(html, "<h2>{}. {}</h2>{}", at + 1, markup::escape(&item.title), noted(item.id));
        if item.state == "parked" {
            html.push_str("<p>Point reporté à une prochaine réunion.</p>");
        }
        decided(&mut html, decisions.iter().filter(|one| one.item_id == Some(item.id)));
    }
    let others: Vec<&Decision> = decisions.iter().filter(|one| one.item_id.is_none()).collect();
    let general = noted(meeting);
    if !general.is_empty() || !others.is_empty() {
        let _ = write!(html, "<h2>Autres échanges</h2>{general}");
        decided(&mut html, others.into_iter());
    }
    markup::clean(&html)
}

fn decided<'d>(html: &mut String, decisions: impl Iterator<Item = &'d Decision>) {
    for one in decisions {
        let (number, how) = (one.number(), one.how().to_lowercase());
        let text = markup::escape(&one.text);
        let _ = write!(
            html,
            "<blockquote><p><strong>Décision {number}</strong> ({how})\u{a0}: {text}</p></blockquote>"
        );
    }
}

/// What was noted under an item has its headings under the item's.
fn lowered(body: &str) -> String {
    let mut out = body.to_owned();
    for (from, to) in [("h3", "h4"), ("h2", "h3")] {
        out = out
            .replace(&format!("<{from}>"), &format!("<{to}>"))
            .replace(&format!("</{from}>"), &format!("</{to}>"));
    }
    out
}

/// What the agenda, the notes and the decisions of a meeting make.
async fn filled(tx: &mut Tx, meeting: &Meeting, now: Timestamp) -> Result<String> {
    note::catch_up(tx, meeting, now).await?;
    let items = agenda_item::of_meeting(tx, meeting.network_id, meeting.id).await?;
    let notes = note::of_meeting(tx, meeting.network_id, meeting.id).await?;
    let decisions = decision::of_meeting(tx, meeting.network_id, meeting.id).await?;
    Ok(prefilled(&items, &notes, &decisions, meeting.id))
}

/// Begins the minutes of a meeting that was held; the ones there are when they were begun.
pub async fn begin(tx: &mut Tx, actor: &Actor, meeting: &Meeting) -> Result<Minutes> {
    if let Some(known) = of_meeting(tx, actor.network_id, meeting.id).await?.into_iter().next() {
        return Ok(known);
    }
    if meeting.state != "held" {
        return Err(Error::refused("Le compte rendu se rédige une fois la réunion tenue."));
    }
    let body = filled(tx, meeting, actor.now).await?;
    add(tx, actor, meeting, 1, body, None).await
}

async fn add(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    edition: i64,
    body: String,
    correction: Option<String>,
) -> Result<Minutes> {
    let new = Minutes {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        meeting_id: meeting.id,
        edition,
        state: "drafting".to_owned(),
        body,
        correction,
        facts: None,
        written_by: actor.name.clone(),
        remarks_by: None,
        submitted_at: None,
        validated_at: None,
        validated_by: None,
        distributed_at: None,
        pdf: None,
        pdf_size: None,
        created_at: actor.now,
        version: 1,
    };
    tx.insert(std::slice::from_ref(&new)).await?;
    note_version(tx, actor, &new).await?;
    let act = Act::new("minutes.begun", new.subject(meeting)).concerning(meeting.subject());
    trail::record(tx, actor, act.after(&new.said())).await?;
    follow(tx, actor, meeting, "drafting").await?;
    Ok(new)
}

/// The meeting is where its minutes are.
async fn follow(tx: &mut Tx, actor: &Actor, meeting: &Meeting, state: &str) -> Result<()> {
    let before = meeting::find(tx, actor.network_id, meeting.id).await?;
    let after = Meeting { state: state.to_owned(), ..before.clone() };
    meeting::write(tx, actor, "meeting.changed", &before, after).await.map(drop)
}

async fn note_version(tx: &mut Tx, actor: &Actor, minutes: &Minutes) -> Result<()> {
    let sql = sql!(
        "select cast(coalesce(max(number), 0) as bigint) from minutes_version ",
        "where network_id = $1 and minutes_id = $2"
    );
    let last: i64 = tx.value(sql, args![minutes.network_id, minutes.id]).await?;
    let version = MinutesVersion {
        network_id: minutes.network_id,
        id: Id::new(actor.now),
        minutes_id: minutes.id,
        number: last + 1,
        body: minutes.body.clone(),
        author: actor.name.clone(),
        written_at: actor.now,
    };
    tx.insert(std::slice::from_ref(&version)).await
}

/// The former texts, the latest first.
pub async fn versions(tx: &mut Tx, network: Id, minutes: Id) -> Result<Vec<MinutesVersion>> {
    let sql = sql!(
        "select network_id, id, minutes_id, number, body, author, written_at from minutes_version ",
        "where network_id = $1 and minutes_id = $2 order by number desc limit 100"
    );
    tx.all(sql, args![network, minutes]).await
}

/// Keeps the text as it is now wanted. Refused once it is validated: a correction is another edition.
pub async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    before: &Minutes,
    body: String,
) -> Result<Minutes> {
    if !before.is_open() {
        return Err(Error::refused(
            "Ce compte rendu est validé\u{a0}: une correction en fait une nouvelle version.",
        ));
    }
    if body == before.body {
        return Ok(before.clone());
    }
    let mut after = Minutes { body, ..before.clone() };
    tx.save(&mut after).await?;
    note_version(tx, actor, &after).await?;
    let act = Act::new("minutes.written", after.subject(meeting)).concerning(meeting.subject());
    trail::record(tx, actor, act).await?;
    Ok(after)
}

/// Makes the text anew from the agenda, the notes and the decisions; the one it replaces stays among the versions.
pub async fn refill(tx: &mut Tx, actor: &Actor, meeting: &Meeting, before: &Minutes) -> Result<Minutes> {
    let body = filled(tx, meeting, actor.now).await?;
    keep(tx, actor, meeting, before, body).await
}

/// Saves minutes in their new state, and the meeting with them.
pub(super) async fn turn(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    (before, mut after): (&Minutes, Minutes),
    action: &'static str,
) -> Result<Minutes> {
    tx.save(&mut after).await?;
    let act = Act::new(action, after.subject(meeting)).concerning(meeting.subject());
    trail::record(tx, actor, act.before(&before.said()).after(&after.said())).await?;
    let state = after.state.clone();
    follow(tx, actor, meeting, &state).await?;
    Ok(after)
}

fn refuse_unless(minutes: &Minutes, states: &[&str], why: &str) -> Result<()> {
    if states.contains(&minutes.state.as_str()) { Ok(()) } else { Err(Error::refused(why)) }
}

/// Hands minutes to the members for their remarks; who was there and what was decided stays as it is from then on. Refused
/// without a text.
pub async fn submit(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    meeting: &Meeting,
    (before, remarks_by): (&Minutes, Option<Date>),
) -> Result<Minutes> {
    refuse_unless(before, &["drafting"], "Ce compte rendu est déjà entre les mains des membres.")?;
    if markup::text(&before.body).is_empty() {
        return Err(Error::refused("Écrivez d’abord le compte rendu."));
    }
    let facts = Facts::read(tx, network, meeting).await?;
    let after = Minutes {
        state: "to_validate".to_owned(),
        facts: Some(serde_json::to_string(&facts).map_err(Error::bug)?),
        submitted_at: Some(actor.now),
        remarks_by,
        ..before.clone()
    };
    turn(tx, actor, meeting, (before, after), "minutes.submitted").await
}

/// Takes minutes back from the members, to correct who was there or what was decided.
pub async fn take_back(tx: &mut Tx, actor: &Actor, meeting: &Meeting, before: &Minutes) -> Result<Minutes> {
    refuse_unless(before, &["to_validate"], "Ce compte rendu n’attend pas de remarques.")?;
    let after = Minutes { state: "drafting".to_owned(), facts: None, ..before.clone() };
    turn(tx, actor, meeting, (before, after), "minutes.taken_back").await
}

/// Validates minutes, in the name of `by`. Refused before members could read them, and while a remark of theirs waits.
pub async fn validate(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    before: &Minutes,
    by: &str,
) -> Result<Minutes> {
    refuse_unless(before, &["to_validate"], "Soumettez d’abord ce compte rendu aux membres.")?;
    let waiting = minutes_remark::of_minutes(tx, actor.network_id, before.id).await?;
    let waiting = waiting.iter().filter(|one| one.state == "open").count();
    if waiting > 0 {
        let ending = if waiting > 1 { "s" } else { "" };
        return Err(Error::refused(format!("Répondez d’abord à {waiting} remarque{ending} de membres.")));
    }
    let after = Minutes {
        state: "validated".to_owned(),
        validated_at: Some(actor.now),
        validated_by: Some(by.to_owned()),
        ..before.clone()
    };
    turn(tx, actor, meeting, (before, after), "minutes.validated").await
}

/// Begins a corrected edition of minutes that are validated, with what it changes. The former one stays readable.
pub async fn correct(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    before: &Minutes,
    correction: &str,
) -> Result<Minutes> {
    refuse_unless(
        before,
        &["validated", "distributed"],
        "Ce compte rendu n’est pas encore validé\u{a0}: corrigez-le directement.",
    )?;
    if correction.trim().is_empty() {
        return Err(Error::refused("Dites ce que cette version corrige."));
    }
    let (edition, body) = (before.edition + 1, before.body.clone());
    add(tx, actor, meeting, edition, body, Some(correction.to_owned())).await
}

/// Puts a meeting whose minutes were distributed away.
pub async fn archive(tx: &mut Tx, actor: &Actor, meeting: &Meeting) -> Result<()> {
    if meeting.state != "distributed" {
        return Err(Error::refused("Diffusez d’abord le compte rendu."));
    }
    follow(tx, actor, meeting, "archived").await
}
