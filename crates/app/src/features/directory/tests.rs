//! Scenarios of the directory, through the real router.

use std::path::Path;

use kit::testing::{Answer, Person as Someone, TestApp};
use kit::{Id, Role, Timestamp, args, sql};

use super::imports::{self, Choices};
use super::mandate::Mandate;
use super::person::Person;
use super::structure::{self, Structure};

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name);
    std::fs::read(path).unwrap()
}

fn truth() -> serde_json::Value {
    serde_json::from_slice(&fixture("truth.json")).unwrap()
}

async fn town(test: &TestApp) -> Someone<'_> {
    let csv = "Nom;Prénom;Structure;Mél;Tél;Ville;Date entrée;Insta;Permanences\n\
        LEFÈVRE;Noé;MJC de Crest;noe@mjc.example;612345678;Crest;01/09/2024;@noe_pdn;mardi 17h-19h\n\
        PERRIN;Zoé;Foyer de Die;zoe@foyer.example;06 12 34 56 79;Die;01/09/2023;;\n";
    let choices = Choices::default();
    let done = imports::at_once(&test.app, &test.network, "ville.csv", csv.as_bytes(), &choices, false);
    assert_eq!(done.await.unwrap().people.created, 2);
    test.someone(Role::Coordinator, None, None).await
}

async fn people(test: &TestApp) -> Vec<Person> {
    let mut all: Vec<Person> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    all.sort_by(|a, b| a.name_key.cmp(&b.name_key));
    all
}

async fn named(test: &TestApp, last_name: &str) -> Person {
    people(test).await.into_iter().find(|p| p.last_name == last_name).unwrap()
}

/// Sends a file, lets the jobs read it, and returns where it can be reviewed.
async fn send(test: &TestApp, coordinator: &Someone<'_>, name: &str, bytes: &[u8]) -> String {
    let url = coordinator.upload("/espace/reseau/imports", name, bytes, &[]).await.goes_to();
    coordinator.get(&url).await.ok().shows("Lecture du fichier");
    test.run_jobs().await;
    url
}

async fn apply(test: &TestApp, coordinator: &Someone<'_>, url: &str, fields: &[(&str, &str)]) -> Answer {
    let answer = coordinator.post(&format!("{url}/enregistrer"), fields).await;
    test.run_jobs().await;
    answer
}

#[tokio::test]
async fn a_coordinator_imports_the_workbook_she_has_and_gets_what_a_careful_reader_counts() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let url = send(&test, &coordinator, "annuaire.xlsx", &fixture("annuaire.xlsx")).await;
    let truth = truth();
    let review = coordinator.get(&url).await.ok();
    for (count, what) in [
        ("people", "promeneurs à créer"),
        ("structures", "structures à créer"),
        ("departed", "départs datés"),
    ] {
        assert!(review.body.contains(&format!("<b>{}</b> {what}", truth[count])), "{what}: {}", review.body);
    }
    assert_eq!(review.body.matches("La clé de ce SIRET est fausse").count(), 3);
    assert_eq!(people(&test).await.len(), 0, "nothing is stored before it is asked for");
    apply(&test, &coordinator, &url, &[]).await.is(303);
    let people = people(&test).await;
    let mut mails: Vec<&str> = people.iter().filter_map(|p| p.email.as_deref()).collect();
    mails.sort_unstable();
    assert_eq!(serde_json::json!(mails), truth["mails"]);
    let names: Vec<String> = people.iter().map(Person::name).collect();
    for name in
        ["Idriss Le Goff", "Karim N'Diaye", "Benoît Dupont-Aubert", "Anaïs L'Hôte", "Clémence Da Silva"]
    {
        assert!(names.iter().any(|n| n == name), "{name} is not among {names:?}");
    }
    let mut tx = test.app.db.read().await.unwrap();
    let mandates: Vec<Mandate> = tx.all_of(test.network.id).await.unwrap();
    assert_eq!(mandates.len(), 43);
    assert_eq!(mandates.iter().filter(|m| m.ended_on.is_some()).count(), 12);
    let structures: Vec<Structure> = tx.all_of(test.network.id).await.unwrap();
    assert_eq!(structures.len(), 36);
    assert_eq!(structures.iter().filter(|s| s.siret.is_some()).count(), 33);
    assert!(structures.iter().all(|s| s.insee_code.is_some()), "every commune of the file is official");
}

