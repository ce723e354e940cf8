//! The Decision: what a committee decided, by whom and before when it is to be done, and what became of it:
//! `to_do → in_progress → done | abandoned`. Decisions of a network have one register, numbered by year.

use chrono::Datelike;
use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Result, Tx, args, sql, text};
use serde_json::{Value, json};

use super::attendance;
use super::carrying_out;
use super::invitee;
use super::meeting::Meeting;
use super::sitting;
use crate::features::support::About;
use crate::features::support::task::{self, NewTask, due_key};

kit::table! {
    /// What was decided.
    pub struct Decision in "decision": versioned {
        pub meeting_id: Id,
        pub committee_id: Id,
        pub item_id: Option<Id>,
        pub year: i64,
        pub rank: i64,
        pub text: String,
        /// `consensus` or `vote`.
        pub mode: String,
        pub votes_for: Option<i64>,
        pub votes_against: Option<i64>,
        pub votes_abstained: Option<i64>,
        pub taken_on: Date,
        /// Who carries it out, when they have an account.
        pub owner_id: Option<Id>,
        /// Their name.
        pub owner: Option<String>,
        pub due_on: Option<Date>,
        pub due_key: String,
        /// The due day of which its owner was already reminded.
        pub due_noted: Option<Date>,
        /// A code of [`STATES`].
        pub state: String,
        /// What became of it, in words.
        pub follow_up: Option<String>,
        pub ended_at: Option<Timestamp>,
        pub created_at: Timestamp,
    }
}

/// States with their French labels and tones.
pub const STATES: [(&str, &str, &str); 4] = [
    ("to_do", "À faire", "warn"),
    ("in_progress", "En cours", "info"),
    ("done", "Fait", "ok"),
    ("abandoned", "Abandonné", "quiet"),
];
/// How it was taken.
pub const MODES: [(&str, &str); 2] = [("consensus", "Par consensus"), ("vote", "Par un vote")];

/// Longest text, in characters.
pub const MOST_TEXT: usize = 2_000;
/// Longest word about what became of it.
pub const MOST_FOLLOW_UP: usize = 1_000;
/// Most decisions of one meeting.
const MOST_OF_MEETING: i64 = 200;

impl Decision {
    pub fn blank(meeting: &Meeting, taken_on: Date, now: Timestamp) -> Self {
        Self {
            network_id: meeting.network_id,
            id: Id::new(now),
            meeting_id: meeting.id,
            committee_id: meeting.committee_id,
            item_id: None,
            year: i64::from(taken_on.0.year()),
            rank: 0,
            text: String::new(),
            mode: "consensus".to_owned(),
            votes_for: None,
            votes_against: None,
            votes_abstained: None,
            taken_on,
            owner_id: None,
            owner: None,
            due_on: None,
            due_key: due_key(None),
            due_noted: None,
            state: "to_do".to_owned(),
            follow_up: None,
            ended_at: None,
            created_at: now,
            version: 1,
        }
    }

    /// « 2026-04 ».
    pub fn number(&self) -> String {
        format!("{}-{:02}", self.year, self.rank)
    }

    /// What begins with it is called: « Décision 2026-04 : adopter la charte ».
    pub fn title(&self) -> String {
        format!("Décision {}\u{a0}: {}", self.number(), text::shorten(&self.text, 100))
    }

    pub fn url(&self) -> String {
        format!("{}/{}", super::DECISIONS, self.id)
    }

    pub fn state_label(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("", |(_, label, _)| label)
    }

