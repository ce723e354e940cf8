//! People who come in or go once others are convened.

use kit::Role;
use kit::mail::Outgoing;
use kit::testing::{Person, TestApp};

use super::super::MEETINGS;
use super::super::committee::Committee;
use super::super::invitee::Invitee;
use super::super::seat::{self, Held, Seat, SeatHolder};
use super::meetings::{convene, copil, invitee, link, mails, meeting, plan};
use super::{actor, all, wait_for};

/// A meeting in twenty days to which four have been convened, who have heard of it; its address.
async fn convened(test: &TestApp, me: &Person<'_>, copil: &Committee) -> String {
    let page = plan(test, me, copil, 20).await;
    convene(test, me, &page).await;
    later(test).await;
    page
}

/// A minute later, when what waited has left.
async fn later(test: &TestApp) {
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
}

/// The messages of a kind to an address.
async fn to(test: &TestApp, kind: &str, address: &str) -> Vec<Outgoing> {
    mails(test, kind).await.into_iter().filter(|mail| mail.recipient == address).collect()
}

/// The invitation that goes with a message, on long lines.
async fn event(test: &TestApp, mail: &Outgoing) -> String {
    let file = mail.files().pop().unwrap();
    let bytes = test.app.files.get(test.network.id, &file.file).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap().replace("\r\n ", "")
}

/// Seats a deputy beside the titular of an organisation.
async fn deputy(
    test: &TestApp,
    copil: &Committee,
    organisation: &str,
    name: &str,
    email: &str,
) -> SeatHolder {
    let mut tx = test.app.db.write().await.unwrap();
    let today = test.network.today(test.app.now());
    let seats = seat::of_committee(&mut tx, test.network.id, copil.id, today).await.unwrap();
    let Held { seat, .. } = seats.into_iter().find(|held| held.seat.organisation == organisation).unwrap();
    let holder = SeatHolder {
        name: name.to_owned(),
        email: Some(email.to_owned()),
        ..SeatHolder::blank(&seat, test.app.now(), "deputy")
    };
    let holder = seat::succeed(&mut tx, &actor(test), &seat, holder).await.unwrap();
    tx.commit().await.unwrap();
    holder
}

#[tokio::test]
async fn a_guest_added_later_gets_the_convocation_as_it_is_now_and_nobody_else_hears_of_it() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = convened(&test, &me, &copil(&test).await).await;
    let version = meeting(&test).await.version.to_string();
    let day = test.network.day_of(test.app.now().plus_days(25));
    let moment = format!("{day}T14:00");
    let moved = [
        ("titre", "Copil de printemps"),
        ("moment", moment.as_str()),
        ("duree", "2h"),
        ("lieu", "Caf de la Drôme, Valence"),
        ("version", version.as_str()),
    ];
    me.post(&format!("{page}/modifier"), &moved).await.is(303);
    let before = test.mails().await.len();
    me.get(&format!("{page}/personnes")).await.ok().shows("Chaque siège du comité est déjà représenté.");
    let guests = [("invites", "Nora Petit <Nora@prefecture.test>")];
    me.post(&format!("{page}/personnes"), &guests).await.is(303);
    let sent = to(&test, "meeting_convocation", "nora@prefecture.test").await;
    assert_eq!((sent.len(), test.mails().await.len()), (1, before + 1));
    let invitation = event(&test, &sent[0]).await;
    assert!(invitation.contains("METHOD:REQUEST") && invitation.contains("SEQUENCE:1"), "{invitation}");
    assert!(sent[0].text_body.contains(&link(&test, "Nora Petit").await));
    // It may be called back for some seconds, then not.
    me.get(&page).await.ok().shows("La convocation ajoutée part").shows("Nora Petit");
    me.post(&format!("{page}/personnes/rappeler"), &[]).await.is(303);
    assert!(all::<Invitee>(&test).await.iter().all(|one| one.name != "Nora Petit"));
    later(&test).await;
    assert!(to(&test, "meeting_convocation", "nora@prefecture.test").await[0].sent_at.is_none());
    me.post(&format!("{page}/personnes"), &guests).await.is(303);
    later(&test).await;
    me.get(&page).await.ok().hides("La convocation ajoutée part");
    me.post(&format!("{page}/personnes/rappeler"), &[]).await.is(422).shows("sont parties");
    test.stranger().post(&link(&test, "Nora Petit").await, &[("reponse", "oui")]).await.is(303);
    assert_eq!(invitee(&test, "Nora Petit").await.answer, "yes");
    me.get(&page).await.ok().shows("0 voix sur 4");
}

