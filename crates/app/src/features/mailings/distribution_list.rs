//! The list: a name and a definition that is asked anew each time, so that it follows the directory.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Result, Tx, args, sql, text};

use super::definition::{Definition, Rule};
use super::topic;
use crate::features::Thrown;

kit::table! {
    /// A list of people to write to.
    pub struct DistributionList in "distribution_list": versioned {
        /// Of a list that every network has at first; empty for the network's own.
        pub code: String,
        pub name: String,
        pub name_key: String,
        pub description: String,
        /// JSON: a [`Definition`].
        pub definition: String,
        /// What stands before the `@` of its address; empty for a list that nobody writes to by mail.
        pub local_part: String,
        /// Whose messages go on without being agreed to: one of [`POSTING`].
        pub posting: String,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub deleted_at: Option<Timestamp>,
    }
}

/// Whose messages to the address of a list go on without being agreed to.
pub const POSTING: [(&str, &str); 3] = [
    ("moderated", "Personne : chaque message attend votre accord"),
    ("coordination", "La coordination"),
    ("members", "La coordination et les membres de la liste"),
];

/// Most lists of a network.
pub const MOST: i64 = 200;

impl DistributionList {
    pub fn named(network: Id, now: Timestamp, name: &str, definition: &Definition) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            code: String::new(),
            name: name.to_owned(),
            name_key: text::fold(name),
            description: String::new(),
            definition: definition.write(),
            local_part: String::new(),
            posting: "moderated".to_owned(),
            created_at: now,
            updated_at: now,
            deleted_at: None,
            version: 1,
        }
    }

    pub fn definition(&self) -> Definition {
        Definition::read(&self.definition)
    }

    pub fn subject(&self) -> Subject {
        Subject::new("distribution_list", self.id, &self.name)
    }

    /// Its address, in the domain of the network's mailbox.
    pub fn address(&self, own: &str) -> String {
        format!("{}@{}", self.local_part, own.split('@').nth(1).unwrap_or("localhost"))
    }

    /// Who writes to it without being agreed to.
    pub fn posting_label(&self) -> &'static str {
        POSTING.iter().find(|(code, _)| *code == self.posting).map_or("", |(_, label)| label)
    }

    pub fn url(&self) -> String {
        format!("/espace/messagerie/listes/{}", self.id)
    }
}

