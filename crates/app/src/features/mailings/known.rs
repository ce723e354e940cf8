//! Everyone whom a list can hold, as the directory and the accounts know them: read once, in a handful of statements,
//! then asked by every rule.

use std::collections::{HashMap, HashSet};

use kit::db::{Date, Id};
use kit::{Network, Result, Tx, args, sql};

use super::definition::{Definition, ROLES};
use crate::features::directory::contact::Contact;
use crate::features::directory::person::Person;

/// Someone with what rules may ask of them.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Their sheet, contact, structure or account.
    pub id: Option<Id>,
    pub person_id: Option<Id>,
    pub contact_id: Option<Id>,
    pub first_name: String,
    pub last_name: String,
    pub address: Option<String>,
    pub structure: String,
    pub commune: String,
    /// Address of the public sheet, without its host.
    pub sheet: String,
    /// « Promeneuse ou promeneur en poste · MJC de Crest ».
    pub what: String,
    pub(super) attributes: HashSet<(String, String)>,
    pub(super) started_on: Option<Date>,
}

impl Known {
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// Whether a rule's value is true of them today.
    pub fn has(&self, kind: &str, value: &str, today: Date) -> bool {
        if kind == "newcomer" {
            let months: u32 = value.parse().unwrap_or(0);
            let since = today.0.checked_sub_months(chrono::Months::new(months));
            return self.started_on.zip(since).is_some_and(|(start, since)| start.0 > since);
        }
        self.attributes.contains(&(kind.to_owned(), value.to_owned()))
    }

    fn add(&mut self, kind: &str, value: impl Into<String>) {
        self.attributes.insert((kind.to_owned(), value.into()));
    }

    fn place(&mut self, id: Option<Id>, kind: Option<String>, insee: Option<String>, epci: Option<String>) {
        if let Some(id) = id {
            self.add("structure", id.to_string());
        }
        for (name, value) in [("type", kind), ("commune", insee), ("epci", epci)] {
            if let Some(value) = value {
                self.add(name, value);
            }
        }
    }
}

/// Everyone, once per way of being known.
pub async fn load(tx: &mut Tx, network: &Network, today: Date) -> Result<Vec<Known>> {
    let mut all = promeneurs(tx, network.id, today).await?;
    facets(tx, network.id, &mut all).await?;
    all.extend(managers(tx, network.id).await?);
    all.extend(contacts(tx, network.id, today).await?);
    all.extend(accounts(tx, network.id).await?);
    Ok(all)
}

/// Only those whom a list names by hand, for its form.
pub async fn people_by_hand(tx: &mut Tx, network: Id, definition: &Definition) -> Result<Vec<Known>> {
    let people: Vec<Person> = tx.all_in(network, "id", &definition.people).await?;
    let contacts: Vec<Contact> = tx.all_in(network, "id", &definition.contacts).await?;
    let people = people.into_iter().map(|person| Known {
        person_id: Some(person.id),
        first_name: person.first_name,
        last_name: person.last_name,
        address: person.email,
        ..Known::default()
    });
    let contacts = contacts.into_iter().map(|contact| Known {
        contact_id: Some(contact.id),
        first_name: contact.first_name,
        last_name: contact.last_name,
        address: contact.email,
        ..Known::default()
    });
    Ok(people.chain(contacts).collect())
}

/// Adds what each territorial group covers, for lists that ask for one.
pub fn group(all: &mut [Known], group: Id, communes: &str) {
    let communes: Vec<&str> = communes.split(',').filter(|code| !code.is_empty()).collect();
    for known in all {
        if communes.iter().any(|code| known.attributes.contains(&("commune".to_owned(), (*code).to_owned()))) {
            known.add("group", group.to_string());
        }
    }
}

#[derive(sqlx::FromRow)]
struct Held {
    id: Id,
    first_name: String,
    last_name: String,
    email: Option<String>,
    slug: String,
    mandate_id: Option<Id>,
    started_on: Option<Date>,
    ended_on: Option<Date>,
    structure_id: Option<Id>,
    structure: Option<String>,
    commune: Option<String>,
}

impl Held {
    /// Held today, then to come, then over; among equals the latest.
    fn rank(&self, today: Date) -> (u8, Option<Date>, Option<Id>) {
        let over = self.mandate_id.is_none() || self.ended_on.is_some_and(|day| day <= today);
        let begun = self.started_on.is_none_or(|day| day <= today);
        let rank = match (over, begun) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        };
        (rank, self.started_on, self.mandate_id)
    }
}

