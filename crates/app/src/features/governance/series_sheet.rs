//! `/espace/gouvernance/series/{id}`: the meetings that were planned together, and how they go on.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Error, Result};

use super::committee::Committee;
use super::committee_sheet::readable;
use super::meeting::Meeting;
use super::meeting_series::{self, MeetingSeries};
use super::policy::{Want, may, require};

struct Row {
    meeting: Meeting,
    when: String,
    committee: String,
}

#[derive(Template)]
#[template(path = "governance/series_sheet.html")]
struct SeriesPage {
    frame: Frame,
    series: MeetingSeries,
    committee: Committee,
    rhythm: String,
    to_come: Vec<Row>,
    past: Vec<Row>,
    may_keep: bool,
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::List)?;
    let mut tx = cx.read().await?;
    let series: MeetingSeries = tx.get(cx.network.id, id).await?;
    let committee = readable(&cx, &mut tx, series.committee_id).await?;
    let all = meeting_series::of_series(&mut tx, cx.network.id, id).await?;
    if all.is_empty() && !may(visitor, Want::Keep) {
        return Err(Error::NotFound);
    }
    let today = cx.today().start_in(cx.network.zone());
    let row = |meeting: Meeting| Row {
        when: meeting.when(&cx.network),
        committee: committee.name.clone(),
        meeting,
    };
    let (to_come, past): (Vec<Meeting>, Vec<Meeting>) =
        all.into_iter().partition(|one| one.starts_key >= today);
    Ok(page(&SeriesPage {
        frame: cx.frame(series.title.clone()),
        rhythm: series.rhythm().label(),
        to_come: to_come.into_iter().map(row).collect(),
        past: past.into_iter().rev().map(row).collect(),
        may_keep: may(visitor, Want::Keep) && !committee.is_closed(),
        committee,
        series,
    }))
}