#[tokio::test]
async fn importing_the_same_file_twice_changes_nothing_and_undoing_takes_everything_back() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let bytes = fixture("annuaire.xlsx");
    let first = send(&test, &coordinator, "annuaire.xlsx", &bytes).await;
    apply(&test, &coordinator, &first, &[]).await.is(303);
    let before = people(&test).await;
    let report =
        imports::at_once(&test.app, &test.network, "annuaire.xlsx", &bytes, &Choices::default(), false)
            .await
            .unwrap();
    assert_eq!((report.people.created, report.people.updated, report.people.unchanged), (0, 0, 43));
    assert_eq!((report.structures.updated, report.mandates.updated, report.mandates.unchanged), (0, 0, 43));
    assert_eq!(people(&test).await, before);
    coordinator.post(&format!("{first}/annuler"), &[]).await.is(303);
    assert_eq!(people(&test).await, Vec::new());
    coordinator.get("/espace/reseau/promeneurs").await.ok().shows("pas encore de promeneur");
    coordinator.get("/espace/recherche?q=chevallier").await.ok().shows("Rien ne correspond");
    coordinator.post(&format!("{first}/annuler"), &[]).await.is(422);
}

#[tokio::test]
async fn what_was_changed_since_an_import_survives_its_undoing() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let url = send(&test, &coordinator, "a.csv", "Nom;Prénom\nBlanc;Lou\nRoux;Ève\n".as_bytes()).await;
    apply(&test, &coordinator, &url, &[]).await.is(303);
    let blanc = named(&test, "Blanc").await;
    let form = [("prenom", "Louise"), ("nom", "Blanc"), ("jeunes", "1"), ("version", "1")];
    coordinator.post(&format!("{}/modifier", blanc.url()), &form).await.is(303);
    coordinator.post(&format!("{url}/annuler"), &[]).await.is(303);
    let left = people(&test).await;
    assert_eq!(left.iter().map(Person::name).collect::<Vec<_>>(), ["Louise Blanc"]);
}

#[tokio::test]
async fn a_row_that_names_nobody_holds_everything_back_until_the_rest_is_asked_for() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let csv = "Nom;Prénom;Mél\nBlanc;Lou;lou@a.example\n;;orphelin@a.example\n";
    let url = send(&test, &coordinator, "a.csv", csv.as_bytes()).await;
    coordinator.get(&url).await.ok().shows("CSV, ligne 3").shows("Cette ligne ne nomme personne");
    apply(&test, &coordinator, &url, &[]).await.is(422);
    assert_eq!(people(&test).await.len(), 0);
    apply(&test, &coordinator, &url, &[("reste", "1")]).await.is(303);
    assert_eq!(people(&test).await.len(), 1);
}

#[tokio::test]
async fn what_a_column_means_can_be_corrected_and_is_remembered() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let csv = "Nom;Prénom;Machin\nBlanc;Lou;animatrice\n";
    let url = send(&test, &coordinator, "a.csv", csv.as_bytes()).await;
    coordinator.post(&format!("{url}/verifier"), &[("colonne:CSV|machin", "job_title")]).await.is(303);
    test.run_jobs().await;
    apply(&test, &coordinator, &url, &[]).await.is(303);
    assert_eq!(named(&test, "Blanc").await.job_title.as_deref(), Some("animatrice"));
    let again = "Nom;Prénom;Machin\nRoux;Ève;éducatrice\n";
    let url = send(&test, &coordinator, "b.csv", again.as_bytes()).await;
    apply(&test, &coordinator, &url, &[]).await.is(303);
    assert_eq!(named(&test, "Roux").await.job_title.as_deref(), Some("éducatrice"));
}

#[tokio::test]
async fn two_rows_of_one_address_are_one_person_unless_the_coordinator_says_two() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let csv = "Nom;Prénom;Mél;Date entrée;Structure\nChevallier;Rémi;r@a.example;mars 2022;MJC\n\
        CHEVALLIER;Rémi;R@A.example;15/03/2022;MJC\n";
    let url = send(&test, &coordinator, "a.csv", csv.as_bytes()).await;
    coordinator.get(&url).await.ok().shows("Même personne").shows("Même adresse électronique");
    apply(&test, &coordinator, &url, &[]).await.is(303);
    assert_eq!(people(&test).await.len(), 1);
    let mandates: Vec<Mandate> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    assert_eq!(
        mandates.iter().map(|m| m.started_on.map(|d| d.to_string())).collect::<Vec<_>>(),
        [Some("2022-03-15".to_owned())]
    );
    coordinator.post(&format!("{url}/annuler"), &[]).await.is(303);
    let url = send(&test, &coordinator, "a.csv", csv.as_bytes()).await;
    apply(&test, &coordinator, &url, &[("doublon:CSV:3", "separer")]).await.is(303);
    assert_eq!(people(&test).await.len(), 2);
}

