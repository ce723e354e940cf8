//! `/espace/reseau/promeneurs/{id}/proposer` and `/espace/reseau/structures/{id}/proposer`: the owner of a sheet
//! corrects it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Cx, Fields, Result, Tx};

use super::change_request::{self, Author, ChangeRequest, Made, Sheet};
use super::editable::{self, Editable, Lists};
use super::policy::{Want, require};

#[derive(Template)]
#[template(path = "upkeep/proposal.html")]
struct ProposalPage {
    frame: Frame,
    sheet: Sheet,
    form: Fields,
    lists: Lists,
    /// Each field, and what becomes of a change.
    fields: Vec<(Editable, &'static str)>,
    waiting: Option<ChangeRequest>,
    action: String,
}

fn author(cx: &Cx) -> Result<Author> {
    let visitor = cx.visitor()?;
    Ok(Author {
        account_id: Some(visitor.account_id),
        name: visitor.name.clone(),
        email: Some(visitor.email.clone()),
    })
}

/// Each field of a sheet, and what becomes of a change: the network lets some through.
pub(super) fn with_fate(cx: &Cx, sheet: &Sheet) -> Vec<(Editable, &'static str)> {
    let free = cx.network.settings().free_fields;
    let fate = |field: &Editable| match free.contains(&editable::code(sheet.kind(), field)) {
        true => "Appliqué aussitôt.",
        false => "Relu par la coordination avant publication.",
    };
    sheet.fields().iter().map(|field| (*field, fate(field))).collect()
}

async fn proposal_page(cx: &Cx, tx: &mut Tx, sheet: Sheet, form: Option<Fields>) -> Result<ProposalPage> {
    let waiting = change_request::waiting(tx, cx.network.id, &sheet, &author(cx)?).await?;
    let mut values = sheet.values()?;
    if let Some(request) = &waiting {
        values.extend(request.after());
    }
    Ok(ProposalPage {
        frame: cx.frame(format!("Corriger : {}", sheet.label())),
        form: form.unwrap_or_else(|| editable::typed(&values, sheet.fields())),
        lists: Lists::load(tx, &cx.network).await?,
        fields: with_fate(cx, &sheet),
        action: format!("{}/proposer", sheet.url()),
        waiting,
        sheet,
    })
}

pub async fn of_person(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::ProposePerson(id))?;
    show(cx, "person", id).await
}

pub async fn of_structure(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::ProposeStructure(id))?;
    show(cx, "structure", id).await
}

async fn show(cx: Cx, kind: &str, id: Id) -> Result<Response> {
    let mut tx = cx.read().await?;
    let sheet = Sheet::find(&mut tx, cx.network.id, kind, id).await?;
    Ok(page(&proposal_page(&cx, &mut tx, sheet, None).await?))
}

pub async fn send_of_person(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::ProposePerson(id))?;
    send(cx, "person", id, form).await
}

pub async fn send_of_structure(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::ProposeStructure(id))?;
    send(cx, "structure", id, form).await
}

async fn send(cx: Cx, kind: &str, id: Id, mut form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let sheet = Sheet::find(&mut tx, cx.network.id, kind, id).await?;
    let lists = Lists::load(&mut tx, &cx.network).await?;
    let proposed = editable::read(&mut form, sheet.fields(), &lists, &sheet.values()?);
    if form.check().is_err() {
        return Ok(refused(&proposal_page(&cx, &mut tx, sheet, Some(form)).await?));
    }
    let made =
        change_request::propose(&mut tx, &cx.actor(), &cx.network, &sheet, &author(&cx)?, &proposed).await?;
    tx.commit().await?;
    Ok(go_saying(&sheet.url(), said(&made)))
}

/// What the author is told.
pub(super) fn said(made: &Made) -> &'static str {
    match made {
        Made::Nothing => "Rien n’a changé.",
        Made::Applied => "Vos modifications sont enregistrées.",
        Made::Requested => "Merci ! La coordination va examiner vos modifications.",
    }
}
