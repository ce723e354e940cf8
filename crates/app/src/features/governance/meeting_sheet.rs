//! `/espace/gouvernance/reunions/{id}`: a meeting, its agenda, who answered what, and whether the quorum is there.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::agenda_item::{self, AgendaItem};
use super::carry_over;
use super::committee::Committee;
use super::committee_sheet::require_readable;
use super::consequence::{self, Origin};
use super::convocation;
use super::invitee::{self, ANSWERS, Invitee, Said};
use super::late_invitee;
use super::meeting::{self, Meeting};
use super::meeting_form::scopes;
use super::meeting_series::{self, Around};
use super::meeting_trash;
use super::policy::{Want, may, require};
use super::sitting;
use crate::features::{self, DateSought};

/// Longest reason of a cancellation, in characters.
const MOST_REASON: usize = 500;

struct Row {
    invitee: Invitee,
    /// Who bears their voice.
    proxy: String,
}

/// How many said what, and how many voices that is.
struct Count {
    yes: usize,
    maybe: usize,
    no: usize,
    silent: usize,
    voices: i64,
}

#[derive(Template)]
#[template(path = "governance/meeting_sheet.html")]
struct MeetingPage {
    frame: Frame,
    meeting: Meeting,
    committee: Committee,
    when: String,
    answers_by: String,
    items: Vec<AgendaItem>,
    rows: Vec<Row>,
    count: Count,
    answers: Vec<Choice>,
    /// The poll that looks for its date.
    sought: Option<DateSought>,
    /// The decisions that it follows.
    follows: Vec<Origin>,
    /// Whether it waits for one that nobody looks for yet.
    may_seek: bool,
    /// Why it cannot be convened yet.
    lacks: Option<&'static str>,
    /// The series that it is in.
    around: Option<Around>,
    /// Address and date of the meetings before and after it there.
    previous: Option<(String, String)>,
    next: Option<(String, String)>,
    scopes: Vec<Choice>,
    may_keep: bool,
    can_call_back: bool,
    /// Whether people come in or go, and how many were just added, whose convocation may be called back.
    can_change_people: bool,
    just_added: usize,
    can_throw: bool,
    can_hold: bool,
    /// Whether the secretary's screen is there, and whether there are minutes to read.
    can_sit: bool,
    /// Whether the visitor, who is not of the coordination, takes notes with it.
    can_note: bool,
    has_minutes: bool,
}

impl MeetingPage {
    /// Minutes that the agenda asks for.
    fn asked_minutes(&self) -> i64 {
        self.items.iter().filter(|item| item.is_on()).filter_map(|item| item.minutes).sum()
    }

    fn proposed(&self) -> usize {
        self.items.iter().filter(|item| !item.is_on()).count()
    }

    fn has_quorum(&self) -> bool {
        self.meeting.quorum.is_none_or(|quorum| self.count.voices >= quorum)
    }
}

/// The meeting and its committee, when the visitor may read them.
pub(super) async fn readable_meeting(cx: &Cx, tx: &mut Tx, id: Id) -> Result<(Meeting, Committee)> {
    let visitor = cx.visitor()?;
    require(visitor, Want::List)?;
    let (meeting, committee) = meeting::with_committee(tx, cx.network.id, id).await?;
    require_readable(cx, tx, committee.id).await?;
    Ok((meeting, committee))
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (meeting, committee) = readable_meeting(&cx, &mut tx, id).await?;
    let items = agenda_item::of_meeting(&mut tx, cx.network.id, id).await?;
    let invitees = invitee::of_meeting(&mut tx, cx.network.id, id).await?;
    let may_keep = may(cx.visitor()?, Want::Keep);
    // Polls are for those who steer.
    let sought = match may(cx.visitor()?, Want::ReadAll) {
        true => features::date_sought(&mut tx, cx.network.id, id).await?,
        false => None,
    };
    let asking = (cx.visitor()?, cx.today());
    let follows = consequence::behind(&mut tx, cx.network.id, asking, &[id]).await?;
    let is_open = sitting::is_open_to_notes(&meeting, cx.now);
    let can_note = match is_open && !may_keep {
        true => {
            sitting::of_meeting(&mut tx, cx.network.id, id).await?.is_some_and(|one| one.shared_at.is_some())
        }
        false => false,
    };
    let around = meeting_series::around(&mut tx, cx.network.id, &meeting).await?;
    let following = around.as_ref().map_or(0, Around::following_count);
    let neighbour = |other: &Meeting| (other.url(), other.when(&cx.network));
    let is_sought = sought.as_ref().is_some_and(|poll| poll.is_current);
    Ok(page(&MeetingPage {
        frame: cx.frame(meeting.title.clone()),
        when: meeting.when(&cx.network),
        answers_by: meeting.answers_by.map(Date::long).unwrap_or_default(),
        may_seek: may_keep && !is_sought && meeting::no_longer_seeks(&meeting).is_none(),
        sought,
        follows,
        scopes: if following > 0 { scopes(following) } else { Vec::new() },
        previous: around.as_ref().and_then(Around::previous).map(neighbour),
        next: around.as_ref().and_then(Around::next).map(neighbour),
        around,
        items,
        count: count(&invitees),
        just_added: match may_keep {
            true => late_invitee::just_added(&meeting, &invitees, cx.now).len(),
            false => 0,
        },
        can_change_people: may_keep && late_invitee::refusal(&meeting, cx.now).is_none(),
        can_throw: may_keep && meeting_trash::refusal(&meeting).is_none(),
        rows: rows(invitees),
        answers: ANSWERS.iter().map(|(code, label, _)| Choice::new(*code, *label)).collect(),
        lacks: convocation::lacks(&meeting, cx.now).filter(|_| meeting.state == "planned"),
        may_keep,
        can_call_back: may_keep && convocation::can_call_back(&meeting, cx.now),
        can_sit: may_keep && is_open,
        can_note,
        has_minutes: match meeting.state.as_str() {
            "held" | "drafting" => may_keep,
            "to_validate" | "validated" | "distributed" | "archived" => true,
            _ => false,
        },
        can_hold: may_keep && meeting.is_to_come() && meeting.starts_at.is_some_and(|at| at <= cx.now),
        meeting,
        committee,
    }))
}

