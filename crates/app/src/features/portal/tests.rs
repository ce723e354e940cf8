//! Scenarios of the portal over two networks.

use kit::testing::{Person, TestApp};
use kit::{Network, Role, network};

use crate::features::directory::imports::{self, Choices};

const PORTAL: &str = "portail.test";

/// A network with one published promeneur and one who is not.
async fn fill(test: &TestApp, network: &Network, last_name: &str, town: &str) {
    let csv = format!(
        "Nom;Prénom;Structure;Ville;Tél\n{last_name};Noé;MJC de {town};{town};06 12 34 56 78\nCaché;Zoé;MJC de {town};{town};\n"
    );
    imports::at_once(&test.app, network, "a.csv", csv.as_bytes(), &Choices::default(), false).await.unwrap();
    let coordinator = test.someone_in(network, Role::Coordinator, None, None).await;
    let page = coordinator.get(&format!("/espace/reseau/promeneurs?q={last_name}")).await.ok();
    let href = page
        .body
        .split("href=\"/espace/reseau/promeneurs/0")
        .nth(1)
        .and_then(|t| t.split('"').next())
        .unwrap();
    coordinator.post(&format!("/espace/reseau/promeneurs/0{href}/publier"), &[]).await.is(303);
}

async fn open() -> TestApp {
    let test =
        TestApp::start_with(crate::parts(), |config| config.portal_host = Some(PORTAL.to_owned())).await;
    let mut tx = test.app.db.write().await.unwrap();
    let settings = network::Settings::default();
    let ardeche = network::create(&mut tx, test.app.now(), "07", "Ardèche", None, &settings).await.unwrap();
    tx.commit().await.unwrap();
    fill(&test, &test.network, "Lefèvre", "Crest").await;
    let ardeche = Network { host: Some("07.test".to_owned()), ..ardeche };
    fill(&test, &ardeche, "Lefort", "Aubenas").await;
    test
}

fn visitor(test: &TestApp) -> Person<'_> {
    test.stranger().at(PORTAL)
}

#[tokio::test]
async fn the_portal_shows_every_network_and_its_figures() {
    let test = open().await;
    let home = visitor(&test).get("/").await.ok();
    let home = home.shows("href=\"http://drome.test/\"").shows("href=\"http://ardeche.test/\"");
    home.shows("<b>2</b> Promeneurs du Net").shows("1 Promeneur du Net").hides("Se connecter");
    visitor(&test).get("/sitemap.xml").await.ok().shows("http://ardeche.test/sitemap.xml");
    visitor(&test).get("/mentions-legales").await.ok().shows("Hébergeur");
}

#[tokio::test]
async fn someone_is_found_by_name_or_place_in_whichever_network() {
    let test = open().await;
    let found = visitor(&test).get("/promeneurs?q=lef").await.ok();
    found.shows("href=\"http://drome.test/promeneurs/noe-lefevre\"").shows("Noé Lefort").hides("Caché");
    visitor(&test).get("/promeneurs?commune=aubenas").await.ok().shows("Noé Lefort").hides("Lefèvre");
    visitor(&test).get("/promeneurs?commune=crest&q=lefort").await.ok().shows("Personne ne correspond");
    visitor(&test).get("/promeneurs?commune=Lyon").await.ok().shows("n’est pas sur ce portail");
    visitor(&test).get("/promeneurs?commune=xyzzyx").await.ok().shows("Aucune commune");
    visitor(&test).get("/promeneurs?q=caché").await.ok().shows("Personne ne correspond");
    let long = "a".repeat(10_000);
    visitor(&test).get(&format!("/promeneurs?q={long}&commune={long}")).await.ok();
}

#[tokio::test]
async fn the_portal_leads_to_no_private_page_and_keeps_nothing_that_changed() {
    let test = open().await;
    for path in ["/espace", "/connexion", "/promeneurs/noe-lefevre", "/api/v1/promeneurs", "/contact"] {
        visitor(&test).get(path).await.is(404).hides("/espace");
    }
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.clone().at(PORTAL).get("/espace").await.is(404);
    visitor(&test).get("/promeneurs?q=lef").await.ok();
    assert_eq!(visitor(&test).get("/promeneurs?q=lef").await.ok().queries, 0, "kept");
    let page = coordinator.get("/espace/reseau/promeneurs?q=Lefèvre").await.ok();
    let href = page
        .body
        .split("href=\"/espace/reseau/promeneurs/0")
        .nth(1)
        .and_then(|t| t.split('"').next())
        .unwrap();
    coordinator.post(&format!("/espace/reseau/promeneurs/0{href}/depublier"), &[]).await.is(303);
    visitor(&test).get("/promeneurs?q=lef").await.ok().hides("Lefèvre").shows("Lefort");
}
