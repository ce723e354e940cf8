//! A person's online profiles, with the six-point check, and their office hours.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Date, Error, Fields, Result, Tx};

use super::cleaning::{date, hours, social};
use super::office_hours::{self, DayOff, OfficeHours, period_choices};
use super::person::{self, Person};
use super::policy::{Want, require};
use super::social_profile::{self, CHECKLIST, SocialProfile, checklist_choices, status_choices};
use super::vocabulary::{List, Vocabulary};

#[derive(Template)]
#[template(path = "directory/profile_form.html")]
struct FormPage {
    frame: Frame,
    form: Fields,
    person: Person,
    stored: Option<SocialProfile>,
    networks: Vec<Choice>,
    statuses: Vec<Choice>,
    checklist: Vec<Choice>,
    action: String,
}

async fn form_page(cx: &Cx, tx: &mut Tx, id: Id, profile: Option<Id>) -> Result<FormPage> {
    let person = person::find(tx, cx.network.id, id).await?;
    let stored: Option<SocialProfile> = match profile {
        Some(profile) => Some(tx.get(cx.network.id, profile).await?),
        None => None,
    };
    if stored.as_ref().is_some_and(|p| p.person_id != id) {
        return Err(Error::NotFound);
    }
    let vocabulary = Vocabulary::load(tx, &cx.network).await?;
    let action = match &stored {
        Some(profile) => format!("{}/profils/{}", person.url(), profile.id),
        None => format!("{}/profils/nouveau", person.url()),
    };
    let shown = stored.clone().unwrap_or_else(|| SocialProfile::new(cx.network.id, cx.now, id, "", ""));
    let mut form = Fields::of([
        ("reseau", shown.social_network.clone()),
        ("profil", shown.url.clone().unwrap_or_else(|| shown.handle.clone())),
        ("statut", shown.status.clone()),
        ("public", if shown.is_public { "1".to_owned() } else { String::new() }),
        ("version", shown.version.to_string()),
    ]);
    shown.checked.split(',').filter(|c| !c.is_empty()).for_each(|code| form.add("points", code));
    Ok(FormPage {
        frame: cx.frame(format!("Profil en ligne de {}", person.name())),
        form,
        person,
        stored,
        networks: vocabulary.choices(List::SocialNetwork),
        statuses: status_choices(),
        checklist: checklist_choices(),
        action,
    })
}

pub async fn blank(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&form_page(&cx, &mut tx, id, None).await?))
}

pub async fn edit(cx: Cx, Path((id, profile)): Path<(Id, Id)>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&form_page(&cx, &mut tx, id, Some(profile)).await?))
}

pub async fn add(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    keep(cx, id, None, form).await
}

pub async fn save(cx: Cx, Path((id, profile)): Path<(Id, Id)>, form: Fields) -> Result<Response> {
    keep(cx, id, Some(profile), form).await
}

async fn keep(cx: Cx, id: Id, profile: Option<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = form_page(&cx, &mut tx, id, profile).await?;
    if page.stored.is_some() && !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    if form.get("action") == "supprimer"
        && let Some(stored) = &page.stored
    {
        social_profile::remove(&mut tx, &cx.actor(), stored, &page.person).await?;
        tx.commit().await?;
        return Ok(go_saying(&page.person.url(), "Profil supprimé."));
    }
    let mut after =
        page.stored.clone().unwrap_or_else(|| SocialProfile::new(cx.network.id, cx.now, id, "", ""));
    match form.choice("reseau", &page.networks) {
        Some(network) => after.social_network = network,
        None => form.reject("reseau", "Choisissez le réseau."),
    }
    let cell = form.required("profil", 200, "Indiquez le nom de profil ou son adresse.");
    match social::read(&after.social_network, &cell) {
        Some(read) => (after.handle, after.url) = (read.handle, read.url),
        None => form.reject("profil", "Ce nom de profil ou cette adresse n’est pas lisible."),
    }
    after.status = form.choice("statut", &page.statuses).unwrap_or(after.status);
    after.is_public = form.flag("public");
    let points: Vec<&str> = form.many("points");
    let checked: Vec<&str> = CHECKLIST.iter().map(|(c, _)| *c).filter(|c| points.contains(c)).collect();
    let checked = checked.join(",");
    if checked != after.checked {
        after.checked = checked;
        after.checked_by = Some(cx.visitor()?.name.clone());
        after.checked_on = Some(cx.today());
    }
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    social_profile::keep(&mut tx, &cx.actor(), page.stored.as_ref(), after, &page.person).await?;
    tx.commit().await?;
    Ok(go_saying(&page.person.url(), "Profil enregistré."))
}

