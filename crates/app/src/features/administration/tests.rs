//! Scenarios through the real router.

use kit::mail::{self, Message};
use kit::testing::{Person, TestApp};
use kit::{Role, network, trail};

const READ: [&str; 4] = [
    "/espace/reglages",
    "/espace/reglages/listes",
    "/espace/reglages/listes/theme",
    "/espace/reglages/composants",
];

fn settings(colour: &'static str) -> [(&'static str, &'static str); 6] {
    [
        ("organisme", "Fédération des centres sociaux"),
        ("courriel", "pdn@exemple.fr"),
        ("couleur", colour),
        ("fuseau", "Europe/Paris"),
        ("conditions", "charter_signed"),
        ("conditions", "training_done"),
    ]
}

async fn actions(test: &TestApp, kind: &str, id: kit::Id) -> Vec<String> {
    let mut tx = test.app.db.read().await.unwrap();
    let lines = trail::of_subject(&mut tx, test.network.id, kind, id, None, 10).await.unwrap();
    lines.into_iter().map(|line| line.action).collect()
}

#[tokio::test]
async fn settings_are_read_by_coordination_and_operator_only() {
    let test = TestApp::start(crate::parts()).await;
    for role in Role::ALL {
        let person = test.someone(role, None, None).await;
        let status = if matches!(role, Role::Coordinator | Role::Operator) { 200 } else { 403 };
        for url in READ {
            person.get(url).await.is(status);
        }
        let status = if role == Role::Coordinator { 200 } else { 403 };
        person.get("/espace/reglages/courriels").await.is(status);
        if role != Role::Coordinator {
            person.post("/espace/reglages/listes/theme", &[("libelle", "Sommeil")]).await.is(403);
        }
    }
}

#[tokio::test]
async fn settings_are_saved_with_a_line_in_the_trail() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.post("/espace/reglages", &settings("#5b2a86")).await.is(303);
    let shown = coordinator.get("/espace/reglages").await.ok();
    shown.shows("Fédération des centres sociaux").shows("#5b2a86").shows("pdn@exemple.fr");
    let mut tx = test.app.db.read().await.unwrap();
    let saved = network::by_code(&mut tx, "26").await.unwrap();
    assert_eq!(saved.settings().active_conditions, ["charter_signed", "training_done"]);
    assert_eq!(actions(&test, "network", test.network.id).await, ["network.settings_changed"]);
    test.run_jobs().await;
}

#[tokio::test]
async fn a_colour_that_cannot_be_read_is_refused_beside_its_field() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let answer = coordinator.post("/espace/reglages", &settings("#ffd54f")).await.is(422);
    answer.shows("id=\"couleur-erreur\"").shows("Contraste insuffisant").shows("fill=\"#ffd54f\"");
    let answer = coordinator.post("/espace/reglages", &settings("\"/><script>")).await.is(422);
    answer.hides("<script>");
}

async fn theme(person: &Person<'_>, code: &str, fields: &[(&str, &str)]) {
    person.post(&format!("/espace/reglages/listes/theme/{code}"), fields).await.is(303);
}

#[tokio::test]
async fn an_entry_is_renamed_retired_brought_back_and_added() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    theme(&coordinator, "health", &[("libelle", "Santé et sommeil")]).await;
    let list = "/espace/reglages/listes/theme";
    coordinator.get(list).await.ok().shows("Santé et sommeil").hides("Retirée");
    theme(&coordinator, "health", &[("action", "retirer")]).await;
    coordinator.get(list).await.ok().shows("Retirée").shows("Santé et sommeil");
    theme(&coordinator, "health", &[("action", "remettre")]).await;
    coordinator.get(list).await.ok().hides("Retirée");
    coordinator.post(list, &[("libelle", "Jeux d’argent")]).await.is(303);
    coordinator.get(list).await.ok().shows("jeux_d_argent");
    coordinator.post(list, &[("libelle", "JEUX D’ARGENT")]).await.is(422).shows("déjà une entrée");
    coordinator.post(list, &[("libelle", "")]).await.is(422);
    theme(&coordinator, "jeux_d_argent", &[("action", "monter")]).await;
    assert_eq!(actions(&test, "list", test.network.id).await, ["list.ordered"]);
    coordinator.post(&format!("{list}/inconnu"), &[("action", "retirer")]).await.is(404);
    coordinator.get("/espace/reglages/listes/inconnue").await.is(404);
}

#[tokio::test]
async fn messages_are_read_by_the_coordination_newest_first() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.get("/espace/reglages/courriels").await.ok().shows("Aucun courriel");
    let mut tx = test.app.db.write().await.unwrap();
    let message = Message {
        to: "noe@exemple.fr".to_owned(),
        to_name: "Noé".to_owned(),
        subject: "Votre lien".to_owned(),
        text: "Bonjour <b>,\nhttp://drome.test/connexion/lien/abc".to_owned(),
        html: String::new(),
        kind: "magic_link",
        ..Message::default()
    };
    let id = mail::send(&mut tx, &test.network, test.app.now(), message).await.unwrap();
    tx.commit().await.unwrap();
    coordinator.get("/espace/reglages/courriels").await.ok().shows("Votre lien").shows("En attente");
    test.run_jobs().await;
    let page = coordinator.get(&format!("/espace/reglages/courriels/{id}")).await.ok();
    // Nothing leaves this instance, so that links must be readable here.
    page.shows("href=\"http://drome.test/connexion/lien/abc\"").hides("<b>,");
}
