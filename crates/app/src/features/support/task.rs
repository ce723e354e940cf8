//! The Task: something to do, by someone or by whoever comes first, perhaps before a day, perhaps about something.
//! `to_do → in_progress → done | abandoned`, and back.

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Result, Tx, args, sql};
use serde_json::{Value, json};

use super::about::{About, AboutLink};
use crate::features;
use crate::features::accounts::account::Account;

kit::table! {
    /// Something to do.
    pub struct Task in "task": versioned {
        pub title: String,
        pub notes: Option<String>,
        pub due_on: Option<Date>,
        pub due_key: String,
        pub assignee_id: Option<Id>,
        /// A code of [`STATES`].
        pub state: String,
        pub about_kind: Option<String>,
        pub about_id: Option<Id>,
        pub about_label: Option<String>,
        pub about_url: Option<String>,
        pub created_by: String,
        pub created_at: Timestamp,
        /// When it was done or abandoned.
        pub done_at: Option<Timestamp>,
        pub done_by: Option<String>,
        /// The due day that was already noted in the trail.
        pub due_noted: Option<Date>,
    }
}

/// States with their French labels and tones.
pub const STATES: [(&str, &str, &str); 4] = [
    ("to_do", "À faire", "warn"),
    ("in_progress", "En cours", "info"),
    ("done", "Fait", "ok"),
    ("abandoned", "Abandonné", "quiet"),
];

/// After every day.
const NO_DAY: &str = "9999-99-99";
/// How lists sort what is due: by its day, what has none last.
pub fn due_key(due_on: Option<Date>) -> String {
    due_on.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string())
}

/// Most tasks that are read about one thing.
const MOST_ABOUT: i64 = 50;

/// A task to be added.
#[derive(Clone, Debug, Default)]
pub struct NewTask {
    pub title: String,
    pub notes: Option<String>,
    pub due_on: Option<Date>,
    /// Whose it is; whoever comes first when absent.
    pub assignee_id: Option<Id>,
    pub about: Option<About>,
}

impl Task {
    pub fn blank(network: Id, now: Timestamp) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            title: String::new(),
            notes: None,
            due_on: None,
            due_key: due_key(None),
            assignee_id: None,
            state: "to_do".to_owned(),
            about_kind: None,
            about_id: None,
            about_label: None,
            about_url: None,
            created_by: String::new(),
            created_at: now,
            done_at: None,
            done_by: None,
            due_noted: None,
            version: 1,
        }
    }

    pub fn url(&self) -> String {
        format!("{}/{}", super::TASKS, self.id)
    }

    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "to_do" | "in_progress")
    }

    pub fn is_late(&self, today: Date) -> bool {
        self.is_open() && self.due_on.is_some_and(|day| day < today)
    }

    pub fn state_label(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("", |(_, label, _)| label)
    }

    pub fn tone(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("quiet", |(.., tone)| tone)
    }

    /// « en retard », « aujourd’hui » or the day; empty without one.
    pub fn due_label(&self, today: Date) -> String {
        match self.due_on {
            Some(day) if day == today => "aujourd’hui".to_owned(),
            Some(day) => day.long(),
            None => String::new(),
        }
    }

    pub(super) fn about(&self) -> Option<AboutLink> {
        AboutLink::of(self.about_label.as_ref(), self.about_url.as_ref())
    }

    pub fn subject(&self) -> Subject {
        Subject::new("task", self.id, &self.title)
    }

    /// What the trail keeps: what the notes say may have to go one day.
    fn said(&self) -> Value {
        json!({
            "title": self.title,
            "due_on": self.due_on,
            "state": self.state_label(),
            "assignee_id": self.assignee_id,
        })
    }

    /// Makes what follows from the other columns true.
    fn settle(&mut self, actor: &Actor) {
        self.due_key = due_key(self.due_on);
        if self.is_open() {
            (self.done_at, self.done_by) = (None, None);
        } else if self.done_at.is_none() {
            (self.done_at, self.done_by) = (Some(actor.now), Some(actor.name.clone()));
        }
    }
}

