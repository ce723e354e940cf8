//! Keeping the directory up to date, as named people do it.

use kit::db::{Id, Timestamp};
use kit::testing::{Person as Someone, TestApp};
use kit::{Actor, Role, network};

use super::change_request::ChangeRequest;
use crate::features::directory::mandate::{self, Mandate};
use crate::features::directory::person::{self, Person};
use crate::features::directory::structure::{self, Structure};

/// Noé, in post at the MJC of Crest, published.
async fn noe(test: &TestApp) -> (Person, Structure) {
    let actor = Actor::program(test.network.id, "Essai", test.app.now());
    let mut tx = test.app.db.write().await.unwrap();
    let mut place = Structure::named(actor.network_id, actor.now, "MJC de Crest");
    place.status = "active".to_owned();
    structure::add(&mut tx, &actor, std::slice::from_ref(&place), None).await.unwrap();
    let mut noe = Person::named(actor.network_id, actor.now, "Noé", "Lefèvre");
    noe.email = Some("noe@mjc.example".to_owned());
    noe.job_title = Some("animateur".to_owned());
    person::add(&mut tx, &actor, std::slice::from_ref(&noe), None).await.unwrap();
    let post = Mandate::new(actor.network_id, actor.now, place.id, 1, Some(noe.id));
    mandate::open(&mut tx, &actor, post, &place, None).await.unwrap();
    let noe = person::publish(&mut tx, &actor, noe.id).await.unwrap();
    tx.commit().await.unwrap();
    (noe, place)
}

async fn stored(test: &TestApp, id: Id) -> Person {
    test.app.db.read().await.unwrap().get(test.network.id, id).await.unwrap()
}

async fn requests(test: &TestApp) -> Vec<ChangeRequest> {
    let mut all: Vec<ChangeRequest> =
        test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    all.sort_by_key(|request| request.id);
    all
}

const CORRECTED: [(&str, &str); 5] = [
    ("fonction", "éducateur spécialisé"),
    ("courriel", "noe@mjc.example"),
    ("telephone", "06 12 34 56 78"),
    ("jeunes", "1"),
    ("visible", "job_title"),
];

#[tokio::test]
async fn a_promeneur_corrects_the_sheet_and_the_coordinator_accepts_with_one_click() {
    let test = TestApp::start(crate::parts()).await;
    let (noe, _) = noe(&test).await;
    let (coordinator, owner) = (
        test.someone(Role::Coordinator, None, None).await,
        test.someone(Role::Promeneur, None, Some(noe.id)).await,
    );
    let url = format!("{}/proposer", noe.url());
    owner.get(&noe.url()).await.ok().shows("Corriger ma fiche");
    owner.get(&url).await.ok().shows("Relu par la coordination");
    owner.post(&url, &CORRECTED).await.is(303);
    assert_eq!(stored(&test, noe.id).await.job_title.as_deref(), Some("animateur"), "nothing changes before");
    coordinator.get("/espace").await.ok().shows("1 demande attend votre réponse");
    let request = requests(&test).await.pop().unwrap();
    let page = coordinator.get(&request.url()).await.ok();
    page.shows("<del>animateur</del> → <ins>éducateur spécialisé</ins>").shows("<ins>06");
    let accept = [
        ("fonction", "éducateur spécialisé"),
        ("telephone", "06 12 34 56 78"),
        ("visible", "job_title"),
        ("version", "1"),
        ("action", "accepter"),
    ];
    coordinator.post(&request.url(), &accept).await.is(303);
    let after = stored(&test, noe.id).await;
    assert_eq!(after.job_title.as_deref(), Some("éducateur spécialisé"));
    assert_eq!(after.phone.as_deref(), Some("+33612345678"));
    assert_eq!(requests(&test).await[0].state, "accepted");
    test.stranger().get(&noe.public_url()).await.ok().shows("éducateur spécialisé");
    let mails = test.mails().await;
    assert!(mails.iter().any(|mail| mail.subject.contains("Votre demande de modification")), "{mails:?}");
    // What the national site shows too waits there until it is ticked off.
    coordinator
        .get("/espace/reseau/a-reporter")
        .await
        .ok()
        .shows("éducateur spécialisé")
        .hides("Ce que le public");
    coordinator.post(&format!("/espace/reseau/a-reporter/{}", request.id), &[]).await.is(303);
    coordinator.get("/espace/reseau/a-reporter").await.ok().shows("Le site national est à jour");
    coordinator.post(&request.url(), &accept).await.is(409);
}

