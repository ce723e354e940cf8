//! The minutes of a meeting, from the notes to whom they were sent, and their corrections.

use kit::Role;
use kit::testing::{Person, TestApp};

use super::super::invitee::Invitee;
use super::super::meeting::Meeting;
use super::super::minutes::{Minutes, MinutesVersion};
use super::super::minutes_mail::MinutesRecipient;
use super::super::minutes_remark::MinutesRemark;
use super::all;
use super::meetings::{link, mails, meeting};
use super::sessions::{attends, items, session};
use crate::features::support::activity_entry::ActivityEntry;

/// A Copil that was held, with notes, attendance and a decision; its address.
async fn held(test: &TestApp, me: &Person<'_>) -> String {
    let page = session(test, me).await;
    let item = items(test).await[0].id.to_string();
    me.post(&format!("{page}/seance/point"), &[("point", &item)]).await.is(303);
    let noted = [
        ("corps", "<h2>Bilan</h2><p>Trois promeneurs <strong>nouveaux</strong>.</p>"),
        ("version", "0"),
        ("point-version", "1"),
        ("ensuite", "traite"),
    ];
    me.post(&format!("{page}/seance/notes/{item}"), &noted).await.is(303);
    attends(test, me, &page, "Zoé Perrin", &[("presence", "present")]).await;
    attends(test, me, &page, "Ana Lopes", &[("presence", "excused")]).await;
    let decided = [("texte", "Ouvrir <deux> postes"), ("mode", "consensus"), ("point", item.as_str())];
    me.post(&format!("{page}/seance/decisions"), &decided).await.is(303);
    me.post(&format!("{page}/tenue"), &[]).await.is(303);
    page
}

/// The latest edition.
async fn latest(test: &TestApp) -> Minutes {
    all::<Minutes>(test).await.into_iter().max_by_key(|one| one.edition).unwrap()
}

#[tokio::test]
async fn minutes_begin_with_what_was_noted_and_decided_and_keep_every_text() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = held(&test, &me).await;
    let minutes = format!("{page}/compte-rendu");
    me.get(&minutes).await.ok().shows("Rédiger le compte rendu");
    me.post(&minutes, &[]).await.is(303);
    let first = latest(&test).await;
    assert!(
        first.body.starts_with("<h2>1. Suivi des décisions précédentes</h2><h3>Bilan</h3>"),
        "{}",
        first.body
    );
    assert!(first.body.contains("(consensus)&nbsp;: Ouvrir &lt;deux&gt; postes"), "{}", first.body);
    assert_eq!(meeting(&test).await.state, "drafting");
    me.get(&minutes)
        .await
        .ok()
        .shows("Zoé Perrin (Caf)")
        .shows("Excusés")
        .shows("1 voix sur 4, quorum de 2 non atteint");
    let written = [("corps", "<p>Tout est dit.</p>"), ("version", "1")];
    me.post(&format!("{minutes}/modifier"), &written).await.is(303);
    let stale = [("corps", "<p>Autre chose.</p>"), ("version", "1")];
    me.post(&format!("{minutes}/modifier"), &stale)
        .await
        .is(409)
        .shows("Autre chose.")
        .shows("comparé à votre texte");
    let young = [("corps", "<p>Tom, 15 ans, a parlé.</p>"), ("version", "2")];
    me.post(&format!("{minutes}/modifier"), &young).await.is(422).shows("corps-confirme");
    me.get(&format!("{minutes}/versions?version=1")).await.ok().shows("Reprendre ce texte").shows("Bilan");
    me.post(&format!("{minutes}/versions"), &[("version", "1")]).await.is(303);
    assert_eq!(latest(&test).await.body, first.body);
    assert_eq!(all::<MinutesVersion>(&test).await.len(), 3, "what was replaced is kept too");
    let partner = test.someone(Role::Partner, None, None).await;
    partner.get(&minutes).await.is(404);
    let caf = test.someone(Role::Caf, None, None).await;
    caf.get(&minutes).await.ok().hides("Trois promeneurs");
    caf.post(&format!("{minutes}/valider"), &[]).await.is(403);
}

