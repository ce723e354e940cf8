//! Scenarios of the address books, asked as programs ask.

use base64::Engine;
use kit::testing::{Answer, Person, TestApp};
use kit::{Id, Role};

use crate::features::directory::imports::{self, Choices};

const CSV: &str = "Nom;Prénom;Structure;Ville;Tél;Mail\n\
    Lefèvre;Noé;MJC de Crest;Crest;06 12 34 56 78;noe@mjc.example\n\
    Perrin;Zoé;Foyer de Die;Die;06 98 76 54 32;zoe@foyer.example\n";
const BOOK: &str = r#"<d:prop xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:getetag/><c:address-data version="4.0"/></d:prop>"#;

async fn fill(test: &TestApp) {
    imports::at_once(&test.app, &test.network, "a.csv", CSV.as_bytes(), &Choices::default(), false)
        .await
        .unwrap();
}

/// Someone with a program, signed in by a password made on the account page.
struct Program<'a> {
    person: Person<'a>,
    authorization: String,
    home: String,
}

async fn program<'a>(test: &TestApp, person: Person<'a>) -> Program<'a> {
    let page =
        person.post("/espace/reglages/compte/applications", &[("application", "Téléphone")]).await.ok();
    assert_eq!(page.header("cache-control"), "private, no-store");
    let secret = page.body.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let account: Id = person.account_id.unwrap();
    let mut tx = test.app.db.read().await.unwrap();
    let sql = kit::sql!("select email from account where network_id = $1 and id = $2");
    let email: String = tx.value(sql, kit::args![test.network.id, account]).await.unwrap();
    Program {
        person,
        authorization: authorization(&email, &secret),
        home: format!("/carddav/{account}/carnets/"),
    }
}

fn authorization(email: &str, password: &str) -> String {
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{email}:{password}"));
    format!("Basic {pair}")
}

impl Program<'_> {
    async fn ask(&self, method: &str, path: &str, depth: &str, body: &str) -> Answer {
        let headers = [("authorization", self.authorization.as_str()), ("depth", depth)];
        self.person.ask(method, path, &headers, body).await
    }

    async fn sync(&self, book: &str, token: &str) -> Answer {
        let body = format!(
            "<d:sync-collection xmlns:d=\"DAV:\"><d:sync-token>{token}</d:sync-token><d:sync-level>1</d:sync-level>{BOOK}</d:sync-collection>"
        );
        self.ask("REPORT", &format!("{}{book}/", self.home), "0", &body).await
    }
}

