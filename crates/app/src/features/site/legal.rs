//! `/mentions-legales`, `/donnees-personnelles`, `/accessibilite`: what the law asks a site to say, as the network
//! wrote it, else drawn from the settings and from what the program really does.

use askama::Template;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result};

use crate::features::publications::place;

#[derive(Template)]
#[template(path = "site/legal.html")]
struct LegalPage {
    frame: Frame,
    title: &'static str,
    text: String,
}

pub async fn notice(cx: Cx) -> Result<Response> {
    show(&cx, "legal", "Mentions légales", "Qui publie et qui héberge ce site.").await
}

pub async fn personal_data(cx: Cx) -> Result<Response> {
    let about = "Ce que ce site sait de vous, pourquoi, combien de temps, et comment exercer vos droits.";
    show(&cx, "privacy", "Données personnelles", about).await
}

pub async fn accessibility(cx: Cx) -> Result<Response> {
    let about = "Où en est l’accessibilité de ce site, et que faire si une page vous résiste.";
    show(&cx, "accessibility", "Accessibilité", about).await
}

async fn show(cx: &Cx, code: &str, title: &'static str, about: &str) -> Result<Response> {
    let mut tx = cx.read().await?;
    let text = place::whole_text(cx, &mut tx, code).await?;
    Ok(page(&LegalPage { frame: cx.frame(title).describe(about), title, text }))
}
