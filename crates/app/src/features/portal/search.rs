//! `/promeneurs` of the portal: every published promeneur, by place or by name. Each is met on their network's site.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::response::Response;
use kit::db::facets::{self, Walk};
use kit::db::{Date, Id, fulltext};
use kit::territory::{self, Commune};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{json, page};
use kit::{Cx, Result, Tx, text};

use super::networks::{self, Counted};
use crate::features::directory::card::Card;
use crate::features::directory::suggestions;

/// Most people shown at once; a more precise question finds the others.
const MOST: usize = 50;
/// Who may find what on the portal: what the public may find.
const AUDIENCES: [&str; 1] = ["public"];

#[derive(Template)]
#[template(path = "portal/search.html")]
struct SearchPage {
    frame: Frame,
    asked: bool,
    /// What is said of the place.
    notice: Option<String>,
    people: Vec<Shown>,
    more: bool,
}

/// One promeneur, of whichever network.
struct Shown {
    card: Card,
    url: String,
    network: String,
}

/// The network of the typed place.
enum Place {
    Nowhere(String),
    Without(String),
    In { network: Id, commune: &'static Commune },
}

pub async fn show(cx: Cx, query: Query) -> Result<Response> {
    let typed: String = text::tidy(query.0.get("commune")).chars().take(80).collect();
    let words: String = text::tidy(query.0.get("q")).chars().take(120).collect();
    let mut tx = cx.read().await?;
    let all = networks::all(&mut tx).await?;
    let place = (!typed.is_empty()).then(|| place(&typed, &all));
    let mut notice = None;
    let found = match &place {
        Some(Place::Nowhere(said) | Place::Without(said)) => {
            notice = Some(said.clone());
            Vec::new()
        }
        Some(Place::In { network, commune }) => {
            let here = in_place(&mut tx, *network, commune, &words).await?;
            notice = here.1;
            here.0
        }
        None => by_words(&mut tx, &words).await?,
    };
    let more = found.len() > MOST;
    let people = shown(&cx, &mut tx, &all, &found[..found.len().min(MOST)]).await?;
    let frame = cx.frame("Trouver un Promeneur du Net").describe(
        "Tous les Promeneurs du Net de France qui ont publié leur fiche, par commune, par nom ou par structure.",
    );
    let asked = place.is_some() || !words.is_empty();
    Ok(page(&SearchPage { frame, asked, notice, people, more }))
}

fn place(typed: &str, all: &[Counted]) -> Place {
    let plain = typed.split(" (").next().unwrap_or_default();
    let commune =
        territory::named(plain, None, "").or_else(|| territory::suggest(plain, "", 1).into_iter().next());
    let Some(commune) = commune else {
        return Place::Nowhere(format!("Aucune commune ne s’appelle «\u{a0}{typed}\u{a0}»."));
    };
    match all.iter().find(|counted| counted.network.code == commune.departement) {
        Some(counted) => Place::In { network: counted.network.id, commune },
        None => {
            let departement =
                territory::departement(&commune.departement).map_or("", |found| found.name.as_str());
            Place::Without(format!(
                "{} est dans un département ({departement}) dont le réseau n’est pas sur ce portail.",
                commune.name
            ))
        }
    }
}

/// Those of a commune, else of the intercommunalité around it; narrowed by words when some were typed.
async fn in_place(
    tx: &mut Tx,
    network: Id,
    commune: &Commune,
    words: &str,
) -> Result<(Vec<(Id, Id)>, Option<String>)> {
    let near = [("public.commune", commune.code.as_str()), ("public.epci", commune.epci.as_str())];
    for (facet, value) in near {
        let walk = Walk { facet: facet.to_owned(), value: value.to_owned(), ..Walk::default() };
        let (places, _) = facets::places(tx, network, &walk, &Default::default(), MOST + 1).await?;
        let mut found: Vec<(Id, Id)> = places.into_iter().map(|place| (network, place.subject_id)).collect();
        if !words.is_empty() {
            let named: HashSet<(Id, Id)> = by_words(tx, words).await?.into_iter().collect();
            found.retain(|one| named.contains(one));
        }
        if !found.is_empty() {
            let wider = facet != "public.commune";
            let said =
                wider.then(|| format!("Personne à {}\u{a0}: voici qui est le plus près.", commune.name));
            return Ok((found, said));
        }
    }
    Ok((Vec::new(), None))
}

async fn by_words(tx: &mut Tx, words: &str) -> Result<Vec<(Id, Id)>> {
    let found = fulltext::find_everywhere(tx, words, "person.public", &AUDIENCES, 200).await?;
    Ok(found.into_iter().map(|found| (found.network_id, found.subject_id)).collect())
}

/// What the public may see of these people: those who have a card, in the order in which they were found.
async fn shown(cx: &Cx, tx: &mut Tx, all: &[Counted], found: &[(Id, Id)]) -> Result<Vec<Shown>> {
    let cards = facets::cards_anywhere(tx, found).await?;
    let mut cards: HashMap<(Id, Id), String> =
        cards.into_iter().map(|card| ((card.network_id, card.id), card.card)).collect();
    let today: Date = cx.today();
    let mut one = |key: &(Id, Id)| {
        let card: Card = serde_json::from_str(&cards.remove(key)?).ok()?;
        let network = &all.iter().find(|counted| counted.network.id == key.0)?.network;
        // Whoever left last night is gone, even before lists are brought up to date.
        card.until.is_none_or(|day| day > today).then(|| Shown {
            url: format!("{}{}", network.origin_beside(&cx.origin), card.url()),
            network: network.name.clone(),
            card,
        })
    };
    Ok(found.iter().filter_map(&mut one).collect())
}

/// `/communes.json`: communes of the whole country, for the field where one types where one lives.
pub async fn communes(_: Cx, query: Query) -> Result<Response> {
    Ok(json(&suggestions(query.0.get("q"), "")))
}
