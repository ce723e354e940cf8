//! The shared mailbox: an address that the network already has, kept in step with its server (IMAP), sorted, assigned and
//! answered by several (SMTP). Messages find their place in the directory by themselves.
//!
//! `sync.rs` holds a mailbox under a lease; `fetching.rs` brings folders in step, `orders.rs` does on the server what was
//! done here; `ingest.rs` stores what arrives and `arrival.rs` says what follows. Screens: `threads.rs` (the list),
//! `conversation.rs`, `composer.rs`, and those of what is set up.

pub mod archive;
mod arrival;
mod auto_answer;
pub mod body;
mod composer;
mod connection;
mod consent;
mod conversation;
mod departure;
pub mod draft;
mod erasure;
mod fetching;
pub mod filing;
mod follow_on;
mod imap;
mod ingest;
mod list_posts;
mod meeting_replies;
pub mod message;
mod nature;
mod order;
mod orders;
mod places;
pub mod policy;
mod presence;
mod quoted;
mod quoting;
pub mod reading;
mod reply_by_mail;
mod rounds;
pub mod rule;
mod rules;
mod saved_replies;
pub mod saved_reply;
mod senders;
pub mod shared_mailbox;
pub mod sync;
#[cfg(test)]
mod tests;
pub mod thread;
mod threading;
mod threads;
mod young;

use kit::jobs::{Handlers, Job, Schedule};
use kit::web::routes::Routes;

pub use sync::try_door;

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/espace/messagerie/boite", threads::list)
        .post("/espace/messagerie/boite/actions", threads::act)
        .get("/espace/messagerie/conversations/{id}", conversation::show)
        .post("/espace/messagerie/conversations/{id}/etat", conversation::set_state)
        .post("/espace/messagerie/conversations/{id}/attribution", conversation::assign)
        .post("/espace/messagerie/conversations/{id}/report", conversation::snooze)
        .post("/espace/messagerie/conversations/{id}/lu", conversation::set_seen)
        .get("/espace/messagerie/conversations/{id}/suivante", conversation::next)
        .get("/espace/messagerie/conversations/{id}/dossier", conversation::folders)
        .post("/espace/messagerie/conversations/{id}/dossier", conversation::move_to)
        .post("/espace/messagerie/conversations/{id}/etiquettes", conversation::tag)
        .post("/espace/messagerie/conversations/{id}/notes", conversation::note)
        .post("/espace/messagerie/conversations/{id}/classement", conversation::file)
        .post("/espace/messagerie/conversations/{id}/classement/{fiche}/retirer", conversation::unfile)
        .post("/espace/messagerie/conversations/{id}/tache", follow_on::add_task)
        .post("/espace/messagerie/conversations/{id}/question", follow_on::add_question)
        .post("/espace/messagerie/conversations/{id}/journal", follow_on::add_entry)
        .post("/espace/messagerie/conversations/{id}/liste", list_posts::settle)
        .post("/espace/messagerie/conversations/{id}/presence", presence::tell)
        .post("/espace/messagerie/conversations/{id}/effacer", erasure::erase)
        .get("/espace/messagerie/messages/{id}/corps", body::show)
        .get("/espace/messagerie/messages/{id}/brut", body::raw)
        .get("/espace/messagerie/messages/{id}/image", body::picture)
        .get("/espace/messagerie/messages/{id}/pieces/{part}", body::file)
        .merge(writing_routes())
        .merge(set_up_routes())
}

fn writing_routes() -> Routes {
    Routes::new()
        .post("/espace/messagerie/brouillons", composer::begin)
        .get("/espace/messagerie/brouillons", composer::list)
        .get("/espace/messagerie/brouillons/{id}", composer::show)
        .post("/espace/messagerie/brouillons/{id}", composer::save)
        .post("/espace/messagerie/brouillons/{id}/pieces", composer::attach)
        .post("/espace/messagerie/brouillons/{id}/pieces/retirer", composer::detach)
        .post("/espace/messagerie/brouillons/{id}/reponse", composer::insert_reply)
        .post("/espace/messagerie/brouillons/{id}/abandonner", composer::discard)
        .post("/espace/messagerie/brouillons/{id}/rappeler", composer::call_back)
}

