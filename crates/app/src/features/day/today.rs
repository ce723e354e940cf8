//! `/espace`.

use askama::Template;
use axum::response::Response;
use kit::db::{Date, Id};
use kit::trail::Line;
use kit::web::frame::Frame;
use kit::web::respond::page;
use kit::{Cx, Result, Role, Tx, args, sql};

use super::policy::{Part, may_see};
use crate::features::directory::mandate::CONDITIONS;
use crate::features::directory::sheet::{self, Sheet};
use crate::features::directory::structure::Structure;
use crate::features::directory::vocabulary::Vocabulary;
use crate::features::directory::{Event, tell};
use crate::features::support::task::{self, Whose};

/// Tasks that the page shows.
const MOST_TASKS: i64 = 8;

#[derive(Template)]
#[template(path = "day/today.html")]
struct DayPage {
    frame: Frame,
    greeting: String,
    day: String,
    network: Option<NetworkDay>,
    shows_tasks: bool,
    /// What is due today or late: the task, its day, whether it is late.
    tasks: Vec<(task::Task, String, bool)>,
    counts: Counts,
    own: Option<Sheet>,
    may_propose: bool,
    structures: Vec<Structure>,
}

/// What waits, all features together: a statement of its own for each would be one too many for a page.
#[derive(sqlx::FromRow)]
struct Counts {
    /// Requests for change that wait for an answer.
    requests: i64,
    /// Messages of the public that nobody has dealt with.
    messages: i64,
    /// Lines of the journal that wait to be confirmed.
    entries: i64,
    /// Conversations of the shared mailbox to be dealt with.
    mail: i64,
    /// Questions that wait for an answer.
    questions: i64,
    /// Polls whose date can be chosen.
    polls: i64,
    /// Notifications not yet read.
    unread: i64,
}

