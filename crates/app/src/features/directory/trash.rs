//! The trash: what was deleted waits thirty days at `/espace/reseau/corbeille` before it is gone.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::jobs::{Job, Outcome};
use kit::trail::{self, Act};
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page};
use kit::{Actor, App, Cx, Error, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};

use super::contact::{self, Contact, Organisation};
use super::findable;
use super::mandate::Mandate;
use super::person::{self, Person};
use super::policy::{Want, require};
use super::structure::{self, Structure};
use crate::features::{self, Thrown};

/// Days in the trash.
pub const DAYS: i64 = 30;

/// Most things that the page shows.
const MOST: usize = 200;

struct Item {
    thrown: Thrown,
    deleted: String,
}

#[derive(Template)]
#[template(path = "directory/trash.html")]
struct TrashPage {
    frame: Frame,
    items: Vec<Item>,
}

pub async fn list(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let items = features::thrown(&mut tx, cx.network.id, MOST)
        .await?
        .into_iter()
        .map(|thrown| Item { deleted: thrown.deleted_at.long_in(cx.network.zone()), thrown })
        .collect();
    Ok(page(&TrashPage { frame: cx.frame("Corbeille"), items }))
}

/// What the directory has in the trash.
pub async fn thrown(tx: &mut Tx, network: Id, most: i64) -> Result<Vec<Thrown>> {
    let sql = sql!(
        "select 'promeneur' as kind, id, first_name || ' ' || last_name as label, deleted_at from person ",
        "where network_id = $1 and deleted_at is not null union all ",
        "select 'structure', id, name, deleted_at from structure where network_id = $1 and deleted_at is not null ",
        "union all select 'partenaire', id, name, deleted_at from organisation ",
        "where network_id = $1 and deleted_at is not null union all ",
        "select 'contact', id, first_name || ' ' || last_name, deleted_at from contact ",
        "where network_id = $1 and deleted_at is not null order by 4 desc limit $2"
    );
    let rows: Vec<(String, Id, String, Timestamp)> = tx.all(sql, args![network, most]).await?;
    let thrown = rows.into_iter().map(|(code, id, label, deleted_at)| Thrown {
        kind: match code.as_str() {
            "promeneur" => "Promeneur",
            "structure" => "Structure",
            "partenaire" => "Partenaire",
            _ => "Contact",
        },
        restore_url: format!("/espace/reseau/corbeille/{code}/{id}"),
        label,
        deleted_at,
    });
    Ok(thrown.collect())
}

/// Puts a person in the trash. Refused while they hold a post: that is a departure.
pub async fn throw_person(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = person::find(&mut tx, cx.network.id, id).await?;
    let sheet = super::sheet::load_one(&mut tx, cx.network.id, id).await?;
    if sheet.holdings.iter().any(|h| !h.mandate.is_over(cx.today())) {
        return Err(Error::refused(format!(
            "{} occupe encore un poste : enregistrez d’abord son départ.",
            before.name()
        )));
    }
    let mut after = before.clone();
    after.deleted_at = Some(cx.now);
    after.published_at = None;
    person::change(&mut tx, &cx.actor(), &before, after, "person.trashed", None).await?;
    tx.commit().await?;
    Ok(go_saying("/espace/reseau/corbeille", "Fiche mise à la corbeille pour 30 jours."))
}

/// Puts a structure in the trash. Refused while posts are held there.
pub async fn throw_structure(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = structure::find(&mut tx, cx.network.id, id).await?;
    let open = super::mandate::open_posts(&mut tx, cx.network.id, id, cx.today()).await?;
    if open.iter().any(|m| m.person_id.is_some()) {
        return Err(Error::refused("Des promeneurs y occupent un poste : enregistrez d’abord leur départ."));
    }
    let mut after = before.clone();
    after.deleted_at = Some(cx.now);
    after.published_at = None;
    structure::change(&mut tx, &cx.actor(), &before, after, "structure.trashed", None).await?;
    tx.commit().await?;
    Ok(go_saying("/espace/reseau/corbeille", "Structure mise à la corbeille pour 30 jours."))
}

pub async fn throw_organisation(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = contact::find_organisation(&mut tx, cx.network.id, id).await?;
    let after = Organisation { deleted_at: Some(cx.now), ..before.clone() };
    contact::keep_organisation(&mut tx, &cx.actor(), Some(&before), after).await?;
    tx.commit().await?;
    Ok(go_saying("/espace/reseau/corbeille", "Partenaire mis à la corbeille pour 30 jours."))
}

