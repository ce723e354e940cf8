//! `/espace/communication/site/images`: the library of pictures, and sending one.

use std::collections::HashMap;

use askama::Template;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use documents::picture::{Refused, Responsive, responsive};
use kit::db::Id;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, with_params};
use kit::web::respond::{go_saying, json, page, refused};
use kit::web::upload::Upload;
use kit::{Choice, Cx, Error, Fields, Result, Tx};
use tokio::sync::Semaphore;

use super::article::before;
use super::picture::{self, Picture, SHOWS};
use super::picture_form::{self, read};
use super::picture_use;
use super::policy::{Want, require};

pub const URL: &str = "/espace/communication/site/images";
/// Pictures of a page of the library.
const MOST: usize = 24;
/// Largest picture taken, in bytes; a telephone makes some five millions.
const MOST_BYTES: usize = 15 << 20;
/// Pictures drawn at once: each may take 300 MB for a second.
static DRAWING: Semaphore = Semaphore::const_new(2);

struct Card {
    picture: Picture,
    uses: usize,
    /// « Accord jusqu’au 12 mars 2027 », « Accord terminé ».
    consent: String,
    is_ended: bool,
}

#[derive(Template)]
#[template(path = "publications/pictures.html")]
struct PicturesPage {
    frame: Frame,
    form: Fields,
    query: Fields,
    shows: Vec<Choice>,
    cards: Vec<Card>,
    in_trash: bool,
    next_url: Option<String>,
}

pub fn shows() -> Vec<Choice> {
    SHOWS.iter().map(|(code, label)| Choice::new(*code, *label)).collect()
}

async fn library(cx: &Cx, tx: &mut Tx, query: Fields, form: Fields) -> Result<PicturesPage> {
    let (network, today) = (cx.network.id, cx.today());
    let named = kit::text::fold(query.get("q"));
    let cursor = Cursor::read(query.get("apres"));
    let most = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let found = match query.get("etat") {
        "accord-termine" => picture::ended(tx, network, today, &named, 200).await?,
        "corbeille" => picture::thrown(tx, network, &named, 200).await?,
        _ => picture::page(tx, network, &named, before(&cursor), most).await?,
    };
    let whole = matches!(query.get("etat"), "accord-termine" | "corbeille");
    let (found, next) = pager::page(found, if whole { 200 } else { MOST }, |picture| {
        (picture.created_at.0.to_string(), picture.id.to_string())
    });
    let ids: Vec<Id> = found.iter().map(|picture| picture.id).collect();
    let uses: HashMap<Id, usize> = picture_use::counted(tx, network, &ids).await?;
    let cards = found
        .into_iter()
        .map(|picture| Card {
            uses: uses.get(&picture.id).copied().unwrap_or_default(),
            is_ended: picture.deleted_at.is_none() && !picture.may_be_shown(today),
            consent: picture.consent_until.map(|until| until.long()).unwrap_or_default(),
            picture,
        })
        .collect();
    Ok(PicturesPage {
        frame: cx.frame("Images du site"),
        form,
        shows: shows(),
        cards,
        in_trash: query.get("etat") == "corbeille",
        next_url: next.filter(|_| !whole).map(|next| with_params(&cx.uri, &[("apres", &next)])),
        query,
    })
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    let form = Fields::of([("montre", "nobody".to_owned())]);
    Ok(page(&library(&cx, &mut tx, query.0, form).await?))
}

/// Takes a picture. A script gets JSON: the address for texts, what it shows, its size.
pub async fn add(cx: Cx, upload: Upload) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut form = upload.fields;
    let mut new = picture::blank(cx.network.id, cx.now, &cx.visitor()?.name);
    read(&cx, &mut form, &mut new);
    let drawn = draw(&mut form, upload.file).await?;
    let (Some(drawn), true) = (drawn, form.check().is_ok()) else {
        let mut tx = cx.read().await?;
        return Ok(refused(&library(&cx, &mut tx, Fields::default(), form).await?));
    };
    store(&cx.app, &mut new, drawn).await?;
    let mut tx = cx.write().await?;
    let new = picture::keep(&mut tx, &cx.actor(), None, new).await?;
    tx.commit().await?;
    if cx.wants_json {
        return Ok(json(&serde_json::json!({
            "goto": URL, "id": new.id, "src": new.address(), "alt": new.alt, "label": new.label(),
        })));
    }
    Ok(go_saying(URL, "Image ajoutée à la bibliothèque."))
}

/// Keeps the files of a drawn picture, and notes them in it.
pub async fn store(app: &kit::App, picture: &mut Picture, drawn: Responsive) -> Result<()> {
    (picture.width, picture.height) = (i64::from(drawn.width), i64::from(drawn.height));
    let mut files = picture.stored();
    for (name, bytes) in drawn.files {
        files.insert(name, app.files.put(picture.network_id, bytes.into()).await?);
    }
    picture.files = serde_json::to_string(&files).map_err(Error::bug)?;
    Ok(())
}

/// Draws what was sent in every width; what is wrong with it is noted in the form.
async fn draw(form: &mut Fields, file: Option<(String, Bytes)>) -> Result<Option<Responsive>> {
    let Some((_, bytes)) = file else {
        form.reject("fichier", "Choisissez une image\u{a0}: JPEG, PNG ou WebP.");
        return Ok(None);
    };
    if bytes.len() > MOST_BYTES {
        form.reject("fichier", "Cette image dépasse 15\u{a0}Mo\u{a0}: réduisez-la.");
        return Ok(None);
    }
    if form.check().is_err() {
        // A file cannot be shown again in a form: it will have to be chosen anew.
        form.reject("fichier", "Choisissez de nouveau l’image\u{a0}: un formulaire ne peut pas la garder.");
        return Ok(None);
    }
    let permit = DRAWING.acquire().await.map_err(Error::bug)?;
    let drawn = tokio::task::spawn_blocking(move || responsive(&bytes)).await.map_err(Error::bug)?;
    drop(permit);
    match drawn {
        Ok(drawn) => Ok(Some(drawn)),
        Err(refused) => {
            form.reject("fichier", in_words(&refused));
            Ok(None)
        }
    }
}

fn in_words(refused: &Refused) -> &'static str {
    match refused {
        Refused::Unknown => {
            "Ce fichier n’est pas une image JPEG, PNG ou WebP. Les dessins SVG ne sont pas acceptés."
        }
        Refused::Broken => "Cette image est abîmée ou incomplète.",
        Refused::TooLarge => "Cette image dépasse 40 millions de pixels\u{a0}: réduisez-la.",
    }
}

/// Puts in the trash; what shows it no longer does.
pub async fn throw(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    turn(&cx, id, true).await?;
    Ok(go_saying(
        URL,
        "Image mise à la corbeille pour 30 jours. Les pages qui la montraient ne la montrent plus.",
    ))
}

pub async fn restore(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    turn(&cx, id, false).await?;
    Ok(go_saying(&picture_form::url(id), "Image restaurée depuis la corbeille."))
}

async fn turn(cx: &Cx, id: Id, away: bool) -> Result<()> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before: Picture = tx.get(cx.network.id, id).await?;
    if before.deleted_at.is_some() == away {
        return Ok(());
    }
    let after = Picture { deleted_at: away.then_some(cx.now), ..before.clone() };
    picture::keep(&mut tx, &cx.actor(), Some(&before), after).await?;
    tx.commit().await
}
