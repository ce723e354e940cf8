//! What came back: messages of mailings that a server refused for good, or that returned later, say which addresses
//! nobody is at.

use kit::db::Id;
use kit::jobs::{Job, Outcome};
use kit::{Actor, App, Result, Timestamp, Tx, args, mail, sql};
use serde::{Deserialize, Serialize};

use super::address;
use super::mailing::ABOUT;

/// Messages come back within so many days of their sending.
const WATCHED_DAYS: i64 = 15;
/// Mailings looked at in one turn, and messages read at once.
const AT_ONCE: i64 = 200;

/// Looks for addresses that answer no more.
#[derive(Serialize, Deserialize)]
pub struct NoteBounces {}

impl Job for NoteBounces {
    const KIND: &'static str = "mailings.note_bounces";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let now = app.now();
        let mut tx = app.db.write().await?;
        let actor = Actor::program(network, "Messagerie", now);
        let sql = sql!(
            "select sending_id from mailing where network_id = $1 and first_due is not null and first_due > $2 ",
            "and sending_id is not null order by first_due desc, id desc limit $3"
        );
        let since: Timestamp = now.plus_days(-WATCHED_DAYS);
        let sendings: Vec<(Id,)> = tx.all(sql, args![network, since, AT_ONCE]).await?;
        for (sending,) in sendings {
            note(&mut tx, &actor, sending).await?;
        }
        tx.commit().await?;
        Ok(Outcome::Done)
    }
}

/// Flags the addresses of a sending whose server said that nobody is there.
pub async fn note(tx: &mut Tx, actor: &Actor, sending: Id) -> Result<usize> {
    let mut flagged = 0;
    for state in ["bounced", "failed"] {
        let mut after = None;
        loop {
            let about = (ABOUT, sending);
            let found = mail::about(tx, actor.network_id, about, Some(state), after, AT_ONCE).await?;
            let Some(last) = found.last() else { break };
            after = Some(last.id);
            for message in &found {
                let reason = message.error.as_deref().unwrap_or_default();
                if address::is_hard(reason) {
                    flagged += usize::from(address::bounce(tx, actor, &message.recipient, reason).await?);
                }
            }
        }
    }
    Ok(flagged)
}
