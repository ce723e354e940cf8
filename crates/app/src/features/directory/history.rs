//! The timeline of a sheet: the trail, said in French.

use kit::db::{Date, Id, Timestamp};
use kit::trail::{self, Line};
use kit::{Network, Result, Tx};
use serde_json::Value;

use super::cleaning::{phone, siret};
use super::vocabulary::{List, Vocabulary};
use super::{exchange, mandate, person, social_profile, structure};

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

kit::words! {
    "person.added" => "Fiche créée",
    "person.changed" => "Fiche modifiée",
    "person.published" => "Fiche publiée sur le site",
    "person.unpublished" => "Fiche retirée du site",
    "person.trashed" => "Fiche mise à la corbeille",
    "person.restored" => "Fiche restaurée",
    "person.merged" => "Fiches fusionnées",
    "person.unmerged" => "Fusion annulée",
    "person.photographed" => "Photo modifiée",
    "person.imported" => "Fiche mise à jour par un import",
    "structure.added" => "Structure créée",
    "structure.changed" => "Structure modifiée",
    "structure.published" => "Structure publiée sur le site",
    "structure.unpublished" => "Structure retirée du site",
    "structure.trashed" => "Structure mise à la corbeille",
    "structure.restored" => "Structure restaurée",
    "structure.merged" => "Structures fusionnées",
    "structure.unmerged" => "Fusion annulée",
    "structure.imported" => "Structure mise à jour par un import",
    "mandate.opened" => "Poste ouvert",
    "mandate.changed" => "Poste modifié",
    "mandate.ended" => "Départ enregistré",
    "mandate.suspended" => "Poste suspendu par une décision",
    "mandate.reinstated" => "Suspension levée par une décision",
    "mandate.excluded" => "Exclusion décidée",
    "mandate.trashed" => "Poste mis à la corbeille",
    "mandate.restored" => "Poste restauré",
    "mandate.imported" => "Poste mis à jour par un import",
    "mandate.moved" => "Poste rattaché à une autre fiche",
    "social_profile.added" => "Profil en ligne ajouté",
    "social_profile.changed" => "Profil en ligne modifié",
    "social_profile.removed" => "Profil en ligne supprimé",
    "office_hours.changed" => "Permanences modifiées",
    "organisation.added" => "Partenaire ajouté",
    "organisation.changed" => "Partenaire modifié",
    "organisation.exchanged" => "Échange noté",
    "organisation.exchange_removed" => "Échange retiré",
    "structure.illustrated" => "Image modifiée",
    "contact.added" => "Contact ajouté",
    "contact.changed" => "Contact modifié",
    "import.applied" => "Import enregistré",
    "import.undone" => "Import annulé",
    "merge.undone" => "Fusion annulée",
    "person.erased" => "Fiche effacée définitivement",
    "office_hours.added" => "Permanence ajoutée",
    "contact.trashed" => "Contact mis à la corbeille",
    "contact.restored" => "Contact restauré",
    "organisation.trashed" => "Partenaire mis à la corbeille",
    "organisation.restored" => "Partenaire restauré",
    "territorial_group.added" => "Groupe territorial ajouté",
    "territorial_group.removed" => "Groupe territorial retiré",
}

kit::words! {
    "absent_from" => "Absence à partir du",
    "absent_until" => "Absence jusqu’au",
    "address" => "Adresse",
    "call_ref" => "Appel à projets",
    "charter" => "Charte",
    "charter_signed_on" => "Charte signée le",
    "checked" => "Points conformes",
    "checked_by" => "Vérifié par",
    "checked_on" => "Vérifié le",
    "commune" => "Commune",
    "day" => "Jour",
    "decision" => "Décision",
    "deleted_at" => "Mis à la corbeille",
    "email" => "Adresse électronique",
    "employer_status" => "Statut de l’employeur",
    "end_reason" => "Motif de départ",
    "ended_on" => "Fin",
    "entered_on" => "Entrée dans le réseau",
    "epci" => "Intercommunalité",
    "exit_reason" => "Motif de sortie",
    "first_name" => "Prénom",
    "first_published_at" => "Première publication",
    "for_parents" => "Pour les parents",
    "for_youth" => "Pour les jeunes",
    "handle" => "Nom de profil",
    "image_alt" => "Description de l’image",
    "info_sheet_on" => "Fiche de renseignement reçue le",
    "is_public" => "Profil public",
    "is_referent" => "Référent",
    "job_description_on" => "Fiche de poste",
    "job_title" => "Fonction",
    "kind" => "Type",
    "labelled_posts" => "Postes labellisés",
    "last_name" => "Nom",
    "left_on" => "Sortie du réseau",
    "legal_form" => "Forme juridique",
    "manager_email" => "Courriel du responsable",
    "manager_name" => "Responsable",
    "manager_phone" => "Téléphone du responsable",
    "manager_title" => "Fonction du responsable",
    "means" => "Moyen",
    "name" => "Nom",
    "national_listing_on" => "Site national",
    "national_listing_url" => "Adresse sur le site national",
    "note" => "Note interne",
    "office_hours" => "Permanences",
    "period" => "Période",
    "phone" => "Téléphone",
    "photo_consent_on" => "Accord pour la photo",
    "postcode" => "Code postal",
    "presentation" => "Présentation",
    "ps_jeunes_until" => "Prestation jeunes jusqu’au",
    "published_at" => "Publication",
    "rank" => "Poste n°",
    "replaces_id" => "Remplace",
    "rna" => "RNA",
    "siret" => "SIRET",
    "social_network" => "Réseau",
    "started_on" => "Début",
    "status" => "Statut",
    "summary" => "Résumé",
    "suspended_from" => "Suspension à partir du",
    "suspended_until" => "Suspension jusqu’au",
    "suspension_reason" => "Motif de suspension",
    "territory" => "Territoire",
    "themes" => "Thèmes",
    "training_on" => "Formation socle",
    "url" => "Adresse du profil",
    "verified_on" => "Fiche vérifiée le",
    "visible" => "Champs publics",
    "website" => "Site internet",
    "weekday" => "Jour",
    "weekly_hours" => "Heures par semaine",
    "author" => "",
    "contact_id" => "",
    "created_at" => "",
    "from_minute" => "",
    "handle_key" => "",
    "id" => "",
    "image" => "",
    "insee_code" => "",
    "latitude" => "",
    "longitude" => "",
    "name_key" => "",
    "network_id" => "",
    "organisation_id" => "",
    "people" => "",
    "person_id" => "",
    "photo" => "",
    "slug" => "",
    "structure_id" => "",
    "structures" => "",
    "to_minute" => "",
    "updated_at" => "",
    "version" => "",
}

