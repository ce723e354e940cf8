//! The lists a network may rename, extend or retire from: types of structure, themes, social networks…
//! Codes are stable; labels default to the national guide's and to what networks use (domain file §4).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use kit::db::Id;
use kit::{Choice, Network, Result, Tx, args, sql};

use super::suspension::EXCLUSION;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum List {
    StructureType,
    LegalForm,
    SocialNetwork,
    Theme,
    ExitReason,
    OrganisationType,
}

impl List {
    pub const ALL: [Self; 6] = [
        Self::StructureType,
        Self::LegalForm,
        Self::SocialNetwork,
        Self::Theme,
        Self::ExitReason,
        Self::OrganisationType,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::StructureType => "structure_type",
            Self::LegalForm => "legal_form",
            Self::SocialNetwork => "social_network",
            Self::Theme => "theme",
            Self::ExitReason => "exit_reason",
            Self::OrganisationType => "organisation_type",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::StructureType => "Types de structure",
            Self::LegalForm => "Formes juridiques",
            Self::SocialNetwork => "Réseaux sociaux et outils",
            Self::Theme => "Thèmes",
            Self::ExitReason => "Motifs de sortie",
            Self::OrganisationType => "Types de partenaire",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.code() == code)
    }

    const fn defaults(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::StructureType => STRUCTURE_TYPES,
            Self::LegalForm => LEGAL_FORMS,
            Self::SocialNetwork => SOCIAL_NETWORKS,
            Self::Theme => THEMES,
            Self::ExitReason => EXIT_REASONS,
            Self::OrganisationType => ORGANISATION_TYPES,
        }
    }
}

const STRUCTURE_TYPES: &[(&str, &str)] = &[
    ("social_centre", "Centre social ou socioculturel"),
    ("evs", "Espace de vie sociale"),
    ("mjc", "MJC"),
    ("youth_service", "Service jeunesse"),
    ("youth_information", "Info Jeunes"),
    ("mission_locale", "Mission locale"),
    ("mda", "Maison des adolescents"),
    ("paej", "Point accueil écoute jeunes"),
    ("fjt", "Foyer de jeunes travailleurs"),
    ("prevention", "Prévention spécialisée"),
    ("listening_place", "Lieu d’accueil et d’écoute"),
    ("health_space", "Espace santé jeunes"),
    ("epn", "Espace public numérique"),
    ("alsh", "Accueil de jeunes, accueil de loisirs"),
    ("association", "Association"),
    ("municipal_service", "Service municipal"),
    ("library", "Médiathèque"),
    ("school", "Établissement scolaire"),
    ("sports_club", "Association sportive"),
    ("families_house", "Maison des familles, lieu d’accueil enfants-parents"),
    ("other", "Autre"),
];

const LEGAL_FORMS: &[(&str, &str)] = &[
    ("association", "Association"),
    ("commune", "Commune"),
    ("epci", "Intercommunalité (EPCI)"),
    ("public_body", "Établissement public"),
    ("other", "Autre"),
];

const SOCIAL_NETWORKS: &[(&str, &str)] = &[
    ("instagram", "Instagram"),
    ("snapchat", "Snapchat"),
    ("tiktok", "TikTok"),
    ("discord", "Discord"),
    ("facebook", "Facebook"),
    ("messenger", "Messenger"),
    ("whatsapp", "WhatsApp"),
    ("twitch", "Twitch"),
    ("youtube", "YouTube"),
    ("x", "X (Twitter)"),
    ("linkedin", "LinkedIn"),
    ("telegram", "Telegram"),
    ("signal", "Signal"),
    ("skype", "Skype"),
    ("sms", "SMS"),
    ("email", "E-mail"),
    ("games", "Jeux en ligne"),
    ("forum", "Forum"),
    ("blog", "Blog"),
    ("other", "Autre"),
];

const THEMES: &[(&str, &str)] = &[
    ("social_bond", "Lien social"),
    ("leisure", "Loisirs, temps libre"),
    ("work", "Formation, emploi"),
    ("orientation", "Scolarité, orientation"),
    ("parenting", "Parentalité"),
    ("family", "Famille"),
    ("health", "Santé"),
    ("distress", "Mal-être"),
    ("addiction", "Addictions"),
    ("sexuality", "Sexualité, vie affective"),
    ("harassment", "Harcèlement"),
    ("violence", "Violences, cyberviolences"),
    ("discrimination", "Discriminations"),
    ("housing", "Logement"),
    ("mobility", "Mobilité"),
    ("rights", "Accès aux droits, vie quotidienne"),
    ("digital", "Numérique, vie privée"),
    ("citizenship", "Citoyenneté, éducation aux médias"),
    ("projects", "Projets, initiatives"),
    ("radicalisation", "Radicalisation, emprise"),
    ("other", "Autre"),
];

