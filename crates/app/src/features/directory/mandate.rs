//! The mandate: one holding of a labelled post. A structure's posts are numbered; people succeed each
//! other in them, and history stays.

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Choice, Error, Result, Tx, args, sql};

use super::person::{self, Person};
use super::social_profile::SocialProfile;
pub use super::standing::{STANDINGS, Standing};
use super::structure::Structure;
use super::suspension::{self, Decided};

kit::table! {
    /// A post held, or waiting for its holder (« en cours de recrutement »).
    pub struct Mandate in "mandate": versioned {
        pub structure_id: Id,
        /// The post's number in its structure, from 1.
        pub rank: i64,
        pub person_id: Option<Id>,
        pub started_on: Option<Date>,
        pub ended_on: Option<Date>,
        pub end_reason: Option<String>,
        pub weekly_hours: Option<f64>,
        /// `to_send`, `sent`, `signed` or `refused`.
        pub charter: String,
        pub charter_signed_on: Option<Date>,
        pub info_sheet_on: Option<Date>,
        pub national_listing_on: Option<Date>,
        pub national_listing_url: Option<String>,
        pub training_on: Option<Date>,
        pub job_description_on: Option<Date>,
        pub absent_from: Option<Date>,
        pub absent_until: Option<Date>,
        pub suspended_from: Option<Date>,
        pub suspended_until: Option<Date>,
        pub suspension_reason: Option<String>,
        pub replaces_id: Option<Id>,
        pub note: Option<String>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub deleted_at: Option<Timestamp>,
    }
}

/// What a network may ask of a promeneur before calling them « actif ». Order of the national guide's
/// « premiers pas » (p. 32–35).
pub const CONDITIONS: [(&str, &str); 7] = [
    ("charter_signed", "charte signée"),
    ("info_sheet", "fiche de renseignement reçue"),
    ("profile_compliant", "profil en ligne conforme"),
    ("national_listing", "référencé sur le site national"),
    ("training_done", "formation socle suivie"),
    ("office_hours", "permanences annoncées"),
    ("job_description", "mission inscrite dans la fiche de poste"),
];

pub const CHARTER_STATES: [(&str, &str); 4] =
    [("to_send", "À envoyer"), ("sent", "Envoyée, en attente"), ("signed", "Signée"), ("refused", "Refusée")];

pub fn charter_choices() -> Vec<Choice> {
    CHARTER_STATES.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

pub fn charter_label(code: &str) -> &str {
    CHARTER_STATES.iter().find(|(known, _)| *known == code).map_or(code, |(_, label)| label)
}

impl Mandate {
    pub fn new(network: Id, now: Timestamp, structure: Id, rank: i64, person: Option<Id>) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            structure_id: structure,
            rank,
            person_id: person,
            started_on: None,
            ended_on: None,
            end_reason: None,
            weekly_hours: None,
            charter: "to_send".to_owned(),
            charter_signed_on: None,
            info_sheet_on: None,
            national_listing_on: None,
            national_listing_url: None,
            training_on: None,
            job_description_on: None,
            absent_from: None,
            absent_until: None,
            suspended_from: None,
            suspended_until: None,
            suspension_reason: None,
            replaces_id: None,
            note: None,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            version: 1,
        }
    }

    pub fn is_over(&self, today: Date) -> bool {
        self.ended_on.is_some_and(|day| day <= today)
    }

    /// Held today: begun, not over.
    pub fn is_current(&self, today: Date) -> bool {
        self.person_id.is_some() && !self.is_over(today) && self.started_on.is_none_or(|day| day <= today)
    }

    pub fn subject(&self, structure: &str) -> Subject {
        Subject::new("mandate", self.id, format!("Poste {} – {structure}", self.rank))
    }

    /// How it stands today, given what the network asks for.
    pub fn standing(
        &self,
        profiles: &[SocialProfile],
        has_hours: bool,
        conditions: &[String],
        today: Date,
    ) -> Standing {
        if let Some(day) = self.ended_on.filter(|day| *day <= today) {
            return Standing::Ended(day);
        }
        if self.person_id.is_none() {
            return Standing::Vacant;
        }
        if let Some(day) = self.started_on.filter(|day| *day > today) {
            return Standing::Upcoming(day);
        }
        let within = |from: Option<Date>, until: Option<Date>| {
            from.is_some_and(|day| day <= today) && until.is_none_or(|day| day >= today)
        };
        if within(self.suspended_from, self.suspended_until) {
            return Standing::Suspended(self.suspended_until);
        }
        if within(self.absent_from, self.absent_until) {
            return Standing::Absent(self.absent_until);
        }
        let met = |condition: &str| match condition {
            "charter_signed" => self.charter == "signed",
            "info_sheet" => self.info_sheet_on.is_some(),
            "profile_compliant" => profiles.iter().any(SocialProfile::is_compliant),
            "national_listing" => self.national_listing_on.is_some(),
            "training_done" => self.training_on.is_some(),
            "office_hours" => has_hours,
            "job_description" => self.job_description_on.is_some(),
            _ => true,
        };
        let missing: Vec<String> = conditions.iter().filter(|c| !met(c)).cloned().collect();
        if missing.is_empty() { Standing::Active } else { Standing::Incomplete(missing) }
    }
}

