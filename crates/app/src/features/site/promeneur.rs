//! `/promeneurs/{slug}`: one promeneur. 410 for who is no longer in post.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Error, Result};

use super::shown::{self, Shown, protected};
use crate::features::directory::office_hours::Moment;
use crate::features::directory::vocabulary::Vocabulary;
use crate::features::directory::{person, photo as directory_photo, sheet};

#[derive(Template)]
#[template(path = "site/promeneur.html")]
struct PromeneurPage {
    frame: Frame,
    p: Shown,
    email: Option<String>,
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
    let frame = cx.frame(p.name.clone()).describe(format!("{}, Promeneur du Net, {}.", p.name, p.structure));
    Ok(page(&PromeneurPage { frame, email: p.email.as_deref().map(protected), p }))
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
    directory_photo::send(&cx, &sheet.person).await
}
