//! What a decision led to: a post suspended, a letter, a meeting, a poll, each tied to it in the transaction that made it, so
//! that the chain is read both ways. Tasks that carry a decision out say themselves that they are about it: they are found
//! there and nowhere else.

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act};
use kit::{Actor, Error, Result, Role, Tx, Visitor, args, sql};

use super::committee;
use super::decision::Decision;
use super::policy::{Want, may};

kit::table! {
    /// Something that a decision led to.
    pub struct Consequence in "decision_consequence" {
        pub decision_id: Id,
        /// « 2026-04 », of the decision.
        pub number: String,
        pub committee_id: Id,
        /// A code of [`KINDS`].
        pub kind: String,
        pub object_id: Id,
        pub label: String,
        pub url: String,
        pub starts_on: Option<Date>,
        pub ends_on: Option<Date>,
        pub reason: Option<String>,
        pub created_at: Timestamp,
    }
}

/// Kinds, as the decision names them, and as what they are about names the decision.
pub const KINDS: [(&str, &str, &str); 6] = [
    ("suspension", "Suspension", "Suspendu·e par la décision"),
    ("lifting", "Suspension levée", "Suspension levée par la décision"),
    ("exclusion", "Exclusion", "Exclu·e par la décision"),
    ("mailing", "Lettre", "Suite de la décision"),
    ("meeting", "Réunion", "Suite de la décision"),
    ("date_poll", "Sondage de dates", "Suite de la décision"),
];
/// What is said of a letter that is there no more.
pub const GONE: &str = "Effacée";
/// Most that is read of one decision, or about one thing.
const MOST: i64 = 200;

/// What is to be tied to a decision.
pub struct Tied {
    /// A code of [`KINDS`].
    pub kind: &'static str,
    pub id: Id,
    pub label: String,
    pub url: String,
}

impl Consequence {
    /// A row for what a decision leads to.
    pub fn of(decision: &Decision, tied: Tied, now: Timestamp) -> Self {
        Self {
            network_id: decision.network_id,
            id: Id::new(now),
            decision_id: decision.id,
            number: decision.number(),
            committee_id: decision.committee_id,
            kind: tied.kind.to_owned(),
            object_id: tied.id,
            label: tied.label,
            url: tied.url,
            starts_on: None,
            ends_on: None,
            reason: None,
            created_at: now,
        }
    }

    pub fn kind_label(&self) -> &'static str {
        KINDS.iter().find(|(code, ..)| *code == self.kind).map_or("", |(_, label, _)| label)
    }

    /// « Suspendu·e par la décision ».
    pub fn said(&self) -> &'static str {
        KINDS.iter().find(|(code, ..)| *code == self.kind).map_or("", |(.., said)| said)
    }

    /// Whether it is about a post.
    pub fn is_measure(&self) -> bool {
        matches!(self.kind.as_str(), "suspension" | "lifting" | "exclusion")
    }

    /// « à partir du 3 mars 2026, jusqu’au 30 juin 2026 »; empty for what has no dates.
    pub fn span(&self) -> String {
        match (self.starts_on, self.ends_on) {
            (Some(from), Some(until)) => {
                format!("à partir du {}, jusqu’au {}", from.long(), until.long())
            }
            (Some(from), None) => format!("à partir du {}", from.long()),
            _ => String::new(),
        }
    }
}

/// The decision that a form or an address names, when it names one: 404 for one of another network, refused when it was
/// abandoned.
pub async fn asked(tx: &mut Tx, network: Id, named: &str) -> Result<Option<Decision>> {
    if named.is_empty() {
        return Ok(None);
    }
    let decision: Decision = tx.get(network, named.parse().map_err(|_| Error::NotFound)?).await?;
    require_standing(&decision)?;
    Ok(Some(decision))
}

/// Refuses a decision that was abandoned.
pub fn require_standing(decision: &Decision) -> Result<()> {
    match decision.state.as_str() {
        "abandoned" => Err(Error::refused(format!(
            "La décision {} est abandonnée\u{a0}: rouvrez-la avant de lui donner une suite.",
            decision.number()
        ))),
        _ => Ok(()),
    }
}

/// Ties something to the decision that led to it. The same twice is refused.
pub async fn tie(tx: &mut Tx, actor: &Actor, decision: &Decision, tied: Tied) -> Result<Consequence> {
    keep(tx, actor, decision, Consequence::of(decision, tied, actor.now)).await
}

/// The same, of a row that is ready.
pub(super) async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    decision: &Decision,
    new: Consequence,
) -> Result<Consequence> {
    require_standing(decision)?;
    refuse_twice(tx, decision, (&new.kind, new.object_id)).await?;
    tx.insert(std::slice::from_ref(&new)).await?;
    let said = serde_json::json!({ "consequence": format!("{}\u{a0}: {}", new.kind_label(), new.label) });
    trail::record(tx, actor, Act::new("decision.followed", decision.subject()).after(&said)).await?;
    Ok(new)
}

/// Refuses a consequence that the decision has already.
pub(super) async fn refuse_twice(tx: &mut Tx, decision: &Decision, (kind, object): (&str, Id)) -> Result<()> {
    let sql = sql!(
        "select count(*) from decision_consequence where network_id = $1 and decision_id = $2 and kind = $3 ",
        "and object_id = $4"
    );
    let found: i64 = tx.value(sql, args![decision.network_id, decision.id, kind, object]).await?;
    match found {
        0 => Ok(()),
        _ => Err(Error::refused(format!("La décision {} a déjà cette suite.", decision.number()))),
    }
}

