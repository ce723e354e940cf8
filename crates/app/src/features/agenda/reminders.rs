//! What comes back each hour: polls whose last day is over close by themselves; those who say nothing are asked again, politely:
//! with back-off, in working hours, never once they answered.

use std::collections::BTreeMap;

use kit::jobs::{Job, Outcome};
use kit::{Actor, App, Id, Network, Result, Tx, network, reminders};
use serde::{Deserialize, Serialize};

use super::date_poll;
use super::opening;
use super::participant::{self, Participant};

/// Reminders, and polls to close, of one transaction.
const AT_ONCE: i64 = 50;

/// Closes what is over and sends the reminders that are due.
#[derive(Serialize, Deserialize)]
pub struct Watch {}

impl Job for Watch {
    const KIND: &'static str = "agenda.watch";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        while close_overdue(&app, network).await? {}
        while remind_due(&app, network).await? {}
        Ok(Outcome::Done)
    }
}

/// Closes some polls whose last day is over; answers whether there were any.
async fn close_overdue(app: &App, network: Id) -> Result<bool> {
    let mut tx = app.db.write().await?;
    let network = network::by_id(&mut tx, network).await?;
    let over = date_poll::overdue(&mut tx, network.id, network.today(app.now()), AT_ONCE).await?;
    let actor = Actor::program(network.id, "Date de clôture", app.now());
    for id in &over {
        opening::close(&mut tx, &actor, *id).await?;
    }
    tx.commit().await?;
    Ok(!over.is_empty())
}

/// Sends some reminders that are due; answers whether there were any.
async fn remind_due(app: &App, network: Id) -> Result<bool> {
    let mut tx = app.db.write().await?;
    let network = network::by_id(&mut tx, network).await?;
    if !reminders::is_time(app.now(), network.zone()) {
        return Ok(false);
    }
    let due = participant::due(&mut tx, network.id, app.now(), AT_ONCE).await?;
    let is_any = !due.is_empty();
    let mut by_poll: BTreeMap<Id, Vec<Participant>> = BTreeMap::new();
    for one in due {
        by_poll.entry(one.poll_id).or_default().push(one);
    }
    for (poll, all) in by_poll {
        remind(&mut tx, app, &network, poll, &all).await?;
    }
    tx.commit().await?;
    Ok(is_any)
}

/// Asks again those of a poll who still say nothing; the others are asked no more.
async fn remind(tx: &mut Tx, app: &App, network: &Network, poll: Id, due: &[Participant]) -> Result<()> {
    let poll = date_poll::hold(tx, network.id, poll).await?;
    let mut waiting = Vec::new();
    for one in due {
        // Read again: they may have answered just now.
        let mut one: Participant = tx.get(network.id, one.id).await?;
        if poll.is_open() && one.is_silent() && one.next_reminder_at.is_some() {
            waiting.push(one);
        } else {
            one.next_reminder_at = None;
            tx.save(&mut one).await?;
        }
    }
    let base = app.link_base(network);
    opening::remind(tx, (app, network, &base), &poll, waiting).await.map(drop)
}
