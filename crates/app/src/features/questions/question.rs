//! The Question: what someone asked the coordination, and what it answered.
//! `received → taken → waiting → answered → obsolete`, and back.

use chrono::Datelike;
use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Choice, Error, Network, Result, Tx, args, sql};
use serde_json::{Value, json};

use super::asker::Asker;
use super::{activity, findable};
use crate::features::support::{About, AboutLink};

kit::table! {
    /// Something that was asked.
    pub struct Question in "question": versioned {
        pub title: String,
        pub title_key: String,
        pub body: Option<String>,
        /// A code of [`CATEGORIES`].
        pub category: String,
        /// A code of [`CHANNELS`].
        pub channel: String,
        pub asked_on: Date,
        pub order_key: String,
        pub asker: String,
        pub asker_kind: Option<String>,
        pub asker_id: Option<Id>,
        pub asker_url: Option<String>,
        pub about_kind: Option<String>,
        pub about_id: Option<Id>,
        pub about_label: Option<String>,
        pub about_url: Option<String>,
        pub answer: Option<String>,
        pub sources: Option<String>,
        /// When the answer is to be looked at again.
        pub review_on: Option<Date>,
        pub minutes: Option<i64>,
        /// A code of [`STATES`].
        pub state: String,
        pub owner_id: Option<Id>,
        pub created_by: String,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub answered_at: Option<Timestamp>,
    }
}

/// States with their French labels and tones.
pub const STATES: [(&str, &str, &str); 5] = [
    ("received", "Reçue", "warn"),
    ("taken", "Prise en charge", "info"),
    ("waiting", "En attente d’un tiers", "info"),
    ("answered", "Répondue", "ok"),
    ("obsolete", "Obsolète", "quiet"),
];

/// What questions are about (the categories of the mission sheet); the codes are those of the journal's themes.
pub const CATEGORIES: [(&str, &str); 7] = [
    (LEGAL, "Cadre juridique"),
    ("technical", "Technique"),
    ("tools", "Maîtrise des outils et supports"),
    ("posture", "Posture, positionnement"),
    ("referral", "Orientation"),
    ("agreement", "Convention, financement"),
    ("other", "Autre"),
];

/// How questions come, with the means under which the journal counts them.
pub const CHANNELS: [(&str, &str, Option<&str>); 7] = [
    ("phone", "Téléphone", Some("phone")),
    ("mail", "Courriel", Some("email")),
    ("messaging", "Messagerie instantanée", Some("social")),
    ("meeting", "Réunion", Some("in_person")),
    ("visit", "Visite", Some("in_person")),
    ("platform", "Plateforme", None),
    ("other", "Autre", None),
];

/// Longest title, in characters.
pub const MOST_TITLE: usize = 200;
/// Longest name of who asks, in characters.
pub const MOST_NAME: usize = 160;
/// The category whose answers carry their sources and a day of review.
pub const LEGAL: &str = "legal";
/// Every key of a question that waits for an answer comes before this one.
pub(super) const ANSWERED_FROM: &str = "1";
/// Most questions that are read about one thing.
const MOST_ABOUT: i64 = 50;

