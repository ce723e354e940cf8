//! Meetings that are thrown away, come back, and are gone after thirty days.

use kit::Role;
use kit::testing::TestApp;

use super::super::agenda_item::AgendaItem;
use super::super::invitee::Invitee;
use super::super::meeting::Meeting;
use super::super::{COMMITTEES, MEETINGS};
use super::meetings::{convene, copil, link, plan};
use super::{all, wait_for};

const TRASH: &str = "/espace/reseau/corbeille";
const DAY: i64 = 24 * 60;

#[tokio::test]
async fn a_planned_meeting_is_hidden_everywhere_until_it_comes_back() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let page = plan(&test, &me, &copil, 20).await;
    me.post(&format!("{page}/ordre-du-jour/remplir"), &[]).await.is(303);
    let calendar = format!("/espace/agenda?vue=liste&comite={}", copil.id);
    me.get(&calendar).await.ok().shows("Copil de printemps");
    me.get(&page).await.ok().shows("Mettre à la corbeille");
    assert_eq!(me.post(&format!("{page}/corbeille"), &[]).await.goes_to(), MEETINGS);
    me.get(MEETINGS).await.ok().hides("Copil de printemps");
    me.get(&format!("{MEETINGS}?format=csv")).await.ok().hides("Copil de printemps");
    me.get(&calendar).await.ok().hides("Copil de printemps");
    for gone in ["", "/modifier", "/ordre-du-jour", "/convocation", "/seance", "/personnes"] {
        me.get(&format!("{page}{gone}")).await.is(404);
    }
    me.get(&format!("/espace/agenda/sondages/nouveau?reunion={}", page.rsplit('/').next().unwrap()))
        .await
        .is(404);
    me.post(&format!("{page}/corbeille"), &[]).await.is(404);
    me.get(TRASH).await.ok().shows("Copil de printemps").shows("Réunion").shows(&format!("{page}/restaurer"));
    test.someone(Role::Caf, None, None).await.post(&format!("{page}/restaurer"), &[]).await.is(403);
    assert_eq!(me.post(&format!("{page}/restaurer"), &[]).await.goes_to(), page);
    me.get(&page).await.ok().shows("Suivi des décisions précédentes");
    me.get(TRASH).await.ok().hides("Copil de printemps");
    me.post(&format!("{page}/restaurer"), &[]).await.is(404);
    me.get(COMMITTEES).await.ok();
}

#[tokio::test]
async fn what_people_are_convened_to_or_was_held_is_not_thrown_away() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let page = plan(&test, &me, &copil, 20).await;
    convene(&test, &me, &page).await;
    me.get(&page).await.ok().hides("Mettre à la corbeille");
    me.post(&format!("{page}/corbeille"), &[]).await.is(422).shows("annulez-la d’abord");
    let answer = link(&test, "Zoé Perrin").await;
    me.post(&format!("{page}/annuler"), &[]).await.is(303);
    me.post(&format!("{page}/corbeille"), &[]).await.is(303);
    test.stranger().get(&answer).await.is(404);
    // One that was held, and one in which something was decided before its hour and that was cancelled then.
    let held = plan(&test, &me, &copil, 1).await;
    let decided = plan(&test, &me, &copil, 2).await;
    wait_for(&test, &held, 120).await;
    me.post(&format!("{held}/tenue"), &[]).await.is(303);
    me.post(&format!("{held}/corbeille"), &[]).await.is(422).shows("s’est tenue");
    wait_for(&test, &decided, -60).await;
    me.post(&format!("{decided}/seance"), &[]).await.is(303);
    let decision = [("texte", "Ouvrir deux postes"), ("mode", "consensus")];
    me.post(&format!("{decided}/seance/decisions"), &decision).await.is(303);
    me.post(&format!("{decided}/annuler"), &[]).await.is(303);
    me.post(&format!("{decided}/corbeille"), &[]).await.is(422).shows("des décisions");
}

