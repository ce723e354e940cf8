//! What people answer by their link, when they all have, and how those who say nothing are asked again.

use kit::Role;
use kit::testing::TestApp;

use super::super::poll_answer::PollAnswer;
use super::*;

#[tokio::test]
async fn answers_are_given_by_link_and_changed_until_the_poll_closes() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = sent(&test, &me, &[20, 21]).await;
    let own = link(&test, "Zoé Perrin").await;
    let shown = test.stranger().get(&own).await.ok();
    assert!(shown.body.contains("noindex"), "kept out of search engines");
    shown
        .shows("Zoé Perrin, quelles dates vous conviennent")
        .shows("Europe/Paris")
        .shows("Un café &#60;b&#62;vous attend");
    let half = say(&test, "Zoé Perrin", &["oui"]).await.is(422);
    half.shows("Dites si cette date vous convient.").shows("checked");
    say(&test, "Zoé Perrin", &["oui", "peut-être"]).await.is(422);
    assert!(all::<PollAnswer>(&test).await.is_empty());
    say(&test, "Zoé Perrin", &["oui", "si-besoin"]).await.is(303);
    say(&test, "Zoé Perrin", &["non", "si-besoin"]).await.is(303);
    let answers: Vec<PollAnswer> = all(&test).await;
    let mut said: Vec<&str> = answers.iter().map(|one| one.answer.as_str()).collect();
    said.sort_unstable();
    assert_eq!(said, ["if_needed", "no"], "the last word counts");
    let none = [("aucune", "1"), ("mot", "Plutôt en mai")];
    test.stranger().post(&own, &none).await.is(303);
    let answers: Vec<PollAnswer> = all(&test).await;
    assert!(answers.len() == 2 && answers.iter().all(|one| one.answer == "no"));
    me.get(&page).await.ok().shows("Plutôt en mai");
    let word = [("aucune", "1"), ("mot", "Appelez Léa Martin, 15 ans")];
    test.stranger().post(&own, &word).await.is(422).shows("un prénom suivi d’un âge");
}

#[tokio::test]
async fn what_others_said_is_seen_when_the_poll_says_so() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = sent(&test, &me, &[20]).await;
    say(&test, "Zoé Perrin", &["oui"]).await.is(303);
    let ana = link(&test, "Ana Lopes").await;
    test.stranger().get(&ana).await.ok().shows("Oui\u{a0}: Zoé Perrin").hides("zoe@caf.test");
    let mut hidden = form(&test, &[20]);
    hidden.retain(|(name, _)| name != "visibles");
    let version = poll(&test).await.version.to_string();
    post(&me, &format!("{page}/modifier"), &hidden, &[("version", &version)]).await.is(303);
    test.stranger().get(&ana).await.ok().hides("Zoé Perrin").hides("1 oui");
    me.post(&format!("{page}/clore"), &[]).await.is(303);
    test.stranger().get(&ana).await.ok().hides("Zoé Perrin").hides("1 oui");
}

#[tokio::test]
async fn a_link_that_is_not_whole_or_not_ours_opens_nothing() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    sent(&test, &me, &[20]).await;
    let zoe = link(&test, "Zoé Perrin").await;
    let ana = person(&test, "Ana Lopes").await.id;
    let signature = zoe.split_once('.').unwrap().1;
    for bad in
        [&zoe[..zoe.len() - 2], &format!("/sondage/{ana}.{signature}"), "/sondage/rien", "/sondage/a.b"]
    {
        test.stranger().get(bad).await.is(410).hides("Zoé Perrin");
        test.stranger().post(bad, &[("aucune", "1")]).await.is(410);
    }
    assert!(all::<PollAnswer>(&test).await.is_empty());
}

