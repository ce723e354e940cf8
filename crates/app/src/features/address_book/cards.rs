//! What stands in a book for a visitor: each card as the policy of the directory lets them see it, else as the
//! public does.

use std::collections::HashMap;

use documents::vcard::{self, Card};
use kit::db::Id;
use kit::{Date, Error, Network, Result, Timestamp, Tx, Visitor};

use super::book::Book;
use crate::features::directory::contact::{Contact, Organisation};
use crate::features::directory::export;
use crate::features::directory::office_hours::Moment;
use crate::features::directory::policy::{Want, may};
use crate::features::directory::sheet::{self, Sheet};
use crate::features::directory::structure::Structure;
use crate::features::directory::vcard as directory_vcard;
use crate::features::directory::vocabulary::Vocabulary;
use crate::features::site::shown;

/// States in which a structure is no longer, or never was, someone to call.
const OUTSIDE: [&str; 3] = ["left", "refused", "withdrawn"];

/// Who reads, where and when.
pub struct Reader<'a> {
    pub network: &'a Network,
    pub visitor: &'a Visitor,
    pub now: Timestamp,
}

/// A card of a book.
pub struct Member {
    /// The end of its address, without `.vcf`.
    pub name: String,
    pub card: Card,
    /// In vCard 4.0.
    pub text: String,
    pub etag: String,
}

impl Member {
    fn of(name: String, card: Card) -> Result<Self> {
        let text = vcard::write(std::slice::from_ref(&card)).map_err(Error::bug)?;
        let etag = format!("\"{}\"", &blake3(&text)[..32]);
        Ok(Self { name, card, text, etag })
    }

    /// In the version that a program asks for.
    pub fn written(&self, old: bool) -> Result<String> {
        if old { vcard::write_old(&self.card).map_err(Error::bug) } else { Ok(self.text.clone()) }
    }
}

fn blake3(text: &str) -> String {
    kit::chance::token_hash(text)
}

/// A UUID of its own for what has no row: the manager of a structure.
fn derived(id: Id, what: &str) -> String {
    let hash = blake3(&format!("{id} {what}"));
    format!("{}-{}-8{}-8{}-{}", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32])
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn revised(at: Timestamp) -> String {
    at.utc().format("%Y%m%dT%H%M%SZ").to_string()
}

/// Everything in a book, by name.
pub async fn of_book(tx: &mut Tx, reader: &Reader<'_>, book: Book) -> Result<Vec<Member>> {
    let cards = match book {
        Book::People => people(tx, reader).await?,
        Book::Structures => structures(tx, reader).await?,
        Book::Partners => partners(tx, reader).await?,
    };
    cards.into_iter().map(|(name, card)| Member::of(name, card)).collect()
}

async fn people(tx: &mut Tx, reader: &Reader<'_>) -> Result<Vec<(String, Card)>> {
    let vocabulary = Vocabulary::load(tx, reader.network).await?;
    let moment = Moment::of(reader.network, reader.now);
    let ids = export::everyone(tx, reader.network.id).await?;
    let mut cards = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        for sheet in sheet::load(tx, reader.network.id, ids).await? {
            let card = person(&sheet, reader, &vocabulary, &moment);
            cards.extend(card.map(|card| (sheet.person.id.to_string(), card)));
        }
    }
    Ok(cards)
}

fn person(sheet: &Sheet, reader: &Reader<'_>, vocabulary: &Vocabulary, moment: &Moment) -> Option<Card> {
    let today = moment.today;
    if sheet.main(today).is_some_and(|holding| holding.mandate.is_over(today)) {
        return None;
    }
    if may(reader.visitor, Want::ReadPerson(sheet, today)) {
        return Some(directory_vcard::card(sheet, vocabulary, today));
    }
    let public = shown::shown(sheet, vocabulary, moment)?;
    let place = Some(public.place).filter(|place| !place.is_empty());
    Some(Card {
        uid: sheet.person.id.to_string(),
        first_name: sheet.person.first_name.clone(),
        last_name: sheet.person.last_name.clone(),
        organisation: public.structure,
        title: public.job_title.unwrap_or_default(),
        email: public.email.unwrap_or_default(),
        phone: public.phone.map(|(_, number)| number).unwrap_or_default(),
        address: place.map(|place| [String::new(), String::new(), place]),
        profiles: public.profiles.into_iter().filter_map(|p| Some((p.network, p.url?))).collect(),
        categories: vec!["Promeneurs du Net".to_owned()],
        revised: revised(sheet.person.updated_at),
        ..Card::default()
    })
}

