//! The meetings of a year planned in one form, changed and cancelled together, with what one leaves to the next.

use kit::Role;
use kit::db::Date;
use kit::testing::{Person, TestApp};

use super::super::MEETINGS;
use super::super::agenda_item::AgendaItem;
use super::super::committee::Committee;
use super::super::invitee::Invitee;
use super::super::meeting::Meeting;
use super::super::meeting_series::MeetingSeries;
use super::super::rhythm;
use super::meetings::{convene, copil, moment, plan};
use super::{all, wait_for};

/// A field of a form.
type Field = (String, String);

/// The first day of the month after next: each test has its own today.
fn first_day(test: &TestApp) -> Date {
    let mut day = test.network.day_of(test.app.now().plus_days(32));
    while chrono::Datelike::day(&day.0) != 1 {
        day = day.next();
    }
    day
}

/// The form of a year: so many second Tuesdays at two in the afternoon.
fn year(test: &TestApp, count: &str) -> Vec<Field> {
    let from = first_day(test).to_string();
    [
        ("titre", "Copil mensuel"),
        ("heure", "14:00"),
        ("duree", "2h"),
        ("lieu", "Caf de la Drôme, Valence"),
        ("debut", from.as_str()),
        ("rythme", "month"),
        ("jour", "rang"),
        ("rang", "2"),
        ("semaine", "1"),
        ("fin", "nombre"),
        ("nombre", count),
        ("etape", "apercu"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn with(form: &[Field], changes: &[(&str, &str)]) -> Vec<Field> {
    let mut form: Vec<Field> =
        form.iter().filter(|(name, _)| changes.iter().all(|(other, _)| other != name)).cloned().collect();
    form.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    form
}

fn refs(form: &[Field]) -> Vec<(&str, &str)> {
    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// The fields of the dates of a page as a browser would send them back.
fn dates_of(body: &str) -> Vec<Field> {
    let attribute = |tag: &str, name: &str| {
        let start = tag.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
        tag[start..].split('"').next().unwrap().to_owned()
    };
    let tags = body.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap());
    let is_date = |tag: &&str| {
        ["name=\"date-", "name=\"vu-", "name=\"garder\"", "name=\"serie\""].iter().any(|n| tag.contains(n))
    };
    let ticked = |tag: &&str| !tag.contains("checkbox") || tag.contains(" checked");
    tags.filter(is_date).filter(ticked).map(|tag| (attribute(tag, "name"), attribute(tag, "value"))).collect()
}

/// The address of the form of a committee.
fn form_of(committee: &Committee) -> String {
    format!("{}/annee", committee.url())
}

/// Plans every date that the form offers, whatever the calendar says of it; the address of the series.
async fn plan_year(test: &TestApp, me: &Person<'_>, committee: &Committee, count: &str) -> String {
    let form = year(test, count);
    let shown = me.post(&form_of(committee), &refs(&form)).await.ok().body;
    let mut sent = [form, dates_of(&shown)].concat();
    sent.retain(|(name, _)| name != "etape" && name != "garder");
    for at in 0..count.parse().unwrap() {
        sent.push(("garder".to_owned(), i32::to_string(&at)));
    }
    sent.push(("etape".to_owned(), "planifier".to_owned()));
    me.post(&form_of(committee), &refs(&sent)).await.goes_to()
}

/// The meetings of a series, in order.
async fn meetings(test: &TestApp) -> Vec<Meeting> {
    let mut meetings: Vec<Meeting> = all(test).await;
    meetings.retain(|one| one.series_id.is_some());
    meetings.sort_by_key(|one| one.starts_key);
    meetings
}

/// The form of a meeting as it is, with something else in it.
fn changed(test: &TestApp, meeting: &Meeting, changes: &[(&str, &str)]) -> Vec<Field> {
    let zone = test.network.zone();
    let at = meeting.starts_at.unwrap().utc().with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string();
    let version = meeting.version.to_string();
    let form = [
        ("titre", meeting.title.as_str()),
        ("moment", at.as_str()),
        ("duree", "2h"),
        ("lieu", meeting.place.as_deref().unwrap_or_default()),
        ("version", version.as_str()),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    with(&form, changes)
}

#[tokio::test]
async fn a_year_is_shown_before_it_is_stored_and_stored_whole() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    me.get(&copil.url()).await.ok().shows("Planifier l’année");
    me.get(&form_of(&copil)).await.ok().shows("Voir les dates").hides("Planifier les réunions cochées");
    let form = year(&test, "10");
    let shown =
        me.post(&form_of(&copil), &refs(&form)).await.ok().shows("Planifier les réunions cochées").body;
    assert!(all::<Meeting>(&test).await.is_empty() && all::<MeetingSeries>(&test).await.is_empty());
    let dates = dates_of(&shown);
    assert_eq!(dates.iter().filter(|(name, _)| name.starts_with("date-")).count(), 10);
    let series = plan_year(&test, &me, &copil, "10").await;
    let planned = meetings(&test).await;
    assert_eq!(planned.len(), 10);
    let zone = test.network.zone();
    for one in &planned {
        let at = one.starts_at.unwrap();
        let day = chrono::Datelike::day(&at.day_in(zone).0);
        assert!((8..=14).contains(&day), "a second Tuesday: {day}");
        assert_eq!(rhythm::clock(at, zone), 14 * 60, "two o’clock, summer and winter");
        assert_eq!((one.state.as_str(), one.minutes, one.sequence), ("planned", 120, 0));
    }
    me.get(&series).await.ok().shows("Tous les mois, le 2e mardi").shows("Prolonger la série");
    me.get(&planned[1].url())
        .await
        .ok()
        .shows("réunion 2 sur 10")
        .shows(&planned[0].url())
        .shows(&planned[2].url());
    me.get(MEETINGS).await.ok().shows("Copil mensuel");
    // The same form once more is the same series.
    let mut again = [with(&form, &[("etape", "planifier")]), dates_of(&shown)].concat();
    let id = series.rsplit('/').next().unwrap();
    again.retain(|(name, _)| name != "serie");
    again.push(("serie".to_owned(), id.to_owned()));
    assert_eq!(me.post(&form_of(&copil), &refs(&again)).await.goes_to(), series);
    assert_eq!(meetings(&test).await.len(), 10);
}

#[tokio::test]
async fn what_speaks_against_a_date_is_said_and_a_date_is_left_out_or_changed() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    // Two weeks around the first of May of some year to come, each seven days: holidays, then a Sunday.
    let year_of = chrono::Datelike::year(&test.network.today(test.app.now()).0) + 1;
    let labour_day = format!("{year_of}-05-01");
    let form = with(&year(&test, "3"), &[("debut", &labour_day), ("rythme", "weeks"), ("semaines", "1")]);
    let shown = me.post(&form_of(&copil), &refs(&form)).await.ok().shows("Férié\u{a0}: Fête du Travail").body;
    let mut dates = dates_of(&shown);
    let is = |one: &Field, name: &str, value: &str| one.0 == name && one.1 == value;
    assert!(!dates.iter().any(|one| is(one, "garder", "0")), "a day off is left out unless it is asked for");
    assert!(dates.iter().any(|one| is(one, "garder", "2")));
    // Another meeting is at the hour of the third, and one on the day of the second.
    let third: String = dates.iter().find(|(name, _)| name == "date-2").unwrap().1.clone();
    let other = [
        ("comite".to_owned(), copil.id.to_string()),
        ("titre".to_owned(), "Cotech".to_owned()),
        ("moment".to_owned(), third.replace("14:00", "15:30")),
        ("duree".to_owned(), "1h".to_owned()),
    ];
    me.post(&format!("{MEETINGS}/nouvelle"), &refs(&other)).await.is(303);
    me.post(&form_of(&copil), &refs(&form)).await.ok().shows("En même temps que «\u{a0}Cotech\u{a0}»");
    let early = with(&form, &[("heure", "9h30")]);
    me.post(&form_of(&copil), &refs(&early)).await.ok().shows("Le même jour que «\u{a0}Cotech\u{a0}»");
    // A Sunday that was typed over a date is told once before it is planned.
    let sunday = {
        let mut day: Date = labour_day.parse().unwrap();
        while chrono::Datelike::weekday(&day.0) != chrono::Weekday::Sun
            || kit::days_off::is_public_holiday(day)
        {
            day = day.next();
        }
        format!("{day}T10:00")
    };
    for (name, value) in &mut dates {
        if name == "date-2" {
            value.clone_from(&sunday);
        }
    }
    let only_third: Vec<Field> =
        dates.iter().filter(|(name, value)| name != "garder" || value == "2").cloned().collect();
    let sent = [with(&form, &[("etape", "planifier")]), only_third.clone()].concat();
    let again = me
        .post(&form_of(&copil), &refs(&sent))
        .await
        .is(422)
        .shows("Cette date a changé")
        .shows("Dimanche")
        .body;
    assert!(meetings(&test).await.is_empty());
    let sent = [with(&form, &[("etape", "planifier")]), dates_of(&again)].concat();
    me.post(&form_of(&copil), &refs(&sent)).await.is(303);
    let planned = meetings(&test).await;
    assert_eq!(planned.len(), 1);
    assert_eq!(rhythm::clock(planned[0].starts_at.unwrap(), test.network.zone()), 600);
}

#[tokio::test]
async fn what_is_wrong_with_a_series_is_said_beside_its_field() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let form = year(&test, "10");
    let wrong = with(
        &form,
        &[
            ("titre", ""),
            ("heure", "midi"),
            ("debut", "2020-01-01"),
            ("nombre", "25"),
            ("rang", "9"),
            ("visio", "ftp://a"),
        ],
    );
    me.post(&form_of(&copil), &refs(&wrong))
        .await
        .is(422)
        .shows("Donnez un titre aux réunions.")
        .shows("Indiquez une heure, par exemple 14:00.")
        .shows("Ce jour est passé.")
        .shows("entre 1 et 24")
        .shows("Ce lien commence par https://.");
    let backwards = with(&form, &[("fin", "date"), ("jusqu", "2020-01-01")]);
    me.post(&form_of(&copil), &refs(&backwards)).await.is(422).shows("Ce jour précède le premier.");
    let nothing = with(&form, &[("etape", "planifier")]);
    me.post(&form_of(&copil), &refs(&nothing)).await.is(422).shows("Gardez au moins une date.");
    let first = first_day(&test);
    let (one, past) = (format!("{first}T14:00"), "2020-01-01T14:00");
    let twice =
        [("etape", "planifier"), ("date-0", &one), ("date-1", &one), ("date-2", past), ("date-3", "demain")];
    let mut twice = with(&form, &twice);
    twice.extend(["0", "1", "2", "3"].map(|at| ("garder".to_owned(), at.to_owned())));
    me.post(&form_of(&copil), &refs(&twice))
        .await
        .is(422)
        .shows("Cette date y est déjà.")
        .shows("Ce moment est passé.")
        .shows("Indiquez un jour et une heure");
    assert!(all::<Meeting>(&test).await.is_empty() && all::<MeetingSeries>(&test).await.is_empty());
    let caf = test.someone(Role::Caf, None, None).await;
    caf.get(&form_of(&copil)).await.is(403);
    caf.post(&form_of(&copil), &refs(&form)).await.is(403);
}

#[tokio::test]
async fn a_meeting_that_is_typed_can_be_repeated() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let (id, when) = (copil.id.to_string(), moment(&test, 30));
    let typed = [
        ("comite", id.as_str()),
        ("titre", "Café des structures"),
        ("moment", when.as_str()),
        ("duree", "1h30"),
        ("lieu", "Crest"),
        ("repeter", "1"),
    ];
    let form = me.post(&format!("{MEETINGS}/nouvelle"), &typed).await.goes_to();
    me.get(&form)
        .await
        .ok()
        .shows("value=\"Café des structures\"")
        .shows("value=\"14:00\"")
        .shows(&format!("value=\"{}\"", &when[..10]))
        .shows("value=\"Crest\"");
    assert!(all::<Meeting>(&test).await.is_empty());
}

