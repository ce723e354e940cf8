//! Search over the directory and what is written for the site: one box everywhere (`Ctrl/⌘ K`), accents, case and small slips forgiven.

mod results;

use kit::web::routes::Routes;

pub fn routes() -> Routes {
    Routes::new().get("/espace/recherche", results::show).get("/espace/recherche.json", results::suggest)
}
