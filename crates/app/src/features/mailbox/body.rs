//! `/espace/messagerie/messages/{id}/…`: what a message says, shown in a frame of its own; the message as it came; what is
//! attached; pictures of elsewhere, fetched by the program when the reader asks for them.

use std::collections::HashMap;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kit::db::Id;
use kit::markup::{self, Pictures};
use kit::web::cx::Query;
use kit::web::encoding::percent_encode;
use kit::web::respond::sandboxed;
use kit::{Cx, Error, Result, files, outside};
use mail_parser::PartType;

use super::message::MailMessage;
use super::policy::{Want, require};
use super::{quoting, reading};

/// Bytes of a picture that is fetched from elsewhere.
const LARGEST_PICTURE: usize = 5 << 20;
/// Of a message that cannot be read, so many bytes are shown.
const MOST_SHOWN: usize = 200_000;
/// Kinds of pictures that a browser may be given as such.
const DRAWN: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

async fn load(cx: &Cx, id: Id) -> Result<(MailMessage, bytes::Bytes)> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    let message: MailMessage = tx.get(cx.network.id, id).await?;
    drop(tx);
    let raw = cx.app.files.get(cx.network.id, &message.raw).await?;
    Ok((message, raw))
}

/// The body in a frame: its HTML cleaned, or its words.
pub async fn show(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    let (message, raw) = load(&cx, id).await?;
    let with_pictures = query.0.flag("images");
    let html = kit::heavy(move || frame(&raw, pictures(&message, with_pictures))).await?;
    Ok(sandboxed(html))
}

/// A message as a page of its own: its HTML cleaned, its words, or its bytes as they came.
pub fn frame(raw: &[u8], pictures: Pictures) -> String {
    const HEAD: &str = "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Message</title><style>\
        body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:4px;overflow-wrap:anywhere;color:#1c1c1c;background:#fff}\
        img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap;font:inherit}\
        blockquote{margin:0 0 0 8px;padding-left:12px;border-left:3px solid #bbb;color:#444}</style></head><body>";
    let said = match reading::parse(raw) {
        Some(parsed) => match html_of(&parsed) {
            Some(html) => markup::foreign(&html, pictures).html,
            None => plain(&reading::body_text(&parsed)),
        },
        None => plain(&String::from_utf8_lossy(&raw[..raw.len().min(MOST_SHOWN)])),
    };
    format!("{HEAD}{said}</body></html>")
}

/// The HTML of a message that has one; its parts one after the other.
pub fn html_of(parsed: &mail_parser::Message<'_>) -> Option<String> {
    let parts = parsed.html_bodies().filter_map(|part| match &part.body {
        PartType::Html(html) => Some(html.to_string()),
        _ => None,
    });
    let html: Vec<String> = parts.collect();
    (!html.is_empty()).then(|| html.join("<hr>"))
}

/// Words with their lines, what repeats an earlier message apart.
fn plain(text: &str) -> String {
    format!("<pre>{}</pre>", markup::escape(text))
}

fn pictures(message: &MailMessage, elsewhere: bool) -> Pictures {
    let at = |part: u32| format!("/espace/messagerie/messages/{}/pieces/{part}?vue=1", message.id);
    let own = message
        .files()
        .into_iter()
        .filter(|file| !file.cid.is_empty() && DRAWN.contains(&file.media_type.as_str()));
    let own: HashMap<String, String> = own.map(|file| (file.cid, at(file.part))).collect();
    Pictures {
        own,
        elsewhere: elsewhere.then(|| format!("/espace/messagerie/messages/{}/image?n=", message.id)),
    }
}

/// How many pictures of elsewhere a message names.
pub fn pictures_elsewhere(raw: &[u8]) -> usize {
    let html = reading::parse(raw).and_then(|parsed| html_of(&parsed)).unwrap_or_default();
    if html.contains("http") { markup::pictures_elsewhere(&html).len() } else { 0 }
}

/// The message as it came, to be kept.
pub async fn raw(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let (message, raw) = load(&cx, id).await?;
    let name = format!("{}.eml", files::safe_name(&message.subject));
    Ok(kit::web::respond::download(&name, "message/rfc822", raw.to_vec()))
}

/// Something attached: to be kept, or shown when it is a picture of the text.
pub async fn file(cx: Cx, Path((id, part)): Path<(Id, u32)>, query: Query) -> Result<Response> {
    let (message, raw) = load(&cx, id).await?;
    let file = message.files().into_iter().find(|file| file.part == part).ok_or(Error::NotFound)?;
    let bytes =
        kit::heavy(move || quoting::contents(&reading::parse(&raw)?, part)).await?.ok_or(Error::NotFound)?;
    let media = files::told_type(&bytes, &file.media_type);
    if query.0.flag("vue") && DRAWN.contains(&media.as_str()) {
        return Ok(([(header::CONTENT_TYPE, media)], bytes).into_response());
    }
    let disposition = format!("attachment; filename*=UTF-8''{}", percent_encode(&file.name));
    Ok(([(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// A picture of elsewhere. Only what the message itself names is ever asked for.
pub async fn picture(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    let (_, raw) = load(&cx, id).await?;
    let place: usize = query.0.get("n").parse().map_err(|_| Error::NotFound)?;
    let named = kit::heavy(move || {
        let html = html_of(&reading::parse(&raw)?)?;
        markup::pictures_elsewhere(&html).into_iter().nth(place)
    })
    .await?;
    let address = named.ok_or(Error::NotFound)?;
    let fetched = outside::fetch(&cx.app.config, &address, LARGEST_PICTURE).await?;
    let media = files::told_type(&fetched.bytes, &fetched.media_type);
    if !DRAWN.contains(&media.as_str()) {
        return Err(Error::NotFound);
    }
    Ok(([(header::CONTENT_TYPE, media)], fetched.bytes).into_response())
}
