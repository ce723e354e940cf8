//! Who is asked: a committee, a list, typed addresses; each once.

use kit::Role;
use kit::testing::TestApp;

use super::super::POLLS;
use super::super::participant::Participant;
use super::super::poll_answer::PollAnswer;
use super::*;
use crate::features::directory::contact::{self, Contact, Organisation};
use crate::features::mailings::definition::{Definition, Other};
use crate::features::mailings::distribution_list::{self, DistributionList};

async fn names(test: &TestApp) -> Vec<String> {
    let mut people: Vec<Participant> = all(test).await;
    people.sort_by(|one, other| one.order_key.cmp(&other.order_key));
    people.into_iter().map(|one| one.name).collect()
}

#[tokio::test]
async fn a_committee_a_list_and_typed_addresses_are_asked_each_once() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let copil = copil(&test).await;
    let mut tx = test.app.db.write().await.unwrap();
    let other = |name: &str, address: &str| Other { name: name.to_owned(), address: address.to_owned() };
    let others = vec![other("Zoé P.", "zoe@caf.test"), other("Luc Roy", "luc@msa.test")];
    let definition = Definition { others, ..Definition::default() };
    let list = DistributionList::named(test.network.id, test.app.now(), "Amis du réseau", &definition);
    let list = distribution_list::keep(&mut tx, &actor(&test), None, list).await.unwrap();
    let mda = Organisation::named(test.network.id, test.app.now(), "Maison des adolescents");
    let mda = contact::keep_organisation(&mut tx, &actor(&test), None, mda).await.unwrap();
    let sofia = Contact {
        organisation_id: Some(mda.id),
        email: Some("sofia@mda.test".to_owned()),
        ..Contact::named(test.network.id, test.app.now(), "Sofia", "Moreau")
    };
    contact::keep_contact(&mut tx, &actor(&test), None, sofia).await.unwrap();
    tx.commit().await.unwrap();
    let there = post(&me, &format!("{POLLS}/nouveau"), &form(&test, &[20]), &[]).await.goes_to();
    me.get(&there).await.ok().shows("Comité de pilotage").shows("Amis du réseau");
    me.post(&there, &[]).await.is(422).shows("Choisissez un comité ou une liste, ou donnez une adresse.");
    me.post(&there, &[("adresses", "Sofia (at) mda")]).await.is(422).shows("n’est pas une adresse");
    assert!(all::<Participant>(&test).await.is_empty());
    let (committee, list) = (copil.id.to_string(), list.id.to_string());
    let fields = [
        ("comite", committee.as_str()),
        ("rang", "titular"),
        ("liste", list.as_str()),
        ("adresses", "ANA@departement.test\nsofia@mda.test\n\"Li, Na\" <na@mda.test>"),
    ];
    let page = me.post(&there, &fields).await.goes_to();
    assert_eq!(
        names(&test).await,
        ["Ana Lopes", "Li, Na", "Luc Roy", "Paul Blanc", "Sofia Moreau", "Zoé Perrin"]
    );
    assert_eq!(person(&test, "Sofia Moreau").await.organisation, "Maison des adolescents");
    me.get(&page)
        .await
        .ok()
        .shows("Sans adresse, à joindre autrement")
        .shows("Envoyer le sondage à 5 personnes");
    me.post(&there, &fields).await.is(303);
    assert_eq!(names(&test).await.len(), 6, "nobody is asked twice");
}

#[tokio::test]
async fn someone_who_is_taken_out_leaves_nothing_and_may_have_been_the_last_to_answer() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let page = sent(&test, &me, &[20]).await;
    say(&test, "Zoé Perrin", &["oui"]).await.is(303);
    let (zoe, ana) = (person(&test, "Zoé Perrin").await, person(&test, "Ana Lopes").await);
    let own = link(&test, "Ana Lopes").await;
    me.post(&format!("{}/retirer", ana.url()), &[]).await.is(303);
    assert_eq!(noted(&test, "date_poll.all_answered").await, 1);
    test.stranger().get(&own).await.is(410);
    // Whoever is added has not answered: it is no longer everyone.
    me.post(&format!("{page}/participants"), &[("adresses", "luc@msa.test")]).await.is(303);
    assert!(poll(&test).await.all_answered_at.is_none());
    me.post(&format!("{}/retirer", zoe.url()), &[]).await.is(303);
    assert!(all::<PollAnswer>(&test).await.is_empty());
    me.post(&format!("{}/retirer", zoe.url()), &[]).await.is(404);
}

#[tokio::test]
async fn a_poll_asks_so_many_people_and_no_more() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let crowd: String = (0..300).map(|n| format!("p{n:03}@exemple.test\n")).collect();
    let page = prepared(&test, &me, &[20], &crowd).await;
    let shown = me.get(&page).await.ok().shows("Envoyer le sondage à 300 personnes");
    assert!(shown.queries <= 8, "{} statements", shown.queries);
    me.post(&format!("{page}/participants"), &[("adresses", "de.trop@exemple.test")])
        .await
        .is(422)
        .shows("300 personnes au plus");
    assert_eq!(all::<Participant>(&test).await.len(), 300);
}

#[tokio::test]
async fn nothing_is_sent_to_nobody_nor_about_dates_that_are_past() {
    let test = TestApp::start(crate::parts()).await;
    let me = test.someone(Role::Coordinator, None, None).await;
    let there = post(&me, &format!("{POLLS}/nouveau"), &form(&test, &[11]), &[]).await.goes_to();
    let page = there.trim_end_matches("/participants").to_owned();
    me.get(&page).await.ok().shows("Dites à qui envoyer le sondage");
    me.post(&format!("{page}/envoyer"), &[]).await.is(422).shows("Personne n’est à inviter");
    for act in ["clore", "rappeler", "prolonger", "conclure"] {
        me.post(&format!("{page}/{act}"), &[("jusqu", day(&test, 3).as_str())]).await.is(422);
    }
    me.post(&there, &[("adresses", TWO)]).await.is(303);
    test.app.clock.advance_minutes(12 * 24 * 60);
    me.post(&format!("{page}/envoyer"), &[]).await.is(422).shows("La date de clôture est passée.");
    assert!(test.mails().await.is_empty() && poll(&test).await.is_draft());
}
