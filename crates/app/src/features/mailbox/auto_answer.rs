//! Answers that the program gives by itself, when a rule says so (RFC 3834): to people only, once a day to each, never so
//! many that two programs could go on writing to each other, whatever their headers say.

use kit::db::{Id, Timestamp};
use kit::mail::{self, Message};
use kit::{Network, Result, Tx, args, markup, sql};

use super::ingest::{Fresh, Source};
use super::nature::Nature;
use super::saved_reply::{self, SavedReply};
use super::shared_mailbox;

/// An address is answered by itself once in so many hours.
const HOURS: i64 = 24;
/// So many such answers leave in an hour, whoever writes.
const MOST_AN_HOUR: i64 = 30;
/// Nobody reads what is sent there.
const NOBODY: [&str; 8] = [
    "noreply",
    "no-reply",
    "ne-pas-repondre",
    "nepasrepondre",
    "donotreply",
    "mailer-daemon",
    "postmaster",
    "bounce",
];

/// Answers a message with a saved reply, if it may be answered. Says whether it was.
pub async fn answer(
    tx: &mut Tx,
    network: &Network,
    now: Timestamp,
    source: &Source,
    one: &Fresh,
    reply: Id,
) -> Result<bool> {
    let m = &one.message;
    let Some((to, name)) = m.answers_to().into_iter().next() else { return Ok(false) };
    if !may_answer(m.nature(), &to, &source.address) || is_enough(tx, network.id, &to, now).await? {
        return Ok(false);
    }
    let Some((_, account)) = shared_mailbox::with_account(tx, network.id).await? else { return Ok(false) };
    let saved: SavedReply = match tx.get(network.id, reply).await {
        Ok(saved) => saved,
        Err(kit::Error::NotFound) => return Ok(false),
        Err(error) => return Err(error),
    };
    let html = saved_reply::merged(&saved.body, &saved_reply::words(network, &name, one.sender.as_ref()));
    let mut headers = vec![("Auto-Submitted".to_owned(), "auto-replied".to_owned())];
    if !m.message_id.is_empty() {
        headers.push(("In-Reply-To".to_owned(), m.message_id.clone()));
        headers.push(("References".to_owned(), m.message_id.clone()));
    }
    let message = Message {
        to: to.clone(),
        to_name: name,
        subject: format!("Réponse automatique : {}", m.subject),
        text: markup::text(&html),
        html,
        kind: "auto_answer",
        account: Some(account),
        headers,
        about: Some(("mail_thread", m.thread_id)),
        ..Message::default()
    };
    mail::send(tx, network, now, message).await?;
    let sql = sql!("insert into mail_auto_answer (network_id, id, address, at) values ($1, $2, $3, $4)");
    tx.run(sql, args![network.id, Id::new(now), &to, now]).await?;
    Ok(true)
}

/// Whether someone is there to be answered.
fn may_answer(nature: Nature, to: &str, own: &str) -> bool {
    let local = to.split('@').next().unwrap_or_default();
    nature == Nature::Person
        && to.contains('@')
        && to != own
        && !NOBODY.iter().any(|nobody| local.starts_with(nobody))
}

async fn is_enough(tx: &mut Tx, network: Id, to: &str, now: Timestamp) -> Result<bool> {
    let sql =
        sql!("select count(*) from mail_auto_answer where network_id = $1 and address = $2 and at > $3");
    let to_them: i64 = tx.value(sql, args![network, to, now.plus_minutes(-60 * HOURS)]).await?;
    let sql = sql!("select count(*) from mail_auto_answer where network_id = $1 and at > $2");
    let in_all: i64 = tx.value(sql, args![network, now.plus_minutes(-60)]).await?;
    Ok(to_them > 0 || in_all >= MOST_AN_HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_people_are_answered_and_never_oneself() {
        assert!(may_answer(Nature::Person, "lea@exemple.fr", "pdn@exemple.fr"));
        assert!(!may_answer(Nature::Auto, "lea@exemple.fr", "pdn@exemple.fr"));
        assert!(!may_answer(Nature::List, "lea@exemple.fr", "pdn@exemple.fr"));
        assert!(!may_answer(Nature::Person, "pdn@exemple.fr", "pdn@exemple.fr"));
        assert!(!may_answer(Nature::Person, "no-reply@caf.fr", "pdn@exemple.fr"));
        assert!(!may_answer(Nature::Person, "", "pdn@exemple.fr"));
    }
}
