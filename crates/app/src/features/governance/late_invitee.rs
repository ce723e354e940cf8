//! Who comes in or goes once others are convened: a guest more, a seat given since, someone who takes another's place, an
//! address that was wrong. Seats keep their voice; whoever goes hears of it alone, and voices given to them come back.

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act};
use kit::{Actor, App, Error, Network, Result, Tx, args, mail, sql};
use serde_json::json;

use super::committee::Committee;
use super::convocation::{UNDO_SECONDS, first_reminder};
use super::invitee::{self, Invitee};
use super::meeting::{self, Meeting};
use super::meeting_mail::{ABOUT, News, Sending};
use super::seat;

/// What an act needs beside who does it: the program, the network, where links begin.
pub type Place<'a> = (&'a App, &'a Network, &'a str);

/// Why nobody comes in or goes any more, or not yet.
pub fn refusal(meeting: &Meeting, now: Timestamp) -> Option<&'static str> {
    match meeting.state.as_str() {
        "convened" if meeting.starts_at.is_some_and(|at| at > now) => None,
        "convened" => Some("La réunion a commencé\u{a0}: notez en séance qui est arrivé sans être convoqué."),
        "planned" => Some("Personne n’est encore convoqué à cette réunion\u{a0}: convoquez-la d’abord."),
        "cancelled" => Some("Cette réunion est annulée."),
        _ => Some("Cette réunion s’est tenue\u{a0}: on n’y convoque plus personne."),
    }
}

/// Why someone cannot be convened beside those who are: they are already, or their seat is represented.
pub fn clash(all: &[Invitee], new: &Invitee) -> Option<String> {
    if let Some(email) = &new.email
        && let Some(one) = all.iter().find(|one| one.email.as_ref() == Some(email))
    {
        return Some(format!("{email} est déjà l’adresse d’une personne convoquée, {}.", one.name));
    }
    let seat = new.seat_id?;
    let one = all.iter().find(|one| one.seat_id == Some(seat))?;
    Some(format!(
        "Le siège {} est déjà représenté par {}\u{a0}: remplacez cette personne, ou ajoutez l’autre comme invitée.",
        quoted(&one.organisation),
        one.name
    ))
}

/// The same for someone who comes in with others (`new`): titular and deputy of a seat may come in together.
pub fn clash_beside(there: &[Invitee], new: &[Invitee], one: &Invitee) -> Option<String> {
    clash(there, one).or_else(|| clash(new, &Invitee { seat_id: None, ..one.clone() }))
}

/// « de la Caf » is more than a program knows to say: the name as it is.
fn quoted(organisation: &str) -> String {
    format!("«\u{a0}{organisation}\u{a0}»")
}

