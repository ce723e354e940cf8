//! Merging two sheets of one person or structure: both histories stay, and it can be undone.

use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Table, Timestamp, Versioned};
use kit::trail::{self, Act};
use kit::web::respond::go_saying;
use kit::{Actor, Cx, Error, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};

use super::contact::Contact;
use super::mandate::{self, Mandate};
use super::office_hours::OfficeHours;
use super::person::{self, Person};
use super::policy::{Want, require};
use super::social_profile::SocialProfile;
use super::structure::{self, Structure};

kit::table! {
    /// A merge that was made, with what is needed to undo it.
    pub struct Merge in "merge": versioned {
        pub kind: String,
        pub kept_id: Id,
        pub lost_id: Id,
        pub label: String,
        pub moved: String,
        pub merged_at: Timestamp,
        pub undone_at: Option<Timestamp>,
    }
}

/// What went from one sheet to the other.
#[derive(Default, Serialize, Deserialize)]
struct Moved {
    /// The kept sheet as it was.
    kept: serde_json::Value,
    /// Posts with their number before.
    mandates: Vec<(Id, i64)>,
    profiles: Vec<Id>,
    hours: Vec<Id>,
    contacts: Vec<Id>,
}

/// The latest merges, newest first.
pub async fn latest(tx: &mut Tx, network: Id) -> Result<Vec<Merge>> {
    let sql = sql!(
        "select network_id, id, kind, kept_id, lost_id, label, moved, merged_at, undone_at, version ",
        "from merge where network_id = $1 order by id desc limit 10"
    );
    tx.all(sql, args![network]).await
}

/// Gives everything of `lost` to `kept`, whose empty fields are filled; `lost` goes to the trash.
pub async fn people(tx: &mut Tx, actor: &Actor, kept: Id, lost: Id) -> Result<Merge> {
    if kept == lost {
        return Err(Error::refused("Une fiche ne peut pas être fusionnée avec elle-même."));
    }
    let before = person::find(tx, actor.network_id, kept).await?;
    let gone = person::find(tx, actor.network_id, lost).await?;
    let mut moved = Moved { kept: serde_json::to_value(&before).map_err(Error::bug)?, ..Moved::default() };
    for mut mandate in tx.all_in::<Mandate>(actor.network_id, "person_id", &[lost]).await? {
        moved.mandates.push((mandate.id, mandate.rank));
        mandate.person_id = Some(kept);
        tx.save(&mut mandate).await?;
    }
    for mut profile in tx.all_in::<SocialProfile>(actor.network_id, "person_id", &[lost]).await? {
        moved.profiles.push(profile.id);
        profile.person_id = kept;
        tx.save(&mut profile).await?;
    }
    for mut slot in tx.all_in::<OfficeHours>(actor.network_id, "person_id", &[lost]).await? {
        moved.hours.push(slot.id);
        slot.person_id = kept;
        tx.save(&mut slot).await?;
    }
    let mut after = before.clone();
    fill(&mut after.job_title, &gone.job_title);
    fill(&mut after.email, &gone.email);
    fill(&mut after.phone, &gone.phone);
    fill(&mut after.presentation, &gone.presentation);
    fill(&mut after.photo, &gone.photo);
    fill(&mut after.note, &gone.note);
    if after.themes.is_empty() {
        after.themes.clone_from(&gone.themes);
    }
    after.for_youth |= gone.for_youth;
    after.for_parents |= gone.for_parents;
    let merge = remember(tx, actor, "person", &before.name(), (kept, lost), &moved).await?;
    bury(tx, actor, gone).await?;
    person::change(tx, actor, &before, after, "person.merged", Some(merge.id)).await?;
    Ok(merge)
}

async fn bury(tx: &mut Tx, actor: &Actor, gone: Person) -> Result<()> {
    let mut buried = gone.clone();
    buried.deleted_at = Some(actor.now);
    buried.published_at = None;
    person::change(tx, actor, &gone, buried, "person.trashed", None).await.map(|_| ())
}

fn fill<T: Clone>(kept: &mut Option<T>, other: &Option<T>) {
    if kept.is_none() {
        kept.clone_from(other);
    }
}

