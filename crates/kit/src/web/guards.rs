//! What stands around every handler: who asks, whether the request may come from where it comes,
//! headers that protect, errors drawn as pages.

use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use askama::Template;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures::FutureExt;

use super::cx::Cx;
use super::encoding::{percent_decode, percent_encode};
use super::frame::Frame;
use super::kept::Answered;
use super::respond::{Frameable, Trouble, flash_of, go, problem};
use crate::app::App;
use crate::config::Config;
use crate::db::QUERIES;
use crate::drafts;
use crate::error::{Error, Result};
use crate::visitor::{self, Arrived};

/// Name of the session cookie.
pub const SESSION_COOKIE: &str = "esplanade_session";
const FLASH_COOKIE: &str = "esplanade_flash";
/// Names the form just saved, for the next page to forget what this browser kept of it.
const SAVED_COOKIE: &str = "esplanade_saved";
/// What the names of the program's own cookies begin with.
pub(super) const COOKIES: &str = "esplanade_";
const MOST_SECONDS: u64 = 60;

/// How many statements a request ran; on every response, for tests.
#[derive(Clone, Copy, Debug)]
pub struct QueryCount(pub u32);

/// Scripts and styles come from here only, and nothing is inline; a page may frame this site's own pages,
/// those that let themselves be framed.
macro_rules! policy {
    ($ancestors:literal) => {
        concat!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; ",
            "font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'; ",
            "frame-ancestors ",
            $ancestors,
            "; base-uri 'none'; require-trusted-types-for 'script'; trusted-types esplanade"
        )
    };
}
const POLICY: &str = policy!("'none'");
/// For what [`frameable`](super::respond::frameable) marks.
const FRAMED_POLICY: &str = policy!("*");

/// Everything under it is open data for programs of any site: errors are problem details, never pages.
const MACHINES: &str = "/api/";

/// Links of unsubscription, to which other sites may post: mail providers do so for their users (RFC 8058), some from
/// the page of a webmail. The signed address is the whole authority there; nobody's session is looked at.
const SIGNED: &str = "/desinscription/";

pub(super) async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned());
    let queries = Arc::new(AtomicU32::new(0));
    let work = QUERIES.scope(queries.clone(), inside(app.clone(), request, next));
    let work = tokio::time::timeout(Duration::from_secs(MOST_SECONDS), AssertUnwindSafe(work).catch_unwind());
    let mut response = match work.await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Error::bug(format!("panic while answering {method} {path}")).into_response(),
        Err(_) => Error::TryLater("La réponse a pris trop de temps.".to_owned()).into_response(),
    };
    protect(&app, &path, &mut response);
    let ran = queries.load(Ordering::Relaxed);
    response.extensions_mut().insert(QueryCount(ran));
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    let route = route.unwrap_or_else(|| "unknown".to_owned());
    metrics::histogram!("http_request_seconds", "route" => route.clone()).record(elapsed.as_secs_f64());
    metrics::counter!("http_requests_total", "route" => route, "status" => status.to_string()).increment(1);
    tracing::debug!(%method, path, status, queries = ran, ms = elapsed.as_millis() as u64, "request");
    response
}

async fn inside(app: App, request: Request, next: Next) -> Response {
    let wants_json = accepts_json(request.headers());
    let machines = request.uri().path().starts_with(MACHINES);
    let is_form = request.method() == Method::POST;
    let (cx, response) = match admit(&app, request).await {
        Ok((cx, request)) => {
            let response = next.run(request).await;
            (Some(cx), response)
        }
        Err((cx, response)) => (cx, response),
    };
    let had_flash = cx.as_ref().is_some_and(|cx| cx.flash.is_some());
    let had_saved = cx.as_ref().is_some_and(|cx| cx.saved.is_some());
    let mut response = match response.extensions().get::<Trouble>().cloned() {
        Some(trouble) => {
            let allow = response.headers().get(header::ALLOW).cloned();
            let mut drawn = match machines {
                true => problem(response.status(), trouble.title, &trouble.text, &[]),
                false => draw(cx.as_ref(), response.status(), &trouble, wants_json),
            };
            allow.map(|allow| drawn.headers_mut().insert(header::ALLOW, allow));
            drawn
        }
        None => response,
    };
    if let Some(cx) = &cx {
        response.extensions_mut().insert(Answered(cx.network.clone()));
    }
    let moves = response.status() == StatusCode::SEE_OTHER;
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    if had_flash && !moves {
        set_cookie(&mut response, FLASH_COOKIE, "", 0);
    }
    match cx.filter(|cx| is_form && moves && cx.visitor.is_some() && cx.path().starts_with("/espace/")) {
        Some(cx) => {
            set_cookie(&mut response, SAVED_COOKIE, &percent_encode(&cx.uri), 60);
            if let Err(error) = end_draft(&cx).await {
                tracing::error!("a draft outlives its form: {error:?}");
            }
        }
        None if had_saved && is_page && !moves => set_cookie(&mut response, SAVED_COOKIE, "", 0),
        None => {}
    }
    response
}

