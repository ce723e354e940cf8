//! The Meeting of a committee: `planned → convened → held → drafting → to_validate → validated → distributed → archived`,
//! or `cancelled` before it is held (domain file, §3.2).

use chrono::{DateTime, Datelike, Timelike};
use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Network, Result, Tx, args, sql};
use serde_json::{Value, json};

use super::attendance;
use super::carry_over;
use super::committee::{self, Committee};
use super::invitee;
use crate::features::directory::office_hours::{WEEKDAYS, clock};
use crate::features::support::About;
use crate::features::support::activity_entry::{self, NewEntry};

kit::table! {
    /// A meeting.
    pub struct Meeting in "meeting": versioned {
        pub committee_id: Id,
        pub title: String,
        /// A code of [`STATES`].
        pub state: String,
        /// Absent while the date is to be found.
        pub starts_at: Option<Timestamp>,
        pub starts_key: Timestamp,
        /// How long it lasts.
        pub minutes: i64,
        pub place: Option<String>,
        pub video_url: Option<String>,
        pub message: Option<String>,
        pub sequence: i64,
        pub voting_seats: i64,
        /// Voices that must be there; absent when no quorum is asked.
        pub quorum: Option<i64>,
        pub answers_by: Option<Date>,
        pub convened_at: Option<Timestamp>,
        pub held_at: Option<Timestamp>,
        pub cancelled_at: Option<Timestamp>,
        pub cancel_reason: Option<String>,
        pub created_at: Timestamp,
        /// The series that it was planned with.
        pub series_id: Option<Id>,
        pub deleted_at: Option<Timestamp>,
    }
}

/// States with their French labels and tones.
pub const STATES: [(&str, &str, &str); 9] = [
    ("planned", "Planifiée", "quiet"),
    ("convened", "Convoquée", "info"),
    ("held", "Tenue", "ok"),
    ("drafting", "Compte rendu en rédaction", "warn"),
    ("to_validate", "Compte rendu à valider", "warn"),
    ("validated", "Compte rendu validé", "ok"),
    ("distributed", "Compte rendu diffusé", "ok"),
    ("archived", "Archivée", "quiet"),
    ("cancelled", "Annulée", "bad"),
];

/// Longest title, place or address, in characters.
pub const MOST_TEXT: usize = 200;
/// After every moment.
pub(super) const NO_TIME: Timestamp = Timestamp(i64::MAX);
/// How long most meetings last, in minutes.
const USUAL_MINUTES: i64 = 120;

/// A date that was found, with what was said of it.
#[derive(Clone, Debug)]
pub struct Found {
    pub starts_at: Timestamp,
    pub minutes: i64,
    pub place: Option<String>,
    pub video_url: Option<String>,
}

impl Meeting {
    pub fn blank(network: Id, now: Timestamp, committee: &Committee) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            committee_id: committee.id,
            title: committee.name.clone(),
            state: "planned".to_owned(),
            starts_at: None,
            starts_key: NO_TIME,
            minutes: USUAL_MINUTES,
            place: None,
            video_url: None,
            message: None,
            sequence: 0,
            voting_seats: 0,
            quorum: None,
            answers_by: None,
            convened_at: None,
            held_at: None,
            cancelled_at: None,
            cancel_reason: None,
            created_at: now,
            series_id: None,
            deleted_at: None,
            version: 1,
        }
    }

    pub fn url(&self) -> String {
        format!("{}/{}", super::MEETINGS, self.id)
    }

    pub fn state_label(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("", |(_, label, _)| label)
    }

    pub fn tone(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("quiet", |(.., tone)| tone)
    }

    /// Whether its date, its place and who comes can still change.
    pub fn is_to_come(&self) -> bool {
        matches!(self.state.as_str(), "planned" | "convened")
    }

    pub fn ends_at(&self) -> Option<Timestamp> {
        self.starts_at.map(|at| at.plus_minutes(self.minutes))
    }

    /// « mardi 12 mars 2026, de 14 h à 16 h »; « date à trouver » without one.
    pub fn when(&self, network: &Network) -> String {
        self.starts_at.map_or_else(|| "date à trouver".to_owned(), |at| span(network, at, self.minutes))
    }

    /// When the last step of its life was taken.
    pub fn told_at(&self) -> Timestamp {
        let steps = [self.convened_at, self.held_at, self.cancelled_at];
        steps.into_iter().flatten().fold(self.created_at, Timestamp::max)
    }

    /// Where one goes, in one line; empty when nothing is said.
    pub fn whereabouts(&self) -> String {
        let parts = [self.place.as_deref(), self.video_url.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" – ")
    }

    pub fn subject(&self) -> Subject {
        Subject::new("meeting", self.id, &self.title)
    }

    fn check(&self) -> Result<()> {
        if self.title.trim().is_empty() {
            return Err(Error::refused("Donnez un titre à la réunion."));
        }
        if self
            .video_url
            .as_deref()
            .is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://"))
        {
            return Err(Error::refused("Le lien de visioconférence commence par https://."));
        }
        Ok(())
    }

    pub(super) fn said(&self) -> Value {
        json!({
            "title": self.title,
            "state": self.state_label(),
            "starts_at": self.starts_at.map(Timestamp::iso),
            "minutes": self.minutes,
            "venue": self.place,
            "video_url": self.video_url,
            "cancel_reason": self.cancel_reason,
        })
    }

    fn settle(&mut self) {
        self.starts_key = self.starts_at.unwrap_or(NO_TIME);
    }
}

