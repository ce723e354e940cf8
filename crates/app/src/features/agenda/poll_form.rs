//! `/espace/agenda/sondages/nouveau` and `…/{id}/modifier`: what a date is sought for, and the dates that are offered.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::date_poll::{self, DatePoll, MOST_EXPLANATION, MOST_TEXT, require_current};
use super::invitation::{self, Seated};
use super::opening;
use super::policy::{Want, require};
use super::slot::{self, MOST_SLOTS};
use crate::features::governance::committee::{self, Committee};
use crate::features::governance::consequence::{self, Tied};
use crate::features::governance::decision::Decision;
use crate::features::governance::meeting::{self, Meeting};
use crate::features::support::duration;

/// Empty rows beyond those that are filled.
const SPARE_ROWS: usize = 3;
/// Rows that « Ajouter des dates » adds.
const MORE_ROWS: usize = 5;

/// Whose date is sought: a committee, with who sits in it, and perhaps one of its meetings.
struct Whose {
    committee: Committee,
    meeting: Option<Meeting>,
    seated: Vec<Seated>,
}

#[derive(Template)]
#[template(path = "agenda/poll_form.html")]
struct PollForm {
    frame: Frame,
    form: Fields,
    stored: Option<DatePoll>,
    whose: Option<Whose>,
    /// Those who sit in the committee, to be ticked.
    holders: Vec<Choice>,
    /// Names and labels of the fields of the dates.
    rows: Vec<(String, String)>,
    zone: String,
    action: String,
    /// The decision that it follows.
    follows: Option<Decision>,
}

fn values(cx: &Cx, poll: &DatePoll, dates: &[Timestamp]) -> Fields {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let local =
        |at: &Timestamp| at.utc().with_timezone(&cx.network.zone()).format("%Y-%m-%dT%H:%M").to_string();
    let mut form = Fields::of([
        ("titre", poll.title.clone()),
        ("mot", text(&poll.explanation)),
        ("lieu", text(&poll.place)),
        ("visio", text(&poll.video_url)),
        ("duree", duration::say(poll.minutes).replace('\u{a0}', " ")),
        ("cloture", poll.closes_on.to_string()),
        ("visibles", if poll.shows_answers { "1".to_owned() } else { String::new() }),
        ("version", poll.version.to_string()),
    ]);
    for (at, date) in dates.iter().enumerate() {
        form.set(&date_name(at), local(date));
    }
    form
}

fn date_name(at: usize) -> String {
    format!("date-{}", at + 1)
}

/// How many rows the form shows: those it had, with room for more.
fn row_count(form: &Fields) -> usize {
    let asked: usize = form.get("lignes").parse().unwrap_or(0);
    let filled = (0..MOST_SLOTS).filter(|at| !form.get(&date_name(*at)).is_empty()).map(|at| at + 1).max();
    let more = if form.flag("plus") { MORE_ROWS } else { 0 };
    asked.max(filled.unwrap_or(0) + SPARE_ROWS).saturating_add(more).min(MOST_SLOTS)
}

fn page_of(cx: &Cx, mut form: Fields, stored: Option<DatePoll>, whose: Option<Whose>) -> PollForm {
    let rows = row_count(&form);
    form.set("lignes", rows.to_string());
    let label = |one: &Seated| {
        let address = if one.holder.email.is_some() { "" } else { ", sans adresse" };
        format!(
            "{}, {} ({}){address}",
            one.holder.name,
            one.organisation,
            one.holder.rank_label().to_lowercase()
        )
    };
    let seated = whose.as_ref().map_or(&[][..], |whose| &whose.seated);
    PollForm {
        frame: cx.frame(stored.as_ref().map_or("Chercher une date", |_| "Modifier le sondage")),
        holders: seated.iter().map(|one| Choice::new(one.holder.id.to_string(), label(one))).collect(),
        rows: (0..rows).map(|at| (date_name(at), format!("Date {}", at + 1))).collect(),
        zone: cx.network.zone().to_string(),
        action: stored
            .as_ref()
            .map_or_else(|| format!("{}/nouveau", super::POLLS), |poll| format!("{}/modifier", poll.url())),
        form,
        stored,
        whose,
        follows: None,
    }
}

