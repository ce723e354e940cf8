//! `/espace/reglages/compte`: one's own account: who one is here, one's password, one's sessions.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::trail::{self, Act};
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Cx, Error, Fields, Result, Tx};

use super::account::{self, Account};
use super::app_password::{self, AppPassword};
use super::policy::{Want, require};
use super::{attempt, password, session};

pub(super) const URL: &str = "/espace/reglages/compte";

#[derive(Template)]
#[template(path = "accounts/own_account.html")]
pub(super) struct AccountPage {
    frame: Frame,
    form: Fields,
    name: String,
    email: String,
    roles: String,
    has_password: bool,
    advice: &'static str,
    sessions: Vec<SessionRow>,
    apps: Vec<AppRow>,
    /// Where a program finds the address books; none for who has none.
    books_url: Option<String>,
    /// A program's password just made, with its name: shown this once.
    pub(super) made: Option<(String, String)>,
}

/// A program that has a password.
struct AppRow {
    id: Id,
    name: String,
    made: String,
    used: String,
}

struct SessionRow {
    id: Id,
    device: String,
    address: String,
    opened: String,
    seen: String,
    is_this: bool,
}

impl AccountPage {
    pub(super) async fn new(cx: &Cx, tx: &mut Tx, form: Fields) -> Result<Self> {
        let visitor = cx.visitor()?;
        let account: Account = tx.get(cx.network.id, visitor.account_id).await?;
        let zone = cx.network.zone();
        let sessions = session::of_account(tx, cx.network.id, account.id, cx.now).await?;
        let row = |s: &session::Session| SessionRow {
            id: s.id,
            device: s.device(),
            address: s.address.clone(),
            opened: s.created_at.long_in(zone),
            seen: s.last_seen_at.long_in(zone),
            is_this: s.id == visitor.session_id,
        };
        let apps = app_password::of_account(tx, cx.network.id, account.id).await?;
        let app = |app: &AppPassword| AppRow {
            id: app.id,
            name: app.name.clone(),
            made: app.created_at.long_in(zone),
            used: app.last_used_at.map(|at| at.long_in(zone)).unwrap_or_default(),
        };
        Ok(Self {
            apps: apps.iter().map(app).collect(),
            books_url: app_password::has_books(visitor).then(|| format!("{}/carddav/", cx.origin)),
            made: None,
            frame: cx.frame("Mon compte"),
            form,
            has_password: account.password_hash.is_some(),
            name: account.name,
            email: account.email,
            roles: visitor.role_labels(),
            advice: password::ADVICE,
            sessions: sessions.iter().map(row).collect(),
        })
    }

    /// Whether there is anything else to close.
    fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.is_this)
    }
}

pub async fn show(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::KeepOwn)?;
    let mut tx = cx.read().await?;
    Ok(page(&AccountPage::new(&cx, &mut tx, Fields::default()).await?))
}

/// Changes the password, the current one being given when there is one; other sessions end.
pub async fn change_password(cx: Cx, mut form: Fields) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::KeepOwn)?;
    let current = may_go_on(&cx, &form).await?;
    if !current {
        form.reject("actuel", "Ce n’est pas votre mot de passe actuel.");
    }
    let chosen = password::read(&mut form, "password", &visitor.email);
    if form.check().is_err() {
        let mut tx = cx.read().await?;
        return Ok(refused(&AccountPage::new(&cx, &mut tx, form).await?));
    }
    let hash = password::hash(chosen).await?;
    let actor = cx.actor();
    let mut tx = cx.write().await?;
    let account: Account = tx.get(cx.network.id, visitor.account_id).await?;
    account::set_password(&mut tx, &actor, account, hash, "account.password_changed").await?;
    session::end_all(&mut tx, cx.network.id, visitor.account_id, Some(visitor.session_id)).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Mot de passe enregistré. Vos autres appareils devront se reconnecter."))
}

/// Whether the current password was given. Guessing it from a session left open is limited like signing in.
async fn may_go_on(cx: &Cx, form: &Fields) -> Result<bool> {
    let visitor = cx.visitor()?;
    let actor = cx.actor();
    let mut tx = cx.write().await?;
    let account: Account = tx.get(cx.network.id, visitor.account_id).await?;
    let Some(stored) = account.password_hash else { return Ok(true) };
    if !attempt::begin(&mut tx, &actor, &account.email).await? {
        return Err(Error::TooMany(attempt::WAIT.to_owned()));
    }
    tx.commit().await?;
    let right = password::verify(Some(stored), form.get("actuel").to_owned()).await?;
    if right {
        let mut tx = cx.write().await?;
        attempt::forget(&mut tx, &actor, &account.email).await?;
        tx.commit().await?;
    }
    Ok(right)
}

/// Ends one of one's own sessions.
pub async fn end_one(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::KeepOwn)?;
    let mut tx = cx.write().await?;
    if !session::end(&mut tx, cx.network.id, visitor.account_id, id).await? {
        return Err(Error::NotFound);
    }
    ended(&cx, &mut tx).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Session fermée."))
}

/// Ends all of one's own sessions but this one.
pub async fn end_others(cx: Cx) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::KeepOwn)?;
    let mut tx = cx.write().await?;
    session::end_all(&mut tx, cx.network.id, visitor.account_id, Some(visitor.session_id)).await?;
    ended(&cx, &mut tx).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Toutes vos autres sessions sont fermées."))
}

async fn ended(cx: &Cx, tx: &mut Tx) -> Result<()> {
    let account: Account = tx.get(cx.network.id, cx.visitor()?.account_id).await?;
    trail::record(tx, &cx.actor(), Act::new("account.sessions_ended", account.subject())).await.map(|_| ())
}
