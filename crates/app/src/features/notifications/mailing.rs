//! What was not read on screen is mailed, at the rhythm of each: what is immediate a minute after it came, with what came
//! in that minute; the rest in one mail of the morning.

use std::collections::HashMap;

use askama::Template;
use chrono::{Datelike, Days};
use kit::db::{Date, Id, Timestamp};
use kit::mail::{self, Message};
use kit::{Actor, App, Error, Network, Result, Tx, args, sql};

use super::PREFERENCES;
use super::notification::topic_label;
use super::quiet::QuietHours;
use super::reply::{Reply, reply_address};
use super::rule::DIGEST_MINUTE;
use crate::features::accounts::account::Account;

/// What comes within so many seconds leaves in one mail.
const GROUPED_SECONDS: i64 = 60;
/// People and rhythms looked at in one turn.
const AT_ONCE: i64 = 1000;
/// Lines of one mail; the number of the others is said.
const MOST_LINES: usize = 60;

/// Up to when what waits is due, by rhythm.
struct Slots {
    now: Timestamp,
    daily: Timestamp,
    weekly: Timestamp,
}

impl Slots {
    /// The last morning and the last Monday morning.
    fn at(now: Timestamp, network: &Network) -> Self {
        let zone = network.zone();
        let morning = |day: Date| day.start_in(zone).plus_minutes(DIGEST_MINUTE);
        let today = network.today(now);
        let before = |day: Date, days: u64| Date(day.0 - Days::new(days));
        let day = if morning(today) <= now { today } else { before(today, 1) };
        let monday = before(day, u64::from(day.0.weekday().num_days_from_monday()));
        Self { now, daily: morning(day), weekly: morning(monday) }
    }

    /// Up to when a rhythm's notifications leave now; `None` when nothing of it does.
    fn until(
        &self,
        rhythm: &str,
        oldest: Timestamp,
        quiet: &QuietHours,
        network: &Network,
    ) -> Option<Timestamp> {
        let (now, zone) = (self.now, network.zone());
        let (due, until, held) = match rhythm {
            "immediate" => (oldest <= now.plus_seconds(-GROUPED_SECONDS), now, quiet.hold(now, zone)),
            "daily" => (oldest <= self.daily, self.daily, quiet.is_sunday(now, zone)),
            "weekly" => (oldest <= self.weekly, self.weekly, quiet.is_sunday(now, zone)),
            _ => return None,
        };
        (due && !held).then_some(until)
    }
}

/// A line to be mailed.
#[derive(sqlx::FromRow)]
struct Told {
    topic: String,
    mail_title: String,
    url: String,
    at: Timestamp,
}

/// Mails everyone what is due now.
pub async fn mail_due(app: &App, network: &Network) -> Result<()> {
    let slots = Slots::at(app.now(), network);
    let mut due: HashMap<Id, Vec<(String, Timestamp)>> = HashMap::new();
    let mut tx = app.db.read().await?;
    let waiting = waiting(&mut tx, network.id).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let people: Vec<Id> = waiting.iter().map(|(account, ..)| *account).collect();
    let chosen: Vec<QuietHours> = tx.all_in(network.id, "id", &people).await?;
    drop(tx);
    for (account, rhythm, oldest) in waiting {
        let quiet = chosen.iter().find(|quiet| quiet.id == account).cloned();
        let quiet = quiet.unwrap_or_else(|| QuietHours::usual(network.id, account));
        if let Some(until) = slots.until(&rhythm, oldest, &quiet, network) {
            due.entry(account).or_default().push((rhythm, until));
        }
    }
    for (account, rhythms) in due {
        let mut tx = app.db.write().await?;
        mail_one(&mut tx, app, network, account, &rhythms).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Who has something waiting, at which rhythm, since when.
async fn waiting(tx: &mut Tx, network: Id) -> Result<Vec<(Id, String, Timestamp)>> {
    let sql = sql!(
        "select account_id, rhythm, min(ripe_at) from notification where network_id = $1 and read_at is \
            null ",
        "and mailed_at is null and rhythm <> 'never' group by account_id, rhythm order by account_id, \
            rhythm limit $2"
    );
    tx.all(sql, args![network, AT_ONCE]).await
}

/// One mail to one account. What it says is claimed by the statement that notes it as mailed: a second process finds
/// nothing left.
async fn mail_one(
    tx: &mut Tx,
    app: &App,
    network: &Network,
    account: Id,
    rhythms: &[(String, Timestamp)],
) -> Result<()> {
    let account: Account = tx.get(network.id, account).await?;
    let now = app.now();
    let mut told: Vec<Told> = Vec::new();
    for (rhythm, until) in rhythms {
        let sql = sql!(
            "update notification set mailed_at = $5 where network_id = $1 and account_id = $2 and rhythm \
                = $3 ",
            "and ripe_at <= $4 and read_at is null and mailed_at is null and rhythm <> 'never' ",
            "returning topic, mail_title, url, at"
        );
        told.extend(tx.all(sql, args![network.id, account.id, rhythm.as_str(), *until, now]).await?);
    }
    if told.is_empty() || account.is_disabled() {
        return Ok(());
    }
    told.sort_by_key(|line| line.at);
    let is_digest = rhythms.iter().any(|(rhythm, _)| rhythm != "immediate");
    let answers_to = answers_to(tx, app, network, &account, &told).await?;
    let message = letter(app, network, &account, (told, answers_to), is_digest)?;
    mail::send(tx, network, now, message).await.map(|_| ())
}

/// Where an answer to a mail about one conversation of the shared mailbox goes: it becomes a note there.
async fn answers_to(
    tx: &mut Tx,
    app: &App,
    network: &Network,
    account: &Account,
    told: &[Told],
) -> Result<Option<String>> {
    let [only] = told else { return Ok(None) };
    let conversation = only.url.strip_prefix("/espace/messagerie/conversations/");
    let Some(id) = conversation.and_then(|id| id.parse().ok()) else { return Ok(None) };
    let Some(own) = mail::own_account(tx, network.id).await? else { return Ok(None) };
    let reply = Reply { kind: "mail_thread".to_owned(), id, account_id: account.id };
    let actor = Actor::program(network.id, "Notifications", app.now());
    reply_address(tx, &actor, &app.secret, &own.address, &reply).await.map(Some)
}

/// What a mail says.
struct Letter {
    name: String,
    network: String,
    intro: String,
    groups: Vec<Group>,
    /// Lines that were left out.
    more: usize,
    inbox: String,
    preferences: String,
}

struct Group {
    label: &'static str,
    lines: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "notifications/digest.mail.html")]
struct DigestHtml<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "notifications/digest.mail.txt")]
struct DigestText<'a> {
    letter: &'a Letter,
}

