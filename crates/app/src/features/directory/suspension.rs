//! What only a committee's decision does to a post: suspend it, lift the suspension, exclude whoever holds it (domain file, §7:
//! transitions marked †). Nothing else sets these columns, and these acts cannot be called without the decision's reference.

use kit::db::{Date, Id};
use kit::trail::{Act, Subject};
use kit::{Actor, Error, Result, Tx, args, sql};

use super::departure::{self, Departure};
use super::mandate::{self, Mandate};
use super::person::{self, Person};
use super::structure::Structure;

/// The reason for which an excluded post ended: a code of the network's exit reasons, which no form offers.
pub const EXCLUSION: &str = "exclusion";
/// What is answered to whoever excludes or suspends otherwise.
pub const ONLY_BY_DECISION: &str =
    "Seule une décision du comité suspend ou exclut\u{a0}: partez de cette décision, dans le registre.";
/// Most posts offered to choose from.
const MOST: i64 = 2_000;

/// The decision that asks for it, as the trail names it.
#[derive(Clone, Debug)]
pub struct Decided {
    subject: Subject,
    number: String,
    taken_on: Date,
}

impl Decided {
    /// Of a decision; nothing else may be its subject.
    pub fn by(subject: Subject, number: String, taken_on: Date) -> Result<Self> {
        match subject.kind {
            "decision" => Ok(Self { subject, number, taken_on }),
            other => Err(Error::bug(format!("a {other} decides nothing about a post"))),
        }
    }

    /// The line in the history of the decision too, and its number in the line.
    pub(super) fn tell(&self, mut act: Act) -> Act {
        if let Some(after) = act.after.as_object_mut() {
            after.insert("decision".to_owned(), self.number.clone().into());
        }
        act.concerning(self.subject.clone())
    }
}

/// What is decided of a post.
#[derive(Clone, Debug)]
pub enum Measure {
    /// From a day until another, or until it is lifted.
    Suspend { from: Date, until: Option<Date>, reason: String },
    /// The post is held again from that day.
    Lift { on: Date },
    /// The post ends that day; whether it stays open for someone else.
    Exclude { on: Date, opens_vacancy: bool },
}

