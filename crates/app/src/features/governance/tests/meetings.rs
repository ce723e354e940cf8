//! The life of a meeting until it is held: its date, its agenda, who is convened and what they answer.

use documents::calendar::{Answer, Reply};
use kit::Role;
use kit::db::Timestamp;
use kit::mail::Outgoing;
use kit::testing::{Person, TestApp};

use super::super::agenda_item::AgendaItem;
use super::super::committee::{self, Committee};
use super::super::invitee::{self, Invitee};
use super::super::meeting::Meeting;
use super::super::seat::{self, Seat, SeatHolder};
use super::super::{COMMITTEES, MEETINGS};
use super::{actor, all};

const MEMBERS: [(&str, &str, &str); 4] = [
    ("Caf", "Zoé Perrin", "zoe@caf.test"),
    ("Département", "Ana Lopes", "ana@departement.test"),
    ("Msa", "Luc Roy", "luc@msa.test"),
    ("Mairie", "Paul Blanc", ""),
];

/// A Copil with four voting seats, one of them held by someone without an address.
pub(super) async fn copil(test: &TestApp) -> Committee {
    let mut tx = test.app.db.write().await.unwrap();
    let now = test.app.now();
    let blank = Committee { quorum_percent: Some(50), ..Committee::blank(test.network.id, now, "steering") };
    let copil = committee::found(&mut tx, &actor(test), blank).await.unwrap();
    for (organisation, name, email) in MEMBERS {
        let seat =
            Seat { organisation: organisation.to_owned(), ..Seat::blank(copil.network_id, now, copil.id) };
        let email = Some(email.to_owned()).filter(|email| !email.is_empty());
        let holder = SeatHolder { name: name.to_owned(), email, ..SeatHolder::blank(&seat, now, "titular") };
        seat::give(&mut tx, &actor(test), seat, vec![holder]).await.unwrap();
    }
    tx.commit().await.unwrap();
    copil
}

/// As a form sends it: so many days from now, at two in the afternoon.
pub(super) fn moment(test: &TestApp, days: i64) -> String {
    let day = test.network.day_of(test.app.now().plus_days(days));
    format!("{day}T14:00")
}

/// A meeting as its form plans it; its address.
pub(super) async fn plan(test: &TestApp, me: &Person<'_>, copil: &Committee, days: i64) -> String {
    let (id, moment) = (copil.id.to_string(), moment(test, days));
    let form = [
        ("comite", id.as_str()),
        ("titre", "Copil de printemps"),
        ("moment", moment.as_str()),
        ("duree", "2h"),
        ("lieu", "Caf de la Drôme, Valence"),
        ("message", "Un café <b>vous attend</b>\nà 13 h 30."),
    ];
    me.post(&format!("{MEETINGS}/nouvelle"), &form).await.goes_to()
}

pub(super) async fn meeting(test: &TestApp) -> Meeting {
    all(test).await.pop().unwrap()
}

pub(super) async fn invitee(test: &TestApp, name: &str) -> Invitee {
    let invitees: Vec<Invitee> = all(test).await;
    invitees.into_iter().find(|one| one.name == name).unwrap()
}

pub(super) async fn link(test: &TestApp, name: &str) -> String {
    let one = invitee(test, name).await;
    format!("/reunion/{}", invitee::token(&test.app, test.network.id, one.id))
}

/// Has someone with an account sit where a holder of a seat does.
pub(super) async fn seated(test: &TestApp, name: &str, person: &Person<'_>) {
    let mut tx = test.app.db.write().await.unwrap();
    let holders: Vec<SeatHolder> = tx.all_of(test.network.id).await.unwrap();
    let before = holders.into_iter().find(|one| one.name == name).unwrap();
    let account: crate::features::accounts::account::Account =
        tx.get(test.network.id, person.account_id.unwrap()).await.unwrap();
    let after = SeatHolder { email: Some(account.email), ..before.clone() };
    seat::correct(&mut tx, &actor(test), &before, after).await.unwrap();
    tx.commit().await.unwrap();
}

