//! Governance: the committees that steer the network, who sits in them, what they ask of the coordination.

pub mod committee;
mod committee_form;
mod committee_sheet;
mod committees;
mod findable;
mod holder_form;
pub mod objective;
mod objective_form;
mod policy;
pub mod seat;
mod seat_form;
#[cfg(test)]
mod tests;

use kit::web::routes::Routes;

const COMMITTEES: &str = "/espace/gouvernance/comites";

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .get(COMMITTEES, committees::list)
        .get("/espace/gouvernance/comites/nouveau", committee_form::blank)
        .post("/espace/gouvernance/comites/nouveau", committee_form::add)
        .get("/espace/gouvernance/comites/{id}", committee_sheet::show)
        .get("/espace/gouvernance/comites/{id}/modifier", committee_form::edit)
        .post("/espace/gouvernance/comites/{id}/modifier", committee_form::save)
        .post("/espace/gouvernance/comites/{id}/fin", committee_form::close)
        .post("/espace/gouvernance/comites/{id}/rouvrir", committee_form::reopen)
        .get("/espace/gouvernance/comites/{id}/sieges/nouveau", seat_form::blank)
        .post("/espace/gouvernance/comites/{id}/sieges/nouveau", seat_form::give)
        .get("/espace/gouvernance/comites/{id}/sieges/{siege}", seat_form::edit)
        .post("/espace/gouvernance/comites/{id}/sieges/{siege}", seat_form::save)
        .get("/espace/gouvernance/comites/{id}/sieges/{siege}/membres/nouveau", holder_form::blank)
        .post("/espace/gouvernance/comites/{id}/sieges/{siege}/membres/nouveau", holder_form::succeed)
        .get("/espace/gouvernance/comites/{id}/membres/{membre}", holder_form::edit)
        .post("/espace/gouvernance/comites/{id}/membres/{membre}", holder_form::save)
        .get("/espace/gouvernance/comites/{id}/objectifs/nouveau", objective_form::blank)
        .post("/espace/gouvernance/comites/{id}/objectifs/nouveau", objective_form::set)
        .get("/espace/gouvernance/comites/{id}/objectifs/{objectif}", objective_form::edit)
        .post("/espace/gouvernance/comites/{id}/objectifs/{objectif}", objective_form::save)
}

kit::words! {
    "committee.founded" => "Comité créé",
    "committee.changed" => "Comité modifié",
    "committee.closed" => "Fin du comité",
    "committee.reopened" => "Comité rouvert",
    "committee_kind" => "Type",
    "chair" => "Présidence",
    "co_facilitator" => "Coanimation",
    "decides" => "Décide",
    "decision_mode" => "Mode de décision",
    "quorum_percent" => "Quorum, en %",
    "most_proxies" => "Pouvoirs par membre",
    "meetings_per_year" => "Réunions par an",
    "seat.given" => "Siège ouvert",
    "seat.changed" => "Siège modifié",
    "organisation" => "Organisme",
    "voice" => "Voix",
    "seat_holder.seated" => "Membre nommé",
    "seat_holder.changed" => "Membre modifié",
    "seat_holder.left" => "Fin de mandat d’un membre",
    "holder_rank" => "Rang",
    "objective.set" => "Objectif fixé",
    "objective.changed" => "Objectif modifié",
    "indicator" => "Indicateur",
    "target" => "Cible",
    "progress" => "Avancement",
}
