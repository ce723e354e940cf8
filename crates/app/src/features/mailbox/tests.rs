//! Scenarios of the shared mailbox that need no server; the others are in `crates/app/tests/mail`.

use kit::db::Timestamp;
use kit::testing::TestApp;
use kit::{Id, Role};

use super::archive;
use super::thread::Thread;
use crate::features::questions::question::{self, Question};

/// Messages of one conversation, each from someone with a text.
async fn receive(test: &TestApp, subject: &str, written: &[(&str, &str)]) -> Id {
    let messages = written.iter().enumerate().map(|(at, (from, text))| {
        let message = format!(
            "From: {from}\r\nTo: coordination@drome.test\r\nSubject: {subject}\r\nMessage-ID: <{subject}-{at}@test>\r\n\
             References: <{subject}-0@test>\r\nDate: Sun, 22 Nov 2026 1{at}:00:00 +0100\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        );
        (message.into(), false)
    });
    let place = ("Boîte de réception", "inbox");
    archive::take(&test.app, &test.network, place, messages.collect(), Timestamp::default()).await.unwrap();
    let threads: Vec<Thread> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    threads.iter().find(|thread| thread.subject == subject).unwrap().id
}

async fn about(test: &TestApp, thread: Id) -> Vec<Question> {
    let mut tx = test.app.db.read().await.unwrap();
    question::of_object(&mut tx, test.network.id, "mail_thread", thread).await.unwrap()
}

#[tokio::test]
async fn a_conversation_becomes_a_question_with_nothing_of_what_was_written() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let written = [("Lou <lou@mjc.test>", "Qui signe ?"), ("Ana <ana@mjc.test>", "Je demande aussi.")];
    let thread = receive(&test, "Affiche", &written).await;
    let url = super::thread::url(thread);
    me.get(&url).await.ok().shows("En faire une question");
    let page = me.post(&format!("{url}/question"), &[]).await.goes_to();
    me.get(&page)
        .await
        .ok()
        .shows("value=\"Affiche\"")
        .shows("value=\"Ana\"")
        .shows(&format!("href=\"{url}\""));
    let made = about(&test, thread).await.remove(0);
    assert_eq!((made.body.as_deref(), made.channel.as_str()), (None, "mail"));
    assert_eq!((made.state.as_str(), made.asked_on.to_string()), ("received", "2026-11-22".to_owned()));
    me.get(&url).await.ok().shows(&format!("href=\"{page}\""));
    assert_eq!(
        me.post(&format!("{url}/question"), &[]).await.goes_to(),
        page,
        "one that waits is gone back to"
    );
    me.post(&format!("{page}/obsolete"), &[]).await.is(303);
    assert_ne!(me.post(&format!("{url}/question"), &[]).await.goes_to(), page);
    assert_eq!(about(&test, thread).await.len(), 2);
}

#[tokio::test]
async fn nothing_of_what_a_young_person_wrote_becomes_a_question() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let written =
        [("kev@ados.test", "Salut, j'ai 14 ans et ça va pas."), ("Ana <ana@mjc.test>", "Je transfère.")];
    let thread = receive(&test, "Aide", &written).await;
    let url = super::thread::url(thread);
    me.get(&url).await.ok().hides("En faire une question");
    me.post(&format!("{url}/question"), &[]).await.is(422).shows("rien ne doit en être recopié");
    assert_eq!(about(&test, thread).await, []);
}
