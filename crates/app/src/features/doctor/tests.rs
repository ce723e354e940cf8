//! The doctor, with name, mail and time servers of its own to examine.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use hickory_server::Server;
use hickory_server::net::runtime::TokioRuntimeProvider;
use hickory_server::proto::rr::rdata::{A, MX, PTR, SOA, TXT};
use hickory_server::proto::rr::{LowerName, Name, RData, Record};
use hickory_server::store::in_memory::InMemoryZoneHandler;
use hickory_server::zone_handler::{AxfrPolicy, Catalog, ZoneType};
use kit::Role;
use kit::config::Config;
use kit::mail::MailAccount;
use kit::testing::{MORNING, TestApp, mail_account};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, UdpSocket};

use super::dns::Dns;
use super::finding::{Finding, Tone};
use super::{domain, servers, spf, time};
use crate::features::mailbox::shared_mailbox::{self, Wanted};

const URL: &str = "/espace/reglages/diagnostic";
/// A public address, of nobody here.
const SENDING: &str = "80.12.26.1";
/// The key of RFC 8463, A.2.
const KEY: &str = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// A name server that knows these records and no others; it ends with the test.
struct Zone {
    address: SocketAddr,
    _server: Server<Catalog>,
}

fn data(kind: &str, value: &str) -> RData {
    match kind {
        "TXT" => RData::TXT(TXT::new(vec![value.to_owned()])),
        "A" => RData::A(A(value.parse().unwrap())),
        "MX" => RData::MX(MX::new(10, Name::from_ascii(value).unwrap())),
        "PTR" => RData::PTR(PTR(Name::from_ascii(value).unwrap())),
        other => panic!("{other}"),
    }
}

async fn zone(records: &[(&str, &str, &str)]) -> Zone {
    let root = Name::root();
    let mut zone =
        InMemoryZoneHandler::<TokioRuntimeProvider>::empty(root.clone(), ZoneType::Primary, AxfrPolicy::Deny);
    let soa = RData::SOA(SOA::new(root.clone(), root.clone(), 1, 60, 60, 60, 60));
    zone.upsert_mut(Record::from_rdata(root.clone(), 60, soa), 0);
    for (name, kind, value) in records {
        let record = Record::from_rdata(Name::from_ascii(name).unwrap(), 60, data(kind, value));
        assert!(zone.upsert_mut(record, 0));
    }
    let mut catalog = Catalog::new();
    catalog.upsert(LowerName::new(&root), vec![Arc::new(zone)]);
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let mut server = Server::new(catalog);
    server.register_socket(socket);
    Zone { address, _server: server }
}

impl Zone {
    fn config(&self) -> Config {
        Config { dns_server: Some(self.address.to_string()), private_hosts: true, ..Config::default() }
    }

    fn dns(&self) -> Dns {
        Dns::open(&self.config()).unwrap()
    }

    async fn spf(&self) -> Finding {
        spf::spf(&self.dns(), "pdn26.fr", Some(("smtp.hebergeur.fr", SENDING.parse().unwrap()))).await
    }
}

#[track_caller]
fn is(finding: &Finding, tone: Tone, said: &str) {
    assert_eq!(finding.tone, tone, "{finding:?}");
    assert!(finding.said.contains(said), "{finding:?}");
    assert_eq!(finding.ask.is_some(), matches!(tone, Tone::Watch | Tone::Fix), "{finding:?}");
}

#[tokio::test]
async fn a_domain_in_order_is_found_good() {
    let zone = zone(&[
        ("pdn26.fr.", "TXT", "un autre texte"),
        ("pdn26.fr.", "TXT", "v=spf1 include:spf.hebergeur.fr -all"),
        ("spf.hebergeur.fr.", "TXT", "v=spf1 ip4:80.12.26.0/24 ~all"),
        ("selector1._domainkey.pdn26.fr.", "TXT", KEY),
        ("_dmarc.pdn26.fr.", "TXT", "v=DMARC1; p=quarantine; rua=mailto:dmarc@pdn26.fr"),
        ("pdn26.fr.", "MX", "mx1.hebergeur.fr."),
        ("1.26.12.80.in-addr.arpa.", "PTR", "smtp.hebergeur.fr."),
        ("smtp.hebergeur.fr.", "A", SENDING),
    ])
    .await;
    let dns = zone.dns();
    is(&zone.spf().await, Tone::Good, "autorise votre serveur d’envoi");
    is(&domain::dkim(&dns, "pdn26.fr", None).await, Tone::Good, "selector1._domainkey.pdn26.fr");
    is(&domain::dkim(&dns, "pdn26.fr", Some("selector1")).await, Tone::Good, "selector1");
    is(&domain::dmarc(&dns, "pdn26.fr").await, Tone::Good, "écarter");
    is(&domain::dmarc(&dns, "lettre.pdn26.fr").await, Tone::Good, "écarter");
    is(&domain::mx(&dns, "pdn26.fr").await, Tone::Good, "mx1.hebergeur.fr");
    let ptr = servers::ptr(&dns, "smtp.hebergeur.fr", SENDING.parse().unwrap()).await;
    is(&ptr, Tone::Good, "smtp.hebergeur.fr");
}

