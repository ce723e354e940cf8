//! Scenarios of publications, through the real router.

use kit::Role;
use kit::testing::{Answer, Person, TestApp};

const SITE: &str = "/espace/communication/site";
const NEWS: &str = "/espace/communication/site/nouveau?genre=actualite";
const IMAGES: &str = "/espace/communication/site/images";

/// A picture of 1200 × 800 pixels, as a PNG.
fn png() -> Vec<u8> {
    documents::picture::painted(1200, 800, |x, y| [(x * 255.0) as u8, (y * 200.0) as u8, 140])
}

/// Writes a text and answers where its editor is.
async fn write(person: &Person<'_>, url: &str, fields: &[(&str, &str)]) -> String {
    person.post(url, fields).await.goes_to()
}

async fn write_news(person: &Person<'_>, title: &str, action: &str) -> String {
    let fields = [("titre", title), ("corps", "Rendez-vous samedi à Crest."), ("action", action)];
    write(person, NEWS, &fields).await
}

/// The version that a form was drawn from.
fn version(page: &Answer) -> String {
    page.body.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn save(person: &Person<'_>, editor: &str, fields: &[(&str, &str)]) -> Answer {
    let version = version(&person.get(editor).await.ok());
    let mut all = vec![("version", version.as_str())];
    all.extend(fields);
    person.post(editor, &all).await
}

/// Sends a picture in which nobody is recognised; its id and address for texts.
async fn send_picture(person: &Person<'_>, alt: &str) -> (String, String) {
    let fields = [("description", alt), ("montre", "nobody")];
    person.upload(IMAGES, "photo.png", &png(), &fields).await.is(303);
    let page = person.get(IMAGES).await.ok();
    let after = page.body.split("data-pick=\"").nth(1).unwrap();
    let id = after.split('"').next().unwrap().to_owned();
    (id.clone(), format!("/images/{id}/960.webp"))
}

#[tokio::test]
async fn news_is_written_published_and_read_on_the_site_the_home_page_and_the_feed() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let public = test.stranger();
    let editor = write_news(&coordinator, "La fête du numérique & des jeux", "enregistrer").await;
    let address = "/actualites/la-fete-du-numerique-des-jeux";
    public.get(address).await.is(404);
    public.get("/actualites").await.ok().shows("Pas encore de nouvelle");
    coordinator
        .get(&editor.replace("modifier", "apercu"))
        .await
        .ok()
        .shows("noindex")
        .shows("n’est pas en ligne");
    let fields = [
        ("titre", "La fête du numérique & des jeux"),
        ("corps", "<h2>Samedi</h2><p>À <b>Crest</b></p>"),
        ("action", "publier"),
    ];
    save(&coordinator, &editor, &fields).await.is(303);
    public
        .get(address)
        .await
        .ok()
        .shows("<h2>Samedi</h2><p>À <strong>Crest</strong></p>")
        .shows("23\u{a0}novembre 2026");
    public.get("/").await.ok().shows("La fête du numérique &#38; des jeux").shows(address);
    public.get("/actualites").await.ok().shows(address);
    let feed = public.get("/actualites.atom").await.ok();
    let feed =
        feed.shows("<title>La fête du numérique &#38; des jeux</title>").shows("&#60;strong&#62;Crest");
    feed.shows("<published>2026-11-23T09:00:00Z</published>").shows("<id>urn:uuid:");
    public.get("/sitemap.xml").await.ok().shows(address);
    let home = public.get("/").await.ok();
    assert!(home.queries <= 8, "{}", home.queries);
}

#[tokio::test]
async fn what_is_hostile_in_a_text_never_reaches_a_reader() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let body = "<p onclick=\"a()\">Un<script>alert(1)</script> <a href=\"javascript:b()\">lien</a>\
        <img src=\"https://evil.test/t.gif\"><img src=x onerror=c()></p>";
    write(&coordinator, NEWS, &[("titre", "Essai"), ("corps", body), ("action", "publier")]).await;
    let page = test.stranger().get("/actualites/essai").await.ok().shows("Un").shows("lien");
    page.hides("onclick").hides("alert(1)").hides("javascript:").hides("evil.test").hides("onerror");
}