#[tokio::test]
async fn a_meeting_whose_date_is_sought_waits_for_its_poll() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let id = copil.id.to_string();
    let form = [("comite", id.as_str()), ("titre", "Copil d’automne"), ("duree", "2h"), ("lieu", "Valence")];
    let page = me.post(&format!("{MEETINGS}/nouvelle"), &form).await.goes_to();
    let meeting = page.rsplit('/').next().unwrap();
    let day = |days: i64| test.network.day_of(test.app.now().plus_days(days));
    let (first, second, closes) =
        (format!("{}T14:00", day(20)), format!("{}T14:00", day(21)), day(10).to_string());
    let poll = [
        ("reunion", meeting),
        ("titre", "Copil d’automne"),
        ("duree", "2h"),
        ("date-1", first.as_str()),
        ("date-2", second.as_str()),
        ("cloture", closes.as_str()),
    ];
    let poll = me.post("/espace/agenda/sondages/nouveau", &poll).await.goes_to();
    let poll = poll.trim_end_matches("/participants");
    me.post(&format!("{page}/corbeille"), &[]).await.is(422).shows("Un sondage cherche la date");
    me.post(&format!("{poll}/annuler"), &[]).await.is(303);
    me.get(poll).await.ok().shows("Réunion «\u{a0}Copil d’automne\u{a0}»");
    me.post(&format!("{page}/corbeille"), &[]).await.is(303);
    me.get(poll).await.ok().hides("Réunion «\u{a0}Copil d’automne\u{a0}»");
    test.app.clock.advance_minutes(31 * DAY);
    test.run_schedules().await;
    assert!(all::<Meeting>(&test).await.is_empty());
    test.someone(Role::Coordinator, None, None).await.get(poll).await.ok();
}

#[tokio::test]
async fn after_thirty_days_a_meeting_is_gone_with_all_that_was_prepared_for_it() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let (page, kept) = (plan(&test, &me, &copil, 1).await, plan(&test, &me, &copil, 90).await);
    for meeting in [&page, &kept] {
        me.post(&format!("{meeting}/ordre-du-jour/remplir"), &[]).await.is(303);
    }
    convene(&test, &me, &page).await;
    let ana = super::meetings::invitee(&test, "Ana Lopes").await.id.to_string();
    let absent = [("reponse", "non"), ("pouvoir", ana.as_str())];
    test.stranger().post(&link(&test, "Zoé Perrin").await, &absent).await.is(303);
    // The secretary had opened the session and noted something when it was cancelled.
    wait_for(&test, &page, -60).await;
    me.post(&format!("{page}/seance"), &[]).await.is(303);
    let items: Vec<AgendaItem> = all(&test).await;
    let item = items.iter().find(|item| page.ends_with(&item.meeting_id.to_string())).unwrap();
    let note = [("corps", "<p>Personne n’est venu</p>"), ("version", "0")];
    me.post(&format!("{page}/seance/notes/{}", item.id), &note).await.is(303);
    me.post(&format!("{page}/annuler"), &[]).await.is(303);
    me.post(&format!("{page}/corbeille"), &[]).await.is(303);
    test.app.clock.advance_minutes(29 * DAY);
    test.run_schedules().await;
    me.get(TRASH).await.ok().shows("Copil de printemps");
    test.app.clock.advance_minutes(2 * DAY);
    test.run_schedules().await;
    me.get(TRASH).await.ok().shows("La corbeille est vide.");
    me.post(&format!("{page}/restaurer"), &[]).await.is(404);
    assert_eq!((all::<Meeting>(&test).await.len(), all::<AgendaItem>(&test).await.len()), (1, 6));
    assert!(
        all::<Invitee>(&test).await.is_empty() && all::<super::super::note::Note>(&test).await.is_empty()
    );
    me.get(&kept).await.ok();
}

#[tokio::test]
async fn what_a_meeting_took_up_waits_again_when_it_is_thrown_and_is_taken_up_once() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let first = plan(&test, &me, &copil, 1).await;
    me.post(&format!("{first}/ordre-du-jour"), &[("titre", "Charte"), ("but", "decision")]).await.is(303);
    test.app.clock.advance_minutes(2 * DAY);
    me.post(&format!("{first}/tenue"), &[]).await.is(303);
    let (second, third) = (plan(&test, &me, &copil, 30).await, plan(&test, &me, &copil, 60).await);
    let reports = [("quoi", "reports")];
    me.post(&format!("{second}/ordre-du-jour/remplir"), &reports).await.is(303);
    me.get(&format!("{third}/ordre-du-jour")).await.ok().hides("Reprendre le point");
    me.post(&format!("{second}/corbeille"), &[]).await.is(303);
    me.get(&format!("{third}/ordre-du-jour")).await.ok().shows("Reprendre le point");
    me.post(&format!("{third}/ordre-du-jour/remplir"), &reports).await.is(303);
    me.post(&format!("{second}/restaurer"), &[]).await.is(303);
    let items: Vec<AgendaItem> = all(&test).await;
    assert_eq!(items.iter().filter(|item| item.carried_from.is_some()).count(), 1);
    me.get(&format!("{second}/ordre-du-jour")).await.ok().shows("Aucun point encore");
    me.get(&format!("{third}/ordre-du-jour")).await.ok().shows("Charte");
}
