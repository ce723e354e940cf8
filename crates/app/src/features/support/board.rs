//! The board of tasks (`/espace/accompagnement/taches?vue=tableau`): a column for each state, a card for each task, whose
//! buttons move it. The acts are those of the list.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::web::frame::Frame;
use kit::web::pager::with_params;
use kit::web::respond::{conflict, go_saying};
use kit::{Cx, Error, Fields, Result, Tx};

use super::about::AboutLink;
use super::task::{self, STATES, Task};
use super::task_filter::TaskFilter;
use super::task_form::readable;
use super::tasks::{Links, export_url};
use super::{TASKS, back};
use crate::features;

/// The state that a button gives, and its words.
type Move = (&'static str, &'static str);

/// The columns, each with what is said when it is empty, and what moves a card from there: the state it then has, and the
/// button's words.
const COLUMNS: [(&str, &str, [Move; 2]); 3] = [
    ("to_do", "Rien à faire.", [("in_progress", "Commencer"), ("done", "Terminer")]),
    ("in_progress", "Rien en cours.", [("done", "Terminer"), ("to_do", "Remettre à faire")]),
    (
        "done",
        "Rien de fait ces deux dernières semaines.",
        [("in_progress", "Reprendre"), ("to_do", "Remettre à faire")],
    ),
];
/// How long what is done stays on the board.
const DAYS_DONE: i64 = 14;
/// Cards of a column; the list holds the others.
const MOST_CARDS: usize = 50;
/// Most open tasks, and most done ones, that are read for a board.
const MOST_READ: usize = 1000;

struct Card {
    task: Task,
    /// « Suite de la », « À propos de ».
    about_intro: &'static str,
    about: Option<AboutLink>,
    reads_about: bool,
    due: String,
    is_late: bool,
    assignee: String,
    ended: String,
}

struct Column {
    code: &'static str,
    label: &'static str,
    when_empty: &'static str,
    moves: [Move; 2],
    cards: Vec<Card>,
    count: usize,
    /// Whether there may be more than were counted.
    is_beyond: bool,
    list_url: String,
}

impl Column {
    /// Those for which there is no room.
    fn others(&self) -> usize {
        self.count - self.cards.len()
    }
}

#[derive(Template)]
#[template(path = "support/board.html")]
pub(super) struct BoardPage {
    frame: Frame,
    columns: Vec<Column>,
    filter: TaskFilter,
    is_board: bool,
    links: Links,
    uri: String,
    /// Why nothing was moved.
    trouble: Option<String>,
    csv_url: String,
    xlsx_url: String,
}

/// The board of the tasks that were asked for at an address.
pub(super) async fn board(cx: &Cx, tx: &mut Tx, filter: TaskFilter, uri: &str) -> Result<BoardPage> {
    let open = task::open(tx, cx.network.id, (filter.whose, None), ("", ""), most(MOST_READ)).await?;
    let done = task::done_since(tx, cx.network.id, filter.whose, since(cx), most(MOST_READ)).await?;
    let mut columns = Vec::new();
    for (code, when_empty, moves) in COLUMNS {
        let all = if code == "done" { &done } else { &open };
        let here: Vec<&Task> = all.iter().filter(|task| task.state == code).collect();
        columns.push(Column {
            code,
            label: STATES.iter().find(|(known, ..)| *known == code).map_or("", |(_, label, _)| label),
            when_empty,
            moves,
            count: here.len(),
            is_beyond: all.len() == MOST_READ,
            cards: here.into_iter().take(MOST_CARDS).map(|task| card(cx, task.clone(), &filter)).collect(),
            list_url: with_params(uri, &[("vue", ""), ("etat", TaskFilter::code_of(code))]),
        });
    }
    link(cx, tx, &filter, &mut columns).await?;
    Ok(BoardPage {
        frame: cx.frame("Tâches"),
        columns,
        filter,
        is_board: true,
        links: Links::of(uri),
        trouble: None,
        csv_url: export_url(uri, "csv"),
        xlsx_url: export_url(uri, "xlsx"),
        uri: uri.to_owned(),
    })
}

