//! The engine: reads what is new in the trail and makes notifications of it. Any number of processes may do so at once,
//! and twice: a notification exists once per person and thing.

use std::collections::HashMap;

use kit::db::{Id, Timestamp};
use kit::jobs::{Job, Outcome};
use kit::trail::Line;
use kit::visitor::Held;
use kit::{App, Network, Result, Tx, args, network, sql};
use serde::{Deserialize, Serialize};

use super::notification::{self, Chosen, Notification};
use super::rule::{self, Once, Rule};
use super::{mailing, topic};
use crate::features::accounts::account::{self, Account};

/// Lines read in one transaction.
const BATCH: i64 = 500;
/// An act that began before the trail was read may be committed after: the last minutes are read again each time.
const MARGIN_MINUTES: i64 = 10;

kit::table! {
    /// How far the trail of a network was read; its id is the network's.
    pub struct Cursor in "notification_cursor" { pub read_until: Timestamp }
}

/// Reads the trail, then mails what is due.
#[derive(Serialize, Deserialize)]
pub struct Notify {}

impl Job for Notify {
    const KIND: &'static str = "notifications.notify";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let network = network::by_id(&mut app.db.read().await?, network).await?;
        if let Some(since) = unread_since(&app, &network).await? {
            read_trail(&app, &network, since).await?;
        }
        mailing::mail_due(&app, &network).await?;
        Ok(Outcome::Done)
    }
}

/// From where on the trail is to be read; `None` when nothing that is told of was written since. The first time, what
/// happened before is nobody's news.
async fn unread_since(app: &App, network: &Network) -> Result<Option<Timestamp>> {
    let mut tx = app.db.read().await?;
    let cursor: Option<Cursor> = tx.all_in(network.id, "id", &[network.id]).await?.pop();
    let Some(cursor) = cursor else { return Ok(Some(app.now().plus_minutes(-MARGIN_MINUTES))) };
    let since = cursor.read_until.plus_minutes(-MARGIN_MINUTES);
    let sql = sql!(
        "select count(*) from (select 1 from trail where network_id = $1 and cause is null and id > $2 \
            limit 1) new"
    );
    let new: i64 = tx.value(sql, args![network.id, Id::new(since)]).await?;
    Ok((new > 0).then_some(since))
}

/// Tells of what the trail says since a moment.
pub async fn read_trail(app: &App, network: &Network, since: Timestamp) -> Result<()> {
    let until = app.now();
    let mut after = Id::new(since);
    loop {
        let mut tx = app.db.write().await?;
        let sql = sql!(
            "select network_id, id, at, account_id, actor, address, action, subject_kind, subject_id, \
                subject_label, ",
            "before, after, cause from trail where network_id = $1 and cause is null and id > $2 order \
                by id limit $3"
        );
        let lines: Vec<Line> = tx.all(sql, args![network.id, after, BATCH]).await?;
        tell_all(&mut tx, network, &lines, until).await?;
        let last = lines.last().map(|line| line.id);
        let is_end = lines.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
        if is_end {
            let sql = sql!(
                "insert into notification_cursor (network_id, id, read_until) values ($1, $2, $3) ",
                "on conflict (network_id, id) do update set read_until = excluded.read_until"
            );
            tx.run(sql, args![network.id, network.id, until]).await?;
        }
        tx.commit().await?;
        match last {
            Some(last) if !is_end => after = last,
            _ => return Ok(()),
        }
    }
}

/// What telling needs to know of a network.
struct Known<'a> {
    network: &'a Network,
    accounts: Vec<(Account, Vec<Held>)>,
    choices: HashMap<(Id, String), Chosen>,
}

async fn tell_all(tx: &mut Tx, network: &Network, lines: &[Line], now: Timestamp) -> Result<()> {
    let told: Vec<(&Line, &Rule)> =
        lines.iter().filter_map(|line| Some((line, rule::of(&line.action)?))).collect();
    if told.is_empty() {
        return Ok(());
    }
    let accounts = account::list(tx, network.id).await?;
    let known = Known { network, accounts, choices: notification::choices(tx, network.id).await? };
    let mut counted: HashMap<String, String> = HashMap::new();
    for (line, rule) in told {
        let mut words = (rule.say(rule.title, line), rule.say(rule.mail, line));
        if matches!(rule.once, Once::Counted) {
            let key = rule.key(network, line);
            let said = match counted.get(&key) {
                Some(said) => said.clone(),
                None => count(tx, network, rule, line).await?,
            };
            words = (words.0.replace("{n}", &said), words.1.replace("{n}", &said));
            counted.insert(key, said);
        }
        for new in known.notifications(rule, line, words, now) {
            notification::tell(tx, &new).await?;
        }
    }
    Ok(())
}

impl Known<'_> {
    /// One notification per account concerned that wants to hear of it.
    fn notifications(
        &self,
        rule: &Rule,
        line: &Line,
        (title, mail_title): (String, String),
        now: Timestamp,
    ) -> Vec<Notification> {
        let Some(topic) = topic::topic(rule.topic) else { return Vec::new() };
        let ripe_at = match rule.once {
            Once::Counted => rule::counting_day(self.network, line.at).1,
            _ => line.at,
        };
        let mut made = Vec::new();
        for (account, roles) in rule.concerned(line, &self.accounts) {
            let (rhythm, on_screen) =
                notification::wanted(topic, self.choices.get(&(account.id, topic.code.to_owned())));
            if !topic.is_for(roles) || (rhythm == "never" && !on_screen) {
                continue;
            }
            made.push(Notification {
                network_id: self.network.id,
                id: Id::new(now),
                account_id: account.id,
                topic: topic.code.to_owned(),
                item_key: rule.key(self.network, line),
                title: title.clone(),
                mail_title: mail_title.clone(),
                url: rule.link(line),
                at: line.at,
                on_screen,
                rhythm,
                ripe_at,
                read_at: None,
                mailed_at: None,
            });
        }
        made
    }
}

/// « 1 nouveau courriel », « 12 nouveaux courriels »: how many lines of that action there are in its counting day.
async fn count(tx: &mut Tx, network: &Network, rule: &Rule, line: &Line) -> Result<String> {
    let (from, until) = rule::counting_day(network, line.at);
    let sql = sql!(
        "select count(*) from trail where network_id = $1 and cause is null and id > $2 and id < $3 and \
            action = $4"
    );
    let count: i64 = tx.value(sql, args![network.id, Id::new(from), Id::new(until), rule.action]).await?;
    Ok(match count {
        0 | 1 => "1\u{a0}nouveau courriel".to_owned(),
        many => format!("{}\u{a0}nouveaux courriels", kit::text::number(many)),
    })
}
