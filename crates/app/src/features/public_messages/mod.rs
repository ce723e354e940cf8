//! Messages received from the public: the contact form and the wishes to become a promeneur. They are kept
//! apart from everything else, read by the coordination, and deleted by themselves after a time.

mod contact;
mod guard;
mod interest;
mod message;
mod messages;
pub mod policy;
pub mod public_message;
mod purge;
#[cfg(test)]
mod tests;

use kit::jobs::{Handlers, Job, Schedule};
use kit::web::routes::Routes;

pub use purge::{HANDLED_FOR_DAYS, RECEIVED_FOR_DAYS};

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/contact", contact::show)
        .post("/contact", contact::send)
        .get("/contact/merci", contact::thank)
        .get("/devenir-promeneur", interest::show)
        .post("/devenir-promeneur", interest::send)
        .get("/espace/communication/messages", messages::list)
        .get("/espace/communication/messages/{id}", message::show)
        .post("/espace/communication/messages/{id}/traiter", message::handle)
        .post("/espace/communication/messages/{id}/rouvrir", message::reopen)
}

/// Adds the jobs of the feature.
pub fn handlers(handlers: Handlers) -> Handlers {
    handlers.with::<purge::PurgeMessages>()
}

/// What comes back by itself.
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        name: "public_messages.purge",
        every_minutes: 24 * 60,
        kind: purge::PurgeMessages::KIND,
        payload: "{}",
    }]
}

kit::words! {
    "public_message.received" => "Message reçu du site",
    "public_message.handled" => "Message traité",
    "public_message.reopened" => "Message rouvert",
    "handled_at" => "Traité le",
    "handled_by" => "Traité par",
}
