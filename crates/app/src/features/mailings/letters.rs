//! `/espace/messagerie/lettres`: what was written to lists, the latest first.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{PAGE, with_params};
use kit::web::respond::{go, go_saying, page};
use kit::{Choice, Cx, Error, Fields, Result};

use super::lists::open;
use super::mailing::{self, Mailing};
use super::message_template;
use super::policy::{Want, require};
use crate::features::governance::consequence::{self, Tied};
use crate::features::governance::decision::Decision;

pub const URL: &str = "/espace/messagerie/lettres";

#[derive(Template)]
#[template(path = "mailings/letters.html")]
struct MailingsPage {
    frame: Frame,
    rows: Vec<Row>,
    form: Fields,
    /// The decision that what is begun here follows.
    follows: Option<Decision>,
    templates: Vec<Choice>,
    next_url: Option<String>,
}

struct Row {
    mailing: Mailing,
    url: String,
    when: String,
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = open(&cx).await?;
    let follows = consequence::asked(&mut tx, cx.network.id, query.0.get("decision")).await?;
    // The text is the decision's: no template has better words for it.
    let model = if follows.is_some() { "" } else { "lettre" };
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = mailing::latest(&mut tx, cx.network.id, query.0.get("apres").parse().ok(), most).await?;
    let templates = message_template::all(&mut tx, cx.network.id).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(page(&MailingsPage {
        frame: cx.frame("Lettres et messages"),
        rows: found.into_iter().map(|mailing| row(&cx, mailing)).collect(),
        form: Fields::of([("modele", model.to_owned())]),
        follows,
        templates: templates.into_iter().map(|kept| Choice::new(kept.code, kept.label)).collect(),
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
    }))
}

fn row(cx: &Cx, mailing: Mailing) -> Row {
    let zone = cx.network.zone();
    let when = match (mailing.scheduled_for, mailing.first_due) {
        (Some(at), _) => format!("Partira le {}", at.long_in(zone)),
        (None, Some(at)) => at.long_in(zone),
        (None, None) => format!("Modifiée le {}", mailing.updated_at.long_in(zone)),
    };
    let url = if mailing.is_draft() { mailing.url() } else { mailing.act_url("suivi") };
    Row { mailing, url, when }
}

/// A new draft, from a template or blank.
pub async fn write(cx: Cx, form: Fields) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::Keep)?;
    let mut tx = cx.write().await?;
    let follows = consequence::asked(&mut tx, cx.network.id, form.get("decision")).await?;
    let mut new = match form.get("modele") {
        "" => Mailing::blank(cx.network.id, cx.now, &visitor.name),
        code => {
            let kept = message_template::find(&mut tx, cx.network.id, code).await?;
            Mailing::from_template(cx.network.id, cx.now, &visitor.name, &kept)
        }
    };
    if let Some(decision) = &follows {
        new = new.telling(&decision.title(), &decision.text, cx.now);
    }
    let new = mailing::keep(&mut tx, &cx.actor(), None, new, "mailing.added").await?;
    if let Some(decision) = &follows {
        let tied = Tied { kind: "mailing", id: new.id, label: new.title(), url: new.url() };
        consequence::tie(&mut tx, &cx.actor(), decision, tied).await?;
    }
    tx.commit().await?;
    Ok(go(&new.url()))
}

/// A new draft that says what another one said.
pub async fn copy(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::Keep)?;
    let mut tx = cx.write().await?;
    let old = mailing::find(&mut tx, cx.network.id, id).await?;
    let new = Mailing {
        subject: old.subject,
        preheader: old.preheader,
        topic_id: old.topic_id,
        lists: old.lists,
        blocks: old.blocks,
        reply_to: old.reply_to,
        account_id: old.account_id,
        ..Mailing::blank(cx.network.id, cx.now, &visitor.name)
    };
    let new = mailing::keep(&mut tx, &cx.actor(), None, new, "mailing.added").await?;
    tx.commit().await?;
    Ok(go_saying(&new.url(), "Voici une copie, prête à être modifiée."))
}

pub async fn throw(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = mailing::find(&mut tx, cx.network.id, id).await?;
    if matches!(before.state.as_str(), "scheduled" | "sending") {
        return Err(Error::refused("Arrêtez d’abord l’envoi de cette lettre."));
    }
    let after = Mailing { deleted_at: Some(cx.now), ..before.clone() };
    mailing::keep(&mut tx, &cx.actor(), Some(&before), after, "mailing.trashed").await?;
    tx.commit().await?;
    Ok(go_saying(URL, "La lettre est à la corbeille, pour 30 jours."))
}

pub async fn restore(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before: Mailing = tx.get(cx.network.id, id).await?;
    if before.deleted_at.is_none() {
        return Err(Error::NotFound);
    }
    let after = Mailing { deleted_at: None, ..before.clone() };
    mailing::keep(&mut tx, &cx.actor(), Some(&before), after, "mailing.restored").await?;
    tx.commit().await?;
    Ok(go_saying(URL, "La lettre est de retour."))
}
