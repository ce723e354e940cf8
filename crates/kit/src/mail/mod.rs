//! Mail: one row per message in `outbox`, written with the act that causes it, delivered from there by whichever
//! process comes first (`queue.rs`), with the transport of its account or of the instance (`transport.rs`).

mod account;
mod compose;
mod people;
mod queue;
pub mod sign_in;
mod smtp;
mod transport;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::args;
use crate::db::{Id, Timestamp, Tx};
use crate::error::{Error, Result};
use crate::sql;

pub use account::{MailAccount, PURPOSE, SECURITIES};
pub use compose::{Said, compose, compose_draft, merge, said};
pub use people::{People, people};
pub use queue::{deliver_due, run_forever};
pub use smtp::{Door, Smtp, Trouble};
pub use transport::{Failure, Transport, Transports};

/// A message, ready to be sent.
#[derive(Clone, Debug, Default)]
pub struct Message {
    pub to: String,
    pub to_name: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// What it is: `invitation`, `magic_link`… for counting and for tests.
    pub kind: &'static str,
    /// Who else receives this same message.
    pub copies: Copies,
    /// The account by which it leaves and whose address it bears; the instance's own way when absent.
    pub account: Option<MailAccount>,
    /// A body shared with other messages instead of `text` and `html`, with this one's words in it; `subject` is then
    /// only what lists of messages show.
    pub shared: Option<(Id, BTreeMap<String, String>)>,
    /// Headers beyond those that every message has: `Reply-To`, `In-Reply-To`, `List-Id`…; `{{…}}` is replaced.
    pub headers: Vec<(String, String)>,
    pub files: Vec<Attached>,
    /// What it is sent for: a kind and an id by which it is found again ([`about`]).
    pub about: Option<(&'static str, Id)>,
    /// One of many: others pass before it.
    pub bulk: bool,
    /// Not before this moment; until then it can be called back ([`cancel`]).
    pub not_before: Option<Timestamp>,
    /// The name shown before the sender's address, when not the account's.
    pub from_name: Option<String>,
}

/// Recipients of one message beside the first, each as `(address, name)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Copies {
    pub to: Vec<(String, String)>,
    pub cc: Vec<(String, String)>,
    pub bcc: Vec<(String, String)>,
}

/// A file that goes with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// As the reader sees it.
    pub name: String,
    pub media_type: String,
    /// Its name in the store ([`crate::files::Files`]).
    pub file: String,
    /// In bytes; 0 when it was not told.
    #[serde(default)]
    pub size: usize,
}

crate::table! {
    /// A message and what became of it.
    pub struct Outgoing in "outbox" {
        pub kind: String,
        pub account_id: Option<Id>,
        pub sender: String,
        pub sender_name: String,
        pub recipient: String,
        pub recipient_name: String,
        pub copies: String,
        pub subject: String,
        pub text_body: String,
        pub html_body: String,
        pub body_id: Option<Id>,
        pub words: String,
        pub headers: String,
        pub files: String,
        pub about_kind: String,
        pub about_id: Option<Id>,
        pub bulk: bool,
        pub state: String,
        pub error: Option<String>,
        pub due_at: Timestamp,
        pub leased_until: Option<Timestamp>,
        pub attempts: i64,
        pub created_at: Timestamp,
        pub sent_at: Option<Timestamp>,
    }
}

crate::table! {
    /// What many messages say.
    pub struct OutgoingBody in "outbox_body" {
        pub subject: String,
        pub text_body: String,
        pub html_body: String,
        pub created_at: Timestamp,
    }
}

impl Outgoing {
    /// The id under which the world knows the message: the same at each attempt, so that a receiver can fold one
    /// that arrived twice, and what comes back can be tied to it ([`of_message_id`]).
    pub fn message_id(&self) -> String {
        let domain = self.sender.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        format!("<{}@{domain}>", self.id)
    }

