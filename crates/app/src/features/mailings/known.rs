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

/// A row about someone: a promeneur with one of their posts, a structure, a contact or an account.
#[derive(sqlx::FromRow)]
struct Row {
    what: String,
    id: Id,
    first_name: String,
    last_name: String,
    email: Option<String>,
    /// Slug, job or role.
    detail: Option<String>,
    mandate_id: Option<Id>,
    started_on: Option<Date>,
    ended_on: Option<Date>,
    structure_id: Option<Id>,
    structure: Option<String>,
    commune: Option<String>,
    kind: Option<String>,
    insee_code: Option<String>,
    epci: Option<String>,
    partner_type: Option<String>,
    referent: String,
    /// What the lists of the directory narrow promeneurs by: `charter=signed|theme=health`.
    facets: Option<String>,
}

/// Everyone, once per way of being known, in one statement.
pub async fn load(tx: &mut Tx, network: &Network, today: Date) -> Result<Vec<Known>> {
    let sql = sql!(
        "select 'person' as what, p.id, p.first_name, p.last_name, p.email, p.slug as detail, m.id as mandate_id, ",
        "m.started_on, m.ended_on, s.id as structure_id, s.name as structure, s.commune, cast(null as text) as kind, ",
        "cast(null as text) as insee_code, cast(null as text) as epci, cast(null as text) as partner_type, ",
        "'' as referent, (select string_agg(f.facet || '=' || f.value, '|') from facet f ",
        " where f.network_id = p.network_id and f.subject_id = p.id and f.facet in ('person.standing', ",
        " 'person.charter', 'person.published', 'person.audience', 'person.theme', 'person.network', ",
        " 'person.type', 'person.commune', 'person.epci')) as facets from person p ",
        "left join mandate m on m.network_id = p.network_id and m.person_id = p.id and m.deleted_at is null ",
        "left join structure s on s.network_id = m.network_id and s.id = m.structure_id ",
        "where p.network_id = $1 and p.deleted_at is null ",
        "union all select 'structure', id, '', coalesce(manager_name, ''), coalesce(manager_email, email), slug, ",
        "null, entered_on, null, id, name, commune, kind, insee_code, epci, null, '', null from structure ",
        "where network_id = $1 and deleted_at is null and status in ('contracted', 'active', 'suspended') ",
        "union all select 'contact', c.id, c.first_name, c.last_name, coalesce(c.email, o.email), c.job_title, null, ",
        "c.started_on, null, s.id, coalesce(o.name, s.name), coalesce(o.commune, s.commune), s.kind, ",
        "coalesce(o.insee_code, s.insee_code), s.epci, o.kind, case when c.is_referent then 'yes' else '' end, ",
        "case when o.id is null then 'structure' else 'partner' end from contact c ",
        "left join organisation o on o.network_id = c.network_id and o.id = c.organisation_id ",
        "left join structure s on s.network_id = c.network_id and s.id = c.structure_id ",
        "where c.network_id = $1 and c.deleted_at is null and (c.ended_on is null or c.ended_on > $2) ",
        "union all select 'account', a.id, a.name, '', a.email, r.role, null, null, null, null, null, null, null, ",
        "null, null, null, '', null from account a join account_role r on r.network_id = a.network_id ",
        "and r.account_id = a.id where a.network_id = $1 and a.disabled_at is null ",
        "and r.role in ('coordinator', 'caf', 'partner')"
    );
    let rows: Vec<Row> = tx.all(sql, args![network.id, today]).await?;
    let (people, others): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.what == "person");
    let mut all = promeneurs(people, today);
    all.extend(others.into_iter().map(|row| match row.what.as_str() {
        "structure" => manager(row),
        "contact" => contact(row),
        _ => account(row),
    }));
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
        if communes.iter().any(|code| known.attributes.contains(&("commune".to_owned(), (*code).to_owned())))
        {
            known.add("group", group.to_string());
        }
    }
}

impl Row {
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

fn promeneurs(rows: Vec<Row>, today: Date) -> Vec<Known> {
    let mut best: HashMap<Id, Row> = HashMap::new();
    for row in rows {
        match best.get(&row.id) {
            Some(known) if known.rank(today) >= row.rank(today) => {}
            _ => {
                best.insert(row.id, row);
            }
        }
    }
    let mut all: Vec<Known> = best.into_values().map(|row| promeneur(row, today)).collect();
    all.sort_by_key(|known| known.id);
    all
}

fn promeneur(row: Row, today: Date) -> Known {
    let in_post = row.rank(today).0 == 2;
    let structure = row.structure.unwrap_or_default();
    let mut known = Known {
        id: Some(row.id),
        person_id: Some(row.id),
        first_name: row.first_name,
        last_name: row.last_name,
        address: row.email,
        commune: row.commune.unwrap_or_default(),
        sheet: format!("/promeneurs/{}", row.detail.unwrap_or_default()),
        what: format!("{}{}", if in_post { "En poste" } else { "Promeneur" }, said_at(&structure)),
        structure,
        started_on: row.started_on,
        ..Known::default()
    };
    known.add("role", "promeneur");
    if in_post {
        known.add("role", "active");
    }
    if let Some(id) = row.structure_id {
        known.add("structure", id.to_string());
    }
    for facet in row.facets.as_deref().unwrap_or_default().split('|') {
        if let Some((facet, value)) = facet.split_once('=') {
            known.add(facet.trim_start_matches("person."), value);
        }
    }
    known
}

fn said_at(structure: &str) -> String {
    if structure.is_empty() { String::new() } else { format!(" · {structure}") }
}

fn manager(row: Row) -> Known {
    let structure = row.structure.clone().unwrap_or_default();
    let (first, last) = split_name(&row.last_name);
    let named = !last.is_empty() || !first.is_empty();
    let mut known = Known {
        id: Some(row.id),
        first_name: first,
        last_name: if named { last } else { structure.clone() },
        // What is written to a structure is read by whoever answers for it.
        address: row.email,
        commune: row.commune.unwrap_or_default(),
        sheet: format!("/structures/{}", row.detail.unwrap_or_default()),
        what: format!("Responsable de structure{}", said_at(&structure)),
        structure,
        started_on: row.started_on,
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

fn contact(row: Row) -> Known {
    let there = row.structure.clone().unwrap_or_default();
    let job = row.detail.as_deref().map(|job| format!(" · {job}")).unwrap_or_default();
    let mut known = Known {
        id: Some(row.id),
        contact_id: Some(row.id),
        first_name: row.first_name,
        last_name: row.last_name,
        address: row.email,
        commune: row.commune.unwrap_or_default(),
        what: format!("Contact{}{job}", said_at(&there)),
        structure: there,
        started_on: row.started_on,
        ..Known::default()
    };
    let of_partner = row.facets.as_deref() == Some("partner");
    known.add("role", if of_partner { "contact" } else { "structure_contact" });
    if let Some(kind) = row.partner_type {
        known.add("partner_type", kind);
    }
    if row.referent == "yes" {
        known.add("referent", "yes");
    }
    known.place(row.structure_id, row.kind, row.insee_code, row.epci);
    known
}

fn account(row: Row) -> Known {
    let (first_name, last_name) = split_name(&row.first_name);
    let code = format!("account_{}", row.detail.unwrap_or_default());
    let label = ROLES.iter().find(|(known, _)| *known == code).map_or("Comptes", |(_, label)| *label);
    let mut known = Known {
        id: Some(row.id),
        first_name,
        last_name,
        address: row.email,
        what: format!("Compte{}", label.trim_start_matches("Comptes")),
        ..Known::default()
    };
    known.add("role", code);
    known
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
