//! Servers that are protected, that nobody vouches for, that are full, that fall silent.

use kit::Role;
use kit::testing::TestApp;

use crate::servers::{
    Line, Other, PASSWORD, Servers, address, connected, connected_through, conversations, hidden, message,
    servers, start, sync, told,
};

const BOX: &str = "/espace/messagerie/boite";
const CONNECTION: &str = "/espace/messagerie/connexion";

/// An instance that believes the authority of the tests.
async fn start_trusting(servers: &Servers) -> TestApp {
    let authority = servers.folder.join("authority.pem");
    TestApp::start_with(app::parts(), |config| {
        config.private_hosts = true;
        config.extra_certificates = Some(authority);
    })
    .await
}

/// What the assistant is told of servers under one kind of protection.
fn protected(servers: &Servers, address: &str, security: &str) -> Vec<(&'static str, String)> {
    let (imap, smtp) = match security {
        "tls" => (servers.imaps, servers.smtps),
        _ => (servers.imap, servers.smtp),
    };
    let mut fields = told(servers, imap, address, PASSWORD);
    for (name, value) in &mut fields {
        match *name {
            "reception" | "envoi" => "localhost".clone_into(value),
            "envoi-port" => *value = smtp.to_string(),
            "reception-securite" | "envoi-securite" => security.clone_into(value),
            _ => {}
        }
    }
    fields
}

#[tokio::test]
async fn a_mailbox_is_read_and_answers_leave_under_tls_and_under_starttls() {
    let Some(servers) = servers() else { return };
    for security in ["tls", "starttls"] {
        let test = start_trusting(&servers).await;
        let (address, lou) = (address(), address());
        let mut other = Other::open(&servers, &address).await;
        other.put("INBOX", None, &message(&lou, &address, "Bonjour", "t1@x.test", "", "Sous clé")).await;
        let coordinator = test.someone(Role::Coordinator, None, None).await;
        let fields = protected(&servers, &address, security);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        coordinator.post(CONNECTION, &fields).await.is(303);
        sync(&test).await;
        let url = conversations(&coordinator.get(BOX).await.ok().body)[0].clone();
        let page = coordinator.get(&url).await.ok().body;
        let draft = coordinator
            .post(
                "/espace/messagerie/brouillons",
                &[("mode", "reply"), ("message", &hidden(&page, "message"))],
            )
            .await
            .goes_to();
        let version = hidden(&coordinator.get(&draft).await.ok().body, "version");
        let answer = [
            ("version", version.as_str()),
            ("a", &lou),
            ("objet", "Re: Bonjour"),
            ("corps", "Bien reçu."),
            ("envoyer", "1"),
        ];
        coordinator.post(&draft, &answer).await.is(303);
        test.app.clock.advance_minutes(1);
        test.run_jobs().await;
        assert_eq!(test.mails().await[0].state, "sent", "{security}: {:?}", test.mails().await[0].error);
    }
}

#[tokio::test]
async fn servers_that_nobody_vouches_for_are_refused_beside_their_names() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    for security in ["tls", "starttls"] {
        let fields = protected(&servers, &address(), security);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = coordinator.post(CONNECTION, &fields).await.is(422);
        refused.shows("id=\"reception-erreur\"").shows("id=\"envoi-erreur\"").hides(PASSWORD);
    }
    assert_eq!(coordinator.get(BOX).await.goes_to(), CONNECTION, "nothing was stored");
}

#[tokio::test]
async fn a_mailbox_that_is_full_still_reads_and_what_it_refuses_is_said_and_asked_again() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let full = address().replace("drome.test", "plein.test");
    let coordinator = connected(&test, &servers, &full).await;
    let draft = coordinator.post("/espace/messagerie/brouillons", &[("mode", "new")]).await.goes_to();
    let version = hidden(&coordinator.get(&draft).await.ok().body, "version");
    let long = "Voici le papier demandé. ".repeat(200);
    let lou = address();
    let fields =
        [("version", version.as_str()), ("a", &lou), ("objet", "Papier"), ("corps", &long), ("envoyer", "1")];
    coordinator.post(&draft, &fields).await.is(303);
    for _ in 0..2 {
        test.app.clock.advance_minutes(1);
        test.run_jobs().await;
    }
    assert_eq!(test.mails().await[0].state, "sent", "others get what is written");
    sync(&test).await;
    coordinator
        .get(CONNECTION)
        .await
        .ok()
        .shows("Ranger un message envoyé")
        .shows("la boîte est sans doute pleine");
    // Not at once again, and then no more than it must.
    sync(&test).await;
    let waiting = coordinator.get(CONNECTION).await.ok().shows("Sera redemandé");
    assert_eq!(waiting.body.matches("Ranger un message envoyé").count(), 1);
    coordinator.post(&format!("{CONNECTION}/refus"), &[("reessayer", "1")]).await.is(303);
    coordinator.get(CONNECTION).await.ok().hides("Refusé par le serveur");
    sync(&test).await;
    coordinator.get(CONNECTION).await.ok().shows("Refusé par le serveur");
    coordinator.post(&format!("{CONNECTION}/refus"), &[("reessayer", "")]).await.is(303);
    sync(&test).await;
    coordinator.get(CONNECTION).await.ok().hides("Refusé par le serveur");
}

#[tokio::test]
async fn a_server_that_falls_silent_is_left_and_nothing_is_missing_afterwards() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let mut other = Other::open(&servers, &address).await;
    for n in 0..20 {
        let long = "Un texte assez long. ".repeat(200);
        let text =
            message("lou@mjc.test", &address, &format!("Sujet {n}"), &format!("s{n}@x.test"), "", &long);
        other.put("INBOX", None, &text).await;
    }
    let line = Line::open(&servers).await;
    let coordinator = connected_through(&test, &servers, line.port, &address).await;
    line.fall_silent_after(30_000);
    let app = test.app.clone();
    let network = test.network.id;
    let looking = tokio::spawn(async move { app::features::mailbox::sync::once(&app, network).await });
    line.silence().await;
    // From here on only the clock moves: the minute of patience passes at once.
    tokio::time::pause();
    let error = looking.await.unwrap().unwrap_err();
    tokio::time::resume();
    assert!(error.to_string().contains("ne répond plus"), "{error}");
    line.mend();
    sync(&test).await;
    let page = coordinator.get(&format!("{BOX}?vue=toutes")).await.ok();
    assert_eq!(conversations(&page.body).len(), 20);
}
