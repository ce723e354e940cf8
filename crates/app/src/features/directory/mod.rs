//! The directory: who the promeneurs are, which structures hold which posts, who succeeded whom, whom one
//! talks to around the network. Every other feature reads it; it calls none but `accounts`' tables.
//!
//! A screen's file bears the name of what its address shows; `structure.rs`, `person.rs`, `mandate.rs`,
//! `social_profile.rs`, `office_hours.rs` and `contact.rs` hold the things themselves and their acts.

pub mod card;
pub mod cleaning;
mod communes;
pub mod contact;
pub mod departure;
mod duplicates;
pub mod exchange;
pub mod export;
pub mod facets;
pub mod findable;
mod history;
pub mod imports;
pub mod listing;
pub mod mandate;
pub mod map;
pub mod mediation;
pub mod merge;
pub mod office_hours;
mod partners;
mod people;
pub mod person;
mod person_form;
mod person_sheet;
pub mod photo;
pub mod policy;
mod post_form;
mod printed_card;
mod profile_form;
mod rounds;
pub mod sheet;
pub mod social_profile;
mod standing;
pub mod structure;
mod structure_form;
mod structure_image;
mod structure_sheet;
mod structures;
pub mod suspension;
#[cfg(test)]
mod tests;
pub mod thunderbird;
mod trash;
pub mod vcard;
pub mod vocabulary;

use kit::jobs::{Handlers, Job, Schedule};
use kit::web::routes::Routes;

pub use communes::suggestions;
pub use history::{Event, tell};
pub use people::file;
pub use rounds::{RefreshFacets, TurnOfDay, refresh_all};
pub use trash::{DAYS as TRASH_DAYS, thrown};

pub fn routes() -> Routes {
    Routes::new()
        .get("/espace/communes.json", communes::suggest)
        .get("/espace/reseau/promeneurs", people::list)
        .post("/espace/reseau/promeneurs/actions", people::act)
        .get("/espace/reseau/promeneurs/nouveau", person_form::blank)
        .post("/espace/reseau/promeneurs/nouveau", person_form::add)
        .get("/espace/reseau/promeneurs/{id}", person_sheet::show)
        .get("/espace/reseau/promeneurs/{id}/carte.vcf", vcard::show)
        .get("/espace/reseau/promeneurs/{id}/carte.pdf", printed_card::show)
        .post("/espace/reseau/promeneurs/{id}/publier", person_sheet::publish)
        .post("/espace/reseau/promeneurs/{id}/depublier", person_sheet::unpublish)
        .get("/espace/reseau/promeneurs/{id}/modifier", person_form::edit)
        .post("/espace/reseau/promeneurs/{id}/modifier", person_form::save)
        .get("/espace/reseau/promeneurs/{id}/depart", departure::ask)
        .post("/espace/reseau/promeneurs/{id}/depart", departure::record)
        .get("/espace/reseau/promeneurs/{id}/depart/liste", departure::closing_list)
        .get("/espace/reseau/promeneurs/{id}/postes/nouveau", post_form::blank_for_person)
        .post("/espace/reseau/promeneurs/{id}/postes/nouveau", post_form::open_for_person)
        .get("/espace/reseau/promeneurs/{id}/profils/nouveau", profile_form::blank)
        .post("/espace/reseau/promeneurs/{id}/profils/nouveau", profile_form::add)
        .get("/espace/reseau/promeneurs/{id}/profils/{profil}", profile_form::edit)
        .post("/espace/reseau/promeneurs/{id}/profils/{profil}", profile_form::save)
        .get("/espace/reseau/promeneurs/{id}/permanences", profile_form::hours)
        .post("/espace/reseau/promeneurs/{id}/permanences", profile_form::save_hours)
        .get("/espace/reseau/promeneurs/{id}/photo", photo::show)
        .post("/espace/reseau/promeneurs/{id}/photo", photo::keep)
        .post("/espace/reseau/promeneurs/{id}/corbeille", trash::throw_person)
        .get("/espace/reseau/postes/{id}/modifier", post_form::edit)
        .post("/espace/reseau/postes/{id}/modifier", post_form::save)
        .merge(structure_routes())
        .merge(import_routes())
}

