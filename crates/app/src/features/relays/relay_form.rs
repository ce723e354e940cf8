//! `/espace/accompagnement/relais/nouveau` and `…/{id}/modifier`: a relay being added, changed, retired.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result, Tx, territory};

use super::opening;
use super::policy::{Want, require};
use super::relay::{self, AUDIENCES, Relay, THEMES};
use crate::features::directory::cleaning::{phone, website};

const URL: &str = "/espace/accompagnement/relais";

#[derive(Template)]
#[template(path = "relays/relay_form.html")]
struct RelayForm {
    frame: Frame,
    form: Fields,
    themes: Vec<Choice>,
    audiences: Vec<Choice>,
    stored: Option<Relay>,
    action: String,
}

async fn relay_form(cx: &Cx, tx: &mut Tx, id: Option<Id>) -> Result<RelayForm> {
    let stored: Option<Relay> = match id {
        Some(id) => Some(tx.get(cx.network.id, id).await?),
        None => None,
    };
    let shown = stored.clone().unwrap_or_else(|| Relay::named(cx.network.id, cx.now, ""));
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let form = Fields::of([
        ("nom", shown.name.clone()),
        ("theme", shown.theme.clone()),
        ("public", shown.audience.clone()),
        ("description", text(&shown.description)),
        ("telephone", shown.phone.as_deref().map(phone::display).unwrap_or_default()),
        ("site", text(&shown.url)),
        ("courriel", text(&shown.email)),
        ("adresse", text(&shown.address)),
        ("commune", text(&shown.commune)),
        ("horaires", text(&shown.hours)),
        ("cout", text(&shown.cost)),
        ("source", text(&shown.source)),
        ("verifie", shown.verified_on.map(|day| day.to_string()).unwrap_or_default()),
        ("version", shown.version.to_string()),
    ]);
    let title =
        stored.as_ref().map_or("Ajouter un relais".to_owned(), |relay| format!("Modifier {}", relay.name));
    Ok(RelayForm {
        frame: cx.frame(title),
        form,
        themes: relay::choices(&THEMES),
        audiences: relay::choices(&AUDIENCES),
        action: stored.as_ref().map_or(format!("{URL}/nouveau"), Relay::url_of_form),
        stored,
    })
}

pub async fn blank(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let mut blank = relay_form(&cx, &mut tx, None).await?;
    blank.form.set("verifie", cx.today().to_string());
    Ok(page(&blank))
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    Ok(page(&relay_form(&cx, &mut tx, Some(id)).await?))
}

pub async fn add(cx: Cx, form: Fields) -> Result<Response> {
    keep(cx, None, form).await
}

pub async fn save(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    keep(cx, Some(id), form).await
}

async fn keep(cx: Cx, id: Option<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let mut page = relay_form(&cx, &mut tx, id).await?;
    if page.stored.is_some() && !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let after = page.stored.clone().unwrap_or_else(|| Relay::named(cx.network.id, cx.now, ""));
    let after = read(&cx, &mut form, after);
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    relay::keep(&mut tx, &cx.actor(), page.stored.as_ref(), after).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Relais enregistré."))
}

/// Reads the form into a relay; what is wrong is noted in it.
fn read(cx: &Cx, form: &mut Fields, mut relay: Relay) -> Relay {
    relay.name = form.required("nom", 160, "Indiquez le nom du relais.");
    match form.choice("theme", &relay::choices(&THEMES)) {
        Some(theme) => relay.theme = theme,
        None => form.reject("theme", "Choisissez un thème."),
    }
    match form.choice("public", &relay::choices(&AUDIENCES)) {
        Some(audience) => relay.audience = audience,
        None => form.reject("public", "Choisissez à qui ce relais s’adresse."),
    }
    relay.description = form.lines("description", 500);
    relay.phone = form.parse("telephone", phone::read);
    relay.url = form.parse("site", website::read);
    relay.email = form.email("courriel");
    relay.address = form.text("adresse", 200);
    relay.commune = form.text("commune", 120).map(|typed| {
        let plain = typed.split(" (").next().unwrap_or_default().to_owned();
        territory::named(&plain, None, &cx.network.code).map_or(plain, |commune| commune.name.clone())
    });
    relay.hours = form.lines("horaires", 400);
    if let Some(Err(message)) = relay.hours.as_deref().map(opening::read) {
        form.reject("horaires", message);
    }
    relay.cost = form.text("cout", 120);
    relay.source = form.text("source", 200);
    if relay.source.is_none() {
        form.reject(
            "source",
            "Indiquez d’où vient cette information\u{a0}: site du service, appel, courrier…",
        );
    }
    relay.verified_on = form.date("verifie");
    if relay.verified_on.is_some_and(|day| day > cx.today()) {
        form.reject("verifie", "Le jour de la vérification ne peut pas être à venir.");
    }
    if relay.phone.is_none() && relay.url.is_none() && relay.email.is_none() && relay.address.is_none() {
        form.reject("telephone", "Indiquez au moins un moyen de joindre ce relais.");
    }
    relay
}

/// Takes a relay off the public page; it can be brought back.
pub async fn retire(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    turn(cx, id, true).await
}

pub async fn bring_back(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    turn(cx, id, false).await
}

async fn turn(cx: Cx, id: Id, away: bool) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before: Relay = tx.get(cx.network.id, id).await?;
    if before.retired_at.is_some() != away {
        let mut after = before.clone();
        after.retired_at = away.then_some(cx.now);
        relay::keep(&mut tx, &cx.actor(), Some(&before), after).await?;
        tx.commit().await?;
    }
    let said =
        if away { "Relais retiré de la page publique." } else { "Relais remis sur la page publique." };
    Ok(go_saying(URL, said))
}
