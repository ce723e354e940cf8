//! Attendance: who is there, who is represented and by whom, who is missed. It makes the quorum of the sitting.

use kit::db::Id;
use kit::trail::{self, Act};
use kit::{Actor, Error, Result, Tx};
use serde_json::json;

use super::committee::Committee;
use super::invitee::{self, Invitee};
use super::meeting::Meeting;
use super::seat::{self, Held};
use super::sitting;

/// Attendance with its French labels and tones.
pub const ATTENDANCE: [(&str, &str, &str); 4] = [
    ("present", "Présent·e", "ok"),
    ("represented", "Représenté·e", "info"),
    ("excused", "Excusé·e", "warn"),
    ("absent", "Absent·e", "bad"),
];

/// The French label of an attendance; « Non noté » before.
pub fn label(code: Option<&str>) -> &'static str {
    ATTENDANCE.iter().find(|(known, ..)| Some(*known) == code).map_or("Non noté", |(_, label, _)| label)
}

/// The tone of its badge.
pub fn tone(code: Option<&str>) -> &'static str {
    ATTENDANCE.iter().find(|(known, ..)| Some(*known) == code).map_or("quiet", |(.., tone)| tone)
}

pub fn is_present(one: &Invitee) -> bool {
    one.attendance.as_deref() == Some("present")
}

/// Voices that are there, of those present and of those whom they represent.
pub fn voices(all: &[Invitee]) -> i64 {
    let noted = |one: &Invitee| match one.attendance.as_deref() {
        // A voice that was given and that its owner then brought is one voice.
        Some("represented") => one.clone(),
        _ => Invitee { proxy_id: None, ..one.clone() },
    };
    let all: Vec<Invitee> = all.iter().map(noted).collect();
    invitee::voices(&all, is_present)
}

/// Whether anyone's attendance was noted.
pub fn is_noted(all: &[Invitee]) -> bool {
    all.iter().any(|one| one.attendance.is_some())
}

/// Whether someone may bear another's voice in the sitting: they are there, sit for another organisation, and bear no more
/// than the committee allows.
pub fn may_bear(committee: &Committee, all: &[Invitee], from: &Invitee, to: &Invitee) -> bool {
    let bears = |one: &&Invitee| {
        one.proxy_id == Some(to.id) && one.id != from.id && one.attendance.as_deref() == Some("represented")
    };
    from.is_voting
        && to.seat_id.is_some()
        && to.seat_id != from.seat_id
        && is_present(to)
        && i64::try_from(all.iter().filter(bears).count()).is_ok_and(|borne| borne < committee.most_proxies)
}

/// Notes who is there: a code of [`ATTENDANCE`], with who bears the voice of someone represented. Refused out of the sitting,
/// and for a voice that may not be borne so.
pub async fn note(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    id: Id,
    (code, bearer): (&str, Option<Id>),
) -> Result<Invitee> {
    sitting::check_open(meeting, actor.now)?;
    if !ATTENDANCE.iter().any(|(known, ..)| *known == code) {
        return Err(Error::refused("Dites si cette personne est là."));
    }
    let all = invitee::of_meeting(tx, actor.network_id, meeting.id).await?;
    let before = all.iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let mut after = Invitee { attendance: Some(code.to_owned()), ..before.clone() };
    if code == "represented" {
        let bearer = bearer.ok_or_else(|| Error::refused("Dites qui porte cette voix."))?;
        let bearer = all.iter().find(|one| one.id == bearer).ok_or(Error::NotFound)?;
        let committee: Committee = tx.get(actor.network_id, meeting.committee_id).await?;
        if !may_bear(&committee, &all, before, bearer) {
            return Err(Error::refused(format!("{} ne peut pas porter cette voix.", bearer.name)));
        }
        after.proxy_id = Some(bearer.id);
    }
    if after == *before {
        return Ok(after);
    }
    write(tx, actor, meeting, before, after).await
}

async fn write(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    before: &Invitee,
    mut after: Invitee,
) -> Result<Invitee> {
    tx.save(&mut after).await?;
    let told = |one: &Invitee| json!({ "attendance": label(one.attendance.as_deref()) });
    let act = Act::new("invitee.attended", after.subject()).concerning(meeting.subject());
    trail::record(tx, actor, act.before(&told(before)).after(&told(&after))).await?;
    Ok(after)
}

