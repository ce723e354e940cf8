//! `/ressources`: what the network recommends to read. Nothing is published yet.

use askama::Template;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result};

#[derive(Template)]
#[template(path = "site/resources.html")]
struct ResourcesPage {
    frame: Frame,
}

pub async fn show(cx: Cx) -> Result<Response> {
    let frame = cx.frame("Ressources").describe("Ce que le réseau conseille de lire, voir et essayer.");
    Ok(page(&ResourcesPage { frame }))
}
