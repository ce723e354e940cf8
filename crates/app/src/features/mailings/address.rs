//! The address: whom messages were sent to, what its holder agreed to receive, and whether anyone is there.

use std::collections::{HashMap, HashSet};

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, App, Error, Network, Result, Tx, args, mail, sql};

use super::mailing::ABOUT;
use super::topic::Topic;

kit::table! {
    /// An address that was written to.
    pub struct MailAddress in "mail_address" {
        pub address: String,
        pub name: String,
        pub bounced_at: Option<Timestamp>,
        pub bounce_reason: Option<String>,
        pub created_at: Timestamp,
    }
}

kit::table! {
    /// What an address said of a topic.
    pub struct Consent in "mail_consent" {
        pub address_id: Id,
        pub topic_id: Id,
        pub state: String,
        pub means: String,
        pub said_at: Timestamp,
    }
}

/// What links to one's choices are signed for.
const PURPOSE: &str = "mail address";

/// The link by which an address says what it wants, without an account: it does not end, since a message may be
/// read again years later.
pub fn token(app: &App, network: Id, address: Id, topic: Option<Id>) -> String {
    let topic = topic.map(|topic| topic.to_string()).unwrap_or_default();
    let signature = app.secret.sign(PURPOSE, &format!("{network}/{address}/{topic}"));
    if topic.is_empty() { format!("{address}.{signature}") } else { format!("{address}.{topic}.{signature}") }
}

/// The address of a link, and the topic it is about, if any. [`Error::Gone`] for any other, without saying why.
pub async fn of_token(
    tx: &mut Tx,
    app: &App,
    network: &Network,
    text: &str,
) -> Result<(MailAddress, Option<Id>)> {
    let gone = Error::unknown_link;
    let mut parts = text.split('.');
    let address: Id = parts.next().and_then(|id| id.parse().ok()).ok_or_else(gone)?;
    let rest: Vec<&str> = parts.collect();
    let topic = match rest.as_slice() {
        [_] => None,
        [topic, _] => Some(topic.parse::<Id>().map_err(|_| gone())?),
        _ => return Err(gone()),
    };
    if token(app, network.id, address, topic) != text {
        return Err(gone());
    }
    let found: MailAddress = tx.get(network.id, address).await.map_err(|_| gone())?;
    Ok((found, topic))
}

/// Why no message goes to an address: what its holder refused, and that nobody is there.
#[derive(Debug, Default)]
pub struct Blocked {
    refused: HashSet<String>,
    bounced: HashMap<String, String>,
}

impl Blocked {
    /// What is known of all addresses, for one topic; without a topic, only where nobody is.
    pub async fn load(tx: &mut Tx, network: Id, topic: Option<Id>) -> Result<Self> {
        let sql = sql!(
            "select a.address, '' from mail_consent c join mail_address a on a.network_id = c.network_id ",
            "and a.id = c.address_id where c.network_id = $1 and c.state = 'refused' and c.topic_id = $2 ",
            "union all select address, coalesce(nullif(bounce_reason, ''), '?') from mail_address ",
            "where network_id = $1 and bounced_at is not null"
        );
        let topic = topic.unwrap_or_else(Id::first);
        let rows: Vec<(String, String)> = tx.all(sql, args![network, topic]).await?;
        let mut blocked = Self::default();
        for (address, reason) in rows {
            if reason.is_empty() {
                blocked.refused.insert(address);
            } else {
                blocked.bounced.insert(address, reason);
            }
        }
        Ok(blocked)
    }

    /// Why an address is left out of a topic, in French; `None` when it may be written to.
    pub fn reason(&self, address: &str, topic: Option<&Topic>) -> Option<String> {
        if self.bounced.contains_key(address) {
            return Some("Adresse en erreur\u{a0}: un message est revenu".to_owned());
        }
        let asks = topic.is_some_and(|topic| !topic.essential);
        (asks && self.refused.contains(address)).then(|| "Désinscription de ce sujet".to_owned())
    }
}

/// The ids of addresses, each known from now on if it was not.
pub async fn ids_of(
    tx: &mut Tx,
    network: Id,
    now: Timestamp,
    all: &[(String, String)],
) -> Result<HashMap<String, Id>> {
    let known = sql!(
        "select address, id from mail_address where network_id = $1 and address >= $2 and address <= $3"
    );
    let (Some(first), Some(last)) =
        (all.iter().map(|(a, _)| a.as_str()).min(), all.iter().map(|(a, _)| a.as_str()).max())
    else {
        return Ok(HashMap::new());
    };
    // `on conflict` and not a look first: two mailings may meet the same new address at once.
    let add = sql!(
        "insert into mail_address (network_id, id, address, name, created_at) values ($1, $2, $3, $4, $5) ",
        "on conflict do nothing"
    );
    let before: Vec<(String, Id)> = tx.all(known, args![network, first, last]).await?;
    let mut ids: HashMap<String, Id> = before.into_iter().collect();
    let mut added = false;
    for (address, name) in all {
        if !ids.contains_key(address) {
            tx.run(add, args![network, Id::new(now), address, name, now]).await?;
            added = true;
        }
    }
    if added {
        let after: Vec<(String, Id)> = tx.all(known, args![network, first, last]).await?;
        ids = after.into_iter().collect();
    }
    Ok(ids)
}