#[tokio::test]
async fn members_read_and_remark_by_their_link_and_minutes_wait_for_the_answers() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = held(&test, &me).await;
    let minutes = format!("{page}/compte-rendu");
    me.post(&minutes, &[]).await.is(303);
    let own = format!("{}/compte-rendu", link(&test, "Zoé Perrin").await);
    test.stranger().get(&own).await.is(404);
    me.post(&format!("{minutes}/soumettre"), &[("remarques", "2020-01-01")])
        .await
        .is(422)
        .shows("Ce jour est passé.");
    me.post(&format!("{minutes}/soumettre"), &[("remarques", "2099-01-01")]).await.is(303);
    let sent = mails(&test, "minutes_review").await;
    assert_eq!(sent.len(), 4, "everyone who has an address");
    assert!(sent.iter().any(|mail| mail.text_body.contains(&own)));
    test.stranger().get(&own).await.ok().shows("Trois promeneurs").shows("pas encore validé");
    test.stranger().post(&own, &[]).await.is(422).shows("Écrivez votre remarque");
    let wording = [("passage", "nouveaux"), ("redaction", "arrivés <b>en mars</b>")];
    test.stranger().post(&own, &wording[1..]).await.is(422).shows("Copiez le passage").shows("en mars");
    test.stranger().post(&own, &wording).await.is(303);
    test.stranger().post(&own, &[("remarque", "Merci de citer la mairie.")]).await.is(303);
    me.get(&minutes).await.ok().shows("2 remarques attendent").shows("Retenir et modifier le texte");
    me.post(&format!("{minutes}/valider"), &[]).await.is(422).shows("Répondez d’abord à 2 remarques");
    let remarks: Vec<MinutesRemark> = all(&test).await;
    for one in &remarks {
        let keep = if one.wording.is_some() { "1" } else { "" };
        let address = format!("{minutes}/remarques/{}", one.id);
        me.post(&address, &[("retenir", keep), ("reponse", "Vu en séance")]).await.is(303);
        me.post(&address, &[("retenir", keep)]).await.is(409);
    }
    let text = latest(&test).await.body;
    assert!(text.contains("<strong>arrivés &lt;b&gt;en mars&lt;/b&gt;</strong>"), "{text}");
    test.stranger().get(&own).await.ok().shows("Retenue").shows("Non retenue").shows("Vu en séance");
    // Attendance and decisions are no longer changed behind the back of those who read.
    attends_not(&me, &test, &page).await;
    me.post(&format!("{minutes}/valider"), &[("par", "Zoé Perrin, présidente")]).await.is(303);
    test.stranger()
        .post(&own, &[("remarque", "Trop tard")])
        .await
        .is(422)
        .shows("n’attend plus de remarques");
    me.post(&format!("{minutes}/modifier"), &[("corps", "x"), ("version", "9")])
        .await
        .is(422)
        .shows("nouvelle version");
    me.get(&minutes).await.ok().shows("Zoé Perrin, présidente").shows("Diffuser");
}

async fn attends_not(me: &Person<'_>, test: &TestApp, page: &str) {
    let one: Invitee = all(test).await.remove(0);
    let late = [("presence", "present")];
    me.post(&format!("{page}/seance/presences/{}", one.id), &late).await.is(422).shows("ne change plus");
    me.post(&format!("{page}/seance/decisions"), &[("texte", "Après coup"), ("mode", "consensus")])
        .await
        .is(422);
}

