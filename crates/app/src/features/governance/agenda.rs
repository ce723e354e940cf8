//! `/espace/gouvernance/reunions/{id}/ordre-du-jour`: the agenda of a meeting, prepared by the coordination; members
//! propose items.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::agenda_item::{self, AgendaItem, MOST_TITLE};
use super::meeting::{self, Meeting};
use super::meeting_sheet::readable_meeting;
use super::paper;
use super::policy::{Want, may, require};
use super::sitting_sheet;
use crate::features::support::duration;

/// Longest details, in characters.
const MOST_DETAILS: usize = 4_000;
/// Longest name of a presenter, in characters.
const MOST_NAME: usize = 160;

#[derive(Template)]
#[template(path = "governance/agenda.html")]
struct AgendaPage {
    frame: Frame,
    /// A new item, or the one that is being changed.
    form: Fields,
    meeting: Meeting,
    items: Vec<AgendaItem>,
    /// The item that the form changes.
    edited: Option<AgendaItem>,
    objectives: Vec<Choice>,
    left_over: usize,
    may_keep: bool,
    action: String,
}

async fn agenda_page(cx: &Cx, tx: &mut Tx, id: Id, edited: Option<Id>) -> Result<AgendaPage> {
    let (meeting, _) = readable_meeting(cx, tx, id).await?;
    let items = agenda_item::of_meeting(tx, cx.network.id, id).await?;
    let edited = match edited {
        Some(edited) => Some(items.iter().find(|item| item.id == edited).ok_or(Error::NotFound)?.clone()),
        None => None,
    };
    let may_keep = may(cx.visitor()?, Want::Keep);
    let left_over = match may_keep && meeting.is_to_come() && edited.is_none() {
        true => agenda_item::left_over(tx, cx.network.id, &meeting).await?.len(),
        false => 0,
    };
    let shown = edited.clone().unwrap_or_else(|| AgendaItem::blank(&meeting, cx.now));
    let url = format!("{}/ordre-du-jour", meeting.url());
    Ok(AgendaPage {
        frame: cx.frame(format!("Ordre du jour\u{a0}: {}", meeting.title)),
        form: values(&shown),
        items,
        objectives: agenda_item::objectives(),
        left_over,
        may_keep,
        action: edited.as_ref().map_or_else(|| url.clone(), |item| format!("{url}/{}", item.id)),
        edited,
        meeting,
    })
}

fn values(item: &AgendaItem) -> Fields {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Fields::of([
        ("titre", item.title.clone()),
        ("but", item.objective.clone()),
        ("duree", item.minutes.map(duration::say).unwrap_or_default().replace('\u{a0}', " ")),
        ("presente", text(&item.presenter)),
        ("detail", text(&item.details)),
        ("version", item.version.to_string()),
    ])
}

fn read(form: &mut Fields, mut item: AgendaItem) -> AgendaItem {
    item.title = form.required("titre", MOST_TITLE, "Dites de quoi il s’agit.");
    match form.choice("but", &agenda_item::objectives()) {
        Some(objective) => item.objective = objective,
        None => form.reject("but", "Dites dans quel but on en parle."),
    }
    item.minutes = form.parse("duree", duration::read);
    item.presenter = form.text("presente", MOST_NAME);
    item.details = form.watched("detail", MOST_DETAILS, item.details.as_deref());
    item
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    Ok(page(&agenda_page(&cx, &mut tx, id, None).await?))
}

/// Adds an item; what a member sends is a proposal.
pub async fn add(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let mut page = agenda_page(&cx, &mut tx, id, None).await?;
    let mut item = read(&mut form, AgendaItem::blank(&page.meeting, cx.now));
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    if !page.may_keep {
        "proposed".clone_into(&mut item.state);
        item.proposed_by = Some(cx.visitor()?.name.clone());
    }
    agenda_item::add(&mut tx, &cx.actor(), &page.meeting, item).await?;
    tx.commit().await?;
    let said = if page.may_keep { "Point ajouté." } else { "Point proposé à la coordination." };
    let back = if form.get("retour") == "seance" { sitting_sheet::url(&page.meeting) } else { page.action };
    Ok(go_saying(&back, said))
}

pub async fn edit(cx: Cx, Path((id, item)): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&agenda_page(&cx, &mut tx, id, Some(item)).await?))
}

/// Saves an item; one that was proposed is thereby on the agenda.
pub async fn save(cx: Cx, Path((id, item)): Path<(Id, Id)>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = agenda_page(&cx, &mut tx, id, Some(item)).await?;
    let Some(before) = page.edited.clone() else { return Err(Error::NotFound) };
    if !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let mut after = read(&mut form, before.clone());
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    if !after.is_on() {
        "planned".clone_into(&mut after.state);
    }
    agenda_item::save(&mut tx, &cx.actor(), &page.meeting, &before, after).await?;
    tx.commit().await?;
    Ok(go_saying(&format!("{}/ordre-du-jour", page.meeting.url()), "Point enregistré."))
}

/// Moves an item up or down (`vers`).
pub async fn shift(cx: Cx, Path((id, item)): Path<(Id, Id)>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    agenda_item::shift(&mut tx, &cx.actor(), &meeting, item, form.get("vers") == "haut").await?;
    tx.commit().await?;
    Ok(go(&format!("{}/ordre-du-jour", meeting.url())))
}

pub async fn remove(cx: Cx, Path((id, item)): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    let item: AgendaItem = tx.get(cx.network.id, item).await?;
    if item.meeting_id != meeting.id {
        return Err(Error::NotFound);
    }
    paper::leave_item(&mut tx, cx.network.id, meeting.id, item.id).await?;
    agenda_item::remove(&mut tx, &cx.actor(), &meeting, &item).await?;
    tx.commit().await?;
    Ok(go_saying(&format!("{}/ordre-du-jour", meeting.url()), "Point retiré."))
}

/// Fills the agenda with the usual items, or with what earlier meetings left (`quoi=reports`).
pub async fn fill(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let meeting = meeting::find(&mut tx, cx.network.id, id).await?;
    let count = match form.get("quoi") {
        "reports" => agenda_item::carry_over(&mut tx, &cx.actor(), &meeting).await?,
        _ => agenda_item::fill(&mut tx, &cx.actor(), &meeting).await?,
    };
    tx.commit().await?;
    let said = match count {
        0 => "Aucun point à reprendre.".to_owned(),
        1 => "1 point ajouté.".to_owned(),
        n => format!("{n} points ajoutés."),
    };
    Ok(go_saying(&format!("{}/ordre-du-jour", meeting.url()), &said))
}
