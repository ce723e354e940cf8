//! The timeline of a sheet: the trail, said in French.

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Line};
use kit::{Network, Result, Tx};
use serde_json::Value;

/// A line of a timeline.
pub struct Event {
    pub when: String,
    pub who: String,
    pub what: String,
    pub changes: Vec<Change>,
}

pub struct Change {
    pub field: String,
    pub before: String,
    pub after: String,
}

/// Lines of a timeline shown at once.
pub const MOST: i64 = 30;

/// Fields that tell a reader nothing.
const SILENT: [&str; 17] = [
    "id",
    "photo",
    "image",
    "organisation_id",
    "contact_id",
    "author",
    "network_id",
    "version",
    "created_at",
    "updated_at",
    "name_key",
    "slug",
    "handle_key",
    "person_id",
    "structure_id",
    "latitude",
    "longitude",
];

const ACTIONS: [(&str, &str); 38] = [
    ("person.added", "Fiche créée"),
    ("person.changed", "Fiche modifiée"),
    ("person.published", "Fiche publiée sur le site"),
    ("person.unpublished", "Fiche retirée du site"),
    ("person.trashed", "Fiche mise à la corbeille"),
    ("person.restored", "Fiche restaurée"),
    ("person.merged", "Fiches fusionnées"),
    ("person.unmerged", "Fusion annulée"),
    ("person.photographed", "Photo modifiée"),
    ("person.imported", "Fiche mise à jour par un import"),
    ("structure.added", "Structure créée"),
    ("structure.changed", "Structure modifiée"),
    ("structure.published", "Structure publiée sur le site"),
    ("structure.unpublished", "Structure retirée du site"),
    ("structure.trashed", "Structure mise à la corbeille"),
    ("structure.restored", "Structure restaurée"),
    ("structure.merged", "Structures fusionnées"),
    ("structure.unmerged", "Fusion annulée"),
    ("structure.imported", "Structure mise à jour par un import"),
    ("mandate.opened", "Poste ouvert"),
    ("mandate.changed", "Poste modifié"),
    ("mandate.ended", "Départ enregistré"),
    ("mandate.trashed", "Poste mis à la corbeille"),
    ("mandate.restored", "Poste restauré"),
    ("mandate.imported", "Poste mis à jour par un import"),
    ("mandate.moved", "Poste rattaché à une autre fiche"),
    ("social_profile.added", "Profil en ligne ajouté"),
    ("social_profile.changed", "Profil en ligne modifié"),
    ("social_profile.removed", "Profil en ligne supprimé"),
    ("office_hours.changed", "Permanences modifiées"),
    ("organisation.added", "Partenaire ajouté"),
    ("organisation.changed", "Partenaire modifié"),
    ("organisation.exchanged", "Échange noté"),
    ("organisation.exchange_removed", "Échange retiré"),
    ("structure.illustrated", "Image modifiée"),
    ("contact.added", "Contact ajouté"),
    ("contact.changed", "Contact modifié"),
    ("import.applied", "Import enregistré"),
];