/// What a board shows, without its limits: the open tasks, then those done lately.
pub(super) async fn shown(cx: &Cx, tx: &mut Tx, filter: &TaskFilter, limit: usize) -> Result<Vec<Task>> {
    let mut all = task::open(tx, cx.network.id, (filter.whose, None), ("", ""), most(limit)).await?;
    all.extend(task::done_since(tx, cx.network.id, filter.whose, since(cx), most(limit)).await?);
    all.truncate(limit);
    Ok(all)
}

fn since(cx: &Cx) -> Timestamp {
    cx.now.plus_days(-DAYS_DONE)
}

fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn card(cx: &Cx, task: Task, filter: &TaskFilter) -> Card {
    let is_of_decision = task.about_kind.as_deref() == Some("decision");
    let about = task.about().map(|about| match is_of_decision {
        // « Suite de la décision 2026-04 ».
        true => AboutLink { label: about.label.to_lowercase(), ..about },
        false => about,
    });
    Card {
        about_intro: if is_of_decision { "Suite de la" } else { "À propos de" },
        about,
        reads_about: filter.may_keep,
        due: task.due_label(cx.today()),
        is_late: task.is_late(cx.today()),
        assignee: filter.name_of(task.assignee_id),
        ended: task.done_at.map(|at| cx.network.day_of(at).long()).unwrap_or_default(),
        task,
    }
}

/// Finds out which decisions whoever is not of the coordination may read among those that their cards carry out.
async fn link(cx: &Cx, tx: &mut Tx, filter: &TaskFilter, columns: &mut [Column]) -> Result<()> {
    let mut cards: Vec<&mut Card> = columns.iter_mut().flat_map(|column| &mut column.cards).collect();
    cards.retain(|card| card.task.about_kind.as_deref() == Some("decision"));
    let mut decisions: Vec<Id> = cards.iter().filter_map(|card| card.task.about_id).collect();
    decisions.sort_unstable();
    decisions.dedup();
    if filter.may_keep || decisions.is_empty() {
        return Ok(());
    }
    let asking = (cx.visitor()?, cx.today());
    let readable = features::readable_decisions(tx, cx.network.id, asking, &decisions).await?;
    for card in cards {
        card.reads_about = card.task.about_id.is_some_and(|id| readable.contains(&id));
    }
    Ok(())
}

/// Moves a card to another column. Whoever saw the task as it no longer is sees the board anew instead.
pub async fn turn(cx: Cx, Path(id): Path<Id>, form: Fields) -> Result<Response> {
    let mut tx = cx.write().await?;
    let before = readable(&cx, &mut tx, id).await?;
    let Some((state, ..)) = COLUMNS.iter().find(|(code, ..)| *code == form.get("etat")) else {
        return Err(Error::refused("Cette colonne n’existe pas\u{a0}: revenez au tableau."));
    };
    let uri = back(form.get("retour"), &format!("{TASKS}?vue=tableau"));
    let is_seen = form.get("version") == before.version.to_string();
    if before.state != *state && !is_seen {
        return stale(&cx, &mut tx, &before, &uri).await;
    }
    let task = task::turn_to(&mut tx, &cx.actor(), &before, state).await?;
    tx.commit().await?;
    let said = task.state_label().to_lowercase();
    Ok(go_saying(&uri, &format!("«\u{a0}{}\u{a0}»\u{a0}: {said}.", task.title)))
}

async fn stale(cx: &Cx, tx: &mut Tx, task: &Task, uri: &str) -> Result<Response> {
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let query = if path == TASKS { query } else { "" };
    let uri = with_params(&format!("{TASKS}?{query}"), &[("vue", "tableau"), ("apres", ""), ("format", "")]);
    let filter = TaskFilter::read(cx, tx, &Fields::decode(query)).await?;
    let mut page = board(cx, tx, filter, &uri).await?;
    page.trouble = Some(format!(
        "La tâche «\u{a0}{}\u{a0}» a été modifiée entre-temps (état\u{a0}: {}). Elle n’a pas été déplacée\u{a0}; \
         le tableau est à jour, recommencez si vous le souhaitez toujours.",
        task.title,
        task.state_label().to_lowercase(),
    ));
    Ok(conflict(&page))
}
