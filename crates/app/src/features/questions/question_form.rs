//! `/espace/accompagnement/questions/nouvelle` and `…/{id}`: a question being noted, taken, answered.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::QUESTIONS;
use super::asker::Asker;
use super::policy::{Want, require};
use super::question::{self, MOST_NAME, MOST_TITLE, NewQuestion, Question};
use crate::features::accounts::account::Account;
use crate::features::support::{AboutLink, back, duration};

/// Longest details and longest answer, in characters.
const MOST_TEXT: usize = 10_000;
/// Longest list of sources, in characters.
const MOST_SOURCES: usize = 2_000;
/// The fields that show the columns an answer may lack.
const FIELDS: [(&str, &str); 3] = [("answer", "reponse"), ("sources", "sources"), ("review_on", "revision")];

/// What is done with the form beside keeping it (`suite`): one form has one address, so that its draft ends with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Nothing,
    Take,
    Wait,
    Answer,
}

impl Next {
    fn of(form: &Fields) -> Self {
        match form.get("suite") {
            "prendre" => Self::Take,
            "attente" => Self::Wait,
            "repondre" => Self::Answer,
            _ => Self::Nothing,
        }
    }
}

#[derive(Template)]
#[template(path = "questions/question_form.html")]
struct QuestionForm {
    frame: Frame,
    form: Fields,
    categories: Vec<Choice>,
    channels: Vec<Choice>,
    stored: Option<Question>,
    about: Option<AboutLink>,
    asker: Option<AboutLink>,
    /// Who takes care of it.
    owner: String,
    answered: String,
    is_mine: bool,
    is_to_review: bool,
    action: String,
}

impl QuestionForm {
    fn can_answer(&self) -> bool {
        self.stored.as_ref().is_none_or(Question::is_open)
    }
}

async fn question_form(cx: &Cx, tx: &mut Tx, id: Option<Id>) -> Result<QuestionForm> {
    let stored: Option<Question> = match id {
        Some(id) => Some(tx.get(cx.network.id, id).await?),
        None => None,
    };
    let shown = stored.clone().unwrap_or_else(|| Question::blank(cx.network.id, cx.now, cx.today()));
    let owner: Option<Account> = match shown.owner_id {
        Some(id) => Some(tx.get(cx.network.id, id).await?),
        None => None,
    };
    Ok(QuestionForm {
        frame: cx.frame(stored.as_ref().map_or("Noter une question", |question| &question.title)),
        form: values(&shown),
        categories: question::categories(),
        channels: question::channels(),
        about: shown.about(),
        asker: shown.asker_sheet(),
        owner: owner.map(|account| account.name).unwrap_or_default(),
        answered: shown.answered_at.map(|at| at.long_in(cx.network.zone())).unwrap_or_default(),
        is_mine: shown.owner_id == cx.actor().account_id,
        is_to_review: shown.is_to_review(cx.today()),
        action: stored.as_ref().map_or_else(|| format!("{QUESTIONS}/nouvelle"), Question::url),
        stored,
    })
}

fn values(question: &Question) -> Fields {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Fields::of([
        ("titre", question.title.clone()),
        ("detail", text(&question.body)),
        ("demandeur", question.asker.clone()),
        ("categorie", question.category.clone()),
        ("canal", question.channel.clone()),
        ("jour", question.asked_on.to_string()),
        ("reponse", text(&question.answer)),
        ("sources", text(&question.sources)),
        ("revision", question.review_on.map(|day| day.to_string()).unwrap_or_default()),
        ("duree", question.minutes.map(duration::say).unwrap_or_default().replace('\u{a0}', " ")),
        ("version", question.version.to_string()),
    ])
}

