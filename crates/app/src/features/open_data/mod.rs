//! Ways out for everyone: `/api/v1`, published data for programs, described by `/api/openapi.json` for them and
//! `/api` for people; `/widget/trouver`, the search in a frame of a town hall's site.
//!
//! Nothing here decides what is public: people come from `site::shown` and `site::finding`, structures from
//! what their page shows. A new resource is one file (its shape, its handlers, its `describe`), a line in
//! `routes` and a line in `openapi::RESOURCES`.

mod answer;
mod events;
mod guide;
mod limit;
mod openapi;
mod people;
mod publications;
mod question;
mod schema;
mod structures;
#[cfg(test)]
mod tests;
mod widget;

use kit::web::kept::Keep::ThisMinute;
use kit::web::routes::Routes;

const GET: &[&str] = &["GET"];

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .any_of(GET, "/api/v1/promeneurs", people::list)
        .any_of(GET, "/api/v1/promeneurs/{slug}", people::show)
        .any_of(GET, "/api/v1/structures", structures::list)
        .any_of(GET, "/api/v1/structures/{slug}", structures::show)
        .any_of(GET, "/api/v1/lieux-de-mediation-numerique.csv", structures::places)
        .any_of(GET, "/api/v1/evenements", events::list)
        .any_of(GET, "/api/v1/publications", publications::list)
        .any_of(GET, "/api/v1/publications/{slug}", publications::show)
        .any_of(GET, "/api/openapi.json", openapi::document)
        .get("/api", guide::show)
        .kept("/widget/trouver", ThisMinute, widget::show)
}
