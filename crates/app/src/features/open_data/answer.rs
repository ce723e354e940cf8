//! The answers to programs: one object, or a page of a list with the address of the next one.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kit::web::pager::with_params;
use kit::web::respond::problem;
use kit::{Cx, Error, Result};
use serde::Serialize;

/// Under which the data are given.
pub const LICENCE: &str = "https://www.etalab.gouv.fr/licence-ouverte-open-licence";

/// A page of a list.
#[derive(Serialize)]
pub struct List<T> {
    /// How many there are in all, or one more than what was counted.
    pub total: i64,
    /// False when counting stopped at `total`.
    pub total_exact: bool,
    pub elements: Vec<T>,
    /// The whole address of the next page.
    pub suivant: Option<String>,
    pub licence: &'static str,
}

impl<T> List<T> {
    pub fn new(cx: &Cx, total: i64, total_exact: bool, elements: Vec<T>, next: Option<&str>) -> Self {
        let suivant =
            next.map(|cursor| format!("{}{}", cx.origin, with_params(&cx.uri, &[("apres", cursor)])));
        Self { total, total_exact, elements, suivant, licence: LICENCE }
    }
}

/// A value as JSON.
pub fn json(value: &impl Serialize) -> Result<Response> {
    let text = serde_json::to_string(value).map_err(Error::bug)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// A list as JSON, its next page also in `Link` (RFC 8288).
pub fn page<T: Serialize>(list: &List<T>) -> Result<Response> {
    let mut response = json(list)?;
    let link = list.suivant.as_ref().map(|url| format!("<{url}>; rel=\"next\""));
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// What was asked about is not known here: 404.
pub fn unknown(detail: &str) -> Response {
    problem(StatusCode::NOT_FOUND, "Introuvable", detail, &[])
}
