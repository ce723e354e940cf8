//! Answering: what leaves, what it does to the conversation, what comes back.

use crate::servers::{
    Other, Servers, address, connected, conversations, hidden, message, servers, start, sync,
};

const BOX: &str = "/espace/messagerie/boite";

/// Begins an answer to the latest message of a conversation; the address of its draft.
async fn answer(coordinator: &kit::testing::Person<'_>, conversation: &str, mode: &str) -> String {
    let page = coordinator.get(conversation).await.ok().body;
    let message = hidden(&page, "message");
    coordinator
        .post("/espace/messagerie/brouillons", &[("mode", mode), ("message", &message)])
        .await
        .goes_to()
}

/// Both have the answer once, each sees the other, and it names what it answers.
async fn both_have_it(servers: &Servers, zoe: &str, paul: &str) {
    for reader in [zoe, paul] {
        servers.delivered(reader).await;
        let got = Other::open(servers, reader).await.list("INBOX").await;
        assert_eq!(got.len(), 1, "{got:?}");
        let text = &got[0].2;
        assert!(text.contains("In-Reply-To: <p1@mjc.test>") && text.contains("Mardi"), "{text}");
        assert!(text.contains(paul) && text.contains(zoe), "{text}");
    }
}

#[tokio::test]
async fn an_answer_leaves_once_keeps_everyone_in_copy_and_is_known_everywhere() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let (address, zoe, paul) = (address(), address(), address());
    let mut other = Other::open(&servers, &address).await;
    let more = format!("Cc: Paul <{paul}>, {address}\n");
    other
        .put(
            "INBOX",
            None,
            &message(&format!("Zoé <{zoe}>"), &address, "Permanence", "p1@mjc.test", &more, "Quand ?"),
        )
        .await;
    let coordinator = connected(&test, &servers, &address).await;
    sync(&test).await;
    let url = conversations(&coordinator.get(BOX).await.ok().body)[0].clone();
    let draft = answer(&coordinator, &url, "reply_all").await;
    let form = coordinator.get(&draft).await.ok().shows(&zoe).shows(&paul).body;
    assert!(!hidden(&form, "copie").contains(&address), "the mailbox does not write to itself");
    let version = hidden(&form, "version");
    let typed = [
        ("version", version.as_str()),
        ("a", &zoe),
        ("copie", &paul),
        ("objet", "Re: Permanence"),
        ("corps", "Mardi à 17 h."),
        ("citation", "1"),
        ("ensuite", "waiting"),
    ];
    coordinator.post(&draft, &typed).await.is(303);
    sync(&test).await;
    assert_eq!(other.list("Drafts").await.len(), 1, "the draft is in the mailbox too");
    let version = hidden(&coordinator.get(&draft).await.ok().body, "version");
    let mut sent = typed.to_vec();
    sent[0] = ("version", version.as_str());
    sent.push(("envoyer", "1"));
    coordinator.post(&draft, &sent).await.is(303);
    coordinator.get(&url).await.ok().shows("Annuler l’envoi").shows("En attente");
    test.run_jobs().await;
    assert!(
        Other::open(&servers, &zoe).await.list("INBOX").await.is_empty(),
        "fifteen seconds to change one’s mind"
    );
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
    both_have_it(&servers, &zoe, &paul).await;
    sync(&test).await;
    let sent = other.list("Sent").await;
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(other.list("Drafts").await.is_empty());
    assert!(other.list("INBOX").await[0].1.contains("Answered"));
    // The copy among what was sent belongs to the conversation, which still waits.
    let page = coordinator.get(&url).await.ok().shows("En attente").shows("Envoyé").hides("Annuler l’envoi");
    assert_eq!(page.body.matches("<article").count(), 2, "{}", page.body);
    sync(&test).await;
    assert_eq!(other.list("Sent").await.len(), 1);
}

#[tokio::test]
async fn a_message_can_be_called_back_and_what_is_missing_is_said() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let coordinator = connected(&test, &servers, &address).await;
    let draft = coordinator.post("/espace/messagerie/brouillons", &[("mode", "new")]).await.goes_to();
    let version = |page: &str| hidden(page, "version");
    let at = version(&coordinator.get(&draft).await.ok().body);
    let refused = coordinator
        .post(
            &draft,
            &[
                ("version", &at),
                ("a", "pas une adresse"),
                ("objet", "Bonjour"),
                ("corps", "Texte"),
                ("envoyer", "1"),
            ],
        )
        .await
        .is(422)
        .shows("id=\"a-erreur\"")
        .shows("Texte");
    let at = version(&refused.body);
    let fields = [
        ("version", at.as_str()),
        ("a", "lou@mjc.test"),
        ("objet", "Bonjour"),
        ("corps", "Texte"),
        ("envoyer", "1"),
    ];
    coordinator.post(&draft, &fields).await.is(303);
    coordinator.post(&draft, &fields).await.is(422).shows("déjà parti");
    coordinator.post(&format!("{draft}/rappeler"), &[]).await.is(303);
    coordinator.get(&draft).await.ok().shows("Texte").shows("lou@mjc.test");
    test.app.clock.advance_minutes(5);
    test.run_jobs().await;
    assert!(test.mails().await.iter().all(|mail| mail.state == "cancelled"));
    coordinator.post(&format!("{draft}/rappeler"), &[]).await.is(422);
}

