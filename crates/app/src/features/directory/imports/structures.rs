//! Rows of structures against the structures known.

use super::cells::StructureRow;
use super::plan::{Draft, Plan, free_slug};
use crate::features::directory::cleaning::structure_name;
use crate::features::directory::structure::Structure;

/// Adds a row to the plan: a new structure, or what it changes of a known one.
pub fn plan(plan: &mut Plan, row: StructureRow) {
    let siret = row.texts.get("siret").and_then(|siret| plan.by_siret.get(siret));
    let known = plan.by_structure_key.get(&row.key).or(siret).copied();
    let at = match known {
        Some(at) => {
            let again = plan.structures[at].origin.is_some();
            if again {
                plan.report.structures.duplicates += 1;
            }
            at
        }
        None => add(plan, &row.name, "interested"),
    };
    let mut after = plan.structures[at].after.clone();
    fill(plan, &mut after, &row);
    let draft = &mut plan.structures[at];
    draft.after = after;
    draft.origin.get_or_insert(row.origin);
    if let Some(siret) = draft.after.siret.clone() {
        plan.by_siret.entry(siret).or_insert(at);
    }
}

fn add(plan: &mut Plan, name: &str, status: &str) -> usize {
    let mut new = Structure::named(plan.network, plan.actor.now, name);
    new.slug = free_slug(&mut plan.structure_slugs, name);
    new.status = status.to_owned();
    new.kind = structure_name::kind(name).map(str::to_owned);
    plan.put_structure(Draft { before: None, after: new, origin: None })
}

fn fill(plan: &Plan, s: &mut Structure, row: &StructureRow) {
    let said = |field: &str| row.texts.get(field).cloned();
    plan.take(&mut s.kind, said("type"));
    plan.take(&mut s.legal_form, said("legal_form"));
    plan.take(&mut s.siret, said("siret"));
    plan.take(&mut s.address, said("address"));
    plan.take(&mut s.postcode, said("postcode"));
    plan.take(&mut s.phone, said("phone"));
    plan.take(&mut s.email, said("email"));
    plan.take(&mut s.website, said("website"));
    plan.take(&mut s.presentation, said("presentation"));
    plan.take(&mut s.manager_name, said("manager_name"));
    plan.take(&mut s.manager_title, said("manager_title"));
    plan.take(&mut s.manager_phone, said("manager_phone"));
    plan.take(&mut s.manager_email, said("manager_email"));
    plan.take(&mut s.call_ref, said("call_ref"));
    plan.take(&mut s.note, said("note"));
    plan.take(&mut s.entered_on, row.entered_on);
    plan.take(&mut s.left_on, row.left_on);
    if let Some(commune) = row.commune
        && !(plan.fill_only && s.insee_code.is_some())
    {
        s.settle_in(commune);
    }
    let is_new = s.version == 1 && s.created_at == plan.actor.now;
    if is_new || !plan.fill_only {
        if let Some(posts) = row.labelled_posts {
            s.labelled_posts = posts;
        }
        if let Some(status) = row.status {
            s.status = status.to_owned();
        }
        if let Some((youth, parents)) = row.audience {
            (s.for_youth, s.for_parents) = (youth, parents);
        }
    }
}

/// The structure a person's row names: a known one, one that differs by a slip, or a new one in the network.
/// The name under which it is known is returned with it.
pub fn named(plan: &mut Plan, name: &str, commune: Option<&str>) -> (usize, Option<String>) {
    let key = structure_name::key(name);
    if let Some(at) = plan.by_structure_key.get(&key) {
        return (*at, None);
    }
    if key.len() >= 12
        && let Some((_, at)) = plan
            .by_structure_key
            .iter()
            .find(|(known, _)| known.len().abs_diff(key.len()) <= 1 && kit::text::distance(known, &key) <= 1)
    {
        return (*at, Some(plan.structures[*at].after.name.clone()));
    }
    let at = add(plan, name, "active");
    if let Some(commune) = commune.and_then(|c| kit::territory::named(c, None, &plan.departement)) {
        plan.structures[at].after.settle_in(commune);
    }
    (at, None)
}
