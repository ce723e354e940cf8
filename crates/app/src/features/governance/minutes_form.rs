//! `/espace/gouvernance/reunions/{id}/compte-rendu/modifier`: the text of minutes being written; `…/versions`: the former
//! texts, and the way back.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::markup::{self, Part};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Cx, Error, Fields, Result, Tx};

use super::meeting::Meeting;
use super::minutes::{self, MOST_BODY, Minutes, MinutesVersion};
use super::minutes_sheet::{latest, url};
use super::note_form::{NAMED, names_someone};

#[derive(Template)]
#[template(path = "governance/minutes_form.html")]
struct MinutesForm {
    frame: Frame,
    form: Fields,
    meeting: Meeting,
    minutes: Minutes,
    meanwhile: Vec<Part>,
    questioned: bool,
    action: String,
}

async fn minutes_form(cx: &Cx, tx: &mut Tx, id: Id) -> Result<MinutesForm> {
    let (meeting, minutes) = latest(cx, tx, id).await?;
    if !minutes.is_open() {
        return Err(Error::refused(
            "Ce compte rendu est validé\u{a0}: une correction en fait une nouvelle version.",
        ));
    }
    Ok(MinutesForm {
        frame: cx.frame(format!("Rédiger\u{a0}: {}", meeting.title)),
        form: Fields::of([("corps", minutes.body.clone()), ("version", minutes.version.to_string())]),
        meanwhile: Vec::new(),
        questioned: false,
        action: format!("{}/modifier", url(&meeting)),
        meeting,
        minutes,
    })
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    Ok(page(&minutes_form(&cx, &mut tx, id).await?))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let mut page = minutes_form(&cx, &mut tx, id).await?;
    if !form.is_fresh(&page.form) {
        let typed = markup::text_with_all(&markup::read(form.get("corps")));
        page.meanwhile = markup::compare(&markup::text_with_all(&page.minutes.body), &typed);
        page.form = form;
        return Ok(conflict(&page));
    }
    if form.get("corps").len() > MOST_BODY {
        form.reject("corps", "Ce texte est trop long pour un compte rendu.");
    } else if names_someone(&form, &markup::text(&page.minutes.body)) {
        form.reject("corps", NAMED);
        page.questioned = true;
    }
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let body = markup::read(form.get("corps"));
    minutes::keep(&mut tx, &cx.actor(), &page.meeting, &page.minutes, body).await?;
    tx.commit().await?;
    Ok(go_saying(&url(&page.meeting), "Compte rendu enregistré."))
}

/// Makes the text anew from notes and decisions.
pub async fn refill(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.write().await?;
    let (meeting, before) = latest(&cx, &mut tx, id).await?;
    minutes::refill(&mut tx, &cx.actor(), &meeting, &before).await?;
    tx.commit().await?;
    let said = "Texte refait à partir des notes et des décisions. L’ancien est parmi les textes enregistrés.";
    Ok(go_saying(&format!("{}/modifier", url(&meeting)), said))
}

#[derive(Template)]
#[template(path = "governance/minutes_versions.html")]
struct VersionsPage {
    frame: Frame,
    meeting: Meeting,
    minutes: Minutes,
    /// Each with when it was written, and whether it is the one compared with the text as it is.
    versions: Vec<(MinutesVersion, String, bool)>,
    shown: Option<i64>,
    parts: Vec<Part>,
}

pub async fn versions(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (meeting, minutes) = latest(&cx, &mut tx, id).await?;
    let all = minutes::versions(&mut tx, cx.network.id, minutes.id).await?;
    let wanted: Option<i64> = query.0.get("version").parse().ok();
    let shown = all.iter().find(|version| Some(version.number) == wanted);
    let parts = shown.map(|version| {
        markup::compare(&markup::text_with_all(&version.body), &markup::text_with_all(&minutes.body))
    });
    let (zone, shown) = (cx.network.zone(), shown.map(|version| version.number));
    let listed = |one: MinutesVersion| {
        let (when, is_shown) = (one.written_at.long_in(zone), Some(one.number) == shown);
        (one, when, is_shown)
    };
    Ok(page(&VersionsPage {
        frame: cx.frame(format!("Textes enregistrés\u{a0}: {}", meeting.title)),
        shown,
        parts: parts.unwrap_or_default(),
        versions: all.into_iter().map(listed).collect(),
        meeting,
        minutes,
    }))
}

/// Takes a former text (`version`) up again.
pub async fn restore(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let (meeting, before) = latest(&cx, &mut tx, id).await?;
    let all = minutes::versions(&mut tx, cx.network.id, before.id).await?;
    let wanted: Option<i64> = form.get("version").parse().ok();
    let former = all.into_iter().find(|one| Some(one.number) == wanted).ok_or(Error::NotFound)?;
    minutes::keep(&mut tx, &cx.actor(), &meeting, &before, former.body).await?;
    tx.commit().await?;
    Ok(go_saying(&url(&meeting), &format!("Texte n°\u{a0}{} repris.", former.number)))
}