#[tokio::test]
async fn everyone_has_answered_is_told_once_even_when_the_last_two_answer_at_once() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    sent(&test, &me, &[20, 21]).await;
    let (zoe, ana) = tokio::join!(
        say(&test, "Zoé Perrin", &["oui", "non"]),
        say(&test, "Ana Lopes", &["si-besoin", "non"])
    );
    zoe.is(303);
    ana.is(303);
    assert_eq!(noted(&test, "date_poll.all_answered").await, 1);
    assert_eq!(all::<PollAnswer>(&test).await.len(), 4);
    let again =
        tokio::join!(say(&test, "Zoé Perrin", &["non", "non"]), say(&test, "Zoé Perrin", &["oui", "oui"]));
    assert!(again.0.status.as_u16() == 303 && again.1.status.as_u16() == 303);
    assert_eq!(all::<PollAnswer>(&test).await.len(), 4, "one answer of each for each date");
    assert_eq!(noted(&test, "date_poll.all_answered").await, 1);
    test.run_schedules().await;
    let inbox = me.get("/espace/notifications").await.ok();
    assert_eq!(
        inbox.body.matches("<strong>Tout le monde a répondu, choisissez la date").count(),
        1,
        "{}",
        inbox.body
    );
}

#[tokio::test]
async fn what_was_said_by_telephone_is_noted_be_it_of_some_dates_only() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = sent(&test, &me, &[20, 21]).await;
    let zoe = person(&test, "Zoé Perrin").await.url();
    me.get(&page).await.ok().shows("Noter<span class=\"visually-hidden\"> la réponse de Zoé Perrin");
    me.get(&zoe).await.ok().shows("Noter la réponse de Zoé Perrin");
    me.post(&zoe, &[]).await.is(422).shows("Dites si au moins une des dates convient.");
    let names: Vec<String> = slots(&test).await.iter().map(|slot| format!("date-{}", slot.id)).collect();
    me.post(&zoe, &[(names[0].as_str(), "oui"), ("mot", "Au téléphone")]).await.is(303);
    let one = person(&test, "Zoé Perrin").await;
    assert!(one.complete_at.is_none() && one.answered_by.as_deref() == Some("coordination"));
    // After the closing too: whoever calls late is heard.
    me.post(&format!("{page}/clore"), &[]).await.is(303);
    me.post(&zoe, &[(names[0].as_str(), "oui"), (names[1].as_str(), "non")]).await.is(303);
    assert!(person(&test, "Zoé Perrin").await.complete_at.is_some());
    let ana = person(&test, "Ana Lopes").await.url();
    let second = sent(&test, &me, &[30]).await;
    let crossed = ana.replace(page.rsplit('/').next().unwrap(), second.rsplit('/').next().unwrap());
    me.get(&crossed).await.is(404);
}

#[tokio::test]
async fn who_says_nothing_is_asked_again_politely_until_they_say_something() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    sent(&test, &me, &[20, 21]).await;
    let mut at = Vec::new();
    for hour in 0..11 * 24 {
        test.app.clock.advance_minutes(60);
        test.run_schedules().await;
        let count = mails(&test, "poll_reminder").await.len();
        if at.last().is_none_or(|(_, before)| *before != count) {
            at.push((hour, count));
        }
        if count == 2 && person(&test, "Zoé Perrin").await.answered_at.is_none() {
            // One date only, by telephone: any answer ends the reminders.
            let name = format!("date-{}", slots(&test).await[0].id);
            let zoe = person(&test, "Zoé Perrin").await.url();
            me.post(&zoe, &[(name.as_str(), "oui")]).await.is(303);
        }
    }
    // Both once, then Ana alone once more.
    assert_eq!(at.last().map(|(_, count)| *count), Some(3), "{at:?}");
    let all = mails(&test, "poll_reminder").await;
    assert!(
        all[0].recipient == "ana@departement.test" && all[0].text_body.contains("Une réponse, même négative")
    );
    for mail in all {
        let local = mail.created_at.utc().with_timezone(&test.network.zone());
        let hour = chrono::Timelike::hour(&local);
        assert!((8..19).contains(&hour), "{local}");
    }
}

#[tokio::test]
async fn the_coordination_asks_again_now_but_nobody_twice_within_the_hour() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = sent(&test, &me, &[20]).await;
    say(&test, "Zoé Perrin", &["oui"]).await.is(303);
    me.post(&format!("{page}/rappeler"), &[]).await.is(303);
    assert!(mails(&test, "poll_reminder").await.is_empty(), "she has just had the question");
    test.app.clock.advance_minutes(90);
    me.post(&format!("{page}/rappeler"), &[]).await.is(303);
    me.post(&format!("{page}/rappeler"), &[]).await.is(303);
    let asked = mails(&test, "poll_reminder").await;
    assert!(asked.len() == 1 && asked[0].recipient == "ana@departement.test");
}
