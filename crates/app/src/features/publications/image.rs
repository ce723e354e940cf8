//! `/images/{id}/{file}`: a picture, to everyone when something public shows it, else to who may edit.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kit::db::Id;
use kit::{Cx, Error, Result};

use super::picture::Picture;
use super::picture_use;
use super::policy::{Want, may};

const A_YEAR: i64 = 365 * 24 * 3600;

pub async fn show(cx: Cx, Path((id, file)): Path<(Id, String)>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let picture: Picture = tx.get(cx.network.id, id).await?;
    let today = cx.today();
    let is_public =
        picture.may_be_shown(today) && picture_use::is_public(&mut tx, cx.network.id, picture.id).await?;
    drop(tx);
    let edits = cx.visitor.as_deref().is_some_and(|visitor| may(visitor, Want::Read));
    if !is_public && !edits {
        return Err(Error::NotFound);
    }
    let (stored, media) = picture.file(&file).ok_or(Error::NotFound)?;
    let bytes = cx.app.files.get(cx.network.id, &stored).await?;
    let keep = match is_public {
        // What an address holds never changes; browsers keep it as long as the agreement lasts.
        true => format!("public, max-age={}, immutable", seconds_left(&picture, today)),
        false => "private, max-age=600".to_owned(),
    };
    Ok(([(header::CONTENT_TYPE, media.to_owned()), (header::CACHE_CONTROL, keep)], bytes).into_response())
}

/// How long the agreement lasts, in seconds, a year at most.
fn seconds_left(picture: &Picture, today: kit::db::Date) -> i64 {
    let until = picture.consent_until.filter(|_| picture.shows != "nobody");
    until.map_or(A_YEAR, |until| ((until.0 - today.0).num_days() * 24 * 3600).clamp(0, A_YEAR))
}