async fn promeneurs(tx: &mut Tx, network: Id, today: Date) -> Result<Vec<Known>> {
    let sql = sql!(
        "select p.id, p.first_name, p.last_name, p.email, p.slug, m.id as mandate_id, m.started_on, m.ended_on, ",
        "s.id as structure_id, s.name as structure, s.commune from person p ",
        "left join mandate m on m.network_id = p.network_id and m.person_id = p.id and m.deleted_at is null ",
        "left join structure s on s.network_id = m.network_id and s.id = m.structure_id ",
        "where p.network_id = $1 and p.deleted_at is null"
    );
    let rows: Vec<Held> = tx.all(sql, args![network]).await?;
    let mut best: HashMap<Id, Held> = HashMap::new();
    for row in rows {
        match best.get(&row.id) {
            Some(known) if known.rank(today) >= row.rank(today) => {}
            _ => {
                best.insert(row.id, row);
            }
        }
    }
    let mut all: Vec<Known> = best.into_values().map(|held| promeneur(held, today)).collect();
    all.sort_by_key(|known| known.id);
    Ok(all)
}

fn promeneur(held: Held, today: Date) -> Known {
    let in_post = held.rank(today).0 == 2;
    let structure = held.structure.unwrap_or_default();
    let mut known = Known {
        id: Some(held.id),
        person_id: Some(held.id),
        first_name: held.first_name,
        last_name: held.last_name,
        address: held.email,
        commune: held.commune.unwrap_or_default(),
        sheet: format!("/promeneurs/{}", held.slug),
        what: format!("{}{}", if in_post { "En poste" } else { "Promeneur" }, said_at(&structure)),
        structure,
        started_on: held.started_on,
        ..Known::default()
    };
    known.add("role", "promeneur");
    if in_post {
        known.add("role", "active");
    }
    if let Some(id) = held.structure_id {
        known.add("structure", id.to_string());
    }
    known
}

fn said_at(structure: &str) -> String {
    if structure.is_empty() { String::new() } else { format!(" · {structure}") }
}

