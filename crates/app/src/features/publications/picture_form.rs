//! `/espace/communication/site/images/{id}`: what a picture shows, who is in it, on what agreement.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::picture::{self, Picture, SHOWS};
use super::picture_use;
use super::pictures::{self, shows};
use super::policy::{Want, require};
use super::publication::Publication;

/// Longest description, in characters.
const MOST_ALT: usize = 200;

#[derive(Template)]
#[template(path = "publications/picture.html")]
struct PicturePage {
    frame: Frame,
    form: Fields,
    picture: Picture,
    shows: Vec<Choice>,
    uses: Vec<Publication>,
    is_ended: bool,
    sent: String,
}

pub fn url(id: Id) -> String {
    format!("{}/{id}", pictures::URL)
}

async fn picture_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<PicturePage> {
    let picture: Picture = tx.get(cx.network.id, id).await?;
    if picture.deleted_at.is_some() {
        return Err(Error::NotFound);
    }
    let day = |day: Option<kit::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut form = Fields::of([
        ("description", picture.alt.clone()),
        ("credit", picture.credit.clone().unwrap_or_default()),
        ("montre", picture.shows.clone()),
        ("personnes", picture.people_shown.clone().unwrap_or_default()),
        ("accord", day(picture.consent_on)),
        ("accord-fin", day(picture.consent_until)),
        ("version", picture.version.to_string()),
    ]);
    if picture.alt.is_empty() {
        form.set("decorative", "1");
    }
    if picture.shows == "minors" {
        form.set("parents", "1");
    }
    Ok(PicturePage {
        frame: cx.frame(picture.label()),
        form,
        shows: shows(),
        uses: picture_use::of_picture(tx, cx.network.id, id).await?,
        is_ended: !picture.may_be_shown(cx.today()),
        sent: format!("{}, {}", picture.uploaded_by, picture.created_at.long_in(cx.network.zone())),
        picture,
    })
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&picture_page(&cx, &mut tx, id).await?))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut shown = picture_page(&cx, &mut tx, id).await?;
    if !form.is_fresh(&shown.form) {
        shown.form = form;
        return Ok(conflict(&shown));
    }
    let mut after = shown.picture.clone();
    read(&cx, &mut form, &mut after);
    if form.check().is_err() {
        shown.form = form;
        return Ok(refused(&shown));
    }
    picture::keep(&mut tx, &cx.actor(), Some(&shown.picture), after).await?;
    tx.commit().await?;
    Ok(go_saying(&url(id), "Image enregistrée."))
}

/// Reads what is said of a picture; what is wrong is noted in the form. An image of people is someone's data: it is
/// kept with who they are, the day they agreed and until when (civil code, art. 9); for a minor both parents agree
/// (art. 372-1 as changed by law 2024-120).
pub(super) fn read(cx: &Cx, form: &mut Fields, picture: &mut Picture) {
    let alt = form.text("description", MOST_ALT);
    match (form.flag("decorative"), alt) {
        (true, _) => picture.alt.clear(),
        (false, Some(alt)) => picture.alt = alt,
        (false, None) => {
            form.reject(
                "description",
                "Dites en quelques mots ce que montre l’image, ou cochez «\u{a0}décorative\u{a0}».",
            );
        }
    }
    picture.credit = form.text("credit", 120);
    let choices: Vec<Choice> = SHOWS.iter().map(|(code, label)| Choice::new(*code, *label)).collect();
    match form.choice("montre", &choices) {
        Some(code) => picture.shows = code,
        None => form.reject("montre", "Dites si des personnes sont reconnaissables."),
    }
    if picture.shows == "nobody" {
        (picture.people_shown, picture.consent_on, picture.consent_until) = (None, None, None);
        return;
    }
    let known = picture.people_shown.clone();
    picture.people_shown = form.watched("personnes", 300, known.as_deref());
    if picture.people_shown.is_none() {
        form.reject(
            "personnes",
            "Dites qui est reconnaissable, sans nommer de mineur, et où sont gardés les accords.",
        );
    }
    picture.consent_on = form.date("accord");
    match picture.consent_on {
        None => form
            .reject("accord", "Indiquez le jour de l’accord\u{a0}: sans accord, l’image n’est pas gardée."),
        Some(day) if day > cx.today() => {
            form.reject("accord", "Le jour de l’accord ne peut pas être à venir.")
        }
        Some(_) => {}
    }
    picture.consent_until = form.date("accord-fin");
    match picture.consent_until {
        None => form.reject(
            "accord-fin",
            "Indiquez jusqu’à quand l’accord vaut\u{a0}; cinq ans au plus sont l’usage.",
        ),
        Some(day) if day < cx.today() => {
            form.reject("accord-fin", "Cet accord est terminé\u{a0}: demandez-en un autre.")
        }
        Some(_) => {}
    }
    if picture.shows == "minors" && !form.flag("parents") {
        form.reject("parents", "Pour un mineur, les deux parents doivent avoir donné leur accord.");
    }
}
