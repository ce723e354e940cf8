//! Questions, as a coordinator keeps their register.

use kit::db::Id;
use kit::testing::{Person, TestApp};
use kit::{Actor, Role, network, trail};

use super::QUESTIONS;
use super::asker::Asker;
use super::question::{self, NewQuestion, Question};
use crate::features::directory::person::{self, Person as Sheet};
use crate::features::support::activity_entry::ActivityEntry;

const NEW: &str = "/espace/accompagnement/questions/nouvelle";

fn actor(test: &TestApp) -> Actor {
    Actor::program(test.network.id, "Essai", test.app.now())
}

fn asked(title: &str, category: &str, day: &str) -> NewQuestion {
    NewQuestion {
        title: title.to_owned(),
        body: None,
        category: category.to_owned(),
        channel: "phone".to_owned(),
        asked_on: day.parse().unwrap(),
        asker: Asker::named("Noé Lefèvre"),
        about: None,
    }
}

async fn add(test: &TestApp, title: &str, category: &str, day: &str) -> Question {
    let mut tx = test.app.db.write().await.unwrap();
    let question = question::add(&mut tx, &actor(test), asked(title, category, day)).await.unwrap();
    tx.commit().await.unwrap();
    question
}

async fn stored(test: &TestApp, id: Id) -> Question {
    test.app.db.read().await.unwrap().get(test.network.id, id).await.unwrap()
}

async fn all(test: &TestApp) -> Vec<Question> {
    test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap()
}

async fn actions(test: &TestApp, id: Id) -> Vec<String> {
    let mut tx = test.app.db.read().await.unwrap();
    let lines = trail::of_subject(&mut tx, test.network.id, "question", id, None, 50).await.unwrap();
    lines.into_iter().rev().map(|line| line.action).collect()
}

/// What a form of a question says, some of it otherwise.
fn form<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("titre", "Peut-on publier la photo d’un atelier ?"),
        ("demandeur", "Noé Lefèvre"),
        ("categorie", "posture"),
        ("canal", "phone"),
        ("jour", "2026-11-20"),
        ("version", "1"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    kept.chain(changed.iter().copied()).collect()
}

async fn coordinator(test: &TestApp) -> Person<'_> {
    test.someone(Role::Coordinator, None, None).await
}

#[tokio::test]
async fn a_question_is_noted_taken_put_on_hold_answered_and_reopened() {
    let test = TestApp::start(crate::parts()).await;
    let me = coordinator(&test).await;
    me.get(QUESTIONS).await.ok().shows("Aucune question pour l’instant").shows("En faire une question");
    me.get(NEW).await.ok().shows("value=\"2026-11-23\"").shows("Enregistrer la réponse");
    let url = me.post(NEW, &form(&[])).await.goes_to();
    let one = all(&test).await.remove(0);
    assert_eq!(url, one.url());
    me.get(&url).await.ok().shows("Reçue").shows("Peut-on publier").hides("Rouvrir");
    me.get(QUESTIONS)
        .await
        .ok()
        .shows("Noé Lefèvre")
        .shows("20\u{a0}novembre 2026")
        .shows("Prendre en charge");
    let back = format!("{QUESTIONS}?etat=received");
    assert_eq!(me.post(&format!("{url}/prendre"), &[("retour", &back)]).await.goes_to(), back);
    me.get(&url).await.ok().shows("Prise en charge").shows("Suivie par Coordination");
    let waiting = form(&[("suite", "attente"), ("detail", "La Caf doit confirmer."), ("version", "2")]);
    me.post(&url, &waiting).await.is(303);
    let one = stored(&test, one.id).await;
    assert_eq!((one.state.as_str(), one.body.as_deref()), ("waiting", Some("La Caf doit confirmer.")));
    me.post(&url, &form(&[("suite", "repondre"), ("version", "4")]))
        .await
        .is(422)
        .shows("id=\"reponse-erreur\"");
    let answer = [("suite", "repondre"), ("reponse", "Oui, avec un accord écrit."), ("version", "4")];
    assert_eq!(me.post(&url, &form(&answer)).await.goes_to(), url);
    me.get(&url)
        .await
        .ok()
        .shows("Répondue")
        .shows("avec un accord écrit")
        .shows("Rouvrir")
        .hides("Prendre en charge");
    assert!(stored(&test, one.id).await.answered_at.is_some());
    me.post(&format!("{url}/rouvrir"), &[]).await.is(303);
    let one = stored(&test, one.id).await;
    assert_eq!((one.state.as_str(), one.owner_id, one.answered_at), ("taken", me.account_id, None));
    me.post(&format!("{url}/obsolete"), &[]).await.is(303);
    me.get(&url).await.ok().shows("Obsolète");
    let said = actions(&test, one.id).await;
    let expected = ["added", "taken", "changed", "waiting", "answered", "reopened", "obsolete"];
    assert_eq!(said, expected.map(|action| format!("question.{action}")));
}

