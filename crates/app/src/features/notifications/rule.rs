//! Which lines of the trail concern whom: the one table that features grow when something of theirs is worth telling.
//! Actions are named by their text, so that a rule may stand here before the feature that writes it.

use kit::db::{Id, Timestamp};
use kit::trail::Line;
use kit::visitor::Held;
use kit::{Network, Role};
use serde_json::Value;

use crate::features::accounts::account::{Account, holds};

/// Who is concerned.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    Coordinators,
    /// The account that the line names as `assignee_id`.
    Assignee,
    /// The same; the coordination when it names nobody.
    AssigneeOrCoordinators,
    /// The promeneur whose sheet it is, or those who answer for the structure.
    Owner,
}

/// What makes two lines the same thing to tell.
#[derive(Clone, Copy, Debug)]
pub enum Once {
    /// Each line by itself.
    PerLine,
    /// Once a day for each thing.
    PerThingAndDay,
    /// All of a day together, told by their number ([`counting_day`]).
    Counted,
}

/// How a line of the trail is told.
pub struct Rule {
    pub action: &'static str,
    pub topic: &'static str,
    pub who: Who,
    pub once: Once,
    /// What is said on screen; `{label}` and `{actor}` stand for those of the line, `{n}` for the number counted.
    pub title: &'static str,
    /// What mail says: for what is sensitive, only that it happened.
    pub mail: &'static str,
    /// Where it leads; `{id}` is the thing's.
    pub url: &'static str,
}

const fn rule(
    action: &'static str,
    topic: &'static str,
    who: Who,
    title: &'static str,
    url: &'static str,
) -> Rule {
    Rule { action, topic, who, once: Once::PerLine, title, mail: title, url }
}

/// Every rule.
pub const RULES: [Rule; 17] = [
    Rule {
        once: Once::PerThingAndDay,
        ..rule(
            "change_request.made",
            "change_request",
            Who::Coordinators,
            "{actor} propose une modification de la fiche {label}",
            "/espace/reseau/demandes",
        )
    },
    rule(
        "person.proposal_applied",
        "change_answer",
        Who::Owner,
        "Votre demande de modification est acceptée\u{a0}: {label}",
        "/espace/reseau/promeneurs/{id}",
    ),
    rule(
        "structure.proposal_applied",
        "change_answer",
        Who::Owner,
        "Votre demande de modification est acceptée\u{a0}: {label}",
        "/espace/reseau/structures/{id}",
    ),
    rule(
        "change_request.refused",
        "change_answer",
        Who::Owner,
        "Votre demande de modification n’a pas été retenue\u{a0}: {label}",
        "/espace",
    ),
    Rule {
        mail: "Un message est arrivé du site public",
        ..rule(
            "public_message.received",
            "public_message",
            Who::Coordinators,
            "Message du site public\u{a0}: {label}",
            "/espace/communication/messages/{id}",
        )
    },
    rule(
        "task.assigned",
        "task",
        Who::Assignee,
        "{actor} vous confie une tâche\u{a0}: {label}",
        "/espace/accompagnement/taches/{id}",
    ),
    rule(
        "task.due",
        "task_due",
        Who::AssigneeOrCoordinators,
        "À faire aujourd’hui\u{a0}: {label}",
        "/espace/accompagnement/taches/{id}",
    ),
    rule(
        "decision.due",
        "task_due",
        Who::AssigneeOrCoordinators,
        "Décision à mener à son terme\u{a0}: {label}",
        "/espace/gouvernance/decisions/{id}",
    ),
    Rule {
        once: Once::PerThingAndDay,
        ..rule(
            "person.verified",
            "sheet_check",
            Who::Coordinators,
            "Fiche vérifiée\u{a0}: {label}",
            "/espace/reseau/promeneurs/{id}",
        )
    },
    rule(
        "mailing.sent",
        "mailing",
        Who::Coordinators,
        "Envoi terminé\u{a0}: {label}",
        "/espace/messagerie/lettres/{id}/suivi",
    ),
    Rule {
        once: Once::PerThingAndDay,
        ..rule(
            "invitee.answered",
            "meeting",
            Who::Coordinators,
            "{actor} a répondu à une convocation",
            "/espace/gouvernance/reunions",
        )
    },
    rule(
        "invitee.proxy_released",
        "meeting",
        Who::Coordinators,
        "La voix de {label} n’est plus portée\u{a0}: {actor} ne vient pas",
        "/espace/gouvernance/reunions",
    ),
    rule(
        "agenda_item.proposed",
        "meeting",
        Who::Coordinators,
        "{actor} propose un point à l’ordre du jour\u{a0}: {label}",
        "/espace/gouvernance/reunions",
    ),
    rule(
        "date_poll.all_answered",
        "date_poll",
        Who::Coordinators,
        "Tout le monde a répondu, choisissez la date\u{a0}: {label}",
        "/espace/agenda/sondages/{id}",
    ),
    rule(
        "date_poll.closed",
        "date_poll",
        Who::Coordinators,
        "Le sondage est clos, choisissez la date\u{a0}: {label}",
        "/espace/agenda/sondages/{id}",
    ),
    Rule {
        mail: "Un courriel de la boîte partagée vous est confié",
        ..rule(
            "mail_thread.assigned",
            "mail_assigned",
            Who::Assignee,
            "{actor} vous confie un courriel\u{a0}: {label}",
            "/espace/messagerie/conversations/{id}",
        )
    },
    Rule {
        once: Once::Counted,
        ..rule(
            "mail_message.received",
            "mail_received",
            Who::Coordinators,
            "Boîte partagée\u{a0}: {n}",
            "/espace/messagerie/boite",
        )
    },
];