/// The day of who steers the network.
struct NetworkDay {
    is_empty: bool,
    active: i64,
    incomplete: i64,
    structures: i64,
    published: i64,
    /// Condition, how many lack it, where they are listed.
    missing: Vec<(&'static str, i64, String)>,
    leaving: Vec<(String, String, String)>,
    vacancies: i64,
    events: Vec<(String, Event)>,
}

pub async fn show(cx: Cx) -> Result<Response> {
    let visitor = cx.visitor()?.clone();
    let mut tx = cx.read().await?;
    let network = match may_see(&visitor, Part::Network) {
        true => Some(network_day(&cx, &mut tx).await?),
        false => None,
    };
    let tasks = match may_see(&visitor, Part::Tasks) {
        true => task::due(&mut tx, cx.network.id, visitor.account_id, cx.today(), MOST_TASKS).await?,
        // Others see what they were given, due or not: they have no other list of it before their eyes.
        false => {
            let own = (Whose::Own(visitor.account_id), None);
            task::open(&mut tx, cx.network.id, own, ("", ""), MOST_TASKS).await?
        }
    };
    let own = match visitor.person_id {
        Some(id) => sheet::load(&mut tx, cx.network.id, &[id]).await?.pop(),
        None => None,
    };
    let managed: Vec<Id> = visitor.roles.iter().filter_map(|held| held.structure_id).collect();
    let structures: Vec<Structure> = tx.all_in(cx.network.id, "id", &managed).await?;
    Ok(page(&DayPage {
        frame: cx.frame("Ma journée"),
        greeting: format!("Bonjour {}", visitor.name.split(' ').next().unwrap_or_default()),
        day: cx.today().long(),
        network,
        shows_tasks: may_see(&visitor, Part::Tasks),
        tasks: tasks.into_iter().map(|task| with_day(task, cx.today())).collect(),
        counts: counts(&cx, &mut tx, visitor.account_id).await?,
        own,
        may_propose: visitor.is(Role::Promeneur),
        structures: structures.into_iter().filter(|s| s.deleted_at.is_none()).collect(),
    }))
}

/// A task with its day, and whether it is late.
fn with_day(task: task::Task, today: Date) -> (task::Task, String, bool) {
    let (label, is_late) = (task.due_label(today), task.is_late(today));
    (task, label, is_late)
}

async fn counts(cx: &Cx, tx: &mut Tx, account: Id) -> Result<Counts> {
    let sql = sql!(
        "select (select count(*) from change_request where network_id = $1 and state = 'requested') as requests, ",
        "(select count(*) from public_message where network_id = $1 and handled_at is null) as messages, ",
        "(select count(*) from activity_entry where network_id = $1 and state = 'proposed') as entries, ",
        "(select count(*) from mail_thread where network_id = $1 and state = 'to_do' and snoozed_until is null) as mail, ",
        "(select count(*) from question where network_id = $1 and state in ('received', 'taken', 'waiting')) ",
        "as questions, ",
        "(select count(*) from date_poll where network_id = $1 and ended_at is null ",
        " and state in ('open', 'closed') and (state = 'closed' or all_answered_at is not null)) as polls, ",
        "(select count(*) from notification where network_id = $1 and account_id = $2 and on_screen ",
        " and read_at is null) as unread"
    );
    tx.one(sql, args![cx.network.id, account]).await
}

async fn network_day(cx: &Cx, tx: &mut Tx) -> Result<NetworkDay> {
    let id = cx.network.id;
    let counted = sql!(
        "select facet, value, total from facet_total where network_id = $1 and facet in ('person', ",
        "'person.standing', 'person.published', 'person.missing', 'structure.status', 'structure.vacancy')"
    );
    let counted: Vec<(String, String, i64)> = tx.all(counted, args![id]).await?;
    let of = |facet: &str, value: &str| {
        counted.iter().find(|(f, v, _)| f == facet && v == value).map_or(0, |(_, _, n)| *n)
    };
    let missing = CONDITIONS
        .iter()
        .map(|(code, label)| {
            (*label, of("person.missing", code), format!("/espace/reseau/promeneurs?manque={code}"))
        })
        .filter(|(_, lacking, _)| *lacking > 0)
        .collect();
    Ok(NetworkDay {
        is_empty: of("person", "") == 0,
        active: of("person.standing", "active"),
        incomplete: of("person.standing", "incomplete"),
        structures: ["active", "contracted", "selected"].iter().map(|s| of("structure.status", s)).sum(),
        published: of("person.published", "yes"),
        vacancies: of("structure.vacancy", "yes"),
        missing,
        leaving: leaving(cx, tx).await?,
        events: events(cx, tx).await?,
    })
}

/// Departures to come within three months: name, day, address.
async fn leaving(cx: &Cx, tx: &mut Tx) -> Result<Vec<(String, String, String)>> {
    let sql = sql!(
        "select p.id, p.first_name || ' ' || p.last_name, m.ended_on from mandate m join person p ",
        "on p.network_id = m.network_id and p.id = m.person_id where m.network_id = $1 and m.deleted_at is null ",
        "and m.ended_on > $2 and m.ended_on <= $3 order by m.ended_on limit 8"
    );
    let until = Date(cx.today().0 + chrono::Days::new(92));
    let rows: Vec<(Id, String, Date)> = tx.all(sql, args![cx.network.id, cx.today(), until]).await?;
    Ok(rows
        .into_iter()
        .map(|(id, name, day)| (name, day.long(), format!("/espace/reseau/promeneurs/{id}")))
        .collect())
}

/// What changed lately in the network. The coordination's own papers are not for all who read this page.
async fn events(cx: &Cx, tx: &mut Tx) -> Result<Vec<(String, Event)>> {
    let sql = sql!(
        "select network_id, id, at, account_id, actor, address, action, subject_kind, subject_id, subject_label, ",
        "before, after, cause from trail where network_id = $1 and cause is null and subject_kind not in ",
        "('activity_entry', 'agenda_item', 'diagnosis', 'invitee', 'mail_message', 'mail_thread', ",
        "'poll_participant', 'question', 'task') order by id desc limit 8"
    );
    let lines: Vec<Line> = tx.all(sql, args![cx.network.id]).await?;
    let vocabulary = Vocabulary::load(tx, &cx.network).await?;
    let told = |line: &Line| (line.subject_label.clone(), tell(&cx.network, &vocabulary, line, false));
    Ok(lines.iter().map(told).collect())
}