#[tokio::test]
async fn what_is_missing_is_to_be_asked_for_word_for_word() {
    let zone = zone(&[("ailleurs.fr.", "TXT", "rien")]).await;
    let dns = zone.dns();
    let spf = zone.spf().await;
    is(&spf, Tone::Fix, "ne dit pas qui peut envoyer");
    assert!(spf.ask.unwrap().contains("«\u{a0}v=spf1 mx a:smtp.hebergeur.fr ~all\u{a0}»"));
    is(&domain::dkim(&dns, "pdn26.fr", None).await, Tone::Watch, "sous les noms habituels");
    is(&domain::dkim(&dns, "pdn26.fr", Some("s9")).await, Tone::Fix, "s9._domainkey.pdn26.fr");
    let dmarc = domain::dmarc(&dns, "pdn26.fr").await;
    is(&dmarc, Tone::Fix, "n’en a pas");
    assert!(dmarc.ask.unwrap().contains("_dmarc.pdn26.fr"));
    is(&domain::mx(&dns, "pdn26.fr").await, Tone::Fix, "les réponses se perdront");
    let ptr = servers::ptr(&dns, "smtp.hebergeur.fr", SENDING.parse().unwrap()).await;
    is(&ptr, Tone::Fix, "n’a pas de nom");
}

#[tokio::test]
async fn each_way_of_being_wrong_has_its_finding() {
    for (record, tone, said) in [
        ("v=spf1 ip4:1.2.3.4 -all", Tone::Watch, "n’est pas parmi celles"),
        ("v=spf1 +all", Tone::Fix, "le monde entier"),
        ("v=spf1 all", Tone::Fix, "le monde entier"),
        ("v=spf1 ip4:pas-une-adresse -all", Tone::Fix, "mal écrit"),
        ("v=spf1 include:nulle-part.fr -all", Tone::Fix, "jusqu’au bout"),
    ] {
        is(&zone(&[("pdn26.fr.", "TXT", record)]).await.spf().await, tone, said);
    }
    let two = zone(&[("pdn26.fr.", "TXT", "v=spf1 mx -all"), ("pdn26.fr.", "TXT", "v=spf1 a -all")]).await;
    is(&two.spf().await, Tone::Fix, "plusieurs");
    for (record, said) in [("v=DKIM1; p=", "retirée"), ("v=DKIM1; k=rsa; p=pas une clé", "mal écrite")] {
        let zone = zone(&[("mail._domainkey.pdn26.fr.", "TXT", record)]).await;
        is(&domain::dkim(&zone.dns(), "pdn26.fr", Some("mail")).await, Tone::Fix, said);
    }
    for (record, tone, said) in [
        ("v=DMARC1; p=none", Tone::Watch, "ne demande encore rien"),
        ("v=DMARC1; p=peut-être", Tone::Fix, "mal écrite"),
    ] {
        let zone = zone(&[("_dmarc.pdn26.fr.", "TXT", record)]).await;
        is(&domain::dmarc(&zone.dns(), "pdn26.fr").await, tone, said);
    }
    let twice = zone(&[
        ("_dmarc.pdn26.fr.", "TXT", "v=DMARC1; p=none"),
        ("_dmarc.pdn26.fr.", "TXT", "v=DMARC1; p=reject"),
    ])
    .await;
    is(&domain::dmarc(&twice.dns(), "pdn26.fr").await, Tone::Fix, "en a plusieurs");
    let elsewhere = zone(&[
        ("1.26.12.80.in-addr.arpa.", "PTR", "vm1.hebergeur.fr."),
        ("vm1.hebergeur.fr.", "A", "80.12.26.2"),
    ])
    .await;
    let ptr = servers::ptr(&elsewhere.dns(), "smtp.hebergeur.fr", SENDING.parse().unwrap()).await;
    is(&ptr, Tone::Watch, "ne ramène pas");
}

#[tokio::test]
async fn nobody_answering_is_not_the_same_as_nothing_there() {
    // A server that only says that it cannot say (SERVFAIL).
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let failing = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut packet = [0_u8; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut packet).await {
            packet[2] |= 0x80;
            packet[3] = 0x82;
            drop(socket.send_to(&packet[..length], from).await);
        }
    });
    let config = Config { dns_server: Some(failing.to_string()), ..Config::default() };
    let dns = Dns::open(&config).unwrap();
    let ip: IpAddr = SENDING.parse().unwrap();
    let (spf, dkim, dmarc, mx, ptr) = tokio::join!(
        spf::spf(&dns, "pdn26.fr", None),
        domain::dkim(&dns, "pdn26.fr", None),
        domain::dmarc(&dns, "pdn26.fr"),
        domain::mx(&dns, "pdn26.fr"),
        servers::ptr(&dns, "smtp.hebergeur.fr", ip),
    );
    for finding in [spf, dkim, dmarc, mx, ptr] {
        is(&finding, Tone::Unknown, "ne répond pas");
    }
}

