//! Duplicates: found when something is entered, and listed at `/espace/reseau/doublons` for review.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use askama::Template;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page};
use kit::{Cx, Error, Fields, Result, Tx, args, sql, text};

use super::merge::{self, Merge};
use super::person::Person;
use super::policy::{Want, require};
use super::structure::Structure;

/// Pairs shown at once.
const MOST: usize = 50;

/// People already known who may be this one: same address, same number, or nearly the same name.
pub async fn like(tx: &mut Tx, person: &Person) -> Result<Vec<Person>> {
    let sql = sql!(
        "select network_id, id, slug, first_name, last_name, name_key, job_title, email, phone, presentation, ",
        "for_youth, for_parents, themes, photo, photo_consent_on, visible, note, published_at, ",
        "first_published_at, verified_on, created_at, updated_at, deleted_at, version from person ",
        "where network_id = $1 and deleted_at is null and id <> $2 and (name_key = $3 or email = $4 or phone = $5) ",
        "limit 20"
    );
    let args = args![
        person.network_id,
        person.id,
        person.name_key.as_str(),
        person.email.as_deref(),
        person.phone.as_deref()
    ];
    let mut found: Vec<Person> = tx.all(sql, args).await?;
    let hits =
        kit::db::fulltext::find(tx, person.network_id, &person.name(), Some("person"), &["network"], 10)
            .await?;
    let near: Vec<Id> = hits
        .into_iter()
        .filter(|hit| text::distance(&text::fold(&hit.title), &text::fold(&person.name())) <= 2)
        .map(|hit| hit.subject_id)
        .filter(|id| *id != person.id && found.iter().all(|p| p.id != *id))
        .collect();
    found.extend(tx.all_in::<Person>(person.network_id, "id", &near).await?);
    Ok(found)
}

/// Structures already known that may be this one: same SIRET, or the same name, abbreviations written out.
pub async fn structures_like(tx: &mut Tx, structure: &Structure) -> Result<Vec<Structure>> {
    let sql = sql!(
        "select id from structure where network_id = $1 and deleted_at is null and id <> $2 ",
        "and (name_key = $3 or siret = $4) limit 20"
    );
    let args =
        args![structure.network_id, structure.id, structure.name_key.as_str(), structure.siret.as_deref()];
    let ids: Vec<(Id,)> = tx.all(sql, args).await?;
    let ids: Vec<Id> = ids.into_iter().map(|(id,)| id).collect();
    tx.all_in(structure.network_id, "id", &ids).await
}

/// Two things that may be one.
pub struct Pair {
    pub kind: &'static str,
    pub one: Side,
    pub other: Side,
    pub reason: &'static str,
}

impl Pair {
    /// Each side with the other.
    fn both_ways(&self) -> [(&Side, &Side); 2] {
        [(&self.one, &self.other), (&self.other, &self.one)]
    }
}

pub struct Side {
    pub id: Id,
    pub label: String,
    pub detail: String,
    pub url: String,
}

#[derive(sqlx::FromRow)]
struct Twin {
    one_id: Id,
    other_id: Id,
}

