//! `/espace/reseau/a-reporter`: accepted changes that promeneursdunet.fr shows too, until someone has typed them
//! there: the national site takes no file.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page};
use kit::{Cx, Result, args, sql};

use super::change_request::{self, ChangeRequest, Sheet};
use super::editable::{self, Lists};
use super::policy::{Want, require};

const URL: &str = "/espace/reseau/a-reporter";
/// Changes listed at once: the oldest first, so that ticking them off brings the next.
const SHOWN: i64 = 30;

#[derive(Template)]
#[template(path = "upkeep/national.html")]
struct NationalPage {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    request: ChangeRequest,
    when: String,
    /// Label and value as accepted.
    values: Vec<(&'static str, String)>,
}

pub async fn list(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Decide)?;
    let sql = sql!(
        "select network_id, id, subject_kind, subject_id, subject_label, account_id, author, author_email, ",
        "before, after, accepted, state, word, requested_at, decided_at, decided_by, to_report, reported_at, reported_by, ",
        "version from change_request where network_id = $1 and to_report <> '' and reported_at is null ",
        "order by decided_at, id limit $2"
    );
    let mut tx = cx.read().await?;
    let found: Vec<ChangeRequest> = tx.all(sql, args![cx.network.id, SHOWN]).await?;
    let lists = Lists::load(&mut tx, &cx.network).await?;
    let rows = found
        .into_iter()
        .map(|request| {
            let accepted = request.accepted();
            let columns: Vec<&str> = request.to_report.split(',').collect();
            let fields = editable::fields_of(&request.subject_kind).iter();
            let values = fields
                .filter(|field| columns.contains(&field.column))
                .map(|field| (field.label, lists.say(field, accepted.get(field.column))))
                .collect();
            let when = request.decided_at.map(|at| at.long_in(cx.network.zone())).unwrap_or_default();
            Row { values, when, request }
        })
        .collect();
    Ok(page(&NationalPage { frame: cx.frame("À reporter sur le site national"), rows }))
}

/// Ticks off a change that was typed on the national site.
pub async fn tick(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Decide)?;
    let mut tx = cx.write().await?;
    let request: ChangeRequest = tx.get(cx.network.id, id).await?;
    Sheet::find(&mut tx, cx.network.id, &request.subject_kind, request.subject_id).await?;
    change_request::report(&mut tx, &cx.actor(), request).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Noté : reporté sur le site national."))
}
