//! Scenarios: what is typed on one machine is found on another, by its author alone, until it is saved.

use kit::Role;
use kit::testing::{Answer, Person, TestApp};
use serde_json::Value;

const URL: &str = "/espace/brouillons";
const FORM: &str = "/espace/reseau/partenaires/nouveau";
const FIELDS: &str = r#"[["nom",["Caf"]],["commune",["Valence"]]]"#;

async fn keep(person: &Person<'_>, form: &str, fields: &str) -> Answer {
    person.post(URL, &[("formulaire", form), ("version", "1"), ("champs", fields)]).await
}

async fn found(person: &Person<'_>, form: &str) -> Value {
    let answer = person.get(&format!("{URL}?formulaire={form}")).await.ok();
    serde_json::from_str(&answer.body).unwrap_or_default()
}

#[tokio::test]
async fn what_is_typed_on_one_machine_is_found_on_another_by_its_author_alone() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let colleague = test.someone(Role::Coordinator, None, None).await;
    assert_eq!(found(&coordinator, FORM).await["brouillon"], Value::Null);
    keep(&coordinator, FORM, FIELDS).await.ok();
    let there = found(&coordinator, FORM).await;
    assert_eq!(there["brouillon"]["values"].to_string(), FIELDS);
    assert_eq!(
        (&there["brouillon"]["version"], &there["brouillon"]["at"]),
        (&"1".into(), &there["maintenant"])
    );
    assert_eq!(found(&colleague, FORM).await["brouillon"], Value::Null, "a colleague sees nothing of it");
    assert_eq!(found(&coordinator, "/espace/reseau/partenaires/autre").await["brouillon"], Value::Null);
    colleague.post(&format!("{URL}/oublier"), &[("formulaire", FORM)]).await.ok();
    assert_ne!(found(&coordinator, FORM).await["brouillon"], Value::Null, "nor ends it");
    test.stranger().get_with(&format!("{URL}?formulaire={FORM}"), "accept", "application/json").await.is(401);
}

