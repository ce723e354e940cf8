//! `/espace/accompagnement/taches/nouvelle` and `…/{id}`: a task being added, changed, done.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Role, Tx};

use super::about::AboutLink;
use super::policy::{Want, may, require};
use super::task::{self, NewTask, STATES, Task};
use super::{TASKS, back};
use crate::features;
use crate::features::accounts::account;

/// Longest notes, in characters.
const MOST_NOTES: usize = 4000;

#[derive(Template)]
#[template(path = "support/task_form.html")]
struct TaskForm {
    frame: Frame,
    form: Fields,
    people: Vec<Choice>,
    states: Vec<Choice>,
    stored: Option<Task>,
    about: Option<AboutLink>,
    /// Whether it carries a decision out.
    follows_decision: bool,
    reads_about: bool,
    /// What it is about, in the sentence that names it.
    shown_about: String,
    added: String,
    ended: String,
    action: String,
    may_keep: bool,
    due: String,
}

async fn task_form(cx: &Cx, tx: &mut Tx, id: Option<Id>) -> Result<TaskForm> {
    let stored = match id {
        Some(id) => Some(readable(cx, tx, id).await?),
        None => None,
    };
    let may_keep = may(cx.visitor()?, Want::Tasks);
    let shown = stored.clone().unwrap_or_else(|| Task::blank(cx.network.id, cx.now));
    let form = Fields::of([
        ("titre", shown.title.clone()),
        ("notes", shown.notes.clone().unwrap_or_default()),
        ("echeance", shown.due_on.map(|day| day.to_string()).unwrap_or_default()),
        ("confiee", shown.assignee_id.map(|id| id.to_string()).unwrap_or_default()),
        ("etat", shown.state.clone()),
        ("version", shown.version.to_string()),
    ]);
    let zone = cx.network.zone();
    let decision = shown.about_id.filter(|_| shown.about_kind.as_deref() == Some("decision"));
    let asking = (cx.visitor()?, cx.today());
    let reads_about = match decision {
        _ if may_keep => true,
        Some(decision) => features::reads_decision(tx, cx.network.id, asking, decision).await?,
        None => false,
    };
    Ok(TaskForm {
        follows_decision: decision.is_some(),
        shown_about: match (decision, &shown.about_label) {
            // « Suite de la décision 2026-04 ».
            (Some(_), Some(label)) => label.to_lowercase(),
            (None, Some(label)) => label.clone(),
            (_, None) => String::new(),
        },
        reads_about,
        frame: cx.frame(stored.as_ref().map_or("Ajouter une tâche", |task| &task.title)),
        form,
        people: if may_keep { people(cx, tx, shown.assignee_id).await? } else { Vec::new() },
        may_keep,
        due: shown.due_label(cx.today()),
        states: STATES.iter().map(|(code, label, _)| Choice::new(*code, *label)).collect(),
        about: shown.about(),
        added: shown.created_at.long_in(zone),
        ended: shown.done_at.map(|at| at.long_in(zone)).unwrap_or_default(),
        action: stored.as_ref().map_or_else(|| format!("{TASKS}/nouvelle"), Task::url),
        stored,
    })
}

/// A task that the visitor may read: any for the coordination, their own for others.
pub(super) async fn readable(cx: &Cx, tx: &mut Tx, id: Id) -> Result<Task> {
    let visitor = cx.visitor()?;
    require(visitor, Want::OwnTasks)?;
    let task: Task = tx.get(cx.network.id, id).await?;
    let is_own = task.assignee_id == Some(visitor.account_id);
    if is_own || may(visitor, Want::Tasks) { Ok(task) } else { Err(Error::NotFound) }
}

/// Whom a task can be given to: the coordination, and whoever has it already.
async fn people(cx: &Cx, tx: &mut Tx, assignee: Option<Id>) -> Result<Vec<Choice>> {
    let all = account::list(tx, cx.network.id).await?;
    let fit = all.into_iter().filter(|(account, roles)| {
        let coordinates = account::holds(roles, Role::Coordinator) && !account.is_disabled();
        coordinates || Some(account.id) == assignee
    });
    Ok(fit.map(|(account, _)| Choice::new(account.id.to_string(), account.name)).collect())
}

pub async fn blank(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Tasks)?;
    let mut tx = cx.read().await?;
    let mut blank = task_form(&cx, &mut tx, None).await?;
    blank.form.set("confiee", cx.visitor()?.account_id.to_string());
    Ok(page(&blank))
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    Ok(page(&task_form(&cx, &mut tx, Some(id)).await?))
}

pub async fn add(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Tasks)?;
    let mut tx = cx.write().await?;
    let mut page = task_form(&cx, &mut tx, None).await?;
    let read = read(&mut form, &page, Task::blank(cx.network.id, cx.now));
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let Task { title, notes, due_on, assignee_id, .. } = read;
    task::add(&mut tx, &cx.actor(), NewTask { title, notes, due_on, assignee_id, about: None }).await?;
    tx.commit().await?;
    Ok(go_saying(TASKS, "Tâche ajoutée."))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Tasks)?;
    let mut tx = cx.write().await?;
    let mut page = task_form(&cx, &mut tx, Some(id)).await?;
    let Some(before) = page.stored.clone() else { return Err(Error::NotFound) };
    if !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let mut after = read(&mut form, &page, before.clone());
    after.state = form.choice("etat", &page.states).unwrap_or_else(|| before.state.clone());
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    task::edit(&mut tx, &cx.actor(), &before, after).await?;
    tx.commit().await?;
    Ok(go_saying(TASKS, "Tâche enregistrée."))
}

/// Reads what both forms ask; what is wrong is noted in the form.
fn read(form: &mut Fields, page: &TaskForm, mut task: Task) -> Task {
    task.title = form.required("titre", 200, "Indiquez ce qu’il y a à faire.");
    task.notes = form.watched("notes", MOST_NOTES, task.notes.as_deref());
    task.due_on = form.date("echeance");
    task.assignee_id = form.choice("confiee", &page.people).and_then(|id| id.parse().ok());
    task
}

pub async fn finish(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    readable(&cx, &mut tx, id).await?;
    let task = task::finish(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&back(form.get("retour"), TASKS), &format!("«\u{a0}{}\u{a0}»\u{a0}: fait.", task.title)))
}

pub async fn reopen(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    readable(&cx, &mut tx, id).await?;
    let task = task::reopen(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&back(form.get("retour"), &task.url()), "Tâche remise parmi celles à faire."))
}
