//! Delivery. A process takes a few messages at a time under a lease, hands each to its server and notes it at once.
//!
//! What SMTP cannot promise: the server answers for a message from its 250 on (RFC 5321, 4.1.1.4), which a process that
//! dies may not have heard, or not have noted. Of such a message nobody knows whether it left. It is sent again, under
//! the same `Message-ID`, by which a receiver can fold the two. No order of noting does better: noted before, it could
//! be lost; noted after, it could be said twice.
//!
//! What is promised: a process hands over one message at a time and notes it before the next, so whoever is killed leaves
//! at most one message in doubt; everyone else gets theirs once. Mailings and messages written to one person take turns:
//! a password waits for one letter, not for a thousand. No message is handed over longer than its lease lasts, so that
//! no other process begins it meanwhile.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::{MailAccount, Outgoing, OutgoingBody, Transport, compose, transport::Failure};
use crate::app::App;
use crate::db::{Id, Timestamp};
use crate::error::{Error, Result};
use crate::{args, sql};

/// Messages that a lane takes at once.
const BATCH: i64 = 20;
/// What a lane took is another's again after so long, should its process die.
const LEASE_SECONDS: i64 = 90;
/// A hand-over that takes longer is broken off: the next attempt must not begin while this one still may succeed.
const MOST_SECONDS: u64 = 60;
/// A message is not begun when less than this is left of its lease.
const NEEDED_SECONDS: i64 = 70;
/// After so many failures a message is given up.
const MOST_ATTEMPTS: i64 = 8;

/// Held while a message is handed over and until that is noted. Who waits longest is next.
static HANDING_OVER: Semaphore = Semaphore::const_new(1);

/// Delivers until the process ends; woken by commits that queue a message, and every two seconds.
pub async fn run_forever(app: App) {
    futures::future::join(lane(app.clone(), false), lane(app, true)).await;
}

/// Messages to one person, or those of mailings: one after the other.
async fn lane(app: App, bulk: bool) {
    loop {
        let ring = app.db.ring();
        match deliver_batch(&app, bulk).await {
            Ok(0) => ring.within(Duration::from_secs(2)).await,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "mail could not be delivered");
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }
    }
}

/// Delivers every message that is due now, and returns how many were tried.
pub async fn deliver_due(app: &App) -> Result<usize> {
    let mut tried = 0;
    loop {
        match deliver_batch(app, false).await? + deliver_batch(app, true).await? {
            0 => return Ok(tried),
            more => tried += more,
        }
    }
}

/// Takes some messages and tries each; returns how many were tried.
async fn deliver_batch(app: &App, bulk: bool) -> Result<usize> {
    let taken = take(app, bulk).await?;
    let mut known = Known::default();
    let mut tried = 0;
    for outgoing in &taken {
        let lease = outgoing.leased_until.unwrap_or_default();
        let turn = HANDING_OVER.acquire().await.map_err(Error::bug)?;
        if app.now().plus_seconds(NEEDED_SECONDS) > lease {
            // Its server is slow: what was not begun is anyone's again at once.
            for rest in &taken[tried..] {
                release(app, rest).await?;
            }
            break;
        }
        let outcome = deliver(app, &mut known, outgoing).await?;
        note(app, outgoing, outcome).await?;
        drop(turn);
        tried += 1;
    }
    Ok(tried)
}

/// Gives back a message that was taken and not begun.
async fn release(app: &App, outgoing: &Outgoing) -> Result<()> {
    let mut tx = app.db.write().await?;
    let sql = sql!(
        "update outbox set leased_until = null, attempts = attempts - 1 where network_id = $1 and id = $2 ",
        "and state = 'queued' and leased_until = $3"
    );
    tx.run(sql, args![outgoing.network_id, outgoing.id, outgoing.leased_until]).await?;
    tx.commit().await
}

async fn take(app: &App, bulk: bool) -> Result<Vec<Outgoing>> {
    let now = app.now();
    // Most looks find nothing: do not take the writer for that.
    let due = sql!(
        "select count(*) from (select 1 from outbox where state = 'queued' and bulk = $2 and due_at <= $1 ",
        "and (leased_until is null or leased_until < $1) limit 1) due"
    );
    if app.db.read().await?.value::<i64>(due, args![now, bulk]).await? == 0 {
        return Ok(Vec::new());
    }
    let mut tx = app.db.write().await?;
    // The guard stands twice: without the outer one two PostgreSQL sessions take the same message.
    let sql = sql!(
        "update outbox set leased_until = $2, attempts = attempts + 1 where (network_id, id) in (",
        " select network_id, id from outbox where state = 'queued' and bulk = $3 and due_at <= $1 ",
        " and (leased_until is null or leased_until < $1) order by due_at, id limit $4) ",
        "and state = 'queued' and (leased_until is null or leased_until < $1) ",
        "returning network_id, id, kind, account_id, sender, sender_name, recipient, recipient_name, copies, ",
        "subject, text_body, html_body, body_id, words, headers, files, about_kind, about_id, bulk, state, ",
        "error, due_at, leased_until, attempts, created_at, sent_at"
    );
    let mut taken: Vec<Outgoing> =
        tx.all(sql, args![now, now.plus_seconds(LEASE_SECONDS), bulk, BATCH]).await?;
    tx.commit().await?;
    taken.sort_by_key(|outgoing| (outgoing.due_at, outgoing.id));
    Ok(taken)
}

