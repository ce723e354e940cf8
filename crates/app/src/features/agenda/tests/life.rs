//! The life of a poll: its form, its sending, what changes while people answer, its closing, its end.

use kit::Role;
use kit::testing::TestApp;

use super::super::POLLS;
use super::super::date_poll::DatePoll;
use super::super::participant::Participant;
use super::super::poll_answer::PollAnswer;
use super::super::slot::PollSlot;
use super::*;

#[tokio::test]
async fn a_date_is_sought_found_and_told_to_everyone() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    me.get(POLLS).await.ok().shows("Aucun sondage pour l’instant").shows("Chercher une date");
    let page = prepared(&test, &me, &[20, 21, 22], TWO).await;
    me.get(&page).await.ok().shows("Envoyer le sondage à 2 personnes").shows("En préparation");
    assert!(test.mails().await.is_empty(), "nothing has left yet");
    me.post(&format!("{page}/envoyer"), &[]).await.is(303);
    let asked = mails(&test, "poll_invitation").await;
    let mut to: Vec<&str> = asked.iter().map(|mail| mail.recipient.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["ana@departement.test", "zoe@caf.test"]);
    let zoe = asked.iter().find(|mail| mail.recipient.starts_with("zoe")).unwrap();
    let own = link(&test, "Zoé Perrin").await;
    assert!(zoe.text_body.contains(&own) && zoe.html_body.contains(&own), "{}", zoe.text_body);
    assert!(
        zoe.text_body.contains("de 14\u{a0}h à 16\u{a0}h") && zoe.text_body.contains("fuseau Europe/Paris"),
        "{}",
        zoe.text_body
    );
    assert!(zoe.html_body.contains("Un café &#60;b&#62;vous attend&#60;/b&#62;"), "{}", zoe.html_body);
    test.app.clock.advance_minutes(1);
    assert!(test.run_jobs().await >= 2);
    say(&test, "Zoé Perrin", &["oui", "si-besoin", "non"]).await.is(303);
    me.get(&page).await.ok().shows("1 réponse sur 2").shows("1 oui, 0 si besoin, 0 non, 1 n’a pas dit");
    say(&test, "Ana Lopes", &["non", "si-besoin", "non"]).await.is(303);
    me.get(&page).await.ok().shows("Tout le monde a répondu").shows("La plus favorable");
    me.get(POLLS).await.ok().shows("2 sur 2").shows("Tout le monde a répondu");
    me.get("/espace").await.ok().shows("1 sondage dont la date est à choisir");
    let chosen = slots(&test).await[1].id.to_string();
    me.get(&format!("{page}/conclure")).await.ok().shows("0 oui, 2 si besoin, 0 non – la plus favorable");
    me.post(&format!("{page}/conclure"), &[("date", chosen.as_str()), ("suite", "rien")]).await.is(303);
    let told = mails(&test, "poll_conclusion").await;
    assert_eq!(told.len(), 2);
    assert!(told[0].text_body.contains("La date est choisie"), "{}", told[0].text_body);
    assert!(
        told[0].files()[0].media_type.contains("text/calendar"),
        "a date without a meeting goes to calendars"
    );
    me.get(&page).await.ok().shows("Date choisie").hides("Annuler le sondage");
    me.get("/espace").await.ok().hides("dont la date est à choisir");
    test.stranger().get(&own).await.ok().shows("La date est choisie").hides("Envoyer mes réponses");
    say(&test, "Zoé Perrin", &["oui", "oui", "oui"]).await.is(422).shows("n’attend plus de réponse");
    me.get(&format!("{page}/modifier")).await.is(422).shows("ne change plus");
    me.get("/espace/accompagnement/journal").await.ok().shows("Copil de printemps");
    me.get("/espace/recherche?q=printemps").await.ok().shows("Sondage de dates");
}

#[tokio::test]
async fn what_is_wrong_with_a_poll_is_said_beside_its_field_and_nothing_is_stored() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let new = format!("{POLLS}/nouveau");
    let wrong = [
        ("titre", ""),
        ("duree", "jamais"),
        ("visio", "javascript:alert(1)"),
        ("cloture", "2020-01-01"),
        ("date-1", "2020-01-01T10:00"),
        ("date-3", "demain"),
    ];
    let said = me.post(&new, &wrong).await.is(422);
    for text in [
        "Donnez un titre au sondage.",
        "Indiquez une durée",
        "Ce lien commence par https://.",
        "Ce jour est passé.",
        "Ce moment est passé.",
        "Indiquez un jour et une heure",
        "value=\"demain\"",
    ] {
        assert!(said.body.contains(text), "{text} is not in {}", said.body);
    }
    post(&me, &new, &form(&test, &[]), &[]).await.is(422).shows("Proposez au moins une date.");
    post(&me, &new, &form(&test, &[20, 21, 20]), &[]).await.is(422).shows("Cette date est déjà proposée.");
    post(&me, &new, &form(&test, &[5]), &[]).await.is(422).shows("après la dernière des dates proposées");
    let many: Vec<i64> = (20..61).collect();
    post(&me, &new, &form(&test, &many), &[]).await.is(422).shows("40 dates au plus");
    assert!(all::<DatePoll>(&test).await.is_empty() && all::<PollSlot>(&test).await.is_empty());
}

