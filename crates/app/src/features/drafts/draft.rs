//! `/espace/brouillons`: the draft of one form, asked for and kept; `…/oublier` ends it. Scripts alone come here.

use axum::extract::{FromRequest, Request};
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::drafts::{self, Draft};
use kit::web::respond::json;
use kit::{Cx, Error, Fields, Result};
use serde_json::{Value, json as value};

use super::policy::require;

/// Longest draft, in bytes of its fields.
const MOST_BYTES: usize = 64 * 1024;
/// Longest address of a form and longest version, in bytes.
const MOST_FORM: usize = 400;
const MOST_BASE: usize = 40;
/// What a draft never holds, whatever was sent: secrets, and the version that a form was drawn from.
const NEVER: [&str; 5] = ["password", "mot-de-passe", "passe", "code", "version"];

/// Names of fields, each with its values, in the order of the form.
type Typed = Vec<(String, Vec<String>)>;

/// `GET ?formulaire=…` asks for a draft, `POST` keeps one.
pub async fn draft(cx: Cx, request: Request) -> Result<Response> {
    require(cx.visitor()?)?;
    if request.method() == "POST" {
        return keep(&cx, &Fields::from_request(request, &()).await?).await;
    }
    let query = Fields::decode(request.uri().query().unwrap_or_default());
    let form = form_of(&query)?;
    let mut tx = cx.read().await?;
    let found = drafts::of(&mut tx, cx.network.id, cx.visitor()?.account_id, form).await?;
    Ok(json(&told(found, cx.now)))
}

/// Times are milliseconds, as browsers count them; `maintenant` tells by how much the browser's clock is wrong.
fn told(found: Option<Draft>, now: Timestamp) -> Value {
    let milliseconds = |at: Timestamp| at.0 / 1000;
    let forgotten = found.as_ref().and_then(|draft| draft.forgotten_at).map(milliseconds);
    let draft = found.filter(|draft| draft.forgotten_at.is_none()).map(|draft| {
        let fields: Value = serde_json::from_str(&draft.fields).unwrap_or_default();
        value!({ "version": draft.base, "at": milliseconds(draft.updated_at), "values": fields })
    });
    value!({ "maintenant": milliseconds(now), "brouillon": draft, "oublie": forgotten })
}

async fn keep(cx: &Cx, sent: &Fields) -> Result<Response> {
    let form = form_of(sent)?;
    if sent.get("champs").len() > MOST_BYTES {
        return Err(Error::TooLarge(
            "Ce texte est trop long pour être gardé en brouillon\u{a0}: enregistrez-le.".to_owned(),
        ));
    }
    let unreadable = || Error::refused("Ce brouillon n’est pas lisible.");
    let mut fields: Typed = serde_json::from_str(sent.get("champs")).map_err(|_| unreadable())?;
    fields.retain(|(name, _)| {
        !NEVER.iter().any(|never| name == never || name.starts_with(&format!("{never}-")))
    });
    let base = sent.get("version");
    if base.len() > MOST_BASE || base.contains('\0') || fields.iter().any(holds_nul) {
        return Err(unreadable());
    }
    // What is typed later on a machine whose clock is ahead would be refused otherwise.
    let typed = sent.get("saisi").parse::<i64>().ok().and_then(|at| at.checked_mul(1000)).map(Timestamp);
    let draft = Draft {
        network_id: cx.network.id,
        id: Id::new(cx.now),
        account_id: cx.visitor()?.account_id,
        form: form.to_owned(),
        base: base.to_owned(),
        fields: serde_json::to_string(&fields).map_err(Error::bug)?,
        updated_at: typed.map_or(cx.now, |at| at.clamp(cx.now.plus_days(-drafts::DAYS), cx.now)),
        forgotten_at: None,
    };
    let mut tx = cx.write().await?;
    let kept = drafts::put(&mut tx, &draft).await?;
    tx.commit().await?;
    Ok(json(&value!({ "garde": kept, "maintenant": cx.now.0 / 1000 })))
}

fn holds_nul((name, values): &(String, Vec<String>)) -> bool {
    name.contains('\0') || values.iter().any(|value| value.contains('\0'))
}

/// `POST …/oublier`: its author wants it no longer.
pub async fn forget(cx: Cx, sent: Fields) -> Result<Response> {
    require(cx.visitor()?)?;
    let form = form_of(&sent)?;
    let mut tx = cx.write().await?;
    drafts::forget(&mut tx, cx.network.id, cx.visitor()?.account_id, form, cx.now).await?;
    tx.commit().await?;
    Ok(json(&value!({ "maintenant": cx.now.0 / 1000 })))
}

/// The address of a form of the private side.
fn form_of(sent: &Fields) -> Result<&str> {
    let form = sent.get("formulaire");
    let plain = form.len() <= MOST_FORM && !form.chars().any(char::is_control);
    match plain && form.starts_with("/espace/") {
        true => Ok(form),
        false => Err(Error::refused(
            "Indiquez l’adresse du formulaire, par exemple /espace/reseau/contacts/nouveau.",
        )),
    }
}
