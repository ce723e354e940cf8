//! Scenarios of the relays.

use kit::Role;
use kit::testing::{Person, TestApp};

const LIST: &str = "/espace/accompagnement/relais";
const HOUSE: [(&str, &str); 8] = [
    ("nom", "Espace Écoute"),
    ("theme", "distress"),
    ("public", "youth"),
    ("telephone", "04 65 71 99 01"),
    ("commune", "crest"),
    ("horaires", "lundi au vendredi 9h-12h et 14h-18h"),
    ("source", "Site du service"),
    ("verifie", "2026-11-01"),
];

async fn url_of_the_first(person: &Person<'_>, list: &str) -> String {
    let page = person.get(list).await.ok();
    let after = page.body.split("href=\"/espace/accompagnement/relais/0").nth(1).unwrap();
    format!("{LIST}/0{}", after.split('"').next().unwrap())
}

#[tokio::test]
async fn a_relay_is_kept_and_shown_open_to_the_public_at_its_hours() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.get(&format!("{LIST}/nouveau")).await.ok().shows("2026-11-23");
    coordinator.post(&format!("{LIST}/nouveau"), &HOUSE).await.is(303);
    coordinator.get(LIST).await.ok().shows("Espace Écoute").shows("Crest").shows("jusqu’à 12\u{a0}h");
    // Monday, 10:00.
    let page = test.stranger().get("/besoin-d-aide").await.ok();
    let open = page.body.find("id=\"ouverts\"").unwrap();
    let later = page.body.find("id=\"plus-tard\"").unwrap_or(page.body.len());
    let house = page.body.find("Espace Écoute").unwrap();
    assert!(open < house && house < later, "open now, before those that are not");
    page.shows("tel:+33465719901").shows("Près d’ici").shows("vérifié le 1er\u{a0}novembre 2026");
    test.app.clock.advance_minutes(3 * 60);
    test.stranger().get("/besoin-d-aide").await.ok().shows("Ouvre aujourd’hui, 14\u{a0}h");
}

#[tokio::test]
async fn what_is_wrong_in_a_relay_is_said_beside_its_field() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let fields = [("nom", "Planning familial"), ("horaires", "sur rendez-vous"), ("verifie", "2027-01-01")];
    let refused = coordinator.post(&format!("{LIST}/nouveau"), &fields).await.is(422);
    let refused = refused.shows("sur rendez-vous").shows("value=\"Planning familial\"");
    let refused = ["theme", "public", "telephone", "source", "horaires", "verifie"]
        .iter()
        .fold(refused, |page, field| page.shows(&format!("id=\"{field}-erreur\"")));
    refused.hides("Relais enregistré");
}

#[tokio::test]
async fn two_people_who_change_a_relay_both_see_what_the_other_wrote() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.post(&format!("{LIST}/nouveau"), &HOUSE).await.is(303);
    let url = url_of_the_first(&coordinator, LIST).await;
    let mut first = HOUSE.to_vec();
    first.push(("version", "1"));
    first.push(("cout", "Gratuit"));
    coordinator.post(&url, &first).await.is(303);
    let mut second = HOUSE.to_vec();
    second.push(("version", "1"));
    second.push(("cout", "Payant"));
    coordinator.post(&url, &second).await.is(409).shows("Payant").shows("Gratuit");
}

#[tokio::test]
async fn a_retired_relay_leaves_the_public_page_and_can_come_back() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.post(&format!("{LIST}/nouveau"), &HOUSE).await.is(303);
    let url = url_of_the_first(&coordinator, LIST).await;
    let away = url.replace("/modifier", "/retirer");
    coordinator.post(&away, &[]).await.is(303);
    coordinator.get(LIST).await.ok().hides("Espace Écoute");
    coordinator.get(&format!("{LIST}?etat=retires&q=ESPACE")).await.ok().shows("Espace Écoute");
    test.stranger().get("/besoin-d-aide").await.ok().hides("Espace Écoute");
    coordinator.post(&url.replace("/modifier", "/remettre"), &[]).await.is(303);
    test.stranger().get("/besoin-d-aide").await.ok().shows("Espace Écoute");
}

#[tokio::test]
async fn a_promeneur_reads_the_relays_and_changes_none() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.post(&format!("{LIST}/nouveau"), &HOUSE).await.is(303);
    let promeneur = test.someone(Role::Promeneur, None, None).await;
    promeneur.get(LIST).await.ok().shows("Espace Écoute").hides("/modifier");
    let csv = promeneur.get(&format!("{LIST}?format=csv")).await.ok();
    csv.shows("Espace Écoute").shows("lundi au vendredi").shows("01/11/2026");
    promeneur.get(&format!("{LIST}/nouveau")).await.is(403);
    promeneur.get("/espace").await.ok().shows(LIST);
}