#[tokio::test]
async fn a_change_goes_to_those_that_follow_and_are_not_convened_when_it_is_asked_for() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    plan_year(&test, &me, &copil(&test).await, "5").await;
    let planned = meetings(&test).await;
    let zone = test.network.zone();
    convene(&test, &me, &planned[3].url()).await;
    // Alone.
    let alone = changed(&test, &planned[0], &[("lieu", "Die"), ("portee", "seule")]);
    me.get(&format!("{}/modifier", planned[0].url()))
        .await
        .ok()
        .shows("les 3 suivantes qui ne sont pas encore convoquées");
    me.post(&format!("{}/modifier", planned[0].url()), &refs(&alone)).await.is(303);
    assert!(
        meetings(&test).await[1..].iter().all(|one| one.place.as_deref() == Some("Caf de la Drôme, Valence"))
    );
    // With those after: the hour of the clocks, whatever the season; their days stay, and what differed stays too.
    let at = planned[1].starts_at.unwrap().day_in(zone);
    let moved = format!("{}T09:30", at.next());
    let changes = [("moment", moved.as_str()), ("titre", "Copil du mardi"), ("portee", "suivantes")];
    let after = changed(&test, &planned[1], &changes);
    let page = me.post(&format!("{}/modifier", planned[1].url()), &refs(&after)).await.goes_to();
    me.get(&page).await.ok().shows("Copil du mardi");
    let now = meetings(&test).await;
    for at in [2, 4] {
        let (one, was) = (&now[at], planned[at].starts_at.unwrap());
        assert_eq!(rhythm::clock(one.starts_at.unwrap(), zone), 9 * 60 + 30);
        assert_eq!(
            (one.starts_at.unwrap().day_in(zone), one.title.as_str()),
            (was.day_in(zone), "Copil du mardi")
        );
    }
    assert_eq!((now[0].title.as_str(), now[3].title.as_str()), ("Copil mensuel", "Copil mensuel"));
    assert_eq!(
        rhythm::clock(now[3].starts_at.unwrap(), zone),
        14 * 60,
        "those convened are told of no change by the way"
    );
    let series: Vec<MeetingSeries> = all(&test).await;
    assert_eq!((series[0].begins, series[0].title.as_str()), (570, "Copil du mardi"));
    assert_eq!(test.mails().await.iter().filter(|mail| mail.kind == "meeting_change").count(), 0);
}

