//! Lists, choices and mailings, as named people use them.

use kit::db::{Id, Timestamp};
use kit::mail::Outgoing;
use kit::testing::{Answer, Person as Someone, TestApp};
use kit::{Actor, Role};

use super::address::{self, MailAddress};
use super::definition::{Definition, Other, Rule};
use super::distribution_list::{self, DistributionList};
use super::mailing::Mailing;
use super::sending::Recipient;
use super::topic::{self, Topic};
use crate::features::directory::contact::{self, Contact, Organisation};
use crate::features::directory::mandate::{self, Mandate};
use crate::features::directory::person::{self, Person};
use crate::features::directory::structure::{self, Structure};

const LISTS: &str = "/espace/messagerie/listes";
const LETTERS: &str = "/espace/messagerie/lettres";

/// Noé in post, Zoé without an address, Léo gone; Jeanne answers for the structure, Hélène is at the Caf.
async fn network(test: &TestApp) {
    let actor = Actor::program(test.network.id, "Essai", test.app.now());
    let mut tx = test.app.db.write().await.unwrap();
    let mut place = Structure::named(actor.network_id, actor.now, "MJC de Crest");
    place.status = "active".to_owned();
    place.manager_name = Some("Jeanne Meunier".to_owned());
    place.manager_email = Some("jeanne@mjc.example".to_owned());
    place.settle_in(kit::territory::commune("26108").unwrap());
    structure::add(&mut tx, &actor, std::slice::from_ref(&place), None).await.unwrap();
    let people = [
        ("Noé", "Lefèvre", Some("Noe@MJC.example"), "2026-06-01", None, "signed"),
        ("Zoé", "Perrin", None, "2024-01-01", None, "to_send"),
        ("Léo", "Ancien", Some("leo@mjc.example"), "2020-01-01", Some("2025-01-01"), "signed"),
        ("Ana", "Costa", Some("ana@mjc.example"), "2020-01-01", None, "sent"),
    ];
    for (rank, (first, last, email, from, until, charter)) in (1i64..).zip(people) {
        let mut one = Person::named(actor.network_id, actor.now, first, last);
        one.email = email.map(str::to_owned);
        person::add(&mut tx, &actor, std::slice::from_ref(&one), None).await.unwrap();
        let mut post = Mandate::new(actor.network_id, actor.now, place.id, rank, Some(one.id));
        post.started_on = Some(from.parse().unwrap());
        post.ended_on = until.map(|day| day.parse().unwrap());
        post.charter = charter.to_owned();
        mandate::open(&mut tx, &actor, post, &place, None).await.unwrap();
    }
    let organisation = Organisation::named(actor.network_id, actor.now, "Caf de la Drôme");
    let organisation = contact::keep_organisation(&mut tx, &actor, None, organisation).await.unwrap();
    let mut referent = Contact::named(actor.network_id, actor.now, "Hélène", "Roux");
    referent.organisation_id = Some(organisation.id);
    referent.email = Some("helene@caf.example".to_owned());
    contact::keep_contact(&mut tx, &actor, None, referent).await.unwrap();
    distribution_list::seed(&mut tx, actor.network_id, actor.now).await.unwrap();
    tx.commit().await.unwrap();
}

async fn started() -> TestApp {
    let test = TestApp::start(crate::parts()).await;
    network(&test).await;
    test
}

async fn list_named(test: &TestApp, name: &str) -> DistributionList {
    let mut tx = test.app.db.read().await.unwrap();
    let all = distribution_list::all(&mut tx, test.network.id).await.unwrap();
    all.into_iter().find(|list| list.name == name).unwrap()
}

async fn topic_coded(test: &TestApp, code: &str) -> Topic {
    let mut tx = test.app.db.read().await.unwrap();
    topic::all(&mut tx, test.network.id).await.unwrap().into_iter().find(|t| t.code == code).unwrap()
}

async fn mailing(test: &TestApp) -> Mailing {
    let mut all: Vec<Mailing> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    all.sort_by_key(|mailing| mailing.id);
    all.pop().unwrap()
}

