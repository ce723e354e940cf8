//! The board of tasks, and whose tasks it and the list show.

use kit::Role;
use kit::testing::{Answer, Person, TestApp};

use super::super::task::Task;
use super::{TASKS, actions, add, stored, write};

const BOARD: &str = "/espace/accompagnement/taches?vue=tableau";
const LONG: &str = "Rappeler les responsables des espaces jeunes de la vallée pour que chacune et chacun confirme \
                    par écrit la date de la prochaine journée départementale, puis réserver la salle des fêtes";

/// What is in a column, from its heading to the next section.
fn column<'a>(body: &'a str, code: &str) -> &'a str {
    let from = body.find(&format!("data-board-column=\"{code}\"")).expect("a column");
    let rest = &body[from..];
    &rest[..rest.find("</section>").expect("its end")]
}

/// Presses a button of a card as it was drawn.
async fn press(who: &Person<'_>, task: &Task, state: &str) -> Answer {
    let version = task.version.to_string();
    let fields = [("version", version.as_str()), ("retour", BOARD), ("etat", state)];
    who.post(&format!("{}/etat", task.url()), &fields).await
}

#[tokio::test]
async fn a_card_goes_from_column_to_column_and_the_trail_tells_it() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let task = add(&test, "Relancer la MJC", Some("2026-11-20"), me.account_id).await;
    let page = me.get(BOARD).await.ok();
    let to_do = column(&page.body, "to_do");
    assert!(to_do.contains("Relancer la MJC") && to_do.contains("En retard") && to_do.contains("Commencer"));
    assert!(column(&page.body, "in_progress").contains("Rien en cours."));
    assert!(column(&page.body, "done").contains("Rien de fait ces deux dernières semaines."));
    assert_eq!(press(&me, &task, "in_progress").await.goes_to(), BOARD);
    let task = stored::<Task>(&test, task.id).await;
    let page = me.get(BOARD).await.ok();
    assert!(column(&page.body, "in_progress").contains("Relancer la MJC"));
    press(&me, &task, "done").await.is(303);
    let task = stored::<Task>(&test, task.id).await;
    assert_eq!(task.done_by.as_deref(), Some("Coordination"));
    let page = me.get(BOARD).await.ok();
    let done = column(&page.body, "done");
    assert!(done.contains("Fait le") && done.contains("Reprendre") && !done.contains("En retard"));
    press(&me, &task, "in_progress").await.is(303);
    let task = stored::<Task>(&test, task.id).await;
    assert_eq!((task.state.as_str(), task.done_at), ("in_progress", None));
    press(&me, &task, "to_do").await.is(303);
    let said = actions(&test, "task", task.id).await;
    let moves = ["task.changed", "task.finished", "task.reopened", "task.changed"];
    assert_eq!(said[2..], moves, "{said:?}");
}

#[tokio::test]
async fn whoever_saw_an_older_card_moves_nothing_and_sees_the_board_as_it_is() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let colleague = test.someone(Role::Coordinator, None, None).await;
    let seen = add(&test, "Relancer la MJC", None, None).await;
    press(&colleague, &seen, "done").await.is(303);
    let page = press(&me, &seen, "in_progress").await.is(409).shows("a été modifiée entre-temps");
    assert!(column(&page.body, "done").contains("Relancer la MJC"));
    page.shows("name=\"retour\" value=\"/espace/accompagnement/taches?vue=tableau\"");
    assert_eq!(stored::<Task>(&test, seen.id).await.state, "done");
    // Both wanted the same: nothing to complain about, and nothing is written twice.
    press(&me, &seen, "done").await.is(303);
    assert_eq!(actions(&test, "task", seen.id).await, ["task.added", "task.finished"]);
    let unread = [("version", "2"), ("retour", "https://ailleurs.example"), ("etat", "to_do")];
    let elsewhere = me.post(&format!("{}/etat", seen.url()), &unread).await;
    assert_eq!(elsewhere.goes_to(), BOARD);
    press(&me, &seen, "abandoned").await.is(422).shows("Cette colonne n’existe pas");
    press(&me, &seen, "").await.is(422);
    let none = [("etat", "done")];
    me.post(&format!("{}/etat", seen.url()), &none).await.is(409);
    assert_eq!(stored::<Task>(&test, seen.id).await.state, "to_do");
}

#[tokio::test]
async fn others_see_and_move_only_the_cards_that_they_were_given() {
    let test = TestApp::start(crate::parts()).await;
    let partner = test.someone(Role::Partner, None, None).await;
    let mine = add(&test, "La mienne", None, partner.account_id).await;
    let nobodys = add(&test, "De personne", None, None).await;
    for address in [BOARD, &format!("{BOARD}&liste=toutes"), &format!("{BOARD}&liste=personne")] {
        partner.get(address).await.ok().shows("La mienne").hides("De personne").hides("Filtrer");
    }
    press(&partner, &mine, "in_progress").await.is(303);
    assert_eq!(stored::<Task>(&test, mine.id).await.state, "in_progress");
    press(&partner, &nobodys, "done").await.is(404);
    for (role, status) in [(Role::Guest, 403), (Role::Operator, 403), (Role::Promeneur, 404)] {
        let someone = test.someone(role, None, None).await;
        press(&someone, &mine, "done").await.is(status);
    }
    assert_eq!(stored::<Task>(&test, nobodys.id).await.state, "to_do");
}

