//! `/espace/communication/messages/{id}`: one message, to answer and to mark as dealt with.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::encoding::percent_encode;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page};
use kit::{Cx, Result};

use super::policy::{Want, require};
use super::public_message::{self, PublicMessage};
use crate::features::directory::cleaning::phone;

const LIST: &str = "/espace/communication/messages";

#[derive(Template)]
#[template(path = "public_messages/message.html")]
struct MessagePage {
    frame: Frame,
    message: PublicMessage,
    phone: String,
    received: String,
    handled: String,
    reply: String,
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    let message: PublicMessage = tx.get(cx.network.id, id).await?;
    let zone = cx.network.zone();
    Ok(page(&MessagePage {
        frame: cx.frame(format!("Message de {}", message.from())),
        phone: message.phone.as_deref().map(phone::display).unwrap_or_default(),
        received: message.received_at.long_in(zone),
        handled: message.handled_at.map(|at| at.long_in(zone)).unwrap_or_default(),
        reply: reply(&message),
        message,
    }))
}

/// Opens an answer in the mail program. An address may hold `?`, which must not add anything to the link.
fn reply(message: &PublicMessage) -> String {
    let (local, domain) = message.email.rsplit_once('@').unwrap_or((&message.email, ""));
    let subject = percent_encode("Votre message aux Promeneurs du Net");
    format!("mailto:{}@{}?subject={subject}", percent_encode(local), percent_encode(domain))
}

pub async fn handle(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Handle)?;
    let mut tx = cx.write().await?;
    public_message::handle(&mut tx, &cx.actor(), &cx.network, id).await?;
    tx.commit().await?;
    Ok(go_saying(LIST, "Message traité."))
}

pub async fn reopen(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Handle)?;
    let mut tx = cx.write().await?;
    public_message::reopen(&mut tx, &cx.actor(), &cx.network, id).await?;
    tx.commit().await?;
    Ok(go_saying(&format!("{LIST}/{id}"), "Message remis parmi ceux à traiter."))
}