#[tokio::test]
async fn unreadable_files_are_refused_clearly_and_store_nothing() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let xlsx = fixture("annuaire.xlsx");
    for (bytes, said) in [
        (&xlsx[..9000], "abîmé ou incomplet"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), "ni un classeur"),
        ("bonjour\nau revoir\n".as_bytes(), "Aucune ligne de titres"),
    ] {
        let url = send(&test, &coordinator, "x.xlsx", bytes).await;
        coordinator.get(&url).await.ok().shows(said);
    }
    coordinator
        .upload("/espace/reseau/imports", "vide.csv", b"", &[])
        .await
        .is(422)
        .shows("Choisissez un fichier");
    let large = vec![b'a'; 21 << 20];
    coordinator.upload("/espace/reseau/imports", "gros.csv", &large, &[]).await.is(413);
    assert_eq!(people(&test).await.len(), 0);
}

#[tokio::test]
async fn published_sheets_are_found_by_a_commune_typed_without_accents() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    test.stranger().get("/promeneurs").await.ok().shows("Aucun Promeneur");
    let ids: Vec<String> = people(&test).await.iter().map(|p| p.id.to_string()).collect();
    let form: Vec<(&str, &str)> =
        ids.iter().map(|id| ("id", id.as_str())).chain([("action", "publier")]).collect();
    coordinator.post("/espace/reseau/promeneurs/actions", &form).await.is(303);
    let public = test.stranger();
    public.get("/promeneurs?commune=CREST").await.ok().shows("Noé Lefèvre").hides("Zoé Perrin");
    public.get("/promeneurs?commune=26400").await.ok().shows("Noé Lefèvre");
    public.get("/promeneurs?q=lefevr").await.ok().shows("Noé Lefèvre");
    public.get("/promeneurs?q=lefvere").await.ok().shows("Noé Lefèvre");
    public.get("/promeneurs?reseau=instagram").await.ok().shows("Noé Lefèvre").hides("Zoé Perrin");
    public.get("/promeneurs?commune=nulle+part").await.ok().shows("Aucune commune");
    let sheet = public.get("/promeneurs/noe-lefevre").await.ok();
    sheet.shows("noe_pdn").hides("noe@mjc.example").hides("06\u{a0}").hides("+336");
    public.get("/carte").await.ok().shows("Crest");
    public.get("/promeneurs/zoe-inconnue").await.is(404);
}

#[tokio::test]
async fn a_departure_is_one_action_and_the_sheet_answers_410() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let noe = named(&test, "Lefèvre").await;
    coordinator.post(&format!("{}/publier", noe.url()), &[]).await.is(303);
    let promeneur = test.someone(Role::Promeneur, None, Some(noe.id)).await;
    promeneur.get(&noe.url()).await.ok();
    let page = coordinator.get(&format!("{}/depart", noe.url())).await.ok();
    let post = page.body.split("name=\"poste\" value=\"").nth(1).and_then(|t| t.split('"').next()).unwrap();
    let early = [("poste", post), ("jour", "2020-01-01")];
    coordinator.post(&format!("{}/depart", noe.url()), &early).await.is(422).shows("ne peut pas précéder");
    let form = [("poste", post), ("jour", "2026-11-23"), ("motif", "departure"), ("vacance", "1")];
    let list = coordinator.post(&format!("{}/depart", noe.url()), &form).await.goes_to();
    coordinator.get(&list).await.ok().shows("noe_pdn").shows("site national");
    test.stranger().get("/promeneurs/noe-lefevre").await.is(410).shows("n’exerce plus");
    test.stranger().get("/promeneurs").await.ok().hides("Lefèvre");
    assert!(promeneur.get("/espace").await.goes_to().starts_with("/connexion"), "access is closed");
    let mandates: Vec<Mandate> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    let ended = mandates.iter().find(|m| m.person_id == Some(noe.id)).unwrap();
    assert!(
        mandates
            .iter()
            .any(|m| m.person_id.is_none() && m.rank == ended.rank && m.replaces_id == Some(ended.id))
    );
    coordinator.get(&noe.url()).await.ok().shows("Départ enregistré");
}

