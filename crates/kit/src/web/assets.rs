//! Styles, scripts, fonts and icons, built by `frontend/` and carried inside the program. Their address
//! holds a hash of the whole, so that browsers may keep them for ever.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::theme::Accent;

#[derive(RustEmbed)]
#[folder = "../../frontend/dist/"]
struct Files;

static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = blake3::Hasher::new();
    for name in Files::iter() {
        if let Some(file) = Files::get(&name) {
            hasher.update(name.as_bytes());
            hasher.update(&file.metadata.sha256_hash());
        }
    }
    hasher.finalize().to_hex()[..12].to_owned()
});

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Where an asset is reached.
pub fn url(name: &str) -> String {
    format!("/assets/{}/{name}", *HASH)
}

/// Where the stylesheet of an accent is reached.
pub fn accent_url(accent: &str) -> String {
    format!("/assets/couleur/{}.css", Accent::css_name(accent))
}

/// `/assets/{hash}/{name}`: the best precompressed form that the browser takes.
pub async fn show(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let offered = [("br", ".br"), ("gzip", ".gz")];
    let chosen = offered
        .iter()
        .filter(|(encoding, _)| accepts.contains(encoding))
        .find_map(|(encoding, ending)| Some((Some(*encoding), Files::get(&format!("{name}{ending}"))?)))
        .or_else(|| Some((None, Files::get(&name)?)));
    let Some((encoding, file)) = chosen else { return StatusCode::NOT_FOUND.into_response() };
    let keep = if hash == *HASH { FOR_EVER } else { "no-cache" };
    let mut response = (
        [
            (header::CONTENT_TYPE, media_type(&name)),
            (header::CACHE_CONTROL, keep),
            (header::VARY, "accept-encoding"),
        ],
        file.data.into_owned(),
    )
        .into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(encoding));
    }
    response
}

/// `/assets/couleur/{name}`: the colour itself is in the address, so it never changes.
pub async fn accent(Path(name): Path<String>) -> Response {
    let accent = name.strip_suffix(".css").and_then(|hex| Accent::read(&format!("#{hex}")).ok());
    match accent {
        Some(accent) => (
            [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, FOR_EVER)],
            accent.stylesheet(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
