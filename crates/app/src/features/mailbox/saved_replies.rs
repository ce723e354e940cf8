//! `/espace/messagerie/reponses`: texts that are sent again and again.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Cx, Error, Fields, Result, markup};

use super::policy::{Want, require};
use super::saved_reply::{self, SavedReply, WORDS, unknown_words};

const URL: &str = "/espace/messagerie/reponses";

#[derive(Template)]
#[template(path = "mailbox/saved_replies.html")]
struct RepliesPage {
    frame: Frame,
    replies: Vec<(SavedReply, String)>,
}

#[derive(Template)]
#[template(path = "mailbox/saved_reply.html")]
struct ReplyPage {
    frame: Frame,
    form: Fields,
    action: String,
    stored: Option<Id>,
    words: &'static [(&'static str, &'static str)],
}

pub async fn list(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let replies = saved_reply::all(&mut cx.read().await?, cx.network.id).await?;
    let replies =
        replies.into_iter().map(|reply| (reply.clone(), markup::excerpt(&reply.body, 140))).collect();
    Ok(page(&RepliesPage { frame: cx.frame("Réponses types"), replies }))
}

fn form_page(cx: &Cx, form: Fields, stored: Option<Id>) -> ReplyPage {
    let action = stored.map_or_else(|| format!("{URL}/nouvelle"), |id| format!("{URL}/{id}/modifier"));
    let title = if stored.is_some() { "Modifier la réponse type" } else { "Nouvelle réponse type" };
    ReplyPage { frame: cx.frame(title), form, action, stored, words: &WORDS }
}

fn fields(reply: &SavedReply) -> Fields {
    Fields::of([
        ("nom", reply.name.clone()),
        ("corps", reply.body.clone()),
        ("version", reply.version.to_string()),
    ])
}

pub async fn blank(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    Ok(page(&form_page(&cx, Fields::default(), None)))
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let reply: SavedReply = cx.read().await?.get(cx.network.id, id).await?;
    Ok(page(&form_page(&cx, fields(&reply), Some(id))))
}

/// Name and body, each error beside its field.
fn read(form: &mut Fields) -> (String, String) {
    let name = form.required("nom", 120, "Donnez un nom à cette réponse.");
    let body = markup::read(form.get("corps"));
    if markup::text(&body).trim().is_empty() {
        form.reject("corps", "Écrivez le texte de la réponse.");
    }
    if let Some(word) = unknown_words(&body).first() {
        form.reject("corps", format!("« {{{{{word}}}}} » n’est pas un mot connu : voyez la liste."));
    }
    (name, body)
}

pub async fn add(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let (name, body) = read(&mut form);
    if form.check().is_err() {
        return Ok(refused(&form_page(&cx, form, None)));
    }
    let mut reply = SavedReply {
        network_id: cx.network.id,
        id: Id::new(cx.now),
        name,
        body,
        used: 0,
        created_at: cx.now,
        version: 1,
    };
    let mut tx = cx.write().await?;
    match saved_reply::keep(&mut tx, &cx.actor(), &mut reply, true).await {
        Err(Error::Taken(_)) => {
            drop(tx);
            form.reject("nom", "Une autre réponse porte déjà ce nom.");
            return Ok(refused(&form_page(&cx, form, None)));
        }
        kept => kept?,
    }
    tx.commit().await?;
    Ok(go_saying(URL, "Réponse type ajoutée."))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let mut tx = cx.write().await?;
    let mut reply: SavedReply = tx.get(cx.network.id, id).await?;
    if !form.is_fresh(&fields(&reply)) {
        return Ok(conflict(&form_page(&cx, form, Some(id))));
    }
    let (name, body) = read(&mut form);
    if form.check().is_err() {
        return Ok(refused(&form_page(&cx, form, Some(id))));
    }
    (reply.name, reply.body) = (name, body);
    match saved_reply::keep(&mut tx, &cx.actor(), &mut reply, false).await {
        Err(Error::Taken(_)) => {
            drop(tx);
            form.reject("nom", "Une autre réponse porte déjà ce nom.");
            return Ok(refused(&form_page(&cx, form, Some(id))));
        }
        kept => kept?,
    }
    tx.commit().await?;
    Ok(go_saying(URL, "Réponse type enregistrée."))
}

pub async fn remove(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::SetUp)?;
    let mut tx = cx.write().await?;
    saved_reply::remove(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Réponse type supprimée."))
}