/// The posts of a structure that are not over, by rank.
pub async fn open_posts(tx: &mut Tx, network: Id, structure: Id, today: Date) -> Result<Vec<Mandate>> {
    let all: Vec<Mandate> = tx.all_in(network, "structure_id", &[structure]).await?;
    let mut open: Vec<Mandate> =
        all.into_iter().filter(|m| m.deleted_at.is_none() && !m.is_over(today)).collect();
    open.sort_by_key(|m| m.rank);
    Ok(open)
}

/// The lowest post number that nobody holds.
pub async fn free_rank(tx: &mut Tx, network: Id, structure: Id) -> Result<i64> {
    let sql = sql!(
        "select rank from mandate where network_id = $1 and structure_id = $2 ",
        "and ended_on is null and deleted_at is null order by rank"
    );
    let taken: Vec<(i64,)> = tx.all(sql, args![network, structure]).await?;
    Ok((1..).find(|rank| !taken.iter().any(|(known,)| known == rank)).unwrap_or(1))
}

/// Gives a post to someone, or opens it for recruitment. A second holder is refused.
pub async fn open(
    tx: &mut Tx,
    actor: &Actor,
    mandate: Mandate,
    structure: &Structure,
    cause: Option<Id>,
) -> Result<Mandate> {
    let holder = match mandate.person_id {
        Some(id) => Some(person::find(tx, actor.network_id, id).await?),
        None => None,
    };
    suspension::refuse_undecided(None, &mandate)?;
    if mandate.ended_on.is_none() {
        refuse_second_holder(tx, &mandate).await?;
    }
    tx.insert(std::slice::from_ref(&mandate)).await?;
    let act = Act::new("mandate.opened", mandate.subject(&structure.name)).after(&mandate).because(cause);
    let act = act.concerning(structure.subject());
    let act = match &holder {
        Some(person) => act.concerning(person.subject()),
        None => act,
    };
    trail::record(tx, actor, act).await?;
    super::structure::refresh(tx, actor, &[structure.id]).await?;
    Ok(mandate)
}

async fn refuse_second_holder(tx: &mut Tx, mandate: &Mandate) -> Result<()> {
    let sql = sql!(
        "select count(*) from mandate where network_id = $1 and structure_id = $2 and rank = $3 and id <> $4 ",
        "and ended_on is null and deleted_at is null"
    );
    let args = args![mandate.network_id, mandate.structure_id, mandate.rank, mandate.id];
    if tx.value::<i64>(sql, args).await? > 0 {
        return Err(Error::refused(format!(
            "Le poste n°\u{a0}{} a déjà un titulaire : enregistrez d’abord son départ, ou choisissez un autre poste.",
            mandate.rank
        )));
    }
    Ok(())
}

/// Saves a changed post; the person and the structure follow. Refused for what only a decision changes (`suspension.rs`).
pub async fn change(
    tx: &mut Tx,
    actor: &Actor,
    before: &Mandate,
    after: Mandate,
    action: &'static str,
    cause: Option<Id>,
) -> Result<Mandate> {
    suspension::refuse_undecided(Some(before), &after)?;
    write(tx, actor, before, after, (action, cause), None).await
}

