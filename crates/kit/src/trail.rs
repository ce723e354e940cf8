//! The trail: who did what, when, to what, with what was before and after. Nothing in the program
//! changes or deletes a line of it. History, notifications, journal proposals and undo all read it.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;
use serde_json::Value;

use crate::args;
use crate::db::{Id, Timestamp, Tx};
use crate::error::{Error, Result};
use crate::sql;

/// What acts and fields are called in French, by their codes. A field whose word is empty tells a reader
/// nothing. Each feature declares its own with [`words!`](crate::words); a test sees that none is missing.
pub struct Words(pub &'static [(&'static str, &'static str)]);

inventory::collect!(Words);

/// Declares what codes are called: `kit::words! { "person.added" => "Fiche créée", "slug" => "" }`.
#[macro_export]
macro_rules! words {
    ($($code:literal => $word:literal),* $(,)?) => {
        $crate::inventory::submit! { $crate::trail::Words(&[$(($code, $word)),*]) }
    };
}

static WORDS: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| inventory::iter::<Words>.into_iter().flat_map(|words| words.0).copied().collect());

/// What a code is called; `None` for one that nobody declared.
pub fn word(code: &str) -> Option<&'static str> {
    WORDS.get(code).copied()
}

/// Who acts: an account, or the program itself on someone's behalf.
#[derive(Clone, Debug)]
pub struct Actor {
    pub network_id: Id,
    pub account_id: Option<Id>,
    pub name: String,
    /// Where the request came from; empty for jobs and commands.
    pub address: String,
    pub now: Timestamp,
}

impl Actor {
    /// The program itself: schedules, commands, demonstration data.
    pub fn program(network_id: Id, name: &str, now: Timestamp) -> Self {
        Self { network_id, account_id: None, name: name.to_owned(), address: String::new(), now }
    }
}

/// What is acted upon. `label` is kept as it was, so that history stays readable.
#[derive(Clone, Debug)]
pub struct Subject {
    pub kind: &'static str,
    pub id: Id,
    pub label: String,
}

impl Subject {
    pub fn new(kind: &'static str, id: Id, label: impl Into<String>) -> Self {
        Self { kind, id, label: label.into() }
    }
}

/// A line to be written.
#[derive(Clone, Debug)]
pub struct Act {
    pub action: &'static str,
    /// The thing itself first, then what it also concerns (the structure of a post, for instance).
    pub subjects: Vec<Subject>,
    pub before: Value,
    pub after: Value,
    /// The larger act this belongs to: an import, a merge.
    pub cause: Option<Id>,
}

impl Act {
    pub fn new(action: &'static str, subject: Subject) -> Self {
        Self { action, subjects: vec![subject], before: Value::Null, after: Value::Null, cause: None }
    }

    pub fn concerning(mut self, subject: Subject) -> Self {
        self.subjects.push(subject);
        self
    }

    pub fn before(mut self, before: &impl Serialize) -> Self {
        self.before = serde_json::to_value(before).unwrap_or_default();
        self
    }

    pub fn after(mut self, after: &impl Serialize) -> Self {
        self.after = serde_json::to_value(after).unwrap_or_default();
        self
    }

    pub fn because(mut self, cause: Option<Id>) -> Self {
        self.cause = cause;
        self
    }
}

crate::table! {
    /// A written line.
    pub struct Line in "trail" {
        pub at: Timestamp,
        pub account_id: Option<Id>,
        pub actor: String,
        pub address: String,
        pub action: String,
        pub subject_kind: String,
        pub subject_id: Id,
        pub subject_label: String,
        pub before: Option<String>,
        pub after: Option<String>,
        pub cause: Option<Id>,
    }
}

crate::table! {
    /// Ties a line to each thing it concerns.
    pub struct Concern in "trail_subject" {
        pub subject_kind: String,
        pub subject_id: Id,
        pub at: Timestamp,
    }
}

