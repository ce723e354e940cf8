//! The Committee: a body that steers the network, with its rules. It lasts; when it ends, its history stays.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Choice, Error, Result, Tx, args, sql};
use serde_json::{Value, json};

use super::findable;

kit::table! {
    /// A body that steers the network.
    pub struct Committee in "committee": versioned {
        /// A code of [`KINDS`].
        pub kind: String,
        pub name: String,
        pub name_key: String,
        pub purpose: Option<String>,
        pub chair: Option<String>,
        pub co_facilitator: Option<String>,
        /// Whether it selects structures, adopts the charter and excludes: the Copil in most networks, the Cotech in
        /// some (domain file, §2).
        pub decides: bool,
        /// A code of [`MODES`].
        pub decision_mode: String,
        /// In hundredths of the voting seats.
        pub quorum_percent: Option<i64>,
        /// Voices that one member may bear for others.
        pub most_proxies: i64,
        pub meetings_per_year: Option<i64>,
        pub created_at: Timestamp,
        pub closed_at: Option<Timestamp>,
        /// Whether what a meeting left untreated goes to the next one by itself.
        pub carries_over: bool,
    }
}

/// Kinds, with their French labels.
pub const KINDS: [(&str, &str); 3] = [
    ("steering", "Comité de pilotage (Copil)"),
    ("technical", "Comité technique (Cotech)"),
    ("working_group", "Groupe de travail"),
];

/// How a committee decides.
pub const MODES: [(&str, &str); 3] =
    [("consensus", "Consensus"), ("majority", "Majorité des voix"), ("two_thirds", "Deux tiers des voix")];

/// Longest name, in characters.
pub const MOST_NAME: usize = 160;

/// The kinds, to choose from.
pub fn kinds() -> Vec<Choice> {
    KINDS.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

/// The ways of deciding, to choose from.
pub fn modes() -> Vec<Choice> {
    MODES.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

impl Committee {
    /// A committee with what most of its kind have: a Copil decides and meets twice a year, a Cotech prepares and meets
    /// more often (national guide, p. 23).
    pub fn blank(network: Id, now: Timestamp, kind: &str) -> Self {
        let (name, decides, per_year) = match kind {
            "technical" => ("Comité technique", false, Some(4)),
            "working_group" => ("", false, None),
            _ => ("Comité de pilotage", true, Some(2)),
        };
        Self {
            network_id: network,
            id: Id::new(now),
            kind: KINDS
                .iter()
                .map(|(code, _)| *code)
                .find(|code| *code == kind)
                .unwrap_or("steering")
                .to_owned(),
            name: name.to_owned(),
            name_key: String::new(),
            purpose: None,
            chair: None,
            co_facilitator: None,
            decides,
            decision_mode: "consensus".to_owned(),
            quorum_percent: None,
            most_proxies: 1,
            meetings_per_year: per_year,
            created_at: now,
            closed_at: None,
            carries_over: false,
            version: 1,
        }
    }

    pub fn url(&self) -> String {
        format!("{}/{}", super::COMMITTEES, self.id)
    }

    pub fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }

    pub fn kind_label(&self) -> &'static str {
        KINDS.iter().find(|(code, _)| *code == self.kind).map_or("", |(_, label)| label)
    }

    pub fn mode_label(&self) -> &'static str {
        MODES.iter().find(|(code, _)| *code == self.decision_mode).map_or("", |(_, label)| label)
    }

    /// How many of `seats` voting seats must be there; `None` when no quorum is asked. A part of a seat is a whole one.
    pub fn quorum_of(&self, seats: i64) -> Option<i64> {
        self.quorum_percent.map(|percent| (seats * percent + 99) / 100)
    }

    /// « La moitié des voix, un pouvoir au plus par membre », as members read it.
    pub fn rules(&self) -> Vec<String> {
        let mut rules = vec![format!("Décision\u{a0}: {}", self.mode_label().to_lowercase())];
        rules.push(match self.quorum_percent {
            Some(percent) => format!("Quorum\u{a0}: {percent}\u{a0}% des voix délibératives"),
            None => "Pas de quorum".to_owned(),
        });
        rules.push(match self.most_proxies {
            0 => "Pas de pouvoir".to_owned(),
            1 => "Un pouvoir au plus par membre".to_owned(),
            n => format!("{n} pouvoirs au plus par membre"),
        });
        if let Some(n) = self.meetings_per_year {
            rules.push(format!("{n} réunion{} par an", if n > 1 { "s" } else { "" }));
        }
        rules
    }

    pub fn subject(&self) -> Subject {
        Subject::new("committee", self.id, &self.name)
    }

    fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() {
            return Err(Error::refused("Donnez un nom à ce comité."));
        }
        if self.kind_label().is_empty() || self.mode_label().is_empty() {
            return Err(Error::refused("Choisissez le type du comité et sa façon de décider."));
        }
        Ok(())
    }

    fn said(&self) -> Value {
        json!({
            "name": self.name,
            "committee_kind": self.kind_label(),
            "chair": self.chair,
            "co_facilitator": self.co_facilitator,
            "decides": self.decides,
            "decision_mode": self.mode_label(),
            "quorum_percent": self.quorum_percent,
            "most_proxies": self.most_proxies,
            "meetings_per_year": self.meetings_per_year,
            "carries_over": self.carries_over,
        })
    }
}

