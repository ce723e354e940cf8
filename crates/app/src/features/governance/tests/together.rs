//! Notes that several people write at once, over real lines to real processes.

use std::net::SocketAddr;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use kit::testing::{Person, TestApp};
use kit::{Role, args, sql};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error as LineError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    Doc, GetString, ReadTxn, Text, Transact, Update, WriteTxn, XmlElementPrelim, XmlFragment, XmlOut,
    XmlTextPrelim,
};

use super::super::note::Note;
use super::all;
use super::meetings::{meeting, seated};
use super::sessions::{items, session};

const PATIENCE: Duration = Duration::from_secs(20);

/// A program that also listens on a port of its own.
async fn start() -> TestApp {
    TestApp::start_with(crate::parts(), |config| config.listen = "127.0.0.1:0".to_owned()).await
}

async fn listen(test: &TestApp) -> SocketAddr {
    let (ready, address) = tokio::sync::oneshot::channel();
    let app = test.app.clone();
    let tell = |address| ready.send(address).unwrap();
    tokio::spawn(async move { kit::web::serve::serve(app, tell).await });
    address.await.unwrap()
}

/// A browser at a note, as far as the text goes.
struct Writer {
    line: WebSocketStream<MaybeTlsStream<TcpStream>>,
    doc: Doc,
    sent: u32,
    stored: u32,
    others: String,
    refused: Option<String>,
}

impl Writer {
    /// Opens a line; the status that it is refused with.
    async fn open(address: SocketAddr, person: &Person<'_>, path: &str) -> Result<Self, u16> {
        Self::open_from(address, person, path, None).await
    }

    async fn open_from(
        address: SocketAddr,
        person: &Person<'_>,
        path: &str,
        origin: Option<&str>,
    ) -> Result<Self, u16> {
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        request.headers_mut().insert("host", "drome.test".parse().unwrap());
        if let Some(cookie) = person.cookie() {
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
        }
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        let line = match connect_async(request).await {
            Ok((line, _)) => line,
            Err(LineError::Http(answer)) => return Err(answer.status().as_u16()),
            Err(error) => panic!("no line: {error}"),
        };
        let doc = Doc::new();
        doc.get_or_insert_xml_fragment("default");
        let mut new = Self { line, doc, sent: 0, stored: 0, others: String::new(), refused: None };
        let known = new.doc.transact().state_vector().encode_v1();
        new.send(0, &known).await;
        Ok(new)
    }

    async fn send(&mut self, kind: u8, rest: &[u8]) {
        // A line that was closed meanwhile is found out by who listens.
        drop(self.line.send(Message::Binary([&[kind], rest].concat().into())).await);
    }

    /// Writes words at the end of the first paragraph, made when there is none.
    async fn write(&mut self, words: &str) {
        let update = {
            let mut txn = self.doc.transact_mut();
            let root = txn.get_or_insert_xml_fragment("default");
            let text = match root.get(&txn, 0) {
                Some(XmlOut::Element(paragraph)) => match paragraph.get(&txn, 0) {
                    Some(XmlOut::Text(text)) => text,
                    _ => paragraph.push_back(&mut txn, XmlTextPrelim::new("")),
                },
                _ => root
                    .push_back(&mut txn, XmlElementPrelim::empty("paragraph"))
                    .push_back(&mut txn, XmlTextPrelim::new("")),
            };
            text.push(&mut txn, words);
            txn.encode_update_v1()
        };
        self.sent += 1;
        let numbered = [&self.sent.to_be_bytes()[..], &update].concat();
        self.send(1, &numbered).await;
    }

    fn says(&self) -> String {
        let txn = self.doc.transact();
        txn.get_xml_fragment("default").map(|root| root.get_string(&txn)).unwrap_or_default()
    }

    /// Listens until this holds; what it knows by then when the line ends or nothing comes.
    async fn until(&mut self, holds: impl Fn(&Self) -> bool) {
        let listening = async {
            while !holds(self) {
                let Some(Ok(message)) = self.line.next().await else { return };
                if let Message::Binary(message) = message {
                    self.hear(&message);
                }
            }
        };
        tokio::time::timeout(PATIENCE, listening).await.expect("it comes in time");
    }

    fn hear(&mut self, message: &[u8]) {
        let rest = &message[1..];
        match message[0] {
            1 => self.doc.transact_mut().apply_update(Update::decode_v1(rest).unwrap()).unwrap(),
            2 => self.others = String::from_utf8(rest.to_vec()).unwrap(),
            3 => self.stored = u32::from_be_bytes(rest.try_into().unwrap()),
            5 => self.refused = Some(String::from_utf8(rest.to_vec()).unwrap()),
            _ => {}
        }
    }

