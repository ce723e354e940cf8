//! Papers of a meeting: prepared from what the network knows, frozen as they were sent, given to who is convened.

use kit::Role;
use kit::mail::Outgoing;
use kit::testing::TestApp;

use super::super::committee::Committee;
use super::super::decision::{self, Decision};
use super::super::dossier::{self, Dossier};
use super::super::meeting::Meeting;
use super::super::objective::{self, Objective};
use super::super::paper::{MeetingPaper, PREPARED};
use super::meetings::{convene, copil, link, mails, meeting, plan};
use super::sessions::{items, session};
use super::{actor, all};

/// Everything that the platform prepares, as the form asks for it.
fn everything() -> Vec<(&'static str, &'static str)> {
    PREPARED.iter().map(|one| ("prepare", one.code)).collect()
}

/// What the dossier of a meeting would say now.
async fn said(test: &TestApp, meeting: &Meeting) -> String {
    let mut tx = test.app.db.read().await.unwrap();
    let committee: Committee = tx.get(test.network.id, meeting.committee_id).await.unwrap();
    let now = test.app.now();
    let paper = dossier::gather(&mut tx, &test.network, (meeting, &committee), now).await.unwrap();
    format!("{paper:?}")
}

/// The committee meets, decides two things, and plans to meet again; the address of the next meeting.
async fn after_a_meeting(test: &TestApp) -> String {
    let me = test.someone(Role::Coordinator, None, None).await;
    let before = session(test, &me).await;
    let held = meeting(test).await;
    let mut tx = test.app.db.write().await.unwrap();
    let day = test.network.today(test.app.now());
    for (text, due) in [("Ouvrir deux postes à Romans", Some(day)), ("Écrire aux maires du nord", None)] {
        let blank = Decision::blank(&held, day, test.app.now());
        let one =
            Decision { text: text.to_owned(), due_on: due, owner: Some("Ana Lopes".to_owned()), ..blank };
        decision::take(&mut tx, &actor(test), &held, one, false).await.unwrap();
    }
    let committee: Committee = tx.get(test.network.id, held.committee_id).await.unwrap();
    let objective = Objective {
        title: "Couvrir le nord du département".to_owned(),
        progress: 40,
        ..Objective::blank(test.network.id, test.app.now(), committee.id)
    };
    objective::set(&mut tx, &actor(test), objective).await.unwrap();
    tx.commit().await.unwrap();
    test.app.clock.advance_minutes(60 * 24);
    me.post(&format!("{before}/tenue"), &[]).await.is(303);
    test.app.clock.advance_minutes(60 * 24 * 40);
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(test, &me, &committee, 20).await;
    me.post(&format!("{page}/ordre-du-jour/remplir"), &[]).await.is(303);
    page
}

