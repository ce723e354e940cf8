//! A meeting while it takes place: who is there, what is noted, what is decided, and what becomes of it.

use kit::Role;
use kit::testing::{Person, TestApp};

use super::super::DECISIONS;
use super::super::agenda_item::AgendaItem;
use super::super::decision::Decision;
use super::super::note::Note;
use super::all;
use super::meetings::{convene, copil, invitee, meeting, plan};
use crate::features::support::task::Task;

/// A Copil that is convened, with its usual agenda, ten minutes after it began; its address.
pub(super) async fn session(test: &TestApp, me: &Person<'_>) -> String {
    let page = plan(test, me, &copil(test).await, 20).await;
    me.post(&format!("{page}/ordre-du-jour/remplir"), &[]).await.is(303);
    convene(test, me, &page).await;
    let starts = meeting(test).await.starts_at.unwrap();
    let minutes = (starts.0 - test.app.now().0) / 60_000_000;
    test.app.clock.advance_minutes(minutes + 10);
    me.post(&format!("{page}/seance"), &[]).await.is(303);
    page
}

/// The items of the agenda, in order.
pub(super) async fn items(test: &TestApp) -> Vec<AgendaItem> {
    let mut items: Vec<AgendaItem> = all(test).await;
    items.sort_by_key(|item| item.position);
    items
}

/// Notes the attendance of someone.
pub(super) async fn attends(
    test: &TestApp,
    me: &Person<'_>,
    page: &str,
    name: &str,
    fields: &[(&str, &str)],
) {
    let one = invitee(test, name).await;
    me.post(&format!("{page}/seance/presences/{}", one.id), fields).await.is(303);
}

#[tokio::test]
async fn a_session_opens_shortly_before_its_hour_and_not_sooner() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = plan(&test, &me, &copil(&test).await, 20).await;
    me.get(&format!("{page}/seance")).await.is(422).shows("deux heures avant la réunion");
    me.get(&page).await.ok().hides("/seance\"");
    let starts = meeting(&test).await.starts_at.unwrap();
    test.app.clock.advance_minutes((starts.0 - test.app.now().0) / 60_000_000 - 60);
    me.get(&format!("{page}/seance")).await.ok().shows("Ouvrir la séance");
    me.post(&format!("{page}/seance"), &[]).await.is(303);
    // Nobody had been convened: whoever holds a seat is there to be noted.
    me.get(&format!("{page}/seance"))
        .await
        .ok()
        .shows("Paul Blanc")
        .shows("0 voix sur 4")
        .shows("Il en faut 2");
    let partner = test.someone(Role::Partner, None, None).await;
    partner.get(&format!("{page}/seance")).await.is(403);
}

#[tokio::test]
async fn attendance_makes_the_quorum_and_voices_are_borne_by_those_who_are_there() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    attends(&test, &me, &page, "Zoé Perrin", &[("presence", "present")]).await;
    let screen = me.get(&format!("{page}/seance")).await.ok().shows("1 voix sur 4").shows("Il en faut 2");
    assert!(screen.body.contains("Porte sa voix"), "{}", screen.body);
    let (zoe, ana) = (invitee(&test, "Zoé Perrin").await, invitee(&test, "Ana Lopes").await);
    let address = format!("{page}/seance/presences/{}", ana.id);
    me.post(&address, &[("presence", "represented")]).await.is(422).shows("qui porte cette voix");
    let luc = invitee(&test, "Luc Roy").await.id.to_string();
    me.post(&address, &[("presence", "represented"), ("porteur", &luc)])
        .await
        .is(422)
        .shows("ne peut pas porter");
    let bearer = zoe.id.to_string();
    me.post(&address, &[("presence", "represented"), ("porteur", &bearer)]).await.is(303);
    me.get(&format!("{page}/seance")).await.ok().shows("2 voix sur 4").shows("Quorum atteint");
    me.post(&address, &[("presence", "ailleurs")]).await.is(422);
    let came = [("nom", "Inès Faure"), ("organisme", "Mission locale")];
    me.post(&format!("{page}/seance/presences"), &came).await.is(303);
    me.get(&format!("{page}/seance")).await.ok().shows("Inès Faure").shows("2 présents, 2 voix");
    // What others had answered is taken over in one gesture, and changes nothing that was noted.
    let paul = invitee(&test, "Paul Blanc").await;
    me.post(&format!("{page}/reponses/{}", paul.id), &[("reponse", "no")]).await.is(303);
    me.post(&format!("{page}/seance/presences"), &[]).await.is(303);
    assert_eq!(invitee(&test, "Paul Blanc").await.attendance.as_deref(), Some("excused"));
    assert_eq!(invitee(&test, "Zoé Perrin").await.attendance.as_deref(), Some("present"));
    assert_eq!(invitee(&test, "Luc Roy").await.attendance, None);
}

