//! `/espace/reglages/utilisateurs`: who has access to the network, and since when they have not come.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::visitor::Held;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::with_params;
use kit::web::respond::{download, page};
use kit::{Choice, Cx, Error, Fields, Result, Role, Tx, args, sql, text};

use super::account::{self, Account};
use super::invitation::{Offer, role_words};
use super::policy::{Want, may, require};

/// Where the list is.
pub(super) const URL: &str = "/espace/reglages/utilisateurs";

const STATES: [(&str, &str); 3] =
    [("ouvert", "Accès ouvert"), ("invite", "Invitation en attente"), ("desactive", "Désactivé")];

#[derive(Template)]
#[template(path = "accounts/users.html")]
struct UsersPage {
    frame: Frame,
    query: Fields,
    roles: Vec<Choice>,
    states: Vec<Choice>,
    rows: Vec<Row>,
    total: usize,
    csv_url: String,
    xlsx_url: String,
}

struct Row {
    id: Id,
    name: String,
    email: String,
    roles: String,
    state: &'static str,
    tone: &'static str,
    seen: String,
    may_keep: bool,
}

/// When each account was last used, among sessions still open.
async fn last_seen(tx: &mut Tx, network: Id) -> Result<HashMap<Id, Timestamp>> {
    let sql = sql!(
        "select account_id, cast(max(last_seen_at) as bigint) from session ",
        "where network_id = $1 group by account_id"
    );
    let rows: Vec<(Id, Timestamp)> = tx.all(sql, args![network]).await?;
    Ok(rows.into_iter().collect())
}

fn state(account: &Account, seen: Option<Timestamp>) -> &'static str {
    match (account.is_disabled(), account.password_hash.is_some() || seen.is_some()) {
        (true, _) => "desactive",
        (false, true) => "ouvert",
        (false, false) => "invite",
    }
}

/// Whether an account is among those asked for.
fn is_asked(query: &Fields, account: &Account, roles: &[Held], state: &str) -> bool {
    let words = text::fold(query.get("q"));
    let said = text::fold(&format!("{} {}", account.name, account.email));
    let (role, wanted) = (query.get("role"), query.get("etat"));
    words.split(' ').all(|word| said.contains(word))
        && (role.is_empty() || roles.iter().any(|held| held.role.code() == role))
        && (wanted.is_empty() || wanted == state)
}

async fn rows(cx: &Cx, tx: &mut Tx, query: &Fields) -> Result<(Vec<Row>, usize)> {
    let visitor = cx.visitor()?;
    let all = account::list(tx, cx.network.id).await?;
    let seen = last_seen(tx, cx.network.id).await?;
    let offer = Offer::load(tx, cx.network.id, visitor).await?;
    let total = all.len();
    let mut rows = Vec::with_capacity(total);
    for (account, roles) in all {
        let seen = seen.get(&account.id).copied();
        let state = state(&account, seen);
        if !is_asked(query, &account, &roles, state) {
            continue;
        }
        rows.push(Row {
            id: account.id,
            roles: role_words(&roles, &offer.structures),
            state: STATES.iter().find(|(code, _)| *code == state).map_or("", |(_, label)| *label),
            tone: match state {
                "ouvert" => "ok",
                "invite" => "warn",
                _ => "quiet",
            },
            seen: seen.map(|at| at.long_in(cx.network.zone())).unwrap_or_default(),
            may_keep: may(visitor, Want::Keep(&roles)),
            name: account.name,
            email: account.email,
        });
    }
    Ok((rows, total))
}

/// The list, or with `format=csv` or `xlsx` the file of all that it holds.
pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::ReadUsers)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    let (rows, total) = rows(&cx, &mut tx, &query).await?;
    if query.has("format") {
        return file(&cx, query.get("format"), &rows);
    }
    Ok(page(&UsersPage {
        frame: cx.frame("Accès au réseau"),
        roles: Role::ALL.iter().map(|role| Choice::new(role.code(), role.label())).collect(),
        states: STATES.iter().map(|(code, label)| Choice::new(*code, *label)).collect(),
        csv_url: with_params(&cx.uri, &[("format", "csv")]),
        xlsx_url: with_params(&cx.uri, &[("format", "xlsx")]),
        query,
        rows,
        total,
    }))
}

fn file(cx: &Cx, format: &str, rows: &[Row]) -> Result<Response> {
    let name = format!("acces-{}-{}", cx.network.code, cx.today());
    let headings = ["Nom", "Courriel", "Rôles", "État", "Dernier usage"].map(str::to_owned);
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|r| vec![r.name.clone(), r.email.clone(), r.roles.clone(), r.state.to_owned(), r.seen.clone()])
        .collect();
    match format {
        "csv" => {
            let bytes = documents::delimited::write(&headings, &cells).map_err(Error::bug)?;
            Ok(download(&format!("{name}.csv"), "text/csv; charset=utf-8", bytes))
        }
        "xlsx" => {
            let bytes = documents::workbook::write(&name, &headings, &cells).map_err(Error::bug)?;
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Ok(download(&format!("{name}.xlsx"), kind, bytes))
        }
        _ => Err(Error::NotFound),
    }
}
