//! Who is asked: those who sit in a committee, those whom a list holds, those whose address is typed; each once.

use std::collections::BTreeSet;

use kit::db::{Date, Id, Timestamp};
use kit::trail::Act;
use kit::{Actor, Error, Network, Result, Tx, mail, trail};
use serde_json::json;

use super::date_poll::{self, DatePoll, require_current};
use super::participant::{self, MOST_PARTICIPANTS, Participant};
use super::poll_answer::{self, PollAnswer};
use super::poll_mail::ABOUT;
use crate::features::governance::committee::Committee;
use crate::features::governance::seat::{self, Held, SeatHolder};
use crate::features::mailings::distribution_list;
use crate::features::mailings::expansion::{Member, Source};

/// Someone who holds a seat, with the organisation it belongs to.
pub struct Seated {
    pub organisation: String,
    pub holder: SeatHolder,
}

/// Those who sit in a committee on a day, titulars and deputies.
pub async fn seated(tx: &mut Tx, network: Id, committee: Id, day: Date) -> Result<Vec<Seated>> {
    let seats = seat::of_committee(tx, network, committee, day).await?;
    let there = seats.into_iter().filter(|held| held.seat.is_there(day));
    let of = |Held { seat, holders }: Held| {
        let there = holders.into_iter().filter(move |holder| holder.is_there(day));
        there
            .map(move |holder| Seated { organisation: seat.organisation.clone(), holder })
            .collect::<Vec<_>>()
    };
    Ok(there.flat_map(of).collect())
}

/// The same as people to ask.
pub fn of_committee(
    poll: &DatePoll,
    now: Timestamp,
    committee: &Committee,
    all: &[Seated],
) -> Vec<Participant> {
    let one = |one: &Seated| {
        let who = (one.holder.name.as_str(), one.organisation.as_str());
        Participant::new(poll, now, who, one.holder.email.clone(), ("committee", &committee.name))
    };
    all.iter().map(one).collect()
}

/// Those whom a list of the network holds today. What they refused of topics does not count: nothing is published here.
pub async fn of_list(
    tx: &mut Tx,
    network: &Network,
    poll: &DatePoll,
    now: Timestamp,
    list: Id,
) -> Result<Vec<Participant>> {
    let list = distribution_list::find(tx, network.id, list).await?;
    let source = Source::load(tx, network, network.today(now), None).await?;
    let source = source.with_groups(tx, network.id, &[&list.definition()]).await?;
    let one = |member: Member| {
        let (name, there) = (member.known.name(), member.known.structure);
        Participant::new(poll, now, (&name, &there), Some(member.address), ("list", &list.name))
    };
    Ok(source.expand(&[&list], None).members.into_iter().map(one).collect())
}

/// Those of a text, one a line; the directory gives the name that was not typed. What is not understood is answered apart.
pub async fn typed(
    tx: &mut Tx,
    network: &Network,
    poll: &DatePoll,
    now: Timestamp,
    text: &str,
) -> Result<(Vec<Participant>, Vec<String>)> {
    let read = mail::people(text, MOST_PARTICIPANTS);
    if read.known.is_empty() {
        return Ok((Vec::new(), read.wrong));
    }
    let source = Source::load(tx, network, network.today(now), None).await?;
    let one = |(name, email): (String, String)| {
        let known = source.find(&email);
        let name = known.map(|known| known.name()).filter(|_| name.is_empty()).unwrap_or(name);
        let there = known.map(|known| known.structure.clone()).unwrap_or_default();
        Participant::new(poll, now, (&name, &there), Some(email), ("typed", ""))
    };
    Ok((read.known.into_iter().map(one).collect(), read.wrong))
}

/// Adds people to a poll that is held; those who are asked already are not asked twice. Answers how many are new. Refused for
/// more than [`MOST_PARTICIPANTS`].
pub async fn invite(tx: &mut Tx, actor: &Actor, poll: &DatePoll, people: Vec<Participant>) -> Result<usize> {
    require_current(poll)?;
    let asked = participant::of_poll(tx, actor.network_id, poll.id).await?;
    let mut known: BTreeSet<String> = asked.iter().map(Participant::key).collect();
    let new: Vec<Participant> = people.into_iter().filter(|one| known.insert(one.key())).collect();
    if known.len() > MOST_PARTICIPANTS {
        return Err(Error::refused(format!("Un sondage interroge {MOST_PARTICIPANTS} personnes au plus.")));
    }
    if new.is_empty() {
        return Ok(0);
    }
    tx.insert(&new).await?;
    let act = Act::new("date_poll.invited", poll.subject()).after(&json!({ "people": new.len() }));
    trail::record(tx, actor, act).await?;
    poll_answer::note_all_answered(tx, actor, poll).await?;
    Ok(new.len())
}

/// Takes someone out of a poll, with what they said. Refused once the date is chosen.
pub async fn remove(tx: &mut Tx, actor: &Actor, poll: Id, id: Id) -> Result<Participant> {
    let poll = date_poll::hold(tx, actor.network_id, poll).await?;
    let one: Participant = tx.get(actor.network_id, id).await?;
    if one.poll_id != poll.id {
        return Err(Error::NotFound);
    }
    require_current(&poll)?;
    if let Some(email) = &one.email {
        mail::cancel_to(tx, actor.network_id, (ABOUT, poll.id), email, actor.now).await?;
    }
    tx.delete_in::<PollAnswer>(actor.network_id, "participant_id", &[id]).await?;
    tx.delete::<Participant>(actor.network_id, id).await?;
    let act = Act::new("poll_participant.removed", one.subject()).concerning(poll.subject());
    trail::record(tx, actor, act).await?;
    poll_answer::note_all_answered(tx, actor, &poll).await?;
    Ok(one)
}
