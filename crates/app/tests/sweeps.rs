//! Sweeps over the whole program: every statement on the engine, every table, every route × every role,
//! every route of one network with the ids of another, the queries of every page, the calls between features.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare must stop")]

mod kept;
mod mediation;
mod plans;
mod town;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kit::Role;
use kit::db::{shapes, statements};
use kit::testing::{Answer, Person, TestApp};
use town::Town;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[tokio::test]
async fn every_statement_is_understood_by_the_engine() {
    let test = TestApp::start(app::parts()).await;
    let mut wrong = String::new();
    let mut count = 0;
    for sql in statements() {
        count += 1;
        if let Err(error) = test.app.db.prepare(sql.text).await {
            writeln!(wrong, "{sql}: {error}\n  {}", sql.text).unwrap();
        }
    }
    assert!(count > 50, "only {count} statements are registered");
    assert!(wrong.is_empty(), "{}:\n{wrong}", test.app.db.engine());
}

#[tokio::test]
async fn every_row_has_the_columns_of_its_table() {
    let test = TestApp::start(app::parts()).await;
    for shape in shapes() {
        let text = format!("select {} from {} limit 0", shape.columns.join(", "), shape.name);
        let text: &'static str = Box::leak(text.into_boxed_str());
        if let Err(error) = test.app.db.prepare(text).await {
            panic!("{}: {error}", shape.name);
        }
    }
}

/// Who asks, by the name of their column in the committed table.
async fn visitors<'t>(test: &'t TestApp, town: &Town) -> Vec<(&'static str, Person<'t>)> {
    let mut all = vec![("public", test.stranger())];
    for role in Role::ALL {
        // A manager of the structure and the promeneur in post there; « other » are those of elsewhere.
        let structure = (role == Role::Manager).then_some(town.structure);
        let person = (role == Role::Promeneur).then_some(town.person);
        all.push((role.code(), test.someone(role, structure, person).await));
    }
    all.push(("other_manager", test.someone(Role::Manager, Some(town.other_structure), None).await));
    all.push(("other_promeneur", test.someone(Role::Promeneur, None, Some(town.other_person)).await));
    all
}

/// Asks as a form of that route would: some of them carry a file.
async fn ask(
    visitor: &Person<'_>,
    method: &str,
    path: &str,
    address: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let carries_file =
        ["/photo", "/image", "/imports", "/images", "/pieces"].iter().any(|end| path.ends_with(end));
    match (method, carries_file) {
        ("GET", _) => visitor.get(address).await,
        (_, true) => visitor.upload(address, "a.csv", b"", fields).await,
        ("POST", false) => visitor.post(address, fields).await,
        (other, false) => visitor.ask(other, address, &[], "").await,
    }
}

