//! Scenarios of the open data and of the widget, asked as a program or a town hall's page asks.

use kit::Role;
use kit::testing::{Answer, TestApp};
use serde_json::Value;

use super::limit::MOST_PER_MINUTE;
use crate::features::directory::imports::{self, Choices};
use crate::features::directory::person::{self, Person};

const CSV: &str = "Nom;Prénom;Structure;Ville;Public;Thèmes;Présentation;Tél;Mail;Instagram\n\
    Lefèvre;Noé;MJC de Crest;Crest;jeunes;Santé;Bonjour !;06 12 34 56 78;noe@mjc.example;noe_pdn26\n\
    Perrin;Zoé;MJC de Die;Die;parents;Logement;;06 98 76 54 32;zoe@mjc.example;\n";

async fn open(test: &TestApp) {
    imports::at_once(&test.app, &test.network, "a.csv", CSV.as_bytes(), &Choices::default(), false)
        .await
        .unwrap();
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    for list in ["promeneurs", "structures"] {
        for link in links(&coordinator.get(&format!("/espace/reseau/{list}")).await.ok().body, list) {
            coordinator.post(&format!("/espace/reseau/{link}/publier"), &[]).await.is(303);
        }
    }
}

fn links(page: &str, list: &str) -> Vec<String> {
    let found = page.split("href=\"/espace/reseau/").skip(1).filter_map(|t| t.split('"').next());
    found.filter(|l| l.starts_with(&format!("{list}/0"))).map(str::to_owned).collect()
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|e| panic!("{e}: {}", answer.body))
}

