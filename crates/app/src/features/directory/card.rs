//! What the public lists show of a promeneur: decided whenever their sheet changes, read as it is. A page of
//! fifty is then one short query, and no list can show what was not opted in.

use kit::db::{Date, Id, facets};
use kit::{Result, Tx};
use serde::{Deserialize, Serialize};

use super::listing::{Page, in_order};
use super::office_hours::Slot;
use super::sheet::Sheet;

/// A published promeneur among others.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Card {
    pub slug: String,
    pub name: String,
    pub initials: String,
    /// Which of the five tones stands behind the initials.
    pub tone: usize,
    /// From when the photo may be seen; `None` when it may not.
    pub photo_from: Option<Date>,
    pub structure: String,
    pub place: String,
    pub for_youth: bool,
    pub for_parents: bool,
    pub slots: Vec<Slot>,
    pub off: Vec<Date>,
}

impl Card {
    pub fn url(&self) -> String {
        format!("/promeneurs/{}", self.slug)
    }

    /// The card of a sheet; `None` when the public may not see it today.
    fn of(sheet: &Sheet, today: Date) -> Option<Self> {
        if !sheet.is_public(today) {
            return None;
        }
        let structure = &sheet.current(today)?.structure;
        let person = &sheet.person;
        let shows_hours = person.shows("office_hours");
        let photo = person.photo.is_some() && person.shows("photo");
        Some(Self {
            slug: person.slug.clone(),
            name: person.name(),
            initials: person.initials(),
            tone: person.tone(),
            photo_from: person.photo_consent_on.filter(|_| photo),
            structure: structure.name.clone(),
            place: structure.commune.clone().unwrap_or_default(),
            for_youth: person.for_youth,
            for_parents: person.for_parents,
            slots: if shows_hours { sheet.hours.iter().map(Slot::from).collect() } else { Vec::new() },
            off: if shows_hours { sheet.off.clone() } else { Vec::new() },
        })
    }
}

/// Writes the cards of people anew; who is not public has none.
pub async fn put(tx: &mut Tx, network: Id, ids: &[Id], sheets: &[Sheet], today: Date) -> Result<()> {
    tx.delete_in::<facets::Card>(network, "id", ids).await?;
    let cards: Vec<facets::Card> = sheets
        .iter()
        .filter_map(|sheet| Some((sheet.person.id, Card::of(sheet, today)?)))
        .filter_map(|(id, card)| {
            Some(facets::Card { network_id: network, id, card: serde_json::to_string(&card).ok()? })
        })
        .collect();
    tx.insert(&cards).await
}

/// The cards of a page; who is not public is left out.
pub async fn of_page(tx: &mut Tx, network: Id, page: &Page) -> Result<Vec<Card>> {
    if page.cards.is_empty() {
        return load(tx, network, &page.ids).await;
    }
    Ok(page.cards.iter().filter_map(|card| serde_json::from_str(card.as_deref()?).ok()).collect())
}

/// The cards of these people, in that order; who is not public is left out.
pub async fn load(tx: &mut Tx, network: Id, ids: &[Id]) -> Result<Vec<Card>> {
    let cards: Vec<facets::Card> = tx.all_in(network, "id", ids).await?;
    let cards = in_order(ids, cards, |card| card.id);
    Ok(cards.iter().filter_map(|card| serde_json::from_str(&card.card).ok()).collect())
}