const EXIT_REASONS: &[(&str, &str)] = &[
    ("departure", "Départ du promeneur"),
    ("replaced", "Remplacement"),
    ("lack_of_time", "Manque de temps"),
    ("agreement_ended", "Fin de convention non renouvelée"),
    ("charter", "Non-respect de la charte"),
    ("exclusion", "Exclusion décidée par le comité"),
    ("closure", "Fermeture de la structure"),
    ("other", "Autre"),
];

const ORGANISATION_TYPES: &[(&str, &str)] = &[
    ("sponsor", "Institution pilote (Caf, Msa, Département, SDJES…)"),
    ("local_authority", "Collectivité"),
    ("education_federation", "Fédération d’éducation populaire"),
    ("youth", "Structure jeunesse"),
    ("health", "Santé, mal-être"),
    ("child_protection", "Protection de l’enfance"),
    ("violence_rights", "Violences, accès aux droits"),
    ("integration", "Insertion"),
    ("digital", "Numérique, éducation aux médias"),
    ("training", "Formation"),
    ("media", "Média"),
    ("private_funder", "Financeur privé"),
    ("other", "Autre"),
];

kit::table! {
    /// A label changed, or an entry added or retired, by a network.
    pub struct ListItem in "list_item": versioned {
        pub list: String,
        pub code: String,
        pub label: String,
        pub position: i64,
        pub retired_at: Option<kit::Timestamp>,
    }
}

/// An entry as a network uses it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub code: String,
    pub label: String,
    pub retired: bool,
    /// Place in the list; the guide's order until the network chooses its own.
    pub position: i64,
}

/// The lists of a network, defaults and changes together; cheap to clone.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    lists: Arc<HashMap<List, Vec<Entry>>>,
}

/// What this process remembers of networks' lists, each for one state of them.
static KNOWN: LazyLock<Mutex<HashMap<Id, (i64, Vocabulary)>>> = LazyLock::new(Mutex::default);

/// Says that lists of the network changed: every process reads them anew.
pub async fn changed(tx: &mut Tx, network: Id) -> Result<()> {
    let sql = sql!("update network set lists_version = lists_version + 1 where id = $1");
    tx.run(sql, args![network]).await.map(|_| ())
}

impl Vocabulary {
    /// The lists of a network: from memory when they have not changed since, else one query.
    pub async fn load(tx: &mut Tx, network: &Network) -> Result<Self> {
        let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get(&network.id).cloned();
        if let Some((_, vocabulary)) = known.filter(|(version, _)| *version == network.lists_version) {
            return Ok(vocabulary);
        }
        let read = Self::read(tx, network.id).await?;
        let remembered = (network.lists_version, read.clone());
        KNOWN.lock().unwrap_or_else(PoisonError::into_inner).insert(network.id, remembered);
        Ok(read)
    }

    async fn read(tx: &mut Tx, network: Id) -> Result<Self> {
        let sql = sql!(
            "select network_id, id, list, code, label, position, retired_at, version from list_item ",
            "where network_id = $1 order by list, position"
        );
        let changes: Vec<ListItem> = tx.all(sql, args![network]).await?;
        let mut lists = HashMap::new();
        for list in List::ALL {
            let mut entries: Vec<Entry> = list
                .defaults()
                .iter()
                .zip(0..)
                .map(|((code, label), position)| Entry {
                    code: (*code).to_owned(),
                    label: (*label).to_owned(),
                    retired: false,
                    position,
                })
                .collect();
            for change in changes.iter().filter(|change| change.list == list.code()) {
                let changed = Entry {
                    code: change.code.clone(),
                    label: change.label.clone(),
                    retired: change.retired_at.is_some(),
                    position: change.position,
                };
                match entries.iter_mut().find(|entry| entry.code == change.code) {
                    Some(entry) => *entry = changed,
                    None => entries.push(changed),
                }
            }
            entries.sort_by_key(|entry| entry.position);
            lists.insert(list, entries);
        }
        Ok(Self { lists: Arc::new(lists) })
    }

    pub fn entries(&self, list: List) -> &[Entry] {
        self.lists.get(&list).map_or(&[], Vec::as_slice)
    }

    /// What can be chosen now: entries that are not retired. An exclusion is never chosen: a committee decides it.
    pub fn choices(&self, list: List) -> Vec<Choice> {
        let reserved = |entry: &Entry| list == List::ExitReason && entry.code == EXCLUSION;
        let used = self.entries(list).iter().filter(|entry| !entry.retired && !reserved(entry));
        used.map(|entry| Choice::new(&entry.code, &entry.label)).collect()
    }

    /// The label of a code; the code itself when no one knows it any more.
    pub fn label(&self, list: List, code: &str) -> String {
        let entry = self.entries(list).iter().find(|entry| entry.code == code);
        entry.map_or_else(|| code.to_owned(), |entry| entry.label.clone())
    }

    pub fn label_of(&self, list: List, code: Option<&str>) -> String {
        code.map(|code| self.label(list, code)).unwrap_or_default()
    }
}