#[tokio::test]
async fn a_request_is_amended_field_by_field_or_refused_with_a_word() {
    let test = TestApp::start(crate::parts()).await;
    let (noe, _) = noe(&test).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let owner = test.someone(Role::Promeneur, None, Some(noe.id)).await;
    let url = format!("{}/proposer", noe.url());
    owner.post(&url, &CORRECTED).await.is(303);
    let request = requests(&test).await.pop().unwrap();
    let amended = [
        ("fonction", "éducateur"),
        ("telephone", "06 12 34 56 78"),
        ("refuser-telephone", "1"),
        ("visible", "job_title"),
        ("version", "1"),
    ];
    let bad = [("fonction", "éducateur"), ("telephone", "pas un numéro"), ("version", "1")];
    coordinator.post(&request.url(), &bad).await.is(422).shows("pas un numéro");
    coordinator.post(&request.url(), &amended).await.is(303);
    let after = stored(&test, noe.id).await;
    assert_eq!((after.job_title.as_deref(), after.phone), (Some("éducateur"), None));
    assert_eq!(requests(&test).await[0].state, "amended");
    owner.post(&url, &[("fonction", "directeur"), ("jeunes", "1")]).await.is(303);
    let request = requests(&test).await.pop().unwrap();
    let refuse = [("action", "refuser"), ("mot", ""), ("version", "1")];
    coordinator.post(&request.url(), &refuse).await.is(422).shows("Dites en un mot pourquoi");
    let refuse = [("action", "refuser"), ("mot", "À voir avec votre structure."), ("version", "1")];
    coordinator.post(&request.url(), &refuse).await.is(303);
    assert_eq!(stored(&test, noe.id).await.job_title.as_deref(), Some("éducateur"));
    let mails = test.mails().await;
    assert!(mails.iter().any(|mail| mail.text_body.contains("À voir avec votre structure.")), "{mails:?}");
}

#[tokio::test]
async fn fields_that_the_network_lets_through_change_at_once() {
    let test = TestApp::start(crate::parts()).await;
    let (noe, _) = noe(&test).await;
    let mut tx = test.app.db.write().await.unwrap();
    let settings =
        network::Settings { free_fields: vec!["person.job_title".to_owned()], ..test.network.settings() };
    network::save_settings(&mut tx, &test.network, &test.network.accent, &settings).await.unwrap();
    tx.commit().await.unwrap();
    let owner = test.someone(Role::Promeneur, None, Some(noe.id)).await;
    owner.post(&format!("{}/proposer", noe.url()), &CORRECTED).await.is(303);
    let after = stored(&test, noe.id).await;
    assert_eq!((after.job_title.as_deref(), after.phone), (Some("éducateur spécialisé"), None));
    let asked: Vec<String> = requests(&test).await[0].after().keys().cloned().collect();
    assert_eq!(asked, ["phone", "visible"]);
}

#[tokio::test]
async fn nobody_proposes_for_another_and_a_second_proposal_takes_the_place_of_the_first() {
    let test = TestApp::start(crate::parts()).await;
    let (noe, place) = noe(&test).await;
    let stranger = test.someone(Role::Promeneur, None, None).await;
    stranger.get(&format!("{}/proposer", noe.url())).await.is(404);
    stranger.post(&format!("{}/proposer", noe.url()), &CORRECTED).await.is(404);
    let manager = test.someone(Role::Manager, Some(place.id), None).await;
    manager.post(&format!("{}/proposer", noe.url()), &CORRECTED).await.is(404);
    let structure = [("adresse", "3 rue du Pré"), ("jeunes", "1")];
    let url = format!("{}/proposer", place.url());
    manager.post(&url, &structure).await.is(303);
    manager.post(&url, &[("adresse", "5 rue du Pré"), ("jeunes", "1")]).await.is(303);
    let all = requests(&test).await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].after()["address"], "5 rue du Pré");
    stranger.get(&all[0].url()).await.is(404);
    manager.post(&format!("{}/retirer", all[0].url()), &[]).await.is(303);
    assert_eq!(requests(&test).await[0].state, "withdrawn");
}

