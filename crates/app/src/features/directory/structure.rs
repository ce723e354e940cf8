//! The Structure: an organisation that employs promeneurs, from « repérée » to « sortie ».

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Choice, Error, Result, Tx, args, sql, text};

use super::{facets, findable};

kit::table! {
    /// An organisation that holds labelled posts, or may one day.
    pub struct Structure in "structure": versioned {
        pub slug: String,
        pub name: String,
        /// Folded, abbreviations written out: what names are compared by.
        pub name_key: String,
        pub kind: Option<String>,
        pub legal_form: Option<String>,
        /// `public` or `private`: decides which reporting duties its staff have (art. 40 CPP).
        pub employer_status: Option<String>,
        pub siret: Option<String>,
        pub rna: Option<String>,
        pub address: Option<String>,
        pub postcode: Option<String>,
        pub insee_code: Option<String>,
        pub commune: Option<String>,
        pub epci: Option<String>,
        pub latitude: Option<f64>,
        pub longitude: Option<f64>,
        pub phone: Option<String>,
        pub email: Option<String>,
        pub website: Option<String>,
        pub presentation: Option<String>,
        pub image: Option<String>,
        /// What the image shows, for who does not see it.
        pub image_alt: Option<String>,
        pub for_youth: bool,
        pub for_parents: bool,
        pub manager_name: Option<String>,
        pub manager_title: Option<String>,
        pub manager_phone: Option<String>,
        pub manager_email: Option<String>,
        pub call_ref: Option<String>,
        pub labelled_posts: i64,
        pub ps_jeunes_until: Option<Date>,
        pub status: String,
        pub entered_on: Option<Date>,
        pub left_on: Option<Date>,
        pub exit_reason: Option<String>,
        pub note: Option<String>,
        pub published_at: Option<Timestamp>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub deleted_at: Option<Timestamp>,
    }
}

/// Longest presentation, in characters (national sheet).
pub const MOST_PRESENTATION: usize = 700;

/// States of the machine of the domain file §7, with their French labels.
pub const STATUSES: [(&str, &str); 12] = [
    ("spotted", "Repérée"),
    ("contacted", "Contactée"),
    ("interested", "Intéressée"),
    ("candidate", "Candidate"),
    ("waiting_list", "Liste d’attente"),
    ("selected", "Retenue"),
    ("refused", "Refusée"),
    ("withdrawn", "Candidature retirée"),
    ("contracted", "Conventionnée"),
    ("active", "Dans le réseau"),
    ("suspended", "Suspendue"),
    ("left", "Sortie du réseau"),
];

/// States in which a structure belongs to the network and may show its posts.
pub const IN_NETWORK: [&str; 3] = ["selected", "contracted", "active"];

pub fn status_label(code: &str) -> &str {
    STATUSES.iter().find(|(known, _)| *known == code).map_or(code, |(_, label)| label)
}

pub fn status_choices() -> Vec<Choice> {
    STATUSES.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

impl Structure {
    /// An empty structure of a name, « intéressée » until someone says otherwise.
    pub fn named(network: Id, now: Timestamp, name: &str) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            slug: text::slug(name),
            name: name.to_owned(),
            name_key: super::cleaning::structure_name::key(name),
            kind: None,
            legal_form: None,
            employer_status: None,
            siret: None,
            rna: None,
            address: None,
            postcode: None,
            insee_code: None,
            commune: None,
            epci: None,
            latitude: None,
            longitude: None,
            phone: None,
            email: None,
            website: None,
            presentation: None,
            image: None,
            image_alt: None,
            for_youth: true,
            for_parents: false,
            manager_name: None,
            manager_title: None,
            manager_phone: None,
            manager_email: None,
            call_ref: None,
            labelled_posts: 1,
            ps_jeunes_until: None,
            status: "interested".to_owned(),
            entered_on: None,
            left_on: None,
            exit_reason: None,
            note: None,
            published_at: None,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            version: 1,
        }
    }

    pub fn subject(&self) -> Subject {
        Subject::new("structure", self.id, &self.name)
    }

    pub fn url(&self) -> String {
        format!("/espace/reseau/structures/{}", self.id)
    }

    pub fn public_url(&self) -> String {
        format!("/structures/{}", self.slug)
    }

    pub fn status_label(&self) -> &str {
        status_label(&self.status)
    }

    /// The tone of its status badge.
    pub fn tone(&self) -> &'static str {
        match self.status.as_str() {
            "active" | "contracted" => "ok",
            "suspended" | "refused" => "bad",
            "left" | "withdrawn" => "quiet",
            _ => "info",
        }
    }

    pub fn is_in_network(&self) -> bool {
        IN_NETWORK.contains(&self.status.as_str())
    }

    /// Puts it in an official commune, whose EPCI and town hall follow.
    pub fn settle_in(&mut self, commune: &kit::territory::Commune) {
        self.insee_code = Some(commune.code.clone());
        self.commune = Some(commune.name.clone());
        self.epci = Some(commune.epci.clone()).filter(|epci| !epci.is_empty());
        self.latitude = commune.latitude;
        self.longitude = commune.longitude;
        if self.postcode.is_none() && commune.postcodes.len() == 1 {
            self.postcode = commune.postcodes.first().cloned();
        }
    }

    pub fn epci_name(&self) -> String {
        let epci = self.epci.as_deref().and_then(kit::territory::epci);
        epci.map(|epci| epci.name.clone()).unwrap_or_default()
    }
}