async fn names(test: &TestApp, path: &str) -> Vec<String> {
    let answer = read(&test.stranger().get(path).await.ok());
    let elements = answer["elements"].as_array().unwrap().iter();
    elements.map(|element| element["nom"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_program_reads_lists_and_sheets_of_what_is_published_and_knows_them_again() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let public = test.stranger();
    assert_eq!(names(&test, "/api/v1/promeneurs").await, ["Noé Lefèvre", "Zoé Perrin"]);
    assert_eq!(names(&test, "/api/v1/promeneurs?public=parents").await, ["Zoé Perrin"]);
    assert_eq!(names(&test, "/api/v1/promeneurs?theme=health").await, ["Noé Lefèvre"]);
    assert_eq!(names(&test, "/api/v1/promeneurs?reseau=instagram").await, ["Noé Lefèvre"]);
    assert_eq!(names(&test, "/api/v1/promeneurs?commune=26108").await, ["Noé Lefèvre"]);
    assert_eq!(names(&test, "/api/v1/promeneurs?commune=die").await, ["Zoé Perrin"]);
    assert_eq!(names(&test, "/api/v1/promeneurs?q=lefevre").await, ["Noé Lefèvre"]);
    assert!(names(&test, "/api/v1/promeneurs?en-ligne=1").await.is_empty());
    assert_eq!(names(&test, "/api/v1/structures?commune=Crest").await, ["MJC de Crest"]);
    let sheet = public.get("/api/v1/promeneurs/noe-lefevre").await.ok();
    assert_eq!(sheet.header("access-control-allow-origin"), "*");
    assert_eq!(sheet.header("content-type"), "application/json");
    assert_eq!(read(&sheet)["reseaux"][0]["pseudo"], "noe_pdn26");
    let tag = sheet.header("etag").to_owned();
    public.get_with("/api/v1/promeneurs/noe-lefevre", "if-none-match", &tag).await.is(304);
    let structure = read(&public.get("/api/v1/structures/mjc-de-crest").await.ok());
    assert_eq!(structure["promeneurs"][0]["nom"], "Noé Lefèvre");
    let events = read(&public.get("/api/v1/evenements").await.ok());
    assert_eq!((&events["total"], &events["suivant"]), (&Value::from(0), &Value::Null));
    public
        .get("/api/v1/lieux-de-mediation-numerique.csv")
        .await
        .ok()
        .shows("dispositif_programmes_nationaux");
}

#[tokio::test]
async fn nothing_leaves_that_was_not_opted_in() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let public = test.stranger();
    let secrets = ["0612345678", "+33612345678", "noe@mjc.example", "noe (arobase) mjc.example"];
    for path in ["/api/v1/promeneurs", "/api/v1/promeneurs/noe-lefevre", "/api/v1/structures/mjc-de-crest"] {
        let answer = public.get(path).await.ok();
        for secret in secrets {
            assert!(!answer.body.contains(secret), "{path} tells {secret}");
        }
    }
    // Neither by searching for what is not shown: not on the site, nor in the widget.
    assert!(names(&test, "/api/v1/promeneurs?q=0612345678").await.is_empty());
    assert!(names(&test, "/api/v1/promeneurs?q=noe%40mjc.example").await.is_empty());
    public.get("/promeneurs?q=0612345678").await.ok().hides("Lefèvre");
    public.get("/widget/trouver?q=0612345678").await.ok().hides("Lefèvre");
    // What is opted in is there, as the page has it, and is found.
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let list = coordinator.get("/espace/reseau/promeneurs?q=lefevre").await.ok().body;
    let link = links(&list, "promeneurs").remove(0);
    let form = coordinator.get(&format!("/espace/reseau/{link}/modifier")).await.ok().body;
    let version = form.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = [
        ("version", version),
        ("prenom", "Noé"),
        ("nom", "Lefèvre"),
        ("telephone", "06 12 34 56 78"),
        ("courriel", "noe@mjc.example"),
        ("jeunes", "1"),
        ("visible", "phone"),
        ("visible", "email"),
    ];
    coordinator.post(&format!("/espace/reseau/{link}/modifier"), &fields).await.is(303);
    let sheet = read(&public.get("/api/v1/promeneurs/noe-lefevre").await.ok());
    assert_eq!(sheet["telephone"], "+33612345678");
    assert_eq!(sheet["courriel"], "noe (arobase) mjc.example");
    assert_eq!(sheet["presentation"], Value::Null);
    assert_eq!(names(&test, "/api/v1/promeneurs?q=0612345678").await, ["Noé Lefèvre"]);
    // Taken off: gone at once, and 410.
    coordinator.post(&format!("/espace/reseau/{link}/depublier"), &[]).await.is(303);
    let gone = public.get("/api/v1/promeneurs/noe-lefevre").await.is(410);
    assert_eq!(gone.header("content-type"), "application/problem+json");
    assert_eq!(read(&gone)["status"], 410);
    assert_eq!(names(&test, "/api/v1/promeneurs").await, ["Zoé Perrin"]);
    public.get("/widget/trouver").await.ok().hides("Lefèvre");
}

/// Every choice of what to show, one after the other: each field is told if, and only if, it was opted in.
#[tokio::test]
async fn whatever_is_chosen_to_be_shown_nothing_else_is() {
    let test = TestApp::start(crate::parts()).await;
    let csv = "Nom;Prénom;Structure;Ville;Thèmes;Présentation;Fonction;Tél;Mail;Permanences\n\
        Lefèvre;Noé;MJC de Crest;Crest;Santé;Texte-à-part;Fonction-à-part;06 12 34 56 78;noe@mjc.example;mardi 17h-19h\n";
    imports::at_once(&test.app, &test.network, "a.csv", csv.as_bytes(), &Choices::default(), false)
        .await
        .unwrap();
    let people: Vec<Person> = test.app.db.read().await.unwrap().all_of(test.network.id).await.unwrap();
    let actor = kit::Actor::program(test.network.id, "Essai", test.app.now());
    let mut tx = test.app.db.write().await.unwrap();
    let mut known = person::publish(&mut tx, &actor, people[0].id).await.unwrap();
    tx.commit().await.unwrap();
    let told = [
        ("job_title", "fonction", "Fonction-à-part"),
        ("presentation", "presentation", "Texte-à-part"),
        ("themes", "themes", "\"themes\":[\""),
        ("office_hours", "permanences", "mardi"),
        ("email", "courriel", "(arobase) mjc.example"),
        ("phone", "telephone", "+33612345678"),
    ];
    for choice in 0..1 << told.len() {
        let shown: Vec<&str> = told
            .iter()
            .enumerate()
            .filter(|(at, _)| choice >> at & 1 == 1)
            .map(|(_, field)| field.0)
            .collect();
        let mut tx = test.app.db.write().await.unwrap();
        let mut after = known.clone();
        after.visible = shown.join(",");
        known = person::change(&mut tx, &actor, &known, after, "person.changed", None).await.unwrap();
        tx.commit().await.unwrap();
        let sheet = test.stranger().get(&format!("/api/v1/promeneurs/{}", known.slug)).await.ok();
        let list = test.stranger().get("/api/v1/promeneurs").await.ok();
        for (field, name, value) in told {
            assert_eq!(
                sheet.body.contains(value),
                shown.contains(&field),
                "{shown:?}: {name} in {}",
                sheet.body
            );
            // A list tells none of them, but for when someone is next online.
            assert!(
                field == "office_hours" || !list.body.contains(value),
                "{shown:?}: {name} in {}",
                list.body
            );
        }
        assert_eq!(
            read(&list)["elements"][0]["prochaine_permanence"].is_string(),
            shown.contains(&"office_hours")
        );
    }
}

#[tokio::test]
async fn a_list_is_walked_to_its_end_without_loss() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let public = test.stranger();
    for query in ["", "&q=mjc"] {
        let mut path = format!("/api/v1/promeneurs?limite=1{query}");
        let mut met = Vec::new();
        loop {
            let answer = public.get(&path).await.ok();
            let page = read(&answer);
            met.push(page["elements"][0]["slug"].as_str().unwrap().to_owned());
            let Some(next) = page["suivant"].as_str() else {
                assert_eq!(answer.header("link"), "");
                break;
            };
            assert_eq!(answer.header("link"), format!("<{next}>; rel=\"next\""));
            path = next.trim_start_matches("http://drome.test").to_owned();
        }
        met.sort();
        assert_eq!(met, ["noe-lefevre", "zoe-perrin"], "{query}");
    }
}

