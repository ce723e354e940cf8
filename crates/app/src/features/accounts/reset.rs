//! `/connexion/oubli`: a forgotten password. The new one is chosen through the link received.

use askama::Template;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Fields, Result};

use super::link::Purpose;
use super::magic_link;

#[derive(Template)]
#[template(path = "accounts/reset.html")]
struct ForgottenPage {
    frame: Frame,
    form: Fields,
}

pub async fn show(cx: Cx) -> Result<Response> {
    Ok(page(&ForgottenPage { frame: cx.frame("Mot de passe oublié").hide(), form: Fields::default() }))
}

pub async fn ask(cx: Cx, form: Fields) -> Result<Response> {
    magic_link::send(&cx, &form, Purpose::Reset).await
}