#[tokio::test]
async fn a_scheduled_one_appears_at_its_minute_wherever_it_was_moved() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let public = test.stranger();
    // It is 10:00 in Paris.
    let late = [
        ("titre", "Bilan"),
        ("corps", "Voici."),
        ("action", "programmer"),
        ("programmation", "2026-11-23T09:59"),
    ];
    coordinator.post(NEWS, &late).await.is(422).shows("id=\"programmation-erreur\"").shows("à venir");
    let soon = [
        ("titre", "Bilan"),
        ("corps", "Voici."),
        ("action", "programmer"),
        ("programmation", "2026-11-23T11:00"),
    ];
    let editor = write(&coordinator, NEWS, &soon).await;
    coordinator.get(SITE).await.ok().shows("Programmée").shows("pour le 23\u{a0}novembre 2026 à 11:00");
    test.app.clock.advance_minutes(59);
    test.run_jobs().await;
    public.get("/actualites/bilan").await.is(404);
    public.get("/actualites.atom").await.ok().hides("Bilan");
    // Moved to 12:00: the first job finds another minute and does nothing.
    let moved = [
        ("titre", "Bilan"),
        ("corps", "Voici."),
        ("action", "programmer"),
        ("programmation", "2026-11-23T12:00"),
    ];
    save(&coordinator, &editor, &moved).await.is(303);
    test.app.clock.advance_minutes(2);
    test.run_jobs().await;
    public.get("/actualites/bilan").await.is(404);
    test.app.clock.advance_minutes(60);
    assert!(test.run_jobs().await >= 1);
    public.get("/actualites/bilan").await.ok();
    assert_eq!(test.run_jobs().await, 0);
}

#[tokio::test]
async fn a_cancelled_schedule_publishes_nothing() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let soon = [
        ("titre", "Bilan"),
        ("corps", "Voici."),
        ("action", "programmer"),
        ("programmation", "2026-11-23T11:00"),
    ];
    let editor = write(&coordinator, NEWS, &soon).await;
    coordinator.post(&editor.replace("modifier", "retirer"), &[]).await.is(303);
    coordinator.get(&editor).await.ok().shows("Brouillon");
    test.app.clock.advance_minutes(120);
    test.run_jobs().await;
    test.stranger().get("/actualites/bilan").await.is(404);
}

#[tokio::test]
async fn an_address_is_proposed_refused_when_taken_and_followed_when_it_changes() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let public = test.stranger();
    let editor = write_news(&coordinator, "Le bilan", "publier").await;
    write_news(&coordinator, "Le bilan", "publier").await;
    public.get("/actualites/le-bilan-2").await.ok();
    let taken = [("titre", "Le bilan"), ("corps", "Voici."), ("adresse", "le-bilan-2")];
    let refused = save(&coordinator, &editor, &taken).await.is(422);
    refused.shows("id=\"adresse-erreur\"").shows("value=\"le-bilan-2\"");
    let reserved = [("titre", "Le bilan"), ("corps", "Voici."), ("adresse", "contact")];
    save(&coordinator, &editor, &reserved).await.is(422).shows("adresse du site lui-même");
    let moved = [("titre", "Le bilan"), ("corps", "Voici."), ("adresse", "Bilan 2026")];
    save(&coordinator, &editor, &moved).await.is(303);
    let old = public.get("/actualites/le-bilan").await.is(308);
    assert_eq!(old.header("location"), "/actualites/bilan-2026");
    // Moved again, and back: each former address leads to the present one, and none in a circle.
    save(&coordinator, &editor, &[("titre", "Le bilan"), ("corps", "Voici."), ("adresse", "le-bilan")])
        .await
        .is(303);
    public.get("/actualites/le-bilan").await.ok();
    assert_eq!(public.get("/actualites/bilan-2026").await.is(308).header("location"), "/actualites/le-bilan");
    // An address that leads to another text cannot be taken.
    let third = [("titre", "Autre"), ("corps", "Voici."), ("adresse", "bilan-2026")];
    coordinator.post(NEWS, &third).await.is(422).shows("déjà celle de «\u{a0}Le bilan\u{a0}»");
    coordinator.post(&editor.replace("modifier", "retirer"), &[]).await.is(303);
    public.get("/actualites/le-bilan").await.is(410);
    public.get("/actualites/bilan-2026").await.is(410);
}