#[tokio::test]
async fn a_departure_to_come_takes_the_sheet_off_on_its_day() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let noe = named(&test, "Lefèvre").await;
    coordinator.post(&format!("{}/publier", noe.url()), &[]).await.is(303);
    let mandates: Vec<Mandate> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    let post = mandates.iter().find(|m| m.person_id == Some(noe.id)).unwrap().id.to_string();
    let form = [("poste", post.as_str()), ("jour", "2026-11-25")];
    coordinator.post(&format!("{}/depart", noe.url()), &form).await.is(303);
    test.stranger().get("/promeneurs/noe-lefevre").await.ok();
    test.app.clock.advance_minutes(2 * 24 * 60);
    test.stranger().get("/promeneurs/noe-lefevre").await.is(410);
    let mut tx = test.app.db.write().await.unwrap();
    kit::jobs::add(&mut tx, test.network.id, test.app.now(), &super::TurnOfDay {}).await.unwrap();
    tx.commit().await.unwrap();
    test.run_jobs().await;
    assert!(named(&test, "Lefèvre").await.published_at.is_none());
    test.stranger().get("/promeneurs").await.ok().hides("Lefèvre");
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_stores_nothing() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let noe = named(&test, "Lefèvre").await;
    let form = [
        ("prenom", "Noé"),
        ("nom", ""),
        ("telephone", "12"),
        ("courriel", "pas une adresse"),
        ("jeunes", "1"),
    ];
    let answer = coordinator.post(&format!("{}/modifier", noe.url()), &form).await.is(422);
    answer.shows("href=\"#nom\"").shows("value=\"pas une adresse\"").shows("id=\"telephone-erreur\"");
    assert_eq!(named(&test, "Lefèvre").await, noe);
    let place = [
        ("nom", "MJC"),
        ("siret", "12345678901234"),
        ("commune", "Atlantide"),
        ("entree", "2024-05-01"),
        ("sortie", "2023-05-01"),
    ];
    let answer = coordinator.post("/espace/reseau/structures/nouvelle", &place).await.is(422);
    answer
        .shows("La clé de ce SIRET est fausse")
        .shows("liste officielle")
        .shows("La sortie ne peut pas précéder");
}

#[tokio::test]
async fn two_people_saving_one_sheet_see_both_texts() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let noe = named(&test, "Lefèvre").await;
    let edit = |title: &'static str| {
        [("prenom", "Noé"), ("nom", "Lefèvre"), ("fonction", title), ("jeunes", "1"), ("version", "1")]
    };
    let url = format!("{}/modifier", noe.url());
    coordinator.post(&url, &edit("éducateur")).await.is(303);
    let conflict = coordinator.post(&url, &edit("animateur")).await.is(409);
    conflict
        .shows("Enregistré entre-temps : <q>éducateur</q>")
        .shows("value=\"animateur\"")
        .shows("name=\"version\" value=\"2\"");
    assert_eq!(named(&test, "Lefèvre").await.job_title.as_deref(), Some("éducateur"));
}

#[tokio::test]
async fn a_post_has_one_holder_at_a_time() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let zoe = named(&test, "Perrin").await;
    let structures: Vec<Structure> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    let crest = structures.iter().find(|s| s.name == "MJC de Crest").unwrap();
    let (person, structure) = (zoe.id.to_string(), crest.id.to_string());
    let form = [
        ("personne", person.as_str()),
        ("structure", structure.as_str()),
        ("rang", "1"),
        ("debut", "2025-01-01"),
        ("charte", "to_send"),
    ];
    let refused = coordinator.post(&format!("{}/postes/nouveau", crest.url()), &form).await.is(422);
    refused.shows("a déjà un titulaire");
    let next: Vec<(&str, &str)> =
        form.iter().map(|(n, v)| if *n == "rang" { (*n, "2") } else { (*n, *v) }).collect();
    coordinator.post(&format!("{}/postes/nouveau", crest.url()), &next).await.is(303);
    coordinator.get(&crest.url()).await.ok().shows("Poste n°\u{a0}2").shows("Zoé Perrin");
}

