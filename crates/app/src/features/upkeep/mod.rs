//! Keeping the directory up to date without the coordinator typing: owners of sheets propose changes, which
//! she accepts, amends or refuses; campaigns ask everyone whether their sheet is still right; what must be
//! told to the national site is listed until it is.
//!
//! `editable.rs` says what an owner may change, `change_request.rs` and `campaign.rs` hold the things
//! themselves; the other files bear the names of their addresses.

pub mod campaign;
mod campaigns;
pub mod change_request;
mod check;
pub mod editable;
mod national;
mod policy;
mod proposal;
mod request;
mod requests;
#[cfg(test)]
mod tests;

use kit::jobs::{Handlers, Job, Schedule};
use kit::web::routes::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/espace/reseau/promeneurs/{id}/proposer", proposal::of_person)
        .post("/espace/reseau/promeneurs/{id}/proposer", proposal::send_of_person)
        .get("/espace/reseau/structures/{id}/proposer", proposal::of_structure)
        .post("/espace/reseau/structures/{id}/proposer", proposal::send_of_structure)
        .get("/espace/reseau/demandes", requests::list)
        .get("/espace/reseau/demandes/{demande}", request::show)
        .post("/espace/reseau/demandes/{demande}", request::decide)
        .post("/espace/reseau/demandes/{demande}/retirer", request::withdraw)
        .get("/espace/reseau/a-reporter", national::list)
        .post("/espace/reseau/a-reporter/{demande}", national::tick)
        .get("/espace/reseau/verifications", campaigns::list)
        .post("/espace/reseau/verifications", campaigns::start)
        .get("/espace/reseau/verifications/{campagne}", campaigns::show)
        .post("/espace/reseau/verifications/{campagne}/clore", campaigns::close)
        .get("/fiche/{token}", check::show)
        .post("/fiche/{token}", check::unchanged)
        .get("/fiche/{token}/modifier", check::edit)
        .post("/fiche/{token}/modifier", check::propose)
}

/// Adds the jobs of the feature.
pub fn handlers(handlers: Handlers) -> Handlers {
    handlers.with::<campaign::AskAgain>()
}

/// What comes back by itself.
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        name: "upkeep.ask_again",
        every_minutes: 60,
        payload: "{}",
        kind: <campaign::AskAgain as Job>::KIND,
    }]
}

kit::words! {
    "change_request.made" => "Modification proposée",
    "change_request.withdrawn" => "Proposition retirée",
    "change_request.refused" => "Proposition refusée",
    "change_request.reported" => "Reporté sur le site national",
    "person.proposal_applied" => "Modification de l’intéressé enregistrée",
    "structure.proposal_applied" => "Modification du responsable enregistrée",
    "person.verified" => "Fiche vérifiée par l’intéressé",
    "campaign.started" => "Campagne de vérification lancée",
    "campaign.closed" => "Campagne de vérification close",
    "word" => "Motif",
    "asked" => "Personnes interrogées",
}
