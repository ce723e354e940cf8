//! Public pages kept in memory: rendered and compressed once, then served as they are until something that
//! their network shows changes, in any process, or until their time is over.
//!
//! A route asks for it ([`Routes::kept`](super::routes::Routes::kept)); only complete answers to strangers are
//! kept, and only while [`Changes`] hears of every change.

use std::sync::{Arc, OnceLock};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::guards::{COOKIES, QueryCount, proxied};
use crate::app::App;
use crate::db::changes::{Holds, Mark};
use crate::db::{Changes, Timestamp};
use crate::error::Error;
use crate::network::Network;

/// How long a page may be kept when nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// It says who is online now, or what is open: until the minute is over.
    ThisMinute,
    /// It depends on the day only (who has left, which pictures may still be shown).
    ThisDay,
}

impl Keep {
    fn until(self, network: &Network, now: Timestamp) -> Timestamp {
        match self {
            Self::ThisMinute => Timestamp((now.0 / 60_000_000 + 1) * 60_000_000),
            Self::ThisDay => network.today(now).next().start_in(network.zone()),
        }
    }
}

/// Which network answered; the guard says so on every answer.
#[derive(Clone)]
pub(super) struct Answered(pub Arc<Network>);

/// Bytes of pages kept at most, compressed forms included.
const MOST_BYTES: u64 = 64 << 20;
/// Addresses longer than this are not worth keeping.
const LONGEST_KEY: usize = 400;

