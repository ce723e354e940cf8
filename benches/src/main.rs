//! Measures what `BENCHMARKS.md` reports, in one run, on the engine the environment names
//! (`ESPLANADE_TEST_POSTGRES`, else SQLite), and prints one JSON object.
//!
//! Figures are ratios wherever a machine could flatter them; times are medians or high percentiles.

#![expect(clippy::unwrap_used, reason = "a measure that cannot be taken must stop")]

mod http;
mod letters;
mod mailbox;
mod people;

use std::cell::Cell;
use std::time::{Duration, Instant};

use app::features::directory::imports::{self, Choices};
use axum::Router;
use axum::routing::get;
use documents::paper::{self, Block, Paper, Run, Table};
use http::Ask;
use kit::Role;
use kit::db::fulltext;
use kit::testing::TestApp;
use serde_json::{Value, json};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs of a timed page.
const RUNS: usize = 60;

/// `benches [PEOPLE] [mailbox|documents|import|letters|throughput|search|lists]`: all of them unless one is named.
fn main() {
    kit::runtime().unwrap().block_on(measure());
}

async fn measure() {
    let most = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(500_000);
    let only = std::env::args().nth(2);
    let wants = |name: &str| only.as_deref().is_none_or(|only| only == name);
    let mut figures = serde_json::Map::new();
    if only.as_deref() == Some("mailbox") {
        // Needs servers of its own: only when asked for by name.
        println!("{}", serde_json::to_string_pretty(&mailbox::measure().await).unwrap());
        return;
    }
    if wants("documents") {
        figures.insert("documents_ms".into(), documents());
    }
    if wants("import") {
        figures.insert("import_5000_seconds".into(), import().await);
    }
    if wants("letters") {
        let letters = letters::measure().await;
        eprintln!("letters: {letters}");
        figures.insert("letters".into(), letters);
    }
    let small = filled(5_000).await;
    figures.insert("engine".into(), json!(small.app.db.engine()));
    if wants("throughput") {
        figures.insert("throughput".into(), throughput(&small).await);
    }
    let one = if wants("lists") { lists(&small).await } else { Vec::new() };
    drop(small);
    if wants("search") || wants("lists") {
        let large = filled(most).await;
        figures.insert("people".into(), json!(most));
        figures.insert("search_ms".into(), search(&large).await);
        if wants("lists") {
            figures.insert("lists".into(), ratios(&one, &lists(&large).await));
        }
    }
    println!("{}", serde_json::to_string_pretty(&Value::Object(figures)).unwrap());
}

/// Each list's time in the small and in the large network.
fn ratios(one: &[(String, f64)], hundred: &[(String, f64)]) -> Value {
    let all = one.iter().zip(hundred).map(|((name, small), (_, large))| {
        let figures =
            json!({ "ms_5000": round(*small), "ms_large": round(*large), "ratio": round(large / small) });
        (name.clone(), figures)
    });
    Value::Object(all.collect())
}

