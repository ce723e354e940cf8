//! What several features do together, none of which calls the others: tasks and the decisions that they carry out.

use kit::db::Id;
use kit::testing::{Person, TestApp};
use kit::{Actor, Role};

use super::governance::committee::Committee;
use super::governance::decision::Decision;
use super::governance::meeting::Meeting;
use super::support::About;
use super::support::task::{self, NewTask, Task};

const BOARD: &str = "/espace/accompagnement/taches?vue=tableau";

/// A decision, the `rank`th of its year, of a committee of its own in which nobody sits.
async fn decision(test: &TestApp, rank: i64, owner: Option<Id>) -> Decision {
    let (network, now) = (test.network.id, test.app.now());
    let committee = Committee::blank(network, now, "steering");
    let mut meeting = Meeting::blank(network, now, &committee);
    meeting.title = "Copil".to_owned();
    let mut decision = Decision::blank(&meeting, test.network.today(now), now);
    (decision.owner_id, decision.year, decision.rank) = (owner, 2026, rank);
    decision.text = "Écrire aux maires".to_owned();
    let mut tx = test.app.db.write().await.unwrap();
    tx.insert(&[committee]).await.unwrap();
    tx.insert(&[meeting]).await.unwrap();
    tx.insert(std::slice::from_ref(&decision)).await.unwrap();
    tx.commit().await.unwrap();
    decision
}

async fn add(test: &TestApp, title: &str, assignee_id: Option<Id>, about: About) -> Task {
    let actor = Actor::program(test.network.id, "Essai", test.app.now());
    let mut tx = test.app.db.write().await.unwrap();
    let new = NewTask { title: title.to_owned(), assignee_id, about: Some(about), ..NewTask::default() };
    let task = task::add(&mut tx, &actor, new).await.unwrap();
    tx.commit().await.unwrap();
    task
}

fn carries_out(decision: &Decision) -> About {
    About::new("decision", decision.id, format!("Décision {}", decision.number()), decision.url())
}

async fn stored<T: kit::db::Table>(test: &TestApp, id: Id) -> T {
    test.app.db.read().await.unwrap().get(test.network.id, id).await.unwrap()
}

/// Presses a button of the card of a task, as it is stored.
async fn press(test: &TestApp, who: &Person<'_>, task: Id, state: &str) {
    let task: Task = stored(test, task).await;
    let version = task.version.to_string();
    let fields = [("version", version.as_str()), ("retour", BOARD), ("etat", state)];
    assert_eq!(who.post(&format!("{}/etat", task.url()), &fields).await.goes_to(), BOARD);
}

#[tokio::test]
async fn a_decision_follows_the_card_that_carries_it_out() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let decision = decision(&test, 1, None).await;
    let task = add(&test, "Écrire", me.account_id, carries_out(&decision)).await;
    me.get(BOARD).await.ok().shows("Suite de la").shows(&format!("href=\"{}\"", decision.url()));
    for state in ["in_progress", "done", "in_progress"] {
        press(&test, &me, task.id, state).await;
        assert_eq!(stored::<Decision>(&test, decision.id).await.state, state);
    }
}

#[tokio::test]
async fn cards_lead_to_the_decisions_that_may_be_read_and_name_the_others() {
    let test = TestApp::start(crate::parts()).await;
    let partner = test.someone(Role::Partner, None, None).await;
    let me = partner.account_id;
    let owned = decision(&test, 1, me).await;
    add(&test, "La mienne", me, carries_out(&owned)).await;
    let mut closed = Vec::new();
    for rank in 2..6 {
        let other = decision(&test, rank, None).await;
        add(&test, "D’un comité fermé", me, carries_out(&other)).await;
        closed.push(other);
    }
    add(&test, "Du courrier", me, About::new("mail_thread", owned.id, "Question", "/espace/messagerie/x"))
        .await;
    let page = partner.get(BOARD).await.ok();
    assert!(page.queries <= 8, "{} statements", page.queries);
    let page = page.shows("Du courrier").shows("Question").hides("/espace/messagerie/x");
    let page = page.shows(&format!("href=\"{}\"", owned.url()));
    for other in &closed {
        assert!(!page.body.contains(&other.url()) && page.body.contains(&other.number()));
    }
    // The Caf reads every committee's.
    let caf = test.someone(Role::Caf, None, None).await;
    add(&test, "Suivre", caf.account_id, carries_out(&closed[0])).await;
    let page = caf.get(BOARD).await.ok().shows(&format!("href=\"{}\"", closed[0].url()));
    assert!(page.queries <= 8, "{} statements", page.queries);
}