#[tokio::test]
async fn a_call_is_noted_with_its_answer_at_once() {
    let test = TestApp::start(crate::parts()).await;
    let me = coordinator(&test).await;
    let answered =
        form(&[("suite", "repondre"), ("reponse", "Par les réglages du profil."), ("duree", "15 min")]);
    me.post(NEW, &answered).await.is(303);
    let one = all(&test).await.remove(0);
    assert_eq!((one.state.as_str(), one.owner_id, one.minutes), ("answered", me.account_id, Some(15)));
    let taken = form(&[("suite", "prendre"), ("titre", "Une autre")]);
    me.post(NEW, &taken).await.is(303);
    assert!(all(&test).await.iter().any(|one| one.title == "Une autre" && one.state == "taken"));
}

#[tokio::test]
async fn a_legal_answer_carries_its_sources_and_a_day_of_review() {
    let test = TestApp::start(crate::parts()).await;
    let me = coordinator(&test).await;
    let url = add(&test, "Qui répond d’un message reçu la nuit ?", "legal", "2026-11-20").await.url();
    let bare = [("categorie", "legal"), ("suite", "repondre"), ("reponse", "Personne n’y est tenu.")];
    me.post(&url, &form(&bare))
        .await
        .is(422)
        .shows("id=\"sources-erreur\"")
        .shows("id=\"revision-erreur\"")
        .shows("Personne n’y est tenu.");
    // What is not answered yet may be kept without them.
    me.post(&url, &form(&bare[..1])).await.is(303);
    let more = [("sources", "Charte nationale, art. 3"), ("version", "2")];
    let past = [&bare[..], &more, &[("revision", "2026-11-23")]].concat();
    me.post(&url, &form(&past)).await.is(422).shows("Choisissez un jour à venir");
    let whole = [&bare[..], &more, &[("revision", "2026-12-31")]].concat();
    me.post(&url, &form(&whole)).await.is(303);
    let kept = all(&test).await.remove(0);
    assert_eq!(kept.state, "answered");
    let without = [("categorie", "legal"), ("reponse", "Personne."), ("version", "3")];
    me.post(&url, &form(&without)).await.is(422).shows("id=\"sources-erreur\"");
    // The act says the same to whoever has no form.
    let mut tx = test.app.db.write().await.unwrap();
    let bared = Question { sources: None, ..kept.clone() };
    let refused = question::save(&mut tx, &actor(&test), &kept, bared).await.unwrap_err();
    assert!(refused.to_string().contains("cite ses sources"), "{refused}");
    drop(tx);
    me.get(QUESTIONS).await.ok().hides("À revoir");
    test.app.clock.advance_minutes(60 * 24 * 60);
    let later = coordinator(&test).await;
    later.get(QUESTIONS).await.ok().shows("À revoir");
    // Correcting what was due for review long ago does not ask for another day.
    let same = [&whole[..1], &whole[2..4], &[("revision", "2026-12-31"), ("version", "3")]].concat();
    later.post(&url, &form(&same)).await.is(303);
}

#[tokio::test]
async fn an_answer_proposes_its_line_in_the_journal_once() {
    let test = TestApp::start(crate::parts()).await;
    let me = coordinator(&test).await;
    let url = add(&test, "Compte bloqué", "technical", "2026-11-20").await.url();
    let answer = [("categorie", "technical"), ("reponse", "Un formulaire d’appel."), ("duree", "0:25")];
    let answered = async |version: &str| {
        let fields = [&answer[..], &[("suite", "repondre"), ("version", version)]].concat();
        me.post(&url, &form(&fields)).await.is(303);
    };
    answered("1").await;
    me.get("/espace/accompagnement/journal").await.ok().shows("À confirmer").shows("25\u{a0}min");
    me.post(&format!("{url}/rouvrir"), &[]).await.is(303);
    answered("3").await;
    let lines: Vec<ActivityEntry> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    let [line] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!((line.kind.as_str(), line.state.as_str()), ("question", "proposed"));
    assert_eq!((line.theme.as_deref(), line.means.as_deref()), (Some("technical"), Some("phone")));
    assert_eq!(line.about_url.as_deref(), Some(url.as_str()));
}

