//! `/connexion/lien`: in with a link received by e-mail.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::jobs::{self, Job, Outcome};
use kit::web::form;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{App, Cx, Error, Fields, Result, network};
use serde::{Deserialize, Serialize};

use super::link::{self, Purpose};
use super::{account, letter, sign_in};

#[derive(Template)]
#[template(path = "accounts/magic_link.html")]
struct LinkPage {
    frame: Frame,
    name: String,
    token: String,
}

#[derive(Template)]
#[template(path = "accounts/link_sent.html")]
struct SentPage {
    frame: Frame,
    lasts: &'static str,
}

/// Sends a link to whoever has an account at an address, and nothing to the others. A job: asking takes the
/// same time whether the account exists or not.
#[derive(Serialize, Deserialize)]
pub struct SendLink {
    email: String,
    purpose: Purpose,
    base: String,
}

impl Job for SendLink {
    const KIND: &'static str = "accounts.send_link";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let now = app.now();
        let mut tx = app.db.write().await?;
        let found = account::find_by_email(&mut tx, network, &self.email).await?;
        let Some(account) = found.filter(|account| !account.is_disabled()) else { return Ok(Outcome::Done) };
        if link::are_enough(&mut tx, network, account.id, now).await? {
            return Ok(Outcome::Done);
        }
        let all = network::all(&mut tx).await?;
        let network = all.into_iter().find(|n| n.id == network).ok_or(Error::NotFound)?;
        letter::send(&mut tx, &network, now, &account, self.purpose, &self.base).await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }
}

/// Answers the same to everyone; a link leaves only if there is an account.
pub(super) async fn send(cx: &Cx, form: &Fields, purpose: Purpose) -> Result<Response> {
    if let Ok(email) = form::email(form.get("email")) {
        let job = SendLink { email, purpose, base: cx.link_base() };
        let mut tx = cx.write().await?;
        jobs::add(&mut tx, cx.network.id, cx.now, &job).await?;
        tx.commit().await?;
    }
    Ok(page(&SentPage { frame: cx.frame("Vérifiez votre boîte").hide(), lasts: purpose.lasts() }))
}

pub async fn ask(cx: Cx, form: Fields) -> Result<Response> {
    send(&cx, &form, Purpose::SignIn).await
}

/// A page with a button: programs that check e-mails follow links, and must not use them up.
pub async fn show(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (_, _, account) = link::find(&mut tx, &cx.actor(), &token, &[Purpose::SignIn]).await?;
    Ok(page(&LinkPage { frame: cx.frame("Se connecter").hide(), name: account.name, token }))
}

/// Uses the link up and signs in.
pub async fn follow(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let actor = cx.actor();
    let mut tx = cx.write().await?;
    let (found, _, account) = link::find(&mut tx, &actor, &token, &[Purpose::SignIn]).await?;
    link::use_up(&mut tx, &actor, &found).await?;
    let session = sign_in::enter(&cx, &mut tx, &account).await?;
    tx.commit().await?;
    Ok(sign_in::signed_in(&cx, "/espace", &session))
}
