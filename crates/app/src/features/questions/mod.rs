//! Questions: what promeneurs, managers and partners ask the coordination, by whatever way, from its arrival to its answer.
//! The register serves the coordination alone; an answer proposes its line in the journal of `support`.
//!
//! Other features add questions with the acts of `question.rs`, who asks being an [`Asker`]: the mailbox makes one of a
//! conversation. What a question is about they say as for tasks, with `support::About`.

mod activity;
pub mod asker;
mod findable;
mod list;
mod policy;
pub mod question;
mod question_form;
#[cfg(test)]
mod tests;

use kit::web::routes::Routes;

pub use asker::Asker;

const QUESTIONS: &str = "/espace/accompagnement/questions";

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .get(QUESTIONS, list::list)
        .get("/espace/accompagnement/questions/nouvelle", question_form::blank)
        .post("/espace/accompagnement/questions/nouvelle", question_form::add)
        .get("/espace/accompagnement/questions/{id}", question_form::edit)
        .post("/espace/accompagnement/questions/{id}", question_form::save)
        .post("/espace/accompagnement/questions/{id}/prendre", question_form::take)
        .post("/espace/accompagnement/questions/{id}/rouvrir", question_form::reopen)
        .post("/espace/accompagnement/questions/{id}/obsolete", question_form::set_obsolete)
}

kit::words! {
    "question.added" => "Question ajoutée",
    "question.changed" => "Question modifiée",
    "question.taken" => "Question prise en charge",
    "question.waiting" => "Question en attente d’un tiers",
    "question.answered" => "Réponse enregistrée",
    "question.reopened" => "Question rouverte",
    "question.obsolete" => "Question devenue obsolète",
    "category" => "Catégorie",
    "channel" => "Canal",
    "asked_on" => "Posée le",
    "asker" => "Posée par",
    "review_on" => "À revoir le",
    "owner_id" => "",
}
