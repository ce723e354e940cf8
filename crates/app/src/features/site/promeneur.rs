//! `/promeneurs/{slug}`: one promeneur. 410 for who is no longer in post.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::linked_data::crumbs;
use kit::web::respond::page;
use kit::{Cx, Error, Result};

use super::linked_data;
use super::shown::{self, Shown, protected};
use crate::features::directory::office_hours::Moment;
use crate::features::directory::policy::{Want, require};
use crate::features::directory::vocabulary::Vocabulary;
use crate::features::directory::{person, photo as directory_photo, sheet};

#[derive(Template)]
#[template(path = "site/promeneur.html")]
struct PromeneurPage {
    frame: Frame,
    p: Shown,
    email: Option<String>,
    /// Shown to who may read the sheet, not to the public.
    is_preview: bool,
}

pub async fn show(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let person = person::published(&mut tx, cx.network.id, &slug).await?;
    let sheet = sheet::load_one(&mut tx, cx.network.id, person.id).await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let Some(p) = shown::shown(&sheet, &vocabulary, &Moment::of(&cx.network, cx.now)) else {
        return Err(Error::Gone(
            "Cette personne n’exerce plus comme Promeneur du Net dans ce réseau, ou sa fiche n’est plus publiée."
                .to_owned(),
        ));
    };
    let frame = cx
        .frame(p.name.clone())
        .describe(format!("{}, Promeneur du Net, {}.", p.name, p.structure))
        .link(&linked_data::person(&cx, &p, cx.path()))
        .link(&crumbs(&cx, &[("Trouver un Promeneur", "/promeneurs"), (&p.name, cx.path())]));
    Ok(page(&PromeneurPage { frame, email: p.email.as_deref().map(protected), p, is_preview: false }))
}

/// `/espace/reseau/promeneurs/{id}/apercu`: the sheet as the public would see it.
pub async fn preview(cx: Cx, Path(id): Path<kit::Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let sheet = sheet::load_one(&mut tx, cx.network.id, id).await?;
    require(cx.visitor()?, Want::ReadPerson(&sheet, cx.today()))?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let moment = Moment::of(&cx.network, cx.now);
    let p = shown::as_public(&sheet, &vocabulary, &moment)
        .filter(|_| sheet.person.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    let frame = cx.frame(format!("Aperçu : {}", p.name)).hide();
    Ok(page(&PromeneurPage { frame, email: p.email.as_deref().map(protected), p, is_preview: true }))
}

/// `/promeneurs/{slug}/photo`: only with the consent, and while the sheet shows it.
pub async fn photo(cx: Cx, Path(slug): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let person = person::published(&mut tx, cx.network.id, &slug).await?;
    let sheet = sheet::load_one(&mut tx, cx.network.id, person.id).await?;
    if !shown::shows_photo(&sheet, cx.today()) {
        return Err(Error::NotFound);
    }
    drop(tx);
    directory_photo::send(&cx, sheet.person.photo.as_deref()).await
}
