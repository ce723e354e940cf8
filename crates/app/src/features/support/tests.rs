//! Tasks and the journal, as a coordinator keeps them.

mod board;

use kit::db::{Date, Id};
use kit::testing::TestApp;
use kit::{Actor, Role, Tx, trail};

use super::About;
use super::activity_entry::{self, ActivityEntry, NewEntry};
use super::due::NoteDue;
use super::task::{self, NewTask, Task};

fn actor(test: &TestApp) -> Actor {
    Actor::program(test.network.id, "Essai", test.app.now())
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

async fn write(test: &TestApp) -> Tx {
    test.app.db.write().await.unwrap()
}

async fn add(test: &TestApp, title: &str, due_on: Option<&str>, assignee_id: Option<Id>) -> Task {
    let mut tx = write(test).await;
    let new = NewTask { title: title.to_owned(), due_on: due_on.map(day), assignee_id, ..NewTask::default() };
    let task = task::add(&mut tx, &actor(test), new).await.unwrap();
    tx.commit().await.unwrap();
    task
}

async fn stored<T: kit::db::Table>(test: &TestApp, id: Id) -> T {
    test.app.db.read().await.unwrap().get(test.network.id, id).await.unwrap()
}

async fn actions(test: &TestApp, kind: &str, id: Id) -> Vec<String> {
    let mut tx = test.app.db.read().await.unwrap();
    let lines = trail::of_subject(&mut tx, test.network.id, kind, id, None, 50).await.unwrap();
    lines.into_iter().rev().map(|line| line.action).collect()
}

const TASKS: &str = "/espace/accompagnement/taches";
const JOURNAL: &str = "/espace/accompagnement/journal";

#[tokio::test]
async fn a_task_is_added_changed_done_and_reopened() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let account = me.account_id.unwrap().to_string();
    let fields = [("titre", "Relancer la MJC"), ("echeance", "2026-11-20"), ("confiee", account.as_str())];
    assert_eq!(me.post(&format!("{TASKS}/nouvelle"), &fields).await.goes_to(), TASKS);
    me.get(TASKS).await.ok().shows("Relancer la MJC").shows("En retard").shows("Coordination");
    let all: Vec<Task> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    let task = &all[0];
    let form = me.get(&task.url()).await.ok();
    form.shows("value=\"2026-11-20\"");
    let changed = [
        ("titre", "Relancer la MJC de Crest"),
        ("etat", "in_progress"),
        ("notes", "Deux appels sans réponse."),
        ("version", "1"),
    ];
    me.post(&task.url(), &changed).await.is(303);
    me.get(TASKS).await.ok().shows("MJC de Crest").shows("En cours").shows("Sans échéance");
    me.post(&task.url(), &[("titre", "Autre"), ("etat", "to_do"), ("version", "1")])
        .await
        .is(409)
        .shows("Enregistré entre-temps")
        .shows("Autre");
    assert_eq!(me.post(&format!("{}/fait", task.url()), &[("retour", "/espace")]).await.goes_to(), "/espace");
    me.post(&format!("{}/fait", task.url()), &[]).await.is(303);
    me.get(TASKS).await.ok().hides("MJC de Crest");
    me.get(&format!("{TASKS}?liste=faites")).await.ok().shows("MJC de Crest");
    me.post(&format!("{}/rouvrir", task.url()), &[]).await.is(303);
    me.get(TASKS).await.ok().shows("MJC de Crest");
    let said = actions(&test, "task", task.id).await;
    assert_eq!(said, ["task.added", "task.assigned", "task.changed", "task.finished", "task.reopened"]);
    assert_eq!(stored::<Task>(&test, task.id).await.done_at, None);
}

#[tokio::test]
async fn a_refused_task_keeps_what_was_typed() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let url = format!("{TASKS}/nouvelle");
    let fields = [
        ("titre", " "),
        ("echeance", "demain"),
        ("notes", "Rappeler Léa Martin, 15 ans"),
        ("confiee", "moi"),
    ];
    me.post(&url, &fields)
        .await
        .is(422)
        .shows("id=\"titre-erreur\"")
        .shows("id=\"echeance-erreur\"")
        .shows("id=\"notes-erreur\"")
        .shows("id=\"confiee-erreur\"")
        .shows("Rappeler Léa Martin")
        .shows("value=\"demain\"");
    assert_eq!(test.app.db.read().await.unwrap().all_of::<Task>(test.network.id).await.unwrap(), []);
}

