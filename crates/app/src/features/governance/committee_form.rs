//! `/espace/gouvernance/comites/nouveau` and `…/{id}/modifier`: a committee and its rules.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Choice, Cx, Fields, Result};

use super::committee::{self, Committee, MOST_NAME};
use super::policy::{Want, require};

/// Longest purpose, in characters.
const MOST_PURPOSE: usize = 4_000;

#[derive(Template)]
#[template(path = "governance/committee_form.html")]
struct CommitteeForm {
    frame: Frame,
    form: Fields,
    kinds: Vec<Choice>,
    modes: Vec<Choice>,
    stored: Option<Committee>,
    action: String,
}

fn committee_form(cx: &Cx, shown: &Committee, stored: Option<Committee>) -> CommitteeForm {
    CommitteeForm {
        frame: cx.frame(stored.as_ref().map_or("Créer un comité", |_| "Modifier le comité")),
        form: values(shown),
        kinds: committee::kinds(),
        modes: committee::modes(),
        action: stored.as_ref().map_or_else(
            || format!("{}/nouveau", super::COMMITTEES),
            |committee| format!("{}/modifier", committee.url()),
        ),
        stored,
    }
}

fn values(committee: &Committee) -> Fields {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let number = |value: Option<i64>| value.map(|n| n.to_string()).unwrap_or_default();
    Fields::of([
        ("type", committee.kind.clone()),
        ("nom", committee.name.clone()),
        ("objet", text(&committee.purpose)),
        ("presidence", text(&committee.chair)),
        ("coanimation", text(&committee.co_facilitator)),
        ("decide", if committee.decides { "1" } else { "" }.to_owned()),
        ("mode", committee.decision_mode.clone()),
        ("quorum", number(committee.quorum_percent)),
        ("pouvoirs", committee.most_proxies.to_string()),
        ("frequence", number(committee.meetings_per_year)),
        ("version", committee.version.to_string()),
    ])
}

/// Reads a form into a committee; what is wrong is noted in it.
fn read(form: &mut Fields, mut committee: Committee) -> Committee {
    match form.choice("type", &committee::kinds()) {
        Some(kind) => committee.kind = kind,
        None => form.reject("type", "Choisissez le type du comité."),
    }
    committee.name = form.required("nom", MOST_NAME, "Donnez un nom à ce comité.");
    committee.purpose = form.lines("objet", MOST_PURPOSE);
    committee.chair = form.text("presidence", MOST_NAME);
    committee.co_facilitator = form.text("coanimation", MOST_NAME);
    committee.decides = form.flag("decide");
    match form.choice("mode", &committee::modes()) {
        Some(mode) => committee.decision_mode = mode,
        None => form.reject("mode", "Choisissez comment ce comité décide."),
    }
    committee.quorum_percent = form.number("quorum", 1..=100);
    committee.most_proxies = form.number("pouvoirs", 0..=20).unwrap_or_default();
    committee.meetings_per_year = form.number("frequence", 1..=60);
    committee
}

pub async fn blank(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut kind = query.0.get("type").to_owned();
    if kind.is_empty() {
        // What most networks have comes first; then one works in groups.
        let mut tx = cx.read().await?;
        let there = committee::visible_to(&mut tx, cx.network.id, None, cx.today()).await?;
        let is_missing = |code: &&str| !there.iter().any(|one| one.kind == **code && !one.is_closed());
        let first = committee::KINDS.iter().map(|(code, _)| *code).find(is_missing);
        first.unwrap_or("working_group").clone_into(&mut kind);
    }
    let shown = Committee::blank(cx.network.id, cx.now, &kind);
    Ok(page(&committee_form(&cx, &shown, None)))
}

pub async fn add(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let blank = Committee::blank(cx.network.id, cx.now, form.get("type"));
    let mut page = committee_form(&cx, &blank, None);
    let new = read(&mut form, blank);
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let mut tx = cx.write().await?;
    let committee = committee::found(&mut tx, &cx.actor(), new).await?;
    tx.commit().await?;
    Ok(go_saying(&committee.url(), "Comité créé. Ajoutez maintenant ceux qui y siègent."))
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.read().await?;
    let stored: Committee = tx.get(cx.network.id, id).await?;
    Ok(page(&committee_form(&cx, &stored.clone(), Some(stored))))
}

pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before: Committee = tx.get(cx.network.id, id).await?;
    let mut page = committee_form(&cx, &before, Some(before.clone()));
    if !form.is_fresh(&page.form) {
        page.form = form;
        return Ok(conflict(&page));
    }
    let after = read(&mut form, before.clone());
    if form.check().is_err() {
        page.form = form;
        return Ok(refused(&page));
    }
    let committee = committee::save(&mut tx, &cx.actor(), &before, after).await?;
    tx.commit().await?;
    Ok(go_saying(&committee.url(), "Comité enregistré."))
}

pub async fn close(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let committee = committee::close(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&committee.url(), "Ce comité a pris fin. Son histoire reste."))
}

pub async fn reopen(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let committee = committee::reopen(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(&committee.url(), "Ce comité est de nouveau ouvert."))
}
