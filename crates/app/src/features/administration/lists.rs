//! `/espace/reglages/listes`: the lists a network renames, extends, orders and retires entries from.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::trail::{self, Act, Subject};
use kit::web::frame::Frame;
use kit::web::respond::{go_saying, page, refused};
use kit::{Actor, Cx, Error, Fields, Network, Result, Tx, args, sql, text};
use serde_json::json;

use super::policy::{Want, may, require};
use crate::features::directory::vocabulary::{self, Entry, List, ListItem, Vocabulary};

const URL: &str = "/espace/reglages/listes";
/// Longest label of an entry.
const MOST_LABEL: usize = 80;

#[derive(Template)]
#[template(path = "administration/lists.html")]
struct ListsPage {
    frame: Frame,
    lists: Vec<ListRow>,
}

struct ListRow {
    url: String,
    label: &'static str,
    used: usize,
    retired: usize,
}

#[derive(Template)]
#[template(path = "administration/list.html")]
struct ListPage {
    frame: Frame,
    form: Fields,
    url: String,
    entries: Vec<Entry>,
    may_change: bool,
}

impl ListPage {
    fn new(cx: &Cx, list: List, entries: Vec<Entry>, form: Fields) -> Result<Self> {
        Ok(Self {
            frame: cx.frame(list.label()),
            form,
            url: url(list),
            entries,
            may_change: may(cx.visitor()?, Want::ChangeLists),
        })
    }
}

fn url(list: List) -> String {
    format!("{URL}/{}", list.code())
}

fn named(code: &str) -> Result<List> {
    List::from_code(code).ok_or(Error::NotFound)
}

async fn entries(tx: &mut Tx, network: &Network, list: List) -> Result<Vec<Entry>> {
    Ok(Vocabulary::load(tx, network).await?.entries(list).to_vec())
}

pub async fn index(cx: Cx) -> Result<Response> {
    require(cx.visitor()?, Want::ReadSettings)?;
    let mut tx = cx.read().await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    let row = |list: List| {
        let entries = vocabulary.entries(list);
        let retired = entries.iter().filter(|entry| entry.retired).count();
        ListRow { url: url(list), label: list.label(), used: entries.len() - retired, retired }
    };
    let lists = List::ALL.into_iter().map(row).collect();
    Ok(page(&ListsPage { frame: cx.frame("Listes"), lists }))
}

pub async fn show(cx: Cx, Path(list): Path<String>) -> Result<Response> {
    require(cx.visitor()?, Want::ReadSettings)?;
    let list = named(&list)?;
    let mut tx = cx.read().await?;
    let entries = entries(&mut tx, &cx.network, list).await?;
    Ok(page(&ListPage::new(&cx, list, entries, Fields::default())?))
}

/// Adds an entry at the end. Its code is made of its first label and never changes.
pub async fn add(cx: Cx, Path(list): Path<String>, mut form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::ChangeLists)?;
    let list = named(&list)?;
    let mut tx = cx.write().await?;
    let entries = entries(&mut tx, &cx.network, list).await?;
    let label = form.required("libelle", MOST_LABEL, "Indiquez le libellé de la nouvelle entrée.");
    if entries.iter().any(|entry| text::fold(&entry.label) == text::fold(&label)) {
        form.reject("libelle", "Cette liste a déjà une entrée de ce nom.");
    }
    if form.check().is_err() {
        return Ok(refused(&ListPage::new(&cx, list, entries, form)?));
    }
    let entry = Entry {
        code: free_code(&label, &entries),
        label,
        retired: false,
        position: i64::try_from(entries.len()).unwrap_or(0),
    };
    put(&mut tx, &cx.actor(), list, None, &entry, place(entries.len())).await?;
    tx.commit().await?;
    Ok(go_saying(&url(list), &format!("«\u{a0}{}\u{a0}» ajouté à la liste.", entry.label)))
}

/// A code of the label that no entry has yet.
fn free_code(label: &str, entries: &[Entry]) -> String {
    let wanted = text::slug(label).replace('-', "_");
    let free = |code: &String| entries.iter().all(|entry| entry.code != *code);
    let numbered = (2..).map(|n| format!("{wanted}_{n}"));
    std::iter::once(wanted.clone()).chain(numbered).find(free).unwrap_or_default()
}