async fn addresses(test: &TestApp) -> Vec<MailAddress> {
    test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap()
}

async fn recipients(test: &TestApp) -> Vec<Recipient> {
    test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap()
}

/// The messages of mailings that were sent or wait, by address.
async fn letters(test: &TestApp) -> Vec<Outgoing> {
    let mut mails = test.mails().await;
    mails.retain(|mail| mail.kind == "mailing" && mail.state != "cancelled");
    mails.sort_by(|a, b| a.recipient.cmp(&b.recipient));
    mails
}

/// A draft to a list, about a topic, with a subject and a text.
async fn draft(test: &TestApp, coordinator: &Someone<'_>, list: &str, topic: &str, text: &str) -> Mailing {
    coordinator.post(LETTERS, &[("modele", "")]).await.is(303);
    let draft = mailing(test).await;
    let list = list_named(test, list).await.id.to_string();
    let topic = topic_coded(test, topic).await.id.to_string();
    let settings = [
        ("objet", "Des nouvelles pour {{prenom}}"),
        ("accroche", "En bref"),
        ("listes", list.as_str()),
        ("sujet", topic.as_str()),
        ("version", "1"),
    ];
    coordinator.post(&draft.url(), &settings).await.is(303);
    let opened = coordinator.post(&format!("{}/blocs", draft.url()), &[("genre", "text")]).await;
    coordinator.post(&opened.goes_to(), &[("corps", text)]).await.is(303);
    mailing(test).await
}

/// A letter that is on its way: its messages are queued.
async fn sent(test: &TestApp, coordinator: &Someone<'_>, list: &str, topic: &str) -> Mailing {
    let letter = draft(test, coordinator, list, topic, "Bonjour").await;
    send(coordinator, &letter).await.is(303);
    test.run_jobs().await;
    letter
}

async fn send(coordinator: &Someone<'_>, mailing: &Mailing) -> Answer {
    coordinator.post(&mailing.act_url("envoyer"), &[("action", "envoyer")]).await
}

#[tokio::test]
async fn lists_follow_the_directory_and_say_why() {
    let test = started().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.get(LISTS).await.ok().shows("Promeneurs actifs").shows("Charte manquante");
    let active = list_named(&test, "Promeneurs actifs").await;
    let page = coordinator.get(&active.url()).await.ok();
    let page = page.shows("2 personnes recevront").shows("Noé Lefèvre").shows("En poste · MJC de Crest");
    page.shows("Aucune adresse").hides("Léo Ancien");
    let newcomers = list_named(&test, "Nouveaux de l’année").await;
    coordinator.get(&newcomers.url()).await.ok().shows("1 personne recevra").shows("Noé Lefèvre");
    let missing = list_named(&test, "Charte manquante").await;
    coordinator.get(&missing.url()).await.ok().shows("Ana Costa").hides("Noé Lefèvre");
    let managers = list_named(&test, "Responsables de structures").await;
    coordinator.get(&managers.url()).await.ok().shows("Jeanne Meunier").shows("Responsable de structure");
    let csv = coordinator.get(&format!("{}?format=csv", active.url())).await.ok();
    assert!(csv.body.contains("noe@mjc.example"), "{}", csv.body);
    test.someone(Role::Caf, None, None).await.get(LISTS).await.is(403);
}

