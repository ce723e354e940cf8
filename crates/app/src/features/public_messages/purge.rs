//! Messages go by themselves, as the page on personal data promises.

use kit::db::Id;
use kit::jobs::{Job, Outcome};
use kit::{App, Result, args, sql};
use serde::{Deserialize, Serialize};

/// A message that was dealt with is kept this long, in days.
pub const HANDLED_FOR_DAYS: i64 = 180;
/// No message is kept longer, in days.
pub const RECEIVED_FOR_DAYS: i64 = 365;

/// Deletes what was kept long enough.
#[derive(Serialize, Deserialize)]
pub struct PurgeMessages {}

impl Job for PurgeMessages {
    const KIND: &'static str = "public_messages.purge";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let now = app.now();
        let mut tx = app.db.write().await?;
        let sql = sql!("delete from public_message where network_id = $1 and handled_at < $2");
        tx.run(sql, args![network, now.plus_days(-HANDLED_FOR_DAYS)]).await?;
        let sql = sql!("delete from public_message where network_id = $1 and received_at < $2");
        tx.run(sql, args![network, now.plus_days(-RECEIVED_FOR_DAYS)]).await?;
        let sql = sql!("delete from public_message_sending where network_id = $1 and at < $2");
        tx.run(sql, args![network, now.plus_days(-1)]).await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }
}
