//! Suspension, its lifting and exclusion of a post: only a decision of a committee that decides does it, and all that follows is
//! done at once.

use kit::testing::{Person, TestApp};
use kit::{Date, Id, Network, Role, network, trail};

use super::super::committee::Committee;
use super::super::consequence::Consequence;
use super::super::decision::Decision;
use super::meetings::mails;
use super::sessions::session;
use super::{actor, all};
use crate::features::directory::departure::{self, Departure};
use crate::features::directory::imports::{self, Choices};
use crate::features::directory::mandate::{self, Mandate};
use crate::features::directory::person::Person as Promeneur;
use crate::features::directory::structure::Structure;
use crate::features::directory::suspension::EXCLUSION;
use crate::features::support::activity_entry::ActivityEntry;

/// Noé, published, in a structure that someone answers for; Zoé elsewhere.
pub(super) async fn posts(test: &TestApp, me: &Person<'_>) -> (Promeneur, Mandate) {
    import(
        test,
        "Nom;Prénom;Structure;Mél;Ville;Date entrée\n\
         LEFÈVRE;Noé;MJC de Crest;noe@mjc.example;Crest;01/09/2024\n\
         PERRIN;Zoé;Foyer de Die;;Die;01/09/2023\n",
    )
    .await;
    let noe = named(test, "Lefèvre").await;
    me.post(&format!("{}/publier", noe.url()), &[]).await.is(303);
    let mut mjc = all::<Structure>(test).await.into_iter().find(|one| one.name.contains("MJC")).unwrap();
    mjc.manager_name = Some("Ana Petit".to_owned());
    mjc.manager_email = Some("direction@mjc.example".to_owned());
    let mut tx = test.app.db.write().await.unwrap();
    tx.save(&mut mjc).await.unwrap();
    tx.commit().await.unwrap();
    me.post(&format!("{}/publier", mjc.url()), &[]).await.is(303);
    let post = post_of(test, noe.id).await;
    (noe, post)
}

async fn import(test: &TestApp, csv: &str) {
    imports::at_once(&test.app, &test.network, "a.csv", csv.as_bytes(), &Choices::default(), false)
        .await
        .unwrap();
}

pub(super) async fn named(test: &TestApp, last_name: &str) -> Promeneur {
    all::<Promeneur>(test).await.into_iter().find(|one| one.last_name == last_name).unwrap()
}

async fn post_of(test: &TestApp, person: Id) -> Mandate {
    all::<Mandate>(test).await.into_iter().find(|one| one.person_id == Some(person)).unwrap()
}

/// A decision taken in the session.
pub(super) async fn decide(test: &TestApp, me: &Person<'_>, page: &str, text: &str) -> Decision {
    me.post(&format!("{page}/seance/decisions"), &[("texte", text), ("mode", "consensus")]).await.is(303);
    all::<Decision>(test).await.into_iter().find(|one| one.text == text).unwrap()
}

/// So many days from today.
fn day(test: &TestApp, days: i64) -> String {
    Date(test.network.today(test.app.now().plus_days(days)).0).to_string()
}

async fn actions(test: &TestApp, kind: &str, id: Id) -> Vec<String> {
    let mut tx = test.app.db.read().await.unwrap();
    let lines = trail::of_subject(&mut tx, test.network.id, kind, id, None, 50).await.unwrap();
    lines.into_iter().map(|line| line.action).collect()
}

/// A decision by which Noé's post is suspended from today; the address of the session, the decision, him and his post.
async fn suspended(test: &TestApp, me: &Person<'_>) -> (String, Decision, Promeneur, Mandate) {
    let (noe, post) = posts(test, me).await;
    let page = session(test, me).await;
    let decision = decide(test, me, &page, "Suspendre le poste de Crest").await;
    let (id, today) = (post.id.to_string(), day(test, 0));
    let fields =
        [("acte", "suspendre"), ("poste", id.as_str()), ("jour", &today), ("motif", "Charte non respectée")];
    me.post(&format!("{}/poste", decision.url()), &fields).await.is(303);
    (page, decision, noe, post)
}

