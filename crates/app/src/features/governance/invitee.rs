//! The Invitee: someone convened to a meeting, as they were then, with what they answered and who bears their voice.

use documents::calendar;
use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, App, Error, Network, Result, Tx, args, sql};
use serde_json::json;

use super::committee::Committee;
use super::convocation;
use super::meeting::Meeting;

kit::table! {
    /// Someone who is convened.
    pub struct Invitee in "invitee": versioned {
        pub meeting_id: Id,
        /// The seat they are convened for; absent for a guest.
        pub seat_id: Option<Id>,
        pub is_voting: bool,
        /// `titular`, `deputy` or `guest`.
        pub rank: String,
        pub name: String,
        pub organisation: String,
        pub order_key: String,
        pub email: Option<String>,
        /// A code of [`ANSWERS`].
        pub answer: String,
        pub answer_note: Option<String>,
        pub answered_at: Option<Timestamp>,
        /// `link`, `calendar` or `coordination`.
        pub answered_by: Option<String>,
        /// The invitee who bears their voice.
        pub proxy_id: Option<Id>,
        /// `present`, `excused`, `absent` or `represented`; absent before the meeting.
        pub attendance: Option<String>,
        pub reminders: i64,
        pub next_reminder_at: Option<Timestamp>,
        pub created_at: Timestamp,
        /// The name of who was convened before, and whose place they take.
        pub replaces: Option<String>,
    }
}

/// Answers with their French labels and tones.
pub const ANSWERS: [(&str, &str, &str); 4] = [
    ("none", "Sans réponse", "quiet"),
    ("yes", "Sera là", "ok"),
    ("maybe", "Peut-être", "warn"),
    ("no", "Ne sera pas là", "bad"),
];

/// Longest word that goes with an answer, in characters.
pub const MOST_NOTE: usize = 1_000;
/// What links to one's answer are signed for.
const PURPOSE: &str = "meeting answer";

impl Invitee {
    pub fn blank(meeting: &Meeting, now: Timestamp) -> Self {
        Self {
            network_id: meeting.network_id,
            id: Id::new(now),
            meeting_id: meeting.id,
            seat_id: None,
            is_voting: false,
            rank: "guest".to_owned(),
            name: String::new(),
            organisation: String::new(),
            order_key: String::new(),
            email: None,
            answer: "none".to_owned(),
            answer_note: None,
            answered_at: None,
            answered_by: None,
            proxy_id: None,
            attendance: None,
            reminders: 0,
            next_reminder_at: None,
            created_at: now,
            replaces: None,
            version: 1,
        }
    }

    /// The same, with its place in lists.
    pub fn in_order(mut self) -> Self {
        let rank = match self.rank.as_str() {
            "titular" => 0,
            "deputy" => 1,
            _ => 2,
        };
        let (guest, consultative) = (u8::from(self.seat_id.is_none()), u8::from(!self.is_voting));
        let (organisation, name) = (kit::text::fold(&self.organisation), kit::text::fold(&self.name));
        self.order_key = format!("{guest}{consultative}{organisation}/{rank}{name}");
        self
    }

    pub fn answer_label(&self) -> &'static str {
        ANSWERS.iter().find(|(code, ..)| *code == self.answer).map_or("", |(_, label, _)| label)
    }

    pub fn tone(&self) -> &'static str {
        ANSWERS.iter().find(|(code, ..)| *code == self.answer).map_or("quiet", |(.., tone)| tone)
    }

    pub fn rank_label(&self) -> &'static str {
        match self.rank.as_str() {
            "titular" => "Titulaire",
            "deputy" => "Suppléant·e",
            _ => "Invité·e",
        }
    }

    pub fn subject(&self) -> Subject {
        Subject::new("invitee", self.id, &self.name)
    }
}

/// The link by which someone answers, without an account.
pub fn token(app: &App, network: Id, invitee: Id) -> String {
    app.secret.token(PURPOSE, network, invitee)
}

/// Who answers by a link; [`Error::Gone`] for any other, without saying why.
pub async fn of_token(tx: &mut Tx, app: &App, network: &Network, token: &str) -> Result<Invitee> {
    app.secret.row_of_token(tx, PURPOSE, network.id, token, Error::unknown_link).await
}

/// Everyone who is convened, seats that vote first.
pub async fn of_meeting(tx: &mut Tx, network: Id, meeting: Id) -> Result<Vec<Invitee>> {
    let sql = sql!(
        "select network_id, id, meeting_id, seat_id, is_voting, rank, name, organisation, order_key, email, answer, ",
        "answer_note, answered_at, answered_by, proxy_id, attendance, reminders, next_reminder_at, created_at, replaces, version ",
        "from invitee where network_id = $1 and meeting_id = $2 order by order_key, id limit 500"
    );
    tx.all(sql, args![network, meeting]).await
}