/// The link of the last message to someone.
async fn link(test: &TestApp) -> String {
    let mails = test.mails().await;
    let text = &mails.first().unwrap().text_body;
    let start = text.find("/fiche/").unwrap();
    text[start..].split_whitespace().next().unwrap().to_owned()
}

async fn start(coordinator: &Someone<'_>) -> String {
    coordinator.post("/espace/reseau/verifications", &[("mot", "Merci !"), ("delai", "90")]).await.goes_to()
}

#[tokio::test]
async fn everyone_is_asked_by_a_personal_link_and_one_click_says_that_nothing_changed() {
    let test = TestApp::start(crate::parts()).await;
    let (noe, _) = noe(&test).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let campaign = start(&coordinator).await;
    test.run_jobs().await;
    let link = link(&test).await;
    let someone = test.stranger();
    someone.get(&link).await.ok().shows("Rien n’a changé").shows("animateur").hides("Historique");
    someone.post(&link, &[]).await.ok().shows("vérifiée aujourd’hui");
    assert_eq!(stored(&test, noe.id).await.verified_on, Some(test.network.today(test.app.now())));
    coordinator.get(&campaign).await.ok().shows("Tout le monde a répondu");
    someone.get(&noe.public_url()).await.ok().shows("Fiche vérifiée le");
    coordinator
        .post("/espace/reseau/verifications", &[("delai", "90")])
        .await
        .is(422)
        .shows("Personne n’est à interroger");
    // A correction by the same link waits for the coordinator.
    someone.post(&format!("{link}/modifier"), &CORRECTED).await.ok().shows("La coordination va examiner");
    assert_eq!(requests(&test).await[0].author, "Noé Lefèvre");
}

#[tokio::test]
async fn reminders_space_out_and_stop_at_an_answer() {
    let test = TestApp::start(crate::parts()).await;
    noe(&test).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let campaign = start(&coordinator).await;
    let count = async || {
        test.run_schedules().await;
        test.mails().await.iter().filter(|mail| mail.kind == "freshness").count()
    };
    assert_eq!(count().await, 1);
    let mut found = Vec::new();
    for day in [6, 1, 13, 1, 20, 1, 10] {
        test.app.clock.advance_minutes(day * 24 * 60);
        found.push(count().await);
    }
    assert_eq!(found, [1, 2, 2, 3, 3, 4, 4], "after 7, then 14, then 21 days, then silence");
    // Fifty days later the session has ended: the coordinator signs in anew.
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.get(&campaign).await.ok().shows("4 messages").hides("prochain le");
}

#[tokio::test]
async fn forged_closed_and_late_links_are_refused_clearly() {
    let test = TestApp::start(crate::parts()).await;
    noe(&test).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let campaign = start(&coordinator).await;
    test.run_jobs().await;
    let link = link(&test).await;
    let mut forged = link.clone();
    forged.replace_range(link.len() - 2.., "AA");
    for bad in [forged.as_str(), "/fiche/x", "/fiche/.", "/fiche/../../etc/passwd", "/fiche/%00.%00"] {
        let status = test.stranger().get(bad).await.status.as_u16();
        assert!(matches!(status, 404 | 410), "{bad}: {status}");
    }
    test.stranger().post(&forged, &[]).await.is(410);
    test.stranger().get(&link).await.ok();
    coordinator.post(&format!("{campaign}/clore"), &[]).await.is(303);
    test.stranger().get(&link).await.is(410).shows("Écrivez à la coordination");
    assert!(Timestamp(0) < test.app.now());
}
