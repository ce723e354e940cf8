//! `/espace/accompagnement/taches`: what there is to do, the longest due first; what was done. With `vue=tableau` the same
//! tasks are on a board.

use askama::Template;
use axum::response::Response;
use kit::db::{Date, Timestamp};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::web::respond::page;
use kit::{Cx, Result, Tx};

use super::about::AboutLink;
use super::board;
use super::policy::{Want, require};
use super::task::{self, Task};
use super::task_filter::TaskFilter;
use crate::features::directory::export::Table;
use crate::features::directory::file;

/// An export holds at most this many.
const MOST_EXPORTED: usize = 10_000;

struct Row {
    task: Task,
    about: Option<AboutLink>,
    due: String,
    is_late: bool,
    assignee: String,
    ended: String,
}

#[derive(Template)]
#[template(path = "support/tasks.html")]
struct TasksPage {
    frame: Frame,
    rows: Vec<Row>,
    filter: TaskFilter,
    is_board: bool,
    links: Links,
    uri: String,
    next_url: Option<String>,
    first_url: Option<String>,
    csv_url: String,
    xlsx_url: String,
}

/// The same tasks as a list, and on a board.
pub(super) struct Links {
    pub list: String,
    pub board: String,
}

impl Links {
    pub fn of(uri: &str) -> Self {
        let to = |view| with_params(uri, &[("apres", ""), ("vue", view)]);
        Self { list: to(""), board: to("tableau") }
    }
}

/// Where what is shown is had as a file.
pub(super) fn export_url(uri: &str, format: &str) -> String {
    with_params(uri, &[("apres", ""), ("format", format)])
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::OwnTasks)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    let filter = TaskFilter::read(&cx, &mut tx, &query).await?;
    let is_board = query.get("vue") == "tableau";
    if query.has("format") {
        let tasks = match is_board {
            true => board::shown(&cx, &mut tx, &filter, MOST_EXPORTED).await?,
            false => found(&cx, &mut tx, &filter, &Cursor::default(), MOST_EXPORTED).await?,
        };
        let rows: Vec<Row> = tasks.into_iter().map(|task| row(&cx, task, &filter)).collect();
        return file(query.get("format"), &table(&cx, &rows));
    }
    if is_board {
        return Ok(page(&board::board(&cx, &mut tx, filter, &cx.uri).await?));
    }
    let cursor = Cursor::read(query.get("apres"));
    let tasks = found(&cx, &mut tx, &filter, &cursor, PAGE + 1).await?;
    let (tasks, next) = pager::page(tasks, PAGE, |task| {
        let key = task.done_at.map_or_else(|| task.due_key.clone(), |at| at.0.to_string());
        (key, task.id.to_string())
    });
    Ok(page(&TasksPage {
        frame: cx.frame("Tâches"),
        rows: tasks.into_iter().map(|task| row(&cx, task, &filter)).collect(),
        filter,
        is_board,
        links: Links::of(&cx.uri),
        uri: cx.uri.clone(),
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        first_url: cursor.id.map(|_| with_params(&cx.uri, &[("apres", "")])),
        csv_url: export_url(&cx.uri, "csv"),
        xlsx_url: export_url(&cx.uri, "xlsx"),
    }))
}

async fn found(cx: &Cx, tx: &mut Tx, filter: &TaskFilter, cursor: &Cursor, most: usize) -> Result<Vec<Task>> {
    let network = cx.network.id;
    let (key, id) = (cursor.key.as_deref().unwrap_or_default(), cursor.id.as_deref().unwrap_or_default());
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    if filter.is_over() {
        let before = Timestamp(key.parse().unwrap_or(i64::MAX));
        return task::closed(tx, network, filter.whose, (before, id), most).await;
    }
    task::open(tx, network, (filter.whose, filter.open_state()), (key, id), most).await
}

fn row(cx: &Cx, task: Task, filter: &TaskFilter) -> Row {
    let today: Date = cx.today();
    Row {
        about: task.about(),
        due: task.due_label(today),
        is_late: task.is_late(today),
        assignee: filter.name_of(task.assignee_id),
        ended: task.done_at.map(|at| at.long_in(cx.network.zone())).unwrap_or_default(),
        task,
    }
}

fn table(cx: &Cx, rows: &[Row]) -> Table {
    let headings = [
        "Tâche",
        "Échéance",
        "État",
        "Confiée à",
        "À propos de",
        "Notes",
        "Ajoutée par",
        "Terminée le",
        "Terminée par",
    ];
    let rows = rows
        .iter()
        .map(|row| {
            let task = &row.task;
            vec![
                task.title.clone(),
                task.due_on.map(Date::short).unwrap_or_default(),
                task.state_label().to_owned(),
                row.assignee.clone(),
                task.about_label.clone().unwrap_or_default(),
                task.notes.clone().unwrap_or_default(),
                task.created_by.clone(),
                row.ended.clone(),
                task.done_by.clone().unwrap_or_default(),
            ]
        })
        .collect();
    Table {
        name: format!("taches-{}-{}", cx.network.code, cx.today()),
        headings: headings.map(str::to_owned).to_vec(),
        rows,
    }
}
