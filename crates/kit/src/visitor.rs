//! Who is asking: the signed-in account with its roles, loaded once per request.

use serde::{Deserialize, Serialize};

use crate::args;
use crate::db::{Id, Timestamp, Tx};
use crate::error::Result;
use crate::network::Network;
use crate::{chance, sql};

/// What an account may be in a network. Codes and labels are those of the product's overview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Coordinator,
    Caf,
    Partner,
    Manager,
    Promeneur,
    Guest,
    Operator,
}

impl Role {
    pub const ALL: [Self; 7] = [
        Self::Coordinator,
        Self::Caf,
        Self::Partner,
        Self::Manager,
        Self::Promeneur,
        Self::Guest,
        Self::Operator,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Coordinator => "coordinator",
            Self::Caf => "caf",
            Self::Partner => "partner",
            Self::Manager => "manager",
            Self::Promeneur => "promeneur",
            Self::Guest => "guest",
            Self::Operator => "operator",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Coordinator => "Coordination",
            Self::Caf => "Caf",
            Self::Partner => "Partenaire",
            Self::Manager => "Responsable de structure",
            Self::Promeneur => "Promeneur·euse",
            Self::Guest => "Invité·e",
            Self::Operator => "Exploitant",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A role held in the network; a manager's is for one structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub role: Role,
    pub structure_id: Option<Id>,
}

/// The signed-in account.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub account_id: Id,
    pub session_id: Id,
    pub name: String,
    pub email: String,
    /// The directory's sheet of this person, for a promeneur.
    pub person_id: Option<Id>,
    pub roles: Vec<Held>,
}

impl Visitor {
    pub fn is(&self, role: Role) -> bool {
        self.roles.iter().any(|held| held.role == role)
    }

    pub fn is_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.is(*role))
    }

    pub fn manages(&self, structure: Id) -> bool {
        self.roles.iter().any(|held| held.role == Role::Manager && held.structure_id == Some(structure))
    }

    /// « Coordination, Promeneur·euse ».
    pub fn role_labels(&self) -> String {
        let mut labels: Vec<&str> = self.roles.iter().map(|held| held.role.label()).collect();
        labels.dedup();
        labels.join(", ")
    }
}

/// How long a session lives without being used, in days.
pub const SESSION_DAYS: i64 = 30;
/// The time of last use is written no more often than this, in minutes.
const SEEN_EVERY: i64 = 10;

#[derive(sqlx::FromRow)]
struct Arrival {
    #[sqlx(flatten)]
    network: Network,
    session_id: Option<Id>,
    last_seen_at: Option<Timestamp>,
    account_id: Option<Id>,
    account_name: Option<String>,
    email: Option<String>,
    person_id: Option<Id>,
    roles: Option<String>,
}

/// Who arrives where, in one query.
pub struct Arrived {
    pub network: Network,
    /// `None` when the session is unknown, ended, or its account disabled.
    pub visitor: Option<Visitor>,
    /// The time of last use should be written.
    pub to_be_seen: bool,
}

impl Arrived {
    /// A stranger at the portal over all networks.
    pub fn at_portal() -> Self {
        Self { network: Network::portal(), visitor: None, to_be_seen: false }
    }
}

