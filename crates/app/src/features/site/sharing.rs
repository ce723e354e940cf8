//! `/partage/{page}`: the picture that stands for a page where its address is shared. Of a person or a structure only
//! what their public page shows.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use documents::pdf::NotMade;
use documents::pdf::sharing::{Sharing, png};
use kit::{Cx, Error, Result, heavy};

use super::shown;
use super::sitemap::PAGES;
use crate::features::directory::office_hours::Moment;
use crate::features::directory::vocabulary::Vocabulary;
use crate::features::directory::{person, sheet, structure};
use crate::features::publications::publication::{self, NEWS, PAGE, Publication};

pub async fn show(cx: Cx, Path(page): Path<String>) -> Result<Response> {
    let page = page.strip_suffix(".png").ok_or(Error::NotFound)?;
    let base = Sharing {
        network: format!("Promeneurs du Net {}", cx.network.of()),
        accent: cx.network.accent.clone(),
        ..Sharing::default()
    };
    let sharing = match page.split_once('/') {
        Some(("promeneurs", slug)) => of_person(&cx, slug, base).await?,
        Some(("structures", slug)) => of_structure(&cx, slug, base).await?,
        Some(("actualites", slug)) => of_publication(&cx, NEWS, slug, base).await?,
        Some(("pages", slug)) => of_publication(&cx, PAGE, slug, base).await?,
        _ => of_page(&cx, page, base)?,
    };
    let drawn = heavy(move || png(&sharing)).await?.map_err(|error| match error {
        NotMade::LeftOut => Error::NotFound,
        NotMade::Fault(text) => Error::bug(text),
    })?;
    Ok(([(header::CONTENT_TYPE, "image/png")], drawn).into_response())
}

async fn of_person(cx: &Cx, slug: &str, base: Sharing) -> Result<Sharing> {
    let mut tx = cx.read().await?;
    let person = person::published(&mut tx, cx.network.id, slug).await?;
    let sheet = sheet::load_one(&mut tx, cx.network.id, person.id).await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let shown = shown::shown(&sheet, &vocabulary, &Moment::of(&cx.network, cx.now));
    let shown = shown.ok_or_else(|| Error::Gone("Cette fiche n’est plus publiée.".to_owned()))?;
    let line = match shown.place.as_str() {
        place if shown.structure.contains(place) => shown.structure,
        place => format!("{}, {place}", shown.structure),
    };
    Ok(Sharing { title: shown.name, line, initials: shown.initials, ..base })
}

async fn of_structure(cx: &Cx, slug: &str, base: Sharing) -> Result<Sharing> {
    let structure = structure::published(&mut cx.read().await?, cx.network.id, slug).await?;
    if !structure.is_in_network() {
        return Err(Error::NotFound);
    }
    Ok(Sharing { title: structure.name, line: structure.commune.unwrap_or_default(), ..base })
}

async fn of_publication(cx: &Cx, kind: &str, slug: &str, base: Sharing) -> Result<Sharing> {
    let found = publication::by_slug(&mut cx.read().await?, cx.network.id, kind, slug).await?;
    let found = found.filter(Publication::is_public).ok_or(Error::NotFound)?;
    let day = found.published_at.filter(|_| found.is_news()).map(|at| cx.network.day_of(at).long());
    Ok(Sharing { title: found.title, line: day.unwrap_or_default(), ..base })
}

/// One of the pages that every network has.
fn of_page(cx: &Cx, page: &str, base: Sharing) -> Result<Sharing> {
    if page == "accueil" {
        let title = "Trouve un Promeneur du Net près de chez toi".to_owned();
        return Ok(Sharing { title, line: cx.network.name.clone(), ..base });
    }
    let path = format!("/{page}");
    let mut pages = PAGES.iter().flat_map(|(_, pages)| pages.iter());
    let (_, label) = pages.find(|(url, _)| *url == path).ok_or(Error::NotFound)?;
    Ok(Sharing { title: (*label).to_owned(), ..base })
}
