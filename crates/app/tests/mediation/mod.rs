//! The export « lieux de médiation numérique » against the rules of the national standard, cell by cell. The
//! rules and where they come from are in `tests/data/lieux-mediation-numerique`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use app::features::directory::imports::{self, Choices};
use app::features::directory::mediation;
use app::features::directory::structure::{self, Structure};
use kit::testing::TestApp;
use kit::{Actor, Date};
use regex::Regex;
use serde_json::Value;

use crate::town::Town;

fn rules() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/lieux-mediation-numerique/schema.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// Each cell that breaks a rule, and each rule of the whole that is broken.
fn faults(rules: &Value, csv: &[u8]) -> String {
    let mut faults = String::new();
    let fields = rules["fields"].as_array().unwrap();
    let text = std::str::from_utf8(csv).unwrap();
    assert!(!text.starts_with('\u{feff}'), "no mark before the first heading");
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let wanted: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
    assert_eq!(headings, wanted, "every column, in order");
    let mut keys = BTreeSet::new();
    for record in reader.records() {
        let record = record.unwrap();
        if !keys.insert(record[0].to_owned()) {
            writeln!(faults, "{}: twice", &record[0]).unwrap();
        }
        for (field, cell) in fields.iter().zip(record.iter()) {
            if let Some(fault) = fault(rules, field, cell) {
                writeln!(faults, "{} {}: {cell:?} {fault}", &record[2], field["name"]).unwrap();
            }
        }
    }
    faults
}

/// What is wrong with a cell, by the rules of its field.
fn fault(rules: &Value, field: &Value, cell: &str) -> Option<String> {
    let constraints = &field["constraints"];
    if cell.is_empty() {
        return (constraints["required"] == true).then(|| "is required".to_owned());
    }
    if cell.trim() != cell || cell.contains(['\n', '\r']) {
        return Some("has spaces around it, or lines in it".to_owned());
    }
    let typed = match field["type"].as_str().unwrap() {
        "string" => true,
        "number" => cell.parse::<f64>().is_ok_and(f64::is_finite) && !cell.contains(','),
        "date" => cell.parse::<Date>().is_ok_and(|date| date.to_string() == cell),
        other => panic!("no rule for the type {other}"),
    };
    if !typed {
        return Some(format!("is no {}", field["type"]));
    }
    if let Some(pattern) = constraints["pattern"].as_str()
        && !Regex::new(pattern).unwrap().is_match(cell)
    {
        return Some(format!("does not match {pattern}"));
    }
    if constraints["maxLength"].as_u64().is_some_and(|most| cell.chars().count() as u64 > most) {
        return Some(format!("is longer than {}", constraints["maxLength"]));
    }
    let name = field["name"].as_str().unwrap();
    let listed = |code: &str| rules["typologies"].as_array().unwrap().iter().any(|known| known == code);
    if name == "typologie" && !cell.split('|').all(listed) {
        return Some("is not in the vocabulary".to_owned());
    }
    let mut values = BTreeSet::new();
    if !matches!(name, "presentation_resume" | "presentation_detail" | "nom" | "adresse")
        && !cell.split('|').all(|value| !value.trim().is_empty() && values.insert(value))
    {
        return Some("has an empty value, or the same twice, between « | »".to_owned());
    }
    match name {
        "latitude" => {
            (!(-90.0..=90.0).contains(&cell.parse::<f64>().unwrap())).then(|| "is nowhere".to_owned())
        }
        "longitude" => {
            (!(-180.0..=180.0).contains(&cell.parse::<f64>().unwrap())).then(|| "is nowhere".to_owned())
        }
        "site_web" => {
            (!cell.split('|').all(|url| url.starts_with("http"))).then(|| "is no address".to_owned())
        }
        "courriels" => (!cell.split('|').all(|mail| mail.contains('@'))).then(|| "is no address".to_owned()),
        _ => None,
    }
}

async fn exported(test: &TestApp) -> mediation::File {
    let mut tx = test.app.db.read().await.unwrap();
    mediation::file(&mut tx, &test.network, test.network.today(test.app.now())).await.unwrap()
}

