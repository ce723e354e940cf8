//! Scenarios of the messages that the public sends.

use kit::Role;
use kit::testing::{Answer, TestApp};

/// The hidden field of a form, as a browser sends it back.
fn drawn(page: &Answer) -> String {
    let after = page.body.split("name=\"ouvert\" value=\"").nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

/// Opens the form, takes a minute, sends it.
async fn write(test: &TestApp, path: &str, fields: &[(&str, &str)]) -> Answer {
    let public = test.stranger();
    let drawn = drawn(&public.get(path).await.ok());
    test.app.clock.advance_minutes(1);
    let mut fields = fields.to_vec();
    fields.extend([("ouvert", drawn.as_str()), ("suite", "")]);
    public.post(path, &fields).await
}

const CONTACT: [(&str, &str); 3] =
    [("nom", "Lou"), ("courriel", "lou@exemple.fr"), ("message", "Bonjour, où trouver un dépliant ?")];

async fn id_of_the_only_message(test: &TestApp) -> String {
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let list = coordinator.get("/espace/communication/messages").await.ok();
    let after = list.body.split("href=\"/espace/communication/messages/").nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_message_arrives_is_read_is_dealt_with_and_can_be_reopened() {
    let test = TestApp::start(crate::parts()).await;
    let sent = write(&test, "/contact", &CONTACT).await;
    assert_eq!(sent.goes_to(), "/contact/merci");
    test.stranger().get("/contact/merci").await.ok().shows("Votre message est bien arrivé");
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.get("/espace/communication/messages").await.ok().shows("Lou").shows("À traiter");
    coordinator.get("/espace").await.ok().shows("1 message à traiter");
    let id = id_of_the_only_message(&test).await;
    let url = format!("/espace/communication/messages/{id}");
    coordinator.get(&url).await.ok().shows("où trouver un dépliant").shows("mailto:lou@exemple.fr");
    coordinator.post(&format!("{url}/traiter"), &[]).await.is(303);
    coordinator.get("/espace/communication/messages").await.ok().hides("Lou");
    coordinator.get("/espace").await.ok().hides("à traiter");
    coordinator.get("/espace/communication/messages?etat=traites").await.ok().shows("Lou");
    coordinator.get("/espace/communication/messages?etat=tous&type=interest").await.ok().hides("Lou");
    coordinator.post(&format!("{url}/traiter"), &[]).await.is(303);
    coordinator.post(&format!("{url}/rouvrir"), &[]).await.is(303);
    coordinator.get("/espace/communication/messages").await.ok().shows("Lou");
}

#[tokio::test]
async fn a_wish_to_join_keeps_who_and_where_and_can_be_exported() {
    let test = TestApp::start(crate::parts()).await;
    let fields = [
        ("nom", "Samira Benali"),
        ("courriel", "S.Benali@exemple.fr"),
        ("telephone", "04 75 00 00 00"),
        ("structure", "Centre social"),
        ("commune", "Crest"),
        ("fonction", "animatrice"),
        ("message", "=Comment candidater ?"),
    ];
    write(&test, "/devenir-promeneur", &fields).await.is(303);
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let csv = coordinator.get("/espace/communication/messages?format=csv").await.ok();
    csv.shows("Samira Benali").shows("s.benali@exemple.fr").shows("Centre social").hides(";=Comment");
    let xlsx = coordinator.get("/espace/communication/messages?etat=tous&format=xlsx").await.ok();
    assert!(xlsx.bytes.starts_with(b"PK"));
    coordinator.get("/espace/communication/messages?format=doc").await.is(404);
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_each_field_and_nothing_typed_is_lost() {
    let test = TestApp::start(crate::parts()).await;
    let fields = [("nom", "Samira"), ("courriel", "pas une adresse"), ("telephone", "12"), ("message", "")];
    let refused = write(&test, "/devenir-promeneur", &fields).await.is(422);
    let refused = refused.shows("id=\"courriel-erreur\"").shows("id=\"telephone-erreur\"");
    let refused = refused.shows("id=\"structure-erreur\"").shows("id=\"message-erreur\"");
    refused.shows("value=\"Samira\"").shows("value=\"pas une adresse\"");
    write(&test, "/contact", &[("courriel", ""), ("message", "Bonjour")])
        .await
        .is(422)
        .shows("Bonjour</textarea>");
}

#[tokio::test]
async fn a_text_that_names_someone_is_questioned_once() {
    let test = TestApp::start(crate::parts()).await;
    let text = "Ma voisine s’inquiète pour Léa Martin, 15 ans.";
    let fields = [("courriel", "lou@exemple.fr"), ("message", text)];
    write(&test, "/contact", &fields)
        .await
        .is(422)
        .shows("un prénom suivi d’un âge")
        .shows("message-confirme");
    let confirmed = [fields[0], fields[1], ("message-confirme", "1")];
    write(&test, "/contact", &confirmed).await.is(303);
}

#[tokio::test]
async fn machines_are_held_up_and_people_only_send_again() {
    let test = TestApp::start(crate::parts()).await;
    let public = test.stranger();
    let form = drawn(&public.get("/contact").await.ok());
    let with = |extra: &[(&'static str, &str)]| -> Vec<(String, String)> {
        CONTACT.iter().chain(extra).map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    };
    let send = async |fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        public.post("/contact", &fields).await
    };
    send(with(&[("ouvert", &form)])).await.is(422).shows("Relisez votre message").shows("où trouver");
    send(with(&[])).await.is(422).shows("Relisez votre message");
    test.app.clock.advance_minutes(1);
    send(with(&[("ouvert", &form), ("suite", "achetez")])).await.is(422).hides("achetez");
    send(with(&[("ouvert", &form.replace('.', "0."))])).await.is(422);
    send(with(&[("ouvert", &form)])).await.is(303);
    test.app.clock.advance_minutes(25 * 60);
    send(with(&[("ouvert", &form)])).await.is(422);
    let links = [("courriel", "a@exemple.fr"), ("message", "http://a.fr http://b.fr http://c.fr")];
    write(&test, "/contact", &links).await.is(422).shows("Deux liens au plus");
}

#[tokio::test]
async fn a_place_sends_so_many_messages_an_hour_and_keeps_its_text() {
    let test = TestApp::start(crate::parts()).await;
    for _ in 0..6 {
        write(&test, "/contact", &CONTACT).await.is(303);
    }
    write(&test, "/contact", &CONTACT)
        .await
        .is(429)
        .shows("patientez une heure")
        .shows("où trouver un dépliant");
    test.app.clock.advance_minutes(61);
    write(&test, "/contact", &CONTACT).await.is(303);
}

#[tokio::test]
async fn the_coordination_is_told_by_mail_without_the_text() {
    let test = TestApp::start(crate::parts()).await;
    write(&test, "/contact", &CONTACT).await.is(303);
    assert!(test.mails().await.is_empty(), "no address is set");
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let settings = [
        ("organisme", "Ligue"),
        ("courriel", "coordination@exemple.fr"),
        ("couleur", "#1f6f5c"),
        ("fuseau", "Europe/Paris"),
    ];
    coordinator.post("/espace/reglages", &settings).await.is(303);
    write(&test, "/contact", &CONTACT).await.is(303);
    let mails = test.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].recipient, "coordination@exemple.fr");
    assert!(mails[0].text_body.contains("/espace/communication/messages/0"), "{}", mails[0].text_body);
    assert!(!mails[0].text_body.contains("dépliant") && !mails[0].text_body.contains("lou@"));
}

#[tokio::test]
async fn messages_go_by_themselves() {
    let test = TestApp::start(crate::parts()).await;
    write(&test, "/contact", &CONTACT).await.is(303);
    let id = id_of_the_only_message(&test).await;
    let url = format!("/espace/communication/messages/{id}");
    test.someone(Role::Coordinator, None, None).await.post(&format!("{url}/traiter"), &[]).await.is(303);
    for (days, status) in [(170, 200), (11, 404)] {
        test.app.clock.advance_minutes(days * 24 * 60);
        let mut tx = test.app.db.write().await.unwrap();
        let purge = super::purge::PurgeMessages {};
        kit::jobs::add(&mut tx, test.network.id, test.app.now(), &purge).await.unwrap();
        tx.commit().await.unwrap();
        test.run_jobs().await;
        test.someone(Role::Coordinator, None, None).await.get(&url).await.is(status);
    }
}