#[tokio::test]
async fn bad_questions_are_refused_in_french_and_never_as_a_page() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let public = test.stranger();
    let long = "a".repeat(10_000);
    for (path, status) in [
        ("/api/v1/promeneurs?limite=-1".to_owned(), 422),
        ("/api/v1/promeneurs?limite=101".to_owned(), 422),
        (format!("/api/v1/promeneurs?q={long}"), 422),
        ("/api/v1/promeneurs?q=%00".to_owned(), 422),
        ("/api/v1/promeneurs?theme=inconnu".to_owned(), 422),
        ("/api/v1/promeneurs?apres=nulle-part".to_owned(), 422),
        ("/api/v1/promeneurs?commune=Ouagadougou".to_owned(), 404),
        ("/api/v1/structures?commune=Ouagadougou".to_owned(), 404),
        ("/api/v1/structures?type=inconnu".to_owned(), 422),
        ("/api/v1/promeneurs/..%2f..%2fetc".to_owned(), 404),
        ("/api/v1/promeneurs/%00".to_owned(), 404),
        ("/api/v1/structures/%FF".to_owned(), 404),
        ("/api/v1/promeneurs/personne".to_owned(), 404),
        ("/api/v1/nulle-part".to_owned(), 404),
    ] {
        let answer = public.get(&path).await;
        let shown = &path[..path.len().min(60)];
        assert_eq!(answer.status.as_u16(), status, "{shown}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{shown}");
        assert_eq!(read(&answer)["status"], status, "{shown}");
    }
    let wrong = read(&public.get("/api/v1/promeneurs?limite=0&public=tous").await.is(422));
    let named: Vec<&str> =
        wrong["erreurs"].as_array().unwrap().iter().map(|e| e["parametre"].as_str().unwrap()).collect();
    assert_eq!(named, ["public", "limite"]);
    let refused = public.post("/api/v1/promeneurs", &[]).await.is(405);
    assert_eq!(refused.header("allow"), "GET");
    assert_eq!(refused.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn what_no_text_can_hold_is_no_fault_of_the_program() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let public = test.stranger();
    for path in ["/promeneurs/%00", "/structures/%00", "/verifier/%00", "/promeneurs/noe-lefevre%00/photo"] {
        public.get(path).await.is(404);
    }
    for path in [
        "/promeneurs?theme=%00",
        "/promeneurs?apres=%00~x",
        "/structures?type=%00&q=%00",
        "/verifier?nom=%00",
    ] {
        public.get(path).await.ok();
    }
}

