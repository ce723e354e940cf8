//! Feeds: what programs read, for how long, and as whom.

use kit::Role;
use kit::testing::{Person, TestApp};
use kit::{Id, Visitor, visitor};

use super::super::FEEDS;
use super::super::calendar_feed::CalendarFeed;
use super::*;
use crate::features::governance::agenda_item::{self, AgendaItem};
use crate::features::governance::convocation;
use crate::features::governance::invitee::Invitee;
use crate::features::governance::meeting::{self, Meeting};

/// An account as it now is.
pub(super) async fn account(test: &TestApp, who: &Person<'_>) -> Visitor {
    let mut tx = test.app.db.read().await.unwrap();
    let id = who.account_id.unwrap();
    visitor::of_account(&mut tx, test.network.id, id, id).await.unwrap().unwrap()
}

/// Gives someone a seat of a committee, by the address with which they sign in.
pub(super) async fn seated(test: &TestApp, who: &Person<'_>, committee: &Committee) -> SeatHolder {
    let visitor = account(test, who).await;
    let mut tx = test.app.db.write().await.unwrap();
    let now = test.app.now();
    let blank = Seat::blank(committee.network_id, now, committee.id);
    let seat = Seat { organisation: "Msa".to_owned(), ..blank };
    let blank = SeatHolder::blank(&seat, now, "titular");
    let holder = SeatHolder { name: visitor.name, email: Some(visitor.email), ..blank };
    seat::give(&mut tx, &actor(test), seat, vec![holder.clone()]).await.unwrap();
    tx.commit().await.unwrap();
    holder
}

/// A meeting of a committee so many days from now, with an agenda.
pub(super) async fn planned(test: &TestApp, committee: &Committee, title: &str, days: i64) -> Meeting {
    let mut tx = test.app.db.write().await.unwrap();
    let now = test.app.now();
    let meeting = Meeting {
        title: title.to_owned(),
        starts_at: Some(now.plus_days(days)),
        place: Some("Caf, Valence".to_owned()),
        video_url: Some("https://visio.test/copil".to_owned()),
        ..Meeting::blank(committee.network_id, now, committee)
    };
    let meeting = meeting::plan(&mut tx, &actor(test), meeting).await.unwrap();
    for title in ["Bilan de l’année", "Charte"] {
        let item = AgendaItem { title: title.to_owned(), ..AgendaItem::blank(&meeting, now) };
        agenda_item::add(&mut tx, &actor(test), &meeting, item).await.unwrap();
    }
    tx.commit().await.unwrap();
    meeting
}

pub(super) async fn committee(test: &TestApp, name: &str) -> Committee {
    let mut tx = test.app.db.write().await.unwrap();
    let blank = Committee::blank(test.network.id, test.app.now(), "working_group");
    let named = Committee { name: name.to_owned(), ..blank };
    let made = committee::found(&mut tx, &actor(test), named).await.unwrap();
    tx.commit().await.unwrap();
    made
}

/// Subscribes to everything or to a committee; the address that the page then gives.
async fn subscribed(who: &Person<'_>, calendar: &str) -> String {
    who.post(FEEDS, &[("calendrier", calendar), ("appareil", "Téléphone")]).await.is(303);
    let page = who.get(FEEDS).await.ok();
    let from = page.body.find("http://drome.test/agenda/flux/").unwrap() + "http://drome.test".len();
    page.body[from..].split('"').next().unwrap().to_owned()
}