#[tokio::test]
async fn more_rows_are_given_without_a_script_and_what_was_typed_stays() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let new = format!("{POLLS}/nouveau");
    let blank = me.get(&new).await.ok();
    assert_eq!(blank.body.matches("datetime-local").count(), 3);
    let more = post(&me, &new, &form(&test, &[20, 21]), &[("plus", "1"), ("lignes", "5")]).await.ok();
    assert_eq!(more.body.matches("datetime-local").count(), 10);
    assert!(more.body.contains(&moment(&test, 21)) && more.body.contains("Copil de printemps"));
    let most = post(&me, &new, &form(&test, &[20]), &[("plus", "1"), ("lignes", "999")]).await.ok();
    assert_eq!(most.body.matches("datetime-local").count(), 40);
    assert!(all::<DatePoll>(&test).await.is_empty());
}

#[tokio::test]
async fn a_sending_is_called_back_within_its_seconds_and_not_later() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = prepared(&test, &me, &[20], TWO).await;
    me.post(&format!("{page}/envoyer"), &[]).await.is(303);
    me.get(&page).await.ok().shows("Annuler l’envoi");
    me.post(&format!("{page}/envoyer/annuler"), &[]).await.is(303);
    assert_eq!(poll(&test).await.state, "draft");
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
    assert!(test.mails().await.iter().all(|mail| mail.sent_at.is_none()), "none of them left");
    me.post(&format!("{page}/envoyer"), &[]).await.is(303);
    test.app.clock.advance_minutes(1);
    me.post(&format!("{page}/envoyer/annuler"), &[]).await.is(422).shows("sont partis");
    // Whoever comes later is written to alone, and only that is called back.
    test.run_jobs().await;
    me.post(&format!("{page}/participants"), &[("adresses", "luc@msa.test")]).await.is(303);
    me.get(&page).await.ok().shows("Envoyer le sondage à 1 personne");
    me.post(&format!("{page}/envoyer"), &[]).await.is(303);
    me.post(&format!("{page}/envoyer/annuler"), &[]).await.is(303);
    assert_eq!(poll(&test).await.state, "open");
    let people: Vec<Participant> = all(&test).await;
    assert_eq!(people.iter().filter(|one| one.waits_for_invitation()).count(), 1);
}

#[tokio::test]
async fn a_date_added_is_asked_of_those_who_had_answered_and_one_that_goes_takes_its_answers() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = sent(&test, &me, &[20, 21]).await;
    say(&test, "Zoé Perrin", &["oui", "non"]).await.is(303);
    say(&test, "Ana Lopes", &["oui", "oui"]).await.is(303);
    assert_eq!(noted(&test, "date_poll.all_answered").await, 1);
    let version = poll(&test).await.version.to_string();
    let more =
        post(&me, &format!("{page}/modifier"), &form(&test, &[20, 21, 25]), &[("version", &version)]).await;
    more.is(303);
    let told = mails(&test, "poll_new_dates").await;
    assert_eq!(told.len(), 2);
    assert!(told[0].text_body.contains("De nouvelles dates sont proposées"), "{}", told[0].text_body);
    assert!(poll(&test).await.all_answered_at.is_none());
    me.get(&page)
        .await
        .ok()
        .shows("0 réponse sur 2")
        .shows("N’a pas encore dit")
        .shows("pas encore dit pour toutes les dates");
    let own = link(&test, "Zoé Perrin").await;
    test.stranger().get(&own).await.ok().shows("De nouvelles dates ont été ajoutées").shows("checked");
    say(&test, "Zoé Perrin", &["oui", "non", "oui"]).await.is(303);
    assert!(person(&test, "Zoé Perrin").await.complete_at.is_some());
    // The date that Ana has said nothing of goes: she has spoken of all that are left, and everyone has.
    let version = poll(&test).await.version.to_string();
    post(&me, &format!("{page}/modifier"), &form(&test, &[20, 21]), &[("version", &version)]).await.is(303);
    assert_eq!(all::<PollAnswer>(&test).await.len(), 4);
    assert!(person(&test, "Ana Lopes").await.complete_at.is_some());
    assert_eq!(noted(&test, "date_poll.all_answered").await, 2);
    // A form drawn before is shown again with both texts.
    let stale = post(&me, &format!("{page}/modifier"), &form(&test, &[20]), &[("version", &version)]).await;
    stale.is(409);
    assert_eq!(all::<PollSlot>(&test).await.len(), 2);
}