fn set_up_routes() -> Routes {
    Routes::new()
        .get("/espace/messagerie/connexion", connection::show)
        .post("/espace/messagerie/connexion", connection::connect)
        .post("/espace/messagerie/connexion/pause", connection::pause)
        .post("/espace/messagerie/connexion/signature", connection::sign)
        .post("/espace/messagerie/connexion/refus", connection::settle_refused)
        .get("/espace/messagerie/connexion/fournisseur/{name}", consent::ask)
        .get("/espace/messagerie/connexion/retour", consent::come_back)
        .get("/espace/messagerie/reponses", saved_replies::list)
        .get("/espace/messagerie/reponses/nouvelle", saved_replies::blank)
        .post("/espace/messagerie/reponses/nouvelle", saved_replies::add)
        .get("/espace/messagerie/reponses/{id}/modifier", saved_replies::edit)
        .post("/espace/messagerie/reponses/{id}/modifier", saved_replies::save)
        .post("/espace/messagerie/reponses/{id}/supprimer", saved_replies::remove)
        .get("/espace/messagerie/regles", rules::list)
        .get("/espace/messagerie/regles/nouvelle", rules::blank)
        .post("/espace/messagerie/regles/nouvelle", rules::add)
        .get("/espace/messagerie/regles/{id}/modifier", rules::edit)
        .post("/espace/messagerie/regles/{id}/modifier", rules::save)
        .post("/espace/messagerie/regles/{id}/supprimer", rules::remove)
}

/// Adds the jobs of the feature.
pub fn handlers(handlers: Handlers) -> Handlers {
    handlers
        .with::<departure::FollowDeparture>()
        .with::<list_posts::DistributePost>()
        .with::<rounds::WakeThreads>()
        .with::<rounds::SeeThread>()
}

/// What comes back by itself.
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule { name: "mailbox.wake", every_minutes: 15, kind: rounds::WakeThreads::KIND, payload: "{}" }]
}

kit::words! {
    "mailbox.connected" => "Boîte partagée connectée",
    "mailbox.changed" => "Connexion de la boîte partagée modifiée",
    "mailbox.paused" => "Boîte partagée mise en pause",
    "mailbox.resumed" => "Boîte partagée relue",
    "mailbox.signed" => "Signature modifiée",
    "mailbox.orders_retried" => "Gestes refusés par le serveur redemandés",
    "mailbox.orders_dropped" => "Gestes refusés par le serveur abandonnés",
    "mail_message.received" => "Message reçu",
    "mail_thread.answered" => "Réponse envoyée",
    "mail_thread.called_back" => "Envoi annulé",
    "mail_thread.state" => "État de la conversation modifié",
    "mail_thread.assigned" => "Conversation attribuée",
    "mail_thread.snoozed" => "Conversation reportée",
    "mail_thread.tagged" => "Étiquettes modifiées",
    "mail_thread.moved" => "Conversation déplacée",
    "mail_thread.noted" => "Note interne ajoutée",
    "mail_thread.filed" => "Conversation classée",
    "mail_thread.unfiled" => "Conversation retirée d’un classement",
    "mail_thread.erased" => "Conversation effacée",
    "mail_rule.added" => "Règle ajoutée",
    "mail_rule.changed" => "Règle modifiée",
    "mail_rule.removed" => "Règle supprimée",
    "saved_reply.added" => "Réponse type ajoutée",
    "saved_reply.changed" => "Réponse type modifiée",
    "saved_reply.removed" => "Réponse type supprimée",
    "imap" => "Serveur de réception",
    "smtp" => "Serveur d’envoi",
    "address" => "Adresse",
    "signature" => "Signature",
    "state" => "État",
    "assignee" => "Attribuée à",
    "snoozed_until" => "Reportée au",
    "tags" => "Étiquettes",
    "folder" => "Dossier",
    "filed_under" => "Classée sous",
    "outgoing" => "",
    "conditions" => "Conditions",
    "acts" => "Actions",
    "name" => "Nom",
}
