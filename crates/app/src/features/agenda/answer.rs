//! `/sondage/{token}`: whoever is asked says by their personal link which dates suit them, without an account.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Actor, Choice, Cx, Fields, Result, Tx};

use super::conclusion_form::tally_said;
use super::date_poll::DatePoll;
use super::note_form::{field, read, values};
use super::participant::{self, Participant};
use super::poll_answer::{self, ANSWERS, Book, MOST_NOTE, PollAnswer, Said, label, tone};
use super::slot::{self, PollSlot};
use crate::features::support::duration;

/// A date as the page shows it.
struct Row {
    name: String,
    label: String,
    /// What they said of it.
    said: String,
    /// What all said, in figures, then by name; empty when it is not to be seen.
    all: String,
    names: Vec<(&'static str, String)>,
}

impl Row {
    fn said_label(&self) -> &'static str {
        label(&self.said)
    }

    fn tone(&self) -> &'static str {
        tone(&self.said)
    }
}

#[derive(Template)]
#[template(path = "agenda/answer.html")]
struct AnswerPage {
    frame: Frame,
    form: Fields,
    poll: DatePoll,
    person: Participant,
    rows: Vec<Row>,
    answers: Vec<Choice>,
    duration: String,
    closes_on: String,
    chosen: String,
    zone: String,
    token: String,
    /// Dates of which they have said nothing yet though they answered before.
    new_dates: usize,
}

async fn answer_page(cx: &Cx, tx: &mut Tx, token: String) -> Result<(AnswerPage, Vec<PollSlot>)> {
    let person = participant::of_token(tx, &cx.app, &cx.network, &token).await?;
    let poll: DatePoll = tx.get(cx.network.id, person.poll_id).await?;
    let slots = slot::of_poll(tx, cx.network.id, poll.id).await?;
    let (people, answers) = match poll.shows_answers {
        true => (
            participant::of_poll(tx, cx.network.id, poll.id).await?,
            poll_answer::of_poll(tx, cx.network.id, poll.id).await?,
        ),
        false => (Vec::new(), tx.all_in(cx.network.id, "participant_id", &[person.id]).await?),
    };
    let own: Vec<PollAnswer> =
        answers.iter().filter(|one| one.participant_id == person.id).cloned().collect();
    let rows = rows(cx, (&poll, &person), (&slots, &people), &answers);
    let new_dates = if person.answered_at.is_some() { slots.len() - own.len() } else { 0 };
    let page = AnswerPage {
        frame: cx.frame(poll.title.clone()).hide(),
        form: values(&own, person.answer_note.as_ref()),
        rows,
        answers: ANSWERS.iter().map(|(_, name, label, _)| Choice::new(*name, *label)).collect(),
        duration: duration::say(poll.minutes),
        closes_on: poll.closes_on.long(),
        chosen: poll.chosen(&cx.network),
        zone: cx.network.zone().to_string(),
        poll,
        person,
        token,
        new_dates,
    };
    Ok((page, slots))
}

fn rows(
    cx: &Cx,
    (poll, person): (&DatePoll, &Participant),
    (slots, people): (&[PollSlot], &[Participant]),
    answers: &[PollAnswer],
) -> Vec<Row> {
    let tallies = slot::tallies(slots, answers, people.len());
    let book = Book::of(answers);
    let row = |(slot, tally): (&PollSlot, &slot::Tally)| {
        let names = |code: &str| {
            let said = |one: &&Participant| book.said(one.id, slot.id) == code;
            people.iter().filter(said).map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let by_name = ANSWERS.iter().map(|(code, _, label, _)| (*label, names(code)));
        Row {
            name: field(slot.id),
            label: slot.label(&cx.network, poll),
            said: book.said(person.id, slot.id).to_owned(),
            all: if poll.shows_answers { tally_said(tally) } else { String::new() },
            names: by_name.filter(|(_, names)| !names.is_empty()).collect(),
        }
    };
    slots.iter().zip(&tallies).map(row).collect()
}

pub async fn show(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (shown, _) = answer_page(&cx, &mut tx, token).await?;
    Ok(page(&shown))
}

pub async fn answer(cx: Cx, Path(token): Path<String>, mut form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let (mut page, slots) = answer_page(&cx, &mut tx, token).await?;
    if form.flag("aucune") {
        for slot in &slots {
            form.set(&field(slot.id), "non");
        }
    }
    let answers = read(&form, &slots);
    for (id, said) in &answers {
        if said.is_none() {
            form.reject(&field(*id), "Dites si cette date vous convient.");
        }
    }
    let note = form.watched("mot", MOST_NOTE, page.person.answer_note.as_deref());
    if form.check().is_err() && page.poll.is_open() {
        page.form = form;
        return Ok(refused(&page));
    }
    let actor = Actor { name: page.person.name.clone(), account_id: None, ..cx.actor() };
    let answers = answers.into_iter().filter_map(|(id, said)| Some((id, said?))).collect();
    poll_answer::answer(&mut tx, &actor, page.person.id, Said { answers, note, by: "link" }).await?;
    tx.commit().await?;
    Ok(go_saying(
        &format!("/sondage/{}", page.token),
        "Merci, vos réponses sont notées. Vous pouvez encore les changer.",
    ))
}
