//! `/espace/accompagnement/journal/nouvelle` and `…/{id}`: a line of the journal, with all that it can say.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::about::AboutLink;
use super::activity_entry::{self, ActivityEntry, KINDS, MEANS, THEMES, choices};
use super::policy::{Want, require};
use super::{JOURNAL, back, duration};

/// Longest notes, in characters.
const MOST_NOTES: usize = 4000;

#[derive(Template)]
#[template(path = "support/entry_form.html")]
struct EntryForm {
    frame: Frame,
    form: Fields,
    kinds: Vec<Choice>,
    themes: Vec<Choice>,
    means: Vec<Choice>,
    stored: Option<ActivityEntry>,
    about: Option<AboutLink>,
    action: String,
}

impl EntryForm {
    fn is_proposed(&self) -> bool {
        self.stored.as_ref().is_some_and(|entry| entry.state == "proposed")
    }
}

/// The quick form of the journal's page, before anything is typed.
pub(super) fn quick(today: Date) -> Fields {
    Fields::of([("jour", today.to_string())])
}

fn values(entry: &ActivityEntry) -> Fields {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Fields::of([
        ("titre", entry.title.clone()),
        ("type", entry.kind.clone()),
        ("theme", text(&entry.theme)),
        ("moyen", text(&entry.means)),
        ("duree", entry.duration().replace('\u{a0}', " ")),
        ("personnes", entry.people.map(|people| people.to_string()).unwrap_or_default()),
        ("jour", entry.day.to_string()),
        ("notes", text(&entry.notes)),
        ("version", entry.version.to_string()),
    ])
}

async fn entry_form(cx: &Cx, tx: &mut Tx, id: Option<Id>) -> Result<EntryForm> {
    let stored: Option<ActivityEntry> = match id {
        Some(id) => Some(tx.get(cx.network.id, id).await?),
        None => None,
    };
    let shown = stored.clone().unwrap_or_else(|| ActivityEntry::blank(cx.network.id, cx.now, cx.today()));
    Ok(EntryForm {
        frame: cx.frame(if stored.is_some() { "Ligne du journal" } else { "Ajouter une ligne au journal" }),
        form: values(&shown),
        kinds: choices(&KINDS),
        themes: choices(&THEMES),
        means: choices(&MEANS),
        about: shown.about(),
        action: stored.as_ref().map_or_else(|| format!("{JOURNAL}/nouvelle"), ActivityEntry::url),
        stored,
    })
}

/// An empty line, or a copy of another one (`copie`) with today's date.
pub async fn blank(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Journal)?;
    let mut tx = cx.read().await?;
    let mut blank = entry_form(&cx, &mut tx, None).await?;
    if query.0.has("copie") {
        let id: Id = query.0.get("copie").parse().map_err(|_| Error::NotFound)?;
        let copied: ActivityEntry = tx.get(cx.network.id, id).await?;
        blank.form = values(&ActivityEntry { day: cx.today(), version: 1, ..copied });
    }
    Ok(page(&blank))
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Journal)?;
    let mut tx = cx.read().await?;
    Ok(page(&entry_form(&cx, &mut tx, Some(id)).await?))
}

pub async fn add(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Journal)?;
    let mut tx = cx.write().await?;
    let mut page = entry_form(&cx, &mut tx, None).await?;
    let entry = read(&cx, &mut form, ActivityEntry::blank(cx.network.id, cx.now, cx.today()));
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    activity_entry::write(&mut tx, &cx.actor(), entry).await?;
    tx.commit().await?;
    Ok(go_saying(JOURNAL, "Ligne ajoutée au journal."))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Journal)?;
    let mut tx = cx.write().await?;
    let mut page = entry_form(&cx, &mut tx, Some(id)).await?;
    let Some(before) = page.stored.clone() else { return Err(Error::NotFound) };
    if !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let after = read(&cx, &mut form, before.clone());
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    activity_entry::edit(&mut tx, &cx.actor(), &before, after).await?;
    tx.commit().await?;
    Ok(go_saying(JOURNAL, "Ligne enregistrée."))
}

/// Reads a form into a line; what is wrong is noted in it. What the quick form does not ask stays empty.
pub(super) fn read(cx: &Cx, form: &mut Fields, mut entry: ActivityEntry) -> ActivityEntry {
    entry.title = form.required("titre", 200, "Dites en quelques mots ce qui a été fait.");
    match form.choice("type", &choices(&KINDS)) {
        Some(kind) => entry.kind = kind,
        None => form.reject("type", "Choisissez un type d’activité."),
    }
    entry.theme = form.choice("theme", &choices(&THEMES));
    entry.means = form.choice("moyen", &choices(&MEANS));
    entry.minutes = form.parse("duree", duration::read);
    entry.people = form.number("personnes", 0..=100_000);
    entry.notes = form.watched("notes", MOST_NOTES, entry.notes.as_deref());
    match form.date("jour") {
        Some(day) if day > cx.today() => {
            form.reject("jour", "Le journal dit ce qui a été fait\u{a0}: ce jour est à venir.")
        }
        Some(day) => entry.day = day,
        None => form.reject("jour", "Indiquez le jour."),
    }
    entry
}

pub async fn confirm(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Journal)?;
    let mut tx = cx.write().await?;
    activity_entry::confirm(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&back(form.get("retour"), JOURNAL), "Ligne confirmée."))
}

pub async fn dismiss(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Journal)?;
    let mut tx = cx.write().await?;
    activity_entry::dismiss(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(
        &back(form.get("retour"), JOURNAL),
        "Ligne écartée. Vous la retrouverez parmi les lignes écartées.",
    ))
}