/// Where a message goes, and the account that it leaves by.
type Way = (Transport, Option<MailAccount>);

/// What the messages of a batch share.
#[derive(Default)]
struct Known {
    bodies: HashMap<Id, OutgoingBody>,
    /// By network and account.
    ways: HashMap<(Id, Option<Id>), Way>,
}

impl Known {
    async fn body(&mut self, app: &App, outgoing: &Outgoing) -> Result<Option<OutgoingBody>> {
        let Some(id) = outgoing.body_id else { return Ok(None) };
        if let Some(body) = self.bodies.get(&id) {
            return Ok(Some(body.clone()));
        }
        let body: OutgoingBody = app.db.read().await?.get(outgoing.network_id, id).await?;
        self.bodies.insert(id, body.clone());
        Ok(Some(body))
    }

    /// The way that a message leaves, with the account that it then leaves by: its own; where the instance has no way,
    /// that of the network.
    async fn way(&mut self, app: &App, outgoing: &Outgoing) -> Result<Way> {
        let key = (outgoing.network_id, outgoing.account_id);
        if let Some(way) = self.ways.get(&key) {
            return Ok(way.clone());
        }
        let mut tx = app.db.read().await?;
        let account: Option<MailAccount> = match outgoing.account_id {
            Some(id) => Some(tx.get(outgoing.network_id, id).await?),
            None if app.transport.is_screen() => super::own_account(&mut tx, outgoing.network_id).await?,
            None => None,
        };
        let transport = match &account {
            Some(account) => app.transports.of(app, account).await?,
            None => app.transport.clone(),
        };
        let way = (transport, account);
        self.ways.insert(key, way.clone());
        Ok(way)
    }
}

async fn deliver(app: &App, known: &mut Known, outgoing: &Outgoing) -> Result<Result<(), Failure>> {
    let body = known.body(app, outgoing).await?;
    let mut files = Vec::new();
    for attached in outgoing.files() {
        match app.files.get(outgoing.network_id, &attached.file).await {
            Ok(bytes) => files.push((attached, bytes)),
            Err(Error::NotFound) => {
                return Ok(Err(Failure::Never(format!("« {} » n’existe plus.", attached.name))));
            }
            Err(error) => return Ok(Err(Failure::Later(error.to_string()))),
        }
    }
    let (transport, account) = match known.way(app, outgoing).await {
        Ok(way) => way,
        Err(error) => return Ok(Err(Failure::Later(error.to_string()))),
    };
    // A server lets nobody write in another's name.
    let sender = account.map_or_else(|| outgoing.sender.clone(), |account| account.address);
    let message = match compose(&Outgoing { sender, ..outgoing.clone() }, body.as_ref(), files) {
        Ok(message) => message,
        Err(reason) => return Ok(Err(Failure::Never(reason))),
    };
    let handing_over =
        tokio::time::timeout(Duration::from_secs(MOST_SECONDS), transport.deliver(outgoing.id, message));
    let slow = |_| Err(Failure::Later("Le serveur d’envoi est trop lent.".to_owned()));
    Ok(handing_over.await.unwrap_or_else(slow))
}

async fn note(app: &App, outgoing: &Outgoing, outcome: Result<(), Failure>) -> Result<()> {
    let now = app.now();
    let (state, error, due) = match outcome {
        Ok(()) => ("sent", None, outgoing.due_at),
        Err(Failure::Never(reason)) => ("failed", Some(reason), outgoing.due_at),
        Err(Failure::Later(reason)) if outgoing.attempts >= MOST_ATTEMPTS => {
            ("failed", Some(reason), outgoing.due_at)
        }
        Err(Failure::Later(reason)) => {
            tracing::warn!(attempt = outgoing.attempts, reason, "message to be tried again");
            ("queued", Some(reason), now.plus_minutes(1 << outgoing.attempts.clamp(0, 9)))
        }
    };
    let sent_at: Option<Timestamp> = (state == "sent").then_some(now);
    let mut tx = app.db.write().await?;
    let sql = sql!(
        "update outbox set state = $3, error = $4, sent_at = $5, due_at = $6, leased_until = null ",
        "where network_id = $1 and id = $2 and state = 'queued'"
    );
    tx.run(sql, args![outgoing.network_id, outgoing.id, state, error, sent_at, due]).await?;
    tx.commit().await
}