impl Measure {
    fn day(&self) -> Date {
        match self {
            Self::Suspend { from: day, .. } | Self::Lift { on: day } | Self::Exclude { on: day, .. } => *day,
        }
    }
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Taken {
    pub mandate: Mandate,
    pub person: Person,
    pub structure: Structure,
    /// Whether the person holds no post any more, on the day it takes effect.
    pub is_gone: bool,
    /// What day it is in the network.
    pub today: Date,
}

/// Takes a measure about a post, as decided. Refused for a post that is over or that nobody holds, for a day before the
/// decision or before the arrival, and for what is so already.
pub async fn take(
    tx: &mut Tx,
    actor: &Actor,
    decided: &Decided,
    mandate: Id,
    measure: Measure,
) -> Result<Taken> {
    let today = super::facets::today(tx, actor).await?;
    let before = mandate::find(tx, actor.network_id, mandate).await?;
    let holder = check(decided, &before, &measure, today)?;
    let day = measure.day();
    let after = match measure {
        Measure::Exclude { on, opens_vacancy } => {
            exclude(tx, actor, decided, &before, (holder, on, opens_vacancy)).await?
        }
        Measure::Suspend { from, until, reason } => {
            let mut after = suspended(&before, from, until, today)?;
            after.suspension_reason = Some(reason);
            mandate::write(tx, actor, &before, after, ("mandate.suspended", None), Some(decided)).await?
        }
        Measure::Lift { on } => {
            let after = lifted(&before, on, today)?;
            mandate::write(tx, actor, &before, after, ("mandate.reinstated", None), Some(decided)).await?
        }
    };
    let held: Vec<Mandate> = tx.all_in(actor.network_id, "person_id", &[holder]).await?;
    Ok(Taken {
        person: person::find(tx, actor.network_id, holder).await?,
        structure: tx.get(actor.network_id, after.structure_id).await?,
        is_gone: held.iter().all(|one| one.deleted_at.is_some() || one.is_over(day)),
        mandate: after,
        today,
    })
}

/// What must hold of any measure; whom it is about.
fn check(decided: &Decided, before: &Mandate, measure: &Measure, today: Date) -> Result<Id> {
    let day = measure.day();
    if let Some(end) = before.ended_on.filter(|_| before.end_reason.as_deref() == Some(EXCLUSION)) {
        return Err(Error::refused(format!("L’exclusion de ce poste est déjà décidée, au {}.", end.long())));
    }
    if let Some(end) = before.ended_on.filter(|end| *end <= today) {
        return Err(Error::refused(format!("Ce poste a pris fin le {}.", end.long())));
    }
    let Some(holder) = before.person_id else {
        return Err(Error::refused("Personne n’occupe ce poste."));
    };
    if day < decided.taken_on {
        return Err(Error::refused(format!(
            "La décision est du {}\u{a0}: elle ne peut pas prendre effet avant.",
            decided.taken_on.long()
        )));
    }
    if let Some(start) = before.started_on.filter(|start| day < *start) {
        return Err(Error::refused(format!("L’arrivée dans ce poste est du {}.", start.long())));
    }
    Ok(holder)
}

/// Whether a suspension holds, or is to come.
fn is_suspended(mandate: &Mandate, today: Date) -> bool {
    mandate.suspended_from.is_some() && mandate.suspended_until.is_none_or(|until| until >= today)
}

/// The post suspended; a suspension that holds already can only be made longer.
fn suspended(before: &Mandate, from: Date, until: Option<Date>, today: Date) -> Result<Mandate> {
    if until.is_some_and(|until| until < from) {
        return Err(Error::refused("La suspension ne peut pas finir avant de commencer."));
    }
    if !is_suspended(before, today) {
        return Ok(Mandate { suspended_from: Some(from), suspended_until: until, ..before.clone() });
    }
    let (Some(since), Some(end)) = (before.suspended_from, before.suspended_until) else {
        return Err(Error::refused("Ce poste est déjà suspendu, sans terme\u{a0}: rien ne change."));
    };
    if until.is_some_and(|until| until <= end) || from > end.next() {
        return Err(Error::refused(format!(
            "Ce poste est déjà suspendu jusqu’au {}\u{a0}: une autre suspension ne peut que la prolonger.",
            end.long()
        )));
    }
    Ok(Mandate { suspended_from: Some(since.min(from)), suspended_until: until, ..before.clone() })
}

/// The post held again from `on`.
fn lifted(before: &Mandate, on: Date, today: Date) -> Result<Mandate> {
    let Some(since) = before.suspended_from.filter(|_| is_suspended(before, today)) else {
        return Err(Error::refused("Ce poste n’est pas suspendu."));
    };
    if before.suspended_until.is_some_and(|until| until < on) {
        return Err(Error::refused("La suspension prend déjà fin avant ce jour."));
    }
    if on <= since {
        // It never began.
        let mut after = before.clone();
        (after.suspended_from, after.suspended_until, after.suspension_reason) = (None, None, None);
        return Ok(after);
    }
    Ok(Mandate { suspended_until: on.0.pred_opt().map(Date), ..before.clone() })
}

/// Ends the post as a departure does. Someone may be awaited in it already: then no other vacancy opens.
async fn exclude(
    tx: &mut Tx,
    actor: &Actor,
    decided: &Decided,
    before: &Mandate,
    (holder, day, opens_vacancy): (Id, Date, bool),
) -> Result<Mandate> {
    let others: Vec<Mandate> = tx.all_in(actor.network_id, "structure_id", &[before.structure_id]).await?;
    let is_awaited = others.iter().any(|other| {
        other.id != before.id
            && other.rank == before.rank
            && other.ended_on.is_none()
            && other.deleted_at.is_none()
    });
    let departure = Departure {
        mandate_id: before.id,
        day,
        reason: Some(EXCLUSION.to_owned()),
        opens_vacancy: opens_vacancy && !is_awaited,
    };
    departure::end(tx, actor, holder, departure, Some(decided)).await
}

/// Whether a decision suspended it or ended it.
pub(super) fn is_touched(mandate: &Mandate) -> bool {
    mandate.suspended_from.is_some() || mandate.end_reason.as_deref() == Some(EXCLUSION)
}

/// Refuses whatever would suspend, exclude, or undo either without a decision.
pub(super) fn refuse_undecided(before: Option<&Mandate>, after: &Mandate) -> Result<()> {
    let excluded = |one: &Mandate| one.end_reason.as_deref() == Some(EXCLUSION);
    let of = |one: &Mandate| {
        (
            one.suspended_from,
            one.suspended_until,
            one.suspension_reason.clone(),
            excluded(one),
            one.ended_on.filter(|_| excluded(one)),
        )
    };
    if of(after) == before.map_or((None, None, None, false, None), of) {
        return Ok(());
    }
    let is_end = before.is_some_and(excluded);
    Err(Error::refused(if is_end { EXCLUDED } else { ONLY_BY_DECISION }))
}

const EXCLUDED: &str =
    "Ce poste a pris fin par une décision du comité\u{a0}: sa fin et son motif ne changent plus.";

/// A post that someone holds.
pub struct InPlace {
    pub id: Id,
    /// « Lefèvre Noé – MJC de Crest, poste n° 1 ».
    pub label: String,
}

/// The posts that are held or to be held, by the name of their holder.
pub async fn in_place(tx: &mut Tx, network: Id, today: Date) -> Result<Vec<InPlace>> {
    type Row = (Id, String, String, String, i64, Option<Date>, Option<Date>);
    let sql = sql!(
        "select m.id, p.name_key, p.last_name || ' ' || p.first_name, s.name, m.rank, m.suspended_from, ",
        "m.suspended_until from mandate m join person p on p.network_id = m.network_id and p.id = m.person_id ",
        "join structure s on s.network_id = m.network_id and s.id = m.structure_id where m.network_id = $1 ",
        "and m.deleted_at is null and (m.ended_on is null or m.ended_on > $2) limit $3"
    );
    let mut rows: Vec<Row> = tx.all(sql, args![network, today, MOST]).await?;
    rows.sort_by(|one, other| (&one.1, one.0).cmp(&(&other.1, other.0)));
    let post = |(id, _, person, structure, rank, from, until): Row| {
        let is_off = from.is_some() && until.is_none_or(|until| until >= today);
        let suspended = if is_off { " (suspendu)" } else { "" };
        InPlace { id, label: format!("{person} – {structure}, poste n°\u{a0}{rank}{suspended}") }
    };
    Ok(rows.into_iter().map(post).collect())
}

#[cfg(test)]
mod tests {
    use kit::Timestamp;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn held() -> Mandate {
        let now = Timestamp(1_795_424_400_000_000);
        Mandate::new(Id::new(now), now, Id::new(now), 1, Some(Id::new(now)))
    }

