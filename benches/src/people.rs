//! A département as large as one likes.

use std::fmt::Write as _;

use app::features::directory::mandate::Mandate;
use app::features::directory::person::{self, Person};
use app::features::directory::structure::{self, Structure};
use kit::testing::TestApp;
use kit::{Actor, Date, territory};

const FIRST: [&str; 24] = [
    "Marie",
    "Jean",
    "Camille",
    "Noé",
    "Zoé",
    "Hugo",
    "Inès",
    "Théo",
    "Chloé",
    "Yanis",
    "Fatou",
    "Karim",
    "Sarah",
    "Rémi",
    "Amélie",
    "Félix",
    "Nadia",
    "Loïc",
    "Maëlle",
    "Idriss",
    "Clémence",
    "Jérôme",
    "Anaïs",
    "Claire",
];
const LAST: [&str; 30] = [
    "Perrin",
    "Martin",
    "Lefèvre",
    "Chevallier",
    "Dupont-Aubert",
    "Le Goff",
    "N'Diaye",
    "Münch",
    "Brossard",
    "Traoré",
    "Morvan",
    "Garnier",
    "Roussel",
    "Béraud",
    "Vasseur",
    "Haddad",
    "Guérin",
    "L'Hôte",
    "Da Silva",
    "Čapek",
    "Fabre",
    "Giraud",
    "Lacroix",
    "Vidal",
    "Serre",
    "Tardy",
    "Colin",
    "Blanc",
    "Roux",
    "Faure",
];
const THEMES: [&str; 5] = ["health", "leisure", "work", "parenting", "housing"];

/// Names repeat as they do in life; a number tells them apart where they must not be one person.
fn name(at: usize) -> (String, String) {
    let last = LAST[(at / FIRST.len()) % LAST.len()];
    let tail = at / (FIRST.len() * LAST.len());
    (
        FIRST[at % FIRST.len()].to_owned(),
        if tail == 0 { last.to_owned() } else { format!("{last} {}", syllables(tail)) },
    )
}

fn syllables(mut number: usize) -> String {
    const PARTS: [&str; 16] =
        ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo", "mu", "ra"];
    let mut text = String::new();
    while number > 0 {
        text.push_str(PARTS[number % PARTS.len()]);
        number /= PARTS.len();
    }
    text
}

/// A spreadsheet of so many rows, with everything that must be cleaned.
pub fn csv(count: usize) -> String {
    let mut text = String::from(
        "NOM;Prénom;Structure;Fonction;Mél;Tél;Ville;Date entrée;Charte;Insta;Discord;Permanences;Remarques\n",
    );
    let communes: Vec<_> = territory::communes_of("26").take(200).collect();
    for at in 0..count {
        let (first, last) = name(at);
        let commune = &communes[at % communes.len()].name;
        writeln!(
            text,
            "{};{first};MJC de {commune};animateur jeunesse;p{at}@mjc.example;6{:08};{commune};{:02}/0{}/2023;X;@p{at};p{at}#1234;mardi et jeudi 17h-19h;vu en réunion",
            last.to_uppercase(),
            at,
            at % 28 + 1,
            at % 9 + 1,
        )
        .unwrap();
    }
    text
}

/// Fills the network with published people in posts, in a few hundred structures.
pub async fn fill(test: &TestApp, count: usize) {
    let actor = Actor::program(test.network.id, "Mesure", test.app.now());
    let communes: Vec<_> = territory::communes_of("26").collect();
    let mut tx = test.app.db.write().await.unwrap();
    let mut structures = Vec::new();
    for at in 0..(count / 50).clamp(1, 3_000) {
        let commune = communes[at % communes.len()];
        let mut one = Structure::named(
            actor.network_id,
            actor.now,
            &format!("MJC {} de {}", syllables(at + 1), commune.name),
        );
        one.slug = format!("mjc-{at}");
        one.status = "active".to_owned();
        one.published_at = Some(actor.now);
        one.settle_in(commune);
        structures.push(one);
    }
    for chunk in structures.chunks(1_000) {
        structure::add(&mut tx, &actor, chunk, None).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut at = 0;
    while at < count {
        let most = (at + 5_000).min(count);
        let mut tx = test.app.db.write().await.unwrap();
        let (mut people, mut mandates) = (Vec::new(), Vec::new());
        for n in at..most {
            let (first, last) = name(n);
            let mut one = Person::named(actor.network_id, actor.now, &first, &last);
            one.slug = format!("p{n}");
            one.themes = THEMES[n % THEMES.len()].to_owned();
            one.published_at = Some(actor.now);
            let place = &structures[n % structures.len()];
            let rank = i64::try_from(n / structures.len() + 1).unwrap();
            let mut post = Mandate::new(actor.network_id, actor.now, place.id, rank, Some(one.id));
            post.started_on = Date::new(2020 + i32::try_from(n % 6).unwrap(), 1, 1);
            post.charter = if n % 3 == 0 { "sent" } else { "signed" }.to_owned();
            people.push(one);
            mandates.push(post);
        }
        tx.insert(&people).await.unwrap();
        tx.insert(&mandates).await.unwrap();
        let ids: Vec<_> = people.iter().map(|p| p.id).collect();
        person::refresh(&mut tx, &actor, &ids).await.unwrap();
        tx.commit().await.unwrap();
        at = most;
    }
}
