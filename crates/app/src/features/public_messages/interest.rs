//! `/devenir-promeneur`: how one becomes a promeneur, step by step, and a form to say that one would like to.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::{go, page, page_with, refused};
use kit::{Cx, Fields, Result};

use super::contact::{THANKS, keep, read_sender};
use super::guard;
use super::public_message::PublicMessage;
use crate::features::directory::cleaning::phone;
use crate::features::publications::place;

#[derive(Template)]
#[template(path = "public_messages/interest.html")]
struct InterestPage {
    frame: Frame,
    form: Fields,
    drawn: String,
    own: Option<String>,
}

async fn interest_page(cx: &Cx, form: Fields) -> Result<InterestPage> {
    let mut tx = cx.read().await?;
    Ok(InterestPage {
        own: place::own_text(cx, &mut tx, "join").await?,
        frame: cx.frame("Devenir Promeneur du Net").describe(
            "Professionnels de la jeunesse et de la parentalité\u{a0}: comment rejoindre le réseau, étape par étape.",
        ),
        form,
        drawn: guard::drawn_now(cx),
    })
}

pub async fn show(cx: Cx) -> Result<Response> {
    Ok(page(&interest_page(&cx, Fields::default()).await?))
}

pub async fn send(cx: Cx, mut form: Fields) -> Result<Response> {
    let mut message = PublicMessage::new(cx.network.id, cx.now, "interest");
    message.name = form.required("nom", 120, "Indiquez votre nom.");
    message.phone = form.parse("telephone", phone::read);
    message.structure = Some(form.required("structure", 160, "Indiquez la structure qui vous emploie."));
    message.commune = form.text("commune", 120);
    message.job_title = form.text("fonction", 120);
    read_sender(&mut form, &mut message);
    guard::look_at(&cx, &mut form, &["nom", "structure", "commune", "fonction"]);
    if form.check().is_err() {
        return Ok(refused(&interest_page(&cx, form).await?));
    }
    match keep(&cx, &message).await? {
        true => Ok(go(THANKS)),
        false => {
            form.reject("message", guard::WAIT);
            Ok(page_with(StatusCode::TOO_MANY_REQUESTS, &interest_page(&cx, form).await?))
        }
    }
}
