//! `/ressources`: what the network recommends to read, in its own words.

use askama::Template;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result};

use crate::features::publications::place;

#[derive(Template)]
#[template(path = "site/resources.html")]
struct ResourcesPage {
    frame: Frame,
    own: Option<String>,
}

pub async fn show(cx: Cx) -> Result<Response> {
    let mut tx = cx.read().await?;
    let own = place::own_text(&cx, &mut tx, "resources").await?;
    let frame = cx.frame("Ressources").describe("Ce que le réseau conseille de lire, voir et essayer.");
    Ok(page(&ResourcesPage { frame, own }))
}
