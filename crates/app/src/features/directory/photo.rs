//! The photo of a promeneur: kept with the day of their consent, shown in public only with it.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use documents::picture;
use kit::db::Id;
use kit::web::respond::go_saying;
use kit::web::upload::Upload;
use kit::{Cx, Error, Result, heavy};

use super::person;
use super::person_sheet;
use super::policy::{Want, require};

/// Largest photo taken, in bytes.
const MOST_BYTES: usize = 10 << 20;

/// Stores a photo with the day of the consent; without consent there is none. `action=retirer` takes it away.
pub async fn keep(cx: Cx, Path(id): Path<Id>, upload: Upload) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let before = person::find(&mut cx.read().await?, cx.network.id, id).await?;
    let mut after = before.clone();
    let said = if upload.fields.get("action") == "retirer" {
        (after.photo, after.photo_consent_on) = (None, None);
        "Photo retirée."
    } else {
        let mut fields = upload.fields;
        let consent = fields.date("consentement");
        let Some(day) = consent.filter(|day| *day <= cx.today()) else {
            return Err(Error::refused(
                "Indiquez le jour où la personne a donné son accord : sans accord, la photo n’est pas gardée.",
            ));
        };
        after.photo = Some(store(&cx, upload.file, picture::portrait).await?);
        after.photo_consent_on = Some(day);
        "Photo enregistrée."
    };
    let mut tx = cx.write().await?;
    person::change(&mut tx, &cx.actor(), &before, after, "person.photographed", None).await?;
    tx.commit().await?;
    if let Some(old) = &before.photo {
        cx.app.files.delete(cx.network.id, old).await?;
    }
    Ok(go_saying(&before.url(), said))
}

/// Draws anew a picture that was sent, and stores it; returns its name.
pub(super) async fn store(
    cx: &Cx,
    file: Option<(String, Bytes)>,
    draw: fn(&[u8]) -> Result<Vec<u8>, picture::Refused>,
) -> Result<String> {
    let Some((_, bytes)) = file else {
        return Err(Error::refused("Choisissez une photo : JPEG, PNG ou WebP."));
    };
    if bytes.len() > MOST_BYTES {
        return Err(Error::TooLarge("Cette photo dépasse 10 Mo.".to_owned()));
    }
    let drawn = heavy(move || draw(&bytes)).await?;
    let drawn = drawn.map_err(|refused| Error::refused(refused.to_string()))?;
    cx.app.files.put(cx.network.id, drawn.into()).await
}

/// The photo for those who may see the sheet.
pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let sheet = person_sheet::visible(&cx, &mut cx.read().await?, id).await?;
    send(&cx, sheet.person.photo.as_deref()).await
}

/// The bytes of a picture that [`store`] named; 404 when there is none.
pub async fn send(cx: &Cx, stored: Option<&str>) -> Result<Response> {
    let bytes = cx.app.files.get(cx.network.id, stored.ok_or(Error::NotFound)?).await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response())
}