#[tokio::test]
async fn every_route_answers_every_role_as_the_table_says() {
    let routes = (app::parts().routes)();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut names = Vec::new();
    for turn in 0..10 {
        // Each visitor gets a fresh town: what one did must not show in what another is answered.
        let test = TestApp::start(app::parts()).await;
        let town = Town::build(&test, &test.network).await;
        let (name, visitor) = visitors(&test, &town).await.swap_remove(turn);
        names.push(name);
        let mut ordered: Vec<_> = routes.list().to_vec();
        ordered.sort_by_key(|(method, path)| (*method, path.contains("deconnexion"), *path));
        for (method, path) in ordered {
            let concrete = town.address(path);
            let answer = ask(&visitor, method, path, &concrete, &[]).await;
            assert!(answer.status.as_u16() != 500, "{name} {method} {concrete}: {}", answer.body);
            let mut said = answer.status.as_u16().to_string();
            if answer.status.as_u16() == 303 && answer.goes_to().starts_with("/connexion?retour") {
                said = "login".to_owned();
            }
            found.entry(format!("{method}\t{path}")).or_default().push(said);
        }
    }
    let mut table = format!("method\tpath\t{}\n", names.join("\t"));
    for (route, answers) in &found {
        writeln!(table, "{route}\t{}", answers.join("\t")).unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/access.tsv");
    if kit::testing::rewrites_expectations() {
        std::fs::write(&file, &table).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let only = |one: &str, other: &str, sign: char| -> String {
        one.lines()
            .filter(|line| !other.lines().any(|l| l == *line))
            .map(|line| format!("{sign} {line}\n"))
            .collect()
    };
    let difference = only(&committed, &table, '-') + &only(&table, &committed, '+');
    assert!(
        difference.is_empty(),
        "the committed table of access differs, read before you accept:\n{difference}"
    );
}

/// Routes open to everyone. This list may only shrink; adding to it is a decision.
const PUBLIC: [&str; 67] = [
    "/",
    "/communes.json",
    "/promeneurs",
    "/promeneurs/{slug}",
    "/promeneurs/{slug}/photo",
    "/fiche/{token}",
    "/fiche/{token}/modifier",
    "/structures",
    "/structures/{slug}",
    "/structures/{slug}/image",
    "/carte",
    "/le-reseau",
    "/besoin-d-aide",
    "/devenir-promeneur",
    "/contact",
    "/contact/merci",
    "/lettres",
    "/lettres/{slug}",
    "/preferences/{lien}",
    "/desinscription/{lien}",
    // By the personal link of someone who is convened.
    "/reunion/{token}",
    "/reunion/{token}/agenda.ics",
    "/reunion/{token}/pieces/{piece}",
    "/reunion/{token}/compte-rendu",
    "/compte-rendu/{token}",
    "/compte-rendu/{token}/{format}",
    // By the personal link of someone who is asked for a date.
    "/sondage/{token}",
    // By the secret address of a feed.
    "/agenda/flux/{token}",
    "/agenda",
    "/agenda.ics",
    "/actualites",
    "/actualites.atom",
    "/actualites/{slug}",
    "/pages/{slug}",
    "/images/{id}/{file}",
    "/ressources",
    "/mentions-legales",
    "/donnees-personnelles",
    "/accessibilite",
    "/plan-du-site",
    "/sitemap.xml",
    "/robots.txt",
    "/.well-known/security.txt",
    "/partage/{*page}",
    "/verifier",
    "/verifier/{code}",
    "/connexion",
    "/connexion/lien",
    "/connexion/lien/{token}",
    "/connexion/oubli",
    "/connexion/mot-de-passe/{token}",
    "/deconnexion",
    "/api",
    "/api/openapi.json",
    "/api/v1/promeneurs",
    "/api/v1/promeneurs/{slug}",
    "/api/v1/structures",
    "/api/v1/structures/{slug}",
    "/api/v1/evenements",
    "/api/v1/publications",
    "/api/v1/publications/{slug}",
    "/api/v1/lieux-de-mediation-numerique.csv",
    "/widget/trouver",
    // Answered 401 without a program's password: `address_book` asks for one itself.
    "/.well-known/carddav",
    "/carddav",
    "/carddav/",
    "/carddav/{*chemin}",
];

#[test]
fn only_the_listed_routes_are_public() {
    for (_, path) in (app::parts().routes)().list() {
        let private = path.starts_with("/espace");
        assert!(private || PUBLIC.contains(path), "{path} is public and not in the list");
    }
}

#[tokio::test]
async fn ids_of_another_network_are_not_found() {
    let test = TestApp::start(app::parts()).await;
    let other = town::second_network(&test).await;
    let theirs = Town::build(&test, &other).await;
    Town::build(&test, &test.network).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    for (method, path) in (app::parts().routes)().list() {
        if !path.contains("id}") && !path.contains("{slug}") && !path.contains("{profil}") {
            continue;
        }
        let address = theirs.address(path);
        let fields = [("version", "1"), ("action", "supprimer")];
        let answer = ask(&coordinator, method, path, &address, &fields).await;
        assert_eq!(answer.status.as_u16(), 404, "{method} {path}: {}", answer.body);
    }
    let merge = [
        ("genre", "person".to_owned()),
        ("garder", theirs.person.to_string()),
        ("autre", theirs.other_person.to_string()),
        ("action", "fusionner".to_owned()),
    ];
    let merge: Vec<(&str, &str)> = merge.iter().map(|(n, v)| (*n, v.as_str())).collect();
    coordinator.post("/espace/reseau/doublons", &merge).await.is(404);
    let id = theirs.person.to_string();
    let publish = [("id", id.as_str()), ("action", "publier")];
    coordinator.post("/espace/reseau/promeneurs/actions", &publish).await.is(404);
}

#[tokio::test]
async fn a_session_of_one_network_is_nothing_in_another() {
    let test = TestApp::start(app::parts()).await;
    town::second_network(&test).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.get("/espace").await.ok();
    let there = coordinator.at("ardeche.test").get("/espace").await;
    assert!(there.goes_to().starts_with("/connexion"));
}

/// Most statements a page may run.
const MOST_QUERIES: u32 = 8;

#[tokio::test]
async fn no_page_runs_more_than_a_handful_of_queries() {
    let test = TestApp::start(app::parts()).await;
    let town = Town::build(&test, &test.network).await;
    town.crowd(&test).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.get("/espace/reseau/promeneurs").await.ok();
    let mut over = String::new();
    for (method, path) in (app::parts().routes)().list() {
        if *method != "GET" {
            continue;
        }
        let answer = coordinator.get(&town.address(path)).await;
        if answer.queries > MOST_QUERIES {
            writeln!(over, "{path}: {}", answer.queries).unwrap();
        }
    }
    assert!(over.is_empty(), "pages with more than {MOST_QUERIES} queries:\n{over}");
}

#[tokio::test]
async fn every_page_is_whole_and_private_pages_stay_out_of_caches() {
    let test = TestApp::start(app::parts()).await;
    let town = Town::build(&test, &test.network).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    for (method, path) in (app::parts().routes)().list() {
        if *method != "GET" {
            continue;
        }
        let answer = coordinator.get(&town.address(path)).await;
        let policy = answer.header("content-security-policy");
        // What strangers wrote stands in a frame of its own, in which nothing runs.
        let framed = policy.contains("sandbox") && policy.contains("default-src 'none'");
        let html = answer.header("content-type").starts_with("text/html") && !framed;
        if html && answer.status.as_u16() == 200 && !path.ends_with("avancement") {
            assert!(answer.body.trim_end().ends_with("</html>"), "{path}");
            assert!(answer.body.contains("<h1"), "{path} has no title");
            assert!(!answer.body.contains("style=\""), "{path} has an inline style");
        }
        assert!(framed || policy.contains("script-src 'self'"), "{path}");
        if path.starts_with("/espace") {
            assert!(answer.header("cache-control").starts_with("private"), "{path}");
        }
    }
}

#[test]
fn features_call_only_whom_they_may() {
    let features = root().join("crates/app/src/features");
    for (name, allowed) in app::features::MAY_CALL {
        for file in rust_files(&features.join(name)) {
            let text = std::fs::read_to_string(&file).unwrap();
            for (at, _) in text.match_indices("features::") {
                let called: String =
                    text[at + 10..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let known = app::features::MAY_CALL.iter().any(|(feature, _)| *feature == called);
                assert!(
                    !known || called == name || allowed.contains(&called.as_str()),
                    "{} calls {called}, which {name} may not",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn no_engine_is_named_outside_the_data_layer() {
    for file in rust_files(&root().join("crates/app/src")) {
        let text = std::fs::read_to_string(&file).unwrap().to_lowercase();
        assert!(!text.contains("sqlite") && !text.contains("postgres"), "{}", file.display());
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    files
}

#[test]
fn every_path_named_in_a_document_exists() {
    let documents = [
        "README.md",
        "ARCHITECTURE.md",
        "STYLE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "BENCHMARKS.md",
    ];
    let mut missing = String::new();
    for name in documents {
        let text = std::fs::read_to_string(root().join(name)).unwrap_or_else(|_| panic!("{name} is missing"));
        for quoted in text.split('`').skip(1).step_by(2) {
            let plain = quoted.chars().all(|c| c.is_ascii_alphanumeric() || "./_-".contains(c));
            let roots = [
                "crates/",
                "frontend/",
                "migrations/",
                "data/",
                "demo/",
                "docs/",
                "tests/",
                "benches/",
                "scripts/",
                "fixtures/",
                ".ci/",
            ];
            if plain && roots.iter().any(|root| quoted.starts_with(root)) && !root().join(quoted).exists() {
                writeln!(missing, "{name}: {quoted}").unwrap();
            }
        }
    }
    assert!(missing.is_empty(), "{missing}");
}