/// A consequence with what became of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Followed {
    #[sqlx(flatten)]
    pub consequence: Consequence,
    /// The state of a letter, a meeting or a poll; absent for a post, and for what was erased.
    pub state: Option<String>,
    pub thrown_at: Option<Timestamp>,
    pub ended_on: Option<Date>,
    pub suspended_from: Option<Date>,
    pub suspended_until: Option<Date>,
}

impl Followed {
    /// What became of it, with the tone of its badge. `state_of` names the states of other features.
    pub fn state(
        &self,
        today: Date,
        state_of: impl Fn(&str, &str) -> (&'static str, &'static str),
    ) -> (String, &'static str) {
        let one = &self.consequence;
        if one.is_measure() {
            let (label, tone) = self.standing(today);
            return (label, tone);
        }
        match (&self.state, self.thrown_at) {
            (None, _) => (GONE.to_owned(), "quiet"),
            (Some(_), Some(_)) => ("À la corbeille".to_owned(), "quiet"),
            (Some(code), None) => {
                let (label, tone) = state_of(&one.kind, code);
                (label.to_owned(), tone)
            }
        }
    }

    /// How the post now stands.
    fn standing(&self, today: Date) -> (String, &'static str) {
        if let Some(end) = self.ended_on {
            let ended = end <= today;
            return match ended {
                true => (format!("Fin le {}", end.short()), "quiet"),
                false => (format!("Prend fin le {}", end.short()), "warn"),
            };
        }
        match (self.suspended_from, self.suspended_until) {
            (Some(from), _) if from > today => (format!("Suspendu dès le {}", from.short()), "warn"),
            (Some(_), Some(until)) if until >= today => {
                (format!("Suspendu jusqu’au {}", until.short()), "bad")
            }
            (Some(_), None) => ("Suspendu".to_owned(), "bad"),
            _ => ("En poste".to_owned(), "ok"),
        }
    }
}

/// What a decision led to, in order. Whatever feature each thing belongs to, its state is read in the same statement: one for
/// each would be too many for a page.
pub async fn of_decision(tx: &mut Tx, network: Id, decision: Id) -> Result<Vec<Followed>> {
    let sql = sql!(
        "select c.network_id, c.id, c.decision_id, c.number, c.committee_id, c.kind, c.object_id, c.label, c.url, ",
        "c.starts_on, c.ends_on, c.reason, c.created_at, coalesce(l.state, m.state, p.state) as state, ",
        "l.deleted_at as thrown_at, h.ended_on, h.suspended_from, h.suspended_until from decision_consequence c ",
        "left join mailing l on l.network_id = c.network_id and l.id = c.object_id ",
        "left join meeting m on m.network_id = c.network_id and m.id = c.object_id ",
        "left join date_poll p on p.network_id = c.network_id and p.id = c.object_id ",
        "left join mandate h on h.network_id = c.network_id and h.id = c.object_id ",
        "where c.network_id = $1 and c.decision_id = $2 order by c.id limit $3"
    );
    tx.all(sql, args![network, decision, MOST]).await
}

/// The decision behind something, as its page says it.
#[derive(Clone, Debug)]
pub struct Origin {
    pub object_id: Id,
    /// « Suspendu·e par la décision ».
    pub said: &'static str,
    pub number: String,
    /// Where the decision is read, for who may.
    pub url: Option<String>,
    /// From when until when, for a post.
    pub span: String,
    created_at: (Timestamp, Id),
}

/// The decisions behind these things, the last first.
pub async fn behind(
    tx: &mut Tx,
    network: Id,
    (visitor, today): (&Visitor, Date),
    objects: &[Id],
) -> Result<Vec<Origin>> {
    let rows: Vec<Consequence> = tx.all_in(network, "object_id", objects).await?;
    let mut committees: Vec<Id> = rows.iter().map(|row| row.committee_id).collect();
    committees.sort_unstable();
    committees.dedup();
    let mut readable = Vec::new();
    for committee in committees {
        if reads(tx, network, (visitor, today), committee).await? {
            readable.push(committee);
        }
    }
    let origin = |row: Consequence| Origin {
        object_id: row.object_id,
        said: row.said(),
        url: readable
            .contains(&row.committee_id)
            .then(|| format!("{}/{}", super::DECISIONS, row.decision_id)),
        span: row.span(),
        number: row.number,
        created_at: (row.created_at, row.id),
    };
    let mut all: Vec<Origin> = rows.into_iter().map(origin).collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.created_at));
    Ok(all)
}

/// Whether someone reads what a committee decides.
async fn reads(tx: &mut Tx, network: Id, (visitor, today): (&Visitor, Date), committee: Id) -> Result<bool> {
    if may(visitor, Want::ReadAll) {
        return Ok(true);
    }
    let seated = may(visitor, Want::List)
        && committee::is_seated(tx, network, committee, &visitor.email, today).await?;
    Ok(may(visitor, Want::Read { seated }))
}

/// Whether someone may read a decision: whoever reads its committee, and its owner.
pub async fn may_read(
    tx: &mut Tx,
    network: Id,
    (visitor, today): (&Visitor, Date),
    decision: Id,
) -> Result<bool> {
    let decision: Decision = tx.get(network, decision).await?;
    let is_own = decision.owner_id == Some(visitor.account_id);
    Ok(is_own || reads(tx, network, (visitor, today), decision.committee_id).await?)
}

/// Whether the page of a consequence is for this visitor; the others read its label.
pub(super) fn opens(visitor: &Visitor, one: &Consequence) -> bool {
    match one.kind.as_str() {
        "mailing" => visitor.is(Role::Coordinator),
        // A meeting planned from a decision may be another committee's.
        _ => may(visitor, Want::ReadAll),
    }
}
