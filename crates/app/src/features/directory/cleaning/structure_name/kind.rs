//! The kind of structure that a name or a « Type » cell tells.

use super::key::key;

/// What tells a kind, as it stands in a [`key`].
const TOLD: &[(&str, &[&str])] = &[
    ("mjc", &["mjc", "maison jeunes"]),
    (
        "social_centre",
        &["centre social", "centre socioculturel", "centres sociaux", "centre sociaux", "socioculturel"],
    ),
    ("evs", &["espace vie sociale", "espaces vie sociale"]),
    (
        "fjt",
        &[
            "foyer jeunes travailleurs",
            "habitat jeunes",
            "aljt",
            "residence jeunes",
            "logement jeunes",
            "jeunes travailleurs",
        ],
    ),
    ("mda", &["maison adolescents", "maison adolescence", "espace adolescents"]),
    ("paej", &["point accueil ecoute jeunes", "point ecoute jeunes", "point accueil ecoute", "point ecoute"]),
    ("mission_locale", &["mission locale", "missions locales"]),
    ("youth_information", &["info jeunes", "crij", "cij", "cidj", "centre info jeunes"]),
    (
        "youth_service",
        &[
            "service jeunesse",
            "service enfance jeunesse",
            "pole jeunesse",
            "pole enfance jeunesse",
            "direction jeunesse",
            "secteur jeunesse",
            "secteur jeunes",
            "service animation jeunesse",
            "jeunesse municipal",
            "animation jeunesse",
            "service jeunesse sports",
            "service municipal enfance jeunesse",
            "service jeune",
        ],
    ),
    ("listening_place", &["lieu accueil ecoute", "lieu ecoute", "accueil ecoute", "lieux accueil ecoute"]),
    (
        "prevention",
        &[
            "prevention specialisee",
            "club prevention",
            "equipe prevention",
            "educateurs rue",
            "educateur rue",
            "service prevention",
            "pole prevention",
        ],
    ),
    ("health_space", &["espace sante jeunes", "espace sante", "point sante jeunes"]),
    (
        "epn",
        &[
            "espace public numerique",
            "espace numerique",
            "cyberbase",
            "cyber base",
            "cyberespace",
            "maison numerique",
        ],
    ),
    (
        "alsh",
        &[
            "accueil loisirs",
            "centre loisirs",
            "accueil jeunes",
            "accueil adolescents",
            "espace jeunes",
            "local jeunes",
            "club adolescents",
            "point jeunes",
            "accueil collectif mineurs",
            "acm",
        ],
    ),
    ("library", &["mediatheque", "bibliotheque", "ludotheque"]),
    (
        "school",
        &[
            "college",
            "lycee",
            "etablissement scolaire",
            "ecole",
            "cfa",
            "maison familiale rurale",
            "universite",
            "cite scolaire",
            "education nationale",
        ],
    ),
    (
        "families_house",
        &[
            "maison familles",
            "maison famille",
            "lieu accueil enfants parents",
            "lieu accueil enfant parent",
            "reaap",
            "maison parents",
            "maison parentalite",
            "ecole parents",
            "espace parents",
            "lieu accueil parents enfants",
            "espace famille",
            "espace familles",
            "maison enfance famille",
        ],
    ),
    (
        "sports_club",
        &[
            "association sportive",
            "club sportif",
            "club sport",
            "football",
            "rugby",
            "handball",
            "basket",
            "judo",
            "omnisports",
            "union sportive",
            "office sports",
            "athletic club",
            "gymnastique",
            "natation",
        ],
    ),
];

/// Told by words that may stand in names of other kinds; looked at last, in this order.
const LOOSE: &[(&str, &[&str])] = &[
    (
        "municipal_service",
        &[
            "service municipal",
            "service communal",
            "mairie",
            "ville",
            "commune",
            "communaute communes",
            "communaute agglomeration",
            "agglomeration",
            "metropole",
            "centre communal action sociale",
            "centre intercommunal action sociale",
            "cias",
            "intercommunalite",
            "municipal",
            "collectivite",
            "epci",
            "communal",
            "service intercommunal",
        ],
    ),
    (
        "association",
        &[
            "association",
            "associations",
            "foyer rural",
            "familles rurales",
            "udaf",
            "cidff",
            "ligue enseignement",
            "federation",
            "amicale",
            "union departementale",
            "comite",
            "loi 1901",
            "admr",
            "sauvegarde",
            "adsea",
            "maison pour tous",
        ],
    ),
    ("other", &["autre", "autres", "divers"]),
];

/// The code of the kind, from a name or from a « Type » cell: « Point accueil écoute jeunes de Crest »
/// → `paej`. The earliest kind named counts, then the longest (« Centre socioculturel / EVS » →
/// `social_centre`). `None` when nothing tells.
pub fn kind(text: &str) -> Option<&'static str> {
    let key = format!(" {} ", key(text));
    let told = TOLD
        .iter()
        .flat_map(|(code, phrases)| phrases.iter().map(move |phrase| (*code, *phrase)))
        .filter_map(|(code, phrase)| {
            key.find(&format!(" {phrase} ")).map(|at| (at, usize::MAX - phrase.len(), code))
        })
        .min();
    let loose = || {
        LOOSE
            .iter()
            .find(|(_, phrases)| phrases.iter().any(|phrase| key.contains(&format!(" {phrase} "))))
            .map(|(code, _)| *code)
    };
    // « Prévention » alone is a type; in a name it may be anybody's.
    let alone = || (key.trim() == "prevention").then_some("prevention");
    told.map(|(_, _, code)| code).or_else(alone).or_else(loose)
}