#[tokio::test]
async fn who_asks_too_much_waits_a_minute() {
    let test = TestApp::start(crate::parts()).await;
    let public = test.stranger();
    for _ in 0..MOST_PER_MINUTE {
        public.get("/api/v1/evenements").await.ok();
    }
    let answer = public.get("/api/v1/evenements").await.is(429);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    public.get("/promeneurs").await.ok();
    test.app.clock.advance_minutes(1);
    public.get("/api/v1/evenements").await.ok();
}

#[tokio::test]
async fn the_document_describes_every_address_and_its_examples_are_true() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let document = read(&test.stranger().get("/api/openapi.json").await.ok());
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let described = document["paths"].as_object().unwrap();
    for (_, path) in (crate::parts().routes)().list() {
        if path.starts_with("/api/v1/") && !path.ends_with(".csv") {
            assert!(described.contains_key(*path), "{path} is not described");
        }
    }
    // Fields of the answers are those of the document.
    let schema = |name: &str| {
        let fields = document["components"]["schemas"][name]["properties"].as_object().unwrap();
        fields.keys().cloned().collect::<Vec<_>>()
    };
    for (path, name, at) in [
        ("/api/v1/promeneurs", "PromeneurListe", "/elements/0"),
        ("/api/v1/promeneurs/noe-lefevre", "Promeneur", ""),
        ("/api/v1/structures", "StructureListe", "/elements/0"),
        ("/api/v1/structures/mjc-de-crest", "Structure", ""),
    ] {
        let answer = read(&test.stranger().get(path).await.ok());
        let mut fields: Vec<String> =
            answer.pointer(at).unwrap().as_object().unwrap().keys().cloned().collect();
        fields.sort();
        assert_eq!(fields, schema(name), "{path}");
    }
}

#[tokio::test]
async fn the_widget_stands_in_any_frame_and_nothing_else_does() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let public = test.stranger();
    let widget =
        public.get("/widget/trouver?public=parents").await.ok().shows("Zoé Perrin").hides("Noé Lefèvre");
    assert!(widget.header("content-security-policy").contains("frame-ancestors *"));
    assert_eq!(widget.header("x-frame-options"), "");
    assert!(!widget.body.contains("<script"), "the widget has no script");
    assert!(widget.body.contains("name=\"public\" value=\"parents\""), "the choice of the site stays");
    let links = widget.body.matches("target=\"_blank\" rel=\"noopener\"").count();
    assert_eq!(links, 2, "{}", widget.body);
    let near = public.get("/widget/trouver?commune=Aouste-sur-Sye").await.ok();
    near.shows("le plus près").shows("Instagram");
    public.get("/widget/trouver?commune=Nulle-Part-sur-Rien").await.ok().shows("Aucune commune");
    for path in ["/widget/trouver?q=%00", "/widget/trouver?theme=%00x&apres=%FF"] {
        public.get(path).await.ok();
    }
    for path in ["/", "/promeneurs", "/api", "/connexion"] {
        let page = public.get(path).await.ok();
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
    }
    public.get("/api").await.ok().shows("iframe src=").shows("http://drome.test/widget/trouver");
}

