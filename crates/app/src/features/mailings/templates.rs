//! `/espace/messagerie/modeles`: the texts that are used again, their fields, and how each reads for a real person.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Cx, Error, Fields, Result, Tx, mail, text};

use super::expansion::Source;
use super::known::Known;
use super::merge_field::{self, FIELDS};
use super::message_template::{self, Kept};
use super::policy::{Want, require};

const URL: &str = "/espace/messagerie/modeles";
const NEW: &str = "nouveau";
/// Longest text, in bytes.
const MOST_BODY: usize = 100_000;

#[derive(Template)]
#[template(path = "mailings/templates.html")]
struct TemplatesPage {
    frame: Frame,
    rows: Vec<Kept>,
}

#[derive(Template)]
#[template(path = "mailings/template_form.html")]
struct FormPage {
    frame: Frame,
    form: Fields,
    kept: Kept,
    is_new: bool,
    fields: &'static [(&'static str, &'static str)],
    seen: Option<Seen>,
    saved: bool,
}

/// The text as someone would receive it.
struct Seen {
    name: String,
    subject: String,
    html: String,
}

pub async fn list(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    let rows = message_template::all(&mut tx, cx.network.id).await?;
    Ok(page(&TemplatesPage { frame: cx.frame("Modèles de messages"), rows }))
}

fn form_of(kept: &Kept) -> Fields {
    let version = kept.stored.as_ref().map_or(0, |row| row.version);
    Fields::of([
        ("intitule", kept.label.clone()),
        ("objet", kept.subject.clone()),
        ("corps", kept.body.clone()),
        ("version", version.to_string()),
    ])
}

fn blank_one() -> Kept {
    Kept {
        code: NEW.to_owned(),
        label: String::new(),
        subject: String::new(),
        body: "<p>Bonjour {{prenom}},</p>".to_owned(),
        stored: None,
        has_original: false,
    }
}

fn form_page(cx: &Cx, kept: Kept, form: Fields, seen: Option<Seen>) -> FormPage {
    let is_new = kept.code == NEW;
    let frame = cx.frame(if is_new { "Écrire un modèle".to_owned() } else { kept.label.clone() });
    FormPage { saved: frame.flash.is_some(), frame, form, is_new, kept, fields: &FIELDS, seen }
}

/// Someone of the directory by a name or an address, for a preview.
pub async fn someone(cx: &Cx, tx: &mut Tx, typed: &str) -> Result<Option<Known>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let source = Source::load(tx, &cx.network, cx.today(), None).await?;
    Ok(source.find(typed).cloned())
}

fn seen(cx: &Cx, known: &Known, subject: &str, body: &str) -> Seen {
    let words = merge_field::words(&cx.network, &cx.link_base(), known);
    Seen {
        name: known.name(),
        subject: mail::merge(subject, &words, false),
        html: mail::merge(&merge_field::with_links(body), &words, true),
    }
}

pub async fn edit(cx: Cx, Path(code): Path<String>, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let kept = match code.as_str() {
        NEW => blank_one(),
        code => message_template::find(&mut tx, cx.network.id, code).await?,
    };
    let asked = query.0.get("personne").to_owned();
    let found = someone(&cx, &mut tx, &asked).await?;
    let mut form = form_of(&kept);
    form.set("personne", asked.as_str());
    if found.is_none() && !asked.is_empty() {
        form.reject("personne", format!("« {asked} » n’est pas dans l’annuaire."));
    }
    let seen = found.map(|known| seen(&cx, &known, &kept.subject, &kept.body));
    Ok(page(&form_page(&cx, kept, form, seen)))
}

/// Reads what was typed into a template; a field that does not exist is refused by its name.
fn read(form: &mut Fields, mut kept: Kept) -> Kept {
    kept.label = form.required("intitule", 80, "Donnez un intitulé au modèle.");
    kept.subject = form.required("objet", 150, "Écrivez un objet.");
    let typed = form.get("corps").to_owned();
    if typed.len() > MOST_BODY {
        form.reject("corps", "Ce texte est trop long.");
    }
    kept.body = merge_field::tidy(&typed);
    if kept.body.is_empty() {
        form.reject("corps", "Écrivez le texte du modèle.");
    }
    for (name, value) in [("objet", kept.subject.clone()), ("corps", kept.body.clone())] {
        if let Some(unknown) = merge_field::unknown(&value) {
            form.reject(name, format!("Le champ « {{{{{unknown}}}}} » n’existe pas."));
        }
    }
    kept
}

pub async fn save(cx: Cx, Path(code): Path<String>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = match code.as_str() {
        NEW => blank_one(),
        code => message_template::find(&mut tx, cx.network.id, code).await?,
    };
    let mut after = read(&mut form, before.clone());
    if code == NEW {
        after.code = text::slug(&after.label);
        let taken = message_template::find(&mut tx, cx.network.id, &after.code).await.is_ok();
        if taken || after.code == NEW {
            form.reject("intitule", "Un modèle porte déjà ce nom.");
        }
    }
    if form.check().is_err() {
        return Ok(refused(&form_page(&cx, before, form, None)));
    }
    if code != NEW && !form.is_fresh(&form_of(&before)) {
        return Ok(conflict(&form_page(&cx, before, form, None)));
    }
    let url = after.url();
    message_template::keep(&mut tx, &cx.actor(), &before, after).await?;
    tx.commit().await?;
    Ok(go_saying(&url, "Le modèle est enregistré."))
}

/// « Revenir au texte d’origine », or away with one that has none.
pub async fn restore(cx: Cx, Path(code): Path<String>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let kept = match message_template::find(&mut tx, cx.network.id, &code).await {
        Ok(kept) => kept,
        Err(_) => return Err(Error::NotFound),
    };
    message_template::remove(&mut tx, &cx.actor(), &kept).await?;
    tx.commit().await?;
    match kept.has_original {
        true => Ok(go_saying(&kept.url(), "Le texte d’origine est de retour.")),
        false => Ok(go_saying(URL, "Le modèle est supprimé.")),
    }
}
