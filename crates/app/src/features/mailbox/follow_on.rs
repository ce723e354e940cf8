//! What a conversation is turned into: a task with a day, a line of the journal. Both stay tied to it.

use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::respond::go_saying;
use kit::{Actor, Cx, Error, Fields, Network, Result, Tx};

use super::filing;
use super::policy::{Want, require};
use super::thread::{self, Thread};
use crate::features::support::About;
use crate::features::support::activity_entry::{self, NewEntry};
use crate::features::support::task::{self, NewTask};

fn about(thread: &Thread) -> About {
    About::new("mail_thread", thread.id, thread.subject_line(), thread.url())
}

/// `…/tache`: something to do about it, for a day.
pub async fn add_task(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let actor = cx.actor();
    let mut tx = cx.write().await?;
    let thread: Thread = tx.get(cx.network.id, id).await?;
    let title = form.text("tache", 200).unwrap_or_else(|| thread.subject_line().to_owned());
    let due_on = form.date("echeance");
    if form.check().is_err() {
        return Err(Error::refused("Cette date n’existe pas : écrivez-la comme 03/12/2026."));
    }
    let new =
        NewTask { title, notes: None, due_on, assignee_id: actor.account_id, about: Some(about(&thread)) };
    let task = task::add(&mut tx, &actor, new).await?;
    filing::tie_to(&mut tx, &actor, id, &task.subject(), &task.url()).await?;
    tx.commit().await?;
    Ok(go_saying(&thread::url(id), "Tâche ajoutée : elle vous attend sur « Ma journée »."))
}

/// `…/journal`: a line of the journal, proposed for its duration to be said.
pub async fn add_entry(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    let thread: Thread = tx.get(cx.network.id, id).await?;
    propose(&mut tx, &cx.actor(), &cx.network, &thread).await?;
    tx.commit().await?;
    let said = "Ligne proposée : confirmez-la dans le journal, avec sa durée.";
    Ok(go_saying("/espace/accompagnement/journal", said))
}

/// Proposes the line that an answer is worth, once for each conversation.
pub async fn propose(tx: &mut Tx, actor: &Actor, network: &Network, thread: &Thread) -> Result<()> {
    let mut entry = NewEntry::new(network.today(actor.now), "mail", thread.subject_line().to_owned());
    entry.about = Some(about(thread));
    activity_entry::propose(tx, actor, entry.once(format!("mail_thread:{}", thread.id))).await.map(drop)
}