/// A server that says a greeting, then answers each line by what its beginning calls for.
async fn talker(greeting: &'static str, answers: &'static [(&'static str, &'static str)]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            drop(stream.get_mut().write_all(greeting.as_bytes()).await);
            let mut line = String::new();
            while matches!(stream.read_line(&mut line).await, Ok(1..)) {
                let answer = answers
                    .iter()
                    .find(|(begin, _)| line.starts_with(begin))
                    .map_or("250 OK\r\n", |(_, a)| a);
                drop(stream.get_mut().write_all(answer.as_bytes()).await);
                line.clear();
            }
        }
    });
    port
}

fn account(test: &TestApp, port: u16) -> MailAccount {
    MailAccount {
        mechanism: "password".to_owned(),
        login: "pdn".to_owned(),
        secret: test.app.secret.seal("mail account", "motdepasse").unwrap(),
        ..mail_account(test.network.id, MORNING, port)
    }
}

#[tokio::test]
async fn a_sending_server_is_joined_and_signed_in_to() {
    let test = TestApp::start_with(crate::parts(), |config| config.private_hosts = true).await;
    let good = talker(
        "220 ici ESMTP\r\n",
        &[("EHLO", "250-ici\r\n250 AUTH PLAIN LOGIN\r\n"), ("AUTH", "235 oui\r\n")],
    )
    .await;
    is(&servers::smtp_of_account(&test.app, &account(&test, good)).await, Tone::Good, "accepte le compte");
    let bad = talker(
        "220 ici ESMTP\r\n",
        &[("EHLO", "250-ici\r\n250 AUTH PLAIN LOGIN\r\n"), ("AUTH", "535 non\r\n")],
    )
    .await;
    let refused = servers::smtp_of_account(&test.app, &account(&test, bad)).await;
    is(&refused, Tone::Fix, "identifiant ou mot de passe refusé");
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let absent = servers::smtp_of_account(&test.app, &account(&test, closed)).await;
    is(&absent, Tone::Fix, "ne répond pas");
    let inside = TestApp::start(crate::parts()).await;
    let kept_out = servers::smtp_of_account(&inside.app, &account(&inside, good)).await;
    assert!(kept_out.tone == Tone::Fix && kept_out.said.contains("réseau interne"), "{kept_out:?}");
}

#[tokio::test]
async fn a_mailbox_that_cannot_be_opened_is_told_with_what_to_ask() {
    let test = TestApp::start_with(crate::parts(), |config| config.private_hosts = true).await;
    assert_eq!(servers::mailbox(&test.app, &test.network).await.unwrap(), None, "no mailbox is connected");
    let other = talker("220 ici ESMTP\r\n", &[]).await;
    let account = account(&test, other);
    let actor = kit::Actor::program(test.network.id, "essai", MORNING);
    let wanted =
        Wanted { account, host: "127.0.0.1".to_owned(), port: i64::from(other), security: "none".to_owned() };
    let mut tx = test.app.db.write().await.unwrap();
    shared_mailbox::connect(&mut tx, &actor, &test.network, wanted).await.unwrap();
    tx.commit().await.unwrap();
    let found = servers::mailbox(&test.app, &test.network).await.unwrap().unwrap();
    is(&found, Tone::Fix, "pas comme un serveur IMAP");
    assert!(found.ask.unwrap_or_default().contains("IMAP"));
}

/// A time server that is so many seconds ahead of the test's clock.
async fn time_server(ahead: i64) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let seconds = u32::try_from(MORNING.0 / 1_000_000 + 2_208_988_800 + ahead).unwrap();
    tokio::spawn(async move {
        let mut packet = [0_u8; 48];
        while let Ok((_, from)) = socket.recv_from(&mut packet).await {
            packet[0] = 0x24;
            packet[40..44].copy_from_slice(&seconds.to_be_bytes());
            drop(socket.send_to(&packet, from).await);
        }
    });
    address
}

