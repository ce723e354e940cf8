//! Queuing: the frozen recipients of a mailing become messages of the outbox, a part at a time, each in the
//! transaction that says so, and each with the time that the pace of its account gives it.

use std::collections::BTreeMap;

use kit::db::{Id, Timestamp};
use kit::jobs::{Job, Outcome};
use kit::mail::{self, Message};
use kit::{App, Error, Network, Result, Tx, args, network, sql};
use serde::{Deserialize, Serialize};

use super::address;
use super::mailing::{self, ABOUT, Mailing};
use super::merge_field;
use super::sending::Recipient;
use super::topic::Topic;

/// Messages a minute by the instance's own way, when no account says otherwise.
const OWN_PER_MINUTE: i64 = 120;
/// Messages queued in one transaction.
const AT_ONCE: i64 = 200;

/// Queues the messages of a mailing, a part at a time.
#[derive(Serialize, Deserialize)]
pub struct QueueMailing {
    pub mailing_id: Id,
    pub sending_id: Id,
}

impl Job for QueueMailing {
    const KIND: &'static str = "mailings.queue";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        loop {
            let mut tx = app.db.write().await?;
            let queued = queue_some(&mut tx, &app, network, &self).await?;
            tx.commit().await?;
            if queued == 0 {
                return Ok(Outcome::Done);
            }
        }
    }
}

async fn queue_some(tx: &mut Tx, app: &App, network: Id, job: &QueueMailing) -> Result<usize> {
    let now = app.now();
    // Holds the mailing until the end of this transaction: whoever stops it waits, and then finds these messages; a
    // second process on the same job waits too.
    let hold = sql!(
        "update mailing set updated_at = $3 where network_id = $1 and id = $2 and state = 'sending' and sending_id = $4"
    );
    if tx.run(hold, args![network, job.mailing_id, now, job.sending_id]).await? == 0 {
        return Ok(0);
    }
    let mailing: Mailing = tx.get(network, job.mailing_id).await?;
    let waiting = sql!(
        "select network_id, id, mailing_id, recipient_key, address, name, person_id, contact_id, why, words, left_out, ",
        "turn, outbox_id from mailing_recipient where network_id = $1 and mailing_id = $2 and outbox_id is null ",
        "and left_out = '' order by turn limit $3"
    );
    let waiting: Vec<Recipient> = tx.all(waiting, args![network, mailing.id, AT_ONCE]).await?;
    if waiting.is_empty() {
        let done = sql!("update mailing set state = 'sent' where network_id = $1 and id = $2");
        tx.run(done, args![network, mailing.id]).await?;
        return Ok(0);
    }
    let network = network::by_id(tx, network).await?;
    let messages = messages(tx, app, &network, now, &mailing, job.sending_id, &waiting).await?;
    let ids = mail::send_all(tx, &network, now, messages).await?;
    for (recipient, outbox_id) in waiting.iter().zip(&ids) {
        let sql = sql!(
            "update mailing_recipient set outbox_id = $3 where network_id = $1 and id = $2 and outbox_id is null"
        );
        if tx.run(sql, args![network.id, recipient.id, *outbox_id]).await? != 1 {
            return Err(Error::TryLater("Un autre processus envoie cette lettre.".to_owned()));
        }
    }
    Ok(waiting.len())
}

async fn messages(
    tx: &mut Tx,
    app: &App,
    network: &Network,
    now: Timestamp,
    mailing: &Mailing,
    sending: Id,
    waiting: &[Recipient],
) -> Result<Vec<Message>> {
    let accounts = mailing::accounts(tx, network.id).await?;
    let account = accounts.into_iter().find(|account| Some(account.id) == mailing.account_id);
    let per_minute = account.as_ref().map_or(OWN_PER_MINUTE, |account| account.per_minute.max(1));
    let named: Vec<(String, String)> = waiting.iter().map(|r| (r.address.clone(), r.name.clone())).collect();
    let ids = address::ids_of(tx, network.id, now, &named).await?;
    let may_leave = match mailing.topic_id {
        Some(id) => !tx.get::<Topic>(network.id, id).await?.essential,
        None => false,
    };
    let body = mailing.body_id.ok_or_else(|| Error::bug("a mailing on its way has a body"))?;
    let topic = mailing.topic_id;
    let mut messages = Vec::with_capacity(waiting.len());
    for recipient in waiting {
        let known = ids.get(&recipient.address).ok_or_else(|| Error::bug("an address is known by now"))?;
        let mut words: BTreeMap<String, String> = serde_json::from_str(&recipient.words).unwrap_or_default();
        words.extend(links(app, network.id, &mailing.base, *known, topic));
        let after = (i128::from(recipient.turn) * 60_000_000) / i128::from(per_minute);
        let due = mailing.first_due.unwrap_or(now).0 + i64::try_from(after).unwrap_or(0);
        messages.push(Message {
            to: recipient.address.clone(),
            to_name: recipient.name.clone(),
            subject: mail::merge(&mailing.subject, &words, false),
            kind: ABOUT,
            account: account.clone(),
            shared: Some((body, words)),
            headers: headers(network, mailing, may_leave),
            about: Some((ABOUT, sending)),
            bulk: true,
            not_before: Some(Timestamp(due)),
            from_name: account.is_none().then(|| format!("Promeneurs du Net {}", network.of())),
            ..Message::default()
        });
    }
    Ok(messages)
}

/// Where an address says what it wants.
pub fn links(app: &App, network: Id, base: &str, known: Id, topic: Option<Id>) -> [(String, String); 2] {
    let preferences = address::token(app, network, known, None);
    let leave = address::token(app, network, known, topic);
    [
        ("lien_preferences".to_owned(), format!("{base}/preferences/{preferences}")),
        (merge_field::UNSUBSCRIBE.to_owned(), format!("{base}/desinscription/{leave}")),
    ]
}

/// Headers of bulk mail. There is no `Auto-Submitted`: a person wrote this, and its absence says so (RFC 3834, 5);
/// `List-Id` and `Precedence` keep answering machines quiet (RFC 3834, 2; RFC 5230, 4.6).
fn headers(network: &Network, mailing: &Mailing, may_leave: bool) -> Vec<(String, String)> {
    let host = network.host.clone().unwrap_or_else(|| {
        let authority = mailing.base.split("://").nth(1).unwrap_or("localhost");
        authority.split(':').next().unwrap_or("localhost").to_owned()
    });
    let mut all = vec![
        ("List-Id".to_owned(), format!("<lettre.{}.{host}>", network.slug)),
        ("Precedence".to_owned(), "bulk".to_owned()),
    ];
    if may_leave {
        all.push(("List-Unsubscribe".to_owned(), "<{{lien_desinscription}}>".to_owned()));
        all.push(("List-Unsubscribe-Post".to_owned(), "List-Unsubscribe=One-Click".to_owned()));
    }
    if !mailing.reply_to.is_empty() {
        all.push(("Reply-To".to_owned(), mailing.reply_to.clone()));
    }
    all
}
