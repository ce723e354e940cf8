//! Search over the directory, what is written for the site and what is asked: one box everywhere (`Ctrl/⌘ K`), accents, case
//! and small slips forgiven.

mod results;

use kit::web::routes::Routes;

pub fn routes() -> Routes {
    Routes::new().get("/espace/recherche", results::show).get("/espace/recherche.json", results::suggest)
}
