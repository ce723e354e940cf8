//! Staying in step with the server and with whoever else reads the same mailbox.

use kit::Role;

use crate::servers::{
    Line, Other, address, connected, connected_through, conversations, message, servers, start, sync, told,
};

const BOX: &str = "/espace/messagerie/boite";

#[tokio::test]
async fn what_is_wrong_with_the_connection_is_said_beside_its_server_and_nothing_is_stored() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let address = address();
    let wrong = told(&servers, servers.imap, &address, "mauvais");
    let fields: Vec<(&str, &str)> = wrong.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let refused = coordinator.post("/espace/messagerie/connexion", &fields).await.is(422);
    let refused = refused.shows("id=\"reception-erreur\"").shows("refuse l’identifiant ou le mot de passe");
    refused.shows(&format!("value=\"{address}\"")).hides("mauvais");
    let dead = told(&servers, 1, &address, "motdepasse");
    let fields: Vec<(&str, &str)> = dead.iter().map(|(n, v)| (*n, v.as_str())).collect();
    coordinator.post("/espace/messagerie/connexion", &fields).await.is(422).shows("ne répond pas");
    assert_eq!(coordinator.get(BOX).await.goes_to(), "/espace/messagerie/connexion");
    connected(&test, &servers, &address)
        .await
        .get("/espace/messagerie/connexion")
        .await
        .ok()
        .hides("motdepasse");
}

#[tokio::test]
async fn messages_arrive_in_conversations_and_find_who_wrote_them() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let mut other = Other::open(&servers, &address).await;
    let first = message(
        "Zoé Martin <zoe@mjc.test>",
        &address,
        "Question sur la charte",
        "a1@mjc.test",
        "",
        "Où est la charte ?",
    );
    let answer = message(
        "zoe@mjc.test",
        &address,
        "Re: Question sur la charte",
        "a2@mjc.test",
        "References: <a1@mjc.test>\n",
        "Trouvée, merci.\n\n> Où est la charte ?",
    );
    other.put("INBOX", None, &first).await;
    other.put("INBOX", None, &answer).await;
    other
        .put(
            "INBOX",
            Some("(\\Seen)"),
            &message("caf@caf.test", &address, "Convention", "b1@caf.test", "", "À signer.")
                .replace("23 Nov", "20 Nov"),
        )
        .await;
    let coordinator = connected(&test, &servers, &address).await;
    sync(&test).await;
    let list =
        coordinator.get(BOX).await.ok().shows("Question sur la charte").shows("Zoé Martin").shows("(2)");
    let found = conversations(&list.body);
    let page = coordinator.get(&found[0]).await.ok().shows("Où est la charte ?").shows("À traiter");
    assert!(page.queries <= 8, "{} statements", page.queries);
    coordinator
        .get(&format!("{BOX}?q=signer"))
        .await
        .ok()
        .shows("Convention")
        .hides("Question sur la charte");
    // Synchronising again finds nothing new.
    sync(&test).await;
    coordinator.get(&format!("{BOX}?vue=toutes")).await.ok().shows("(2)").hides("(3)");
}

#[tokio::test]
async fn reading_and_moving_are_in_step_both_ways() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let mut other = Other::open(&servers, &address).await;
    for n in 1..=3 {
        let text = message(
            "lou@mjc.test",
            &address,
            &format!("Sujet {n}"),
            &format!("m{n}@mjc.test"),
            "",
            "Bonjour",
        );
        other.put("INBOX", None, &text).await;
    }
    let coordinator = connected(&test, &servers, &address).await;
    sync(&test).await;
    let list = coordinator.get(BOX).await.ok().body;
    let urls = conversations(&list);
    assert_eq!(urls.len(), 3);
    // Opened here: read there.
    coordinator.get(&urls[0]).await.ok();
    test.run_jobs().await;
    // Archived here: moved there.
    coordinator.post(&format!("{}/dossier", urls[1]), &[("dossier", "archive")]).await.is(303);
    sync(&test).await;
    let inbox = other.list("INBOX").await;
    assert_eq!(inbox.len(), 2, "{inbox:?}");
    assert_eq!(inbox.iter().filter(|(_, flags, _)| flags.contains("Seen")).count(), 1, "{inbox:?}");
    assert_eq!(other.list("Archive").await.len(), 1);
    // Read and moved there: seen here.
    let unread = inbox.iter().find(|(_, flags, _)| !flags.contains("Seen")).unwrap().0;
    other.flag("INBOX", unread, "+FLAGS (\\Seen)").await;
    let moved = inbox.iter().find(|(_, flags, _)| flags.contains("Seen")).unwrap().0;
    other.shift("INBOX", moved, "Trash").await;
    sync(&test).await;
    let all = coordinator.get(&format!("{BOX}?vue=toutes")).await.ok();
    assert_eq!(all.body.matches("mail-row--new").count(), 1, "only the archived one was never opened");
    let folders = coordinator.get(BOX).await.ok().body;
    let links = folders.split("href=\"/espace/messagerie/boite?dossier=").skip(1);
    let trash =
        links.into_iter().find(|part| part.split("</a>").next().unwrap().contains("Corbeille")).unwrap();
    let id = trash.split('"').next().unwrap();
    let page = coordinator.get(&format!("{BOX}?dossier={id}")).await.ok();
    assert_eq!(conversations(&page.body).len(), 1, "{}", page.body);
}