/// What the lists of the directory are narrowed by, of each promeneur.
async fn facets(tx: &mut Tx, network: Id, all: &mut [Known]) -> Result<()> {
    let sql = sql!(
        "select subject_id, facet, value from facet where network_id = $1 and facet in ('person.standing', ",
        "'person.charter', 'person.published', 'person.audience', 'person.theme', 'person.network', ",
        "'person.type', 'person.commune', 'person.epci')"
    );
    let rows: Vec<(Id, String, String)> = tx.all(sql, args![network]).await?;
    let mut places: HashMap<Id, usize> = HashMap::new();
    for (at, known) in all.iter().enumerate() {
        places.extend(known.id.map(|id| (id, at)));
    }
    for (id, facet, value) in rows {
        if let Some(known) = places.get(&id).and_then(|at| all.get_mut(*at)) {
            known.add(facet.trim_start_matches("person."), value);
        }
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Managed {
    id: Id,
    name: String,
    manager_name: Option<String>,
    manager_email: Option<String>,
    email: Option<String>,
    slug: String,
    kind: Option<String>,
    insee_code: Option<String>,
    commune: Option<String>,
    epci: Option<String>,
    entered_on: Option<Date>,
}

async fn managers(tx: &mut Tx, network: Id) -> Result<Vec<Known>> {
    let sql = sql!(
        "select id, name, manager_name, manager_email, email, slug, kind, insee_code, commune, epci, entered_on ",
        "from structure where network_id = $1 and deleted_at is null and status in ('contracted', 'active', 'suspended')"
    );
    let rows: Vec<Managed> = tx.all(sql, args![network]).await?;
    Ok(rows.into_iter().map(manager).collect())
}

fn manager(row: Managed) -> Known {
    let (first, last) = split_name(row.manager_name.as_deref().unwrap_or_default());
    let named = !last.is_empty() || !first.is_empty();
    let mut known = Known {
        id: Some(row.id),
        first_name: first,
        last_name: if named { last } else { row.name.clone() },
        // What is written to a structure is read by whoever answers for it.
        address: row.manager_email.or(row.email),
        commune: row.commune.clone().unwrap_or_default(),
        sheet: format!("/structures/{}", row.slug),
        what: format!("Responsable de structure{}", said_at(&row.name)),
        structure: row.name,
        started_on: row.entered_on,
        ..Known::default()
    };
    known.add("role", "manager");
    known.place(Some(row.id), row.kind, row.insee_code, row.epci);
    known
}

/// « Jeanne Meunier » as a first and a last name; « Mme MEUNIER » has only the last.
fn split_name(name: &str) -> (String, String) {
    let words: Vec<&str> =
        name.split_whitespace().filter(|w| !matches!(*w, "M." | "M" | "Mme" | "Mr" | "Mlle")).collect();
    match words.as_slice() {
        [] => (String::new(), String::new()),
        [only] => (String::new(), (*only).to_owned()),
        [first, rest @ ..] => ((*first).to_owned(), rest.join(" ")),
    }
}

#[derive(sqlx::FromRow)]
struct Talked {
    id: Id,
    first_name: String,
    last_name: String,
    job_title: Option<String>,
    email: Option<String>,
    is_referent: bool,
    started_on: Option<Date>,
    organisation: Option<String>,
    organisation_kind: Option<String>,
    organisation_commune: Option<String>,
    organisation_insee: Option<String>,
    structure_id: Option<Id>,
    structure: Option<String>,
    structure_kind: Option<String>,
    structure_commune: Option<String>,
    structure_insee: Option<String>,
    structure_epci: Option<String>,
}

async fn contacts(tx: &mut Tx, network: Id, today: Date) -> Result<Vec<Known>> {
    let sql = sql!(
        "select c.id, c.first_name, c.last_name, c.job_title, coalesce(c.email, o.email) as email, c.is_referent, ",
        "c.started_on, o.name as organisation, o.kind as organisation_kind, o.commune as organisation_commune, ",
        "o.insee_code as organisation_insee, s.id as structure_id, s.name as structure, s.kind as structure_kind, ",
        "s.commune as structure_commune, s.insee_code as structure_insee, s.epci as structure_epci from contact c ",
        "left join organisation o on o.network_id = c.network_id and o.id = c.organisation_id ",
        "left join structure s on s.network_id = c.network_id and s.id = c.structure_id ",
        "where c.network_id = $1 and c.deleted_at is null and (c.ended_on is null or c.ended_on > $2)"
    );
    let rows: Vec<Talked> = tx.all(sql, args![network, today]).await?;
    Ok(rows.into_iter().map(contact).collect())
}

fn contact(row: Talked) -> Known {
    let there = row.organisation.clone().or(row.structure.clone()).unwrap_or_default();
    let job = row.job_title.as_deref().map(|job| format!(" · {job}")).unwrap_or_default();
    let mut known = Known {
        id: Some(row.id),
        contact_id: Some(row.id),
        first_name: row.first_name,
        last_name: row.last_name,
        address: row.email,
        commune: row.organisation_commune.or(row.structure_commune).unwrap_or_default(),
        what: format!("Contact{}{job}", said_at(&there)),
        structure: there,
        started_on: row.started_on,
        ..Known::default()
    };
    known.add("role", if row.organisation.is_some() { "contact" } else { "structure_contact" });
    if let Some(kind) = row.organisation_kind {
        known.add("partner_type", kind);
    }
    if row.is_referent {
        known.add("referent", "yes");
    }
    known.place(row.structure_id, row.structure_kind, row.organisation_insee.or(row.structure_insee), row.structure_epci);
    known
}

async fn accounts(tx: &mut Tx, network: Id) -> Result<Vec<Known>> {
    let sql = sql!(
        "select a.id, a.name, a.email, r.role from account a join account_role r on r.network_id = a.network_id ",
        "and r.account_id = a.id where a.network_id = $1 and a.disabled_at is null ",
        "and r.role in ('coordinator', 'caf', 'partner')"
    );
    let rows: Vec<(Id, String, String, String)> = tx.all(sql, args![network]).await?;
    Ok(rows
        .into_iter()
        .map(|(id, name, email, role)| {
            let (first_name, last_name) = split_name(&name);
            let code = format!("account_{role}");
            let label = ROLES.iter().find(|(known, _)| *known == code).map_or("Compte", |(_, label)| *label);
            let what = label.trim_start_matches("Comptes ").to_owned();
            let mut known = Known {
                id: Some(id),
                first_name,
                last_name,
                address: Some(email),
                what: format!("Compte {what}"),
                ..Known::default()
            };
            known.add("role", code);
            known
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_split_as_one_is_greeted() {
        let of = |name: &str| split_name(name);
        assert_eq!(of("Mme Jeanne Meunier Roux"), ("Jeanne".to_owned(), "Meunier Roux".to_owned()));
        assert_eq!(of("M. MEUNIER"), (String::new(), "MEUNIER".to_owned()));
        assert_eq!(of(""), (String::new(), String::new()));
    }

    #[test]
    fn a_newcomer_is_so_for_a_time() {
        let known = Known { started_on: Date::new(2026, 3, 1), ..Known::default() };
        let day = |month, day| Date::new(2026, month, day).unwrap();
        assert!(known.has("newcomer", "6", day(8, 31)));
        assert!(!known.has("newcomer", "6", day(9, 1)));
        assert!(!known.has("newcomer", "", day(3, 2)));
    }
}
