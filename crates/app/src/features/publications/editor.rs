//! `/espace/communication/site/nouveau`, `…/{id}/modifier` and `…/textes/{place}`: a text being written, published,
//! scheduled, or looked at as the public would see it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::markup::{self, Part};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx, nominative, text};

use super::article;
use super::picture::{self, Picture};
use super::place::{self, Place};
use super::policy::{Want, require};
use super::publication::{self, MOST_BODY, MOST_SUMMARY, MOST_TITLE, NEWS, PAGE, Publication};
use super::slug;

/// Pictures offered for the cover without the library.
const MOST_COVERS: i64 = 60;
const NEW: &str = "/espace/communication/site/nouveau";

#[derive(Template)]
#[template(path = "publications/editor.html")]
struct EditorPage {
    frame: Frame,
    form: Fields,
    publication: Publication,
    is_new: bool,
    action: String,
    /// Another stored draft to forget: that of the blank form this text came from.
    came_from: Option<String>,
    covers: Vec<Choice>,
    /// Address of the small cover.
    cover: Option<String>,
    /// What someone else stored meanwhile, against what was typed.
    meanwhile: Vec<Part>,
    /// A name with an age was seen in the text.
    questioned: bool,
    former: Vec<String>,
    scheduled: String,
    saved: bool,
}

impl EditorPage {
    fn place(&self) -> Option<&'static Place> {
        self.publication.placed()
    }

    /// The same page with what was typed; `stored` is given when someone else saved meanwhile.
    fn redraw(mut self, form: Fields, stored: Option<&Publication>) -> Self {
        if let Some(stored) = stored {
            let typed = markup::text_with_all(&markup::read(form.get("corps")));
            self.meanwhile = markup::compare(&markup::text_with_all(&stored.body), &typed);
        }
        self.questioned |= form.flag("corps-confirme");
        self.cover = form.get("couverture").parse::<Id>().ok().map(|id| format!("/images/{id}/480.webp"));
        self.form = form;
        self
    }
}

