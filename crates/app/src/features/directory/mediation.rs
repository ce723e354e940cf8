//! The structures of the network in the national standard « lieux de médiation numérique » v1.0.2: only
//! places, never people (<https://github.com/LaMednum/standard-mediation-num>).

use documents::delimited;
use kit::{Date, Error, Network, Result, Tx};

use super::structure::Structure;

/// The columns of the standard, in its order.
const HEADINGS: [&str; 32] = [
    "id",
    "pivot",
    "nom",
    "commune",
    "code_postal",
    "code_insee",
    "adresse",
    "complement_adresse",
    "latitude",
    "longitude",
    "typologie",
    "telephone",
    "courriels",
    "site_web",
    "horaires",
    "presentation_resume",
    "presentation_detail",
    "source",
    "itinerance",
    "structure_parente",
    "date_maj",
    "services",
    "publics_specifiquement_adresses",
    "prise_en_charge_specifique",
    "frais_a_charge",
    "dispositif_programmes_nationaux",
    "formations_labels",
    "autres_formations_labels",
    "modalites_acces",
    "modalites_accompagnement",
    "fiche_acces_libre",
    "prise_rdv",
];

/// What the national map attaches to the scheme (`labelToDisplayMap` of the ANCT).
const SERVICES: &str = "Maîtrise des outils numériques du quotidien|Compréhension du monde numérique|\
     Utilisation sécurisée du numérique";
/// Longest `presentation_resume`, in characters.
const MOST_SUMMARY: usize = 280;
/// Stands for a SIRET that nobody has given, in the file's name.
const NO_SIRET: &str = "00000000000000";

/// A file of the standard.
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
    /// Structures that lack what the standard requires: pivot, address, postcode or commune.
    pub left_out: Vec<String>,
}

/// The structures that are in the network and published, in the standard.
pub async fn file(tx: &mut Tx, network: &Network, today: Date) -> Result<File> {
    let mut structures: Vec<Structure> = tx.all_of(network.id).await?;
    structures.retain(|s| s.deleted_at.is_none() && s.published_at.is_some() && s.is_in_network());
    structures.sort_by(|a, b| a.name_key.cmp(&b.name_key));
    let settings = network.settings();
    let source = settings.coordinating_body.unwrap_or_else(|| format!("Promeneurs du Net {}", network.name));
    let mut left_out = Vec::new();
    let mut rows = Vec::new();
    for structure in &structures {
        match row(structure, &source, network) {
            Some(row) => rows.push(row),
            None => left_out.push(structure.name.clone()),
        }
    }
    let siret = settings.siret.as_deref().unwrap_or(NO_SIRET);
    Ok(File {
        name: format!(
            "{}_{siret}_lieux-de-mediation-numerique_{}.csv",
            today,
            kit::text::slug(&network.name)
        ),
        bytes: delimited::write_plain(&HEADINGS, &rows).map_err(Error::bug)?,
        left_out,
    })
}

/// `None` when something that the standard requires is missing.
fn row(s: &Structure, source: &str, network: &Network) -> Option<Vec<String>> {
    let pivot = s.siret.clone().or_else(|| s.rna.clone())?;
    let (commune, postcode, address) = (s.commune.clone()?, s.postcode.clone()?, s.address.clone()?);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let number = |value: Option<f64>| value.map(|n| n.to_string()).unwrap_or_default();
    let publics = [(s.for_youth, "Jeunes"), (s.for_parents, "Familles et/ou enfants")];
    let publics: Vec<&str> =
        publics.into_iter().filter(|(served, _)| *served).map(|(_, label)| label).collect();
    let cell = |name: &str| match name {
        "id" => s.id.to_string(),
        "pivot" => pivot.clone(),
        "nom" => s.name.clone(),
        "commune" => commune.clone(),
        "code_postal" => postcode.clone(),
        "code_insee" => text(&s.insee_code),
        "adresse" => address.clone(),
        "latitude" => number(s.latitude),
        "longitude" => number(s.longitude),
        "typologie" => typology(s).to_owned(),
        "telephone" => text(&s.phone),
        "courriels" => text(&s.email),
        "site_web" => text(&s.website),
        "presentation_resume" => summary(&text(&s.presentation)),
        "presentation_detail" => kit::text::tidy(&text(&s.presentation)),
        "source" => source.to_owned(),
        "date_maj" => network.day_of(s.updated_at).to_string(),
        "services" => SERVICES.to_owned(),
        "publics_specifiquement_adresses" => publics.join("|"),
        "frais_a_charge" => "Gratuit".to_owned(),
        "dispositif_programmes_nationaux" => "Promeneurs du net".to_owned(),
        "modalites_accompagnement" => "Accompagnement individuel".to_owned(),
        _ => String::new(),
    };
    Some(HEADINGS.iter().map(|name| cell(name)).collect())
}

/// The national code of a type of structure; what has none is known by its legal form.
fn typology(s: &Structure) -> &'static str {
    match s.kind.as_deref().unwrap_or_default() {
        "social_centre" => "CS",
        "evs" => "EVS",
        "mjc" => "MJC",
        "youth_information" => "PIJ_BIJ",
        "mission_locale" => "ML",
        "fjt" => "RS_FJT",
        "prevention" => "PREVENTION",
        "library" => "BIB",
        "epn" => "EPN",
        "youth_service" | "municipal_service" => "MUNI",
        _ => match s.legal_form.as_deref().unwrap_or_default() {
            "association" => "ASSO",
            "commune" => "MUNI",
            "epci" => "EPCI",
            _ => "Autre",
        },
    }
}

/// The beginning of a text, cut after a word.
fn summary(text: &str) -> String {
    let text = kit::text::tidy(text);
    if text.chars().count() <= MOST_SUMMARY {
        return text;
    }
    let cut: String = text.chars().take(MOST_SUMMARY - 1).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", &cut[..end])
}