/// The latest events of a sheet. Notes are left out for who may not read them.
pub async fn of(tx: &mut Tx, network: &Network, kind: &str, id: Id, with_notes: bool) -> Result<Vec<Event>> {
    let lines = trail::of_subject(tx, network.id, kind, id, None, MOST).await?;
    let vocabulary = Vocabulary::load(tx, network).await?;
    Ok(lines.iter().map(|line| tell(network, &vocabulary, line, with_notes)).collect())
}

/// A line told in French.
pub fn tell(network: &Network, vocabulary: &Vocabulary, line: &Line, with_notes: bool) -> Event {
    let about = match line.subject_kind.as_str() {
        "mandate" | "social_profile" => format!("\u{a0}: {}", line.subject_label),
        _ => String::new(),
    };
    let new = line.before.is_none();
    let teller = Teller { network, vocabulary, kind: &line.subject_kind };
    let changes = trail::changes(line)
        .into_iter()
        .filter_map(|(name, before, after)| {
            let field = trail::word(&name).unwrap_or(&name);
            let told = !field.is_empty()
                && (with_notes || !matches!(name.as_str(), "note" | "summary" | "suspension_reason"))
                // A new sheet shows only what was filled in.
                && !(new && (after.is_null() || after == Value::Bool(false) || after == ""))
                && !(before.is_null() && after == "");
            told.then(|| Change {
                field: field.to_owned(),
                before: teller.say(&name, &before),
                after: teller.say(&name, &after),
            })
        })
        .collect();
    Event {
        when: line.at.long_in(network.zone()),
        who: line.actor.clone(),
        what: format!("{}{about}", trail::word(&line.action).unwrap_or(&line.action)),
        changes,
    }
}

/// Says values as a reader knows them: labels for codes, French dates.
struct Teller<'a> {
    network: &'a Network,
    vocabulary: &'a Vocabulary,
    kind: &'a str,
}

impl Teller<'_> {
    fn say(&self, name: &str, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::Bool(true) => "oui".to_owned(),
            Value::Bool(false) => "non".to_owned(),
            Value::Number(n) if name.ends_with("_at") => {
                n.as_i64().map(|n| Timestamp(n).long_in(self.network.zone())).unwrap_or_default()
            }
            Value::Number(n) => n.to_string().replace(".0", "").replace('.', ","),
            Value::String(text) => self.text(name, text),
            other => other.to_string(),
        }
    }

    fn text(&self, name: &str, text: &str) -> String {
        let label = |list| self.vocabulary.label(list, text);
        let among = |choices: &[(&str, &str)]| {
            let known = |code: &str| {
                choices.iter().find(|(c, _)| *c == code).map_or(code.to_owned(), |(_, l)| (*l).to_owned())
            };
            text.split(',').filter(|code| !code.is_empty()).map(known).collect::<Vec<_>>().join(", ")
        };
        match (name, self.kind) {
            ("status", "structure") => structure::status_label(text).to_owned(),
            ("status", _) => among(&social_profile::STATUSES),
            ("kind", "organisation") => label(List::OrganisationType),
            ("kind", _) => label(List::StructureType),
            ("legal_form", _) => label(List::LegalForm),
            ("social_network", _) => label(List::SocialNetwork),
            ("end_reason" | "exit_reason", _) => label(List::ExitReason),
            ("employer_status", _) => among(&[("public", "public"), ("private", "privé")]),
            ("themes", _) => {
                let codes = text.split(',').filter(|code| !code.is_empty());
                codes.map(|code| self.vocabulary.label(List::Theme, code)).collect::<Vec<_>>().join(", ")
            }
            ("visible", _) => among(&person::FIELDS),
            ("checked", _) => among(&social_profile::CHECKLIST),
            ("means", _) => exchange::means_label(text).to_owned(),
            ("charter", _) => mandate::charter_label(text).to_owned(),
            ("phone" | "manager_phone", _) => phone::display(text),
            ("siret", _) => siret::display(text),
            ("epci", _) => kit::territory::epci(text).map_or(text.to_owned(), |epci| epci.name.clone()),
            _ => text.parse::<Date>().map_or_else(|_| text.to_owned(), Date::long),
        }
    }
}
