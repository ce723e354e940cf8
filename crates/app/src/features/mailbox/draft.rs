//! A message being written: kept here, and in the mailbox's own folder of drafts, from its first word until it has left.

use kit::db::{Id, Timestamp};
use kit::mail::{self, Attached, Copies, MailAccount, Message, Outgoing};
use kit::trail::{self, Act};
use kit::web::form;
use kit::{Actor, App, Error, Network, Result, Tx, args, markup, sql};
use serde_json::json;

use super::message::MailMessage;
use super::order::{self, Wanted};
use super::thread::{self, Thread};
use super::{departure, follow_on, quoting, shared_mailbox, threading};

/// Seconds during which a message that was sent can be called back.
pub const UNDO_SECONDS: i64 = 15;
/// Recipients of one message; more are for a mailing, where nobody sees the others.
const MOST_RECIPIENTS: usize = 100;
/// Bytes of all files of a message: what providers commonly take, once encoded.
pub const MOST_BYTES: usize = 18 << 20;

kit::table! {
    /// A message being written.
    pub struct Draft in "mail_draft": versioned {
        pub thread_id: Option<Id>,
        /// What is answered or forwarded.
        pub message_id: Option<Id>,
        /// `new`, `reply`, `reply_all` or `forward`.
        pub mode: String,
        /// As typed: addresses, with names or without, parted by commas.
        pub to_line: String,
        pub cc_line: String,
        pub bcc_line: String,
        pub subject: String,
        /// Cleaned HTML.
        pub body: String,
        /// JSON: a list of [`Attached`].
        pub files: String,
        /// What is answered stands under the answer.
        pub quotes: bool,
        /// `open`, `leaving` or `sent`.
        pub state: String,
        pub outbox_id: Option<Id>,
        pub author_id: Id,
        pub stored_version: i64,
        pub stored_uid: Option<i64>,
        pub updated_at: Timestamp,
    }
}

/// What is typed in a draft.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub to: String,
    pub cc: String,
    pub bcc: String,
    pub subject: String,
    pub body: String,
    pub quotes: bool,
}

impl Draft {
    pub fn url(&self) -> String {
        format!("/espace/messagerie/brouillons/{}", self.id)
    }

    pub fn files(&self) -> Vec<Attached> {
        serde_json::from_str(&self.files).unwrap_or_default()
    }

    /// Under which id the copy in the mailbox's drafts is known.
    pub fn message_id(&self) -> String {
        format!("<{}@brouillon.esplanade>", self.id)
    }
}

/// Begins a message: a new one, an answer, or one passed on.
pub async fn begin(tx: &mut Tx, app: &App, actor: &Actor, mode: &str, message: Option<Id>) -> Result<Draft> {
    let author = actor.account_id.ok_or(Error::Forbidden)?;
    let (_, account) = shared_mailbox::with_account(tx, actor.network_id).await?.ok_or(Error::NotFound)?;
    let mut draft = Draft {
        network_id: actor.network_id,
        id: Id::new(actor.now),
        thread_id: None,
        message_id: message,
        mode: mode.to_owned(),
        to_line: String::new(),
        cc_line: String::new(),
        bcc_line: String::new(),
        subject: String::new(),
        body: String::new(),
        files: "[]".to_owned(),
        quotes: mode != "new",
        state: "open".to_owned(),
        outbox_id: None,
        author_id: author,
        stored_version: 0,
        stored_uid: None,
        updated_at: actor.now,
        version: 1,
    };
    if let Some(id) = message {
        let message: MailMessage = tx.get(actor.network_id, id).await?;
        draft.thread_id = Some(message.thread_id);
        address(&mut draft, &message, &account);
        if mode == "forward" {
            draft.files =
                serde_json::to_string(&quoting::files_of(app, &message).await?).map_err(Error::bug)?;
        }
    }
    tx.insert(std::slice::from_ref(&draft)).await?;
    Ok(draft)
}