#[tokio::test]
async fn those_that_follow_are_cancelled_with_one_and_those_convened_are_not() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    plan_year(&test, &me, &copil(&test).await, "4").await;
    let planned = meetings(&test).await;
    convene(&test, &me, &planned[2].url()).await;
    me.get(&planned[1].url()).await.ok().shows("Celle-ci et la suivante, qui n’est pas encore convoquée");
    let form = [("motif", "Travaux"), ("portee", "suivantes")];
    me.post(&format!("{}/annuler", planned[1].url()), &form).await.is(303);
    let states: Vec<String> = meetings(&test).await.into_iter().map(|one| one.state).collect();
    assert_eq!(states, ["planned", "cancelled", "convened", "cancelled"]);
    let last = meetings(&test).await.pop().unwrap();
    assert_eq!(last.cancel_reason.as_deref(), Some("Travaux"));
    me.get(&planned[0].url()).await.ok().shows(&planned[2].url());
    me.post(&format!("{}/annuler", planned[0].url()), &[]).await.is(303);
    let convened = meetings(&test).await.remove(2);
    assert_eq!(convened.state, "convened");
}

#[tokio::test]
async fn a_series_goes_on_where_it_ended() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let series = plan_year(&test, &me, &copil, "2").await;
    let longer = format!("{series}/prolonger");
    let zone = test.network.zone();
    let last = meetings(&test).await.pop().unwrap().starts_at.unwrap().day_in(zone);
    let shown = me.get(&longer).await.ok().body;
    let stored: Vec<MeetingSeries> = all(&test).await;
    let next = stored[0].rhythm().days(last, None, 2)[1];
    assert!(shown.contains(&format!("value=\"{next}\"")), "{next}");
    let form = with(&year(&test, "3"), &[("debut", &next.to_string()), ("version", "1")]);
    let shown = me.post(&longer, &refs(&form)).await.ok().body;
    let sent = [with(&form, &[("etape", "planifier")]), dates_of(&shown)].concat();
    let kept = sent.iter().filter(|(name, _)| name == "garder").count();
    assert_eq!(me.post(&longer, &refs(&sent)).await.goes_to(), series);
    let planned = meetings(&test).await;
    assert_eq!(planned.len(), 2 + kept);
    assert!(planned.iter().all(|one| one.series_id == planned[0].series_id));
    // The same form once more finds the series changed, and adds nothing.
    me.post(&longer, &refs(&sent)).await.is(303);
    assert_eq!(meetings(&test).await.len(), 2 + kept);
    // Members of the committee read it; others do not, and nobody but the coordination prolongs it.
    test.someone(Role::Partner, None, None).await.get(&series).await.is(404);
    let caf = test.someone(Role::Caf, None, None).await;
    caf.get(&series).await.ok().hides("Prolonger");
    caf.get(&longer).await.is(403);
}