/// Voices that are there: each voting seat counts once, whether its titular, its deputy or a bearer of its voice comes.
pub fn voices(all: &[Invitee], comes: impl Fn(&Invitee) -> bool) -> i64 {
    let mut seats: Vec<Id> = all
        .iter()
        .filter(|one| one.is_voting)
        .filter(|one| {
            let bearer = one.proxy_id.and_then(|id| all.iter().find(|other| other.id == id));
            comes(one) || bearer.is_some_and(&comes)
        })
        .filter_map(|one| one.seat_id)
        .collect();
    seats.sort();
    seats.dedup();
    i64::try_from(seats.len()).unwrap_or(i64::MAX)
}

/// What someone says of a convocation.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// A code of [`ANSWERS`].
    pub answer: String,
    pub note: Option<String>,
    /// Who is to bear their voice, when they do not come.
    pub proxy: Option<Id>,
    /// `link`, `calendar` or `coordination`.
    pub by: &'static str,
}

/// Whether someone may bear another's voice: they sit for another organisation, do not decline, have not given their own
/// away, and bear no more than the committee allows.
pub fn may_bear(committee: &Committee, all: &[Invitee], from: &Invitee, to: &Invitee) -> bool {
    let borne = all.iter().filter(|one| one.proxy_id == Some(to.id) && one.id != from.id).count();
    from.is_voting
        && to.seat_id.is_some()
        && to.seat_id != from.seat_id
        && to.answer != "no"
        && to.proxy_id.is_none()
        && i64::try_from(borne).is_ok_and(|borne| borne < committee.most_proxies)
}

/// Notes an answer; the last one counts. Refused once the meeting is over or cancelled, and for a voice that may not be
/// given so. Whoever declines bears nobody's voice any more.
pub async fn answer(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    before: Invitee,
    said: Said,
) -> Result<Invitee> {
    if meeting.state != "convened" {
        return Err(Error::refused("Cette réunion n’attend plus de réponse."));
    }
    if !ANSWERS.iter().any(|(code, ..)| *code == said.answer) {
        return Err(Error::refused("Dites si vous serez là."));
    }
    let committee: Committee = tx.get(actor.network_id, meeting.committee_id).await?;
    let all = of_meeting(tx, actor.network_id, meeting.id).await?;
    let proxy = said.proxy.filter(|_| said.answer == "no");
    if let Some(id) = proxy {
        let bearer = all.iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
        if !may_bear(&committee, &all, &before, bearer) {
            return Err(Error::refused(format!("{} ne peut pas porter votre voix.", bearer.name)));
        }
        // Two who give theirs to the same bearer at once: one of them sees what the other did.
        tx.save(&mut bearer.clone()).await?;
    }
    let is_answered = said.answer != "none";
    let mut after = Invitee {
        answer: said.answer,
        answer_note: said.note,
        answered_at: is_answered.then_some(actor.now),
        answered_by: is_answered.then(|| said.by.to_owned()),
        proxy_id: proxy,
        next_reminder_at: match is_answered {
            true => None,
            false => convocation::first_reminder(meeting, &before, actor.now),
        },
        ..before.clone()
    };
    tx.save(&mut after).await?;
    if after.answer == "no" || after.proxy_id.is_some() {
        for mut one in all.iter().filter(|one| one.proxy_id == Some(after.id)).cloned() {
            one.proxy_id = None;
            tx.save(&mut one).await?;
            let act = Act::new("invitee.proxy_released", one.subject()).concerning(meeting.subject());
            trail::record(tx, actor, act).await?;
        }
    }
    let bearer = |one: &Invitee| {
        all.iter().find(|other| Some(other.id) == one.proxy_id).map(|other| other.name.clone())
    };
    let told = |one: &Invitee| json!({ "answer": one.answer_label(), "answer_note": one.answer_note, "proxy": bearer(one) });
    let act = Act::new("invitee.answered", after.subject()).concerning(meeting.subject());
    trail::record(tx, actor, act.before(&told(&before)).after(&told(&after))).await?;
    Ok(after)
}

