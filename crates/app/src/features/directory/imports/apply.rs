//! A plan carried out, in one transaction, and undone as one.

use std::collections::BTreeSet;

use kit::db::{Id, Versioned};
use kit::trail::{self, Act, Subject};
use kit::{Actor, Error, Result, Tx};
use serde::de::DeserializeOwned;

use super::plan::{Draft, Plan};
use crate::features::directory::mandate::Mandate;
use crate::features::directory::office_hours::OfficeHours;
use crate::features::directory::person::{self, Person};
use crate::features::directory::social_profile::SocialProfile;
use crate::features::directory::structure::{self, Structure};

/// Tells how far the work has come: what is being done, how much of how much.
pub type Tell<'a> = &'a (dyn Fn(&str, usize, usize) + Send + Sync);

/// Writes everything a plan holds. The trail ties each line to the import, so that it can be undone.
pub async fn run(tx: &mut Tx, actor: &Actor, import: Id, plan: Plan, tell: Tell<'_>) -> Result<()> {
    let cause = Some(import);
    tell("Structures", 0, 5);
    write(tx, actor, &plan.structures, ("structure.added", "structure.imported"), cause, Structure::subject)
        .await?;
    tell("Promeneurs", 1, 5);
    write(tx, actor, &plan.people, ("person.added", "person.imported"), cause, Person::subject).await?;
    tell("Postes", 2, 5);
    write_mandates(tx, actor, &plan, cause).await?;
    tx.insert(&plan.new_profiles).await?;
    tx.insert(&plan.new_hours).await?;
    let others = plan
        .new_profiles
        .iter()
        .map(|p| {
            let label = format!("{} {}", p.social_network, p.handle);
            Act::new("social_profile.added", Subject::new("social_profile", p.id, label))
                .after(p)
                .because(cause)
        })
        .chain(plan.new_hours.iter().map(|h| {
            Act::new("office_hours.added", Subject::new("office_hours", h.id, h.label()))
                .after(h)
                .because(cause)
        }))
        .collect();
    trail::record_all(tx, actor, others).await?;
    tell("Listes et recherche", 3, 5);
    let touched = |is: bool, id: Id| is.then_some(id);
    let structures: Vec<Id> =
        plan.structures.iter().filter_map(|d| touched(d.is_new() || d.is_changed(), d.after.id)).collect();
    let people: BTreeSet<Id> =
        plan.people.iter().filter(|d| d.origin.is_some()).map(|d| d.after.id).collect();
    crate::features::directory::facets::refresh_structures(tx, actor, &structures).await?;
    crate::features::directory::findable::put_structures(tx, actor.network_id, &structures).await?;
    person::refresh(tx, actor, &people.into_iter().collect::<Vec<_>>()).await?;
    tell("Terminé", 5, 5);
    Ok(())
}

async fn write<T: Versioned + Clone + PartialEq + serde::Serialize>(
    tx: &mut Tx,
    actor: &Actor,
    drafts: &[Draft<T>],
    (added, changed): (&'static str, &'static str),
    cause: Option<Id>,
    subject: impl Fn(&T) -> Subject,
) -> Result<()> {
    let new: Vec<T> = drafts.iter().filter(|d| d.is_new()).map(|d| d.after.clone()).collect();
    tx.insert(&new).await?;
    let mut acts: Vec<Act> =
        new.iter().map(|row| Act::new(added, subject(row)).after(row).because(cause)).collect();
    for draft in drafts.iter().filter(|d| d.is_changed()) {
        let mut after = draft.after.clone();
        tx.save(&mut after).await?;
        let act = Act::new(changed, subject(&after)).after(&after).because(cause);
        acts.push(match &draft.before {
            Some(before) => act.before(before),
            None => act,
        });
    }
    trail::record_all(tx, actor, acts).await.map(|_| ())
}