#[tokio::test]
async fn a_suspension_hides_the_sheet_at_once_and_the_chain_is_read_both_ways() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let (page, decision, noe, post) = suspended(&test, &me).await;
    let (public, form) = (test.stranger(), format!("{}/poste", decision.url()));
    public.get("/promeneurs/noe-lefevre").await.is(410);
    for list in ["/promeneurs", "/structures/mjc-de-crest", "/api/v1/promeneurs", "/sitemap.xml"] {
        public.get(list).await.ok().hides("Noé Lefèvre").hides("noe-lefevre");
    }
    me.get("/espace/reseau/promeneurs?situation=suspended").await.ok().shows("Noé");
    // From the session and from the register, one comes to the form.
    me.get(&format!("{page}/seance")).await.ok().shows(&form);
    me.get(&form)
        .await
        .ok()
        .shows("Lefèvre Noé – MJC de Crest, poste n°\u{a0}1 (suspendu)")
        .shows("Perrin Zoé");
    me.get(&decision.url())
        .await
        .ok()
        .shows("Suspendre un poste")
        .shows(&form)
        .shows("Poste n°\u{a0}1 – MJC de Crest")
        .shows(&noe.url())
        .shows("Suspendu");
    let number = decision.number();
    let said = format!("Suspendu·e par la décision <a href=\"{}\">{number}</a>", decision.url());
    me.get(&noe.url()).await.ok().shows(&said);
    me.get(&format!("/espace/reseau/postes/{}/modifier", post.id)).await.ok().shows(&said);
    let manager = test.someone(Role::Manager, Some(post.structure_id), None).await;
    let theirs = manager.get(&format!("/espace/reseau/structures/{}", post.structure_id)).await.ok();
    theirs
        .shows(&format!("Suspendu·e par la décision {number}"))
        .hides(&decision.url())
        .hides("Charte non respectée");
}

#[tokio::test]
async fn a_suspension_is_told_to_those_concerned_kept_in_every_history_and_offered_to_the_journal() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let (_, decision, noe, post) = suspended(&test, &me).await;
    for (kind, id) in [("person", noe.id), ("structure", post.structure_id), ("decision", decision.id)] {
        assert!(actions(&test, kind, id).await.contains(&"mandate.suspended".to_owned()), "{kind}");
    }
    let entries: Vec<ActivityEntry> = all(&test).await;
    assert_eq!(entries.iter().filter(|one| one.title.starts_with("Suspension")).count(), 1);
    let sent = mails(&test, "post_suspension").await;
    let mut to: Vec<&str> = sent.iter().map(|mail| mail.recipient.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["direction@mjc.example", "noe@mjc.example"]);
    for mail in &sent {
        let text = &mail.text_body;
        assert!(text.contains(&decision.number()) && text.contains("Comité de pilotage"), "{text}");
        assert!(text.contains("jusqu’à une nouvelle décision"), "{text}");
        assert!(!text.contains("Charte") && !mail.html_body.contains("Charte"), "{text}");
    }
    assert!(sent.iter().any(|mail| mail.text_body.contains("votre poste")), "to the person");
    test.app.clock.advance_minutes(1);
    test.run_jobs().await;
    assert!(mails(&test, "post_suspension").await.iter().all(|mail| mail.sent_at.is_some()));
}

#[tokio::test]
async fn the_same_twice_is_refused_and_another_decision_lifts_it() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let (page, decision, _, post) = suspended(&test, &me).await;
    let (id, today) = (post.id.to_string(), day(&test, 0));
    let again = [("acte", "suspendre"), ("poste", id.as_str()), ("jour", &today), ("motif", "Encore")];
    let form = format!("{}/poste", decision.url());
    me.post(&form, &again).await.is(422).shows("a déjà cette suite").shows("id=\"poste-erreur\"");
    let other = decide(&test, &me, &page, "Lever la suspension de Crest").await;
    let form = format!("{}/poste", other.url());
    me.post(&form, &again).await.is(422).shows("déjà suspendu, sans terme");
    me.post(&form, &[("acte", "lever"), ("poste", &id), ("jour", &today)]).await.is(303);
    test.stranger().get("/promeneurs/noe-lefevre").await.ok();
    me.get(&decision.url()).await.ok().shows("En poste");
    assert_eq!(mails(&test, "post_lifting").await.len(), 2);
    let kinds: Vec<String> = all::<Consequence>(&test).await.into_iter().map(|one| one.kind).collect();
    assert_eq!(kinds, ["suspension", "lifting"]);
}

