//! `/actualites` and `/actualites.atom`: the news of the network. Nothing is published yet.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Error, Result};

use super::network::of;

#[derive(Template)]
#[template(path = "site/news.html")]
struct NewsPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "site/news.atom.xml", escape = "html")]
struct Feed {
    origin: String,
    of: String,
    author: String,
    updated: String,
}

pub async fn show(cx: Cx) -> Result<Response> {
    let frame = cx.frame("Actualités").describe("Les nouvelles des Promeneurs du Net du département.");
    Ok(page(&NewsPage { frame }))
}

pub async fn feed(cx: Cx) -> Result<Response> {
    let of = of(&cx.network.code, &cx.network.name);
    let author = cx.network.settings().coordinating_body.unwrap_or_else(|| format!("Promeneurs du Net {of}"));
    let feed = Feed { origin: cx.origin.clone(), of, author, updated: cx.network.created_at.iso() };
    let text = feed.render().map_err(Error::bug)?;
    Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], text).into_response())
}