#[tokio::test]
async fn everyone_receives_the_same_file_once_and_a_correction_says_what_it_changes() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = held(&test, &me).await;
    let minutes = format!("{page}/compte-rendu");
    me.post(&minutes, &[]).await.is(303);
    me.post(&format!("{minutes}/diffusion"), &[]).await.is(422).shows("une fois validé");
    me.post(&format!("{minutes}/soumettre"), &[]).await.is(303);
    me.post(&format!("{minutes}/valider"), &[]).await.is(303);
    me.post(&format!("{minutes}/diffusion"), &[]).await.is(422).shows("au moins une personne");
    let people: Vec<Invitee> = all(&test).await;
    let ids: Vec<String> =
        people.iter().filter(|one| one.email.is_some()).map(|one| one.id.to_string()).collect();
    let mut form: Vec<(&str, &str)> = ids.iter().map(|id| ("personnes", id.as_str())).collect();
    form.push(("autres", "Nora Petit <nora@prefecture.test>"));
    let wrong = [("autres", "nora(at)prefecture")];
    me.post(&format!("{minutes}/diffusion"), &wrong).await.is(422).shows("n’est pas une adresse");
    assert!(all::<MinutesRecipient>(&test).await.is_empty());
    me.post(&format!("{minutes}/diffusion"), &form).await.is(303);
    me.post(&format!("{minutes}/diffusion"), &form).await.is(422).shows("une seule fois");
    let sent = mails(&test, "minutes").await;
    assert_eq!(sent.len(), 5);
    let files: Vec<String> = sent.iter().map(|mail| mail.files().remove(0).file).collect();
    assert!(files.windows(2).all(|two| two[0] == two[1]), "the same file for everyone");
    let bytes = test.app.files.get(test.network.id, &files[0]).await.unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    test.run_jobs().await;
    me.get(&format!("{minutes}/diffusion"))
        .await
        .ok()
        .shows("Remis au serveur")
        .shows("nora@prefecture.test");
    let nora = sent.iter().find(|mail| mail.recipient.starts_with("nora")).unwrap();
    let link = nora.text_body.split_whitespace().find(|word| word.contains("/compte-rendu/")).unwrap();
    let link = link[link.find("/compte-rendu/").unwrap()..].to_owned();
    test.stranger().get(&link).await.ok().shows("Trois promeneurs").shows("Ouvrir &#60;deux&#62; postes");
    test.stranger().get(&format!("{link}/pdf")).await.ok();
    test.stranger().get(&format!("{link}/exe")).await.is(404);
    test.stranger().get("/compte-rendu/forged").await.is(410);
    let lines: Vec<ActivityEntry> = all(&test).await;
    assert!(
        lines.iter().any(|line| line.title.starts_with("Compte rendu")),
        "the journal is offered its line"
    );
    corrected(&test, &me, &minutes, &form, &link).await;
}

/// A correction is another edition: the first stays as it was.
async fn corrected(test: &TestApp, me: &Person<'_>, minutes: &str, form: &[(&str, &str)], link: &str) {
    me.post(&format!("{minutes}/corriger"), &[]).await.is(422).shows("Dites ce que cette version corrige");
    let what = [("correction", "Le nombre de postes")];
    me.post(&format!("{minutes}/corriger"), &what).await.is(303);
    assert_eq!(latest(test).await.edition, 2);
    me.post(&format!("{minutes}/soumettre"), &[]).await.is(303);
    me.post(&format!("{minutes}/valider"), &[]).await.is(303);
    me.post(&format!("{minutes}/diffusion"), form).await.is(303);
    let again = mails(test, "minutes").await;
    assert_eq!(again.len(), 10);
    assert!(
        again[0].text_body.contains("Ce qui change") && again[0].text_body.contains("Le nombre de postes")
    );
    test.stranger().get(link).await.ok().shows("Une version corrigée a été diffusée");
    me.get(&format!("{minutes}?edition=1")).await.ok().shows("Une version plus récente existe");
    me.post(&format!("{minutes}/archiver"), &[]).await.is(303);
    assert_eq!(all::<Meeting>(test).await[0].state, "archived");
}
