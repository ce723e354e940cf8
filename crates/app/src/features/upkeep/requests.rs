//! `/espace/reseau/demandes`: what owners of sheets ask for, what waits first.

use askama::Template;
use axum::response::Response;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::web::respond::page;
use kit::{Cx, Result, args, sql};

use super::change_request::{ChangeRequest, STATES};
use super::policy::{Want, require};

#[derive(Template)]
#[template(path = "upkeep/requests.html")]
struct RequestsPage {
    frame: Frame,
    rows: Vec<Row>,
    state: &'static str,
    next_url: Option<String>,
}

struct Row {
    request: ChangeRequest,
    fields: String,
    when: String,
}

/// The requests of a state; those that wait, unless told otherwise.
pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Decide)?;
    let asked = query.0.get("etat");
    let state = STATES.iter().map(|(code, ..)| *code).find(|code| *code == asked).unwrap_or("requested");
    let after = Cursor::read(query.0.get("apres"));
    let sql = sql!(
        "select network_id, id, subject_kind, subject_id, subject_label, account_id, author, author_email, ",
        "before, after, accepted, state, word, requested_at, decided_at, decided_by, to_report, reported_at, reported_by, ",
        "version from change_request where network_id = $1 and state = $2 and ($3 = '' or id < $3) ",
        "order by id desc limit $4"
    );
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut tx = cx.read().await?;
    let found: Vec<ChangeRequest> =
        tx.all(sql, args![cx.network.id, state, after.id.unwrap_or_default(), most]).await?;
    let (found, next) = pager::page(found, PAGE, |r| (String::new(), r.id.to_string()));
    let rows = found
        .into_iter()
        .map(|request| Row {
            fields: request.fields().iter().map(|f| f.label).collect::<Vec<_>>().join(", "),
            when: request.requested_at.long_in(cx.network.zone()),
            request,
        })
        .collect();
    Ok(page(&RequestsPage {
        frame: cx.frame("Demandes de modification"),
        rows,
        state,
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
    }))
}
