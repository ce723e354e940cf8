//! The Seat: a place in a committee that belongs to an organisation, and those who hold it, one after the other: a
//! titular, and a deputy who stands in.

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Result, Tx};
use serde_json::{Value, json};

use super::committee::{self, Committee};
use crate::features::directory::contact;

kit::table! {
    /// A place of an organisation in a committee.
    pub struct Seat in "seat": versioned {
        pub committee_id: Id,
        pub organisation: String,
        /// The sheet of the organisation, when the directory has one.
        pub organisation_id: Option<Id>,
        /// Whether its voice counts (« délibérative »), or is only heard (« consultative »).
        pub is_voting: bool,
        pub started_on: Option<Date>,
        /// Its last day.
        pub ended_on: Option<Date>,
        pub created_at: Timestamp,
    }
}

kit::table! {
    /// Someone in a seat, from a day to a day.
    pub struct SeatHolder in "seat_holder": versioned {
        pub seat_id: Id,
        pub committee_id: Id,
        /// A code of [`RANKS`].
        pub rank: String,
        pub name: String,
        pub job_title: Option<String>,
        /// In lower case: whoever signs in with it sits there.
        pub email: Option<String>,
        pub started_on: Option<Date>,
        /// Their last day.
        pub ended_on: Option<Date>,
        pub created_at: Timestamp,
    }
}

/// Titular and deputy, with their French labels.
pub const RANKS: [(&str, &str); 2] = [("titular", "Titulaire"), ("deputy", "Suppléant·e")];

/// Longest name of an organisation, a person or a function, in characters.
pub const MOST_NAME: usize = 160;
/// Most seats of a committee.
const MOST_SEATS: usize = 100;

/// Whether a span of days holds a day; an absent bound is none.
fn holds(span: (Option<Date>, Option<Date>), day: Date) -> bool {
    span.0.is_none_or(|first| first <= day) && span.1.is_none_or(|last| last >= day)
}

impl Seat {
    pub fn blank(network: Id, now: Timestamp, committee: Id) -> Self {
        Self {
            network_id: network,
            id: Id::new(now),
            committee_id: committee,
            organisation: String::new(),
            organisation_id: None,
            is_voting: true,
            started_on: None,
            ended_on: None,
            created_at: now,
            version: 1,
        }
    }

    pub fn url(&self) -> String {
        format!("{}/{}/sieges/{}", super::COMMITTEES, self.committee_id, self.id)
    }

    pub fn is_over(&self, today: Date) -> bool {
        self.ended_on.is_some_and(|day| day < today)
    }

    /// Whether it exists on a day.
    pub fn is_there(&self, day: Date) -> bool {
        holds((self.started_on, self.ended_on), day)
    }

    pub fn voice_label(&self) -> &'static str {
        if self.is_voting { "Délibérative" } else { "Consultative" }
    }

    pub fn subject(&self) -> Subject {
        Subject::new("seat", self.id, &self.organisation)
    }

    fn check(&self) -> Result<()> {
        if self.organisation.trim().is_empty() {
            return Err(Error::refused("Indiquez l’organisme qui siège."));
        }
        check_span(self.started_on, self.ended_on)
    }

    fn said(&self) -> Value {
        json!({
            "organisation": self.organisation,
            "voice": self.voice_label(),
            "started_on": self.started_on,
            "ended_on": self.ended_on,
        })
    }
}

impl SeatHolder {
    pub fn blank(seat: &Seat, now: Timestamp, rank: &str) -> Self {
        Self {
            network_id: seat.network_id,
            id: Id::new(now),
            seat_id: seat.id,
            committee_id: seat.committee_id,
            rank: rank.to_owned(),
            name: String::new(),
            job_title: None,
            email: None,
            started_on: None,
            ended_on: None,
            created_at: now,
            version: 1,
        }
    }

    pub fn url(&self) -> String {
        format!("{}/{}/membres/{}", super::COMMITTEES, self.committee_id, self.id)
    }

    /// Whether they hold the seat on a day.
    pub fn is_there(&self, day: Date) -> bool {
        holds((self.started_on, self.ended_on), day)
    }

    pub fn rank_label(&self) -> &'static str {
        RANKS.iter().find(|(code, _)| *code == self.rank).map_or("", |(_, label)| label)
    }

    /// « du 12 mars 2026 au 11 mars 2029 »; empty without days.
    pub fn span(&self) -> String {
        match (self.started_on, self.ended_on) {
            (Some(first), Some(last)) => format!("du {} au {}", first.long(), last.long()),
            (Some(first), None) => format!("depuis le {}", first.long()),
            (None, Some(last)) => format!("jusqu’au {}", last.long()),
            (None, None) => String::new(),
        }
    }

    pub fn subject(&self) -> Subject {
        Subject::new("seat_holder", self.id, &self.name)
    }

    fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() || self.rank_label().is_empty() {
            return Err(Error::refused(
                "Indiquez le nom de la personne, et si elle est titulaire ou suppléante.",
            ));
        }
        check_span(self.started_on, self.ended_on)
    }

    fn said(&self) -> Value {
        json!({
            "name": self.name,
            "holder_rank": self.rank_label(),
            "job_title": self.job_title,
            "email": self.email,
            "started_on": self.started_on,
            "ended_on": self.ended_on,
        })
    }
}

