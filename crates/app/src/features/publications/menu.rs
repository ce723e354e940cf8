//! `/espace/communication/site/menu`: which pages of the network's own the public menu shows, where, in which order.

use askama::Template;
use axum::response::Response;
use kit::db::Id;
use kit::network::{self, MenuLink};
use kit::trail::{self, Act, Subject};
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Actor, Cx, Fields, Network, Result, Tx, args, sql};
use serde_json::json;

use super::policy::{Want, require};
use super::publication::{self, PAGE, Publication};

const URL: &str = "/espace/communication/site/menu";
/// Pages offered, and links that the top of a page has room for.
const MOST: i64 = 100;
const MOST_AT_TOP: usize = 3;

struct Row {
    id: Id,
    title: String,
    url: String,
    rank: String,
    top: bool,
    foot: bool,
}

#[derive(Template)]
#[template(path = "publications/menu.html")]
struct MenuPage {
    frame: Frame,
    form: Fields,
    rows: Vec<Row>,
}

async fn menu_page(cx: &Cx, tx: &mut Tx) -> Result<(MenuPage, Vec<Publication>)> {
    let latest = (kit::Timestamp(i64::MAX), "~");
    let mut pages = publication::latest(tx, cx.network.id, PAGE, latest, MOST).await?;
    // Those in the menu first, as the menu has them.
    pages.sort_by_key(|page| (page.menu.is_empty(), page.menu_rank, page.title_key.clone()));
    let rows = pages
        .iter()
        .map(|page| Row {
            id: page.id,
            title: page.title.clone(),
            url: page.public_url(),
            rank: if page.menu.is_empty() { String::new() } else { page.menu_rank.to_string() },
            top: matches!(page.menu.as_str(), "top" | "both"),
            foot: matches!(page.menu.as_str(), "foot" | "both"),
        })
        .collect();
    let frame = cx.frame("Menu du site");
    Ok((MenuPage { frame, form: Fields::default(), rows }, pages))
}

pub async fn show(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    Ok(page(&menu_page(&cx, &mut tx).await?.0))
}

pub async fn save(cx: Cx, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let (mut shown, mut pages) = menu_page(&cx, &mut tx).await?;
    for (row, page) in shown.rows.iter_mut().zip(&mut pages) {
        let id = row.id;
        row.top = form.flag(&format!("haut-{id}"));
        row.foot = form.flag(&format!("pied-{id}"));
        form.get(&format!("rang-{id}")).clone_into(&mut row.rank);
        page.menu_rank = form.number(&format!("rang-{id}"), 1..=99).unwrap_or(99);
        page.menu = match (row.top, row.foot) {
            (true, true) => "both",
            (true, false) => "top",
            (false, true) => "foot",
            (false, false) => "",
        }
        .to_owned();
    }
    if shown.rows.iter().filter(|row| row.top).count() > MOST_AT_TOP {
        let first = shown.rows.iter().find(|row| row.top).map(|row| row.id).unwrap_or(Id::first());
        form.reject(&format!("haut-{first}"), "Le haut des pages a la place pour trois liens au plus.");
    }
    if form.check().is_err() {
        shown.form = form;
        return Ok(refused(&shown));
    }
    arrange(&mut tx, &cx.actor(), &cx.network, &pages).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "Menu enregistré."))
}

/// Stores where each page stands in the menu. Their versions stay: no text changed.
pub async fn arrange(tx: &mut Tx, actor: &Actor, network: &Network, pages: &[Publication]) -> Result<()> {
    for page in pages {
        let sql = sql!("update publication set menu = $3, menu_rank = $4 where network_id = $1 and id = $2");
        tx.run(sql, args![network.id, page.id, &page.menu, page.menu_rank]).await?;
    }
    let links = refresh(tx, network.id).await?;
    let act = Act::new("menu.changed", Subject::new("network", network.id, network.label()))
        .before(&json!({ "menu": network.menu() }))
        .after(&json!({ "menu": links }));
    trail::record(tx, actor, act).await.map(|_| ())
}

/// Writes the links beside the network, where every page finds them without a query.
pub(super) async fn refresh(tx: &mut Tx, network: Id) -> Result<Vec<MenuLink>> {
    let sql = sql!(
        "select title, slug, menu from publication where network_id = $1 and kind = 'page' and state = 'published' ",
        "and deleted_at is null and place is null and menu <> '' order by menu_rank, title_key, id limit $2"
    );
    let found: Vec<(String, String, String)> = tx.all(sql, args![network, MOST]).await?;
    let links: Vec<MenuLink> = found
        .into_iter()
        .map(|(title, slug, menu)| MenuLink {
            title,
            url: format!("/pages/{slug}"),
            top: matches!(menu.as_str(), "top" | "both"),
            foot: matches!(menu.as_str(), "foot" | "both"),
        })
        .collect();
    network::save_menu(tx, network, &links).await?;
    Ok(links)
}
