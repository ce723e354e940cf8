//! The mailing: what is written to lists, from draft to sent.

use kit::db::{Id, Timestamp};
use kit::mail::MailAccount;
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Network, Result, Tx, args, markup, sql, text};
use serde_json::json;

use super::block::{self, Block};
use super::message_template::Kept;
use crate::features::Thrown;

kit::table! {
    /// A mailing.
    pub struct Mailing in "mailing": versioned {
        pub subject: String,
        /// What mailboxes show after the subject.
        pub preheader: String,
        pub topic_id: Option<Id>,
        /// JSON: ids of lists.
        pub lists: String,
        /// JSON: [`Block`]s, in order.
        pub blocks: String,
        /// Where answers go; empty for the sender.
        pub reply_to: String,
        pub account_id: Option<Id>,
        /// Shown in the web archive once sent.
        pub is_public: bool,
        /// Its address there; empty until it is sent, or when it is not public.
        pub slug: String,
        pub state: String,
        pub scheduled_for: Option<Timestamp>,
        pub sending_id: Option<Id>,
        pub body_id: Option<Id>,
        /// Where the links of its messages begin.
        pub base: String,
        pub first_due: Option<Timestamp>,
        pub recipients: i64,
        pub author: String,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub deleted_at: Option<Timestamp>,
    }
}

pub const STATES: [(&str, &str, &str); 5] = [
    ("draft", "Brouillon", "quiet"),
    ("scheduled", "Programmée", "info"),
    ("sending", "En cours d’envoi", "info"),
    ("sent", "Envoyée", "ok"),
    ("cancelled", "Arrêtée", "warn"),
];

/// What the outbox knows its messages by.
pub const ABOUT: &str = "mailing";

impl Mailing {
    pub fn blank(network: Id, now: Timestamp, author: &str) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            subject: String::new(),
            preheader: String::new(),
            topic_id: None,
            lists: "[]".to_owned(),
            blocks: "[]".to_owned(),
            reply_to: String::new(),
            account_id: None,
            is_public: false,
            slug: String::new(),
            state: "draft".to_owned(),
            scheduled_for: None,
            sending_id: None,
            body_id: None,
            base: String::new(),
            first_due: None,
            recipients: 0,
            author: author.to_owned(),
            created_at: now,
            updated_at: now,
            deleted_at: None,
            version: 1,
        }
    }

    /// A draft that begins with a template's text.
    pub fn from_template(network: Id, now: Timestamp, author: &str, kept: &Kept) -> Self {
        let text = Block { body: kept.body.clone(), ..Block::new(Id::new(now), "text") };
        Self {
            subject: kept.subject.clone(),
            blocks: block::write(&[text]),
            ..Self::blank(network, now, author)
        }
    }

    /// The same draft, which is about something that was decided: its title as subject, its text before the rest.
    pub fn telling(mut self, title: &str, text: &str, now: Timestamp) -> Self {
        let plain = |words: &str| words.replace("{{", "{ {");
        self.subject = plain(title);
        let lines: String =
            plain(text).lines().map(|line| format!("<p>{}</p>", markup::escape(line))).collect();
        let told = Block { body: markup::clean(&lines), ..Block::new(Id::new(now), "text") };
        let mut blocks = vec![told];
        blocks.extend(self.blocks());
        self.blocks = block::write(&blocks);
        self
    }

    pub fn blocks(&self) -> Vec<Block> {
        block::read(&self.blocks)
    }

    pub fn list_ids(&self) -> Vec<Id> {
        serde_json::from_str(&self.lists).unwrap_or_default()
    }

    pub fn title(&self) -> String {
        if self.subject.is_empty() { "Sans objet".to_owned() } else { self.subject.clone() }
    }

    /// What the trail tells of.
    pub fn traced(&self) -> Subject {
        Subject::new("mailing", self.id, self.title())
    }

    pub fn url(&self) -> String {
        format!("/espace/messagerie/lettres/{}", self.id)
    }

    pub fn act_url(&self, act: &str) -> String {
        format!("{}/{act}", self.url())
    }

    pub fn is_draft(&self) -> bool {
        self.state == "draft"
    }

    pub fn state_label(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("", |(_, label, _)| label)
    }

    pub fn tone(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("quiet", |(.., tone)| tone)
    }
}

/// A mailing that is not in the trash.
pub async fn find(tx: &mut Tx, network: Id, id: Id) -> Result<Mailing> {
    let found: Mailing = tx.get(network, id).await?;
    if found.deleted_at.is_some() { Err(Error::NotFound) } else { Ok(found) }
}

