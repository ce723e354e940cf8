//! What lists are narrowed and sorted by. Each row says: in the list narrowed by `facet = value`, this
//! subject stands at `sort_key`. A page of any list is then one walk of one index, whatever its size.

use std::collections::HashMap;

use kit::db::{Date, Id};
use kit::{Actor, Result, Tx};

use super::card::{self, StructureCard};
use super::mandate::{Mandate, Standing};
use super::sheet::Sheet;
use super::structure::Structure;

/// One way to find a subject in a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facet {
    pub facet: &'static str,
    pub value: String,
    pub sort_key: String,
}

/// What day it is in the actor's network.
pub async fn today(tx: &mut Tx, actor: &Actor) -> Result<Date> {
    Ok(kit::network::by_id(tx, actor.network_id).await?.today(actor.now))
}

/// What makes a promeneur « actif » in the actor's network, and what day it is there.
pub async fn conditions_and_day(tx: &mut Tx, actor: &Actor) -> Result<(Vec<String>, Date)> {
    let network = kit::network::by_id(tx, actor.network_id).await?;
    Ok((network.settings().active_conditions, network.today(actor.now)))
}

/// Writes the facets of people anew.
pub async fn put_people(
    tx: &mut Tx,
    network: Id,
    ids: &[Id],
    sheets: &[Sheet],
    conditions: &[String],
    today: Date,
) -> Result<()> {
    let facets = sheets
        .iter()
        .flat_map(|sheet| of_person(sheet, conditions, today).into_iter().map(|f| (sheet.person.id, f)))
        .collect();
    write(tx, network, ids, facets).await
}

/// Writes the facets of structures anew.
pub async fn refresh_structures(tx: &mut Tx, actor: &Actor, ids: &[Id]) -> Result<()> {
    let today = today(tx, actor).await?;
    let structures: Vec<Structure> = tx.all_in(actor.network_id, "id", ids).await?;
    let mandates: Vec<Mandate> = tx.all_in(actor.network_id, "structure_id", ids).await?;
    let mut held: HashMap<Id, usize> = HashMap::new();
    for mandate in mandates.iter().filter(|m| m.deleted_at.is_none() && m.is_current(today)) {
        *held.entry(mandate.structure_id).or_default() += 1;
    }
    let held = |id: Id| held.get(&id).copied().unwrap_or(0);
    let cards = structures.iter().map(|s| (s.id, StructureCard { held: held(s.id) }));
    card::write(tx, actor.network_id, ids, cards).await?;
    let facets =
        structures.iter().flat_map(|s| of_structure(s, held(s.id)).into_iter().map(|f| (s.id, f))).collect();
    write(tx, actor.network_id, ids, facets).await
}

async fn write(tx: &mut Tx, network: Id, ids: &[Id], facets: Vec<(Id, Facet)>) -> Result<()> {
    kit::db::facets::replace(
        tx,
        network,
        ids,
        facets.into_iter().map(|(id, f)| (id, f.facet, f.value, f.sort_key)).collect(),
    )
    .await
}

/// Sort keys are bounded so that no row of an index grows out of hand.
fn bounded(key: &str) -> String {
    key.chars().take(120).collect()
}