#[tokio::test]
async fn an_exclusion_ends_the_post_and_access_opens_the_vacancy_and_is_final() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let (noe, post) = posts(&test, &me).await;
    let own = test.someone(Role::Promeneur, None, Some(noe.id)).await;
    own.get("/espace").await.ok();
    let page = session(&test, &me).await;
    let decision = decide(&test, &me, &page, "Exclure").await;
    let (id, today) = (post.id.to_string(), day(&test, 0));
    let fields = [
        ("acte", "exclure"),
        ("poste", id.as_str()),
        ("jour", &today),
        ("motif", "Manquements répétés à la charte"),
        ("dire", "1"),
        ("vacance", "1"),
    ];
    me.post(&format!("{}/poste", decision.url()), &fields).await.is(303);
    test.stranger().get("/promeneurs/noe-lefevre").await.is(410);
    assert!(own.get("/espace").await.goes_to().starts_with("/connexion"), "their session ended");
    let posts: Vec<Mandate> = all(&test).await;
    let ended = posts.iter().find(|one| one.id == post.id).unwrap();
    assert_eq!((ended.end_reason.as_deref(), ended.ended_on.unwrap().to_string()), (Some(EXCLUSION), today));
    let vacancy = posts.iter().find(|one| one.replaces_id == Some(post.id)).unwrap();
    assert_eq!((vacancy.rank, vacancy.person_id), (post.rank, None));
    me.get(&noe.url()).await.ok().shows("Exclu·e par la décision").shows("Exclusion décidée par le comité");
    let sent = mails(&test, "post_exclusion").await;
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|mail| mail.text_body.contains("Motif\u{a0}: Manquements répétés")));
    assert!(sent.iter().all(|mail| mail.text_body.contains("les accès à son espace sont fermés")));
    // Nothing more can be decided of it, nor of a post that ended otherwise.
    let other = decide(&test, &me, &page, "Suspendre").await;
    let form = format!("{}/poste", other.url());
    let soon = day(&test, 1);
    let late = [("acte", "suspendre"), ("poste", id.as_str()), ("jour", soon.as_str()), ("motif", "Vu")];
    me.post(&form, &late)
        .await
        .is(422)
        .shows("L’exclusion de ce poste est déjà décidée")
        .shows("poste-erreur");
    let zoe = named(&test, "Perrin").await;
    let left = post_of(&test, zoe.id).await.id.to_string();
    let departure = [("poste", left.as_str()), ("jour", soon.as_str()), ("motif", "departure")];
    me.post(&format!("{}/depart", zoe.url()), &departure).await.is(303);
    test.app.clock.advance_minutes(2 * 24 * 60);
    let gone = [("acte", "exclure"), ("poste", left.as_str()), ("jour", soon.as_str()), ("motif", "Vu")];
    me.post(&form, &gone).await.is(422).shows("Ce poste a pris fin le");
    me.get(&form).await.ok().shows("Aucun poste n’est occupé");
    test.run_jobs().await;
}

#[tokio::test]
async fn only_a_decision_that_stands_of_a_committee_that_decides_does_it_and_only_for_the_coordination() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let (noe, post) = posts(&test, &me).await;
    let page = session(&test, &me).await;
    let decision = decide(&test, &me, &page, "Suspendre").await;
    let form = format!("{}/poste", decision.url());
    let (id, today) = (post.id.to_string(), day(&test, 0));
    let fields = [("acte", "suspendre"), ("poste", id.as_str()), ("jour", &today), ("motif", "Vu")];
    for role in [Role::Caf, Role::Partner, Role::Manager, Role::Promeneur, Role::Guest] {
        let other = test.someone(role, None, None).await;
        other.get(&form).await.is(403);
        other.post(&form, &fields).await.is(403);
    }
    // What is missing or wrong is said beside its field, and what was typed is kept.
    let empty = me.post(&form, &[("acte", "suspendre"), ("motif", "")]).await.is(422);
    for name in ["poste", "jour", "motif"] {
        assert!(empty.body.contains(&format!("id=\"{name}-erreur\"")), "{name}: {}", empty.body);
    }
    let before = day(&test, -30);
    let early = [fields[0], fields[1], ("jour", before.as_str()), ("motif", "Un motif tapé")];
    me.post(&form, &early).await.is(422).shows("elle ne peut pas prendre effet avant").shows("Un motif tapé");
    let backwards = [fields[0], fields[1], fields[2], ("fin", before.as_str()), fields[3]];
    me.post(&form, &backwards).await.is(422).shows("id=\"fin-erreur\"");
    let unknown = Id::new(test.app.now()).to_string();
    let nowhere = [fields[0], ("poste", unknown.as_str()), fields[2], fields[3]];
    me.post(&form, &nowhere).await.is(422).shows("n’est pas dans le réseau");
    let nothing = [("acte", "lever"), fields[1], fields[2]];
    me.post(&form, &nothing).await.is(422).shows("n’est pas suspendu");
    // A committee that does not decide.
    let mut copil = all::<Committee>(&test).await.remove(0);
    set_decides(&test, &mut copil, false).await;
    me.get(&decision.url()).await.ok().hides("Suspendre un poste");
    me.get(&format!("{page}/seance")).await.ok().hides(&form);
    me.get(&form).await.ok().shows("n’est pas une instance qui décide");
    me.post(&form, &fields).await.is(422).shows("n’est pas une instance qui décide");
    set_decides(&test, &mut copil, true).await;
    // A decision that was abandoned.
    let over = [("texte", "Suspendre"), ("mode", "consensus"), ("etat", "abandoned"), ("version", "1")];
    me.post(&decision.url(), &over).await.is(303);
    me.post(&form, &fields).await.is(422).shows("abandonnée");
    assert_eq!(post_of(&test, noe.id).await.suspended_from, None);
    assert!(all::<Consequence>(&test).await.is_empty() && mails(&test, "post_suspension").await.is_empty());
    // Another network's decision is nothing here.
    let there = elsewhere(&test).await;
    let stranger = test.someone_in(&there, Role::Coordinator, None, None).await;
    stranger.get(&form).await.is(404);
    stranger.post(&form, &fields).await.is(404);
}

