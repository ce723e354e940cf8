//! Committees, as a coordinator keeps them and as their members read them.

use kit::db::Id;
use kit::testing::{Person, TestApp};
use kit::{Role, network};

use super::super::COMMITTEES;
use super::super::committee::Committee;
use super::super::seat::{Seat, SeatHolder};
use super::{actor, all};
use crate::features::accounts::account::Account;
use crate::features::directory::contact::{self, Contact, Organisation};

/// A Copil as its form creates it; its address.
async fn copil(me: &Person<'_>) -> String {
    let form = [
        ("type", "steering"),
        ("nom", "Comité de pilotage de la Drôme"),
        ("presidence", "Caf de la Drôme"),
        ("decide", "1"),
        ("mode", "majority"),
        ("quorum", "50"),
        ("pouvoirs", "1"),
        ("frequence", "2"),
    ];
    me.post(&format!("{COMMITTEES}/nouveau"), &form).await.goes_to()
}

/// Gives a seat to an organisation, with a titular.
async fn give(me: &Person<'_>, copil: &str, organisation: &str, name: &str, email: &str) {
    let form = [
        ("organisme", organisation),
        ("voix", "deliberative"),
        ("titular-nom", name),
        ("titular-courriel", email),
    ];
    me.post(&format!("{copil}/sieges/nouveau"), &form).await.is(303);
}

async fn seat(test: &TestApp, organisation: &str) -> Seat {
    let seats: Vec<Seat> = all(test).await;
    seats.into_iter().find(|seat| seat.organisation == organisation).unwrap()
}

async fn email_of(test: &TestApp, id: Id) -> String {
    let account: Account = test.app.db.read().await.unwrap().get(test.network.id, id).await.unwrap();
    account.email
}

#[tokio::test]
async fn a_committee_says_its_rules_and_what_its_quorum_is_today() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    me.get(COMMITTEES).await.ok().shows("Aucun comité").shows("Créer le comité de pilotage");
    me.get(&format!("{COMMITTEES}/nouveau?type=technical")).await.ok().shows("value=\"Comité technique\"");
    let copil = copil(&me).await;
    for (organisation, name) in [("Caf", "Zoé Perrin"), ("Département", "Ana Lopes"), ("Msa", "Luc Roy")] {
        give(&me, &copil, organisation, name, "").await;
    }
    let consultative = [("organisme", "Réseau des Mjc"), ("voix", "consultative")];
    me.post(&format!("{copil}/sieges/nouveau"), &consultative).await.is(303);
    me.get(&copil)
        .await
        .ok()
        .shows("Décision\u{a0}: majorité des voix")
        .shows("Quorum\u{a0}: 50\u{a0}% des voix délibératives")
        .shows("Aujourd’hui\u{a0}: 2 sur 3 voix")
        .shows("Zoé Perrin")
        .shows("Sans titulaire")
        .shows("Sans adresse")
        .shows("Siège ouvert");
    me.get(COMMITTEES).await.ok().shows("Comité de pilotage de la Drôme").shows("dont 3 avec voix");
    me.get("/espace/recherche?q=pilotage").await.ok().shows(&copil);
    me.get(&format!("{copil}?format=csv")).await.ok().shows("Ana Lopes").shows("Consultative");
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_nothing_is_stored() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let wrong =
        [("type", "autre"), ("nom", ""), ("mode", "majority"), ("quorum", "140"), ("objet", "Piloter")];
    me.post(&format!("{COMMITTEES}/nouveau"), &wrong)
        .await
        .is(422)
        .shows("Donnez un nom à ce comité.")
        .shows("Choisissez dans la liste.")
        .shows("entre 1 et 100")
        .shows("Piloter");
    assert!(all::<Committee>(&test).await.is_empty());
    let copil = copil(&me).await;
    let wrong = [
        ("organisme", ""),
        ("voix", "deliberative"),
        ("debut", "2026-12-01"),
        ("fin", "2026-11-01"),
        ("deputy-fonction", "Directrice"),
    ];
    me.post(&format!("{copil}/sieges/nouveau"), &wrong)
        .await
        .is(422)
        .shows("Indiquez l’organisme qui siège.")
        .shows("Le dernier jour précède le premier.")
        .shows("Indiquez le nom de cette personne.");
    assert!(all::<Seat>(&test).await.is_empty());
    let objective = [("titre", "Couvrir le Diois"), ("avancement", "120")];
    me.post(&format!("{copil}/objectifs/nouveau"), &objective).await.is(422).shows("entre 0 et 100");
    let stale = [("type", "steering"), ("nom", "Copil"), ("mode", "consensus"), ("version", "0")];
    me.post(&format!("{copil}/modifier"), &stale).await.is(409).shows("Comité de pilotage de la Drôme");
}

