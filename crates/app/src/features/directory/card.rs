//! What the public lists show of a promeneur: decided whenever their sheet changes, read as it is. A page of
//! fifty is then one short query, and no list can show what was not opted in.

use std::collections::HashMap;

use kit::db::{Date, Id, facets};
use kit::{Error, Result, Tx};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::listing::Page;
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
    /// Codes of the social networks where they have a public profile.
    #[serde(default)]
    pub networks: Vec<String>,
    /// The first day on which the post is no longer held, when it is known.
    pub until: Option<Date>,
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
        let holding = sheet.current(today)?;
        let structure = &holding.structure;
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
            networks: networks(sheet),
            until: holding.mandate.ended_on,
            slots: if shows_hours { sheet.hours.iter().map(Slot::from).collect() } else { Vec::new() },
            off: if shows_hours { sheet.off.clone() } else { Vec::new() },
        })
    }
}

fn networks(sheet: &Sheet) -> Vec<String> {
    let mut codes: Vec<String> =
        sheet.public_profiles().map(|profile| profile.social_network.clone()).collect();
    codes.dedup();
    codes
}

/// What the list of structures shows beside the structure itself.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct StructureCard {
    /// Posts held today.
    pub held: usize,
}

/// Writes the cards of people anew; who is not public has none.
pub async fn put(tx: &mut Tx, network: Id, ids: &[Id], sheets: &[Sheet], today: Date) -> Result<()> {
    let cards = sheets.iter().filter_map(|sheet| Some((sheet.person.id, Card::of(sheet, today)?)));
    write(tx, network, ids, cards).await
}

/// Writes the cards of subjects anew; those left out have none.
pub async fn write<T: Serialize>(
    tx: &mut Tx,
    network: Id,
    ids: &[Id],
    cards: impl IntoIterator<Item = (Id, T)>,
) -> Result<()> {
    tx.delete_in::<facets::Card>(network, "id", ids).await?;
    let mut rows = Vec::new();
    for (id, card) in cards {
        let card = serde_json::to_string(&card).map_err(Error::bug)?;
        rows.push(facets::Card { network_id: network, id, card });
    }
    tx.insert(&rows).await
}

/// The card of each subject of a page, in its order.
pub async fn of_page<T: DeserializeOwned>(tx: &mut Tx, network: Id, page: &Page) -> Result<Vec<Option<T>>> {
    if page.cards.is_empty() {
        return load(tx, network, &page.ids).await;
    }
    Ok(page.cards.iter().map(|card| serde_json::from_str(card.as_deref()?).ok()).collect())
}

/// The card of each of these subjects, in that order.
pub async fn load<T: DeserializeOwned>(tx: &mut Tx, network: Id, ids: &[Id]) -> Result<Vec<Option<T>>> {
    let cards: Vec<facets::Card> = tx.all_in(network, "id", ids).await?;
    let by_id: HashMap<Id, facets::Card> = cards.into_iter().map(|card| (card.id, card)).collect();
    Ok(ids.iter().map(|id| serde_json::from_str(&by_id.get(id)?.card).ok()).collect())
}