#[tokio::test]
async fn a_known_person_is_not_entered_twice_unawares() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let form = [("prenom", "Noe"), ("nom", "LEFEVRE"), ("jeunes", "1")];
    coordinator.post("/espace/reseau/promeneurs/nouveau", &form).await.is(422).shows("Déjà dans l’annuaire");
    let sure = [form.as_slice(), &[("distinct", "1")]].concat();
    coordinator.post("/espace/reseau/promeneurs/nouveau", &sure).await.is(303);
    assert_eq!(people(&test).await.len(), 3);
}

#[tokio::test]
async fn a_merge_keeps_both_histories_and_can_be_undone() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let csv = "Nom;Prénom;Structure;Fonction\nLefèvre;Noé;Centre social de Livron;animateur\n";
    let mut choices = Choices::default();
    choices.same.insert("CSV:2".to_owned(), false);
    let sheets = imports::open(csv.as_bytes()).unwrap();
    let actor = kit::Actor::program(test.network.id, "Essai", test.app.now());
    let mut tx = test.app.db.write().await.unwrap();
    let import = imports::add(&mut tx, &actor, "b.csv", String::new(), "done").await.unwrap();
    imports::run(&mut tx, &actor, &test.network, &sheets, &choices, Some(import.id), &|_, _, _| {})
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let twins: Vec<Person> = people(&test).await.into_iter().filter(|p| p.last_name == "Lefèvre").collect();
    if let [one, other] = twins.as_slice() {
        coordinator.get("/espace/reseau/doublons").await.ok().shows("même nom");
        let (kept, lost) = if one.email.is_some() { (one, other) } else { (other, one) };
        let (garder, autre) = (kept.id.to_string(), lost.id.to_string());
        let form = [
            ("genre", "person"),
            ("garder", garder.as_str()),
            ("autre", autre.as_str()),
            ("action", "fusionner"),
        ];
        coordinator.post("/espace/reseau/doublons", &form).await.is(303);
        coordinator
            .get(&kept.url())
            .await
            .ok()
            .shows("Centre social de Livron")
            .shows("MJC de Crest")
            .shows("animateur");
        coordinator.get(&lost.url()).await.is(404);
        let page = coordinator.get("/espace/reseau/doublons").await.ok();
        let merge =
            page.body.split("/espace/reseau/fusions/").nth(1).and_then(|t| t.split('/').next()).unwrap();
        coordinator.post(&format!("/espace/reseau/fusions/{merge}/annuler"), &[]).await.is(303);
        coordinator.get(&kept.url()).await.ok().hides("Centre social de Livron");
        coordinator.get(&lost.url()).await.ok().shows("Centre social de Livron");
    } else {
        panic!("two sheets were expected: {twins:?}");
    }
}

#[tokio::test]
async fn lists_keep_their_state_in_the_address_and_export_without_formulas() {
    let test = TestApp::start(crate::parts()).await;
    let csv = "Nom;Prénom;Fonction;Structure\n=1+1;Lou;@animatrice;MJC\nBlanc;Ève;éducatrice;Foyer\n";
    imports::at_once(&test.app, &test.network, "a.csv", csv.as_bytes(), &Choices::default(), false)
        .await
        .unwrap();
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let list = coordinator
        .get("/espace/reseau/promeneurs?tri=-nom&situation=incomplete&colonnes=fonction")
        .await
        .ok();
    list.shows("aria-sort=\"descending\"").shows("Retirer le filtre").shows("éducatrice");
    let csv = coordinator.get("/espace/reseau/promeneurs?format=csv&colonnes=fonction").await.ok();
    csv.shows("\u{feff}Nom;Prénom;Fonction").shows("'@animatrice").shows("Blanc;Ève;éducatrice");
    let xlsx = coordinator.get("/espace/reseau/promeneurs?format=xlsx").await.ok();
    let sheets = documents::workbook::read(&xlsx.bytes).unwrap();
    assert_eq!(sheets[0].rows.len(), 3);
}

