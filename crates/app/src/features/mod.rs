//! THE list of features: their routes, jobs and schedules, the navigation, and who may call whom.

pub mod accounts;
pub mod address_book;
pub mod administration;
pub mod agenda;
pub mod day;
pub mod directory;
pub mod doctor;
pub mod drafts;
pub mod governance;
pub mod mailbox;
pub mod mailings;
pub mod notifications;
pub mod open_data;
pub mod portal;
pub mod public_messages;
pub mod publications;
pub mod questions;
pub mod relays;
pub mod search;
pub mod site;
pub mod support;
#[cfg(test)]
mod tests;
pub mod upkeep;

use kit::db::migrate::Migration;
use kit::jobs::{Handlers, Schedule};
use kit::web::frame::{NavGroup, NavLink};
use kit::web::routes::Routes;
use kit::{Actor, Date, Id, Parts, Result, Role, Timestamp, Tx, Visitor};

use governance::decision::Decision;
use support::task::Task;

/// Which feature may use which: `directory` is the trunk. A test compares this with the `use` lines.
pub const MAY_CALL: [(&str, &[&str]); 22] = [
    ("accounts", &[]),
    ("address_book", &["accounts", "directory", "site"]),
    ("administration", &["directory", "upkeep"]),
    ("agenda", &["directory", "governance", "mailings", "support"]),
    ("day", &["directory", "support"]),
    ("directory", &[]),
    ("doctor", &["mailbox"]),
    ("drafts", &[]),
    ("governance", &["accounts", "directory", "support"]),
    ("mailbox", &["directory", "governance", "mailings", "notifications", "questions", "support"]),
    ("mailings", &["directory", "governance", "publications"]),
    ("notifications", &["accounts", "support"]),
    ("open_data", &["accounts", "directory", "publications", "site"]),
    ("portal", &["directory"]),
    ("public_messages", &["accounts", "directory", "publications"]),
    ("publications", &["directory"]),
    ("questions", &["accounts", "directory", "support"]),
    ("relays", &["directory"]),
    ("search", &["directory"]),
    ("site", &["directory", "publications", "relays"]),
    ("support", &["accounts", "directory"]),
    ("upkeep", &["directory"]),
];

/// Something in the trash, whatever feature threw it there.
pub struct Thrown {
    pub label: String,
    /// « Promeneur », « Image ».
    pub kind: &'static str,
    pub deleted_at: Timestamp,
    /// Where its return is asked for.
    pub restore_url: String,
}

/// What is in the trash of a network, all features together, the last thrown first: the page of the trash belongs to
/// `directory`, which calls no other feature.
pub async fn thrown(tx: &mut Tx, network: Id, most: usize) -> Result<Vec<Thrown>> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let mut all = directory::thrown(tx, network, limit).await?;
    all.extend(publications::thrown(tx, network, limit).await?);
    all.extend(mailings::thrown(tx, network, limit).await?);
    all.extend(governance::thrown(tx, network, limit).await?);
    all.sort_by_key(|item| std::cmp::Reverse(item.deleted_at));
    all.truncate(most);
    Ok(all)
}

/// The poll that looks for the date of a meeting, or found it.
pub struct DateSought {
    pub url: String,
    pub title: String,
    /// Its state, with the tone of its badge.
    pub state: &'static str,
    pub tone: &'static str,
    pub asked: i64,
    pub answered: i64,
    /// Whether it still looks.
    pub is_current: bool,
}

/// The latest poll about the date of a meeting: `agenda` calls `governance`, whose page shows it.
pub async fn date_sought(tx: &mut Tx, network: Id, meeting: Id) -> Result<Option<DateSought>> {
    agenda::date_sought(tx, network, meeting).await
}

pub use governance::consequence::Origin;

/// The decisions behind posts, letters, meetings or polls, the last first: whoever shows one of these need not know of
/// committees.
pub async fn decisions_behind(
    tx: &mut Tx,
    network: Id,
    asking: (&Visitor, Date),
    objects: &[Id],
) -> Result<Vec<Origin>> {
    governance::consequence::behind(tx, network, asking, objects).await
}

