//! Dates that the coordinator of the demonstration looks for: one poll that people are answering, one that found its date.

use app::features::agenda::conclusion::{self, Outcome};
use app::features::agenda::date_poll::DatePoll;
use app::features::agenda::participant::{self, Participant};
use app::features::agenda::poll_answer::{self, Said};
use app::features::agenda::{invitation, opening, slot};
use app::features::governance::committee::Committee;
use app::features::governance::meeting::{self, Meeting};
use kit::db::Timestamp;
use kit::network::Network;
use kit::{Actor, App, Result, Tx};

/// What each of those who answered says of each date: y, i or n; the others have not said anything.
const OF_COTECH: [&str; 3] = ["yyiny", "niyyn", "yynyi"];
const OF_VISIT: [&str; 3] = ["nyy", "iyn", "nyi"];

/// Days from now, and minutes after midnight.
const COTECH_DATES: [(i64, i64); 5] = [(44, 570), (45, 840), (46, 570), (51, 840), (52, 570)];
const VISIT_DATES: [(i64, i64); 3] = [(6, 600), (7, 840), (8, 600)];

const GUESTS: [(&str, &str, &str); 3] = [
    ("Sofia Moreau", "Maison des adolescents", "sofia.moreau@mda.example"),
    ("Inès Morel", "Département de la Drôme", "ines.morel@departement.example"),
    ("Karim Haddad", "Mjc de Crest", "karim.haddad@mjc.example"),
];

/// A meeting of the Cotech whose date is looked for, and a visit whose date was found.
pub async fn ask(tx: &mut Tx, app: &App, network: &Network, cotech: &Committee) -> Result<()> {
    let actor = |days: i64| Actor::program(network.id, "Amandine Perrot", app.now().plus_days(-days));
    let base = app.link_base(network);
    let place = (app, network, base.as_str());
    let undated =
        Meeting { title: "Cotech de printemps".to_owned(), ..Meeting::blank(network.id, app.now(), cotech) };
    let undated = meeting::plan(tx, &actor(4), undated).await?;
    let poll = DatePoll {
        title: "Cotech de printemps".to_owned(),
        explanation: Some(
            "Au programme\u{a0}: les candidatures reçues, et le calendrier des formations.".to_owned(),
        ),
        place: Some("Département, Valence, salle Rhône".to_owned()),
        closes_on: network.day_of(app.now().plus_days(6)),
        committee_id: Some(cotech.id),
        meeting_id: Some(undated.id),
        ..DatePoll::blank(network, actor(4).now)
    };
    let poll = opening::make(tx, &actor(4), place, poll, &dates(app, network, &COTECH_DATES)).await?;
    let seated = invitation::seated(tx, network.id, cotech.id, network.today(app.now())).await?;
    let people = invitation::of_committee(&poll, actor(4).now, cotech, &seated);
    invitation::invite(tx, &actor(4), &poll, people).await?;
    opening::send(tx, &actor(4), place, poll.id).await?;
    answer(tx, network, &poll, (app.now().plus_days(-2), &OF_COTECH)).await?;

    let visit = DatePoll {
        title: "Visite de la Maison des adolescents".to_owned(),
        place: Some("Maison des adolescents, Valence".to_owned()),
        minutes: 90,
        closes_on: network.day_of(app.now().plus_days(-2)),
        ..DatePoll::blank(network, actor(12).now)
    };
    let visit = opening::make(tx, &actor(12), place, visit, &dates(app, network, &VISIT_DATES)).await?;
    let guest = |(name, there, email): &(&str, &str, &str)| {
        Participant::new(&visit, actor(12).now, (name, there), Some((*email).to_owned()), ("typed", ""))
    };
    invitation::invite(tx, &actor(12), &visit, GUESTS.iter().map(guest).collect()).await?;
    opening::send(tx, &actor(12), place, visit.id).await?;
    answer(tx, network, &visit, (app.now().plus_days(-9), &OF_VISIT)).await?;
    let best = slot::of_poll(tx, network.id, visit.id).await?.remove(1).id;
    conclusion::conclude(tx, &actor(8), place, (visit.id, best), Outcome::Told).await.map(drop)
}

fn dates(app: &App, network: &Network, all: &[(i64, i64)]) -> Vec<Timestamp> {
    let date = |(days, minutes): &(i64, i64)| {
        network.day_of(app.now().plus_days(*days)).start_in(network.zone()).plus_minutes(*minutes)
    };
    all.iter().map(date).collect()
}

/// The first of those asked say this of the dates.
async fn answer(
    tx: &mut Tx,
    network: &Network,
    poll: &DatePoll,
    (at, said): (Timestamp, &[&str]),
) -> Result<()> {
    let people = participant::of_poll(tx, network.id, poll.id).await?;
    let slots = slot::of_poll(tx, network.id, poll.id).await?;
    for (one, words) in people.iter().zip(said) {
        let answers = slots.iter().zip(words.chars()).map(|(slot, word)| {
            let answer = match word {
                'y' => "yes",
                'i' => "if_needed",
                _ => "no",
            };
            (slot.id, answer)
        });
        let actor = Actor::program(network.id, &one.name, at);
        let said = Said { answers: answers.collect(), note: None, by: "link" };
        poll_answer::answer(tx, &actor, one.id, said).await?;
    }
    Ok(())
}
