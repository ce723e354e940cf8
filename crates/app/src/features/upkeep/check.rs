//! `/fiche/{token}`: « is your sheet still right? », by a personal link, without an account. It shows and
//! changes that one sheet, and nothing else.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::{page, refused};
use kit::{Actor, Cx, Error, Fields, Result, Tx};

use super::campaign::{self, Check};
use super::change_request::{self, Author, Made, Sheet};
use super::editable::{self, Editable, Lists};
use super::proposal::{said, with_fate};

#[derive(Template)]
#[template(path = "upkeep/check.html")]
struct CheckPage {
    frame: Frame,
    check: Check,
    token: String,
    /// Label and value of each field.
    rows: Vec<(&'static str, String)>,
    /// What is said after an answer.
    thanks: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "upkeep/check_form.html")]
struct FormPage {
    frame: Frame,
    form: Fields,
    lists: Lists,
    fields: Vec<(Editable, &'static str)>,
    token: String,
}

/// Whoever holds the link acts under the name of its sheet.
fn actor(cx: &Cx, check: &Check) -> Actor {
    Actor { name: check.name.clone(), ..cx.actor() }
}

fn author(check: &Check) -> Author {
    Author { account_id: None, name: check.name.clone(), email: Some(check.email.clone()) }
}

async fn found(cx: &Cx, tx: &mut Tx, token: &str) -> Result<(Check, Sheet)> {
    let (check, _) = campaign::of_token(tx, &cx.app, &cx.network, cx.now, token).await?;
    match Sheet::find(tx, cx.network.id, "person", check.person_id).await {
        Ok(sheet) => Ok((check, sheet)),
        Err(_) => Err(Error::Gone("Cette fiche n’existe plus.".to_owned())),
    }
}

async fn check_page(
    cx: &Cx,
    tx: &mut Tx,
    token: String,
    check: Check,
    sheet: &Sheet,
    thanks: Option<&'static str>,
) -> Result<CheckPage> {
    let lists = Lists::load(tx, &cx.network).await?;
    let values = sheet.values()?;
    let rows = sheet.fields().iter().map(|f| (f.label, lists.say(f, values.get(f.column)))).collect();
    Ok(CheckPage { frame: cx.frame("Votre fiche est-elle à jour ?").hide(), check, token, rows, thanks })
}

pub async fn show(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (check, sheet) = found(&cx, &mut tx, &token).await?;
    Ok(page(&check_page(&cx, &mut tx, token, check, &sheet, None).await?))
}

/// « Rien n’a changé ».
pub async fn unchanged(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let mut tx = cx.write().await?;
    let (check, _) = found(&cx, &mut tx, &token).await?;
    campaign::answer(&mut tx, &actor(&cx, &check), cx.today(), check, "unchanged").await?;
    tx.commit().await?;
    thank(cx, token, "Merci ! Votre fiche est marquée comme vérifiée aujourd’hui.").await
}

async fn thank(cx: Cx, token: String, thanks: &'static str) -> Result<Response> {
    let mut tx = cx.app.db.read().await?;
    let (check, sheet) = found(&cx, &mut tx, &token).await?;
    Ok(page(&check_page(&cx, &mut tx, token, check, &sheet, Some(thanks)).await?))
}

async fn form_page(cx: &Cx, tx: &mut Tx, token: String, sheet: &Sheet, form: Fields) -> Result<FormPage> {
    Ok(FormPage {
        frame: cx.frame("Corriger ma fiche").hide(),
        form,
        lists: Lists::load(tx, &cx.network).await?,
        fields: with_fate(cx, sheet),
        token,
    })
}

pub async fn edit(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (check, sheet) = found(&cx, &mut tx, &token).await?;
    let mut values = sheet.values()?;
    if let Some(request) = change_request::waiting(&mut tx, cx.network.id, &sheet, &author(&check)).await? {
        values.extend(request.after());
    }
    let form = editable::typed(&values, sheet.fields());
    Ok(page(&form_page(&cx, &mut tx, token, &sheet, form).await?))
}

/// A correction, and an answer all the same.
pub async fn propose(cx: Cx, Path(token): Path<String>, mut form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let (check, sheet) = found(&cx, &mut tx, &token).await?;
    let lists = Lists::load(&mut tx, &cx.network).await?;
    let proposed = editable::read(&mut form, sheet.fields(), &lists, &sheet.values()?);
    if form.check().is_err() {
        return Ok(refused(&form_page(&cx, &mut tx, token, &sheet, form).await?));
    }
    let (actor, author) = (actor(&cx, &check), author(&check));
    let made = change_request::propose(&mut tx, &actor, &cx.network, &sheet, &author, &proposed).await?;
    let answer = if made == Made::Nothing { "unchanged" } else { "changed" };
    campaign::answer(&mut tx, &actor, cx.today(), check, answer).await?;
    tx.commit().await?;
    thank(cx, token, said(&made)).await
}
