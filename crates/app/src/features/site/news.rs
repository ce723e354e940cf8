//! `/actualites` and `/actualites.atom`: the news of the network, the latest first.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::with_params;
use kit::web::respond::page;
use kit::{Cx, Error, Result};

use crate::features::publications::{self, Entry, Teaser};

/// News of a page of the list, and of the feed.
const MOST: usize = 12;
const MOST_IN_FEED: i64 = 20;

#[derive(Template)]
#[template(path = "site/news.html")]
struct NewsPage {
    frame: Frame,
    news: Vec<Teaser>,
    next_url: Option<String>,
}

#[derive(Template)]
#[template(path = "site/news.atom.xml", escape = "html")]
struct Feed {
    origin: String,
    of: String,
    author: String,
    updated: String,
    entries: Vec<Entry>,
}

pub async fn show(cx: Cx, query: Query) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (news, next) = publications::latest_news(&cx, &mut tx, query.0.get("apres"), MOST).await?;
    let frame = cx.frame("Actualités").describe("Les nouvelles des Promeneurs du Net du département.");
    let next_url = next.map(|next| with_params(&cx.uri, &[("apres", &next)]));
    Ok(page(&NewsPage { frame, news, next_url }))
}

pub async fn feed(cx: Cx) -> Result<Response> {
    let mut tx = cx.read().await?;
    let entries = publications::entries(&cx, &mut tx, MOST_IN_FEED).await?;
    let of = cx.network.of();
    let author = cx.network.settings().coordinating_body.unwrap_or_else(|| format!("Promeneurs du Net {of}"));
    let latest = entries.iter().map(|entry| entry.updated.clone()).max();
    let updated = latest.unwrap_or_else(|| cx.network.created_at.iso());
    let feed = Feed { origin: cx.origin.clone(), of, author, updated, entries };
    let text = feed.render().map_err(Error::bug)?;
    Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], text).into_response())
}
