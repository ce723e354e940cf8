//! The departmental website: who the promeneurs are, where, when online. Only what each opted to publish.

mod home;
mod map;
mod promeneur;
mod promeneurs;
mod shown;
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
        .get("/verifier", verify::ask)
        .get("/verifier/{code}", verify::code)
        .get("/espace/reseau/promeneurs/{id}/apercu", promeneur::preview)
}
