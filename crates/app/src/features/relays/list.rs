//! `/espace/accompagnement/relais`: the network's own relays, by name, with what is due for a check.

use askama::Template;
use axum::response::Response;
use kit::db::Date;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::web::respond::page;
use kit::{Choice, Cx, Result};

use super::entry::Entry;
use super::policy::{Want, may, require};
use super::relay::{self, Relay, THEMES};
use crate::features::directory::export::Table;
use crate::features::directory::file;
use crate::features::directory::office_hours::Moment;

/// An export holds at most this many.
const MOST_EXPORTED: i64 = 10_000;

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
    csv_url: String,
    xlsx_url: String,
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
    let most = match query.has("format") {
        true => MOST_EXPORTED,
        false => i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
    };
    let found = match retired {
        true => relay::page_of_retired(&mut tx, cx.network.id, &named, theme, after, most).await?,
        false => relay::page(&mut tx, cx.network.id, &named, theme, after, most).await?,
    };
    let moment = Moment::of(&cx.network, cx.now);
    if query.has("format") {
        return file(query.get("format"), &table(&cx, &found, &moment));
    }
    let (found, next) = pager::page(found, PAGE, |relay| (relay.name_key.clone(), relay.id.to_string()));
    let rows = found.into_iter().map(|relay| Row { entry: Entry::local(&relay, &moment), relay }).collect();
    let export = |format: &str| with_params(&cx.uri, &[("apres", ""), ("format", format)]);
    Ok(page(&RelaysPage {
        frame: cx.frame("Relais"),
        rows,
        q: query.get("q").to_owned(),
        theme: query.get("theme").to_owned(),
        themes: relay::choices(&THEMES),
        retired,
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        may_keep: may(visitor, Want::Keep),
        csv_url: export("csv"),
        xlsx_url: export("xlsx"),
    }))
}

/// The relays as a table, hours on one line.
fn table(cx: &Cx, relays: &[Relay], moment: &Moment) -> Table {
    let headings = [
        "Nom",
        "Thème",
        "Public",
        "Téléphone",
        "Courriel",
        "Site",
        "Adresse",
        "Commune",
        "Horaires",
        "Coût",
        "Description",
        "Source",
        "Vérifié le",
    ];
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let rows = relays
        .iter()
        .map(|relay| {
            let entry = Entry::local(relay, moment);
            vec![
                entry.name,
                entry.theme.to_owned(),
                entry.audience.to_owned(),
                entry.phone.map(|(shown, _)| shown).unwrap_or_default(),
                text(&relay.email),
                text(&relay.url),
                text(&relay.address),
                text(&relay.commune),
                entry.hours.join(", "),
                entry.cost,
                entry.description,
                entry.source,
                relay.verified_on.map(Date::short).unwrap_or_default(),
            ]
        })
        .collect();
    Table {
        name: format!("relais-{}-{}", cx.network.code, moment.today),
        headings: headings.map(str::to_owned).to_vec(),
        rows,
    }
}