/// Whether someone may read a decision.
pub async fn reads_decision(
    tx: &mut Tx,
    network: Id,
    asking: (&Visitor, Date),
    decision: Id,
) -> Result<bool> {
    governance::consequence::may_read(tx, network, asking, decision).await
}

/// Most committees that are asked about for one page, so that it runs few statements.
const MOST_COMMITTEES_ASKED: usize = 2;

/// Which of some decisions someone may read. Of more than two committees' the rest is left out: the page of a task asks
/// about its decision alone.
pub async fn readable_decisions(
    tx: &mut Tx,
    network: Id,
    asking: (&Visitor, Date),
    decisions: &[Id],
) -> Result<Vec<Id>> {
    let all: Vec<Decision> = tx.all_in(network, "id", decisions).await?;
    let is_own = |one: &Decision| one.owner_id == Some(asking.0.account_id);
    let mut committees: Vec<(Id, bool)> = Vec::new();
    for one in all.iter().filter(|one| !is_own(one)) {
        let is_known = committees.iter().any(|(committee, _)| *committee == one.committee_id);
        if !is_known && committees.len() < MOST_COMMITTEES_ASKED {
            committees.push((one.committee_id, reads_decision(tx, network, asking, one.id).await?));
        }
    }
    let reads = |one: &Decision| is_own(one) || committees.contains(&(one.committee_id, true));
    Ok(all.iter().filter(|one| reads(one)).map(|one| one.id).collect())
}

/// Says that a task turned from one state to another, in the transaction in which it did: the decision that it carries out
/// follows. `support` calls no feature that it may be about.
pub async fn task_turned(tx: &mut Tx, actor: &Actor, before: &Task, after: &Task) -> Result<()> {
    governance::carrying_out::follow(tx, actor, before, after).await
}

/// What the state of a letter, a meeting or a poll is called, with the tone of its badge: decisions lead to all of them.
pub fn state_of(kind: &str, code: &str) -> (&'static str, &'static str) {
    let states: &[(&str, &'static str, &'static str)] = match kind {
        "mailing" => &mailings::mailing::STATES,
        "date_poll" => &agenda::date_poll::STATES,
        _ => &governance::meeting::STATES,
    };
    states.iter().find(|(known, ..)| *known == code).map_or(("", "quiet"), |(_, label, tone)| (*label, *tone))
}

/// Unties what other features tied to a meeting that is erased.
pub async fn forget_meeting(tx: &mut Tx, network: Id, meeting: Id) -> Result<()> {
    agenda::forget_meeting(tx, network, meeting).await
}

const MIGRATIONS: &[Migration] = &[
    Migration { name: "0001_platform", text: include_str!("../../../../migrations/0001_platform.sql") },
    Migration { name: "0002_directory", text: include_str!("../../../../migrations/0002_directory.sql") },
    Migration { name: "0003_site", text: include_str!("../../../../migrations/0003_site.sql") },
    Migration { name: "0004_upkeep", text: include_str!("../../../../migrations/0004_upkeep.sql") },
    Migration {
        name: "0005_publications",
        text: include_str!("../../../../migrations/0005_publications.sql"),
    },
    Migration {
        name: "0006_address_book",
        text: include_str!("../../../../migrations/0006_address_book.sql"),
    },
    Migration { name: "0007_change", text: include_str!("../../../../migrations/0007_change.sql") },
    Migration { name: "0008_draft", text: include_str!("../../../../migrations/0008_draft.sql") },
    Migration { name: "0009_mail", text: include_str!("../../../../migrations/0009_mail.sql") },
    Migration { name: "0010_mailbox", text: include_str!("../../../../migrations/0010_mailbox.sql") },
    Migration { name: "0011_mailings", text: include_str!("../../../../migrations/0011_mailings.sql") },
    Migration { name: "0012_support", text: include_str!("../../../../migrations/0012_support.sql") },
    Migration {
        name: "0013_notifications",
        text: include_str!("../../../../migrations/0013_notifications.sql"),
    },
    Migration {
        name: "0014_mailbox_orders",
        text: include_str!("../../../../migrations/0014_mailbox_orders.sql"),
    },
    Migration {
        name: "0015_list_addresses",
        text: include_str!("../../../../migrations/0015_list_addresses.sql"),
    },
    Migration { name: "0016_questions", text: include_str!("../../../../migrations/0016_questions.sql") },
    Migration { name: "0017_committees", text: include_str!("../../../../migrations/0017_committees.sql") },
    Migration { name: "0018_meetings", text: include_str!("../../../../migrations/0018_meetings.sql") },
    Migration { name: "0019_sittings", text: include_str!("../../../../migrations/0019_sittings.sql") },
    Migration { name: "0020_date_polls", text: include_str!("../../../../migrations/0020_date_polls.sql") },
    Migration {
        name: "0021_shared_texts",
        text: include_str!("../../../../migrations/0021_shared_texts.sql"),
    },
    Migration {
        name: "0022_calendar_feeds",
        text: include_str!("../../../../migrations/0022_calendar_feeds.sql"),
    },
    Migration { name: "0023_papers", text: include_str!("../../../../migrations/0023_papers.sql") },
    Migration {
        name: "0024_consequences",
        text: include_str!("../../../../migrations/0024_consequences.sql"),
    },
    Migration {
        name: "0025_meeting_series",
        text: include_str!("../../../../migrations/0025_meeting_series.sql"),
    },
];

