//! Mail: one row per recipient in `outbox`, written with the act that causes it, delivered by a job.

mod transport;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::args;
use crate::db::{Id, Timestamp, Tx};
use crate::error::Result;
use crate::jobs::{self, Job, Outcome};
use crate::sql;

pub use transport::Transport;

/// A message to one person, ready to be sent.
#[derive(Clone, Debug)]
pub struct Message {
    pub to: String,
    pub to_name: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// What it is: `invitation`, `magic_link`… for counting and for tests.
    pub kind: &'static str,
}

crate::table! {
    /// A message and what became of it.
    pub struct Outgoing in "outbox" {
        pub kind: String,
        pub sender: String,
        pub recipient: String,
        pub recipient_name: String,
        pub subject: String,
        pub text_body: String,
        pub html_body: String,
        pub state: String,
        pub error: Option<String>,
        pub created_at: Timestamp,
        pub sent_at: Option<Timestamp>,
    }
}

/// Queues a message in the transaction of the act that causes it.
pub async fn send(tx: &mut Tx, network: &crate::Network, now: Timestamp, message: Message) -> Result<Id> {
    let id = Id::new(now);
    let sender = network
        .settings()
        .coordination_email
        .unwrap_or_else(|| format!("ne-pas-repondre@{}", network.host.as_deref().unwrap_or("localhost")));
    let row = Outgoing {
        network_id: network.id,
        id,
        kind: message.kind.to_owned(),
        sender,
        recipient: message.to,
        recipient_name: message.to_name,
        subject: message.subject,
        text_body: message.text,
        html_body: message.html,
        state: "queued".to_owned(),
        error: None,
        created_at: now,
        sent_at: None,
    };
    tx.insert(&[row]).await?;
    jobs::add(tx, network.id, now, &Deliver { outbox_id: id }).await?;
    Ok(id)
}

/// Delivers one message.
#[derive(Serialize, Deserialize)]
pub struct Deliver {
    pub outbox_id: Id,
}

impl Job for Deliver {
    const KIND: &'static str = "mail.deliver";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let outgoing: Outgoing = app.db.read().await?.get(network, self.outbox_id).await?;
        if outgoing.state != "queued" {
            return Ok(Outcome::Done);
        }
        let (state, error, outcome) = match app.transport.deliver(&outgoing).await {
            Ok(()) => ("sent", None, Outcome::Done),
            Err(transport::Failure::Later(reason)) => {
                ("queued", Some(reason.clone()), Outcome::RetryLater(reason))
            }
            Err(transport::Failure::Never(reason)) => {
                ("failed", Some(reason.clone()), Outcome::GiveUp(reason))
            }
        };
        let mut tx = app.db.write().await?;
        let sent_at = (state == "sent").then(|| app.now());
        let sql =
            sql!("update outbox set state = $3, error = $4, sent_at = $5 where network_id = $1 and id = $2");
        tx.run(sql, args![network, self.outbox_id, state, error, sent_at]).await?;
        tx.commit().await?;
        Ok(outcome)
    }
}

/// The latest messages of a network, newest first, before a given one.
pub async fn latest(tx: &mut Tx, network: Id, before: Option<Id>, most: i64) -> Result<Vec<Outgoing>> {
    let sql = sql!(
        "select network_id, id, kind, sender, recipient, recipient_name, subject, text_body, html_body, state, ",
        "error, created_at, sent_at from outbox where network_id = $1 ",
        "and (cast($2 as text) is null or id < $2) order by id desc limit $3"
    );
    tx.all(sql, args![network, before, most]).await
}
