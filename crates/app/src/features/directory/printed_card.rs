//! `/espace/reseau/promeneurs/{id}/carte.pdf`: the card a promeneur gives away, with the code by which a parent checks
//! it; `?planche=1` for a sheet of ten.

use axum::extract::Path;
use axum::response::Response;
use documents::pdf::NotMade;
use documents::pdf::card::{Card, Format, pdf};
use kit::db::Id;
use kit::web::cx::Query;
use kit::web::respond::download;
use kit::{Cx, Date, Error, Result, heavy};

use super::person_sheet;
use super::sheet::Sheet;
use super::vocabulary::{List, Vocabulary};

const MEDIA_TYPE: &str = "application/pdf";

/// What a card says is public by nature: the name, the post, the profiles that the public sheet shows.
fn card(cx: &Cx, sheet: &Sheet, vocabulary: &Vocabulary, today: Date) -> Result<Card> {
    let holding = sheet.main(today).filter(|holding| !holding.mandate.is_over(today));
    let holding = holding.ok_or_else(|| {
        Error::refused("La carte se fait pour une personne en poste : donnez-lui d’abord un poste.")
    })?;
    let person = &sheet.person;
    Ok(Card {
        name: person.name(),
        job_title: person.job_title.clone(),
        structure: holding.structure.name.clone(),
        place: holding.structure.commune.clone().unwrap_or_default(),
        network: format!("Promeneurs du Net {}", cx.network.of()),
        check_url: format!("{}/verifier/{}", cx.link_base(), person.slug),
        profiles: sheet
            .public_profiles()
            .map(|profile| {
                (vocabulary.label(List::SocialNetwork, &profile.social_network), profile.handle.clone())
            })
            .collect(),
        accent: cx.network.accent.clone(),
    })
}

/// For whoever may read the sheet.
pub async fn show(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    let mut tx = cx.read().await?;
    let sheet = person_sheet::visible(&cx, &mut tx, id).await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    drop(tx);
    let card = card(&cx, &sheet, &vocabulary, cx.today())?;
    let (format, kind) =
        if query.0.flag("planche") { (Format::Sheet, "planche") } else { (Format::One, "carte") };
    let made = heavy(move || pdf(&card, format)).await?;
    let bytes = made.map_err(|error| match error {
        NotMade::LeftOut => Error::refused(error.to_string()),
        NotMade::Fault(text) => Error::bug(text),
    })?;
    Ok(download(&format!("{kind}-{}.pdf", sheet.person.slug), MEDIA_TYPE, bytes))
}