#[derive(Template)]
#[template(path = "directory/hours_form.html")]
struct HoursPage {
    frame: Frame,
    form: Fields,
    person: Person,
    periods: Vec<Choice>,
    networks: Vec<Choice>,
}

async fn hours_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<HoursPage> {
    let person = person::find(tx, cx.network.id, id).await?;
    let mut slots: Vec<OfficeHours> = tx.all_in(cx.network.id, "person_id", &[id]).await?;
    slots.sort_by_key(|slot| (slot.weekday, slot.from_minute));
    let vocabulary = Vocabulary::load(tx, &cx.network).await?;
    let mut form = Fields::default();
    for slot in &slots {
        let line = format!("{} {}-{}", slot.weekday_label(), plain(slot.from_minute), plain(slot.to_minute));
        form.add("lignes", line);
    }
    let lines = form.many("lignes").join("\n");
    form.set("horaires", lines);
    let mut off: Vec<DayOff> = tx.all_in(cx.network.id, "person_id", &[id]).await?;
    off.retain(|off| off.day >= cx.today());
    off.sort_by_key(|off| off.day);
    form.set("absences", off.iter().map(|off| off.day.short()).collect::<Vec<_>>().join("\n"));
    form.set("periode", slots.first().map_or("all", |s| s.period.as_str()));
    form.set("reseau", slots.first().and_then(|s| s.social_network.as_deref()).unwrap_or_default());
    Ok(HoursPage {
        frame: cx.frame(format!("Permanences de {}", person.name())),
        form,
        person,
        periods: period_choices(),
        networks: vocabulary.choices(List::SocialNetwork),
    })
}

fn plain(minute: i64) -> String {
    format!("{}h{:02}", minute / 60, minute % 60)
}

pub async fn hours(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&hours_page(&cx, &mut tx, id).await?))
}

/// Takes one slot or more per line, as people write them: « mardi et jeudi 17h-19h ».
pub async fn save_hours(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = hours_page(&cx, &mut tx, id).await?;
    let text = form.lines("horaires", 1000).unwrap_or_default();
    let period = form.choice("periode", &page.periods).unwrap_or_else(|| "all".to_owned());
    let network = form.choice("reseau", &page.networks);
    let mut slots = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match hours::read(line) {
            Some(read) => slots.extend(read.into_iter().map(|read| OfficeHours {
                period: if read.period == "all" { period.clone() } else { read.period.to_owned() },
                social_network: network.clone(),
                ..OfficeHours::new(
                    cx.network.id,
                    cx.now,
                    id,
                    i64::from(read.weekday),
                    i64::from(read.from),
                    i64::from(read.to),
                )
            })),
            None => form.reject(
                "horaires",
                format!("« {line} » n’est pas compris. Écrivez par exemple : mardi 17h-19h."),
            ),
        }
    }
    let days_off = days_off(&mut form);
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    office_hours::replace(&mut tx, &cx.actor(), &page.person, slots, &days_off).await?;
    tx.commit().await?;
    Ok(go_saying(&page.person.url(), "Permanences enregistrées."))
}

/// The days without office hours, one per line or separated by commas.
fn days_off(form: &mut Fields) -> Vec<Date> {
    let typed = form.get("absences").to_owned();
    let mut days = Vec::new();
    for text in typed.split(['\n', ',', ';']).map(str::trim).filter(|text| !text.is_empty()).take(100) {
        match date::read(text) {
            Ok(read) if read.exact => days.push(Date(read.day)),
            _ => form.reject(
                "absences",
                format!("« {text} » n’est pas un jour : écrivez par exemple 24/12/2026."),
            ),
        }
    }
    days.sort_unstable();
    days.dedup();
    days
}
