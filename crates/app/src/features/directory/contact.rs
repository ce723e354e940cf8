//! Partners (organisations around the network) and the people one talks to there or in a structure.

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Result, Tx, args, sql, text};

use super::findable;

kit::table! {
    /// An organisation around the network: institution, partner, relay.
    pub struct Organisation in "organisation": versioned {
        pub name: String,
        pub name_key: String,
        pub kind: Option<String>,
        pub address: Option<String>,
        pub postcode: Option<String>,
        pub insee_code: Option<String>,
        pub commune: Option<String>,
        pub website: Option<String>,
        pub phone: Option<String>,
        pub email: Option<String>,
        pub territory: Option<String>,
        pub note: Option<String>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub deleted_at: Option<Timestamp>,
    }
}

kit::table! {
    /// Someone in an organisation or a structure, from a day to a day.
    pub struct Contact in "contact": versioned {
        pub organisation_id: Option<Id>,
        pub structure_id: Option<Id>,
        pub first_name: String,
        pub last_name: String,
        pub name_key: String,
        pub job_title: Option<String>,
        pub email: Option<String>,
        pub phone: Option<String>,
        pub is_referent: bool,
        pub started_on: Option<Date>,
        pub ended_on: Option<Date>,
        pub note: Option<String>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub deleted_at: Option<Timestamp>,
    }
}

impl Organisation {
    pub fn named(network: Id, now: Timestamp, name: &str) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            name: name.to_owned(),
            name_key: text::fold(name),
            kind: None,
            address: None,
            postcode: None,
            insee_code: None,
            commune: None,
            website: None,
            phone: None,
            email: None,
            territory: None,
            note: None,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            version: 1,
        }
    }

    pub fn subject(&self) -> Subject {
        Subject::new("organisation", self.id, &self.name)
    }

    pub fn url(&self) -> String {
        format!("/espace/reseau/partenaires/{}", self.id)
    }
}

impl Contact {
    pub fn named(network: Id, now: Timestamp, first_name: &str, last_name: &str) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            organisation_id: None,
            structure_id: None,
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            name_key: super::person::name_key(first_name, last_name),
            job_title: None,
            email: None,
            phone: None,
            is_referent: false,
            started_on: None,
            ended_on: None,
            note: None,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            version: 1,
        }
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    pub fn subject(&self) -> Subject {
        Subject::new("contact", self.id, self.name())
    }

    pub fn url(&self) -> String {
        format!("/espace/reseau/contacts/{}/modifier", self.id)
    }

    /// « depuis le 1er mars 2024 », « jusqu’au 3 mai 2026 ».
    pub fn dates(&self) -> String {
        match (self.started_on, self.ended_on) {
            (_, Some(end)) => format!("jusqu’au {}", end.long()),
            (Some(start), None) => format!("depuis le {}", start.long()),
            _ => String::new(),
        }
    }
}

/// An organisation that is not in the trash.
pub async fn find_organisation(tx: &mut Tx, network: Id, id: Id) -> Result<Organisation> {
    let found: Organisation = tx.get(network, id).await?;
    if found.deleted_at.is_some() { Err(Error::NotFound) } else { Ok(found) }
}

/// A contact that is not in the trash.
pub async fn find_contact(tx: &mut Tx, network: Id, id: Id) -> Result<Contact> {
    let found: Contact = tx.get(network, id).await?;
    if found.deleted_at.is_some() { Err(Error::NotFound) } else { Ok(found) }
}

/// The organisation of that name, when there is one and one only.
pub async fn organisation_named(tx: &mut Tx, network: Id, name: &str) -> Result<Option<Id>> {
    let sql = sql!(
        "select id from organisation where network_id = $1 and deleted_at is null and name_key = $2 limit 2"
    );
    let found: Vec<(Id,)> = tx.all(sql, args![network, text::fold(name)]).await?;
    Ok(match found.as_slice() {
        [(id,)] => Some(*id),
        _ => None,
    })
}

/// The people of that name, « Zoé Perrin », whom one talks to somewhere.
pub async fn named(tx: &mut Tx, network: Id, name: &str) -> Result<Vec<Contact>> {
    let Some((first, last)) = name.trim().split_once(' ') else { return Ok(Vec::new()) };
    let sql = sql!(
        "select network_id, id, organisation_id, structure_id, first_name, last_name, name_key, job_title, email, ",
        "phone, is_referent, started_on, ended_on, note, created_at, updated_at, deleted_at, version from contact ",
        "where network_id = $1 and deleted_at is null and name_key = $2 and ended_on is null order by id limit 10"
    );
    tx.all(sql, args![network, super::person::name_key(first, last)]).await
}

/// Adds or saves an organisation.
pub async fn keep_organisation(
    tx: &mut Tx,
    actor: &Actor,
    before: Option<&Organisation>,
    mut after: Organisation,
) -> Result<Organisation> {
    after.name_key = text::fold(&after.name);
    after.updated_at = actor.now;
    let act = match before {
        Some(before) => {
            tx.save(&mut after).await?;
            Act::new("organisation.changed", after.subject()).before(before).after(&after)
        }
        None => {
            tx.insert(std::slice::from_ref(&after)).await?;
            Act::new("organisation.added", after.subject()).after(&after)
        }
    };
    trail::record(tx, actor, act).await?;
    findable::put_organisation(tx, &after).await?;
    Ok(after)
}

/// Adds or saves a contact, in its own history and in that of where it works.
pub async fn keep_contact(
    tx: &mut Tx,
    actor: &Actor,
    before: Option<&Contact>,
    mut after: Contact,
) -> Result<Contact> {
    after.name_key = super::person::name_key(&after.first_name, &after.last_name);
    after.updated_at = actor.now;
    let mut act = match before {
        Some(before) => {
            tx.save(&mut after).await?;
            Act::new("contact.changed", after.subject()).before(before).after(&after)
        }
        None => {
            tx.insert(std::slice::from_ref(&after)).await?;
            Act::new("contact.added", after.subject()).after(&after)
        }
    };
    if let Some(id) = after.organisation_id {
        act = act.concerning(find_organisation(tx, actor.network_id, id).await?.subject());
    }
    if let Some(id) = after.structure_id {
        act = act.concerning(super::structure::find(tx, actor.network_id, id).await?.subject());
    }
    trail::record(tx, actor, act).await?;
    findable::put_contact(tx, &after).await?;
    Ok(after)
}