/// Every structure published, some of them for parents too, some with texts as people paste them.
async fn publish(test: &TestApp) {
    let mut tx = test.app.db.write().await.unwrap();
    let actor = Actor::program(test.network.id, "Essai", test.app.now());
    let mut all: Vec<Structure> = tx.all_of(test.network.id).await.unwrap();
    all.sort_by_key(|s| s.id);
    for (at, before) in all.iter().enumerate() {
        let mut after = before.clone();
        after.published_at = Some(actor.now);
        after.status = "active".to_owned();
        after.for_parents = at % 2 == 0;
        after.for_youth = at % 3 != 0;
        if at % 4 == 0 {
            after.presentation =
                Some(format!("Un lieu pour tous.\r\n\r\n{}\t fin ", "Des ateliers. ".repeat(40)));
            after.website = Some("https://www.mjc.example/accueil".to_owned());
        }
        structure::change(&mut tx, &actor, before, after, "structure.changed", None).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_demonstration_and_the_town_keep_every_rule_of_the_standard() {
    let rules = rules();
    let test = TestApp::start(app::parts()).await;
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    for file in ["drome-structures.csv", "drome-promeneurs.csv"] {
        let bytes = std::fs::read(demo.join(file)).unwrap();
        let choices = Choices { skip_rejected: true, ..Choices::default() };
        imports::at_once(&test.app, &test.network, file, &bytes, &choices, false).await.unwrap();
    }
    publish(&test).await;
    let file = exported(&test).await;
    let faults_found = faults(&rules, &file.bytes);
    assert!(faults_found.is_empty(), "{faults_found}");
    let rows = String::from_utf8(file.bytes).unwrap();
    assert!(rows.lines().count() > 20, "only {} rows", rows.lines().count());
    assert!(rows.contains("Jeunes|Familles et/ou enfants"), "both audiences are told");

    let test = TestApp::start(app::parts()).await;
    Town::build(&test, &test.network).await;
    let file = exported(&test).await;
    assert_eq!(faults(&rules, &file.bytes), "");
    assert_eq!(file.left_out.len(), 2, "who has neither number nor address is named: {:?}", file.left_out);
    let name = Regex::new(r"^\d{4}-\d{2}-\d{2}_\d{14}_lieux-de-mediation-numerique_[a-z-]+\.csv$").unwrap();
    assert!(name.is_match(&file.name), "{}", file.name);
}

#[test]
fn the_rules_find_what_breaks_them() {
    let rules = rules();
    let headings: Vec<&str> =
        rules["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect();
    let good = |name: &str| match name {
        "id" => "a",
        "pivot" => "48201128800636",
        "code_postal" => "26400",
        "date_maj" => "2026-11-24",
        "nom" | "commune" | "adresse" => "x",
        _ => "",
    };
    for (name, bad) in [
        ("pivot", "123"),
        ("code_postal", "2640"),
        ("code_insee", "20108"),
        ("telephone", "0612345678"),
        ("latitude", "44,7"),
        ("latitude", "NaN"),
        ("date_maj", "24/11/2026"),
        ("publics_specifiquement_adresses", "Jeunes|Familles et enfants"),
        ("publics_specifiquement_adresses", "Jeunes;Femmes"),
        ("dispositif_programmes_nationaux", "Promeneurs du Net"),
        ("typologie", "MAIRIE"),
        ("nom", ""),
        ("presentation_resume", &"é".repeat(281)),
        ("presentation_detail", "a\nb"),
        ("courriels", "a@b.fr||c@d.fr"),
    ] {
        let row: Vec<String> =
            headings.iter().map(|h| if *h == name { bad.to_owned() } else { good(h).to_owned() }).collect();
        let csv = documents::delimited::write_plain(&headings, &[row]).unwrap();
        assert!(faults(&rules, &csv).contains(name), "{name} {bad:?} passes");
    }
    let row: Vec<String> = headings.iter().map(|h| good(h).to_owned()).collect();
    let csv = documents::delimited::write_plain(&headings, &[row.clone(), row]).unwrap();
    assert!(faults(&rules, &csv).contains("twice"));
}
