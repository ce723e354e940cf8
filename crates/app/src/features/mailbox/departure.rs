//! A message on its way: once it has left, it is put among what was sent, what it answers is marked so, and the draft is
//! done with. What the server refused comes back as a draft.

use kit::db::{Id, Timestamp};
use kit::jobs::{self, Job, Outcome};
use kit::mail::Outgoing;
use kit::{App, Result, Tx};
use serde::{Deserialize, Serialize};

use super::draft::{self, Draft};
use super::order::{self, Wanted};
use super::{shared_mailbox, thread};

/// Looks what became of a message that was sent.
#[derive(Serialize, Deserialize)]
pub struct FollowDeparture {
    pub draft_id: Id,
    pub outbox_id: Id,
}

/// Has what becomes of a message looked at once it may have left.
pub async fn watch(tx: &mut Tx, network: Id, now: Timestamp, leaves: Timestamp, draft: &Draft) -> Result<()> {
    let Some(outbox_id) = draft.outbox_id else { return Ok(()) };
    let job = FollowDeparture { draft_id: draft.id, outbox_id };
    jobs::add_at(tx, network, now, leaves.plus_seconds(2), &job).await.map(drop)
}

impl Job for FollowDeparture {
    const KIND: &'static str = "mailbox.follow_departure";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let now = app.now();
        let mut tx = app.db.write().await?;
        let draft: Draft = match tx.get(network, self.draft_id).await {
            Ok(draft) => draft,
            // Called back, then given up.
            Err(kit::Error::NotFound) => return Ok(Outcome::Done),
            Err(error) => return Err(error),
        };
        if draft.outbox_id != Some(self.outbox_id) || draft.state != "leaving" {
            return Ok(Outcome::Done);
        }
        let outgoing: Outgoing = tx.get(network, self.outbox_id).await?;
        match outgoing.state.as_str() {
            "queued" => {
                jobs::add_at(&mut tx, network, now, now.plus_seconds(20), &self).await?;
            }
            "sent" | "bounced" => left(&mut tx, network, now, draft).await?,
            _ => came_back(&mut tx, network, draft).await?,
        }
        tx.commit().await?;
        Ok(Outcome::Done)
    }
}

async fn left(tx: &mut Tx, network: Id, now: Timestamp, mut draft: Draft) -> Result<()> {
    draft::drop_copy(tx, network, &draft, now).await?;
    draft.state = "sent".to_owned();
    tx.save(&mut draft).await?;
    let (Some(mailbox), Some(outbox)) = (shared_mailbox::of(tx, network).await?, draft.outbox_id) else {
        return Ok(());
    };
    let wanted = Wanted { verb: "file_sent", at: None, argument: outbox.to_string() };
    order::give(tx, network, mailbox.id, now, vec![wanted]).await?;
    if let (Some(message), true) = (draft.message_id, draft.mode != "forward") {
        order::set_answered(tx, network, message, now).await?;
    }
    Ok(())
}

/// The server refused: what was written is there again, with the reason in the outbox.
async fn came_back(tx: &mut Tx, network: Id, mut draft: Draft) -> Result<()> {
    draft.state = "open".to_owned();
    tx.save(&mut draft).await?;
    match draft.thread_id {
        Some(thread) => thread::put_state(tx, network, thread, "to_do").await,
        None => Ok(()),
    }
}
