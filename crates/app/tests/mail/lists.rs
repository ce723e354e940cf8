//! Writing to the address of a list: who may reaches everyone once, who may not waits, and no machine is heard.

use kit::testing::{Person, TestApp};

use crate::servers::{Other, Servers, address, connected, conversations, hidden, servers, start, sync};

const BOX: &str = "/espace/messagerie/boite";
const LISTS: &str = "/espace/messagerie/listes";

/// A list of two people of elsewhere, with the name of its address.
async fn list(coordinator: &Person<'_>, local: &str, posting: &str, members: &[&str]) -> String {
    let added = members.join("\n");
    let fields = [
        ("nom", "Copil"),
        ("reunion", "toutes"),
        ("ajouts", added.as_str()),
        ("adresse", local),
        ("ecriture", posting),
    ];
    coordinator.post(&format!("{LISTS}/nouvelle"), &fields).await.goes_to()
}

/// A message with a file and a picture of elsewhere, as a provider would deliver it.
fn post(from: &str, to: &str, id: &str, more: &str) -> String {
    format!(
        "From: Zoé Martin <{from}>\nTo: {to}\nSubject: Ordre du jour\nMessage-ID: <{id}>\n{more}\
         Date: Mon, 23 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n\
         <p>Voici le {{{{plan}}}} de jeudi.</p><img src=\"https://mouchard.test/p.png\"><script>x()</script>\n\
         --b\nContent-Type: application/pdf; name=\"plan.pdf\"\nContent-Disposition: attachment; filename=\"plan.pdf\"\n\n\
         %PDF-1.4 plan\n--b--\n"
    )
}

async fn deliver(test: &TestApp) {
    for _ in 0..3 {
        test.run_jobs().await;
        test.app.clock.advance_minutes(1);
    }
}

async fn got(servers: &Servers, reader: &str) -> Vec<String> {
    servers.delivered(reader).await;
    Other::open(servers, reader).await.list("INBOX").await.into_iter().map(|(_, _, text)| text).collect()
}

#[tokio::test]
async fn what_a_member_writes_to_a_list_reaches_the_others_once_with_its_files() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let (address, zoe, paul) = (address(), address(), address());
    let coordinator = connected(&test, &servers, &address).await;
    let copil = format!("copil-{}", &address[4..12]);
    let page = list(&coordinator, &copil, "members", &[&zoe, &paul, &address]).await;
    let at = format!("{copil}@drome.test");
    coordinator.get(&page).await.ok().shows(&at);
    let mut other = Other::open(&servers, &address).await;
    other.put("INBOX", None, &post(&zoe, &at, "c1@mjc.test", "")).await;
    sync(&test).await;
    deliver(&test).await;
    let received = got(&servers, &paul).await;
    assert_eq!(received.len(), 1);
    let text = &received[0];
    for expected in ["[Copil] Ordre du jour", "List-Id:", "Precedence: list", "plan.pdf", "<c1@mjc.test>"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(text.contains(&format!("Reply-To: {at}")), "{text}");
    assert!(!text.contains("mouchard") && !text.contains("<script"), "{text}");
    assert!(text.contains("{{plan}}"), "what looks like a word to fill in is nobody’s: {text}");
    assert!(got(&servers, &zoe).await.is_empty(), "who wrote it has it already");
    // The copy that comes back, an answering machine and a second look make no second message.
    other.put("INBOX", None, &text.replace('\r', "").replace("To: ", "X-To: ")).await;
    let auto = post(&paul, &at, "c2@mjc.test", "Auto-Submitted: auto-replied\n");
    other.put("INBOX", None, &auto).await;
    sync(&test).await;
    deliver(&test).await;
    assert_eq!(got(&servers, &paul).await.len(), 1);
    let conversation = &conversations(&coordinator.get(&format!("{BOX}?vue=toutes&q=ordre")).await.ok().body);
    let shown = conversation.iter().map(|url| coordinator.get(url));
    let pages = futures::future::join_all(shown).await;
    assert!(pages.iter().any(|page| page.body.contains("1 destinataire")), "said where it was written");
}

#[tokio::test]
async fn who_may_not_write_to_a_list_waits_for_the_coordination() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let (address, zoe, paul) = (address(), address(), address());
    let coordinator = connected(&test, &servers, &address).await;
    let own = address.split('@').next().unwrap();
    list(&coordinator, "cotech", "members", &[&zoe, &paul]).await;
    let plus = format!("{own}+cotech@drome.test");
    let mut other = Other::open(&servers, &address).await;
    // A stranger; then a member whom the receiving server does not believe.
    other.put("INBOX", None, &post("qui@ailleurs.test", &plus, "w1@x.test", "")).await;
    let doubted = "Authentication-Results: mx.drome.test; dmarc=fail header.from=drome.test\n";
    other.put("INBOX", None, &post(&zoe, &plus, "w2@x.test", doubted).replace("du jour", "de nuit")).await;
    sync(&test).await;
    deliver(&test).await;
    assert!(got(&servers, &paul).await.is_empty());
    let urls = conversations(&coordinator.get(BOX).await.ok().body);
    assert_eq!(urls.len(), 2);
    let mut reasons = 0;
    for url in &urls {
        let page = coordinator.get(url).await.ok().shows("pas encore diffusé").body;
        reasons += usize::from(page.contains("ne fait pas partie de la liste"));
        reasons += usize::from(page.contains("doute de son expéditeur"));
        let message = page.split("/liste\"").nth(1).unwrap_or_default().to_owned();
        let message = hidden(&message, "message");
        let agree = if page.contains("Ordre de nuit") { "" } else { "1" };
        let fields = [("message", message.as_str()), ("diffuser", agree)];
        coordinator.post(&format!("{url}/liste"), &fields).await.is(303);
        coordinator.post(&format!("{url}/liste"), &fields).await.is(422);
    }
    assert_eq!(reasons, 2);
    deliver(&test).await;
    let received = got(&servers, &paul).await;
    assert_eq!(received.len(), 1);
    assert!(received[0].contains("Ordre du jour"), "{}", received[0]);
}

#[tokio::test]
async fn an_address_is_one_list_s_and_never_the_mailbox_s() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let coordinator = connected(&test, &servers, &address).await;
    list(&coordinator, "copil", "moderated", &["a@x.test"]).await;
    let own = address.split('@').next().unwrap();
    for wrong in ["copil", own, "co pil", "é", ".copil", &"a".repeat(65)] {
        let fields = [("nom", "Autre"), ("reunion", "toutes"), ("adresse", wrong), ("ecriture", "moderated")];
        let refused = coordinator.post(&format!("{LISTS}/nouvelle"), &fields).await.is(422);
        refused.shows("id=\"adresse-erreur\"").shows("value=\"Autre\"");
    }
}
