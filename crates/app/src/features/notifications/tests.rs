//! What people are told, as they live it.

use kit::db::{Id, Timestamp};
use kit::mail::Outgoing;
use kit::testing::{MORNING, Person, TestApp};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Role};
use serde_json::json;

use super::engine::{self, Notify};
use super::notification::Notification;
use super::reply::{Reply, answered, reply_address};
use crate::features::support::task::{self, NewTask};

const INBOX: &str = "/espace/notifications";
const PREFERENCES: &str = "/espace/reglages/compte/notifications";

fn actor(test: &TestApp) -> Actor {
    Actor::program(test.network.id, "Claire", test.app.now())
}

/// One turn of the engine, and of the mail.
async fn turn(test: &TestApp) {
    let mut tx = test.app.db.write().await.unwrap();
    kit::jobs::add(&mut tx, test.network.id, test.app.now(), &Notify {}).await.unwrap();
    tx.commit().await.unwrap();
    test.run_jobs().await;
}

async fn assign(test: &TestApp, title: &str, to: &Person<'_>) -> Id {
    let mut tx = test.app.db.write().await.unwrap();
    let new = NewTask { title: title.to_owned(), assignee_id: to.account_id, ..NewTask::default() };
    let task = task::add(&mut tx, &actor(test), new).await.unwrap();
    tx.commit().await.unwrap();
    task.id
}

/// A line of the trail as a feature writes it.
async fn happens(
    test: &TestApp,
    by: &Actor,
    action: &'static str,
    kind: &'static str,
    after: serde_json::Value,
) {
    let mut tx = test.app.db.write().await.unwrap();
    // Words for what other features write are theirs to declare.
    let act = Act::new("change_request.made", Subject::new(kind, Id::new(by.now), "La mairie de Die"));
    let line = trail::record(&mut tx, by, act).await.unwrap();
    let sql = kit::sql!("update trail set action = $3, after = $4 where network_id = $1 and id = $2");
    tx.run(sql, kit::args![by.network_id, line, action, after.to_string()]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn told(test: &TestApp, to: &Person<'_>) -> Vec<Notification> {
    let mut all: Vec<Notification> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    all.retain(|one| Some(one.account_id) == to.account_id);
    all.sort_by_key(|one| one.id);
    all
}

async fn mails(test: &TestApp) -> Vec<Outgoing> {
    let mut all = test.mails().await;
    all.retain(|mail| mail.kind == "notification");
    all
}

#[tokio::test]
async fn a_task_given_is_told_at_once_and_never_twice() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    turn(&test).await;
    let task = assign(&test, "Relancer Crest", &me).await;
    turn(&test).await;
    me.get(INBOX).await.ok().shows("Claire vous confie une tâche\u{a0}: Relancer Crest").shows("Non lues");
    assert!(mails(&test).await.is_empty(), "what comes within a minute leaves together");
    assign(&test, "Relancer Die", &me).await;
    test.app.clock.advance_minutes(1);
    for _ in 0..3 {
        turn(&test).await;
    }
    let sent = mails(&test).await;
    assert_eq!(sent.len(), 1);
    assert!(sent[0].subject.starts_with("2\u{a0}nouveautés"), "{}", sent[0].subject);
    assert!(sent[0].text_body.contains(&format!("https://drome.test/espace/accompagnement/taches/{task}")));
    let headers = sent[0].headers();
    let header = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap();
    assert_eq!(header("List-Id"), "Notifications <notifications.drome.test>");
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("List-Unsubscribe"), format!("<https://drome.test{PREFERENCES}>"));
    assert_eq!(told(&test, &me).await.len(), 2);
}

#[tokio::test]
async fn what_was_read_on_screen_is_not_mailed() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    turn(&test).await;
    let task = assign(&test, "Relancer Crest", &me).await;
    turn(&test).await;
    let id = told(&test, &me).await[0].id;
    let opened = me.post(&format!("{INBOX}/{id}/ouvrir"), &[]).await;
    assert_eq!(opened.goes_to(), format!("/espace/accompagnement/taches/{task}"));
    test.app.clock.advance_minutes(5);
    turn(&test).await;
    assert!(mails(&test).await.is_empty());
    me.get(INBOX).await.ok().shows("vous êtes à jour").shows("Déjà lues");
}