fn check_span(first: Option<Date>, last: Option<Date>) -> Result<()> {
    if first.zip(last).is_some_and(|(first, last)| last < first) {
        return Err(Error::refused("Le dernier jour précède le premier."));
    }
    Ok(())
}

/// A seat with those who ever held it, the latest first.
pub struct Held {
    pub seat: Seat,
    pub holders: Vec<SeatHolder>,
}

impl Held {
    /// Who holds it in a rank on a day.
    pub fn holder(&self, rank: &str, day: Date) -> Option<&SeatHolder> {
        self.holders.iter().find(|holder| holder.rank == rank && holder.is_there(day))
    }
}

/// The seats of a committee with their holders: those that lasted first, then by name.
pub async fn of_committee(tx: &mut Tx, network: Id, committee: Id, today: Date) -> Result<Vec<Held>> {
    let mut seats: Vec<Seat> = tx.all_in(network, "committee_id", &[committee]).await?;
    let mut holders: Vec<SeatHolder> = tx.all_in(network, "committee_id", &[committee]).await?;
    seats.sort_by_cached_key(|seat| {
        (seat.is_over(today), !seat.is_voting, kit::text::fold(&seat.organisation), seat.id)
    });
    holders.sort_by_key(|holder| std::cmp::Reverse((holder.started_on, holder.id)));
    let of = |seat: &Seat| holders.iter().filter(|holder| holder.seat_id == seat.id).cloned().collect();
    Ok(seats.into_iter().map(|seat| Held { holders: of(&seat), seat }).collect())
}

/// Gives a seat in a committee, with its first holders. Refused when the committee ended or is full.
pub async fn give(tx: &mut Tx, actor: &Actor, mut seat: Seat, holders: Vec<SeatHolder>) -> Result<Seat> {
    let committee = committee::open(tx, actor.network_id, seat.committee_id).await?;
    seat.check()?;
    let others: Vec<Seat> = tx.all_in(actor.network_id, "committee_id", &[committee.id]).await?;
    if others.len() >= MOST_SEATS {
        return Err(Error::refused("Ce comité compte déjà cent sièges."));
    }
    find_organisation(tx, &mut seat).await?;
    tx.insert(std::slice::from_ref(&seat)).await?;
    record(tx, actor, &committee, Act::new("seat.given", seat.subject()).after(&seat.said()), &seat).await?;
    for holder in holders {
        seat_someone(tx, actor, &committee, &seat, holder).await?;
    }
    Ok(seat)
}

/// Saves a seat as it is now wanted. One that ends ends for those who hold it.
pub async fn save(tx: &mut Tx, actor: &Actor, before: &Seat, mut after: Seat) -> Result<Seat> {
    after.check()?;
    if after.organisation != before.organisation {
        find_organisation(tx, &mut after).await?;
    }
    if after == *before {
        return Ok(after);
    }
    tx.save(&mut after).await?;
    let committee: Committee = tx.get(actor.network_id, after.committee_id).await?;
    let act = Act::new("seat.changed", after.subject()).before(&before.said()).after(&after.said());
    record(tx, actor, &committee, act, &after).await?;
    if let Some(last) = after.ended_on.filter(|_| after.ended_on != before.ended_on) {
        let holders: Vec<SeatHolder> = tx.all_in(actor.network_id, "seat_id", &[after.id]).await?;
        for holder in holders.into_iter().filter(|holder| holder.ended_on.is_none_or(|day| day > last)) {
            let first = holder.started_on.map(|day| day.min(last));
            let ended = SeatHolder { started_on: first, ended_on: Some(last), ..holder.clone() };
            correct(tx, actor, &holder, ended).await?;
        }
    }
    Ok(after)
}

/// Who of those who ever held a seat stands in the way of someone who comes: they hold it in the same rank then, and did
/// not begin before.
pub fn in_the_way<'h>(holders: &'h [SeatHolder], new: &SeatHolder) -> Option<&'h SeatHolder> {
    let begins_later = |one: &SeatHolder| match (one.started_on, new.started_on) {
        (_, None) => true,
        (began, Some(first)) => began.is_some_and(|began| began >= first),
    };
    followed(holders, new).find(|one| begins_later(one))
}

/// Whom someone follows: those who would still be there.
fn followed<'h>(holders: &'h [SeatHolder], new: &SeatHolder) -> impl Iterator<Item = &'h SeatHolder> {
    let (rank, first) = (new.rank.clone(), new.started_on);
    let lasts = move |last: Date| first.is_none_or(|first| last >= first);
    holders.iter().filter(move |one| one.rank == rank && one.ended_on.is_none_or(lasts))
}