fn place(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

/// Renames an entry, retires it, brings it back, or moves it by one place.
pub async fn change(
    cx: Cx,
    Path((list, code)): Path<(String, String)>,
    mut form: Fields,
) -> Result<Response> {
    require(cx.visitor()?, Want::ChangeLists)?;
    let list = named(&list)?;
    let mut tx = cx.write().await?;
    let all = entries(&mut tx, &cx.network, list).await?;
    let at = all.iter().position(|entry| entry.code == code).ok_or(Error::NotFound)?;
    let mut after = all[at].clone();
    let actor = cx.actor();
    let action = form.get("action").to_owned();
    match action.as_str() {
        "monter" => shift(&mut tx, &actor, list, all, at, at.saturating_sub(1)).await?,
        "descendre" => shift(&mut tx, &actor, list, all, at, at + 1).await?,
        action => {
            match action {
                "retirer" => after.retired = true,
                "remettre" => after.retired = false,
                _ => {
                    let Some(label) = form.text("libelle", MOST_LABEL).filter(|_| form.errors().is_empty())
                    else {
                        return Err(Error::refused("Indiquez un libellé de 80 caractères au plus."));
                    };
                    after.label = label;
                }
            }
            put(&mut tx, &actor, list, Some(&all[at]), &after, place(at)).await?;
        }
    }
    tx.commit().await?;
    Ok(go_saying(&url(list), "Liste enregistrée."))
}

/// Moves an entry; every entry then has its place written down.
async fn shift(
    tx: &mut Tx,
    actor: &Actor,
    list: List,
    all: Vec<Entry>,
    from: usize,
    to: usize,
) -> Result<()> {
    let mut moved = all;
    if to >= moved.len() || from == to {
        return Ok(());
    }
    moved.swap(from, to);
    for (at, entry) in moved.iter().enumerate() {
        keep(tx, actor, list, entry, place(at)).await?;
    }
    let subject = Subject::new("list", actor.network_id, list.label());
    let order = |at: usize| json!({ "entry": moved[to].label, "place": at + 1 });
    let act = Act::new("list.ordered", subject).before(&order(from)).after(&order(to));
    trail::record(tx, actor, act).await.map(|_| ())
}

/// Writes an entry with its line in the trail.
async fn put(
    tx: &mut Tx,
    actor: &Actor,
    list: List,
    before: Option<&Entry>,
    after: &Entry,
    place: i64,
) -> Result<()> {
    let id = keep(tx, actor, list, after, place).await?;
    let said = |entry: &Entry| json!({ "label": entry.label, "retired": entry.retired });
    let subject = Subject::new("list_item", id, format!("{}\u{a0}: {}", list.label(), after.label));
    let act = match before {
        Some(before) => Act::new("list.changed", subject).before(&said(before)),
        None => Act::new("list.extended", subject),
    };
    trail::record(tx, actor, act.after(&said(after))).await.map(|_| ())
}

/// Writes the row of an entry; an entry still as the national guide has it gets its first.
async fn keep(tx: &mut Tx, actor: &Actor, list: List, entry: &Entry, place: i64) -> Result<Id> {
    vocabulary::changed(tx, actor.network_id).await?;
    let sql = sql!(
        "select network_id, id, list, code, label, position, retired_at, version from list_item ",
        "where network_id = $1 and list = $2 and code = $3"
    );
    let stored: Option<ListItem> =
        tx.optional(sql, args![actor.network_id, list.code(), entry.code.as_str()]).await?;
    if let Some(mut row) = stored {
        row.label.clone_from(&entry.label);
        row.position = place;
        row.retired_at = if entry.retired { row.retired_at.or(Some(actor.now)) } else { None };
        tx.save(&mut row).await?;
        return Ok(row.id);
    }
    let row = ListItem {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        list: list.code().to_owned(),
        code: entry.code.clone(),
        label: entry.label.clone(),
        position: place,
        retired_at: entry.retired.then_some(actor.now),
        version: 1,
    };
    tx.insert(std::slice::from_ref(&row)).await?;
    Ok(row.id)
}