/// Convenes every titular who has an address, and one guest.
pub(super) async fn convene(test: &TestApp, me: &Person<'_>, page: &str) {
    let holders: Vec<SeatHolder> = all(test).await;
    let ids: Vec<String> =
        holders.iter().filter(|one| one.email.is_some()).map(|one| one.id.to_string()).collect();
    let mut form: Vec<(&str, &str)> = ids.iter().map(|id| ("personnes", id.as_str())).collect();
    form.push(("invites", "Sofia Moreau <sofia@mda.test>"));
    me.post(&format!("{page}/convocation"), &form).await.is(303);
}

/// Messages of a kind, newest first.
pub(super) async fn mails(test: &TestApp, kind: &str) -> Vec<Outgoing> {
    test.mails().await.into_iter().filter(|mail| mail.kind == kind).collect()
}

#[tokio::test]
async fn a_meeting_is_planned_without_its_date_and_convened_once_it_has_one() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    me.get(&format!("{MEETINGS}/nouvelle")).await.ok().shows("Créer un comité");
    let copil = copil(&test).await;
    let id = copil.id.to_string();
    let form = [("comite", id.as_str()), ("titre", "Copil d’automne"), ("duree", "2h")];
    let page = me.post(&format!("{MEETINGS}/nouvelle"), &form).await.goes_to();
    me.get(&page).await.ok().shows("date à trouver").shows("Fixez d’abord la date");
    me.get(MEETINGS).await.ok().shows("Copil d’automne").shows("date à trouver");
    let when = moment(&test, 30);
    let dated = [&form[1..], &[("moment", when.as_str()), ("version", "1")]].concat();
    me.post(&format!("{page}/modifier"), &dated).await.is(303);
    me.get(&page).await.ok().shows("de 14\u{a0}h à 16\u{a0}h").shows("Indiquez d’abord le lieu");
    me.post(&format!("{page}/convocation"), &[]).await.is(422).shows("Indiquez d’abord le lieu");
    let placed = [&dated[..3], &[("lieu", "Valence"), ("version", "2")]].concat();
    me.post(&format!("{page}/modifier"), &placed).await.is(303);
    me.get(&page).await.ok().shows("Convoquer</a>");
    me.get(&format!("{page}/convocation")).await.ok().shows("Zoé Perrin").shows("Paul Blanc, Mairie");
    assert!(all::<Invitee>(&test).await.is_empty());
}

#[tokio::test]
async fn what_is_wrong_with_a_meeting_is_said_beside_its_field() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let id = copil.id.to_string();
    let wrong = [
        ("comite", id.as_str()),
        ("titre", ""),
        ("moment", "2020-01-01T10:00"),
        ("duree", "jamais"),
        ("visio", "javascript:alert(1)"),
    ];
    me.post(&format!("{MEETINGS}/nouvelle"), &wrong)
        .await
        .is(422)
        .shows("Donnez un titre à la réunion.")
        .shows("Ce moment est passé.")
        .shows("Indiquez une durée")
        .shows("Ce lien commence par https://.");
    let unknown = [("comite", "autre"), ("titre", "Copil")];
    me.post(&format!("{MEETINGS}/nouvelle"), &unknown).await.is(422).shows("Choisissez le comité");
    assert!(all::<Meeting>(&test).await.is_empty());
    let page = plan(&test, &me, &copil, 20).await;
    let nobody = [("invites", "Sofia Moreau sofia(at)mda.test")];
    me.post(&format!("{page}/convocation"), &nobody).await.is(422).shows("n’est pas une adresse");
    me.post(&format!("{page}/convocation"), &[]).await.is(422).shows("au moins une personne");
    assert!(all::<Invitee>(&test).await.is_empty() && test.mails().await.is_empty());
}

