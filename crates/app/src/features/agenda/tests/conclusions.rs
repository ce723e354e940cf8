//! The date that was found becomes that of a meeting.

use kit::Role;
use kit::testing::{Person, TestApp};

use super::super::POLLS;
use super::super::participant::Participant;
use super::*;
use crate::features::governance::meeting::Meeting;

const MEETINGS: &str = "/espace/gouvernance/reunions";

/// A meeting of the committee without a date; its address.
async fn undated(test: &TestApp, me: &Person<'_>) -> String {
    let committee = copil(test).await.id.to_string();
    let form = [("comite", committee.as_str()), ("titre", "Copil de printemps"), ("duree", "2h")];
    me.post(&format!("{MEETINGS}/nouvelle"), &form).await.goes_to()
}

/// A poll for the date of a meeting, sent to the whole committee; its address.
async fn sought(test: &TestApp, me: &Person<'_>, meeting: &str) -> String {
    let id = meeting.rsplit('/').next().unwrap();
    let blank = me.get(&format!("{POLLS}/nouveau?reunion={id}")).await.ok();
    blank.shows("Copil de printemps").shows("Zoé Perrin, Caf (titulaire)");
    let holders: Vec<SeatHolder> = all(test).await;
    let ids: Vec<String> = holders.iter().map(|one| one.id.to_string()).collect();
    let mut more: Vec<(&str, &str)> = ids.iter().map(|id| ("personnes", id.as_str())).collect();
    more.push(("reunion", id));
    let page = post(me, &format!("{POLLS}/nouveau"), &form(test, &[20, 21]), &more).await.goes_to();
    me.post(&format!("{page}/envoyer"), &[]).await.is(303);
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
    page
}

async fn the_meeting(test: &TestApp) -> Meeting {
    all(test).await.pop().unwrap()
}

#[tokio::test]
async fn a_meeting_without_a_date_finds_it_by_a_poll_of_its_committee() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let meeting = undated(&test, &me).await;
    me.get(&meeting).await.ok().shows("Trouver une date par un sondage");
    let page = sought(&test, &me, &meeting).await;
    assert_eq!(all::<Participant>(&test).await.len(), 3);
    me.get(&meeting).await.ok().shows("0 réponse sur 3").hides("Trouver une date par un sondage");
    // One search at a time.
    let id = meeting.rsplit('/').next().unwrap();
    post(&me, &format!("{POLLS}/nouveau"), &form(&test, &[30]), &[("reunion", id)])
        .await
        .is(422)
        .shows("cherche déjà la date");
    say(&test, "Ana Lopes", &["non", "oui"]).await.is(303);
    let chosen = slots(&test).await[1].clone();
    let suite = format!("reunion:{id}");
    me.get(&format!("{page}/conclure"))
        .await
        .ok()
        .shows("La donner à la réunion «\u{a0}Copil de printemps\u{a0}»");
    let to = me
        .post(
            &format!("{page}/conclure"),
            &[("date", chosen.id.to_string().as_str()), ("suite", suite.as_str())],
        )
        .await
        .goes_to();
    assert_eq!(to, meeting);
    let dated = the_meeting(&test).await;
    assert_eq!((dated.starts_at, dated.state.as_str()), (Some(chosen.starts_at), "planned"));
    assert_eq!(dated.place.as_deref(), Some("Caf de la Drôme, Valence"));
    me.get(&meeting)
        .await
        .ok()
        .shows("de 14\u{a0}h à 16\u{a0}h")
        .shows("Date choisie")
        .shows("Convoquer</a>");
    let told = mails(&test, "poll_conclusion").await;
    assert_eq!(told.len(), 2, "those who have an address");
    assert!(told[0].text_body.contains("La convocation suivra") && told[0].files().is_empty());
}

#[tokio::test]
async fn a_meeting_that_was_dated_or_cancelled_meanwhile_keeps_what_it_has() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let meeting = undated(&test, &me).await;
    let page = sought(&test, &me, &meeting).await;
    let (chosen, id) = (slots(&test).await[0].id.to_string(), the_meeting(&test).await.id);
    let suite = format!("reunion:{id}");
    let conclusion = [("date", chosen.as_str()), ("suite", suite.as_str())];
    let when = moment(&test, 40);
    let dated = [
        ("titre", "Copil de printemps"),
        ("duree", "2h"),
        ("moment", when.as_str()),
        ("lieu", "Valence"),
        ("version", "1"),
    ];
    me.post(&format!("{meeting}/modifier"), &dated).await.is(303);
    me.post(&format!("{page}/conclure"), &conclusion).await.is(422).shows("Cette réunion a déjà une date");
    me.get(&page).await.ok().shows("ne peut plus lui donner de date");
    let zoe: Vec<SeatHolder> = all(&test).await;
    let zoe = zoe.iter().find(|one| one.name == "Zoé Perrin").unwrap().id.to_string();
    me.post(&format!("{meeting}/convocation"), &[("personnes", zoe.as_str())]).await.is(303);
    me.post(&format!("{page}/conclure"), &conclusion).await.is(422).shows("Cette réunion est déjà convoquée");
    me.post(&format!("{meeting}/annuler"), &[]).await.is(303);
    me.post(&format!("{page}/conclure"), &conclusion).await.is(422).shows("Cette réunion est annulée");
    assert!(mails(&test, "poll_conclusion").await.is_empty() && poll(&test).await.is_open());
    assert_eq!(the_meeting(&test).await.state, "cancelled");
    // The date may still go to another meeting of the committee.
    let committee = the_meeting(&test).await.committee_id;
    let new = format!("comite:{committee}");
    me.post(&format!("{page}/conclure"), &[("date", chosen.as_str()), ("suite", new.as_str())]).await.is(303);
    let meetings: Vec<Meeting> = all(&test).await;
    assert!(
        meetings.len() == 2 && meetings.iter().any(|one| one.state == "planned" && one.starts_at.is_some())
    );
}

#[tokio::test]
async fn a_date_that_is_past_unknown_or_of_another_poll_is_not_chosen() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let first = sent(&test, &me, &[20]).await;
    let theirs = slots(&test).await[0].id.to_string();
    let page = sent(&test, &me, &[11, 30]).await;
    me.post(&format!("{page}/conclure"), &[]).await.is(422).shows("Choisissez une des dates à venir.");
    let crossed = [("date", theirs.as_str()), ("suite", "rien")];
    me.post(&format!("{page}/conclure"), &crossed).await.is(422).shows("Choisissez dans la liste.");
    me.post(&format!("{first}/conclure"), &[("date", theirs.as_str()), ("suite", "autre")])
        .await
        .is(422)
        .shows("Dites ce que devient la date.");
    test.app.clock.advance_minutes(12 * 24 * 60);
    let past = slots(&test).await[0].id.to_string();
    me.post(&format!("{page}/conclure"), &[("date", past.as_str()), ("suite", "rien")]).await.is(422);
    assert!(mails(&test, "poll_conclusion").await.is_empty());
    let other = elsewhere(&test).await;
    let stranger = test.someone_in(&other, Role::Coordinator, None, None).await;
    stranger.post(&format!("{first}/conclure"), &crossed).await.is(404);
}
