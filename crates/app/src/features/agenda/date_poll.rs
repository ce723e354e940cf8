//! The DatePoll: what a date is sought for, until when one answers, what came of it.
//! `draft → open → closed → concluded`, or `cancelled` before it is concluded.

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Network, Result, Tx, args, sql};
use serde_json::{Value, json};

use super::findable;
use crate::features::governance::meeting;

kit::table! {
    /// A poll that finds a date.
    pub struct DatePoll in "date_poll": versioned {
        pub title: String,
        pub explanation: Option<String>,
        pub place: Option<String>,
        pub video_url: Option<String>,
        /// How long what is to be dated lasts.
        pub minutes: i64,
        /// The last day on which one answers.
        pub closes_on: Date,
        /// A code of [`STATES`].
        pub state: String,
        /// Whether those asked see what the others said.
        pub shows_answers: bool,
        pub committee_id: Option<Id>,
        /// The meeting that is to have the date.
        pub meeting_id: Option<Id>,
        pub chosen_starts_at: Option<Timestamp>,
        pub opened_at: Option<Timestamp>,
        /// When messages asking for answers last left.
        pub sent_at: Option<Timestamp>,
        pub all_answered_at: Option<Timestamp>,
        pub closed_at: Option<Timestamp>,
        /// When it was concluded or cancelled.
        pub ended_at: Option<Timestamp>,
        pub cancel_reason: Option<String>,
        pub created_at: Timestamp,
    }
}

/// States with their French labels and tones.
pub const STATES: [(&str, &str, &str); 5] = [
    ("draft", "En préparation", "quiet"),
    ("open", "Ouvert", "info"),
    ("closed", "Clos, date à choisir", "warn"),
    ("concluded", "Date choisie", "ok"),
    ("cancelled", "Annulé", "bad"),
];

/// Longest title or place, in characters.
pub const MOST_TEXT: usize = 200;
/// Longest explanation, in characters.
pub const MOST_EXPLANATION: usize = 4_000;
/// How long most meetings last, in minutes.
const USUAL_MINUTES: i64 = 120;
/// Days that people are given to answer, unless another day is chosen.
const USUAL_DAYS: i64 = 10;

impl DatePoll {
    pub fn blank(network: &Network, now: Timestamp) -> Self {
        Self {
            network_id: network.id,
            id: Id::new(now),
            title: String::new(),
            explanation: None,
            place: None,
            video_url: None,
            minutes: USUAL_MINUTES,
            closes_on: network.day_of(now.plus_days(USUAL_DAYS)),
            state: "draft".to_owned(),
            shows_answers: true,
            committee_id: None,
            meeting_id: None,
            chosen_starts_at: None,
            opened_at: None,
            sent_at: None,
            all_answered_at: None,
            closed_at: None,
            ended_at: None,
            cancel_reason: None,
            created_at: now,
            version: 1,
        }
    }

    pub fn url(&self) -> String {
        format!("{}/{}", super::POLLS, self.id)
    }

    pub fn state_label(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("", |(_, label, _)| label)
    }

    pub fn tone(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("quiet", |(.., tone)| tone)
    }

    pub fn is_draft(&self) -> bool {
        self.state == "draft"
    }

    /// Whether one answers by link.
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }

    /// Whether it is neither concluded nor cancelled: dates, people and answers may still change.
    pub fn is_current(&self) -> bool {
        self.ended_at.is_none()
    }

    /// Whether it was sent and waits for its date to be chosen.
    pub fn can_conclude(&self) -> bool {
        matches!(self.state.as_str(), "open" | "closed")
    }

    /// « mardi 12 mars 2026, de 14 h à 16 h »; empty without a chosen date.
    pub fn chosen(&self, network: &Network) -> String {
        self.chosen_starts_at.map_or_else(String::new, |at| meeting::span(network, at, self.minutes))
    }

    /// Where one goes, in one line; empty when nothing is said.
    pub fn whereabouts(&self) -> String {
        let parts = [self.place.as_deref(), self.video_url.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" – ")
    }

    /// When answers are no longer taken.
    pub fn ends_at(&self, network: &Network) -> Timestamp {
        self.closes_on.next().start_in(network.zone())
    }

    pub fn subject(&self) -> Subject {
        Subject::new("date_poll", self.id, &self.title)
    }

    fn check(&self) -> Result<()> {
        if self.title.trim().is_empty() {
            return Err(Error::refused("Donnez un titre au sondage."));
        }
        let is_link = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        if self.video_url.as_deref().is_some_and(|url| !is_link(url)) {
            return Err(Error::refused("Le lien de visioconférence commence par https://."));
        }
        Ok(())
    }

    fn said(&self) -> Value {
        json!({
            "title": self.title,
            "state": self.state_label(),
            "closes_on": self.closes_on,
            "minutes": self.minutes,
            "venue": self.place,
            "video_url": self.video_url,
            "shows_answers": self.shows_answers,
            "chosen_date": self.chosen_starts_at.map(Timestamp::iso),
            "cancel_reason": self.cancel_reason,
        })
    }
}

/// Refuses what no longer changes.
pub fn require_current(poll: &DatePoll) -> Result<()> {
    match poll.state.as_str() {
        "concluded" => Err(Error::refused("La date est choisie\u{a0}: ce sondage ne change plus.")),
        "cancelled" => Err(Error::refused("Ce sondage est annulé\u{a0}: il ne change plus.")),
        _ => Ok(()),
    }
}