/// Seats someone after whoever holds the seat in this rank, who leaves the day before. Refused when that one begins on
/// the same day or later ([`in_the_way`]), and in a committee that ended.
pub async fn succeed(tx: &mut Tx, actor: &Actor, seat: &Seat, new: SeatHolder) -> Result<SeatHolder> {
    let committee = committee::open(tx, actor.network_id, seat.committee_id).await?;
    let holders: Vec<SeatHolder> = tx.all_in(actor.network_id, "seat_id", &[seat.id]).await?;
    if let Some(one) = in_the_way(&holders, &new) {
        return Err(Error::refused(format!("{} occupe déjà ce siège à cette date.", one.name)));
    }
    let last = new.started_on.map(|first| Date(first.0 - chrono::Days::new(1)));
    for one in followed(&holders, &new) {
        correct(tx, actor, one, SeatHolder { ended_on: last, ..one.clone() }).await?;
    }
    seat_someone(tx, actor, &committee, seat, new).await
}

async fn seat_someone(
    tx: &mut Tx,
    actor: &Actor,
    committee: &Committee,
    seat: &Seat,
    mut holder: SeatHolder,
) -> Result<SeatHolder> {
    holder.check()?;
    if holder.email.is_none() {
        // Known already, not to be typed again. A namesake elsewhere is somebody else: this address opens the committee.
        let mut known = contact::named(tx, actor.network_id, &holder.name).await?;
        known.retain(|one| one.organisation_id.is_some() && one.organisation_id == seat.organisation_id);
        if let [one] = known.as_slice() {
            holder.email.clone_from(&one.email);
            holder.job_title = holder.job_title.or_else(|| one.job_title.clone());
        }
    }
    tx.insert(std::slice::from_ref(&holder)).await?;
    let act = Act::new("seat_holder.seated", holder.subject()).after(&holder.said());
    record(tx, actor, committee, act, seat).await?;
    Ok(holder)
}

/// Saves what is known of someone in a seat, their last day among it.
pub async fn correct(
    tx: &mut Tx,
    actor: &Actor,
    before: &SeatHolder,
    mut after: SeatHolder,
) -> Result<SeatHolder> {
    after.check()?;
    if after == *before {
        return Ok(after);
    }
    tx.save(&mut after).await?;
    let seat: Seat = tx.get(actor.network_id, after.seat_id).await?;
    let committee: Committee = tx.get(actor.network_id, after.committee_id).await?;
    let action = match (before.ended_on, after.ended_on) {
        (None, Some(_)) => "seat_holder.left",
        _ => "seat_holder.changed",
    };
    let act = Act::new(action, after.subject()).before(&before.said()).after(&after.said());
    record(tx, actor, &committee, act, &seat).await?;
    Ok(after)
}

/// The line of a seat stands in the history of its committee and of its organisation.
async fn record(tx: &mut Tx, actor: &Actor, committee: &Committee, act: Act, seat: &Seat) -> Result<()> {
    let act = act.concerning(committee.subject());
    let act = match seat.organisation_id {
        Some(id) => act.concerning(Subject::new("organisation", id, &seat.organisation)),
        None => act,
    };
    trail::record(tx, actor, act).await.map(drop)
}

/// Ties a seat to the sheet that bears the name of its organisation, when there is one and one only.
async fn find_organisation(tx: &mut Tx, seat: &mut Seat) -> Result<()> {
    seat.organisation_id = contact::organisation_named(tx, seat.network_id, &seat.organisation).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(first: Option<&str>, last: Option<&str>) -> SeatHolder {
        let day = |day: Option<&str>| day.and_then(|day| day.parse().ok());
        let network = Id::new(Timestamp(0));
        let seat = Seat::blank(network, Timestamp(0), network);
        SeatHolder {
            started_on: day(first),
            ended_on: day(last),
            ..SeatHolder::blank(&seat, Timestamp(0), "titular")
        }
    }

    #[test]
    fn one_follows_whoever_is_there_and_never_overtakes() {
        let gone = holder(None, Some("2025-12-31"));
        let there = holder(Some("2026-01-01"), None);
        let all = [gone, there.clone()];
        let on = |day| holder(Some(day), None);
        assert_eq!(followed(&all, &on("2026-06-01")).count(), 1);
        assert!(in_the_way(&all, &on("2026-06-01")).is_none());
        assert_eq!(in_the_way(&all, &on("2026-01-01")), Some(&there));
        assert!(in_the_way(&all, &holder(None, None)).is_some(), "without a first day one was always there");
        let deputy = SeatHolder { rank: "deputy".to_owned(), ..holder(None, None) };
        assert!(in_the_way(&all, &deputy).is_none());
    }
}