#[tokio::test]
async fn a_refused_question_keeps_what_was_typed() {
    let test = TestApp::start(crate::parts()).await;
    let me = coordinator(&test).await;
    let wrong = [
        ("titre", " "),
        ("demandeur", ""),
        ("categorie", "autre chose"),
        ("canal", ""),
        ("jour", "2026-11-24"),
        ("duree", "longtemps"),
        ("detail", "Rappeler Léa Martin, 15 ans"),
    ];
    let mut page = me.post(NEW, &wrong).await.is(422);
    for field in ["titre", "demandeur", "categorie", "canal", "jour", "duree", "detail"] {
        page = page.shows(&format!("id=\"{field}-erreur\""));
    }
    page.shows("Rappeler Léa Martin").shows("value=\"longtemps\"").shows("value=\"2026-11-24\"");
    assert_eq!(all(&test).await, []);
}

#[tokio::test]
async fn two_who_write_at_once_are_shown_both_texts() {
    let test = TestApp::start(crate::parts()).await;
    let me = coordinator(&test).await;
    let url = add(&test, "Peut-on publier la photo ?", "posture", "2026-11-20").await.url();
    me.post(&url, &form(&[("reponse", "Oui, avec un accord.")])).await.is(303);
    me.post(&url, &form(&[("reponse", "Jamais."), ("suite", "repondre")]))
        .await
        .is(409)
        .shows("Enregistré entre-temps")
        .shows("Oui, avec un accord.")
        .shows("Jamais.");
    assert_eq!(all(&test).await[0].state, "received");
    me.post(&url, &form(&[("reponse", "Jamais."), ("suite", "repondre"), ("version", "2")])).await.is(303);
}

#[tokio::test]
async fn acts_that_make_no_sense_are_refused() {
    let test = TestApp::start(crate::parts()).await;
    let (me, other) = (coordinator(&test).await, coordinator(&test).await);
    let one = add(&test, "Compte bloqué", "technical", "2026-11-20").await;
    let at = |act: &str| format!("{}/{act}", one.url());
    me.post(&at("rouvrir"), &[]).await.is(422).shows("attend déjà une réponse");
    me.post(&at("prendre"), &[]).await.is(303);
    me.post(&at("prendre"), &[]).await.is(303);
    assert_eq!(stored(&test, one.id).await.version, 2, "taking twice is taking once");
    other.post(&at("prendre"), &[]).await.is(303);
    assert_eq!(stored(&test, one.id).await.owner_id, other.account_id);
    me.post(&at("obsolete"), &[]).await.is(303);
    me.post(&at("obsolete"), &[]).await.is(303);
    me.post(&at("prendre"), &[]).await.is(422).shows("rouvrez-la d’abord");
    let answer = [("categorie", "technical"), ("reponse", "Oui."), ("suite", "repondre"), ("version", "4")];
    me.post(&one.url(), &form(&answer)).await.is(422).shows("obsolète");
    let on_hold = [("categorie", "technical"), ("suite", "attente"), ("version", "4")];
    me.post(&one.url(), &form(&on_hold)).await.is(422).shows("rouvrez-la d’abord");
    assert_eq!(stored(&test, one.id).await.version, 4, "nothing of a refused act is kept");
}

#[tokio::test]
async fn what_waits_comes_first_the_oldest_first_and_pages_follow_without_a_gap() {
    let test = TestApp::start(crate::parts()).await;
    let me = coordinator(&test).await;
    for n in 0..58 {
        add(&test, &format!("Question {n:02}"), "tools", &format!("2026-10-{:02}", 30 - n / 2)).await;
    }
    for (title, day) in [("Ancienne", "2026-01-05"), ("Récente", "2026-11-22")] {
        let one = add(&test, title, "tools", day).await;
        me.post(&format!("{}/obsolete", one.url()), &[]).await.is(303);
    }
    let first = me.get(QUESTIONS).await.ok();
    let at = |page: &str, text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not there"));
    assert!(at(&first.body, "Question 57") < at(&first.body, "Question 20"));
    let next = first.body.split("href=\"").find(|link| link.contains("apres=")).unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    let second = me.get(&next).await.ok();
    let once = |n: &i32| {
        let name = format!("Question {n:02}</a>");
        first.body.contains(&name) != second.body.contains(&name)
    };
    assert_eq!((0..58).filter(once).count(), 58, "each on one page and on one only");
    assert!(at(&second.body, "Question 00") < at(&second.body, "Récente"));
    assert!(at(&second.body, "Récente") < at(&second.body, "Ancienne"));
    let csv = me.get(&format!("{QUESTIONS}?format=csv")).await.ok();
    assert_eq!(csv.body.lines().count(), 61);
    assert!(me.get(&format!("{QUESTIONS}?format=xlsx")).await.ok().bytes.starts_with(b"PK"));
}

