//! `/espace/accompagnement/taches`: what there is to do, the longest due first; what was done.

use askama::Template;
use axum::response::Response;
use kit::db::{Date, Id, Timestamp};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{self, Cursor, PAGE, with_params};
use kit::web::respond::page;
use kit::{Cx, Result, Tx};

use super::about::AboutLink;
use super::policy::{Want, may, require};
use super::task::{self, Task, Whose};
use crate::features::accounts::account::Account;
use crate::features::directory::export::Table;
use crate::features::directory::file;

/// Which tasks: those of who asks and nobody's, everyone's, those that are over.
const LISTS: [(&str, &str); 3] =
    [("miennes", "À moi ou à personne"), ("toutes", "Toutes"), ("faites", "Terminées")];
/// The same for those who have only tasks that they were given.
const OWN_LISTS: [(&str, &str); 2] = [("miennes", "À faire"), ("faites", "Terminées")];
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
    lists: &'static [(&'static str, &'static str)],
    chosen: &'static str,
    uri: String,
    next_url: Option<String>,
    first_url: Option<String>,
    csv_url: String,
    xlsx_url: String,
    may_keep: bool,
}

impl TasksPage {
    fn is_over(&self) -> bool {
        self.chosen == "faites"
    }
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::OwnTasks)?;
    let query = query.0;
    let may_keep = may(cx.visitor()?, Want::Tasks);
    let lists: &[(&str, &str)] = if may_keep { &LISTS } else { &OWN_LISTS };
    let chosen =
        lists.iter().find(|(code, _)| *code == query.get("liste")).map_or("miennes", |(code, _)| code);
    let mut tx = cx.read().await?;
    if query.has("format") {
        let (rows, _) = rows(&cx, &mut tx, chosen, &Cursor::default(), MOST_EXPORTED).await?;
        return file(query.get("format"), &table(&cx, &rows));
    }
    let cursor = Cursor::read(query.get("apres"));
    let (rows, next) = rows(&cx, &mut tx, chosen, &cursor, PAGE).await?;
    let export = |format: &str| with_params(&cx.uri, &[("apres", ""), ("format", format)]);
    Ok(page(&TasksPage {
        frame: cx.frame("Tâches"),
        rows,
        lists,
        may_keep,
        chosen,
        uri: cx.uri.clone(),
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        first_url: cursor.id.map(|_| with_params(&cx.uri, &[("apres", "")])),
        csv_url: export("csv"),
        xlsx_url: export("xlsx"),
    }))
}

async fn rows(
    cx: &Cx,
    tx: &mut Tx,
    chosen: &str,
    cursor: &Cursor,
    most: usize,
) -> Result<(Vec<Row>, Option<String>)> {
    let network = cx.network.id;
    let (key, id) = (cursor.key.as_deref().unwrap_or_default(), cursor.id.as_deref().unwrap_or_default());
    let one_more = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let visitor = cx.visitor()?;
    let whose = match (may(visitor, Want::Tasks), chosen) {
        (false, _) => Whose::Own(visitor.account_id),
        (true, "miennes") => Whose::OwnAndNobodys(visitor.account_id),
        (true, _) => Whose::Everyone,
    };
    let found = match chosen {
        "faites" => {
            let before = Timestamp(key.parse().unwrap_or(i64::MAX));
            task::closed(tx, network, whose, (before, id), one_more).await?
        }
        _ => task::open(tx, network, whose, (key, id), one_more).await?,
    };
    let (found, next) = pager::page(found, most, |task| {
        let key = task.done_at.map_or_else(|| task.due_key.clone(), |at| at.0.to_string());
        (key, task.id.to_string())
    });
    let mut assignees: Vec<Id> = found.iter().filter_map(|task| task.assignee_id).collect();
    assignees.sort();
    assignees.dedup();
    let accounts: Vec<Account> = tx.all_in(network, "id", &assignees).await?;
    Ok((found.into_iter().map(|task| row(cx, task, &accounts)).collect(), next))
}

fn row(cx: &Cx, task: Task, accounts: &[Account]) -> Row {
    let today: Date = cx.today();
    let assignee = accounts.iter().find(|account| Some(account.id) == task.assignee_id);
    Row {
        about: task.about(),
        due: task.due_label(today),
        is_late: task.is_late(today),
        assignee: assignee.map(|account| account.name.clone()).unwrap_or_default(),
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