/// What an address said of each topic.
pub async fn consents(tx: &mut Tx, network: Id, address: Id) -> Result<Vec<Consent>> {
    let sql = sql!(
        "select network_id, id, address_id, topic_id, state, means, said_at from mail_consent ",
        "where network_id = $1 and address_id = $2"
    );
    tx.all(sql, args![network, address]).await
}

/// Notes what the holder of an address wants of a topic. Said again, it changes nothing.
pub async fn say(
    tx: &mut Tx,
    actor: &Actor,
    address: &MailAddress,
    topic: &Topic,
    wants: bool,
    means: &'static str,
) -> Result<()> {
    let state = if wants { "accepted" } else { "refused" };
    let before = consents(tx, actor.network_id, address.id).await?;
    if before.iter().any(|consent| consent.topic_id == topic.id && consent.state == state) {
        return Ok(());
    }
    let sql = sql!(
        "insert into mail_consent (network_id, id, address_id, topic_id, state, means, said_at) ",
        "values ($1, $2, $3, $4, $5, $6, $7) on conflict (network_id, address_id, topic_id) ",
        "do update set state = excluded.state, means = excluded.means, said_at = excluded.said_at"
    );
    let id = Id::new(actor.now);
    tx.run(sql, args![actor.network_id, id, address.id, topic.id, state, means, actor.now]).await?;
    if !wants {
        call_back(tx, actor, &address.address, topic.id).await?;
    }
    let action = if wants { "mail_consent.given" } else { "mail_consent.refused" };
    let act = Act::new(action, Subject::new("mail_address", address.id, &address.address))
        .concerning(topic.subject())
        .after(&serde_json::json!({ "topic": topic.label, "means": means }));
    trail::record(tx, actor, act).await.map(|_| ())
}

/// Mailings of which a message may still wait, at the pace of a slow account.
const LATEST: i64 = 20;

/// Whoever refuses a topic does not get what of it still waits to leave.
async fn call_back(tx: &mut Tx, actor: &Actor, address: &str, topic: Id) -> Result<()> {
    let sql = sql!(
        "select sending_id, topic_id from mailing where network_id = $1 and first_due is not null ",
        "and sending_id is not null order by first_due desc, id desc limit $2"
    );
    let sendings: Vec<(Id, Option<Id>)> = tx.all(sql, args![actor.network_id, LATEST]).await?;
    for (sending, _) in sendings.into_iter().filter(|(_, about)| *about == Some(topic)) {
        mail::cancel_to(tx, actor.network_id, (ABOUT, sending), address, actor.now).await?;
    }
    Ok(())
}

/// Notes that nobody is at an address: no mailing goes there any more.
pub async fn bounce(tx: &mut Tx, actor: &Actor, address: &str, reason: &str) -> Result<bool> {
    let sql = sql!(
        "update mail_address set bounced_at = $3, bounce_reason = $4 where network_id = $1 and address = $2 ",
        "and bounced_at is null"
    );
    let reason: String = reason.chars().take(500).collect();
    let noted = tx.run(sql, args![actor.network_id, address, actor.now, &reason]).await? > 0;
    if noted {
        let found = sql!("select id from mail_address where network_id = $1 and address = $2");
        let id: Id = tx.value(found, args![actor.network_id, address]).await?;
        let act = Act::new("mail_address.bounced", Subject::new("mail_address", id, address))
            .after(&serde_json::json!({ "reason": reason }));
        trail::record(tx, actor, act).await?;
    }
    Ok(noted)
}

/// Lets messages go to an address again: it was corrected, or its server is well.
pub async fn trust_again(tx: &mut Tx, actor: &Actor, id: Id) -> Result<MailAddress> {
    let mut found: MailAddress = tx.get(actor.network_id, id).await?;
    let sql = sql!(
        "update mail_address set bounced_at = null, bounce_reason = null where network_id = $1 and id = $2"
    );
    tx.run(sql, args![actor.network_id, id]).await?;
    if found.bounced_at.take().is_some() {
        let subject = Subject::new("mail_address", id, &found.address);
        trail::record(tx, actor, Act::new("mail_address.trusted", subject)).await?;
    }
    Ok(found)
}

/// Whether what a server said means that nobody will ever be there (RFC 3463: 5.1.x and 5.2.1), rather than a full
/// mailbox or a refusal of this one message.
pub fn is_hard(reason: &str) -> bool {
    let reason = reason.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    if says(&["5.2.2", "4.2.2", "5.7.", "quota", "mailbox full"]) {
        return false;
    }
    says(&["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "user unknown", "no such user"])
        || says(&["mailbox unavailable", "does not exist"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_where_nobody_is_is_given_up() {
        assert!(is_hard("permanent error (550): 5.1.1 User unknown"));
        assert!(is_hard("550 No such user here"));
        assert!(is_hard("smtp; 550 5.2.1 account disabled"));
        assert!(!is_hard("552 5.2.2 Mailbox full"));
        assert!(!is_hard("554 5.7.1 message refused: spam"));
        assert!(!is_hard("452 4.2.2 over quota, user unknown quota"));
        assert!(!is_hard("timeout"));
    }
}
