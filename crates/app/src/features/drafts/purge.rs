//! What nobody came back to goes by itself.

use kit::db::Id;
use kit::jobs::{Job, Outcome};
use kit::{App, Result, drafts};
use serde::{Deserialize, Serialize};

/// Deletes the drafts of more than thirty days.
#[derive(Serialize, Deserialize)]
pub struct PurgeDrafts {}

impl Job for PurgeDrafts {
    const KIND: &'static str = "drafts.purge";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let mut tx = app.db.write().await?;
        drafts::purge(&mut tx, network, app.now()).await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }
}
