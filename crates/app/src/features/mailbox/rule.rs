//! Rules: what is done by itself with messages that arrive. The first that fits decides; the acts are those that a person
//! could do on the conversation.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Result, Tx, args, sql, text};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ingest::Fresh;

kit::table! {
    /// A rule.
    pub struct Rule in "mail_rule": versioned {
        pub name: String,
        pub position: i64,
        /// JSON: [`Conditions`].
        pub conditions: String,
        /// JSON: [`Acts`].
        pub acts: String,
        pub paused_at: Option<Timestamp>,
        pub created_at: Timestamp,
    }
}

/// All that is said must fit; each is a part of a text, without accents or case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conditions {
    /// In the name or address of the sender.
    pub from: String,
    /// In the addresses that it was sent to.
    pub to: String,
    pub subject: String,
    /// In the name of the list (`List-Id`).
    pub list: String,
}

/// What is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Acts {
    pub state: Option<String>,
    pub assignee: Option<Id>,
    pub tag: String,
    /// A structure on whose sheet the conversation is filed.
    pub structure: Option<Id>,
    /// A folder to which the message is moved.
    pub folder: Option<Id>,
    /// A saved reply that is sent by itself.
    pub answer: Option<Id>,
}

impl Rule {
    pub fn conditions(&self) -> Conditions {
        serde_json::from_str(&self.conditions).unwrap_or_default()
    }

    pub fn acts(&self) -> Acts {
        serde_json::from_str(&self.acts).unwrap_or_default()
    }

    fn as_subject(&self) -> Subject {
        Subject::new("mail_rule", self.id, &self.name)
    }
}

impl Conditions {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a message is one of those that are meant.
    pub fn fit(&self, one: &Fresh) -> bool {
        let holds =
            |wanted: &str, said: &str| wanted.is_empty() || text::fold(said).contains(&text::fold(wanted));
        let m = &one.message;
        let recipients = m.recipients();
        let to: Vec<&str> =
            recipients.to.iter().chain(&recipients.cc).map(|(email, _)| email.as_str()).collect();
        !self.is_empty()
            && holds(&self.from, &format!("{} {}", m.sender_name, m.sender_email))
            && holds(&self.to, &to.join(" "))
            && holds(&self.subject, &m.subject)
            && holds(&self.list, one.read.as_ref().map_or("", |read| &read.list_id))
    }
}

/// Every rule, in order.
pub async fn all(tx: &mut Tx, network: Id) -> Result<Vec<Rule>> {
    let sql = sql!(
        "select network_id, id, name, position, conditions, acts, paused_at, created_at, version from mail_rule ",
        "where network_id = $1 order by position, id limit 200"
    );
    tx.all(sql, args![network]).await
}

/// Keeps a rule, new or changed.
pub async fn keep(tx: &mut Tx, actor: &Actor, rule: &mut Rule) -> Result<()> {
    let said = |rule: &Rule| json!({ "name": rule.name, "conditions": rule.conditions, "acts": rule.acts });
    let before: Option<Rule> = match tx.get(actor.network_id, rule.id).await {
        Ok(before) => Some(before),
        Err(kit::Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    let act = match &before {
        Some(before) => {
            tx.save(rule).await?;
            Act::new("mail_rule.changed", rule.as_subject()).before(&said(before)).after(&said(rule))
        }
        None => {
            tx.insert(std::slice::from_ref(&*rule)).await?;
            Act::new("mail_rule.added", rule.as_subject()).after(&said(rule))
        }
    };
    trail::record(tx, actor, act).await.map(drop)
}

/// Deletes a rule.
pub async fn remove(tx: &mut Tx, actor: &Actor, id: Id) -> Result<()> {
    let rule: Rule = tx.get(actor.network_id, id).await?;
    tx.delete::<Rule>(actor.network_id, id).await?;
    let before = json!({ "name": rule.name, "conditions": rule.conditions, "acts": rule.acts });
    trail::record(tx, actor, Act::new("mail_rule.removed", rule.as_subject()).before(&before)).await.map(drop)
}