async fn set_decides(test: &TestApp, copil: &mut Committee, decides: bool) {
    copil.decides = decides;
    let mut tx = test.app.db.write().await.unwrap();
    tx.save(copil).await.unwrap();
    tx.commit().await.unwrap();
}

async fn elsewhere(test: &TestApp) -> Network {
    let mut tx = test.app.db.write().await.unwrap();
    let settings = network::Settings::default();
    let made = network::create(&mut tx, test.app.now(), "07", "Ardèche", Some("ardeche.test"), &settings)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    made
}

#[tokio::test]
async fn a_suspension_to_come_begins_and_ends_on_its_days_by_itself() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let (noe, post) = posts(&test, &me).await;
    let page = session(&test, &me).await;
    let decision = decide(&test, &me, &page, "Suspendre deux jours").await;
    let (id, from, until) = (post.id.to_string(), day(&test, 3), day(&test, 4));
    let fields = [
        ("acte", "suspendre"),
        ("poste", id.as_str()),
        ("jour", &from),
        ("fin", &until),
        ("motif", "Le temps d’un entretien"),
    ];
    me.post(&format!("{}/poste", decision.url()), &fields).await.is(303);
    let (public, a_day) = (test.stranger(), 24 * 60);
    test.run_schedules().await;
    public.get("/promeneurs").await.ok().shows("Noé Lefèvre");
    me.get(&noe.url()).await.ok().shows("à partir du").shows("jusqu’au");
    me.get(&decision.url()).await.ok().shows("Suspendu dès le");
    let whole_days = [(3, false), (1, false), (1, true)];
    for (days, is_shown) in whole_days {
        test.app.clock.advance_minutes(days * a_day);
        test.run_schedules().await;
        let list = public.get("/promeneurs").await.ok();
        assert_eq!(list.body.contains("Noé Lefèvre"), is_shown, "{}", test.network.today(test.app.now()));
        public.get("/promeneurs/noe-lefevre").await.is(if is_shown { 200 } else { 410 });
    }
    me.get("/espace/reseau/promeneurs?situation=suspended").await.ok().hides("Noé Lefèvre");
}

#[tokio::test]
async fn no_departure_is_an_exclusion() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let (noe, post) = posts(&test, &me).await;
    let page = format!("{}/depart", noe.url());
    me.get(&page).await.ok().hides("value=\"exclusion\"").shows("value=\"charter\"");
    let (id, today) = (post.id.to_string(), day(&test, 0));
    let fields = [("poste", id.as_str()), ("jour", today.as_str()), ("motif", EXCLUSION)];
    me.post(&page, &fields).await.is(422).shows("id=\"motif-erreur\"");
    let mut tx = test.app.db.write().await.unwrap();
    let departure = Departure {
        mandate_id: post.id,
        day: today.parse().unwrap(),
        reason: Some(EXCLUSION.to_owned()),
        opens_vacancy: false,
    };
    assert!(departure::leave(&mut tx, &actor(&test), noe.id, departure).await.is_err());
    drop(tx);
    assert_eq!(post_of(&test, noe.id).await.ended_on, None);
}

