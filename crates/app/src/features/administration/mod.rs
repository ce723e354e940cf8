//! Settings of a network: what it decides for itself, the lists it renames and extends, the messages it has
//! sent, and the components its pages are made of. Who has access is in `accounts`.

mod components;
mod lists;
mod outbox;
pub mod policy;
mod settings;
#[cfg(test)]
mod tests;

use kit::web::routes::Routes;

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/espace/reglages", settings::show)
        .post("/espace/reglages", settings::save)
        .get("/espace/reglages/listes", lists::index)
        .get("/espace/reglages/listes/{list}", lists::show)
        .post("/espace/reglages/listes/{list}", lists::add)
        .post("/espace/reglages/listes/{list}/{code}", lists::change)
        .get("/espace/reglages/courriels", outbox::list)
        .get("/espace/reglages/courriels/{id}", outbox::show)
        .get("/espace/reglages/composants", components::show)
}

kit::words! {
    "network.settings_changed" => "Réglages du réseau modifiés",
    "list.changed" => "Liste modifiée",
    "list.extended" => "Entrée ajoutée à une liste",
    "list.ordered" => "Liste remise en ordre",
    "time_zone" => "Fuseau horaire",
    "active_conditions" => "Conditions pour être actif",
    "coordination_email" => "Adresse de la coordination",
    "publication_director" => "Directeur de la publication",
    "hosting" => "Hébergeur",
    "postal_address" => "Adresse postale",
    "coordinating_body" => "Organisme de coordination",
    "accent" => "Couleur",
    "free_fields" => "Champs sans relecture",
    "own_mail" => "",
    "label" => "Libellé",
    "retired" => "Retirée",
    "entry" => "Entrée",
    "place" => "Place",
}
