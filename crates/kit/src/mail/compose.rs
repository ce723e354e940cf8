//! A row of the outbox as the message that servers take (RFC 5322).

use std::collections::BTreeMap;

use bytes::Bytes;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::{Attached, Outgoing, OutgoingBody};

/// Builds the message. `body` is the shared one, for a row that has no words of its own.
pub fn compose(
    outgoing: &Outgoing,
    body: Option<&OutgoingBody>,
    files: Vec<(Attached, Bytes)>,
) -> Result<Message, String> {
    let Said { subject, text, html } = said(outgoing, body);
    let builder = head(outgoing, &subject)?.message_id(Some(outgoing.message_id()));
    let body = MultiPart::alternative_plain_html(text, html);
    finish(builder, body, files)
}

/// A message that is not ready to leave: it may have no recipient yet.
pub fn compose_draft(outgoing: &Outgoing, message_id: &str) -> Result<Message, String> {
    let own = outgoing.sender.parse::<Address>().map_err(|e| e.to_string())?;
    let envelope = Envelope::new(Some(own.clone()), vec![own]).map_err(|e| e.to_string())?;
    let builder =
        head(outgoing, &outgoing.subject)?.message_id(Some(message_id.to_owned())).envelope(envelope);
    let body = MultiPart::alternative_plain_html(outgoing.text_body.clone(), outgoing.html_body.clone());
    finish(builder, body, Vec::new())
}

/// Everything that stands before the body.
fn head(outgoing: &Outgoing, subject: &str) -> Result<MessageBuilder, String> {
    let words = outgoing.words();
    let mut builder =
        Message::builder().from(mailbox(&outgoing.sender, &outgoing.sender_name)?).subject(one_line(subject));
    if !outgoing.recipient.is_empty() {
        builder = builder.to(mailbox(&outgoing.recipient, &outgoing.recipient_name)?);
    }
    let copies = outgoing.copies();
    for (address, name) in &copies.to {
        builder = builder.to(mailbox(address, name)?);
    }
    for (address, name) in &copies.cc {
        builder = builder.cc(mailbox(address, name)?);
    }
    for (address, name) in &copies.bcc {
        builder = builder.bcc(mailbox(address, name)?);
    }
    for (name, value) in outgoing.headers() {
        let named = HeaderName::new_from_ascii(name.clone()).map_err(|e| format!("{name}: {e}"))?;
        builder = builder.raw_header(HeaderValue::new(named, one_line(&merge(&value, &words, false))));
    }
    Ok(builder)
}

fn finish(
    builder: MessageBuilder,
    mut body: MultiPart,
    files: Vec<(Attached, Bytes)>,
) -> Result<Message, String> {
    let mut attachments = Vec::new();
    for (attached, bytes) in files {
        let media = ContentType::parse(&attached.media_type)
            .or_else(|_| ContentType::parse("application/octet-stream"))
            .map_err(|e| e.to_string())?;
        let mut kind = media;
        if attached.media_type.starts_with("text/calendar") && attached.media_type.contains("method=") {
            // Mail programs act upon an invitation that is one of the ways to read the message (RFC 6047), and would
            // upon its copy too.
            let part = SinglePart::builder().header(kind);
            body = body.singlepart(part.body(String::from_utf8_lossy(&bytes).into_owned()));
            kind = ContentType::parse("application/ics").map_err(|e| e.to_string())?;
        }
        attachments.push(Attachment::new(attached.name).body(bytes.to_vec(), kind));
    }
    if attachments.is_empty() {
        return builder.multipart(body).map_err(|e| e.to_string());
    }
    let mixed = attachments.into_iter().fold(MultiPart::mixed().multipart(body), MultiPart::singlepart);
    builder.multipart(mixed).map_err(|e| e.to_string())
}

/// What a message says to its recipient.
pub struct Said {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The words of a message, its own put in the body that it shares, if any.
pub fn said(outgoing: &Outgoing, body: Option<&OutgoingBody>) -> Said {
    let words = outgoing.words();
    let (subject, text, html) = match body {
        Some(body) => (&body.subject, &body.text_body, &body.html_body),
        None => (&outgoing.subject, &outgoing.text_body, &outgoing.html_body),
    };
    if body.is_none() && outgoing.words.is_empty() {
        // Written for one person: whatever braces it holds are the author's.
        return Said { subject: subject.clone(), text: text.clone(), html: html.clone() };
    }
    Said {
        subject: merge(subject, &words, false),
        text: merge(text, &words, false),
        html: merge(html, &words, true),
    }
}

fn mailbox(address: &str, name: &str) -> Result<Mailbox, String> {
    let name = Some(one_line(name)).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address.parse::<Address>().map_err(|e| format!("{address}: {e}"))?))
}

/// A header ends with its line: nothing that a value holds may begin another.
fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

/// Puts words in the place of `{{name}}`; a name that has none leaves nothing. In HTML, what they hold is text.
pub fn merge(text: &str, words: &BTreeMap<String, String>, html: bool) -> String {
    if !text.contains("{{") {
        return text.to_owned();
    }
    let mut merged = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        merged.push_str(before);
        let Some((name, next)) = after.split_once("}}") else {
            merged.push_str("{{");
            rest = after;
            continue;
        };
        let word = words.get(name.trim()).map_or("", String::as_str);
        if html {
            merged.push_str(&crate::markup::escape(word));
        } else {
            merged.push_str(word);
        }
        rest = next;
    }
    merged.push_str(rest);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_text_in_html_and_nothing_stays_open() {
        let words = BTreeMap::from([("prenom".to_owned(), "Zoé <b>".to_owned())]);
        assert_eq!(merge("Bonjour {{ prenom }}{{absent}} !", &words, false), "Bonjour Zoé <b> !");
        assert_eq!(merge("<p>{{prenom}}</p>", &words, true), "<p>Zoé &lt;b&gt;</p>");
        assert_eq!(merge("a {{ b", &words, false), "a {{ b");
    }
}
