//! Filing: a conversation on the sheet of what it is about. Done by itself for known senders, and by hand.

use kit::db::Id;
use kit::tie::{self, Tie};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Result, Tx};
use serde_json::json;

use super::thread::Thread;
use super::{senders, threading};
use crate::features::directory::contact::{Contact, Organisation};
use crate::features::directory::person::Person;
use crate::features::directory::structure::Structure;

/// Files a conversation under something of the directory.
pub async fn file(tx: &mut Tx, actor: &Actor, thread: Id, kind: &str, id: Id) -> Result<()> {
    let network = actor.network_id;
    let label = match kind {
        "person" => tx.get::<Person>(network, id).await?.name(),
        "structure" => tx.get::<Structure>(network, id).await?.name,
        "contact" => tx.get::<Contact>(network, id).await?.name(),
        "organisation" => tx.get::<Organisation>(network, id).await?.name,
        _ => return Err(Error::NotFound),
    };
    let to = Subject::new(threading::kind_of(kind), id, label);
    tie_to(tx, actor, thread, &to, &senders::url(kind, id)).await
}

/// Ties a conversation to anything, and says so in the history of both.
pub async fn tie_to(tx: &mut Tx, actor: &Actor, thread: Id, to: &Subject, url: &str) -> Result<()> {
    let row: Thread = tx.get(actor.network_id, thread).await?;
    if tie::make(tx, actor.network_id, actor.now, ("mail_thread", thread), to, url).await? {
        let act = Act::new("mail_thread.filed", row.as_subject()).concerning(to.clone());
        trail::record(tx, actor, act.after(&json!({ "filed_under": to.label }))).await?;
    }
    Ok(())
}

/// Takes a conversation off a sheet.
pub async fn unfile(tx: &mut Tx, actor: &Actor, thread: Id, tied: Id) -> Result<()> {
    let row: Thread = tx.get(actor.network_id, thread).await?;
    let Some(tied) = tie::undo(tx, actor.network_id, ("mail_thread", thread), tied).await? else {
        return Err(Error::NotFound);
    };
    let act = Act::new("mail_thread.unfiled", row.as_subject()).before(&json!({ "filed_under": tied.label }));
    trail::record(tx, actor, act).await.map(drop)
}

/// Where a conversation is filed.
pub async fn of(tx: &mut Tx, network: Id, thread: Id) -> Result<Vec<Tie>> {
    tie::of(tx, network, ("mail_thread", thread)).await
}
