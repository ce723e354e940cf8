//! A mailbox without a password: the keeper agrees at her provider, whose tokens open Dovecot and Postfix, and are renewed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::post;
use axum::{Form, Json, Router, http::StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::Role;
use kit::mail::sign_in::MailProvider;
use kit::testing::{Person, TestApp};
use serde_json::{Value, json};

use crate::servers::{Other, Servers, address, conversations, hidden, message, servers, sync};

const CONNECTION: &str = "/espace/messagerie/connexion";

/// A provider of one mailbox, which remembers what it gave.
#[derive(Default)]
struct Provider {
    address: String,
    /// What the browser was sent with: proof and code.
    challenge: String,
    given: usize,
    revoked: bool,
}

type Shared = Arc<Mutex<Provider>>;

async fn token(
    State(provider): State<Shared>,
    Form(asked): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let mut provider = provider.lock().unwrap();
    let is_known = asked["client_id"] == "esplanade" && asked["client_secret"] == "entre nous";
    let is_good = match asked["grant_type"].as_str() {
        "authorization_code" => {
            let proof = URL_SAFE_NO_PAD.encode(sha256(&asked["code_verifier"]));
            asked["code"] == "bon"
                && proof == provider.challenge
                && asked["redirect_uri"].ends_with("/retour")
        }
        "refresh_token" => asked["refresh_token"] == "durable" && !provider.revoked,
        _ => false,
    };
    if !is_known || !is_good {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
    }
    provider.given += 1;
    let claims = URL_SAFE_NO_PAD.encode(json!({ "email": provider.address }).to_string());
    let answer = json!({
        "access_token": format!("jeton-{}", provider.given),
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": "durable",
        "id_token": format!("e30.{claims}.s"),
    });
    (StatusCode::OK, Json(answer))
}

fn sha256(text: &str) -> Vec<u8> {
    use sha2::Digest;
    sha2::Sha256::digest(text.as_bytes()).to_vec()
}

/// Only the last token is good: an old one that is still used shows.
async fn introspect(
    State(provider): State<Shared>,
    Form(asked): Form<HashMap<String, String>>,
) -> Json<Value> {
    let provider = provider.lock().unwrap();
    let active = asked["token"] == format!("jeton-{}", provider.given);
    Json(json!({ "active": active, "username": provider.address }))
}

/// Starts the provider where Dovecot asks it, and an instance that knows it.
async fn start(servers: &Servers, address: &str) -> (TestApp, Shared) {
    let provider: Shared = Arc::default();
    address.clone_into(&mut provider.lock().unwrap().address);
    let router = Router::new()
        .route("/token", post(token))
        .route("/introspect", post(introspect))
        .with_state(provider.clone());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", servers.oauth)).await.unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let told = MailProvider {
        label: "Boîtes du Diois".to_owned(),
        client_id: "esplanade".to_owned(),
        client_secret: "entre nous".to_owned(),
        authorize_url: "https://boites.test/accord".to_owned(),
        token_url: format!("http://127.0.0.1:{}/token", servers.oauth),
        ..MailProvider::default()
    };
    let test = TestApp::start_with(app::parts(), |config| {
        config.private_hosts = true;
        config.mail_providers.insert("diois".to_owned(), told);
    })
    .await;
    (test, provider)
}

/// A parameter of an address.
fn parameter(url: &str, name: &str) -> String {
    let url = url.replace('?', "&");
    let found = url.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    found.unwrap_or_default().to_owned()
}

/// What is refused at the provider, forged, or brought back by somebody else opens nothing.
async fn nobody_else_opens_it(test: &TestApp, coordinator: &Person<'_>, state: &str) {
    let refusal = format!("{CONNECTION}/retour?error=access_denied&state={state}");
    coordinator.get(&refusal).await.is(422).shows("n’a pas donné accès");
    coordinator
        .get(&format!("{CONNECTION}/retour?code=bon&state=x{state}"))
        .await
        .is(422)
        .shows("recommencez");
    let colleague = test.someone(Role::Coordinator, None, None).await;
    colleague.get(&format!("{CONNECTION}/retour?code=bon&state={state}")).await.is(422).shows("recommencez");
}