#[tokio::test]
async fn a_saved_form_has_no_draft_and_a_refused_one_keeps_it() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    keep(&coordinator, FORM, FIELDS).await.ok();
    test.app.clock.advance_minutes(1);
    coordinator.post(FORM, &[("nom", "")]).await.is(422);
    assert_ne!(found(&coordinator, FORM).await["brouillon"], Value::Null);
    let saved = coordinator.post(FORM, &[("nom", "Caf de la Drôme")]).await.is(303);
    let cookies: Vec<&str> =
        saved.headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok()).collect();
    let cookie = cookies.iter().find(|cookie| cookie.starts_with("esplanade_saved=")).map(|c| c.to_string());
    assert!(cookie.is_some_and(|cookie| cookie.contains("HttpOnly") && cookie.contains("partenaires")));
    let after = found(&coordinator, FORM).await;
    assert_eq!((&after["brouillon"], &after["oublie"]), (&Value::Null, &after["maintenant"]));
    // A request that left before the form was saved and comes after it brings nothing back.
    let late = test.app.now().0 / 1000 - 2_000;
    let late = late.to_string();
    let sent = [("formulaire", FORM), ("champs", FIELDS), ("saisi", late.as_str())];
    coordinator.post(URL, &sent).await.ok().shows(r#""garde":false"#);
    assert_eq!(found(&coordinator, FORM).await["brouillon"], Value::Null);
    test.app.clock.advance_minutes(1);
    keep(&coordinator, FORM, FIELDS).await.ok().shows(r#""garde":true"#);
    assert_ne!(
        found(&coordinator, FORM).await["brouillon"],
        Value::Null,
        "the next partner is another draft"
    );
}

#[tokio::test]
async fn what_was_typed_last_wins_whichever_arrives_last() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    keep(&coordinator, FORM, FIELDS).await.ok();
    let before = (test.app.now().0 / 1000 - 60_000).to_string();
    let older = [("formulaire", FORM), ("champs", r#"[["nom",["Rou"]]]"#), ("saisi", before.as_str())];
    coordinator.post(URL, &older).await.ok().shows(r#""garde":false"#);
    assert_eq!(found(&coordinator, FORM).await["brouillon"]["values"].to_string(), FIELDS);
    let ahead = [("formulaire", FORM), ("champs", "[]"), ("saisi", "9223372036854775")];
    coordinator.post(URL, &ahead).await.ok();
    let there = found(&coordinator, FORM).await;
    assert_eq!(there["brouillon"]["at"], there["maintenant"], "no clock is believed that is ahead");
}

#[tokio::test]
async fn drafts_are_bounded_and_hold_no_secret() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let long = format!(r#"[["nom",["{}"]]]"#, "é".repeat(33 * 1024));
    keep(&coordinator, FORM, &long).await.is(413).shows("trop long pour être gardé en brouillon");
    for bad in ["", "{", r#"{"nom":"Roux"}"#, r#"[["nom","Roux"]]"#, r#"[["nom",["\u0000"]]]"#] {
        keep(&coordinator, FORM, bad).await.is(422);
    }
    for form in
        ["", "/connexion", "https://ailleurs.example/espace/", "/espace/\u{7}", &"/espace/".repeat(60)]
    {
        keep(&coordinator, form, FIELDS).await.is(422);
    }
    coordinator.get(URL).await.is(422);
    let secret = r#"[["nom",["Roux"]],["password",["x"]],["mot-de-passe-nouveau",["x"]],["version",["3"]]]"#;
    keep(&coordinator, FORM, secret).await.ok();
    assert_eq!(found(&coordinator, FORM).await["brouillon"]["values"].to_string(), r#"[["nom",["Roux"]]]"#);
    for n in 0..50 {
        test.app.clock.advance_minutes(1);
        keep(&coordinator, &format!("/espace/f/{n}"), FIELDS).await.ok();
    }
    assert_eq!(found(&coordinator, FORM).await["brouillon"], Value::Null, "the oldest of 51 is gone");
    assert_ne!(found(&coordinator, "/espace/f/0").await["brouillon"], Value::Null);
}

#[tokio::test]
async fn a_draft_is_forgotten_on_demand_and_after_thirty_days() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    keep(&coordinator, FORM, FIELDS).await.ok();
    coordinator.post(&format!("{URL}/oublier"), &[("formulaire", FORM)]).await.ok();
    let after = found(&coordinator, FORM).await;
    assert_eq!((&after["brouillon"], &after["oublie"]), (&Value::Null, &after["maintenant"]));
    test.app.clock.advance_minutes(1);
    keep(&coordinator, FORM, FIELDS).await.ok();
    test.app.clock.advance_minutes(29 * 24 * 60);
    test.run_schedules().await;
    let mut tx = test.app.db.read().await.expect("a transaction");
    let left: Vec<kit::drafts::Draft> = tx.all_of(test.network.id).await.expect("drafts");
    assert_eq!(left.len(), 1);
    drop(tx);
    test.app.clock.advance_minutes(2 * 24 * 60);
    test.run_schedules().await;
    let mut tx = test.app.db.read().await.expect("a transaction");
    let left: Vec<kit::drafts::Draft> = tx.all_of(test.network.id).await.expect("drafts");
    assert!(left.is_empty());
}

#[tokio::test]
async fn the_same_address_in_another_network_is_another_form() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    keep(&coordinator, FORM, FIELDS).await.ok();
    let mut tx = test.app.db.write().await.expect("a transaction");
    let settings = kit::network::Settings::default();
    let other =
        kit::network::create(&mut tx, test.app.now(), "07", "Ardèche", Some("ardeche.test"), &settings).await;
    let other = other.expect("a network");
    tx.commit().await.expect("committed");
    let there = test.someone_in(&other, Role::Coordinator, None, None).await;
    assert_eq!(found(&there, FORM).await["brouillon"], Value::Null);
}
