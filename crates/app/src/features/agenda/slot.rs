//! The PollSlot: a date that a poll offers, and how each fares.

use kit::db::{Id, Timestamp};
use kit::{Error, Network, Result, Tx, args, sql};

use super::date_poll::DatePoll;
use super::poll_answer::PollAnswer;
use crate::features::governance::meeting;

kit::table! {
    /// A date that is offered.
    pub struct PollSlot in "poll_slot" {
        pub poll_id: Id,
        pub starts_at: Timestamp,
        pub created_at: Timestamp,
    }
}

/// Most dates of one poll.
pub const MOST_SLOTS: usize = 40;

impl PollSlot {
    /// « mardi 12 mars 2026, de 14 h à 16 h ».
    pub fn label(&self, network: &Network, poll: &DatePoll) -> String {
        meeting::span(network, self.starts_at, poll.minutes)
    }
}

/// The dates of a poll, the first first.
pub async fn of_poll(tx: &mut Tx, network: Id, poll: Id) -> Result<Vec<PollSlot>> {
    let sql = sql!(
        "select network_id, id, poll_id, starts_at, created_at from poll_slot ",
        "where network_id = $1 and poll_id = $2 order by starts_at limit 100"
    );
    tx.all(sql, args![network, poll]).await
}

/// Makes the dates of a poll those that are wanted; what was answered about those that go, goes with them. Answers how many
/// are new and how many went. Refused without a date, for more than [`MOST_SLOTS`], for one twice, and for a new one that
/// is past.
pub(super) async fn set(
    tx: &mut Tx,
    poll: &DatePoll,
    wanted: &[Timestamp],
    now: Timestamp,
) -> Result<(usize, usize)> {
    let mut wanted = wanted.to_vec();
    wanted.sort_unstable();
    if wanted.is_empty() {
        return Err(Error::refused("Proposez au moins une date."));
    }
    if wanted.len() > MOST_SLOTS {
        return Err(Error::refused(format!("Un sondage propose {MOST_SLOTS} dates au plus.")));
    }
    if wanted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Error::refused("La même date est proposée deux fois."));
    }
    let stored = of_poll(tx, poll.network_id, poll.id).await?;
    let is_stored = |at: &Timestamp| stored.iter().any(|slot| slot.starts_at == *at);
    let new: Vec<PollSlot> =
        wanted.iter().filter(|at| !is_stored(at)).map(|at| blank(poll, *at, now)).collect();
    if new.iter().any(|slot| slot.starts_at <= now) {
        return Err(Error::refused("Une des dates proposées est passée."));
    }
    let gone: Vec<Id> =
        stored.iter().filter(|slot| !wanted.contains(&slot.starts_at)).map(|slot| slot.id).collect();
    tx.delete_in::<PollAnswer>(poll.network_id, "slot_id", &gone).await?;
    tx.delete_in::<PollSlot>(poll.network_id, "id", &gone).await?;
    tx.insert(&new).await?;
    Ok((new.len(), gone.len()))
}

fn blank(poll: &DatePoll, starts_at: Timestamp, now: Timestamp) -> PollSlot {
    PollSlot { network_id: poll.network_id, id: Id::new(now), poll_id: poll.id, starts_at, created_at: now }
}

/// How a date fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub yes: usize,
    pub if_needed: usize,
    pub no: usize,
    pub silent: usize,
    /// Whether no other date suits more people.
    pub is_best: bool,
}

impl Tally {
    /// Who can come, be it at a pinch.
    pub fn can(&self) -> usize {
        self.yes + self.if_needed
    }
}

/// How each of these dates fares with so many people asked. The best is the one on which most can come; among those, the
/// one that suits most without effort. There may be several, and none while nobody can.
pub fn tallies(slots: &[PollSlot], answers: &[PollAnswer], asked: usize) -> Vec<Tally> {
    let count = |slot: &PollSlot| {
        let of =
            |code: &str| answers.iter().filter(|one| one.slot_id == slot.id && one.answer == code).count();
        let (yes, if_needed, no) = (of("yes"), of("if_needed"), of("no"));
        Tally { yes, if_needed, no, silent: asked.saturating_sub(yes + if_needed + no), is_best: false }
    };
    let mut all: Vec<Tally> = slots.iter().map(count).collect();
    let best = all.iter().map(|one| (one.can(), one.yes)).max().filter(|(can, _)| *can > 0);
    for one in &mut all {
        one.is_best = best == Some((one.can(), one.yes));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_date_is_that_on_which_most_can_come() {
        let network = Network::portal();
        let poll = DatePoll::blank(&network, Timestamp(0));
        let slots: Vec<PollSlot> = (1..=3).map(|n| blank(&poll, Timestamp(n), Timestamp(0))).collect();
        let said = |slot: &PollSlot, answer: &str| PollAnswer {
            network_id: network.id,
            id: Id::new(Timestamp(0)),
            poll_id: poll.id,
            participant_id: Id::new(Timestamp(0)),
            slot_id: slot.id,
            answer: answer.to_owned(),
        };
        let best = |answers: &[PollAnswer]| -> Vec<bool> {
            tallies(&slots, answers, 4).iter().map(|one| one.is_best).collect()
        };
        assert_eq!(best(&[]), [false; 3], "nobody has said anything");
        assert_eq!(best(&[said(&slots[0], "no")]), [false; 3]);
        let mut answers =
            vec![said(&slots[0], "yes"), said(&slots[1], "if_needed"), said(&slots[1], "if_needed")];
        assert_eq!(best(&answers), [false, true, false], "two at a pinch are more than one who is glad to");
        answers.extend([said(&slots[2], "yes"), said(&slots[2], "if_needed")]);
        assert_eq!(best(&answers), [false, false, true]);
        answers.extend([said(&slots[0], "if_needed")]);
        assert_eq!(best(&answers), [true, false, true]);
        assert_eq!(
            tallies(&slots, &answers, 4)[0],
            Tally { yes: 1, if_needed: 1, no: 0, silent: 2, is_best: true }
        );
    }
}