/// Whom an answer goes to: keeping all who were in copy, leaving out the mailbox itself.
fn address(draft: &mut Draft, message: &MailMessage, account: &MailAccount) {
    let own = account.address.to_lowercase();
    let prefix = |word: &str| {
        let known = ["re:", "re :", "tr:", "tr :", "fwd:", "fw:"];
        let subject = message.subject.trim();
        let lower = subject.to_lowercase();
        let is_marked = known.iter().any(|k| lower.starts_with(k) && k.starts_with(&word.to_lowercase()));
        if is_marked { subject.to_owned() } else { format!("{word}: {subject}") }
    };
    if draft.mode == "forward" {
        draft.subject = prefix("Tr");
        return;
    }
    draft.subject = prefix("Re");
    let recipients = message.recipients();
    // An answer to what one wrote oneself goes on to the same people.
    let to = if message.is_out() { recipients.to.clone() } else { message.answers_to() };
    let line = |people: &[(String, String)]| {
        let people = people.iter().filter(|(email, _)| *email != own);
        people.map(|(email, name)| quoting::named(email, name)).collect::<Vec<_>>().join(", ")
    };
    draft.to_line = line(&to);
    if draft.mode == "reply_all" {
        let first: Vec<&String> = to.iter().map(|(email, _)| email).collect();
        let mut others = if message.is_out() { Vec::new() } else { recipients.to };
        others.extend(recipients.cc);
        others.retain(|(email, _)| !first.contains(&email));
        draft.cc_line = line(&others);
    }
}

/// Keeps what was typed, and has the copy in the mailbox's drafts made anew.
pub async fn keep(tx: &mut Tx, actor: &Actor, draft: &mut Draft, typed: Typed) -> Result<()> {
    if draft.state != "open" {
        return Err(Error::refused("Ce message est déjà parti."));
    }
    draft.to_line = kit::text::tidy(&typed.to);
    draft.cc_line = kit::text::tidy(&typed.cc);
    draft.bcc_line = kit::text::tidy(&typed.bcc);
    draft.subject = kit::text::tidy(&typed.subject);
    draft.body = markup::read(&typed.body);
    draft.quotes = typed.quotes;
    draft.updated_at = actor.now;
    tx.save(draft).await?;
    store_later(tx, actor.network_id, draft, actor.now).await
}

async fn store_later(tx: &mut Tx, network: Id, draft: &Draft, now: Timestamp) -> Result<()> {
    let Some(mailbox) = shared_mailbox::of(tx, network).await? else { return Ok(()) };
    let sql = sql!(
        "select cast(count(*) as bigint) from mail_order where network_id = $1 and mailbox_id = $2 ",
        "and verb = 'store_draft' and argument = $3 and attempts < 6"
    );
    let waiting: i64 = tx.value(sql, args![network, mailbox.id, draft.id.to_string()]).await?;
    if waiting > 0 {
        return Ok(());
    }
    let wanted = Wanted { verb: "store_draft", at: None, argument: draft.id.to_string() };
    order::give(tx, network, mailbox.id, now, vec![wanted]).await
}

/// Notes that the mailbox's copy is made from this version.
pub async fn note_stored(tx: &mut Tx, draft: &Draft) -> Result<()> {
    let sql = sql!("update mail_draft set stored_version = $3 where network_id = $1 and id = $2");
    tx.run(sql, args![draft.network_id, draft.id, draft.version]).await.map(drop)
}

/// Adds a file, or takes one away.
pub async fn set_files(tx: &mut Tx, actor: &Actor, draft: &mut Draft, files: &[Attached]) -> Result<()> {
    draft.files = serde_json::to_string(files).map_err(Error::bug)?;
    draft.updated_at = actor.now;
    tx.save(draft).await?;
    store_later(tx, actor.network_id, draft, actor.now).await
}

/// Gives a message up.
pub async fn discard(tx: &mut Tx, actor: &Actor, id: Id) -> Result<()> {
    let draft: Draft = tx.get(actor.network_id, id).await?;
    if draft.state != "open" {
        return Err(Error::refused("Ce message est déjà parti."));
    }
    drop_copy(tx, actor.network_id, &draft, actor.now).await?;
    tx.delete::<Draft>(actor.network_id, id).await.map(drop)
}

