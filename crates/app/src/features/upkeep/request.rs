//! `/espace/reseau/demandes/{demande}`: one request, field by field: accept, amend, refuse with a word.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::mail::{self, Message};
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Cx, Error, Fields, Result, Tx};

use super::change_request::{self, ChangeRequest, Decision, Sheet};
use super::editable::{self, Editable, Lists, Values};
use super::policy::{Want, may, require};

/// Longest word to the author, in characters.
const MOST_WORD: usize = 500;

#[derive(Template)]
#[template(path = "upkeep/request.html")]
struct RequestPage {
    frame: Frame,
    request: ChangeRequest,
    sheet: Sheet,
    form: Fields,
    lists: Lists,
    rows: Vec<Row>,
    when: String,
    decided: String,
    may_decide: bool,
    is_author: bool,
}

/// One field of a request.
struct Row {
    field: Editable,
    /// As it was when the change was asked for.
    before: String,
    after: String,
    /// As it is now, when someone changed it since.
    since: Option<String>,
}

async fn request_page(cx: &Cx, tx: &mut Tx, id: Id, form: Option<Fields>) -> Result<RequestPage> {
    let visitor = cx.visitor()?;
    let request: ChangeRequest = tx.get(cx.network.id, id).await?;
    require(visitor, Want::ReadRequest(request.account_id))?;
    let sheet = Sheet::find(tx, cx.network.id, &request.subject_kind, request.subject_id).await?;
    let lists = Lists::load(tx, &cx.network).await?;
    let (before, after, stored) = (request.before(), request.after(), sheet.values()?);
    let rows = request
        .fields()
        .into_iter()
        .map(|field| {
            let (was, is) = (before.get(field.column), stored.get(field.column));
            let changed = request.is_pending() && was != is;
            Row {
                before: lists.say(&field, was),
                after: lists.say(&field, after.get(field.column)),
                since: changed.then(|| lists.say(&field, is)),
                field,
            }
        })
        .collect();
    let form = form.unwrap_or_else(|| {
        let mut form = editable::typed(&after, &request.fields());
        form.set("version", request.version.to_string());
        form
    });
    Ok(RequestPage {
        frame: cx.frame(format!("Demande : {}", request.subject_label)),
        when: request.requested_at.long_in(cx.network.zone()),
        decided: request.decided_at.map(|at| at.long_in(cx.network.zone())).unwrap_or_default(),
        may_decide: may(visitor, Want::Decide) && request.is_pending(),
        is_author: request.account_id == Some(visitor.account_id),
        request,
        sheet,
        form,
        lists,
        rows,
    })
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    Ok(page(&request_page(&cx, &mut tx, id, None).await?))
}

/// Accepts the values of the form, as asked for or amended, but for the fields ticked as refused; `action=refuser`
/// refuses them all, with a word.
pub async fn decide(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::Decide)?;
    let mut tx = cx.write().await?;
    let mut page = request_page(&cx, &mut tx, id, None).await?;
    if !page.request.is_pending() || !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let all = form.get("action") == "refuser";
    let word = form.text("mot", MOST_WORD);
    let accepted = if all { Values::new() } else { accepted(&mut form, &page)? };
    if all && word.is_none() {
        form.reject("mot", "Dites en un mot pourquoi : la personne le lira.");
    }
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let decision = Decision { accepted, word };
    let request = change_request::decide(&mut tx, &cx.actor(), page.request, decision).await?;
    tell_author(&cx, &mut tx, &request, &page.lists).await?;
    tx.commit().await?;
    let said = match request.state.as_str() {
        "refused" => "Demande refusée : la personne est prévenue.",
        _ if request.to_report.is_empty() => "C’est fait : la fiche est à jour partout.",
        _ => "C’est fait. Pensez à reporter ce changement sur promeneursdunet.fr.",
    };
    Ok(go_saying("/espace/reseau/demandes", said))
}

/// The values of the fields that are not ticked as refused, as typed.
fn accepted(form: &mut Fields, page: &RequestPage) -> Result<Values> {
    let stored = page.sheet.values()?;
    let kept: Vec<Editable> = page
        .request
        .fields()
        .into_iter()
        .filter(|field| !form.flag(&format!("refuser-{}", field.name)))
        .collect();
    let mut whole = editable::typed(&stored, page.sheet.fields());
    for field in &kept {
        whole.replace(field.name, form);
    }
    let mut values = editable::read(&mut whole, page.sheet.fields(), &page.lists, &stored);
    for error in whole.errors() {
        form.reject(&error.name, error.message.clone());
    }
    values.retain(|column, _| kept.iter().any(|field| field.column == column));
    Ok(values)
}

pub async fn withdraw(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let visitor = cx.visitor()?;
    let mut tx = cx.write().await?;
    let request: ChangeRequest = tx.get(cx.network.id, id).await?;
    require(visitor, Want::ReadRequest(request.account_id))?;
    if request.account_id != Some(visitor.account_id) {
        return Err(Error::Forbidden);
    }
    let back = format!("/espace/reseau/{}/{}", folder(&request), request.subject_id);
    change_request::withdraw(&mut tx, &cx.actor(), request).await?;
    tx.commit().await?;
    Ok(go_saying(&back, "Votre demande est retirée."))
}

fn folder(request: &ChangeRequest) -> &'static str {
    if request.subject_kind == "structure" { "structures" } else { "promeneurs" }
}

/// What the author of a request receives.
struct Answer<'a> {
    request: &'a ChangeRequest,
    network: &'a str,
    /// Label and value of what was taken.
    taken: Vec<(&'static str, String)>,
    contact: Option<String>,
}

#[derive(Template)]
#[template(path = "upkeep/answer.mail.html")]
struct AnswerHtml<'a> {
    answer: &'a Answer<'a>,
}

#[derive(Template)]
#[template(path = "upkeep/answer.mail.txt")]
struct AnswerText<'a> {
    answer: &'a Answer<'a>,
}

async fn tell_author(cx: &Cx, tx: &mut Tx, request: &ChangeRequest, lists: &Lists) -> Result<()> {
    let Some(to) = &request.author_email else { return Ok(()) };
    let accepted = request.accepted();
    let taken = request
        .fields()
        .iter()
        .filter(|field| accepted.contains_key(field.column))
        .map(|field| (field.label, lists.say(field, accepted.get(field.column))))
        .collect();
    let answer = Answer {
        request,
        network: &cx.network.name,
        taken,
        contact: cx.network.settings().coordination_email,
    };
    let message = Message {
        to: to.clone(),
        to_name: request.author.clone(),
        subject: format!("Votre demande de modification – {}", request.subject_label),
        text: AnswerText { answer: &answer }.render().map_err(Error::bug)?,
        html: AnswerHtml { answer: &answer }.render().map_err(Error::bug)?,
        kind: "change_request_answer",
        ..Message::default()
    };
    mail::send(tx, &cx.network, cx.now, message).await.map(|_| ())
}