/// Adds a task. Refused when it says nothing, or when it is for someone who is not of this network.
pub async fn add(tx: &mut Tx, actor: &Actor, new: NewTask) -> Result<Task> {
    if new.title.trim().is_empty() {
        return Err(Error::refused("Indiquez ce qu’il y a à faire."));
    }
    let mut task = Task::blank(actor.network_id, actor.now);
    task.title = new.title;
    task.notes = new.notes;
    task.due_on = new.due_on;
    task.assignee_id = new.assignee_id;
    task.created_by.clone_from(&actor.name);
    if let Some(about) = &new.about {
        task.about_kind = Some(about.kind.to_owned());
        task.about_id = Some(about.id);
        task.about_label = Some(about.label.clone());
        task.about_url = Some(about.url.clone());
    }
    task.settle(actor);
    tx.insert(std::slice::from_ref(&task)).await?;
    // Not tied to what it is about: the history of a sheet has readers for whom tasks are not.
    trail::record(tx, actor, Act::new("task.added", task.subject()).after(&task.said())).await?;
    tell_assignee(tx, actor, None, &task).await?;
    Ok(task)
}

/// Saves a task as it is now wanted: its words, its day, whose it is, its state.
pub async fn edit(tx: &mut Tx, actor: &Actor, before: &Task, mut after: Task) -> Result<Task> {
    after.settle(actor);
    if after == *before {
        return Ok(after);
    }
    let action = match (before.is_open(), after.is_open()) {
        (true, false) if after.state == "done" => "task.finished",
        (true, false) => "task.abandoned",
        (false, true) => "task.reopened",
        _ => "task.changed",
    };
    tx.save(&mut after).await?;
    let act = Act::new(action, after.subject()).before(&before.said()).after(&after.said());
    trail::record(tx, actor, act).await?;
    tell_assignee(tx, actor, before.assignee_id, &after).await?;
    features::task_turned(tx, actor, before, &after).await?;
    Ok(after)
}

/// Notes whose a task now is, when that changed: a line of its own, which notifications read.
async fn tell_assignee(tx: &mut Tx, actor: &Actor, before: Option<Id>, task: &Task) -> Result<()> {
    let Some(assignee) = task.assignee_id.filter(|id| before != Some(*id)) else { return Ok(()) };
    let account: Account = tx.get(actor.network_id, assignee).await?;
    let said = json!({ "assignee_id": account.id, "assignee": account.name });
    trail::record(tx, actor, Act::new("task.assigned", task.subject()).after(&said)).await.map(|_| ())
}

