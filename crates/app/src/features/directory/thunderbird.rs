//! The address book as Thunderbird writes and reads it: its own columns under its own French headings, so that
//! « Outils › Importer » finds what goes where without being told.

use std::collections::HashMap;

use documents::delimited;
use kit::db::Id;
use kit::{Date, Error, Network, Result, Tx};

use super::contact::{Contact, Organisation};
use super::sheet::{self, Sheet};
use super::structure::Structure;

/// Headings of Thunderbird 153 in French, in the order in which it exports them (its `importMsgs.properties`, in
/// Debian's package `thunderbird-l10n-fr`; the space at the end of « Tél. professionnel » is its own).
pub const HEADINGS: [&str; 37] = [
    "Prénom",
    "Nom de famille",
    "Nom à afficher",
    "Surnom",
    "Adresse e-mail principale",
    "Adresse e-mail secondaire",
    "Nom de l’écran",
    "Tél. professionnel ",
    "Tél. personnel",
    "Fax",
    "Pager",
    "Portable",
    "Adresse privée",
    "Adresse privée 2",
    "Ville",
    "Pays/État",
    "Code postal",
    "Pays/Région (domicile)",
    "Adresse professionnelle",
    "Adresse professionnelle 2",
    "Ville",
    "Pays/État",
    "Code postal",
    "Pays/Région (bureau)",
    "Profession",
    "Service",
    "Société",
    "Site web 1",
    "Site web 2",
    "Année de naissance",
    "Mois",
    "Jour",
    "Divers 1",
    "Divers 2",
    "Divers 3",
    "Divers 4",
    "Notes",
];

/// A person or an organisation of the address book.
#[derive(Default)]
struct Entry {
    first: String,
    last: String,
    /// When it is not the two names.
    display: String,
    email: String,
    phone: String,
    street: String,
    city: String,
    postcode: String,
    job: String,
    company: String,
    website: String,
    /// What it is in the network: « Promeneur du Net », « Responsable »…
    part: &'static str,
}

impl Entry {
    fn row(self) -> Vec<String> {
        let display = match self.display.is_empty() {
            true => format!("{} {}", self.first, self.last).trim().to_owned(),
            false => self.display,
        };
        let mobile = self.phone.starts_with("+336") || self.phone.starts_with("+337");
        let country = if self.city.is_empty() { "" } else { "France" };
        let mut row = vec![String::new(); HEADINGS.len()];
        for (at, value) in [
            (0, self.first),
            (1, self.last),
            (2, display),
            (4, self.email),
            (if mobile { 11 } else { 7 }, self.phone),
            (18, self.street),
            (20, self.city),
            (22, self.postcode),
            (23, country.to_owned()),
            (24, self.job),
            (26, self.company),
            (27, self.website),
            (32, self.part.to_owned()),
        ] {
            row[at] = value;
        }
        row
    }
}

fn text(value: Option<&String>) -> String {
    value.map(|value| value.replace(['\n', '\r'], " ")).unwrap_or_default()
}

fn person(sheet: &Sheet, today: Date) -> Entry {
    let person = &sheet.person;
    let place = sheet.main(today).map(|holding| &holding.structure);
    let of = |part: fn(&Structure) -> &Option<String>| text(place.and_then(|s| part(s).as_ref()));
    Entry {
        first: person.first_name.clone(),
        last: person.last_name.clone(),
        email: text(person.email.as_ref()),
        phone: text(person.phone.as_ref()),
        street: of(|s| &s.address),
        city: of(|s| &s.commune),
        postcode: of(|s| &s.postcode),
        job: text(person.job_title.as_ref()),
        company: place.map(|s| s.name.clone()).unwrap_or_default(),
        part: "Promeneur du Net",
        ..Entry::default()
    }
}

