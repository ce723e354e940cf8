//! A Copil of the demonstration that took place last spring: who was there, what was noted and decided, its minutes.

use app::features::governance::agenda_item::{self, AgendaItem};
use app::features::governance::attendance;
use app::features::governance::committee::Committee;
use app::features::governance::decision::{self, Decision};
use app::features::governance::invitee;
use app::features::governance::meeting::{self, Meeting};
use app::features::governance::sitting::{self, Outcome};
use app::features::governance::{minutes, note};
use kit::network::Network;
use kit::{Actor, Result, Tx};

/// Days ago.
const AGO: i64 = 170;

/// Item, what was noted of it, how it ended.
const TALKED_OF: [(&str, &str, Outcome); 4] = [
    (
        "Point sur la mise en œuvre",
        "<p>Vingt-deux promeneurs sont en poste dans dix-huit structures. Trois recrutements sont en cours dans le nord du département.</p>\
         <ul><li>La Drôme provençale reste peu couverte.</li><li>Deux structures demandent un second poste.</li></ul>",
        Outcome::Treated,
    ),
    (
        "Prochain appel à candidatures",
        "<p>Le comité souhaite donner la priorité aux communes sans présence et ouvrir l’appel <strong>dès la rentrée</strong>.</p>",
        Outcome::Treated,
    ),
    (
        "Bilan intermédiaire",
        "<p>Les accompagnements liés au mal-être augmentent. La Maison des adolescents propose une rencontre avec les promeneurs.</p>",
        Outcome::Treated,
    ),
    ("Évolution de la charte", "", Outcome::Parked),
];

/// Text, item, votes, owner, days until it is due from the meeting on.
type Decided = (&'static str, usize, Option<(i64, i64, i64)>, &'static str, i64);

const DECIDED: [Decided; 3] = [
    (
        "Ouvrir l’appel à candidatures en septembre, en priorité pour le nord du département et la Drôme provençale.",
        1,
        Some((3, 0, 1)),
        "Amandine Perrot",
        95,
    ),
    (
        "Organiser une rencontre entre les promeneurs et la Maison des adolescents.",
        2,
        None,
        "Sofia Moreau",
        140,
    ),
    ("Présenter un projet de charte révisée au prochain comité.", 3, None, "Amandine Perrot", 200),
];

/// Holds it.
pub async fn hold(tx: &mut Tx, actor: &Actor, network: &Network, committee: &Committee) -> Result<()> {
    let day = network.day_of(actor.now.plus_days(-AGO));
    let starts = day.start_in(network.zone()).plus_minutes(9 * 60 + 30);
    let then = Actor { now: starts.plus_minutes(-30), ..actor.clone() };
    let blank = Meeting::blank(network.id, then.now, committee);
    let meeting = Meeting {
        title: "Copil de printemps".to_owned(),
        starts_at: Some(starts),
        place: Some("Caf de la Drôme, 10 rue Marcel-Barbu, Valence".to_owned()),
        ..blank
    };
    let meeting = meeting::plan(tx, &then, meeting).await?;
    let mut items = Vec::new();
    for (title, ..) in TALKED_OF {
        let item = AgendaItem {
            title: title.to_owned(),
            objective: "discussion".to_owned(),
            minutes: Some(25),
            ..AgendaItem::blank(&meeting, then.now)
        };
        items.push(agenda_item::add(tx, &then, &meeting, item).await?);
    }
    let meeting = sitting::open(tx, &then, network, meeting.id).await?;
    let now = Actor { now: starts.plus_minutes(60), ..actor.clone() };
    attend(tx, &now, &meeting).await?;
    for (item, (_, noted, outcome)) in items.iter().zip(TALKED_OF) {
        sitting::turn_to(tx, &now, &meeting, Some(item.id)).await?;
        note::write(tx, &now, &meeting, (item.id, 0), noted).await?;
        sitting::end_item(tx, &now, &meeting, (item.id, item.version), outcome).await?;
    }
    for (text, item, votes, owner, days) in DECIDED {
        let blank = Decision::blank(&meeting, day, now.now);
        let votes = votes.map(|(yes, no, none)| [yes, no, none].map(Some)).unwrap_or_default();
        let new = Decision {
            text: text.to_owned(),
            item_id: Some(items[item].id),
            mode: if votes[0].is_some() { "vote" } else { "consensus" }.to_owned(),
            votes_for: votes[0],
            votes_against: votes[1],
            votes_abstained: votes[2],
            owner: Some(owner.to_owned()),
            due_on: Some(network.day_of(starts.plus_days(days))),
            ..blank
        };
        decision::take(tx, &now, &meeting, new, false).await?;
    }
    let meeting = meeting::hold(tx, &now, network, meeting.id).await?;
    let later = Actor { now: starts.plus_days(6), ..actor.clone() };
    let begun = minutes::begin(tx, &later, &meeting).await?;
    let handed = minutes::submit(tx, &later, network, &meeting, (&begun, None)).await?;
    minutes::validate(tx, &later, &meeting, &handed, "Hélène Roux, Caf de la Drôme").await.map(drop)
}

/// Titulars came, but one who is excused.
async fn attend(tx: &mut Tx, actor: &Actor, meeting: &Meeting) -> Result<()> {
    for one in invitee::of_meeting(tx, meeting.network_id, meeting.id).await? {
        let code = match (one.rank.as_str(), one.organisation.starts_with("Msa")) {
            ("titular", false) => "present",
            ("titular", true) => "excused",
            _ => continue,
        };
        attendance::note(tx, actor, meeting, one.id, (code, None)).await?;
    }
    Ok(())
}
