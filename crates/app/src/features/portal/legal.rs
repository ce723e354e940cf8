//! `/mentions-legales` of the portal: who publishes and hosts it, as its settings say (law 2004-575, art. 1-1).

use askama::Template;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result};

#[derive(Template)]
#[template(path = "portal/legal.html")]
struct LegalPage {
    frame: Frame,
    publisher: Option<String>,
    hosting: Option<String>,
}

pub async fn show(cx: Cx) -> Result<Response> {
    let frame = cx.frame("Mentions légales").describe("Qui publie et qui héberge ce portail.");
    let config = &cx.app.config;
    let (publisher, hosting) = (config.portal_publisher.clone(), config.portal_hosting.clone());
    Ok(page(&LegalPage { frame, publisher, hosting }))
}