    /// A message without words, recipient or sender, to be filled in.
    pub fn blank(network: Id, now: Timestamp) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            kind: String::new(),
            account_id: None,
            sender: String::new(),
            sender_name: String::new(),
            recipient: String::new(),
            recipient_name: String::new(),
            copies: String::new(),
            subject: String::new(),
            text_body: String::new(),
            html_body: String::new(),
            body_id: None,
            words: String::new(),
            headers: String::new(),
            files: String::new(),
            about_kind: String::new(),
            about_id: None,
            bulk: false,
            state: "queued".to_owned(),
            error: None,
            due_at: now,
            leased_until: None,
            attempts: 0,
            created_at: now,
            sent_at: None,
        }
    }

    pub fn copies(&self) -> Copies {
        read_json(&self.copies)
    }

    pub fn words(&self) -> BTreeMap<String, String> {
        read_json(&self.words)
    }

    pub fn headers(&self) -> Vec<(String, String)> {
        read_json(&self.headers)
    }

    pub fn files(&self) -> Vec<Attached> {
        read_json(&self.files)
    }
}

/// Stored JSON; an empty text stands for nothing.
fn read_json<T: serde::de::DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

fn write_json<T: Serialize + Default + PartialEq>(value: &T) -> Result<String> {
    if *value == T::default() { Ok(String::new()) } else { serde_json::to_string(value).map_err(Error::bug) }
}

/// The id of a message of ours, from the `Message-ID` that something refers to.
pub fn of_message_id(text: &str) -> Option<Id> {
    text.trim().trim_matches(['<', '>']).split('@').next()?.parse().ok()
}

/// Queues a message in the transaction of the act that causes it.
pub async fn send(tx: &mut Tx, network: &crate::Network, now: Timestamp, message: Message) -> Result<Id> {
    let row = row(network, now, message)?;
    let id = row.id;
    queue(tx, &[row]).await?;
    Ok(id)
}

