//! Public pages kept in memory: never rendered twice for nothing, never shown once they are no longer true, in
//! this process nor in another.

use std::time::Duration;

use crate::town::{self, Town};
use kit::Role;
use kit::testing::{Answer, Person, TestApp};

const LIST: &str = "/promeneurs";

async fn open_town() -> (TestApp, Town) {
    let test = TestApp::start(app::parts()).await;
    let town = Town::build(&test, &test.network).await;
    (test, town)
}

/// The sheet's fields as its form sends them.
async fn rename(coordinator: &Person<'_>, town: &Town, last_name: &str) {
    let url = format!("/espace/reseau/promeneurs/{}/modifier", town.person);
    let form = coordinator.get(&url).await.ok().body;
    let version = form.split("name=\"version\" value=\"").nth(1).and_then(|t| t.split('"').next()).unwrap();
    let fields = [("prenom", "Noé"), ("nom", last_name), ("jeunes", "1"), ("version", version)];
    coordinator.post(&url, &fields).await.is(303);
}

fn is_kept(answer: &Answer) -> bool {
    answer.queries == 0
}

#[tokio::test]
async fn a_page_is_rendered_once_and_known_again_in_every_form() {
    let (test, _) = open_town().await;
    let public = test.stranger();
    for path in ["/", LIST, "/structures", "/carte", "/besoin-d-aide", "/le-reseau", "/sitemap.xml"] {
        let first = public.get(path).await.ok();
        assert!(!is_kept(&first), "{path}");
        let second = public.get_with(path, "accept-encoding", "gzip").await.ok();
        assert!(is_kept(&second), "{path}");
        assert_eq!(second.header("content-encoding"), "gzip");
        assert!(
            second.header("etag").ends_with("-gzip\""),
            "strong, and of this form: {}",
            second.header("etag")
        );
        assert!(second.header("vary").contains("accept-encoding"));
        assert!(!second.header("content-security-policy").is_empty());
        for tag in [first.header("etag"), second.header("etag")] {
            public.get_with(path, "if-none-match", tag).await.is(304);
        }
        public.get_with(path, "if-none-match", "\"another\"").await.ok();
    }
}

#[tokio::test]
async fn what_a_coordinator_changes_shows_at_the_next_request() {
    let (test, town) = open_town().await;
    let (public, coordinator) = (test.stranger(), test.someone(Role::Coordinator, None, None).await);
    rename(&coordinator, &town, "Avant").await;
    public.get(LIST).await.ok().shows("Noé Avant");
    assert!(is_kept(&public.get(LIST).await.ok()));
    rename(&coordinator, &town, "Après").await;
    public.get(LIST).await.ok().shows("Noé Après").hides("Noé Avant");
    let sheet = format!("/espace/reseau/promeneurs/{}", town.person);
    coordinator.post(&format!("{sheet}/depublier"), &[]).await.is(303);
    public.get(LIST).await.ok().hides("Noé Après");
    // The settings of the network are on every page.
    let home = public.get("/").await.ok();
    let mut tx = test.app.db.write().await.unwrap();
    let settings = test.network.settings();
    kit::network::save_settings(&mut tx, &test.network, "#9b1c31", &settings).await.unwrap();
    tx.commit().await.unwrap();
    assert_ne!(public.get("/").await.ok().header("etag"), home.header("etag"));
}

#[tokio::test]
async fn another_process_learns_of_a_change() {
    let (test, town) = open_town().await;
    let twin = test.another_process().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    for name in ["Premier", "Second", "Troisième"] {
        let shown = format!("Noé {name}");
        rename(&coordinator, &town, name).await;
        test.stranger().get(LIST).await.ok().shows(&shown);
        // A word between processes takes its time, never longer than a breath.
        let mut found = false;
        for _ in 0..100 {
            found = twin.stranger().get(LIST).await.ok().body.contains(&shown);
            if found {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(found, "the other process still shows what was before {name}");
        // It may have read the new name before the word came: then it reads once more, and keeps that.
        let mut kept = false;
        for _ in 0..100 {
            kept = is_kept(&twin.stranger().get(LIST).await.ok());
            if kept {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(kept, "and keeps it from then on");
    }
}

#[tokio::test]
async fn only_a_change_of_the_own_network_counts() {
    let (test, town) = open_town().await;
    let other = town::second_network(&test).await;
    Town::build(&test, &other).await;
    test.run_jobs().await;
    let (here, there) = (test.stranger(), test.stranger().at("ardeche.test"));
    let mut coordinator = test.someone(Role::Coordinator, None, None).await;
    there.get(LIST).await.ok();
    here.get(LIST).await.ok();
    rename(&coordinator, &town, "Ailleurs").await;
    assert!(is_kept(&there.get(LIST).await.ok()), "the neighbours keep theirs");
    assert!(!is_kept(&here.get(LIST).await.ok()));
    // Signing in, being seen, asking for a link: nothing that a visitor could see.
    coordinator = coordinator.at("drome.test");
    coordinator.post("/connexion/lien", &[("email", "personne@exemple.fr")]).await;
    test.run_jobs().await;
    assert!(is_kept(&here.get(LIST).await.ok()));
}

#[tokio::test]
async fn a_page_that_tells_the_hour_is_kept_for_a_minute_and_one_that_tells_the_day_for_a_day() {
    let (test, _) = open_town().await;
    let public = test.stranger();
    for path in [LIST, "/structures"] {
        public.get(path).await.ok();
        assert!(is_kept(&public.get(path).await.ok()));
    }
    test.app.clock.advance_minutes(1);
    assert!(!is_kept(&public.get(LIST).await.ok()));
    assert!(is_kept(&public.get("/structures").await.ok()));
    test.app.clock.advance_minutes(14 * 60);
    assert!(!is_kept(&public.get("/structures").await.ok()));
}

#[tokio::test]
async fn nothing_is_kept_for_or_from_someone_who_is_signed_in() {
    let (test, _) = open_town().await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    for _ in 0..2 {
        assert!(!is_kept(&coordinator.get(LIST).await.ok()));
    }
    let stranger = test.stranger().get(LIST).await.ok();
    assert!(!is_kept(&stranger));
    stranger.shows("Se connecter");
    assert!(!is_kept(&coordinator.get(LIST).await.ok()));
}

#[tokio::test]
async fn who_left_is_gone_at_once_and_an_address_that_is_not_there_is_not_kept() {
    let (test, town) = open_town().await;
    let public = test.stranger();
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let sheet = format!("/espace/reseau/promeneurs/{}", town.person);
    let page = coordinator.get(&sheet).await.ok().body;
    let address = page.split("href=\"/promeneurs/").nth(1).and_then(|t| t.split('"').next()).unwrap();
    let address = format!("/promeneurs/{address}");
    for _ in 0..2 {
        public.get(&address).await.ok();
    }
    coordinator.post(&format!("{sheet}/depublier"), &[]).await.is(303);
    for _ in 0..2 {
        assert!(!is_kept(&public.get(&address).await.is(410)));
    }
    for path in ["/promeneurs/nulle-part", "/../etc/passwd", "/promeneurs/..%2f..%2fetc"] {
        assert!(!is_kept(&public.get(path).await.is(404)), "{path}");
    }
}
