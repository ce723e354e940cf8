//! Sending: recipients are frozen with the act, then queued in turns by a job. Nobody is written to twice: an address
//! stands once in a mailing, and its message is queued in the transaction that says so.

use std::collections::BTreeMap;

use kit::db::{Id, Timestamp};
use kit::jobs::{self, Job, Outcome};
use kit::mail::{self, Message};
use kit::{Actor, App, Error, Network, Result, Tx, args, network, sql};
use serde::{Deserialize, Serialize};

use super::address;
use super::distribution_list::DistributionList;
use super::expansion::{Expansion, Source};
use super::mailing::{self, ABOUT, Mailing};
use super::merge_field;
use super::render::{self, Foot, Shown};
use super::topic::Topic;

kit::table! {
    /// Someone a mailing goes to, or was left out of it.
    pub struct Recipient in "mailing_recipient" {
        pub mailing_id: Id,
        pub recipient_key: String,
        pub address: String,
        pub name: String,
        pub person_id: Option<Id>,
        pub contact_id: Option<Id>,
        pub why: String,
        /// JSON: their words in the shared body.
        pub words: String,
        /// Why nothing was sent to them; empty for who is written to.
        pub left_out: String,
        pub turn: i64,
        pub outbox_id: Option<Id>,
    }
}

/// Seconds during which a mailing can be called back whole.
pub const UNDO_SECONDS: i64 = 15;
/// Messages a minute by the instance's own way, when no account says otherwise.
const OWN_PER_MINUTE: i64 = 120;
/// Messages queued in one transaction.
const AT_ONCE: i64 = 200;

/// What a mailing still lacks before it can be sent, in French.
pub fn missing(mailing: &Mailing) -> Vec<&'static str> {
    let all = [
        (mailing.subject.trim().is_empty(), "un objet"),
        (mailing.topic_id.is_none(), "un sujet"),
        (mailing.list_ids().is_empty(), "au moins une liste"),
        (mailing.blocks().is_empty(), "un contenu"),
    ];
    all.into_iter().filter(|(lacks, _)| *lacks).map(|(_, what)| what).collect()
}

/// Whom a mailing would reach now.
pub async fn reach(tx: &mut Tx, network: &Network, now: Timestamp, mailing: &Mailing) -> Result<Reach> {
    let lists: Vec<DistributionList> = tx.all_in(network.id, "id", &mailing.list_ids()).await?;
    let lists: Vec<DistributionList> = lists.into_iter().filter(|list| list.deleted_at.is_none()).collect();
    let topic: Option<Topic> = match mailing.topic_id {
        Some(id) => Some(tx.get(network.id, id).await?),
        None => None,
    };
    let definitions: Vec<_> = lists.iter().map(DistributionList::definition).collect();
    let asked: Vec<_> = definitions.iter().collect();
    let source = Source::load(tx, network, network.today(now), mailing.topic_id).await?;
    let source = source.with_groups(tx, network.id, &asked).await?;
    let listed: Vec<&DistributionList> = lists.iter().collect();
    let expansion = source.expand(&listed, topic.as_ref());
    Ok(Reach { expansion, lists, topic, source })
}

/// Whom a mailing reaches, and through what.
pub struct Reach {
    pub expansion: Expansion,
    pub lists: Vec<DistributionList>,
    pub topic: Option<Topic>,
    pub source: Source,
}

impl Reach {
    /// What stands under the message.
    pub fn foot(&self) -> Foot {
        Foot { why: self.why(), may_leave: self.topic.as_ref().is_some_and(|topic| !topic.essential) }
    }

    /// « Vous recevez ce message (« Lettre d’information ») en tant que membre de : Promeneurs actifs. »
    pub fn why(&self) -> String {
        let lists: Vec<&str> = self.lists.iter().map(|list| list.name.as_str()).collect();
        let topic = self.topic.as_ref().map_or("Message du réseau", |topic| topic.label.as_str());
        format!(
            "Vous recevez ce message («\u{a0}{topic}\u{a0}») parce que vous faites partie de\u{a0}: {}.",
            lists.join(", ")
        )
    }
}

