//! `/espace/notifications`: what one is told, unread first.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::db::Id;
use kit::web::cx::Query;
use kit::web::frame::Frame;
use kit::web::pager::{PAGE, with_params};
use kit::web::respond::{go, go_saying, page};
use kit::{Cx, Fields, Result, Tx};

use super::INBOX;
use super::notification::{self, Notification, topic_label};
use super::policy::{Want, require};

/// Unread notifications shown at once.
const MOST_UNREAD: i64 = 100;

struct Row {
    notification: Notification,
    topic: &'static str,
    when: String,
}

#[derive(Template)]
#[template(path = "notifications/inbox.html")]
struct InboxPage {
    frame: Frame,
    unread: Vec<Row>,
    read: Vec<Row>,
    /// The last one shown: what comes later is not marked as read with them.
    last: Option<Id>,
    first_url: Option<String>,
    next_url: Option<String>,
}

pub async fn list(cx: Cx, query: Query) -> Result<Response> {
    let me = cx.visitor()?.account_id;
    require(cx.visitor()?, Want::Own(me))?;
    let before: Option<Id> = query.0.get("apres").parse().ok();
    let mut tx = cx.read().await?;
    let unread = match before {
        None => notification::unread(&mut tx, cx.network.id, me, MOST_UNREAD).await?,
        Some(_) => Vec::new(),
    };
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut read = notification::already_read(&mut tx, cx.network.id, me, before, most).await?;
    let more = read.len() > PAGE;
    read.truncate(PAGE);
    let next = read.last().filter(|_| more).map(|last| last.id.to_string());
    let row = |notification: Notification| Row {
        topic: topic_label(&notification.topic),
        when: notification.at.long_in(cx.network.zone()),
        notification,
    };
    Ok(page(&InboxPage {
        frame: cx.frame("Notifications"),
        last: unread.first().map(|first| first.id),
        unread: unread.into_iter().map(row).collect(),
        read: read.into_iter().map(row).collect(),
        first_url: before.map(|_| INBOX.to_owned()),
        next_url: next.map(|next| with_params(&cx.uri, &[("apres", &next)])),
    }))
}

/// One's own notification; another's is not known to exist.
async fn own(cx: &Cx, tx: &mut Tx, id: Id) -> Result<Notification> {
    let notification: Notification = tx.get(cx.network.id, id).await?;
    require(cx.visitor()?, Want::Own(notification.account_id))?;
    Ok(notification)
}

pub async fn read_one(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.write().await?;
    let notification = own(&cx, &mut tx, id).await?;
    notification::read(&mut tx, cx.network.id, notification.id, cx.now).await?;
    tx.commit().await?;
    Ok(go(INBOX))
}

/// Marks one as read and goes to what it is about.
pub async fn open(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut tx = cx.write().await?;
    let notification = own(&cx, &mut tx, id).await?;
    notification::read(&mut tx, cx.network.id, notification.id, cx.now).await?;
    tx.commit().await?;
    Ok(go(&notification.url))
}

/// Marks as read all that the page showed.
pub async fn read_all(cx: Cx, form: Fields) -> Result<Response> {
    let me = cx.visitor()?.account_id;
    require(cx.visitor()?, Want::Own(me))?;
    let Ok(last) = form.get("jusqu").parse::<Id>() else { return Ok(go(INBOX)) };
    let mut tx = cx.write().await?;
    notification::read_until(&mut tx, cx.network.id, me, last, cx.now).await?;
    tx.commit().await?;
    Ok(go_saying(INBOX, "Tout est lu."))
}
