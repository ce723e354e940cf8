//! `/espace/messagerie/boite`: conversations, by what there is to do about them or by folder.

use askama::Template;
use axum::response::Response;
use kit::db::{Id, Timestamp};
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{Cursor, PAGE, with_params};
use kit::web::respond::{go_saying, page};
use kit::{Cx, Error, Fields, Network, Result, Tx, args, sql};

use super::message::MailMessage;
use super::nature::Nature;
use super::order;
use super::policy::{Want, require};
use super::shared_mailbox::{self, Folder, Mailbox, Status};
use super::thread::{self, Thread};
use kit::db::fulltext;

pub const URL: &str = "/espace/messagerie/boite";

/// The views, their codes in addresses and what they are called.
pub const VIEWS: [(&str, &str); 7] = [
    ("a-traiter", "À traiter"),
    ("en-cours", "En cours"),
    ("en-attente", "En attente"),
    ("miennes", "Les miennes"),
    ("reportees", "Reportées"),
    ("traitees", "Traitées"),
    ("toutes", "Toutes"),
];

/// A conversation as a row of the list.
pub struct Row {
    pub thread: Thread,
    pub when: String,
    pub nature: &'static str,
    pub assignee: Option<String>,
}

/// A view as a link, with how many conversations it holds when that matters.
struct View {
    url: String,
    label: &'static str,
    count: Option<i64>,
    here: bool,
}

#[derive(Template)]
#[template(path = "mailbox/threads.html")]
struct ThreadsPage {
    frame: Frame,
    status: Option<StatusLine>,
    views: Vec<View>,
    folders: Vec<(Folder, bool)>,
    title: String,
    rows: Vec<Row>,
    q: String,
    uri: String,
    next_url: Option<String>,
    first_url: Option<String>,
}

/// How the mailbox is, in a line.
pub struct StatusLine {
    pub tone: &'static str,
    pub text: String,
    /// Messages here, and on the server, while they are still coming.
    pub progress: Option<(i64, i64)>,
}

pub fn status_line(network: &Network, mailbox: &Mailbox, status: &Status, folders: &[Folder]) -> StatusLine {
    let at = |at: Option<Timestamp>| at.map(|at| at.long_in(network.zone())).unwrap_or_default();
    let followed = folders.iter().filter(|folder| folder.followed);
    let (fetched, total) = followed.fold((0, 0), |(f, t), folder| (f + folder.fetched, t + folder.total));
    let line = |tone, text| StatusLine { tone, text, progress: None };
    match status.state.as_str() {
        _ if mailbox.paused_at.is_some() => {
            line("warn", "La boîte est en pause : rien n’arrive, rien n’est rangé.".to_owned())
        }
        "failed" => line("bad", status.error.clone().unwrap_or_default()),
        "in_step" => line("ok", format!("À jour le {}.", at(status.in_step_at))),
        "new" => line("info", "Première lecture de la boîte : elle commence dans un instant.".to_owned()),
        _ if fetched < total => StatusLine {
            tone: "info",
            text: "Lecture de la boîte, les messages récents d’abord : vous pouvez déjà travailler."
                .to_owned(),
            progress: Some((fetched, total)),
        },
        _ => line("ok", "À jour.".to_owned()),
    }
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    require(cx.visitor()?, Want::Read)?;
    let query = query.0;
    let mut tx = cx.read().await?;
    let Some(mailbox) = shared_mailbox::of(&mut tx, cx.network.id).await? else {
        return Ok(kit::web::respond::go("/espace/messagerie/connexion"));
    };
    let status: Status = tx.get(cx.network.id, mailbox.id).await?;
    let folders = shared_mailbox::folders(&mut tx, cx.network.id, mailbox.id).await?;
    let asked = Asked::read(&query, &folders);
    let counts = counts(&mut tx, cx.network.id).await?;
    let colleagues = colleagues(&mut tx, cx.network.id).await?;
    let (threads, next) = asked.page(&mut tx, &cx).await?;
    let views = VIEWS.iter().map(|(code, label)| View {
        url: format!("{URL}?vue={code}"),
        label,
        count: counts.iter().find(|(state, _)| view_of(state) == *code).map(|(_, count)| *count),
        here: asked.folder.is_none() && asked.q.is_empty() && asked.view == *code,
    });
    let is_first = !query.has("apres");
    Ok(page(&ThreadsPage {
        frame: cx.frame(format!("{} – Boîte partagée", asked.title(&folders))),
        status: Some(status_line(&cx.network, &mailbox, &status, &folders)),
        views: views.collect(),
        title: asked.title(&folders),
        rows: threads.into_iter().map(|thread| row(&cx, thread, &colleagues)).collect(),
        folders: folders.into_iter().map(|f| (f.clone(), asked.folder == Some(f.id))).collect(),
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
        first_url: (!is_first).then(|| with_params(&cx.uri, &[("apres", "")])),
        q: asked.q,
        uri: cx.uri.clone(),
    }))
}