fn form_of(cx: &Cx, shown: &Publication, is_new: bool) -> Fields {
    let at = shown.scheduled_for.map(|at| at.utc().with_timezone(&cx.network.zone()));
    Fields::of([
        ("titre", shown.title.clone()),
        ("adresse", if is_new { String::new() } else { shown.slug.clone() }),
        ("resume", shown.summary.clone().unwrap_or_default()),
        ("corps", shown.body.clone()),
        ("couverture", shown.cover_id.map(|id| id.to_string()).unwrap_or_default()),
        ("programmation", at.map(|at| at.format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()),
        ("genre", if shown.is_news() { "actualite" } else { "page" }.to_owned()),
        ("version", shown.version.to_string()),
    ])
}

async fn editor(
    cx: &Cx,
    tx: &mut Tx,
    shown: Publication,
    is_new: bool,
    action: String,
) -> Result<EditorPage> {
    let latest = (Timestamp(i64::MAX), "~");
    let pictures = picture::page(tx, cx.network.id, "", latest, MOST_COVERS).await?;
    let mut covers: Vec<Choice> = pictures.iter().map(|p| Choice::new(p.id.to_string(), p.label())).collect();
    if let Some(cover) = shown.cover_id.filter(|cover| !pictures.iter().any(|p| p.id == *cover)) {
        let older: Vec<Picture> = tx.all_in(cx.network.id, "id", &[cover]).await?;
        covers.extend(older.iter().map(|p| Choice::new(p.id.to_string(), p.label())));
    }
    let title = match (is_new, shown.placed(), shown.is_news()) {
        (_, Some(place), _) => format!("Texte de la page «\u{a0}{}\u{a0}»", place.label),
        (true, _, true) => "Écrire une actualité".to_owned(),
        (true, _, false) => "Écrire une page".to_owned(),
        (false, ..) => shown.title.clone(),
    };
    let former = if is_new { Vec::new() } else { slug::former(tx, cx.network.id, shown.id).await? };
    let frame = cx.frame(title);
    Ok(EditorPage {
        form: form_of(cx, &shown, is_new),
        came_from: frame.flash.is_some().then(|| came_from(&shown)),
        saved: frame.flash.is_some(),
        cover: shown.cover_id.map(|id| format!("/images/{id}/480.webp")),
        scheduled: shown.scheduled_for.map(|at| at.long_in(cx.network.zone())).unwrap_or_default(),
        publication: shown,
        frame,
        is_new,
        action,
        covers,
        meanwhile: Vec::new(),
        questioned: false,
        former,
    })
}

/// The address of the blank form for a text of this kind.
fn came_from(shown: &Publication) -> String {
    match shown.placed() {
        Some(place) => place.edit_url(),
        None => format!("{NEW}?genre={}", if shown.is_news() { "actualite" } else { "page" }),
    }
}

fn new_publication(cx: &Cx, genre: &str) -> Publication {
    let kind = if genre == "page" { PAGE } else { NEWS };
    Publication { slug: String::new(), ..Publication::titled(cx.network.id, cx.now, kind, "") }
}

/// A text for a place, from the original one.
fn new_at(cx: &Cx, place: &Place) -> Result<Publication> {
    let mut new = Publication::titled(cx.network.id, cx.now, PAGE, place.label);
    new.place = Some(place.code.to_owned());
    new.slug = place.url.trim_start_matches('/').to_owned();
    new.body = markup::clean(&place::original(&cx.network, place)?);
    Ok(new)
}

pub async fn blank(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let new = new_publication(&cx, query.0.get("genre"));
    let action = came_from(&new);
    Ok(page(&editor(&cx, &mut tx, new, true, action).await?))
}

pub async fn add(cx: Cx, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let new = new_publication(&cx, form.get("genre"));
    let action = came_from(&new);
    keep(cx, Target { stored: None, shown: new, action }, form).await
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let stored = publication::find(&mut tx, cx.network.id, id).await?;
    let action = stored.url();
    Ok(page(&editor(&cx, &mut tx, stored, false, action).await?))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let stored = publication::find(&mut cx.read().await?, cx.network.id, id).await?;
    let action = stored.url();
    keep(cx, Target { shown: stored.clone(), stored: Some(stored), action }, form).await
}

/// `…/textes/{place}`: the text that the network wrote there, else a new one.
pub async fn edit_place(cx: Cx, Path(code): Path<String>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let place = place::by_code(&code).ok_or(Error::NotFound)?;
    let mut tx = cx.read().await?;
    match publication::at_place(&mut tx, cx.network.id, place.code).await? {
        Some(stored) => Ok(go(&stored.url())),
        None => Ok(page(&editor(&cx, &mut tx, new_at(&cx, place)?, true, place.edit_url()).await?)),
    }
}

pub async fn save_place(cx: Cx, Path(code): Path<String>, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let place = place::by_code(&code).ok_or(Error::NotFound)?;
    let stored = publication::at_place(&mut cx.read().await?, cx.network.id, place.code).await?;
    let shown = match &stored {
        Some(stored) => stored.clone(),
        None => new_at(&cx, place)?,
    };
    keep(cx, Target { stored, shown, action: place.edit_url() }, form).await
}

/// What a form is about.
struct Target {
    stored: Option<Publication>,
    shown: Publication,
    action: String,
}

async fn keep(cx: Cx, target: Target, mut form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let Target { mut stored, mut shown, action } = target;
    if let Some(known) = &stored {
        // Read again where nobody else can write.
        shown = publication::find(&mut tx, cx.network.id, known.id).await?;
        stored = Some(shown.clone());
    }
    let mut drawn = editor(&cx, &mut tx, shown.clone(), stored.is_none(), action).await?;
    let looks = form.get("action") == "apercu";
    if stored.is_some() && !looks && !form.is_fresh(&drawn.form) {
        return Ok(conflict(&drawn.redraw(form, Some(&shown))));
    }
    let mut after = shown.clone();
    read(&cx, &mut tx, &mut form, &mut after).await?;
    if looks && form.error("titre").is_none() {
        after.version = if stored.is_some() { after.version } else { 0 };
        return article::preview_of(
            &cx,
            &mut tx,
            &after,
            "Voici votre texte tel que le public le verrait. Rien n’est encore enregistré.",
        )
        .await;
    }
    if form.check().is_err() {
        drawn.questioned = form.error("corps").is_some_and(|text| text.contains("un âge"));
        return Ok(refused(&drawn.redraw(form, None)));
    }
    let after = publication::keep(&mut tx, &cx.actor(), stored.as_ref(), after).await?;
    tx.commit().await?;
    Ok(go_saying(&after.url(), said(form.get("action"), &after)))
}

fn said(action: &str, after: &Publication) -> &'static str {
    match (action, after.state.as_str()) {
        ("publier", _) => "Publiée\u{a0}: le public peut la lire.",
        ("programmer", _) => "Programmée\u{a0}: elle paraîtra d’elle-même.",
        (_, "published") => "Enregistrée\u{a0}: le site est à jour.",
        (_, "scheduled") => "Enregistrée. La programmation ne change pas.",
        _ => "Brouillon enregistré.",
    }
}

