//! `/espace/accompagnement/relais`: the network's own relays, by name, with what is due for a check.

use askama::Template;
use axum::response::Response;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::web::respond::page;
use kit::{Choice, Cx, Result};

use super::entry::Entry;
use super::policy::{Want, may, require};
use super::relay::{self, Relay, THEMES};
use crate::features::directory::office_hours::Moment;

struct Row {
    relay: Relay,
    entry: Entry,
}

#[derive(Template)]
#[template(path = "relays/relays.html")]
struct RelaysPage {
    frame: Frame,
    rows: Vec<Row>,
    q: String,
    theme: String,
    themes: Vec<Choice>,
    retired: bool,
    next_url: Option<String>,
    may_keep: bool,
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::Read)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    let named = kit::text::fold(query.get("q"));
    let theme = Some(query.get("theme")).filter(|theme| !theme.is_empty());
    let retired = query.get("etat") == "retires";
    let cursor = Cursor::read(query.get("apres"));
    let after = (cursor.key.as_deref().unwrap_or_default(), cursor.id.as_deref().unwrap_or_default());
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let found = match retired {
        true => relay::page_of_retired(&mut tx, cx.network.id, &named, theme, after, most).await?,
        false => relay::page(&mut tx, cx.network.id, &named, theme, after, most).await?,
    };
    let (found, next) = pager::page(found, PAGE, |relay| (relay.name_key.clone(), relay.id.to_string()));
    let moment = Moment::of(&cx.network, cx.now);
    let rows = found.into_iter().map(|relay| Row { entry: Entry::local(&relay, &moment), relay }).collect();
    Ok(page(&RelaysPage {
        frame: cx.frame("Relais"),
        rows,
        q: query.get("q").to_owned(),
        theme: query.get("theme").to_owned(),
        themes: relay::choices(&THEMES),
        retired,
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        may_keep: may(visitor, Want::Keep),
    }))
}