/// A meeting that is not in the trash.
pub async fn find(tx: &mut Tx, network: Id, id: Id) -> Result<Meeting> {
    let found: Meeting = tx.get(network, id).await?;
    if found.deleted_at.is_some() { Err(Error::NotFound) } else { Ok(found) }
}

/// A meeting that is not in the trash, with the committee that holds it.
pub async fn with_committee(tx: &mut Tx, network: Id, id: Id) -> Result<(Meeting, Committee)> {
    let found: Vec<(Meeting, Committee)> = tx.all_joined(network, "committee_id", "id", &[id]).await?;
    found.into_iter().find(|(meeting, _)| meeting.deleted_at.is_none()).ok_or(Error::NotFound)
}

/// « mardi 12 mars 2026, de 14 h à 16 h ».
pub fn span(network: &Network, starts: Timestamp, minutes: i64) -> String {
    let local = starts.utc().with_timezone(&network.zone());
    let day = WEEKDAYS[local.weekday().num_days_from_monday() as usize];
    format!("{day} {}, {}", Date(local.date_naive()).long(), hours(network, starts, minutes))
}

/// « de 14 h à 16 h ».
pub fn hours(network: &Network, starts: Timestamp, minutes: i64) -> String {
    let hour = |at: Timestamp| {
        let at: DateTime<_> = at.utc().with_timezone(&network.zone());
        clock(i64::from(at.hour() * 60 + at.minute()))
    };
    format!("de {} à {}", hour(starts), hour(starts.plus_minutes(minutes)))
}

/// Why a meeting no longer waits for a date that others look for.
pub fn no_longer_seeks(meeting: &Meeting) -> Option<&'static str> {
    match (meeting.state.as_str(), meeting.starts_at) {
        ("planned", None) => None,
        ("planned", Some(_)) => Some("Cette réunion a déjà une date\u{a0}: retirez-la d’abord."),
        ("convened", _) => {
            Some("Cette réunion est déjà convoquée\u{a0}: sa date ne change plus par un sondage.")
        }
        ("cancelled", _) => Some("Cette réunion est annulée."),
        _ => Some("Cette réunion s’est déjà tenue."),
    }
}

/// Gives a planned meeting the date that was found for it, with the length and the place that went with it. Refused when it
/// no longer seeks one ([`no_longer_seeks`]).
pub async fn find_date(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    id: Id,
    found: Found,
) -> Result<Meeting> {
    let before = find(tx, actor.network_id, id).await?;
    if let Some(why) = no_longer_seeks(&before) {
        return Err(Error::refused(why));
    }
    committee::open(tx, actor.network_id, before.committee_id).await?;
    let after = Meeting {
        starts_at: Some(found.starts_at),
        minutes: found.minutes,
        place: before.place.clone().or(found.place),
        video_url: before.video_url.clone().or(found.video_url),
        answers_by: before.answers_by.filter(|day| *day <= network.day_of(found.starts_at)),
        ..before.clone()
    };
    write(tx, actor, "meeting.changed", &before, after).await
}

/// Plans a meeting. Refused without a title, and in a committee that ended.
pub async fn plan(tx: &mut Tx, actor: &Actor, mut meeting: Meeting) -> Result<Meeting> {
    let committee = committee::open(tx, actor.network_id, meeting.committee_id).await?;
    meeting.check()?;
    meeting.settle();
    tx.insert(std::slice::from_ref(&meeting)).await?;
    let act = Act::new("meeting.planned", meeting.subject()).concerning(committee.subject());
    trail::record(tx, actor, act.after(&meeting.said())).await?;
    carry_over::into_planned(tx, actor, &committee, &meeting).await?;
    Ok(meeting)
}

/// Writes a meeting that changed, with its line.
pub(super) async fn write(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    before: &Meeting,
    mut after: Meeting,
) -> Result<Meeting> {
    after.check()?;
    after.settle();
    tx.save(&mut after).await?;
    let committee: Committee = tx.get(actor.network_id, after.committee_id).await?;
    let act = Act::new(action, after.subject()).concerning(committee.subject());
    trail::record(tx, actor, act.before(&before.said()).after(&after.said())).await?;
    Ok(after)
}