#[tokio::test]
async fn two_people_who_write_at_once_both_see_what_the_other_wrote() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let editor = write_news(&coordinator, "Le bilan", "enregistrer").await;
    let first = [("version", "1"), ("titre", "Le bilan"), ("corps", "<p>Texte de la première</p>")];
    coordinator.post(&editor, &first).await.is(303);
    let second = [("version", "1"), ("titre", "Le bilan annuel"), ("corps", "<p>Texte de la seconde</p>")];
    let page = coordinator.post(&editor, &second).await.is(409);
    let page =
        page.shows("Texte de la seconde").shows("première").shows("<del>").shows("value=\"Le bilan annuel\"");
    assert_eq!(version(&page), "2", "saving again is a choice made knowingly");
}

#[tokio::test]
async fn a_form_that_lacks_something_says_so_and_keeps_what_was_typed() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let fields =
        [("titre", " "), ("corps", "Un texte"), ("couverture", "n’importe quoi"), ("action", "publier")];
    let page = coordinator.post(NEWS, &fields).await.is(422);
    page.shows("id=\"titre-erreur\"").shows("id=\"couverture-erreur\"").shows("Un texte");
    let empty = [("titre", "Vide"), ("corps", "<p> </p><script>x</script>"), ("action", "publier")];
    coordinator.post(NEWS, &empty).await.is(422).shows("id=\"corps-erreur\"");
    let named = [("titre", "Bravo"), ("corps", "Bravo à Léa, 15 ans, de Crest."), ("action", "publier")];
    coordinator.post(NEWS, &named).await.is(422).shows("prénom suivi d’un âge").shows("corps-confirme");
    let mut confirmed = named.to_vec();
    confirmed.push(("corps-confirme", "1"));
    coordinator.post(NEWS, &confirmed).await.is(303);
    let preview = [("titre", "Juste pour voir"), ("corps", "Un\n\ndeux"), ("action", "apercu")];
    coordinator.post(NEWS, &preview).await.ok().shows("<p>Un</p>").shows("Rien n’est encore enregistré");
    coordinator.get(SITE).await.ok().hides("Juste pour voir").shows("Bravo");
}

#[tokio::test]
async fn former_texts_are_kept_compared_and_brought_back() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let editor = write_news(&coordinator, "Le bilan", "publier").await;
    let changed =
        [("titre", "Le grand bilan"), ("adresse", "le-bilan"), ("corps", "Rendez-vous dimanche à Die.")];
    save(&coordinator, &editor, &changed).await.is(303);
    let versions = editor.replace("modifier", "versions");
    let page = coordinator.get(&versions).await.ok();
    page.shows("[retiré\u{a0}: </span>samedi")
        .shows("[ajouté\u{a0}: </span>dimanche")
        .shows("De la version 1 à la version 2");
    coordinator.get(&format!("{versions}?avant=2&apres=2")).await.ok().hides("De la version");
    coordinator.post(&format!("{versions}/7"), &[]).await.is(404);
    coordinator.post(&format!("{versions}/1"), &[]).await.is(303);
    test.stranger().get("/actualites/le-bilan").await.ok().shows("samedi à Crest").hides("dimanche");
    coordinator.get(&versions).await.ok().shows("De la version 2 à la version 3");
    // A save that changes no word keeps no version.
    save(&coordinator, &editor, &[("titre", "Le bilan"), ("corps", "Rendez-vous samedi à Crest.")])
        .await
        .is(303);
    coordinator.get(&versions).await.ok().hides("à la version 4");
}

