//! The person: a professional known to the network, whoever employs them now.

use std::collections::BTreeSet;

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Result, Tx, args, sql, text};

use super::{card, facets, findable, sheet};

kit::table! {
    /// A professional. What is public is opted in, field by field.
    pub struct Person in "person": versioned {
        pub slug: String,
        pub first_name: String,
        pub last_name: String,
        /// Folded last then first name: what lists are sorted by.
        pub name_key: String,
        pub job_title: Option<String>,
        pub email: Option<String>,
        pub phone: Option<String>,
        pub presentation: Option<String>,
        pub for_youth: bool,
        pub for_parents: bool,
        /// Codes of themes, joined by commas.
        pub themes: String,
        pub photo: Option<String>,
        pub photo_consent_on: Option<Date>,
        /// Codes of the fields shown in public, joined by commas.
        pub visible: String,
        pub note: Option<String>,
        pub published_at: Option<Timestamp>,
        pub first_published_at: Option<Timestamp>,
        pub verified_on: Option<Date>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub deleted_at: Option<Timestamp>,
    }
}

/// Fields that can be shown in public, with their French labels. The name, the structure and its commune
/// are always on a published sheet: parents must be able to verify who a promeneur is (national guide p. 8).
pub const FIELDS: [(&str, &str); 7] = [
    ("job_title", "Fonction"),
    ("presentation", "Présentation"),
    ("themes", "Thèmes"),
    ("office_hours", "Permanences en ligne"),
    ("photo", "Photo"),
    ("email", "Adresse électronique"),
    ("phone", "Téléphone"),
];

/// What is shown of a newly entered person once published, until they decide otherwise.
pub const VISIBLE_AT_FIRST: &str = "job_title,presentation,themes,office_hours";

impl Person {
    pub fn named(network: Id, now: Timestamp, first_name: &str, last_name: &str) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            slug: text::slug(&format!("{first_name} {last_name}")),
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            name_key: name_key(first_name, last_name),
            job_title: None,
            email: None,
            phone: None,
            presentation: None,
            for_youth: true,
            for_parents: false,
            themes: String::new(),
            photo: None,
            photo_consent_on: None,
            visible: VISIBLE_AT_FIRST.to_owned(),
            note: None,
            published_at: None,
            first_published_at: None,
            verified_on: None,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            version: 1,
        }
    }

    /// « Noé Lefèvre ».
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    pub fn initials(&self) -> String {
        let first =
            |name: &str| name.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        first(&self.first_name) + &first(&self.last_name)
    }

    /// Which of the five tones stands behind the initials.
    pub fn tone(&self) -> usize {
        self.name_key.bytes().map(usize::from).sum::<usize>() % 5
    }

    pub fn subject(&self) -> Subject {
        Subject::new("person", self.id, self.name())
    }

    pub fn url(&self) -> String {
        format!("/espace/reseau/promeneurs/{}", self.id)
    }

    pub fn public_url(&self) -> String {
        format!("/promeneurs/{}", self.slug)
    }

    pub fn shows(&self, field: &str) -> bool {
        self.visible.split(',').any(|shown| shown == field)
    }

    pub fn theme_codes(&self) -> Vec<&str> {
        self.themes.split(',').filter(|code| !code.is_empty()).collect()
    }

    pub fn is_published(&self) -> bool {
        self.published_at.is_some()
    }
}

/// What names are sorted and compared by.
pub fn name_key(first_name: &str, last_name: &str) -> String {
    text::fold(&format!("{last_name} {first_name}"))
}

/// A person who is not in the trash.
pub async fn find(tx: &mut Tx, network: Id, id: Id) -> Result<Person> {
    let found: Person = tx.get(network, id).await?;
    if found.deleted_at.is_some() { Err(Error::NotFound) } else { Ok(found) }
}

