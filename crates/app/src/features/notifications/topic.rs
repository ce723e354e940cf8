//! What one can be told of, for whom, and how often when nothing else was chosen.

use kit::visitor::Held;
use kit::{Choice, Role};

use crate::features::accounts::account::holds;

/// Something that one can be told of.
#[derive(Debug)]
pub struct Topic {
    pub code: &'static str,
    pub label: &'static str,
    /// Who can be told of it.
    pub roles: &'static [Role],
    /// The rhythm of mails until another is chosen.
    pub rhythm: &'static str,
    pub hint: &'static str,
}

/// How often mails leave.
pub const RHYTHMS: [(&str, &str); 4] = [
    ("immediate", "Tout de suite"),
    ("daily", "Chaque jour"),
    ("weekly", "Chaque lundi"),
    ("never", "Jamais"),
];

/// Every topic. Those for which a mail of its own leaves already are mailed only to who asks for it.
pub const TOPICS: [Topic; 11] = [
    Topic {
        code: "change_request",
        label: "Demandes de modification à examiner",
        roles: &[Role::Coordinator],
        rhythm: "daily",
        hint: "",
    },
    Topic {
        code: "change_answer",
        label: "Réponses à mes demandes de modification",
        roles: &[Role::Manager, Role::Promeneur],
        rhythm: "never",
        hint: "La réponse vous parvient déjà par un courriel de la coordination.",
    },
    Topic {
        code: "public_message",
        label: "Messages reçus du site public",
        roles: &[Role::Coordinator],
        rhythm: "never",
        hint: "L’adresse de la coordination en est déjà prévenue. Le courriel ne dit pas qui écrit.",
    },
    Topic {
        code: "task",
        label: "Tâches qui me sont confiées",
        roles: &[Role::Coordinator],
        rhythm: "immediate",
        hint: "",
    },
    Topic {
        code: "task_due",
        label: "Échéances du jour",
        roles: &[Role::Coordinator],
        rhythm: "daily",
        hint: "",
    },
    Topic {
        code: "sheet_check",
        label: "Fiches vérifiées par les intéressés",
        roles: &[Role::Coordinator],
        rhythm: "weekly",
        hint: "",
    },
    Topic {
        code: "mailing",
        label: "Fin des envois groupés",
        roles: &[Role::Coordinator],
        rhythm: "daily",
        hint: "",
    },
    Topic {
        code: "meeting",
        label: "Réunions\u{a0}: réponses et points proposés",
        roles: &[Role::Coordinator],
        rhythm: "daily",
        hint: "",
    },
    Topic {
        code: "date_poll",
        label: "Sondages de dates\u{a0}: tout le monde a répondu, ou clôture",
        roles: &[Role::Coordinator],
        rhythm: "immediate",
        hint: "",
    },
    Topic {
        code: "mail_assigned",
        label: "Courriels de la boîte partagée qui me sont confiés",
        roles: &[Role::Coordinator],
        rhythm: "immediate",
        hint: "Le courriel ne cite ni l’objet ni l’expéditeur.",
    },
    Topic {
        code: "mail_received",
        label: "Nouveaux courriels dans la boîte partagée",
        roles: &[Role::Coordinator],
        rhythm: "daily",
        hint: "Leur nombre seulement.",
    },
];

/// The topic of a code.
pub fn topic(code: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.code == code)
}

impl Topic {
    /// Whether who holds these roles can be told of it.
    pub fn is_for(&self, roles: &[Held]) -> bool {
        self.roles.iter().any(|role| holds(roles, *role))
    }
}

/// The rhythms, to choose from.
pub fn rhythms() -> Vec<Choice> {
    RHYTHMS.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}
