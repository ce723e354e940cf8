//! Scenarios of the public site.

use kit::Role;
use kit::testing::TestApp;

use crate::features::directory::imports::{self, Choices};

async fn open(test: &TestApp) {
    let csv = "Nom;Prénom;Structure;Ville;Public;Thèmes;Présentation;Tél\n\
        Lefèvre;Noé;MJC de Crest;Crest;jeunes;Santé;Bonjour !;06 12 34 56 78\n\
        Perrin;Zoé;Foyer de Die;Die;parents;Logement;;\n";
    imports::at_once(&test.app, &test.network, "a.csv", csv.as_bytes(), &Choices::default(), false)
        .await
        .unwrap();
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    for (list, verb) in [("promeneurs", "publier"), ("structures", "publier")] {
        let page = coordinator.get(&format!("/espace/reseau/{list}")).await.ok();
        let links = page.body.split("href=\"/espace/reseau/").skip(1).filter_map(|t| t.split('"').next());
        for link in links.filter(|l| l.starts_with(&format!("{list}/0"))) {
            coordinator.post(&format!("/espace/reseau/{link}/{verb}"), &[]).await.is(303);
        }
    }
}

#[tokio::test]
async fn an_empty_site_is_still_a_site() {
    let test = TestApp::start(crate::parts()).await;
    let public = test.stranger();
    public.get("/").await.ok().shows("Promeneurs du Net de la Drôme").shows("3114");
    public.get("/promeneurs").await.ok().shows("Aucun Promeneur");
    public.get("/structures").await.ok().shows("Aucune structure");
    public.get("/carte").await.ok().shows("Aucune fiche publiée");
    public.get("/nulle-part").await.is(404).shows("Page introuvable");
}

#[tokio::test]
async fn the_site_narrows_by_theme_and_audience() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let public = test.stranger();
    public.get("/").await.ok().shows("Noé Lefèvre").shows("<b>2</b>");
    public.get("/promeneurs?theme=health").await.ok().shows("Noé Lefèvre").hides("Zoé Perrin");
    public.get("/promeneurs?public=parents").await.ok().shows("Zoé Perrin").hides("Noé Lefèvre");
    public.get("/structures").await.ok().shows("MJC de Crest").shows("Foyer de Die");
    let structure = public.get("/structures/mjc-de-crest").await.ok();
    structure.shows("Noé Lefèvre").hides("06\u{a0}").hides("+336");
    // Nobody is in Saillans; someone is in the same intercommunalité.
    public.get("/promeneurs?commune=Aouste-sur-Sye").await.ok().shows("le plus près").shows("Noé Lefèvre");
    public.get("/promeneurs?commune=saillan").await.ok();
}

#[tokio::test]
async fn pages_are_complete_small_and_known_again() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let public = test.stranger();
    for path in ["/", "/promeneurs", "/structures", "/carte", "/promeneurs/noe-lefevre"] {
        let page = public.get(path).await.ok();
        assert!(page.body.len() < 120_000, "{path}: {} bytes before compression", page.body.len());
        let tag = page.header("etag").to_owned();
        public.get_with(path, "if-none-match", &tag).await.is(304);
    }
    let home = public.get_with("/carte", "accept-encoding", "gzip").await.ok();
    assert!(home.bytes.len() < 25_000, "the map weighs {} bytes compressed", home.bytes.len());
}

#[tokio::test]
async fn a_sheet_taken_off_is_gone_at_once() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let list = coordinator.get("/espace/reseau/promeneurs?q=lefevre").await.ok();
    let id = list
        .body
        .split("href=\"/espace/reseau/promeneurs/0")
        .nth(1)
        .and_then(|t| t.split('"').next())
        .unwrap();
    coordinator.post(&format!("/espace/reseau/promeneurs/0{id}/depublier"), &[]).await.is(303);
    test.stranger().get("/promeneurs/noe-lefevre").await.is(410);
    test.stranger().get("/").await.ok().hides("Lefèvre");
}

#[tokio::test]
async fn every_page_of_the_plan_answers_and_stands_in_the_footer() {
    let test = TestApp::start(crate::parts()).await;
    let public = test.stranger();
    let plan = public.get("/plan-du-site").await.ok();
    let home = public.get("/").await.ok();
    let foot = home.body.split("site-foot").nth(1).unwrap();
    for (url, _) in super::sitemap::PAGES.iter().flat_map(|(_, pages)| pages.iter()) {
        let page = public.get(url).await.ok();
        assert_eq!(page.body.matches("<h1").count(), 1, "{url}");
        assert!(page.body.contains("id=\"urgences\""), "{url} leads nowhere from the emergency link");
        assert!(page.queries <= 8, "{url}: {}", page.queries);
        assert!(plan.body.contains(&format!("href=\"{url}\"")), "{url} is not in the plan");
        assert!(*url == "/" || foot.contains(&format!("href=\"{url}\"")), "{url} is not in the footer");
    }
}