#[tokio::test]
async fn a_first_reading_that_is_cut_again_and_again_ends_with_every_message_once() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let mut other = Other::open(&servers, &address).await;
    let long = "Un texte assez long. ".repeat(200);
    for n in 0..60 {
        let text =
            message("lou@mjc.test", &address, &format!("Sujet {n}"), &format!("c{n}@mjc.test"), "", &long);
        other.put("INBOX", None, &text).await;
    }
    let line = Line::open(&servers).await;
    let coordinator = connected_through(&test, &servers, line.port, &address).await;
    let mut failures = 0;
    for bytes in [40_000, 90_000, 20_000, 150_000] {
        line.cut_after(bytes);
        failures += i32::from(app::features::mailbox::sync::once(&test.app, test.network.id).await.is_err());
    }
    assert_eq!(failures, 4, "each was cut");
    line.mend();
    sync(&test).await;
    let list = coordinator.get(&format!("{BOX}?vue=toutes")).await.ok().body;
    let next = list
        .split("rel=\"next\"")
        .next()
        .unwrap()
        .rsplit("href=\"")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let more = coordinator.get(&next.replace("&#38;", "&").replace("&amp;", "&")).await.ok().body;
    assert_eq!(conversations(&list).len() + conversations(&more).len(), 60);
    coordinator
        .get("/espace/messagerie/connexion")
        .await
        .ok()
        .shows("<td data-label=\"Messages ici\">60</td>");
}

#[tokio::test]
async fn new_numbers_of_a_folder_bring_no_second_copy() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let mut other = Other::open(&servers, &address).await;
    let text = |n: u32| {
        message("lou@mjc.test", &address, &format!("Bilan {n}"), &format!("u{n}@mjc.test"), "", "Bonjour")
    };
    other.session.create("Bilans").await.unwrap();
    other.put("Bilans", None, &text(1)).await;
    other.put("Bilans", None, &text(2)).await;
    let coordinator = connected(&test, &servers, &address).await;
    sync(&test).await;
    // The folder is deleted and made anew under its name: UIDVALIDITY changes, and so do the numbers.
    other.session.delete("Bilans").await.unwrap();
    other.session.create("Bilans").await.unwrap();
    other.put("Bilans", None, &text(2)).await;
    other.put("Bilans", None, &text(3)).await;
    sync(&test).await;
    let all = coordinator
        .get(&format!("{BOX}?vue=toutes"))
        .await
        .ok()
        .shows("Bilan 1")
        .shows("Bilan 2")
        .shows("Bilan 3");
    assert_eq!(conversations(&all.body).len(), 3, "known messages are recognised");
    coordinator
        .get("/espace/messagerie/connexion")
        .await
        .ok()
        .shows("<td data-label=\"Messages ici\">2</td>");
}

#[tokio::test]
async fn the_keeper_of_the_mailbox_hears_of_news_by_itself_and_one_process_holds_it() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let coordinator = connected(&test, &servers, &address).await;
    let second = test.another_process().await;
    let keepers = [
        tokio::spawn(app::features::mailbox::sync::run_forever(test.app.clone())),
        tokio::spawn(app::features::mailbox::sync::run_forever(second.app.clone())),
    ];
    let mut other = Other::open(&servers, &address).await;
    // Once before and once while the keeper waits (IDLE).
    for n in 1..=2 {
        let text = message(
            "lou@mjc.test",
            &address,
            &format!("Nouvelle {n}"),
            &format!("k{n}@mjc.test"),
            "",
            "Bonjour",
        );
        other.put("INBOX", None, &text).await;
        let mut seen = false;
        for _ in 0..100 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            let list = coordinator.get(BOX).await.ok().body;
            if list.contains(&format!("Nouvelle {n}")) {
                assert_eq!(conversations(&list).len(), n, "each came once");
                seen = true;
                break;
            }
        }
        assert!(seen, "« Nouvelle {n} » did not come by itself");
    }
    for keeper in keepers {
        keeper.abort();
    }
}

