//! Rows of people against the people known, and against each other.

use kit::db::{Date, Id};

use super::cells::{Origin, PersonRow, Reader, office_hours};
use super::plan::{Draft, Duplicate, Plan, free_slug};
use super::structures;
use crate::features::directory::mandate::Mandate;
use crate::features::directory::person::{Person, name_key};
use crate::features::directory::social_profile::SocialProfile;
use crate::features::directory::suspension::EXCLUSION;

/// Adds a row to the plan: a new person, or what it changes of a known one; with their post, profiles, hours.
pub fn plan(plan: &mut Plan, row: PersonRow, reader: &mut Reader) {
    let at = recognise(plan, &row).unwrap_or_else(|| add(plan, &row));
    let again = plan.people[at].origin.is_some();
    let mut after = plan.people[at].after.clone();
    fill(plan, &mut after, &row, again);
    let id = after.id;
    let draft = &mut plan.people[at];
    draft.after = after;
    draft.origin.get_or_insert(row.origin.clone());
    if let Some(email) = draft.after.email.clone() {
        plan.by_email.entry(email).or_insert(at);
    }
    if let Some(name) = &row.structure {
        let (place, known_as) = structures::named(plan, name, row.commune.as_deref());
        if let Some(known_as) = known_as {
            reader.cleaned.push(super::cells::Cleaned {
                sheet: row.origin.sheet.clone(),
                row: row.origin.row,
                column: "Structure".to_owned(),
                from: name.clone(),
                to: known_as,
            });
        }
        plan.structures[place].origin.get_or_insert(row.origin.clone());
        let structure = plan.structures[place].after.id;
        post(plan, id, structure, &row, again);
    }
    for (network, handle, url) in &row.profiles {
        let mut profile = SocialProfile::new(plan.network, plan.actor.now, id, network, handle);
        profile.url.clone_from(url);
        let key = (id, network.clone(), profile.handle_key.clone());
        if plan.known_profiles.insert(key) {
            plan.new_profiles.push(profile);
        }
    }
    if !row.hours.is_empty() && plan.with_hours.insert(id) {
        let slots = office_hours(plan.network, plan.actor.now, id, &row.hours);
        plan.new_hours.extend(slots);
    }
}

fn place(origin: &Origin) -> String {
    format!("{}, ligne {}", origin.sheet, origin.row)
}

/// The person a row is about: by address first, then by name. Two rows of the file, or two different
/// addresses under one name, are said to the coordinator, who decides.
fn recognise(plan: &mut Plan, row: &PersonRow) -> Option<usize> {
    let by_email = row.email.as_ref().and_then(|email| plan.by_email.get(email)).copied();
    let key = name_key(&row.first_name, &row.last_name);
    let by_name = plan.by_name.get(&key).and_then(|all| all.first()).copied();
    let at = by_email.or(by_name)?;
    let decision = format!("{}:{}", row.origin.sheet, row.origin.row);
    let decided = plan.same.get(&decision).copied();
    let draft = &plan.people[at];
    let same_address = by_email.is_some();
    let other_address = draft.after.email.is_some() && row.email.is_some() && !same_address;
    if draft.origin.is_none() && !other_address && decided.is_none() {
        return Some(at);
    }
    let merged = decided.unwrap_or(!other_address);
    let reason = match (same_address, other_address) {
        (true, _) => "Même adresse électronique",
        (_, true) => "Même nom, autre adresse électronique",
        _ => "Même nom",
    };
    let other = draft.origin.as_ref().map_or_else(|| "fiche déjà dans l’annuaire".to_owned(), place);
    plan.report.duplicates.push(Duplicate {
        key: decision,
        label: format!("{} {}", row.first_name, row.last_name).trim().to_owned(),
        row: place(&row.origin),
        other,
        reason: reason.to_owned(),
        merged,
    });
    merged.then_some(at)
}

fn add(plan: &mut Plan, row: &PersonRow) -> usize {
    let mut new = Person::named(plan.network, plan.actor.now, &row.first_name, &row.last_name);
    new.slug = free_slug(&mut plan.person_slugs, &new.name());
    plan.put_person(Draft { before: None, after: new, origin: None })
}

