//! `/contact`: to write to the coordination, and the page that thanks.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::{go, page, page_with, refused};
use kit::{Cx, Fields, Result};

use super::guard;
use super::public_message::{self, PublicMessage};
use crate::features::publications::place;

/// Longest message, in characters.
pub const MOST_BODY: usize = 4000;
pub const THANKS: &str = "/contact/merci";

#[derive(Template)]
#[template(path = "public_messages/contact.html")]
struct ContactPage {
    frame: Frame,
    form: Fields,
    drawn: String,
    body: Option<String>,
    own: Option<String>,
}

#[derive(Template)]
#[template(path = "public_messages/thanks.html")]
struct ThanksPage {
    frame: Frame,
}

async fn contact_page(cx: &Cx, form: Fields) -> Result<ContactPage> {
    let mut tx = cx.read().await?;
    Ok(ContactPage {
        own: place::own_text(cx, &mut tx, "contact").await?,
        frame: cx
            .frame("Écrire à la coordination")
            .describe("Une question sur les Promeneurs du Net\u{a0}: écrivez à la coordination du réseau."),
        form,
        drawn: guard::drawn_now(cx),
        body: cx.network.settings().coordinating_body,
    })
}

pub async fn show(cx: Cx) -> Result<Response> {
    Ok(page(&contact_page(&cx, Fields::default()).await?))
}

pub async fn thank(cx: Cx) -> Result<Response> {
    Ok(page(&ThanksPage { frame: cx.frame("Votre message est bien arrivé").hide() }))
}

pub async fn send(cx: Cx, mut form: Fields) -> Result<Response> {
    let mut message = PublicMessage::new(cx.network.id, cx.now, "contact");
    message.name = form.text("nom", 120).unwrap_or_default();
    read_sender(&mut form, &mut message);
    guard::look_at(&cx, &mut form, &["nom"]);
    if form.check().is_err() {
        return Ok(refused(&contact_page(&cx, form).await?));
    }
    match keep(&cx, &message).await? {
        true => Ok(go(THANKS)),
        false => {
            form.reject("message", guard::WAIT);
            Ok(page_with(StatusCode::TOO_MANY_REQUESTS, &contact_page(&cx, form).await?))
        }
    }
}

/// What both forms ask: where to answer, and the message.
pub(super) fn read_sender(form: &mut Fields, message: &mut PublicMessage) {
    match form.email("courriel") {
        Some(email) => message.email = email,
        None => form.reject("courriel", "Indiquez l’adresse à laquelle vous répondre."),
    }
    match form.watched("message", MOST_BODY, None) {
        Some(body) => message.body = body,
        None => form.reject("message", "Écrivez votre message."),
    }
}

/// Stores a message, unless too many came from there.
pub(super) async fn keep(cx: &Cx, message: &PublicMessage) -> Result<bool> {
    let actor = cx.actor();
    let mut tx = cx.write().await?;
    if !guard::may_send(&mut tx, &actor).await? {
        return Ok(false);
    }
    public_message::receive(&mut tx, &actor, &cx.network, message, &cx.link_base()).await?;
    tx.commit().await?;
    Ok(true)
}