/// Reads the form into a publication; what is wrong is noted in it.
async fn read(cx: &Cx, tx: &mut Tx, form: &mut Fields, after: &mut Publication) -> Result<()> {
    if after.place.is_none() {
        after.title = text::unbroken(&form.required("titre", MOST_TITLE, "Donnez un titre."));
        after.summary =
            form.lines("resume", MOST_SUMMARY).map(|typed| text::unbroken(&typed.replace('\n', " ")));
        read_slug(tx, form, after).await?;
        read_cover(tx, form, after).await?;
    }
    read_body(form, after);
    match form.get("action") {
        "publier" => after.publish(cx.now),
        "programmer" if after.is_public() => {
            form.reject("programmation", "Ce texte est déjà en ligne\u{a0}: retirez-le d’abord.");
        }
        "programmer" => {
            if let Some(at) = read_moment(cx, form) {
                after.schedule(at);
            }
        }
        _ => {}
    }
    let waits = after.place.is_none() && !matches!(after.state.as_str(), "published" | "scheduled");
    if after.body.is_empty() && !waits {
        form.reject("corps", "Écrivez le texte avant de le publier.");
    }
    Ok(())
}

async fn read_slug(tx: &mut Tx, form: &mut Fields, after: &mut Publication) -> Result<()> {
    if form.get("adresse").trim().is_empty() {
        if form.error("titre").is_none() {
            after.slug = slug::proposed(tx, after).await?;
        }
        return Ok(());
    }
    let Some(wanted) = form.parse("adresse", slug::read) else { return Ok(()) };
    match slug::holder(tx, after, &wanted).await? {
        Some(title) => {
            form.reject("adresse", format!("Cette adresse est déjà celle de «\u{a0}{title}\u{a0}»."))
        }
        None => after.slug = wanted,
    }
    Ok(())
}

async fn read_cover(tx: &mut Tx, form: &mut Fields, after: &mut Publication) -> Result<()> {
    let typed = form.get("couverture").to_owned();
    let wanted: Option<Id> = typed.parse().ok();
    let known: Vec<Picture> = tx.all_in(after.network_id, "id", wanted.as_slice()).await?;
    if !typed.is_empty() && known.iter().all(|picture| picture.deleted_at.is_some()) {
        form.reject("couverture", "Choisissez une image de la bibliothèque.");
    }
    after.cover_id = known.first().map(|picture| picture.id);
    Ok(())
}

fn read_body(form: &mut Fields, after: &mut Publication) {
    let before = markup::text(&after.body);
    if form.get("corps").len() > MOST_BODY {
        form.reject("corps", "Ce texte est trop long pour une page\u{a0}: partagez-le en plusieurs.");
        return;
    }
    after.body = markup::read(form.get("corps"));
    let words = markup::text(&after.body);
    // Telephone numbers and addresses of services belong in public pages; a first name with an age does not.
    let named = nominative::seen_in(&words).into_iter().any(|seen| seen.contains("âge"));
    if named && words != before && !form.flag("corps-confirme") {
        form.reject(
            "corps",
            "Ce texte semble contenir un prénom suivi d’un âge. Ne citez aucun jeune ni parent : retirez-le, ou \
             confirmez sous le texte que personne d’accompagné n’est cité.",
        );
    }
}

/// A minute to come, as the clocks of the network show it.
fn read_moment(cx: &Cx, form: &mut Fields) -> Option<Timestamp> {
    match form.moment("programmation", cx.network.zone()) {
        Some(at) if at > cx.now => return Some(at),
        Some(_) => form.reject("programmation", "Choisissez un moment à venir."),
        None => form.reject("programmation", "Indiquez le jour et l’heure de parution."),
    }
    None
}
