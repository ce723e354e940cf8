//! Scenarios of date polls, through the real router.

mod answers;
mod calendar;
mod conclusions;
mod feeds;
mod life;
mod people;

use kit::Actor;
use kit::Timestamp;
use kit::mail::Outgoing;
use kit::testing::{Person, TestApp};

use super::POLLS;
use super::date_poll::DatePoll;
use super::participant::{self, Participant};
use super::slot::PollSlot;
use crate::features::governance::committee::{self, Committee};
use crate::features::governance::seat::{self, Seat, SeatHolder};

const MEMBERS: [(&str, &str, &str); 3] = [
    ("Caf", "Zoé Perrin", "zoe@caf.test"),
    ("Département", "Ana Lopes", "ana@departement.test"),
    ("Mairie", "Paul Blanc", ""),
];

fn actor(test: &TestApp) -> Actor {
    Actor::program(test.network.id, "Essai", test.app.now())
}

/// Every row of a table.
async fn all<T: kit::db::Table>(test: &TestApp) -> Vec<T> {
    test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap()
}

/// A Copil with three seats, one of them held by someone without an address.
async fn copil(test: &TestApp) -> Committee {
    let mut tx = test.app.db.write().await.unwrap();
    let now = test.app.now();
    let blank = Committee::blank(test.network.id, now, "steering");
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

/// So many days from now, as a form sends a day.
fn day(test: &TestApp, days: i64) -> String {
    test.network.day_of(test.app.now().plus_days(days)).to_string()
}

/// The same at two in the afternoon.
fn moment(test: &TestApp, days: i64) -> String {
    format!("{}T14:00", day(test, days))
}

/// The form of a poll with these dates, to be answered within ten days.
fn form(test: &TestApp, days: &[i64]) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = [
        ("titre", "Copil de printemps"),
        ("mot", "Un café <b>vous attend</b>."),
        ("duree", "2h"),
        ("lieu", "Caf de la Drôme, Valence"),
        ("visibles", "1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    form.push(("cloture".to_owned(), day(test, 10)));
    for (at, days) in days.iter().enumerate() {
        form.push((format!("date-{}", at + 1), moment(test, *days)));
    }
    form
}

/// Posts what a form holds, with some more.
async fn post(
    me: &Person<'_>,
    url: &str,
    form: &[(String, String)],
    more: &[(&str, &str)],
) -> kit::testing::Answer {
    let mut fields: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend(more);
    me.post(url, &fields).await
}

/// A poll that asks these people about these dates, not sent yet; its address.
async fn prepared(test: &TestApp, me: &Person<'_>, days: &[i64], people: &str) -> String {
    let there = post(me, &format!("{POLLS}/nouveau"), &form(test, days), &[]).await.goes_to();
    me.post(&there, &[("adresses", people)]).await.goes_to()
}

const TWO: &str = "Zoé Perrin <zoe@caf.test>\nAna Lopes <ana@departement.test>";

/// The same, sent to two people, its messages gone.
async fn sent(test: &TestApp, me: &Person<'_>, days: &[i64]) -> String {
    let page = prepared(test, me, days, TWO).await;
    me.post(&format!("{page}/envoyer"), &[]).await.is(303);
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
    page
}

async fn poll(test: &TestApp) -> DatePoll {
    all(test).await.pop().unwrap()
}

/// The dates, the first first.
async fn slots(test: &TestApp) -> Vec<PollSlot> {
    let mut slots: Vec<PollSlot> = all(test).await;
    slots.sort_by_key(|slot| slot.starts_at);
    slots
}

async fn person(test: &TestApp, name: &str) -> Participant {
    let people: Vec<Participant> = all(test).await;
    people.into_iter().find(|one| one.name == name).unwrap()
}

async fn link(test: &TestApp, name: &str) -> String {
    let one = person(test, name).await;
    format!("/sondage/{}", participant::token(&test.app, test.network.id, one.id))
}

/// What someone says of the dates by their link, in order.
async fn say(test: &TestApp, name: &str, answers: &[&str]) -> kit::testing::Answer {
    let names: Vec<String> = slots(test).await.iter().map(|slot| format!("date-{}", slot.id)).collect();
    let fields: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(answers.iter().copied()).collect();
    test.stranger().post(&link(test, name).await, &fields).await
}

/// Messages of a kind, newest first.
async fn mails(test: &TestApp, kind: &str) -> Vec<Outgoing> {
    test.mails().await.into_iter().filter(|mail| mail.kind == kind).collect()
}

/// How often something was noted.
async fn noted(test: &TestApp, action: &str) -> usize {
    let lines: Vec<kit::trail::Line> = all(test).await;
    lines.into_iter().filter(|line| line.action == action).count()
}

/// Another network on the same instance.
async fn elsewhere(test: &TestApp) -> kit::Network {
    let mut tx = test.app.db.write().await.unwrap();
    let settings = kit::network::Settings::default();
    let other =
        kit::network::create(&mut tx, Timestamp(1), "07", "Ardèche", Some("ardeche.test"), &settings).await;
    tx.commit().await.unwrap();
    other.unwrap()
}