/// Reads a form into a question; what is wrong is noted in it.
fn read(cx: &Cx, form: &mut Fields, page: &QuestionForm, mut question: Question) -> Question {
    question.title = form.required("titre", MOST_TITLE, "Résumez la question en une ligne.");
    question.body = form.watched("detail", MOST_TEXT, question.body.as_deref());
    question.asker = form.required("demandeur", MOST_NAME, "Indiquez qui pose la question.");
    match form.choice("categorie", &page.categories) {
        Some(category) => question.category = category,
        None => form.reject("categorie", "Choisissez une catégorie."),
    }
    match form.choice("canal", &page.channels) {
        Some(channel) => question.channel = channel,
        None => form.reject("canal", "Indiquez comment la question est arrivée."),
    }
    match form.date("jour") {
        Some(day) if day > cx.today() => form.reject("jour", "Ce jour est à venir."),
        Some(day) => question.asked_on = day,
        None => form.reject("jour", "Indiquez le jour où la question a été posée."),
    }
    question.answer = form.watched("reponse", MOST_TEXT, question.answer.as_deref());
    question.sources = form.lines("sources", MOST_SOURCES);
    let review_on = form.date("revision");
    if review_on != question.review_on && review_on.is_some_and(|day| day <= cx.today()) {
        form.reject("revision", "Choisissez un jour à venir, où relire cette réponse.");
    }
    question.review_on = review_on;
    question.minutes = form.parse("duree", duration::read);
    let is_answered = question.state == "answered" || Next::of(form) == Next::Answer;
    for (column, why) in question.lacks().into_iter().filter(|_| is_answered) {
        if let Some((_, field)) = FIELDS.iter().find(|(known, _)| *known == column) {
            form.reject(field, why);
        }
    }
    question
}

pub async fn blank(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&question_form(&cx, &mut tx, None).await?))
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    Ok(page(&question_form(&cx, &mut tx, Some(id)).await?))
}

/// A new question, answered at once when it was: a call leaves both.
pub async fn add(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = question_form(&cx, &mut tx, None).await?;
    let read = read(&cx, &mut form, &page, Question::blank(cx.network.id, cx.now, cx.today()));
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let new = NewQuestion {
        title: read.title,
        body: read.body,
        category: read.category,
        channel: read.channel,
        asked_on: read.asked_on,
        asker: Asker::found(&mut tx, cx.network.id, &read.asker).await?,
        about: None,
    };
    let added = question::add(&mut tx, &cx.actor(), new).await?;
    let after = Question {
        answer: read.answer,
        sources: read.sources,
        review_on: read.review_on,
        minutes: read.minutes,
        ..added.clone()
    };
    let said = follow(&cx, &mut tx, Next::of(&form), (&added, after)).await?;
    tx.commit().await?;
    Ok(go_saying(&added.url(), if said == SAVED { "Question ajoutée." } else { said }))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = question_form(&cx, &mut tx, Some(id)).await?;
    let Some(before) = page.stored.clone() else { return Err(Error::NotFound) };
    if !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let after = read(&cx, &mut form, &page, before.clone());
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let said = follow(&cx, &mut tx, Next::of(&form), (&before, after)).await?;
    tx.commit().await?;
    Ok(go_saying(&before.url(), said))
}

const SAVED: &str = "Question enregistrée.";

/// Keeps what the form says and does what its button asks; answers what is to be said of it.
async fn follow(
    cx: &Cx,
    tx: &mut Tx,
    next: Next,
    (before, after): (&Question, Question),
) -> Result<&'static str> {
    let (actor, id) = (cx.actor(), before.id);
    if next == Next::Answer {
        question::answer(tx, &actor, &cx.network, before, after).await?;
        return Ok("Réponse enregistrée.");
    }
    question::save(tx, &actor, before, after).await?;
    match next {
        Next::Take => {
            question::take(tx, &actor, id).await?;
            Ok("Question prise en charge.")
        }
        Next::Wait => {
            question::wait(tx, &actor, id).await?;
            Ok("Question en attente d’un tiers.")
        }
        Next::Nothing | Next::Answer => Ok(SAVED),
    }
}

pub async fn take(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let question = question::take(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    let said = format!("«\u{a0}{}\u{a0}»\u{a0}: prise en charge.", question.title);
    Ok(go_saying(&back(form.get("retour"), &question.url()), &said))
}

pub async fn reopen(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let question = question::reopen(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&question.url(), "Question rouverte\u{a0}: elle attend de nouveau une réponse."))
}

pub async fn set_obsolete(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let question = question::set_obsolete(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&question.url(), "Question classée parmi les obsolètes."))
}