#[tokio::test]
async fn everyone_sees_their_own_tasks_and_those_that_are_nobodys() {
    let test = TestApp::start(crate::parts()).await;
    let (me, other) = (
        test.someone(Role::Coordinator, None, None).await,
        test.someone(Role::Coordinator, None, None).await,
    );
    add(&test, "La mienne", None, me.account_id).await;
    add(&test, "La sienne", None, other.account_id).await;
    add(&test, "À personne", None, None).await;
    me.get(TASKS).await.ok().shows("La mienne").shows("À personne").hides("La sienne");
    me.get(&format!("{TASKS}?liste=toutes")).await.ok().shows("La sienne");
    for role in [Role::Caf, Role::Promeneur, Role::Operator] {
        let someone = test.someone(role, None, None).await;
        someone.get(JOURNAL).await.is(403);
        let has_tasks = role != Role::Operator;
        someone.get(TASKS).await.is(if has_tasks { 200 } else { 403 }).hides("À personne").hides("La mienne");
    }
}

#[tokio::test]
async fn the_longest_due_comes_first_and_pages_follow_without_a_gap() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    add(&test, "Sans jour", None, None).await;
    for n in 0..60 {
        add(&test, &format!("Tâche {n:02}"), Some(&format!("2026-12-{:02}", 30 - n / 2)), None).await;
    }
    let first = me.get(TASKS).await.ok();
    let at = |page: &str, text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not there"));
    assert!(at(&first.body, "Tâche 58") < at(&first.body, "Tâche 20"));
    let next = first.body.split("href=\"").find(|link| link.contains("apres=")).unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    let second = me.get(&next).await.ok();
    let shown: usize = (0..60)
        .filter(|n| {
            let name = format!("Tâche {n:02}</a>");
            first.body.contains(&name) != second.body.contains(&name)
        })
        .count();
    assert_eq!(shown, 60, "each on one page and on one only");
    second.shows("Sans jour");
    let csv = me.get(&format!("{TASKS}?format=csv")).await.ok();
    assert_eq!(csv.body.lines().count(), 62);
    assert!(me.get(&format!("{TASKS}?format=xlsx")).await.ok().bytes.starts_with(b"PK"));
}

#[tokio::test]
async fn the_day_lists_what_is_due_with_its_button() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    add(&test, "Hier", Some("2026-11-22"), None).await;
    let today = add(&test, "Pour ce soir", Some("2026-11-23"), None).await;
    add(&test, "Demain", Some("2026-11-24"), None).await;
    me.get("/espace").await.ok().shows("Hier").shows("En retard").shows("Pour ce soir").hides("Demain");
    me.post(&format!("{}/fait", today.url()), &[("retour", "/espace")]).await.is(303);
    me.get("/espace").await.ok().hides("Pour ce soir");
    let outside =
        me.post(&format!("{}/rouvrir", today.url()), &[("retour", "https://ailleurs.example")]).await;
    assert_eq!(outside.goes_to(), today.url());
}

#[tokio::test]
async fn a_task_is_about_anything_and_is_found_from_there() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let thing = Id::new(test.app.now());
    let about = About::new("mail_thread", thing, "Question de la mairie", "/espace/messagerie/x");
    let mut tx = write(&test).await;
    let new = NewTask { title: "Répondre".to_owned(), about: Some(about), ..NewTask::default() };
    let task = task::add(&mut tx, &actor(&test), new).await.unwrap();
    let found = task::of_object(&mut tx, test.network.id, "mail_thread", thing).await.unwrap();
    assert_eq!(found, [task]);
    tx.commit().await.unwrap();
    me.get(TASKS).await.ok().shows("Question de la mairie").shows("href=\"/espace/messagerie/x\"");
    let none: [&str; 0] = [];
    assert_eq!(actions(&test, "mail_thread", thing).await, none, "histories have other readers");
}

#[tokio::test]
async fn a_due_day_is_noted_once_and_again_when_it_moves() {
    let test = TestApp::start(crate::parts()).await;
    let task = add(&test, "Pour ce soir", Some("2026-11-23"), None).await;
    add(&test, "Demain", Some("2026-11-24"), None).await;
    let look = async || {
        let mut tx = write(&test).await;
        kit::jobs::add(&mut tx, test.network.id, test.app.now(), &NoteDue {}).await.unwrap();
        tx.commit().await.unwrap();
        test.run_jobs().await;
        actions(&test, "task", task.id).await.iter().filter(|action| *action == "task.due").count()
    };
    assert_eq!((look().await, look().await), (1, 1));
    let mut tx = write(&test).await;
    let before: Task = tx.get(test.network.id, task.id).await.unwrap();
    let after = Task { due_on: Some(day("2026-11-25")), ..before.clone() };
    task::edit(&mut tx, &actor(&test), &before, after).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(look().await, 1);
    test.app.clock.advance_minutes(2 * 24 * 60);
    assert_eq!(look().await, 2);
}