/// What a program reads there, its lines whole.
async fn lines(test: &TestApp, url: &str) -> String {
    let read = test.stranger().get(url).await.ok();
    assert_eq!(read.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(read.header("x-robots-tag"), "noindex");
    assert!(read.queries <= 9, "{} statements", read.queries);
    read.body.replace("\r\n ", "")
}

async fn convene(test: &TestApp, meeting: &Meeting) -> Meeting {
    let mut tx = test.app.db.write().await.unwrap();
    let zoe = Invitee {
        name: "Zoé Perrin".to_owned(),
        email: Some("zoe@caf.test".to_owned()),
        ..Invitee::blank(meeting, test.app.now())
    };
    let place = (&test.app, &test.network, "http://drome.test");
    let convened = convocation::convene(&mut tx, &actor(test), place, meeting, vec![zoe]).await.unwrap();
    tx.commit().await.unwrap();
    // They leave, so that what changes later is told.
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
    convened.0
}

#[tokio::test]
async fn a_feed_tells_a_meeting_as_its_invitation_does_from_the_first_plan_to_the_end() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    me.get(FEEDS).await.ok().shows("Aucun abonnement pour l’instant").shows("Thunderbird");
    let copil = copil(&test).await;
    let meeting = planned(&test, &copil, "Copil d’hiver", 20).await;
    let url = subscribed(&me, "toutes").await;
    let text = lines(&test, &url).await;
    let uid = format!("UID:{}@esplanade", meeting.id);
    let sheet = format!("URL:http://drome.test{}", meeting.url());
    for line in [
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Réunions du réseau – Drôme",
        uid.as_str(),
        "SEQUENCE:0",
        "STATUS:TENTATIVE",
        "SUMMARY:Copil d’hiver",
        "LOCATION:Caf\\, Valence – https://visio.test/copil",
        "DESCRIPTION:1. Bilan de l’année\\n2. Charte",
        sheet.as_str(),
    ] {
        assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("ATTENDEE"), "{text}");
    let convened = convene(&test, &meeting).await;
    let text = lines(&test, &url).await;
    assert!(text.contains("STATUS:CONFIRMED") && text.contains("SEQUENCE:0"), "{text}");
    // A new date is the same event, with the sequence of the message that tells it.
    let mut tx = test.app.db.write().await.unwrap();
    let place = (&test.app, &test.network, "http://drome.test");
    let moved = Meeting { starts_at: Some(test.app.now().plus_days(27)), ..convened.clone() };
    let (moved, told) = convocation::change(&mut tx, &actor(&test), place, &convened, moved).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(told, 1);
    let text = lines(&test, &url).await;
    let starts = moved.starts_at.unwrap().utc().format("DTSTART:%Y%m%dT%H%M%SZ").to_string();
    assert!(text.contains(&starts) && text.contains("SEQUENCE:1") && text.contains(&uid), "{text}");
    let message = mails(&test, "meeting_change").await.pop().unwrap();
    let file = test.app.files.get(test.network.id, &message.files()[0].file).await.unwrap();
    let invitation = String::from_utf8(file.to_vec()).unwrap().replace("\r\n ", "");
    for line in [uid.as_str(), "SEQUENCE:1", starts.as_str()] {
        assert!(invitation.lines().any(|one| one == line), "{line} is not in\n{invitation}");
    }
    let mut tx = test.app.db.write().await.unwrap();
    convocation::cancel(&mut tx, &actor(&test), place, meeting.id, "Neige").await.unwrap();
    tx.commit().await.unwrap();
    let text = lines(&test, &url).await;
    for line in ["STATUS:CANCELLED", "SEQUENCE:2", "DESCRIPTION:Réunion annulée\u{a0}: Neige"] {
        assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
    }
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 1);
}

#[tokio::test]
async fn a_program_that_has_the_feed_is_answered_304_and_its_reading_is_noted_once_a_day() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    planned(&test, &copil, "Copil d’hiver", 20).await;
    let url = subscribed(&me, "toutes").await;
    me.get(FEEDS).await.ok().shows("Jamais lu.");
    let tag = test.stranger().get(&url).await.ok().header("etag").to_owned();
    assert!(!tag.is_empty());
    test.stranger().get_with(&url, "if-none-match", &tag).await.is(304);
    me.get(FEEDS).await.ok().shows("Dernière lecture");
    let first = all::<CalendarFeed>(&test).await.pop().unwrap().last_read_at;
    test.app.clock.advance_minutes(60);
    test.stranger().get_with(&url, "if-none-match", &tag).await.is(304);
    assert_eq!(all::<CalendarFeed>(&test).await.pop().unwrap().last_read_at, first);
    test.app.clock.advance_minutes(24 * 60);
    test.stranger().get_with(&url, "if-none-match", &tag).await.is(304);
    assert_ne!(all::<CalendarFeed>(&test).await.pop().unwrap().last_read_at, first);
    planned(&test, &copil, "Copil de printemps", 90).await;
    test.stranger().get_with(&url, "if-none-match", &tag).await.ok();
}

#[tokio::test]
async fn who_sits_in_a_committee_reads_its_meetings_and_no_other_until_they_leave() {
    let test = TestApp::start(crate::parts()).await;
    let partner = test.someone(Role::Partner, None, None).await;
    let (copil, group) = (copil(&test).await, committee(&test, "Groupe parentalité").await);
    let holder = seated(&test, &partner, &copil).await;
    planned(&test, &copil, "Copil d’hiver", 20).await;
    planned(&test, &group, "Parents en ligne", 21).await;
    partner.get(FEEDS).await.ok().shows("Mes réunions").hides("Groupe parentalité");
    let group_id = group.id.to_string();
    let refused = [("calendrier", group_id.as_str()), ("appareil", "Téléphone")];
    partner.post(FEEDS, &refused).await.is(422).shows("Choisissez dans la liste.");
    let mine = subscribed(&partner, "toutes").await;
    let of_copil = subscribed(&partner, &copil.id.to_string()).await;
    assert_ne!(mine, of_copil);
    for url in [&mine, &of_copil] {
        let text = lines(&test, url).await;
        assert!(text.contains("Copil d’hiver") && !text.contains("Parents en ligne"), "{text}");
    }
    let yesterday = test.network.day_of(test.app.now().plus_days(-1));
    let mut tx = test.app.db.write().await.unwrap();
    let left = SeatHolder { ended_on: Some(yesterday), ..holder.clone() };
    seat::correct(&mut tx, &actor(&test), &holder, left).await.unwrap();
    tx.commit().await.unwrap();
    test.stranger().get(&of_copil).await.is(410).hides("Copil d’hiver");
    assert!(!lines(&test, &mine).await.contains("BEGIN:VEVENT"), "nothing is left of theirs");
    partner.get(FEEDS).await.ok().shows("Vous ne siégez plus dans ce comité").hides(&of_copil);
}