#[tokio::test]
async fn those_convened_get_a_message_with_the_invitation_and_a_link_of_their_own() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    me.post(&format!("{page}/ordre-du-jour/remplir"), &[]).await.is(303);
    convene(&test, &me, &page).await;
    let sent = mails(&test, "meeting_convocation").await;
    let mut to: Vec<&str> = sent.iter().map(|mail| mail.recipient.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["ana@departement.test", "luc@msa.test", "sofia@mda.test", "zoe@caf.test"]);
    let ana = sent.iter().find(|mail| mail.recipient.starts_with("ana")).unwrap();
    let own = link(&test, "Ana Lopes").await;
    assert!(
        ana.text_body.contains(&own) && ana.html_body.contains(&format!("{own}?reponse=oui")),
        "{}",
        ana.text_body
    );
    assert!(ana.html_body.contains("Un café &#60;b&#62;vous attend&#60;/b&#62;<br>"), "{}", ana.html_body);
    assert!(ana.text_body.contains("1. Suivi des décisions précédentes"), "{}", ana.text_body);
    let file = ana.files().pop().unwrap();
    assert_eq!(file.media_type, "text/calendar; charset=utf-8; method=REQUEST");
    let bytes = test.app.files.get(test.network.id, &file.file).await.unwrap();
    let invitation = String::from_utf8(bytes.to_vec()).unwrap().replace("\r\n ", "");
    assert!(
        invitation.contains("SEQUENCE:0") && invitation.contains("mailto:ana@departement.test"),
        "{invitation}"
    );
    assert!(!invitation.contains("zoe@caf.test"), "nobody learns the addresses of the others");
    me.get(&page)
        .await
        .ok()
        .shows("Convoquée")
        .shows("Paul Blanc")
        .shows("sans adresse")
        .shows("0 voix sur 4");
    test.app.clock.advance_minutes(1);
    assert!(test.run_jobs().await >= 4, "they leave once they can no longer be called back");
}

#[tokio::test]
async fn a_convocation_is_called_back_within_its_seconds_and_not_later() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    convene(&test, &me, &page).await;
    me.get(&page).await.ok().shows("Annuler l’envoi");
    me.post(&format!("{page}/convocation/rappeler"), &[]).await.is(303);
    assert!(all::<Invitee>(&test).await.is_empty());
    assert_eq!(meeting(&test).await.state, "planned");
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
    assert!(test.mails().await.iter().all(|mail| mail.sent_at.is_none()), "none of them left");
    convene(&test, &me, &page).await;
    test.app.clock.advance_minutes(1);
    me.get(&page).await.ok().hides("Annuler l’envoi");
    me.post(&format!("{page}/convocation/rappeler"), &[]).await.is(422).shows("sont parties");
    assert_eq!(all::<Invitee>(&test).await.len(), 5);
}

#[tokio::test]
async fn what_changes_before_the_convocations_leave_is_what_they_say() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    convene(&test, &me, &page).await;
    let (when, version) = (moment(&test, 25), meeting(&test).await.version.to_string());
    let moved = [
        ("titre", "Copil de printemps"),
        ("moment", when.as_str()),
        ("duree", "2h"),
        ("lieu", "Valence"),
        ("version", version.as_str()),
    ];
    me.post(&format!("{page}/modifier"), &moved).await.is(303);
    assert!(mails(&test, "meeting_change").await.is_empty(), "nobody had heard of the former date");
    let waiting = mails(&test, "meeting_convocation").await.into_iter().filter(|mail| mail.state == "queued");
    assert_eq!(waiting.count(), 4);
    test.run_jobs().await;
    // They have left, though the seconds are not over: what was told is not taken back.
    me.post(&format!("{page}/convocation/rappeler"), &[]).await.is(422).shows("sont parties");
    assert_eq!(all::<Invitee>(&test).await.len(), 5);
}

#[tokio::test]
async fn a_meeting_that_nobody_heard_of_is_cancelled_in_silence() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    convene(&test, &me, &page).await;
    me.post(&format!("{page}/annuler"), &[]).await.is(303);
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
    assert!(
        test.mails().await.iter().all(|mail| mail.sent_at.is_none() && mail.kind != "meeting_cancellation")
    );
}

