//! A conversation: its row, the summary that lists show of it, and what people do with it.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Result, Tx, args, sql};
use serde_json::json;

use super::message::{MailMessage, Place};
use super::nature::Nature;

kit::table! {
    /// A conversation.
    pub struct Thread in "mail_thread" {
        pub subject: String,
        pub state: String,
        pub assignee_id: Option<Id>,
        pub snoozed_until: Option<Timestamp>,
        pub last_at: Timestamp,
        pub last_direction: String,
        /// Who takes part, as lists show it.
        pub people: String,
        pub preview: String,
        pub messages: i64,
        pub unseen: i64,
        pub has_files: bool,
        pub nature: String,
        /// Words put on it, each between commas.
        pub tags: String,
        /// How many internal notes there are.
        pub notes: i64,
    }
}

/// States of a conversation, in the order of its life (domain: à traiter → en cours → en attente → traité).
pub const STATES: [(&str, &str); 4] =
    [("to_do", "À traiter"), ("in_progress", "En cours"), ("waiting", "En attente"), ("done", "Traité")];

pub fn state_label(code: &str) -> &'static str {
    STATES.iter().find(|(known, _)| *known == code).map_or("", |(_, label)| label)
}

impl Thread {
    pub fn url(&self) -> String {
        url(self.id)
    }

    pub fn subject_line(&self) -> &str {
        if self.subject.is_empty() { "(sans objet)" } else { &self.subject }
    }

    pub fn tags(&self) -> Vec<&str> {
        self.tags.split(',').filter(|tag| !tag.is_empty()).collect()
    }

    pub fn as_subject(&self) -> Subject {
        Subject::new("mail_thread", self.id, self.subject_line())
    }

    /// A conversation that begins with these messages, oldest first.
    pub fn new(network: Id, id: Id, messages: &[&MailMessage], unseen: i64, state: &str) -> Self {
        let mut thread = Self {
            network_id: network,
            id,
            subject: messages.first().map(|m| m.subject.clone()).unwrap_or_default(),
            state: state.to_owned(),
            assignee_id: None,
            snoozed_until: None,
            last_at: Timestamp::default(),
            last_direction: "in".to_owned(),
            people: String::new(),
            preview: String::new(),
            messages: 0,
            unseen,
            has_files: false,
            nature: Nature::Person.code().to_owned(),
            tags: String::new(),
            notes: 0,
        };
        thread.summarise(messages, unseen);
        thread
    }