#[tokio::test]
async fn the_form_of_a_post_neither_suspends_nor_takes_an_exclusion_back() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let (noe, post) = posts(&test, &me).await;
    let form = format!("/espace/reseau/postes/{}/modifier", post.id);
    let today = day(&test, 0);
    let sneaky = [
        ("rang", "1"),
        ("debut", "2024-09-01"),
        ("charte", "to_send"),
        ("version", "1"),
        ("suspendu_du", today.as_str()),
        ("suspended_from", today.as_str()),
        ("motif", EXCLUSION),
        ("end_reason", EXCLUSION),
    ];
    me.post(&form, &sneaky).await.is(303);
    let stored = post_of(&test, noe.id).await;
    assert_eq!((stored.suspended_from, stored.end_reason), (None, None));
    // The act behind every form says so too.
    let mut tx = test.app.db.write().await.unwrap();
    let before = mandate::find(&mut tx, test.network.id, post.id).await.unwrap();
    let off = Mandate { suspended_from: Some(today.parse().unwrap()), ..before.clone() };
    let refused = mandate::change(&mut tx, &actor(&test), &before, off, "mandate.changed", None).await;
    assert!(refused.unwrap_err().to_string().contains("Seule une décision"));
    drop(tx);
    let page = session(&test, &me).await;
    let decision = decide(&test, &me, &page, "Exclure").await;
    let (id, today) = (post.id.to_string(), day(&test, 0));
    let out = [("acte", "exclure"), ("poste", id.as_str()), ("jour", &today), ("motif", "Vu")];
    me.post(&format!("{}/poste", decision.url()), &out).await.is(303);
    let version = post_of(&test, noe.id).await.version.to_string();
    let back = [
        ("rang", "1"),
        ("debut", "2024-09-01"),
        ("fin", ""),
        ("charte", "to_send"),
        ("version", version.as_str()),
    ];
    me.post(&form, &back).await.is(422).shows("a pris fin par une décision");
    assert!(post_of(&test, noe.id).await.ended_on.is_some());
}

#[tokio::test]
async fn no_spreadsheet_suspends_excludes_or_takes_it_back() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let (noe, post) = posts(&test, &me).await;
    import(
        &test,
        "Nom;Prénom;Structure;Mél;Statut;Suspendu du;Motif de sortie;Motif de suspension;Exclusion\n\
         LEFÈVRE;Noé;MJC de Crest;noe@mjc.example;suspendu;01/10/2026;exclusion;Vu;oui\n",
    )
    .await;
    let stored = post_of(&test, noe.id).await;
    assert_eq!((stored.suspended_from, stored.end_reason, stored.ended_on), (None, None, None));
    let page = session(&test, &me).await;
    let decision = decide(&test, &me, &page, "Exclure").await;
    let (id, today) = (post.id.to_string(), day(&test, 0));
    let out = [("acte", "exclure"), ("poste", id.as_str()), ("jour", &today), ("motif", "Vu")];
    me.post(&format!("{}/poste", decision.url()), &out).await.is(303);
    import(
        &test,
        "Nom;Prénom;Structure;Mél;Date entrée;Date sortie\n\
         LEFÈVRE;Noé;MJC de Crest;noe@mjc.example;01/09/2024;31/12/2099\n",
    )
    .await;
    let stored = all::<Mandate>(&test).await.into_iter().find(|one| one.id == post.id).unwrap();
    assert_eq!(stored.ended_on.unwrap().to_string(), today);
    test.stranger().get("/promeneurs/noe-lefevre").await.is(410);
}

/// Whoever else could reach the act of the directory would be another door.
#[test]
fn only_what_carries_a_decision_out_calls_the_act_of_the_directory() {
    let features = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/features");
    let server = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src");
    let mut folders = vec![features, server];
    let mut callers = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs")
                && !path.ends_with("posts_by_decision.rs")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                if text.contains("suspension::take(") || text.contains("Decided::by(") {
                    callers.push(path.file_name().unwrap().to_string_lossy().into_owned());
                }
            }
        }
    }
    callers.sort();
    assert_eq!(callers, ["measure.rs", "suspension.rs"], "the second in its own tests");
}

#[tokio::test]
async fn five_hundred_posts_are_chosen_from_without_more_questions_to_the_data() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let rows: String = (0..500).map(|n| format!("Nom{n:03};Prénom;Structure {};\n", n % 50)).collect();
    import(&test, &format!("Nom;Prénom;Structure;Mél\n{rows}")).await;
    let page = session(&test, &me).await;
    let decision = decide(&test, &me, &page, "Suspendre").await;
    let form = me.get(&format!("{}/poste", decision.url())).await.ok();
    assert!(form.queries <= 8, "{}", form.queries);
    form.shows("Nom000 Prénom").shows("Nom499 Prénom");
}
