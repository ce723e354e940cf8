//! Drafts kept by the server: the browser sends what is being typed a few seconds after the last keystroke, and finds
//! it again on another machine. `kit::drafts` holds them; the frame of a saved form ends them
//! (`crates/kit/src/web/guards.rs`). Nothing here has a page: `frontend/src/drafts.ts` speaks for it.

mod draft;
pub mod policy;
mod purge;
#[cfg(test)]
mod tests;

use kit::jobs::{Handlers, Job, Schedule};
use kit::web::routes::Routes;

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .any_of(&["GET", "POST"], "/espace/brouillons", draft::draft)
        .post("/espace/brouillons/oublier", draft::forget)
}

/// Adds the jobs of the feature.
pub fn handlers(handlers: Handlers) -> Handlers {
    handlers.with::<purge::PurgeDrafts>()
}

/// What comes back by itself.
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        name: "drafts.purge",
        every_minutes: 24 * 60,
        kind: purge::PurgeDrafts::KIND,
        payload: "{}",
    }]
}