/// Lines under what they are about, each with its whole address.
fn grouped(told: Vec<Told>, base: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for line in told {
        let (label, told) = (topic_label(&line.topic), (line.mail_title, format!("{base}{}", line.url)));
        match groups.iter_mut().find(|group| group.label == label) {
            Some(group) => group.lines.push(told),
            None => groups.push(Group { label, lines: vec![told] }),
        }
    }
    groups
}

fn letter(
    app: &App,
    network: &Network,
    account: &Account,
    (mut told, answers_to): (Vec<Told>, Option<String>),
    is_digest: bool,
) -> Result<Message> {
    let base = app.link_base(network);
    let count = told.len();
    let news = if count == 1 { "1\u{a0}nouveauté".to_owned() } else { format!("{count}\u{a0}nouveautés") };
    let subject = match told.as_slice() {
        [only] if !is_digest => only.mail_title.clone(),
        _ if is_digest => format!("Votre point du matin\u{a0}: {news} – Promeneurs du Net, {}", network.name),
        _ => format!("{news} – Promeneurs du Net, {}", network.name),
    };
    told.truncate(MOST_LINES);
    let groups = grouped(told, &base);
    let preferences = format!("{base}{PREFERENCES}");
    let intro = match (is_digest, &answers_to) {
        (true, _) => "Depuis votre dernier point",
        (false, None) => "À l’instant",
        (false, Some(_)) => {
            "À l’instant (répondez à ce message\u{a0}: votre réponse devient une note interne)"
        }
    };
    let mut headers: Vec<_> =
        answers_to.map(|address| ("Reply-To".to_owned(), address)).into_iter().collect();
    let letter = Letter {
        name: account.name.clone(),
        network: network.name.clone(),
        intro: intro.to_owned(),
        groups,
        more: count.saturating_sub(MOST_LINES),
        inbox: format!("{base}{}", super::INBOX),
        preferences: preferences.clone(),
    };
    let host = base.split_once("://").map_or(base.as_str(), |(_, host)| host);
    let host = host.split(':').next().unwrap_or_default();
    headers.extend([
        ("List-Id".to_owned(), format!("Notifications <notifications.{host}>")),
        ("Auto-Submitted".to_owned(), "auto-generated".to_owned()),
        ("List-Unsubscribe".to_owned(), format!("<{preferences}>")),
    ]);
    Ok(Message {
        to: account.email.clone(),
        to_name: account.name.clone(),
        subject,
        text: DigestText { letter: &letter }.render().map_err(Error::bug)?,
        html: DigestHtml { letter: &letter }.render().map_err(Error::bug)?,
        kind: "notification",
        headers,
        ..Message::default()
    })
}

#[cfg(test)]
mod tests {
    use kit::testing::{MORNING, TestApp};

    use super::*;

    #[tokio::test]
    async fn mornings_are_those_of_the_network() {
        let test = TestApp::start(crate::parts()).await;
        // Monday 23 November, 10:00 in Paris.
        let at = |minutes: i64| Slots::at(MORNING.plus_minutes(minutes), &test.network);
        let this_morning = MORNING.plus_minutes(-210);
        assert_eq!((at(0).daily, at(0).weekly), (this_morning, this_morning));
        assert_eq!(at(-210).daily, this_morning);
        assert_eq!(
            (at(-211).daily, at(-211).weekly),
            (this_morning.plus_days(-1), this_morning.plus_days(-7))
        );
        assert_eq!((at(24 * 60).daily, at(24 * 60).weekly), (this_morning.plus_days(1), this_morning));
    }
}