/// The network that answers at a host, and the visitor of a session cookie there.
///
/// The network is the one that declares the host; else the one whose code or slug is its first label
/// (`26.example.org`, `drome.example.org`); else the oldest, so that with one network any host serves it.
pub async fn arrive(tx: &mut Tx, host: &str, token: Option<&str>, now: Timestamp) -> Result<Option<Arrived>> {
    let host = host.to_lowercase();
    let label = host.split('.').next().unwrap_or_default();
    let sql = sql!(
        "select n.id, n.code, n.name, n.slug, n.host, n.accent, n.settings, n.menu, n.lists_version, n.created_at, ",
        "s.id as session_id, s.last_seen_at, a.id as account_id, a.name as account_name, a.email, a.person_id, ",
        "(select string_agg(r.role || ':' || coalesce(r.structure_id, ''), ',') from account_role r ",
        " where r.network_id = a.network_id and r.account_id = a.id) as roles from network n ",
        "left join session s on s.network_id = n.id and s.token_hash = $3 and s.expires_at > $4 ",
        "left join account a on a.network_id = s.network_id and a.id = s.account_id and a.disabled_at is null ",
        "order by case when n.host = $1 then 0 when lower(n.code) = $2 or n.slug = $2 then 1 else 2 end, n.ordinal ",
        "limit 1"
    );
    let args = args![host.as_str(), label, token.map(chance::token_hash), now];
    let Some(arrival) = tx.optional::<Arrival>(sql, args).await? else { return Ok(None) };
    let seen = arrival.last_seen_at.unwrap_or_default();
    let visitor = match (arrival.session_id, arrival.account_id) {
        (Some(session_id), Some(account_id)) => Some(Visitor {
            account_id,
            session_id,
            name: arrival.account_name.unwrap_or_default(),
            email: arrival.email.unwrap_or_default(),
            person_id: arrival.person_id,
            roles: parse_roles(arrival.roles.as_deref().unwrap_or_default()),
        }),
        _ => None,
    };
    let to_be_seen = visitor.is_some() && seen.plus_minutes(SEEN_EVERY) < now;
    Ok(Some(Arrived { network: arrival.network, visitor, to_be_seen }))
}

/// A row of what [`again`] and [`of_account`] ask.
#[derive(sqlx::FromRow)]
struct Known {
    account_id: Id,
    account_name: String,
    email: String,
    person_id: Option<Id>,
    roles: Option<String>,
}

impl Known {
    fn visitor(self, session_id: Id) -> Visitor {
        Visitor {
            account_id: self.account_id,
            session_id,
            name: self.account_name,
            email: self.email,
            person_id: self.person_id,
            roles: parse_roles(self.roles.as_deref().unwrap_or_default()),
        }
    }
}

/// The visitor of a session as they now are: `None` when the session ended, or its account was disabled.
pub async fn again(tx: &mut Tx, network: Id, session: Id, now: Timestamp) -> Result<Option<Visitor>> {
    let sql = sql!(
        "select a.id as account_id, a.name as account_name, a.email, a.person_id, ",
        "(select string_agg(r.role || ':' || coalesce(r.structure_id, ''), ',') from account_role r ",
        " where r.network_id = a.network_id and r.account_id = a.id) as roles from session s ",
        "join account a on a.network_id = s.network_id and a.id = s.account_id and a.disabled_at is null ",
        "where s.network_id = $1 and s.id = $2 and s.expires_at > $3"
    );
    let known: Option<Known> = tx.optional(sql, args![network, session, now]).await?;
    Ok(known.map(|known| known.visitor(session)))
}

/// Whoever an account is now, for what acts in its name by `key`: `None` when it was disabled.
pub async fn of_account(tx: &mut Tx, network: Id, account: Id, key: Id) -> Result<Option<Visitor>> {
    let sql = sql!(
        "select a.id as account_id, a.name as account_name, a.email, a.person_id, ",
        "(select string_agg(r.role || ':' || coalesce(r.structure_id, ''), ',') from account_role r ",
        " where r.network_id = a.network_id and r.account_id = a.id) as roles from account a ",
        "where a.network_id = $1 and a.id = $2 and a.disabled_at is null"
    );
    let known: Option<Known> = tx.optional(sql, args![network, account]).await?;
    Ok(known.map(|known| known.visitor(key)))
}

/// Reads « coordinator:,manager:0190… », dropping what it does not know.
fn parse_roles(text: &str) -> Vec<Held> {
    let mut roles: Vec<Held> = text
        .split(',')
        .filter_map(|part| {
            let (role, structure) = part.split_once(':')?;
            Some(Held { role: Role::from_code(role)?, structure_id: structure.parse().ok() })
        })
        .collect();
    roles.sort_by_key(|held| held.role);
    roles
}

/// Notes that the session was used, and keeps it alive.
pub async fn seen(tx: &mut Tx, network: Id, session: Id, now: Timestamp) -> Result<()> {
    let sql = sql!("update session set last_seen_at = $3, expires_at = $4 where network_id = $1 and id = $2");
    tx.run(sql, args![network, session, now, now.plus_days(SESSION_DAYS)]).await.map(|_| ())
}
