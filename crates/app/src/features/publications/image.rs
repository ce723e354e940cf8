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
/// A picture that shows someone is asked for again each day: who withdraws an agreement is not shown for long.
const A_DAY: i64 = 24 * 3600;

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
        // What an address holds never changes; browsers keep it as long as nobody's agreement is at stake.
        true if picture.shows == "nobody" => format!("public, max-age={A_YEAR}, immutable"),
        true => format!("public, max-age={}", seconds_left(&picture, today)),
        false => "private, max-age=600".to_owned(),
    };
    Ok(([(header::CONTENT_TYPE, media.to_owned()), (header::CACHE_CONTROL, keep)], bytes).into_response())
}

/// How long a browser may keep a picture of someone, in seconds: a day, or until the agreement ends.
fn seconds_left(picture: &Picture, today: kit::db::Date) -> i64 {
    picture.consent_until.map_or(A_DAY, |until| ((until.0 - today.0).num_days() * A_DAY).clamp(0, A_DAY))
}
