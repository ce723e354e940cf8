//! Notifications: who is told of what, when and how. One engine for all: features write the trail, `rule.rs` says which of
//! its lines concern whom, `engine.rs` makes one notification of each, `mailing.rs` mails what was not read meanwhile,
//! at the rhythm that each person chose for each topic.
//!
//! `reply.rs` makes addresses by which a mail is answered, `quoted.rs` finds what an answer says by itself.

mod engine;
mod inbox;
mod mailing;
mod notification;
mod policy;
mod preferences;
mod quiet;
pub mod reply;
mod rule;
#[cfg(test)]
mod tests;
mod topic;

use kit::jobs::{Handlers, Job, Schedule};
use kit::web::routes::Routes;

pub use engine::read_trail;
pub use reply::{Reply, answered, reply_address};

const INBOX: &str = "/espace/notifications";
const PREFERENCES: &str = "/espace/reglages/compte/notifications";

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .get(INBOX, inbox::list)
        .post("/espace/notifications/lues", inbox::read_all)
        .post("/espace/notifications/{id}/lue", inbox::read_one)
        .post("/espace/notifications/{id}/ouvrir", inbox::open)
        .get(PREFERENCES, preferences::show)
        .post(PREFERENCES, preferences::save)
}

/// Adds the jobs of the feature.
pub fn handlers(handlers: Handlers) -> Handlers {
    handlers.with::<engine::Notify>().with::<notification::Purge>()
}

/// What comes back by itself.
pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule {
            name: "notifications.notify",
            every_minutes: 1,
            kind: engine::Notify::KIND,
            payload: "{}",
        },
        Schedule {
            name: "notifications.purge",
            every_minutes: 24 * 60,
            kind: notification::Purge::KIND,
            payload: "{}",
        },
    ]
}
