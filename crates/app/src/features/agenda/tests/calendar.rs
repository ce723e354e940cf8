//! The calendar: its views, and who sees which meetings.

use kit::Role;
use kit::testing::TestApp;

use super::super::CALENDAR;
use super::feeds::{committee, planned, seated};
use super::*;

/// The day of so many days from now, as an address names it.
fn around(test: &TestApp, view: &str, days: i64) -> String {
    format!("{CALENDAR}?vue={view}&jour={}", day(test, days))
}

#[tokio::test]
async fn a_month_a_week_and_a_list_show_a_meeting_on_its_day() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    me.get(CALENDAR).await.ok().shows("Aucune réunion sur cette période").shows("Calendrier");
    let copil = copil(&test).await;
    let meeting = planned(&test, &copil, "Copil d’hiver", 20).await;
    for view in ["mois", "semaine", "liste"] {
        let shown = me.get(&around(&test, view, 20)).await.ok().shows("Copil d’hiver").shows("Planifiée");
        let shown = shown.shows(&meeting.url()).shows("10\u{a0}h – 12\u{a0}h");
        assert!(shown.queries <= 8, "{} statements", shown.queries);
        me.get(&around(&test, view, 200)).await.ok().hides("Copil d’hiver").shows("Aucune réunion");
    }
    let month = me.get(&format!("{CALENDAR}?jour=2026-12-15")).await.ok();
    month
        .shows("Décembre 2026")
        .shows("<th scope=\"col\">lundi</th>")
        .shows("dimanche 13\u{a0}décembre 2026")
        .shows("Férié\u{a0}: Noël")
        .shows("vacances scolaires de la zone\u{a0}A")
        .shows("<small>Vacances scolaires</small>")
        .shows("jour=2027-01-01")
        .shows("jour=2026-11-01");
    // What is no day and no view is this month.
    me.get(&format!("{CALENDAR}?vue=siecle&jour=hier")).await.ok().shows("Novembre 2026");
}

#[tokio::test]
async fn each_sees_the_meetings_of_the_committees_they_sit_in_and_those_who_steer_all() {
    let test = TestApp::start(crate::parts()).await;
    let (copil, group) = (copil(&test).await, committee(&test, "Groupe parentalité").await);
    planned(&test, &copil, "Copil d’hiver", 20).await;
    planned(&test, &group, "Parents en ligne", 21).await;
    let page = around(&test, "liste", 20);
    for role in [Role::Coordinator, Role::Caf] {
        let one = test.someone(role, None, None).await;
        one.get(&page).await.ok().shows("Copil d’hiver").shows("Parents en ligne");
        let narrowed = format!("{page}&comite={}", group.id);
        one.get(&narrowed).await.ok().hides("Copil d’hiver").shows("Parents en ligne");
    }
    for role in [Role::Partner, Role::Promeneur, Role::Guest] {
        let one = test.someone(role, None, None).await;
        one.get(&page).await.ok().hides("Copil d’hiver").hides("Parents en ligne");
        seated(&test, &one, &copil).await;
        one.get(&page).await.ok().shows("Copil d’hiver").hides("Parents en ligne");
        one.get(&format!("{page}&comite={}", group.id)).await.ok().hides("Parents en ligne");
    }
    test.someone(Role::Operator, None, None).await.get(CALENDAR).await.is(403);
    test.stranger().get(CALENDAR).await.is(303);
}

#[tokio::test]
async fn the_calendar_is_the_first_of_its_group_and_alone_marked_as_here() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let here = |url: &str| format!("<a href=\"{url}\" aria-current=\"page\"");
    let calendar = me.get(CALENDAR).await.ok().shows(&here(CALENDAR));
    calendar.hides(&here(POLLS));
    me.get(POLLS).await.ok().shows(&here(POLLS)).hides(&here(CALENDAR));
    let guest = test.someone(Role::Guest, None, None).await;
    guest.get(CALENDAR).await.ok().shows("Abonnements").hides("Sondages de dates");
}