async fn structures(tx: &mut Tx, reader: &Reader<'_>) -> Result<Vec<(String, Card)>> {
    let mut structures: Vec<Structure> = tx.all_of(reader.network.id).await?;
    structures.retain(|s| s.deleted_at.is_none());
    structures.sort_by(|a, b| (&a.name_key, a.id).cmp(&(&b.name_key, b.id)));
    let today = reader.network.today(reader.now);
    let mut cards = Vec::new();
    let mut names = HashMap::new();
    for s in &structures {
        let reads = may(reader.visitor, Want::ReadStructure(s.id)) && !OUTSIDE.contains(&s.status.as_str());
        let is_public = s.published_at.is_some() && s.is_in_network();
        if !reads && !is_public {
            continue;
        }
        cards.push((s.id.to_string(), structure(s)));
        if reads {
            cards.extend(manager(s).map(|card| (format!("{}-responsable", s.id), card)));
            names.insert(s.id, s.name.as_str());
        }
    }
    if may(reader.visitor, Want::ReadNetwork) {
        let contacts = contacts(tx, reader.network.id, today).await?;
        cards.extend(contacts.iter().filter_map(|contact| {
            let place = names.get(&contact.structure_id?)?;
            Some((contact.id.to_string(), someone(contact, place)))
        }));
    }
    Ok(cards)
}

fn structure(s: &Structure) -> Card {
    let place = s.commune.is_some();
    Card {
        uid: s.id.to_string(),
        is_organisation: true,
        organisation: s.name.clone(),
        email: text(s.email.as_ref()),
        phone: text(s.phone.as_ref()),
        website: text(s.website.as_ref()),
        address: place.then(|| [&s.address, &s.postcode, &s.commune].map(|part| text(part.as_ref()))),
        categories: vec!["Structures Promeneurs du Net".to_owned()],
        revised: revised(s.updated_at),
        ..Card::default()
    }
}

/// The manager, when there is a way to reach them.
fn manager(s: &Structure) -> Option<Card> {
    let name = s.manager_name.as_deref()?;
    if s.manager_phone.is_none() && s.manager_email.is_none() {
        return None;
    }
    let (first, last) = name.split_once(' ').unwrap_or(("", name));
    Some(Card {
        uid: derived(s.id, "manager"),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        organisation: s.name.clone(),
        title: s.manager_title.clone().unwrap_or_else(|| "Responsable".to_owned()),
        email: text(s.manager_email.as_ref()),
        phone: text(s.manager_phone.as_ref()),
        categories: vec!["Responsables de structure".to_owned()],
        revised: revised(s.updated_at),
        ..Card::default()
    })
}

/// Contacts who are still there.
async fn contacts(tx: &mut Tx, network: Id, today: Date) -> Result<Vec<Contact>> {
    let mut contacts: Vec<Contact> = tx.all_of(network).await?;
    contacts.retain(|c| c.deleted_at.is_none() && c.ended_on.is_none_or(|day| day >= today));
    contacts.sort_by(|a, b| (&a.name_key, a.id).cmp(&(&b.name_key, b.id)));
    Ok(contacts)
}

fn someone(contact: &Contact, place: &str) -> Card {
    Card {
        uid: contact.id.to_string(),
        first_name: contact.first_name.clone(),
        last_name: contact.last_name.clone(),
        organisation: place.to_owned(),
        title: text(contact.job_title.as_ref()),
        email: text(contact.email.as_ref()),
        phone: text(contact.phone.as_ref()),
        categories: vec!["Contacts".to_owned()],
        revised: revised(contact.updated_at),
        ..Card::default()
    }
}

async fn partners(tx: &mut Tx, reader: &Reader<'_>) -> Result<Vec<(String, Card)>> {
    let mut organisations: Vec<Organisation> = tx.all_of(reader.network.id).await?;
    organisations.retain(|o| o.deleted_at.is_none());
    organisations.sort_by(|a, b| (&a.name_key, a.id).cmp(&(&b.name_key, b.id)));
    let names: HashMap<Id, &str> = organisations.iter().map(|o| (o.id, o.name.as_str())).collect();
    let mut cards: Vec<(String, Card)> =
        organisations.iter().map(|o| (o.id.to_string(), organisation(o))).collect();
    let today = reader.network.today(reader.now);
    for contact in contacts(tx, reader.network.id, today).await? {
        let place = contact.organisation_id.map(|id| names.get(&id).copied());
        match (place, contact.structure_id) {
            (Some(Some(place)), _) => cards.push((contact.id.to_string(), someone(&contact, place))),
            (None, None) => cards.push((contact.id.to_string(), someone(&contact, ""))),
            _ => {}
        }
    }
    Ok(cards)
}

fn organisation(o: &Organisation) -> Card {
    let place = o.commune.is_some();
    Card {
        uid: o.id.to_string(),
        is_organisation: true,
        organisation: o.name.clone(),
        email: text(o.email.as_ref()),
        phone: text(o.phone.as_ref()),
        website: text(o.website.as_ref()),
        address: place.then(|| [&o.address, &o.postcode, &o.commune].map(|part| text(part.as_ref()))),
        categories: vec!["Partenaires".to_owned()],
        revised: revised(o.updated_at),
        ..Card::default()
    }
}
