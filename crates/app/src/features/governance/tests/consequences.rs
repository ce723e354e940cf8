//! What decisions lead to besides posts: tasks, letters, meetings, polls; the chain is read both ways.

use kit::Role;
use kit::testing::{Person, TestApp};

use super::super::consequence::Consequence;
use super::super::decision::Decision;
use super::super::meeting::Meeting;
use super::super::{DECISIONS, MEETINGS};
use super::all;
use super::meetings::mails;
use super::posts_by_decision::decide;
use super::sessions::session;
use crate::features::support::task::Task;

const LETTERS: &str = "/espace/messagerie/lettres";
const POLLS: &str = "/espace/agenda/sondages";

async fn reread(test: &TestApp, decision: &Decision) -> Decision {
    all::<Decision>(test).await.into_iter().find(|one| one.id == decision.id).unwrap()
}

/// Someone who sits in the Copil and signs in with that address.
async fn member(test: &TestApp) -> Person<'_> {
    let partner = test.someone(Role::Partner, None, None).await;
    let sql =
        kit::sql!("update account set email = 'ana@departement.test' where network_id = $1 and id = $2");
    let mut tx = test.app.db.write().await.unwrap();
    tx.run(sql, kit::args![test.network.id, partner.account_id.unwrap()]).await.unwrap();
    tx.commit().await.unwrap();
    partner
}

#[tokio::test]
async fn a_letter_begun_from_a_decision_says_its_text_and_each_leads_to_the_other() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    let decision = decide(&test, &me, &page, "Écrire aux maires de {{prenom}} & <b>Die</b>").await;
    let id = decision.id.to_string();
    me.get(&decision.url()).await.ok().shows(&format!("{LETTERS}?decision={id}"));
    let offered = me.get(&format!("{LETTERS}?decision={id}")).await.ok();
    offered
        .shows("Suite de la")
        .shows(&decision.number())
        .shows(&format!("name=\"decision\" value=\"{id}\""));
    let letter = me.post(LETTERS, &[("modele", ""), ("decision", &id)]).await.goes_to();
    me.get(&letter).await.ok().shows(&format!("Décision {}", decision.number()));
    let body = me.get(&format!("{letter}/message")).await.ok().body;
    assert!(body.contains("Écrire aux maires") && body.contains("{ {prenom}}"), "{body}");
    assert!(body.contains("&lt;b&gt;") || body.contains("&#60;b&#62;"), "{body}");
    me.get(&letter).await.ok().shows("Suite de la décision").shows(&decision.url());
    me.get(&decision.url()).await.ok().shows(&letter).shows("Brouillon");
    // A member of the committee reads that there is a letter, and no more.
    let member = member(&test).await;
    member
        .get(&decision.url())
        .await
        .ok()
        .shows("Lettre")
        .shows("Brouillon")
        .hides(&letter)
        .hides("Donner suite");
    me.post(&format!("{letter}/corbeille"), &[]).await.is(303);
    me.get(&decision.url()).await.ok().shows("À la corbeille");
    assert_eq!(all::<Consequence>(&test).await.len(), 1);
}