    async fn reads(&mut self, words: &str) {
        self.until(|one| one.says().contains(words)).await;
        assert!(self.says().contains(words), "{} lacks {words}, {:?}", self.says(), self.refused);
    }

    async fn is_stored(&mut self) {
        self.until(|one| one.stored == one.sent).await;
        assert_eq!(self.stored, self.sent, "{:?}", self.refused);
    }

    async fn is_refused(&mut self, why: &str) {
        self.until(|one| one.refused.is_some()).await;
        assert!(self.refused.as_deref().is_some_and(|said| said.contains(why)), "{:?}", self.refused);
    }
}

/// The note of the first item, once it says this.
async fn noted(test: &TestApp, words: &str) -> Note {
    for _ in 0..100 {
        let notes: Vec<Note> = all(test).await;
        if let Some(note) = notes.into_iter().find(|note| note.body.contains(words)) {
            return note;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the note never says {words}");
}

#[tokio::test]
async fn what_one_writes_is_stored_and_shows_where_others_write_in_every_process() {
    let test = start().await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let colleague = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    let item = items(&test).await.remove(0);
    // What a form noted before is what they begin with.
    let notes = format!("{page}/seance/notes/{}", item.id);
    me.post(&notes, &[("corps", "<p>D’abord.</p>"), ("version", "0")]).await.is(303);
    let path = format!("{notes}/ligne");
    let (here, other) = (listen(&test).await, test.another_process().await);
    let there = listen(&other).await;
    let mut first = Writer::open(here, &me, &path).await.unwrap();
    let mut second = Writer::open(here, &colleague, &path).await.unwrap();
    let mut third = Writer::open(there, &me, &path).await.unwrap();
    for one in [&mut first, &mut second, &mut third] {
        one.reads("D’abord.").await;
    }
    first.write(" Un.").await;
    first.is_stored().await;
    second.reads("D’abord. Un.").await;
    third.reads("D’abord. Un.").await;
    third.write(" Trois.").await;
    third.is_stored().await;
    first.reads("D’abord. Un. Trois.").await;
    second.reads("D’abord. Un. Trois.").await;
    second.until(|one| one.others.matches("Coordination").count() >= 2).await;
    // What they wrote is the note, for the form and for the minutes.
    let note = noted(&test, "Trois.").await;
    assert_eq!(note.body, "<p>D’abord. Un. Trois.</p>");
    assert_eq!(note.written_by, "Coordination");
    // A form that knows it writes into the same text; one that knows an older text is shown both.
    me.post(&notes, &[("corps", "<p>Tout à fait autre.</p>"), ("version", "1")]).await.is(409).shows("Trois");
    let version = note.version.to_string();
    let form =
        [("corps", "<p>D’abord. Un. Trois.</p><p>Par le formulaire.</p>"), ("version", version.as_str())];
    me.post(&notes, &form).await.is(303);
    first.reads("Par le formulaire.").await;
    third.reads("Par le formulaire.").await;
    // A third process that opens the text later finds all of it, whatever became of the first two.
    let last = test.another_process().await;
    let mut late = Writer::open(listen(&last).await, &colleague, &path).await.unwrap();
    late.reads("Par le formulaire.").await;
    assert_eq!(late.says(), first.says());
    // Former words are kept, and can be taken up again.
    me.get(&format!("{notes}/versions")).await.ok().shows("Coordination");
}

#[tokio::test]
async fn words_written_without_the_network_meet_those_of_others_on_return() {
    let test = start().await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    let path = format!("{page}/seance/notes/{}/ligne", items(&test).await[0].id);
    let address = listen(&test).await;
    let mut stays = Writer::open(address, &me, &path).await.unwrap();
    stays.write("Ensemble.").await;
    stays.is_stored().await;
    let mut leaves = Writer::open(address, &me, &path).await.unwrap();
    leaves.reads("Ensemble.").await;
    // The line is gone; both go on.
    let away = leaves.doc.clone();
    drop(leaves);
    {
        let mut txn = away.transact_mut();
        let root = txn.get_or_insert_xml_fragment("default");
        root.push_back(&mut txn, XmlElementPrelim::empty("paragraph"))
            .push_back(&mut txn, XmlTextPrelim::new("Écrit dans le train."));
    }
    for _ in 0..250 {
        stays.write(" et").await;
    }
    stays.is_stored().await;
    let mut back = Writer::open(address, &me, &path).await.unwrap();
    back.reads("et et").await;
    // What the server lacks is what the browser has beyond the text that it came back to.
    let known = back.doc.transact().state_vector();
    let missing = away.transact().encode_state_as_update_v1(&known);
    back.sent = 1;
    back.send(1, &[&1_u32.to_be_bytes()[..], &missing].concat()).await;
    back.is_stored().await;
    stays.reads("Écrit dans le train.").await;
    assert_eq!(stays.says().matches(" et").count(), 250);
    let note = noted(&test, "dans le train").await;
    assert_eq!(note.body.matches(" et").count(), 250);
    // So many changes are folded into one state, and nothing changes for who comes later.
    tokio::time::sleep(Duration::from_millis(900)).await;
    let mut tx = test.app.db.read().await.unwrap();
    let sql = sql!("select cast(count(*) as bigint) from shared_text_change where network_id = $1");
    let left: i64 = tx.value(sql, args![test.network.id]).await.unwrap();
    assert!(left < 100, "{left} changes");
    let other = test.another_process().await;
    let mut late = Writer::open(listen(&other).await, &me, &path).await.unwrap();
    late.reads("Écrit dans le train.").await;
    assert_eq!(late.says().matches(" et").count(), 250);
}

#[tokio::test]
async fn a_line_is_only_for_who_may_write_and_only_while_the_notes_are_open() {
    let test = start().await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    let item = items(&test).await.remove(0);
    let path = format!("{page}/seance/notes/{}/ligne", item.id);
    let address = listen(&test).await;
    for (role, refusal) in [(Role::Caf, 403), (Role::Partner, 404), (Role::Promeneur, 404)] {
        let person = test.someone(role, None, None).await;
        assert_eq!(Writer::open(address, &person, &path).await.err(), Some(refusal), "{role:?}");
    }
    assert!(Writer::open(address, &test.stranger(), &path).await.is_err_and(|status| status != 101));
    let nowhere = format!("{page}/seance/notes/{}/ligne", kit::Id::new(test.app.now()));
    assert_eq!(Writer::open(address, &me, &nowhere).await.err(), Some(404));
    // A page of another site would write in the name of whoever is signed in here.
    assert_eq!(
        Writer::open_from(address, &me, &path, Some("https://ailleurs.example")).await.err(),
        Some(403)
    );
    // What no browser of ours sends ends the line; the text is as it was.
    let mut wrong = Writer::open(address, &me, &path).await.unwrap();
    wrong.write("Bon.").await;
    wrong.is_stored().await;
    wrong.send(1, &[0, 0, 0, 9, 1, 2, 3]).await;
    wrong.is_refused("pas la suite").await;
    let mut right = Writer::open(address, &me, &path).await.unwrap();
    right.reads("Bon.").await;
    // Whoever is signed out meanwhile writes no more.
    let gone = test.someone(Role::Coordinator, None, None).await;
    let mut theirs = Writer::open(address, &gone, &path).await.unwrap();
    theirs.reads("Bon.").await;
    let mut tx = test.app.db.write().await.unwrap();
    let sql = sql!("delete from session where network_id = $1 and account_id = $2");
    tx.run(sql, args![test.network.id, gone.account_id.unwrap()]).await.unwrap();
    tx.commit().await.unwrap();
    theirs.write(" Trop tard.").await;
    theirs.until(|one| one.refused.is_some()).await;
    // The minutes have gone to the members: the notes change no more, whoever writes.
    let mut open = Writer::open(address, &me, &path).await.unwrap();
    open.reads("Bon.").await;
    let mut tx = test.app.db.write().await.unwrap();
    let sql = sql!("update meeting set state = 'to_validate' where network_id = $1 and id = $2");
    tx.run(sql, args![test.network.id, meeting(&test).await.id]).await.unwrap();
    tx.commit().await.unwrap();
    open.write(" Après.").await;
    open.is_refused("la séance ne change plus").await;
    assert_eq!(Writer::open(address, &me, &path).await.err(), Some(422));
    let note = noted(&test, "Bon.").await;
    assert_eq!(note.body, "<p>Bon.</p>");
}

#[tokio::test]
async fn a_young_person_named_in_notes_is_told_to_those_who_write() {
    let test = start().await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    let path = format!("{page}/seance/notes/{}/ligne", items(&test).await[0].id);
    let mut writer = Writer::open(listen(&test).await, &me, &path).await.unwrap();
    writer.write("Léa, 14 ans, est venue.").await;
    let listening = async {
        while let Some(Ok(message)) = writer.line.next().await {
            if let Message::Binary(message) = message
                && message[0] == 7
            {
                return String::from_utf8(message[1..].to_vec()).unwrap();
            }
        }
        String::new()
    };
    let said = tokio::time::timeout(PATIENCE, listening).await.unwrap();
    assert!(said.contains("Ne citez aucun jeune"), "{said}");
}

#[tokio::test]
async fn members_take_notes_while_the_coordination_lets_them() {
    let test = start().await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    let ana = test.someone(Role::Partner, None, None).await;
    seated(&test, "Ana Lopes", &ana).await;
    let item = items(&test).await.remove(0);
    let (notes, path) = (format!("{page}/seance/notes"), format!("{page}/seance/notes/{}/ligne", item.id));
    let address = listen(&test).await;
    ana.get(&page).await.ok().hides("Prendre des notes");
    ana.get(&notes).await.is(403);
    ana.get(&format!("{page}/seance/etat")).await.is(403);
    assert_eq!(Writer::open(address, &ana, &path).await.err(), Some(403));
    ana.post(&format!("{page}/seance/partage"), &[("ouvrir", "oui")]).await.is(403);
    me.post(&format!("{page}/seance/partage"), &[("ouvrir", "oui")]).await.is(303);
    me.post(&format!("{page}/seance/point"), &[("point", &item.id.to_string())]).await.is(303);
    ana.get(&page).await.ok().shows("Prendre des notes");
    ana.get(&notes).await.ok().shows(&item.title).shows("En cours").hides("Clore la séance");
    ana.get(&format!("{page}/seance")).await.is(403);
    let other = test.someone(Role::Partner, None, None).await;
    other.get(&notes).await.is(404);
    assert_eq!(Writer::open(address, &other, &path).await.err(), Some(404));
    let mut hers = Writer::open(address, &ana, &path).await.unwrap();
    hers.write("Ana note.").await;
    hers.is_stored().await;
    let mut mine = Writer::open(address, &me, &path).await.unwrap();
    mine.reads("Ana note.").await;
    // By the form, without a line: what she saw changed meanwhile, and both texts are shown.
    let version = noted(&test, "Ana note.").await.version.to_string();
    let point = item.id.to_string();
    let typed = [("point", point.as_str()), ("corps", "<p>Autre chose</p>"), ("version", "0")];
    ana.post(&notes, &typed).await.is(409).shows("Autre chose").shows("Ce qui est enregistré maintenant");
    let typed =
        [("point", point.as_str()), ("corps", "<p>Ana note. Et relit.</p>"), ("version", version.as_str())];
    ana.post(&notes, &typed).await.is(303);
    mine.reads("Et relit.").await;
    let nowhere = kit::Id::new(test.app.now()).to_string();
    ana.post(&notes, &[("point", nowhere.as_str()), ("corps", "<p>x</p>"), ("version", "0")]).await.is(404);
    // Closed again: who only reads is shown out too, and who writes writes no more.
    me.post(&format!("{page}/seance/partage"), &[("ouvrir", "non")]).await.is(303);
    hers.until(|one| one.refused.is_some()).await;
    assert_eq!(Writer::open(address, &ana, &path).await.err(), Some(403));
    ana.post(&notes, &typed).await.is(403);
    mine.write(" Suite.").await;
    mine.is_stored().await;
}

#[tokio::test]
async fn an_open_screen_learns_that_another_secretary_changed_something() {
    let test = start().await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    let state = format!("{page}/seance/etat");
    let seen = || async { me.get(&state).await.ok().body };
    let drawn = me.get(&format!("{page}/seance")).await.ok().body;
    let mark = drawn.split("data-alive-mark=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut last = seen().await;
    assert!(last.contains(&mark), "the screen and the question say the same: {mark}, {last}");
    let item = items(&test).await.remove(0).id.to_string();
    let zoe = super::meetings::invitee(&test, "Zoé Perrin").await.id;
    let decision = [("texte", "Ouvrir un poste"), ("mode", "consensus")];
    let acts: [(String, &[(&str, &str)]); 4] = [
        (format!("{page}/seance/point"), &[("point", &item)]),
        (format!("{page}/seance/presences/{zoe}"), &[("presence", "present")]),
        (format!("{page}/seance/decisions"), &decision),
        (format!("{page}/seance/partage"), &[("ouvrir", "oui")]),
    ];
    for (address, form) in acts {
        me.post(&address, form).await.is(303);
        let now = seen().await;
        assert_ne!(now, last, "{address}");
        last = now;
    }
    assert!(me.get(&format!("{page}/seance")).await.ok().body.contains(last.split('"').nth(3).unwrap()));
    assert_eq!(seen().await, last, "nothing changed since");
}