#[tokio::test]
async fn the_trash_gives_back_for_thirty_days() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let noe = named(&test, "Lefèvre").await;
    coordinator.post(&format!("{}/corbeille", noe.url()), &[]).await.is(422).shows("occupe encore un poste");
    let mut tx = test.app.db.write().await.unwrap();
    let end = sql!("update mandate set ended_on = '2025-01-01' where network_id = $1 and person_id = $2");
    tx.run(end, args![test.network.id, noe.id]).await.unwrap();
    tx.commit().await.unwrap();
    coordinator.post(&format!("{}/corbeille", noe.url()), &[]).await.is(303);
    coordinator.get(&noe.url()).await.is(404);
    coordinator.get("/espace/reseau/corbeille").await.ok().shows("Noé Lefèvre");
    coordinator.post(&format!("/espace/reseau/corbeille/promeneur/{}", noe.id), &[]).await.is(303);
    coordinator.get(&noe.url()).await.ok();
    coordinator.post(&format!("{}/corbeille", noe.url()), &[]).await.is(303);
    test.app.clock.advance_minutes(31 * 24 * 60);
    let mut tx = test.app.db.write().await.unwrap();
    kit::jobs::add(&mut tx, test.network.id, test.app.now(), &super::trash::EmptyTrash {}).await.unwrap();
    tx.commit().await.unwrap();
    test.run_jobs().await;
    assert!(people(&test).await.iter().all(|p| p.id != noe.id), "erased for good");
    let mandates: Vec<Mandate> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    assert_eq!(mandates.len(), 2, "the history of posts stays");
}

#[tokio::test]
async fn office_hours_are_read_as_people_write_them_and_show_who_is_online() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let noe = named(&test, "Lefèvre").await;
    let url = format!("{}/permanences", noe.url());
    coordinator.post(&url, &[("horaires", "quand je peux")]).await.is(422).shows("pas compris");
    // The test's clock stands at ten in the morning of a Monday.
    coordinator
        .post(&url, &[("horaires", "lundi 9h30-11h\njeudi 17h/19h"), ("periode", "all")])
        .await
        .is(303);
    coordinator.post(&format!("{}/publier", noe.url()), &[]).await.is(303);
    let public = test.stranger();
    public.get("/promeneurs?en-ligne=1").await.ok().shows("Noé Lefèvre").shows("jusqu’à 11\u{a0}h");
    test.app.clock.advance_minutes(61);
    public.get("/promeneurs?en-ligne=1").await.ok().hides("Noé Lefèvre");
    public.get("/promeneurs/noe-lefevre").await.ok().shows("jeudi 17\u{a0}h – 19\u{a0}h");
    test.app.clock.advance_minutes(7 * 24 * 60 - 61);
    public.get("/promeneurs?en-ligne=1").await.ok().shows("Noé Lefèvre");
    let away = [("horaires", "lundi 9h30-11h"), ("absences", "30/11/2026"), ("periode", "all")];
    coordinator.post(&url, &[("horaires", "lundi 9h30-11h"), ("absences", "bientôt")]).await.is(422);
    coordinator.post(&url, &away).await.is(303);
    public.get("/promeneurs?en-ligne=1").await.ok().hides("Noé Lefèvre");
}

#[tokio::test]
async fn hostile_addresses_get_a_clear_answer() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let long = "a".repeat(10_000);
    for path in [
        format!("/promeneurs?q={long}"),
        "/promeneurs?commune=%00%ff&theme='%20or%201=1--&apres=~~~".to_owned(),
        "/promeneurs?q=%22%20OR%20*%20NEAR(".to_owned(),
        format!("/espace/recherche?q={long}"),
        "/espace/recherche?q=*%22%5E%3A".to_owned(),
        "/espace/reseau/promeneurs?tri=-rien&apres=%F0%9F%98%80~x&situation=%27".to_owned(),
    ] {
        coordinator.get(&path).await.ok();
    }
    for path in ["/promeneurs/..%2F..%2Fetc%2Fpasswd", "/structures/%F0%9F%98%80", "/assets/x/..%2Fmod.rs"] {
        coordinator.get(path).await.is(404);
    }
    for path in ["/espace/reseau/promeneurs/pas-un-id", "/espace/reseau/imports/1"] {
        let status = coordinator.get(path).await.status.as_u16();
        assert!(status == 404 || status == 400, "{path}: {status}");
    }
}

#[tokio::test]
async fn a_request_from_another_site_changes_nothing() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let noe = named(&test, "Lefèvre").await;
    let url = format!("{}/publier", noe.url());
    coordinator.post_with(&url, &[], "origin", "https://ailleurs.example").await.is(403);
    coordinator.post_with(&url, &[], "sec-fetch-site", "cross-site").await.is(403);
    assert!(named(&test, "Lefèvre").await.published_at.is_none());
    coordinator.post_with(&url, &[], "origin", "http://drome.test").await.is(303);
}

