//! Asking again those who say nothing, politely: with back-off, in working hours, never on a Sunday or a day off, and
//! never once they answered.

use kit::jobs::{Job, Outcome};
use kit::{App, Id, Network, Result, Tx, args, network, reminders, sql};
use serde::{Deserialize, Serialize};

use super::convocation;
use super::invitee::Invitee;
use super::meeting::Meeting;

/// Reminders of one transaction.
const AT_ONCE: i64 = 50;

/// Sends the reminders that are due.
#[derive(Serialize, Deserialize)]
pub struct Remind {}

impl Job for Remind {
    const KIND: &'static str = "governance.remind";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        loop {
            let mut tx = app.db.write().await?;
            let network = network::by_id(&mut tx, network).await?;
            if !reminders::is_time(app.now(), network.zone()) {
                return Ok(Outcome::Done);
            }
            let sent = remind_due(&mut tx, &app, &network).await?;
            tx.commit().await?;
            if sent == 0 {
                return Ok(Outcome::Done);
            }
        }
    }
}

/// What is due; those whose meeting is over or cancelled are asked no more.
async fn remind_due(tx: &mut Tx, app: &App, network: &Network) -> Result<usize> {
    let sql = sql!(
        "select network_id, id, meeting_id, seat_id, is_voting, rank, name, organisation, order_key, email, answer, ",
        "answer_note, answered_at, answered_by, proxy_id, attendance, reminders, next_reminder_at, created_at, replaces, version ",
        "from invitee where network_id = $1 and next_reminder_at is not null and next_reminder_at <= $2 ",
        "order by next_reminder_at, id limit $3"
    );
    let due: Vec<Invitee> = tx.all(sql, args![network.id, app.now(), AT_ONCE]).await?;
    let count = due.len();
    let base = app.link_base(network);
    for mut one in due {
        let meeting: Meeting = tx.get(network.id, one.meeting_id).await?;
        let waits = meeting.state == "convened" && meeting.starts_at.is_some_and(|at| at > app.now());
        if waits && one.answer == "none" {
            convocation::remind(tx, (app, network, &base), &meeting, one).await?;
        } else {
            one.next_reminder_at = None;
            tx.save(&mut one).await?;
        }
    }
    Ok(count)
}