fn view_of(state: &str) -> &'static str {
    match state {
        "to_do" => "a-traiter",
        "in_progress" => "en-cours",
        "waiting" => "en-attente",
        _ => "traitees",
    }
}

fn row(cx: &Cx, thread: Thread, colleagues: &[(Id, String)]) -> Row {
    let assignee = thread.assignee_id.and_then(|id| colleagues.iter().find(|(known, _)| *known == id));
    let at = thread.snoozed_until.unwrap_or(thread.last_at);
    let today = cx.today();
    let day = cx.network.day_of(at);
    let long = at.long_in(cx.network.zone());
    let hour = long.rsplit_once(' ').map_or("", |(_, hour)| hour);
    let when = if day == today { hour.to_owned() } else { day.short() };
    Row {
        when: if thread.snoozed_until.is_some() { format!("revient le {long}") } else { when },
        nature: Nature::of_code(&thread.nature).label(),
        assignee: assignee.map(|(_, name)| name.clone()),
        thread,
    }
}

/// Accounts that read the mailbox.
pub async fn colleagues(tx: &mut Tx, network: Id) -> Result<Vec<(Id, String)>> {
    let sql = sql!(
        "select distinct a.id, a.name from account_role r join account a on a.network_id = r.network_id ",
        "and a.id = r.account_id where r.network_id = $1 and r.role = 'coordinator' and a.disabled_at is null limit 50"
    );
    tx.all(sql, args![network]).await
}

/// How many conversations are in each state that asks for something.
async fn counts(tx: &mut Tx, network: Id) -> Result<Vec<(String, i64)>> {
    let sql = sql!(
        "select state, cast(count(*) as bigint) from mail_thread where network_id = $1 ",
        "and state in ('to_do', 'in_progress', 'waiting') and snoozed_until is null group by state"
    );
    tx.all(sql, args![network]).await
}

/// What is asked for in the address.
struct Asked {
    view: String,
    folder: Option<Id>,
    q: String,
    after: Option<(Timestamp, Id)>,
}

impl Asked {
    fn read(query: &Fields, folders: &[Folder]) -> Self {
        let view = Some(query.get("vue")).filter(|view| VIEWS.iter().any(|(code, _)| code == view));
        let folder: Option<Id> = query.get("dossier").parse().ok();
        let cursor = Cursor::read(query.get("apres"));
        let at = cursor.key.and_then(|key| key.parse().ok()).map(Timestamp);
        Self {
            view: view.unwrap_or("a-traiter").to_owned(),
            folder: folder.filter(|id| folders.iter().any(|folder| folder.id == *id)),
            q: query.get("q").trim().chars().take(120).collect(),
            after: at.zip(cursor.id.and_then(|id| id.parse().ok())),
        }
    }

    fn title(&self, folders: &[Folder]) -> String {
        if !self.q.is_empty() {
            return format!("Recherche « {} »", self.q);
        }
        match self.folder.and_then(|id| folders.iter().find(|folder| folder.id == id)) {
            Some(folder) => folder.label.clone(),
            None => {
                VIEWS.iter().find(|(code, _)| *code == self.view).map_or("", |(_, label)| label).to_owned()
            }
        }
    }

    /// A page of conversations and the cursor of the next.
    async fn page(&self, tx: &mut Tx, cx: &Cx) -> Result<(Vec<Thread>, Option<String>)> {
        if !self.q.is_empty() {
            return Ok((search(tx, cx.network.id, &self.q).await?, None));
        }
        let most = i64::try_from(PAGE + 1).unwrap_or(51);
        let mut rows = match self.folder {
            Some(folder) => in_folder(tx, cx.network.id, folder, self.after, most).await?,
            None => self.in_view(tx, cx, most).await?,
        };
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let key = |t: &Thread| {
            if self.view == "reportees" { t.snoozed_until.unwrap_or(t.last_at) } else { t.last_at }
        };
        let next =
            rows.last().filter(|_| more).map(|t| Cursor::write(&key(t).0.to_string(), &t.id.to_string()));
        Ok((rows, next))
    }

    async fn in_view(&self, tx: &mut Tx, cx: &Cx, most: i64) -> Result<Vec<Thread>> {
        let network = cx.network.id;
        let (at, id) = (self.after.map(|(at, _)| at), self.after.map(|(_, id)| id));
        let state = match self.view.as_str() {
            "a-traiter" => "to_do",
            "en-cours" => "in_progress",
            "en-attente" => "waiting",
            "traitees" => "done",
            "miennes" => return mine(tx, network, cx.visitor()?.account_id, (at, id), most).await,
            "reportees" => return snoozed(tx, network, (at, id), most).await,
            _ => return everything(tx, network, (at, id), most).await,
        };
        let sql = sql!(
            "select network_id, id, subject, state, assignee_id, snoozed_until, last_at, last_direction, people, preview, ",
            "messages, unseen, has_files, nature, tags, notes from mail_thread where network_id = $1 and state = $2 ",
            "and snoozed_until is null and (cast($3 as bigint) is null or (last_at, id) < ($3, $4)) ",
            "order by last_at desc, id desc limit $5"
        );
        tx.all(sql, args![network, state, at, id, most]).await
    }
}