/// Agrees to what the provider gave; a forged access is refused.
async fn connect(servers: &Servers, coordinator: &Person<'_>, address: &str, brought: &str) {
    let (imap, smtp) = (servers.imap.to_string(), servers.smtp.to_string());
    let mut fields = vec![
        ("adresse", address),
        ("nom", "PdN Drôme"),
        ("acces", brought),
        ("fournisseur", "Boîtes du Diois"),
        ("reception", "127.0.0.1"),
        ("reception-port", &imap),
        ("reception-securite", "none"),
        ("envoi", "127.0.0.1"),
        ("envoi-port", &smtp),
        ("envoi-securite", "none"),
        ("cadence", "600"),
    ];
    fields[2].1 = "forgé";
    assert_ne!(coordinator.post(CONNECTION, &fields).await.status, StatusCode::SEE_OTHER);
    fields[2].1 = brought;
    coordinator.post(CONNECTION, &fields).await.is(303);
}

/// Answers the latest message of a conversation.
async fn answer(test: &TestApp, coordinator: &Person<'_>, url: &str) {
    let page = coordinator.get(url).await.ok().body;
    let draft = coordinator
        .post("/espace/messagerie/brouillons", &[("mode", "reply"), ("message", &hidden(&page, "message"))])
        .await
        .goes_to();
    let version = hidden(&coordinator.get(&draft).await.ok().body, "version");
    let answer = [
        ("version", version.as_str()),
        ("a", "lou@mjc.test"),
        ("objet", "Re: Bonjour"),
        ("corps", "Bien reçu."),
        ("envoyer", "1"),
    ];
    coordinator.post(&draft, &answer).await.is(303);
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
}

#[tokio::test]
async fn a_mailbox_is_opened_without_a_password_and_its_tokens_are_renewed() {
    let Some(servers) = servers() else { return };
    let address = address();
    let (test, provider) = start(&servers, &address).await;
    let mut other = Other::open(&servers, &address).await;
    other.put("INBOX", None, &message("lou@mjc.test", &address, "Bonjour", "o1@x.test", "", "Un mot")).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.get(CONNECTION).await.ok().shows("Continuer avec Boîtes du Diois");
    let url = coordinator.get(&format!("{CONNECTION}/fournisseur/diois")).await.goes_to();
    assert!(url.starts_with("https://boites.test/accord?"), "{url}");
    parameter(&url, "code_challenge").clone_into(&mut provider.lock().unwrap().challenge);
    let state = parameter(&url, "state");

    nobody_else_opens_it(&test, &coordinator, &state).await;
    let page = coordinator.get(&format!("{CONNECTION}/retour?code=bon&state={state}")).await.ok();
    let page = page.shows(&address).shows("a donné accès à la boîte").hides("jeton-1").hides("durable").body;
    connect(&servers, &coordinator, &address, &hidden(&page, "acces")).await;
    coordinator.get(CONNECTION).await.ok().shows("ouverte sans mot de passe").hides("durable");
    sync(&test).await;
    let url = conversations(&coordinator.get("/espace/messagerie/boite").await.ok().body)[0].clone();
    assert_eq!(provider.lock().unwrap().given, 1, "a token that lasts is kept");

    // Hours later the token has ended: reading and writing go on with a new one.
    test.app.clock.advance_minutes(180);
    sync(&test).await;
    assert_eq!(provider.lock().unwrap().given, 2);
    answer(&test, &coordinator, &url).await;
    assert_eq!(test.mails().await[0].state, "sent", "{:?}", test.mails().await[0].error);
    assert_eq!(provider.lock().unwrap().given, 2, "reading and writing share it");

    // Withdrawn at the provider: said in words.
    provider.lock().unwrap().revoked = true;
    test.app.clock.advance_minutes(180);
    let error = app::features::mailbox::sync::once(&test.app, test.network.id).await.unwrap_err();
    assert!(error.to_string().contains("ne donne plus accès à la boîte"), "{error}");
}