/// Notes whoever was not noted yet as they had answered: those who come are there, those who do not are excused, or
/// represented when whoever bears their voice comes. Answers how many that is.
pub async fn note_answers(tx: &mut Tx, actor: &Actor, meeting: &Meeting) -> Result<usize> {
    sitting::check_open(meeting, actor.now)?;
    let all = invitee::of_meeting(tx, actor.network_id, meeting.id).await?;
    let comes = |id: Id| all.iter().any(|one| one.id == id && one.answer == "yes");
    let mut count = 0;
    for before in all.iter().filter(|one| one.attendance.is_none()) {
        let code = match (before.answer.as_str(), before.proxy_id) {
            ("yes", _) => "present",
            ("no", Some(bearer)) if comes(bearer) => "represented",
            ("no", _) => "excused",
            _ => continue,
        };
        let after = Invitee { attendance: Some(code.to_owned()), ..before.clone() };
        write(tx, actor, meeting, before, after).await?;
        count += 1;
    }
    Ok(count)
}

/// Notes that someone came who was not convened: for a seat of the committee, or as a guest.
pub async fn join(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    (name, organisation): (&str, &str),
    seat: Option<&Held>,
) -> Result<Invitee> {
    sitting::check_open(meeting, actor.now)?;
    if name.trim().is_empty() {
        return Err(Error::refused("Donnez le nom de cette personne."));
    }
    let blank = Invitee::blank(meeting, actor.now);
    let new = Invitee {
        seat_id: seat.map(|held| held.seat.id),
        is_voting: seat.is_some_and(|held| held.seat.is_voting),
        rank: seat.map_or("guest", |_| "deputy").to_owned(),
        name: name.to_owned(),
        organisation: seat.map_or(organisation, |held| &held.seat.organisation).to_owned(),
        attendance: Some("present".to_owned()),
        ..blank
    }
    .in_order();
    tx.insert(std::slice::from_ref(&new)).await?;
    let act = Act::new("invitee.joined", new.subject()).concerning(meeting.subject());
    trail::record(tx, actor, act).await?;
    Ok(new)
}

/// Longest name of someone who came.
pub const MOST_NAME: usize = seat::MOST_NAME;

#[cfg(test)]
mod tests {
    use kit::db::Timestamp;

    use super::*;

    fn all() -> (Committee, Vec<Invitee>) {
        let network = Id::new(Timestamp(0));
        let committee = Committee::blank(network, Timestamp(0), "steering");
        let meeting = Meeting::blank(network, Timestamp(0), &committee);
        let one = |organisation: &str| Invitee {
            seat_id: Some(Id::new(Timestamp(0))),
            is_voting: true,
            organisation: organisation.to_owned(),
            ..Invitee::blank(&meeting, Timestamp(0))
        };
        (committee, ["Caf", "Département", "Msa"].map(one).to_vec())
    }

    fn set(all: &mut [Invitee], at: usize, code: &str) {
        all[at].attendance = Some(code.to_owned());
    }

    #[test]
    fn a_voice_is_borne_by_someone_who_is_there() {
        let (committee, mut all) = all();
        assert!(!may_bear(&committee, &all, &all[1], &all[0]), "nobody knows yet who is there");
        set(&mut all, 0, "present");
        assert!(may_bear(&committee, &all, &all[1], &all[0]));
        set(&mut all, 1, "represented");
        all[1].proxy_id = Some(all[0].id);
        assert_eq!(voices(&all), 2);
        assert!(
            !may_bear(&committee, &all, &all[2], &all[0]),
            "one voice each is what this committee allows"
        );
        set(&mut all, 0, "excused");
        assert_eq!(voices(&all), 0, "whoever bore it left");
    }

    #[test]
    fn whoever_comes_brings_the_own_voice_though_it_had_been_given() {
        let (_, mut all) = all();
        all[1].proxy_id = Some(all[0].id);
        set(&mut all, 1, "present");
        assert_eq!(voices(&all), 1);
        set(&mut all, 1, "excused");
        set(&mut all, 0, "present");
        assert_eq!(voices(&all), 1, "a voice that was not said to be represented is not counted");
    }
}