/// Posts are told in the history of their holder and of their structure too.
async fn write_mandates(tx: &mut Tx, actor: &Actor, plan: &Plan, cause: Option<Id>) -> Result<()> {
    let structures: std::collections::HashMap<Id, &Structure> =
        plan.structures.iter().map(|d| (d.after.id, &d.after)).collect();
    let people: std::collections::HashMap<Id, &Person> =
        plan.people.iter().map(|d| (d.after.id, &d.after)).collect();
    let new: Vec<Mandate> = plan.mandates.iter().filter(|d| d.is_new()).map(|d| d.after.clone()).collect();
    tx.insert(&new).await?;
    let mut acts = Vec::new();
    for draft in plan.mandates.iter().filter(|d| d.is_new() || d.is_changed()) {
        let mut after = draft.after.clone();
        let structure = structures.get(&after.structure_id);
        let subject = after.subject(structure.map_or("", |s| s.name.as_str()));
        let mut act = match &draft.before {
            Some(before) => {
                tx.save(&mut after).await?;
                Act::new("mandate.imported", subject).before(before)
            }
            None => Act::new("mandate.opened", subject),
        };
        act = act.after(&after).because(cause);
        if let Some(structure) = structure {
            act = act.concerning(structure.subject());
        }
        if let Some(holder) = after.person_id.and_then(|id| people.get(&id)) {
            act = act.concerning(holder.subject());
        }
        acts.push(act);
    }
    trail::record_all(tx, actor, acts).await.map(|_| ())
}

/// What an undone import left because someone has worked on it since.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Left {
    pub kept: Vec<String>,
}

/// Takes back everything an import did: what it added goes, what it changed comes back. What someone has
/// changed since is left as it is, and said.
pub async fn undo(tx: &mut Tx, actor: &Actor, import: Id) -> Result<Left> {
    let mut lines = trail::of_cause(tx, actor.network_id, import).await?;
    lines.reverse();
    let mut left = Left::default();
    let (mut people, mut structures) = (BTreeSet::new(), BTreeSet::new());
    for kind in ["office_hours", "social_profile", "mandate", "person", "structure"] {
        for line in lines.iter().filter(|line| line.subject_kind == kind) {
            let done = match kind {
                "office_hours" => take_back::<OfficeHours>(tx, line).await?,
                "social_profile" => take_back::<SocialProfile>(tx, line).await?,
                "mandate" => take_back::<Mandate>(tx, line).await?,
                "person" => {
                    people.insert(line.subject_id);
                    let mandates: Vec<Mandate> =
                        tx.all_in(actor.network_id, "person_id", &[line.subject_id]).await?;
                    let free = line.before.is_some() || mandates.is_empty();
                    free && take_back::<Person>(tx, line).await?
                }
                _ => {
                    structures.insert(line.subject_id);
                    let mandates: Vec<Mandate> =
                        tx.all_in(actor.network_id, "structure_id", &[line.subject_id]).await?;
                    let free = line.before.is_some() || mandates.is_empty();
                    free && take_back::<Structure>(tx, line).await?
                }
            };
            if !done {
                left.kept.push(line.subject_label.clone());
            }
        }
    }
    refresh(tx, actor, &people, &structures).await?;
    Ok(left)
}

async fn refresh(tx: &mut Tx, actor: &Actor, people: &BTreeSet<Id>, structures: &BTreeSet<Id>) -> Result<()> {
    let (people, structures): (Vec<Id>, Vec<Id>) =
        (people.iter().copied().collect(), structures.iter().copied().collect());
    kit::db::fulltext::forget(tx, actor.network_id, "person", &people).await?;
    kit::db::fulltext::forget(tx, actor.network_id, "structure", &structures).await?;
    person::refresh(tx, actor, &people).await?;
    structure::refresh(tx, actor, &structures).await
}

/// Takes back one line: `false` when the thing is no longer as the import left it.
async fn take_back<T: Versioned + DeserializeOwned + PartialEq>(
    tx: &mut Tx,
    line: &trail::Line,
) -> Result<bool> {
    let read =
        |text: &Option<String>| -> Option<T> { text.as_deref().and_then(|t| serde_json::from_str(t).ok()) };
    let Some(after) = read(&line.after) else { return Ok(true) };
    let mut now: T = match tx.get(line.network_id, line.subject_id).await {
        Ok(now) => now,
        Err(Error::NotFound) => return Ok(true),
        Err(error) => return Err(error),
    };
    if now.version() != after.version() {
        return Ok(false);
    }
    match read(&line.before) {
        Some(mut before) => {
            before.set_version(now.version());
            now = before;
            tx.save(&mut now).await?;
        }
        None => {
            let (network, id) = now.key();
            tx.delete::<T>(network, id).await?;
        }
    }
    Ok(true)
}