/// Pairs of people or structures that share an address, a number, a SIRET or a name, and that nobody has
/// declared to be two.
pub async fn pairs(tx: &mut Tx, network: Id) -> Result<Vec<Pair>> {
    let people = [
        (
            sql!(
                "select a.id as one_id, b.id as other_id from person a join person b on b.network_id = a.network_id ",
                "and b.email = a.email and b.id > a.id and b.deleted_at is null where a.network_id = $1 ",
                "and a.deleted_at is null and a.email is not null and not exists (select 1 from not_duplicate n ",
                "where n.network_id = a.network_id and n.kind = 'person' and n.one_id = a.id and n.other_id = b.id) limit 50"
            ),
            "même adresse électronique",
        ),
        (
            sql!(
                "select a.id as one_id, b.id as other_id from person a join person b on b.network_id = a.network_id ",
                "and b.name_key = a.name_key and b.id > a.id and b.deleted_at is null where a.network_id = $1 ",
                "and a.deleted_at is null and not exists (select 1 from not_duplicate n ",
                "where n.network_id = a.network_id and n.kind = 'person' and n.one_id = a.id and n.other_id = b.id) limit 50"
            ),
            "même nom",
        ),
        (
            sql!(
                "select a.id as one_id, b.id as other_id from person a join person b on b.network_id = a.network_id ",
                "and b.phone = a.phone and b.id > a.id and b.deleted_at is null where a.network_id = $1 ",
                "and a.deleted_at is null and a.phone is not null and not exists (select 1 from not_duplicate n ",
                "where n.network_id = a.network_id and n.kind = 'person' and n.one_id = a.id and n.other_id = b.id) limit 50"
            ),
            "même téléphone",
        ),
    ];
    let structures = [
        (
            sql!(
                "select a.id as one_id, b.id as other_id from structure a join structure b on b.network_id = a.network_id ",
                "and b.siret = a.siret and b.id > a.id and b.deleted_at is null where a.network_id = $1 ",
                "and a.deleted_at is null and a.siret is not null and not exists (select 1 from not_duplicate n ",
                "where n.network_id = a.network_id and n.kind = 'structure' and n.one_id = a.id and n.other_id = b.id) limit 50"
            ),
            "même SIRET",
        ),
        (
            sql!(
                "select a.id as one_id, b.id as other_id from structure a join structure b on b.network_id = a.network_id ",
                "and b.name_key = a.name_key and b.id > a.id and b.deleted_at is null where a.network_id = $1 ",
                "and a.deleted_at is null and not exists (select 1 from not_duplicate n ",
                "where n.network_id = a.network_id and n.kind = 'structure' and n.one_id = a.id and n.other_id = b.id) limit 50"
            ),
            "même nom",
        ),
    ];
    let mut found: BTreeMap<(Id, Id), (&'static str, &'static str)> = BTreeMap::new();
    for (kind, rules) in [("person", people.as_slice()), ("structure", structures.as_slice())] {
        for (sql, reason) in rules {
            for twin in tx.all::<Twin>(*sql, args![network]).await? {
                found.entry((twin.one_id, twin.other_id)).or_insert((kind, *reason));
            }
        }
    }
    let ids: BTreeSet<Id> = found.keys().flat_map(|(one, other)| [*one, *other]).collect();
    let sides = sides(tx, network, &ids.into_iter().collect::<Vec<_>>()).await?;
    Ok(found
        .into_iter()
        .take(MOST)
        .filter_map(|((one, other), (kind, reason))| {
            Some(Pair { kind, one: sides.get(&one)?.copy(), other: sides.get(&other)?.copy(), reason })
        })
        .collect())
}

impl Side {
    fn copy(&self) -> Self {
        Self { id: self.id, label: self.label.clone(), detail: self.detail.clone(), url: self.url.clone() }
    }
}

async fn sides(tx: &mut Tx, network: Id, ids: &[Id]) -> Result<HashMap<Id, Side>> {
    let mut sides = HashMap::new();
    for sheet in super::sheet::load(tx, network, ids).await? {
        let place = sheet.holdings.first().map(|h| h.structure.name.clone()).unwrap_or_default();
        let contact = sheet.person.email.clone().unwrap_or_default();
        sides.insert(
            sheet.person.id,
            Side {
                id: sheet.person.id,
                label: sheet.person.name(),
                detail: [place, contact].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", "),
                url: sheet.person.url(),
            },
        );
    }
    for structure in tx.all_in::<Structure>(network, "id", ids).await? {
        let parts = [structure.commune.clone(), structure.siret.clone()];
        sides.insert(
            structure.id,
            Side {
                id: structure.id,
                label: structure.name.clone(),
                detail: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
                url: structure.url(),
            },
        );
    }
    Ok(sides)
}

#[derive(Template)]
#[template(path = "directory/duplicates.html")]
struct DuplicatesPage {
    frame: Frame,
    pairs: Vec<Pair>,
    merges: Vec<Merge>,
}

pub async fn list(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let pairs = pairs(&mut tx, cx.network.id).await?;
    let merges = merge::latest(&mut tx, cx.network.id).await?;
    Ok(page(&DuplicatesPage { frame: cx.frame("Doublons"), pairs, merges }))
}

/// Merges a pair, or notes that it is two.
pub async fn decide(cx: Cx, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let id = |name: &str| form.get(name).parse::<Id>().map_err(|_| Error::NotFound);
    let (kept, lost) = (id("garder")?, id("autre")?);
    let kind = if form.get("genre") == "structure" { "structure" } else { "person" };
    let mut tx = cx.write().await?;
    let actor = cx.actor();
    let said = match form.get("action") {
        "fusionner" if kind == "person" => {
            merge::people(&mut tx, &actor, kept, lost).await?;
            "Fiches fusionnées : les deux historiques sont conservés. Vous pouvez annuler."
        }
        "fusionner" => {
            merge::structures(&mut tx, &actor, kept, lost).await?;
            "Structures fusionnées : les deux historiques sont conservés. Vous pouvez annuler."
        }
        "distincts" => {
            let sql = sql!(
                "insert into not_duplicate (network_id, kind, one_id, other_id, decided_at) ",
                "values ($1, $2, $3, $4, $5) on conflict do nothing"
            );
            tx.run(sql, args![cx.network.id, kind, kept.min(lost), kept.max(lost), cx.now]).await?;
            "C’est noté : ce sont deux fiches distinctes."
        }
        _ => return Err(Error::refused("Action inconnue.")),
    };
    tx.commit().await?;
    Ok(go_saying("/espace/reseau/doublons", said))
}