/// The same for structures: posts and contacts move, numbers of open posts are made distinct.
pub async fn structures(tx: &mut Tx, actor: &Actor, kept: Id, lost: Id) -> Result<Merge> {
    if kept == lost {
        return Err(Error::refused("Une structure ne peut pas être fusionnée avec elle-même."));
    }
    let before = structure::find(tx, actor.network_id, kept).await?;
    let gone = structure::find(tx, actor.network_id, lost).await?;
    let mut moved = Moved { kept: serde_json::to_value(&before).map_err(Error::bug)?, ..Moved::default() };
    for mut mandate in tx.all_in::<Mandate>(actor.network_id, "structure_id", &[lost]).await? {
        moved.mandates.push((mandate.id, mandate.rank));
        if mandate.ended_on.is_none() && mandate.deleted_at.is_none() {
            mandate.rank = mandate::free_rank(tx, actor.network_id, kept).await?;
        }
        mandate.structure_id = kept;
        tx.save(&mut mandate).await?;
    }
    for mut contact in tx.all_in::<Contact>(actor.network_id, "structure_id", &[lost]).await? {
        moved.contacts.push(contact.id);
        contact.structure_id = Some(kept);
        tx.save(&mut contact).await?;
    }
    let mut after = before.clone();
    for (kept, other) in [
        (&mut after.kind, &gone.kind),
        (&mut after.legal_form, &gone.legal_form),
        (&mut after.employer_status, &gone.employer_status),
        (&mut after.siret, &gone.siret),
        (&mut after.address, &gone.address),
        (&mut after.postcode, &gone.postcode),
        (&mut after.insee_code, &gone.insee_code),
        (&mut after.commune, &gone.commune),
        (&mut after.epci, &gone.epci),
        (&mut after.phone, &gone.phone),
        (&mut after.email, &gone.email),
        (&mut after.website, &gone.website),
        (&mut after.presentation, &gone.presentation),
        (&mut after.manager_name, &gone.manager_name),
        (&mut after.manager_title, &gone.manager_title),
        (&mut after.manager_phone, &gone.manager_phone),
        (&mut after.manager_email, &gone.manager_email),
        (&mut after.note, &gone.note),
    ] {
        fill(kept, other);
    }
    fill(&mut after.latitude, &gone.latitude);
    fill(&mut after.longitude, &gone.longitude);
    let merge = remember(tx, actor, "structure", &before.name, (kept, lost), &moved).await?;
    let mut buried = gone.clone();
    buried.deleted_at = Some(actor.now);
    buried.published_at = None;
    structure::change(tx, actor, &gone, buried, "structure.trashed", Some(merge.id)).await?;
    structure::change(tx, actor, &before, after, "structure.merged", Some(merge.id)).await?;
    Ok(merge)
}

async fn remember(
    tx: &mut Tx,
    actor: &Actor,
    kind: &str,
    label: &str,
    (kept, lost): (Id, Id),
    moved: &Moved,
) -> Result<Merge> {
    let merge = Merge {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        kind: kind.to_owned(),
        kept_id: kept,
        lost_id: lost,
        label: label.to_owned(),
        moved: serde_json::to_string(moved).map_err(Error::bug)?,
        merged_at: actor.now,
        undone_at: None,
        version: 1,
    };
    tx.insert(std::slice::from_ref(&merge)).await?;
    Ok(merge)
}