/// Sets the standard agenda of a committee: two items; what is left goes on by itself.
async fn set_agenda(me: &Person<'_>, committee: &Committee, version: &str, carries: bool) {
    let mut form = vec![
        ("version", version),
        ("titre-0", "Questions diverses"),
        ("but-0", "discussion"),
        ("rang-0", "2"),
        ("titre-1", "Suivi des décisions"),
        ("but-1", "information"),
        ("duree-1", "15 min"),
        ("rang-1", "1"),
        ("titre-2", ""),
    ];
    if carries {
        form.push(("reporter", "1"));
    }
    me.post(&format!("{}/ordre-du-jour-type", committee.url()), &form).await.is(303);
}

#[tokio::test]
async fn a_committee_has_a_standard_agenda_of_its_own() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let standard = format!("{}/ordre-du-jour-type", copil.url());
    me.get(&standard).await.ok().shows("Suivi des décisions précédentes");
    me.post(&standard, &[("version", "1"), ("titre-0", "Bilan"), ("but-0", "autre")])
        .await
        .is(422)
        .shows("Choisissez dans la liste.");
    set_agenda(&me, &copil, "1", false).await;
    me.post(&standard, &[("version", "1"), ("titre-0", "Autre"), ("but-0", "decision")]).await.is(409);
    let page = plan(&test, &me, &copil, 20).await;
    me.post(&format!("{page}/ordre-du-jour/remplir"), &[]).await.is(303);
    let mut items: Vec<AgendaItem> = all(&test).await;
    items.sort_by_key(|item| item.position);
    let said: Vec<(&str, Option<i64>)> =
        items.iter().map(|item| (item.title.as_str(), item.minutes)).collect();
    assert_eq!(said, [("Suivi des décisions", Some(15)), ("Questions diverses", None)]);
    test.someone(Role::Caf, None, None).await.get(&standard).await.is(403);
}