type After = (Option<Timestamp>, Option<Id>);

async fn mine(tx: &mut Tx, network: Id, account: Id, (at, id): After, most: i64) -> Result<Vec<Thread>> {
    let sql = sql!(
        "select network_id, id, subject, state, assignee_id, snoozed_until, last_at, last_direction, people, preview, ",
        "messages, unseen, has_files, nature, tags, notes from mail_thread where network_id = $1 and assignee_id = $2 ",
        "and (cast($3 as bigint) is null or (last_at, id) < ($3, $4)) order by last_at desc, id desc limit $5"
    );
    tx.all(sql, args![network, account, at, id, most]).await
}

async fn snoozed(tx: &mut Tx, network: Id, (at, id): After, most: i64) -> Result<Vec<Thread>> {
    let sql = sql!(
        "select network_id, id, subject, state, assignee_id, snoozed_until, last_at, last_direction, people, preview, ",
        "messages, unseen, has_files, nature, tags, notes from mail_thread where network_id = $1 and snoozed_until is not null ",
        "and (cast($2 as bigint) is null or (snoozed_until, id) > ($2, $3)) order by snoozed_until, id limit $4"
    );
    tx.all(sql, args![network, at, id, most]).await
}

async fn everything(tx: &mut Tx, network: Id, (at, id): After, most: i64) -> Result<Vec<Thread>> {
    let sql = sql!(
        "select network_id, id, subject, state, assignee_id, snoozed_until, last_at, last_direction, people, preview, ",
        "messages, unseen, has_files, nature, tags, notes from mail_thread where network_id = $1 ",
        "and (cast($2 as bigint) is null or (last_at, id) < ($2, $3)) order by last_at desc, id desc limit $4"
    );
    tx.all(sql, args![network, at, id, most]).await
}

async fn in_folder(
    tx: &mut Tx,
    network: Id,
    folder: Id,
    after: Option<(Timestamp, Id)>,
    most: i64,
) -> Result<Vec<Thread>> {
    let sql = sql!(
        "select t.network_id, t.id, t.subject, t.state, t.assignee_id, t.snoozed_until, t.last_at, t.last_direction, ",
        "t.people, t.preview, t.messages, t.unseen, t.has_files, t.nature, t.tags, t.notes from mail_thread_folder f ",
        "join mail_thread t on t.network_id = f.network_id and t.id = f.thread_id ",
        "where f.network_id = $1 and f.folder_id = $2 ",
        "and (cast($3 as bigint) is null or (f.last_at, f.thread_id) < ($3, $4)) ",
        "order by f.last_at desc, f.thread_id desc limit $5"
    );
    let (at, id) = (after.map(|(at, _)| at), after.map(|(_, id)| id));
    tx.all(sql, args![network, folder, at, id, most]).await
}

/// Conversations in which a message says this, the latest first.
async fn search(tx: &mut Tx, network: Id, q: &str) -> Result<Vec<Thread>> {
    let found = fulltext::find_in_mass(tx, network, q, "mail_message", "mailbox").await?;
    let ids: Vec<Id> = found.into_iter().map(|found| found.subject_id).collect();
    let messages: Vec<MailMessage> = tx.all_in(network, "id", &ids).await?;
    let mut threads: Vec<Id> = messages.into_iter().map(|m| m.thread_id).collect();
    threads.sort();
    threads.dedup();
    let mut rows: Vec<Thread> = tx.all_in(network, "id", &threads).await?;
    rows.sort_by_key(|row| std::cmp::Reverse((row.last_at, row.id)));
    rows.truncate(2 * PAGE);
    Ok(rows)
}

/// One act on every chosen conversation: all, or none.
pub async fn act(cx: Cx, form: Fields) -> Result<Response> {
    require(cx.visitor()?, Want::Treat)?;
    let chosen: Vec<Id> = form.many("choix").iter().filter_map(|id| id.parse().ok()).take(200).collect();
    let back = Some(form.get("retour")).filter(|url| url.starts_with(URL)).unwrap_or(URL).to_owned();
    if chosen.is_empty() {
        return Ok(go_saying(&back, "Choisissez d’abord des conversations."));
    }
    let actor = cx.actor();
    let mut tx = cx.write().await?;
    for id in &chosen {
        match form.get("action") {
            "traiter" => thread::set_state(&mut tx, &actor, *id, "done").await?,
            "prendre" => thread::assign(&mut tx, &actor, *id, actor.account_id).await?,
            "lu" => order::set_seen(&mut tx, cx.network.id, *id, true, cx.now).await?,
            _ => return Err(Error::refused("Cette action n’existe pas.")),
        }
    }
    tx.commit().await?;
    let text = match chosen.len() {
        1 => "C’est fait pour une conversation.".to_owned(),
        n => format!("C’est fait pour {n} conversations."),
    };
    Ok(go_saying(&back, &text))
}
