//! Scenarios through the real router.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use kit::testing::{Answer, TestApp};
use kit::{Actor, Role, jobs};

use super::account::{self, Account, Wanted};
use super::purge::PurgeSessions;

const PASSWORD: &str = "quatre mots sans lien";

async fn account(test: &TestApp, email: &str, role: Role, password: Option<&str>) -> Account {
    let mut tx = test.app.db.write().await.unwrap();
    let actor = Actor::program(test.network.id, "Test", test.app.now());
    let wanted = Wanted::new("Noé Lefèvre", email, &[role], None);
    let account = account::create(&mut tx, &actor, wanted, password.map(str::to_owned)).await.unwrap();
    tx.commit().await.unwrap();
    account
}

/// The path of the link in the newest message, without its host.
async fn link(test: &TestApp) -> String {
    let mail = test.mails().await.into_iter().next().expect("a message");
    let at = mail.text_body.find("http://drome.test/").expect("a link");
    let url = mail.text_body[at..].split_whitespace().next().unwrap_or_default();
    assert!(mail.html_body.contains(url), "{}", mail.html_body);
    url.trim_start_matches("http://drome.test").to_owned()
}

async fn sign_in(test: &TestApp, email: &str, password: &str) -> Answer {
    test.stranger().post("/connexion", &[("email", email), ("password", password)]).await
}

async fn sign_in_from(test: &TestApp, place: [u8; 4], email: &str, password: &str) -> Answer {
    let body = format!("email={email}&password={}", password.replace(' ', "+"));
    let request = Request::builder()
        .method("POST")
        .uri("/connexion")
        .header("host", "drome.test")
        .header("content-type", "application/x-www-form-urlencoded")
        .extension(ConnectInfo(SocketAddr::from((place, 40_000))))
        .body(Body::from(body))
        .unwrap();
    test.send(request).await
}

#[tokio::test]
async fn one_signs_in_reads_on_and_signs_out() {
    let test = TestApp::start(crate::parts()).await;
    account(&test, "noe@exemple.fr", Role::Coordinator, Some(PASSWORD)).await;
    let asked = test.stranger().get("/espace/reglages/compte").await;
    assert_eq!(asked.goes_to(), "/connexion?retour=%2Fespace%2Freglages%2Fcompte");
    let shown = test.stranger().get(&asked.goes_to()).await.ok();
    shown.shows("name=\"retour\" value=\"/espace/reglages/compte\"");
    let fields =
        [("email", " Noe@Exemple.fr"), ("password", PASSWORD), ("retour", "/espace/reglages/compte")];
    let answer = test.stranger().post("/connexion", &fields).await;
    assert_eq!(answer.goes_to(), "/espace/reglages/compte");
    assert!(answer.header("set-cookie").contains("HttpOnly; SameSite=Lax"));
    let noe = test.stranger().keeping(&answer);
    noe.get("/espace/reglages/compte").await.ok().shows("noe@exemple.fr").shows("Cet appareil");
    noe.get("/espace/session").await.is(204);
    assert_eq!(noe.post("/deconnexion", &[]).await.goes_to(), "/");
    noe.get_with("/espace/session", "accept", "application/json").await.is(401);
}

#[tokio::test]
async fn nothing_tells_a_wrong_password_from_an_unknown_or_closed_account() {
    let test = TestApp::start(crate::parts()).await;
    account(&test, "noe@exemple.fr", Role::Coordinator, Some(PASSWORD)).await;
    let closed = account(&test, "closed@exemple.fr", Role::Caf, Some(PASSWORD)).await;
    account(&test, "invited@exemple.fr", Role::Caf, None).await;
    let mut tx = test.app.db.write().await.unwrap();
    let actor = Actor::program(test.network.id, "Test", test.app.now());
    account::disable(&mut tx, &actor, closed.id).await.unwrap();
    tx.commit().await.unwrap();
    let tries = [
        ("noe@exemple.fr", "un tout autre mot"),
        ("closed@exemple.fr", PASSWORD),
        ("invited@exemple.fr", PASSWORD),
        ("nobody@exemple.fr", PASSWORD),
    ];
    for (email, password) in tries {
        let answer = sign_in(&test, email, password).await.is(422);
        assert_eq!(answer.header("set-cookie"), "", "{email}");
        answer.shows("Adresse ou mot de passe incorrect.").hides(password);
    }
    let fields = [("email", "noe@exemple.fr"), ("password", "non")];
    let answer = test.stranger().post_with("/connexion", &fields, "accept", "application/json").await.is(422);
    assert_eq!(answer.body, "");
    let fields = [("email", "noe@exemple.fr"), ("password", PASSWORD)];
    test.stranger().post_with("/connexion", &fields, "accept", "application/json").await.is(204);
}

