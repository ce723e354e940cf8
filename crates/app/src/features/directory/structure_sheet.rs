//! `/espace/reseau/structures/{id}`: a structure, its posts and who succeeded whom in them.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page};
use kit::{Cx, Result, Tx};

use super::cleaning::{phone, siret};
use super::contact::Contact;
use super::history::{self, Event};
use super::mandate::{Mandate, Standing};
use super::person::Person;
use super::policy::{Want, may, require};
use super::structure::{self, Structure};
use super::vocabulary::{List, Vocabulary};
use super::{findable, person_sheet};
use crate::features::Origin;

#[derive(Template)]
#[template(path = "directory/structure_sheet.html")]
struct StructurePage {
    frame: Frame,
    structure: Structure,
    kind: String,
    legal_form: String,
    phone: String,
    manager_phone: String,
    siret: String,
    posts: Vec<Post>,
    vacant: i64,
    contacts: Vec<Contact>,
    timeline: Vec<Event>,
    may_keep: bool,
    may_propose: bool,
}

/// A post of the structure with everyone who has held it, latest first.
struct Post {
    rank: i64,
    holdings: Vec<Held>,
}

struct Held {
    mandate: Mandate,
    person: Option<Person>,
    standing: Standing,
    dates: String,
    decided: Vec<Origin>,
}

pub(super) async fn visible(cx: &Cx, tx: &mut Tx, id: Id) -> Result<Structure> {
    require(cx.visitor()?, Want::ReadStructure(id))?;
    structure::find(tx, cx.network.id, id).await
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let structure = visible(&cx, &mut tx, id).await?;
    let visitor = cx.visitor()?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let posts = posts(&cx, &mut tx, id).await?;
    let mut contacts: Vec<Contact> = tx.all_in(cx.network.id, "structure_id", &[id]).await?;
    contacts.retain(|contact| contact.deleted_at.is_none());
    contacts.sort_by(|a, b| a.name_key.cmp(&b.name_key));
    let timeline = history::of(&mut tx, &cx.network, "structure", id, may(visitor, Want::ReadNotes)).await?;
    let today = cx.today();
    let held = posts.iter().filter(|p| p.holdings.iter().any(|h| h.mandate.is_current(today))).count();
    Ok(page(&StructurePage {
        frame: cx.frame(structure.name.clone()),
        kind: vocabulary.label_of(List::StructureType, structure.kind.as_deref()),
        legal_form: vocabulary.label_of(List::LegalForm, structure.legal_form.as_deref()),
        phone: structure.phone.as_deref().map(phone::display).unwrap_or_default(),
        manager_phone: structure.manager_phone.as_deref().map(phone::display).unwrap_or_default(),
        siret: structure.siret.as_deref().map(siret::display).unwrap_or_default(),
        vacant: (structure.labelled_posts - i64::try_from(held).unwrap_or(0)).max(0),
        posts,
        contacts: if may(visitor, Want::ReadNetwork) { contacts } else { Vec::new() },
        timeline,
        may_keep: may(visitor, Want::Keep),
        may_propose: visitor.manages(structure.id),
        structure,
    }))
}

async fn posts(cx: &Cx, tx: &mut Tx, id: Id) -> Result<Vec<Post>> {
    let mut mandates: Vec<Mandate> = tx.all_in(cx.network.id, "structure_id", &[id]).await?;
    mandates.retain(|m| m.deleted_at.is_none());
    mandates.sort_by_key(|m| (m.rank, std::cmp::Reverse((m.started_on, m.id))));
    let ids: Vec<Id> = mandates.iter().filter_map(|m| m.person_id).collect();
    let people = findable::names(tx, cx.network.id, &ids).await?;
    let profiles: Vec<super::social_profile::SocialProfile> =
        tx.all_in(cx.network.id, "person_id", &ids).await?;
    let hours: Vec<super::office_hours::OfficeHours> = tx.all_in(cx.network.id, "person_id", &ids).await?;
    let decided = person_sheet::decided(cx, tx, mandates.iter()).await?;
    let conditions = cx.network.settings().active_conditions;
    let today = cx.today();
    let mut posts: Vec<Post> = Vec::new();
    for mandate in mandates {
        let own: Vec<_> =
            profiles.iter().filter(|p| Some(p.person_id) == mandate.person_id).cloned().collect();
        let has_hours = hours.iter().any(|h| Some(h.person_id) == mandate.person_id);
        let held = Held {
            person: mandate.person_id.and_then(|id| people.get(&id).cloned()),
            standing: mandate.standing(&own, has_hours, &conditions, today),
            decided: person_sheet::of_post(&decided, mandate.id),
            dates: person_sheet::dates(mandate.started_on, mandate.ended_on, today),
            mandate,
        };
        match posts.last_mut().filter(|post| post.rank == held.mandate.rank) {
            Some(post) => post.holdings.push(held),
            None => posts.push(Post { rank: held.mandate.rank, holdings: vec![held] }),
        }
    }
    Ok(posts)
}

/// Puts the structure on the public site.
pub async fn publish(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    set_published(cx, id, true).await
}

/// Takes it off at once.
pub async fn unpublish(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    set_published(cx, id, false).await
}

async fn set_published(cx: Cx, id: Id, on: bool) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = structure::find(&mut tx, cx.network.id, id).await?;
    if on && !before.is_in_network() {
        return Err(kit::Error::refused(
            "Cette structure n’est pas dans le réseau : changez d’abord son statut.",
        ));
    }
    let mut after = before.clone();
    after.published_at = on.then_some(cx.now);
    let action = if on { "structure.published" } else { "structure.unpublished" };
    let after = structure::change(&mut tx, &cx.actor(), &before, after, action, None).await?;
    tx.commit().await?;
    Ok(go_saying(
        &after.url(),
        if on { "La structure est en ligne." } else { "La structure n’est plus en ligne." },
    ))
}