#[tokio::test]
async fn what_a_meeting_leaves_goes_to_the_next_of_the_series_by_itself_and_once() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    set_agenda(&me, &copil, "1", true).await;
    me.get(&copil.url()).await.ok().shows("passent d’office à la suivante");
    plan_year(&test, &me, &copil, "2").await;
    let planned = meetings(&test).await;
    let (first, second) = (planned[0].url(), planned[1].url());
    me.post(&format!("{first}/ordre-du-jour/remplir"), &[]).await.is(303);
    let items_of = async |page: &str| {
        let items: Vec<AgendaItem> = all(&test).await;
        let of = items.into_iter().filter(|item| page.ends_with(&item.meeting_id.to_string()));
        of.map(|item| item.title).collect::<Vec<_>>()
    };
    wait_for(&test, &first, 10).await;
    // So long after, one signs in anew.
    let me = test.someone(Role::Coordinator, None, None).await;
    me.post(&format!("{first}/seance"), &[]).await.is(303);
    let items: Vec<AgendaItem> = all(&test).await;
    let treated = items.iter().find(|item| item.title == "Suivi des décisions").unwrap();
    let version = treated.version.to_string();
    let ended = [("ensuite", "traite"), ("point-version", version.as_str())];
    me.post(&format!("{first}/seance/notes/{}", treated.id), &ended).await.is(303);
    let page = me.post(&format!("{first}/tenue"), &[]).await.goes_to();
    me.get(&page).await.ok();
    assert_eq!(items_of(&second).await, ["Questions diverses"]);
    me.get(&format!("{second}/ordre-du-jour")).await.ok().hides("Reprendre");
    me.post(&format!("{second}/ordre-du-jour/remplir"), &[("quoi", "reports")]).await.is(303);
    assert_eq!(items_of(&second).await.len(), 1);
    // The last of the series leaves its items to whichever meeting is planned next.
    wait_for(&test, &second, 10).await;
    // So long after, one signs in anew.
    let me = test.someone(Role::Coordinator, None, None).await;
    me.post(&format!("{second}/tenue"), &[]).await.is(303);
    let third = plan(&test, &me, &copil, 30).await;
    assert_eq!(items_of(&third).await, ["Questions diverses"]);
    let fourth = plan(&test, &me, &copil, 60).await;
    assert!(items_of(&fourth).await.is_empty());
}