/// Takes over what someone's calendar sent back for the meeting of `uid`. `None` when it is none of ours, when its sender is
/// not the one who is convened, when it answers an invitation that has changed since, or came before another answer.
pub async fn answer_of_calendar(
    tx: &mut Tx,
    network: &Network,
    now: Timestamp,
    reply: &calendar::Reply,
) -> Result<Option<Invitee>> {
    let id: Option<Id> = reply.uid.split('@').next().and_then(|id| id.parse().ok());
    let Some(id) = id else { return Ok(None) };
    let meeting: Meeting = match tx.get(network.id, id).await {
        Err(Error::NotFound) => return Ok(None),
        found => found?,
    };
    if meeting.state != "convened" || reply.sequence != meeting.sequence {
        return Ok(None);
    }
    let all = of_meeting(tx, network.id, id).await?;
    let mut with_address = all.iter().filter(|one| one.email.as_deref() == Some(reply.email.as_str()));
    // An address that two of them share says nothing of which one answers.
    let (Some(one), None) = (with_address.next(), with_address.next()) else { return Ok(None) };
    let answered_later =
        one.answered_at.is_some_and(|at| reply.stamped > 0 && at.0 / 1_000_000 > reply.stamped);
    let word: String = kit::text::tidy(&reply.comment).chars().take(MOST_NOTE).collect();
    if answered_later || !kit::nominative::seen_in(&word).is_empty() {
        return Ok(None);
    }
    let answer = match reply.answer {
        calendar::Answer::Yes => "yes",
        calendar::Answer::Maybe => "maybe",
        calendar::Answer::No | calendar::Answer::None => "no",
    };
    let committee: Committee = tx.get(network.id, meeting.committee_id).await?;
    let bears = |id: &Id| all.iter().any(|other| other.id == *id && may_bear(&committee, &all, one, other));
    let said = Said {
        answer: answer.to_owned(),
        note: Some(word).filter(|word| !word.is_empty()).or_else(|| one.answer_note.clone()),
        proxy: one.proxy_id.filter(bears),
        by: "calendar",
    };
    let actor = Actor::program(network.id, &one.name, now);
    match self::answer(tx, &actor, &meeting, one.clone(), said).await {
        // What cannot be noted by itself stays a message like others.
        Err(Error::Refused(_)) => Ok(None),
        noted => noted.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network() -> Id {
        Id::new(Timestamp(0))
    }

    fn three() -> (Committee, Vec<Invitee>) {
        let network = network();
        let committee = Committee::blank(network, Timestamp(0), "steering");
        let meeting = Meeting::blank(network, Timestamp(0), &committee);
        let one = |organisation: &str, voting: bool| Invitee {
            seat_id: Some(Id::new(Timestamp(0))),
            is_voting: voting,
            rank: "titular".to_owned(),
            organisation: organisation.to_owned(),
            ..Invitee::blank(&meeting, Timestamp(0))
        };
        let mut all = vec![one("Caf", true), one("Département", true), one("Mda", false)];
        let deputy = Invitee { rank: "deputy".to_owned(), id: Id::new(Timestamp(0)), ..all[0].clone() };
        all.push(deputy);
        (committee, all)
    }

    #[test]
    fn a_seat_has_one_voice_whoever_bears_it() {
        let (_, mut all) = three();
        let comes = |one: &Invitee| one.answer == "yes";
        assert_eq!(voices(&all, comes), 0);
        all[0].answer = "yes".to_owned();
        all[3].answer = "yes".to_owned();
        all[2].answer = "yes".to_owned();
        assert_eq!(voices(&all, comes), 1, "titular and deputy are one voice, a consultative one is none");
        all[1].proxy_id = Some(all[0].id);
        assert_eq!(voices(&all, comes), 2);
        all[0].answer = "no".to_owned();
        all[3].answer = "no".to_owned();
        assert_eq!(voices(&all, comes), 0, "who does not come bears no voice");
    }

    #[test]
    fn a_voice_goes_to_someone_of_another_seat_who_comes_and_has_room_for_it() {
        let (committee, mut all) = three();
        let may = |all: &[Invitee], from: usize, to: usize| may_bear(&committee, all, &all[from], &all[to]);
        assert!(may(&all, 1, 0));
        assert!(!may(&all, 0, 3), "titular and deputy sit on one seat");
        assert!(!may(&all, 2, 0), "a consultative seat has no voice to give");
        let other =
            Invitee { seat_id: Some(Id::new(Timestamp(0))), id: Id::new(Timestamp(0)), ..all[1].clone() };
        all.push(Invitee { proxy_id: Some(all[0].id), ..other });
        assert!(!may(&all, 1, 0), "one voice each is what this committee allows");
        assert!(!may(&all, 0, 4), "who gave their own away bears none");
    }
}