    /// What lists show, from its messages, oldest first.
    pub fn summarise(&mut self, messages: &[&MailMessage], unseen: i64) {
        let Some(last) = messages.last() else { return };
        self.last_at = last.sent_at;
        self.last_direction.clone_from(&last.direction);
        self.preview.clone_from(&last.preview);
        self.messages = i64::try_from(messages.len()).unwrap_or(i64::MAX);
        self.unseen = unseen;
        self.has_files = messages.iter().any(|m| m.files().iter().any(|file| file.cid.is_empty()));
        self.nature.clone_from(&last.nature);
        let mut names: Vec<&str> = Vec::new();
        for message in messages {
            let name = if message.is_out() { "vous" } else { message.from() };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let beyond = names.len().saturating_sub(4);
        let shown = names.split_off(beyond);
        self.people = if beyond > 0 { format!("… {}", shown.join(", ")) } else { shown.join(", ") };
    }
}

pub fn url(id: Id) -> String {
    format!("/espace/messagerie/conversations/{id}")
}

/// Writes the summaries of conversations anew from their messages and places, and which folders they are in.
pub async fn refresh(tx: &mut Tx, network: Id, threads: &[Id]) -> Result<()> {
    let mut rows: Vec<Thread> = tx.all_in(network, "id", threads).await?;
    let messages: Vec<MailMessage> = tx.all_in(network, "thread_id", threads).await?;
    let places: Vec<Place> = tx.all_in(network, "thread_id", threads).await?;
    for row in &mut rows {
        let mut own: Vec<&MailMessage> = messages.iter().filter(|m| m.thread_id == row.id).collect();
        own.sort_by_key(|m| (m.sent_at, m.id));
        let here: Vec<&Place> = places.iter().filter(|p| p.thread_id == row.id).collect();
        row.summarise(&own, unseen(&own, &here));
        write_summary(tx, row).await?;
    }
    super::places::refresh_folders(tx, network, &rows, &places).await
}

/// How many messages from outside nobody has opened.
pub fn unseen(messages: &[&MailMessage], places: &[&Place]) -> i64 {
    let is_new = |m: &&&MailMessage| {
        let mut copies = places.iter().filter(|p| p.message_id == m.id).peekable();
        !m.is_out() && copies.peek().is_some() && copies.all(|p| !p.seen)
    };
    i64::try_from(messages.iter().filter(is_new).count()).unwrap_or(0)
}

async fn write_summary(tx: &mut Tx, row: &Thread) -> Result<()> {
    let sql = sql!(
        "update mail_thread set last_at = $3, last_direction = $4, people = $5, preview = $6, messages = $7, ",
        "unseen = $8, has_files = $9, nature = $10 where network_id = $1 and id = $2"
    );
    let args = args![
        row.network_id,
        row.id,
        row.last_at,
        &row.last_direction,
        &row.people,
        &row.preview,
        row.messages,
        row.unseen,
        row.has_files,
        &row.nature
    ];
    tx.run(sql, args).await.map(drop)
}

/// Says how far the work on a conversation is. Said of a snoozed one, it wakes it.
pub async fn set_state(tx: &mut Tx, actor: &Actor, id: Id, state: &str) -> Result<()> {
    let thread: Thread = tx.get(actor.network_id, id).await?;
    if !STATES.iter().any(|(known, _)| *known == state) {
        return Err(Error::refused("Cet état n’existe pas."));
    }
    if thread.state == state && thread.snoozed_until.is_none() {
        return Ok(());
    }
    put_state(tx, actor.network_id, id, state).await?;
    let act = Act::new("mail_thread.state", thread.as_subject());
    let act = act
        .before(&json!({ "state": state_label(&thread.state) }))
        .after(&json!({ "state": state_label(state) }));
    trail::record(tx, actor, act).await.map(drop)
}

pub(super) async fn put_state(tx: &mut Tx, network: Id, id: Id, state: &str) -> Result<()> {
    let sql =
        sql!("update mail_thread set state = $3, snoozed_until = null where network_id = $1 and id = $2");
    tx.run(sql, args![network, id, state]).await.map(drop)
}

/// Gives a conversation to an account, or to nobody.
pub async fn assign(tx: &mut Tx, actor: &Actor, id: Id, to: Option<Id>) -> Result<()> {
    let thread: Thread = tx.get(actor.network_id, id).await?;
    if thread.assignee_id == to {
        return Ok(());
    }
    let before = name_of(tx, actor.network_id, thread.assignee_id).await?;
    let after = name_of(tx, actor.network_id, to).await?;
    let sql = sql!("update mail_thread set assignee_id = $3 where network_id = $1 and id = $2");
    tx.run(sql, args![actor.network_id, id, to]).await?;
    let mut act = Act::new("mail_thread.assigned", thread.as_subject());
    if let (Some(account), Some(name)) = (to, &after) {
        act = act.concerning(Subject::new("account", account, name));
    }
    let act =
        act.before(&json!({ "assignee": before })).after(&json!({ "assignee": after, "assignee_id": to }));
    trail::record(tx, actor, act).await.map(drop)
}

async fn name_of(tx: &mut Tx, network: Id, account: Option<Id>) -> Result<Option<String>> {
    let Some(account) = account else { return Ok(None) };
    let sql = sql!(
        "select a.name from account a join account_role r on r.network_id = a.network_id and r.account_id = a.id ",
        "where a.network_id = $1 and a.id = $2 and r.role = 'coordinator' and a.disabled_at is null limit 1"
    );
    let name: Option<(String,)> = tx.optional(sql, args![network, account]).await?;
    name.map(|(name,)| Some(name)).ok_or_else(|| Error::refused("Ce compte ne lit pas la boîte partagée."))
}

/// Sets a conversation aside until a moment; any new message brings it back before.
pub async fn snooze(tx: &mut Tx, actor: &Actor, id: Id, until: Timestamp) -> Result<()> {
    let thread: Thread = tx.get(actor.network_id, id).await?;
    if until <= actor.now {
        return Err(Error::refused("Choisissez un moment à venir."));
    }
    let sql = sql!("update mail_thread set snoozed_until = $3 where network_id = $1 and id = $2");
    tx.run(sql, args![actor.network_id, id, until]).await?;
    let act = Act::new("mail_thread.snoozed", thread.as_subject()).after(&json!({ "snoozed_until": until }));
    trail::record(tx, actor, act).await.map(drop)
}

/// Brings back what was set aside until now, as something to do.
pub async fn wake(tx: &mut Tx, network: Id, now: Timestamp) -> Result<u64> {
    let sql = sql!(
        "update mail_thread set snoozed_until = null, state = 'to_do' where network_id = $1 and snoozed_until <= $2"
    );
    tx.run(sql, args![network, now]).await
}

/// Puts a word on a conversation, or takes it off.
pub async fn tag(tx: &mut Tx, actor: &Actor, id: Id, tag: &str, on: bool) -> Result<()> {
    let thread: Thread = tx.get(actor.network_id, id).await?;
    let tag = kit::text::tidy(&tag.replace(',', " "));
    if tag.is_empty() || tag.chars().count() > 40 {
        return Err(Error::refused("Une étiquette a de 1 à 40 caractères."));
    }
    let mut tags: Vec<&str> = thread.tags().into_iter().filter(|known| *known != tag).collect();
    if on {
        tags.push(&tag);
    }
    if tags.len() > 12 {
        return Err(Error::refused("Douze étiquettes au plus."));
    }
    let tags = if tags.is_empty() { String::new() } else { format!(",{},", tags.join(",")) };
    let sql = sql!("update mail_thread set tags = $3 where network_id = $1 and id = $2");
    tx.run(sql, args![actor.network_id, id, &tags]).await?;
    let act = Act::new("mail_thread.tagged", thread.as_subject());
    let act = act.before(&json!({ "tags": thread.tags })).after(&json!({ "tags": tags }));
    trail::record(tx, actor, act).await.map(drop)
}