/// Gives back what was moved and brings the lost sheet out of the trash. What was filled in on the kept
/// sheet is emptied again; what someone changed since stays.
pub async fn undo(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Merge> {
    let mut merge: Merge = tx.get(actor.network_id, id).await?;
    if merge.undone_at.is_some() {
        return Err(Error::refused("Cette fusion a déjà été annulée."));
    }
    let moved: Moved = serde_json::from_str(&merge.moved).map_err(Error::bug)?;
    match merge.kind.as_str() {
        "person" => undo_people(tx, actor, &merge, &moved).await?,
        _ => undo_structures(tx, actor, &merge, &moved).await?,
    }
    merge.undone_at = Some(actor.now);
    tx.save(&mut merge).await?;
    Ok(merge)
}

async fn undo_people(tx: &mut Tx, actor: &Actor, merge: &Merge, moved: &Moved) -> Result<()> {
    for (id, _) in &moved.mandates {
        set::<Mandate>(tx, actor, *id, |m| m.person_id = Some(merge.lost_id)).await?;
    }
    for id in &moved.profiles {
        set::<SocialProfile>(tx, actor, *id, |p| p.person_id = merge.lost_id).await?;
    }
    for id in &moved.hours {
        set::<OfficeHours>(tx, actor, *id, |h| h.person_id = merge.lost_id).await?;
    }
    let lost: Person = tx.get(actor.network_id, merge.lost_id).await?;
    let mut restored = lost.clone();
    restored.deleted_at = None;
    let was: Person = serde_json::from_value(moved.kept.clone()).map_err(Error::bug)?;
    let now = person::find(tx, actor.network_id, merge.kept_id).await?;
    let mut back = now.clone();
    unfill(&mut back.job_title, &was.job_title, &lost.job_title);
    unfill(&mut back.email, &was.email, &lost.email);
    unfill(&mut back.phone, &was.phone, &lost.phone);
    unfill(&mut back.presentation, &was.presentation, &lost.presentation);
    unfill(&mut back.photo, &was.photo, &lost.photo);
    unfill(&mut back.note, &was.note, &lost.note);
    person::change(tx, actor, &lost, restored, "person.restored", Some(merge.id)).await?;
    person::change(tx, actor, &now, back, "person.unmerged", Some(merge.id)).await.map(|_| ())
}

async fn undo_structures(tx: &mut Tx, actor: &Actor, merge: &Merge, moved: &Moved) -> Result<()> {
    for (id, rank) in &moved.mandates {
        let rank = *rank;
        set::<Mandate>(tx, actor, *id, |m| (m.structure_id, m.rank) = (merge.lost_id, rank)).await?;
    }
    for id in &moved.contacts {
        set::<Contact>(tx, actor, *id, |c| c.structure_id = Some(merge.lost_id)).await?;
    }
    let lost: Structure = tx.get(actor.network_id, merge.lost_id).await?;
    let mut restored = lost.clone();
    restored.deleted_at = None;
    let was: Structure = serde_json::from_value(moved.kept.clone()).map_err(Error::bug)?;
    let now = structure::find(tx, actor.network_id, merge.kept_id).await?;
    let mut back = now.clone();
    unfill(&mut back.siret, &was.siret, &lost.siret);
    unfill(&mut back.address, &was.address, &lost.address);
    unfill(&mut back.phone, &was.phone, &lost.phone);
    unfill(&mut back.email, &was.email, &lost.email);
    unfill(&mut back.manager_name, &was.manager_name, &lost.manager_name);
    unfill(&mut back.note, &was.note, &lost.note);
    structure::change(tx, actor, &lost, restored, "structure.restored", Some(merge.id)).await?;
    structure::change(tx, actor, &now, back, "structure.unmerged", Some(merge.id)).await.map(|_| ())
}

/// Empties a field that the merge had filled and that nobody has touched since.
fn unfill(now: &mut Option<String>, was: &Option<String>, filled_with: &Option<String>) {
    if was.is_none() && now == filled_with {
        *now = None;
    }
}

async fn set<T: Table + Versioned>(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    change: impl FnOnce(&mut T),
) -> Result<()> {
    match tx.get::<T>(actor.network_id, id).await {
        Ok(mut row) => {
            change(&mut row);
            tx.save(&mut row).await
        }
        // Removed since: there is nothing to give back.
        Err(Error::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

/// `POST /espace/reseau/fusions/{id}/annuler`.
pub async fn cancel(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let merge = undo(&mut tx, &cx.actor(), id).await?;
    trail::record(
        &mut tx,
        &cx.actor(),
        Act::new("merge.undone", trail::Subject::new("merge", merge.id, merge.label.clone())),
    )
    .await?;
    tx.commit().await?;
    Ok(go_saying("/espace/reseau/doublons", "Fusion annulée : les deux fiches sont de nouveau distinctes."))
}
