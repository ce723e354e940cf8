//! Erasing a conversation for good, here and on the server: for what a young person wrote, of which nothing is kept
//! (national charter, art. 3), and for whoever asks that what they wrote be erased (GDPR, art. 17).

use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, fulltext};
use kit::trail::{self, Act, Subject};
use kit::web::respond::go_saying;
use kit::{Actor, Cx, Error, Result, Tx, args, sql, tie};

use super::draft::Draft;
use super::message::{MailMessage, MailText, Place};
use super::order::{self, Wanted};
use super::places::{self, ThreadFolder};
use super::policy::{Want, require};
use super::shared_mailbox;
use super::thread::Thread;
use crate::features::mailings::list_post;

/// Erases a conversation, and returns the stored files that go with it.
pub async fn erase_thread(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Vec<String>> {
    let network = actor.network_id;
    tx.get::<Thread>(network, id).await?;
    let mailbox = shared_mailbox::of(tx, network).await?.ok_or(Error::NotFound)?;
    let messages: Vec<MailMessage> = tx.all_in(network, "thread_id", &[id]).await?;
    let all: Vec<Place> = tx.all_in(network, "thread_id", &[id]).await?;
    let wanted = all.iter().map(|place| Wanted {
        verb: "erase",
        at: Some((place.folder_id, place.uid)),
        argument: String::new(),
    });
    order::give(tx, network, mailbox.id, actor.now, wanted.collect()).await?;
    for place in &all {
        places::remove(tx, network, place.folder_id, &[place.uid]).await?;
    }
    let ids: Vec<Id> = messages.iter().map(|m| m.id).collect();
    fulltext::forget(tx, network, "mail_message", &ids).await?;
    tx.delete_in::<MailText>(network, "id", &ids).await?;
    tx.delete_in::<Draft>(network, "thread_id", &[id]).await?;
    tx.delete_in::<MailMessage>(network, "thread_id", &[id]).await?;
    list_post::forget(tx, network, id).await?;
    tx.delete_in::<ThreadFolder>(network, "thread_id", &[id]).await?;
    for tied in tie::of(tx, network, ("mail_thread", id)).await? {
        tie::undo(tx, network, ("mail_thread", id), tied.id).await?;
    }
    let references = sql!("delete from mail_reference where network_id = $1 and thread_id = $2");
    let notes = sql!("delete from mail_note where network_id = $1 and thread_id = $2");
    let presence = sql!("delete from mail_presence where network_id = $1 and thread_id = $2");
    for sql in [references, notes, presence] {
        tx.run(sql, args![network, id]).await?;
    }
    tx.delete::<Thread>(network, id).await?;
    // Nothing of what it said stays in the trail: that it was erased, and no more.
    let act = Act::new("mail_thread.erased", Subject::new("mail_thread", id, "Conversation effacée"));
    trail::record(tx, actor, act).await?;
    Ok(messages.into_iter().map(|m| m.raw).collect())
}

pub async fn erase(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    let files = erase_thread(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    for file in files {
        cx.app.files.delete(cx.network.id, &file).await?;
    }
    Ok(go_saying("/espace/messagerie/boite", "La conversation est effacée, ici et dans la boîte."))
}