fn structure_routes() -> Routes {
    Routes::new()
        .get("/espace/reseau/structures", structures::list)
        .get("/espace/reseau/structures/nouvelle", structure_form::blank)
        .post("/espace/reseau/structures/nouvelle", structure_form::add)
        .get("/espace/reseau/structures/{id}", structure_sheet::show)
        .post("/espace/reseau/structures/{id}/publier", structure_sheet::publish)
        .post("/espace/reseau/structures/{id}/depublier", structure_sheet::unpublish)
        .get("/espace/reseau/structures/{id}/image", structure_image::show)
        .post("/espace/reseau/structures/{id}/image", structure_image::keep)
        .get("/espace/reseau/structures/{id}/modifier", structure_form::edit)
        .post("/espace/reseau/structures/{id}/modifier", structure_form::save)
        .get("/espace/reseau/structures/{id}/postes/nouveau", post_form::blank_in_structure)
        .post("/espace/reseau/structures/{id}/postes/nouveau", post_form::open_in_structure)
        .post("/espace/reseau/structures/{id}/corbeille", trash::throw_structure)
        .get("/espace/reseau/partenaires", partners::list)
        .get("/espace/reseau/partenaires.json", partners::suggest)
        .get("/espace/reseau/partenaires/nouveau", partners::blank)
        .post("/espace/reseau/partenaires/nouveau", partners::add)
        .get("/espace/reseau/partenaires/{id}", partners::show)
        .get("/espace/reseau/partenaires/{id}/modifier", partners::edit)
        .post("/espace/reseau/partenaires/{id}/modifier", partners::save)
        .post("/espace/reseau/partenaires/{id}/echanges", exchange::add)
        .post("/espace/reseau/partenaires/{id}/echanges/{echange}/retirer", exchange::remove)
        .post("/espace/reseau/partenaires/{id}/corbeille", trash::throw_organisation)
        .get("/espace/reseau/contacts/nouveau", partners::blank_contact)
        .post("/espace/reseau/contacts/nouveau", partners::add_contact)
        .get("/espace/reseau/contacts/{id}/modifier", partners::edit_contact)
        .post("/espace/reseau/contacts/{id}/modifier", partners::save_contact)
        .post("/espace/reseau/contacts/{id}/corbeille", trash::throw_contact)
        .get("/espace/reseau/carte", map::show)
        .post("/espace/reseau/carte/groupes", map::group)
}

fn import_routes() -> Routes {
    Routes::new()
        .get("/espace/reseau/imports", imports::list)
        .post("/espace/reseau/imports", imports::upload)
        .get("/espace/reseau/imports/modele", imports::template)
        .get("/espace/reseau/imports/{id}", imports::show)
        .get("/espace/reseau/imports/{id}/avancement", imports::progress)
        .post("/espace/reseau/imports/{id}/verifier", imports::review)
        .post("/espace/reseau/imports/{id}/enregistrer", imports::start_apply)
        .post("/espace/reseau/imports/{id}/annuler", imports::cancel)
        .get("/espace/reseau/doublons", duplicates::list)
        .post("/espace/reseau/doublons", duplicates::decide)
        .post("/espace/reseau/fusions/{id}/annuler", merge::cancel)
        .get("/espace/reseau/corbeille", trash::list)
        .post("/espace/reseau/corbeille/{genre}/{id}", trash::restore)
}

/// The jobs of the directory.
pub fn handlers(handlers: Handlers) -> Handlers {
    handlers
        .with::<imports::ReadImport>()
        .with::<imports::ApplyImport>()
        .with::<trash::EmptyTrash>()
        .with::<RefreshFacets>()
        .with::<TurnOfDay>()
}

pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule { name: "directory.turn_of_day", every_minutes: 60, kind: TurnOfDay::KIND, payload: "{}" },
        Schedule {
            name: "directory.empty_trash",
            every_minutes: 24 * 60,
            kind: trash::EmptyTrash::KIND,
            payload: "{}",
        },
    ]
}
