//! A network: one département's Promeneurs du Net. Everything stored belongs to one.

use std::sync::LazyLock;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::args;
use crate::db::{Date, Id, Timestamp, Tx};
use crate::error::{Error, Result};
use crate::{sql, territory};

/// One network and its settings.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Network {
    pub id: Id,
    /// Code of the département: `26`, `2A`, `974`.
    pub code: String,
    pub name: String,
    pub slug: String,
    pub host: Option<String>,
    /// `#rrggbb`, its contrast checked when it was chosen.
    pub accent: String,
    pub settings: String,
    /// Links of the public menu, as JSON: read with [`Network::menu`].
    pub menu: String,
    /// Which state of the network's lists this is.
    pub lists_version: i64,
    pub created_at: Timestamp,
}

/// What a network decides for itself, stored as JSON; what it has not decided follows the national guide.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub time_zone: String,
    /// Conditions for a promeneur to be « actif » (codes of the directory feature).
    pub active_conditions: Vec<String>,
    pub coordination_email: Option<String>,
    pub coordinating_body: Option<String>,
    /// SIRET of the coordinating body.
    pub siret: Option<String>,
    /// Who answers for what the site publishes (law 2004-575, art. 1-1).
    pub publication_director: Option<String>,
    /// Postal address and telephone of the publisher (same article).
    pub postal_address: Option<String>,
    pub phone: Option<String>,
    /// Name, address and telephone of whoever hosts the site (same article).
    pub hosting: Option<String>,
    /// Fields that owners of sheets change without acceptance, as `person.presentation`.
    pub free_fields: Vec<String>,
    /// Messages leave by an account of the network's own, whether or not the instance has a way.
    pub own_mail: bool,
    /// Under which name the mail host publishes the key that signs messages (DKIM).
    pub dkim_selector: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time_zone: "Europe/Paris".to_owned(),
            active_conditions: ["charter_signed", "national_listing", "profile_compliant"]
                .map(str::to_owned)
                .to_vec(),
            coordination_email: None,
            coordinating_body: None,
            siret: None,
            publication_director: None,
            postal_address: None,
            phone: None,
            hosting: None,
            free_fields: Vec::new(),
            own_mail: false,
            dkim_selector: None,
        }
    }
}

/// A page of the network's own in the public menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuLink {
    pub title: String,
    pub url: String,
    /// Among the links at the top of each page.
    pub top: bool,
    /// Among those at its foot.
    pub foot: bool,
}

static NO_SETTINGS: LazyLock<Settings> = LazyLock::new(Settings::default);

impl Network {
    /// What stands in for a network where the portal over all of them answers.
    pub fn portal() -> Self {
        Self {
            id: Id::first(),
            code: String::new(),
            name: "France".to_owned(),
            slug: String::new(),
            host: None,
            accent: crate::web::theme::DEFAULT_ACCENT.to_owned(),
            settings: "{}".to_owned(),
            menu: "[]".to_owned(),
            lists_version: 0,
            created_at: Timestamp::default(),
        }
    }

    pub fn is_portal(&self) -> bool {
        self.id == Id::first()
    }

    /// Where the network answers, seen from the portal at `origin`: at its declared host, else under its name beside
    /// the portal (`drome.example.org` for a portal at `portail.example.org`).
    pub fn origin_beside(&self, origin: &str) -> String {
        let (scheme, authority) = origin.split_once("://").unwrap_or(("https", origin));
        match &self.host {
            Some(host) => format!("{scheme}://{host}"),
            None => {
                let base = authority.split_once('.').map_or(authority, |(_, base)| base);
                format!("{scheme}://{}.{base}", self.slug)
            }
        }
    }

    pub fn settings(&self) -> Settings {
        serde_json::from_str(&self.settings).unwrap_or_else(|_| NO_SETTINGS.clone())
    }

    /// The pages of its own that the public menu shows, in order.
    pub fn menu(&self) -> Vec<MenuLink> {
        serde_json::from_str(&self.menu).unwrap_or_default()
    }