/// Schedules a draft.
pub async fn schedule(
    tx: &mut Tx,
    actor: &Actor,
    before: &Mailing,
    base: &str,
    at: Timestamp,
) -> Result<Mailing> {
    let sending = Id::new(actor.now);
    let after = Mailing {
        state: "scheduled".to_owned(),
        scheduled_for: Some(at),
        sending_id: Some(sending),
        base: base.to_owned(),
        ..before.clone()
    };
    let after = mailing::keep(tx, actor, Some(before), after, "mailing.scheduled").await?;
    let job = StartMailing { mailing_id: after.id, sending_id: sending };
    jobs::add_at(tx, actor.network_id, actor.now, at, &job).await?;
    Ok(after)
}

/// Sends a draft, or a mailing whose moment has come: freezes whom it goes to and what it says.
pub async fn send(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    before: &Mailing,
    base: &str,
) -> Result<Mailing> {
    let lacks = missing(before);
    if !lacks.is_empty() {
        return Err(Error::refused(format!("Il manque à cette lettre\u{a0}: {}.", lacks.join(", "))));
    }
    let reach = reach(tx, network, actor.now, before).await?;
    if reach.expansion.members.is_empty() {
        return Err(Error::refused("Personne ne recevrait cette lettre\u{a0}: choisissez une autre liste."));
    }
    let shown = Shown::load(tx, network.id, &before.blocks(), network.today(actor.now)).await?;
    let drawn = render::draw(network, before, base, &shown, &reach.foot())?;
    let body = (drawn.subject.as_str(), drawn.text.as_str(), drawn.html.as_str());
    let body_id = mail::share_body(tx, network.id, actor.now, body).await?;
    let mut after = Mailing {
        state: "sending".to_owned(),
        scheduled_for: None,
        sending_id: Some(Id::new(actor.now)),
        body_id: Some(body_id),
        base: base.to_owned(),
        // A scheduled one was thought over already.
        first_due: Some(if before.is_draft() { actor.now.plus_seconds(UNDO_SECONDS) } else { actor.now }),
        recipients: i64::try_from(reach.expansion.members.len()).unwrap_or(i64::MAX),
        ..before.clone()
    };
    if after.is_public && after.slug.is_empty() {
        after.slug = mailing::free_slug(tx, &after, network, actor.now).await?;
    }
    let after = mailing::keep(tx, actor, Some(before), after, "mailing.sent").await?;
    let recipients = frozen(network, actor.now, base, &after, &reach.expansion);
    tx.insert(&recipients).await?;
    let sending_id = after.sending_id.unwrap_or(after.id);
    jobs::add(tx, network.id, actor.now, &QueueMailing { mailing_id: after.id, sending_id }).await?;
    Ok(after)
}

fn frozen(
    network: &Network,
    now: Timestamp,
    base: &str,
    mailing: &Mailing,
    expansion: &Expansion,
) -> Vec<Recipient> {
    let blank = |key: &str, address: &str, name: String| Recipient {
        network_id: network.id,
        id: Id::new(now),
        mailing_id: mailing.id,
        recipient_key: key.to_owned(),
        address: address.to_owned(),
        name,
        person_id: None,
        contact_id: None,
        why: String::new(),
        words: String::new(),
        left_out: String::new(),
        turn: 0,
        outbox_id: None,
    };
    let members = expansion.members.iter().zip(0i64..).map(|(member, turn)| Recipient {
        person_id: member.known.person_id,
        contact_id: member.known.contact_id,
        why: member.why.join(", "),
        words: serde_json::to_string(&merge_field::words(network, base, &member.known)).unwrap_or_default(),
        turn,
        ..blank(&member.address, &member.address, member.known.name())
    });
    let left_out = expansion.left_out.iter().map(|out| Recipient {
        why: out.what.clone(),
        left_out: out.reason.clone(),
        ..blank(&out.key, &out.address, out.name.clone())
    });
    members.chain(left_out).collect()
}

/// Sends a scheduled mailing when its moment has come.
#[derive(Serialize, Deserialize)]
pub struct StartMailing {
    pub mailing_id: Id,
    pub sending_id: Id,
}