#[tokio::test]
async fn the_network_presents_who_steers_it_and_counts_what_is_published() {
    let test = TestApp::start(crate::parts()).await;
    let public = test.stranger();
    public.get("/le-reseau").await.ok().shows("Leur liste paraîtra ici").hides("Le réseau en chiffres");
    open(&test).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let caf = [("nom", "Caf de la Drôme"), ("type", "sponsor")];
    coordinator.post("/espace/reseau/partenaires/nouveau", &caf).await.is(303);
    let shop = [("nom", "Imprimerie du Vercors"), ("type", "other")];
    coordinator.post("/espace/reseau/partenaires/nouveau", &shop).await.is(303);
    let settings = [
        ("organisme", "Ligue de l’enseignement"),
        ("courriel", "coordination@exemple.fr"),
        ("directeur", "Anne Morel"),
        ("hebergeur", "Hébergeur d’essai\n1 rue du Port, 26000 Valence"),
        ("couleur", "#1f6f5c"),
        ("fuseau", "Europe/Paris"),
    ];
    coordinator.post("/espace/reglages", &settings).await.is(303);
    let page = public.get("/le-reseau").await.ok().shows("Caf de la Drôme").hides("Imprimerie");
    let page =
        page.shows("<b>2</b> Promeneurs du Net").shows("<b>2</b> structures").shows("<b>2</b> communes");
    page.shows("23\u{a0}novembre 2026").shows("Ligue de l’enseignement").hides("coordination@exemple.fr");
    let legal = public.get("/mentions-legales").await.ok().shows("Anne Morel").shows("1 rue du Port");
    legal.shows("coordination (arobase) exemple.fr");
}

#[tokio::test]
async fn help_begins_with_emergencies_and_says_what_is_open_and_what_is_old() {
    let test = TestApp::start(crate::parts()).await;
    let page = test.stranger().get("/besoin-d-aide").await.ok();
    let at = |text: &str| page.body.find(text).unwrap_or_else(|| panic!("{text} is missing"));
    assert!(at("tel:112") < at("id=\"ouverts\"") && at("tel:119") < at("tel:3018"));
    assert!(at("id=\"ouverts\"") < at("tel:0800235236"), "Fil Santé Jeunes is open at ten");
    assert!(at("id=\"autres\"") < at("tel:0800231313"), "hours of 2010 open nothing");
    let page = page.shows("0\u{a0}800\u{a0}23\u{a0}13\u{a0}13").shows("À vérifier").shows("Source\u{a0}: ");
    page.hides("tel:3020").hides("0800200000");
    // Monday, 23:30: what closes at 23 h is closed.
    test.app.clock.advance_minutes(13 * 60 + 30);
    let night = test.stranger().get("/besoin-d-aide").await.ok();
    assert!(night.body.find("id=\"plus-tard\"").unwrap() < night.body.find("tel:0800235236").unwrap());
}

#[tokio::test]
async fn machines_find_the_pages_the_feeds_and_whom_to_warn() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let public = test.stranger();
    let sitemap = public.get("/sitemap.xml").await.ok().shows("<loc>http://drome.test/le-reseau</loc>");
    assert_eq!(sitemap.header("content-type"), "application/xml; charset=utf-8");
    let sitemap = sitemap.shows("/promeneurs/noe-lefevre</loc><lastmod>2026-11-23T09:00:00Z</lastmod>");
    sitemap.shows("/structures/mjc-de-crest</loc>");
    let robots = public.get("/robots.txt").await.ok().shows("Disallow: /espace");
    robots.shows("Sitemap: http://drome.test/sitemap.xml");
    let security = public.get("/.well-known/security.txt").await.ok().shows("Expires: 2027-05-22T00:00:00Z");
    security.shows("Contact: http://drome.test/contact").hides("mailto");
    let calendar = public.get("/agenda.ics").await.ok();
    assert!(calendar.header("content-type").starts_with("text/calendar"));
    assert!(calendar.body.starts_with("BEGIN:VCALENDAR\r\n") && calendar.body.ends_with("END:VCALENDAR\r\n"));
    let feed = public.get("/actualites.atom").await.ok().shows("<updated>2026-11-23T09:00:00Z</updated>");
    feed.shows("Promeneurs du Net de la Drôme");
}

#[tokio::test]
async fn a_parent_learns_whether_someone_is_a_promeneur_by_name_handle_or_card() {
    let test = TestApp::start(crate::parts()).await;
    open(&test).await;
    let public = test.stranger();
    public.get("/verifier").await.ok().shows("Est-ce un vrai Promeneur").hides("Personne n’est connu");
    for asked in ["Noe Lefevre", "lefèvre noé PdN", "Lefevre"] {
        let path = format!("/verifier?nom={}", kit::web::encoding::percent_encode(asked));
        public.get(&path).await.ok().shows("Oui, Noé Lefèvre est Promeneur du Net").shows("MJC de Crest");
    }
    public.get("/verifier/noe-lefevre").await.ok().shows("Oui, Noé Lefèvre");
    public.get("/verifier?nom=MJC").await.ok().shows("Personne n’est connu sous");
    public.get("/verifier?nom=Jean+Dupont").await.ok().shows("Personne n’est connu sous");
    public.get(&format!("/verifier?nom={}", "%3Cscript%3E".repeat(900))).await.ok();
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let page = coordinator.get("/espace/reseau/promeneurs").await.ok().body;
    let sheet = page
        .split("href=\"")
        .find(|t| t.contains("data-row-link>Lefèvre"))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    coordinator
        .get(&format!("{sheet}/apercu"))
        .await
        .ok()
        .shows("telle que le public la verrait")
        .shows("Noé Lefèvre");
    coordinator.post(&format!("{sheet}/depublier"), &[]).await.is(303);
    public.get("/verifier?nom=Lefevre").await.ok().shows("Personne n’est connu sous");
    coordinator.get(&format!("{sheet}/apercu")).await.ok().shows("Noé Lefèvre");
    let page = coordinator.get(&format!("{sheet}/depart")).await.ok().body;
    let post = page.split("name=\"poste\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let depart = [("poste", post), ("jour", "2026-11-20"), ("motif", "")];
    coordinator.post(&format!("{sheet}/depart"), &depart).await.is(303);
    public
        .get("/verifier?nom=Lefevre")
        .await
        .ok()
        .shows("n’est plus en fonction")
        .shows("20\u{a0}novembre 2026");
}
