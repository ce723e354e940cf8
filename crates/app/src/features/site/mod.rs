//! The departmental website: who the promeneurs are, where, when online. Only what each opted to publish.

mod agenda;
pub mod finding;
mod help;
mod home;
mod legal;
mod map;
mod network;
mod news;
mod promeneur;
mod promeneurs;
mod resources;
mod robots;
pub mod shown;
mod sitemap;
mod structure;
mod structures;
#[cfg(test)]
mod tests;
mod verify;

use kit::web::routes::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/", home::show)
        .get("/communes.json", home::communes)
        .get("/promeneurs", promeneurs::list)
        .get("/promeneurs/{slug}", promeneur::show)
        .get("/promeneurs/{slug}/photo", promeneur::photo)
        .get("/structures", structures::list)
        .get("/structures/{slug}", structure::show)
        .get("/structures/{slug}/image", structure::image)
        .get("/carte", map::show)
        .get("/le-reseau", network::show)
        .get("/besoin-d-aide", help::show)
        .get("/agenda", agenda::show)
        .get("/agenda.ics", agenda::calendar)
        .get("/actualites", news::show)
        .get("/actualites.atom", news::feed)
        .get("/ressources", resources::show)
        .get("/mentions-legales", legal::notice)
        .get("/donnees-personnelles", legal::personal_data)
        .get("/accessibilite", legal::accessibility)
        .get("/plan-du-site", sitemap::plan)
        .get("/sitemap.xml", sitemap::xml)
        .get("/robots.txt", robots::robots)
        .get("/.well-known/security.txt", robots::security)
        .get("/verifier", verify::ask)
        .get("/verifier/{code}", verify::code)
        .get("/espace/reseau/promeneurs/{id}/apercu", promeneur::preview)
}
