//! A decision and the tasks that carry it out move together: a task taken up begins it, the last one done ends it, one reopened
//! reopens it. `support` knows no decisions: its acts say that a task turned, and `features/mod.rs` says it here.

use kit::{Actor, Error, Result, Tx, args, sql};

use super::decision::{self, Decision};
use super::meeting::Meeting;
use crate::features::support::task::{self, Task};

/// What tasks are about when they carry a decision out.
const ABOUT: &str = "decision";

/// The state that a decision takes when one of its tasks turned; `None` when it stays as it is. `all` are its tasks as they
/// now are.
fn follows(decision: &str, before: &Task, after: &Task, all: &[Task]) -> Option<&'static str> {
    let is_begun = after.state == "in_progress" || after.state == "done";
    match (decision, before.is_open(), after.is_open()) {
        ("to_do" | "in_progress", true, false) if after.state == "done" && !all.iter().any(Task::is_open) => {
            Some("done")
        }
        ("to_do", ..) if is_begun => Some("in_progress"),
        ("done", false, true) => {
            let others_begun = all.iter().any(|one| one.state == "done" || one.state == "in_progress");
            Some(if others_begun { "in_progress" } else { "to_do" })
        }
        _ => None,
    }
}

/// Lets a decision follow a task that turned, in the same transaction. What is about something else is left alone.
pub async fn follow(tx: &mut Tx, actor: &Actor, before: &Task, after: &Task) -> Result<()> {
    if before.state == after.state {
        return Ok(());
    }
    let Some(id) = after.about_id.filter(|_| after.about_kind.as_deref() == Some(ABOUT)) else {
        return Ok(());
    };
    // Of the two last tasks that end at once, one sees that both have: whoever comes first holds the decision.
    let hold = sql!("update decision set version = version where network_id = $1 and id = $2");
    if tx.run(hold, args![actor.network_id, id]).await? == 0 {
        return Ok(());
    }
    let decision: Decision = tx.get(actor.network_id, id).await?;
    let all = task::of_object(tx, actor.network_id, ABOUT, id).await?;
    match follows(&decision.state, before, after, &all) {
        Some(state) => turn(tx, actor, &decision, state).await,
        None => Ok(()),
    }
}

async fn turn(tx: &mut Tx, actor: &Actor, before: &Decision, state: &str) -> Result<()> {
    let meeting: Meeting = tx.get(actor.network_id, before.meeting_id).await?;
    let after = Decision { state: state.to_owned(), ..before.clone() };
    decision::write(tx, actor, &meeting, before, after).await.map(drop)
}

/// Takes up again a decision that is given a task after it was done. Refused when it was abandoned.
pub(super) async fn take_up(tx: &mut Tx, actor: &Actor, decision: &Decision) -> Result<()> {
    match decision.state.as_str() {
        "abandoned" => Err(Error::refused("Cette décision est abandonnée\u{a0}: rouvrez-la d’abord.")),
        "done" => turn(tx, actor, decision, "in_progress").await,
        _ => Ok(()),
    }
}

/// Ends the tasks that a decision left open when it ended, as it ended; answers how many. Refused while it is open.
pub async fn end_tasks(tx: &mut Tx, actor: &Actor, decision: &Decision) -> Result<usize> {
    if decision.is_open() {
        return Err(Error::refused("Cette décision n’est pas terminée\u{a0}: ses tâches restent à faire."));
    }
    let all = task::of_object(tx, actor.network_id, ABOUT, decision.id).await?;
    let mut count = 0;
    for one in all.iter().filter(|one| one.is_open()) {
        let ended = Task { state: decision.state.clone(), ..one.clone() };
        task::edit(tx, actor, one, ended).await?;
        count += 1;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use kit::{Id, Timestamp};

    use super::*;

    fn task(state: &str) -> Task {
        Task { state: state.to_owned(), ..Task::blank(Id::first(), Timestamp(0)) }
    }

    #[test]
    fn a_decision_follows_its_tasks() {
        // The decision; its task before and after; its other tasks; what the decision becomes.
        type Line = (&'static str, &'static str, &'static str, &'static [&'static str], Option<&'static str>);
        let table: [Line; 11] = [
            ("to_do", "to_do", "in_progress", &[], Some("in_progress")),
            ("to_do", "to_do", "done", &[], Some("done")),
            ("in_progress", "in_progress", "done", &["done", "abandoned"], Some("done")),
            ("to_do", "to_do", "done", &["to_do"], Some("in_progress")),
            ("in_progress", "to_do", "done", &["to_do"], None),
            ("in_progress", "to_do", "abandoned", &[], None),
            ("done", "done", "to_do", &[], Some("to_do")),
            ("done", "done", "to_do", &["done"], Some("in_progress")),
            ("done", "to_do", "done", &[], None),
            ("abandoned", "abandoned", "to_do", &[], None),
            ("abandoned", "to_do", "done", &[], None),
        ];
        for (decision, before, after, others, expected) in table {
            let all: Vec<Task> = others.iter().chain([&after]).map(|state| task(state)).collect();
            let found = follows(decision, &task(before), &task(after), &all);
            assert_eq!(found, expected, "{decision}: {before} → {after}, {others:?}");
        }
    }
}