fn count(all: &[Invitee]) -> Count {
    let of = |answer: &str| all.iter().filter(|one| one.answer == answer).count();
    Count {
        yes: of("yes"),
        maybe: of("maybe"),
        no: of("no"),
        silent: of("none"),
        voices: invitee::voices(all, |one| one.answer == "yes"),
    }
}

fn rows(all: Vec<Invitee>) -> Vec<Row> {
    let names: Vec<(Id, String)> = all.iter().map(|one| (one.id, one.name.clone())).collect();
    let proxy = |one: &Invitee| {
        let bearer = names.iter().find(|(id, _)| Some(*id) == one.proxy_id);
        bearer.map(|(_, name)| name.clone()).unwrap_or_default()
    };
    all.into_iter().map(|invitee| Row { proxy: proxy(&invitee), invitee }).collect()
}

pub async fn hold(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::hold(&mut tx, &cx.actor(), &cx.network, id).await?;
    let carried = carry_over::taken_up(&mut tx, cx.network.id, meeting.id).await?;
    tx.commit().await?;
    let said = match carried {
        0 => "Réunion tenue.".to_owned(),
        1 => "Réunion tenue\u{a0}: un point non traité passe à la suivante.".to_owned(),
        n => format!("Réunion tenue\u{a0}: {n} points non traités passent à la suivante."),
    };
    Ok(go_saying(&meeting.url(), &said))
}

pub async fn cancel(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let reason = form.text("motif", MOST_REASON).unwrap_or_default();
    form.check()?;
    let mut tx = cx.write().await?;
    let base = cx.link_base();
    let place = (&cx.app, &*cx.network, base.as_str());
    let before = meeting::find(&mut tx, cx.network.id, id).await?;
    let around = meeting_series::around(&mut tx, cx.network.id, &before).await?;
    let (meeting, told) = convocation::cancel(&mut tx, &cx.actor(), place, id, &reason).await?;
    let followed = match around.filter(|_| form.get("portee") == "suivantes") {
        Some(around) => {
            meeting_series::cancel_following(&mut tx, &cx.actor(), place, &around, &reason).await?
        }
        None => 0,
    };
    tx.commit().await?;
    let mut said = match told {
        0 => "Réunion annulée.".to_owned(),
        n => format!("Réunion annulée\u{a0}: {n} message{} part{}.", plural(n, "s"), plural(n, "ent")),
    };
    match followed {
        0 => {}
        1 => said.push_str(" La réunion suivante est annulée aussi."),
        n => said.push_str(&format!(" Les {n} réunions suivantes sont annulées aussi.")),
    }
    Ok(go_saying(&meeting.url(), &said))
}

fn plural(n: usize, ending: &'static str) -> &'static str {
    if n > 1 { ending } else { "" }
}

/// What someone said by telephone, noted by the coordination.
pub async fn note_answer(cx: Cx, Path((id, invitee)): Path<(Id, Id)>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    let before: Invitee = tx.get(cx.network.id, invitee).await?;
    if before.meeting_id != meeting.id {
        return Err(Error::NotFound);
    }
    let (note, proxy) = (before.answer_note.clone(), before.proxy_id);
    let said = Said { answer: form.get("reponse").to_owned(), note, proxy, by: "coordination" };
    let after = invitee::answer(&mut tx, &cx.actor(), &meeting, before, said).await?;
    tx.commit().await?;
    let said = format!("{}\u{a0}: {}.", after.name, after.answer_label().to_lowercase());
    Ok(go_saying(&meeting.url(), &said))
}