#[tokio::test]
async fn a_disabled_account_a_revoked_feed_and_a_forged_address_read_nothing() {
    let test = TestApp::start(crate::parts()).await;
    let other = elsewhere(&test).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    planned(&test, &copil, "Copil d’hiver", 20).await;
    let (first, second) = (subscribed(&me, "toutes").await, subscribed(&me, &copil.id.to_string()).await);
    let stranger = test.stranger();
    stranger.get(&first).await.ok();
    stranger.get(first.trim_end_matches(".ics")).await.is(410);
    stranger.get("/agenda/flux/inconnu.ics").await.is(410);
    stranger.get(&first.replace(".ics", "A.ics")).await.is(410);
    test.stranger().at(other.host.as_deref().unwrap()).get(&first).await.is(410);
    let feeds: Vec<CalendarFeed> = all(&test).await;
    let of_copil = feeds.iter().find(|one| one.committee_id.is_some()).unwrap();
    let revoke = format!("{FEEDS}/{}/retirer", of_copil.id);
    let colleague = test.someone(Role::Coordinator, None, None).await;
    colleague.post(&revoke, &[]).await.is(404);
    me.post(&revoke, &[]).await.is(303);
    me.post(&revoke, &[]).await.is(404);
    stranger.get(&second).await.is(410);
    assert_eq!(
        (noted(&test, "calendar_feed.made").await, noted(&test, "calendar_feed.revoked").await),
        (2, 1)
    );
    stranger.get(&first).await.ok();
    let mut tx = test.app.db.write().await.unwrap();
    let sql = kit::sql!("update account set disabled_at = $3 where network_id = $1 and id = $2");
    let id: Id = me.account_id.unwrap();
    tx.run(sql, kit::args![test.network.id, id, test.app.now()]).await.unwrap();
    tx.commit().await.unwrap();
    stranger.get(&first).await.is(410);
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_nobody_has_too_many_feeds() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Guest, None, None).await;
    let said = me.post(FEEDS, &[("calendrier", "ailleurs"), ("appareil", "")]).await.is(422);
    said.shows("Choisissez dans la liste.").shows("Dites pour quel appareil ou logiciel");
    assert!(all::<CalendarFeed>(&test).await.is_empty());
    let form = [("calendrier", "toutes"), ("appareil", "Téléphone <b>vieux</b>")];
    for _ in 0..20 {
        me.post(FEEDS, &form).await.is(303);
    }
    me.post(FEEDS, &form).await.is(422).shows("Retirez d’abord un abonnement").hides("<b>vieux</b>");
    assert_eq!(all::<CalendarFeed>(&test).await.len(), 20);
    test.someone(Role::Operator, None, None).await.get(FEEDS).await.is(403);
}

#[tokio::test]
async fn meetings_without_a_date_and_those_of_long_ago_are_not_told() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Caf, None, None).await;
    let copil = copil(&test).await;
    planned(&test, &copil, "Copil d’il y a un an", -360).await;
    planned(&test, &copil, "Copil d’il y a deux ans", -700).await;
    let mut tx = test.app.db.write().await.unwrap();
    let undated = Meeting::blank(test.network.id, test.app.now(), &copil);
    let undated = Meeting { title: "Copil sans date".to_owned(), ..undated };
    meeting::plan(&mut tx, &actor(&test), undated).await.unwrap();
    tx.commit().await.unwrap();
    let url = subscribed(&me, "toutes").await;
    let text = lines(&test, &url).await;
    assert!(text.contains("Copil d’il y a un an"), "{text}");
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 1, "{text}");
}

#[tokio::test]
async fn a_meeting_in_the_trash_is_in_no_feed_and_comes_back_as_the_same_event() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let group = committee(&test, "Groupe parentalité").await;
    let meeting = planned(&test, &group, "Lancement", 20).await;
    let feed = subscribed(&me, "toutes").await;
    let uid = format!("UID:{}@", meeting.id);
    let before = lines(&test, &feed).await;
    assert!(before.contains(&uid) && before.contains("SEQUENCE:0"), "{before}");
    me.post(&format!("{}/corbeille", meeting.url()), &[]).await.is(303);
    let gone = lines(&test, &feed).await;
    assert!(!gone.contains(&uid) && !gone.contains("Lancement"), "{gone}");
    me.post(&format!("{}/restaurer", meeting.url()), &[]).await.is(303);
    let back = lines(&test, &feed).await;
    assert_eq!(back, before);
}