/// Minutes after midnight at which daily mails leave; what is counted is counted from there to there, so that the night
/// is told in the morning.
pub const DIGEST_MINUTE: i64 = 6 * 60 + 30;

/// The span in which something is counted: from one daily mail to the next.
pub fn counting_day(network: &Network, at: Timestamp) -> (Timestamp, Timestamp) {
    let zone = network.zone();
    let day = at.plus_minutes(-DIGEST_MINUTE).day_in(zone);
    (day.start_in(zone).plus_minutes(DIGEST_MINUTE), day.next().start_in(zone).plus_minutes(DIGEST_MINUTE))
}

/// The rule of an action.
pub fn of(action: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.action == action)
}

impl Rule {
    /// The accounts that a line concerns, without who did it.
    pub fn concerned<'a>(
        &self,
        line: &Line,
        accounts: &'a [(Account, Vec<Held>)],
    ) -> Vec<&'a (Account, Vec<Held>)> {
        let assignee = assignee(line);
        let fits = |(account, roles): &(Account, Vec<Held>)| match self.who {
            Who::Assignee => assignee == Some(account.id),
            Who::AssigneeOrCoordinators if assignee.is_some() => assignee == Some(account.id),
            Who::Coordinators | Who::AssigneeOrCoordinators => holds(roles, Role::Coordinator),
            Who::Owner if line.subject_kind == "structure" => roles
                .iter()
                .any(|held| held.role == Role::Manager && held.structure_id == Some(line.subject_id)),
            Who::Owner => account.person_id == Some(line.subject_id),
        };
        accounts
            .iter()
            .filter(|one| !one.0.is_disabled() && Some(one.0.id) != line.account_id && fits(one))
            .collect()
    }

    /// What this line is told under: the same key is told once.
    pub fn key(&self, network: &Network, line: &Line) -> String {
        match self.once {
            Once::PerLine => format!("{}:{}", self.action, line.id),
            Once::PerThingAndDay => {
                format!("{}:{}:{}", self.action, line.subject_id, network.day_of(line.at))
            }
            Once::Counted => format!("{}:{}", self.action, counting_day(network, line.at).0.0),
        }
    }

    /// A sentence about a line.
    pub fn say(&self, sentence: &str, line: &Line) -> String {
        sentence.replace("{actor}", &line.actor).replace("{label}", &line.subject_label)
    }

    pub fn link(&self, line: &Line) -> String {
        self.url.replace("{id}", &line.subject_id.to_string())
    }
}

fn assignee(line: &Line) -> Option<Id> {
    let after: Value = serde_json::from_str(line.after.as_deref()?).ok()?;
    after.get("assignee_id")?.as_str()?.parse().ok()
}