/// Says that a task is done; nothing when it already was.
pub async fn finish(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Task> {
    turn(tx, actor, id, "done").await
}

/// Puts a task back among those to do; nothing when it is among them.
pub async fn reopen(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Task> {
    turn(tx, actor, id, "to_do").await
}

/// Gives a task, as it was read, another state; nothing when it has it.
pub(super) async fn turn_to(tx: &mut Tx, actor: &Actor, before: &Task, state: &str) -> Result<Task> {
    let after = Task { state: state.to_owned(), ..before.clone() };
    edit(tx, actor, before, after).await
}

async fn turn(tx: &mut Tx, actor: &Actor, id: Id, state: &str) -> Result<Task> {
    let before: Task = tx.get(actor.network_id, id).await?;
    if before.is_open() == (state == "to_do") {
        return Ok(before);
    }
    turn_to(tx, actor, &before, state).await
}

/// The tasks about something, the last added first.
pub async fn of_object(tx: &mut Tx, network: Id, kind: &str, id: Id) -> Result<Vec<Task>> {
    let sql = sql!(
        "select network_id, id, title, notes, due_on, due_key, assignee_id, state, about_kind, about_id, \
            about_label, ",
        "about_url, created_by, created_at, done_at, done_by, due_noted, version from task ",
        "where network_id = $1 and about_kind = $2 and about_id = $3 order by id desc limit $4"
    );
    tx.all(sql, args![network, kind, id, MOST_ABOUT]).await
}

/// Whose tasks are asked for.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    Everyone,
    /// An account's own, and those that are nobody's.
    OwnAndNobodys(Id),
    Own(Id),
    Nobodys,
}

impl Whose {
    /// As statements take it: the account, and 1 when nobody's count too.
    fn args(self) -> (Option<String>, i64) {
        match self {
            Self::Everyone => (None, 1),
            Self::OwnAndNobodys(id) => (Some(id.to_string()), 1),
            Self::Own(id) => (Some(id.to_string()), 0),
            // No account has an empty id.
            Self::Nobodys => (Some(String::new()), 1),
        }
    }
}

/// Open tasks, of one state when it is said, the longest due first, after a place in that order.
pub async fn open(
    tx: &mut Tx,
    network: Id,
    (whose, state): (Whose, Option<&str>),
    after: (&str, &str),
    most: i64,
) -> Result<Vec<Task>> {
    let sql = sql!(
        "select network_id, id, title, notes, due_on, due_key, assignee_id, state, about_kind, about_id, \
            about_label, ",
        "about_url, created_by, created_at, done_at, done_by, due_noted, version from task ",
        "where network_id = $1 and done_at is null and (due_key, id) > ($2, $3) ",
        "and (cast($4 as text) is null or assignee_id = $4 or (assignee_id is null and cast($5 as bigint) = 1)) ",
        "and (cast($6 as text) is null or state = $6) order by due_key, id limit $7"
    );
    let (account, nobodys) = whose.args();
    tx.all(sql, args![network, after.0, after.1, account, nobodys, state, most]).await
}

/// Tasks done or abandoned, the last first, before a place in that order.
pub(super) async fn closed(
    tx: &mut Tx,
    network: Id,
    whose: Whose,
    before: (Timestamp, &str),
    most: i64,
) -> Result<Vec<Task>> {
    let sql = sql!(
        "select network_id, id, title, notes, due_on, due_key, assignee_id, state, about_kind, about_id, \
            about_label, ",
        "about_url, created_by, created_at, done_at, done_by, due_noted, version from task ",
        "where network_id = $1 and done_at is not null and (done_at, id) < ($2, $3) ",
        "and (cast($4 as text) is null or assignee_id = $4 or (assignee_id is null and cast($5 as bigint) = 1)) ",
        "order by done_at desc, id desc limit $6"
    );
    let (account, nobodys) = whose.args();
    tx.all(sql, args![network, before.0, before.1, account, nobodys, most]).await
}

/// Tasks done since a moment, the last first.
pub(super) async fn done_since(
    tx: &mut Tx,
    network: Id,
    whose: Whose,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Task>> {
    let sql = sql!(
        "select network_id, id, title, notes, due_on, due_key, assignee_id, state, about_kind, about_id, \
            about_label, ",
        "about_url, created_by, created_at, done_at, done_by, due_noted, version from task ",
        "where network_id = $1 and done_at is not null and done_at >= $2 and state = 'done' ",
        "and (cast($3 as text) is null or assignee_id = $3 or (assignee_id is null and cast($4 as bigint) = 1)) ",
        "order by done_at desc, id desc limit $5"
    );
    let (account, nobodys) = whose.args();
    tx.all(sql, args![network, since, account, nobodys, most]).await
}

/// What is due for an account today or before, the longest due first.
pub async fn due(tx: &mut Tx, network: Id, account: Id, today: Date, most: i64) -> Result<Vec<Task>> {
    let sql = sql!(
        "select network_id, id, title, notes, due_on, due_key, assignee_id, state, about_kind, about_id, \
            about_label, ",
        "about_url, created_by, created_at, done_at, done_by, due_noted, version from task ",
        "where network_id = $1 and done_at is null and due_key <= $2 ",
        "and (assignee_id = $3 or assignee_id is null) order by due_key, id limit $4"
    );
    tx.all(sql, args![network, today, account, most]).await
}
