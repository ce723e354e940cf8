//! Passwords made for one program: the address book of a telephone, of Thunderbird. Never the account's own; shown
//! once, kept as a hash, each withdrawn by itself. Drawn by the program, so that guessing one is hopeless.
//! `/espace/reglages/compte/applications`.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::trail::{self, Act, Subject};
use kit::web::respond::{go_saying, page, refused};
use kit::{Actor, Cx, Error, Fields, Result, Role, Tx, Visitor, args, chance, sql};

use super::account::{self, Account};
use super::attempt;
use super::own_account::{AccountPage, URL};
use super::policy::{Want, require};

/// Programs that one account may have.
const MOST: usize = 20;
/// Longest name of a program, in characters.
const MOST_NAME: usize = 60;
/// The time of last use is written no more often than this, in minutes.
const SEEN_EVERY: i64 = 60;
/// Without letters and figures that look alike; 32 signs, five bits each.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Signs of a password: 100 bits.
const LENGTH: usize = 20;

kit::table! {
    /// A program's password.
    pub struct AppPassword in "app_password" {
        pub account_id: Id,
        pub name: String,
        #[serde(skip)]
        pub token_hash: String,
        pub created_at: Timestamp,
        pub last_used_at: Option<Timestamp>,
    }
}

/// `abcd-efgh-jkmn-pqrs-tuvw`.
fn draw() -> String {
    let mut bytes = [0u8; LENGTH];
    chance::fill(&mut bytes);
    let signs: Vec<char> = bytes.iter().map(|b| char::from(SIGNS[usize::from(*b) % SIGNS.len()])).collect();
    signs.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What is hashed: people type without hyphens, in capitals, with spaces.
fn plain(password: &str) -> String {
    password.chars().filter(|c| c.is_alphanumeric()).take(100).collect::<String>().to_lowercase()
}

/// The passwords of an account, the latest first.
pub async fn of_account(tx: &mut Tx, network: Id, account: Id) -> Result<Vec<AppPassword>> {
    let sql = sql!(
        "select network_id, id, account_id, name, token_hash, created_at, last_used_at from app_password ",
        "where network_id = $1 and account_id = $2 order by id desc limit 100"
    );
    tx.all(sql, args![network, account]).await
}

/// Makes a password for a program and returns it: it is stored nowhere.
pub async fn make(tx: &mut Tx, actor: &Actor, account: &Account, name: &str) -> Result<String> {
    if of_account(tx, actor.network_id, account.id).await?.len() >= MOST {
        return Err(Error::refused("Retirez d’abord un mot de passe dont vous ne vous servez plus."));
    }
    let password = draw();
    let made = AppPassword {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        account_id: account.id,
        name: name.to_owned(),
        token_hash: chance::token_hash(&plain(&password)),
        created_at: actor.now,
        last_used_at: None,
    };
    tx.insert(std::slice::from_ref(&made)).await?;
    let act = Act::new("app_password.made", Subject::new("app_password", made.id, name)).after(&made);
    trail::record(tx, actor, act.concerning(account.subject())).await?;
    Ok(password)
}

/// Withdraws a password of one's own; the program is shut out at once.
async fn withdraw(tx: &mut Tx, actor: &Actor, account: &Account, id: Id) -> Result<()> {
    let found: AppPassword = tx.get(actor.network_id, id).await?;
    if found.account_id != account.id {
        return Err(Error::NotFound);
    }
    tx.delete::<AppPassword>(actor.network_id, id).await?;
    let act =
        Act::new("app_password.withdrawn", Subject::new("app_password", id, &found.name)).before(&found);
    trail::record(tx, actor, act.concerning(account.subject())).await.map(|_| ())
}

#[derive(sqlx::FromRow)]
struct Holder {
    id: Id,
    account_id: Id,
    name: String,
    email: String,
    person_id: Option<Id>,
    last_used_at: Option<Timestamp>,
}

/// Who a program acts for, by the account's address and the program's password. Whatever is wrong, the answer is
/// the same: `None`; [`Error::TooMany`] after too many failures from one place.
pub async fn holder(cx: &Cx, email: &str, password: &str) -> Result<Option<Visitor>> {
    let email: String = email.trim().to_lowercase().chars().take(254).collect();
    // Counted apart from those of the site: a forgotten telephone must not keep its owner from signing in.
    let counted = format!("carddav {email}");
    let actor = cx.actor();
    let mut tx = cx.app.db.read().await?;
    if !attempt::may_try(&mut tx, &actor, &counted).await? {
        return Err(Error::TooMany(attempt::WAIT.to_owned()));
    }
    let sql = sql!(
        "select p.id, p.account_id, a.name, a.email, a.person_id, p.last_used_at from app_password p ",
        "join account a on a.network_id = p.network_id and a.id = p.account_id ",
        "where p.network_id = $1 and p.token_hash = $2 and a.disabled_at is null"
    );
    let hash = chance::token_hash(&plain(password));
    let found: Option<Holder> = tx.optional(sql, args![cx.network.id, hash]).await?;
    let Some(found) = found.filter(|found| found.email == email) else {
        drop(tx);
        let mut tx = cx.write().await?;
        attempt::begin(&mut tx, &actor, &counted).await?;
        tx.commit().await?;
        return Ok(None);
    };
    let roles = account::roles_of(&mut tx, cx.network.id, found.account_id).await?;
    drop(tx);
    let seen = found.last_used_at.unwrap_or_default();
    if seen.plus_minutes(SEEN_EVERY) < cx.now {
        let mut tx = cx.write().await?;
        let sql = sql!("update app_password set last_used_at = $3 where network_id = $1 and id = $2");
        tx.run(sql, args![cx.network.id, found.id, cx.now]).await?;
        tx.commit().await?;
    }
    Ok(Some(Visitor {
        account_id: found.account_id,
        session_id: found.id,
        name: found.name,
        email: found.email,
        person_id: found.person_id,
        roles,
    }))
}

/// A form that makes one: the page then shows it, this once.
pub async fn add(cx: Cx, mut form: Fields) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::KeepOwn)?;
    let name = form.text("application", MOST_NAME);
    if name.is_none() {
        form.reject(
            "application",
            "Dites pour quel appareil ou logiciel\u{a0}: «\u{a0}Thunderbird du bureau\u{a0}».",
        );
    }
    let (Some(name), Ok(())) = (name, form.check()) else {
        let mut tx = cx.read().await?;
        return Ok(refused(&AccountPage::new(&cx, &mut tx, form).await?));
    };
    let mut tx = cx.write().await?;
    let account: Account = tx.get(cx.network.id, visitor.account_id).await?;
    let made = match make(&mut tx, &cx.actor(), &account, &name).await {
        Err(Error::Refused(reason)) => {
            form.reject("application", reason);
            return Ok(refused(&AccountPage::new(&cx, &mut tx, form).await?));
        }
        made => made?,
    };
    tx.commit().await?;
    let mut tx = cx.app.db.read().await?;
    let mut view = AccountPage::new(&cx, &mut tx, Fields::default()).await?;
    view.made = Some((name, made));
    let mut response = page(&view);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

pub async fn remove(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let visitor = cx.visitor()?;
    require(visitor, Want::KeepOwn)?;
    let mut tx = cx.write().await?;
    let account: Account = tx.get(cx.network.id, visitor.account_id).await?;
    withdraw(&mut tx, &cx.actor(), &account, id).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Mot de passe retiré\u{a0}: cet appareil n’a plus accès au carnet d’adresses."))
}

/// Whether an account has anything to read in an address book: an operator has no business in the content.
pub fn has_books(visitor: &Visitor) -> bool {
    visitor.roles.iter().any(|held| held.role != Role::Operator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_read_however_it_is_typed() {
        let one = draw();
        assert_eq!(one.len(), LENGTH + 4);
        assert_ne!(one, draw());
        assert_eq!(plain(&one), plain(&one.to_uppercase().replace('-', " ")));
        assert_eq!(plain(" AbC-2 3é"), "abc23é");
    }
}