/// The meeting, to which nobody else comes or goes until this transaction ends. Refused when it is too late ([`refusal`]).
async fn hold(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Meeting> {
    let sql = sql!("update meeting set version = version where network_id = $1 and id = $2");
    tx.run(sql, args![actor.network_id, id]).await?;
    let meeting = meeting::find(tx, actor.network_id, id).await?;
    match refusal(&meeting, actor.now) {
        Some(why) => Err(Error::refused(why)),
        None => Ok(meeting),
    }
}

async fn record(tx: &mut Tx, actor: &Actor, meeting: &Meeting, act: Act) -> Result<()> {
    trail::record(tx, actor, act.concerning(meeting.subject())).await.map(drop)
}

/// Convenes more people to a meeting; each who has an address gets the convocation after a moment in which it can be called
/// back. Answers how many messages leave. Refused for someone who is convened and for a seat that is represented ([`clash`]).
pub async fn add(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    id: Id,
    mut new: Vec<Invitee>,
) -> Result<(Meeting, usize)> {
    let mut meeting = hold(tx, actor, id).await?;
    let there = invitee::of_meeting(tx, actor.network_id, id).await?;
    for at in 0..new.len() {
        if let Some(why) = clash_beside(&there, &new[..at], &new[at]) {
            return Err(Error::refused(why));
        }
        new[at].next_reminder_at = first_reminder(&meeting, &new[at], actor.now);
    }
    tx.insert(&new).await?;
    for one in &new {
        record(tx, actor, &meeting, Act::new("invitee.added", one.subject()).after(&said(one))).await?;
    }
    if new.iter().any(|one| one.seat_id.is_some()) {
        meeting = recount(tx, actor, place.1, meeting).await?;
    }
    let sending = Sending::of(tx, place, &meeting).await?;
    let count = sending.send(tx, News::Convened, &new, actor.now.plus_seconds(UNDO_SECONDS)).await?;
    Ok((meeting, count))
}

fn said(one: &Invitee) -> serde_json::Value {
    json!({ "name": one.name, "organisation": one.organisation, "email": one.email })
}

/// Voices, and those that make the quorum, as the seats of the committee are now: one may have been given since.
async fn recount(tx: &mut Tx, actor: &Actor, network: &Network, before: Meeting) -> Result<Meeting> {
    let committee: Committee = tx.get(actor.network_id, before.committee_id).await?;
    let day = before.starts_at.map_or(network.today(actor.now), |at| network.day_of(at));
    let seats = seat::of_committee(tx, actor.network_id, committee.id, day).await?;
    let voting = seats.iter().filter(|held| held.seat.is_voting && held.seat.is_there(day)).count();
    let voting_seats = i64::try_from(voting).unwrap_or(i64::MAX);
    if voting_seats == before.voting_seats {
        return Ok(before);
    }
    let after = Meeting { voting_seats, quorum: committee.quorum_of(voting_seats), ..before.clone() };
    meeting::write(tx, actor, "meeting.changed", &before, after).await
}

/// Those added so recently that their convocation may still be called back.
pub fn just_added(meeting: &Meeting, all: &[Invitee], now: Timestamp) -> Vec<Invitee> {
    let since = now.plus_seconds(-UNDO_SECONDS);
    let is_late = |one: &&Invitee| meeting.convened_at.is_some_and(|at| one.created_at > at);
    let recent = all.iter().filter(is_late).filter(|one| one.created_at > since && one.replaces.is_none());
    recent.filter(|_| refusal(meeting, now).is_none()).cloned().collect()
}

/// Calls back the convocation of those just added, who are then not convened. Answers how many they were; refused once one of
/// them has heard of it.
pub async fn call_back(tx: &mut Tx, actor: &Actor, id: Id) -> Result<(Meeting, usize)> {
    let meeting = hold(tx, actor, id).await?;
    let all = invitee::of_meeting(tx, actor.network_id, id).await?;
    let added = just_added(&meeting, &all, actor.now);
    if added.is_empty() {
        return Err(Error::refused("Les convocations sont parties\u{a0}: retirez ces personnes une à une."));
    }
    for one in &added {
        if let Some(email) = &one.email
            && has_heard(tx, actor, &meeting, email).await?
        {
            return Err(Error::refused(format!(
                "La convocation de {} est partie\u{a0}: retirez cette personne.",
                one.name
            )));
        }
        release(tx, actor, None, &meeting, &all, one).await?;
        tx.delete::<Invitee>(actor.network_id, one.id).await?;
        record(tx, actor, &meeting, Act::new("invitee.removed", one.subject()).before(&said(one))).await?;
    }
    Ok((meeting, added.len()))
}

/// Whether anything about the meeting has left for an address. What still waits for it is called back.
async fn has_heard(tx: &mut Tx, actor: &Actor, meeting: &Meeting, email: &str) -> Result<bool> {
    let about = (ABOUT, meeting.id);
    mail::cancel_to(tx, actor.network_id, about, email, actor.now).await?;
    let all = mail::about(tx, actor.network_id, about, None, None, 5_000).await?;
    Ok(all.iter().any(|mail| mail.recipient == email && mail.state != "cancelled"))
}

/// What came of someone's going.
#[derive(Debug, Default)]
pub struct Gone {
    /// Whether they are told: who never heard of the meeting is not.
    pub is_told: bool,
    /// Whose voices they bore.
    pub mandants: Vec<String>,
    /// Who bore theirs.
    pub bearer: Option<String>,
}

impl Gone {
    /// The same in sentences, for whoever did it.
    pub fn sentences(&self, name: &str) -> String {
        let mut all = String::new();
        if self.is_told {
            all.push_str(&format!(" {name} en est averti·e."));
        }
        match self.mandants.as_slice() {
            [] => {}
            [one] => {
                all.push_str(&format!(" {one} lui avait donné pouvoir\u{a0}: sa voix n’est plus portée."))
            }
            many => all.push_str(&format!(
                " {} lui avaient donné pouvoir\u{a0}: leurs voix ne sont plus portées.",
                many.join(", ")
            )),
        }
        if let Some(bearer) = &self.bearer {
            all.push_str(&format!(" {bearer} ne porte plus la voix de {name}."));
        }
        all
    }
}

/// Gives back the voices that someone bore; with a `place`, those who gave them are told.
async fn release(
    tx: &mut Tx,
    actor: &Actor,
    place: Option<Place<'_>>,
    meeting: &Meeting,
    all: &[Invitee],
    one: &Invitee,
) -> Result<Gone> {
    let mut released: Vec<Invitee> =
        all.iter().filter(|other| other.proxy_id == Some(one.id)).cloned().collect();
    for other in &mut released {
        other.proxy_id = None;
        tx.save(other).await?;
        record(tx, actor, meeting, Act::new("invitee.proxy_lost", other.subject())).await?;
    }
    if let Some(place) = place.filter(|_| !released.is_empty()) {
        let mut sending = Sending::of(tx, place, meeting).await?;
        sending.word = format!(
            "{}, à qui vous aviez donné votre voix, n’est plus convoqué·e à cette réunion. Votre voix n’est donc plus \
             portée\u{a0}: vous pouvez la donner à une autre personne, ou venir.",
            one.name
        );
        sending.send(tx, News::Released, &released, actor.now).await?;
    }
    let bearer = all.iter().find(|other| Some(other.id) == one.proxy_id);
    Ok(Gone {
        is_told: false,
        mandants: released.into_iter().map(|other| other.name).collect(),
        bearer: bearer.map(|other| other.name.clone()),
    })
}

/// Someone convened to a meeting, who may still go. Refused once they are noted as there.
fn find(all: &[Invitee], id: Id) -> Result<&Invitee> {
    let one = all.iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    if one.attendance.is_some() {
        return Err(Error::refused(format!("La présence de {} est déjà notée en séance.", one.name)));
    }
    Ok(one)
}

/// Strikes someone out: their link no longer opens, the voices they bore come back, and they hear of it with one sentence.
async fn strike(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    (meeting, all, one): (&Meeting, &[Invitee], &Invitee),
    word: String,
) -> Result<Gone> {
    let mut gone = release(tx, actor, Some(place), meeting, all, one).await?;
    if let Some(email) = &one.email {
        gone.is_told = has_heard(tx, actor, meeting, email).await?;
    }
    if gone.is_told {
        let mut sending = Sending::of(tx, place, meeting).await?;
        sending.word = word;
        sending.send(tx, News::Removed, std::slice::from_ref(one), actor.now).await?;
    }
    tx.delete::<Invitee>(actor.network_id, one.id).await?;
    Ok(gone)
}

/// Takes someone off those convened. Refused for the last of them: the meeting is then to be cancelled.
pub async fn remove(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    (meeting, id): (Id, Id),
) -> Result<(Invitee, Gone)> {
    let meeting = hold(tx, actor, meeting).await?;
    let all = invitee::of_meeting(tx, actor.network_id, meeting.id).await?;
    let one = find(&all, id)?;
    if all.len() == 1 {
        return Err(Error::refused("C’est la dernière personne convoquée\u{a0}: annulez plutôt la réunion."));
    }
    let word = "Vous n’êtes plus convoqué·e à cette réunion. Merci de l’attention que vous lui aviez portée.";
    let gone = strike(tx, actor, place, (&meeting, &all, one), word.to_owned()).await?;
    record(tx, actor, &meeting, Act::new("invitee.removed", one.subject()).before(&said(one))).await?;
    Ok((one.clone(), gone))
}

/// Who takes someone's place.
#[derive(Clone, Debug)]
pub struct Successor {
    pub name: String,
    pub email: Option<String>,
    /// `titular` or `deputy` of the seat; whoever else stands in for it is a deputy that day.
    pub rank: String,
}

/// Convenes someone in another's place: they have the seat and its voice, and answer for themselves. Refused for an address
/// that is convened already.
pub async fn replace(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    (meeting, id): (Id, Id),
    successor: Successor,
) -> Result<(Invitee, Invitee, Gone)> {
    let meeting = hold(tx, actor, meeting).await?;
    let all = invitee::of_meeting(tx, actor.network_id, meeting.id).await?;
    let old = find(&all, id)?;
    let mut new = Invitee {
        seat_id: old.seat_id,
        is_voting: old.is_voting,
        rank: if old.seat_id.is_some() { successor.rank } else { "guest".to_owned() },
        name: successor.name,
        organisation: old.organisation.clone(),
        email: successor.email,
        replaces: Some(old.name.clone()),
        ..Invitee::blank(&meeting, actor.now)
    }
    .in_order();
    let others: Vec<Invitee> = all.iter().filter(|one| one.id != id).cloned().collect();
    if let Some(why) = clash(&others, &Invitee { seat_id: None, ..new.clone() }) {
        return Err(Error::refused(why));
    }
    new.next_reminder_at = first_reminder(&meeting, &new, actor.now);
    let word = format!(
        "{} vient à votre place\u{a0}: vous n’êtes plus convoqué·e à cette réunion. Merci de l’attention que vous lui \
         aviez portée.",
        new.name
    );
    let gone = strike(tx, actor, place, (&meeting, &all, old), word).await?;
    tx.insert(std::slice::from_ref(&new)).await?;
    let act = Act::new("invitee.replaced", old.subject()).concerning(new.subject());
    record(tx, actor, &meeting, act.before(&said(old)).after(&said(&new))).await?;
    let sending = Sending::of(tx, place, &meeting).await?;
    sending.send(tx, News::Convened, std::slice::from_ref(&new), actor.now).await?;
    Ok((old.clone(), new, gone))
}

/// Corrects the address of someone convened: the convocation leaves for the new one, with a link of its own; the link that went
/// to the wrong one no longer opens, and what waited for it is called back. What they answered stays.
pub async fn correct_address(
    tx: &mut Tx,
    actor: &Actor,
    place: Place<'_>,
    (meeting, id): (Id, Id),
    email: String,
) -> Result<Invitee> {
    let meeting = hold(tx, actor, meeting).await?;
    let all = invitee::of_meeting(tx, actor.network_id, meeting.id).await?;
    let old = find(&all, id)?;
    if old.email.as_deref() == Some(email.as_str()) {
        return Ok(old.clone());
    }
    let mut new =
        Invitee { id: Id::new(actor.now), email: Some(email), reminders: 0, version: 1, ..old.clone() };
    if let Some(why) = clash(&all, &Invitee { seat_id: None, ..new.clone() }) {
        return Err(Error::refused(why));
    }
    if new.answer == "none" {
        new.next_reminder_at = first_reminder(&meeting, &new, actor.now);
    }
    tx.insert(std::slice::from_ref(&new)).await?;
    for mut other in all.iter().filter(|other| other.proxy_id == Some(old.id)).cloned() {
        other.proxy_id = Some(new.id);
        tx.save(&mut other).await?;
    }
    if let Some(wrong) = &old.email {
        mail::cancel_to(tx, actor.network_id, (ABOUT, meeting.id), wrong, actor.now).await?;
    }
    tx.delete::<Invitee>(actor.network_id, old.id).await?;
    let act = Act::new("invitee.readdressed", old.subject()).concerning(new.subject());
    record(tx, actor, &meeting, act.before(&said(old)).after(&said(&new))).await?;
    let sending = Sending::of(tx, place, &meeting).await?;
    sending.send(tx, News::Convened, std::slice::from_ref(&new), actor.now).await?;
    Ok(new)
}

/// Someone convened to a meeting; `None` when they went already, as after a click too many. [`Error::NotFound`] for someone of
/// another meeting.
pub async fn someone(tx: &mut Tx, network: Id, meeting: &Meeting, id: Id) -> Result<Option<Invitee>> {
    match tx.all_in::<Invitee>(network, "id", &[id]).await?.pop() {
        Some(one) if one.meeting_id == meeting.id => return Ok(Some(one)),
        Some(_) => return Err(Error::NotFound),
        None => {}
    }
    let went =
        |action: &str| matches!(action, "invitee.removed" | "invitee.replaced" | "invitee.readdressed");
    let lines = trail::of_subject(tx, network, "meeting", meeting.id, None, 200).await?;
    match lines.iter().any(|line| went(&line.action) && line.subject_id == id) {
        true => Ok(None),
        false => Err(Error::NotFound),
    }
}