#[tokio::test]
async fn what_is_wrong_with_those_added_is_said_and_nobody_is_written_to() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let page = convened(&test, &me, &copil).await;
    let people = format!("{page}/personnes");
    let before = (test.mails().await.len(), all::<Invitee>(&test).await.len());
    me.post(&people, &[]).await.is(422).shows("Choisissez au moins une personne à convoquer.");
    me.post(&people, &[("invites", "Nora nora(at)prefecture.test")])
        .await
        .is(422)
        .shows("n’est pas une adresse");
    let twice = "Nora <nora@prefecture.test>\nZoé <ZOE@caf.test>";
    me.post(&people, &[("invites", twice)])
        .await
        .is(422)
        .shows("zoe@caf.test est déjà l’adresse d’une personne convoquée, Zoé Perrin.")
        .shows("nora@prefecture.test");
    let stand_in = deputy(&test, &copil, "Caf", "Marc Faure", "marc@caf.test").await.id.to_string();
    me.get(&people).await.ok().hides("Marc Faure");
    me.post(&people, &[("personnes", stand_in.as_str())])
        .await
        .is(422)
        .shows("est déjà représenté par Zoé Perrin");
    assert_eq!((test.mails().await.len(), all::<Invitee>(&test).await.len()), before);
}

#[tokio::test]
async fn a_seat_given_since_is_convened_and_its_voice_counts() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let page = convened(&test, &me, &copil).await;
    assert_eq!((meeting(&test).await.voting_seats, meeting(&test).await.quorum), (4, Some(2)));
    let mut tx = test.app.db.write().await.unwrap();
    let now = test.app.now();
    let seat = Seat { organisation: "Sdjes".to_owned(), ..Seat::blank(copil.network_id, now, copil.id) };
    let holder = SeatHolder {
        name: "Inès Martin".to_owned(),
        email: Some("ines@sdjes.test".to_owned()),
        ..SeatHolder::blank(&seat, now, "titular")
    };
    let deputy = SeatHolder { name: "Noé Petit".to_owned(), ..SeatHolder::blank(&seat, now, "deputy") };
    let (id, other) = (holder.id.to_string(), deputy.id.to_string());
    seat::give(&mut tx, &actor(&test), seat, vec![holder, deputy]).await.unwrap();
    tx.commit().await.unwrap();
    me.get(&format!("{page}/personnes")).await.ok().shows("Inès Martin, Sdjes (titulaire)");
    // Titular and deputy come in together; a guest with the address of one of them does not.
    let both = [("personnes", id.as_str()), ("personnes", other.as_str())];
    let thrice = [both.as_slice(), &[("invites", "ines@sdjes.test")]].concat();
    me.post(&format!("{page}/personnes"), &thrice).await.is(422).shows("ines@sdjes.test est déjà l’adresse");
    me.post(&format!("{page}/personnes"), &both).await.is(303);
    assert_eq!(invitee(&test, "Noé Petit").await.rank, "deputy");
    assert_eq!((meeting(&test).await.voting_seats, meeting(&test).await.quorum), (5, Some(3)));
    test.stranger().post(&link(&test, "Inès Martin").await, &[("reponse", "oui")]).await.is(303);
    me.get(&page).await.ok().shows("1 voix sur 5").shows("Il en faut 3");
    me.post(&format!("{page}/personnes"), &[("personnes", id.as_str())]).await.is(422);
    assert_eq!(to(&test, "meeting_convocation", "ines@sdjes.test").await.len(), 1);
}