/// Takes over what the row says. A second row about the same person only completes the first.
fn fill(plan: &Plan, person: &mut Person, row: &PersonRow, again: bool) {
    let take = |field: &mut Option<String>, said: &Option<String>| {
        if !(again && field.is_some()) {
            plan.take(field, said.clone());
        }
    };
    take(&mut person.job_title, &row.job_title);
    take(&mut person.email, &row.email);
    take(&mut person.phone, &row.phone);
    take(&mut person.presentation, &row.presentation);
    if person.first_name.is_empty() {
        person.first_name.clone_from(&row.first_name);
    }
    person.name_key = name_key(&person.first_name, &person.last_name);
    if !row.themes.is_empty() && (person.themes.is_empty() || !plan.fill_only) {
        person.themes = row.themes.join(",");
    }
    if let Some((youth, parents)) = row.audience
        && (!plan.fill_only || !again)
    {
        (person.for_youth, person.for_parents) = (youth, parents);
    }
    if let Some(said) = &row.note {
        append(&mut person.note, said);
    }
}

/// Adds to a note what it does not say yet: nothing written by hand is ever replaced.
fn append(note: &mut Option<String>, said: &str) {
    match note {
        Some(text) if text.contains(said) => {}
        Some(text) => {
            text.push('\n');
            text.push_str(said);
        }
        None => *note = Some(said.to_owned()),
    }
}

/// Whether two periods share a day; an unknown end is open.
fn overlap(one: (Option<Date>, Option<Date>), other: (Option<Date>, Option<Date>)) -> bool {
    let starts_before_end = |start: Option<Date>, end: Option<Date>| match (start, end) {
        (Some(start), Some(end)) => start <= end,
        _ => true,
    };
    starts_before_end(one.0, other.1) && starts_before_end(other.0, one.1)
}

fn post(plan: &mut Plan, person: Id, structure: Id, row: &PersonRow, again: bool) {
    let said = (row.started_on.map(|(day, _)| day), row.ended_on);
    let known = plan.mandates_of.get(&person).into_iter().flatten().copied().find(|at| {
        let held = &plan.mandates[*at].after;
        held.structure_id == structure && overlap((held.started_on, held.ended_on), said)
    });
    let at = known.unwrap_or_else(|| {
        let mut new = Mandate::new(plan.network, plan.actor.now, structure, 0, Some(person));
        (new.started_on, new.ended_on) = said;
        plan.put_mandate(Draft { before: None, after: new, origin: None })
    });
    let mut after = plan.mandates[at].after.clone();
    if let Some((day, exact)) = row.started_on {
        let known_day = after.started_on;
        // « mars 2022 » does not replace a day of March 2022 that is known.
        let vague = !exact && known_day.is_some_and(|known| known.0 >= day.0 && same_month(known, day));
        if known_day.is_none() || (!vague && (!again || exact) && !plan.fill_only) {
            after.started_on = Some(day);
        }
    }
    // What a committee decided, no file changes.
    if after.end_reason.as_deref() != Some(EXCLUSION) {
        plan.take(&mut after.ended_on, row.ended_on);
    }
    if let Some((charter, day)) = row.charter
        && (!plan.fill_only || after.charter == "to_send")
        && !(after.charter == "signed" && charter != "signed" && again)
    {
        after.charter = charter.to_owned();
        plan.take(&mut after.charter_signed_on, day);
        if charter != "signed" {
            after.charter_signed_on = None;
        }
    }
    plan.take(&mut after.weekly_hours, row.weekly_hours);
    plan.take(&mut after.training_on, row.training_on);
    plan.take(&mut after.info_sheet_on, row.info_sheet_on);
    plan.take(&mut after.national_listing_on, row.national_listing_on);
    let draft = &mut plan.mandates[at];
    draft.after = after;
    draft.origin.get_or_insert(row.origin.clone());
}

fn same_month(one: Date, other: Date) -> bool {
    use chrono::Datelike;
    (one.0.year(), one.0.month()) == (other.0.year(), other.0.month())
}

/// Gives each new holding the lowest post of its structure that is free over its whole period, so that people
/// who succeeded each other succeed each other in one post.
pub fn number_posts(plan: &mut Plan) {
    let mut new: Vec<usize> =
        (0..plan.mandates.len()).filter(|at| plan.mandates[*at].after.rank == 0).collect();
    new.sort_by_key(|at| plan.mandates[*at].after.started_on);
    for at in new {
        let mandate = &plan.mandates[at].after;
        let period = (mandate.started_on, mandate.ended_on);
        let others: Vec<&Mandate> = plan
            .mandates_in
            .get(&mandate.structure_id)
            .into_iter()
            .flatten()
            .map(|other| &plan.mandates[*other].after)
            .filter(|other| other.rank > 0 && other.id != mandate.id)
            .collect();
        let taken = |rank: i64| {
            others.iter().any(|other| {
                other.rank == rank
                    && (overlap(period, (other.started_on, other.ended_on))
                        || (period.1.is_none() && other.ended_on.is_none()))
            })
        };
        let rank = (1..).find(|rank| !taken(*rank)).unwrap_or(1);
        plan.mandates[at].after.rank = rank;
    }
}