/// The manager of a structure, when there is a way to reach them.
fn manager(s: &Structure) -> Option<Entry> {
    let name = s.manager_name.as_deref()?;
    if s.manager_email.is_none() && s.manager_phone.is_none() {
        return None;
    }
    let (first, last) = name.split_once(' ').unwrap_or(("", name));
    Some(Entry {
        first: first.to_owned(),
        last: last.to_owned(),
        email: text(s.manager_email.as_ref()),
        phone: text(s.manager_phone.as_ref()),
        street: text(s.address.as_ref()),
        city: text(s.commune.as_ref()),
        postcode: text(s.postcode.as_ref()),
        job: s.manager_title.clone().unwrap_or_else(|| "Responsable".to_owned()),
        company: s.name.clone(),
        part: "Responsable de structure",
        ..Entry::default()
    })
}

fn contact(contact: &Contact, company: &str) -> Entry {
    Entry {
        first: contact.first_name.clone(),
        last: contact.last_name.clone(),
        email: text(contact.email.as_ref()),
        phone: text(contact.phone.as_ref()),
        job: text(contact.job_title.as_ref()),
        company: company.to_owned(),
        part: "Contact",
        ..Entry::default()
    }
}

fn organisation(o: &Organisation) -> Entry {
    Entry {
        display: o.name.clone(),
        email: text(o.email.as_ref()),
        phone: text(o.phone.as_ref()),
        street: text(o.address.as_ref()),
        city: text(o.commune.as_ref()),
        postcode: text(o.postcode.as_ref()),
        company: o.name.clone(),
        website: text(o.website.as_ref()),
        part: "Partenaire",
        ..Entry::default()
    }
}

fn file(entries: Vec<Entry>) -> Result<Vec<u8>> {
    let rows: Vec<Vec<String>> = entries.into_iter().map(Entry::row).collect();
    // Not neutralised as for a spreadsheet: an apostrophe would enter the address book.
    delimited::write_plain(&HEADINGS, &rows).map_err(Error::bug)
}

async fn people(tx: &mut Tx, network: Id, today: Date, ids: &[Id]) -> Result<Vec<Entry>> {
    let mut entries = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        entries.extend(sheet::load(tx, network, ids).await?.iter().map(|sheet| person(sheet, today)));
    }
    Ok(entries)
}

/// These people, in that order.
pub async fn of_list(tx: &mut Tx, network: &Network, today: Date, ids: &[Id]) -> Result<Vec<u8>> {
    file(people(tx, network.id, today, ids).await?)
}

/// Everyone one writes to: promeneurs in post, managers of structures, partners and contacts.
pub async fn everyone(tx: &mut Tx, network: &Network, today: Date) -> Result<Vec<u8>> {
    let ids = super::export::everyone(tx, network.id).await?;
    let mut here = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        let sheets = sheet::load(tx, network.id, ids).await?;
        let in_post = |sheet: &&Sheet| sheet.main(today).is_none_or(|h| !h.mandate.is_over(today));
        here.extend(sheets.iter().filter(in_post).map(|sheet| person(sheet, today)));
    }
    let mut structures: Vec<Structure> = tx.all_of(network.id).await?;
    structures.retain(|s| s.deleted_at.is_none() && s.left_on.is_none_or(|day| day > today));
    structures.sort_by(|a, b| (&a.name_key, a.id).cmp(&(&b.name_key, b.id)));
    let mut organisations: Vec<Organisation> = tx.all_of(network.id).await?;
    organisations.retain(|o| o.deleted_at.is_none());
    organisations.sort_by(|a, b| (&a.name_key, a.id).cmp(&(&b.name_key, b.id)));
    let mut contacts: Vec<Contact> = tx.all_of(network.id).await?;
    contacts.retain(|c| c.deleted_at.is_none() && c.ended_on.is_none_or(|day| day >= today));
    contacts.sort_by(|a, b| (&a.name_key, a.id).cmp(&(&b.name_key, b.id)));
    let mut names: HashMap<Id, &str> = organisations.iter().map(|o| (o.id, o.name.as_str())).collect();
    names.extend(structures.iter().map(|s| (s.id, s.name.as_str())));
    let company = |c: &Contact| {
        let place = c.organisation_id.or(c.structure_id);
        place.and_then(|id| names.get(&id).copied()).unwrap_or_default().to_owned()
    };
    here.extend(structures.iter().filter_map(manager));
    here.extend(organisations.iter().map(organisation));
    here.extend(contacts.iter().map(|c| contact(c, &company(c))));
    file(here)
}