#[tokio::test]
async fn guessing_is_stopped_where_it_comes_from_and_nowhere_else() {
    let test = TestApp::start(crate::parts()).await;
    account(&test, "noe@exemple.fr", Role::Coordinator, Some(PASSWORD)).await;
    let (thief, home) = ([192, 0, 2, 1], [192, 0, 2, 2]);
    for _ in 0..5 {
        sign_in_from(&test, thief, "noe@exemple.fr", "au hasard").await.is(422);
    }
    sign_in_from(&test, thief, "noe@exemple.fr", PASSWORD).await.is(429).shows("Patientez un quart d’heure");
    sign_in_from(&test, home, "noe@exemple.fr", PASSWORD).await.is(303);
    test.app.clock.advance_minutes(16);
    sign_in_from(&test, thief, "noe@exemple.fr", PASSWORD).await.is(303);
}

#[tokio::test]
async fn a_right_password_clears_earlier_failures() {
    let test = TestApp::start(crate::parts()).await;
    account(&test, "noe@exemple.fr", Role::Coordinator, Some(PASSWORD)).await;
    for _ in 0..3 {
        for _ in 0..4 {
            sign_in(&test, "noe@exemple.fr", "au hasard").await.is(422);
        }
        sign_in(&test, "noe@exemple.fr", PASSWORD).await.is(303);
    }
}

#[tokio::test]
async fn a_link_by_mail_lets_in_once_and_only_by_its_button() {
    let test = TestApp::start(crate::parts()).await;
    account(&test, "noe@exemple.fr", Role::Coordinator, None).await;
    let stranger = test.stranger();
    let unknown = stranger.post("/connexion/lien", &[("email", "nobody@exemple.fr")]).await.ok();
    let known = stranger.post("/connexion/lien", &[("email", "Noe@exemple.fr")]).await.ok();
    assert_eq!(unknown.body, known.body);
    known.shows("Si un compte existe");
    test.run_jobs().await;
    assert_eq!(test.mails().await.len(), 1);
    let link = link(&test).await;
    stranger.get(&link).await.ok();
    stranger.get(&link).await.ok().shows("Entrer dans l’espace");
    let answer = stranger.post(&link, &[]).await;
    assert_eq!(answer.goes_to(), "/espace");
    test.stranger().keeping(&answer).get("/espace/session").await.is(204);
    stranger.post(&link, &[]).await.is(410);
    stranger.get(&link).await.is(410).shows("Demandez-en un autre");
}

#[tokio::test]
async fn a_link_expires_and_no_one_is_flooded_with_them() {
    let test = TestApp::start(crate::parts()).await;
    account(&test, "noe@exemple.fr", Role::Coordinator, None).await;
    for _ in 0..6 {
        test.stranger().post("/connexion/lien", &[("email", "noe@exemple.fr")]).await.ok();
    }
    test.run_jobs().await;
    assert_eq!(test.mails().await.len(), 3);
    let link = link(&test).await;
    test.app.clock.advance_minutes(21);
    test.stranger().get(&link).await.is(410);
}

#[tokio::test]
async fn a_link_is_never_sent_to_a_host_that_a_stranger_names() {
    let test = TestApp::start(crate::parts()).await;
    account(&test, "noe@exemple.fr", Role::Coordinator, None).await;
    let stranger = test.stranger().at("mal.example");
    stranger.post("/connexion/oubli", &[("email", "noe@exemple.fr")]).await.ok();
    test.run_jobs().await;
    link(&test).await;
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_other_sessions_end() {
    let test = TestApp::start(crate::parts()).await;
    account(&test, "noe@exemple.fr", Role::Coordinator, Some(PASSWORD)).await;
    let before = sign_in(&test, "noe@exemple.fr", PASSWORD).await;
    test.stranger().post("/connexion/oubli", &[("email", "noe@exemple.fr")]).await.ok();
    test.run_jobs().await;
    let link = link(&test).await;
    test.stranger().get(&link).await.ok().shows("noe@exemple.fr");
    for bad in ["court", "noe@exemple.fr", "            "] {
        test.stranger().post(&link, &[("password", bad)]).await.is(422);
    }
    let answer = test.stranger().post(&link, &[("password", "un tout autre mot de passe")]).await.is(303);
    test.stranger().keeping(&answer).get("/espace/session").await.is(204);
    let old = test.stranger().keeping(&before);
    old.get_with("/espace/session", "accept", "application/json").await.is(401);
    sign_in(&test, "noe@exemple.fr", PASSWORD).await.is(422);
    sign_in(&test, "noe@exemple.fr", "un tout autre mot de passe").await.is(303);
    test.stranger().post(&link, &[("password", "encore un autre mot")]).await.is(410);
}

#[tokio::test]
async fn a_coordinator_invites_and_the_invited_person_enters() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let url = "/espace/reglages/utilisateurs/nouveau";
    let fields = [("nom", ""), ("courriel", "pas une adresse")];
    coordinator
        .post(url, &fields)
        .await
        .is(422)
        .shows("pas une adresse")
        .shows("Choisissez au moins un rôle.");
    let fields = [("nom", "Inès Girard"), ("courriel", "ines@exemple.fr"), ("roles", "operator")];
    coordinator.post(url, &fields).await.is(422);
    let fields =
        [("nom", "Inès Girard"), ("courriel", "ines@exemple.fr"), ("roles", "caf"), ("roles", "partner")];
    coordinator.post(url, &fields).await.is(303);
    coordinator.post(url, &fields).await.is(422).shows("a déjà un accès");
    let list = coordinator.get("/espace/reglages/utilisateurs").await.ok();
    list.shows("Inès Girard").shows("Caf, Partenaire").shows("Invitation en attente");
    let answer = test.stranger().post(&link(&test).await, &[("password", PASSWORD)]).await.is(303);
    let ines = test.stranger().keeping(&answer);
    ines.get("/espace/reglages/compte").await.ok().shows("Caf, Partenaire");
    ines.get("/espace/reglages/utilisateurs").await.is(403);
}

