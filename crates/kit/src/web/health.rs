//! For machines that watch: is the process up, does the database answer, what are the figures.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;

/// `/healthz`: the process is up.
pub(super) async fn up() -> &'static str {
    "ok\n"
}

/// `/readyz`: the database answers; migrations were done before the first request was taken.
pub(super) async fn ready(State(app): State<App>) -> Response {
    match app.db.ping().await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database unreachable\n").into_response()
        }
    }
}

/// `/metrics`: for who carries the token of the configuration; without one it does not exist.
pub(super) async fn metrics(State(app): State<App>, headers: HeaderMap) -> Response {
    let given = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let wanted = app.config.metrics_token.as_ref().map(|token| format!("Bearer {token}"));
    match (given, wanted) {
        (Some(given), Some(wanted)) if blake3::hash(given.as_bytes()) == blake3::hash(wanted.as_bytes()) => {
            app.metrics.render().into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