#[tokio::test]
async fn the_quorum_is_that_of_the_committee_whoever_is_convened() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    let holders: Vec<SeatHolder> = all(&test).await;
    let zoe = holders.iter().find(|one| one.name == "Zoé Perrin").unwrap().id.to_string();
    let short = [("personnes", zoe.as_str()), ("sans-quorum", "1")];
    me.post(&format!("{page}/convocation"), &short[..1]).await.is(422).shows("n’en atteignent qu’une");
    me.post(&format!("{page}/convocation"), &short).await.is(303);
    test.stranger().post(&link(&test, "Zoé Perrin").await, &[("reponse", "oui")]).await.is(303);
    me.get(&page).await.ok().shows("1 voix sur 4").shows("Il en faut 2");
}

#[tokio::test]
async fn answers_by_link_are_noted_when_they_are_sent_and_make_the_quorum() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    convene(&test, &me, &page).await;
    let (zoe, ana) = (link(&test, "Zoé Perrin").await, link(&test, "Ana Lopes").await);
    let stranger = test.stranger();
    stranger.get(&format!("{zoe}?reponse=oui")).await.ok().shows("Zoé Perrin, serez-vous là");
    assert_eq!(
        invitee(&test, "Zoé Perrin").await.answer,
        "none",
        "a link that is only followed says nothing"
    );
    stranger.post(&zoe, &[("reponse", "oui")]).await.is(303);
    me.get(&page).await.ok().shows("1 voix sur 4").shows("Il en faut 2");
    stranger.post(&zoe, &[]).await.is(422).shows("Dites si vous serez là.");
    // Ana gives her voice to Zoé; Luc may not give his to her too.
    let bearer = invitee(&test, "Zoé Perrin").await.id.to_string();
    let absent = [("reponse", "non"), ("pouvoir", bearer.as_str()), ("mot", "Retenue ailleurs")];
    stranger.post(&ana, &absent).await.is(303);
    me.get(&page)
        .await
        .ok()
        .shows("2 voix sur 4")
        .shows("Quorum atteint")
        .shows("Pouvoir à Zoé Perrin")
        .shows("Retenue ailleurs");
    let luc = link(&test, "Luc Roy").await;
    stranger.get(&luc).await.ok().hides("Zoé Perrin, Caf");
    stranger.post(&luc, &absent).await.is(422).shows("Choisissez dans la liste.");
    stranger.get(&zoe).await.ok().shows("Vous portez la voix de Ana Lopes");
    let both = [("reponse", "peut-etre"), ("pouvoir", bearer.as_str())];
    stranger.post(&ana, &both).await.is(422).shows("On donne sa voix quand on ne vient pas.");
    // Zoé changes her mind: the voice that she bore comes back.
    stranger.post(&zoe, &[("reponse", "non")]).await.is(303);
    assert_eq!(invitee(&test, "Ana Lopes").await.proxy_id, None);
    me.get(&page).await.ok().shows("0 voix sur 4");
    let paul = invitee(&test, "Paul Blanc").await;
    me.post(&format!("{page}/reponses/{}", paul.id), &[("reponse", "yes")]).await.is(303);
    assert_eq!(invitee(&test, "Paul Blanc").await.answered_by.as_deref(), Some("coordination"));
}

#[tokio::test]
async fn a_link_that_is_not_whole_or_not_ours_opens_nothing() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    convene(&test, &me, &page).await;
    let zoe = link(&test, "Zoé Perrin").await;
    let ana = invitee(&test, "Ana Lopes").await.id;
    let signature = zoe.split_once('.').unwrap().1;
    for bad in
        [&zoe[..zoe.len() - 2], &format!("/reunion/{ana}.{signature}"), "/reunion/rien", "/reunion/a.b"]
    {
        test.stranger().get(bad).await.is(410).hides("Zoé Perrin");
        test.stranger().post(bad, &[("reponse", "oui")]).await.is(410);
    }
    test.stranger().get(&format!("{zoe}/agenda.ics")).await.ok().shows("BEGIN:VEVENT");
}

