//! Relays: services that young people, parents and professionals can be referred to. The national ones come
//! with the program (`data/relays`), each network keeps its own; `/besoin-d-aide` shows both.

mod entry;
mod list;
mod national;
pub mod opening;
pub mod policy;
pub mod relay;
mod relay_form;
#[cfg(test)]
mod tests;

use kit::web::routes::Routes;

pub use entry::{Entry, emergencies, for_the_public};

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/espace/accompagnement/relais", list::list)
        .get("/espace/accompagnement/relais/nouveau", relay_form::blank)
        .post("/espace/accompagnement/relais/nouveau", relay_form::add)
        .get("/espace/accompagnement/relais/{id}/modifier", relay_form::edit)
        .post("/espace/accompagnement/relais/{id}/modifier", relay_form::save)
        .post("/espace/accompagnement/relais/{id}/retirer", relay_form::retire)
        .post("/espace/accompagnement/relais/{id}/remettre", relay_form::bring_back)
}

kit::words! {
    "relay.added" => "Relais ajouté",
    "relay.changed" => "Relais modifié",
    "relay.retired" => "Relais retiré",
    "relay.brought_back" => "Relais remis",
    "theme" => "Thème",
    "audience" => "Public",
    "description" => "Description",
    "hours" => "Horaires",
    "cost" => "Coût",
    "source" => "Source",
    "retired_at" => "Retiré",
}
