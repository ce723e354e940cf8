//! Messages that mean harm, or make no sense: shown or told, never lost, never more than they are worth.

use crate::servers::{Other, address, connected, conversations, message, servers, start, sync};

const BOX: &str = "/espace/messagerie/boite";

fn first_message(page: &str) -> String {
    let id = page.split("/espace/messagerie/messages/").nth(1).unwrap().split('/').next().unwrap();
    format!("/espace/messagerie/messages/{id}")
}

#[tokio::test]
async fn what_is_no_message_is_kept_and_shown_as_it_came() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let mut other = Other::open(&servers, &address).await;
    let odd = "\u{1}\u{2} rien qui ressemble à un courriel \u{fffd}";
    other.session.append("INBOX", None, None, odd).await.unwrap();
    let coordinator = connected(&test, &servers, &address).await;
    sync(&test).await;
    let list = coordinator.get(&format!("{BOX}?vue=toutes")).await.ok().body;
    let page = coordinator.get(&conversations(&list)[0]).await.ok().body;
    coordinator.get(&format!("{}/corps", first_message(&page))).await.ok().shows("rien qui ressemble");
    coordinator.get(&format!("{}/brut", first_message(&page))).await.ok();
}

#[tokio::test]
async fn scripts_never_run_pictures_wait_and_files_keep_their_true_type() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let mut other = Other::open(&servers, &address).await;
    let html = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n\
        <p onclick=\"x()\">Bonjour</p><script>alert(1)</script><img src=\"http://127.0.0.1:1/pixel.png\">\n\
        --b\nContent-Type: image/png; name=\"photo.png\"\nContent-Disposition: attachment; filename=\"../../photo.png\"\n\n\
        <html><script>alert(1)</script></html>\n--b--\n";
    let head = format!("From: a@b.test\nTo: {address}\nSubject: Piège\nMessage-ID: <h1@b.test>\n");
    other.put("INBOX", None, &format!("{head}{html}")).await;
    let coordinator = connected(&test, &servers, &address).await;
    sync(&test).await;
    let list = coordinator.get(&format!("{BOX}?vue=toutes")).await.ok().body;
    let url = conversations(&list)[0].clone();
    let page = coordinator
        .get(&url)
        .await
        .ok()
        .shows("Les images de ce message sont ailleurs")
        .shows("photo.png")
        .hides("../");
    let message = first_message(&page.body);
    let body = coordinator
        .get(&format!("{message}/corps"))
        .await
        .ok()
        .shows("Bonjour")
        .hides("alert")
        .hides("onclick")
        .hides("pixel");
    assert!(body.header("content-security-policy").contains("sandbox"), "{:?}", body.headers);
    coordinator.get(&format!("{message}/corps?images=1")).await.ok().shows("image?n=0").hides("127.0.0.1");
    let part = page.body.split(&format!("{message}/pieces/")).nth(1).unwrap().split('"').next().unwrap();
    let file = coordinator.get(&format!("{message}/pieces/{part}?vue=1")).await.ok();
    assert!(file.header("content-disposition").starts_with("attachment"), "{:?}", file.headers);
    assert!(
        !file.header("content-type").starts_with("image/") && !file.header("content-type").contains("html")
    );
    coordinator.get(&format!("{message}/pieces/77")).await.is(404);
    let stranger = test.someone(kit::Role::Promeneur, None, None).await;
    for path in [
        url.clone(),
        format!("{message}/corps"),
        format!("{message}/brut"),
        format!("{message}/pieces/{part}"),
    ] {
        stranger.get(&path).await.is(403);
    }
}

#[tokio::test]
async fn what_a_young_person_wrote_is_told_and_can_be_erased_everywhere() {
    let Some(servers) = servers() else { return };
    let test = start().await;
    let address = address();
    let mut other = Other::open(&servers, &address).await;
    other
        .put(
            "INBOX",
            None,
            &message(
                "l33t@gmail.test",
                &address,
                "aide",
                "y1@x.test",
                "",
                "salut j'ai 14 ans et je vais mal",
            ),
        )
        .await;
    let coordinator = connected(&test, &servers, &address).await;
    sync(&test).await;
    let url = conversations(&coordinator.get(BOX).await.ok().body)[0].clone();
    coordinator.get(&url).await.ok().shows("semble venir d’un jeune").shows("3114");
    coordinator.post(&format!("{url}/effacer"), &[]).await.is(303);
    coordinator.get(&url).await.is(404);
    sync(&test).await;
    assert!(other.list("INBOX").await.is_empty() && other.list("Trash").await.is_empty());
    coordinator.get(&format!("{BOX}?q=salut")).await.ok().hides("l33t");
}