#[tokio::test]
async fn the_list_narrows_by_state_category_and_words() {
    let test = TestApp::start(crate::parts()).await;
    let me = coordinator(&test).await;
    let image = add(&test, "Droit à l’image pendant un séjour", "legal", "2026-11-20").await;
    add(&test, "Compte bloqué", "technical", "2026-11-21").await;
    let over = add(&test, "Logo de l’an dernier", "other", "2026-11-19").await;
    me.post(&format!("{}/obsolete", over.url()), &[]).await.is(303);
    me.post(&format!("{}/prendre", image.url()), &[]).await.is(303);
    let list = async |query: &str| me.get(&format!("{QUESTIONS}?{query}")).await.ok();
    list("q=IMAGE+s%C3%A9jour").await.shows("Droit à l’image").hides("Compte bloqué");
    list("etat=taken").await.shows("Droit à l’image").hides("Compte bloqué");
    list("etat=sans-reponse").await.shows("Droit à l’image").shows("Compte bloqué").hides("Logo");
    list("etat=obsolete&q=logo&categorie=other").await.shows("Logo de l’an dernier");
    list("categorie=technical").await.shows("Compte bloqué").hides("Droit à l’image");
    list("q=logo&etat=taken").await.shows("Aucune question ne correspond");
    list("etat=obsolete&format=csv").await.shows("Logo").hides("Compte bloqué");
}

#[tokio::test]
async fn the_day_counts_what_waits_and_the_search_finds_it() {
    let test = TestApp::start(crate::parts()).await;
    let me = coordinator(&test).await;
    let one = add(&test, "Compte bloqué", "technical", "2026-11-20").await;
    me.get("/espace").await.ok().shows("1 question sans réponse");
    me.get("/espace/recherche?q=bloques").await.ok().shows("Compte bloqué").shows(&one.url());
    let caf = test.someone(Role::Caf, None, None).await;
    caf.get("/espace").await.ok().hides("Compte bloqué").hides("sans réponse");
    caf.get("/espace/recherche?q=bloques").await.ok().hides(&one.url());
    let answer = [("categorie", "technical"), ("reponse", "Formulaire d’appel."), ("suite", "repondre")];
    me.post(&one.url(), &form(&answer)).await.is(303);
    me.get("/espace").await.ok().hides("sans réponse");
    me.get("/espace/recherche?q=formulaire").await.ok().shows(&one.url());
}

#[tokio::test]
async fn who_asks_leads_to_their_sheet_unless_two_bear_the_name() {
    let test = TestApp::start(crate::parts()).await;
    let me = coordinator(&test).await;
    let mut tx = test.app.db.write().await.unwrap();
    let names = [("Noé", "Lefèvre"), ("Zoé", "Perrin"), ("Zoé", "Perrin")];
    let people: Vec<Sheet> = names
        .iter()
        .enumerate()
        .map(|(at, (first, last))| {
            let sheet = Sheet::named(test.network.id, test.app.now(), first, last);
            Sheet { slug: format!("{}-{at}", sheet.slug), ..sheet }
        })
        .collect();
    person::add(&mut tx, &actor(&test), &people, None).await.unwrap();
    tx.commit().await.unwrap();
    let url = me.post(NEW, &form(&[("demandeur", "noe lefevre")])).await.goes_to();
    me.get(&url).await.ok().shows(&format!("href=\"{}\"", people[0].url()));
    me.post(&url, &form(&[("demandeur", "Zoé Perrin")])).await.is(303);
    me.get(&url).await.ok().hides(&format!("href=\"{}\"", people[0].url())).hides(&people[1].url());
}

#[tokio::test]
async fn only_the_coordination_of_the_network_reads_its_questions() {
    let test = TestApp::start(crate::parts()).await;
    let one = add(&test, "Compte bloqué", "technical", "2026-11-20").await;
    for role in [Role::Caf, Role::Promeneur, Role::Manager, Role::Operator] {
        let someone = test.someone(role, None, None).await;
        someone.get(QUESTIONS).await.is(403);
        someone.get(&one.url()).await.is(403);
        someone.post(NEW, &form(&[])).await.is(403);
        someone.post(&format!("{}/prendre", one.url()), &[]).await.is(403);
    }
    let mut tx = test.app.db.write().await.unwrap();
    let settings = network::Settings::default();
    let made =
        network::create(&mut tx, test.app.now(), "07", "Ardèche", Some("ardeche.test"), &settings).await;
    tx.commit().await.unwrap();
    let stranger = test.someone_in(&made.unwrap(), Role::Coordinator, None, None).await;
    stranger.get(QUESTIONS).await.ok().hides("Compte bloqué");
    stranger.get(&one.url()).await.is(404);
    for act in ["", "/prendre", "/rouvrir", "/obsolete"] {
        stranger.post(&format!("{}{act}", one.url()), &form(&[])).await.is(404);
    }
    assert_eq!(stored(&test, one.id).await, one);
}
