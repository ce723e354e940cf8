//! `/espace/gouvernance/decisions/{id}/poste`: a decision suspends a post, lifts a suspension, or excludes.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Choice, Cx, Error, Fields, Result, Tx};

use super::committee::Committee;
use super::decision::Decision;
use super::measure::{self, Done, Kind, Wanted};
use super::policy::{Want, require};
use crate::features::directory::suspension;

/// Longest reason, in characters.
const MOST_REASON: usize = 1_000;

#[derive(Template)]
#[template(path = "governance/measure_form.html")]
struct MeasurePage {
    frame: Frame,
    form: Fields,
    decision: Decision,
    committee: Committee,
    posts: Vec<Choice>,
    kinds: Vec<Choice>,
    /// Why this decision can do nothing to a post.
    lacks: Option<&'static str>,
    action: String,
}

async fn measure_page(cx: &Cx, tx: &mut Tx, id: Id) -> Result<MeasurePage> {
    let decision: Decision = tx.get(cx.network.id, id).await?;
    let committee: Committee = tx.get(cx.network.id, decision.committee_id).await?;
    let posts = suspension::in_place(tx, cx.network.id, cx.today()).await?;
    let day = cx.today().max(decision.taken_on);
    Ok(MeasurePage {
        frame: cx.frame("Suspendre, rétablir, exclure"),
        form: Fields::of([
            ("acte", Kind::Suspend.word().to_owned()),
            ("jour", day.to_string()),
            ("vacance", "1".to_owned()),
        ]),
        posts: posts.into_iter().map(|post| Choice::new(post.id.to_string(), post.label)).collect(),
        kinds: Kind::ALL.iter().map(|kind| Choice::new(kind.word(), kind.label())).collect(),
        lacks: measure::lacks(&decision, &committee),
        action: format!("{}/poste", decision.url()),
        decision,
        committee,
    })
}

pub async fn ask(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Measure)?;
    let mut tx = cx.read().await?;
    let mut page_of = measure_page(&cx, &mut tx, id).await?;
    if let Some(kind) = Kind::of_word(query.0.get("acte")) {
        page_of.form.set("acte", kind.word());
    }
    Ok(page(&page_of))
}

/// Reads what is wanted; what is wrong is noted in the form.
fn read(form: &mut Fields) -> Option<Wanted> {
    let kind = Kind::of_word(form.get("acte"));
    if kind.is_none() {
        form.reject("acte", "Dites ce qui est décidé.");
    }
    let mandate_id: Option<Id> = form.get("poste").parse().ok();
    if mandate_id.is_none() {
        form.reject("poste", "Choisissez le poste.");
    }
    let day = form.date("jour");
    if day.is_none() && form.error("jour").is_none() {
        form.reject("jour", "Indiquez le jour où cela prend effet.");
    }
    let until = form.date("fin");
    if kind == Some(Kind::Suspend) && until.zip(day).is_some_and(|(until, day)| until < day) {
        form.reject("fin", "La suspension ne peut pas finir avant de commencer.");
    }
    let reason = form.watched("motif", MOST_REASON, None).unwrap_or_default();
    if reason.is_empty() && kind.is_some_and(|kind| kind != Kind::Lift) && form.error("motif").is_none() {
        form.reject("motif", "Écrivez le motif retenu par le comité.");
    }
    form.check().ok()?;
    Some(Wanted {
        kind: kind?,
        mandate_id: mandate_id?,
        day: day?,
        until,
        reason,
        tells_reason: form.flag("dire"),
        opens_vacancy: form.flag("vacance"),
    })
}

pub async fn take(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Measure)?;
    let mut tx = cx.write().await?;
    let mut page = measure_page(&cx, &mut tx, id).await?;
    let Some(wanted) = read(&mut form) else {
        page.form = form;
        return Ok(refused(&page));
    };
    let place = (&cx.app, &*cx.network);
    let deciding = (&page.decision, &page.committee);
    let kind = wanted.kind;
    match measure::take(&mut tx, &cx.actor(), place, deciding, wanted).await {
        Ok(done) => {
            tx.commit().await?;
            Ok(go_saying(&page.decision.url(), &said(kind, &done)))
        }
        Err(Error::NotFound) => {
            form.reject("poste", "Ce poste n’est pas dans le réseau\u{a0}: choisissez dans la liste.");
            page.form = form;
            Ok(refused(&page))
        }
        Err(Error::Refused(why)) => {
            form.reject("poste", why);
            page.form = form;
            Ok(refused(&page))
        }
        Err(error) => Err(error),
    }
}

/// « Suspension enregistrée : 2 personnes en sont averties par courriel. »
fn said(kind: Kind, done: &Done) -> String {
    let what = match kind {
        Kind::Suspend => "Suspension enregistrée",
        Kind::Lift => "Fin de la suspension enregistrée",
        Kind::Exclude => "Exclusion enregistrée",
    };
    match done.told {
        0 => format!("{what}. Ni la structure ni la personne n’ont d’adresse\u{a0}: prévenez-les vous-même."),
        1 => format!("{what}\u{a0}: une adresse en est avertie par courriel."),
        n => format!("{what}\u{a0}: {n} adresses en sont averties par courriel."),
    }
}
