//! Orders: what is still to be done on the server for what was done here. They are kept until the server took them; here
//! everything is at once as it will be.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act};
use kit::{Actor, Error, Result, Tx, args, sql};
use serde_json::json;

use super::message::Place;
use super::places;
use super::shared_mailbox::{self, Folder};
use super::thread::{self, Thread};

kit::table! {
    /// Something to do on the server.
    pub struct Order in "mail_order" {
        pub mailbox_id: Id,
        /// `flag`, `unflag`, `move`, `file_sent`, `store_draft` or `drop_draft`.
        pub verb: String,
        pub folder_id: Option<Id>,
        pub uid: Option<i64>,
        /// A flag, the name of a folder, a message of the outbox, a draft.
        pub argument: String,
        pub attempts: i64,
        pub error: Option<String>,
        pub created_at: Timestamp,
    }
}

/// The next orders of a mailbox, oldest first. After six failures one is left: what the server never takes must not hold
/// up the rest.
pub async fn next(tx: &mut Tx, network: Id, mailbox: Id, most: i64) -> Result<Vec<Order>> {
    let sql = sql!(
        "select network_id, id, mailbox_id, verb, folder_id, uid, argument, attempts, error, created_at from mail_order ",
        "where network_id = $1 and mailbox_id = $2 and attempts < 6 order by id limit $3"
    );
    tx.all(sql, args![network, mailbox, most]).await
}

/// Notes that an order was carried out, or why not.
pub async fn note(tx: &mut Tx, order: &Order, outcome: Result<(), String>) -> Result<()> {
    match outcome {
        Ok(()) => tx.delete::<Order>(order.network_id, order.id).await.map(drop),
        Err(reason) => {
            let sql = sql!(
                "update mail_order set attempts = attempts + 1, error = $3 where network_id = $1 and id = $2"
            );
            tx.run(sql, args![order.network_id, order.id, reason]).await.map(drop)
        }
    }
}

/// Adds orders, and has the mailbox's keeper look at once.
pub async fn give(tx: &mut Tx, network: Id, mailbox: Id, now: Timestamp, orders: Vec<Wanted>) -> Result<()> {
    let rows: Vec<Order> = orders
        .into_iter()
        .map(|wanted| Order {
            network_id: network,
            id: Id::new(now),
            mailbox_id: mailbox,
            verb: wanted.verb.to_owned(),
            folder_id: wanted.at.map(|(folder, _)| folder),
            uid: wanted.at.map(|(_, uid)| uid),
            argument: wanted.argument,
            attempts: 0,
            error: None,
            created_at: now,
        })
        .collect();
    tx.insert(&rows).await?;
    tx.wake_jobs();
    Ok(())
}

/// An order before it has a row.
pub struct Wanted {
    pub verb: &'static str,
    /// A folder and the number of a copy in it.
    pub at: Option<(Id, i64)>,
    pub argument: String,
}

/// Says that a conversation was read, or is to be read again.
pub async fn set_seen(tx: &mut Tx, network: Id, thread: Id, seen: bool, now: Timestamp) -> Result<()> {
    let places: Vec<Place> = tx.all_in(network, "thread_id", &[thread]).await?;
    let changed: Vec<&Place> = places.iter().filter(|place| place.seen != seen).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let Some(mailbox) = shared_mailbox::of(tx, network).await? else { return Err(Error::NotFound) };
    let verb = if seen { "flag" } else { "unflag" };
    let wanted = changed.iter().map(|place| Wanted {
        verb,
        at: Some((place.folder_id, place.uid)),
        argument: "\\Seen".to_owned(),
    });
    give(tx, network, mailbox.id, now, wanted.collect()).await?;
    let sql = sql!("update mail_place set seen = $3 where network_id = $1 and thread_id = $2");
    tx.run(sql, args![network, thread, seen]).await?;
    thread::refresh(tx, network, &[thread]).await
}

/// Moves a conversation's copies that lie in the inbox, or in the folders where people put things, to another folder.
pub async fn move_thread(tx: &mut Tx, actor: &Actor, id: Id, to: Id) -> Result<()> {
    let row: Thread = tx.get(actor.network_id, id).await?;
    let target: Folder = tx.get(actor.network_id, to).await?;
    if target.gone_at.is_some() {
        return Err(Error::NotFound);
    }
    let folders = shared_mailbox::folders(tx, actor.network_id, target.mailbox_id).await?;
    // What was sent stays among what was sent.
    let movable: Vec<Id> = folders
        .iter()
        .filter(|f| f.id != to && !["sent", "drafts"].contains(&f.role.as_str()))
        .map(|f| f.id)
        .collect();
    let places: Vec<Place> = tx.all_in(actor.network_id, "thread_id", &[id]).await?;
    let moved: Vec<&Place> = places.iter().filter(|place| movable.contains(&place.folder_id)).collect();
    if moved.is_empty() {
        return Err(Error::refused(format!(
            "Rien de cette conversation ne peut aller dans « {} ».",
            target.label
        )));
    }
    let wanted = moved.iter().map(|place| Wanted {
        verb: "move",
        at: Some((place.folder_id, place.uid)),
        argument: target.name.clone(),
    });
    give(tx, actor.network_id, target.mailbox_id, actor.now, wanted.collect()).await?;
    for place in moved {
        places::remove(tx, actor.network_id, place.folder_id, &[place.uid]).await?;
    }
    thread::refresh(tx, actor.network_id, &[id]).await?;
    let act = Act::new("mail_thread.moved", row.as_subject()).after(&json!({ "folder": target.label }));
    trail::record(tx, actor, act).await.map(drop)
}

/// Marks a message as answered on the server, where other programs show it.
pub async fn set_answered(tx: &mut Tx, network: Id, message: Id, now: Timestamp) -> Result<()> {
    let places: Vec<Place> = tx.all_in(network, "message_id", &[message]).await?;
    let Some(mailbox) = shared_mailbox::of(tx, network).await? else { return Ok(()) };
    let wanted = places.iter().filter(|place| !place.answered).map(|place| Wanted {
        verb: "flag",
        at: Some((place.folder_id, place.uid)),
        argument: "\\Answered".to_owned(),
    });
    give(tx, network, mailbox.id, now, wanted.collect()).await?;
    let sql = sql!("update mail_place set answered = true where network_id = $1 and message_id = $2");
    tx.run(sql, args![network, message]).await.map(drop)
}