#[tokio::test]
async fn the_trash_keeps_for_thirty_days_and_gives_back() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let editor = write_news(&coordinator, "Le bilan", "publier").await;
    coordinator.post(&editor.replace("modifier", "corbeille"), &[]).await.is(303);
    test.stranger().get("/actualites/le-bilan").await.is(404);
    coordinator.get(&editor).await.is(404);
    coordinator.get(&format!("{SITE}?etat=corbeille")).await.ok().shows("Le bilan");
    // Its address was taken meanwhile.
    write_news(&coordinator, "Le bilan", "publier").await;
    coordinator.post(&editor.replace("modifier", "restaurer"), &[]).await.is(303);
    coordinator.get(&editor).await.ok().shows("value=\"le-bilan-2\"").shows("Retirée");
    coordinator.post(&editor.replace("modifier", "corbeille"), &[]).await.is(303);
    test.app.clock.advance_minutes(31 * 24 * 60);
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.get(&format!("{SITE}?etat=corbeille")).await.ok().shows("Le bilan");
    test.run_schedules().await;
    coordinator.post(&editor.replace("modifier", "restaurer"), &[]).await.is(404);
}

#[tokio::test]
async fn the_list_is_searched_without_accents_narrowed_and_exported() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    write_news(&coordinator, "Été à Étoile", "publier").await;
    let page = "/espace/communication/site/nouveau?genre=page";
    write(&coordinator, page, &[("titre", "Nos ateliers"), ("corps", "x"), ("genre", "page")]).await;
    coordinator
        .get(&format!("{SITE}?q=ETE+a+etoile"))
        .await
        .ok()
        .hides("Nos ateliers")
        .hides("Rien ne correspond");
    coordinator
        .get(&format!("{SITE}?q=%C3%A9t%C3%A9"))
        .await
        .ok()
        .shows("Été à Étoile")
        .hides("Nos ateliers");
    coordinator.get(&format!("{SITE}?genre=pages")).await.ok().shows("Nos ateliers").hides("Étoile");
    coordinator.get(&format!("{SITE}?etat=draft")).await.ok().shows("Nos ateliers").hides("Étoile");
    coordinator
        .get(&format!("{SITE}?format=csv"))
        .await
        .ok()
        .shows("Été à Étoile")
        .shows("/pages/nos-ateliers");
}

#[tokio::test]
async fn original_texts_are_completed_replaced_and_come_back() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let public = test.stranger();
    let settings = [
        ("organisme", "Ligue de la Drôme"),
        ("adresse", "3 rue du Port\n26000 Valence"),
        ("telephone", "04 75 00 00 01"),
        ("couleur", "#1f6f5c"),
        ("fuseau", "Europe/Paris"),
    ];
    coordinator.post("/espace/reglages", &settings).await.is(303);
    public
        .get("/mentions-legales")
        .await
        .ok()
        .shows("3 rue du Port<br>26000 Valence")
        .shows("04\u{a0}75\u{a0}00\u{a0}00\u{a0}01");
    let place = format!("{SITE}/textes/legal");
    coordinator.get(&place).await.ok().shows("3 rue du Port").shows("Qui publie ce site");
    let own = [("corps", "<h2>Éditeur</h2><p>La Ligue</p>"), ("action", "enregistrer")];
    let editor = write(&coordinator, &place, &own).await;
    public.get("/mentions-legales").await.ok().shows("Qui publie ce site").hides("Éditeur");
    assert_eq!(coordinator.get(&place).await.goes_to(), editor);
    save(&coordinator, &editor, &[own[0], ("action", "publier")]).await.is(303);
    public.get("/mentions-legales").await.ok().shows("Éditeur").hides("Qui publie ce site");
    assert_eq!(public.get("/pages/mentions-legales").await.is(308).header("location"), "/mentions-legales");
    coordinator.post(&editor.replace("modifier", "retirer"), &[]).await.is(303);
    public.get("/mentions-legales").await.ok().shows("Qui publie ce site").hides("Éditeur");
    for (code, url, kept) in [
        ("network", "/le-reseau", "Ce que promet leur charte"),
        ("join", "/devenir-promeneur", "name=\"structure\""),
        ("help", "/besoin-d-aide", "numéros d’urgence"),
        ("contact", "/contact", "name=\"message\""),
        ("resources", "/ressources", "Ressources"),
    ] {
        let text = [("corps", "Un mot de la coordination."), ("action", "publier")];
        write(&coordinator, &format!("{SITE}/textes/{code}"), &text).await;
        let page = public.get(url).await.ok().shows("<p>Un mot de la coordination.</p>").shows(kept);
        assert!(page.queries <= 8, "{url}: {}", page.queries);
    }
    coordinator.get(&format!("{SITE}/textes/ailleurs")).await.is(404);
    coordinator.get(&format!("{SITE}/textes")).await.ok().shows("Votre texte est en ligne");
}