#[tokio::test]
async fn a_meeting_and_a_poll_begun_from_a_decision_are_tied_to_it() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    let decision = decide(&test, &me, &page, "Réunir les maires").await;
    let (id, committee) = (decision.id.to_string(), decision.committee_id.to_string());
    let form = me.get(&format!("{MEETINGS}/nouvelle?decision={id}")).await.ok();
    form.shows(&format!("name=\"decision\" value=\"{id}\"")).shows("Réunir les maires");
    let wrong = [("comite", committee.as_str()), ("titre", ""), ("duree", "2h"), ("decision", &id)];
    me.post(&format!("{MEETINGS}/nouvelle"), &wrong).await.is(422).shows(&format!("value=\"{id}\""));
    assert!(all::<Consequence>(&test).await.is_empty());
    let right =
        [("comite", committee.as_str()), ("titre", "Avec les maires"), ("duree", "2h"), ("decision", &id)];
    let meeting = me.post(&format!("{MEETINGS}/nouvelle"), &right).await.goes_to();
    me.get(&meeting).await.ok().shows("Suite de la décision").shows(&decision.url());
    me.get(&decision.url()).await.ok().shows(&meeting).shows("Avec les maires").shows("Planifiée");
    let member = member(&test).await;
    member.get(&decision.url()).await.ok().shows("Avec les maires");
    member.get(&meeting).await.ok().shows(&decision.url());
    // The date may be sought first.
    let form = me.get(&format!("{POLLS}/nouveau?decision={id}")).await.ok();
    form.shows(&format!("name=\"decision\" value=\"{id}\"")).shows("Réunir les maires").shows("Zoé Perrin");
    let poll = [
        ("titre", "Quand voir les maires"),
        ("duree", "2h"),
        ("cloture", "2099-01-01"),
        ("date-1", "2099-01-12T10:00"),
        ("comite", &committee),
        ("decision", &id),
    ];
    let poll = me.post(&format!("{POLLS}/nouveau"), &poll).await.goes_to();
    let poll = poll.trim_end_matches("/participants");
    me.get(poll).await.ok().shows("Suite de la décision").shows(&decision.url());
    me.get(&decision.url()).await.ok().shows(poll).shows("Sondage de dates");
    member.get(&decision.url()).await.ok().shows("Quand voir les maires").hides(poll);
    let seen = me.get(&decision.url()).await.ok();
    assert!(seen.queries <= 8, "{}", seen.queries);
}

#[tokio::test]
async fn nothing_is_tied_to_an_unknown_or_abandoned_decision() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    let decision = decide(&test, &me, &page, "Écrire").await;
    let unknown = kit::Id::new(test.app.now()).to_string();
    for bad in [unknown.as_str(), "n-importe-quoi"] {
        me.get(&format!("{LETTERS}?decision={bad}")).await.is(404);
        me.post(LETTERS, &[("modele", ""), ("decision", bad)]).await.is(404);
        me.post(&format!("{MEETINGS}/nouvelle"), &[("decision", bad)]).await.is(404);
        me.post(&format!("{POLLS}/nouveau"), &[("decision", bad)]).await.is(404);
    }
    let over = [("texte", "Écrire"), ("mode", "consensus"), ("etat", "abandoned"), ("version", "1")];
    me.post(&decision.url(), &over).await.is(303);
    me.get(&decision.url()).await.ok().hides("Donner suite");
    let id = decision.id.to_string();
    me.post(LETTERS, &[("modele", ""), ("decision", &id)]).await.is(422).shows("abandonnée");
    me.post(&format!("{}/tache", decision.url()), &[]).await.is(422).shows("abandonnée");
    assert!(me.get(LETTERS).await.ok().body.contains("Rien n’a encore été écrit"));
    assert!(all::<Task>(&test).await.is_empty());
    assert_eq!(all::<Meeting>(&test).await.len(), 1);
}

#[tokio::test]
async fn a_decision_moves_with_the_tasks_that_carry_it_out() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    let decision = decide(&test, &me, &page, "Écrire aux maires").await;
    for title in ["Rédiger", "Envoyer"] {
        me.post(&format!("{}/tache", decision.url()), &[("titre", title)]).await.is(303);
    }
    let tasks: Vec<Task> = all(&test).await;
    let version = tasks[0].version.to_string();
    let begun = [("titre", "Rédiger"), ("etat", "in_progress"), ("version", version.as_str())];
    me.post(&tasks[0].url(), &begun).await.is(303);
    assert_eq!(reread(&test, &decision).await.state, "in_progress");
    me.get(&tasks[0].url()).await.ok().shows("Suite de la").shows(&decision.url());
    me.post(&format!("{}/fait", tasks[0].url()), &[]).await.is(303);
    assert_eq!(reread(&test, &decision).await.state, "in_progress", "one task is left");
    me.post(&format!("{}/fait", tasks[1].url()), &[]).await.is(303);
    let done = reread(&test, &decision).await;
    assert!(done.state == "done" && done.ended_at.is_some());
    let mut tx = test.app.db.read().await.unwrap();
    let lines =
        kit::trail::of_subject(&mut tx, test.network.id, "decision", decision.id, None, 9).await.unwrap();
    assert_eq!(lines[0].action, "decision.ended");
    drop(tx);
    me.get(DECISIONS).await.ok().hides("Écrire aux maires");
    me.post(&format!("{}/rouvrir", tasks[1].url()), &[]).await.is(303);
    let again = reread(&test, &decision).await;
    assert!(again.state == "in_progress" && again.ended_at.is_none());
    // Ended by hand, it says which tasks are left and ends them as it ended.
    me.post(&format!("{}/taches/terminer", decision.url()), &[]).await.is(422).shows("n’est pas terminée");
    let version = again.version.to_string();
    let over = [
        ("texte", "Écrire aux maires"),
        ("mode", "consensus"),
        ("etat", "abandoned"),
        ("version", version.as_str()),
    ];
    me.post(&decision.url(), &over).await.is(303);
    me.get(&decision.url()).await.ok().shows("1 tâche reste ouverte").shows("Les abandonner aussi");
    me.post(&format!("{}/taches/terminer", decision.url()), &[]).await.is(303);
    let states: Vec<String> = all::<Task>(&test).await.into_iter().map(|one| one.state).collect();
    assert_eq!(states, ["done", "abandoned"]);
    assert_eq!(reread(&test, &decision).await.state, "abandoned");
    me.post(&format!("{}/rouvrir", tasks[1].url()), &[]).await.is(303);
    assert_eq!(reread(&test, &decision).await.state, "abandoned", "what a committee gave up stays so");
}