#[tokio::test]
async fn a_conversation_becomes_a_task_an_answer_a_line_of_the_journal_and_a_mail_a_note() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let mut other = Other::open(&servers, &address).await;
    other
        .put("INBOX", None, &message("lou@mjc.test", &address, "Papiers", "t1@mjc.test", "", "Bonjour"))
        .await;
    let coordinator = connected(&test, &servers, &address).await;
    sync(&test).await;
    let url = conversations(&coordinator.get(BOX).await.ok().body)[0].clone();
    coordinator.get("/espace").await.ok().shows("1 conversation");
    coordinator
        .post(&format!("{url}/tache"), &[("tache", "Relancer Lou"), ("echeance", "2026-11-23")])
        .await
        .is(303);
    coordinator.get("/espace").await.ok().shows("Relancer Lou");
    coordinator.get(&url).await.ok().shows("Relancer Lou");
    coordinator.post(&format!("{url}/tache"), &[("echeance", "hier")]).await.is(422);
    coordinator.post(&format!("{url}/journal"), &[]).await.is(303);
    coordinator.get("/espace/accompagnement/journal").await.ok().shows("Papiers");

    // A notification is answered by mail: the answer becomes a note, once, and only from its own address.
    let id = url.rsplit('/').next().unwrap().parse().unwrap();
    let mut tx = test.app.db.write().await.unwrap();
    let actor = kit::Actor::program(test.network.id, "essai", test.app.now());
    let account_id = coordinator.account_id.unwrap();
    let reply = app::features::notifications::Reply { kind: "mail_thread".to_owned(), id, account_id };
    let to = app::features::notifications::reply_address(&mut tx, &actor, &test.app.secret, &address, &reply)
        .await
        .unwrap();
    let email: (String,) = tx
        .one(
            kit::sql!("select email from account where network_id = $1 and id = $2"),
            kit::args![test.network.id, account_id],
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let quoted = "Je m’en occupe.\n\nLe 23 novembre 2026 à 10:00, PdN a écrit :\n> Papiers\n";
    other.put("INBOX", None, &message(&email.0, &to, "Re: Papiers", "t2@x.test", "", quoted)).await;
    other
        .put("INBOX", None, &message("intrus@x.test", &to, "Re: Papiers", "t3@x.test", "", "Moi aussi"))
        .await;
    sync(&test).await;
    let page = coordinator.get(&url).await.ok().shows("Je m’en occupe.");
    assert!(!page.body.contains("Moi aussi"), "only the account that was written to answers");
}

#[tokio::test]
async fn a_conversation_becomes_a_question_unless_a_young_person_wrote_in_it() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let mut other = Other::open(&servers, &address).await;
    let asked = message("Lou <lou@mjc.test>", &address, "Droit à l’image", "q1@mjc.test", "", "Qui signe ?");
    other.put("INBOX", None, &asked).await;
    let coordinator = connected(&test, &servers, &address).await;
    sync(&test).await;
    let url = conversations(&coordinator.get(BOX).await.ok().body)[0].clone();
    coordinator.get(&url).await.ok().shows("En faire une question");
    let question = coordinator.post(&format!("{url}/question"), &[]).await.goes_to();
    let page = coordinator.get(&question).await.ok().shows("Droit à l’image").shows("value=\"Lou\"");
    page.shows(&format!("href=\"{url}\"")).shows("value=\"2026-11-23\"").hides("Qui signe");
    coordinator.get(&url).await.ok().shows(&format!("href=\"{question}\""));
    let again = coordinator.post(&format!("{url}/question"), &[]).await.goes_to();
    assert_eq!(again, question, "one that waits is gone back to");

    let young = message("kev@ados.test", &address, "Re: Droit à l’image", "q2@ados.test", "", "J’ai 14 ans.")
        .replace("Content-Type", "References: <q1@mjc.test>\nContent-Type");
    other.put("INBOX", None, &young).await;
    sync(&test).await;
    coordinator.get(&url).await.ok().shows("venir d’un jeune").hides("En faire une question");
    coordinator.post(&format!("{question}/obsolete"), &[]).await.is(303);
    coordinator.post(&format!("{url}/question"), &[]).await.is(422).shows("rien ne doit en être recopié");
}

#[tokio::test]
async fn a_server_that_fails_again_and_again_is_asked_less_and_less_until_it_answers() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let line = Line::open(&servers).await;
    connected_through(&test, &servers, line.port, &address()).await;
    let status = async || {
        let sql = kit::sql!("select state, lease_until, failures from mailbox_status where network_id = $1");
        let mut tx = test.app.db.read().await.unwrap();
        tx.one::<(String, kit::Timestamp, i64)>(sql, kit::args![test.network.id]).await.unwrap()
    };
    let until = async |wanted: &str, failures: i64| {
        for _ in 0..120 {
            let (state, lease, count) = status().await;
            if state == wanted && count == failures {
                return lease.0 / 1_000_000 - test.app.now().0 / 1_000_000;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("{:?} instead of {wanted} after {failures} failures", status().await)
    };
    line.cut_after(0);
    let keeper = tokio::spawn(app::features::mailbox::sync::run_forever(test.app.clone()));
    for (failures, seconds) in [(1, 60), (2, 120), (3, 240)] {
        assert_eq!(until("failed", failures).await, seconds);
        test.app.clock.advance_minutes(seconds / 60 + 1);
    }
    line.mend();
    test.app.clock.advance_minutes(10);
    until("in_step", 0).await;
    keeper.abort();
}