#[tokio::test]
async fn pages_enter_the_menu_in_order_and_leave_it_with_their_publication() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let public = test.stranger();
    let mut ids = Vec::new();
    for title in ["Nos ateliers", "Le Copil", "Presse", "Archives"] {
        let url = "/espace/communication/site/nouveau?genre=page";
        let fields = [("titre", title), ("corps", "x"), ("genre", "page"), ("action", "publier")];
        let editor = write(&coordinator, url, &fields).await;
        ids.push(editor.split('/').nth(4).unwrap().to_owned());
    }
    let before = public.get("/carte").await.ok().hides("Nos ateliers").queries;
    let name = |kind: &str, at: usize| format!("{kind}-{}", ids[at]);
    let (top, rank, foot, second) = (name("haut", 0), name("rang", 0), name("pied", 1), name("rang", 1));
    let fields = [(top.as_str(), "1"), (rank.as_str(), "2"), (foot.as_str(), "1"), (second.as_str(), "1")];
    coordinator.post(&format!("{SITE}/menu"), &fields).await.is(303);
    let page = public.get("/carte").await.ok().shows("Nos ateliers").shows("Le Copil").hides("Presse");
    assert_eq!(page.queries, before, "the menu costs no query");
    let nav = page.body.split("masthead-nav").nth(1).unwrap().split("</nav>").next().unwrap().to_owned();
    assert!(nav.contains("/pages/nos-ateliers") && !nav.contains("/pages/le-copil"));
    public.get("/pages/nos-ateliers").await.ok();
    public.get("/plan-du-site").await.ok().shows("Presse");
    let tops: Vec<String> = (0..4).map(|at| name("haut", at)).collect();
    let four: Vec<(&str, &str)> = tops.iter().map(|name| (name.as_str(), "1")).collect();
    coordinator.post(&format!("{SITE}/menu"), &four).await.is(422).shows("trois liens au plus");
    let ranked = [(rank.as_str(), "beaucoup")];
    coordinator.post(&format!("{SITE}/menu"), &ranked).await.is(422);
    coordinator.post(&format!("{SITE}/{}/retirer", ids[0]), &[]).await.is(303);
    public.get("/carte").await.ok().hides("Nos ateliers").shows("Le Copil");
}

#[tokio::test]
async fn a_picture_is_served_once_something_public_shows_it() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let public = test.stranger();
    let (id, address) = send_picture(&coordinator, "La fresque de la gare").await;
    public.get(&address).await.is(404);
    let own = coordinator.get(&address).await.ok();
    assert_eq!(
        (own.header("content-type"), own.header("cache-control")),
        ("image/webp", "private, max-age=600")
    );
    let body = format!("<p>Voici.</p><img src=\"{address}\" alt=\"La fresque\">");
    let fields = [
        ("titre", "La fresque"),
        ("corps", body.as_str()),
        ("couverture", id.as_str()),
        ("action", "publier"),
    ];
    let editor = write(&coordinator, NEWS, &fields).await;
    let shown = public.get(&address).await.ok();
    assert_eq!(shown.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(shown.bytes.starts_with(b"RIFF"));
    assert!(public.get(&format!("/images/{id}/1600.jpg")).await.ok().bytes.starts_with(b"\xff\xd8"));
    public.get(&format!("/images/{id}/960.svg")).await.is(404);
    let page = public.get("/actualites/la-fresque").await.ok();
    let page = page.shows(&format!("/images/{id}/480.webp 480w")).shows("width=\"1200\" height=\"800\"");
    page.shows("alt=\"La fresque\"").shows("alt=\"La fresque de la gare\"");
    coordinator.get(&format!("{IMAGES}/{id}")).await.ok().shows("La fresque").shows("Publiée");
    coordinator.post(&editor.replace("modifier", "retirer"), &[]).await.is(303);
    public.get(&address).await.is(404);
    coordinator.post(&format!("{IMAGES}/{id}/corbeille"), &[]).await.is(303);
    coordinator.get(&format!("{IMAGES}?etat=corbeille")).await.ok().shows("La fresque de la gare");
    test.app.clock.advance_minutes(31 * 24 * 60);
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    coordinator.get(&address).await.ok();
    test.run_schedules().await;
    coordinator.get(&address).await.is(404);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_in_french_beside_its_field() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let fields = [("description", "Un dessin"), ("montre", "nobody")];
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>";
    let page = coordinator.upload(IMAGES, "dessin.svg", svg, &fields).await.is(422);
    page.shows("id=\"fichier-erreur\"").shows("SVG").shows("value=\"Un dessin\"");
    coordinator.upload(IMAGES, "a.png", &png()[..300], &fields).await.is(422).shows("abîmée");
    coordinator.upload(IMAGES, "a.png", b"", &fields).await.is(422).shows("Choisissez une image");
    coordinator.upload(IMAGES, "a.png", &vec![0; 16 << 20], &fields).await.is(422).shows("15\u{a0}Mo");
    coordinator
        .upload(IMAGES, "a.png", &png(), &[])
        .await
        .is(422)
        .shows("description-erreur")
        .shows("montre-erreur");
    coordinator.get(IMAGES).await.ok().hides("data-pick");
}