/// Stores a new poll. Refused without a title, and when another seeks the date of the same meeting.
pub(super) async fn insert(tx: &mut Tx, actor: &Actor, poll: &DatePoll) -> Result<()> {
    poll.check()?;
    if let Some(id) = poll.meeting_id {
        let meeting = meeting::find(tx, actor.network_id, id).await?;
        if let Some(why) = meeting::no_longer_seeks(&meeting) {
            return Err(Error::refused(why));
        }
        if of_meeting(tx, actor.network_id, id).await?.is_some_and(|other| other.poll.is_current()) {
            return Err(Error::refused("Un sondage cherche déjà la date de cette réunion."));
        }
    }
    tx.insert(std::slice::from_ref(poll)).await?;
    findable::put(tx, poll).await?;
    let act = Act::new("date_poll.made", poll.subject()).after(&poll.said());
    trail::record(tx, actor, act).await.map(drop)
}

/// Writes a poll that changed, with its line.
pub(super) async fn write(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    before: &DatePoll,
    mut after: DatePoll,
) -> Result<DatePoll> {
    after.check()?;
    tx.save(&mut after).await?;
    findable::put(tx, &after).await?;
    let act = Act::new(action, after.subject()).before(&before.said()).after(&after.said());
    trail::record(tx, actor, act).await?;
    Ok(after)
}

/// The poll, which nobody else changes or answers until this transaction ends. Every act begins so: of two who answer at
/// once, the second sees what the first said.
pub async fn hold(tx: &mut Tx, network: Id, id: Id) -> Result<DatePoll> {
    let sql = sql!("update date_poll set version = version where network_id = $1 and id = $2");
    tx.run(sql, args![network, id]).await?;
    tx.get(network, id).await
}

/// A poll with how many are asked, and how many of them have not spoken of every date.
#[derive(sqlx::FromRow)]
pub struct Counted {
    #[sqlx(flatten)]
    pub poll: DatePoll,
    pub asked: i64,
    pub silent: i64,
}

impl Counted {
    pub fn answered(&self) -> i64 {
        self.asked - self.silent
    }
}

/// Polls that are neither concluded nor cancelled, the first to close first.
pub async fn current(tx: &mut Tx, network: Id, most: i64) -> Result<Vec<Counted>> {
    let sql = sql!(
        "select p.network_id, p.id, title, explanation, place, video_url, minutes, closes_on, state, shows_answers, ",
        "committee_id, meeting_id, chosen_starts_at, opened_at, sent_at, all_answered_at, closed_at, ended_at, ",
        "cancel_reason, p.created_at, p.version, ",
        "(select count(*) from poll_participant a where a.network_id = p.network_id and a.poll_id = p.id) as asked, ",
        "(select count(*) from poll_participant s where s.network_id = p.network_id and s.poll_id = p.id ",
        "and s.complete_at is null) as silent from date_poll p where p.network_id = $1 and ended_at is null ",
        "order by closes_on, p.id limit $2"
    );
    tx.all(sql, args![network, most]).await
}

/// Polls that ended, the last first, before a place in that order.
pub async fn past(tx: &mut Tx, network: Id, before: (Timestamp, &str), most: i64) -> Result<Vec<Counted>> {
    let sql = sql!(
        "select p.network_id, p.id, title, explanation, place, video_url, minutes, closes_on, state, shows_answers, ",
        "committee_id, meeting_id, chosen_starts_at, opened_at, sent_at, all_answered_at, closed_at, ended_at, ",
        "cancel_reason, p.created_at, p.version, ",
        "(select count(*) from poll_participant a where a.network_id = p.network_id and a.poll_id = p.id) as asked, ",
        "(select count(*) from poll_participant s where s.network_id = p.network_id and s.poll_id = p.id ",
        "and s.complete_at is null) as silent from date_poll p where p.network_id = $1 and ended_at is not null ",
        "and (ended_at, p.id) < ($2, $3) order by ended_at desc, p.id desc limit $4"
    );
    tx.all(sql, args![network, before.0, before.1, most]).await
}

/// The latest poll about the date of a meeting.
pub async fn of_meeting(tx: &mut Tx, network: Id, meeting: Id) -> Result<Option<Counted>> {
    let sql = sql!(
        "select p.network_id, p.id, title, explanation, place, video_url, minutes, closes_on, state, shows_answers, ",
        "committee_id, meeting_id, chosen_starts_at, opened_at, sent_at, all_answered_at, closed_at, ended_at, ",
        "cancel_reason, p.created_at, p.version, ",
        "(select count(*) from poll_participant a where a.network_id = p.network_id and a.poll_id = p.id) as asked, ",
        "(select count(*) from poll_participant s where s.network_id = p.network_id and s.poll_id = p.id ",
        "and s.complete_at is null) as silent from date_poll p where p.network_id = $1 and meeting_id = $2 ",
        "order by p.created_at desc limit 1"
    );
    tx.optional(sql, args![network, meeting]).await
}

/// Unties the polls of a meeting that is erased.
pub async fn forget_meeting(tx: &mut Tx, network: Id, meeting: Id) -> Result<()> {
    let sql = sql!(
        "update date_poll set meeting_id = null, version = version + 1 where network_id = $1 and meeting_id = $2"
    );
    tx.run(sql, args![network, meeting]).await.map(drop)
}

/// Open polls whose last day is over.
pub(super) async fn overdue(tx: &mut Tx, network: Id, today: Date, most: i64) -> Result<Vec<Id>> {
    let sql = sql!(
        "select id from date_poll where network_id = $1 and state = 'open' and closes_on < $2 order by closes_on limit $3"
    );
    let rows: Vec<(Id,)> = tx.all(sql, args![network, today, most]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
