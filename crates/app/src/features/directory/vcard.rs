//! Visiting cards: of one promeneur (`/espace/reseau/promeneurs/{id}/carte.vcf`) and of a list.

use axum::extract::Path;
use axum::response::Response;
use documents::vcard::{self, Card};
use kit::db::Id;
use kit::web::respond::download;
use kit::{Cx, Date, Error, Network, Result, Tx};

use super::person_sheet;
use super::sheet::{self, Sheet};
use super::vocabulary::{List, Vocabulary};

const MEDIA_TYPE: &str = "text/vcard; charset=utf-8";

/// Everything that the directory knows of how to reach someone.
pub fn card(sheet: &Sheet, vocabulary: &Vocabulary, today: Date) -> Card {
    let person = &sheet.person;
    let place = sheet.main(today).map(|holding| &holding.structure);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let address = place
        .filter(|s| s.commune.is_some())
        .map(|s| [text(&s.address), text(&s.postcode), text(&s.commune)]);
    Card {
        uid: person.id.to_string(),
        is_organisation: false,
        website: String::new(),
        first_name: person.first_name.clone(),
        last_name: person.last_name.clone(),
        organisation: place.map(|s| s.name.clone()).unwrap_or_default(),
        title: text(&person.job_title),
        email: text(&person.email),
        phone: text(&person.phone),
        address,
        profiles: sheet
            .profiles
            .iter()
            .filter(|profile| profile.status != "closed")
            .filter_map(|p| Some((vocabulary.label(List::SocialNetwork, &p.social_network), p.url.clone()?)))
            .collect(),
        categories: vec!["Promeneurs du Net".to_owned()],
        revised: person.updated_at.utc().format("%Y%m%dT%H%M%SZ").to_string(),
    }
}

fn file(cards: &[Card]) -> Result<Vec<u8>> {
    vcard::write(cards).map(String::into_bytes).map_err(Error::bug)
}

/// The cards of these people, in that order.
pub async fn write(tx: &mut Tx, network: &Network, today: Date, ids: &[Id]) -> Result<Vec<u8>> {
    let vocabulary = Vocabulary::load(tx, network).await?;
    let mut cards = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        cards.extend(sheet::load(tx, network.id, ids).await?.iter().map(|s| card(s, &vocabulary, today)));
    }
    file(&cards)
}

/// The card of one promeneur, for whoever may read the sheet.
pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let sheet = person_sheet::visible(&cx, &mut tx, id).await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let bytes = file(&[card(&sheet, &vocabulary, cx.today())])?;
    Ok(download(&format!("{}.vcf", sheet.person.slug), MEDIA_TYPE, bytes))
}

/// The cards of a list as a file.
pub async fn of_list(cx: &Cx, tx: &mut Tx, ids: &[Id]) -> Result<Response> {
    let bytes = write(tx, &cx.network, cx.today(), ids).await?;
    Ok(download(&format!("promeneurs-{}-{}.vcf", cx.network.code, cx.today()), MEDIA_TYPE, bytes))
}
