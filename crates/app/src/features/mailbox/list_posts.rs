//! What is written to the address of a list, and arrives in the mailbox: sent on to the list, at once or once somebody agreed.

use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::jobs::{self, Job, Outcome};
use kit::mail::Attached;
use kit::markup::{self, Pictures};
use kit::web::respond::go_saying;
use kit::{App, Cx, Fields, Network, Result, Tx, network, tie};
use serde::{Deserialize, Serialize};

use super::ingest::{Fresh, Source};
use super::message::MailMessage;
use super::nature::Nature;
use super::policy::{Want, require};
use super::{body, quoting, reading, shared_mailbox, thread};
use crate::features::mailings::list_post::{self, Arrived, Content, ListPost};

/// Takes a message that was written to lists; says whether every one of them sends it on without being asked.
pub async fn take(tx: &mut Tx, app: &App, network: &Network, source: &Source, one: &Fresh) -> Result<bool> {
    let Some(read) = one.read.as_ref().filter(|_| one.message.nature() == Nature::Person) else {
        return Ok(false);
    };
    let people = one.message.recipients();
    let mut addresses: Vec<String> =
        people.to.into_iter().chain(people.cc).map(|(address, _)| address).collect();
    addresses.extend(read.delivered_to.iter().cloned());
    let lists = list_post::lists_at(tx, network.id, &source.address, &addresses).await?;
    let mut all_sent = !lists.is_empty();
    for list in &lists {
        let arrived = Arrived {
            thread_id: one.message.thread_id,
            message_id: one.message.id,
            author: one.message.from().to_owned(),
            author_email: one.message.sender_email.clone(),
            subject: one.message.subject.clone(),
            is_denied: read.is_denied,
        };
        let Some(post) = list_post::receive(tx, network, app.now(), list, arrived).await? else { continue };
        // Filed there, which also tells the page of the conversation that there is something to say of lists.
        let from = ("mail_thread", post.thread_id);
        tie::make(tx, network.id, app.now(), from, &list.subject(), &list.url()).await?;
        if post.state == "accepted" {
            jobs::add(tx, network.id, app.now(), &DistributePost { post_id: post.id }).await?;
        } else {
            all_sent = false;
        }
    }
    Ok(all_sent)
}

/// `…/liste`: agrees to a message that waits, or refuses it.
pub async fn settle(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let agreed = form.flag("diffuser");
    let post: Id = form.get("message").parse().map_err(|_| kit::Error::NotFound)?;
    let mut tx = cx.write().await?;
    let post = list_post::settle(&mut tx, &cx.actor(), post, agreed).await?;
    if post.thread_id != id {
        return Err(kit::Error::NotFound);
    }
    if agreed {
        jobs::add(&mut tx, cx.network.id, cx.now, &DistributePost { post_id: post.id }).await?;
        thread::set_state(&mut tx, &cx.actor(), id, "done").await?;
    }
    tx.commit().await?;
    let said = if agreed { "Le message part vers la liste." } else { "Le message n’ira pas à la liste." };
    Ok(go_saying(&thread::url(id), said))
}

/// Sends an accepted message on, with what is attached to it.
#[derive(Serialize, Deserialize)]
pub struct DistributePost {
    pub post_id: Id,
}

impl Job for DistributePost {
    const KIND: &'static str = "mailbox.distribute_post";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let mut tx = app.db.read().await?;
        let Some(post) = tx.all_in::<ListPost>(network, "id", &[self.post_id]).await?.pop() else {
            return Ok(Outcome::Done);
        };
        let Some(message) = tx.all_in::<MailMessage>(network, "id", &[post.message_id]).await?.pop() else {
            return Ok(Outcome::Done);
        };
        let Some((_, account)) = shared_mailbox::with_account(&mut tx, network).await? else {
            return Ok(Outcome::Done);
        };
        let found = network::by_id(&mut tx, network).await?;
        drop(tx);
        if post.state != "accepted" {
            return Ok(Outcome::Done);
        }
        let content = content(&app, network, &message).await?;
        let stored: Vec<String> = content.files.iter().map(|file| file.file.clone()).collect();
        let own = account.address.to_lowercase();
        let mut tx = app.db.write().await?;
        let sent = list_post::distribute(&mut tx, &found, app.now(), (&post, &own, account), content).await?;
        tx.commit().await?;
        if sent == 0 {
            // Another process was faster, or nobody is there: what was put aside for it is of no use.
            for file in stored {
                app.files.delete(network, &file).await?;
            }
        }
        Ok(Outcome::Done)
    }
}

/// What a message says, cleaned, and what is attached to it, stored apart.
async fn content(app: &App, network: Id, message: &MailMessage) -> Result<Content> {
    let raw = app.files.get(network, &message.raw).await?;
    let files = message.files();
    let (text, html, parts) = kit::heavy(move || {
        let parsed = reading::parse(&raw);
        let text = parsed.as_ref().map(reading::body_text).unwrap_or_default();
        let html = parsed.as_ref().and_then(body::html_of);
        let html = html
            .map_or_else(|| list_post::plain(&text), |html| markup::foreign(&html, Pictures::default()).html);
        let part = |file: reading::File| {
            let bytes = parsed.as_ref().and_then(|parsed| quoting::contents(parsed, file.part));
            bytes.map(|bytes| (file, bytes))
        };
        // Pictures of the text lose their place in it: they are sent on as files.
        let parts: Vec<_> = files.into_iter().filter_map(part).collect();
        (text, html, parts)
    })
    .await?;
    let mut attached = Vec::new();
    for (file, bytes) in parts {
        let size = bytes.len();
        let stored = app.files.put(network, bytes.into()).await?;
        attached.push(Attached { name: file.name, media_type: file.media_type, file: stored, size });
    }
    Ok(Content { text, html, files: attached, original: message.message_id.clone() })
}