/// The published person at a public address; [`Error::Gone`] for one who was public and is no longer.
pub async fn published(tx: &mut Tx, network: Id, slug: &str) -> Result<Person> {
    let sql =
        sql!("select id, published_at, first_published_at from person where network_id = $1 and slug = $2");
    let known: Option<(Id, Option<Timestamp>, Option<Timestamp>)> =
        tx.optional(sql, args![network, slug]).await?;
    match known {
        Some((id, Some(_), _)) => match find(tx, network, id).await {
            Err(Error::NotFound) => Err(gone()),
            found => found,
        },
        Some((_, None, Some(_))) => Err(gone()),
        _ => Err(Error::NotFound),
    }
}

fn gone() -> Error {
    Error::Gone(
        "Cette personne n’exerce plus comme Promeneur du Net dans ce réseau, ou sa fiche n’est plus publiée."
            .to_owned(),
    )
}

/// Adds people to the directory.
pub async fn add(tx: &mut Tx, actor: &Actor, people: &[Person], cause: Option<Id>) -> Result<()> {
    tx.insert(people).await?;
    let acts = people.iter().map(|p| Act::new("person.added", p.subject()).after(p).because(cause)).collect();
    trail::record_all(tx, actor, acts).await?;
    let ids: Vec<Id> = people.iter().map(|p| p.id).collect();
    refresh(tx, actor, &ids).await
}

/// Saves a changed person; what depends on it follows.
pub async fn change(
    tx: &mut Tx,
    actor: &Actor,
    before: &Person,
    mut after: Person,
    action: &'static str,
    cause: Option<Id>,
) -> Result<Person> {
    after.updated_at = actor.now;
    tx.save(&mut after).await?;
    let act = Act::new(action, after.subject()).before(before).after(&after).because(cause);
    trail::record(tx, actor, act).await?;
    refresh(tx, actor, &[after.id]).await?;
    Ok(after)
}

/// Shows a sheet in public. Refused for someone who holds no post.
pub async fn publish(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Person> {
    let before = find(tx, actor.network_id, id).await?;
    if before.is_published() {
        return Ok(before);
    }
    let sheet = sheet::load_one(tx, actor.network_id, id).await?;
    let today = facets::today(tx, actor).await?;
    if sheet.current(today).is_none() {
        return Err(Error::refused(format!(
            "{} n’occupe aucun poste aujourd’hui : sa fiche ne peut pas être publiée.",
            before.name()
        )));
    }
    let mut after = before.clone();
    after.published_at = Some(actor.now);
    after.first_published_at = before.first_published_at.or(Some(actor.now));
    change(tx, actor, &before, after, "person.published", None).await
}

/// Takes a sheet off the public site at once; its address then answers 410.
pub async fn unpublish(tx: &mut Tx, actor: &Actor, id: Id, cause: Option<Id>) -> Result<Person> {
    let before = find(tx, actor.network_id, id).await?;
    if !before.is_published() {
        return Ok(before);
    }
    let mut after = before.clone();
    after.published_at = None;
    change(tx, actor, &before, after, "person.unpublished", cause).await
}

/// Sheets brought up to date at once.
const SHEETS_AT_ONCE: usize = 1000;

/// Brings lists, search and public cards up to date with people.
pub async fn refresh(tx: &mut Tx, actor: &Actor, ids: &[Id]) -> Result<()> {
    let (conditions, today) = facets::conditions_and_day(tx, actor).await?;
    for ids in ids.chunks(SHEETS_AT_ONCE) {
        let sheets = sheet::load(tx, actor.network_id, ids).await?;
        facets::put_people(tx, actor.network_id, ids, &sheets, &conditions, today).await?;
        card::put(tx, actor.network_id, ids, &sheets, today).await?;
        findable::put_people(tx, actor.network_id, &sheets).await?;
    }
    Ok(())
}

/// A slug that no other person of the network has, nor any in `also`.
pub async fn free_slug(tx: &mut Tx, network: Id, name: &str, also: &BTreeSet<String>) -> Result<String> {
    let sql = sql!("select slug from person where network_id = $1 and slug >= $2 and slug < $3");
    let wanted = text::slug(name);
    let mut taken: Vec<(String,)> =
        tx.all(sql, args![network, wanted.as_str(), format!("{wanted}~")]).await?;
    taken.extend(also.iter().map(|slug| (slug.clone(),)));
    Ok(super::structure::first_free(&wanted, &taken))
}
