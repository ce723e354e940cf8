//! Where a structure stands, in the words of coordinators' spreadsheets (source: the states of a
//! structure and their labels).

use kit::text::fold;

/// The first list whose beginning fits wins: what is undone stands before what it undoes.
const STATES: &[(&str, &[&str])] = &[
    (
        "left",
        &[
            "sorti",
            "quitt",
            "ancien",
            "partie",
            "parti le",
            "parti en",
            "ferme",
            "arret",
            "fin ",
            "termine",
            "plus dans",
            "plus acti",
            "n est plus",
            "non acti",
            "hors reseau",
            "resili",
            "inacti",
            "demission",
            "radie",
            "non renouvel",
            "desengage",
            "retiree du",
            "retire du",
            "a quitte",
        ],
    ),
    ("withdrawn", &["candidature retiree", "retir", "desist", "abandon", "renonc", "annul"]),
    (
        "refused",
        &[
            "refus",
            "rejet",
            "non retenu",
            "pas retenu",
            "defavorable",
            "avis defavorable",
            "ineligible",
            "non eligible",
            "candidature refus",
        ],
    ),
    ("waiting_list", &["liste d attente", "liste attente", "sur liste", "en liste d attente", "attente"]),
    (
        "suspended",
        &[
            "suspen",
            "en pause",
            "pause",
            "en sommeil",
            "mis en sommeil",
            "gele",
            "en veille",
            "en suspens",
            "en stand by",
            "stand by",
        ],
    ),
    ("contracted", &["convention", "sous convention", "contractualis", "signataire", "signe"]),
    (
        "selected",
        &[
            "retenu",
            "candidature retenue",
            "candidature accept",
            "candidature valid",
            "selectionn",
            "labellis",
            "accept",
            "valid",
            "avis favorable",
            "favorable",
        ],
    ),
    (
        "candidate",
        &[
            "candidat",
            "a candidate",
            "depose",
            "dossier",
            "en instruction",
            "instruction",
            "en cours d instruction",
            "en cours de candidature",
            "postul",
        ],
    ),
    (
        "active",
        &[
            "dans le reseau",
            "dans reseau",
            "acti",
            "en activite",
            "en reseau",
            "membre",
            "en poste",
            "adherent",
            "particip",
            "presente",
            "entree dans",
            "en fonction",
            "reseau",
        ],
    ),
    (
        "interested",
        &["interess", "en reflexion", "reflexion", "souhaite", "motive", "en projet", "a rencontrer", "rdv"],
    ),
    (
        "contacted",
        &[
            "contact",
            "rencontr",
            "appele",
            "relanc",
            "mail envoye",
            "sollicit",
            "en contact",
            "prise de contact",
        ],
    ),
    ("spotted", &["reper", "identifi", "a contacter", "prospect", "potentiel", "a solliciter", "piste"]),
];

/// Reads the « Statut » cell of a structure and gives the code of its state: « Dans le réseau » → `active`,
/// « Intéressée » → `interested`. `None` for words that name none.
pub fn structure(cell: &str) -> Option<&'static str> {
    let folded = fold(cell);
    if folded.is_empty() {
        return None;
    }
    // « non conventionnée » says what is not, « à contacter » what is still to do.
    let undone = ["non ", "pas ", "a "].iter().any(|start| folded.starts_with(start));
    STATES
        .iter()
        .filter(|(_, starts)| starts.iter().any(|start| begins(&folded, start, undone)))
        .map(|(code, _)| *code)
        .next()
}

/// Whether the cell begins so, articles and « structure » aside.
fn begins(folded: &str, start: &str, undone: bool) -> bool {
    let rest = ["structure ", "statut ", "est ", "la ", "le "]
        .iter()
        .fold(folded, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    rest.starts_with(start) && (!undone || ["non ", "pas ", "a "].iter().any(|word| start.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_of_the_register_is_known_in_both_genders() {
        for (typed, code) in [
            ("Repérée", "spotted"),
            ("Contactée", "contacted"),
            ("Intéressée", "interested"),
            ("INTERESSE", "interested"),
            ("Candidate", "candidate"),
            ("Liste d’attente", "waiting_list"),
            ("Retenue", "selected"),
            ("Refusée", "refused"),
            ("Candidature retirée", "withdrawn"),
            ("Conventionnée", "contracted"),
            ("Dans le réseau", "active"),
            ("Suspendue", "suspended"),
            ("Sortie du réseau", "left"),
        ] {
            assert_eq!(structure(typed), Some(code), "{typed}");
        }
    }

    #[test]
    fn other_words_of_coordinators_are_understood() {
        for (typed, code) in [
            ("active", "active"),
            ("Actif", "active"),
            ("inactive", "left"),
            ("a quitté le réseau", "left"),
            ("Ancienne structure", "left"),
            ("fermée", "left"),
            ("labellisée", "selected"),
            ("non retenue", "refused"),
            ("à contacter", "spotted"),
            ("dossier déposé", "candidate"),
            ("en pause", "suspended"),
            ("désistement", "withdrawn"),
            ("plus active", "left"),
            ("participante", "active"),
            ("Candidature retenue", "selected"),
            ("Candidature refusée", "refused"),
            ("Candidature en cours", "candidate"),
            ("Structure intéressée", "interested"),
        ] {
            assert_eq!(structure(typed), Some(code), "{typed}");
        }
    }

    #[test]
    fn what_is_not_said_is_not_guessed() {
        for typed in [
            "",
            "-",
            "?",
            "voir avec la Caf",
            "non conventionnée",
            "pas intéressée",
            "en attente",
            "oui",
            "42",
        ] {
            assert_eq!(structure(typed), None, "{typed}");
        }
    }
}
