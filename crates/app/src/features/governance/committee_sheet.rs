//! `/espace/gouvernance/comites/{id}`: a committee, who sits in it, its roadmap.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::trail;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result, Tx};

use super::committee::{self, Committee};
use super::objective::{self, Objective};
use super::policy::{Want, may, require};
use super::seat::{self, Held, SeatHolder};
use crate::features::directory::export::Table;
use crate::features::directory::vocabulary::Vocabulary;
use crate::features::directory::{Event, file, tell};

/// Lines of history that the sheet shows.
const MOST_EVENTS: i64 = 20;

/// A seat as the sheet shows it today.
struct Row {
    held: Held,
    titular: Option<SeatHolder>,
    deputy: Option<SeatHolder>,
    is_over: bool,
}

impl Row {
    /// What the coordination should see to.
    fn lacks(&self) -> &'static str {
        match (&self.titular, self.is_over) {
            (_, true) => "",
            (None, false) => "Sans titulaire",
            (Some(titular), false) if titular.email.is_none() => "Sans adresse",
            _ => "",
        }
    }
}

#[derive(Template)]
#[template(path = "governance/committee_sheet.html")]
struct CommitteePage {
    frame: Frame,
    committee: Committee,
    rows: Vec<Row>,
    /// Seats that vote today, and how many of them make a quorum.
    voting: i64,
    quorum: Option<i64>,
    objectives: Vec<(Objective, bool)>,
    timeline: Vec<Event>,
    may_keep: bool,
    csv_url: String,
    xlsx_url: String,
}

pub async fn show(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    let mut tx = cx.read().await?;
    let committee = readable(&cx, &mut tx, id).await?;
    let rows = rows(&cx, &mut tx, id).await?;
    if query.0.has("format") {
        let shows_addresses = may(cx.visitor()?, Want::ReadAll);
        return file(query.0.get("format"), &table(&cx, &committee, &rows, shows_addresses));
    }
    let today = cx.today();
    let voting = rows.iter().filter(|row| row.held.seat.is_voting && !row.is_over).count();
    let voting = i64::try_from(voting).unwrap_or(i64::MAX);
    let objectives = objective::of_committee(&mut tx, cx.network.id, id).await?;
    let visitor = cx.visitor()?;
    Ok(page(&CommitteePage {
        frame: cx.frame(committee.name.clone()),
        quorum: committee.quorum_of(voting),
        voting,
        rows,
        objectives: objectives.into_iter().map(|one| (one.clone(), one.is_late(today))).collect(),
        timeline: if may(visitor, Want::ReadAll) { timeline(&cx, &mut tx, id).await? } else { Vec::new() },
        may_keep: may(visitor, Want::Keep),
        csv_url: format!("{}?format=csv", committee.url()),
        xlsx_url: format!("{}?format=xlsx", committee.url()),
        committee,
    }))
}

/// The committee, when the visitor may read it.
pub(super) async fn readable(cx: &Cx, tx: &mut Tx, id: Id) -> Result<Committee> {
    require_readable(cx, tx, id).await?;
    tx.get(cx.network.id, id).await
}

/// Refuses those who may not read what concerns a committee: a member of it may, and those who steer the network.
pub(super) async fn require_readable(cx: &Cx, tx: &mut Tx, id: Id) -> Result<()> {
    let visitor = cx.visitor()?;
    let seated = !may(visitor, Want::ReadAll)
        && committee::is_seated(tx, cx.network.id, id, &visitor.email, cx.today()).await?;
    require(visitor, Want::Read { seated })
}

async fn rows(cx: &Cx, tx: &mut Tx, id: Id) -> Result<Vec<Row>> {
    let today = cx.today();
    let seats = seat::of_committee(tx, cx.network.id, id, today).await?;
    let row = |held: Held| Row {
        titular: held.holder("titular", today).cloned(),
        deputy: held.holder("deputy", today).cloned(),
        is_over: held.seat.is_over(today),
        held,
    };
    Ok(seats.into_iter().map(row).collect())
}

async fn timeline(cx: &Cx, tx: &mut Tx, id: Id) -> Result<Vec<Event>> {
    let vocabulary = Vocabulary::load(tx, &cx.network).await?;
    let lines = trail::of_subject(tx, cx.network.id, "committee", id, None, MOST_EVENTS).await?;
    Ok(lines.iter().map(|line| tell(&cx.network, &vocabulary, line, true)).collect())
}

/// Those who sit in a committee; their addresses are for those who steer the network.
fn table(cx: &Cx, committee: &Committee, rows: &[Row], shows_addresses: bool) -> Table {
    let headings = [
        "Organisme",
        "Voix",
        "Titulaire",
        "Fonction",
        "Courriel",
        "Suppléant·e",
        "Fonction du suppléant",
        "Courriel du suppléant",
        "Depuis le",
        "Jusqu’au",
    ];
    let person = |holder: &Option<SeatHolder>| {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        holder.as_ref().map_or_else(Default::default, |one| {
            [one.name.clone(), text(&one.job_title), text(&one.email.clone().filter(|_| shows_addresses))]
        })
    };
    let line = |row: &Row| {
        let seat = &row.held.seat;
        let days =
            [seat.started_on, seat.ended_on].map(|day| day.map(kit::db::Date::short).unwrap_or_default());
        [
            vec![seat.organisation.clone(), seat.voice_label().to_owned()],
            person(&row.titular).to_vec(),
            person(&row.deputy).to_vec(),
            days.to_vec(),
        ]
        .concat()
    };
    Table {
        name: format!("{}-{}-{}", kit::text::slug(&committee.name), cx.network.code, cx.today()),
        headings: headings.map(str::to_owned).to_vec(),
        rows: rows.iter().map(line).collect(),
    }
}