#[tokio::test]
async fn two_people_who_answer_at_once_are_told() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let mut other = Other::open(&servers, &address).await;
    other.put("INBOX", None, &message("lou@mjc.test", &address, "Aide", "q1@mjc.test", "", "Bonjour")).await;
    let claire = connected(&test, &servers, &address).await;
    sync(&test).await;
    let url = conversations(&claire.get(BOX).await.ok().body)[0].clone();
    let draft = answer(&claire, &url, "reply").await;
    let paul = test.someone(kit::Role::Coordinator, None, None).await;
    paul.get(&url).await.ok().shows("une réponse est en cours d’écriture");
    // Something came while this was being written.
    let late = message(
        "lou@mjc.test",
        &address,
        "Re: Aide",
        "q2@mjc.test",
        "References: <q1@mjc.test>\n",
        "C’est réglé.",
    );
    other.put("INBOX", None, &late.replace("23 Nov 2026 10:00", "23 Nov 2026 23:00")).await;
    sync(&test).await;
    let at = hidden(&claire.get(&draft).await.ok().body, "version");
    let mut fields = vec![
        ("version", at.as_str()),
        ("a", "lou@mjc.test"),
        ("objet", "Re: Aide"),
        ("corps", "Oui"),
        ("envoyer", "1"),
    ];
    let refused = claire.post(&draft, &fields).await.is(422).shows("pendant que vous écriviez");
    let at = hidden(&refused.body, "version");
    fields[0] = ("version", at.as_str());
    fields.push(("corps-confirme", "1"));
    claire.post(&draft, &fields).await.is(303);
}

#[tokio::test]
async fn what_cannot_be_delivered_comes_back_to_its_conversation_with_the_reason() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let mut other = Other::open(&servers, &address).await;
    let full = format!("lou-{}@plein.test", &address[4..10]);
    other.put("INBOX", None, &message(&full, &address, "Papier", "r1@mjc.test", "", "Bonjour")).await;
    let coordinator = connected(&test, &servers, &address).await;
    sync(&test).await;
    let url = conversations(&coordinator.get(BOX).await.ok().body)[0].clone();
    let draft = answer(&coordinator, &url, "reply").await;
    let at = hidden(&coordinator.get(&draft).await.ok().body, "version");
    let long = "Voici le papier demandé. ".repeat(200);
    let fields = [
        ("version", at.as_str()),
        ("a", &full),
        ("objet", "Re: Papier"),
        ("corps", &long),
        ("ensuite", "done"),
        ("envoyer", "1"),
    ];
    coordinator.post(&draft, &fields).await.is(303);
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
    for _ in 0..50 {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        sync(&test).await;
        if test.mails().await[0].state == "bounced" {
            break;
        }
    }
    let mail = &test.mails().await[0];
    assert_eq!(mail.state, "bounced", "{mail:?}");
    assert!(mail.error.as_deref().unwrap_or_default().contains("552"), "{mail:?}");
    coordinator.get(&url).await.ok().shows("À traiter").shows("Non remis");
}

#[tokio::test]
async fn two_programs_that_answer_by_themselves_stop_at_once() {
    let Some(servers) = servers() else { return };
    let (one, two) = (start().await, start().await);
    let (first, second) = (address(), address());
    let mut open = Vec::new();
    for (test, address) in [(&one, &first), (&two, &second)] {
        let coordinator = connected(test, &servers, address).await;
        let reply = [("nom", "Bien reçu"), ("corps", "Bonjour {{prenom}}, votre message est bien arrivé.")];
        coordinator.post("/espace/messagerie/reponses/nouvelle", &reply).await.is(303);
        let page = coordinator.get("/espace/messagerie/reponses").await.ok().body;
        let id = page.split("/modifier\"").next().unwrap().rsplit('/').next().unwrap().to_owned();
        let rule = [("nom", "Accusé"), ("rang", "1"), ("pour", "drome.test"), ("reponse", id.as_str())];
        coordinator.post("/espace/messagerie/regles/nouvelle", &rule).await.is(303);
        open.push(coordinator);
    }
    let mut other = Other::open(&servers, &first).await;
    other.put("INBOX", None, &message(&second, &first, "Bonjour", "l1@x.test", "", "Un message")).await;
    for _ in 0..6 {
        for test in [&one, &two] {
            sync(test).await;
            test.run_jobs().await;
            test.app.clock.advance_minutes(10);
        }
        for reader in [&first, &second] {
            servers.delivered(reader).await;
        }
    }
    assert_eq!(one.mails().await.len(), 1, "one answer, and no more");
    assert_eq!(two.mails().await.len(), 0, "an automatic answer is not answered");
    // Even when headers say nothing, an address is answered once a day.
    for n in 0..5 {
        other
            .put(
                "INBOX",
                None,
                &message(&second, &first, &format!("Encore {n}"), &format!("l2{n}@x.test"), "", "?"),
            )
            .await;
    }
    sync(&one).await;
    assert_eq!(one.mails().await.len(), 1);
}
