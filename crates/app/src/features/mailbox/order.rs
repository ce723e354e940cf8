//! Orders: what is still to be done on the server for what was done here. They are kept until the server took them; here
//! everything is at once as it will be.

use kit::db::{Id, Timestamp};
use kit::mail::MailAccount;
use kit::trail::{self, Act};
use kit::{Actor, Error, Result, Tx, args, sql};
use serde_json::json;

use super::message::Place;
use super::places;
use super::shared_mailbox::{self, Folder, Mailbox};
use super::thread::{self, Thread};

/// After so many refusals, over a day and a half, an order is tried no more by itself.
const MOST_ATTEMPTS: i64 = 11;

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
        pub due_at: Timestamp,
    }
}

impl Order {
    /// What was to be done, for a reader.
    pub fn label(&self) -> &'static str {
        match (self.verb.as_str(), self.argument.as_str()) {
            ("flag", "\\Seen") => "Marquer un message comme lu",
            ("unflag", "\\Seen") => "Marquer un message comme non lu",
            ("flag", "\\Answered") => "Marquer un message comme répondu",
            ("flag" | "unflag", _) => "Changer la marque d’un message",
            ("move", _) => "Ranger un message dans un autre dossier",
            ("erase", _) => "Effacer un message",
            ("file_sent", _) => "Ranger un message envoyé parmi les envoyés",
            ("store_draft", _) => "Garder un brouillon parmi les brouillons",
            _ => "Retirer un brouillon",
        }
    }

    /// It is tried no more by itself.
    pub fn is_given_up(&self) -> bool {
        self.attempts >= MOST_ATTEMPTS
    }
}

/// The orders of a mailbox that are due, oldest first. What the server refuses waits longer each time, and in the end is
/// left: it must not hold up the rest.
pub async fn next(tx: &mut Tx, network: Id, mailbox: Id, now: Timestamp, most: i64) -> Result<Vec<Order>> {
    let sql = sql!(
        "select network_id, id, mailbox_id, verb, folder_id, uid, argument, attempts, error, created_at, due_at ",
        "from mail_order where network_id = $1 and mailbox_id = $2 and attempts < $3 and due_at <= $4 ",
        "order by id limit $5"
    );
    tx.all(sql, args![network, mailbox, MOST_ATTEMPTS, now, most]).await
}

/// What the server refused so far, oldest first.
pub async fn refused(tx: &mut Tx, network: Id, mailbox: Id) -> Result<Vec<Order>> {
    let sql = sql!(
        "select network_id, id, mailbox_id, verb, folder_id, uid, argument, attempts, error, created_at, due_at ",
        "from mail_order where network_id = $1 and mailbox_id = $2 and attempts > 0 order by id limit 50"
    );
    tx.all(sql, args![network, mailbox]).await
}

/// Notes that an order was carried out, or why not.
pub async fn note(tx: &mut Tx, order: &Order, now: Timestamp, outcome: Result<(), String>) -> Result<()> {
    match outcome {
        Ok(()) => tx.delete::<Order>(order.network_id, order.id).await.map(drop),
        Err(reason) => {
            let attempts = order.attempts + 1;
            let sql = sql!(
                "update mail_order set attempts = $3, error = $4, due_at = $5 where network_id = $1 and id = $2"
            );
            let due = now.plus_minutes(1 << attempts.clamp(0, 10));
            tx.run(sql, args![order.network_id, order.id, attempts, reason, due]).await.map(drop)
        }
    }
}

/// Tries at once what the server refused.
pub async fn retry(tx: &mut Tx, actor: &Actor, mailbox: &Mailbox, account: &MailAccount) -> Result<()> {
    let sql = sql!(
        "update mail_order set attempts = 0, error = null, due_at = 0 ",
        "where network_id = $1 and mailbox_id = $2 and attempts > 0"
    );
    tx.run(sql, args![actor.network_id, mailbox.id]).await?;
    tx.wake_jobs();
    let act = Act::new("mailbox.orders_retried", mailbox.subject(account));
    trail::record(tx, actor, act).await.map(drop)
}

/// Leaves on the server as it is what it refused.
pub async fn drop_refused(
    tx: &mut Tx,
    actor: &Actor,
    mailbox: &Mailbox,
    account: &MailAccount,
) -> Result<()> {
    let sql = sql!("delete from mail_order where network_id = $1 and mailbox_id = $2 and attempts > 0");
    tx.run(sql, args![actor.network_id, mailbox.id]).await?;
    let act = Act::new("mailbox.orders_dropped", mailbox.subject(account));
    trail::record(tx, actor, act).await.map(drop)
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
            due_at: now,
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
