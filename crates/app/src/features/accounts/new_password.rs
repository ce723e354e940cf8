//! `/connexion/mot-de-passe/{token}`: choosing a password, invited for the first time or after forgetting.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::web::frame::Frame;
use kit::web::respond::{page, refused};
use kit::{Cx, Fields, Result};

use super::link::{self, Purpose};
use super::{account, password, session, sign_in};

const PURPOSES: [Purpose; 2] = [Purpose::Invitation, Purpose::Reset];

#[derive(Template)]
#[template(path = "accounts/new_password.html")]
struct PasswordPage {
    frame: Frame,
    form: Fields,
    name: String,
    email: String,
    advice: &'static str,
    invited: bool,
    token: String,
}

impl PasswordPage {
    fn new(cx: &Cx, account: account::Account, purpose: Purpose, token: String) -> Self {
        let invited = purpose == Purpose::Invitation;
        Self {
            frame: cx.frame(if invited { "Bienvenue" } else { "Nouveau mot de passe" }).hide(),
            form: Fields::default(),
            name: account.name,
            email: account.email,
            advice: password::ADVICE,
            invited,
            token,
        }
    }
}

pub async fn show(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (_, purpose, account) = link::find(&mut tx, &cx.actor(), &token, &PURPOSES).await?;
    Ok(page(&PasswordPage::new(&cx, account, purpose, token)))
}

/// Sets the password and signs in. Whoever knew the old one is signed out everywhere.
pub async fn choose(cx: Cx, Path(token): Path<String>, mut form: Fields) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (_, purpose, account) = link::find(&mut tx, &cx.actor(), &token, &PURPOSES).await?;
    drop(tx);
    let chosen = password::read(&mut form, "password", &account.email);
    if form.check().is_err() {
        return Ok(refused(&PasswordPage { form, ..PasswordPage::new(&cx, account, purpose, token) }));
    }
    let hash = password::hash(chosen).await?;
    let mut tx = cx.write().await?;
    let (found, purpose, account) = link::find(&mut tx, &cx.actor(), &token, &PURPOSES).await?;
    let actor = account.as_actor(cx.actor());
    link::use_up(&mut tx, &actor, &found).await?;
    link::close_all(&mut tx, &actor, account.id).await?;
    let action = match purpose {
        Purpose::Invitation => "account.invitation_accepted",
        _ => "account.password_reset",
    };
    let account = account::set_password(&mut tx, &actor, account, hash, action).await?;
    session::end_all(&mut tx, cx.network.id, account.id, None).await?;
    let session = sign_in::enter(&cx, &mut tx, &account).await?;
    tx.commit().await?;
    Ok(sign_in::signed_in(&cx, "/espace", &session))
}