#[tokio::test]
async fn history_says_who_changed_what_and_cannot_be_rewritten_by_an_import() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let noe = named(&test, "Lefèvre").await;
    let form =
        [("prenom", "Noé"), ("nom", "Lefèvre"), ("fonction", "éducateur"), ("jeunes", "1"), ("version", "1")];
    coordinator.post(&format!("{}/modifier", noe.url()), &form).await.is(303);
    let page = coordinator.get(&noe.url()).await.ok();
    page.shows("Fiche modifiée")
        .shows("<dt>Fonction</dt><dd><ins>éducateur</ins>")
        .shows("Import en ligne de commande");
    let mut tx = test.app.db.read().await.unwrap();
    let lines = kit::trail::of_subject(&mut tx, test.network.id, "person", noe.id, None, 50);
    assert!(lines.await.unwrap().iter().all(|line| line.at > Timestamp(0)));
}

#[tokio::test]
async fn a_list_narrowed_and_sorted_holds_the_same_people_in_every_order() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let lines: String = (0..70)
        .map(|n| {
            let place = ["Crest", "Die", "Nyons"][n % 3];
            let charter = if n % 2 == 0 { "X" } else { "" };
            format!("Nom{n:02};Prénom;MJC de {place};{place};{charter};{:02}/03/2024\n", n % 28 + 1)
        })
        .collect();
    let text = format!("Nom;Prénom;Structure;Commune;Charte signée;Date entrée\n{lines}");
    let bytes = text.as_bytes();
    let done = imports::at_once(&test.app, &test.network, "a.csv", bytes, &Choices::default(), false).await;
    assert_eq!(done.unwrap().people.created, 70);
    let names = async |address: &str| -> Vec<String> {
        let body = coordinator.get(address).await.ok().body;
        body.split("data-row-link>").skip(1).map(|t| t.split('<').next().unwrap().to_owned()).collect()
    };
    let by_name = names("/espace/reseau/promeneurs?commune=26108&charte=signed").await;
    assert!(by_name.len() > 8, "{by_name:?}");
    assert!(by_name.is_sorted());
    for sort in ["structure", "commune", "entree", "modifie", "-nom", "-entree"] {
        let mut other =
            names(&format!("/espace/reseau/promeneurs?commune=26108&charte=signed&tri={sort}")).await;
        other.sort();
        assert_eq!(other, by_name, "{sort}");
    }
    let page = coordinator.get("/espace/reseau/promeneurs?commune=26108&charte=signed").await;
    page.shows(&format!("{} promeneurs", by_name.len()));
}

#[tokio::test]
async fn exchanges_with_a_partner_are_noted_and_seen_by_the_coordination_alone() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let partner = coordinator.post("/espace/reseau/partenaires/nouveau", &[("nom", "Caf de la Drôme")]).await;
    let url = partner.goes_to();
    let note = format!("{url}/echanges");
    let said = |text: &'static str, day: &'static str| [("jour", day), ("moyen", "call"), ("resume", text)];
    coordinator.post(&note, &said("", "2026-11-20")).await.is(422).shows("Dites en une phrase");
    coordinator.post(&note, &said("À venir", "2027-01-01")).await.is(422).shows("dans l’agenda");
    let named = coordinator.post(&note, &said("Situation de Léa Martin, 15 ans", "2026-11-20")).await.is(422);
    named.shows("un prénom suivi d’un âge").shows("name=\"resume-confirme\"").shows("Situation de Léa");
    coordinator.post(&note, &said("Point sur la convention", "2026-11-20")).await.is(303);
    let page =
        coordinator.get(&url).await.ok().shows("20\u{a0}novembre 2026").shows("Point sur la convention");
    let caf = test.someone(Role::Caf, None, None).await;
    caf.get(&url).await.ok().hides("Point sur la convention");
    let remove =
        page.body.split("action=\"").find(|t| t.contains("/retirer")).unwrap().split('"').next().unwrap();
    coordinator.post(remove, &[]).await.is(303);
    coordinator.get(&url).await.ok().hides("Retirer<span");
}