fn set_cookie(response: &mut Response, name: &str, value: &str, seconds: u32) {
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// A form that leads on was saved: what was typed in it is no draft any more. Most forms have none, and writers
/// are few: it is looked for first.
async fn end_draft(cx: &Cx) -> Result<()> {
    let Some(visitor) = &cx.visitor else { return Ok(()) };
    let (network, account) = (cx.network.id, visitor.account_id);
    let found = drafts::of(&mut cx.app.db.read().await?, network, account, &cx.uri).await?;
    if found.is_some_and(|draft| draft.forgotten_at.is_none()) {
        let mut tx = cx.write().await?;
        drafts::forget(&mut tx, network, account, &cx.uri, cx.app.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

type Refusal = (Option<Cx>, Response);

/// Makes the context of a request, or answers at once.
async fn admit(app: &App, request: Request) -> Result<(Cx, Request), Refusal> {
    let (mut parts, body) = request.into_parts();
    let cx = context(app, &parts).await.map_err(|e| (None, e.into_response()))?;
    let signed = parts.method == Method::POST && parts.uri.path().starts_with(SIGNED);
    if !parts.method.is_safe() && !signed && comes_from_elsewhere(&parts.headers) {
        tracing::warn!(path = parts.uri.path(), "cross-site request refused");
        return Err((Some(cx), Error::Forbidden.into_response()));
    }
    if parts.uri.path().contains("%00") {
        // No address holds a NUL, and not every engine can look for one.
        return Err((Some(cx), Error::NotFound.into_response()));
    }
    // The portal has no private side: such an address is unknown there.
    let private = !cx.network.is_portal() && (cx.path() == "/espace" || cx.path().starts_with("/espace/"));
    if private && cx.visitor.is_none() {
        let back = parts.method == Method::GET && !accepts_json(&parts.headers);
        let response = match back {
            true => go(&format!("/connexion?retour={}", percent_encode(&cx.uri))),
            false => Error::SignIn.into_response(),
        };
        return Err((Some(cx), response));
    }
    parts.extensions.insert(cx.clone());
    Ok((cx, Request::from_parts(parts, body)))
}

async fn context(app: &App, request: &Parts) -> Result<Cx> {
    let headers = &request.headers;
    let text = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let proxy = |name: &str| proxied(&app.config, headers, name);
    let authority = request.uri.authority().map(|a| a.as_str().to_owned());
    let host = proxy("x-forwarded-host")
        .map(str::to_owned)
        .or(authority)
        .unwrap_or_else(|| text(header::HOST).to_owned());
    let host_name = without_port(&host);
    let now = app.now();
    let mut tx = app.db.read().await?;
    let token = cookie(headers, SESSION_COOKIE);
    let arrived = if app.config.is_portal(host_name) {
        Arrived::at_portal()
    } else {
        visitor::arrive(&mut tx, host_name, token.as_deref(), now).await?.ok_or_else(|| {
            Error::TryLater("Aucun réseau n’est encore ouvert sur cette instance.".to_owned())
        })?
    };
    // A page is read in the view in which its visitor was found; a form is judged by what is true later.
    let opened = (request.method == Method::GET).then_some(tx);
    let (network, known) = (arrived.network, arrived.visitor);
    if let Some(visitor) = known.as_ref().filter(|_| arrived.to_be_seen) {
        let mut tx = app.db.write().await?;
        visitor::seen(&mut tx, network.id, visitor.session_id, now).await?;
        tx.commit().await?;
    }
    let scheme = proxy("x-forwarded-proto").unwrap_or("http");
    let origin = app.config.public_url.clone().unwrap_or_else(|| format!("{scheme}://{host}"));
    let peer = request.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let address = proxy("x-forwarded-for").and_then(|a| a.parse::<IpAddr>().ok()).or(peer);
    Ok(Cx {
        app: app.clone(),
        network: Arc::new(network),
        visitor: known.map(Arc::new),
        now,
        uri: request.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
        origin,
        address: address.map(|a| a.to_string()).unwrap_or_default(),
        agent: text(header::USER_AGENT).chars().take(200).collect(),
        wants_json: accepts_json(headers),
        flash: cookie(headers, FLASH_COOKIE).and_then(|text| flash_of(&text)),
        saved: cookie(headers, SAVED_COOKIE)
            .map(|form| percent_decode(&form))
            .filter(|form| !form.is_empty()),
        opened: Arc::new(Mutex::new(opened)),
    })
}

/// A host without its port.
pub(super) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Whether a request is for the portal over all networks.
pub(super) fn is_for_portal(app: &App, request: &Request) -> bool {
    let headers = request.headers();
    let host = proxied(&app.config, headers, "x-forwarded-host");
    let host = host.or_else(|| headers.get(header::HOST).and_then(|v| v.to_str().ok()));
    host.or(request.uri().authority().map(|a| a.as_str()))
        .is_some_and(|host| app.config.is_portal(without_port(host)))
}

/// What the proxy in front says of a request; nothing unless there is one to be believed.
pub(super) fn proxied<'h>(config: &Config, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let value = headers.get(name).and_then(|v| v.to_str().ok());
    value.filter(|_| config.trust_proxy).and_then(|v| v.split(',').next_back()).map(str::trim)
}

/// The value of a cookie.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
}

/// Whether a browser sent this from another site. Every browser says so, by `Sec-Fetch-Site` or `Origin`;
/// a program that sends neither holds no visitor's cookies but its own.
pub(crate) fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split("://").nth(1) != Some(host),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accept.starts_with("application/json")
}

fn protect(app: &App, path: &str, response: &mut Response) {
    let framed = response.extensions().get::<Frameable>().is_some();
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, if framed { FRAMED_POLICY } else { POLICY });
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if !framed {
        set(header::X_FRAME_OPTIONS, "DENY");
    }
    if path.starts_with(MACHINES) {
        set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        set(header::ACCESS_CONTROL_EXPOSE_HEADERS, "ETag, Link");
    }
    set(header::REFERRER_POLICY, "same-origin");
    set(header::HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if app.config.public_url.as_deref().is_some_and(|url| url.starts_with("https://")) {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    let private = path.starts_with("/espace") || path.starts_with("/connexion");
    set(header::CACHE_CONTROL, if private { "private, no-cache" } else { "no-cache" });
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    status: u16,
    trouble: Trouble,
}

fn draw(cx: Option<&Cx>, status: StatusCode, trouble: &Trouble, json: bool) -> Response {
    let plain = format!("{}\n{}\n", trouble.title, trouble.text);
    if json {
        let body = serde_json::json!({ "error": trouble.text, "reference": trouble.reference });
        return (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response();
    }
    let Some(cx) = cx else { return (status, plain).into_response() };
    let frame = cx.frame(trouble.title).hide();
    let page = ErrorPage { frame, status: status.as_u16(), trouble: trouble.clone() };
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => (status, plain).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_requests_of_this_site_may_change_things() {
        assert!(comes_from_elsewhere(&headers(&[("sec-fetch-site", "cross-site"), ("host", "a.fr")])));
        assert!(comes_from_elsewhere(&headers(&[("sec-fetch-site", "same-site"), ("host", "a.fr")])));
        assert!(comes_from_elsewhere(&headers(&[("origin", "https://b.fr"), ("host", "a.fr")])));
        assert!(comes_from_elsewhere(&headers(&[("origin", "null"), ("host", "a.fr")])));
        assert!(!comes_from_elsewhere(&headers(&[("sec-fetch-site", "same-origin"), ("host", "a.fr")])));
        assert!(!comes_from_elsewhere(&headers(&[("origin", "https://a.fr:8080"), ("host", "a.fr:8080")])));
        assert!(!comes_from_elsewhere(&headers(&[("host", "a.fr")])));
    }

    #[test]
    fn cookies_are_found_among_others() {
        let headers = headers(&[("cookie", "a=1; esplanade_session=abc; b=2")]);
        assert_eq!(cookie(&headers, SESSION_COOKIE).as_deref(), Some("abc"));
        assert_eq!(cookie(&headers, "session"), None);
    }
}
