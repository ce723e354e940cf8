//! On its day, that a task is due is noted in the trail, once: who wants to be told hears of it from there.

use kit::db::{Date, Id};
use kit::jobs::{Job, Outcome};
use kit::trail::{self, Act};
use kit::{Actor, App, Result, Tx, args, network, sql};
use serde::{Deserialize, Serialize};

use super::task::Task;

/// Tasks noted in one transaction.
const AT_ONCE: i64 = 200;

/// Notes what is due.
#[derive(Serialize, Deserialize)]
pub struct NoteDue {}

impl Job for NoteDue {
    const KIND: &'static str = "support.note_due";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        loop {
            let mut tx = app.db.write().await?;
            let network = network::by_id(&mut tx, network).await?;
            let actor = Actor::program(network.id, "Échéances", app.now());
            let noted = note(&mut tx, &actor, network.today(app.now())).await?;
            tx.commit().await?;
            if noted == 0 {
                return Ok(Outcome::Done);
            }
        }
    }
}

async fn note(tx: &mut Tx, actor: &Actor, today: Date) -> Result<usize> {
    let sql = sql!(
        "select network_id, id, title, notes, due_on, due_key, assignee_id, state, about_kind, about_id, \
            about_label, ",
        "about_url, created_by, created_at, done_at, done_by, due_noted, version from task ",
        "where network_id = $1 and done_at is null and due_key <= $2 ",
        "and (due_noted is null or due_noted <> due_key) order by due_key, id limit $3"
    );
    let due: Vec<Task> = tx.all(sql, args![actor.network_id, today, AT_ONCE]).await?;
    let acts = due.iter().map(|task| {
        let said = serde_json::json!({ "assignee_id": task.assignee_id, "due_on": task.due_on });
        Act::new("task.due", task.subject()).after(&said)
    });
    trail::record_all(tx, actor, acts.collect()).await?;
    let count = due.len();
    for task in due {
        // Its version stays: someone may be writing in its form, and nothing that they see changes.
        let sql = sql!("update task set due_noted = due_on where network_id = $1 and id = $2");
        tx.run(sql, args![task.network_id, task.id]).await?;
    }
    Ok(count)
}