impl Job for StartMailing {
    const KIND: &'static str = "mailings.start";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let mut tx = app.db.write().await?;
        let found: Mailing = tx.get(network, self.mailing_id).await?;
        let is_this = found.state == "scheduled" && found.sending_id == Some(self.sending_id);
        if !is_this || found.deleted_at.is_some() {
            return Ok(Outcome::Done);
        }
        let network = network::by_id(&mut tx, network).await?;
        let actor = Actor::program(network.id, &found.author, app.now());
        match send(&mut tx, &actor, &network, &found, &found.base.clone()).await {
            Ok(_) => tx.commit().await.map(|()| Outcome::Done),
            // Its lists are empty or gone: it is a draft again, which the list of mailings shows.
            Err(Error::Refused(reason)) => {
                drop(tx);
                let mut tx = app.db.write().await?;
                let after = Mailing { state: "draft".to_owned(), scheduled_for: None, ..found.clone() };
                mailing::keep(&mut tx, &actor, Some(&found), after, "mailing.not_sent").await?;
                tx.commit().await?;
                Ok(Outcome::GiveUp(reason))
            }
            // Another process was first.
            Err(Error::Stale) => Ok(Outcome::Done),
            Err(error) => Err(error),
        }
    }
}

/// Queues the messages of a mailing, a part at a time.
#[derive(Serialize, Deserialize)]
pub struct QueueMailing {
    pub mailing_id: Id,
    pub sending_id: Id,
}

impl Job for QueueMailing {
    const KIND: &'static str = "mailings.queue";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        loop {
            let mut tx = app.db.write().await?;
            let queued = queue_some(&mut tx, &app, network, &self).await?;
            tx.commit().await?;
            if queued == 0 {
                return Ok(Outcome::Done);
            }
        }
    }
}

async fn queue_some(tx: &mut Tx, app: &App, network: Id, job: &QueueMailing) -> Result<usize> {
    let now = app.now();
    // Holds the mailing until the end of this transaction: whoever stops it waits, and then finds these messages; a
    // second process on the same job waits too.
    let hold = sql!(
        "update mailing set updated_at = $3 where network_id = $1 and id = $2 and state = 'sending' and sending_id = $4"
    );
    if tx.run(hold, args![network, job.mailing_id, now, job.sending_id]).await? == 0 {
        return Ok(0);
    }
    let mailing: Mailing = tx.get(network, job.mailing_id).await?;
    let waiting = sql!(
        "select network_id, id, mailing_id, recipient_key, address, name, person_id, contact_id, why, words, left_out, ",
        "turn, outbox_id from mailing_recipient where network_id = $1 and mailing_id = $2 and outbox_id is null ",
        "and left_out = '' order by turn limit $3"
    );
    let waiting: Vec<Recipient> = tx.all(waiting, args![network, mailing.id, AT_ONCE]).await?;
    if waiting.is_empty() {
        let done = sql!("update mailing set state = 'sent' where network_id = $1 and id = $2");
        tx.run(done, args![network, mailing.id]).await?;
        return Ok(0);
    }
    let network = network::by_id(tx, network).await?;
    let messages = messages(tx, app, &network, now, &mailing, job.sending_id, &waiting).await?;
    let ids = mail::send_all(tx, &network, now, messages).await?;
    for (recipient, outbox_id) in waiting.iter().zip(&ids) {
        let sql = sql!(
            "update mailing_recipient set outbox_id = $3 where network_id = $1 and id = $2 and outbox_id is null"
        );
        if tx.run(sql, args![network.id, recipient.id, *outbox_id]).await? != 1 {
            return Err(Error::TryLater("Un autre processus envoie cette lettre.".to_owned()));
        }
    }
    Ok(waiting.len())
}

async fn messages(
    tx: &mut Tx,
    app: &App,
    network: &Network,
    now: Timestamp,
    mailing: &Mailing,
    sending: Id,
    waiting: &[Recipient],
) -> Result<Vec<Message>> {
    let accounts = mailing::accounts(tx, network.id).await?;
    let account = accounts.into_iter().find(|account| Some(account.id) == mailing.account_id);
    let per_minute = account.as_ref().map_or(OWN_PER_MINUTE, |account| account.per_minute.max(1));
    let named: Vec<(String, String)> = waiting.iter().map(|r| (r.address.clone(), r.name.clone())).collect();
    let ids = address::ids_of(tx, network.id, now, &named).await?;
    let may_leave = match mailing.topic_id {
        Some(id) => !tx.get::<Topic>(network.id, id).await?.essential,
        None => false,
    };
    let body = mailing.body_id.ok_or_else(|| Error::bug("a mailing on its way has a body"))?;
    let topic = mailing.topic_id;
    let mut messages = Vec::with_capacity(waiting.len());
    for recipient in waiting {
        let known = ids.get(&recipient.address).ok_or_else(|| Error::bug("an address is known by now"))?;
        let mut words: BTreeMap<String, String> = serde_json::from_str(&recipient.words).unwrap_or_default();
        words.extend(links(app, network.id, &mailing.base, *known, topic));
        let after = (i128::from(recipient.turn) * 60_000_000) / i128::from(per_minute);
        let due = mailing.first_due.unwrap_or(now).0 + i64::try_from(after).unwrap_or(0);
        messages.push(Message {
            to: recipient.address.clone(),
            to_name: recipient.name.clone(),
            subject: mail::merge(&mailing.subject, &words, false),
            kind: ABOUT,
            account: account.clone(),
            shared: Some((body, words)),
            headers: headers(network, mailing, may_leave),
            about: Some((ABOUT, sending)),
            bulk: true,
            not_before: Some(Timestamp(due)),
            from_name: account.is_none().then(|| format!("Promeneurs du Net {}", network.of())),
            ..Message::default()
        });
    }
    Ok(messages)
}

