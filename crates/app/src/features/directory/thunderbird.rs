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

#[cfg(test)]
mod tests {
    use kit::Role;
    use kit::testing::TestApp;

    use super::HEADINGS;
    use crate::features::directory::imports::{self, Choices};

    fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
        let sheet = documents::delimited::read(bytes).unwrap();
        assert_eq!(sheet.rows[0], HEADINGS, "the headings are Thunderbird's own");
        sheet.rows[1..].to_vec()
    }

    #[tokio::test]
    async fn the_book_holds_people_managers_partners_and_contacts_where_thunderbird_looks_for_them() {
        let test = TestApp::start(crate::parts()).await;
        let people = "Nom;Prénom;Structure;Ville;Tél;Mail;Date sortie\n\
            Lefèvre;Noé;MJC de Crest;Crest;06 12 34 56 78;noe@mjc.example;\n\
            Perrin;Zoé;MJC de Crest;Crest;04 75 00 00 00;zoe@mjc.example;01/02/2025\n";
        let places = "Nom de la structure;Adresse;CP;Commune;Responsable;Courriel du responsable\n\
            MJC de Crest;3 rue du Pré;26400;Crest;Anne Morel;anne@mjc.example\n";
        for (name, csv) in [("a.csv", places), ("b.csv", people)] {
            let choices = Choices::default();
            imports::at_once(&test.app, &test.network, name, csv.as_bytes(), &choices, false).await.unwrap();
        }
        let coordinator = test.someone(Role::Coordinator, None, None).await;
        let caf = [("nom", "Caf de la Drôme"), ("type", "sponsor"), ("courriel", "pdn@caf.example")];
        coordinator.post("/espace/reseau/partenaires/nouveau", &caf).await.is(303);
        let all = coordinator.get("/espace/reseau/partenaires?format=thunderbird").await.ok();
        assert!(all.header("content-disposition").contains("carnet-thunderbird-26-2026-11-23.csv"));
        let all = rows(&all.bytes);
        let shown: Vec<&str> = all.iter().map(|row| row[2].as_str()).collect();
        assert_eq!(shown, ["Noé Lefèvre", "Anne Morel", "Caf de la Drôme"], "who left is not in it");
        let noe = &all[0];
        assert_eq!(
            (noe[0].as_str(), noe[1].as_str(), noe[4].as_str()),
            ("Noé", "Lefèvre", "noe@mjc.example")
        );
        assert_eq!(
            (noe[7].as_str(), noe[11].as_str()),
            ("", "+33612345678"),
            "a mobile is under « Portable »"
        );
        assert_eq!(
            (noe[18].as_str(), noe[20].as_str(), noe[22].as_str()),
            ("3 rue du Pré", "Crest", "26400")
        );
        assert_eq!((noe[26].as_str(), all[1][4].as_str()), ("MJC de Crest", "anne@mjc.example"));
        let chosen = coordinator.get("/espace/reseau/promeneurs?q=perrin&format=thunderbird").await.ok();
        let chosen = rows(&chosen.bytes);
        assert_eq!(chosen.len(), 1);
        assert_eq!(chosen[0][7], "+33475000000", "a landline is under « Tél. professionnel »");
        let promeneur = test.someone(Role::Promeneur, None, None).await;
        promeneur.get("/espace/reseau/partenaires?format=thunderbird").await.is(403);
    }
}