#[tokio::test]
async fn each_network_gives_its_own() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let mut tx = test.app.db.write().await.unwrap();
    let settings = kit::network::Settings::default();
    kit::network::create(&mut tx, test.app.now(), "07", "Ardèche", Some("ardeche.test"), &settings)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let there = test.stranger().at("ardeche.test");
    assert_eq!(read(&there.get("/api/v1/promeneurs").await.ok())["total"], 0);
    there.get("/api/v1/promeneurs/noe-lefevre").await.is(404);
    there.get("/api/v1/structures/mjc-de-crest").await.is(404);
    there.get("/widget/trouver").await.ok().hides("Lefèvre");
}

#[tokio::test]
async fn a_program_reads_what_is_published_with_whole_addresses_and_nothing_else() {
    const NEW: &str = "/espace/communication/site/nouveau?genre=";
    const LIST: &str = "/api/v1/publications";
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let public = test.stranger();
    let write = async |kind: &str, title: &str, body: &str, action: &str| {
        let fields =
            [("genre", kind), ("titre", title), ("resume", "En bref"), ("corps", body), ("action", action)];
        coordinator.post(&format!("{NEW}{kind}"), &fields).await.goes_to()
    };
    assert_eq!(read(&public.get(LIST).await.ok())["total"], 0);
    let body = "<p onclick=\"x()\">Voir <a href=\"/contact\">nous écrire</a>.</p><script>x()</script>";
    let editor = write("actualite", "Atelier", body, "publier").await;
    test.app.clock.advance_minutes(1);
    write("page", "Atelier", "Une page.", "publier").await;
    write("actualite", "À venir", "Plus tard.", "enregistrer").await;

    let titles = async |query: &str| -> Vec<(String, String)> {
        let answer = read(&public.get(&format!("{LIST}{query}")).await.ok());
        let said = |element: &Value, name: &str| element[name].as_str().unwrap().to_owned();
        let elements = answer["elements"].as_array().unwrap().iter();
        elements.map(|element| (said(element, "genre"), said(element, "titre"))).collect()
    };
    let (news, page) =
        (("actualite".to_owned(), "Atelier".to_owned()), ("page".to_owned(), "Atelier".to_owned()));
    assert_eq!(titles("").await, [page.clone(), news.clone()], "the latest first, no draft");
    assert_eq!(titles("?genre=page").await, [page]);
    let first = read(&public.get(&format!("{LIST}?limite=1")).await.ok());
    let next = first["suivant"].as_str().unwrap().split("/publications").nth(1).unwrap();
    assert_eq!(titles(next).await, [news]);

    let one = read(&public.get(&format!("{LIST}/atelier")).await.ok());
    assert_eq!(one["genre"], "actualite", "news before pages, unless one is asked for");
    assert_eq!(
        one["corps"],
        "<p>Voir <a href=\"http://drome.test/contact\" rel=\"noopener noreferrer\">nous écrire</a>.</p>"
    );
    assert_eq!((&one["resume"], &one["image"]), (&"En bref".into(), &Value::Null));
    assert_eq!(one["page"], "http://drome.test/actualites/atelier");
    assert_eq!(
        read(&public.get(&format!("{LIST}/atelier?genre=page")).await.ok())["corps"],
        "<p>Une page.</p>"
    );
    for (address, status) in
        [("/a-venir", 404), ("/inconnue", 404), ("?genre=autre", 422), ("/atelier?genre=x", 422)]
    {
        let answer = public.get(&format!("{LIST}{address}")).await.is(status);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{address}");
    }
    coordinator.post(&editor.replace("modifier", "retirer"), &[]).await.is(303);
    public.get(&format!("{LIST}/atelier?genre=actualite")).await.is(410);
    public.get(&format!("{LIST}/atelier")).await.ok().shows("Une page.");
    let document = read(&public.get("/api/openapi.json").await.ok());
    assert!(document["paths"]["/api/v1/publications/{slug}"]["get"]["responses"]["410"].is_object());
}