#[tokio::test]
async fn a_new_date_tells_everyone_and_asks_them_anew() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    convene(&test, &me, &page).await;
    let zoe = link(&test, "Zoé Perrin").await;
    test.stranger().post(&zoe, &[("reponse", "oui")]).await.is(303);
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
    let (when, version) = (moment(&test, 25), meeting(&test).await.version.to_string());
    let moved = [
        ("titre", "Copil de printemps"),
        ("moment", when.as_str()),
        ("duree", "2h"),
        ("lieu", "Caf de la Drôme, Valence"),
        ("version", version.as_str()),
    ];
    me.post(&format!("{page}/modifier"), &moved).await.is(303);
    assert_eq!(mails(&test, "meeting_change").await.len(), 4);
    assert_eq!(
        (meeting(&test).await.sequence, invitee(&test, "Zoé Perrin").await.answer.as_str()),
        (1, "none")
    );
    me.post(&format!("{page}/annuler"), &[("motif", "Salle fermée")]).await.is(303);
    let told = mails(&test, "meeting_cancellation").await;
    assert_eq!(told.len(), 4);
    assert!(told[0].text_body.contains("Salle fermée"), "{}", told[0].text_body);
    assert!(told[0].files()[0].media_type.ends_with("method=CANCEL"));
    test.stranger().get(&zoe).await.ok().shows("Cette réunion est annulée").hides("Envoyer ma réponse");
    test.stranger().post(&zoe, &[("reponse", "oui")]).await.is(422).shows("n’attend plus de réponse");
    me.post(&format!("{page}/annuler"), &[]).await.is(422);
}

#[tokio::test]
async fn who_says_nothing_is_asked_again_politely_until_they_answer() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 40).await;
    convene(&test, &me, &page).await;
    let zoe = link(&test, "Zoé Perrin").await;
    test.stranger().post(&zoe, &[("reponse", "peut-etre")]).await.is(303);
    let mut days = Vec::new();
    for day in 1..30 {
        test.app.clock.advance_minutes(24 * 60);
        test.run_schedules().await;
        let sent = mails(&test, "meeting_reminder").await.len();
        if days.last().is_none_or(|(_, before)| *before != sent) {
            days.push((day, sent));
        }
    }
    // Three who did not answer, twice each; the one who said « peut-être » never.
    assert_eq!(days.last().map(|(_, sent)| *sent), Some(6), "{days:?}");
    assert_eq!(days.len(), 3, "{days:?}");
    assert!(mails(&test, "meeting_reminder").await.iter().all(|mail| mail.recipient != "zoe@caf.test"));
}

#[tokio::test]
async fn an_answer_from_a_calendar_counts_for_the_invitation_that_stands() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    convene(&test, &me, &page).await;
    let meeting = meeting(&test).await;
    let take = async |reply: Reply| {
        let mut tx = test.app.db.write().await.unwrap();
        let taken =
            invitee::answer_of_calendar(&mut tx, &test.network, test.app.now(), &reply).await.unwrap();
        tx.commit().await.unwrap();
        taken.is_some()
    };
    let reply = Reply {
        uid: format!("{}@drome.test", meeting.id),
        sequence: 0,
        stamped: 0,
        email: "ana@departement.test".to_owned(),
        answer: Answer::Yes,
        comment: String::new(),
    };
    assert!(!take(Reply { sequence: 3, ..reply.clone() }).await, "another invitation");
    assert!(!take(Reply { email: "quelquun@ailleurs.test".to_owned(), ..reply.clone() }).await);
    assert!(!take(Reply { uid: "autre@ailleurs.test".to_owned(), ..reply.clone() }).await);
    assert!(take(reply.clone()).await);
    let ana = invitee(&test, "Ana Lopes").await;
    assert_eq!((ana.answer.as_str(), ana.answered_by.as_deref()), ("yes", Some("calendar")));
    // What she said since, by her link, is not undone by what her calendar sends late; nor is her word lost.
    let own = link(&test, "Ana Lopes").await;
    test.stranger().post(&own, &[("reponse", "peut-etre"), ("mot", "J’arrive à 15 h")]).await.is(303);
    let now = test.app.now().0 / 1_000_000;
    assert!(!take(Reply { stamped: now - 3_600, ..reply.clone() }).await);
    assert!(take(Reply { stamped: now + 60, answer: Answer::No, ..reply }).await);
    let ana = invitee(&test, "Ana Lopes").await;
    assert_eq!((ana.answer.as_str(), ana.answer_note.as_deref()), ("no", Some("J’arrive à 15 h")));
}

