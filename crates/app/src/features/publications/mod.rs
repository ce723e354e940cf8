//! Publications: pages and news of the network's own, with former texts, pictures, and a place in the public menu;
//! and the network's words on the pages that every site has from the start.
//!
//! `publication.rs` holds the thing and its acts; `article.rs` is what the public reads; `editor.rs` is where it is
//! written. What is written passes through `kit::markup`, here and nowhere else.

mod article;
mod editor;
mod findable;
mod image;
mod list;
pub mod menu;
pub mod picture;
mod picture_form;
mod picture_use;
pub mod pictures;
pub mod place;
mod places;
pub mod policy;
pub mod publication;
pub mod published;
mod scheduled;
mod slug;
#[cfg(test)]
mod tests;
mod trash;
mod version;
mod versions;

use kit::jobs::{Handlers, Job, Schedule};
use kit::web::kept::Keep::ThisDay;
use kit::web::routes::Routes;

pub use trash::thrown;

pub use article::{Entry, Teaser, entries, latest_news, published};

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .kept("/actualites/{slug}", ThisDay, article::news)
        .kept("/pages/{slug}", ThisDay, article::own_page)
        .get("/images/{id}/{file}", image::show)
        .get("/espace/communication/site", list::list)
        .get("/espace/communication/site/nouveau", editor::blank)
        .post("/espace/communication/site/nouveau", editor::add)
        .get("/espace/communication/site/textes", places::list)
        .get("/espace/communication/site/textes/{place}", editor::edit_place)
        .post("/espace/communication/site/textes/{place}", editor::save_place)
        .get("/espace/communication/site/menu", menu::show)
        .post("/espace/communication/site/menu", menu::save)
        .get("/espace/communication/site/images", pictures::list)
        .post("/espace/communication/site/images", pictures::add)
        .get("/espace/communication/site/images/{id}", picture_form::edit)
        .post("/espace/communication/site/images/{id}", picture_form::save)
        .post("/espace/communication/site/images/{id}/corbeille", pictures::throw)
        .post("/espace/communication/site/images/{id}/restaurer", pictures::restore)
        .get("/espace/communication/site/{id}/modifier", editor::edit)
        .post("/espace/communication/site/{id}/modifier", editor::save)
        .get("/espace/communication/site/{id}/apercu", article::preview)
        .get("/espace/communication/site/{id}/versions", versions::list)
        .post("/espace/communication/site/{id}/versions/{numero}", versions::restore)
        .post("/espace/communication/site/{id}/retirer", list::withdraw)
        .post("/espace/communication/site/{id}/corbeille", list::throw)
        .post("/espace/communication/site/{id}/restaurer", list::restore)
}

/// Adds the jobs of the feature.
pub fn handlers(handlers: Handlers) -> Handlers {
    handlers.with::<scheduled::PublishScheduled>().with::<scheduled::EmptyTrash>()
}

/// What comes back by itself.
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        name: "publications.empty_trash",
        every_minutes: 24 * 60,
        kind: scheduled::EmptyTrash::KIND,
        payload: "{}",
    }]
}

kit::words! {
    "publication.added" => "Publication écrite",
    "publication.changed" => "Publication modifiée",
    "publication.scheduled" => "Publication programmée",
    "publication.published" => "Publication mise en ligne",
    "publication.withdrawn" => "Publication retirée du site",
    "publication.trashed" => "Publication mise à la corbeille",
    "publication.restored" => "Publication restaurée",
    "publication.erased" => "Publication effacée définitivement",
    "picture.added" => "Image ajoutée",
    "picture.changed" => "Image modifiée",
    "picture.trashed" => "Image mise à la corbeille",
    "picture.restored" => "Image restaurée",
    "picture.erased" => "Image effacée définitivement",
    "menu.changed" => "Menu du site modifié",
    "title" => "Titre",
    "state" => "État",
    "scheduled_for" => "Programmée pour",
    "menu" => "Menu du site",
    "credit" => "Crédit",
    "alt" => "Description",
    "shows" => "Personnes reconnaissables",
    "people_shown" => "Qui est reconnaissable",
    "consent_on" => "Accord donné le",
    "consent_until" => "Accord valable jusqu’au",
    "title_key" => "",
    "cover_id" => "",
    "menu_rank" => "",
    "alt_key" => "",
    "width" => "",
    "height" => "",
    "files" => "",
    "uploaded_by" => "",
}
