//! The Objective: a line of the roadmap (« feuille de route ») that a committee gives the coordination, with what shows
//! whether it is reached, and how far it is.

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Choice, Error, Result, Tx, args, sql};
use serde_json::{Value, json};

use super::committee::{self, Committee};
use crate::features::support::task::due_key;

kit::table! {
    /// Something that a committee asks for.
    pub struct Objective in "objective": versioned {
        pub committee_id: Id,
        pub title: String,
        /// What shows whether it is reached: « nombre de structures ayant signé ».
        pub indicator: Option<String>,
        /// What is aimed at: « 12 structures ».
        pub target: Option<String>,
        pub note: Option<String>,
        /// In hundredths.
        pub progress: i64,
        pub due_on: Option<Date>,
        pub due_key: String,
        /// A code of [`STATES`].
        pub state: String,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
    }
}

/// States with their French labels and tones.
pub const STATES: [(&str, &str, &str); 3] =
    [("active", "En cours", "info"), ("reached", "Atteint", "ok"), ("abandoned", "Abandonné", "quiet")];

/// Longest title, in characters.
pub const MOST_TITLE: usize = 200;

/// The states, to choose from.
pub fn states() -> Vec<Choice> {
    STATES.iter().map(|(code, label, _)| Choice::new(*code, *label)).collect()
}

impl Objective {
    pub fn blank(network: Id, now: Timestamp, committee: Id) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            committee_id: committee,
            title: String::new(),
            indicator: None,
            target: None,
            note: None,
            progress: 0,
            due_on: None,
            due_key: due_key(None),
            state: "active".to_owned(),
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    pub fn url(&self) -> String {
        format!("{}/{}/objectifs/{}", super::COMMITTEES, self.committee_id, self.id)
    }

    pub fn is_late(&self, today: Date) -> bool {
        self.state == "active" && self.due_on.is_some_and(|day| day < today)
    }

    pub fn state_label(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("", |(_, label, _)| label)
    }

    pub fn tone(&self) -> &'static str {
        STATES.iter().find(|(code, ..)| *code == self.state).map_or("quiet", |(.., tone)| tone)
    }

    pub fn subject(&self) -> Subject {
        Subject::new("objective", self.id, &self.title)
    }

    fn check(&self) -> Result<()> {
        if self.title.trim().is_empty() || self.state_label().is_empty() {
            return Err(Error::refused("Dites en une ligne ce qui est attendu."));
        }
        if !(0..=100).contains(&self.progress) {
            return Err(Error::refused("L’avancement va de 0 à 100\u{a0}%."));
        }
        Ok(())
    }

    fn settle(&mut self, actor: &Actor) {
        self.due_key = due_key(self.due_on);
        self.updated_at = actor.now;
        if self.state == "reached" {
            self.progress = 100;
        }
    }

    fn said(&self) -> Value {
        json!({
            "title": self.title,
            "indicator": self.indicator,
            "target": self.target,
            "progress": self.progress,
            "due_on": self.due_on,
            "state": self.state_label(),
        })
    }
}

/// Sets an objective. Refused when it says nothing, or when the committee ended.
pub async fn set(tx: &mut Tx, actor: &Actor, mut objective: Objective) -> Result<Objective> {
    let committee = committee::open(tx, actor.network_id, objective.committee_id).await?;
    objective.check()?;
    objective.settle(actor);
    tx.insert(std::slice::from_ref(&objective)).await?;
    let act = Act::new("objective.set", objective.subject()).concerning(committee.subject());
    trail::record(tx, actor, act.after(&objective.said())).await?;
    Ok(objective)
}

/// Saves an objective as it is now wanted, its progress among it.
pub async fn save(tx: &mut Tx, actor: &Actor, before: &Objective, mut after: Objective) -> Result<Objective> {
    after.check()?;
    after.settle(actor);
    if (Objective { updated_at: before.updated_at, ..after.clone() }) == *before {
        return Ok(after);
    }
    tx.save(&mut after).await?;
    let committee: Committee = tx.get(actor.network_id, after.committee_id).await?;
    let act = Act::new("objective.changed", after.subject()).concerning(committee.subject());
    trail::record(tx, actor, act.before(&before.said()).after(&after.said())).await?;
    Ok(after)
}

/// The roadmap of a committee, the first due first.
pub async fn of_committee(tx: &mut Tx, network: Id, committee: Id) -> Result<Vec<Objective>> {
    let sql = sql!(
        "select network_id, id, committee_id, title, indicator, target, note, progress, due_on, due_key, state, ",
        "created_at, updated_at, version from objective where network_id = $1 and committee_id = $2 ",
        "order by due_key, id limit 200"
    );
    tx.all(sql, args![network, committee]).await
}
