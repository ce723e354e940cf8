//! `/espace/agenda/sondages/{id}/participants/{personne}`: what someone said by telephone, noted by the coordination.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{self, go_saying, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::date_poll::DatePoll;
use super::participant::Participant;
use super::policy::{Want, require};
use super::poll_answer::{self, ANSWERS, MOST_NOTE, PollAnswer, Said};
use super::slot;

#[derive(Template)]
#[template(path = "agenda/note_form.html")]
struct NotePage {
    frame: Frame,
    form: Fields,
    poll: DatePoll,
    person: Participant,
    dates: Vec<(String, String)>,
    answers: Vec<Choice>,
    zone: String,
}

/// The name of a date in forms.
pub(super) fn field(slot: Id) -> String {
    format!("date-{slot}")
}

/// What a form says of the dates; what is wrong is noted in it.
pub(super) fn read(form: &Fields, slots: &[slot::PollSlot]) -> Vec<(Id, Option<&'static str>)> {
    let of = |slot: &slot::PollSlot| {
        let said = form.get(&field(slot.id));
        (slot.id, ANSWERS.iter().find(|(_, name, ..)| *name == said).map(|(code, ..)| *code))
    };
    slots.iter().map(of).collect()
}

/// A form that shows what someone said already.
pub(super) fn values(answers: &[PollAnswer], note: Option<&String>) -> Fields {
    let mut form = Fields::default();
    for one in answers {
        let name = ANSWERS.iter().find(|(code, ..)| *code == one.answer).map_or("", |(_, name, ..)| name);
        form.set(&field(one.slot_id), name);
    }
    form.set("mot", note.cloned().unwrap_or_default());
    form
}

async fn note_page(cx: &Cx, tx: &mut Tx, (id, person): (Id, Id)) -> Result<(NotePage, Vec<slot::PollSlot>)> {
    let poll: DatePoll = tx.get(cx.network.id, id).await?;
    let person: Participant = tx.get(cx.network.id, person).await?;
    if person.poll_id != poll.id {
        return Err(Error::NotFound);
    }
    if !poll.can_conclude() {
        return Err(Error::refused("Ce sondage n’attend pas de réponse."));
    }
    let slots = slot::of_poll(tx, cx.network.id, poll.id).await?;
    let answers: Vec<PollAnswer> = tx.all_in(cx.network.id, "participant_id", &[person.id]).await?;
    let page = NotePage {
        frame: cx.frame(format!("Noter la réponse de {}", person.name)),
        form: values(&answers, person.answer_note.as_ref()),
        dates: slots.iter().map(|slot| (field(slot.id), slot.label(&cx.network, &poll))).collect(),
        answers: ANSWERS.iter().map(|(_, name, label, _)| Choice::new(*name, *label)).collect(),
        zone: cx.network.zone().to_string(),
        poll,
        person,
    };
    Ok((page, slots))
}

pub async fn ask(cx: Cx, Path(ids): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let (page, _) = note_page(&cx, &mut tx, ids).await?;
    Ok(respond::page(&page))
}

pub async fn note(cx: Cx, Path(ids): Path<(Id, Id)>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let (mut page, slots) = note_page(&cx, &mut tx, ids).await?;
    let answers: Vec<_> = read(&form, &slots);
    if answers.iter().all(|(_, said)| said.is_none()) {
        let first = slots.first().map(|slot| field(slot.id)).unwrap_or_default();
        form.reject(&first, "Dites si au moins une des dates convient.");
    }
    let note = form.watched("mot", MOST_NOTE, page.person.answer_note.as_deref());
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let answers = answers.into_iter().filter_map(|(id, said)| Some((id, said?))).collect();
    let said = Said { answers, note, by: "coordination" };
    let after = poll_answer::answer(&mut tx, &cx.actor(), page.person.id, said).await?;
    tx.commit().await?;
    Ok(go_saying(&page.poll.url(), &format!("Réponse de {} notée.", after.name)))
}