#[tokio::test]
async fn a_list_is_typed_without_a_script_and_what_is_unknown_is_named() {
    let test = started().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let url = format!("{LISTS}/nouvelle");
    let wrong =
        [("nom", "Crest"), ("communes", "Atlantide"), ("ajouts", "Personne De Ce Nom"), ("role", "roi")];
    let page = coordinator.post(&url, &wrong).await.is(422);
    page.shows("« Atlantide » n’est pas une commune")
        .shows("« Personne De Ce Nom »")
        .shows("Choisissez dans la liste");
    let typed = [
        ("nom", "Autour de Crest"),
        ("reunion", "toutes"),
        ("role", "active"),
        ("role", "manager"),
        ("communes", "Crest"),
        ("ajouts", "Roux Hélène\nClaire Vernet <claire@asso.example>"),
        ("exclusions", "ana@mjc.example"),
    ];
    let made = coordinator.post(&url, &typed).await.goes_to();
    let page = coordinator.get(&made).await.ok().shows("4 personnes recevront");
    let page = page.shows("Noé Lefèvre").shows("Jeanne Meunier").shows("Hélène Roux").shows("Claire Vernet");
    page.shows("Exclusion de la liste").hides("<td data-label=\"Adresse\">ana@mjc.example");
    let form = coordinator.get(&format!("{made}/modifier")).await.ok();
    form.shows("helene@caf.example").shows("Claire Vernet").shows("Crest");
    let again = [("nom", "Autour de Crest"), ("role", "active"), ("version", "1")];
    coordinator.post(&format!("{made}/modifier"), &again).await.is(303);
    coordinator.post(&format!("{made}/modifier"), &again).await.is(409);
    coordinator.post(&format!("{made}/corbeille"), &[]).await.is(303);
    coordinator.get(&made).await.is(404);
    coordinator.get("/espace/reseau/corbeille").await.ok().shows("Autour de Crest");
    coordinator.post(&format!("{made}/restaurer"), &[]).await.is(303);
    coordinator.get(&made).await.ok();
    // Thrown for good, it goes after thirty days and not before.
    coordinator.post(&format!("{made}/corbeille"), &[]).await.is(303);
    for (days, is_there) in [(29, true), (2, false)] {
        test.app.clock.advance_minutes(days * 24 * 60);
        let mut tx = test.app.db.write().await.unwrap();
        kit::jobs::add(&mut tx, test.network.id, test.app.now(), &super::trash::EmptyTrash {}).await.unwrap();
        tx.commit().await.unwrap();
        test.run_jobs().await;
        let trash = test.someone(Role::Coordinator, None, None).await.get("/espace/reseau/corbeille").await;
        assert_eq!(trash.ok().body.contains("Autour de Crest"), is_there, "after {days} days");
    }
}

#[tokio::test]
async fn a_template_is_changed_looked_at_for_someone_and_taken_back() {
    let test = started().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let url = "/espace/messagerie/modeles/relance-charte";
    coordinator.get("/espace/messagerie/modeles").await.ok().shows("Relance de la charte").shows("D’origine");
    let seen = coordinator.get(&format!("{url}?personne=Lef%C3%A8vre+No%C3%A9")).await.ok();
    seen.shows("Bonjour Noé,").shows("ce que MJC de Crest s’engage");
    coordinator.get(&format!("{url}?personne=Inconnu")).await.ok().shows("n’est pas dans l’annuaire");
    let wrong =
        [("intitule", "Charte"), ("objet", "Bonjour {{prenon}}"), ("corps", "{{age}}"), ("version", "0")];
    let page = coordinator.post(url, &wrong).await.is(422);
    page.shows("« {{prenon}} » n’existe pas").shows("« {{age}} » n’existe pas");
    let right = [
        ("intitule", "Charte"),
        ("objet", "La charte"),
        ("corps", "À signer, {{prenom}}."),
        ("version", "0"),
    ];
    coordinator.post(url, &right).await.is(303);
    coordinator.get(url).await.ok().shows("À signer, {{prenom}}.").shows("Revenir au texte d’origine");
    coordinator.post(url, &right).await.is(409);
    coordinator.post(&format!("{url}/origine"), &[]).await.is(303);
    coordinator.get(url).await.ok().shows("n’avons pas encore reçu").hides("Revenir au texte d’origine");
}