fn of_person(sheet: &Sheet, conditions: &[String], today: Date) -> Vec<Facet> {
    let person = &sheet.person;
    if person.deleted_at.is_some() {
        return Vec::new();
    }
    let name = bounded(&person.name_key);
    let main = sheet.main(today);
    let standing = sheet.standing(conditions, today);
    let mut facets = Vec::new();
    let mut add = |facet: &'static str, value: &str| {
        facets.push(Facet { facet, value: value.to_owned(), sort_key: name.clone() });
    };
    add("person", "");
    add("person.standing", standing.as_ref().map_or("none", Standing::code));
    if let Some(Standing::Incomplete(missing)) = &standing {
        missing.iter().for_each(|condition| add("person.missing", condition));
    }
    add("person.published", if person.is_published() { "yes" } else { "no" });
    if let Some(holding) = main {
        add("person.charter", &holding.mandate.charter);
        let structure = &holding.structure;
        for (facet, value) in [
            ("person.type", &structure.kind),
            ("person.commune", &structure.insee_code),
            ("person.epci", &structure.epci),
        ] {
            if let Some(value) = value {
                add(facet, value);
            }
        }
    }
    for audience in audiences(person.for_youth, person.for_parents) {
        add("person.audience", audience);
    }
    for theme in person.theme_codes() {
        add("person.theme", theme);
    }
    for profile in sheet.profiles.iter().filter(|p| p.status != "closed") {
        add("person.network", &profile.social_network);
    }
    if sheet.is_public(today) {
        public_facets(sheet, today, &mut add);
    }
    let key = |text: Option<&str>| format!("{} {name}", bounded(text.unwrap_or("~")));
    let place = main.map(|holding| &holding.structure);
    let commune = place.and_then(|s| s.commune.as_deref()).map(kit::text::fold);
    let started = main.and_then(|h| h.mandate.started_on).map(|day| day.to_string());
    for (facet, sort_key) in [
        ("person.by_structure", key(place.map(|s| s.name_key.as_str()))),
        ("person.by_commune", key(commune.as_deref())),
        ("person.by_start", key(started.as_deref())),
        ("person.by_update", format!("{:020} {name}", person.updated_at.0)),
    ] {
        facets.push(Facet { facet, value: String::new(), sort_key });
    }
    facets.sort();
    facets.dedup();
    facets
}

fn public_facets(sheet: &Sheet, today: Date, add: &mut impl FnMut(&'static str, &str)) {
    let person = &sheet.person;
    add("public", "");
    if let Some(holding) = sheet.current(today) {
        if let Some(commune) = &holding.structure.insee_code {
            add("public.commune", commune);
        }
        if let Some(epci) = &holding.structure.epci {
            add("public.epci", epci);
        }
    }
    if person.shows("themes") {
        for theme in person.theme_codes() {
            add("public.theme", theme);
        }
    }
    for profile in sheet.public_profiles() {
        add("public.network", &profile.social_network);
    }
    for audience in audiences(person.for_youth, person.for_parents) {
        add("public.audience", audience);
    }
}

/// Codes of the audiences that are served, as the public list's parameter `public` names them.
fn audiences(youth: bool, parents: bool) -> impl Iterator<Item = &'static str> {
    [(youth, "jeunes"), (parents, "parents")].into_iter().filter(|(served, _)| *served).map(|(_, code)| code)
}

fn of_structure(structure: &Structure, held: usize) -> Vec<Facet> {
    if structure.deleted_at.is_some() {
        return Vec::new();
    }
    let name = bounded(&structure.name_key);
    let mut facets = Vec::new();
    let mut add = |facet: &'static str, value: &str| {
        facets.push(Facet { facet, value: value.to_owned(), sort_key: name.clone() });
    };
    add("structure", "");
    add("structure.status", &structure.status);
    add("structure.published", if structure.published_at.is_some() { "yes" } else { "no" });
    for (facet, value) in [
        ("structure.type", &structure.kind),
        ("structure.commune", &structure.insee_code),
        ("structure.epci", &structure.epci),
    ] {
        if let Some(value) = value {
            add(facet, value);
        }
    }
    let vacant = i64::try_from(held).unwrap_or(0) < structure.labelled_posts && structure.is_in_network();
    add("structure.vacancy", if vacant { "yes" } else { "no" });
    if structure.published_at.is_some() && structure.is_in_network() {
        add("public.structure", "");
        if let Some(commune) = &structure.insee_code {
            add("public.structure.commune", commune);
        }
        if let Some(kind) = &structure.kind {
            add("public.structure.type", kind);
        }
    }
    let commune = structure.commune.as_deref().map_or_else(|| "~".to_owned(), kit::text::fold);
    for (facet, sort_key) in [
        ("structure.by_commune", format!("{} {name}", bounded(&commune))),
        ("structure.by_status", format!("{} {name}", structure.status)),
        ("structure.by_update", format!("{:020} {name}", structure.updated_at.0)),
    ] {
        facets.push(Facet { facet, value: String::new(), sort_key });
    }
    facets
}