#[tokio::test]
async fn tasks_are_chosen_by_person_and_by_state_and_files_keep_the_choice() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let partner = test.someone(Role::Partner, None, None).await;
    let idle = test.someone(Role::Caf, None, None).await;
    add(&test, "La mienne", None, me.account_id).await;
    add(&test, "La sienne", None, partner.account_id).await;
    let begun = add(&test, "Commencée", None, partner.account_id).await;
    add(&test, "De personne", None, None).await;
    press(&me, &begun, "in_progress").await.is(303);
    let hers = partner.account_id.unwrap().to_string();
    let choices = me.get(TASKS).await.ok().shows("Tâches confiées à").shows(&format!("value=\"{hers}\""));
    choices.hides(&format!("value=\"{}\"", idle.account_id.unwrap()));
    // Of the four, those that are shown by each choice.
    let titles = ["La mienne", "La sienne", "Commencée", "De personne"];
    let table = [
        ("", [true, false, false, true]),
        ("liste=moi", [true, false, false, false]),
        ("liste=personne", [false, false, false, true]),
        ("liste=toutes", [true; 4]),
        (&format!("liste={hers}"), [false, true, true, false]),
        ("liste=inconnue", [true, false, false, true]),
    ];
    for (choice, expected) in table {
        for view in ["", "&vue=tableau", "&format=csv", "&vue=tableau&format=csv"] {
            let page = me.get(&format!("{TASKS}?{choice}{view}")).await.ok();
            assert_eq!(titles.map(|title| page.body.contains(title)), expected, "?{choice}{view}");
        }
    }
    let state = format!("{TASKS}?liste={hers}&etat=en-cours");
    me.get(&state).await.ok().shows("Commencée").hides("La sienne");
    me.get(&format!("{state}&format=csv")).await.ok().shows("Commencée").hides("La sienne");
    // The switch keeps what was chosen, both ways.
    let address = format!("liste={hers}&#38;etat=en-cours");
    me.get(&state).await.ok().shows(&format!("{address}&#38;vue=tableau\""));
    let board = me.get(&format!("{state}&vue=tableau")).await.ok().shows(&format!("{address}\""));
    board.shows("La sienne").shows("name=\"etat\" value=\"en-cours\"");
}

#[tokio::test]
async fn five_hundred_tasks_stay_a_short_page_that_leads_to_the_list() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let few = me.get(BOARD).await.ok().queries;
    let all: Vec<Task> = (0..500)
        .map(|n| {
            let mut task = Task::blank(test.network.id, test.app.now());
            (task.title, task.assignee_id) = (format!("{LONG} {n}"), me.account_id);
            if n % 5 == 0 {
                task.state = "in_progress".to_owned();
            }
            task
        })
        .collect();
    let mut tx = write(&test).await;
    tx.insert(&all).await.unwrap();
    tx.commit().await.unwrap();
    let page = me.get(BOARD).await.ok();
    assert_eq!(page.body.matches("data-board-card").count(), 100);
    assert!(column(&page.body, "to_do").contains("et 350 autres"));
    assert!(column(&page.body, "in_progress").contains("et 50 autres"));
    assert!(page.body.contains("href=\"/espace/accompagnement/taches?etat=en-cours\""));
    assert_eq!(page.queries, few, "whatever the number of cards");
    assert!(few <= 8, "{few} statements");
    let csv = me.get(&format!("{BOARD}&format=csv")).await.ok();
    assert_eq!(csv.body.lines().count(), 501);
}

#[tokio::test]
async fn what_is_done_leaves_the_board_after_two_weeks_and_what_was_abandoned_is_never_on_it() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let done = add(&test, "Faite", None, me.account_id).await;
    let dropped = add(&test, "Abandonnée", None, me.account_id).await;
    press(&me, &done, "done").await.is(303);
    let version = dropped.version.to_string();
    let given_up = [("titre", "Abandonnée"), ("etat", "abandoned"), ("version", version.as_str())];
    me.post(&dropped.url(), &given_up).await.is(303);
    me.get(BOARD).await.ok().shows("Faite").hides("Abandonnée");
    test.app.clock.advance_minutes(13 * 24 * 60);
    me.get(BOARD).await.ok().shows("Faite");
    test.app.clock.advance_minutes(2 * 24 * 60);
    me.get(BOARD).await.ok().hides("Faite");
    me.get(&format!("{TASKS}?etat=faites")).await.ok().shows("Faite").shows("Abandonnée");
}