#[tokio::test]
async fn cards_and_the_national_file_say_what_the_directory_knows() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let noe = named(&test, "Lefèvre").await;
    let card = coordinator.get(&format!("{}/carte.vcf", noe.url())).await.ok();
    assert!(card.header("content-type").starts_with("text/vcard"));
    assert!(card.body.contains("FN:Noé Lefèvre\r\n") && card.body.contains("ORG:"), "{}", card.body);
    let all = coordinator.get("/espace/reseau/promeneurs?format=vcf").await.ok().body;
    assert_eq!(all.matches("BEGIN:VCARD").count(), 2, "{all}");
    let structures: Vec<Structure> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    let crest = structures.iter().find(|s| s.name == "MJC de Crest").unwrap();
    let mut tx = test.app.db.write().await.unwrap();
    let actor = kit::Actor::program(test.network.id, "Essai", test.app.now());
    let after = Structure {
        siret: Some("77566202200015".to_owned()),
        address: Some("3 rue du Pré".to_owned()),
        postcode: Some("26400".to_owned()),
        phone: Some("+33475000000".to_owned()),
        status: "active".to_owned(),
        published_at: Some(actor.now),
        ..crest.clone()
    };
    structure::change(&mut tx, &actor, crest, after, "structure.changed", None).await.unwrap();
    tx.commit().await.unwrap();
    let file = coordinator.get("/espace/reseau/structures?format=mediation").await.ok();
    let name = "2026-11-23_00000000000000_lieux-de-mediation-numerique_drome.csv";
    assert!(file.header("content-disposition").contains(name), "{}", file.header("content-disposition"));
    let lines: Vec<&str> = file.body.lines().collect();
    assert_eq!(lines.len(), 2, "{}", file.body);
    assert!(lines[0].starts_with("id,pivot,nom,commune,code_postal,code_insee,adresse"));
    for said in
        ["77566202200015,MJC de Crest,Crest,26400,26108,3 rue du Pré", "+33475000000", "Promeneurs du net"]
    {
        assert!(lines[1].contains(said), "{said}: {}", lines[1]);
    }
}

#[tokio::test]
async fn lists_walk_an_index_however_they_are_sorted_and_narrowed() {
    let test = TestApp::start(crate::parts()).await;
    town(&test).await;
    test.app.db.analyze().await.unwrap();
    for sql in kit::db::statements()
        .filter(|sql| sql.file.ends_with("db/facets.rs") && sql.text.contains("order by"))
    {
        let mut values = args![test.network.id, "person", ""];
        values.extend((0..12).map(|_| kit::db::Arg::Text(None)));
        values.extend(args![1001, "", "", 51]);
        if sql.text.contains("join facet s") {
            values.extend(args!["person.by_start"]);
        }
        let plan = test.app.db.explain(sql.text, values).await.unwrap();
        let whole_scan = plan.contains("SCAN f") && !plan.contains("INDEX");
        // What is gathered from a rare facet is sorted; what is walked stands in order.
        let sorts = plan.contains("TEMP B-TREE") && !sql.text.contains("join facet s");
        assert!(!whole_scan && !sorts, "{sql}:\n{plan}");
    }
    assert!(Id::first() < Id::new(Timestamp(1)));
}

#[tokio::test]
async fn a_photo_is_kept_with_its_consent_and_shown_only_when_opted() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = town(&test).await;
    let noe = named(&test, "Lefèvre").await;
    let url = format!("{}/photo", noe.url());
    // A white pixel.
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\r\xefF\xb8\0\0\0\0IEND\xaeB`\x82";
    coordinator.upload(&url, "a.png", png, &[]).await.is(422).shows("accord");
    coordinator
        .upload(&url, "a.svg", b"<svg><script/></svg>", &[("consentement", "2026-01-05")])
        .await
        .is(422);
    assert!(named(&test, "Lefèvre").await.photo.is_none());
    coordinator.upload(&url, "a.png", png, &[("consentement", "2026-01-05")]).await.is(303);
    coordinator.get(&url).await.ok();
    coordinator.post(&format!("{}/publier", noe.url()), &[]).await.is(303);
    test.stranger().get("/promeneurs/noe-lefevre/photo").await.is(404);
    let version = named(&test, "Lefèvre").await.version.to_string();
    let form = [
        ("prenom", "Noé"),
        ("nom", "Lefèvre"),
        ("jeunes", "1"),
        ("visible", "photo"),
        ("version", version.as_str()),
    ];
    coordinator.post(&format!("{}/modifier", noe.url()), &form).await.is(303);
    let photo = test.stranger().get("/promeneurs/noe-lefevre/photo").await.ok();
    assert!(photo.bytes.starts_with(b"\xff\xd8"));
    test.stranger().get("/promeneurs/noe-lefevre").await.ok().shows("/promeneurs/noe-lefevre/photo");
}
