//! What need not be kept of sessions, links and failures goes by itself.

use kit::db::Id;
use kit::jobs::{Job, Outcome};
use kit::{App, Result, args, sql};
use serde::{Deserialize, Serialize};

/// Deletes expired sessions, links older than 30 days and failures older than a day.
#[derive(Serialize, Deserialize)]
pub struct PurgeSessions {}

impl Job for PurgeSessions {
    const KIND: &'static str = "accounts.purge";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let now = app.now();
        let mut tx = app.db.write().await?;
        let sql = sql!("delete from session where network_id = $1 and expires_at <= $2");
        tx.run(sql, args![network, now]).await?;
        let sql = sql!("delete from account_link where network_id = $1 and created_at < $2");
        tx.run(sql, args![network, now.plus_days(-30)]).await?;
        let sql = sql!("delete from sign_in_failure where network_id = $1 and at < $2");
        tx.run(sql, args![network, now.plus_days(-1)]).await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }
}
