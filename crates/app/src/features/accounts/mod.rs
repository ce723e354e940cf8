//! Accounts: who may enter, and how. A coordinator invites by e-mail; one signs in with a password or with a
//! link received by e-mail; each person sees and closes their own sessions. Nothing a stranger can ask says
//! whether an account exists. Passwords are kept as Argon2id hashes, tokens as hashes too.
//!
//! The command line uses [`account::create`], [`account::list`], [`account::disable`]; other features need
//! nothing from here but the visitor that `kit` has already loaded.

pub mod account;
pub mod app_password;
mod attempt;
mod invitation;
mod letter;
pub mod link;
mod magic_link;
mod new_password;
mod own_account;
pub mod password;
pub mod policy;
mod purge;
mod reset;
pub mod session;
mod sign_in;
#[cfg(test)]
mod tests;
mod user;
mod users;

use kit::jobs::{Handlers, Job, Schedule};
use kit::web::routes::Routes;

pub use attempt::place;
pub use purge::PurgeSessions;

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/connexion", sign_in::show)
        .post("/connexion", sign_in::sign_in)
        .post("/deconnexion", sign_in::sign_out)
        .post("/connexion/lien", magic_link::ask)
        .get("/connexion/lien/{token}", magic_link::show)
        .post("/connexion/lien/{token}", magic_link::follow)
        .get("/connexion/oubli", reset::show)
        .post("/connexion/oubli", reset::ask)
        .get("/connexion/mot-de-passe/{token}", new_password::show)
        .post("/connexion/mot-de-passe/{token}", new_password::choose)
        .get("/espace/session", sign_in::still_here)
        .get("/espace/reglages/compte", own_account::show)
        .post("/espace/reglages/compte/mot-de-passe", own_account::change_password)
        .post("/espace/reglages/compte/sessions/fermer", own_account::end_others)
        .post("/espace/reglages/compte/sessions/{id}/fermer", own_account::end_one)
        .post("/espace/reglages/compte/applications", app_password::add)
        .post("/espace/reglages/compte/applications/{id}/retirer", app_password::remove)
        .get("/espace/reglages/utilisateurs", users::list)
        .get("/espace/reglages/utilisateurs/nouveau", invitation::blank)
        .post("/espace/reglages/utilisateurs/nouveau", invitation::invite)
        .get("/espace/reglages/utilisateurs/{id}", user::edit)
        .post("/espace/reglages/utilisateurs/{id}", user::save)
        .post("/espace/reglages/utilisateurs/{id}/desactiver", user::disable)
        .post("/espace/reglages/utilisateurs/{id}/reactiver", user::enable)
        .post("/espace/reglages/utilisateurs/{id}/inviter", user::invite_again)
}

/// Adds the jobs of the feature.
pub fn handlers(handlers: Handlers) -> Handlers {
    handlers.with::<PurgeSessions>().with::<magic_link::SendLink>()
}

/// What comes back by itself.
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        name: "accounts.purge",
        every_minutes: 24 * 60,
        payload: "{}",
        kind: <PurgeSessions as Job>::KIND,
    }]
}

kit::words! {
    "account.created" => "Accès créé",
    "account.changed" => "Accès modifié",
    "account.disabled" => "Accès fermé",
    "account.enabled" => "Accès rouvert",
    "account.invited" => "Invitation envoyée",
    "account.invitation_accepted" => "Invitation acceptée",
    "account.password_changed" => "Mot de passe changé",
    "account.password_reset" => "Mot de passe renouvelé",
    "account.sessions_ended" => "Appareils déconnectés",
    "app_password.made" => "Mot de passe d’application créé",
    "app_password.withdrawn" => "Mot de passe d’application retiré",
    "account_id" => "",
    "last_used_at" => "",
    "roles" => "Rôles",
    "disabled_at" => "Fermé",
    "password_hash" => "",
}
