//! What stands under an answer: the signature, and what is answered.

use kit::mail::Attached;
use kit::{App, Network, Result, Tx, args, markup, sql};
use mail_parser::PartType;

use super::draft::Draft;
use super::message::MailMessage;
use super::reading;

/// Of what is answered, so many characters are repeated.
const MOST_QUOTED: usize = 20_000;
/// Message-IDs of a conversation that an answer names.
const MOST_REFERENCES: i64 = 12;

/// The two forms of a body.
pub struct Said {
    pub text: String,
    pub html: String,
}

/// « Zoé Martin <zoe@exemple.fr> », quoted where the name holds a comma.
pub fn named(email: &str, name: &str) -> String {
    match name.trim() {
        "" => email.to_owned(),
        name if name.contains([',', ';', '<', '"']) => format!("\"{}\" <{email}>", name.replace('"', "")),
        name => format!("{name} <{email}>"),
    }
}

/// The whole body of a draft: what was written, the signature, what is answered.
pub async fn body(tx: &mut Tx, network: &Network, draft: &Draft, signature: &str) -> Result<Said> {
    let mut html = draft.body.clone();
    let mut text = markup::text(&draft.body);
    if !signature.is_empty() {
        html.push_str(&format!("<p>-- </p>{signature}"));
        text.push_str(&format!("\n\n-- \n{}", markup::text(signature)));
    }
    if let (Some(id), true) = (draft.message_id, draft.quotes) {
        let message: MailMessage = tx.get(network.id, id).await?;
        let quoted = stored_text(tx, &message).await?;
        let intro = introduction(network, draft, &message);
        let lines: Vec<String> = quoted.lines().map(|line| format!("> {line}")).collect();
        text.push_str(&format!("\n\n{intro}\n{}", lines.join("\n")));
        let inner: Vec<String> = quoted.lines().map(markup::escape).collect();
        html.push_str(&format!(
            "<p>{}</p><blockquote><p>{}</p></blockquote>",
            markup::escape(&intro).replace('\n', "<br>"),
            inner.join("<br>")
        ));
    }
    Ok(Said { text, html })
}

fn introduction(network: &Network, draft: &Draft, message: &MailMessage) -> String {
    let when = message.sent_at.long_in(network.zone());
    if draft.mode != "forward" {
        return format!("Le {when}, {} a écrit\u{a0}:", message.from());
    }
    let people = |list: Vec<(String, String)>| {
        list.iter().map(|(email, name)| named(email, name)).collect::<Vec<_>>().join(", ")
    };
    format!(
        "---------- Message transféré ----------\nDe\u{a0}: {}\nDate\u{a0}: {when}\nObjet\u{a0}: {}\nÀ\u{a0}: {}\n",
        named(&message.sender_email, &message.sender_name),
        message.subject,
        people(message.recipients().to)
    )
}

/// The words of a message as they were read at its arrival.
async fn stored_text(tx: &mut Tx, message: &MailMessage) -> Result<String> {
    let sql = sql!("select body from mail_text where network_id = $1 and id = $2");
    let stored: Option<(String,)> = tx.optional(sql, args![message.network_id, message.id]).await?;
    Ok(stored.map_or_else(|| message.preview.clone(), |(body,)| body.chars().take(MOST_QUOTED).collect()))
}

/// Headers that tie an answer to its conversation (RFC 5322, 3.6.4).
pub async fn headers(tx: &mut Tx, draft: &Draft) -> Result<Vec<(String, String)>> {
    let Some(id) = draft.message_id.filter(|_| draft.mode != "forward") else { return Ok(Vec::new()) };
    let message: MailMessage = tx.get(draft.network_id, id).await?;
    if message.message_id.is_empty() {
        return Ok(Vec::new());
    }
    let sql = sql!(
        "select message_id from mail_message where network_id = $1 and thread_id = $2 and sent_at <= $3 ",
        "and message_id <> '' order by sent_at desc, id desc limit $4"
    );
    let before: Vec<(String,)> =
        tx.all(sql, args![draft.network_id, message.thread_id, message.sent_at, MOST_REFERENCES]).await?;
    let mut ids: Vec<String> =
        before.into_iter().rev().map(|(id,)| id).filter(|id| *id != message.message_id).collect();
    ids.push(message.message_id.clone());
    Ok(vec![("In-Reply-To".to_owned(), message.message_id), ("References".to_owned(), ids.join(" "))])
}

/// The files of a message that is passed on, stored anew so that each message owns its own.
pub async fn files_of(app: &App, message: &MailMessage) -> Result<Vec<Attached>> {
    let raw = app.files.get(message.network_id, &message.raw).await?;
    let listed = message.files();
    let parts = kit::heavy(move || {
        let Some(parsed) = reading::parse(&raw) else { return Vec::new() };
        let wanted = listed.into_iter().filter(|file| file.cid.is_empty());
        wanted.filter_map(|file| Some((contents(&parsed, file.part)?, file))).collect::<Vec<_>>()
    })
    .await?;
    let mut files = Vec::new();
    for (bytes, file) in parts {
        let size = bytes.len();
        let stored = app.files.put(message.network_id, bytes.into()).await?;
        files.push(Attached { name: file.name, media_type: file.media_type, file: stored, size });
    }
    Ok(files)
}

/// The bytes of a part.
pub fn contents(message: &mail_parser::Message<'_>, part: u32) -> Option<Vec<u8>> {
    let part = message.part(part)?;
    match &part.body {
        PartType::Message(inner) => Some(inner.raw_message().to_vec()),
        PartType::Multipart(_) => None,
        _ => Some(part.contents().to_vec()),
    }
}