/// A draft; what is on its way, or gone, is no longer changed.
pub async fn draft(tx: &mut Tx, network: Id, id: Id) -> Result<Mailing> {
    let found = find(tx, network, id).await?;
    match found.is_draft() {
        true => Ok(found),
        false => Err(Error::refused("Cette lettre est partie ou programmée\u{a0}: elle ne se modifie plus.")),
    }
}

/// The latest mailings, before a given one.
pub async fn latest(tx: &mut Tx, network: Id, before: Option<Id>, most: i64) -> Result<Vec<Mailing>> {
    let sql = sql!(
        "select network_id, id, subject, preheader, topic_id, lists, blocks, reply_to, account_id, is_public, slug, ",
        "state, scheduled_for, sending_id, body_id, base, first_due, recipients, author, created_at, updated_at, ",
        "deleted_at, version from mailing where network_id = $1 and deleted_at is null ",
        "and (cast($2 as text) is null or id < $2) order by id desc limit $3"
    );
    tx.all(sql, args![network, before, most]).await
}

/// Adds or saves a mailing under the name of an act.
pub async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    before: Option<&Mailing>,
    mut after: Mailing,
    action: &'static str,
) -> Result<Mailing> {
    after.updated_at = actor.now;
    match before {
        Some(_) => tx.save(&mut after).await?,
        None => tx.insert(std::slice::from_ref(&after)).await?,
    }
    let said = |mailing: &Mailing| {
        json!({
            "subject": mailing.subject, "state": mailing.state, "recipients": mailing.recipients,
            "is_public": mailing.is_public,
        })
    };
    let mut act = Act::new(action, after.traced()).after(&said(&after));
    if let Some(before) = before {
        act = act.before(&said(before));
    }
    trail::record(tx, actor, act).await?;
    Ok(after)
}

/// Saves the blocks of a draft, as they now stand.
pub async fn keep_blocks(tx: &mut Tx, actor: &Actor, before: &Mailing, blocks: &[Block]) -> Result<Mailing> {
    if blocks.len() > block::MOST {
        return Err(Error::refused(format!("Une lettre a au plus {} blocs.", block::MOST)));
    }
    let after = Mailing { blocks: block::write(blocks), ..before.clone() };
    keep(tx, actor, Some(before), after, "mailing.changed").await
}

/// The accounts by which the network may write.
pub async fn accounts(tx: &mut Tx, network: Id) -> Result<Vec<MailAccount>> {
    let sql = sql!(
        "select network_id, id, address, name, host, port, security, mechanism, login, secret, per_minute, created_at, ",
        "version from mail_account where network_id = $1 limit 20"
    );
    let mut accounts: Vec<MailAccount> = tx.all(sql, args![network]).await?;
    accounts.sort_by_key(|account| account.id);
    Ok(accounts)
}

/// An address in the web archive that no other mailing has.
pub async fn free_slug(tx: &mut Tx, mailing: &Mailing, network: &Network, now: Timestamp) -> Result<String> {
    let wanted: String = text::slug(&mailing.subject).chars().take(80).collect();
    let dated = format!("{}-{}", network.day_of(now), wanted.trim_matches('-'));
    let sql = sql!("select count(*) from mailing where network_id = $1 and slug = $2 and slug <> ''");
    for turn in 1..50 {
        let slug = if turn == 1 { dated.clone() } else { format!("{dated}-{turn}") };
        if tx.value::<i64>(sql, args![network.id, &slug]).await? == 0 {
            return Ok(slug);
        }
    }
    Ok(mailing.id.to_string())
}

/// Mailings in the trash, the last thrown first.
pub async fn thrown(tx: &mut Tx, network: Id, most: i64) -> Result<Vec<Thrown>> {
    let sql = sql!(
        "select id, subject, deleted_at from mailing where network_id = $1 and deleted_at is not null ",
        "order by deleted_at desc, id desc limit $2"
    );
    let rows: Vec<(Id, String, Timestamp)> = tx.all(sql, args![network, most]).await?;
    let thrown = |(id, label, deleted_at): (Id, String, Timestamp)| Thrown {
        label,
        kind: "Lettre",
        deleted_at,
        restore_url: format!("/espace/messagerie/lettres/{id}/restaurer"),
    };
    Ok(rows.into_iter().map(thrown).collect())
}
