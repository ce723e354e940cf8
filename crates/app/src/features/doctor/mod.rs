//! The doctor: whether mail leaves and arrives, whether others will believe it, whether the instance is well; and, for what
//! is not, the very words to send to whoever hosts it. It examines as a job, outside any transaction, and its findings are
//! kept, so that the page opens at once and says when it was.
//!
//! `examination.rs` gathers the checks of `domain.rs` (what the domain says), `servers.rs` (mail servers) and `instance.rs`.

mod diagnosis;
mod dns;
mod domain;
mod examination;
mod finding;
mod instance;
mod page;
mod policy;
mod servers;
mod spf;
#[cfg(test)]
mod tests;
mod time;

use kit::jobs::Handlers;
use kit::web::routes::Routes;

pub use examination::examine;
pub use finding::{Finding, Tone};

const URL: &str = "/espace/reglages/diagnostic";

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .get(URL, page::show)
        .post(URL, page::ask)
        .get("/espace/reglages/diagnostic/avancement", page::progress)
        .post("/espace/reglages/diagnostic/essai", page::send_test)
}

/// Adds the jobs of the feature.
pub fn handlers(handlers: Handlers) -> Handlers {
    handlers.with::<diagnosis::Examine>()
}

kit::words! {
    "diagnosis.asked" => "Diagnostic demandé",
    "diagnosis.test_sent" => "Message d’essai envoyé",
    "dkim_selector" => "Sélecteur DKIM",
}
