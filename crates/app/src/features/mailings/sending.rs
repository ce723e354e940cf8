//! Sending: recipients are frozen with the act, then queued in turns by a job (`queueing.rs`). Nobody is written to twice: an address
//! stands once in a mailing, and its message is queued in the transaction that says so.

use kit::db::{Id, Timestamp};
use kit::jobs::{self, Job, Outcome};
use kit::mail;
use kit::{Actor, App, Error, Network, Result, Tx, network};
use serde::{Deserialize, Serialize};

use super::distribution_list::DistributionList;
use super::expansion::{Expansion, Source};
use super::mailing::{self, ABOUT, Mailing};
use super::merge_field;
use super::queueing::QueueMailing;
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
