//! The national portal: one host over all networks of the instance. A map of the départements, a search over every
//! published promeneur, a few figures; whoever is found is met on the site of their own network.

mod home;
mod legal;
mod networks;
mod robots;
mod search;
#[cfg(test)]
mod tests;

use kit::web::kept::Keep::ThisDay;
use kit::web::routes::Routes;

/// What answers at the portal's host, and there alone.
pub fn routes() -> Routes {
    Routes::new()
        .kept("/", ThisDay, home::show)
        .kept("/promeneurs", ThisDay, search::show)
        .get("/communes.json", search::communes)
        .kept("/mentions-legales", ThisDay, legal::show)
        .kept("/robots.txt", ThisDay, robots::robots)
        .kept("/sitemap.xml", ThisDay, robots::sitemap)
}