#[tokio::test]
async fn a_decision_that_was_done_is_taken_up_again_by_a_new_task_and_other_tasks_leave_it_alone() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    let decision = decide(&test, &me, &page, "Écrire aux maires").await;
    let done = [("texte", "Écrire aux maires"), ("mode", "consensus"), ("etat", "done"), ("version", "1")];
    me.post(&decision.url(), &done).await.is(303);
    me.post(&format!("{}/tache", decision.url()), &[]).await.is(303);
    assert_eq!(reread(&test, &decision).await.state, "in_progress");
    me.post("/espace/accompagnement/taches/nouvelle", &[("titre", "Autre chose")]).await.is(303);
    let other = all::<Task>(&test).await.into_iter().find(|one| one.title == "Autre chose").unwrap();
    me.post(&format!("{}/fait", other.url()), &[]).await.is(303);
    assert_eq!(reread(&test, &decision).await.state, "in_progress");
}

#[tokio::test]
async fn whoever_carries_a_decision_out_is_reminded_once_on_its_day() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    // She does not sit in the Copil: it is hers all the same.
    let owner = test.someone(Role::Partner, None, None).await;
    let page = session(&test, &me).await;
    let due = test.network.today(test.app.now().plus_days(2)).to_string();
    let id = owner.account_id.unwrap().to_string();
    let fields = [
        ("texte", "Écrire aux maires"),
        ("mode", "consensus"),
        ("responsable", id.as_str()),
        ("echeance", due.as_str()),
    ];
    me.post(&format!("{page}/seance/decisions"), &fields).await.is(303);
    let carried =
        [("texte", "Avec une tâche"), ("mode", "consensus"), ("echeance", due.as_str()), ("tache", "1")];
    me.post(&format!("{page}/seance/decisions"), &carried).await.is(303);
    test.run_schedules().await;
    assert!(mails(&test, "decision_due").await.is_empty(), "not before its day");
    test.app.clock.advance_minutes(2 * 24 * 60);
    for _ in 0..3 {
        test.run_schedules().await;
        test.app.clock.advance_minutes(60);
    }
    let sent = mails(&test, "decision_due").await;
    assert_eq!(sent.len(), 1);
    let decision =
        all::<Decision>(&test).await.into_iter().find(|one| one.text == "Écrire aux maires").unwrap();
    assert!(sent[0].text_body.contains(&decision.url()), "{}", sent[0].text_body);
    owner.get(&decision.url()).await.ok().shows("Écrire aux maires").hides(&page);
    let stranger = test.someone(Role::Partner, None, None).await;
    stranger.get(&decision.url()).await.is(404);
    // A decision of nobody in particular is told to the coordination.
    let nobodys = [("texte", "Sans personne"), ("mode", "consensus"), ("echeance", due.as_str())];
    me.post(&format!("{page}/seance/decisions"), &nobodys).await.is(303);
    test.app.clock.advance_minutes(60);
    test.run_schedules().await;
    me.get("/espace/notifications").await.ok().shows("Décision à mener à son terme").shows("Sans personne");
    assert_eq!(mails(&test, "decision_due").await.len(), 1);
}
