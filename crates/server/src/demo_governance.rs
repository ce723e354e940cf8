//! Who steers the network of the demonstration: a Copil and a Cotech, who sits in them, a roadmap, meetings to come.

use app::features::governance::agenda_item::{self, AgendaItem};
use app::features::governance::committee::{self, Committee};
use app::features::governance::meeting::{self, Meeting};
use app::features::governance::objective::{self, Objective};
use app::features::governance::seat::{self, Seat, SeatHolder};
use chrono::Datelike;
use kit::network::Network;
use kit::{Actor, App, Result, Tx};

/// Organisation, whether it votes, titular, their function and address, deputy.
type Place = (&'static str, bool, &'static str, &'static str, &'static str, &'static str);

const COPIL: [Place; 7] = [
    (
        "Caf de la Drôme",
        true,
        "Hélène Roux",
        "Conseillère technique jeunesse",
        "caf@demo.example",
        "Paul Garnier",
    ),
    (
        "Département de la Drôme",
        true,
        "Marc Faure",
        "Chargé de mission jeunesse",
        "partenaire@demo.example",
        "Inès Morel",
    ),
    (
        "SDJES de la Drôme",
        true,
        "Claude Ferrand",
        "Conseiller d’éducation populaire",
        "claude.ferrand@sdjes.example",
        "",
    ),
    (
        "Msa Ardèche Drôme Loire",
        true,
        "Nadia Benali",
        "Responsable action sociale",
        "nadia.benali@msa.example",
        "",
    ),
    (
        "Fédération des centres sociaux",
        true,
        "Yves Colin",
        "Délégué fédéral",
        "yves.colin@centres-sociaux.example",
        "Lise Petit",
    ),
    ("Maison des adolescents", false, "Sofia Moreau", "Directrice", "sofia.moreau@mda.example", ""),
    ("Information jeunesse", false, "", "", "", ""),
];

const COTECH: [Place; 4] = [
    ("Caf de la Drôme", true, "Paul Garnier", "Conseiller technique", "paul.garnier@caf.example", ""),
    (
        "Département de la Drôme",
        true,
        "Inès Morel",
        "Référente numérique",
        "ines.morel@departement.example",
        "",
    ),
    (
        "Fédération des centres sociaux",
        true,
        "Lise Petit",
        "Chargée de mission",
        "lise.petit@centres-sociaux.example",
        "",
    ),
    ("Mjc de Crest", false, "Karim Haddad", "Directeur", "karim.haddad@mjc.example", ""),
];

/// Title, indicator, target, progress, days until it is due.
const ROADMAP: [(&str, &str, &str, i64, i64); 4] = [
    (
        "Couvrir le Diois et les Baronnies",
        "Structures signataires au sud et à l’est",
        "4 structures",
        50,
        120,
    ),
    (
        "Former chaque nouveau promeneur dans ses trois mois",
        "Promeneurs ayant suivi la formation socle",
        "Tous",
        70,
        210,
    ),
    ("Tenir quatre séances d’analyse des pratiques", "Séances tenues", "4 séances", 75, 35),
    ("Remettre le bilan de l’année aux financeurs", "Bilan validé par le comité", "Fin janvier", 10, 66),
];

/// Title, what it is for, minutes.
const TALKED_OF: [(&str, &str, i64); 3] = [
    ("Promeneurs arrivés depuis septembre, et leurs accompagnements", "information", 20),
    ("Candidatures reçues\u{a0}: première lecture", "discussion", 45),
    ("Calendrier des séances d’analyse des pratiques", "decision", 15),
];

/// Founds both, with those who sit in them.
pub async fn found(tx: &mut Tx, app: &App, network: &Network) -> Result<()> {
    let now = app.now();
    let actor = Actor::program(network.id, "Amandine Perrot", now);
    let copil = Committee {
        name: "Comité de pilotage de la Drôme".to_owned(),
        chair: Some("Caf de la Drôme".to_owned()),
        purpose: Some(
            "Fixer la feuille de route de la coordination, choisir les structures, adopter la charte et ses \
             évolutions, suivre le bilan de l’année."
                .to_owned(),
        ),
        decision_mode: "majority".to_owned(),
        quorum_percent: Some(50),
        ..Committee::blank(network.id, now, "steering")
    };
    let copil = committee::found(tx, &actor, copil).await?;
    let cotech = Committee {
        name: "Comité technique".to_owned(),
        co_facilitator: Some("Caf de la Drôme".to_owned()),
        purpose: Some(
            "Suivre le réseau au quotidien et préparer les décisions du comité de pilotage.".to_owned(),
        ),
        ..Committee::blank(network.id, now, "technical")
    };
    let cotech = committee::found(tx, &actor, cotech).await?;
    for (committee, places) in [(&copil, &COPIL[..]), (&cotech, &COTECH[..])] {
        for place in places {
            give(tx, &actor, committee, place).await?;
        }
    }
    for (title, indicator, target, progress, days) in ROADMAP {
        let objective = Objective {
            title: title.to_owned(),
            indicator: Some(indicator.to_owned()),
            target: Some(target.to_owned()),
            progress,
            due_on: Some(network.day_of(now.plus_days(days))),
            ..Objective::blank(network.id, now, copil.id)
        };
        objective::set(tx, &actor, objective).await?;
    }
    crate::demo_sessions::hold(tx, &actor, network, &copil).await?;
    let next = meet(tx, &actor, network, &copil, ("Copil de fin d’année", 16)).await?;
    agenda_item::fill(tx, &actor, &next).await?;
    let next = meet(tx, &actor, network, &cotech, ("Cotech de rentrée", 9)).await?;
    for (title, objective, minutes) in TALKED_OF {
        let item = AgendaItem {
            title: title.to_owned(),
            objective: objective.to_owned(),
            minutes: Some(minutes),
            ..AgendaItem::blank(&next, now)
        };
        agenda_item::add(tx, &actor, &next, item).await?;
    }
    crate::demo_polls::ask(tx, app, network, &cotech).await
}

/// Plans a meeting at half past nine, on the first Tuesday after so many days.
async fn meet(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    committee: &Committee,
    (title, days): (&str, i64),
) -> Result<Meeting> {
    let day = network.day_of(actor.now.plus_days(days));
    let to_tuesday = (8 - i64::from(day.0.weekday().num_days_from_monday())) % 7;
    let day = network.day_of(actor.now.plus_days(days + to_tuesday));
    let meeting = Meeting {
        title: title.to_owned(),
        starts_at: Some(day.start_in(network.zone()).plus_minutes(9 * 60 + 30)),
        place: Some("Caf de la Drôme, 10 rue Marcel-Barbu, Valence".to_owned()),
        message: Some("Un café vous attend à partir de 9 h.".to_owned()),
        ..Meeting::blank(network.id, actor.now, committee)
    };
    meeting::plan(tx, actor, meeting).await
}

async fn give(tx: &mut Tx, actor: &Actor, committee: &Committee, place: &Place) -> Result<()> {
    let (organisation, is_voting, titular, job_title, email, deputy) = *place;
    let blank = Seat::blank(actor.network_id, actor.now, committee.id);
    let seat = Seat { organisation: organisation.to_owned(), is_voting, ..blank };
    let holder =
        |rank, name: &str| SeatHolder { name: name.to_owned(), ..SeatHolder::blank(&seat, actor.now, rank) };
    let mut holders = Vec::new();
    if !titular.is_empty() {
        let known = |text: &str| Some(text.to_owned());
        let titular = holder("titular", titular);
        holders.push(SeatHolder { job_title: known(job_title), email: known(email), ..titular });
    }
    if !deputy.is_empty() {
        holders.push(holder("deputy", deputy));
    }
    seat::give(tx, actor, seat, holders).await.map(drop)
}