#[tokio::test]
async fn papers_say_what_became_of_decisions_and_what_the_network_is() {
    let test = TestApp::start(crate::parts()).await;
    let page = after_a_meeting(&test).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let all_meetings: Vec<Meeting> = all(&test).await;
    let next = all_meetings.into_iter().find(|one| page.ends_with(&one.id.to_string())).unwrap();
    me.get(&format!("{page}/pieces")).await.ok().shows("Préparer le dossier").shows("Suivi des décisions");
    me.post(&format!("{page}/pieces/dossier"), &everything()).await.is(303);
    let papers: Vec<MeetingPaper> = all(&test).await;
    assert_eq!(papers.len(), PREPARED.len());
    let agenda = items(&test).await;
    let follow_up = papers.iter().find(|one| one.kind == "follow_up").unwrap();
    let about = agenda.iter().find(|item| Some(item.id) == follow_up.item_id).unwrap();
    assert_eq!(about.title, "Suivi des décisions précédentes", "each is about the item that speaks of it");
    let text = said(&test, &next).await;
    for expected in [
        "Ouvrir deux postes à Romans",
        "dont 1 en retard",
        "À faire (en retard)",
        "Couvrir le nord du département",
        "40\\u{a0}%",
        "promeneur",
        "Depuis la réunion du",
        "Arrivées et départs",
        "Ce qui est attendu",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let pdf = me.get(&format!("{page}/pieces/{}", all::<Dossier>(&test).await[0].id)).await.ok();
    assert!(pdf.bytes.starts_with(b"%PDF"), "a file");
    assert!(pdf.header("content-disposition").contains("dossier-copil-de-printemps"), "with a name");
    // A decision that ended since is told with what became of it.
    let first = all::<Decision>(&test).await.remove(0);
    let mut tx = test.app.db.write().await.unwrap();
    let before: Decision = tx.get(test.network.id, first.id).await.unwrap();
    let after = Decision {
        state: "done".to_owned(),
        follow_up: Some("Deux recrutements lancés".to_owned()),
        ..before.clone()
    };
    decision::save(&mut tx, &actor(&test), &next, &before, after).await.unwrap();
    tx.commit().await.unwrap();
    let text = said(&test, &next).await;
    assert!(text.contains("1 achevée depuis") && text.contains("Deux recrutements lancés"), "{text}");
}

#[tokio::test]
async fn a_dossier_stays_as_it_was_sent() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    let pieces = format!("{page}/pieces");
    me.post(&format!("{pieces}/dossier/envoyer"), &[]).await.is(422).shows("convoquez d’abord");
    me.post(&format!("{pieces}/dossier"), &everything()).await.is(303);
    let first = all::<Dossier>(&test).await.remove(0);
    me.post(&format!("{pieces}/dossier"), &[("prepare", "roadmap")]).await.is(303);
    let again = all::<Dossier>(&test).await.remove(0);
    assert_eq!((again.id, again.edition), (first.id, 1), "what was not sent is replaced");
    assert_ne!(again.file, first.file);
    assert!(test.app.files.get(test.network.id, &first.file).await.is_err(), "and its file with it");
    assert_eq!(all::<MeetingPaper>(&test).await.len(), 1, "what is no longer wanted is no longer prepared");
    convene(&test, &me, &page).await;
    me.get(&pieces).await.ok().shows("Envoyer à 4 personnes");
    me.post(&format!("{pieces}/dossier/envoyer"), &[]).await.is(303);
    me.get(&pieces).await.ok().shows("Annuler l’envoi");
    me.post(&format!("{pieces}/dossier/rappeler"), &[]).await.is(303);
    test.app.clock.advance_minutes(1);
    assert!(
        mails(&test, "meeting_papers").await.iter().all(|mail| mail.state == "cancelled"),
        "nothing left"
    );
    me.post(&format!("{pieces}/dossier/envoyer"), &[]).await.is(303);
    me.post(&format!("{pieces}/dossier/envoyer"), &[]).await.is(422).shows("déjà parti");
    test.app.clock.advance_minutes(1);
    me.post(&format!("{pieces}/dossier/rappeler"), &[]).await.is(422).shows("ne peut plus être retenu");
    let left = mails(&test, "meeting_papers").await;
    let left: Vec<&Outgoing> = left.iter().filter(|mail| mail.state != "cancelled").collect();
    assert_eq!(left.len(), 4);
    let sent = all::<Dossier>(&test).await.remove(0);
    assert!(left.iter().all(|mail| mail.files.contains(&sent.file)), "all received the one file");
    me.post(&format!("{pieces}/dossier"), &everything()).await.is(303);
    let mut editions: Vec<Dossier> = all(&test).await;
    editions.sort_by_key(|one| one.edition);
    assert_eq!(editions.len(), 2);
    assert_eq!(editions[0].file, sent.file, "what was sent stays");
    assert!(test.app.files.get(test.network.id, &sent.file).await.is_ok());
}

#[tokio::test]
async fn a_convocation_brings_the_dossier_and_takes_it_back_with_itself() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    me.get(&format!("{page}/convocation")).await.ok().shows("Aucun dossier de séance");
    me.post(&format!("{page}/pieces/dossier"), &everything()).await.is(303);
    me.get(&format!("{page}/convocation")).await.ok().shows("Joindre le dossier de séance");
    let guest = [("invites", "Sofia Moreau <sofia@mda.test>"), ("dossier", "1")];
    me.post(&format!("{page}/convocation"), &guest).await.is(303);
    let made = all::<Dossier>(&test).await.remove(0);
    assert_eq!(made.recipients, 1);
    let mail = mails(&test, "meeting_convocation").await.remove(0);
    assert!(mail.files.contains(&made.file), "it goes with the message");
    assert!(mail.text_body.contains("Le dossier de séance est joint"), "{}", mail.text_body);
    me.post(&format!("{page}/convocation/rappeler"), &[]).await.is(303);
    assert_eq!(all::<Dossier>(&test).await.remove(0).sent_at, None, "nothing was sent");
    me.post(&format!("{page}/convocation"), &guest[..1]).await.is(303);
    assert_eq!(all::<Dossier>(&test).await.remove(0).sent_at, None, "it was not ticked");
}

