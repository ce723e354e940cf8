//! The whole router, and serving it.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use tokio::net::TcpListener;
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;
use tower_http::compression::CompressionLevel;

use super::guards::{self, SESSION_COOKIE};
use super::routes::Routes;
use super::{assets, health, kept, upload};
use crate::app::App;
use crate::error::{Error, Result};
use crate::{jobs, mail};

pub use guards::QueryCount;

/// Every route behind its guards.
pub fn router(app: &App) -> Router {
    let pages = guarded(app, (app.parts.routes)());
    let pages = match &app.config.portal_host {
        Some(_) => {
            let portal = guarded(app, (app.parts.portal)()).with_state(app.clone());
            let state = (app.clone(), portal);
            pages.layer(from_fn_with_state(state, beside_the_portal))
        }
        None => pages,
    };
    Router::new()
        .route("/healthz", get(health::up))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/assets/couleur/{name}", get(assets::accent))
        .route("/assets/{hash}/{name}", get(assets::show))
        .merge(pages)
        .with_state(app.clone())
}

/// Routes behind their guards.
fn guarded(app: &App, routes: Routes) -> Router<App> {
    routes
        .router
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { Error::NotFound })
        .layer(DefaultBodyLimit::max(upload::MOST_BYTES + (1 << 20)))
        .layer(from_fn_with_state(app.clone(), guards::around))
        .layer(from_fn_with_state(app.clone(), kept::around))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
}

/// Requests for the portal's host go to the portal, and to nothing else.
async fn beside_the_portal(
    State((app, portal)): State<(App, Router)>,
    request: Request,
    next: Next,
) -> Response {
    if !guards::is_for_portal(&app, &request) {
        return next.run(request).await;
    }
    match portal.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Serves until the process is asked to stop, then lets running requests end.
/// Prints `listening on http://ADDR` once requests are answered.
pub async fn serve(app: App, on_ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let listener = TcpListener::bind(&app.config.listen)
        .await
        .map_err(|e| Error::refused(format!("Adresse {} : {e}", app.config.listen)))?;
    let address = listener.local_addr().map_err(Error::bug)?;
    app.db.watch().await?;
    let service = router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let mut beside = (app.parts.workers)(app.clone());
    beside.push(Box::pin(jobs::run_forever(app.clone())));
    beside.push(Box::pin(mail::run_forever(app.clone())));
    let beside: Vec<_> = beside.into_iter().map(tokio::spawn).collect();
    println!("listening on http://{address}");
    on_ready(address);
    axum::serve(listener, service).with_graceful_shutdown(asked_to_stop()).await.map_err(Error::bug)?;
    for worker in &beside {
        worker.abort();
    }
    app.db.close().await;
    Ok(())
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            // Without the signal handler only Ctrl-C ends the process in order.
            interrupt.await.unwrap_or(());
        }
    }
    tracing::info!("stopping");
}

/// Gives the browser its session.
pub fn set_session(response: &mut Response, token: &str, secure: bool, days: i64) {
    let secure = if secure { "; Secure" } else { "" };
    let age = days * 24 * 3600;
    let text = format!("{SESSION_COOKIE}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// The session that a request carries.
pub fn session_token(headers: &HeaderMap) -> Option<String> {
    guards::cookie(headers, SESSION_COOKIE)
}