#[tokio::test]
async fn without_the_setting_nothing_goes_on_by_itself() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    plan_year(&test, &me, &copil, "2").await;
    let planned = meetings(&test).await;
    me.post(&format!("{}/ordre-du-jour/remplir", planned[0].url()), &[]).await.is(303);
    wait_for(&test, &planned[0].url(), 10).await;
    // So long after, one signs in anew.
    let me = test.someone(Role::Coordinator, None, None).await;
    me.post(&format!("{}/tenue", planned[0].url()), &[]).await.is(303);
    assert_eq!(all::<AgendaItem>(&test).await.len(), 6);
    me.get(&format!("{}/ordre-du-jour", planned[1].url())).await.ok().shows("Reprendre les 6 points");
    assert!(all::<Invitee>(&test).await.is_empty());
}

#[tokio::test]
async fn a_meeting_thrown_away_leaves_its_series() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let series = plan_year(&test, &me, &copil(&test).await, "3").await;
    let planned = meetings(&test).await;
    me.post(&format!("{}/corbeille", planned[1].url()), &[]).await.is(303);
    me.get(&planned[0].url()).await.ok().shows("réunion 1 sur 2").shows(&planned[2].url());
    for one in [&planned[0], &planned[2]] {
        me.post(&format!("{}/corbeille", one.url()), &[]).await.is(303);
    }
    me.get(&series).await.ok().shows("Cette série n’a plus de réunion.");
    test.app.clock.advance_minutes(31 * 24 * 60);
    test.run_schedules().await;
    assert!(all::<MeetingSeries>(&test).await.is_empty());
    test.someone(Role::Coordinator, None, None).await.get(&series).await.is(404);
}
