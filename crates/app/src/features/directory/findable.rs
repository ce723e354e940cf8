//! What the directory gives to the search: people, structures, partners and contacts.

use std::collections::HashMap;

use kit::db::Id;
use kit::db::fulltext::{self, Entry};
use kit::{Result, Tx};

use super::contact::{Contact, Organisation};
use super::person::Person;
use super::sheet::Sheet;
use super::structure::Structure;

/// Makes people findable by name, handle, e-mail, phone and structure; those in the trash no longer.
pub async fn put_people(tx: &mut Tx, network: Id, sheets: &[Sheet]) -> Result<()> {
    let (here, gone): (Vec<_>, Vec<_>) = sheets.iter().partition(|s| s.person.deleted_at.is_none());
    let gone: Vec<Id> = gone.iter().map(|sheet| sheet.person.id).collect();
    fulltext::forget(tx, network, "person", &gone).await?;
    let ids: Vec<Id> = sheets.iter().map(|sheet| sheet.person.id).collect();
    fulltext::forget(tx, network, "person.public", &ids).await?;
    let mut entries: Vec<Entry> = here
        .iter()
        .map(|sheet| {
            let person = &sheet.person;
            let place = sheet.holdings.first().map(|h| h.structure.name.clone()).unwrap_or_default();
            let mut words = vec![person.name(), place.clone()];
            words.extend([&person.job_title, &person.email].into_iter().flatten().cloned());
            words.extend(
                person.phone.as_deref().map(super::cleaning::phone::display).map(|p| p.replace('\u{a0}', "")),
            );
            words.extend(sheet.profiles.iter().map(|p| p.handle.clone()));
            words.extend(sheet.holdings.iter().filter_map(|h| h.structure.commune.clone()));
            Entry {
                kind: "person",
                subject_id: person.id,
                title: person.name(),
                subtitle: place,
                url: person.url(),
                audience: "network",
                words: words.join(" ").into(),
            }
        })
        .collect();
    entries.extend(here.iter().filter(|sheet| sheet.person.is_published()).map(|sheet| public_entry(sheet)));
    fulltext::put(tx, network, &entries).await
}

/// What the public finds someone by: only what their sheet shows. Else one could learn whose a telephone
/// number is by searching for it.
fn public_entry(sheet: &Sheet) -> Entry {
    let person = &sheet.person;
    let shown = |field: &str, value: &Option<String>| value.clone().filter(|_| person.shows(field));
    let place = sheet.holdings.first().map(|h| h.structure.name.clone()).unwrap_or_default();
    let mut words = vec![person.name(), place.clone()];
    words.extend(shown("job_title", &person.job_title));
    words.extend(shown("email", &person.email));
    words.extend(
        shown("phone", &person.phone)
            .map(|number| super::cleaning::phone::display(&number).replace('\u{a0}', "")),
    );
    words.extend(sheet.public_profiles().map(|profile| profile.handle.clone()));
    words.extend(sheet.holdings.first().and_then(|h| h.structure.commune.clone()));
    Entry {
        kind: "person.public",
        subject_id: person.id,
        title: person.name(),
        subtitle: place,
        url: person.public_url(),
        audience: "public",
        words: words.join(" ").into(),
    }
}

pub async fn put_structures(tx: &mut Tx, network: Id, ids: &[Id]) -> Result<()> {
    let structures: Vec<Structure> = tx.all_in(network, "id", ids).await?;
    let (here, gone): (Vec<_>, Vec<_>) = structures.iter().partition(|s| s.deleted_at.is_none());
    let gone: Vec<Id> = gone.iter().map(|s| s.id).collect();
    fulltext::forget(tx, network, "structure", &gone).await?;
    fulltext::forget(tx, network, "structure.public", ids).await?;
    let mut entries: Vec<Entry> = here
        .iter()
        .map(|s| {
            let optional = [&s.commune, &s.postcode, &s.siret, &s.manager_name, &s.email];
            let mut words = vec![s.name.clone(), s.name_key.clone()];
            words.extend(optional.into_iter().flatten().cloned());
            Entry {
                kind: "structure",
                subject_id: s.id,
                title: s.name.clone(),
                subtitle: s.commune.clone().unwrap_or_default(),
                url: s.url(),
                audience: "network",
                words: words.join(" ").into(),
            }
        })
        .collect();
    let published = here.iter().filter(|s| s.published_at.is_some() && s.is_in_network());
    entries.extend(published.map(|s| public_structure_entry(s)));
    fulltext::put(tx, network, &entries).await
}

/// What the public finds a structure by: not by who manages it.
fn public_structure_entry(s: &Structure) -> Entry {
    let mut words = vec![s.name.clone(), s.name_key.clone()];
    words.extend([&s.commune, &s.postcode, &s.email].into_iter().flatten().cloned());
    Entry {
        kind: "structure.public",
        subject_id: s.id,
        title: s.name.clone(),
        subtitle: s.commune.clone().unwrap_or_default(),
        url: s.public_url(),
        audience: "public",
        words: words.join(" ").into(),
    }
}

pub async fn put_organisation(tx: &mut Tx, organisation: &Organisation) -> Result<()> {
    if organisation.deleted_at.is_some() {
        return fulltext::forget(tx, organisation.network_id, "organisation", &[organisation.id]).await;
    }
    let entry = Entry {
        kind: "organisation",
        subject_id: organisation.id,
        title: organisation.name.clone(),
        subtitle: organisation.commune.clone().unwrap_or_default(),
        url: organisation.url(),
        audience: "coordination",
        words: format!("{} {}", organisation.name, organisation.commune.as_deref().unwrap_or_default())
            .into(),
    };
    fulltext::put(tx, organisation.network_id, &[entry]).await
}

pub async fn put_contact(tx: &mut Tx, contact: &Contact) -> Result<()> {
    if contact.deleted_at.is_some() {
        return fulltext::forget(tx, contact.network_id, "contact", &[contact.id]).await;
    }
    let place = match (contact.organisation_id, contact.structure_id) {
        (Some(id), _) => tx.get::<Organisation>(contact.network_id, id).await?.name,
        (_, Some(id)) => tx.get::<Structure>(contact.network_id, id).await?.name,
        _ => String::new(),
    };
    let entry = Entry {
        kind: "contact",
        subject_id: contact.id,
        title: contact.name(),
        subtitle: place.clone(),
        url: contact.url(),
        audience: "coordination",
        words: format!("{} {place} {}", contact.name(), contact.email.as_deref().unwrap_or_default()).into(),
    };
    fulltext::put(tx, contact.network_id, &[entry]).await
}

/// The people among what was found, in that order.
pub fn by_id<T>(rows: Vec<T>, id: impl Fn(&T) -> Id) -> HashMap<Id, T> {
    rows.into_iter().map(|row| (id(&row), row)).collect()
}

/// Names of people, for the lists that only name them.
pub async fn names(tx: &mut Tx, network: Id, ids: &[Id]) -> Result<HashMap<Id, Person>> {
    Ok(by_id(tx.all_in(network, "id", ids).await?, |person: &Person| person.id))
}