pub async fn throw_contact(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = contact::find_contact(&mut tx, cx.network.id, id).await?;
    let after = Contact { deleted_at: Some(cx.now), ..before.clone() };
    contact::keep_contact(&mut tx, &cx.actor(), Some(&before), after).await?;
    tx.commit().await?;
    Ok(go_saying("/espace/reseau/corbeille", "Contact mis à la corbeille pour 30 jours."))
}

/// `POST /espace/reseau/corbeille/{kind}/{id}`: takes something out again.
pub async fn restore(cx: Cx, Path((kind, id)): Path<(String, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let actor = cx.actor();
    let url = match kind.as_str() {
        "promeneur" => {
            let before: Person = tx.get(cx.network.id, id).await?;
            let after = Person { deleted_at: None, ..before.clone() };
            person::change(&mut tx, &actor, &before, after, "person.restored", None).await?.url()
        }
        "structure" => {
            let before: Structure = tx.get(cx.network.id, id).await?;
            let after = Structure { deleted_at: None, ..before.clone() };
            structure::change(&mut tx, &actor, &before, after, "structure.restored", None).await?.url()
        }
        "partenaire" => {
            let before: Organisation = tx.get(cx.network.id, id).await?;
            let after = Organisation { deleted_at: None, ..before.clone() };
            contact::keep_organisation(&mut tx, &actor, Some(&before), after).await?.url()
        }
        "contact" => {
            let before: Contact = tx.get(cx.network.id, id).await?;
            let after = Contact { deleted_at: None, ..before.clone() };
            contact::keep_contact(&mut tx, &actor, Some(&before), after).await?.url()
        }
        _ => return Err(Error::NotFound),
    };
    tx.commit().await?;
    Ok(go_saying(&url, "Restauré depuis la corbeille."))
}

/// Empties the trash of what has been there for thirty days.
#[derive(Serialize, Deserialize)]
pub struct EmptyTrash {}

impl Job for EmptyTrash {
    const KIND: &'static str = "directory.empty_trash";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let mut tx = app.db.write().await?;
        purge(&mut tx, &Actor::program(network, "Esplanade", app.now())).await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }
}

async fn purge(tx: &mut Tx, actor: &Actor) -> Result<()> {
    let before = actor.now.plus_days(-DAYS);
    let people = sql!("select id from person where network_id = $1 and deleted_at < $2 limit 500");
    let people: Vec<(Id,)> = tx.all(people, args![actor.network_id, before]).await?;
    let people: Vec<Id> = people.into_iter().map(|(id,)| id).collect();
    tx.delete_in::<super::social_profile::SocialProfile>(actor.network_id, "person_id", &people).await?;
    tx.delete_in::<super::office_hours::OfficeHours>(actor.network_id, "person_id", &people).await?;
    tx.delete_in::<super::office_hours::DayOff>(actor.network_id, "person_id", &people).await?;
    // Past holdings stay, nameless, so that the posts of a structure keep their history.
    for mut mandate in tx.all_in::<Mandate>(actor.network_id, "person_id", &people).await? {
        mandate.person_id = None;
        mandate.note = None;
        tx.save(&mut mandate).await?;
    }
    for id in &people {
        tx.delete::<Person>(actor.network_id, *id).await?;
        let act = Act::new("person.erased", trail::Subject::new("person", *id, "Fiche effacée"));
        trail::record(tx, actor, act).await?;
    }
    kit::db::facets::replace(tx, actor.network_id, &people, Vec::new()).await?;
    tx.delete_in::<kit::db::facets::Card>(actor.network_id, "id", &people).await?;
    kit::db::fulltext::forget(tx, actor.network_id, "person", &people).await?;
    purge_contacts(tx, actor, before).await
}

async fn purge_contacts(tx: &mut Tx, actor: &Actor, before: Timestamp) -> Result<()> {
    let contacts = sql!("select id from contact where network_id = $1 and deleted_at < $2 limit 500");
    let contacts: Vec<(Id,)> = tx.all(contacts, args![actor.network_id, before]).await?;
    for (id,) in contacts {
        let contact: Contact = tx.get(actor.network_id, id).await?;
        findable::put_contact(tx, &contact).await?;
        tx.delete::<Contact>(actor.network_id, id).await?;
    }
    Ok(())
}