    pub fn tone(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("quiet", |(.., tone)| tone)
    }

    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "to_do" | "in_progress")
    }

    pub fn is_late(&self, today: Date) -> bool {
        self.is_open() && self.due_on.is_some_and(|day| day < today)
    }

    /// « Consensus », or « 5 pour, 1 contre, 2 abstentions ».
    pub fn how(&self) -> String {
        let (Some(yes), Some(no), Some(none)) = (self.votes_for, self.votes_against, self.votes_abstained)
        else {
            return "Consensus".to_owned();
        };
        let ending = if none > 1 { "s" } else { "" };
        format!("{yes} pour, {no} contre, {none} abstention{ending}")
    }

    pub fn subject(&self) -> Subject {
        Subject::new("decision", self.id, format!("{} {}", self.number(), text::shorten(&self.text, 80)))
    }

    pub fn about(&self) -> About {
        About::new("decision", self.id, format!("Décision {}", self.number()), self.url())
    }

    fn said(&self) -> Value {
        json!({
            "text": self.text,
            "how": self.how(),
            "owner": self.owner,
            "due_on": self.due_on,
            "state": self.state_label(),
            "follow_up": self.follow_up,
        })
    }

    /// What must hold of it; `voices` is how many there are.
    fn check(&self, voices: i64) -> Result<()> {
        if self.text.trim().is_empty() {
            return Err(Error::refused("Écrivez ce qui est décidé."));
        }
        if !STATES.iter().any(|(code, ..)| *code == self.state)
            || !MODES.iter().any(|(code, _)| *code == self.mode)
        {
            return Err(Error::refused("Dites comment la décision est prise, et où elle en est."));
        }
        if self.mode != "vote" {
            return Ok(());
        }
        let votes = [self.votes_for, self.votes_against, self.votes_abstained];
        let cast: i64 = votes.iter().flatten().sum();
        if votes.contains(&None) || votes.iter().flatten().any(|count| *count < 0) || cast == 0 {
            return Err(Error::refused("Comptez les voix pour, les voix contre et les abstentions."));
        }
        if cast > voices {
            return Err(Error::refused(format!(
                "Cela fait {cast} voix, et il n’y en a que {voices} en séance\u{a0}: vérifiez le vote ou les présences."
            )));
        }
        Ok(())
    }

    fn settle(&mut self, now: Timestamp) {
        self.due_key = due_key(self.due_on);
        self.ended_at = if self.is_open() { None } else { self.ended_at.or(Some(now)) };
        if self.mode != "vote" {
            (self.votes_for, self.votes_against, self.votes_abstained) = (None, None, None);
        }
    }
}

/// Voices that can be cast: of those who are there, or of every seat when nobody's attendance was noted.
pub async fn voices(tx: &mut Tx, meeting: &Meeting) -> Result<i64> {
    let all = invitee::of_meeting(tx, meeting.network_id, meeting.id).await?;
    Ok(if attendance::is_noted(&all) { attendance::voices(&all) } else { meeting.voting_seats })
}

/// Writes a decision into the register under its number. Refused without a text, with more voices than there are, out of the
/// sitting. Whoever is to carry it out and has an account is given a task, when `with_task`.
pub async fn take(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    mut new: Decision,
    with_task: bool,
) -> Result<Decision> {
    sitting::check_open(meeting, actor.now)?;
    let voices = voices(tx, meeting).await?;
    new.check(voices)?;
    new.settle(actor.now);
    // Two who decide at once have two numbers.
    let sql = sql!(
        "insert into decision_count (network_id, year, last) values ($1, $2, 1) ",
        "on conflict (network_id, year) do update set last = decision_count.last + 1 returning last"
    );
    new.rank = tx.value(sql, args![actor.network_id, new.year]).await?;
    tx.insert(std::slice::from_ref(&new)).await?;
    let act = Act::new("decision.taken", new.subject()).concerning(meeting.subject());
    trail::record(tx, actor, act.after(&new.said())).await?;
    if with_task {
        give_task(tx, actor, &new, None).await?;
    }
    Ok(new)
}

/// Gives a task that carries a decision out, to its owner unless something else is said. A decision that was done is taken up
/// again; one that was abandoned has none.
pub async fn give_task(
    tx: &mut Tx,
    actor: &Actor,
    decision: &Decision,
    title: Option<String>,
) -> Result<task::Task> {
    carrying_out::take_up(tx, actor, decision).await?;
    let title = title.unwrap_or_else(|| text::shorten(&decision.text, 180));
    let new = NewTask {
        title,
        notes: None,
        due_on: decision.due_on,
        assignee_id: decision.owner_id,
        about: Some(decision.about()),
    };
    task::add(tx, actor, new).await
}

/// Saves a decision as it is now wanted. What was decided stays as it is once the minutes are validated; what becomes of it
/// may always be said.
pub async fn save(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    before: &Decision,
    mut after: Decision,
) -> Result<Decision> {
    after.settle(actor.now);
    if after == *before {
        return Ok(after);
    }
    let wording = |one: &Decision| {
        (one.text.clone(), one.mode.clone(), one.votes_for, one.votes_against, one.votes_abstained)
    };
    if wording(before) != wording(&after) {
        sitting::check_open(meeting, actor.now)?;
    }
    let voices = voices(tx, meeting).await?;
    after.check(voices)?;
    write(tx, actor, meeting, before, after).await
}

/// Writes a decision that changed, with its line.
pub(super) async fn write(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    before: &Decision,
    mut after: Decision,
) -> Result<Decision> {
    after.settle(actor.now);
    tx.save(&mut after).await?;
    let action = match (before.is_open(), after.is_open()) {
        (true, false) => "decision.ended",
        (false, true) => "decision.reopened",
        _ => "decision.changed",
    };
    let act = Act::new(action, after.subject()).concerning(meeting.subject());
    trail::record(tx, actor, act.before(&before.said()).after(&after.said())).await?;
    Ok(after)
}

