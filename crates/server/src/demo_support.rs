//! What the coordinator of the demonstration has to do, what she is asked, and what she did these last weeks.

use app::features::accounts::account;
use app::features::directory::person::Person;
use app::features::directory::structure::Structure;
use app::features::questions::Asker;
use app::features::questions::asker::Sheet;
use app::features::questions::question::{self, NewQuestion, Question};
use app::features::support::About;
use app::features::support::activity_entry::{self, NewEntry};
use app::features::support::task::{self, NewTask};
use kit::db::Date;
use kit::network::Network;
use kit::{Actor, App, Result, Tx};

/// Title, days until it is due, whether it is hers (else nobody's), notes.
const TASKS: [(&str, i64, bool, &str); 6] = [
    (
        "Relancer la MJC pour la charte signée",
        -3,
        true,
        "Deux courriels sans réponse\u{a0}: appeler la direction.",
    ),
    ("Envoyer l’ordre du jour du Cotech", 0, true, ""),
    ("Réserver la salle de la réunion de réseau", 0, false, ""),
    ("Préparer le bilan du semestre pour la Caf", 9, true, "Reprendre le plan de l’an dernier."),
    ("Mettre à jour l’affiche avec les nouveaux visages", 16, false, ""),
    ("Prévoir une visite à chaque nouvelle structure", 30, true, ""),
];

/// Days ago, kind, means, theme, minutes, people, title.
type Done = (i64, &'static str, &'static str, &'static str, i64, i64, &'static str);

const DONE: [Done; 14] = [
    (
        1,
        "person_support",
        "phone",
        "posture",
        30,
        1,
        "Message reçu tard le soir\u{a0}: que répondre, et quand",
    ),
    (2, "partnership", "in_person", "network_life", 90, 4, "Rencontre avec la Maison des adolescents"),
    (3, "publication", "social", "network_life", 45, 0, "Publication\u{a0}: le café des parents de Crest"),
    (6, "network_meeting", "in_person", "posture", 180, 17, "Réunion de réseau à Valence"),
    (7, "organisation", "email", "network_life", 60, 0, "Convocations et covoiturage de la réunion"),
    (9, "question", "phone", "legal", 25, 1, "Droit à l’image pendant un séjour"),
    (12, "structure_support", "video", "agreement", 50, 2, "Point sur la convention du centre social"),
    (15, "committee", "in_person", "network_life", 120, 9, "Comité technique"),
    (16, "committee_papers", "email", "network_life", 75, 0, "Compte rendu du comité technique"),
    (
        20,
        "welcome",
        "in_person",
        "tools",
        120,
        1,
        "Accueil d’une nouvelle promeneuse\u{a0}: profils et réglages",
    ),
    (23, "question", "email", "technical", 20, 1, "Compte bloqué\u{a0}: démarches auprès de la plateforme"),
    (27, "own_training", "video", "legal", 180, 0, "Webinaire\u{a0}: protection des mineurs en ligne"),
    (34, "call", "email", "agreement", 60, 12, "Information sur l’appel à candidatures"),
    (41, "report", "email", "network_life", 150, 0, "Bilan des permanences du trimestre"),
];

/// Days ago, category, channel, title, details.
type Asked = (i64, &'static str, &'static str, &'static str, &'static str);

/// The first is taken, the second waits, the last has its answer.
const ASKED: [Asked; 3] = [
    (
        5,
        "technical",
        "phone",
        "Mon compte Instagram professionnel est bloqué\u{a0}: vers qui me tourner\u{a0}?",
        "Bloqué depuis lundi après un changement de téléphone. Le courriel de récupération est celui de la \
         structure.",
    ),
    (
        1,
        "posture",
        "messaging",
        "Puis-je confier mon profil à une collègue pendant mes congés\u{a0}?",
        "Trois semaines en août. La direction craint que les messages restent sans réponse.",
    ),
    (
        12,
        "legal",
        "meeting",
        "Faut-il l’accord des deux parents pour publier la photo d’un atelier\u{a0}?",
        "Posée pendant la réunion de réseau, pour la page de la structure.",
    ),
];