/// What the features give to the platform.
pub fn parts() -> Parts {
    Parts { migrations: MIGRATIONS, routes, portal: portal::routes, navigation, handlers, schedules, workers }
}

fn routes() -> Routes {
    Routes::new()
        .merge(site::routes())
        .merge(accounts::routes())
        .merge(day::routes())
        .merge(directory::routes())
        .merge(relays::routes())
        .merge(support::routes())
        .merge(questions::routes())
        .merge(governance::routes())
        .merge(agenda::routes())
        .merge(notifications::routes())
        .merge(doctor::routes())
        .merge(public_messages::routes())
        .merge(publications::routes())
        .merge(upkeep::routes())
        .merge(drafts::routes())
        .merge(mailbox::routes())
        .merge(mailings::routes())
        .merge(open_data::routes())
        .merge(address_book::routes())
        .merge(search::routes())
        .merge(administration::routes())
}

fn handlers() -> Handlers {
    let handlers = accounts::handlers(directory::handlers(Handlers::default()));
    let handlers = publications::handlers(public_messages::handlers(handlers));
    let handlers = drafts::handlers(upkeep::handlers(handlers));
    let handlers = agenda::handlers(handlers);
    let handlers = governance::handlers(mailings::handlers(mailbox::handlers(handlers)));
    doctor::handlers(notifications::handlers(support::handlers(handlers)))
}

fn schedules() -> Vec<Schedule> {
    [
        directory::schedules(),
        accounts::schedules(),
        public_messages::schedules(),
        publications::schedules(),
        upkeep::schedules(),
        support::schedules(),
        governance::schedules(),
        agenda::schedules(),
        notifications::schedules(),
        drafts::schedules(),
        mailbox::schedules(),
        mailings::schedules(),
    ]
    .concat()
}

/// What runs beside requests.
fn workers(app: kit::App) -> Vec<kit::app::Worker> {
    vec![Box::pin(mailbox::sync::run_forever(app))]
}

const fn link(url: &'static str, label: &'static str, icon: &'static str, keys: &'static str) -> NavLink {
    NavLink { url, label, icon, keys }
}