/// The decisions of a meeting, in the order in which they were taken.
pub async fn of_meeting(tx: &mut Tx, network: Id, meeting: Id) -> Result<Vec<Decision>> {
    let sql = sql!(
        "select network_id, id, meeting_id, committee_id, item_id, year, rank, text, mode, votes_for, votes_against, ",
        "votes_abstained, taken_on, owner_id, owner, due_on, due_key, due_noted, state, follow_up, ",
        "ended_at, created_at, version ",
        "from decision where network_id = $1 and meeting_id = $2 order by id limit $3"
    );
    tx.all(sql, args![network, meeting, MOST_OF_MEETING]).await
}

/// Which decisions of the register: of one committee or of all that whoever signs in with `email` sits in.
#[derive(Clone, Copy)]
pub struct Sought<'s> {
    pub committee: Option<Id>,
    pub email: Option<&'s str>,
    pub today: Date,
}

/// Decisions that are not carried out yet, the longest due first, after a place in that order.
pub async fn open(
    tx: &mut Tx,
    network: Id,
    sought: Sought<'_>,
    after: (&str, &str),
    most: i64,
) -> Result<Vec<Decision>> {
    let sql = sql!(
        "select network_id, id, meeting_id, committee_id, item_id, year, rank, text, mode, votes_for, votes_against, ",
        "votes_abstained, taken_on, owner_id, owner, due_on, due_key, due_noted, state, follow_up, ",
        "ended_at, created_at, version ",
        "from decision where network_id = $1 and ended_at is null and (due_key, id) > ($2, $3) ",
        "and (cast($4 as text) is null or committee_id = $4) ",
        "and (cast($5 as text) is null or committee_id in (select committee_id from seat_holder ",
        "where network_id = $1 and email = $5 and (started_on is null or started_on <= $6) ",
        "and (ended_on is null or ended_on >= $6))) order by due_key, id limit $7"
    );
    let Sought { committee, email, today } = sought;
    tx.all(sql, args![network, after.0, after.1, committee, email, today, most]).await
}

/// Every decision, the last taken first, before a place in that order.
pub async fn latest(
    tx: &mut Tx,
    network: Id,
    sought: Sought<'_>,
    before: (&str, &str),
    most: i64,
) -> Result<Vec<Decision>> {
    let sql = sql!(
        "select network_id, id, meeting_id, committee_id, item_id, year, rank, text, mode, votes_for, votes_against, ",
        "votes_abstained, taken_on, owner_id, owner, due_on, due_key, due_noted, state, follow_up, ",
        "ended_at, created_at, version ",
        "from decision where network_id = $1 and (taken_on, id) < ($2, $3) ",
        "and (cast($4 as text) is null or committee_id = $4) ",
        "and (cast($5 as text) is null or committee_id in (select committee_id from seat_holder ",
        "where network_id = $1 and email = $5 and (started_on is null or started_on <= $6) ",
        "and (ended_on is null or ended_on >= $6))) order by taken_on desc, id desc limit $7"
    );
    let Sought { committee, email, today } = sought;
    tx.all(sql, args![network, before.0, before.1, committee, email, today, most]).await
}

#[cfg(test)]
mod tests {
    use super::super::committee::Committee;
    use super::*;

    fn decision() -> Decision {
        let committee = Committee::blank(Id::new(Timestamp(0)), Timestamp(0), "steering");
        let meeting = Meeting::blank(committee.network_id, Timestamp(0), &committee);
        let day = Timestamp(0).day_in(chrono_tz::Europe::Paris);
        Decision { text: "Adopter la charte".to_owned(), ..Decision::blank(&meeting, day, Timestamp(0)) }
    }

    #[test]
    fn a_vote_counts_no_more_voices_than_there_are() {
        let mut one = decision();
        assert!(one.check(0).is_ok(), "a consensus needs no count");
        one.mode = "vote".to_owned();
        assert!(one.check(9).is_err(), "without a count");
        (one.votes_for, one.votes_against, one.votes_abstained) = (Some(3), Some(1), Some(0));
        assert!(one.check(4).is_ok());
        assert!(one.check(3).is_err());
        one.votes_against = Some(-1);
        assert!(one.check(9).is_err());
        (one.votes_for, one.votes_against) = (Some(0), Some(0));
        assert!(one.check(9).is_err(), "nobody voted");
    }

    #[test]
    fn what_is_over_has_an_end_and_what_is_taken_up_again_has_none() {
        let mut one = decision();
        one.state = "done".to_owned();
        one.settle(Timestamp(5));
        assert_eq!(one.ended_at, Some(Timestamp(5)));
        one.settle(Timestamp(9));
        assert_eq!(one.ended_at, Some(Timestamp(5)), "it ended once");
        one.state = "to_do".to_owned();
        one.settle(Timestamp(9));
        assert_eq!(one.ended_at, None);
    }
}