/// Reads the dates of a form; those that are wrong are noted in it. What was offered before may be past.
fn read_dates(cx: &Cx, form: &mut Fields, stored: &[Timestamp]) -> Vec<Timestamp> {
    let mut dates = Vec::new();
    for at in 0..MOST_SLOTS {
        let name = date_name(at);
        let Some(date) = form.moment(&name, cx.network.zone()) else { continue };
        if date <= cx.now && !stored.contains(&date) {
            form.reject(&name, "Ce moment est passé.");
        } else if dates.contains(&date) {
            form.reject(&name, "Cette date est déjà proposée.");
        }
        dates.push(date);
    }
    if form.has(&date_name(MOST_SLOTS)) {
        form.reject(&date_name(0), format!("Un sondage propose {MOST_SLOTS} dates au plus."));
    }
    if dates.is_empty() {
        form.reject(&date_name(0), "Proposez au moins une date.");
    }
    dates
}

/// Reads a form into a poll; what is wrong is noted in it.
fn read(cx: &Cx, form: &mut Fields, mut poll: DatePoll, stored: &[Timestamp]) -> (DatePoll, Vec<Timestamp>) {
    poll.title = form.required("titre", MOST_TEXT, "Donnez un titre au sondage.");
    poll.explanation = form.lines("mot", MOST_EXPLANATION);
    poll.place = form.text("lieu", MOST_TEXT);
    poll.video_url =
        form.parse("visio", |url| match url.starts_with("https://") || url.starts_with("http://") {
            true if url.len() <= 500 => Ok(url.to_owned()),
            _ => Err("Ce lien commence par https://.".to_owned()),
        });
    match form.parse("duree", duration::read) {
        Some(minutes) => poll.minutes = minutes,
        None => form.reject("duree", "Indiquez la durée, par exemple 2h."),
    }
    poll.shows_answers = form.flag("visibles");
    let dates = read_dates(cx, form, stored);
    if poll.state != "closed" {
        match form.date("cloture") {
            Some(day) if day < cx.today() && day != poll.closes_on => {
                form.reject("cloture", "Ce jour est passé.")
            }
            Some(day) => poll.closes_on = day,
            None => form.reject("cloture", "Dites jusqu’à quand on répond."),
        }
        let last = dates.iter().max().map(|at| cx.network.day_of(*at));
        if last.is_some_and(|last| poll.closes_on > last) {
            form.reject("cloture", "Ce jour vient après la dernière des dates proposées.");
        }
    }
    (poll, dates)
}

/// Whose date a form or an address asks for, by the codes of a meeting or of a committee.
async fn whose(cx: &Cx, tx: &mut Tx, asked: &Fields) -> Result<Option<Whose>> {
    let meeting: Option<Meeting> = match asked.get("reunion").parse::<Id>() {
        Ok(id) => Some(meeting::find(tx, cx.network.id, id).await?),
        Err(_) => None,
    };
    let id =
        meeting.as_ref().map(|meeting| meeting.committee_id).or_else(|| asked.get("comite").parse().ok());
    let Some(id) = id else { return Ok(None) };
    let committee = committee::open(tx, cx.network.id, id).await?;
    let seated = invitation::seated(tx, cx.network.id, id, cx.today()).await?;
    Ok(Some(Whose { committee, meeting, seated }))
}

/// The same for what follows a decision: the committee that took it, unless it has ended or another is asked for.
async fn whose_after(
    cx: &Cx,
    tx: &mut Tx,
    asked: &Fields,
    follows: Option<&Decision>,
) -> Result<Option<Whose>> {
    match follows.filter(|_| !asked.has("reunion") && !asked.has("comite")) {
        None => whose(cx, tx, asked).await,
        Some(decision) => {
            let asked = Fields::of([("comite", decision.committee_id.to_string())]);
            match whose(cx, tx, &asked).await {
                Err(Error::Refused(_)) => Ok(None),
                found => found,
            }
        }
    }
}

pub async fn blank(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let follows = consequence::asked(&mut tx, cx.network.id, query.0.get("decision")).await?;
    let whose = whose_after(&cx, &mut tx, &query.0, follows.as_ref()).await?;
    let mut poll = DatePoll::blank(&cx.network, cx.now);
    if let Some(whose) = &whose {
        poll.title.clone_from(&whose.committee.name);
        if let Some(meeting) = &whose.meeting {
            poll.title.clone_from(&meeting.title);
            (poll.place, poll.video_url) = (meeting.place.clone(), meeting.video_url.clone());
            poll.minutes = meeting.minutes;
        }
    }
    if let Some(decision) = &follows {
        poll.title = decision.title();
    }
    let mut form = values(&cx, &poll, &[]);
    for one in whose.iter().flat_map(|whose| &whose.seated).filter(|one| one.holder.rank == "titular") {
        form.add("personnes", one.holder.id.to_string());
    }
    Ok(page(&PollForm { follows, ..page_of(&cx, form, None, whose) }))
}