#[tokio::test]
async fn a_line_is_noted_in_a_moment_copied_and_taken_out() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    me.get(JOURNAL).await.ok().shows("value=\"2026-11-23\"").shows("Aucune ligne");
    let quick = [
        ("titre", "Point avec Crest"),
        ("type", "person_support"),
        ("duree", "1h30"),
        ("jour", "2026-11-23"),
    ];
    me.post(JOURNAL, &quick).await.is(303);
    let mut again = quick;
    again[2].1 = "0:45";
    me.post(JOURNAL, &again).await.is(303);
    me.get(JOURNAL)
        .await
        .ok()
        .shows("1\u{a0}h\u{a0}30")
        .shows("<strong>2\u{a0}h\u{a0}15</strong> en 2 lignes");
    let all: Vec<ActivityEntry> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    let one = all.iter().find(|entry| entry.minutes == Some(90)).unwrap();
    me.get(&format!("{JOURNAL}/nouvelle?copie={}", one.id)).await.ok().shows("value=\"Point avec Crest\"");
    me.post(&format!("{}/ecarter", one.url()), &[]).await.is(303);
    me.get(JOURNAL).await.ok().shows("<strong>45\u{a0}min</strong> en 1 ligne");
    me.get(&format!("{JOURNAL}?etat=ecartees")).await.ok().shows("Remettre");
    me.post(&format!("{}/confirmer", one.url()), &[]).await.is(303);
    let csv = me.get(&format!("{JOURNAL}?format=csv&periode=2026")).await.ok();
    csv.shows("Point avec Crest").shows(";90;");
    me.get(&format!("{JOURNAL}?format=csv&periode=2025")).await.ok().hides("Point avec Crest");
    assert!(me.get(&format!("{JOURNAL}?format=xlsx")).await.ok().bytes.starts_with(b"PK"));
}

#[tokio::test]
async fn a_refused_line_comes_back_as_typed() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let wrong = [("titre", ""), ("type", "autre chose"), ("duree", "longtemps"), ("jour", "2026-11-30")];
    for url in [JOURNAL.to_owned(), format!("{JOURNAL}/nouvelle")] {
        me.post(&url, &wrong)
            .await
            .is(422)
            .shows("id=\"titre-erreur\"")
            .shows("id=\"type-erreur\"")
            .shows("value=\"longtemps\"")
            .shows("ce jour est à venir");
    }
    assert_eq!(test.app.db.read().await.unwrap().all_of::<ActivityEntry>(test.network.id).await.unwrap(), []);
}

#[tokio::test]
async fn lines_propose_themselves_once_and_are_confirmed_with_one_tap() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let propose = async |key: &str| {
        let mut tx = write(&test).await;
        let mut new = NewEntry::new(day("2026-11-20"), "mail", "Réponse à la mairie").once(key);
        new.minutes = Some(10);
        let proposed = activity_entry::propose(&mut tx, &actor(&test), new).await.unwrap();
        tx.commit().await.unwrap();
        proposed
    };
    assert!(propose("mail:1").await && !propose("mail:1").await && propose("mail:2").await);
    me.get("/espace").await.ok().shows("2 lignes à confirmer");
    me.get(JOURNAL).await.ok().shows("À confirmer").shows("10\u{a0}min").shows("Aucune ligne confirmée");
    let mut all: Vec<ActivityEntry> =
        test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    all.sort_by_key(|entry| entry.id);
    test.someone(Role::Caf, None, None).await.get("/espace").await.ok().hides("mairie").hides("à confirmer");
    me.post(&format!("{}/confirmer", all[0].url()), &[]).await.is(303);
    me.post(&format!("{}/ecarter", all[1].url()), &[]).await.is(303);
    me.get("/espace").await.ok().hides("à confirmer");
    assert!(!propose("mail:1").await && !propose("mail:2").await, "what was answered is not proposed again");
    let confirmed: ActivityEntry = stored(&test, all[0].id).await;
    assert_eq!((confirmed.state.as_str(), confirmed.author.as_str()), ("confirmed", "Coordination"));
    let corrected = [
        ("titre", "Réponse à la mairie"),
        ("type", "mail"),
        ("duree", "20"),
        ("jour", "2026-11-20"),
        ("version", &all[1].version.saturating_add(1).to_string()),
    ];
    me.post(&all[1].url(), &corrected).await.is(303);
    let corrected: ActivityEntry = stored(&test, all[1].id).await;
    assert_eq!((corrected.state.as_str(), corrected.minutes), ("confirmed", Some(20)));
}