/// Has the copy in the mailbox's drafts taken away.
pub async fn drop_copy(tx: &mut Tx, network: Id, draft: &Draft, now: Timestamp) -> Result<()> {
    let Some(mailbox) = shared_mailbox::of(tx, network).await? else { return Ok(()) };
    let wanted = Wanted { verb: "drop_draft", at: None, argument: draft.message_id() };
    order::give(tx, network, mailbox.id, now, vec![wanted]).await
}

/// Addresses as typed: « Zoé Martin <zoe@exemple.fr>, autre@exemple.fr ». The first that cannot be read is the error.
pub fn addresses(line: &str) -> Result<Vec<(String, String)>, String> {
    let mut all = Vec::new();
    for one in split_addresses(line) {
        let (name, email) = match one.rsplit_once('<') {
            Some((name, email)) => (name.trim().trim_matches('"').trim(), email.trim().trim_end_matches('>')),
            None => ("", one.trim()),
        };
        let email = form::email(email)
            .map_err(|_| format!("« {} » n’est pas une adresse de courriel.", one.trim()))?;
        if !all.iter().any(|(known, _)| *known == email) {
            all.push((email, name.to_owned()));
        }
    }
    Ok(all)
}

/// Parts a line at its commas, but not at those between quotation marks.
fn split_addresses(line: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' | ';' if !quoted => parts.push(String::new()),
            _ => {}
        }
        if (!matches!(c, ',' | ';') || quoted)
            && let Some(last) = parts.last_mut()
        {
            last.push(c);
        }
    }
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect()
}

/// What a draft would leave as, once its addresses are read.
pub struct Ready {
    pub to: Vec<(String, String)>,
    pub copies: Copies,
}

/// Reads the addresses of a draft; each error with the field that it belongs to.
pub fn ready(draft: &Draft) -> Result<Ready, (&'static str, String)> {
    let to = addresses(&draft.to_line).map_err(|error| ("a", error))?;
    let cc = addresses(&draft.cc_line).map_err(|error| ("copie", error))?;
    let bcc = addresses(&draft.bcc_line).map_err(|error| ("copie-cachee", error))?;
    if to.is_empty() {
        return Err(("a", "À qui ce message est-il destiné ?".to_owned()));
    }
    if to.len() + cc.len() + bcc.len() > MOST_RECIPIENTS {
        return Err((
            "a",
            format!("{MOST_RECIPIENTS} destinataires au plus : pour davantage, préparez une lettre."),
        ));
    }
    Ok(Ready { copies: Copies { to: to[1..].to_vec(), cc, bcc }, to })
}

/// Sends a draft: it leaves after [`UNDO_SECONDS`], and says what becomes of its conversation.
pub async fn send(tx: &mut Tx, actor: &Actor, network: &Network, id: Id, then: &str) -> Result<Id> {
    let mut draft: Draft = tx.get(network.id, id).await?;
    if draft.state != "open" {
        return Err(Error::refused("Ce message est déjà parti."));
    }
    let ready = ready(&draft).map_err(|(_, error)| Error::refused(error))?;
    let (mailbox, account) = shared_mailbox::with_account(tx, network.id).await?.ok_or(Error::NotFound)?;
    let (to, to_name) = ready.to.first().cloned().ok_or(Error::NotFound)?;
    let said = quoting::body(tx, network, &draft, &mailbox.signature).await?;
    let leaves = actor.now.plus_seconds(UNDO_SECONDS);
    let message = Message {
        to,
        to_name,
        copies: ready.copies,
        subject: draft.subject.clone(),
        text: said.text,
        html: said.html,
        kind: "mail_answer",
        account: Some(account),
        headers: quoting::headers(tx, &draft).await?,
        files: draft.files(),
        about: draft.thread_id.map(|thread| ("mail_thread", thread)),
        not_before: Some(leaves),
        ..Message::default()
    };
    let outbox = mail::send(tx, network, actor.now, message).await?;
    draft.state = "leaving".to_owned();
    draft.outbox_id = Some(outbox);
    tx.save(&mut draft).await?;
    if let Some(id) = draft.thread_id {
        answered(tx, actor, network, (id, outbox), then).await?;
    }
    departure::watch(tx, network.id, actor.now, leaves, &draft).await?;
    Ok(outbox)
}