pub async fn make(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let follows = consequence::asked(&mut tx, cx.network.id, form.get("decision")).await?;
    let whose = whose(&cx, &mut tx, &form).await?;
    if form.flag("plus") {
        return Ok(page(&PollForm { follows, ..page_of(&cx, form, None, whose) }));
    }
    let (mut poll, dates) = read(&cx, &mut form, DatePoll::blank(&cx.network, cx.now), &[]);
    if form.check().is_err() {
        return Ok(refused(&PollForm { follows, ..page_of(&cx, form, None, whose) }));
    }
    let mut people = Vec::new();
    if let Some(mut whose) = whose {
        poll.committee_id = Some(whose.committee.id);
        poll.meeting_id = whose.meeting.map(|meeting| meeting.id);
        let ticked = form.many("personnes");
        whose.seated.retain(|one| ticked.contains(&one.holder.id.to_string().as_str()));
        people = invitation::of_committee(&poll, cx.now, &whose.committee, &whose.seated);
    }
    let base = cx.link_base();
    let poll = opening::make(&mut tx, &cx.actor(), (&cx.app, &cx.network, &base), poll, &dates).await?;
    if let Some(decision) = &follows {
        let tied = Tied { kind: "date_poll", id: poll.id, label: poll.title.clone(), url: poll.url() };
        consequence::tie(&mut tx, &cx.actor(), decision, tied).await?;
    }
    let added = invitation::invite(&mut tx, &cx.actor(), &poll, people).await?;
    tx.commit().await?;
    match added {
        0 => Ok(go_saying(
            &format!("{}/participants", poll.url()),
            "Sondage préparé. Dites maintenant à qui l’envoyer.",
        )),
        _ => Ok(go_saying(&poll.url(), "Sondage préparé. Vérifiez à qui il part, puis envoyez-le.")),
    }
}

/// The poll and its dates, when they may still change.
async fn changeable(tx: &mut Tx, poll: DatePoll) -> Result<(DatePoll, Vec<Timestamp>)> {
    require_current(&poll)?;
    let slots = slot::of_poll(tx, poll.network_id, poll.id).await?;
    Ok((poll, slots.into_iter().map(|slot| slot.starts_at).collect()))
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let poll = tx.get(cx.network.id, id).await?;
    let (poll, dates) = changeable(&mut tx, poll).await?;
    Ok(page(&page_of(&cx, values(&cx, &poll, &dates), Some(poll), None)))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let poll = date_poll::hold(&mut tx, cx.network.id, id).await?;
    let (before, dates) = changeable(&mut tx, poll).await?;
    if form.flag("plus") {
        return Ok(page(&page_of(&cx, form, Some(before), None)));
    }
    if !form.is_fresh(&values(&cx, &before, &dates)) {
        return Ok(conflict(&page_of(&cx, form, Some(before), None)));
    }
    let (after, dates) = read(&cx, &mut form, before.clone(), &dates);
    if form.check().is_err() {
        return Ok(refused(&page_of(&cx, form, Some(before), None)));
    }
    let base = cx.link_base();
    let place = (&cx.app, &*cx.network, base.as_str());
    let changed = opening::change(&mut tx, &cx.actor(), place, (&before, after), &dates).await;
    let (poll, told) = match changed {
        Err(Error::Refused(why)) => {
            form.reject("titre", why);
            return Ok(refused(&page_of(&cx, form, Some(before), None)));
        }
        changed => changed?,
    };
    tx.commit().await?;
    let said = match told {
        0 => "Sondage enregistré.".to_owned(),
        1 => {
            "Sondage enregistré\u{a0}: la personne qui avait répondu est interrogée sur les nouvelles dates."
                .to_owned()
        }
        n => format!(
            "Sondage enregistré\u{a0}: les {n} personnes qui avaient répondu sont interrogées sur les nouvelles dates."
        ),
    };
    Ok(go_saying(&poll.url(), &said))
}