#[tokio::test]
async fn a_poll_closes_by_itself_after_its_last_day_and_can_be_opened_again() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = sent(&test, &me, &[20]).await;
    for _ in 0..10 {
        test.app.clock.advance_minutes(24 * 60);
        test.run_schedules().await;
        assert_eq!(poll(&test).await.state, "open");
    }
    test.app.clock.advance_minutes(24 * 60);
    test.run_schedules().await;
    assert_eq!(poll(&test).await.state, "closed");
    test.app.clock.advance_minutes(60);
    test.run_schedules().await;
    assert_eq!(noted(&test, "date_poll.closed").await, 1);
    me.get("/espace/notifications").await.ok().shows("Le sondage est clos, choisissez la date");
    say(&test, "Zoé Perrin", &["oui"]).await.is(422).shows("n’attend plus de réponse");
    test.stranger().get(&link(&test, "Zoé Perrin").await).await.ok().shows("Ce sondage est clos");
    let before = day(&test, -1);
    me.post(&format!("{page}/prolonger"), &[("jusqu", before.as_str())]).await.is(422).shows("est passée");
    let until = day(&test, 5);
    me.post(&format!("{page}/prolonger"), &[("jusqu", until.as_str())]).await.is(303);
    assert_eq!(poll(&test).await.state, "open");
    say(&test, "Zoé Perrin", &["oui"]).await.is(303);
    me.post(&format!("{page}/clore"), &[]).await.is(303);
    me.get(&page).await.ok().shows("Le sondage est clos").shows("Rouvrir le sondage");
}

#[tokio::test]
async fn a_cancelled_poll_is_told_to_those_who_had_it_and_to_nobody_else() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = sent(&test, &me, &[20]).await;
    me.post(&format!("{page}/participants"), &[("adresses", "luc@msa.test")]).await.is(303);
    me.post(&format!("{page}/annuler"), &[("motif", "Salle fermée")]).await.is(303);
    let told = mails(&test, "poll_cancellation").await;
    assert_eq!(told.len(), 2);
    assert!(told[0].text_body.contains("Salle fermée"), "{}", told[0].text_body);
    test.stranger()
        .get(&link(&test, "Zoé Perrin").await)
        .await
        .ok()
        .shows("Ce sondage est annulé")
        .shows("Salle fermée");
    me.post(&format!("{page}/annuler"), &[]).await.is(422).shows("ne change plus");
    me.post(&format!("{page}/envoyer"), &[]).await.is(422);
    me.get(POLLS).await.ok().shows("Terminés").shows("Annulé");
}

#[tokio::test]
async fn polls_are_kept_by_the_coordination_read_by_the_caf_and_unknown_elsewhere() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = sent(&test, &me, &[20]).await;
    say(&test, "Zoé Perrin", &["oui"]).await.is(303);
    me.get(&format!("{page}?format=csv")).await.ok().shows("Zoé Perrin").shows("zoe@caf.test").shows("Oui");
    me.get(&format!("{POLLS}?format=csv")).await.ok().shows("Copil de printemps").shows("Ouvert");
    let caf = test.someone(Role::Caf, None, None).await;
    caf.get(&page).await.ok().shows("Zoé Perrin").hides("Annuler le sondage").hides("zoe@caf.test");
    caf.get(&format!("{page}?format=csv")).await.ok().shows("Zoé Perrin").hides("zoe@caf.test");
    caf.post(&format!("{page}/clore"), &[]).await.is(403);
    test.someone(Role::Partner, None, None).await.get(&page).await.is(403);
    let other = elsewhere(&test).await;
    let stranger = test.someone_in(&other, Role::Coordinator, None, None).await;
    for path in
        [page.clone(), format!("{page}/modifier"), format!("{page}/participants"), format!("{page}/conclure")]
    {
        stranger.get(&path).await.is(404);
    }
    for act in ["envoyer", "clore", "annuler", "rappeler", "envoyer/annuler"] {
        stranger.post(&format!("{page}/{act}"), &[]).await.is(404);
    }
    stranger.get(&link(&test, "Zoé Perrin").await).await.is(410);
    stranger.get(POLLS).await.ok().hides("Copil de printemps");
}