#[tokio::test]
async fn people_succeed_each_other_in_a_seat_and_history_stays() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&me).await;
    give(&me, &copil, "Département", "Ana Lopes", "ana@departement.test").await;
    let page = seat(&test, "Département").await.url();
    let today = test.network.today(test.app.now());
    let tomorrow = today.next().to_string();
    let next = [("rang", "titular"), ("nom", "Luc Roy"), ("courriel", "luc@departement.test")];
    let overlapping = me.post(&format!("{page}/membres/nouveau"), &next).await;
    overlapping.is(422).shows("Ana Lopes occupe ce siège").shows("luc@departement.test");
    let next = [&next[..], &[("debut", tomorrow.as_str())]].concat();
    me.post(&format!("{page}/membres/nouveau"), &next).await.is(303);
    let mut holders: Vec<SeatHolder> = all(&test).await;
    holders.sort_by_key(|holder| holder.started_on);
    let spans: Vec<_> = holders.iter().map(|one| (one.name.as_str(), one.started_on, one.ended_on)).collect();
    assert_eq!(spans, [("Ana Lopes", None, Some(today)), ("Luc Roy", Some(today.next()), None)]);
    me.get(&copil).await.ok().shows("Ana Lopes").hides("<td data-label=\"Titulaire\">Luc Roy");
    me.get(&page).await.ok().shows("Ana Lopes").shows("Luc Roy");
    let ends = [
        ("organisme", "Département"),
        ("voix", "deliberative"),
        ("fin", tomorrow.as_str()),
        ("version", "1"),
    ];
    me.post(&page, &ends).await.is(303);
    let holders: Vec<SeatHolder> = all(&test).await;
    assert!(
        holders.iter().all(|holder| holder.ended_on.is_some()),
        "a seat that ends ends for those who hold it"
    );
}

#[tokio::test]
async fn what_the_directory_knows_is_not_typed_again() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let mut tx = test.app.db.write().await.unwrap();
    let (network, now) = (test.network.id, test.app.now());
    let caf = Organisation::named(network, now, "Caf de la Drôme");
    let caf = contact::keep_organisation(&mut tx, &actor(&test), None, caf).await.unwrap();
    let zoe = Contact {
        organisation_id: Some(caf.id),
        email: Some("zoe.perrin@caf.test".to_owned()),
        job_title: Some("Conseillère technique".to_owned()),
        ..Contact::named(network, now, "Zoé", "Perrin")
    };
    contact::keep_contact(&mut tx, &actor(&test), None, zoe).await.unwrap();
    tx.commit().await.unwrap();
    me.get("/espace/reseau/partenaires.json?q=caf").await.ok().shows("Caf de la Drôme");
    let copil = copil(&me).await;
    give(&me, &copil, "caf de la drome", "Zoé Perrin", "").await;
    let holders: Vec<SeatHolder> = all(&test).await;
    assert_eq!(holders[0].email.as_deref(), Some("zoe.perrin@caf.test"));
    assert_eq!(holders[0].job_title.as_deref(), Some("Conseillère technique"));
    assert_eq!(seat(&test, "caf de la drome").await.organisation_id, Some(caf.id));
    me.get(&caf.url()).await.ok().shows("Siège ouvert");
}

