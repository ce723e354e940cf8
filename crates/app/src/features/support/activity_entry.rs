//! A line of the « journal d’activité »: what the coordination did, for how long, with whom. Lines are written, or
//! proposed by what the platform saw happen: `proposed → confirmed | dismissed`, and back.

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Choice, Error, Result, Tx, args, sql};
use serde_json::{Value, json};

use super::about::{About, AboutLink};
use super::duration;

kit::table! {
    /// Something that was done.
    pub struct ActivityEntry in "activity_entry": versioned {
        pub day: Date,
        /// A code of [`KINDS`].
        pub kind: String,
        /// A code of [`THEMES`].
        pub theme: Option<String>,
        /// A code of [`MEANS`].
        pub means: Option<String>,
        pub minutes: Option<i64>,
        pub title: String,
        pub notes: Option<String>,
        /// How many people it reached or gathered.
        pub people: Option<i64>,
        pub about_kind: Option<String>,
        pub about_id: Option<Id>,
        pub about_label: Option<String>,
        pub about_url: Option<String>,
        /// `proposed`, `confirmed` or `dismissed`.
        pub state: String,
        pub proposal_key: Option<String>,
        pub author: String,
        pub created_at: Timestamp,
    }
}

/// What coordinators do (domain file §3.6: the types of the tool of Seine-Saint-Denis, and the mailbox of the mission).
pub const KINDS: [(&str, &str); 14] = [
    ("person_support", "Accompagnement d’un promeneur"),
    ("structure_support", "Accompagnement d’une structure"),
    ("welcome", "Accueil d’un nouveau promeneur"),
    ("question", "Réponse à une question"),
    ("network_meeting", "Réunion de réseau ou formation"),
    ("organisation", "Organisation d’une réunion ou formation"),
    ("committee", "Copil, Cotech, réunion technique"),
    ("committee_papers", "Préparation ou compte rendu de comité"),
    ("partnership", "Partenariat"),
    ("call", "Information sur l’appel à candidatures"),
    ("publication", "Publication, communication"),
    ("mail", "Boîte mail"),
    ("own_training", "Formation de la coordination"),
    ("report", "Bilan, évaluation"),
];

/// What it was about (the categories of the mission sheet).
pub const THEMES: [(&str, &str); 8] = [
    ("legal", "Cadre juridique"),
    ("technical", "Technique"),
    ("tools", "Maîtrise des outils et supports"),
    ("posture", "Posture, positionnement"),
    ("referral", "Relais, orientation"),
    ("agreement", "Convention, financement"),
    ("network_life", "Vie du réseau"),
    ("other", "Autre"),
];

/// How it was done.
pub const MEANS: [(&str, &str); 5] = [
    ("in_person", "Présentiel"),
    ("email", "Courriel"),
    ("phone", "Téléphone"),
    ("video", "Visio"),
    ("social", "Réseaux sociaux"),
];

/// Most lines that are read about one thing.
const MOST_ABOUT: i64 = 50;

pub(super) fn label(pairs: &[(&'static str, &'static str)], code: &str) -> &'static str {
    pairs.iter().find(|(known, _)| *known == code).map_or("", |(_, label)| label)
}

pub(super) fn choices(pairs: &[(&str, &str)]) -> Vec<Choice> {
    pairs.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

/// What was done of one kind in a span of days.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Total {
    kind: String,
    pub count: i64,
    pub minutes: i64,
}

impl Total {
    pub fn label(&self) -> &'static str {
        label(&KINDS, &self.kind)
    }

    pub fn duration(&self) -> String {
        duration::say(self.minutes)
    }
}

/// What the journal holds from a day to the day before another, by kind; the longest first.
pub async fn totals(tx: &mut Tx, network: Id, from: Date, until: Date) -> Result<Vec<Total>> {
    let sql = sql!(
        "select kind, count(*) as count, cast(coalesce(sum(minutes), 0) as bigint) as minutes from activity_entry ",
        "where network_id = $1 and state = 'confirmed' and day >= $2 and day < $3 group by kind order by 3 desc, kind"
    );
    tx.all(sql, args![network, from, until]).await
}

