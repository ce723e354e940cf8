//! `/espace/agenda/sondages`: the polls that are under way, then those that ended.

use askama::Template;
use axum::response::Response;
use kit::db::Timestamp;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::web::respond::page;
use kit::{Cx, Result};

use super::date_poll::{self, Counted, DatePoll};
use super::policy::{Want, may, require};
use crate::features::directory::export::Table;
use crate::features::directory::file;
use crate::features::support::duration;

/// Polls under way that the page shows.
const MOST_CURRENT: i64 = 100;
/// An export holds at most this many, under way and ended each.
const MOST_EXPORTED: i64 = 2_000;
/// After every moment.
const END: Timestamp = Timestamp(i64::MAX);

struct Row {
    counted: Counted,
    /// The last day to answer, or the date that was chosen.
    when: String,
}

impl Row {
    fn poll(&self) -> &DatePoll {
        &self.counted.poll
    }
}

#[derive(Template)]
#[template(path = "agenda/polls.html")]
struct PollsPage {
    frame: Frame,
    current: Vec<Row>,
    past: Vec<Row>,
    next_url: Option<String>,
    first_url: Option<String>,
    csv_url: String,
    xlsx_url: String,
    may_keep: bool,
}

impl PollsPage {
    fn is_empty(&self) -> bool {
        self.current.is_empty() && self.past.is_empty()
    }
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::Read)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    if query.has("format") {
        let mut all = date_poll::current(&mut tx, cx.network.id, MOST_EXPORTED).await?;
        all.extend(date_poll::past(&mut tx, cx.network.id, (END, ""), MOST_EXPORTED).await?);
        return file(query.get("format"), &table(&cx, &all));
    }
    let cursor = Cursor::read(query.get("apres"));
    let current = match cursor.id {
        None => date_poll::current(&mut tx, cx.network.id, MOST_CURRENT).await?,
        Some(_) => Vec::new(),
    };
    let key = cursor.key.as_deref().and_then(|key| key.parse().ok()).map_or(END, Timestamp);
    let before = (key, cursor.id.as_deref().unwrap_or_default());
    let one_more = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let past = date_poll::past(&mut tx, cx.network.id, before, one_more).await?;
    let place =
        |one: &Counted| (one.poll.ended_at.unwrap_or_default().0.to_string(), one.poll.id.to_string());
    let (past, next) = pager::page(past, PAGE, place);
    let rows = |all: Vec<Counted>| all.into_iter().map(|one| row(&cx, one)).collect();
    Ok(page(&PollsPage {
        frame: cx.frame("Sondages de dates"),
        current: rows(current),
        past: rows(past),
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        first_url: cursor.id.map(|_| with_params(&cx.uri, &[("apres", "")])),
        csv_url: with_params(&cx.uri, &[("apres", ""), ("format", "csv")]),
        xlsx_url: with_params(&cx.uri, &[("apres", ""), ("format", "xlsx")]),
        may_keep: may(visitor, Want::Keep),
    }))
}

fn row(cx: &Cx, counted: Counted) -> Row {
    let poll = &counted.poll;
    let when = match poll.state.as_str() {
        "concluded" => poll.chosen(&cx.network),
        "cancelled" => String::new(),
        "closed" => {
            format!("Clos le {}", poll.closed_at.map_or(poll.closes_on, |at| cx.network.day_of(at)).long())
        }
        _ => format!("Jusqu’au {}", poll.closes_on.long()),
    };
    Row { when, counted }
}

fn table(cx: &Cx, all: &[Counted]) -> Table {
    let headings = [
        "Sondage",
        "État",
        "Clôture",
        "Personnes interrogées",
        "Ont répondu",
        "Date choisie",
        "Durée",
        "Lieu",
    ];
    let line = |one: &Counted| {
        let poll = &one.poll;
        vec![
            poll.title.clone(),
            poll.state_label().to_owned(),
            poll.closes_on.short(),
            one.asked.to_string(),
            one.answered().to_string(),
            poll.chosen_starts_at.map(|at| at.long_in(cx.network.zone())).unwrap_or_default(),
            duration::say(poll.minutes),
            poll.whereabouts(),
        ]
    };
    Table {
        name: format!("sondages-{}-{}", cx.network.code, cx.today()),
        headings: headings.map(str::to_owned).to_vec(),
        rows: all.iter().map(line).collect(),
    }
}