#[tokio::test]
async fn two_secretaries_never_lose_each_other_s_words_and_end_an_item_once() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    let item = items(&test).await.remove(0);
    let id = item.id.to_string();
    me.post(&format!("{page}/seance/point"), &[("point", &id)]).await.is(303);
    me.get(&format!("{page}/seance")).await.ok().shows("data-timer=");
    let notes = format!("{page}/seance/notes/{id}");
    let first = [("corps", "<p>Ce que la première écrit</p>"), ("version", "0")];
    me.post(&notes, &first).await.is(303);
    // The same once more, as a message that leaves twice: nothing changes.
    me.post(&notes, &first).await.is(303);
    let other = [("corps", "<p>Ce que l’autre écrit</p>"), ("version", "0")];
    let refused = me.post(&notes, &other).await.is(409);
    refused
        .shows("Quelqu’un d’autre a écrit ici")
        .shows("l’autre écrit")
        .shows("première")
        .shows("value=\"1\"");
    me.post(&notes, &[("corps", "<p>Les deux</p>"), ("version", "1")]).await.is(303);
    let stored: Vec<Note> = all(&test).await;
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].body, "<p>Les deux</p>");
    let ended =
        [("corps", "<p>Les deux</p>"), ("version", "2"), ("point-version", "1"), ("ensuite", "traite")];
    me.post(&notes, &ended).await.is(303);
    me.get(&format!("{page}/seance")).await.ok().shows("Traité");
    me.post(&notes, &ended).await.is(409);
    assert_eq!(items(&test).await[0].state, "treated");
    let young = [("corps", "<p>Léa, 14 ans, est venue</p>"), ("version", "2")];
    me.post(&notes, &young).await.is(422).shows("corps-confirme").shows("Léa, 14 ans");
    me.post(&format!("{page}/seance/notes/{}", kit::Id::new(test.app.now())), &young).await.is(404);
}

#[tokio::test]
async fn a_vote_counts_no_more_voices_than_there_are_and_a_decision_gives_its_owner_a_task() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let partner = test.someone(Role::Partner, None, None).await;
    let page = session(&test, &me).await;
    attends(&test, &me, &page, "Zoé Perrin", &[("presence", "present")]).await;
    attends(&test, &me, &page, "Luc Roy", &[("presence", "present")]).await;
    let decide = format!("{page}/seance/decisions");
    let too_many = [
        ("texte", "Adopter la charte"),
        ("mode", "vote"),
        ("pour", "3"),
        ("contre", "0"),
        ("abstentions", "0"),
    ];
    me.post(&decide, &too_many).await.is(422).shows("il n’y en a que 2").shows("Adopter la charte");
    me.post(&decide, &too_many[..3]).await.is(422).shows("id=\"contre-erreur\"");
    me.post(&decide, &[("mode", "consensus")]).await.is(422).shows("Écrivez ce qui est décidé.");
    assert!(all::<Decision>(&test).await.is_empty());
    let owner = partner.account_id.unwrap().to_string();
    let item = items(&test).await[4].id.to_string();
    let taken = [
        ("texte", "Adopter la charte de 2027"),
        ("mode", "vote"),
        ("pour", "2"),
        ("contre", "0"),
        ("abstentions", "0"),
        ("responsable", owner.as_str()),
        ("echeance", "2099-03-01"),
        ("point", item.as_str()),
        ("tache", "1"),
    ];
    me.post(&decide, &taken).await.is(303);
    let decision = all::<Decision>(&test).await.remove(0);
    assert_eq!(decision.number(), format!("{}-01", decision.year));
    let task = all::<Task>(&test).await.remove(0);
    assert_eq!(task.assignee_id.unwrap().to_string(), owner);
    // The chain is read both ways.
    me.get(&decision.url()).await.ok().shows("2 pour, 0 contre").shows(&task.url()).shows(&page);
    me.get(&task.url()).await.ok().shows(&decision.url());
    me.get(&format!("{page}/seance")).await.ok().shows(&decision.number());
    // On its owner's page, who ends it; nobody else's tasks are there.
    partner.get("/espace").await.ok().shows("Adopter la charte de 2027");
    partner
        .get("/espace/accompagnement/taches")
        .await
        .ok()
        .shows("Mes tâches")
        .shows("Adopter la charte de 2027");
    partner.post(&format!("{}/fait", task.url()), &[]).await.is(303);
    me.get(&decision.url()).await.ok().shows("Fait");
    let mine = [("titre", "Affaire de la coordination")];
    me.post("/espace/accompagnement/taches/nouvelle", &mine).await.is(303);
    let other = all::<Task>(&test).await.into_iter().find(|one| one.id != task.id).unwrap();
    partner.get(&other.url()).await.is(404);
    partner.post(&format!("{}/fait", other.url()), &[]).await.is(404);
    partner.get("/espace/accompagnement/taches").await.ok().hides("Affaire de la coordination");
}

#[tokio::test]
async fn the_register_says_what_is_still_to_be_done_and_to_members_only_what_is_theirs() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = session(&test, &me).await;
    for text in ["Écrire aux maires", "Préparer la journée"] {
        me.post(&format!("{page}/seance/decisions"), &[("texte", text), ("mode", "consensus")]).await.is(303);
    }
    let late = all::<Decision>(&test).await.into_iter().find(|one| one.rank == 1).unwrap();
    let saved = [
        ("texte", late.text.as_str()),
        ("mode", "consensus"),
        ("etat", "in_progress"),
        ("autre", "Luc Roy"),
        ("echeance", "2020-01-01"),
        ("version", "1"),
    ];
    me.post(&late.url(), &saved).await.is(303);
    me.get(DECISIONS).await.ok().shows("En retard").shows("Luc Roy").shows("Préparer la journée");
    let done = [("texte", late.text.as_str()), ("mode", "consensus"), ("etat", "done"), ("version", "2")];
    me.post(&late.url(), &done).await.is(303);
    me.post(&late.url(), &saved).await.is(409);
    me.get(DECISIONS).await.ok().hides("Écrire aux maires");
    me.get(&format!("{DECISIONS}?liste=toutes")).await.ok().shows("Écrire aux maires").shows("Fait");
    let exported = me.get(&format!("{DECISIONS}?liste=toutes&format=csv")).await.ok().body;
    assert!(exported.contains("Préparer la journée") && exported.contains("Consensus"), "{exported}");
    let stranger = test.someone(Role::Partner, None, None).await;
    stranger.get(DECISIONS).await.ok().hides("Préparer la journée");
    stranger.get(&late.url()).await.is(404);
}