/// A line to be written or proposed.
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub day: Date,
    /// A code of [`KINDS`].
    pub kind: &'static str,
    pub theme: Option<&'static str>,
    pub means: Option<&'static str>,
    pub minutes: Option<i64>,
    pub title: String,
    pub notes: Option<String>,
    pub people: Option<i64>,
    pub about: Option<About>,
    /// What it comes from, so that it is proposed once: `mail_thread:0190…`. Nothing else can be proposed under it.
    pub key: Option<String>,
}

impl NewEntry {
    /// A line with what every line has; the rest is set on it.
    pub fn new(day: Date, kind: &'static str, title: impl Into<String>) -> Self {
        Self {
            day,
            kind,
            theme: None,
            means: None,
            minutes: None,
            title: title.into(),
            notes: None,
            people: None,
            about: None,
            key: None,
        }
    }

    /// The same, proposed once under this key.
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    fn entry(self, actor: &Actor) -> ActivityEntry {
        let about = self.about;
        ActivityEntry {
            day: self.day,
            kind: self.kind.to_owned(),
            theme: self.theme.map(str::to_owned),
            means: self.means.map(str::to_owned),
            minutes: self.minutes.filter(|minutes| *minutes > 0),
            title: self.title,
            notes: self.notes,
            people: self.people.filter(|people| *people >= 0),
            about_kind: about.as_ref().map(|about| about.kind.to_owned()),
            about_id: about.as_ref().map(|about| about.id),
            about_label: about.as_ref().map(|about| about.label.clone()),
            about_url: about.map(|about| about.url),
            proposal_key: self.key,
            ..ActivityEntry::blank(actor.network_id, actor.now, self.day)
        }
    }
}

impl ActivityEntry {
    pub(super) fn blank(network: Id, now: Timestamp, day: Date) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            day,
            kind: String::new(),
            theme: None,
            means: None,
            minutes: None,
            title: String::new(),
            notes: None,
            people: None,
            about_kind: None,
            about_id: None,
            about_label: None,
            about_url: None,
            state: "proposed".to_owned(),
            proposal_key: None,
            author: String::new(),
            created_at: now,
            version: 1,
        }
    }

    pub fn url(&self) -> String {
        format!("{}/{}", super::JOURNAL, self.id)
    }

    pub fn kind_label(&self) -> &'static str {
        label(&KINDS, &self.kind)
    }

    pub fn theme_label(&self) -> &'static str {
        label(&THEMES, self.theme.as_deref().unwrap_or_default())
    }

    pub fn means_label(&self) -> &'static str {
        label(&MEANS, self.means.as_deref().unwrap_or_default())
    }

    pub fn duration(&self) -> String {
        self.minutes.map(duration::say).unwrap_or_default()
    }

    pub(super) fn about(&self) -> Option<AboutLink> {
        AboutLink::of(self.about_label.as_ref(), self.about_url.as_ref())
    }

    fn subject(&self) -> Subject {
        Subject::new("activity_entry", self.id, &self.title)
    }

    fn said(&self) -> Value {
        json!({
            "title": self.title,
            "day": self.day,
            "activity": self.kind_label(),
            "duration": self.duration(),
            "people": self.people,
        })
    }
}