/// A rule as it is written here: a kind and its values.
type Asked = (&'static str, &'static [&'static str]);

/// Lists that every network has at first: code, name, what it is for, rules.
const DEFAULTS: [(&str, &str, &str, &[Asked]); 10] = [
    ("active", "Promeneurs actifs", "Toutes celles et ceux qui sont en poste.", &[("role", &["active"])]),
    (
        "managers",
        "Responsables de structures",
        "Qui répond des structures du réseau.",
        &[("role", &["manager"])],
    ),
    ("partners", "Partenaires", "Les contacts des organisations partenaires.", &[("role", &["contact"])]),
    (
        "sponsors",
        "Institutions pilotes",
        "Les contacts des institutions qui pilotent, et les comptes Caf et partenaires.",
        &[("role", &["account_caf", "account_partner"]), ("partner_type", &["sponsor"])],
    ),
    (
        "newcomers",
        "Nouveaux de l’année",
        "En poste depuis moins de douze mois.",
        &[("role", &["active"]), ("newcomer", &["12"])],
    ),
    (
        "charter_missing",
        "Charte manquante",
        "En poste, sans charte signée.",
        &[("role", &["active"]), ("charter", &["to_send", "sent", "refused"])],
    ),
    (
        "unpublished",
        "Fiches non publiées",
        "En poste, absents du site public.",
        &[("role", &["active"]), ("published", &["no"])],
    ),
    (
        "youth",
        "Promeneurs jeunesse",
        "En poste auprès des jeunes.",
        &[("role", &["active"]), ("audience", &["jeunes"])],
    ),
    (
        "parents",
        "Promeneurs parentalité",
        "En poste auprès des parents.",
        &[("role", &["active"]), ("audience", &["parents"])],
    ),
    (
        "everyone",
        "Tout le réseau",
        "Promeneurs en poste, responsables et partenaires.",
        &[("role", &["active", "manager", "contact"])],
    ),
];

/// Gives a network what every network has at first, lists and topics; safe to do again.
pub async fn seed(tx: &mut Tx, network: Id, now: Timestamp) -> Result<()> {
    topic::seed(tx, network, now).await?;
    for (code, name, description, rules) in DEFAULTS {
        let rules = rules.iter().map(|(kind, values)| Rule::new(kind, values)).collect();
        // Who pilots is known by an account or as a contact: either will do.
        let definition = Definition { any: code == "sponsors", ..Definition::of(rules) };
        let sql = sql!(
            "insert into distribution_list (network_id, id, code, name, name_key, description, definition, ",
            "created_at, updated_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) on conflict do nothing"
        );
        let args = args![
            network,
            Id::new(now),
            code,
            name,
            text::fold(name),
            description,
            definition.write(),
            now,
            now
        ];
        tx.run(sql, args).await?;
    }
    Ok(())
}

/// Whether a network was ever given its lists and topics.
pub async fn is_seeded(tx: &mut Tx, network: Id) -> Result<bool> {
    let sql = sql!("select count(*) from (select 1 from mail_topic where network_id = $1 limit 1) any_topic");
    Ok(tx.value::<i64>(sql, args![network]).await? > 0)
}

/// Every list of a network, by name.
pub async fn all(tx: &mut Tx, network: Id) -> Result<Vec<DistributionList>> {
    let sql = sql!(
        "select network_id, id, code, name, name_key, description, definition, local_part, posting, created_at, ",
        "updated_at, deleted_at, version from distribution_list where network_id = $1 and deleted_at is null order by name_key, id limit $2"
    );
    tx.all(sql, args![network, MOST]).await
}

/// A list that is not in the trash.
pub async fn find(tx: &mut Tx, network: Id, id: Id) -> Result<DistributionList> {
    let found: DistributionList = tx.get(network, id).await?;
    if found.deleted_at.is_some() { Err(Error::NotFound) } else { Ok(found) }
}

/// Whether another list has this address already.
pub async fn is_taken(tx: &mut Tx, network: Id, local_part: &str, except: Option<Id>) -> Result<bool> {
    let sql = sql!(
        "select count(*) from distribution_list where network_id = $1 and local_part = $2 and deleted_at is null ",
        "and (cast($3 as text) is null or id <> $3)"
    );
    Ok(tx.value::<i64>(sql, args![network, local_part, except]).await? > 0)
}

/// Adds or saves a list.
pub async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    before: Option<&DistributionList>,
    mut after: DistributionList,
) -> Result<DistributionList> {
    after.name_key = text::fold(&after.name);
    after.updated_at = actor.now;
    let act = match before {
        Some(before) => {
            let action = match (before.deleted_at, after.deleted_at) {
                (None, Some(_)) => "distribution_list.trashed",
                (Some(_), None) => "distribution_list.restored",
                _ => "distribution_list.changed",
            };
            tx.save(&mut after).await?;
            Act::new(action, after.subject()).before(before).after(&after)
        }
        None => {
            tx.insert(std::slice::from_ref(&after)).await?;
            Act::new("distribution_list.added", after.subject()).after(&after)
        }
    };
    trail::record(tx, actor, act).await?;
    Ok(after)
}

/// Lists in the trash, the last thrown first.
pub async fn thrown(tx: &mut Tx, network: Id, most: i64) -> Result<Vec<Thrown>> {
    let sql = sql!(
        "select id, name, deleted_at from distribution_list where network_id = $1 and deleted_at is not null ",
        "order by deleted_at desc, id desc limit $2"
    );
    let rows: Vec<(Id, String, Timestamp)> = tx.all(sql, args![network, most]).await?;
    let thrown = |(id, label, deleted_at): (Id, String, Timestamp)| Thrown {
        label,
        kind: "Liste de diffusion",
        deleted_at,
        restore_url: format!("/espace/messagerie/listes/{id}/restaurer"),
    };
    Ok(rows.into_iter().map(thrown).collect())
}