/// Queues many messages at once; their ids, in the same order.
pub async fn send_all(
    tx: &mut Tx,
    network: &crate::Network,
    now: Timestamp,
    messages: Vec<Message>,
) -> Result<Vec<Id>> {
    let rows = messages.into_iter().map(|message| row(network, now, message)).collect::<Result<Vec<_>>>()?;
    queue(tx, &rows).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Keeps a body that many messages will share.
pub async fn share_body(
    tx: &mut Tx,
    network: Id,
    now: Timestamp,
    (subject, text, html): (&str, &str, &str),
) -> Result<Id> {
    let id = Id::new(now);
    let (subject, text_body, html_body) = (subject.to_owned(), text.to_owned(), html.to_owned());
    tx.insert(&[OutgoingBody { network_id: network, id, subject, text_body, html_body, created_at: now }])
        .await?;
    Ok(id)
}

async fn queue(tx: &mut Tx, rows: &[Outgoing]) -> Result<()> {
    tx.insert(rows).await?;
    tx.wake_jobs();
    Ok(())
}

fn row(network: &crate::Network, now: Timestamp, message: Message) -> Result<Outgoing> {
    let (sender, sender_name) = match &message.account {
        Some(account) => (account.address.clone(), account.name.clone()),
        None => (network.sender(), "Promeneurs du Net".to_owned()),
    };
    let (body_id, words) = match message.shared {
        Some((body, words)) => (Some(body), words),
        None => (None, BTreeMap::new()),
    };
    Ok(Outgoing {
        kind: message.kind.to_owned(),
        account_id: message.account.map(|account| account.id),
        sender,
        sender_name: message.from_name.unwrap_or(sender_name),
        recipient: message.to,
        recipient_name: message.to_name,
        copies: write_json(&message.copies)?,
        subject: message.subject,
        text_body: message.text,
        html_body: message.html,
        body_id,
        words: write_json(&words)?,
        headers: write_json(&message.headers)?,
        files: write_json(&message.files)?,
        about_kind: message.about.map_or("", |(kind, _)| kind).to_owned(),
        about_id: message.about.map(|(_, id)| id),
        bulk: message.bulk,
        due_at: message.not_before.unwrap_or(now),
        ..Outgoing::blank(network.id, now)
    })
}

/// The account by which a network's messages leave, if it has one.
pub async fn own_account(tx: &mut Tx, network: Id) -> Result<Option<MailAccount>> {
    let sql = sql!(
        "select network_id, id, address, name, host, port, security, mechanism, login, secret, per_minute, created_at, ",
        "version from mail_account where network_id = $1 and mechanism <> 'none' order by id limit 1"
    );
    tx.optional(sql, args![network]).await
}

/// Calls back a message that has not left; answers whether it was in time.
pub async fn cancel(tx: &mut Tx, network: Id, id: Id, now: Timestamp) -> Result<bool> {
    let sql = sql!(
        "update outbox set state = 'cancelled' where network_id = $1 and id = $2 and state = 'queued' ",
        "and (leased_until is null or leased_until < $3)"
    );
    Ok(tx.run(sql, args![network, id, now]).await? > 0)
}

/// Calls back every message sent for something that has not left yet; answers how many.
pub async fn cancel_about(tx: &mut Tx, network: Id, kind: &str, about: Id, now: Timestamp) -> Result<u64> {
    let sql = sql!(
        "update outbox set state = 'cancelled' where network_id = $1 and about_kind = $2 and about_id = $3 ",
        "and state = 'queued' and (leased_until is null or leased_until < $4)"
    );
    tx.run(sql, args![network, kind, about, now]).await
}

/// Calls back what was sent to one address for something, when it has not left yet.
pub async fn cancel_to(
    tx: &mut Tx,
    network: Id,
    (kind, about): (&str, Id),
    recipient: &str,
    now: Timestamp,
) -> Result<u64> {
    let sql = sql!(
        "update outbox set state = 'cancelled' where network_id = $1 and about_kind = $2 and about_id = $3 ",
        "and state = 'queued' and recipient = $4 and (leased_until is null or leased_until < $5)"
    );
    tx.run(sql, args![network, kind, about, recipient, now]).await
}

/// Notes that a message of ours came back, with what the receiving server said. Answers whether it was ours.
pub async fn bounced(tx: &mut Tx, network: Id, id: Id, reason: &str) -> Result<bool> {
    let sql = sql!(
        "update outbox set state = 'bounced', error = $3 where network_id = $1 and id = $2 ",
        "and state in ('sent', 'bounced')"
    );
    Ok(tx.run(sql, args![network, id, reason]).await? > 0)
}

/// How many of the messages sent for something are in each state.
pub async fn states(tx: &mut Tx, network: Id, kind: &str, about: Id) -> Result<Vec<(String, i64)>> {
    let sql = sql!(
        "select state, cast(count(*) as bigint) from outbox where network_id = $1 and about_kind = $2 ",
        "and about_id = $3 group by state"
    );
    tx.all(sql, args![network, kind, about]).await
}

/// Messages sent for something, oldest first, after a given one; of one state, or of all.
pub async fn about(
    tx: &mut Tx,
    network: Id,
    (kind, about): (&str, Id),
    state: Option<&str>,
    after: Option<Id>,
    most: i64,
) -> Result<Vec<Outgoing>> {
    let sql = sql!(
        "select network_id, id, kind, account_id, sender, sender_name, recipient, recipient_name, copies, subject, ",
        "text_body, html_body, body_id, words, headers, files, about_kind, about_id, bulk, state, error, due_at, ",
        "leased_until, attempts, created_at, sent_at from outbox where network_id = $1 and about_kind = $2 ",
        "and about_id = $3 and (cast($4 as text) is null or state = $4) ",
        "and (cast($5 as text) is null or id > $5) order by id limit $6"
    );
    tx.all(sql, args![network, kind, about, state.map(str::to_owned), after, most]).await
}

/// What a message says to its recipient.
pub async fn read(tx: &mut Tx, outgoing: &Outgoing) -> Result<Said> {
    let body: Option<OutgoingBody> = match outgoing.body_id {
        Some(id) => Some(tx.get(outgoing.network_id, id).await?),
        None => None,
    };
    Ok(said(outgoing, body.as_ref()))
}

/// The latest messages of a network, newest first, before a given one.
pub async fn latest(tx: &mut Tx, network: Id, before: Option<Id>, most: i64) -> Result<Vec<Outgoing>> {
    let sql = sql!(
        "select network_id, id, kind, account_id, sender, sender_name, recipient, recipient_name, copies, subject, ",
        "text_body, html_body, body_id, words, headers, files, about_kind, about_id, bulk, state, error, due_at, ",
        "leased_until, attempts, created_at, sent_at from outbox where network_id = $1 ",
        "and (cast($2 as text) is null or id < $2) order by id desc limit $3"
    );
    tx.all(sql, args![network, before, most]).await
}