#[tokio::test]
async fn who_takes_anothers_place_has_the_seat_and_its_voice_and_the_former_hears_of_it_alone() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let page = convened(&test, &me, &copil).await;
    let marc = deputy(&test, &copil, "Caf", "Marc Faure", "marc@caf.test").await.id.to_string();
    let zoe = invitee(&test, "Zoé Perrin").await;
    let (her_link, anas) = (link(&test, "Zoé Perrin").await, link(&test, "Ana Lopes").await);
    // Ana had given her voice to Zoé, who had given hers to nobody.
    let bearer = zoe.id.to_string();
    let absent = [("reponse", "non"), ("pouvoir", bearer.as_str())];
    test.stranger().post(&anas, &absent).await.is(303);
    let before = test.mails().await.len();
    let own = format!("{page}/personnes/{}", zoe.id);
    me.get(&own).await.ok().shows("Marc Faure (suppléant").shows("Ana Lopes lui a donné pouvoir");
    me.post(&format!("{own}/remplacer"), &[("qui", marc.as_str())]).await.is(303);
    let new = invitee(&test, "Marc Faure").await;
    assert_eq!((new.seat_id, new.is_voting, new.rank.as_str()), (zoe.seat_id, true, "deputy"));
    assert_eq!((new.answer.as_str(), new.replaces.as_deref()), ("none", Some("Zoé Perrin")));
    assert!(new.next_reminder_at.is_some(), "who says nothing is asked again");
    assert_eq!(invitee(&test, "Ana Lopes").await.proxy_id, None);
    let convoked = to(&test, "meeting_convocation", "marc@caf.test").await;
    assert!(event(&test, &convoked[0]).await.contains("SEQUENCE:0"));
    let removal = to(&test, "meeting_removal", "zoe@caf.test").await;
    assert!(removal[0].text_body.contains("Marc Faure vient à votre place"), "{}", removal[0].text_body);
    assert!(!removal[0].text_body.contains("/reunion/") && !removal[0].html_body.contains("/reunion/"));
    let struck = event(&test, &removal[0]).await;
    assert!(struck.contains("METHOD:CANCEL") && struck.contains("mailto:zoe@caf.test"), "{struck}");
    assert!(!struck.contains("STATUS:") && !struck.contains("marc@caf.test"), "{struck}");
    let released = to(&test, "meeting_proxy", "ana@departement.test").await;
    assert!(released[0].text_body.contains("Votre voix n’est donc plus portée"), "{}", released[0].text_body);
    assert!(released[0].files().is_empty());
    assert_eq!(test.mails().await.len(), before + 3);
    test.stranger().get(&her_link).await.is(410);
    test.stranger().post(&link(&test, "Marc Faure").await, &[("reponse", "oui")]).await.is(303);
    me.get(&page).await.ok().shows("remplace Zoé Perrin").shows("1 voix sur 4");
    // A click too many changes nothing.
    assert_eq!(me.post(&format!("{own}/remplacer"), &[("qui", marc.as_str())]).await.goes_to(), page);
    assert_eq!(test.mails().await.len(), before + 3);
}