/// A page as it is sent, in each form that was asked for.
struct Page {
    headers: HeaderMap,
    tag: String,
    plain: Bytes,
    gzip: OnceLock<Bytes>,
    zstd: OnceLock<Bytes>,
    holds: Holds,
    until: Timestamp,
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Arc<Page>> for Weight {
    fn weight(&self, key: &String, page: &Arc<Page>) -> u64 {
        // A page is about a third larger with its compressed forms.
        (key.len() + page.plain.len() + page.plain.len() / 3 + 1024) as u64
    }
}

/// The pages this process keeps.
pub struct Kept(Cache<String, Arc<Page>, Weight>);

impl Default for Kept {
    fn default() -> Self {
        Self(Cache::with_weighter(1000, MOST_BYTES, Weight))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    Plain,
    Gzip,
    Zstd,
}

impl Coding {
    /// The best that a browser takes. Zstandard costs half of gzip to unpack.
    fn accepted(headers: &HeaderMap) -> Self {
        let accepts = text(headers, header::ACCEPT_ENCODING);
        let takes = |name: &str| {
            let found = accepts.split(',').map(str::trim).find(|part| part.split(';').next() == Some(name));
            found.is_some_and(|part| !part.ends_with(";q=0"))
        };
        match () {
            () if takes("zstd") => Self::Zstd,
            () if takes("gzip") => Self::Gzip,
            () => Self::Plain,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

impl Page {
    /// The body in a form, made at the first asking.
    fn body(&self, coding: Coding) -> Bytes {
        match coding {
            Coding::Plain => self.plain.clone(),
            Coding::Gzip => self.gzip.get_or_init(|| gzip(&self.plain)).clone(),
            Coding::Zstd => self.zstd.get_or_init(|| zstd(&self.plain)).clone(),
        }
    }

    /// Pictures are compressed already.
    fn shrinks(&self) -> bool {
        !text(&self.headers, header::CONTENT_TYPE).starts_with("image/")
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let coding = if self.shrinks() { Coding::accepted(asked) } else { Coding::Plain };
        let tag = match coding {
            Coding::Plain => format!("\"{}\"", self.tag),
            other => format!("\"{}-{}\"", self.tag, other.name()),
        };
        let mut headers = self.headers.clone();
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        // Whatever form the browser has, it is the same page.
        if text(asked, header::IF_NONE_MATCH).split(',').any(|known| known.contains(&self.tag)) {
            headers.remove(header::CONTENT_TYPE);
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        if coding != Coding::Plain {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
        (headers, self.body(coding)).into_response()
    }
}

/// Answers from memory what is kept; keeps what may be.
pub(super) async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let if_none_match = request.headers().get(header::IF_NONE_MATCH).cloned();
    let Some(key) = key(&app, &request) else {
        let is_get = request.method() == Method::GET;
        let response = next.run(request).await;
        return if is_get { tagged(response, if_none_match.as_ref()).await } else { response };
    };
    if let Some(page) = app.kept.0.get(&key) {
        if app.now() < page.until && app.db.changes.hold(&page.holds) {
            return page.answer(request.headers());
        }
        app.kept.0.remove(&key);
    }
    let mark = app.db.changes.mark();
    let now = app.now();
    let mut asked = HeaderMap::new();
    for name in [header::ACCEPT_ENCODING, header::IF_NONE_MATCH] {
        if let Some(value) = request.headers_mut().get(&name).cloned() {
            asked.insert(name, value);
        }
    }
    let response = next.run(request).await;
    match may_be_kept(&response) {
        Some((keep, network)) => {
            let until = keep.until(&network, now);
            let queries = response.extensions().get::<QueryCount>().copied();
            match page(response, &app.db.changes, mark, network, until).await {
                Ok(page) => {
                    let page = Arc::new(page);
                    app.kept.0.insert(key, page.clone());
                    let mut answer = page.answer(&asked);
                    if let Some(queries) = queries {
                        answer.extensions_mut().insert(queries);
                    }
                    answer
                }
                Err(error) => error.into_response(),
            }
        }
        None => tagged(response, if_none_match.as_ref()).await,
    }
}

/// What a page is kept under; `None` for what is never kept: anything but a stranger's `GET`.
fn key(app: &App, request: &Request) -> Option<String> {
    let headers = request.headers();
    let cookies = headers.get_all(header::COOKIE);
    let known = cookies.iter().any(|line| line.to_str().is_ok_and(|line| line.contains(COOKIES)));
    if request.method() != Method::GET
        || known
        || text(headers, header::ACCEPT).starts_with("application/json")
    {
        return None;
    }
    let host = proxied(&app.config, headers, "x-forwarded-host");
    let host = host.or_else(|| headers.get(header::HOST).and_then(|v| v.to_str().ok())).unwrap_or_default();
    let scheme = proxied(&app.config, headers, "x-forwarded-proto").unwrap_or_default();
    let uri = request.uri().path_and_query().map_or("/", |p| p.as_str());
    let mut key = String::with_capacity(host.len() + scheme.len() + uri.len() + 2);
    for part in [scheme, " ", host, " ", uri] {
        key.push_str(part);
    }
    (key.len() <= LONGEST_KEY).then_some(key)
}

fn may_be_kept(response: &Response) -> Option<(Keep, Arc<Network>)> {
    let keep = response.extensions().get::<Keep>()?;
    let Answered(network) = response.extensions().get::<Answered>()?;
    let whole = response.status() == StatusCode::OK && !response.headers().contains_key(header::SET_COOKIE);
    whole.then(|| (*keep, network.clone()))
}

async fn page(
    response: Response,
    changes: &Changes,
    mark: Mark,
    network: Arc<Network>,
    until: Timestamp,
) -> Result<Page, Error> {
    let (parts, body) = response.into_parts();
    let plain = to_bytes(body, usize::MAX).await.map_err(Error::bug)?;
    let mut headers = parts.headers;
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
    Ok(Page {
        headers,
        tag: print(&plain),
        plain,
        gzip: OnceLock::new(),
        zstd: OnceLock::new(),
        holds: if network.is_portal() { changes.since_of_all(mark) } else { changes.since(mark, network.id) },
        until,
    })
}

/// Tags a complete page by its content, and answers 304 when the browser has it.
async fn tagged(response: Response, known: Option<&HeaderValue>) -> Response {
    let kind = text(response.headers(), header::CONTENT_TYPE);
    let whole = response.status() == StatusCode::OK && !response.headers().contains_key(header::SET_COOKIE);
    let known_again =
        ["text/html", "text/calendar", "application/json"].iter().any(|known| kind.starts_with(known));
    if !whole || !known_again {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Error::bug("a page could not be read back").into_response();
    };
    // Weak: the layer outside compresses it anew each time.
    let tag = format!("W/\"{}\"", print(&bytes));
    let Ok(tag) = HeaderValue::from_str(&tag) else { return Response::from_parts(parts, Body::from(bytes)) };
    let same = known == Some(&tag);
    parts.headers.insert(header::ETAG, tag);
    if same {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn print(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..16].to_owned()
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

fn gzip(plain: &[u8]) -> Bytes {
    use std::io::Write;
    let mut gzip =
        flate2::write::GzEncoder::new(Vec::with_capacity(plain.len() / 3), flate2::Compression::new(7));
    match gzip.write_all(plain).and_then(|()| gzip.finish()) {
        Ok(bytes) => Bytes::from(bytes),
        // Writing to memory does not fail.
        Err(_) => Bytes::new(),
    }
}

fn zstd(plain: &[u8]) -> Bytes {
    // Level 12: some milliseconds, once for each change.
    zstd::bulk::compress(plain, 12).map(Bytes::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_form_that_a_browser_takes_is_chosen() {
        let accepted = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            Coding::accepted(&headers).name()
        };
        assert_eq!(accepted("gzip, deflate, br, zstd"), "zstd");
        assert_eq!(accepted("gzip;q=1.0, identity"), "gzip");
        assert_eq!(accepted("gzip;q=0, br"), "");
        assert_eq!(accepted("zstd;q=0, gzip"), "gzip");
        assert_eq!(Coding::accepted(&HeaderMap::new()).name(), "");
    }

    #[test]
    fn compressed_forms_hold_the_page() {
        let plain = "<p>Bonjour à tous</p>".repeat(200);
        let mut back = String::new();
        std::io::Read::read_to_string(
            &mut flate2::read::GzDecoder::new(&gzip(plain.as_bytes())[..]),
            &mut back,
        )
        .expect("gzip");
        assert_eq!(back, plain);
        assert_eq!(zstd::bulk::decompress(&zstd(plain.as_bytes()), 1 << 20).expect("zstd"), plain.as_bytes());
    }
}