/// Founds a committee. Refused when it has no name.
pub async fn found(tx: &mut Tx, actor: &Actor, mut committee: Committee) -> Result<Committee> {
    committee.check()?;
    committee.name_key = kit::text::fold(&committee.name);
    tx.insert(std::slice::from_ref(&committee)).await?;
    findable::put(tx, &committee).await?;
    let act = Act::new("committee.founded", committee.subject()).after(&committee.said());
    trail::record(tx, actor, act).await?;
    Ok(committee)
}

/// Saves a committee as it is now wanted.
pub async fn save(tx: &mut Tx, actor: &Actor, before: &Committee, mut after: Committee) -> Result<Committee> {
    after.name_key = kit::text::fold(&after.name);
    if after == *before {
        return Ok(after);
    }
    write(tx, actor, "committee.changed", before, &mut after).await?;
    Ok(after)
}

/// Ends a committee; nothing when it ended already.
pub async fn close(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Committee> {
    let before: Committee = tx.get(actor.network_id, id).await?;
    if before.is_closed() {
        return Ok(before);
    }
    let mut after = Committee { closed_at: Some(actor.now), ..before.clone() };
    write(tx, actor, "committee.closed", &before, &mut after).await?;
    Ok(after)
}

/// Takes a committee up again; nothing when it never ended.
pub async fn reopen(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Committee> {
    let before: Committee = tx.get(actor.network_id, id).await?;
    if !before.is_closed() {
        return Ok(before);
    }
    let mut after = Committee { closed_at: None, ..before.clone() };
    write(tx, actor, "committee.reopened", &before, &mut after).await?;
    Ok(after)
}

async fn write(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    before: &Committee,
    after: &mut Committee,
) -> Result<()> {
    after.check()?;
    tx.save(after).await?;
    findable::put(tx, after).await?;
    let act = Act::new(action, after.subject()).before(&before.said()).after(&after.said());
    trail::record(tx, actor, act).await.map(drop)
}

/// The committee, when the network has it and it did not end.
pub async fn open(tx: &mut Tx, network: Id, id: Id) -> Result<Committee> {
    let committee: Committee = tx.get(network, id).await?;
    if committee.is_closed() {
        return Err(Error::refused("Ce comité a pris fin\u{a0}: rouvrez-le d’abord."));
    }
    Ok(committee)
}

/// Committees that whoever signs in with `email` sits in today, all when `email` is absent; those that ended last.
pub async fn visible_to(
    tx: &mut Tx,
    network: Id,
    email: Option<&str>,
    today: kit::db::Date,
) -> Result<Vec<Committee>> {
    let sql = sql!(
        "select network_id, id, kind, name, name_key, purpose, chair, co_facilitator, decides, decision_mode, ",
        "quorum_percent, most_proxies, meetings_per_year, created_at, closed_at, carries_over, version from committee ",
        "where network_id = $1 and (cast($2 as text) is null or id in (select committee_id from seat_holder ",
        "where network_id = $1 and email = $2 and (started_on is null or started_on <= $3) ",
        "and (ended_on is null or ended_on >= $3))) ",
        "order by name_key, id limit 200"
    );
    let mut all: Vec<Committee> = tx.all(sql, args![network, email, today]).await?;
    all.sort_by_key(Committee::is_closed);
    Ok(all)
}

/// Whether whoever signs in with `email` sits in a committee today.
pub async fn is_seated(
    tx: &mut Tx,
    network: Id,
    committee: Id,
    email: &str,
    today: kit::db::Date,
) -> Result<bool> {
    let sql = sql!(
        "select count(*) from seat_holder where network_id = $1 and email = $2 and committee_id = $3 ",
        "and (started_on is null or started_on <= $4) and (ended_on is null or ended_on >= $4)"
    );
    Ok(tx.value::<i64>(sql, args![network, email, committee, today]).await? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_seat_counts_as_a_whole_one() {
        let mut committee = Committee::blank(Id::new(Timestamp(0)), Timestamp(0), "steering");
        assert_eq!(committee.quorum_of(9), None);
        committee.quorum_percent = Some(50);
        assert_eq!(committee.quorum_of(9), Some(5));
        assert_eq!(committee.quorum_of(0), Some(0));
        committee.quorum_percent = Some(100);
        assert_eq!(committee.quorum_of(9), Some(9));
    }
}
