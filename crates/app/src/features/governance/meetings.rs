//! `/espace/gouvernance/reunions`: meetings to come, then those that were.

use askama::Template;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::web::respond::page;
use kit::{Choice, Cx, Fields, Result};

use super::committee::{self, Committee};
use super::meeting::{self, Meeting, Sought};
use super::policy::{Want, may, require};
use crate::features::directory::export::Table;
use crate::features::directory::file;
use crate::features::support::duration;

/// Meetings to come that the page shows.
const MOST_TO_COME: i64 = 50;
/// An export holds at most this many, to come and past each.
const MOST_EXPORTED: i64 = 2_000;

struct Row {
    meeting: Meeting,
    when: String,
    committee: String,
}

#[derive(Template)]
#[template(path = "governance/meetings.html")]
struct MeetingsPage {
    frame: Frame,
    to_come: Vec<Row>,
    past: Vec<Row>,
    query: Fields,
    committees: Vec<Choice>,
    next_url: Option<String>,
    first_url: Option<String>,
    csv_url: String,
    xlsx_url: String,
    may_keep: bool,
}

impl MeetingsPage {
    fn is_empty(&self) -> bool {
        self.to_come.is_empty() && self.past.is_empty()
    }
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::List)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    let email = (!may(visitor, Want::ReadAll)).then_some(visitor.email.as_str());
    let committees = committee::visible_to(&mut tx, cx.network.id, email, cx.today()).await?;
    let wanted: Option<Id> = query.get("comite").parse().ok();
    // What runs now is not over yet.
    let now = cx.today().start_in(cx.network.zone());
    let sought = Sought { committee: wanted, email, today: cx.today(), now };
    if query.has("format") {
        let mut all = meeting::to_come(&mut tx, cx.network.id, sought, MOST_EXPORTED).await?;
        all.extend(meeting::past(&mut tx, cx.network.id, sought, (now, ""), MOST_EXPORTED).await?);
        let rows: Vec<Row> = all.into_iter().map(|one| row(&cx, &committees, one)).collect();
        return file(query.get("format"), &table(&cx, &rows));
    }
    let cursor = Cursor::read(query.get("apres"));
    let to_come = match cursor.id {
        None => meeting::to_come(&mut tx, cx.network.id, sought, MOST_TO_COME).await?,
        Some(_) => Vec::new(),
    };
    let key = cursor.key.as_deref().and_then(|key| key.parse().ok()).map_or(now, Timestamp);
    let before = (key, cursor.id.as_deref().unwrap_or_default());
    let one_more = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let past = meeting::past(&mut tx, cx.network.id, sought, before, one_more).await?;
    let (past, next) = pager::page(past, PAGE, |one| (one.starts_key.0.to_string(), one.id.to_string()));
    let rows = |all: Vec<Meeting>| all.into_iter().map(|one| row(&cx, &committees, one)).collect();
    Ok(page(&MeetingsPage {
        frame: cx.frame("Réunions"),
        to_come: rows(to_come),
        past: rows(past),
        committees: committees.iter().map(|one| Choice::new(one.id.to_string(), one.name.clone())).collect(),
        query,
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        first_url: cursor.id.map(|_| with_params(&cx.uri, &[("apres", "")])),
        csv_url: with_params(&cx.uri, &[("apres", ""), ("format", "csv")]),
        xlsx_url: with_params(&cx.uri, &[("apres", ""), ("format", "xlsx")]),
        may_keep: may(visitor, Want::Keep),
    }))
}

fn row(cx: &Cx, committees: &[Committee], meeting: Meeting) -> Row {
    let committee = committees.iter().find(|one| one.id == meeting.committee_id);
    Row {
        when: meeting.when(&cx.network),
        committee: committee.map(|one| one.name.clone()).unwrap_or_default(),
        meeting,
    }
}

fn table(cx: &Cx, rows: &[Row]) -> Table {
    let headings =
        ["Réunion", "Comité", "Date", "Durée", "Lieu", "Visioconférence", "État", "Motif d’annulation"];
    let line = |row: &Row| {
        let meeting = &row.meeting;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![
            meeting.title.clone(),
            row.committee.clone(),
            meeting.starts_at.map(|at| at.long_in(cx.network.zone())).unwrap_or_default(),
            duration::say(meeting.minutes),
            text(&meeting.place),
            text(&meeting.video_url),
            meeting.state_label().to_owned(),
            text(&meeting.cancel_reason),
        ]
    };
    Table {
        name: format!("reunions-{}-{}", cx.network.code, cx.today()),
        headings: headings.map(str::to_owned).to_vec(),
        rows: rows.iter().map(line).collect(),
    }
}
