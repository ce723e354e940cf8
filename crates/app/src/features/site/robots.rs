//! `/robots.txt` and `/.well-known/security.txt` (RFC 9116).

use axum::http::header;
use axum::response::{IntoResponse, Response};
use kit::{Cx, Result};

/// How long what `security.txt` says may be believed, in days. RFC 9116 advises less than a year.
const GOOD_FOR_DAYS: i64 = 180;

fn plain(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

pub async fn robots(cx: Cx) -> Result<Response> {
    Ok(plain(format!(
        "User-agent: *\nDisallow: /espace\nDisallow: /connexion\nDisallow: /fiche\nDisallow: /contact/merci\n\nSitemap: {}/sitemap.xml\n",
        cx.origin
    )))
}

pub async fn security(cx: Cx) -> Result<Response> {
    let origin = &cx.origin;
    let by_mail = cx.network.settings().coordination_email.map(|email| format!("Contact: mailto:{email}\n"));
    let expires = cx.now.plus_days(GOOD_FOR_DAYS).utc().format("%Y-%m-%dT00:00:00Z");
    Ok(plain(format!(
        "{}Contact: {origin}/contact\nExpires: {expires}\nPreferred-Languages: fr, en\n\
         Canonical: {origin}/.well-known/security.txt\n",
        by_mail.unwrap_or_default()
    )))
}