    /// The address that messages of the network bear when none of its accounts sends them.
    pub fn sender(&self) -> String {
        let none = || format!("ne-pas-repondre@{}", self.host.as_deref().unwrap_or("localhost"));
        self.settings().coordination_email.unwrap_or_else(none)
    }

    pub fn zone(&self) -> Tz {
        self.settings().time_zone.parse().unwrap_or(Tz::Europe__Paris)
    }

    pub fn today(&self, now: Timestamp) -> Date {
        now.day_in(self.zone())
    }

    /// The day on which something happened, for the network.
    pub fn day_of(&self, at: Timestamp) -> Date {
        at.day_in(self.zone())
    }

    /// « de la Drôme », as in « Promeneurs du Net de la Drôme ».
    pub fn of(&self) -> String {
        if self.is_portal() {
            return "en France".to_owned();
        }
        territory::departement(&self.code)
            .map_or_else(|| format!("– {}", self.name), |departement| departement.of.clone())
    }

    /// « Promeneurs du Net de la Drôme » is for the public; this is « Drôme (26) ».
    pub fn label(&self) -> String {
        format!("{} ({})", self.name, self.code)
    }
}

/// The network of a département's code.
pub async fn by_code(tx: &mut Tx, code: &str) -> Result<Network> {
    let sql = sql!(
        "select id, code, name, slug, host, accent, settings, menu, lists_version, created_at from network where lower(code) = $1"
    );
    tx.optional(sql, args![code.to_lowercase()])
        .await?
        .ok_or_else(|| Error::refused(format!("Aucun réseau n’a le code « {code} ».")))
}

/// A network by its id.
pub async fn by_id(tx: &mut Tx, id: Id) -> Result<Network> {
    let sql = sql!(
        "select id, code, name, slug, host, accent, settings, menu, lists_version, created_at from network where id = $1"
    );
    tx.one(sql, args![id]).await
}

pub async fn all(tx: &mut Tx) -> Result<Vec<Network>> {
    tx.all(
        sql!("select id, code, name, slug, host, accent, settings, menu, lists_version, created_at from network order by ordinal"),
        Vec::new(),
    )
    .await
}

/// Makes an empty network; refused when the code or the host is taken.
pub async fn create(
    tx: &mut Tx,
    now: Timestamp,
    code: &str,
    name: &str,
    host: Option<&str>,
    settings: &Settings,
) -> Result<Network> {
    let host = host.map(str::to_lowercase);
    let taken =
        sql!("select count(*) from network where lower(code) = $1 or (host is not null and host = $2)");
    if tx.value::<i64>(taken, args![code.to_lowercase(), host.clone()]).await? > 0 {
        return Err(Error::refused("Un réseau a déjà ce code ou ce nom d’hôte."));
    }
    let ordinal: i64 = tx
        .value(sql!("select cast(coalesce(max(ordinal), 0) + 1 as bigint) from network"), Vec::new())
        .await?;
    let id = Id::new(now);
    let settings = serde_json::to_string(settings).map_err(Error::bug)?;
    let sql = sql!(
        "insert into network (id, ordinal, code, name, slug, host, accent, settings, created_at) ",
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let slug = crate::text::slug(name);
    let accent = crate::web::theme::DEFAULT_ACCENT;
    tx.run(sql, args![id, ordinal, code, name, slug, host, accent, settings, now]).await?;
    by_code(tx, code).await
}

/// Changes what the network decides for itself.
pub async fn save_settings(tx: &mut Tx, network: &Network, accent: &str, settings: &Settings) -> Result<()> {
    let settings = serde_json::to_string(settings).map_err(Error::bug)?;
    let sql = sql!("update network set accent = $2, settings = $3 where id = $1");
    tx.run(sql, args![network.id, accent, settings]).await.map(|_| ())
}

/// Changes the links of the public menu.
pub async fn save_menu(tx: &mut Tx, network: Id, links: &[MenuLink]) -> Result<()> {
    let links = serde_json::to_string(links).map_err(Error::bug)?;
    tx.run(sql!("update network set menu = $2 where id = $1"), args![network, links]).await.map(|_| ())
}