#[tokio::test]
async fn people_in_a_picture_need_an_agreement_and_its_end_takes_the_picture_off_the_site() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let public = test.stranger();
    let young = [("description", "L’atelier"), ("montre", "minors")];
    let page = coordinator.upload(IMAGES, "a.png", &png(), &young).await.is(422);
    let page = page.shows("personnes-erreur").shows("accord-erreur").shows("accord-fin-erreur");
    page.shows("parents-erreur").shows("les deux parents");
    let agreed = [
        ("description", "L’atelier"),
        ("montre", "minors"),
        ("personnes", "Le groupe du mercredi\u{a0}; accords au classeur de la MJC"),
        ("accord", "2026-11-02"),
        ("accord-fin", "2026-12-01"),
        ("parents", "1"),
    ];
    coordinator.upload(IMAGES, "a.png", &png(), &agreed).await.is(303);
    let list = coordinator.get(IMAGES).await.ok().shows("Accord jusqu’au 1er\u{a0}décembre 2026");
    let id = list.body.split("data-pick=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let body = format!(
        "<p>Voici.</p><figure><img src=\"/images/{id}/960.webp\" alt=\"L’atelier\"><figcaption>Légende</figcaption></figure>"
    );
    write(
        &coordinator,
        NEWS,
        &[("titre", "Atelier"), ("corps", &body), ("couverture", &id), ("action", "publier")],
    )
    .await;
    let shown = public.get(&format!("/images/{id}/480.webp")).await.ok();
    assert_eq!(
        shown.header("cache-control"),
        "public, max-age=86400",
        "a day at most, since an agreement can be withdrawn"
    );
    public.get("/actualites/atelier").await.ok().shows(&id).shows("Légende");
    test.app.clock.advance_minutes(9 * 24 * 60);
    public.get("/actualites/atelier").await.ok().shows("Voici.").hides(&id).hides("Légende");
    public.get("/actualites").await.ok().hides(&id);
    public.get(&format!("/images/{id}/480.webp")).await.is(404);
    coordinator
        .get(&format!("{IMAGES}?etat=accord-termine"))
        .await
        .ok()
        .shows("L’atelier")
        .shows("Accord terminé");
    coordinator.get(&format!("{IMAGES}/{id}")).await.ok().shows("L’accord est terminé");
}