#[tokio::test]
async fn nobody_is_told_of_what_they_did_nor_of_what_is_anothers() {
    let test = TestApp::start(crate::parts()).await;
    let (me, other) = (
        test.someone(Role::Coordinator, None, None).await,
        test.someone(Role::Coordinator, None, None).await,
    );
    let caf = test.someone(Role::Caf, None, None).await;
    turn(&test).await;
    let by = Actor { account_id: me.account_id, ..actor(&test) };
    happens(&test, &by, "change_request.made", "person", json!(null)).await;
    turn(&test).await;
    assert_eq!((told(&test, &me).await.len(), told(&test, &other).await.len()), (0, 1));
    assert_eq!(told(&test, &caf).await.len(), 0);
    let id = told(&test, &other).await[0].id;
    me.post(&format!("{INBOX}/{id}/lue"), &[]).await.is(404);
    me.post(&format!("{INBOX}/{id}/ouvrir"), &[]).await.is(404);
    other.post(&format!("{INBOX}/{id}/lue"), &[]).await.is(303);
}

#[tokio::test]
async fn the_morning_mail_gathers_what_was_not_read() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    turn(&test).await;
    for _ in 0..2 {
        happens(&test, &actor(&test), "change_request.made", "person", json!(null)).await;
    }
    happens(&test, &actor(&test), "mailing.sent", "mailing", json!(null)).await;
    test.app.clock.advance_minutes(60);
    turn(&test).await;
    assert!(mails(&test).await.is_empty());
    let read = told(&test, &me).await[0].id;
    me.post(&format!("{INBOX}/{read}/lue"), &[]).await.is(303);
    // 6:29, then 6:30 the next day.
    test.app.clock.advance_minutes(19 * 60 + 29);
    turn(&test).await;
    assert!(mails(&test).await.is_empty());
    test.app.clock.advance_minutes(1);
    turn(&test).await;
    turn(&test).await;
    let sent = mails(&test).await;
    assert_eq!(sent.len(), 1);
    assert!(
        sent[0].subject.starts_with("Votre point du matin\u{a0}: 2\u{a0}nouveautés"),
        "{}",
        sent[0].subject
    );
    assert!(sent[0].text_body.contains("Envoi terminé"), "{}", sent[0].text_body);
    test.app.clock.advance_minutes(24 * 60);
    turn(&test).await;
    assert_eq!(mails(&test).await.len(), 1, "told once");
}

#[tokio::test]
async fn new_mail_is_counted_and_never_quoted() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    turn(&test).await;
    for _ in 0..3 {
        happens(&test, &actor(&test), "mail_message.received", "mail_thread", json!(null)).await;
        turn(&test).await;
    }
    let all = told(&test, &me).await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].title, "Boîte partagée\u{a0}: 3\u{a0}nouveaux courriels");
    // In the night, before the morning mail: still that day's.
    test.app.clock.advance_minutes(18 * 60);
    happens(&test, &actor(&test), "mail_message.received", "mail_thread", json!(null)).await;
    turn(&test).await;
    test.app.clock.advance_minutes(3 * 60);
    turn(&test).await;
    let sent = mails(&test).await;
    assert_eq!(sent.len(), 1);
    assert!(sent[0].text_body.contains("4\u{a0}nouveaux courriels"), "{}", sent[0].text_body);
    assert!(!sent[0].text_body.contains("mairie"));
}

#[tokio::test]
async fn what_is_sensitive_is_named_by_mail_and_no_more() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    turn(&test).await;
    let after = json!({ "assignee_id": me.account_id });
    happens(&test, &actor(&test), "mail_thread.assigned", "mail_thread", after).await;
    turn(&test).await;
    me.get(INBOX).await.ok().shows("La mairie de Die");
    test.app.clock.advance_minutes(2);
    turn(&test).await;
    let sent = mails(&test).await;
    assert_eq!(sent[0].subject, "Un courriel de la boîte partagée vous est confié");
    assert!(!sent[0].text_body.contains("Die") && !sent[0].html_body.contains("Die"));
}

#[tokio::test]
async fn everyone_chooses_topics_rhythms_and_quiet_hours() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    turn(&test).await;
    let page = me.get(PREFERENCES).await.ok().shows("Tâches qui me sont confiées").shows("value=\"20:00\"");
    let mut fields: Vec<(String, String)> = super::topic::TOPICS
        .iter()
        .filter(|topic| page.body.contains(&format!("courriel-{}", topic.code)))
        .map(|topic| (format!("courriel-{}", topic.code), "never".to_owned()))
        .collect();
    assert_eq!(fields.len(), 10, "answers to requests are for those who make them");
    fields.extend([("debut", "9:00"), ("fin", "12:00")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    let send = async |fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        me.post(PREFERENCES, &fields).await
    };
    send(&fields).await.is(303);
    assign(&test, "Ni mail ni écran", &me).await;
    turn(&test).await;
    assert!(told(&test, &me).await.is_empty());
    for (name, value) in &mut fields {
        if name == "courriel-task" {
            "immediate".clone_into(value);
        }
    }
    send(&fields).await.is(303);
    assign(&test, "Par mail seulement", &me).await;
    turn(&test).await;
    me.get(INBOX).await.ok().hides("Par mail seulement");
    // Quiet from nine to noon: it is ten.
    test.app.clock.advance_minutes(60);
    turn(&test).await;
    assert!(mails(&test).await.is_empty());
    test.app.clock.advance_minutes(60);
    turn(&test).await;
    assert_eq!(mails(&test).await.len(), 1);
    fields.last_mut().unwrap().1 = "midi".to_owned();
    send(&fields).await.is(422).shows("id=\"fin-erreur\"").shows("value=\"midi\"");
    let manager = test.someone(Role::Manager, Some(Id::new(MORNING)), None).await;
    manager.get(PREFERENCES).await.ok().shows("Réponses à mes demandes").hides("Tâches qui me");
    test.someone(Role::Guest, None, None).await.get(PREFERENCES).await.ok().shows("Aucune notification");
}