/// A structure that is not in the trash.
pub async fn find(tx: &mut Tx, network: Id, id: Id) -> Result<Structure> {
    let found: Structure = tx.get(network, id).await?;
    if found.deleted_at.is_some() { Err(Error::NotFound) } else { Ok(found) }
}

/// The published structure at a public address.
pub async fn published(tx: &mut Tx, network: Id, slug: &str) -> Result<Structure> {
    let sql = sql!("select id, published_at from structure where network_id = $1 and slug = $2");
    let known: Option<(Id, Option<Timestamp>)> = tx.optional(sql, args![network, slug]).await?;
    match known {
        Some((id, Some(_))) => find(tx, network, id).await,
        _ => Err(Error::NotFound),
    }
}

/// Adds structures to the directory.
pub async fn add(tx: &mut Tx, actor: &Actor, structures: &[Structure], cause: Option<Id>) -> Result<()> {
    tx.insert(structures).await?;
    let acts =
        structures.iter().map(|s| Act::new("structure.added", s.subject()).after(s).because(cause)).collect();
    trail::record_all(tx, actor, acts).await?;
    let ids: Vec<Id> = structures.iter().map(|s| s.id).collect();
    refresh(tx, actor, &ids).await
}

/// Saves a changed structure; what depends on it follows.
pub async fn change(
    tx: &mut Tx,
    actor: &Actor,
    before: &Structure,
    mut after: Structure,
    action: &'static str,
    cause: Option<Id>,
) -> Result<Structure> {
    after.updated_at = actor.now;
    tx.save(&mut after).await?;
    let act = Act::new(action, after.subject()).before(before).after(&after).because(cause);
    trail::record(tx, actor, act).await?;
    refresh(tx, actor, &[after.id]).await?;
    Ok(after)
}

/// Brings lists and search up to date with structures and with the people who hold posts there.
pub async fn refresh(tx: &mut Tx, actor: &Actor, ids: &[Id]) -> Result<()> {
    facets::refresh_structures(tx, actor, ids).await?;
    findable::put_structures(tx, actor.network_id, ids).await?;
    let mandates: Vec<super::mandate::Mandate> = tx.all_in(actor.network_id, "structure_id", ids).await?;
    let mut people: Vec<Id> = mandates.iter().filter_map(|m| m.person_id).collect();
    people.sort_unstable();
    people.dedup();
    super::person::refresh(tx, actor, &people).await
}

/// A slug that no other structure of the network has.
pub async fn free_slug(tx: &mut Tx, network: Id, name: &str) -> Result<String> {
    let sql = sql!("select slug from structure where network_id = $1 and slug >= $2 and slug < $3");
    let wanted = text::slug(name);
    let taken: Vec<(String,)> = tx.all(sql, args![network, wanted.as_str(), format!("{wanted}~")]).await?;
    Ok(first_free(&wanted, &taken))
}

/// `nom`, `nom-2`, `nom-3`…
pub(super) fn first_free(wanted: &str, taken: &[(String,)]) -> String {
    let is_taken = |slug: &str| taken.iter().any(|(known,)| known == slug);
    if !is_taken(wanted) {
        return wanted.to_owned();
    }
    let mut next = 2;
    while is_taken(&format!("{wanted}-{next}")) {
        next += 1;
    }
    format!("{wanted}-{next}")
}
