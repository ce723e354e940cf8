//! The image of a structure: its house, its door, its team room. Shown in public with what it shows in words.

use axum::extract::Path;
use axum::response::Response;
use documents::picture;
use kit::db::Id;
use kit::web::respond::go_saying;
use kit::web::upload::Upload;
use kit::{Cx, Error, Result};

use super::photo;
use super::policy::{Want, require};
use super::structure;

/// Longest description, in characters.
const MOST_ALT: usize = 160;

/// Stores an image with its description. `action=retirer` takes it away.
pub async fn keep(cx: Cx, Path(id): Path<Id>, upload: Upload) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let before = structure::find(&mut cx.read().await?, cx.network.id, id).await?;
    let mut after = before.clone();
    let mut fields = upload.fields;
    let said = if fields.get("action") == "retirer" {
        (after.image, after.image_alt) = (None, None);
        "Image retirée."
    } else {
        let Some(alt) = fields.text("description", MOST_ALT).filter(|_| fields.errors().is_empty()) else {
            return Err(Error::refused(
                "Dites en quelques mots ce que montre l’image (160 caractères au plus).",
            ));
        };
        let stored = photo::store(&cx, upload.file, picture::landscape).await?;
        (after.image, after.image_alt) = (Some(stored), Some(alt));
        "Image enregistrée."
    };
    let mut tx = cx.write().await?;
    structure::change(&mut tx, &cx.actor(), &before, after, "structure.illustrated", None).await?;
    tx.commit().await?;
    if let Some(old) = &before.image {
        cx.app.files.delete(cx.network.id, old).await?;
    }
    Ok(go_saying(&before.url(), said))
}

/// The image for those who may see the sheet.
pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let visitor = cx.visitor()?;
    let structure = structure::find(&mut cx.read().await?, cx.network.id, id).await?;
    require(visitor, Want::ReadStructure(id))?;
    photo::send(&cx, structure.image.as_deref()).await
}