const ANSWER: &str = "Oui, dès qu’un mineur est reconnaissable\u{a0}: un accord écrit des deux titulaires de l’autorité \
    parentale, qui dit pour quel usage, sur quels supports et jusqu’à quand. On demande aussi son avis au jeune. Sans \
    accord, choisir une photo de dos ou de mains au travail.";
const SOURCES: &str = "Code civil, articles 9 et 372-1";

/// Tasks, questions, a journal of six weeks, three lines that wait to be confirmed, and the committees that all this is for.
pub async fn fill(tx: &mut Tx, app: &App, network: &Network) -> Result<()> {
    let now = app.now();
    let her = account::find_by_email(tx, network.id, "coordination@demo.example").await?;
    let colleague = Actor::program(network.id, "Hélène Roux", now.plus_minutes(-90));
    let day = |days: i64| network.day_of(now.plus_days(days));
    let mut structures: Vec<Structure> = tx.all_of(network.id).await?;
    structures.sort_by_key(|structure| structure.id);
    let place = structures.first().map(|one| About::new("structure", one.id, one.name.clone(), one.url()));
    for (at, (title, days, is_hers, notes)) in TASKS.iter().enumerate() {
        let new = NewTask {
            title: (*title).to_owned(),
            notes: Some((*notes).to_owned()).filter(|notes| !notes.is_empty()),
            due_on: Some(day(*days)),
            assignee_id: her.as_ref().map(|her| her.id).filter(|_| *is_hers),
            about: place.clone().filter(|_| at == 0),
        };
        task::add(tx, &colleague, new).await?;
    }
    let actor = Actor::program(network.id, "Amandine Perrot", now);
    for done in DONE {
        activity_entry::record(tx, &actor, entry(done, day(-done.0))).await?;
    }
    let mut answered = NewEntry::new(day(-1), "mail", "Réponse à la mairie de Saillans\u{a0}: dépliants");
    (answered.means, answered.minutes) = (Some("email"), Some(10));
    activity_entry::propose(tx, &actor, answered.once("demo:1")).await?;
    let mut visit = NewEntry::new(day(0), "structure_support", "Visite d’une structure");
    (visit.means, visit.minutes, visit.about) = (Some("in_person"), Some(90), place);
    activity_entry::propose(tx, &actor, visit.once("demo:2")).await?;
    let her_acts = Actor { account_id: her.map(|her| her.id), ..actor };
    ask(tx, network, &her_acts).await?;
    crate::demo_governance::found(tx, app, network).await
}

/// Questions of those who are published, one taken, one answered.
async fn ask(tx: &mut Tx, network: &Network, actor: &Actor) -> Result<()> {
    let mut people: Vec<Person> = tx.all_of(network.id).await?;
    people.retain(Person::is_published);
    people.sort_by_key(|person| person.id);
    let mut asked = Vec::new();
    for ((days, category, channel, title, body), asker) in ASKED.into_iter().zip(&people) {
        let sheet = Sheet { kind: "person".to_owned(), id: asker.id, url: asker.url() };
        let new = NewQuestion {
            title: title.to_owned(),
            body: Some(body.to_owned()),
            category: category.to_owned(),
            channel: channel.to_owned(),
            asked_on: network.day_of(actor.now.plus_days(-days)),
            asker: Asker { name: asker.name(), sheet: Some(sheet) },
            about: None,
        };
        asked.push(question::add(tx, actor, new).await?);
    }
    let [taken, _, answered] = &asked[..] else { return Ok(()) };
    question::take(tx, actor, taken.id).await?;
    let after = Question {
        answer: Some(ANSWER.to_owned()),
        sources: Some(SOURCES.to_owned()),
        review_on: Some(network.day_of(actor.now.plus_days(350))),
        minutes: Some(20),
        ..answered.clone()
    };
    question::answer(tx, actor, network, answered, after).await.map(drop)
}

fn entry((_, kind, means, theme, minutes, people, title): Done, day: Date) -> NewEntry {
    let mut new = NewEntry::new(day, kind, title);
    (new.means, new.theme, new.minutes) = (Some(means), Some(theme), Some(minutes));
    new.people = Some(people).filter(|people| *people > 0);
    new
}