#[tokio::test]
async fn an_agenda_is_prepared_proposed_to_and_carried_over() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let page = plan(&test, &me, &copil, 1).await;
    let agenda = format!("{page}/ordre-du-jour");
    me.get(&agenda).await.ok().shows("Aucun point encore").shows("Partir de l’ordre du jour habituel");
    for (title, minutes) in [("Bilan", "20"), ("Charte", "1h")] {
        let form = [("titre", title), ("but", "decision"), ("duree", minutes)];
        me.post(&agenda, &form).await.is(303);
    }
    me.post(&agenda, &[("titre", ""), ("but", "decision")]).await.is(422).shows("Dites de quoi il s’agit.");
    let items: Vec<AgendaItem> = all(&test).await;
    let charte = items.iter().find(|item| item.title == "Charte").unwrap();
    me.post(&format!("{agenda}/{}/deplacer", charte.id), &[("vers", "haut")]).await.is(303);
    let shown = me.get(&page).await.ok().shows("80 min prévues sur 120").body;
    assert!(shown.find("Charte").unwrap() < shown.find("Bilan").unwrap());
    // Someone who sits in the committee proposes, and does not decide.
    let ana = test.someone(Role::Partner, None, None).await;
    ana.get(&agenda).await.is(404);
    seated(&test, "Ana Lopes", &ana).await;
    ana.post(&agenda, &[("titre", "Mobilités"), ("but", "discussion")]).await.is(303);
    me.get(&agenda).await.ok().shows("Mobilités").shows("Proposé par");
    ana.post(&format!("{agenda}/{}/retirer", charte.id), &[]).await.is(403);
    // The meeting is held; what was not treated is taken up by the next.
    test.app.clock.advance_minutes(3 * 24 * 60);
    me.post(&format!("{page}/tenue"), &[]).await.is(303);
    me.get("/espace/accompagnement/journal").await.ok().shows("Copil de printemps").shows("Copil, Cotech");
    me.post(&agenda, &[("titre", "Trop tard"), ("but", "decision")]).await.is(422);
    let next = plan(&test, &me, &copil, 30).await;
    me.get(&format!("{next}/ordre-du-jour")).await.ok().shows("Reprendre les 2 points");
    me.post(&format!("{next}/ordre-du-jour/remplir"), &[("quoi", "reports")]).await.is(303);
    me.get(&format!("{next}/ordre-du-jour")).await.ok().shows("Charte").shows("Bilan").hides("Reprendre les");
    let later = plan(&test, &me, &copil, 60).await;
    me.get(&format!("{later}/ordre-du-jour")).await.ok().hides("Reprendre les");
}

#[tokio::test]
async fn meetings_are_read_by_those_who_sit_there_and_nobody_of_another_network() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    convene(&test, &me, &page).await;
    me.get(COMMITTEES).await.ok();
    me.get(&format!("{MEETINGS}?format=csv")).await.ok().shows("Copil de printemps").shows("Convoquée");
    let member = test.someone(Role::Partner, None, None).await;
    member.get(&page).await.is(404);
    member.get(MEETINGS).await.ok().hides("Copil de printemps");
    let caf = test.someone(Role::Caf, None, None).await;
    caf.get(&page).await.ok().shows("Zoé Perrin").hides("Annuler la réunion").hides("zoe@caf.test");
    caf.post(&format!("{page}/annuler"), &[]).await.is(403);
    let mut tx = test.app.db.write().await.unwrap();
    let settings = kit::network::Settings::default();
    let other =
        kit::network::create(&mut tx, Timestamp(1), "07", "Ardèche", Some("ardeche.test"), &settings).await;
    tx.commit().await.unwrap();
    let stranger = test.someone_in(&other.unwrap(), Role::Coordinator, None, None).await;
    stranger.get(&page).await.is(404);
    stranger.post(&format!("{page}/annuler"), &[]).await.is(404);
    stranger.get(&link(&test, "Zoé Perrin").await).await.is(410);
}
