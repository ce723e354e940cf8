//! `/robots.txt` and `/sitemap.xml` of the portal: the maps of every network's site.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use kit::{Cx, Result};

use super::networks;

pub async fn robots(cx: Cx) -> Result<Response> {
    Ok(format!("User-agent: *\nDisallow: /communes.json\nSitemap: {}/sitemap.xml\n", cx.origin)
        .into_response())
}

pub async fn sitemap(cx: Cx) -> Result<Response> {
    let all = networks::all(&mut cx.read().await?).await?;
    let maps: String = all
        .iter()
        .map(|counted| {
            format!("<sitemap><loc>{}/sitemap.xml</loc></sitemap>", counted.network.origin_beside(&cx.origin))
        })
        .collect();
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{maps}</sitemapindex>\n"
    );
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], text).into_response())
}