const FIELDS: [(&str, &str); 63] = [
    ("absent_from", "Absence à partir du"),
    ("absent_until", "Absence jusqu’au"),
    ("address", "Adresse"),
    ("call_ref", "Appel à projets"),
    ("charter", "Charte"),
    ("charter_signed_on", "Charte signée le"),
    ("checked", "Points conformes"),
    ("checked_by", "Vérifié par"),
    ("checked_on", "Vérifié le"),
    ("commune", "Commune"),
    ("day", "Jour"),
    ("deleted_at", "Mis à la corbeille"),
    ("email", "Adresse électronique"),
    ("employer_status", "Statut de l’employeur"),
    ("end_reason", "Motif de départ"),
    ("ended_on", "Fin"),
    ("entered_on", "Entrée dans le réseau"),
    ("epci", "Intercommunalité"),
    ("exit_reason", "Motif de sortie"),
    ("first_name", "Prénom"),
    ("first_published_at", "Première publication"),
    ("for_parents", "Pour les parents"),
    ("for_youth", "Pour les jeunes"),
    ("handle", "Nom de profil"),
    ("image_alt", "Description de l’image"),
    ("info_sheet_on", "Fiche de renseignement reçue le"),
    ("insee_code", "Code commune"),
    ("is_public", "Profil public"),
    ("is_referent", "Référent"),
    ("job_description_on", "Fiche de poste"),
    ("job_title", "Fonction"),
    ("labelled_posts", "Postes labellisés"),
    ("last_name", "Nom"),
    ("left_on", "Sortie du réseau"),
    ("legal_form", "Forme juridique"),
    ("manager_email", "Courriel du responsable"),
    ("manager_name", "Responsable"),
    ("manager_phone", "Téléphone du responsable"),
    ("means", "Moyen"),
    ("name", "Nom"),
    ("national_listing_on", "Site national"),
    ("note", "Note interne"),
    ("office_hours", "Permanences"),
    ("phone", "Téléphone"),
    ("photo_consent_on", "Accord pour la photo"),
    ("postcode", "Code postal"),
    ("presentation", "Présentation"),
    ("published_at", "Publication"),
    ("rank", "Poste n°"),
    ("replaces_id", "Remplace"),
    ("siret", "SIRET"),
    ("social_network", "Réseau"),
    ("started_on", "Début"),
    ("status", "Statut"),
    ("summary", "Résumé"),
    ("suspended_from", "Suspension à partir du"),
    ("suspension_reason", "Motif de suspension"),
    ("themes", "Thèmes"),
    ("training_on", "Formation socle"),
    ("kind", "Type"),
    ("url", "Adresse du profil"),
    ("visible", "Champs publics"),
    ("website", "Site internet"),
];

fn say<'a>(table: &'a [(&'a str, &'a str)], code: &'a str) -> &'a str {
    table.iter().find(|(known, _)| *known == code).map_or(code, |(_, label)| label)
}

/// The latest events of a sheet. Notes are left out for who may not read them.
pub async fn of(tx: &mut Tx, network: &Network, kind: &str, id: Id, with_notes: bool) -> Result<Vec<Event>> {
    let lines = trail::of_subject(tx, network.id, kind, id, None, MOST).await?;
    Ok(lines.iter().map(|line| tell(network, line, with_notes)).collect())
}

/// The latest lines of a network told in French, for the day's page.
pub fn tell(network: &Network, line: &Line, with_notes: bool) -> Event {
    let about = match line.subject_kind.as_str() {
        "mandate" | "social_profile" => format!("\u{a0}: {}", line.subject_label),
        _ => String::new(),
    };
    let new = line.before.is_none();
    let changes = trail::changes(line)
        .into_iter()
        .filter(|(name, before, after)| {
            !SILENT.contains(&name.as_str())
                && (with_notes || (name != "note" && name != "summary"))
                // A new sheet shows only what was filled in.
                && !(new && (after.is_null() || *after == Value::Bool(false) || after == "" ))
                && !(before.is_null() && after == "")
        })
        .map(|(name, before, after)| Change {
            field: say(&FIELDS, &name).to_owned(),
            before: shown(network, &name, &before),
            after: shown(network, &name, &after),
        })
        .collect();
    Event {
        when: line.at.long_in(network.zone()),
        who: line.actor.clone(),
        what: format!("{}{about}", say(&ACTIONS, &line.action)),
        changes,
    }
}

fn shown(network: &Network, name: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "oui".to_owned(),
        Value::Bool(false) => "non".to_owned(),
        Value::Number(n) if name.ends_with("_at") => {
            n.as_i64().map(|n| Timestamp(n).long_in(network.zone())).unwrap_or_default()
        }
        Value::String(text) if name == "status" => super::structure::status_label(text).to_owned(),
        Value::String(text) if name == "means" => super::exchange::means_label(text).to_owned(),
        Value::String(text) if name == "charter" => super::mandate::charter_label(text).to_owned(),
        Value::String(text) if name == "phone" => super::cleaning::phone::display(text),
        Value::String(text) => text.parse::<Date>().map_or_else(|_| text.clone(), Date::long),
        other => other.to_string(),
    }
}
