//! `/connexion`, `/deconnexion`: in with a password, and out. `/espace/session` says whether one is still in.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kit::visitor::SESSION_DAYS;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::respond::{go, page, page_with};
use kit::web::serve::set_session;
use kit::{Cx, Fields, Result, Tx};

use super::account::{self, Account};
use super::{attempt, password, session};

/// Where one goes without having asked for a page.
const HOME: &str = "/espace";

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    frame: Frame,
    form: Fields,
    /// Too many attempts: what to do instead.
    wait: &'static str,
}

/// What became of an attempt.
enum Attempt {
    /// The token of the new session.
    Right(String),
    Wrong,
    TooMany,
}

pub async fn show(cx: Cx, query: Query) -> Result<Response> {
    let back = local(query.0.get("retour"));
    if cx.visitor.is_some() {
        return Ok(go(back));
    }
    let form = Fields::of([("retour", back.to_owned())]);
    Ok(page(&SignInPage { frame: cx.frame("Se connecter").hide(), form, wait: "" }))
}

/// Signs in. A program that accepts only JSON is told by the status alone: 204, 422 or 429.
pub async fn sign_in(cx: Cx, mut form: Fields) -> Result<Response> {
    let back = local(form.get("retour")).to_owned();
    let status = match attempt(&cx, &form).await? {
        Attempt::Right(token) if cx.wants_json => {
            return Ok(carrying(&cx, StatusCode::NO_CONTENT.into_response(), &token));
        }
        Attempt::Right(token) => return Ok(signed_in(&cx, &back, &token)),
        Attempt::Wrong => StatusCode::UNPROCESSABLE_ENTITY,
        Attempt::TooMany => StatusCode::TOO_MANY_REQUESTS,
    };
    if cx.wants_json {
        return Ok(status.into_response());
    }
    let mut wait = "";
    match status {
        StatusCode::TOO_MANY_REQUESTS => wait = attempt::WAIT,
        _ => form.reject("email", "Adresse ou mot de passe incorrect."),
    }
    form.set("retour", back);
    Ok(page_with(status, &SignInPage { frame: cx.frame("Se connecter").hide(), form, wait }))
}

/// Tries a password. Whatever is wrong, the same work is done and the same is answered.
async fn attempt(cx: &Cx, form: &Fields) -> Result<Attempt> {
    let email: String = form.get("email").trim().to_lowercase().chars().take(254).collect();
    let actor = cx.actor();
    let mut tx = cx.write().await?;
    if !attempt::begin(&mut tx, &actor, &email).await? {
        return Ok(Attempt::TooMany);
    }
    let account = account::find_by_email(&mut tx, cx.network.id, &email).await?;
    tx.commit().await?;
    let stored = account.as_ref().and_then(|account| account.password_hash.clone());
    let right = password::verify(stored, form.get("password").to_owned()).await?;
    let Some(account) = account.filter(|account| right && !account.is_disabled()) else {
        return Ok(Attempt::Wrong);
    };
    let mut tx = cx.write().await?;
    attempt::forget(&mut tx, &actor, &email).await?;
    let token = enter(cx, &mut tx, &account).await?;
    tx.commit().await?;
    Ok(Attempt::Right(token))
}

/// Opens a session for an account, in place of the one this browser had.
pub(super) async fn enter(cx: &Cx, tx: &mut Tx, account: &Account) -> Result<String> {
    if let Some(visitor) = cx.visitor.as_deref() {
        session::end(tx, cx.network.id, visitor.account_id, visitor.session_id).await?;
    }
    session::open(tx, &cx.actor(), account.id, &cx.agent).await
}

/// To a page, with the session just opened.
pub(super) fn signed_in(cx: &Cx, url: &str, token: &str) -> Response {
    carrying(cx, go(url), token)
}

fn carrying(cx: &Cx, mut response: Response, token: &str) -> Response {
    set_session(&mut response, token, is_secure(cx), SESSION_DAYS);
    response
}

fn is_secure(cx: &Cx) -> bool {
    cx.origin.starts_with("https://")
}

/// Ends the session of this browser.
pub async fn sign_out(cx: Cx) -> Result<Response> {
    if let Some(visitor) = cx.visitor.as_deref() {
        let mut tx = cx.write().await?;
        session::end(&mut tx, cx.network.id, visitor.account_id, visitor.session_id).await?;
        tx.commit().await?;
    }
    let mut response = go("/");
    set_session(&mut response, "", is_secure(&cx), 0);
    Ok(response)
}

/// 204 for who is signed in; the gate of the private side answers the others.
pub async fn still_here(cx: Cx) -> Result<Response> {
    cx.visitor()?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A page of this site, or the first one: never somewhere else.
fn local(path: &str) -> &str {
    let here = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|byte| byte.is_ascii_graphic());
    if here { path } else { HOME }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_never_sent_to_another_site() {
        for bad in
            ["", "https://mal.example", "//mal.example", "/\\mal.example", "espace", "/a\r\nb", "/\t/b"]
        {
            assert_eq!(local(bad), HOME, "{bad:?}");
        }
        assert_eq!(local("/espace/agenda?mois=3"), "/espace/agenda?mois=3");
    }
}
