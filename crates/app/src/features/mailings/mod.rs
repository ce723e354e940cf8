//! Writing to many: lists that follow the directory, what each address agreed to receive, templates, mailings and
//! newsletters sent once to each, and their web archive.
//!
//! `distribution_list.rs`, `topic.rs`, `address.rs`, `message_template.rs`, `mailing.rs` and `block.rs` hold the things
//! themselves. A list becomes people in `expansion.rs`, out of what `known.rs` read; a mailing becomes a message in
//! `render.rs`, and messages in `sending.rs` and `queueing.rs`.

pub mod address;
mod archive;
pub mod block;
mod blocks;
mod bounces;
mod consents;
pub mod definition;
pub mod distribution_list;
pub mod expansion;
pub mod known;
mod letters;
mod list_form;
pub mod list_post;
mod lists;
pub mod mailing;
mod mailing_editor;

pub mod merge_field;
pub mod message_template;
pub mod policy;
mod preferences;
mod preview;
mod progress;
pub mod queueing;
pub mod render;
mod send_form;
pub mod sending;
mod templates;
pub mod testing;
#[cfg(test)]
mod tests;
pub mod topic;
mod trash;

use kit::jobs::{Handlers, Job, Schedule};
use kit::web::routes::Routes;
use kit::{Id, Result, Tx};

use super::Thrown;

/// Every address of the feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/lettres", archive::list)
        .get("/lettres/{slug}", archive::show)
        .get("/preferences/{lien}", preferences::show)
        .post("/preferences/{lien}", preferences::save)
        .get("/desinscription/{lien}", preferences::ask)
        .post("/desinscription/{lien}", preferences::unsubscribe)
        .get("/espace/messagerie/listes", lists::list)
        .get("/espace/messagerie/listes/nouvelle", list_form::blank)
        .post("/espace/messagerie/listes/nouvelle", list_form::add_list)
        .get("/espace/messagerie/listes/{id}", lists::show)
        .get("/espace/messagerie/listes/{id}/modifier", list_form::edit)
        .post("/espace/messagerie/listes/{id}/modifier", list_form::save_list)
        .post("/espace/messagerie/listes/{id}/corbeille", lists::throw)
        .post("/espace/messagerie/listes/{id}/restaurer", lists::restore)
        .get("/espace/messagerie/consentements", consents::list)
        .post("/espace/messagerie/sujets", consents::add)
        .post("/espace/messagerie/sujets/{id}", consents::change)
        .post("/espace/messagerie/adresses/{id}/retablir", consents::trust)
        .get("/espace/messagerie/modeles", templates::list)
        .get("/espace/messagerie/modeles/{modele}", templates::edit)
        .post("/espace/messagerie/modeles/{modele}", templates::save)
        .post("/espace/messagerie/modeles/{modele}/origine", templates::restore)
        .merge(mailing_routes())
}

fn mailing_routes() -> Routes {
    Routes::new()
        .get("/espace/messagerie/lettres", letters::list)
        .post("/espace/messagerie/lettres", letters::write)
        .get("/espace/messagerie/lettres/{id}", mailing_editor::edit)
        .post("/espace/messagerie/lettres/{id}", mailing_editor::save)
        .post("/espace/messagerie/lettres/{id}/blocs", blocks::add)
        .get("/espace/messagerie/lettres/{id}/blocs/{bloc}", blocks::edit)
        .post("/espace/messagerie/lettres/{id}/blocs/{bloc}", blocks::save)
        .post("/espace/messagerie/lettres/{id}/blocs/{bloc}/deplacer", blocks::shift)
        .post("/espace/messagerie/lettres/{id}/blocs/{bloc}/supprimer", blocks::remove)
        .get("/espace/messagerie/lettres/{id}/apercu", preview::show)
        .get("/espace/messagerie/lettres/{id}/message", preview::message)
        .post("/espace/messagerie/lettres/{id}/essai", preview::try_it)
        .get("/espace/messagerie/lettres/{id}/envoyer", send_form::ask)
        .post("/espace/messagerie/lettres/{id}/envoyer", send_form::send)
        .post("/espace/messagerie/lettres/{id}/arreter", send_form::stop)
        .get("/espace/messagerie/lettres/{id}/suivi", progress::show)
        .get("/espace/messagerie/lettres/{id}/avancement", progress::part)
        .post("/espace/messagerie/lettres/{id}/copier", letters::copy)
        .post("/espace/messagerie/lettres/{id}/corbeille", letters::throw)
        .post("/espace/messagerie/lettres/{id}/restaurer", letters::restore)
}

/// Adds the jobs of the feature.
pub fn handlers(handlers: Handlers) -> Handlers {
    handlers
        .with::<sending::StartMailing>()
        .with::<queueing::QueueMailing>()
        .with::<bounces::NoteBounces>()
        .with::<trash::EmptyTrash>()
}

/// What comes back by itself.
pub fn schedules() -> Vec<Schedule> {
    let every = |every_minutes, kind| Schedule { name: kind, every_minutes, kind, payload: "{}" };
    vec![every(15, bounces::NoteBounces::KIND), every(24 * 60, trash::EmptyTrash::KIND)]
}

/// What of this feature is in the trash.
pub async fn thrown(tx: &mut Tx, network: Id, most: i64) -> Result<Vec<Thrown>> {
    let mut all = distribution_list::thrown(tx, network, most).await?;
    all.extend(mailing::thrown(tx, network, most).await?);
    Ok(all)
}

kit::words! {
    "distribution_list.added" => "Liste de diffusion créée",
    "distribution_list.changed" => "Liste de diffusion modifiée",
    "distribution_list.trashed" => "Liste de diffusion mise à la corbeille",
    "distribution_list.erased" => "Liste de diffusion effacée",
    "mailing.erased" => "Lettre effacée",
    "distribution_list.restored" => "Liste de diffusion restaurée",
    "list_post.received" => "Message écrit à une liste",
    "list_post.accepted" => "Message à une liste accepté",
    "list_post.refused" => "Message à une liste refusé",
    "list" => "Liste",
    "local_part" => "Adresse de la liste",
    "posting" => "Qui y écrit sans accord",
    "mail_topic.added" => "Sujet de messages ajouté",
    "mail_topic.changed" => "Sujet de messages modifié",
    "mail_consent.given" => "Inscription à un sujet",
    "mail_consent.refused" => "Désinscription d’un sujet",
    "mail_address.bounced" => "Adresse en erreur",
    "mail_address.trusted" => "Adresse rétablie",
    "message_template.added" => "Modèle de message écrit",
    "message_template.changed" => "Modèle de message modifié",
    "message_template.removed" => "Modèle de message retiré",
    "mailing.added" => "Lettre commencée",
    "mailing.changed" => "Lettre modifiée",
    "mailing.tried" => "Essai de lettre envoyé",
    "mailing.scheduled" => "Lettre programmée",
    "mailing.sent" => "Lettre envoyée",
    "mailing.not_sent" => "Lettre programmée restée sans destinataire",
    "mailing.stopped" => "Envoi de lettre arrêté",
    "mailing.called_back" => "Lettre rappelée avant tout envoi",
    "mailing.trashed" => "Lettre mise à la corbeille",
    "mailing.restored" => "Lettre restaurée",
    "topic" => "Sujet",
    "means" => "Par",
    "reason" => "Motif",
    "recipients" => "Destinataires",
    "is_public" => "Dans l’archive publique",
    "subject" => "Objet",
    "definition" => "Composition",
    "essential" => "Indispensable",
    "body" => "Texte",
    "code" => "",
}