/// An answer makes its conversation wait, or ends it; what comes back is known by its id.
async fn answered(
    tx: &mut Tx,
    actor: &Actor,
    network: &Network,
    (id, outbox): (Id, Id),
    then: &str,
) -> Result<()> {
    let row: Thread = tx.get(actor.network_id, id).await?;
    let sql = sql!(
        "insert into mail_reference (network_id, id, reference_key, thread_id) values ($1, $2, $3, $4) on conflict do nothing"
    );
    let key = threading::reference_key(&format!("<{outbox}@>"));
    tx.run(sql, args![actor.network_id, Id::new(actor.now), key, id]).await?;
    let act = Act::new("mail_thread.answered", row.as_subject()).after(&json!({ "outgoing": outbox }));
    trail::record(tx, actor, act).await?;
    follow_on::propose(tx, actor, network, &row).await?;
    if !then.is_empty() {
        thread::set_state(tx, actor, id, then).await?;
    }
    Ok(())
}

/// Calls a message back while there is time.
pub async fn call_back(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Draft> {
    let mut draft: Draft = tx.get(actor.network_id, id).await?;
    let outbox = draft.outbox_id.ok_or_else(|| Error::refused("Ce message n’est pas en train de partir."))?;
    if draft.state != "leaving" || !mail::cancel(tx, actor.network_id, outbox, actor.now).await? {
        return Err(Error::refused("Ce message est déjà parti."));
    }
    draft.state = "open".to_owned();
    draft.outbox_id = None;
    tx.save(&mut draft).await?;
    if let Some(thread) = draft.thread_id {
        let row: Thread = tx.get(actor.network_id, thread).await?;
        trail::record(tx, actor, Act::new("mail_thread.called_back", row.as_subject())).await?;
        thread::put_state(tx, actor.network_id, thread, "in_progress").await?;
    }
    Ok(draft)
}

/// Drafts that are open or leaving: those of a conversation, or all of a network.
pub async fn open(tx: &mut Tx, network: Id) -> Result<Vec<Draft>> {
    let sql = sql!(
        "select network_id, id, thread_id, message_id, mode, to_line, cc_line, bcc_line, subject, body, files, quotes, ",
        "state, outbox_id, author_id, stored_version, stored_uid, updated_at, version from mail_draft ",
        "where network_id = $1 and state <> 'sent' order by updated_at desc, id desc limit 200"
    );
    tx.all(sql, args![network]).await
}

/// The draft's bytes, for the mailbox's folder of drafts.
pub async fn raw(app: &App, network: Id, draft: &Draft) -> Result<Vec<u8>> {
    let mut tx = app.db.read().await?;
    let (_, account) = shared_mailbox::with_account(&mut tx, network).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let people = |line: &str| addresses(line).unwrap_or_default();
    let to = people(&draft.to_line);
    let first = to.first().cloned().unwrap_or_default();
    let copies = Copies { to: to.into_iter().skip(1).collect(), cc: people(&draft.cc_line), bcc: Vec::new() };
    let outgoing = Outgoing {
        id: draft.id,
        sender: account.address.clone(),
        sender_name: account.name.clone(),
        recipient: first.0,
        recipient_name: first.1,
        copies: serde_json::to_string(&copies).map_err(Error::bug)?,
        subject: draft.subject.clone(),
        text_body: markup::text(&draft.body),
        html_body: draft.body.clone(),
        headers: json!([["X-Esplanade-Draft", draft.version.to_string()]]).to_string(),
        ..Outgoing::blank(network, draft.updated_at)
    };
    mail::compose_draft(&outgoing, &draft.message_id()).map(|message| message.formatted()).map_err(Error::bug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_type_them() {
        let read =
            addresses("Zoé Martin <ZOE@exemple.fr>; \"Durand, Paul\" <paul@exemple.fr>, zoe@exemple.fr,")
                .unwrap();
        assert_eq!(read[0], ("zoe@exemple.fr".to_owned(), "Zoé Martin".to_owned()));
        assert_eq!(read[1], ("paul@exemple.fr".to_owned(), "Durand, Paul".to_owned()));
        assert_eq!(read.len(), 2);
        assert!(addresses("Zoé Martin").unwrap_err().contains("Zoé Martin"));
        assert!(addresses("").unwrap().is_empty());
    }
}
