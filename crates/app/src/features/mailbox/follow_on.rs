//! What a conversation is turned into: a task with a day, a question, a line of the journal. All stay tied to it.

use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::respond::go_saying;
use kit::{Actor, Cx, Error, Fields, Network, Result, Tx};

use super::message::MailMessage;
use super::policy::{Want, require};
use super::thread::{self, Thread};
use super::{filing, senders};
use crate::features::questions::Asker;
use crate::features::questions::asker::Sheet;
use crate::features::questions::question::{self, NewQuestion, Question};
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

/// `…/question`: something to answer. One that waits for its answer already is gone back to.
pub async fn add_question(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let mut tx = cx.write().await?;
    let about_it = question::of_object(&mut tx, cx.network.id, "mail_thread", id).await?;
    if let Some(waiting) = about_it.iter().find(|question| question.is_open()) {
        let said = "Cette conversation a déjà sa question, qui attend une réponse.";
        return Ok(go_saying(&waiting.url(), said));
    }
    let question = ask(&mut tx, &cx.actor(), &cx.network, id).await?;
    tx.commit().await?;
    Ok(go_saying(&question.url(), "Question ajoutée\u{a0}: précisez sa catégorie, puis répondez-y."))
}

/// Makes a question of a conversation: its subject, who wrote last and when, and nothing of what was written.
pub async fn ask(tx: &mut Tx, actor: &Actor, network: &Network, id: Id) -> Result<Question> {
    let thread: Thread = tx.get(network.id, id).await?;
    let messages: Vec<MailMessage> = tx.all_in(network.id, "thread_id", &[id]).await?;
    if messages.iter().any(|message| message.young) {
        // National charter, art. 3: nothing of it may be kept beyond the answer, the subject and the name included.
        return Err(Error::refused(
            "Un message de cette conversation semble venir d’un jeune\u{a0}: rien ne doit en être recopié.",
        ));
    }
    let received = messages.into_iter().filter(|message| !message.is_out());
    let last = received
        .max_by_key(|message| (message.sent_at, message.id))
        .ok_or_else(|| Error::refused("Cette conversation ne contient aucun message reçu."))?;
    let sheet = last.sender_id.map(|sheet| {
        let url = senders::url(&last.sender_kind, sheet);
        Sheet { kind: last.sender_kind.clone(), id: sheet, url }
    });
    let new = NewQuestion {
        title: thread.subject_line().chars().take(question::MOST_TITLE).collect(),
        body: None,
        category: "other".to_owned(),
        channel: "mail".to_owned(),
        // A clock that is fast elsewhere makes no day to come here.
        asked_on: network.day_of(last.sent_at).min(network.today(actor.now)),
        asker: Asker { name: last.from().chars().take(question::MOST_NAME).collect(), sheet },
        about: Some(about(&thread)),
    };
    let question = question::add(tx, actor, new).await?;
    filing::tie_to(tx, actor, id, &question.subject(), &question.url()).await?;
    Ok(question)
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
