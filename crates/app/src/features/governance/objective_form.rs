//! `/espace/gouvernance/comites/{id}/objectifs/nouveau` and `…/objectifs/{objectif}`: a line of the roadmap.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::committee::Committee;
use super::objective::{self, MOST_TITLE, Objective};
use super::policy::{Want, require};

/// Longest note, in characters.
const MOST_NOTE: usize = 4_000;

#[derive(Template)]
#[template(path = "governance/objective_form.html")]
struct ObjectiveForm {
    frame: Frame,
    form: Fields,
    committee: Committee,
    states: Vec<Choice>,
    stored: Option<Objective>,
    action: String,
}

async fn objective_form(cx: &Cx, tx: &mut Tx, committee: Id, id: Option<Id>) -> Result<ObjectiveForm> {
    let committee: Committee = tx.get(cx.network.id, committee).await?;
    let stored: Option<Objective> = match id {
        Some(id) => Some(tx.get(cx.network.id, id).await?),
        None => None,
    };
    if stored.as_ref().is_some_and(|objective| objective.committee_id != committee.id) {
        return Err(Error::NotFound);
    }
    let shown = stored.clone().unwrap_or_else(|| Objective::blank(cx.network.id, cx.now, committee.id));
    Ok(ObjectiveForm {
        frame: cx.frame(stored.as_ref().map_or("Fixer un objectif", |objective| &objective.title)),
        form: values(&shown),
        states: objective::states(),
        action: stored
            .as_ref()
            .map_or_else(|| format!("{}/objectifs/nouveau", committee.url()), Objective::url),
        committee,
        stored,
    })
}

fn values(objective: &Objective) -> Fields {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Fields::of([
        ("titre", objective.title.clone()),
        ("indicateur", text(&objective.indicator)),
        ("cible", text(&objective.target)),
        ("note", text(&objective.note)),
        ("avancement", objective.progress.to_string()),
        ("echeance", objective.due_on.map(|day: Date| day.to_string()).unwrap_or_default()),
        ("etat", objective.state.clone()),
        ("version", objective.version.to_string()),
    ])
}

fn read(form: &mut Fields, mut objective: Objective) -> Objective {
    objective.title = form.required("titre", MOST_TITLE, "Dites en une ligne ce qui est attendu.");
    objective.indicator = form.text("indicateur", MOST_TITLE);
    objective.target = form.text("cible", MOST_TITLE);
    objective.note = form.watched("note", MOST_NOTE, objective.note.as_deref());
    objective.progress = form.number("avancement", 0..=100).unwrap_or_default();
    objective.due_on = form.date("echeance");
    if let Some(state) = form.choice("etat", &objective::states()) {
        objective.state = state;
    }
    objective
}

pub async fn blank(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&objective_form(&cx, &mut tx, id, None).await?))
}

pub async fn set(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = objective_form(&cx, &mut tx, id, None).await?;
    let new = read(&mut form, Objective::blank(cx.network.id, cx.now, id));
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    objective::set(&mut tx, &cx.actor(), new).await?;
    tx.commit().await?;
    Ok(go_saying(&page.committee.url(), "Objectif fixé."))
}

pub async fn edit(cx: Cx, Path((id, objective)): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&objective_form(&cx, &mut tx, id, Some(objective)).await?))
}

pub async fn save(cx: Cx, Path((id, objective)): Path<(Id, Id)>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = objective_form(&cx, &mut tx, id, Some(objective)).await?;
    let Some(before) = page.stored.clone() else { return Err(Error::NotFound) };
    if !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let after = read(&mut form, before.clone());
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    objective::save(&mut tx, &cx.actor(), &before, after).await?;
    tx.commit().await?;
    Ok(go_saying(&page.committee.url(), "Objectif enregistré."))
}
