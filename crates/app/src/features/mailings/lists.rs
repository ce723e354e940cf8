//! `/espace/messagerie/listes`: the lists of the network and how many each would reach today.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::with_params;
use kit::web::respond::{go_saying, page};
use kit::{Cx, Error, Result, Tx, mail, text};

use super::distribution_list::{self, DistributionList};
use super::expansion::{Expansion, LeftOut, Member, Source};
use super::policy::{Want, require};
use crate::features::directory::export::Table;
use crate::features::directory::file;

pub const URL: &str = "/espace/messagerie/listes";
/// Rows of a table of members shown on screen; the rest is in the export.
const SHOWN: usize = 500;

#[derive(Template)]
#[template(path = "mailings/lists.html")]
struct ListsPage {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    list: DistributionList,
    members: usize,
    left_out: usize,
}

#[derive(Template)]
#[template(path = "mailings/list.html")]
struct ListPage {
    frame: Frame,
    list: DistributionList,
    members: Vec<Member>,
    left_out: Vec<LeftOut>,
    /// Its address, once the network has a mailbox.
    address: Option<String>,
    /// The address that works without a word to the host, where it takes « + ».
    plus_address: String,
    /// How many members, however many are shown.
    count: usize,
    csv_url: String,
    xlsx_url: String,
}

/// A view of a network that has its lists: at the first look it is given those that every network has.
pub async fn open(cx: &Cx) -> Result<Tx> {
    let mut tx = cx.read().await?;
    if distribution_list::is_seeded(&mut tx, cx.network.id).await? {
        return Ok(tx);
    }
    drop(tx);
    let mut tx = cx.write().await?;
    distribution_list::seed(&mut tx, cx.network.id, cx.now).await?;
    tx.commit().await?;
    cx.app.db.read().await
}

pub async fn list(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = open(&cx).await?;
    let lists = distribution_list::all(&mut tx, cx.network.id).await?;
    let source = Source::load(&mut tx, &cx.network, cx.today(), None).await?;
    let definitions: Vec<_> = lists.iter().map(DistributionList::definition).collect();
    let asked: Vec<_> = definitions.iter().collect();
    let source = source.with_groups(&mut tx, cx.network.id, &asked).await?;
    let rows = lists
        .into_iter()
        .map(|list| {
            let Expansion { members, left_out } = source.expand(&[&list], None);
            Row { members: members.len(), left_out: left_out.len(), list }
        })
        .collect();
    Ok(page(&ListsPage { frame: cx.frame("Listes de diffusion"), rows }))
}

/// Who is in a list today and why, and who is left out and why.
pub async fn show(cx: Cx, Path(id): Path<Id>, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let mut tx = cx.read().await?;
    let list = distribution_list::find(&mut tx, cx.network.id, id).await?;
    let source = Source::load(&mut tx, &cx.network, cx.today(), None).await?;
    let source = source.with_groups(&mut tx, cx.network.id, &[&list.definition()]).await?;
    let Expansion { mut members, left_out } = source.expand(&[&list], None);
    if query.0.has("format") {
        return file(query.0.get("format"), &table(&cx, &list, &members));
    }
    let count = members.len();
    members.truncate(SHOWN);
    let export = |format: &str| with_params(&cx.uri, &[("format", format)]);
    let own = mail::own_account(&mut tx, cx.network.id).await?.map(|account| account.address);
    let own = own.filter(|_| !list.local_part.is_empty());
    let plus = own.as_deref().and_then(|own| own.split_once('@'));
    Ok(page(&ListPage {
        plus_address: plus
            .map(|(name, domain)| format!("{name}+{}@{domain}", list.local_part))
            .unwrap_or_default(),
        address: own.map(|own| list.address(&own)),
        frame: cx.frame(list.name.clone()),
        count,
        members,
        left_out,
        csv_url: export("csv"),
        xlsx_url: export("xlsx"),
        list,
    }))
}

fn table(cx: &Cx, list: &DistributionList, members: &[Member]) -> Table {
    let headings = ["Nom", "Prénom", "Adresse", "Structure", "Commune", "Pourquoi"];
    let rows = members
        .iter()
        .map(|member| {
            vec![
                member.known.last_name.clone(),
                member.known.first_name.clone(),
                member.address.clone(),
                member.known.structure.clone(),
                member.known.commune.clone(),
                member.why.join(", "),
            ]
        })
        .collect();
    Table {
        name: format!("liste-{}-{}", text::slug(&list.name), cx.today()),
        headings: headings.map(str::to_owned).to_vec(),
        rows,
    }
}

pub async fn throw(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before = distribution_list::find(&mut tx, cx.network.id, id).await?;
    let after = DistributionList { deleted_at: Some(cx.now), ..before.clone() };
    distribution_list::keep(&mut tx, &cx.actor(), Some(&before), after).await?;
    tx.commit().await?;
    Ok(go_saying(URL, "La liste est à la corbeille, pour 30 jours."))
}

pub async fn restore(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    require(cx.visitor()?, Want::Keep)?;
    let mut tx = cx.write().await?;
    let before: DistributionList = tx.get(cx.network.id, id).await?;
    if before.deleted_at.is_none() {
        return Err(Error::NotFound);
    }
    let mut after = DistributionList { deleted_at: None, ..before.clone() };
    if distribution_list::is_taken(&mut tx, cx.network.id, &after.local_part, Some(id)).await? {
        // Another list was given its address meanwhile.
        after.local_part.clear();
    }
    let list = distribution_list::keep(&mut tx, &cx.actor(), Some(&before), after).await?;
    tx.commit().await?;
    Ok(go_saying(&list.url(), "La liste est de retour."))
}