#[tokio::test]
async fn a_replacement_that_cannot_be_is_refused_beside_its_field() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = convened(&test, &me, &copil(&test).await).await;
    test.stranger().post(&link(&test, "Zoé Perrin").await, &[("reponse", "oui")]).await.is(303);
    let zoe = invitee(&test, "Zoé Perrin").await;
    let own = format!("{page}/personnes/{}", zoe.id);
    let before = test.mails().await.len();
    let other = [("nom", "Léa Blanc"), ("courriel", "lea@caf.test")];
    me.post(&format!("{own}/remplacer"), &other)
        .await
        .is(422)
        .shows("confirmez le remplacement")
        .shows("value=\"lea@caf.test\"");
    let known = [("nom", "Léa Blanc"), ("courriel", "luc@msa.test"), ("sait", "1")];
    me.post(&format!("{own}/remplacer"), &known).await.is(422).shows("luc@msa.test est déjà l’adresse");
    let wrong = [("nom", ""), ("courriel", "lea(at)caf"), ("sait", "1")];
    me.post(&format!("{own}/remplacer"), &wrong)
        .await
        .is(422)
        .shows("Donnez le nom de la personne qui vient.");
    assert_eq!(test.mails().await.len(), before);
    assert_eq!(invitee(&test, "Zoé Perrin").await.answer, "yes");
    // Someone without an address is written down, to be told otherwise.
    let silent = [("nom", "Léa Blanc"), ("sait", "1")];
    me.post(&format!("{own}/remplacer"), &silent).await.is(303);
    assert_eq!(invitee(&test, "Léa Blanc").await.email, None);
    assert_eq!(mails(&test, "meeting_convocation").await.len(), 4);
    me.get(&page).await.ok().shows("Léa Blanc").shows("0 voix sur 4");
}

#[tokio::test]
async fn who_is_removed_hears_of_it_once_and_their_seat_still_counts() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = convened(&test, &me, &copil(&test).await).await;
    let (luc, paul) = (invitee(&test, "Luc Roy").await, invitee(&test, "Paul Blanc").await);
    // Luc gives his voice to Ana, who bears it no more once he is struck out.
    let ana = invitee(&test, "Ana Lopes").await.id.to_string();
    let absent = [("reponse", "non"), ("pouvoir", ana.as_str())];
    test.stranger().post(&link(&test, "Luc Roy").await, &absent).await.is(303);
    let own = format!("{page}/personnes/{}", luc.id);
    me.get(&own).await.ok().shows("Pouvoir donné à Ana Lopes");
    me.post(&format!("{own}/retirer"), &[]).await.is(303);
    me.post(&format!("{own}/retirer"), &[]).await.is(303);
    let removal = to(&test, "meeting_removal", "luc@msa.test").await;
    assert_eq!(removal.len(), 1);
    assert_eq!(removal[0].files()[0].media_type, "text/calendar; charset=utf-8; method=CANCEL");
    assert!(mails(&test, "meeting_proxy").await.is_empty());
    // Who has no address is struck out in silence.
    me.post(&format!("{page}/personnes/{}/retirer", paul.id), &[]).await.is(303);
    assert_eq!(mails(&test, "meeting_removal").await.len(), 1);
    me.get(&page).await.ok().hides("Luc Roy").shows("0 voix sur 4");
    // What happens to the meeting then is no business of theirs.
    me.post(&format!("{page}/annuler"), &[]).await.is(303);
    assert!(to(&test, "meeting_cancellation", "luc@msa.test").await.is_empty());
    me.post(&format!("{own}/retirer"), &[]).await.is(303);
    assert_eq!(mails(&test, "meeting_removal").await.len(), 1);
}

#[tokio::test]
async fn the_last_person_is_not_removed() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = convened(&test, &me, &copil(&test).await).await;
    let everyone: Vec<Invitee> = all(&test).await;
    let (last, others) = everyone.split_last().unwrap();
    for one in others {
        me.post(&format!("{page}/personnes/{}/retirer", one.id), &[]).await.is(303);
    }
    let own = format!("{page}/personnes/{}", last.id);
    me.get(&own).await.ok().shows("annulez plutôt la réunion");
    me.post(&format!("{own}/retirer"), &[]).await.is(422).shows("annulez plutôt la réunion");
    assert_eq!(all::<Invitee>(&test).await.len(), 1);
}