#[tokio::test]
async fn two_processes_tell_once() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    turn(&test).await;
    let other = test.another_process().await;
    assign(&test, "Relancer Crest", &me).await;
    let since = test.app.now().plus_minutes(-5);
    let (one, two) = tokio::join!(
        engine::read_trail(&test.app, &test.network, since),
        engine::read_trail(&other.app, &test.network, since)
    );
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(told(&test, &me).await.len(), 1);
    for test in [&test, &other] {
        test.app.clock.advance_minutes(3);
    }
    let (one, two) = tokio::join!(
        super::mailing::mail_due(&test.app, &test.network),
        super::mailing::mail_due(&other.app, &test.network)
    );
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(mails(&test).await.len(), 1);
}

#[tokio::test]
async fn an_act_committed_late_is_told_all_the_same() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    turn(&test).await;
    let began = test.app.now();
    test.app.clock.advance_minutes(2);
    assign(&test, "Après", &me).await;
    turn(&test).await;
    let late = Actor { now: began, ..actor(&test) };
    happens(&test, &late, "change_request.made", "person", json!(null)).await;
    turn(&test).await;
    assert_eq!(told(&test, &me).await.len(), 2);
}

#[tokio::test]
async fn all_that_was_seen_is_marked_read_and_what_came_since_is_not() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    turn(&test).await;
    assign(&test, "Une", &me).await;
    turn(&test).await;
    let seen = told(&test, &me).await[0].id.to_string();
    test.app.clock.advance_minutes(1);
    assign(&test, "Deux", &me).await;
    turn(&test).await;
    me.post(&format!("{INBOX}/lues"), &[("jusqu", &seen)]).await.is(303);
    let left: Vec<bool> = told(&test, &me).await.iter().map(|one| one.read_at.is_none()).collect();
    assert_eq!(left, [false, true]);
    test.app.clock.advance_minutes(200 * 24 * 60);
    test.run_schedules().await;
    assert!(told(&test, &me).await.is_empty(), "kept for a time");
    let sql = kit::sql!("select count(*) from job where done_at < $1");
    let mut tx = test.app.db.read().await.unwrap();
    let old: i64 = tx.value(sql, kit::args![test.app.now().plus_days(-7)]).await.unwrap();
    assert_eq!(old, 0, "so are jobs that ended");
}

#[tokio::test]
async fn an_address_to_answer_to_stands_for_one_thing_and_one_account() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let mut tx = test.app.db.write().await.unwrap();
    let (secret, network) = (&test.app.secret, test.network.id);
    let reply = Reply {
        kind: "mail_thread".to_owned(),
        id: Id::new(Timestamp(5)),
        account_id: me.account_id.unwrap(),
    };
    let base = "promeneurs.du.net@drome.example";
    let address = reply_address(&mut tx, &actor(&test), secret, base, &reply).await.unwrap();
    assert_eq!(address, reply_address(&mut tx, &actor(&test), secret, base, &reply).await.unwrap());
    let (local, domain) = address.split_once('@').unwrap();
    assert!(local.len() <= 64 && domain == "drome.example", "{address}");
    for shape in [address.clone(), address.to_uppercase(), format!("<{address}>")] {
        assert_eq!(answered(&mut tx, secret, network, &shape).await.unwrap(), Some(reply.clone()));
    }
    assert_eq!(answered(&mut tx, secret, network, base).await.unwrap(), None);
    let forged = address.replace("+r.", "+r.a").replace('2', "3");
    assert_eq!(answered(&mut tx, secret, network, &forged).await.unwrap(), None);
    let sql = kit::sql!("update reply_way set kind = $2 where network_id = $1 and kind <> $2");
    tx.run(sql, kit::args![network, "convention"]).await.unwrap();
    assert_eq!(answered(&mut tx, secret, network, &address).await.unwrap(), None, "not signed for that");
}
