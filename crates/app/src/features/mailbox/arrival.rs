//! What an arrival sets in motion: a bounce is noted, a conversation comes back to the top, rules act, the program answers
//! by itself where it was told to, and never what did not come from a person.

use std::collections::BTreeSet;

use kit::db::{Id, Timestamp};
use kit::trail::{self, Act};
use kit::{Actor, App, Network, Result, Tx, args, mail, sql, tie};

use super::auto_answer;
use super::ingest::{Fresh, Source};
use super::list_posts;
use super::meeting_replies;
use super::nature::Nature;
use super::order;
use super::reply_by_mail;
use super::rule::{self, Rule};
use super::thread::{self, Thread};

/// Does what follows from messages that are new, once they are stored.
pub async fn follow_up(
    tx: &mut Tx,
    app: &App,
    network: &Network,
    source: &Source,
    fresh: &[Fresh],
) -> Result<()> {
    let live: Vec<&Fresh> = fresh.iter().filter(|one| one.is_live).collect();
    for one in fresh {
        if let (true, Some(known)) = (one.begins, &one.sender) {
            file_under(tx, network.id, one, known).await?;
        }
    }
    let mut told = BTreeSet::new();
    let rules = if live.is_empty() { Vec::new() } else { rule::all(tx, network.id).await? };
    for one in live {
        if let Some(report) = one.report.as_ref().filter(|report| report.is_final) {
            mail::bounced(tx, network.id, report.outgoing, &report.reason).await?;
        }
        turn(tx, network.id, source, one).await?;
        if one.message.is_out() || source.role != "inbox" {
            continue;
        }
        if reply_by_mail::take(tx, app, network, one).await? {
            thread::put_state(tx, network.id, one.message.thread_id, "done").await?;
            continue;
        }
        if meeting_replies::take(tx, app, network, one).await? {
            thread::put_state(tx, network.id, one.message.thread_id, "done").await?;
            continue;
        }
        if list_posts::take(tx, app, network, source, one).await? {
            thread::put_state(tx, network.id, one.message.thread_id, "done").await?;
        }
        let fit =
            rules.iter().filter(|rule| rule.paused_at.is_none()).find(|rule| rule.conditions().fit(one));
        if let Some(rule) = fit {
            apply(tx, app, network, source, rule, one).await?;
        }
        let is_person = one.message.nature() == Nature::Person;
        if is_person && told.insert(one.message.thread_id) {
            let thread: Thread = tx.get(network.id, one.message.thread_id).await?;
            say_received(tx, network, app.now(), &thread, one.message.young).await?;
        }
    }
    Ok(())
}

/// Files a conversation on the sheet of who wrote, and on that of where they work.
async fn file_under(tx: &mut Tx, network: Id, one: &Fresh, known: &super::senders::Known) -> Result<()> {
    let from = ("mail_thread", one.message.thread_id);
    let at = one.message.received_at;
    tie::make(tx, network, at, from, &known.subject(), &known.url()).await?;
    if let Some((kind, id, label)) = &known.of {
        let to = trail::Subject::new(kind, *id, label);
        tie::make(tx, network, at, from, &to, &super::senders::url(kind, *id)).await?;
    }
    Ok(())
}

/// How an arrival turns its conversation: what someone writes is to be done, what was answered from elsewhere is done.
async fn turn(tx: &mut Tx, network: Id, source: &Source, one: &Fresh) -> Result<()> {
    if one.begins {
        return Ok(());
    }
    let thread = one.message.thread_id;
    if one.message.is_out() {
        // Answers sent from here say themselves what becomes of the conversation.
        if mail::of_message_id(&one.message.message_id).is_none() {
            let sql = sql!(
                "update mail_thread set state = 'done' where network_id = $1 and id = $2 and state in ('to_do', 'in_progress')"
            );
            tx.run(sql, args![network, thread]).await?;
        }
        return Ok(());
    }
    match one.message.nature() {
        Nature::Person | Nature::List if source.role == "inbox" => {
            thread::put_state(tx, network, thread, "to_do").await
        }
        // A returned message is something to mend: the conversation comes back.
        Nature::Bounce if one.report.as_ref().is_some_and(|report| report.is_final) => {
            thread::put_state(tx, network, thread, "to_do").await
        }
        _ => Ok(()),
    }
}

async fn apply(
    tx: &mut Tx,
    app: &App,
    network: &Network,
    source: &Source,
    rule: &Rule,
    one: &Fresh,
) -> Result<()> {
    let actor = Actor::program(network.id, &format!("Règle « {} »", rule.name), app.now());
    let (acts, thread) = (rule.acts(), one.message.thread_id);
    if let Some(state) = &acts.state {
        thread::set_state(tx, &actor, thread, state).await?;
    }
    if let Some(assignee) = acts.assignee {
        // Someone who has left meanwhile gets nothing; the message is no less received.
        match thread::assign(tx, &actor, thread, Some(assignee)).await {
            Err(kit::Error::Refused(_)) | Ok(()) => {}
            Err(error) => return Err(error),
        }
    }
    if !acts.tag.is_empty() {
        match thread::tag(tx, &actor, thread, &acts.tag, true).await {
            Err(kit::Error::Refused(_)) | Ok(()) => {}
            Err(error) => return Err(error),
        }
    }
    if let Some(structure) = acts.structure {
        super::filing::file(tx, &actor, thread, "structure", structure).await?;
    }
    if let Some(folder) = acts.folder {
        order::move_thread(tx, &actor, thread, folder).await?;
    }
    if let Some(answer) = acts.answer {
        auto_answer::answer(tx, network, app.now(), source, one, answer).await?;
    }
    Ok(())
}

/// Writes that a message arrived, for those who want to hear of it.
async fn say_received(
    tx: &mut Tx,
    network: &Network,
    now: Timestamp,
    thread: &Thread,
    discreet: bool,
) -> Result<()> {
    let actor = Actor::program(network.id, "Messagerie", now);
    let mut subject = thread.as_subject();
    if discreet {
        // The trail is kept for ever: nothing that a young person wrote may be in it.
        "Message à lire".clone_into(&mut subject.label);
    }
    trail::record(tx, &actor, Act::new("mail_message.received", subject)).await.map(drop)
}