/// Where an address says what it wants.
pub fn links(app: &App, network: Id, base: &str, known: Id, topic: Option<Id>) -> [(String, String); 2] {
    let preferences = address::token(app, network, known, None);
    let leave = address::token(app, network, known, topic);
    [
        ("lien_preferences".to_owned(), format!("{base}/preferences/{preferences}")),
        (merge_field::UNSUBSCRIBE.to_owned(), format!("{base}/desinscription/{leave}")),
    ]
}

/// Headers of bulk mail. There is no `Auto-Submitted`: a person wrote this, and its absence says so (RFC 3834, 5);
/// `List-Id` and `Precedence` keep answering machines quiet (RFC 3834, 2; RFC 5230, 4.6).
fn headers(network: &Network, mailing: &Mailing, may_leave: bool) -> Vec<(String, String)> {
    let host = network.host.clone().unwrap_or_else(|| {
        let authority = mailing.base.split("://").nth(1).unwrap_or("localhost");
        authority.split(':').next().unwrap_or("localhost").to_owned()
    });
    let mut all = vec![
        ("List-Id".to_owned(), format!("<lettre.{}.{host}>", network.slug)),
        ("Precedence".to_owned(), "bulk".to_owned()),
    ];
    if may_leave {
        all.push(("List-Unsubscribe".to_owned(), "<{{lien_desinscription}}>".to_owned()));
        all.push(("List-Unsubscribe-Post".to_owned(), "List-Unsubscribe=One-Click".to_owned()));
    }
    if !mailing.reply_to.is_empty() {
        all.push(("Reply-To".to_owned(), mailing.reply_to.clone()));
    }
    all
}

/// Stops a mailing: one that is scheduled, or of which nothing left yet, is a draft again; of one that is on its way,
/// what has not left stays. Answers how many messages were called back.
pub async fn stop(tx: &mut Tx, actor: &Actor, before: &Mailing) -> Result<(Mailing, u64)> {
    let sending = match (before.state.as_str(), before.sending_id) {
        ("scheduled" | "sending" | "sent", Some(sending)) => sending,
        _ => return Err(Error::refused("Cette lettre n’est pas en cours d’envoi.")),
    };
    // Saved first: whoever queues its messages holds the row until these are seen here.
    let stopped = Mailing { state: "cancelled".to_owned(), scheduled_for: None, ..before.clone() };
    let stopped = mailing::keep(tx, actor, Some(before), stopped, "mailing.stopped").await?;
    let network = actor.network_id;
    let back = mail::cancel_about(tx, network, ABOUT, sending, actor.now).await?;
    let states = mail::states(tx, network, ABOUT, sending).await?;
    let gone = states.iter().any(|(state, count)| state != "cancelled" && *count > 0);
    if gone && back == 0 && stopped.recipients == states.iter().map(|(_, count)| *count).sum::<i64>() {
        return Err(Error::refused("Tous les messages sont déjà partis."));
    }
    if gone {
        return Ok((stopped, back));
    }
    tx.delete_in::<Recipient>(network, "mailing_id", &[before.id]).await?;
    let draft = Mailing {
        state: "draft".to_owned(),
        sending_id: None,
        body_id: None,
        first_due: None,
        recipients: 0,
        slug: String::new(),
        ..stopped.clone()
    };
    let draft = mailing::keep(tx, actor, Some(&stopped), draft, "mailing.called_back").await?;
    Ok((draft, back))
}
