//! `/espace/agenda/sondages/{id}`: the dates, who said what of each, and what may be done now.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::trail;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Cx, Error, Fields, Result, Tx};

use super::conclusion_form::tally_said;
use super::date_poll::DatePoll;
use super::opening;
use super::participant::{self, Participant};
use super::policy::{Want, may, require};
use super::poll_answer::{self, Book, label, tone};
use super::slot::{self, PollSlot, Tally};
use crate::features::directory::export::Table;
use crate::features::directory::vocabulary::Vocabulary;
use crate::features::directory::{Event, file, tell};
use crate::features::governance::consequence::{self, Origin};
use crate::features::governance::meeting::{self, Meeting};
use crate::features::support::duration;

/// Longest reason of a cancellation, in characters.
const MOST_REASON: usize = 500;
/// Lines of history that the sheet shows.
const MOST_EVENTS: i64 = 20;

/// A date as the sheet shows it.
struct Date {
    slot: PollSlot,
    label: String,
    /// Day and hour in as few signs as stand over a column.
    day: String,
    hour: String,
    tally: Tally,
    said: String,
    is_chosen: bool,
    is_past: bool,
}

/// Someone who is asked, with what they said of each date, in order.
struct Row {
    person: Participant,
    said: Vec<String>,
}

impl Row {
    fn label(&self, at: &usize) -> &'static str {
        label(self.said.get(*at).map_or("", String::as_str))
    }

    fn is_said(&self, at: &usize) -> bool {
        self.said.get(*at).is_some_and(|code| !code.is_empty())
    }

    fn tone(&self, at: &usize) -> &'static str {
        tone(self.said.get(*at).map_or("", String::as_str))
    }
}

#[derive(Template)]
#[template(path = "agenda/poll_sheet.html")]
struct PollPage {
    frame: Frame,
    form: Fields,
    poll: DatePoll,
    meeting: Option<Meeting>,
    /// The decisions that it follows.
    follows: Vec<Origin>,
    /// Why its meeting no longer waits for the date that is looked for.
    vain: Option<&'static str>,
    dates: Vec<Date>,
    rows: Vec<Row>,
    duration: String,
    chosen: String,
    zone: String,
    closes_on: String,
    timeline: Vec<Event>,
    may_keep: bool,
    can_call_back: bool,
    csv_url: String,
    xlsx_url: String,
}

impl PollPage {
    /// Those who have not been written to and can be.
    fn to_invite(&self) -> usize {
        self.rows.iter().filter(|row| row.person.waits_for_invitation()).count()
    }

    fn silent(&self) -> Vec<&Participant> {
        self.rows.iter().map(|row| &row.person).filter(|one| one.is_silent()).collect()
    }

    fn answered(&self) -> usize {
        self.rows.len() - self.silent().len()
    }

    /// Whether a reminder could reach someone.
    fn can_remind(&self) -> bool {
        self.silent().iter().any(|one| one.invited_at.is_some() && one.email.is_some())
    }
}

/// A poll with all that was said.
struct Whole {
    poll: DatePoll,
    dates: Vec<Date>,
    rows: Vec<Row>,
}

async fn whole(cx: &Cx, tx: &mut Tx, id: Id) -> Result<Whole> {
    let poll: DatePoll = tx.get(cx.network.id, id).await?;
    let slots = slot::of_poll(tx, cx.network.id, id).await?;
    let people = participant::of_poll(tx, cx.network.id, id).await?;
    let answers = poll_answer::of_poll(tx, cx.network.id, id).await?;
    let tallies = slot::tallies(&slots, &answers, people.len());
    let book = Book::of(&answers);
    let rows = people.into_iter().map(|person| row(person, &slots, &book)).collect();
    let date = |(slot, tally): (PollSlot, Tally)| Date {
        label: slot.label(&cx.network, &poll),
        day: day(cx, &slot),
        hour: slot.starts_at.utc().with_timezone(&cx.network.zone()).format("%H:%M").to_string(),
        said: tally_said(&tally),
        is_chosen: poll.chosen_starts_at == Some(slot.starts_at),
        is_past: slot.starts_at <= cx.now,
        tally,
        slot,
    };
    let dates = slots.into_iter().zip(tallies).map(date).collect();
    Ok(Whole { poll, dates, rows })
}

/// « mar. 12/03 ».
fn day(cx: &Cx, slot: &PollSlot) -> String {
    let local = slot.starts_at.utc().with_timezone(&cx.network.zone());
    let weekday = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
    let day = weekday[chrono::Datelike::weekday(&local).num_days_from_monday() as usize];
    format!("{day}\u{a0}{}", local.format("%d/%m"))
}

fn row(person: Participant, slots: &[PollSlot], book: &Book<'_>) -> Row {
    Row { said: slots.iter().map(|slot| book.said(person.id, slot.id).to_owned()).collect(), person }
}

pub async fn show(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::Read)?;
    let may_keep = may(visitor, Want::Keep);
    let mut tx = cx.read().await?;
    let whole = whole(&cx, &mut tx, id).await?;
    if query.0.has("format") {
        return file(query.0.get("format"), &table(&cx, (&whole.poll, &whole.dates), &whole.rows, may_keep));
    }
    Ok(page(&poll_page(&cx, &mut tx, whole, None).await?))
}