#[tokio::test]
async fn each_recipient_gets_the_letter_once_in_their_own_words() {
    let test = started().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let text = "Bonjour {{prenom}},\n\nvoici votre fiche : {{lien_fiche}}";
    let ready = draft(&test, &coordinator, "Promeneurs actifs", "newsletter", text).await;
    // In two lists, each is written to once.
    let mut both = ready.clone();
    let everyone = list_named(&test, "Tout le réseau").await.id;
    both.lists = serde_json::to_string(&[ready.list_ids()[0], everyone]).unwrap();
    let mut tx = test.app.db.write().await.unwrap();
    tx.save(&mut both).await.unwrap();
    tx.commit().await.unwrap();
    let ask = coordinator.get(&ready.act_url("envoyer")).await.ok();
    ask.shows("4 personnes recevront ce message").shows("Aucune adresse");
    send(&coordinator, &both).await.is(303);
    test.run_jobs().await;
    let waiting = letters(&test).await;
    assert!(waiting.iter().all(|mail| mail.state == "queued"), "fifteen seconds are left to undo");
    test.app.clock.advance_minutes(3);
    test.run_jobs().await;
    let sent = letters(&test).await;
    let to: Vec<&str> = sent.iter().map(|mail| mail.recipient.as_str()).collect();
    assert_eq!(to, ["ana@mjc.example", "helene@caf.example", "jeanne@mjc.example", "noe@mjc.example"]);
    assert!(sent.iter().all(|mail| mail.state == "sent" && mail.bulk));
    let noe = sent.last().unwrap();
    let said = kit::mail::read(&mut test.app.db.read().await.unwrap(), noe).await.unwrap();
    assert_eq!(said.subject, "Des nouvelles pour Noé");
    assert!(said.html.contains("Bonjour Noé,") && said.text.contains("Bonjour Noé,"), "{}", said.text);
    assert!(said.html.contains("http://drome.test/promeneurs/noe-lefevre"), "{}", said.html);
    let header = |name: &str| noe.headers().into_iter().find(|(n, _)| n == name).map(|(_, value)| value);
    assert_eq!(header("List-Id").as_deref(), Some("<lettre.drome.drome.test>"));
    assert_eq!(header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert!(noe.words()["lien_desinscription"].starts_with("http://drome.test/desinscription/"));
    // Run again, the job finds nothing to do.
    let job = super::queueing::QueueMailing {
        mailing_id: both.id,
        sending_id: mailing(&test).await.sending_id.unwrap(),
    };
    let mut tx = test.app.db.write().await.unwrap();
    kit::jobs::add(&mut tx, test.network.id, test.app.now(), &job).await.unwrap();
    tx.commit().await.unwrap();
    test.run_jobs().await;
    assert_eq!(letters(&test).await.len(), 4);
    let page = coordinator.get(&ready.act_url("suivi")).await.ok();
    page.shows("4 messages sur 4 : c’est terminé").shows("Laissés de côté (1)").shows("Envoyée");
    coordinator
        .get(&format!("{}?etat=failed", ready.act_url("suivi")))
        .await
        .ok()
        .shows("Aucun message dans cet");
    let csv = coordinator.get(&format!("{}?format=csv", ready.act_url("suivi"))).await.ok();
    assert!(csv.body.contains("helene@caf.example"), "{}", csv.body);
    send(&coordinator, &both).await.is(422);
    assert_eq!(letters(&test).await.len(), 4);
}

#[tokio::test]
async fn a_letter_is_called_back_within_fifteen_seconds_and_sent_again() {
    let test = started().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let ready = sent(&test, &coordinator, "Promeneurs actifs", "newsletter").await;
    assert_eq!(letters(&test).await.len(), 2);
    let back = coordinator.post(&ready.act_url("arreter"), &[]).await;
    assert_eq!(back.goes_to(), ready.url());
    assert!(letters(&test).await.is_empty(), "all are cancelled");
    assert!(recipients(&test).await.is_empty());
    send(&coordinator, &ready).await.is(303);
    test.run_jobs().await;
    test.app.clock.advance_minutes(3);
    test.run_jobs().await;
    assert_eq!(letters(&test).await.iter().filter(|mail| mail.state == "sent").count(), 2);
    coordinator.post(&ready.act_url("arreter"), &[]).await.is(422).shows("déjà partis");
}

#[tokio::test]
async fn a_letter_leaves_at_its_moment_in_the_time_of_the_network_and_at_its_pace() {
    let test = started().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let ready = draft(&test, &coordinator, "Promeneurs actifs", "newsletter", "Bonjour").await;
    let url = ready.act_url("envoyer");
    let at = |moment: &'static str| [("action", "programmer"), ("moment", moment)];
    coordinator.post(&url, &at("2026-11-22T10:00")).await.is(422).shows("Ce moment est passé");
    coordinator.post(&url, &at("demain")).await.is(422).shows("Indiquez un jour et une heure");
    // 11:30 in Paris is 10:30 UTC; it is 10:00 there.
    coordinator.post(&url, &at("2026-11-23T11:30")).await.is(303);
    coordinator.get(&ready.act_url("suivi")).await.ok().shows("Partira le 23").shows("11:30");
    coordinator.post(&format!("{}/blocs", ready.url()), &[("genre", "text")]).await.is(422);
    test.app.clock.advance_minutes(89);
    test.run_jobs().await;
    assert!(letters(&test).await.is_empty());
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
    let mut due: Vec<Timestamp> = letters(&test).await.iter().map(|mail| mail.due_at).collect();
    due.sort();
    assert_eq!(due[1].0 - due[0].0, 500_000, "120 a minute");
}

#[tokio::test]
async fn a_refusal_holds_for_every_list_of_its_topic_and_for_essential_messages_there_is_none() {
    let test = started().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    sent(&test, &coordinator, "Promeneurs actifs", "newsletter").await;
    let noe = letters(&test).await.pop().unwrap();
    let path = |link: &str| noe.words()[link].trim_start_matches("http://drome.test").to_owned();
    let leave = path("lien_desinscription");
    let stranger = test.stranger();
    stranger.get(&leave).await.ok().shows("Me désinscrire").shows("noe@mjc.example");
    coordinator.get("/espace/messagerie/consentements").await.ok().shows("Personne ne s’est désinscrit");
    // A mail provider: no cookie, no origin, the body of RFC 8058, whichever kind of form.
    let form = [("content-type", "application/x-www-form-urlencoded")];
    stranger.ask("POST", &leave, &form, "List-Unsubscribe=One-Click").await.ok().shows("C’est fait");
    let page = coordinator.get("/espace/messagerie/consentements").await.ok();
    page.shows("noe@mjc.example").shows("Bouton de sa messagerie");
    let still: Vec<String> = letters(&test).await.into_iter().map(|mail| mail.recipient).collect();
    assert_eq!(still, ["ana@mjc.example"], "what waited for Noé is called back");
    let again = draft(&test, &coordinator, "Nouveaux de l’année", "newsletter", "Bonjour").await;
    coordinator.get(&again.act_url("envoyer")).await.ok().shows("Désinscription de ce sujet");
    send(&coordinator, &again).await.is(422).shows("Personne ne recevrait");
    let other = draft(&test, &coordinator, "Nouveaux de l’année", "invitations", "Bonjour").await;
    coordinator.get(&other.act_url("envoyer")).await.ok().shows("1 personne recevra");
    // The holder of the address alone takes it back.
    let preferences = path("lien_preferences");
    let newsletter = topic_coded(&test, "newsletter").await.id.to_string();
    stranger.get(&preferences).await.ok().shows("Lettre d’information").shows("Messages indispensables");
    stranger
        .post(&preferences, &[("sujet", newsletter.as_str())])
        .await
        .ok()
        .shows("Vos choix sont enregistrés");
    coordinator.get(&again.act_url("envoyer")).await.ok().shows("1 personne recevra");
    coordinator.get(&other.act_url("envoyer")).await.ok().shows("Désinscription de ce sujet");
    let essential = draft(&test, &coordinator, "Nouveaux de l’année", "essential", "Convocation").await;
    send(&coordinator, &essential).await.is(303);
    test.run_jobs().await;
    let sent = letters(&test).await;
    let last = sent.iter().max_by_key(|mail| mail.id).unwrap();
    assert_eq!(last.recipient, "noe@mjc.example");
    assert!(!last.headers().iter().any(|(name, _)| name == "List-Unsubscribe"));
}

#[tokio::test]
async fn a_link_that_is_not_ours_tells_nothing() {
    let test = started().await;
    let stranger = test.stranger();
    let (id, topic) = (Id::new(test.app.now()), topic_coded(&test, "newsletter").await.id);
    let signed = address::token(&test.app, test.network.id, id, Some(topic));
    for link in ["x", "a.b.c", &format!("{id}.{topic}.xxxx"), &signed] {
        stranger.get(&format!("/desinscription/{link}")).await.is(410);
        stranger.post(&format!("/desinscription/{link}"), &[]).await.is(410);
        stranger.get(&format!("/preferences/{link}")).await.is(410);
    }
}

#[tokio::test]
async fn another_site_may_not_post_but_to_a_signed_link_of_unsubscription() {
    let test = started().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let first = sent(&test, &coordinator, "Promeneurs actifs", "newsletter").await;
    let words = letters(&test).await.pop().unwrap().words();
    let path = |link: &str| words[link].trim_start_matches("http://drome.test").to_owned();
    let elsewhere = [("sec-fetch-site", "cross-site"), ("origin", "https://courriel.example")];
    let one_click = "List-Unsubscribe=One-Click";
    coordinator.ask("POST", &path("lien_preferences"), &elsewhere, "").await.is(403);
    coordinator.ask("POST", &first.act_url("arreter"), &elsewhere, "").await.is(403);
    coordinator
        .ask("POST", &path("lien_desinscription"), &elsewhere, one_click)
        .await
        .ok()
        .shows("C’est fait");
}

#[tokio::test]
async fn an_address_where_nobody_is_gets_no_further_message_until_it_is_trusted_again() {
    let test = started().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let first = sent(&test, &coordinator, "Promeneurs actifs", "newsletter").await;
    test.app.clock.advance_minutes(3);
    test.run_jobs().await;
    let all = letters(&test).await;
    let mut tx = test.app.db.write().await.unwrap();
    for (mail, reason) in all.iter().zip(["550 5.1.1 User unknown", "552 5.2.2 Mailbox full"]) {
        kit::mail::bounced(&mut tx, test.network.id, mail.id, reason).await.unwrap();
    }
    tx.commit().await.unwrap();
    test.run_schedules().await;
    let flagged: Vec<String> =
        addresses(&test).await.into_iter().filter(|a| a.bounced_at.is_some()).map(|a| a.address).collect();
    assert_eq!(flagged, ["ana@mjc.example"], "a full mailbox is somebody's");
    let page = coordinator.get(&format!("{}?etat=bounced", first.act_url("suivi"))).await.ok();
    page.shows("User unknown").shows("Mailbox full");
    let active = list_named(&test, "Promeneurs actifs").await;
    coordinator.get(&active.url()).await.ok().shows("1 personne recevra").shows("Adresse en erreur");
    let id = addresses(&test).await.into_iter().find(|a| a.bounced_at.is_some()).unwrap().id;
    coordinator.post(&format!("/espace/messagerie/adresses/{id}/retablir"), &[]).await.is(303);
    coordinator.get(&active.url()).await.ok().shows("2 personnes recevront");
}

#[tokio::test]
async fn blocks_are_added_moved_and_removed_by_plain_forms() {
    let test = started().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.post(LETTERS, &[("modele", "lettre")]).await.is(303);
    let draft = mailing(&test).await;
    assert_eq!(draft.subject, "Les nouvelles du réseau");
    let blocks = format!("{}/blocs", draft.url());
    let button = coordinator.post(&blocks, &[("genre", "button")]).await.goes_to();
    let wrong = coordinator
        .post(&button, &[("titre", "Lire {{age}}"), ("lien", "javascript:alert(1)")])
        .await
        .is(422);
    wrong.shows("n’existe pas").shows("Indiquez une adresse complète");
    coordinator.post(&button, &[("titre", "Lire"), ("lien", "https://a.example")]).await.is(303);
    coordinator.post(&blocks, &[("genre", "divider")]).await.is(303);
    coordinator.post(&blocks, &[("genre", "autre")]).await.is(422);
    let kinds = |mailing: &Mailing| mailing.blocks().iter().map(|b| b.kind.clone()).collect::<Vec<_>>();
    assert_eq!(kinds(&mailing(&test).await), ["text", "button", "divider"]);
    coordinator.post(&format!("{button}/deplacer"), &[("sens", "monter")]).await.is(303);
    assert_eq!(kinds(&mailing(&test).await), ["button", "text", "divider"]);
    coordinator.post(&format!("{button}/supprimer"), &[]).await.is(303);
    assert_eq!(kinds(&mailing(&test).await), ["text", "divider"]);
    coordinator.get(&button).await.is(404);
    let shown = coordinator.get(&draft.act_url("apercu")).await.ok();
    shown.shows("En texte seul").shows("sandbox=\"\"");
    let message = coordinator.get(&draft.act_url("message")).await.ok();
    assert!(message.header("content-security-policy").contains("sandbox"));
    assert_eq!(message.header("x-frame-options"), "SAMEORIGIN");
    coordinator.post(&draft.act_url("essai"), &[]).await.is(303);
    let trial = test.mails().await.into_iter().find(|mail| mail.kind == "mailing_trial").unwrap();
    assert!(trial.subject.starts_with("[Essai]") && trial.recipient.starts_with("coordinator"));
    let refused = send(&coordinator, &draft).await.is(422);
    refused.shows("un sujet").shows("au moins une liste");
}

#[tokio::test]
async fn a_public_letter_is_in_the_archive_without_anyones_words() {
    let test = started().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let text = "Bonjour {{prenom}}, voici la suite.";
    let mut ready = draft(&test, &coordinator, "Promeneurs actifs", "newsletter", text).await;
    (ready.is_public, ready.subject) = (true, "Les nouvelles de novembre".to_owned());
    let mut tx = test.app.db.write().await.unwrap();
    tx.save(&mut ready).await.unwrap();
    tx.commit().await.unwrap();
    send(&coordinator, &ready).await.is(303);
    let url = format!("/lettres/{}", mailing(&test).await.slug);
    let stranger = test.stranger();
    stranger.get(&url).await.is(404);
    test.app.clock.advance_minutes(1);
    stranger.get(&url).await.ok().shows("Bonjour, voici la suite.").hides("Noé").hides("{{");
    stranger.get("/lettres").await.ok().shows("Les nouvelles de novembre");
    coordinator.post(&ready.act_url("copier"), &[]).await.is(303);
    assert!(!mailing(&test).await.is_public, "a copy is nobody's yet");
}

#[tokio::test]
async fn someone_in_a_list_by_hand_is_written_to_once_whatever_their_address_looks_like() {
    let test = started().await;
    let actor = Actor::program(test.network.id, "Essai", test.app.now());
    let other = |address: &str| Other { name: "Noé".to_owned(), address: address.to_owned() };
    let definition = Definition {
        others: vec![other("NOE@mjc.example"), other("pas une adresse")],
        ..Definition::of(vec![Rule::new("role", &["active"])])
    };
    let mut tx = test.app.db.write().await.unwrap();
    let list = DistributionList::named(actor.network_id, actor.now, "Doublée", &definition);
    let list = distribution_list::keep(&mut tx, &actor, None, list).await.unwrap();
    tx.commit().await.unwrap();
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let page = coordinator.get(&list.url()).await.ok().shows("2 personnes recevront");
    page.shows("En poste · MJC de Crest, Ajout à la main").shows("Adresse illisible");
}