/// Proposes a line, once per key (always, without one): proposing it again, even after it was confirmed or dismissed, changes nothing.
/// Says whether it is new.
pub async fn propose(tx: &mut Tx, actor: &Actor, new: NewEntry) -> Result<bool> {
    let entry = new.entry(actor);
    let sql = sql!("select count(*) from activity_entry where network_id = $1 and proposal_key = $2");
    if tx.value::<i64>(sql, args![actor.network_id, entry.proposal_key.clone()]).await? > 0 {
        return Ok(false);
    }
    // Another process may propose it at the same moment: the unique key lets one of them through.
    let sql = sql!(
        "insert into activity_entry (network_id, id, day, kind, theme, means, minutes, title, notes, \
            people, ",
        "about_kind, about_id, about_label, about_url, state, proposal_key, author, created_at, version) ",
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ",
        "on conflict do nothing"
    );
    let row = kit::db::Table::args(&entry);
    if tx.run(sql, row).await? == 0 {
        return Ok(false);
    }
    trail::record(tx, actor, Act::new("activity_entry.proposed", entry.subject())).await.map(|_| true)
}

/// Writes a line that is true as it stands.
pub async fn record(tx: &mut Tx, actor: &Actor, new: NewEntry) -> Result<ActivityEntry> {
    let entry = new.entry(actor);
    write(tx, actor, entry).await
}

/// The same, of a line that a form filled in.
pub(super) async fn write(tx: &mut Tx, actor: &Actor, mut entry: ActivityEntry) -> Result<ActivityEntry> {
    check(&entry)?;
    "confirmed".clone_into(&mut entry.state);
    entry.author.clone_from(&actor.name);
    tx.insert(std::slice::from_ref(&entry)).await?;
    let act = Act::new("activity_entry.recorded", entry.subject()).after(&entry.said());
    trail::record(tx, actor, act).await?;
    Ok(entry)
}

/// Saves a line as corrected; one that was only proposed is thereby confirmed.
pub async fn edit(
    tx: &mut Tx,
    actor: &Actor,
    before: &ActivityEntry,
    mut after: ActivityEntry,
) -> Result<ActivityEntry> {
    check(&after)?;
    let action =
        if before.state == "confirmed" { "activity_entry.changed" } else { "activity_entry.confirmed" };
    if before.state != "confirmed" {
        "confirmed".clone_into(&mut after.state);
        after.author.clone_from(&actor.name);
    }
    if after == *before {
        return Ok(after);
    }
    tx.save(&mut after).await?;
    let act = Act::new(action, after.subject()).before(&before.said()).after(&after.said());
    trail::record(tx, actor, act).await?;
    Ok(after)
}

fn check(entry: &ActivityEntry) -> Result<()> {
    if entry.title.trim().is_empty() || label(&KINDS, &entry.kind).is_empty() {
        return Err(Error::refused("Indiquez ce qui a été fait, et de quel type d’activité il s’agit."));
    }
    Ok(())
}

/// Confirms a line as it was proposed; nothing when it is confirmed.
pub async fn confirm(tx: &mut Tx, actor: &Actor, id: Id) -> Result<ActivityEntry> {
    let before: ActivityEntry = tx.get(actor.network_id, id).await?;
    edit(tx, actor, &before, before.clone()).await
}

/// Takes a line out of the journal; it can be confirmed again.
pub async fn dismiss(tx: &mut Tx, actor: &Actor, id: Id) -> Result<ActivityEntry> {
    let mut entry: ActivityEntry = tx.get(actor.network_id, id).await?;
    if entry.state != "dismissed" {
        "dismissed".clone_into(&mut entry.state);
        tx.save(&mut entry).await?;
        trail::record(tx, actor, Act::new("activity_entry.dismissed", entry.subject())).await?;
    }
    Ok(entry)
}

/// The confirmed lines about something, the last first.
pub async fn of_object(tx: &mut Tx, network: Id, kind: &str, id: Id) -> Result<Vec<ActivityEntry>> {
    let sql = sql!(
        "select network_id, id, day, kind, theme, means, minutes, title, notes, people, about_kind, \
            about_id, ",
        "about_label, about_url, state, proposal_key, author, created_at, version from activity_entry ",
        "where network_id = $1 and about_kind = $2 and about_id = $3 and state = 'confirmed' order by id \
            desc limit $4"
    );
    tx.all(sql, args![network, kind, id, MOST_ABOUT]).await
}