/// The sheet, with a form that was refused or a fresh one.
async fn poll_page(cx: &Cx, tx: &mut Tx, whole: Whole, form: Option<Fields>) -> Result<PollPage> {
    let may_keep = may(cx.visitor()?, Want::Keep);
    let Whole { poll, dates, rows } = whole;
    let meeting: Option<Meeting> = match poll.meeting_id {
        Some(id) => Some(tx.get(cx.network.id, id).await?),
        None => None,
    };
    let asking = (cx.visitor()?, cx.today());
    let follows = consequence::behind(tx, cx.network.id, asking, &[poll.id]).await?;
    // One in the trash is as good as gone.
    let meeting = meeting.filter(|meeting| meeting.deleted_at.is_none());
    let extension = poll.closes_on.max(cx.network.day_of(cx.now.plus_days(7)));
    Ok(PollPage {
        frame: cx.frame(poll.title.clone()),
        form: form.unwrap_or_else(|| Fields::of([("jusqu", extension.to_string())])),
        duration: duration::say(poll.minutes),
        chosen: poll.chosen(&cx.network),
        zone: cx.network.zone().to_string(),
        closes_on: poll.closes_on.long(),
        timeline: timeline(cx, tx, poll.id).await?,
        may_keep,
        can_call_back: may_keep && opening::can_call_back(&poll, cx.now),
        csv_url: format!("{}?format=csv", poll.url()),
        xlsx_url: format!("{}?format=xlsx", poll.url()),
        vain: meeting.as_ref().filter(|_| poll.is_current()).and_then(meeting::no_longer_seeks),
        meeting,
        follows,
        dates,
        rows,
        poll,
    })
}

async fn timeline(cx: &Cx, tx: &mut Tx, id: Id) -> Result<Vec<Event>> {
    let vocabulary = Vocabulary::load(tx, &cx.network).await?;
    let lines = trail::of_subject(tx, cx.network.id, "date_poll", id, None, MOST_EVENTS).await?;
    Ok(lines.iter().map(|line| tell(&cx.network, &vocabulary, line, true)).collect())
}

/// Who said what; addresses are for those who keep the poll.
fn table(cx: &Cx, (poll, dates): (&DatePoll, &[Date]), rows: &[Row], shows_addresses: bool) -> Table {
    let fixed = ["Personne", "Organisme", "Courriel", "Venue par", "A répondu le", "Mot"];
    let last = dates.iter().map(|date| date.slot.starts_at.long_in(cx.network.zone()));
    let line = |row: &Row| {
        let one = &row.person;
        let mut cells = vec![
            one.name.clone(),
            one.organisation.clone(),
            one.email.clone().filter(|_| shows_addresses).unwrap_or_default(),
            one.origin_said(),
            one.answered_at.map(|at| at.long_in(cx.network.zone())).unwrap_or_default(),
            one.answer_note.clone().unwrap_or_default(),
        ];
        cells.extend(row.said.iter().map(|code| label(code).to_owned()));
        cells
    };
    Table {
        name: format!("{}-{}-{}", kit::text::slug(&poll.title), cx.network.code, cx.today()),
        headings: fixed.map(str::to_owned).into_iter().chain(last).collect(),
        rows: rows.iter().map(line).collect(),
    }
}

/// « 3 messages partent », as many as there are.
fn messages(count: usize, verb: (&str, &str)) -> String {
    match count {
        0 => "aucun message".to_owned(),
        1 => format!("1 message {}", verb.0),
        n => format!("{n} messages {}", verb.1),
    }
}

pub async fn send(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let base = cx.link_base();
    let (poll, count) = opening::send(&mut tx, &cx.actor(), (&cx.app, &cx.network, &base), id).await?;
    tx.commit().await?;
    let said = messages(count, ("part", "partent"));
    Ok(go_saying(&poll.url(), &format!("Sondage ouvert\u{a0}: {said} dans quelques secondes.")))
}

pub async fn call_back(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let poll = opening::call_back(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&poll.url(), "Envoi annulé\u{a0}: rien n’est parti."))
}

pub async fn remind(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let base = cx.link_base();
    let count = opening::remind_now(&mut tx, &cx.actor(), (&cx.app, &cx.network, &base), id).await?;
    tx.commit().await?;
    let said = match count {
        0 => "Personne n’est à rappeler\u{a0}: chacun a reçu un message depuis moins d’une heure.".to_owned(),
        n => format!("Rappel envoyé\u{a0}: {}.", messages(n, ("part", "partent"))),
    };
    Ok(go_saying(&format!("{}/{id}", super::POLLS), &said))
}

pub async fn close(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let poll = opening::close(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&poll.url(), "Sondage clos. Choisissez maintenant la date."))
}

pub async fn keep_open(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let whole = whole(&cx, &mut tx, id).await?;
    let base = cx.link_base();
    let place = (&cx.app, &*cx.network, base.as_str());
    let Some(until) = form.date("jusqu") else {
        form.reject("jusqu", "Dites jusqu’à quand on répond.");
        return Ok(refused(&poll_page(&cx, &mut tx, whole, Some(form)).await?));
    };
    match opening::keep_open(&mut tx, &cx.actor(), place, id, until).await {
        Err(Error::Refused(why)) => {
            form.reject("jusqu", why);
            Ok(refused(&poll_page(&cx, &mut tx, whole, Some(form)).await?))
        }
        done => {
            let poll = done?;
            tx.commit().await?;
            Ok(go_saying(&poll.url(), &format!("On répond jusqu’au {}.", until.long())))
        }
    }
}

pub async fn cancel(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let reason = form.text("motif", MOST_REASON);
    form.check()?;
    let mut tx = cx.write().await?;
    let base = cx.link_base();
    let place = (&cx.app, &*cx.network, base.as_str());
    let (poll, count) = opening::cancel(&mut tx, &cx.actor(), place, id, reason).await?;
    tx.commit().await?;
    Ok(go_saying(&poll.url(), &format!("Sondage annulé\u{a0}: {}.", messages(count, ("part", "partent")))))
}