/// The private navigation: each role sees only what it can use.
fn navigation(visitor: &Visitor) -> Vec<NavGroup> {
    let mut first = vec![link("/espace", "Ma journée", "sun", "g j")];
    if visitor.is_any(&[Role::Caf, Role::Partner, Role::Manager, Role::Promeneur])
        && !visitor.is(Role::Coordinator)
    {
        first.push(link("/espace/accompagnement/taches", "Mes tâches", "check-circle", "g t"));
    }
    let mut groups = vec![NavGroup { title: "", links: first }];
    if visitor.is_any(&[Role::Coordinator, Role::Caf]) {
        groups.push(network_group(visitor));
    }
    if visitor.is_any(&[Role::Coordinator, Role::Caf, Role::Partner]) {
        let links = vec![
            link("/espace/gouvernance/comites", "Comités", "committee", "g v"),
            link("/espace/gouvernance/reunions", "Réunions", "meeting", "g e"),
            link("/espace/gouvernance/decisions", "Décisions", "check", "g x"),
        ];
        groups.push(NavGroup { title: "Gouvernance", links });
    }
    if governance::calendar::may_list(visitor) {
        groups.push(agenda_group(visitor));
    }
    if visitor.is_any(&[Role::Coordinator, Role::Caf, Role::Promeneur]) {
        let mut links = Vec::new();
        if visitor.is(Role::Coordinator) {
            links.push(link("/espace/accompagnement/taches", "Tâches", "check-circle", "g t"));
            links.push(link("/espace/accompagnement/journal", "Journal d’activité", "journal", "g b"));
            links.push(link("/espace/accompagnement/questions", "Questions", "question", "g q"));
        }
        links.push(link("/espace/accompagnement/relais", "Relais", "relay", "g l"));
        groups.push(NavGroup { title: "Accompagnement", links });
    }
    if visitor.is(Role::Coordinator) {
        groups.extend(outreach_groups());
    }
    if visitor.is_any(&[Role::Coordinator, Role::Operator]) {
        let mut links = vec![
            link("/espace/reglages", "Le réseau", "settings", "g r"),
            link("/espace/reglages/listes", "Listes", "list", ""),
            link("/espace/reglages/utilisateurs", "Utilisateurs", "users", "g u"),
        ];
        if visitor.is(Role::Coordinator) {
            links.push(link("/espace/reglages/courriels", "Courriels envoyés", "mail", ""));
        }
        links.push(link("/espace/reglages/diagnostic", "Diagnostic", "shield", ""));
        links.push(link("/espace/reglages/composants", "Composants", "palette", ""));
        groups.push(NavGroup { title: "Réglages", links });
    }
    groups
}

/// The directory, and what only the coordination does with it.
fn network_group(visitor: &Visitor) -> NavGroup {
    let mut links = vec![
        link("/espace/reseau/promeneurs", "Promeneurs", "users", "g p"),
        link("/espace/reseau/structures", "Structures", "building", "g s"),
        link("/espace/reseau/partenaires", "Contacts et partenaires", "contact", "g c"),
        link("/espace/reseau/carte", "Carte", "map", "g m"),
    ];
    if visitor.is(Role::Coordinator) {
        links.push(link("/espace/reseau/demandes", "Demandes de modification", "inbox", ""));
        links.push(link("/espace/reseau/verifications", "Vérification des fiches", "check", ""));
        links.push(link("/espace/reseau/imports", "Imports", "upload", "g i"));
        links.push(link("/espace/reseau/doublons", "Doublons", "copy", "g d"));
        links.push(link("/espace/reseau/corbeille", "Corbeille", "trash", ""));
    }
    NavGroup { title: "Réseau", links }
}

/// Meetings in calendars, and how their dates are found.
fn agenda_group(visitor: &Visitor) -> NavGroup {
    let mut links = vec![link("/espace/agenda", "Calendrier", "agenda", "g a")];
    if visitor.is_any(&[Role::Coordinator, Role::Caf]) {
        links.push(link("/espace/agenda/sondages", "Sondages de dates", "poll", "g h"));
    }
    links.push(link("/espace/agenda/abonnements", "Abonnements", "rss", ""));
    NavGroup { title: "Agenda", links }
}

/// What the coordination writes to others and shows to the public.
fn outreach_groups() -> [NavGroup; 2] {
    let mail = vec![
        link("/espace/messagerie/boite", "Boîte partagée", "inbox", "g b"),
        link("/espace/messagerie/lettres", "Lettres et messages", "send", "g n"),
        link("/espace/messagerie/listes", "Listes", "list", ""),
        link("/espace/messagerie/modeles", "Modèles", "template", ""),
    ];
    let site = vec![
        link("/espace/communication/messages", "Messages reçus", "inbox", "g o"),
        link("/espace/communication/site", "Site public", "globe", "g w"),
    ];
    [NavGroup { title: "Messagerie", links: mail }, NavGroup { title: "Communication", links: site }]
}
