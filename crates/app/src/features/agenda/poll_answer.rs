//! The PollAnswer: what someone says of one date; and the act by which they say it of all.

use std::collections::{BTreeMap, HashMap};

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act};
use kit::{Actor, Error, Result, Tx, args, sql};
use serde_json::json;

use super::date_poll::{self, DatePoll};
use super::participant::{self, Participant};
use super::slot::{self, PollSlot};

kit::table! {
    /// What someone says of one date.
    pub struct PollAnswer in "poll_answer" {
        pub poll_id: Id,
        pub participant_id: Id,
        pub slot_id: Id,
        /// A code of [`ANSWERS`].
        pub answer: String,
    }
}

/// Answers: code, name in forms, French label, tone.
pub const ANSWERS: [(&str, &str, &str, &str); 3] = [
    ("yes", "oui", "Oui", "ok"),
    ("if_needed", "si-besoin", "Si besoin", "warn"),
    ("no", "non", "Non", "bad"),
];

/// Longest word that goes with answers, in characters.
pub const MOST_NOTE: usize = 1_000;

/// The label of an answer; « N’a pas encore dit » for none.
pub fn label(code: &str) -> &'static str {
    ANSWERS.iter().find(|(known, ..)| *known == code).map_or("N’a pas encore dit", |(_, _, label, _)| label)
}

/// The tone of an answer.
pub fn tone(code: &str) -> &'static str {
    ANSWERS.iter().find(|(known, ..)| *known == code).map_or("quiet", |(.., tone)| tone)
}

/// Every answer of a poll.
pub async fn of_poll(tx: &mut Tx, network: Id, poll: Id) -> Result<Vec<PollAnswer>> {
    let sql = sql!(
        "select network_id, id, poll_id, participant_id, slot_id, answer from poll_answer ",
        "where network_id = $1 and poll_id = $2 limit 50000"
    );
    tx.all(sql, args![network, poll]).await
}

/// Answers by who gives them and the date they are about: many are looked up, each at once.
pub struct Book<'a>(HashMap<(Id, Id), &'a str>);

impl<'a> Book<'a> {
    pub fn of(answers: &'a [PollAnswer]) -> Self {
        Self(answers.iter().map(|one| ((one.participant_id, one.slot_id), one.answer.as_str())).collect())
    }

    /// The code of an answer; empty when nothing was said.
    pub fn said(&self, participant: Id, slot: Id) -> &'a str {
        self.0.get(&(participant, slot)).copied().unwrap_or_default()
    }
}

/// What someone says of the dates of a poll.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Codes of [`ANSWERS`] by the id of the date.
    pub answers: BTreeMap<Id, &'static str>,
    pub note: Option<String>,
    /// `link` or `coordination`.
    pub by: &'static str,
}

/// Notes what someone says; the last word counts, and of a date that is not spoken of nothing is known. Refused when nothing is
/// said, once the date is chosen, and by link once the poll is closed.
pub async fn answer(tx: &mut Tx, actor: &Actor, id: Id, said: Said) -> Result<Participant> {
    let asked: Participant = tx.get(actor.network_id, id).await?;
    let poll = date_poll::hold(tx, actor.network_id, asked.poll_id).await?;
    let may = if said.by == "link" { poll.is_open() } else { poll.can_conclude() };
    if !may {
        return Err(Error::refused("Ce sondage n’attend plus de réponse."));
    }
    // Read again: the same person may have answered in the meantime, in another window.
    let before: Participant = tx.get(actor.network_id, id).await?;
    let slots = slot::of_poll(tx, actor.network_id, poll.id).await?;
    let former: Vec<PollAnswer> = tx.all_in(actor.network_id, "participant_id", &[id]).await?;
    let new = rows(&before, &slots, &said, actor.now);
    if new.is_empty() {
        return Err(Error::refused("Dites si au moins une des dates convient."));
    }
    tx.delete_in::<PollAnswer>(actor.network_id, "participant_id", &[id]).await?;
    tx.insert(&new).await?;
    let mut after = Participant {
        answered_at: Some(actor.now),
        complete_at: (new.len() == slots.len()).then_some(actor.now),
        answered_by: Some(said.by.to_owned()),
        answer_note: said.note,
        // Any answer ends the reminders.
        next_reminder_at: None,
        ..before.clone()
    };
    tx.save(&mut after).await?;
    let told = |answers: &[PollAnswer], note: &Option<String>| {
        let count = |code: &str| answers.iter().filter(|one| one.answer == code).count();
        json!({
            "yes_dates": count("yes"), "if_needed_dates": count("if_needed"), "no_dates": count("no"), "answer_note": note,
        })
    };
    let act = Act::new("poll_participant.answered", after.subject()).concerning(poll.subject());
    let act = act.before(&told(&former, &before.answer_note)).after(&told(&new, &after.answer_note));
    trail::record(tx, actor, act).await?;
    note_all_answered(tx, actor, &poll).await?;
    Ok(after)
}

fn rows(one: &Participant, slots: &[PollSlot], said: &Said, now: Timestamp) -> Vec<PollAnswer> {
    let row = |slot: &PollSlot| {
        let answer = said.answers.get(&slot.id)?;
        Some(PollAnswer {
            network_id: one.network_id,
            id: Id::new(now),
            poll_id: one.poll_id,
            participant_id: one.id,
            slot_id: slot.id,
            answer: (*answer).to_owned(),
        })
    };
    slots.iter().filter_map(row).collect()
}

/// Notes when everyone has answered a poll that is held, once, and tells the coordination by its line; or that it is no
/// longer so.
pub(super) async fn note_all_answered(tx: &mut Tx, actor: &Actor, poll: &DatePoll) -> Result<()> {
    let (asked, silent) = participant::count(tx, actor.network_id, poll.id).await?;
    let all = asked > 0 && silent == 0;
    if all == poll.all_answered_at.is_some() || (all && !poll.can_conclude()) {
        return Ok(());
    }
    // Not a change that someone made: forms that are open stay fresh.
    let sql = sql!("update date_poll set all_answered_at = $3 where network_id = $1 and id = $2");
    tx.run(sql, args![actor.network_id, poll.id, all.then_some(actor.now)]).await?;
    if all {
        trail::record(tx, actor, Act::new("date_poll.all_answered", poll.subject())).await?;
    }
    Ok(())
}