/// The categories, to choose from.
pub fn categories() -> Vec<Choice> {
    CATEGORIES.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

/// The channels, to choose from.
pub fn channels() -> Vec<Choice> {
    CHANNELS.iter().map(|(code, label, _)| Choice::new(*code, *label)).collect()
}

/// A question to be added.
#[derive(Clone, Debug)]
pub struct NewQuestion {
    pub title: String,
    pub body: Option<String>,
    /// A code of [`CATEGORIES`].
    pub category: String,
    /// A code of [`CHANNELS`].
    pub channel: String,
    pub asked_on: Date,
    pub asker: Asker,
    pub about: Option<About>,
}

impl Question {
    pub(super) fn blank(network: Id, now: Timestamp, asked_on: Date) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            title: String::new(),
            title_key: String::new(),
            body: None,
            category: String::new(),
            channel: String::new(),
            asked_on,
            order_key: String::new(),
            asker: String::new(),
            asker_kind: None,
            asker_id: None,
            asker_url: None,
            about_kind: None,
            about_id: None,
            about_label: None,
            about_url: None,
            answer: None,
            sources: None,
            review_on: None,
            minutes: None,
            state: "received".to_owned(),
            owner_id: None,
            created_by: String::new(),
            created_at: now,
            updated_at: now,
            answered_at: None,
            version: 1,
        }
    }

    pub fn url(&self) -> String {
        format!("{}/{}", super::QUESTIONS, self.id)
    }

    /// Whether it still waits for an answer.
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "received" | "taken" | "waiting")
    }

    /// Whether its answer was to be looked at again by now.
    pub fn is_to_review(&self, today: Date) -> bool {
        self.state == "answered" && self.review_on.is_some_and(|day| day <= today)
    }

    pub fn state_label(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("", |(_, label, _)| label)
    }

    pub fn tone(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("quiet", |(.., tone)| tone)
    }

    pub fn category_label(&self) -> &'static str {
        CATEGORIES.iter().find(|(code, _)| *code == self.category).map_or("", |(_, label)| label)
    }

    pub fn channel_label(&self) -> &'static str {
        CHANNELS.iter().find(|(code, ..)| *code == self.channel).map_or("", |(_, label, _)| label)
    }

    pub(super) fn about(&self) -> Option<AboutLink> {
        AboutLink::of(self.about_label.as_ref(), self.about_url.as_ref())
    }

    /// The sheet of who asks, when it is known.
    pub(super) fn asker_sheet(&self) -> Option<AboutLink> {
        AboutLink::of(Some(&self.asker), self.asker_url.as_ref())
    }

    pub fn subject(&self) -> Subject {
        Subject::new("question", self.id, &self.title)
    }

    fn ask_by(&mut self, asker: Asker) {
        self.asker = asker.name;
        self.asker_kind = asker.sheet.as_ref().map(|sheet| sheet.kind.clone());
        self.asker_id = asker.sheet.as_ref().map(|sheet| sheet.id);
        self.asker_url = asker.sheet.map(|sheet| sheet.url);
    }

    /// What it lacks to be answered: a column, and what to say of it. A legal answer carries its sources and a day of
    /// review (domain file, §3.4).
    pub fn lacks(&self) -> Vec<(&'static str, &'static str)> {
        let is_legal = self.category == LEGAL;
        let mut lacks = Vec::new();
        if self.answer.is_none() {
            lacks.push(("answer", "Écrivez la réponse."));
        }
        if is_legal && self.sources.is_none() {
            lacks.push(("sources", "Une réponse juridique cite ses sources\u{a0}: texte, article, adresse."));
        }
        if is_legal && self.review_on.is_none() {
            lacks.push(("review_on", "Une réponse juridique porte une date de révision."));
        }
        lacks
    }

    fn check(&self) -> Result<()> {
        if self.title.trim().is_empty() || self.asker.trim().is_empty() {
            return Err(Error::refused("Indiquez la question, et qui la pose."));
        }
        if self.category_label().is_empty() || self.channel_label().is_empty() {
            return Err(Error::refused("Indiquez la catégorie de la question, et comment elle est arrivée."));
        }
        match self.lacks().first() {
            Some((_, why)) if self.state == "answered" => Err(Error::refused(*why)),
            _ => Ok(()),
        }
    }

    /// What the trail keeps: what the question, its answer and its notes say may have to go one day.
    fn said(&self) -> Value {
        json!({
            "title": self.title,
            "category": self.category_label(),
            "channel": self.channel_label(),
            "asked_on": self.asked_on,
            "asker": self.asker,
            "review_on": self.review_on,
            "state": self.state_label(),
            "owner_id": self.owner_id,
        })
    }

    /// Makes what follows from the other columns true.
    fn settle(&mut self, actor: &Actor) {
        self.title_key = kit::text::fold(&self.title);
        self.updated_at = actor.now;
        self.order_key = match self.is_open() {
            true => format!("0{}", self.asked_on),
            false => format!("{ANSWERED_FROM}{:08}", 99_999_999 - figures(self.asked_on)),
        };
    }
}

/// 2026-11-23 → 20261123.
fn figures(day: Date) -> i64 {
    i64::from(day.0.year()) * 10_000 + i64::from(day.0.month()) * 100 + i64::from(day.0.day())
}

/// Adds a question. Refused when it does not say what is asked, by whom and how it came.
pub async fn add(tx: &mut Tx, actor: &Actor, new: NewQuestion) -> Result<Question> {
    let mut question = Question::blank(actor.network_id, actor.now, new.asked_on);
    question.title = new.title;
    question.body = new.body;
    question.category = new.category;
    question.channel = new.channel;
    question.ask_by(new.asker);
    question.created_by.clone_from(&actor.name);
    if let Some(about) = &new.about {
        question.about_kind = Some(about.kind.to_owned());
        question.about_id = Some(about.id);
        question.about_label = Some(about.label.clone());
        question.about_url = Some(about.url.clone());
    }
    question.check()?;
    question.settle(actor);
    tx.insert(std::slice::from_ref(&question)).await?;
    findable::put(tx, &question).await?;
    // Not tied to who asks: the history of a sheet has readers for whom questions are not.
    trail::record(tx, actor, Act::new("question.added", question.subject()).after(&question.said())).await?;
    Ok(question)
}