/// Writes one line in the transaction of the act it tells of.
pub async fn record(tx: &mut Tx, actor: &Actor, act: Act) -> Result<Id> {
    record_all(tx, actor, vec![act]).await?.pop().ok_or_else(|| Error::bug("nothing recorded"))
}

/// Writes many lines at once, for bulk acts.
pub async fn record_all(tx: &mut Tx, actor: &Actor, acts: Vec<Act>) -> Result<Vec<Id>> {
    let mut lines = Vec::with_capacity(acts.len());
    let mut concerns = Vec::new();
    for act in acts {
        let id = Id::new(actor.now);
        let Some(subject) = act.subjects.first() else { continue };
        debug_assert_eq!(unsaid(&act), Vec::<String>::new(), "declare these with `kit::words!`");
        // Each tie has its own id; the line is found through `trail_id`'s place in it.
        concerns.extend(act.subjects.iter().map(|subject| Concern {
            network_id: actor.network_id,
            id,
            subject_kind: subject.kind.to_owned(),
            subject_id: subject.id,
            at: actor.now,
        }));
        lines.push(Line {
            network_id: actor.network_id,
            id,
            at: actor.now,
            account_id: actor.account_id,
            actor: actor.name.clone(),
            address: actor.address.clone(),
            action: act.action.to_owned(),
            subject_kind: subject.kind.to_owned(),
            subject_id: subject.id,
            subject_label: subject.label.clone(),
            before: text_of(&act.before),
            after: text_of(&act.after),
            cause: act.cause,
        });
    }
    tx.insert(&lines).await?;
    tx.insert(&concerns).await?;
    Ok(lines.into_iter().map(|line| line.id).collect())
}

/// Codes of an act that have no French word: the tests of a feature find those that it forgot.
fn unsaid(act: &Act) -> Vec<String> {
    let names =
        |value: &Value| value.as_object().into_iter().flat_map(|o| o.keys().cloned()).collect::<Vec<_>>();
    let all = [vec![act.action.to_owned()], names(&act.before), names(&act.after)].concat();
    all.into_iter().filter(|code| word(code).is_none()).collect()
}

fn text_of(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.to_string())
}

/// The history of a thing, newest first, `most` lines before the line `before`.
pub async fn of_subject(
    tx: &mut Tx,
    network: Id,
    kind: &str,
    subject: Id,
    before: Option<Id>,
    most: i64,
) -> Result<Vec<Line>> {
    let sql = sql!(
        "select t.network_id, t.id, t.at, t.account_id, t.actor, t.address, t.action, t.subject_kind, ",
        "t.subject_id, t.subject_label, t.before, t.after, t.cause from trail_subject c ",
        "join trail t on t.network_id = c.network_id and t.id = c.id ",
        "where c.network_id = $1 and c.subject_kind = $2 and c.subject_id = $3 ",
        "and (cast($4 as text) is null or c.id < $4) order by c.id desc limit $5"
    );
    tx.all(sql, args![network, kind, subject, before, most]).await
}

/// Every line of a larger act, in the order in which they were written.
pub async fn of_cause(tx: &mut Tx, network: Id, cause: Id) -> Result<Vec<Line>> {
    let sql = sql!(
        "select network_id, id, at, account_id, actor, address, action, subject_kind, subject_id, ",
        "subject_label, before, after, cause from trail where network_id = $1 and cause = $2 order by id"
    );
    tx.all(sql, args![network, cause]).await
}

/// What changed in a line: the fields whose value is not the same, with both values.
pub fn changes(line: &Line) -> Vec<(String, Value, Value)> {
    let side = |text: &Option<String>| -> serde_json::Map<String, Value> {
        text.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default()
    };
    let (before, after) = (side(&line.before), side(&line.after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .map(|name| {
            let value = |side: &serde_json::Map<String, Value>| side.get(name).cloned().unwrap_or_default();
            (name.clone(), value(&before), value(&after))
        })
        .filter(|(_, before, after)| before != after)
        .collect()
}
