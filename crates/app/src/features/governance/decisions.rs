//! `/espace/gouvernance/decisions`: the register of what was decided: what is still to be carried out, then everything.

use askama::Template;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::web::respond::page;
use kit::{Choice, Cx, Fields, Result, Tx};

use super::committee::{self, Committee};
use super::decision::{self, Decision, Sought};
use super::meeting::Meeting;
use super::policy::{Want, may, require};
use crate::features::directory::export::Table;
use crate::features::directory::file;

/// Which decisions.
const LISTS: [(&str, &str); 2] = [("a-suivre", "À suivre"), ("toutes", "Toutes")];
/// An export holds at most this many.
const MOST_EXPORTED: usize = 5_000;

struct Row {
    decision: Decision,
    committee: String,
    meeting: String,
    due: String,
    is_late: bool,
}

#[derive(Template)]
#[template(path = "governance/decisions.html")]
struct DecisionsPage {
    frame: Frame,
    rows: Vec<Row>,
    query: Fields,
    committees: Vec<Choice>,
    lists: &'static [(&'static str, &'static str)],
    chosen: &'static str,
    next_url: Option<String>,
    first_url: Option<String>,
    csv_url: String,
    xlsx_url: String,
}

impl DecisionsPage {
    fn is_all(&self) -> bool {
        self.chosen == "toutes"
    }
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::List)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    let email = (!may(visitor, Want::ReadAll)).then_some(visitor.email.as_str());
    let committees = committee::visible_to(&mut tx, cx.network.id, email, cx.today()).await?;
    let sought = Sought { committee: query.get("comite").parse().ok(), email, today: cx.today() };
    let chosen =
        LISTS.iter().find(|(code, _)| *code == query.get("liste")).map_or("a-suivre", |(code, _)| code);
    if query.has("format") {
        let all = found(&mut tx, &cx, (chosen, sought), &Cursor::default(), MOST_EXPORTED).await?;
        let rows = rows(&cx, &mut tx, &committees, all).await?;
        return file(query.get("format"), &table(&cx, &rows));
    }
    let cursor = Cursor::read(query.get("apres"));
    let all = found(&mut tx, &cx, (chosen, sought), &cursor, PAGE + 1).await?;
    let key =
        |one: &Decision| if chosen == "toutes" { one.taken_on.to_string() } else { one.due_key.clone() };
    let (all, next) = pager::page(all, PAGE, |one| (key(one), one.id.to_string()));
    let export = |format: &str| with_params(&cx.uri, &[("apres", ""), ("format", format)]);
    Ok(page(&DecisionsPage {
        frame: cx.frame("Décisions"),
        rows: rows(&cx, &mut tx, &committees, all).await?,
        committees: committees.iter().map(|one| Choice::new(one.id.to_string(), one.name.clone())).collect(),
        query,
        lists: &LISTS,
        chosen,
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        first_url: cursor.id.map(|_| with_params(&cx.uri, &[("apres", "")])),
        csv_url: export("csv"),
        xlsx_url: export("xlsx"),
    }))
}

async fn found(
    tx: &mut Tx,
    cx: &Cx,
    (chosen, sought): (&str, Sought<'_>),
    cursor: &Cursor,
    most: usize,
) -> Result<Vec<Decision>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let (key, id) = (cursor.key.as_deref(), cursor.id.as_deref());
    if chosen == "toutes" {
        let before = (key.unwrap_or("~"), id.unwrap_or("~"));
        return decision::latest(tx, cx.network.id, sought, before, most).await;
    }
    let after = (key.unwrap_or_default(), id.unwrap_or_default());
    decision::open(tx, cx.network.id, sought, after, most).await
}

async fn rows(cx: &Cx, tx: &mut Tx, committees: &[Committee], all: Vec<Decision>) -> Result<Vec<Row>> {
    let mut ids: Vec<Id> = all.iter().map(|one| one.meeting_id).collect();
    ids.dedup();
    let meetings: Vec<Meeting> = tx.all_in(cx.network.id, "id", &ids).await?;
    let today = cx.today();
    let row = |decision: Decision| {
        let committee = committees.iter().find(|one| one.id == decision.committee_id);
        let meeting = meetings.iter().find(|one| one.id == decision.meeting_id);
        Row {
            committee: committee.map(|one| one.name.clone()).unwrap_or_default(),
            meeting: meeting.map(|one| one.title.clone()).unwrap_or_default(),
            due: decision.due_on.map(Date::long).unwrap_or_default(),
            is_late: decision.is_late(today),
            decision,
        }
    };
    Ok(all.into_iter().map(row).collect())
}

fn table(cx: &Cx, rows: &[Row]) -> Table {
    let headings = [
        "N°",
        "Décision",
        "Prise le",
        "Comment",
        "Comité",
        "Réunion",
        "Qui s’en charge",
        "Avant le",
        "État",
        "Suite",
    ];
    let line = |row: &Row| {
        let one = &row.decision;
        vec![
            one.number(),
            one.text.clone(),
            one.taken_on.to_string(),
            one.how(),
            row.committee.clone(),
            row.meeting.clone(),
            one.owner.clone().unwrap_or_default(),
            one.due_on.map(|day| day.to_string()).unwrap_or_default(),
            one.state_label().to_owned(),
            one.follow_up.clone().unwrap_or_default(),
        ]
    };
    Table {
        name: format!("decisions-{}-{}", cx.network.code, cx.today()),
        headings: headings.map(str::to_owned).to_vec(),
        rows: rows.iter().map(line).collect(),
    }
}
