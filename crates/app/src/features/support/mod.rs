//! Support: what the coordination has to do (tasks) and what it did (the « journal d’activité »). Both are about
//! anything: a message, a structure, a convention. Other features add tasks and propose lines of the journal with
//! the acts of `task.rs` and `activity_entry.rs`; they need not know each other.

mod about;
pub mod activity_entry;
mod board;
mod due;
pub mod duration;
mod entry_form;
mod journal;
mod period;
mod policy;
pub mod task;
mod task_filter;
mod task_form;
mod tasks;
#[cfg(test)]
mod tests;

use kit::jobs::{Handlers, Job, Schedule};
use kit::web::routes::Routes;

pub use about::{About, AboutLink};

const TASKS: &str = "/espace/accompagnement/taches";
const JOURNAL: &str = "/espace/accompagnement/journal";

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .get(TASKS, tasks::list)
        .get("/espace/accompagnement/taches/nouvelle", task_form::blank)
        .post("/espace/accompagnement/taches/nouvelle", task_form::add)
        .get("/espace/accompagnement/taches/{id}", task_form::edit)
        .post("/espace/accompagnement/taches/{id}", task_form::save)
        .post("/espace/accompagnement/taches/{id}/etat", board::turn)
        .post("/espace/accompagnement/taches/{id}/fait", task_form::finish)
        .post("/espace/accompagnement/taches/{id}/rouvrir", task_form::reopen)
        .get(JOURNAL, journal::list)
        .post(JOURNAL, journal::add)
        .get("/espace/accompagnement/journal/nouvelle", entry_form::blank)
        .post("/espace/accompagnement/journal/nouvelle", entry_form::add)
        .get("/espace/accompagnement/journal/{id}", entry_form::edit)
        .post("/espace/accompagnement/journal/{id}", entry_form::save)
        .post("/espace/accompagnement/journal/{id}/confirmer", entry_form::confirm)
        .post("/espace/accompagnement/journal/{id}/ecarter", entry_form::dismiss)
}

/// Adds the jobs of the feature.
pub fn handlers(handlers: Handlers) -> Handlers {
    handlers.with::<due::NoteDue>()
}

/// What comes back by itself.
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule { name: "support.note_due", every_minutes: 60, kind: due::NoteDue::KIND, payload: "{}" }]
}

/// What was asked to be gone back to after an act: a page of the private side, else `otherwise`.
pub fn back(asked: &str, otherwise: &str) -> String {
    let inside = asked == "/espace" || asked.starts_with("/espace/") || asked.starts_with("/espace?");
    let plain = asked.bytes().all(|byte| byte.is_ascii_graphic());
    if inside && plain { asked.to_owned() } else { otherwise.to_owned() }
}

kit::words! {
    "task.added" => "Tâche ajoutée",
    "task.changed" => "Tâche modifiée",
    "task.assigned" => "Tâche confiée",
    "task.due" => "Échéance atteinte",
    "task.finished" => "Tâche faite",
    "task.abandoned" => "Tâche abandonnée",
    "task.reopened" => "Tâche rouverte",
    "due_on" => "Échéance",
    "assignee_id" => "",
    "assignee" => "Confiée à",
    "activity_entry.proposed" => "Ligne de journal proposée",
    "activity_entry.recorded" => "Ligne de journal ajoutée",
    "activity_entry.changed" => "Ligne de journal modifiée",
    "activity_entry.confirmed" => "Ligne de journal confirmée",
    "activity_entry.dismissed" => "Ligne de journal écartée",
    "duration" => "Durée",
    "people" => "Personnes",
    "activity" => "Activité",
}
