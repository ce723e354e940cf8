//! What comes back by itself: conversations set aside return at their moment, traces of presence go.

use kit::db::Id;
use kit::jobs::{Job, Outcome};
use kit::{App, Result};
use serde::{Deserialize, Serialize};

use super::{order, presence, thread};

/// Brings back what was set aside until now.
#[derive(Serialize, Deserialize)]
pub struct WakeThreads {}

impl Job for WakeThreads {
    const KIND: &'static str = "mailbox.wake";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let now = app.now();
        let mut tx = app.db.write().await?;
        thread::wake(&mut tx, network, now).await?;
        presence::forget_old(&mut tx, network, now).await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }
}

/// Marks a conversation read that someone opened.
#[derive(Serialize, Deserialize)]
pub struct SeeThread {
    pub thread_id: Id,
}

impl Job for SeeThread {
    const KIND: &'static str = "mailbox.see";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let now = app.now();
        let mut tx = app.db.write().await?;
        order::set_seen(&mut tx, network, self.thread_id, true, now).await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }
}
