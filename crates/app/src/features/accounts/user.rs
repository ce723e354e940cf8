//! `/espace/reglages/utilisateurs/{id}`: someone's access: their roles, whether it is open, another invitation.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::visitor::Held;
use kit::web::frame::Frame;
use kit::web::respond::{conflict, go_saying, page, refused};
use kit::{Cx, Error, Fields, Result, Role, Tx};

use super::account::{self, Account};
use super::invitation::{self, Offer};
use super::policy::{Want, require};
use super::users;

#[derive(Template)]
#[template(path = "accounts/user.html")]
struct UserPage {
    frame: Frame,
    form: Fields,
    offer: Offer,
    account: Account,
    is_self: bool,
}

impl UserPage {
    async fn new(cx: &Cx, tx: &mut Tx, account: Account, form: Fields) -> Result<Self> {
        let visitor = cx.visitor()?;
        Ok(Self {
            frame: cx.frame(account.name.clone()),
            form,
            offer: Offer::load(tx, cx.network.id, visitor).await?,
            is_self: visitor.account_id == account.id,
            account,
        })
    }

    fn action(&self) -> String {
        format!("{}/{}", users::URL, self.account.id)
    }
}

/// An account that the visitor may keep, with its roles.
async fn kept(cx: &Cx, tx: &mut Tx, id: Id) -> Result<(Account, Vec<Held>)> {
    let visitor = cx.visitor()?;
    require(visitor, Want::ReadUsers)?;
    let account: Account = tx.get(cx.network.id, id).await?;
    let roles = account::roles_of(tx, cx.network.id, id).await?;
    require(visitor, Want::Keep(&roles))?;
    Ok((account, roles))
}

fn typed(account: &Account, roles: &[Held]) -> Fields {
    let text = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
    let mut form = Fields::of([
        ("nom", account.name.clone()),
        ("courriel", account.email.clone()),
        ("structure", text(managed(roles).first().copied())),
        ("promeneur", text(account.person_id)),
        ("version", account.version.to_string()),
    ]);
    roles.iter().for_each(|held| form.add("roles", held.role.code()));
    form
}

/// The structures that someone answers for.
fn managed(roles: &[Held]) -> Vec<Id> {
    roles.iter().filter(|held| held.role == Role::Manager).filter_map(|held| held.structure_id).collect()
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.read().await?;
    let (account, roles) = kept(&cx, &mut tx, id).await?;
    let form = typed(&account, &roles);
    Ok(page(&UserPage::new(&cx, &mut tx, account, form).await?))
}

/// Saves name, address, roles and sheet.
pub async fn save(cx: Cx, Path(id): Path<Id>, mut form: Fields) -> Result<Response> {
    let visitor = cx.visitor()?;
    let mut tx = cx.write().await?;
    let (account, roles) = kept(&cx, &mut tx, id).await?;
    if !form.is_fresh(&typed(&account, &roles)) {
        return Ok(conflict(&UserPage::new(&cx, &mut tx, account, form).await?));
    }
    let offer = Offer::load(&mut tx, cx.network.id, visitor).await?;
    let mut wanted = offer.read(&mut form);
    invitation::refuse_taken(&mut tx, cx.network.id, &mut form, &wanted, Some(id)).await?;
    if form.check().is_err() {
        return Ok(refused(&UserPage::new(&cx, &mut tx, account, form).await?));
    }
    require(visitor, Want::Keep(&wanted.roles))?;
    if account::holds(&wanted.roles, Role::Manager) {
        // The form shows the first structure of a manager: the others stay.
        let others =
            managed(&roles).into_iter().skip(1).map(|s| Held { role: Role::Manager, structure_id: Some(s) });
        let missing: Vec<Held> = others.filter(|held| !wanted.roles.contains(held)).collect();
        wanted.roles.extend(missing);
    }
    match account::change(&mut tx, &cx.actor(), id, wanted).await {
        Ok(_) => {}
        Err(Error::Refused(reason)) => {
            form.reject("roles", reason);
            let mut tx = cx.read().await?;
            return Ok(refused(&UserPage::new(&cx, &mut tx, account, form).await?));
        }
        Err(error) => return Err(error),
    }
    tx.commit().await?;
    Ok(go_saying(users::URL, "Accès enregistré."))
}

/// Closes someone's access at once.
pub async fn disable(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.write().await?;
    kept(&cx, &mut tx, id).await?;
    let account = account::disable(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(users::URL, &format!("L’accès de {} est désactivé.", account.name)))
}

/// Opens someone's access again.
pub async fn enable(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.write().await?;
    kept(&cx, &mut tx, id).await?;
    let account = account::enable(&mut tx, &cx.actor(), id).await?;
    tx.commit().await?;
    Ok(go_saying(users::URL, &format!("L’accès de {} est rouvert.", account.name)))
}

/// Sends the invitation again to someone who has not answered it.
pub async fn invite_again(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.write().await?;
    let (account, _) = kept(&cx, &mut tx, id).await?;
    if account.is_disabled() || account.password_hash.is_some() {
        return Err(Error::refused("Cette personne n’attend pas d’invitation."));
    }
    invitation::send(&mut tx, &cx.actor(), &cx.network, &cx.link_base(), &account).await?;
    tx.commit().await?;
    Ok(go_saying(users::URL, &format!("Invitation envoyée à {}.", account.email)))
}
