//! The departmental website: who the promeneurs are, where, when online. Only what each opted to publish.

mod agenda;
pub mod finding;
mod help;
mod home;
mod legal;
mod linked_data;
mod map;
mod network;
mod news;
mod promeneur;
mod promeneurs;
mod resources;
mod robots;
mod sharing;
pub mod shown;
mod sitemap;
mod structure;
mod structures;
#[cfg(test)]
mod tests;
mod verify;

use kit::web::kept::Keep::{ThisDay, ThisMinute};
use kit::web::routes::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .kept("/", ThisMinute, home::show)
        .get("/communes.json", home::communes)
        .kept("/promeneurs", ThisMinute, promeneurs::list)
        .kept("/promeneurs/{slug}", ThisMinute, promeneur::show)
        .get("/promeneurs/{slug}/photo", promeneur::photo)
        .kept("/structures", ThisDay, structures::list)
        .kept("/structures/{slug}", ThisMinute, structure::show)
        .get("/structures/{slug}/image", structure::image)
        .kept("/carte", ThisDay, map::show)
        .kept("/le-reseau", ThisDay, network::show)
        .kept("/besoin-d-aide", ThisMinute, help::show)
        .kept("/agenda", ThisDay, agenda::show)
        .kept("/agenda.ics", ThisDay, agenda::calendar)
        .kept("/actualites", ThisDay, news::show)
        .kept("/actualites.atom", ThisDay, news::feed)
        .kept("/ressources", ThisDay, resources::show)
        .kept("/mentions-legales", ThisDay, legal::notice)
        .kept("/donnees-personnelles", ThisDay, legal::personal_data)
        .kept("/accessibilite", ThisDay, legal::accessibility)
        .kept("/plan-du-site", ThisDay, sitemap::plan)
        .kept("/sitemap.xml", ThisDay, sitemap::xml)
        .kept("/robots.txt", ThisDay, robots::robots)
        .kept("/.well-known/security.txt", ThisDay, robots::security)
        .kept("/partage/{*page}", ThisDay, sharing::show)
        .get("/verifier", verify::ask)
        .get("/verifier/{code}", verify::code)
        .get("/espace/reseau/promeneurs/{id}/apercu", promeneur::preview)
}
