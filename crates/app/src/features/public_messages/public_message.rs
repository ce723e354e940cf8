//! The PublicMessage and its acts. The trail says that a message came and was dealt with, never who wrote
//! what: its lines stay, the message goes.

use askama::Template;
use kit::db::{Id, Timestamp};
use kit::mail::{self, Message};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Network, Result, Tx, args, sql};
use serde_json::json;

kit::table! {
    /// What someone wrote to the coordination from the public site.
    pub struct PublicMessage in "public_message": versioned {
        /// `contact` or `interest`.
        pub kind: String,
        pub name: String,
        pub email: String,
        pub phone: Option<String>,
        pub structure: Option<String>,
        pub commune: Option<String>,
        pub job_title: Option<String>,
        pub body: String,
        pub received_at: Timestamp,
        pub handled_at: Option<Timestamp>,
        pub handled_by: Option<String>,
    }
}

pub const KINDS: [(&str, &str); 2] = [("contact", "Contact"), ("interest", "Devenir Promeneur")];

impl PublicMessage {
    pub fn new(network: Id, now: Timestamp, kind: &str) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            kind: kind.to_owned(),
            name: String::new(),
            email: String::new(),
            phone: None,
            structure: None,
            commune: None,
            job_title: None,
            body: String::new(),
            received_at: now,
            handled_at: None,
            handled_by: None,
            version: 1,
        }
    }

    pub fn kind_label(&self) -> &'static str {
        KINDS.iter().find(|(code, _)| *code == self.kind).map_or("", |(_, label)| label)
    }

    /// Who wrote, as far as they said.
    pub fn from(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }

    pub fn url(&self) -> String {
        format!("/espace/communication/messages/{}", self.id)
    }

    fn subject(&self, network: &Network) -> Subject {
        let day = network.day_of(self.received_at).long();
        Subject::new("public_message", self.id, format!("{}, {day}", self.kind_label()))
    }
}

/// Tells the coordination that a message waits. Its text stays in the private space: copies of it in
/// mailboxes would outlive it.
struct Notice<'a> {
    network: &'a str,
    kind: &'static str,
    link: String,
}

#[derive(Template)]
#[template(path = "public_messages/notice.mail.html")]
struct NoticeHtml<'a> {
    notice: &'a Notice<'a>,
}

#[derive(Template)]
#[template(path = "public_messages/notice.mail.txt")]
struct NoticeText<'a> {
    notice: &'a Notice<'a>,
}

/// Stores a message, and tells the coordination when it has an address. `base` begins the link.
pub async fn receive(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    message: &PublicMessage,
    base: &str,
) -> Result<()> {
    tx.insert(std::slice::from_ref(message)).await?;
    // The trail is kept for ever; where a stranger wrote from is not for it.
    let actor = Actor { address: String::new(), ..actor.clone() };
    trail::record(tx, &actor, Act::new("public_message.received", message.subject(network))).await?;
    let Some(to) = network.settings().coordination_email else { return Ok(()) };
    let notice = Notice {
        network: &network.name,
        kind: message.kind_label(),
        link: format!("{base}{}", message.url()),
    };
    let letter = Message {
        to,
        to_name: "Coordination".to_owned(),
        subject: format!("Nouveau message du site ({}) – Promeneurs du Net, {}", notice.kind, network.name),
        text: NoticeText { notice: &notice }.render().map_err(Error::bug)?,
        html: NoticeHtml { notice: &notice }.render().map_err(Error::bug)?,
        kind: "public_message",
        ..Message::default()
    };
    mail::send(tx, network, actor.now, letter).await.map(|_| ())
}

/// Says that a message is dealt with; nothing when it already was.
pub async fn handle(tx: &mut Tx, actor: &Actor, network: &Network, id: Id) -> Result<()> {
    turn(tx, actor, network, id, true).await
}

/// Puts a message back among those that wait.
pub async fn reopen(tx: &mut Tx, actor: &Actor, network: &Network, id: Id) -> Result<()> {
    turn(tx, actor, network, id, false).await
}

async fn turn(tx: &mut Tx, actor: &Actor, network: &Network, id: Id, handled: bool) -> Result<()> {
    let mut message: PublicMessage = tx.get(network.id, id).await?;
    if message.handled_at.is_some() == handled {
        return Ok(());
    }
    let said = |message: &PublicMessage| json!({ "handled_at": message.handled_at, "handled_by": message.handled_by });
    let before = said(&message);
    message.handled_at = handled.then_some(actor.now);
    message.handled_by = handled.then(|| actor.name.clone());
    tx.save(&mut message).await?;
    let action = if handled { "public_message.handled" } else { "public_message.reopened" };
    let act = Act::new(action, message.subject(network)).before(&before).after(&said(&message));
    trail::record(tx, actor, act).await.map(|_| ())
}

/// Which messages are listed.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// `a-traiter`, `traites` or `tous`.
    pub state: String,
    pub kind: Option<String>,
    pub before: Option<Id>,
}

/// Messages, newest first.
pub async fn latest(tx: &mut Tx, network: Id, listed: &Listed, most: i64) -> Result<Vec<PublicMessage>> {
    let sql = sql!(
        "select network_id, id, kind, name, email, phone, structure, commune, job_title, body, received_at, ",
        "handled_at, handled_by, version from public_message where network_id = $1 ",
        "and (cast($2 as text) is null or id < $2) and (cast($3 as text) is null or kind = $3) ",
        "and ($4 = 'tous' or $4 = case when handled_at is null then 'a-traiter' else 'traites' end) ",
        "order by id desc limit $5"
    );
    let args = args![network, listed.before, listed.kind.clone(), listed.state.as_str(), most];
    tx.all(sql, args).await
}