#[tokio::test]
async fn others_write_nothing_and_another_network_sees_nothing() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let editor = write_news(&coordinator, "Le bilan", "publier").await;
    let (id, address) = send_picture(&coordinator, "La fresque").await;
    for role in [Role::Caf, Role::Promeneur, Role::Manager, Role::Operator] {
        let other = test.someone(role, None, None).await;
        other.get(&editor).await.is(403);
        other.post(NEWS, &[("titre", "x")]).await.is(403);
        other.get(&address).await.is(404);
        other.get("/actualites/le-bilan").await.ok();
    }
    let mut tx = test.app.db.write().await.unwrap();
    let settings = kit::network::Settings::default();
    let there =
        kit::network::create(&mut tx, test.app.now(), "07", "Ardèche", Some("ardeche.test"), &settings);
    let there = there.await.unwrap();
    tx.commit().await.unwrap();
    let theirs = test.someone_in(&there, Role::Coordinator, None, None).await;
    theirs.get("/actualites/le-bilan").await.is(404);
    theirs.get(&editor).await.is(404);
    theirs.get(&address).await.is(404);
    // A text that names the picture of another network shows none.
    let body = format!("<p>Voici.</p><img src=\"{address}\" alt=\"Volée\">");
    write(&theirs, NEWS, &[("titre", "Vol"), ("corps", &body), ("action", "publier")]).await;
    theirs.get("/actualites/vol").await.ok().shows("Voici.").hides(&id);
    let cover = [("titre", "Vol"), ("corps", "x"), ("couverture", id.as_str())];
    theirs.post(NEWS, &cover).await.is(422).shows("couverture-erreur");
}

#[tokio::test]
async fn the_coordination_finds_a_text_by_its_words_and_nobody_else_does() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let find = "/espace/recherche?q=";
    coordinator.get(&format!("{find}atelier")).await.ok().hides("badge").shows("Rien ne correspond");
    let editor = write_news(&coordinator, "Les écrans en famille", "publier").await;
    coordinator.get(&format!("{find}ecran")).await.ok().shows("Actualité, publiée").shows(&editor);
    coordinator.get(&format!("{find}rendez+vous+samedi")).await.ok().shows("Les écrans en famille");
    let caf = test.someone(Role::Caf, None, None).await;
    caf.get(&format!("{find}ecran")).await.ok().hides("Les écrans en famille");
    test.stranger().get("/promeneurs?q=ecran").await.ok().hides("Les écrans en famille");
    let text = [("titre", "Les jeux"), ("corps", "Un goûter dimanche."), ("action", "enregistrer")];
    save(&coordinator, &editor, &text).await.is(303);
    coordinator.get(&format!("{find}gouter")).await.ok().shows("Les jeux");
    coordinator.get(&format!("{find}samedi")).await.ok().hides("Les jeux");
    coordinator.post(&editor.replace("modifier", "retirer"), &[]).await.is(303);
    coordinator.get(&format!("{find}gouter")).await.ok().shows("Actualité, retirée");
    coordinator.post(&editor.replace("modifier", "corbeille"), &[]).await.is(303);
    coordinator.get(&format!("{find}gouter")).await.ok().hides("Les jeux");
    coordinator.post(&editor.replace("modifier", "restaurer"), &[]).await.is(303);
    coordinator.get(&format!("{find}gouter")).await.ok().shows("Les jeux");
}

#[tokio::test]
async fn the_trash_of_the_network_shows_publications_and_pictures_and_gives_them_back() {
    let test = TestApp::start(crate::parts()).await;
    let coordinator = test.someone(Role::Coordinator, None, None).await;
    let trash = "/espace/reseau/corbeille";
    let editor = write_news(&coordinator, "Le bilan", "publier").await;
    let (id, _) = send_picture(&coordinator, "La fresque").await;
    coordinator.get(trash).await.ok().shows("La corbeille est vide.");
    coordinator.post(&editor.replace("modifier", "corbeille"), &[]).await.is(303);
    test.app.clock.advance_minutes(1);
    coordinator.post(&format!("{IMAGES}/{id}/corbeille"), &[]).await.is(303);
    let page = coordinator.get(trash).await.ok().shows("Actualité").shows("Image");
    let at = |text: &str| page.body.find(text).unwrap();
    assert!(at("La fresque") < at("Le bilan"), "the last thrown comes first");
    let publication = editor.replace("modifier", "restaurer");
    let picture = format!("{IMAGES}/{id}/restaurer");
    for restored in [&publication, &picture] {
        assert!(page.body.contains(&format!("action=\"{restored}\"")), "{restored}");
        coordinator.post(restored, &[]).await.is(303);
    }
    coordinator.get(trash).await.ok().shows("La corbeille est vide.");
    test.someone(Role::Caf, None, None).await.get(trash).await.is(403);
}