#[tokio::test]
async fn an_operator_invites_coordinators_and_reads_no_names() {
    let test = TestApp::start(crate::parts()).await;
    let operator = test.someone(Role::Operator, None, None).await;
    let url = "/espace/reglages/utilisateurs/nouveau";
    operator.get(url).await.ok().shows("value=\"coordinator\"").hides("value=\"promeneur\"");
    let fields = [("nom", "Inès Girard"), ("courriel", "ines@exemple.fr"), ("roles", "coordinator")];
    operator.post(url, &fields).await.is(303);
}

#[tokio::test]
async fn the_network_keeps_a_coordinator_and_no_one_shuts_themselves_out() {
    let test = TestApp::start(crate::parts()).await;
    let one = test.someone(Role::Coordinator, None, None).await;
    let operator = test.someone(Role::Operator, None, None).await;
    let page = format!("/espace/reglages/utilisateurs/{}", one.account_id.unwrap());
    one.post(&format!("{page}/desactiver"), &[]).await.is(422);
    operator.post(&format!("{page}/desactiver"), &[]).await.is(422).shows("dernière personne");
    let fields = [("nom", "Une"), ("courriel", "une@exemple.fr"), ("roles", "caf"), ("version", "1")];
    one.post(&page, &fields).await.is(422).shows("votre propre rôle");
    let other = test.someone(Role::Coordinator, None, None).await;
    operator.post(&format!("{page}/desactiver"), &[]).await.is(303);
    one.get_with("/espace/session", "accept", "application/json").await.is(401);
    other.post(&format!("{page}/reactiver"), &[]).await.is(303);
    let operator_page = format!("/espace/reglages/utilisateurs/{}", operator.account_id.unwrap());
    other.get(&operator_page).await.is(403);
}

#[tokio::test]
async fn an_access_saved_meanwhile_by_someone_else_is_not_overwritten() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let noe = account(&test, "noe@exemple.fr", Role::Caf, None).await;
    let page = format!("/espace/reglages/utilisateurs/{}", noe.id);
    let fields = [("nom", "Noé L."), ("courriel", "noe@exemple.fr"), ("roles", "caf"), ("version", "1")];
    coordinator.post(&page, &fields).await.is(303);
    coordinator.post(&page, &fields).await.is(409);
    coordinator.get(&page).await.ok().shows("Noé L.");
}

#[tokio::test]
async fn one_changes_the_password_and_closes_other_devices() {
    let test = TestApp::start(crate::parts()).await;
    account(&test, "noe@exemple.fr", Role::Coordinator, Some(PASSWORD)).await;
    let here = test.stranger().keeping(&sign_in(&test, "noe@exemple.fr", PASSWORD).await);
    let there = test.stranger().keeping(&sign_in(&test, "noe@exemple.fr", PASSWORD).await);
    let url = "/espace/reglages/compte/mot-de-passe";
    let wrong = [("actuel", "au hasard"), ("password", "un tout autre mot de passe")];
    here.post(url, &wrong).await.is(422).shows("mot de passe actuel");
    there.get("/espace/session").await.is(204);
    let right = [("actuel", PASSWORD), ("password", "un tout autre mot de passe")];
    here.post(url, &right).await.is(303);
    there.get_with("/espace/session", "accept", "application/json").await.is(401);
    here.get("/espace/session").await.is(204);
    here.post("/espace/reglages/compte/sessions/fermer", &[]).await.is(303);
    here.get("/espace/session").await.is(204);
}

#[tokio::test]
async fn what_has_expired_is_not_kept() {
    let test = TestApp::start(crate::parts()).await;
    account(&test, "noe@exemple.fr", Role::Coordinator, Some(PASSWORD)).await;
    sign_in(&test, "noe@exemple.fr", PASSWORD).await.is(303);
    sign_in(&test, "noe@exemple.fr", "au hasard").await.is(422);
    test.app.clock.advance_minutes(31 * 24 * 60);
    let mut tx = test.app.db.write().await.unwrap();
    jobs::add(&mut tx, test.network.id, test.app.now(), &PurgeSessions {}).await.unwrap();
    tx.commit().await.unwrap();
    test.run_jobs().await;
    let mut tx = test.app.db.read().await.unwrap();
    let sql = kit::sql!(
        "select (select count(*) from session where network_id = $1) + ",
        "(select count(*) from sign_in_failure where network_id = $1)"
    );
    assert_eq!(tx.value::<i64>(sql, kit::args![test.network.id]).await.unwrap(), 0);
}