#[tokio::test]
async fn members_read_the_committees_in_which_they_sit_and_no_other() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&me).await;
    let cotech = [("type", "technical"), ("nom", "Comité technique"), ("mode", "consensus")];
    let cotech = me.post(&format!("{COMMITTEES}/nouveau"), &cotech).await.goes_to();
    let member = test.someone(Role::Partner, None, None).await;
    member.get(COMMITTEES).await.ok().shows("Vous ne siégez dans aucun comité.");
    member.get(&copil).await.is(404);
    let email = email_of(&test, member.account_id.unwrap()).await;
    give(&me, &copil, "Département", "Ana Lopes", &email).await;
    member.get(COMMITTEES).await.ok().shows("Comité de pilotage").hides("Comité technique");
    member.get(&copil).await.ok().shows("Ana Lopes").hides("Modifier</a>").hides("Siège ouvert");
    member.get(&format!("{copil}?format=csv")).await.ok().shows("Ana Lopes").hides(&email);
    me.get(&format!("{copil}?format=csv")).await.ok().shows(&email);
    member.get(&cotech).await.is(404);
    member.get(&format!("{copil}/modifier")).await.is(403);
    member.post(&format!("{copil}/fin"), &[]).await.is(403);
    let page = seat(&test, "Département").await.url();
    let yesterday = "2020-01-01";
    let gone = [("organisme", "Département"), ("voix", "deliberative"), ("fin", yesterday), ("version", "1")];
    me.post(&page, &gone).await.is(303);
    member.get(&copil).await.is(404);
    let caf = test.someone(Role::Caf, None, None).await;
    caf.get(&cotech).await.ok().hides("Modifier</a>");
    caf.post(&format!("{cotech}/fin"), &[]).await.is(403);
}

#[tokio::test]
async fn a_roadmap_is_followed_to_its_end() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&me).await;
    let form = [
        ("titre", "Couvrir le Diois"),
        ("cible", "3 structures"),
        ("echeance", "2020-01-01"),
        ("avancement", "30"),
    ];
    me.post(&format!("{copil}/objectifs/nouveau"), &form).await.is(303);
    let page = me.get(&copil).await.ok().shows("Couvrir le Diois").shows("En retard").shows("30\u{a0}%");
    let url = page.body.split('"').rfind(|part| part.starts_with(&format!("{copil}/objectifs/"))).unwrap();
    let reached = [&form[..], &[("etat", "reached"), ("version", "1")]].concat();
    me.post(url, &reached).await.is(303);
    me.get(&copil)
        .await
        .ok()
        .shows("Atteint")
        .shows("100\u{a0}%")
        .hides("En retard")
        .shows("Objectif modifié");
}

#[tokio::test]
async fn a_committee_that_ended_stays_readable_and_takes_nothing_more() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&me).await;
    me.post(&format!("{copil}/fin"), &[]).await.is(303);
    me.get(&copil).await.ok().shows("Terminé").hides("Ajouter un siège").shows("Rouvrir le comité");
    let form = [("organisme", "Msa"), ("voix", "deliberative")];
    me.post(&format!("{copil}/sieges/nouveau"), &form).await.is(422).shows("Ce comité a pris fin");
    me.post(&format!("{copil}/rouvrir"), &[]).await.is(303);
    me.post(&format!("{copil}/sieges/nouveau"), &form).await.is(303);
}

#[tokio::test]
async fn another_network_gets_nothing() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&me).await;
    give(&me, &copil, "Département", "Ana Lopes", "ana@departement.test").await;
    let page = seat(&test, "Département").await.url();
    let mut tx = test.app.db.write().await.unwrap();
    let settings = network::Settings::default();
    let made =
        network::create(&mut tx, test.app.now(), "07", "Ardèche", Some("ardeche.test"), &settings).await;
    tx.commit().await.unwrap();
    let stranger = test.someone_in(&made.unwrap(), Role::Coordinator, None, None).await;
    stranger.get(COMMITTEES).await.ok().hides("Comité de pilotage de la Drôme");
    for path in [copil.clone(), format!("{copil}/modifier"), format!("{copil}/sieges/nouveau"), page.clone()]
    {
        stranger.get(&path).await.is(404);
    }
    let form = [("organisme", "Msa"), ("voix", "deliberative"), ("version", "1")];
    stranger.post(&page, &form).await.is(404);
    stranger.post(&format!("{copil}/sieges/nouveau"), &form).await.is(404);
}