#[tokio::test]
async fn the_clock_is_compared_with_anothers() {
    for (ahead, tone, said) in [
        (1, Tone::Good, "à l’heure"),
        (20, Tone::Watch, "en retard de 20"),
        (-90, Tone::Fix, "en avance de 90"),
    ] {
        let server = time_server(ahead).await.to_string();
        let change = |config: &mut Config| {
            config.time_server = Some(server);
            config.private_hosts = true;
        };
        let test = TestApp::start_with(crate::parts(), change).await;
        is(&time::clock(&test.app).await, tone, said);
    }
    let alone = TestApp::start_with(crate::parts(), |config| {
        config.time_server = Some("nulle.part.invalid".to_owned())
    })
    .await;
    assert_eq!(time::clock(&alone.app).await.tone, Tone::Unknown);
}

/// An instance that asks nobody outside.
async fn instance(zone: &Zone) -> TestApp {
    let (dns, time) = (zone.address.to_string(), time_server(0).await.to_string());
    TestApp::start_with(crate::parts(), |config| {
        config.dns_server = Some(dns);
        config.time_server = Some(time);
        config.private_hosts = true;
    })
    .await
}

#[tokio::test]
async fn a_coordinator_asks_and_the_page_keeps_what_was_found() {
    let zone = zone(&[("pdn26.fr.", "TXT", "v=spf1 -all"), ("cle9._domainkey.pdn26.fr.", "TXT", KEY)]).await;
    let test = instance(&zone).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let settings = [
        ("organisme", "Ligue"),
        ("courriel", "pdn@pdn26.fr"),
        ("couleur", "#1f6f5c"),
        ("fuseau", "Europe/Paris"),
    ];
    me.post("/espace/reglages", &settings).await.is(303);
    me.get(URL).await.ok().shows("Aucun diagnostic encore").shows("pdn@pdn26.fr");
    me.post(URL, &[("selecteur", "pas un nom")]).await.is(422).shows("id=\"selecteur-erreur\"");
    me.post(URL, &[("selecteur", "cle9")]).await.is(303);
    me.post(URL, &[("selecteur", "cle9")]).await.is(303);
    me.get(URL).await.ok().shows("Diagnostic en cours").shows("data-poll");
    me.get(&format!("{URL}/avancement")).await.ok().shows("Diagnostic en cours");
    test.run_jobs().await;
    let page = me.get(URL).await.ok().shows("Vérifié le 23\u{a0}novembre 2026 à 10:00").hides("data-poll");
    let page =
        page.shows("cle9._domainkey.pdn26.fr").shows("value=\"cle9\"").shows("Que demander à l’hébergeur");
    page.shows("L’horloge est à l’heure")
        .shows("aucun échec depuis sept jours")
        .shows("ne se sauvegarde pas elle-même");
    me.get(&format!("{URL}/avancement")).await.ok().shows("data-goto");
    test.app.clock.advance_minutes(60);
    me.post(URL, &[("selecteur", "")]).await.is(303);
    test.run_jobs().await;
    me.get(URL).await.ok().shows("à 11:00").shows("sous les noms habituels");
    let kept: Vec<super::diagnosis::Diagnosis> =
        test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    assert_eq!(kept.len(), 1, "older ones go");
}

#[tokio::test]
async fn a_test_message_leaves_for_who_asks() {
    let test = TestApp::start(crate::parts()).await;
    for role in [Role::Coordinator, Role::Operator] {
        test.someone(role, None, None).await.post(&format!("{URL}/essai"), &[]).await.is(303);
    }
    test.run_jobs().await;
    let sent = test.mails().await;
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|mail| mail.kind == "doctor_test" && mail.state == "sent"), "{sent:?}");
    assert!(sent[0].recipient.starts_with("operator."));
    test.someone(Role::Caf, None, None).await.post(&format!("{URL}/essai"), &[]).await.is(403);
}

#[tokio::test]
async fn what_waits_and_what_failed_is_found() {
    let test = TestApp::start(crate::parts()).await;
    let mut tx = test.app.db.write().await.unwrap();
    for (state, due) in [("failed", MORNING), ("queued", MORNING)] {
        let message =
            kit::mail::Message { to: "a@exemple.fr".to_owned(), kind: "essai", ..Default::default() };
        let id = kit::mail::send(&mut tx, &test.network, MORNING, message).await.unwrap();
        let sql = kit::sql!("update outbox set state = $3, due_at = $4 where network_id = $1 and id = $2");
        tx.run(sql, kit::args![test.network.id, id, state, due]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let look = async || super::instance::queue(&test.app, &test.network).await.unwrap();
    let now = look().await;
    assert!(now.tone == Tone::Watch && now.said.contains("1 message en échec"), "{now:?}");
    test.app.clock.advance_minutes(45);
    let later = look().await;
    assert!(later.tone == Tone::Fix && later.said.contains("depuis 45"), "{later:?}");
    assert_eq!(super::instance::database(&test.app).await.tone, Tone::Good);
    assert_eq!(super::instance::files(&test.app, test.network.id).await.tone, Tone::Good);
    assert_ne!(super::instance::disk(&test.app).tone, Tone::Unknown);
}