fn round(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

/// A network of so many published people, made by the acts' own bulk paths.
async fn filled(count: usize) -> TestApp {
    let test = TestApp::start(app::parts()).await;
    let started = Instant::now();
    people::fill(&test, count).await;
    test.app.db.analyze().await.unwrap();
    test.app.db.optimise_search().await.unwrap();
    eprintln!("{count} people in {:.1} s", started.elapsed().as_secs_f64());
    test
}

/// Median time of what is drawn on demand, in milliseconds, once fonts are read.
fn documents() -> Value {
    use documents::pdf::card::{Card, Format, pdf};
    use documents::pdf::sharing::{Sharing, png};
    let card = Card {
        name: "Marie-Noëlle Dupont-Aubert".to_owned(),
        job_title: Some("animatrice jeunesse et parentalité".to_owned()),
        structure: "Centre social de Livron".to_owned(),
        place: "Livron-sur-Drôme".to_owned(),
        network: "Promeneurs du Net de la Drôme".to_owned(),
        check_url: "https://drome.example/verifier/marie-noelle-dupont-aubert".to_owned(),
        profiles: vec![("Instagram".to_owned(), "marie.pdn26".to_owned())],
        accent: "#1f6f5c".to_owned(),
    };
    let sharing = Sharing {
        title: card.name.clone(),
        line: card.structure.clone(),
        network: card.network.clone(),
        initials: "MD".to_owned(),
        accent: card.accent.clone(),
    };
    let median = |draw: &dyn Fn() -> usize| {
        draw();
        let mut times: Vec<f64> = (0..RUNS)
            .map(|_| {
                let started = Instant::now();
                assert!(draw() > 1_000);
                started.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        round(times[RUNS / 2])
    };
    let drawn = [12, 178].map(|items| {
        // No two papers say the same: nothing is remembered from one to the next.
        let run = Cell::new(0);
        let pages = Cell::new(0);
        let ms = median(&|| {
            run.set(run.get() + 1);
            let bytes = paper::pdf(&minutes(items, run.get())).unwrap();
            pages.set(bytes.windows(11).filter(|at| *at == b"/Type/Page\n" || *at == b"/Type/Page/").count());
            bytes.len()
        });
        json!({ "pages": pages.get(), "ms": ms })
    });
    json!({
        "card": median(&|| pdf(&card, Format::One).unwrap().len()),
        "sheet_of_ten": median(&|| pdf(&card, Format::Sheet).unwrap().len()),
        "picture_of_a_shared_page": median(&|| png(&sharing).unwrap().len()),
        "minutes": drawn,
    })
}

/// Minutes with so many items, each a heading, a paragraph, a list and a decision; with their contents and an attendance.
fn minutes(items: usize, run: usize) -> Paper {
    let item = |at: usize| {
        format!(
            "<h2>{at}. Point sur la mise en œuvre</h2><p>{}</p><ul><li>La Drôme provençale reste peu couverte.</li>\
             <li>Deux structures demandent un second poste.</li></ul><blockquote><p><strong>Décision 2026-{at}</strong> \
             (consensus)\u{a0}: ouvrir l’appel à candidatures.</p></blockquote>",
            format!("Au {run}e relevé, {at} promeneurs sont en poste, trois recrutements sont en cours dans le nord. ").repeat(5)
        )
    };
    let cell = |text: &str| vec![Run::plain(text)];
    let attendance = Table {
        caption: "Personnes convoquées ou présentes".to_owned(),
        head: ["Personne", "Organisme", "Présence"].map(cell).to_vec(),
        rows: (0..12).map(|_| ["Hélène Roux", "Caf de la Drôme", "Présente"].map(cell).to_vec()).collect(),
        weights: vec![3, 4, 3],
    };
    let mut blocks = vec![Block::Table(attendance)];
    blocks.extend(paper::blocks_of_html(&(1..=items).map(item).collect::<String>(), 1));
    Paper {
        title: "Compte rendu du comité de pilotage".to_owned(),
        subtitles: Vec::new(),
        network: "Promeneurs du Net de la Drôme".to_owned(),
        committee: "Comité de pilotage".to_owned(),
        accent: "#1f6f5c".to_owned(),
        facts: vec![("Date".to_owned(), "mardi 12 mars 2026, de 14 h à 16 h".to_owned())],
        with_contents: true,
        blocks,
        footer: String::new(),
        made_at: "2026-03-12T17:30:00Z".to_owned(),
    }
}

/// 5,000 rows with all checks, into an empty network; the best of three, in seconds.
async fn import() -> Value {
    let csv = people::csv(5_000);
    let mut best = f64::MAX;
    for _ in 0..3 {
        let test = TestApp::start(app::parts()).await;
        let started = Instant::now();
        let choices = Choices::default();
        let report = imports::at_once(&test.app, &test.network, "a.csv", csv.as_bytes(), &choices, false)
            .await
            .unwrap();
        best = best.min(started.elapsed().as_secs_f64());
        assert_eq!(report.people.created, 5_000);
    }
    json!(round(best))
}

/// Requests per second of public pages beside a bare « hello » in the same process, over real connections: the list
/// (50 rows out of 5,000, gzip) rendered anew each time, then pages served from memory.
async fn throughput(test: &TestApp) -> Value {
    let hello = http::serve(Router::new().route("/", get(|| async { "hello" }))).await;
    let pages = http::serve(kit::web::serve::router(&test.app)).await;
    let list = test.stranger().get("/promeneurs").await.ok().body;
    let sheet = list.split("href=\"/promeneurs/").nth(1).and_then(|t| t.split('"').next()).unwrap();
    let sheet = format!("/promeneurs/{sheet}");
    let mut figures = serde_json::Map::new();
    for (name, path, anew) in [
        ("list, rendered anew", "/promeneurs", true),
        ("home", "/", false),
        ("list", "/promeneurs", false),
        ("sheet", sheet.as_str(), false),
        ("structures", "/structures", false),
        ("map", "/carte", false),
        ("help", "/besoin-d-aide", false),
    ] {
        let ask = Ask { path, anew };
        // The first seconds warm caches and connections on both sides.
        http::load(&pages, ask, Duration::from_secs(1)).await;
        let mut measured = Vec::new();
        for _ in 0..3 {
            let bare = http::load(&hello, Ask { path: "/", anew: false }, Duration::from_secs(2)).await;
            let page = http::load(&pages, ask, Duration::from_secs(2)).await;
            measured.push((page / bare, page, bare));
        }
        measured.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (ratio, page, bare) = measured[1];
        let bytes = http::size(&pages, ask).await;
        figures.insert(
            name.to_owned(),
            json!({ "ratio": round(ratio), "per_second": page.round(), "hello": bare.round(), "bytes_gzip": bytes }),
        );
    }
    Value::Object(figures)
}

/// The slowest of a hundred searches of the directory, in milliseconds, of ten shapes.
async fn search(test: &TestApp) -> Value {
    let queries = [
        "perrin",
        "marie",
        "martin marie",
        "lefevre noe",
        "pernin",
        "mjc",
        "valence",
        "animateur",
        "dupont aubert jean",
        "chevalier claire crest",
    ];
    let mut times = Vec::new();
    for _ in 0..10 {
        for query in queries {
            let started = Instant::now();
            let mut tx = test.app.db.read().await.unwrap();
            fulltext::find(&mut tx, test.network.id, query, None, &["network"], 20).await.unwrap();
            times.push(started.elapsed().as_secs_f64() * 1000.0);
        }
    }
    times.sort_by(f64::total_cmp);
    json!({ "p50": round(times[times.len() / 2]), "p99": round(times[times.len() * 99 / 100]) })
}

/// Median time of each kind of list page, in milliseconds, by name.
async fn lists(test: &TestApp) -> Vec<(String, f64)> {
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let mut found = Vec::new();
    for (name, path) in [
        ("public list", "/promeneurs".to_owned()),
        ("public list by commune", "/promeneurs?commune=26362".to_owned()),
        ("public list by theme", "/promeneurs?theme=health".to_owned()),
        ("public list deep in the alphabet", "/promeneurs?apres=perrin%20z~0".to_owned()),
        ("private list", "/espace/reseau/promeneurs".to_owned()),
        (
            "private list by structure, narrowed",
            "/espace/reseau/promeneurs?tri=structure&theme=health".to_owned(),
        ),
        ("private list by date, backwards", "/espace/reseau/promeneurs?tri=-entree".to_owned()),
        ("private list narrowed twice", "/espace/reseau/promeneurs?theme=health&charte=signed".to_owned()),
        ("structures", "/espace/reseau/structures".to_owned()),
        ("public search", "/promeneurs?q=perrin".to_owned()),
    ] {
        coordinator.get(&path).await.ok();
        let mut times = Vec::new();
        for _ in 0..RUNS {
            let started = Instant::now();
            coordinator.get(&path).await.ok();
            times.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        found.push((name.to_owned(), times[times.len() / 2]));
    }
    found
}