    #[test]
    fn a_suspension_that_holds_is_made_longer_and_never_shorter() {
        let today = day("2026-11-23");
        let first = suspended(&held(), day("2026-11-20"), Some(day("2026-12-31")), today).unwrap();
        let longer = suspended(&first, day("2027-01-01"), None, today).unwrap();
        assert_eq!((longer.suspended_from, longer.suspended_until), (Some(day("2026-11-20")), None));
        assert!(suspended(&longer, today, None, today).is_err(), "it has no end already");
        assert!(suspended(&first, today, Some(day("2026-12-01")), today).is_err(), "shorter");
        assert!(suspended(&first, day("2027-02-01"), None, today).is_err(), "with a hole between");
        assert!(
            suspended(&held(), today, Some(day("2026-11-22")), today).is_err(),
            "it ends before it begins"
        );
        let over = suspended(&first, day("2027-02-01"), None, day("2027-02-01")).unwrap();
        assert_eq!(over.suspended_from, Some(day("2027-02-01")), "the former one is over");
    }

    #[test]
    fn a_suspension_is_lifted_the_day_before_the_return_and_forgotten_when_it_never_began() {
        let today = day("2026-11-23");
        let off = suspended(&held(), day("2026-11-20"), None, today).unwrap();
        let back = lifted(&off, day("2026-11-25"), today).unwrap();
        assert_eq!(back.suspended_until, Some(day("2026-11-24")));
        assert_eq!(lifted(&off, day("2026-11-20"), today).unwrap().suspended_from, None);
        assert!(lifted(&back, day("2026-11-30"), today).is_err(), "it ends before");
        assert!(lifted(&held(), today, today).is_err(), "nothing to lift");
    }

    #[test]
    fn nothing_is_decided_by_what_is_no_decision() {
        let now = Timestamp(0);
        let subject = |kind| Subject::new(kind, Id::new(now), "2026-04");
        assert!(Decided::by(subject("decision"), "2026-04".to_owned(), day("2026-11-20")).is_ok());
        assert!(Decided::by(subject("import"), "2026-04".to_owned(), day("2026-11-20")).is_err());
    }

    #[test]
    fn no_other_act_changes_what_a_decision_set() {
        let free = held();
        let off = Mandate { suspended_from: Some(day("2026-11-20")), ..free.clone() };
        let out = Mandate {
            ended_on: Some(day("2026-11-20")),
            end_reason: Some(EXCLUSION.to_owned()),
            ..free.clone()
        };
        let noted = Mandate { note: Some("Vu".to_owned()), ..off.clone() };
        assert!(refuse_undecided(Some(&off), &noted).is_ok());
        assert!(refuse_undecided(Some(&free), &off).is_err(), "suspends");
        assert!(refuse_undecided(Some(&off), &free).is_err(), "lifts");
        assert!(refuse_undecided(Some(&free), &out).is_err(), "excludes");
        assert!(refuse_undecided(Some(&out), &free).is_err(), "takes back");
        let later = Mandate { ended_on: Some(day("2027-11-20")), ..out.clone() };
        assert!(refuse_undecided(Some(&out), &later).is_err(), "moves the end");
        assert!(refuse_undecided(None, &off).is_err() && refuse_undecided(None, &free).is_ok());
    }
}