fn token(answer: &Answer) -> String {
    answer.body.split("<d:sync-token>").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_program_finds_its_way_from_the_server_to_a_card() {
    let test = TestApp::start(crate::parts()).await;
    fill(&test).await;
    let phone = program(&test, test.someone(Role::Coordinator, None, None).await).await;
    let start = test.stranger().ask("PROPFIND", "/.well-known/carddav", &[], "").await.is(301);
    assert_eq!(start.header("location"), "/carddav/");
    let able = test.stranger().ask("OPTIONS", "/carddav/", &[], "").await.is(204);
    assert!(able.header("dav").contains("addressbook"));
    let who = r#"<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>"#;
    let root = phone.ask("PROPFIND", "/carddav/", "0", who).await.is(207);
    let principal = phone.home.trim_end_matches("carnets/").to_owned();
    let root = root.shows(&format!("<d:href>{principal}</d:href>"));
    assert_eq!(root.header("content-type"), "application/xml; charset=utf-8");
    let home = r#"<propfind xmlns="DAV:"><prop><x:addressbook-home-set xmlns:x="urn:ietf:params:xml:ns:carddav"/><quota xmlns="urn:other"/></prop></propfind>"#;
    let found = phone.ask("PROPFIND", &principal, "0", home).await.is(207);
    found.shows(&phone.home).shows("<quota xmlns=\"urn:other\"/>").shows("404 Not Found");
    let books = phone.ask("PROPFIND", &phone.home, "1", "").await.is(207);
    let books = books.shows("Promeneurs").shows("Structures").shows("Partenaires");
    books.shows("<d:collection/><card:addressbook/>").shows("sync-collection");
    let cards = phone.ask("PROPFIND", &format!("{}promeneurs/", phone.home), "1", "").await.is(207);
    let card = cards.body.split("<d:href>").find(|part| part.contains(".vcf")).unwrap();
    let card = card.split('<').next().unwrap().to_owned();
    let read = phone.ask("GET", &card, "0", "").await.ok().shows("VERSION:4.0").shows("Lefèvre");
    let etag = read.header("etag").to_owned();
    let headers = |name: &'static str, value: &'static str| {
        [("authorization", phone.authorization.clone()), (name, value.to_owned())]
    };
    let old = headers("accept", "text/vcard; version=3.0");
    let old: Vec<(&str, &str)> = old.iter().map(|(n, v)| (*n, v.as_str())).collect();
    phone
        .person
        .ask("GET", &card, &old, "")
        .await
        .ok()
        .shows("VERSION:3.0")
        .shows("TEL;TYPE=CELL:+33612345678");
    let known = [("authorization", phone.authorization.as_str()), ("if-none-match", etag.as_str())];
    phone.person.ask("GET", &card, &known, "").await.is(304);
}

#[tokio::test]
async fn a_program_is_told_what_changed_and_who_left_and_nothing_else() {
    let test = TestApp::start(crate::parts()).await;
    fill(&test).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let phone = program(&test, coordinator.clone()).await;
    let first = phone.sync("promeneurs", "").await.is(207).shows("Lefèvre").shows("Perrin");
    let quiet = phone.sync("promeneurs", &token(&first)).await.is(207).hides("<d:response>");
    assert_eq!(token(&quiet), token(&first));
    let list = coordinator.get("/espace/reseau/promeneurs?q=lefevre").await.ok().body;
    let link = list.split("href=\"").find(|t| t.contains("data-row-link>Lefèvre")).unwrap();
    let sheet = link.split('"').next().unwrap().to_owned();
    let fields = [
        ("version", "1"),
        ("prenom", "Noé"),
        ("nom", "Lefèvre"),
        ("jeunes", "1"),
        ("telephone", "07 11 22 33 44"),
    ];
    coordinator.post(&format!("{sheet}/modifier"), &fields).await.is(303);
    let news = phone.sync("promeneurs", &token(&quiet)).await.is(207).shows("+33711223344").hides("Perrin");
    let page = coordinator.get(&format!("{sheet}/depart")).await.ok().body;
    let post = page.split("name=\"poste\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let depart = [("poste", post), ("jour", "2026-11-23"), ("motif", "")];
    coordinator.post(&format!("{sheet}/depart"), &depart).await.is(303);
    let gone = phone.sync("promeneurs", &token(&news)).await.is(207).shows("404 Not Found").hides("Perrin");
    assert_eq!(gone.body.matches("<d:response>").count(), 1);
    phone.sync("promeneurs", "").await.is(207).hides("Lefèvre").hides("404 Not Found").shows("Perrin");
    for bad in ["data:,x", "n'importe quoi", &token(&gone).replace("revision=", "revision=9")] {
        phone.sync("promeneurs", bad).await.is(403).shows("valid-sync-token");
    }
    // The token of one book says nothing of another.
    phone.sync("structures", &token(&gone)).await.is(403);
}

#[tokio::test]
async fn reports_find_cards_and_say_what_they_cannot_do() {
    let test = TestApp::start(crate::parts()).await;
    fill(&test).await;
    let phone = program(&test, test.someone(Role::Coordinator, None, None).await).await;
    let book = format!("{}promeneurs/", phone.home);
    let query = |filter: &str, more: &str| {
        format!(
            "<c:addressbook-query xmlns:c=\"urn:ietf:params:xml:ns:carddav\" xmlns:d=\"DAV:\">{BOOK}<c:filter>{filter}</c:filter>{more}</c:addressbook-query>"
        )
    };
    let named = "<c:prop-filter name=\"FN\"><c:text-match>perrin</c:text-match></c:prop-filter>";
    phone.ask("REPORT", &book, "1", &query(named, "")).await.is(207).shows("Perrin").hides("Lefèvre");
    let few = query("", "<c:limit><c:nresults>1</c:nresults></c:limit>");
    phone.ask("REPORT", &book, "1", &few).await.is(207).shows("507 Insufficient Storage");
    let odd = query("<c:prop-filter name=\"TEL\"><c:param-filter name=\"TYPE\"/></c:prop-filter>", "");
    phone.ask("REPORT", &book, "1", &odd).await.is(403).shows("supported-filter");
    let gets = format!(
        "<c:addressbook-multiget xmlns:c=\"urn:ietf:params:xml:ns:carddav\" xmlns:d=\"DAV:\">{BOOK}<d:href>{book}inconnu.vcf</d:href><d:href>/etc/passwd</d:href></c:addressbook-multiget>"
    );
    let missed = phone.ask("REPORT", &book, "1", &gets).await.is(207);
    assert_eq!(missed.body.matches("404 Not Found").count(), 2);
    phone.ask("REPORT", &book, "1", "<x xmlns=\"DAV:\"/>").await.is(403).shows("supported-report");
    for bad in ["<a>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "pas du XML"] {
        phone.ask("REPORT", &book, "1", bad).await.is(400);
        phone.ask("PROPFIND", &book, "1", bad).await.is(400);
    }
    phone.ask("REPORT", &book, "1", "").await.is(400);
    phone.ask("PROPFIND", &book, "1", &"x".repeat(600_000)).await.is(413);
    for path in ["inconnu/", "promeneurs/inconnu.vcf", "promeneurs/%00.vcf", "promeneurs/a/b.vcf"] {
        phone.ask("PROPFIND", &format!("{}{path}", phone.home), "0", "").await.is(404);
    }
    for method in ["PUT", "DELETE", "PROPPATCH", "MKCOL", "POST", "MOVE", "COPY", "LOCK"] {
        phone.ask(method, &format!("{book}x.vcf"), "0", "BEGIN:VCARD").await.is(403);
    }
    let odd = phone.ask("UNLOCK", &book, "0", "").await.is(405);
    assert!(odd.header("allow").contains("PROPFIND"));
}

#[tokio::test]
async fn only_a_password_made_for_a_program_opens_and_only_until_it_is_withdrawn() {
    let test = TestApp::start(crate::parts()).await;
    let person = test.someone(Role::Coordinator, None, None).await;
    let phone = program(&test, person.clone()).await;
    let page = person.get("/espace/reglages/compte").await.ok().shows("Téléphone").shows("jamais");
    assert!(!page.body.contains("class=\"secret\""), "shown once only");
    phone.ask("PROPFIND", "/carddav/", "0", "").await.is(207);
    person.get("/espace/reglages/compte").await.ok().shows("23\u{a0}novembre 2026");
    let nobody = test.stranger();
    let unknown = nobody.ask("PROPFIND", "/carddav/", &[], "").await.is(401);
    assert!(unknown.header("www-authenticate").starts_with("Basic realm="));
    // In another network, with another's address, with the session's cookie alone: the same answer.
    let body = &unknown.body;
    let other = [("authorization", authorization("autre@demo.example", "abcd-efgh-jkmn-pqrs-tuvw"))];
    let other: Vec<(&str, &str)> = other.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(&nobody.ask("PROPFIND", "/carddav/", &other, "").await.is(401).body, body);
    assert_eq!(&person.ask("PROPFIND", "/carddav/", &[], "").await.is(401).body, body);
    let mut tx = test.app.db.write().await.unwrap();
    let settings = kit::network::Settings::default();
    let made =
        kit::network::create(&mut tx, test.app.now(), "07", "Ardèche", Some("ardeche.test"), &settings);
    made.await.unwrap();
    tx.commit().await.unwrap();
    let there = [("authorization", phone.authorization.as_str())];
    let elsewhere = person.clone().at("ardeche.test").ask("PROPFIND", &phone.home, &there, "").await;
    assert_eq!(&elsewhere.is(401).body, body);
    person
        .post("/espace/reglages/compte/applications", &[("application", "  ")])
        .await
        .is(422)
        .shows("Dites pour quel");
    let link = page.body.split("/espace/reglages/compte/applications/").nth(1).unwrap();
    let remove = format!("/espace/reglages/compte/applications/{}", link.split('"').next().unwrap());
    let stranger = test.someone(Role::Coordinator, None, None).await;
    stranger.post(&remove, &[]).await.is(404);
    person.post(&remove, &[]).await.is(303);
    phone.ask("PROPFIND", "/carddav/", "0", "").await.is(401);
    for _ in 0..4 {
        phone.ask("PROPFIND", "/carddav/", "0", "").await.is(401);
    }
    phone.ask("PROPFIND", "/carddav/", "0", "").await.is(429);
    test.app.clock.advance_minutes(16);
    phone.ask("PROPFIND", "/carddav/", "0", "").await.is(401);
}

#[tokio::test]
async fn each_reads_what_the_policy_lets_them_and_else_what_is_public() {
    let test = TestApp::start(crate::parts()).await;
    fill(&test).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let page = coordinator.get("/espace/reseau/promeneurs").await.ok().body;
    let sheet = |name: &str| {
        let link = page.split("href=\"").find(|t| t.contains(&format!("data-row-link>{name}"))).unwrap();
        link.split('"').next().unwrap().to_owned()
    };
    let (noe, zoe) = (sheet("Lefèvre"), sheet("Perrin"));
    let id: Id = noe.rsplit('/').next().unwrap().parse().unwrap();
    let promeneur = program(&test, test.someone(Role::Promeneur, None, Some(id)).await).await;
    // Their own sheet whole; nobody else, as nobody is published.
    let own = promeneur.sync("promeneurs", "").await.is(207).shows("+33612345678").hides("Perrin");
    coordinator.post(&format!("{zoe}/publier"), &[]).await.is(303);
    let next = promeneur.sync("promeneurs", &token(&own)).await.is(207).shows("Zoé Perrin");
    next.hides("+33698765432").hides("zoe@foyer.example").hides("Lefèvre");
    promeneur.ask("PROPFIND", &format!("{}partenaires/", promeneur.home), "1", "").await.is(404);
    promeneur.ask("PROPFIND", &promeneur.home, "1", "").await.is(207).hides("Partenaires");
    promeneur.sync("structures", "").await.is(207).hides("MJC");
    // Another's books are not there, whatever the role.
    let caf = program(&test, test.someone(Role::Caf, None, None).await).await;
    caf.ask("PROPFIND", &promeneur.home, "1", "").await.is(404);
    caf.sync("promeneurs", "").await.is(207).shows("+33698765432").shows("+33612345678");
    caf.sync("partenaires", "").await.is(207);
    let operator = test.someone(Role::Operator, None, None).await;
    operator.get("/espace/reglages/compte").await.ok().hides("CardDAV");
    let operator = program_of_operator(&test, &operator).await;
    operator.sync("promeneurs", "").await.is(404);
}

/// The account page offers none to an operator; a form of their own makes one all the same, and it opens nothing.
async fn program_of_operator<'a>(test: &TestApp, person: &Person<'a>) -> Program<'a> {
    let account: Id = person.account_id.unwrap();
    let mut tx = test.app.db.write().await.unwrap();
    let held: crate::features::accounts::account::Account = tx.get(test.network.id, account).await.unwrap();
    let actor = kit::Actor::program(test.network.id, "Essai", test.app.now());
    let made = crate::features::accounts::app_password::make(&mut tx, &actor, &held, "Essai").await.unwrap();
    tx.commit().await.unwrap();
    Program {
        person: person.clone(),
        authorization: authorization(&held.email, &made),
        home: format!("/carddav/{account}/carnets/"),
    }
}
