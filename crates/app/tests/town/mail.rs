//! What is in the town's mailbox.

use app::features::mailbox::draft::{self, Draft};
use app::features::mailbox::message::MailMessage;
use app::features::mailbox::rule::{self, Acts, Conditions, Rule};
use app::features::mailbox::saved_reply::{self, SavedReply};
use app::features::mailbox::thread::{self, Thread};
use app::features::mailbox::{archive, filing};
use kit::db::{Id, Timestamp};
use kit::testing::TestApp;
use kit::{Actor, Network, Role, tie};

const MESSAGE: &str = "From: Zoe <zoe@mjc.test>\r\nTo: coordination@drome.test\r\nSubject: Une question\r\n\
    Message-ID: <m1@mjc.test>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n\
    --b\r\nContent-Type: text/csv; name=\"liste.csv\"\r\nContent-Disposition: attachment; filename=\"liste.csv\"\r\n\r\n\
    nom;ville\r\n--b--\r\n";

/// Ids of what is there.
pub struct Mail {
    pub thread: Id,
    pub letter: Id,
    pub reply: Id,
    pub rule: Id,
    pub draft: Id,
    pub tie: Id,
}

impl Mail {
    pub async fn receive(test: &TestApp, network: &Network, actor: &Actor, organisation: Id) -> Self {
        let messages = vec![(bytes::Bytes::from_static(MESSAGE.as_bytes()), false)];
        let place = ("Boîte de réception", "inbox");
        archive::take(&test.app, network, place, messages, Timestamp::default()).await.unwrap();
        let coordinator = test.someone_in(network, Role::Coordinator, None, None).await.account_id;
        let writer = Actor { account_id: coordinator, ..actor.clone() };
        let mut tx = test.app.db.write().await.unwrap();
        let letters: Vec<MailMessage> = tx.all_of(network.id).await.unwrap();
        let threads: Vec<Thread> = tx.all_of(network.id).await.unwrap();
        let thread = threads[0].id;
        thread::assign(&mut tx, actor, thread, coordinator).await.unwrap();
        filing::file(&mut tx, actor, thread, "organisation", organisation).await.unwrap();
        let ties = tie::of(&mut tx, network.id, ("mail_thread", thread)).await.unwrap();
        let mut reply = SavedReply {
            network_id: network.id,
            id: Id::new(actor.now),
            name: "Bien reçu".to_owned(),
            body: "<p>Bonjour {{prenom}}</p>".to_owned(),
            used: 0,
            created_at: actor.now,
            version: 1,
        };
        saved_reply::keep(&mut tx, actor, &mut reply, true).await.unwrap();
        let conditions = Conditions { from: "caf".to_owned(), ..Conditions::default() };
        let acts = Acts { tag: "Caf".to_owned(), ..Acts::default() };
        let mut rule = Rule {
            network_id: network.id,
            id: Id::new(actor.now),
            name: "Caf".to_owned(),
            position: 1,
            conditions: serde_json::to_string(&conditions).unwrap(),
            acts: serde_json::to_string(&acts).unwrap(),
            paused_at: None,
            created_at: actor.now,
            version: 1,
        };
        rule::keep(&mut tx, actor, &mut rule).await.unwrap();
        let draft: Draft =
            draft::begin(&mut tx, &test.app, &writer, "reply", Some(letters[0].id)).await.unwrap();
        tx.commit().await.unwrap();
        Self {
            thread,
            letter: letters[0].id,
            reply: reply.id,
            rule: rule.id,
            draft: draft.id,
            tie: ties[0].id,
        }
    }
}
