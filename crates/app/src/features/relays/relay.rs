//! The Relay: a service near here, kept by the coordination, with its source and the day it was verified.

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Choice, Result, Tx, args, sql, text};

use super::opening::{self, Opening};

kit::table! {
    /// A service that people can be referred to.
    pub struct Relay in "relay": versioned {
        pub name: String,
        pub name_key: String,
        /// A code of [`THEMES`].
        pub theme: String,
        /// A code of [`AUDIENCES`].
        pub audience: String,
        pub description: Option<String>,
        pub phone: Option<String>,
        pub url: Option<String>,
        pub email: Option<String>,
        pub address: Option<String>,
        pub commune: Option<String>,
        /// Lines that [`opening::read`] understands.
        pub hours: Option<String>,
        pub cost: Option<String>,
        /// Where this was read, or who said it.
        pub source: Option<String>,
        pub verified_on: Option<Date>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub retired_at: Option<Timestamp>,
    }
}

/// What people come for.
pub const THEMES: [(&str, &str); 10] = [
    ("emergency", "Urgence"),
    ("distress", "Mal-être"),
    ("violence", "Violences, protection"),
    ("digital", "Harcèlement, numérique"),
    ("health", "Santé"),
    ("addiction", "Addictions"),
    ("discrimination", "Discriminations"),
    ("radicalisation", "Radicalisation"),
    ("rights", "Droits, logement, emploi"),
    ("parenting", "Parentalité"),
];

pub const AUDIENCES: [(&str, &str); 4] = [
    ("everyone", "Tout public"),
    ("youth", "Jeunes"),
    ("parents", "Parents"),
    ("professionals", "Professionnels"),
];

/// A relay is to be verified again after this many days.
const VERIFIED_FOR_DAYS: u64 = 365;
/// Most relays that the public page shows of a network.
const MOST: i64 = 200;

fn label(pairs: &'static [(&'static str, &'static str)], code: &str) -> &'static str {
    pairs.iter().find(|(known, _)| *known == code).map_or("", |(_, label)| label)
}

pub fn theme_label(code: &str) -> &'static str {
    label(&THEMES, code)
}

pub fn audience_label(code: &str) -> &'static str {
    label(&AUDIENCES, code)
}

pub fn choices(pairs: &[(&str, &str)]) -> Vec<Choice> {
    pairs.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

impl Relay {
    pub fn named(network: Id, now: Timestamp, name: &str) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            name: name.to_owned(),
            name_key: text::fold(name),
            theme: String::new(),
            audience: "everyone".to_owned(),
            description: None,
            phone: None,
            url: None,
            email: None,
            address: None,
            commune: None,
            hours: None,
            cost: None,
            source: None,
            verified_on: None,
            created_at: now,
            updated_at: now,
            retired_at: None,
            version: 1,
        }
    }

    pub fn subject(&self) -> Subject {
        Subject::new("relay", self.id, &self.name)
    }

    pub fn url_of_form(&self) -> String {
        format!("/espace/accompagnement/relais/{}/modifier", self.id)
    }

    pub fn opening(&self) -> Opening {
        opening::read(self.hours.as_deref().unwrap_or_default()).unwrap_or(Opening::Unknown)
    }

    /// Whether nobody verified it for a year.
    pub fn is_to_be_checked(&self, today: Date) -> bool {
        let until =
            self.verified_on.and_then(|day| day.0.checked_add_days(chrono::Days::new(VERIFIED_FOR_DAYS)));
        until.is_none_or(|until| until < today.0)
    }
}

/// Adds or saves a relay.
pub async fn keep(tx: &mut Tx, actor: &Actor, before: Option<&Relay>, mut after: Relay) -> Result<Relay> {
    after.name_key = text::fold(&after.name);
    after.updated_at = actor.now;
    let act = match before {
        Some(before) => {
            let action = match (before.retired_at, after.retired_at) {
                (None, Some(_)) => "relay.retired",
                (Some(_), None) => "relay.brought_back",
                _ => "relay.changed",
            };
            tx.save(&mut after).await?;
            Act::new(action, after.subject()).before(before).after(&after)
        }
        None => {
            tx.insert(std::slice::from_ref(&after)).await?;
            Act::new("relay.added", after.subject()).after(&after)
        }
    };
    trail::record(tx, actor, act).await?;
    Ok(after)
}

/// The relays in use, by name.
pub async fn in_use(tx: &mut Tx, network: Id) -> Result<Vec<Relay>> {
    let sql = sql!(
        "select network_id, id, name, name_key, theme, audience, description, phone, url, email, address, commune, ",
        "hours, cost, source, verified_on, created_at, updated_at, retired_at, version from relay ",
        "where network_id = $1 and retired_at is null order by name_key, id limit $2"
    );
    tx.all(sql, args![network, MOST]).await
}

/// A page of the relays in use after a place in the alphabet.
pub async fn page(
    tx: &mut Tx,
    network: Id,
    named: &str,
    theme: Option<&str>,
    after: (&str, &str),
    most: i64,
) -> Result<Vec<Relay>> {
    let sql = sql!(
        "select network_id, id, name, name_key, theme, audience, description, phone, url, email, address, commune, ",
        "hours, cost, source, verified_on, created_at, updated_at, retired_at, version from relay ",
        "where network_id = $1 and retired_at is null and (name_key, id) > ($2, $3) ",
        "and ($4 = '' or name_key like '%' || $4 || '%') and (cast($5 as text) is null or theme = $5) ",
        "order by name_key, id limit $6"
    );
    tx.all(sql, args![network, after.0, after.1, named, theme, most]).await
}

/// The same of those that were retired.
pub async fn page_of_retired(
    tx: &mut Tx,
    network: Id,
    named: &str,
    theme: Option<&str>,
    after: (&str, &str),
    most: i64,
) -> Result<Vec<Relay>> {
    let sql = sql!(
        "select network_id, id, name, name_key, theme, audience, description, phone, url, email, address, commune, ",
        "hours, cost, source, verified_on, created_at, updated_at, retired_at, version from relay ",
        "where network_id = $1 and retired_at is not null and (name_key, id) > ($2, $3) ",
        "and ($4 = '' or name_key like '%' || $4 || '%') and (cast($5 as text) is null or theme = $5) ",
        "order by name_key, id limit $6"
    );
    tx.all(sql, args![network, after.0, after.1, named, theme, most]).await
}