#[tokio::test]
async fn files_are_what_their_bytes_say_and_reach_who_is_convened_only() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    let pieces = format!("{page}/pieces");
    me.upload(&pieces, "", b"", &[("titre", "Budget")])
        .await
        .is(422)
        .shows("Choisissez un fichier")
        .shows("value=\"Budget\"");
    me.upload(&pieces, "budget.pdf", b"MZ\x90", &[]).await.is(422).shows("type accepté");
    me.upload(&pieces, "page.html", b"<script>alert(1)</script>", &[]).await.is(422).shows("type accepté");
    me.upload(&pieces, "lourd.pdf", &vec![0; 21 << 20], &[]).await.is(413).shows("20\u{a0}Mo");
    assert!(all::<MeetingPaper>(&test).await.is_empty(), "nothing is stored");
    let titled = [("titre", "Budget prévisionnel")];
    me.upload(&pieces, "../../budget 2027.csv", b"poste;euros", &titled).await.is(303);
    let paper = all::<MeetingPaper>(&test).await.remove(0);
    assert_eq!(paper.name.as_deref(), Some("budget 2027.csv"));
    let address = format!("{pieces}/{}", paper.id);
    let given = me.get(&address).await.ok();
    assert_eq!(given.bytes, b"poste;euros");
    assert_eq!(given.header("content-type"), "text/csv");
    // Not before they are convened, and not to those who do not sit in the committee.
    let (anyone, partner) = (test.stranger(), test.someone(Role::Partner, None, None).await);
    partner.get(&address).await.is(404);
    partner.get(&pieces).await.is(404);
    test.someone(Role::Caf, None, None).await.get(&address).await.ok();
    convene(&test, &me, &page).await;
    assert!(
        mails(&test, "meeting_convocation")
            .await
            .iter()
            .all(|mail| mail.text_body.contains("Budget prévisionnel"))
    );
    let zoe = link(&test, "Zoé Perrin").await;
    anyone.get(&zoe).await.ok().shows("Budget prévisionnel");
    assert_eq!(anyone.get(&format!("{zoe}/pieces/{}", paper.id)).await.ok().bytes, b"poste;euros");
    anyone.get(&format!("/reunion/faux/pieces/{}", paper.id)).await.is(410);
    // The paper of another meeting is not had by the link of this one.
    let other = plan(&test, &me, &committee(&test).await, 40).await;
    me.upload(&format!("{other}/pieces"), "autre.csv", b"x", &[]).await.is(303);
    let elsewhere: Vec<MeetingPaper> = all(&test).await;
    let elsewhere = elsewhere.into_iter().find(|one| one.id != paper.id).unwrap();
    anyone.get(&format!("{zoe}/pieces/{}", elsewhere.id)).await.is(404);
    me.get(&format!("{pieces}/{}", elsewhere.id)).await.is(404);
    me.post(&format!("{pieces}/{}/retirer", elsewhere.id), &[]).await.is(404);
    me.post(&format!("{address}/retirer"), &[]).await.is(303);
    anyone.get(&format!("{zoe}/pieces/{}", paper.id)).await.is(404);
}

async fn committee(test: &TestApp) -> Committee {
    all(test).await.remove(0)
}

#[tokio::test]
async fn a_paper_moves_with_its_item_and_stays_when_it_goes() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    me.post(&format!("{page}/ordre-du-jour/remplir"), &[]).await.is(303);
    let pieces = format!("{page}/pieces");
    let agenda = items(&test).await;
    let second = agenda[1].id.to_string();
    me.upload(&pieces, "carte.csv", b"x", &[("point", &second)]).await.is(303);
    let paper = all::<MeetingPaper>(&test).await.remove(0);
    assert_eq!(paper.item_id, Some(agenda[1].id));
    let third = agenda[2].id.to_string();
    me.post(&format!("{pieces}/{}/point", paper.id), &[("point", &third)]).await.is(303);
    me.get(&pieces).await.ok().shows(&format!("id=\"point-{third}\""));
    me.post(&format!("{page}/ordre-du-jour/{third}/retirer"), &[]).await.is(303);
    assert_eq!(all::<MeetingPaper>(&test).await.remove(0).item_id, None, "it is still there");
    let stranger = kit::db::Id::new(test.app.now()).to_string();
    me.post(&format!("{pieces}/{}/point", paper.id), &[("point", &stranger)]).await.is(404);
}