/// Saves a question as corrected; its state stays. An answered one keeps what its answer must carry.
pub async fn save(tx: &mut Tx, actor: &Actor, before: &Question, after: Question) -> Result<Question> {
    if after == *before { Ok(after) } else { write(tx, actor, "question.changed", before, after).await }
}

async fn write(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    before: &Question,
    mut after: Question,
) -> Result<Question> {
    after.check()?;
    if after.asker != before.asker {
        let asker = Asker::found(tx, actor.network_id, &after.asker).await?;
        after.ask_by(asker);
    }
    after.settle(actor);
    tx.save(&mut after).await?;
    findable::put(tx, &after).await?;
    let act = Act::new(action, after.subject()).before(&before.said()).after(&after.said());
    trail::record(tx, actor, act).await?;
    Ok(after)
}

/// Takes care of a question; from a colleague too. Nothing when it is done already.
pub async fn take(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Question> {
    let before = open(tx, actor, id).await?;
    let owner_id = actor.account_id.or(before.owner_id);
    if before.state == "taken" && before.owner_id == owner_id {
        return Ok(before);
    }
    let after = Question { state: "taken".to_owned(), owner_id, ..before.clone() };
    write(tx, actor, "question.taken", &before, after).await
}

/// Says that someone else has to answer first. Nothing when it is said already.
pub async fn wait(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Question> {
    let before = open(tx, actor, id).await?;
    if before.state == "waiting" {
        return Ok(before);
    }
    let owner_id = before.owner_id.or(actor.account_id);
    let after = Question { state: "waiting".to_owned(), owner_id, ..before.clone() };
    write(tx, actor, "question.waiting", &before, after).await
}

/// A question that still waits for an answer; refused when it does not.
async fn open(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Question> {
    let question: Question = tx.get(actor.network_id, id).await?;
    if question.is_open() {
        return Ok(question);
    }
    Err(Error::refused("Cette question n’attend plus de réponse\u{a0}: rouvrez-la d’abord."))
}

/// Answers a question, as its form was filled in, and proposes the line that this is worth in the journal. An answer
/// that is there already is corrected.
pub async fn answer(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    before: &Question,
    mut after: Question,
) -> Result<Question> {
    match before.state.as_str() {
        "obsolete" => {
            return Err(Error::refused("Cette question est obsolète\u{a0}: rouvrez-la pour y répondre."));
        }
        "answered" => return save(tx, actor, before, after).await,
        _ => {}
    }
    "answered".clone_into(&mut after.state);
    after.answered_at = Some(actor.now);
    after.owner_id = after.owner_id.or(actor.account_id);
    let after = write(tx, actor, "question.answered", before, after).await?;
    activity::propose(tx, actor, network, &after).await?;
    Ok(after)
}

/// Puts a question back among those that wait; its answer stays, to be corrected.
pub async fn reopen(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Question> {
    let before: Question = tx.get(actor.network_id, id).await?;
    if before.is_open() {
        return Err(Error::refused("Cette question attend déjà une réponse."));
    }
    let state = if before.owner_id.is_some() { "taken" } else { "received" };
    let after = Question { state: state.to_owned(), answered_at: None, ..before.clone() };
    write(tx, actor, "question.reopened", &before, after).await
}

/// Says that a question or its answer is of no use any more. Nothing when it is said already.
pub async fn set_obsolete(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Question> {
    let before: Question = tx.get(actor.network_id, id).await?;
    if before.state == "obsolete" {
        return Ok(before);
    }
    let after = Question { state: "obsolete".to_owned(), ..before.clone() };
    write(tx, actor, "question.obsolete", &before, after).await
}

/// The questions about something, the last added first.
pub async fn of_object(tx: &mut Tx, network: Id, kind: &str, id: Id) -> Result<Vec<Question>> {
    let sql = sql!(
        "select network_id, id, title, title_key, body, category, channel, asked_on, order_key, asker, ",
        "asker_kind, asker_id, asker_url, about_kind, about_id, about_label, about_url, answer, sources, ",
        "review_on, minutes, state, owner_id, created_by, created_at, updated_at, answered_at, version ",
        "from question where network_id = $1 and about_kind = $2 and about_id = $3 order by id desc limit $4"
    );
    tx.all(sql, args![network, kind, id, MOST_ABOUT]).await
}