#[tokio::test]
async fn a_corrected_address_gets_the_convocation_with_a_link_of_its_own() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = convened(&test, &me, &copil(&test).await).await;
    let ana = invitee(&test, "Ana Lopes").await;
    let (old_link, lucs) = (link(&test, "Ana Lopes").await, link(&test, "Luc Roy").await);
    let bearer = ana.id.to_string();
    test.stranger().post(&lucs, &[("reponse", "non"), ("pouvoir", bearer.as_str())]).await.is(303);
    let own = format!("{page}/personnes/{}/adresse", ana.id);
    me.post(&own, &[("adresse", "ana(at)drome")]).await.is(422);
    me.post(&own, &[]).await.is(422).shows("Indiquez l’adresse de cette personne.");
    me.post(&own, &[("adresse", "luc@msa.test")])
        .await
        .is(422)
        .shows("déjà l’adresse d’une personne convoquée");
    let before = test.mails().await.len();
    me.post(&own, &[("adresse", "ana@departement.test")]).await.is(303);
    assert_eq!(test.mails().await.len(), before, "the same address is no other");
    me.post(&own, &[("adresse", "Ana.Lopes@drome.test")]).await.is(303);
    assert_eq!(to(&test, "meeting_convocation", "ana.lopes@drome.test").await.len(), 1);
    assert_eq!(test.mails().await.len(), before + 1, "the wrong address hears no more of it");
    test.stranger().get(&old_link).await.is(410);
    test.stranger().get(&link(&test, "Ana Lopes").await).await.ok().shows("Vous portez la voix de Luc Roy");
    me.post(&own, &[("adresse", "ana.lopes@drome.test")]).await.is(303);
    assert_eq!(test.mails().await.len(), before + 1);
}

#[tokio::test]
async fn people_come_in_until_the_meeting_begins_then_only_the_secretary_notes_them() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let (page, other) = (convened(&test, &me, &copil).await, plan(&test, &me, &copil, 40).await);
    let zoe = invitee(&test, "Zoé Perrin").await.id;
    let guests = [("invites", "nora@prefecture.test")];
    // Before anyone is convened, and for someone of another meeting.
    me.post(&format!("{other}/personnes"), &guests).await.is(422).shows("convoquez-la d’abord");
    for act in ["remplacer", "adresse", "retirer"] {
        let form = [("nom", "Léa"), ("adresse", "lea@caf.test")];
        me.post(&format!("{other}/personnes/{zoe}/{act}"), &form).await.is(404);
    }
    me.get(&format!("{other}/personnes/{zoe}")).await.is(404);
    me.get(&format!("{page}/personnes/{}", kit::Id::new(test.app.now()))).await.is(404);
    test.someone(Role::Caf, None, None).await.post(&format!("{page}/personnes"), &guests).await.is(403);
    wait_for(&test, &page, 5).await;
    let before = test.mails().await.len();
    me.get(&page).await.ok().hides("Ajouter des personnes");
    me.get(&format!("{page}/personnes")).await.is(303);
    me.post(&format!("{page}/personnes"), &guests).await.is(422).shows("arrivé sans être convoqué");
    me.post(&format!("{page}/personnes/{zoe}/retirer"), &[]).await.is(422);
    let sitting = format!("{page}/seance");
    me.post(&sitting, &[]).await.is(303);
    me.post(&format!("{sitting}/presences"), &[("nom", "Nora Petit"), ("organisme", "Préfecture")])
        .await
        .is(303);
    let nora = invitee(&test, "Nora Petit").await;
    assert_eq!((nora.email, nora.attendance.as_deref(), nora.seat_id), (None, Some("present"), None));
    assert_eq!(test.mails().await.len(), before, "who came in is not written to");
    me.post(&format!("{page}/tenue"), &[]).await.is(303);
    me.post(&format!("{page}/personnes"), &guests).await.is(422).shows("s’est tenue");
    me.get(&format!("{MEETINGS}?format=csv")).await.ok();
}
