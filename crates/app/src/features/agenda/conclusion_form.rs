//! `/espace/agenda/sondages/{id}/conclure`: the date is chosen, and what becomes of it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{self, go_saying, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::conclusion::{self, Outcome};
use super::date_poll::{DatePoll, require_current};
use super::participant;
use super::policy::{Want, require};
use super::poll_answer;
use super::slot::{self, Tally};
use crate::features::governance::committee;
use crate::features::governance::meeting::{self, Meeting};

#[derive(Template)]
#[template(path = "agenda/conclusion_form.html")]
struct ConclusionPage {
    frame: Frame,
    form: Fields,
    poll: DatePoll,
    dates: Vec<Choice>,
    outcomes: Vec<Choice>,
    /// How many will hear of it.
    told: usize,
    /// « Date, fuseau Europe/Paris ».
    legend: String,
}

/// « 5 oui, 2 si besoin, 1 non, 3 n’ont pas dit ».
pub(super) fn tally_said(tally: &Tally) -> String {
    let mut parts = vec![
        format!("{} oui", tally.yes),
        format!("{} si besoin", tally.if_needed),
        format!("{} non", tally.no),
    ];
    match tally.silent {
        0 => {}
        1 => parts.push("1 n’a pas dit".to_owned()),
        n => parts.push(format!("{n} n’ont pas dit")),
    }
    parts.join(", ")
}

async fn conclusion_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<ConclusionPage> {
    let poll: DatePoll = tx.get(cx.network.id, id).await?;
    require_current(&poll)?;
    if !poll.can_conclude() {
        return Err(Error::refused("Ce sondage n’est pas encore parti."));
    }
    let slots = slot::of_poll(tx, cx.network.id, id).await?;
    let people = participant::of_poll(tx, cx.network.id, id).await?;
    let answers = poll_answer::of_poll(tx, cx.network.id, id).await?;
    let tallies = slot::tallies(&slots, &answers, people.len());
    let to_come = || slots.iter().zip(&tallies).filter(|(slot, _)| slot.starts_at > cx.now);
    let label = |(slot, tally): (&slot::PollSlot, &Tally)| {
        let best = if tally.is_best { " – la plus favorable" } else { "" };
        let label = format!("{}\u{a0}: {}{best}", slot.label(&cx.network, &poll), tally_said(tally));
        Choice::new(slot.id.to_string(), label)
    };
    let best = to_come().find(|(_, tally)| tally.is_best).map(|(slot, _)| slot.id.to_string());
    let outcomes = outcomes(cx, tx, &poll).await?;
    let form = Fields::of([
        ("date", best.unwrap_or_default()),
        ("suite", outcomes.first().map(|choice| choice.value.clone()).unwrap_or_default()),
    ]);
    Ok(ConclusionPage {
        frame: cx.frame("Choisir la date"),
        form,
        dates: to_come().map(label).collect(),
        outcomes,
        told: people.iter().filter(|one| one.email.is_some()).count(),
        legend: format!("Date, fuseau {}", cx.network.zone()),
        poll,
    })
}

/// What may become of the date: what the poll was for first.
async fn outcomes(cx: &Cx, tx: &mut Tx, poll: &DatePoll) -> Result<Vec<Choice>> {
    let mut committees = committee::visible_to(tx, cx.network.id, None, cx.today()).await?;
    committees.retain(|one| !one.is_closed());
    committees.sort_by_key(|one| Some(one.id) != poll.committee_id);
    let mut meetings = meeting::seeking(tx, cx.network.id).await?;
    meetings.sort_by_key(|one| Some(one.id) != poll.meeting_id);
    let name = |id: Id| committees.iter().find(|one| one.id == id).map_or("", |one| one.name.as_str());
    let of_meeting = |one: &Meeting| {
        let label =
            format!("La donner à la réunion «\u{a0}{}\u{a0}» ({})", one.title, name(one.committee_id));
        Choice::new(format!("reunion:{}", one.id), label)
    };
    let told = Choice::new("rien", "La dire seulement à tout le monde");
    let new = committees.iter().map(|one| {
        Choice::new(format!("comite:{}", one.id), format!("Planifier une réunion\u{a0}: {}", one.name))
    });
    let (own, others): (Vec<_>, Vec<_>) = meetings.iter().partition(|one| Some(one.id) == poll.meeting_id);
    let first: Vec<Choice> = own.into_iter().map(of_meeting).collect();
    let rest = others.into_iter().map(of_meeting);
    let new: Vec<Choice> = new.collect();
    Ok(match poll.committee_id {
        Some(_) => first.into_iter().chain(new).chain(rest).chain([told]).collect(),
        None => first.into_iter().chain([told]).chain(new).chain(rest).collect(),
    })
}

/// Reads a code of [`outcomes`].
fn outcome(code: &str) -> Option<Outcome> {
    match code.split_once(':') {
        Some(("reunion", id)) => id.parse().ok().map(Outcome::Meeting),
        Some(("comite", id)) => id.parse().ok().map(Outcome::New),
        _ => (code == "rien").then_some(Outcome::Told),
    }
}

pub async fn ask(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let mut page = conclusion_page(&cx, &mut tx, id).await?;
    if query.0.has("date") {
        page.form.set("date", query.0.get("date"));
    }
    Ok(respond::page(&page))
}

pub async fn conclude(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = conclusion_page(&cx, &mut tx, id).await?;
    let chosen = form.choice("date", &page.dates).and_then(|id| id.parse::<Id>().ok());
    if chosen.is_none() {
        form.reject("date", "Choisissez une des dates à venir.");
    }
    // Not among the choices: a meeting that had its date meanwhile says so itself.
    let outcome = outcome(form.get("suite"));
    if outcome.is_none() {
        form.reject("suite", "Dites ce que devient la date.");
    }
    let (Some(chosen), Some(outcome)) = (chosen, outcome) else {
        page.form = form;
        return Ok(refused(&page));
    };
    let base = cx.link_base();
    let place = (&cx.app, &*cx.network, base.as_str());
    let done = conclusion::conclude(&mut tx, &cx.actor(), place, (id, chosen), outcome).await;
    let (poll, meeting, count) = match done {
        Err(Error::Refused(why)) => {
            form.reject("suite", why);
            page.form = form;
            return Ok(refused(&page));
        }
        done => done?,
    };
    tx.commit().await?;
    let said = match count {
        0 => "Date choisie.".to_owned(),
        1 => "Date choisie\u{a0}: 1 personne en est avertie.".to_owned(),
        n => format!("Date choisie\u{a0}: {n} personnes en sont averties."),
    };
    Ok(go_saying(&meeting.map_or_else(|| poll.url(), |meeting| meeting.url()), &said))
}