/// Writes a changed post, with the decision that asks for it when there is one.
pub(super) async fn write(
    tx: &mut Tx,
    actor: &Actor,
    before: &Mandate,
    mut after: Mandate,
    (action, cause): (&'static str, Option<Id>),
    decided: Option<&Decided>,
) -> Result<Mandate> {
    if after.ended_on.is_none() && (before.ended_on.is_some() || before.rank != after.rank) {
        refuse_second_holder(tx, &after).await?;
    }
    let structure: Structure = tx.get(actor.network_id, after.structure_id).await?;
    after.updated_at = actor.now;
    tx.save(&mut after).await?;
    let mut act = Act::new(action, after.subject(&structure.name))
        .before(before)
        .after(&after)
        .because(cause)
        .concerning(structure.subject());
    for id in
        [before.person_id, after.person_id.filter(|id| before.person_id != Some(*id))].into_iter().flatten()
    {
        let person: Person = tx.get(actor.network_id, id).await?;
        act = act.concerning(person.subject());
    }
    if let Some(decided) = decided {
        act = decided.tell(act);
    }
    trail::record(tx, actor, act).await?;
    super::structure::refresh(tx, actor, &[structure.id]).await?;
    if let Some(former) = before.person_id.filter(|id| after.person_id != Some(*id)) {
        person::refresh(tx, actor, &[former]).await?;
    }
    Ok(after)
}

/// A post that is not in the trash.
pub async fn find(tx: &mut Tx, network: Id, id: Id) -> Result<Mandate> {
    let found: Mandate = tx.get(network, id).await?;
    if found.deleted_at.is_some() { Err(Error::NotFound) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn held() -> Mandate {
        let now = Timestamp(1_795_424_400_000_000);
        let mut mandate = Mandate::new(Id::new(now), now, Id::new(now), 1, Some(Id::new(now)));
        mandate.started_on = Some(day("2024-01-01"));
        mandate
    }

    fn standing(mandate: &Mandate, conditions: &[&str]) -> Standing {
        let conditions: Vec<String> = conditions.iter().map(|c| (*c).to_owned()).collect();
        mandate.standing(&[], false, &conditions, day("2026-11-23"))
    }

    #[test]
    fn active_says_which_condition_is_missing() {
        let mut mandate = held();
        mandate.charter = "signed".to_owned();
        let standing = standing(&mandate, &["charter_signed", "training_done", "office_hours"]);
        assert_eq!(standing.code(), "incomplete");
        assert_eq!(standing.missing(), "Il manque\u{a0}: formation socle suivie, permanences annoncées");
    }

    #[test]
    fn without_conditions_whoever_holds_a_post_is_active() {
        assert_eq!(standing(&held(), &[]), Standing::Active);
    }

    #[test]
    fn a_departure_to_come_does_not_end_the_post_before_its_day() {
        let mut mandate = held();
        mandate.ended_on = Some(day("2028-05-16"));
        assert_eq!(standing(&mandate, &[]), Standing::Active);
        mandate.ended_on = Some(day("2026-11-23"));
        assert_eq!(standing(&mandate, &[]).code(), "ended");
    }

    #[test]
    fn suspension_weighs_more_than_absence_and_both_end() {
        let mut mandate = held();
        mandate.absent_from = Some(day("2026-11-01"));
        mandate.absent_until = Some(day("2026-11-30"));
        assert_eq!(standing(&mandate, &[]).code(), "absent");
        mandate.suspended_from = Some(day("2026-11-20"));
        assert_eq!(standing(&mandate, &[]).code(), "suspended");
        mandate.suspended_until = Some(day("2026-11-22"));
        mandate.absent_until = Some(day("2026-11-22"));
        assert_eq!(standing(&mandate, &[]), Standing::Active);
    }

    #[test]
    fn a_post_without_holder_is_vacant_and_one_to_come_is_upcoming() {
        let mut mandate = held();
        mandate.started_on = Some(day("2027-01-01"));
        assert_eq!(standing(&mandate, &[]).code(), "upcoming");
        mandate.person_id = None;
        assert_eq!(standing(&mandate, &[]), Standing::Vacant);
    }
}