/// Says that a meeting was held, and proposes the line that this is worth in the journal, with how many came, or said
/// that they would when nobody noted it. What was left untreated goes to the next meeting where the committee wants it so. Refused before its time, and when it was cancelled.
pub async fn hold(tx: &mut Tx, actor: &Actor, network: &Network, id: Id) -> Result<Meeting> {
    let before = find(tx, actor.network_id, id).await?;
    if !before.is_to_come() {
        return Err(Error::refused("Cette réunion n’est plus à tenir."));
    }
    let Some(started) = before.starts_at.filter(|at| *at <= actor.now) else {
        return Err(Error::refused("Cette réunion n’a pas encore commencé."));
    };
    let after = Meeting { state: "held".to_owned(), held_at: Some(actor.now), ..before.clone() };
    let after = write(tx, actor, "meeting.held", &before, after).await?;
    let all = invitee::of_meeting(tx, network.id, id).await?;
    let came = match attendance::is_noted(&all) {
        true => all.iter().filter(|one| attendance::is_present(one)).count(),
        false => all.iter().filter(|one| one.answer == "yes").count(),
    };
    let mut entry = NewEntry::new(network.day_of(started), "committee", after.title.clone());
    entry.theme = Some("network_life");
    entry.means = Some(if after.place.is_some() { "in_person" } else { "video" });
    entry.minutes = Some(after.minutes);
    entry.people = i64::try_from(came).ok().filter(|came| *came > 0);
    propose(tx, actor, &after, entry, "held").await?;
    carry_over::from_held(tx, actor, &after).await?;
    Ok(after)
}

/// Proposes a line of the journal about a meeting, once for each step of its life.
pub(super) async fn propose(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    mut entry: NewEntry,
    step: &str,
) -> Result<()> {
    entry.about = Some(About::new("meeting", meeting.id, meeting.title.clone(), meeting.url()));
    activity_entry::propose(tx, actor, entry.once(format!("meeting.{step}:{}", meeting.id))).await.map(drop)
}

/// Which meetings of a list: those to come, the first first, or those that were, the last first; of one committee or of
/// all that whoever signs in with `email` sits in.
#[derive(Clone, Copy)]
pub struct Sought<'s> {
    pub committee: Option<Id>,
    pub email: Option<&'s str>,
    pub today: Date,
    /// What begins now or later is to come.
    pub now: Timestamp,
}

/// Meetings to come and those whose date is to be found.
pub async fn to_come(tx: &mut Tx, network: Id, sought: Sought<'_>, most: i64) -> Result<Vec<Meeting>> {
    let sql = sql!(
        "select network_id, id, committee_id, title, state, starts_at, starts_key, minutes, place, video_url, message, ",
        "sequence, voting_seats, quorum, answers_by, convened_at, held_at, cancelled_at, cancel_reason, created_at, ",
        "series_id, deleted_at, version from meeting where network_id = $1 and deleted_at is null and starts_key >= $2 ",
        "and (cast($3 as text) is null or committee_id = $3) ",
        "and (cast($4 as text) is null or committee_id in (select committee_id from seat_holder ",
        "where network_id = $1 and email = $4 and (started_on is null or started_on <= $5) ",
        "and (ended_on is null or ended_on >= $5))) order by starts_key, id limit $6"
    );
    let Sought { committee, email, today, now } = sought;
    tx.all(sql, args![network, now, committee, email, today, most]).await
}

/// Planned meetings whose date is to be found.
pub async fn seeking(tx: &mut Tx, network: Id) -> Result<Vec<Meeting>> {
    let sql = sql!(
        "select network_id, id, committee_id, title, state, starts_at, starts_key, minutes, place, video_url, message, ",
        "sequence, voting_seats, quorum, answers_by, convened_at, held_at, cancelled_at, cancel_reason, created_at, ",
        "series_id, deleted_at, version from meeting where network_id = $1 and deleted_at is null and starts_key = $2 and state = 'planned' order by id limit 100"
    );
    tx.all(sql, args![network, NO_TIME]).await
}

/// Meetings that were, before a place in that order.
pub async fn past(
    tx: &mut Tx,
    network: Id,
    sought: Sought<'_>,
    before: (Timestamp, &str),
    most: i64,
) -> Result<Vec<Meeting>> {
    let sql = sql!(
        "select network_id, id, committee_id, title, state, starts_at, starts_key, minutes, place, video_url, message, ",
        "sequence, voting_seats, quorum, answers_by, convened_at, held_at, cancelled_at, cancel_reason, created_at, ",
        "series_id, deleted_at, version from meeting where network_id = $1 and deleted_at is null and (starts_key, id) < ($2, $3) ",
        "and (cast($4 as text) is null or committee_id = $4) ",
        "and (cast($5 as text) is null or committee_id in (select committee_id from seat_holder ",
        "where network_id = $1 and email = $5 and (started_on is null or started_on <= $6) ",
        "and (ended_on is null or ended_on >= $6))) order by starts_key desc, id desc limit $7"
    );
    let Sought { committee, email, today, .. } = sought;
    tx.all(sql, args![network, before.0, before.1, committee, email, today, most]).await
}
