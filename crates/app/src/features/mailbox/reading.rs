//! What a message says (RFC 5322, MIME): read from its bytes, without trust in any of them. Pure: nothing is stored here.

use documents::calendar::{self, Reply};
use kit::{Timestamp, files, text};
use mail_parser::{Address, HeaderName, Message, MessageParser, MimeHeaders, PartType};
use serde::{Deserialize, Serialize};

use super::nature::{self, Nature};
use super::quoted::strip_quotes_only;

/// Of the words of a message, so many characters are made findable.
const WORDS: usize = 20_000;
/// Of what was written anew, so many are looked at.
const WRITTEN: usize = 4_000;
const PREVIEW: usize = 180;
/// A header field that is shown is cut there: nobody writes longer ones but to harm.
const LONGEST: usize = 500;
/// So many attachments of one message are listed.
const MOST_FILES: usize = 100;
/// An answer of a calendar is smaller than this, in bytes.
const LARGEST_CALENDAR: usize = 100_000;
/// So many answers of one message are read.
const MOST_REPLIES: usize = 20;

/// Addresses with their names.
pub type People = Vec<(String, String)>;

/// Who a message was written to, and where answers should go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recipients {
    pub to: People,
    pub cc: People,
    pub reply_to: People,
}

/// Something attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub name: String,
    /// By its content where that can be told, else as declared.
    pub media_type: String,
    pub size: usize,
    /// Its place among the parts of the message.
    pub part: u32,
    /// `Content-ID`, for pictures that stand in the text; empty without.
    pub cid: String,
}

/// A message that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// With its angle brackets; empty when there is none.
    pub message_id: String,
    /// What it answers to, oldest first, each with its angle brackets.
    pub references: Vec<String>,
    pub sender_name: String,
    /// In lower case; empty when there is none.
    pub sender_email: String,
    pub recipients: Recipients,
    pub subject: String,
    /// What was written anew, as far as is looked at: earlier messages that it repeats left out.
    pub written: String,
    pub preview: String,
    pub words: String,
    pub sent_at: Option<Timestamp>,
    pub files: Vec<File>,
    pub nature: Nature,
    pub list_id: String,
    /// Addresses that servers on the way delivered it to, in lower case.
    pub delivered_to: Vec<String>,
    /// The receiving server says that the sender is not who it claims to be (RFC 8601, RFC 7489).
    pub is_denied: bool,
    /// Answers to invitations, as calendars send them.
    pub replies: Vec<Reply>,
}

/// Reads a message; `None` when nothing in it makes sense as one.
pub fn read(raw: &[u8]) -> Option<Read> {
    parse(raw).as_ref().map(of)
}

/// What a parsed message says.
pub fn of(message: &Message<'_>) -> Read {
    let body = body_text(message);
    let (sender_name, sender_email) =
        first(message.from()).or_else(|| first(message.sender())).unwrap_or_default();
    let written = unquoted(&body);
    let one_line: String = written.split_whitespace().collect::<Vec<_>>().join(" ");
    Read {
        message_id: message.message_id().map(bracketed).unwrap_or_default(),
        references: references(message),
        sender_name,
        sender_email,
        recipients: Recipients {
            to: people(message.to()),
            cc: people(message.cc()),
            reply_to: people(message.reply_to()),
        },
        subject: line(message.subject().unwrap_or_default()),
        preview: cut(&one_line, PREVIEW),
        written: written.chars().take(WRITTEN).collect(),
        words: body.chars().take(WORDS).collect(),
        sent_at: message.date().map(|date| Timestamp(date.to_timestamp().saturating_mul(1_000_000))),
        files: files(message),
        nature: nature::of(message),
        list_id: line(header_text(message.list_id())),
        delivered_to: delivered_to(message),
        is_denied: values(message, &["Authentication-Results"])
            .any(|value| value.to_lowercase().contains("dmarc=fail")),
        replies: replies(message),
    }
}

/// What calendars answer in a message (RFC 6047).
fn replies(message: &Message<'_>) -> Vec<Reply> {
    let is_calendar = |part: &&mail_parser::MessagePart<'_>| {
        part.content_type().is_some_and(|kind| {
            kind.ctype().eq_ignore_ascii_case("text")
                && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("calendar"))
        })
    };
    let texts = message.parts.iter().filter(is_calendar).filter_map(|part| part.text_contents());
    texts
        .filter(|text| text.len() <= LARGEST_CALENDAR)
        .take(2)
        .flat_map(calendar::replies)
        .take(MOST_REPLIES)
        .collect()
}

/// The message as parts. What its maker left open is closed as well as may be. A parser that breaks its own promises on
/// what nobody would write costs that message its reading, and nothing else its work.
pub fn parse(raw: &[u8]) -> Option<Message<'_>> {
    let known =
        |message: &Message<'_>| message.headers().iter().any(|h| !matches!(h.name, HeaderName::Other(_)));
    let parsed = std::panic::catch_unwind(|| MessageParser::default().parse(raw));
    parsed.ok().flatten().filter(known)
}

/// The words of a message: its plain text, or what its HTML says.
pub fn body_text(message: &Message<'_>) -> String {
    let mut body = String::new();
    for part in message.text_bodies() {
        let said = match &part.body {
            PartType::Text(said) => said.to_string(),
            PartType::Html(html) => mail_parser::decoders::html::html_to_text(html),
            _ => continue,
        };
        if !body.is_empty() {
            body.push('\n');
        }
        body.push_str(&said);
        if body.len() > 4 * WORDS {
            break;
        }
    }
    body.replace('\0', "")
}

/// What was written anew: without what repeats an earlier message, unless there is nothing else.
pub fn unquoted(body: &str) -> String {
    let written = strip_quotes_only(body);
    if written.is_empty() { body.to_owned() } else { written }
}

/// The raw values of header fields, however often they stand there.
fn values<'x>(message: &'x Message<'_>, names: &'x [&str]) -> impl Iterator<Item = &'x str> {
    let named = |name: &str| names.iter().any(|known| name.eq_ignore_ascii_case(known));
    message.headers_raw().filter(move |(name, _)| named(name)).map(|(_, value)| value.trim())
}

fn delivered_to(message: &Message<'_>) -> Vec<String> {
    let found = values(message, &["Delivered-To", "X-Original-To", "Envelope-To"]);
    let tidy = |value: &str| value.trim_matches(['<', '>']).to_lowercase();
    found.map(tidy).filter(|address| address.contains('@') && address.len() <= 254).take(20).collect()
}

fn references(message: &Message<'_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for value in [message.references(), message.in_reply_to()] {
        let ids = value.as_text_list().unwrap_or_default();
        for id in ids.iter().rev().take(50).rev() {
            let id = bracketed(id);
            if id.len() > 2 && !all.contains(&id) {
                all.push(id);
            }
        }
    }
    all
}

fn bracketed(id: &str) -> String {
    let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(LONGEST).collect();
    format!("<{}>", id.trim_matches(['<', '>']))
}

fn header_text<'x>(value: &'x mail_parser::HeaderValue<'x>) -> &'x str {
    value.as_text().or_else(|| value.as_address()?.first()?.address()).unwrap_or_default()
}

fn people(address: Option<&Address<'_>>) -> People {
    let Some(address) = address else { return Vec::new() };
    let all = address.iter().filter_map(|one| {
        let email = one.address()?.trim().to_lowercase();
        (email.contains('@') && email.len() <= 254)
            .then(|| (line(&email), line(one.name().unwrap_or_default())))
    });
    all.take(500).collect()
}

fn first(address: Option<&Address<'_>>) -> Option<(String, String)> {
    let one = address?.first()?;
    let email = line(&one.address().unwrap_or_default().trim().to_lowercase());
    Some((line(one.name().unwrap_or_default()), email))
}

fn files(message: &Message<'_>) -> Vec<File> {
    let mut files = Vec::new();
    for (at, part) in (0u32..).zip(&message.parts) {
        let contents: &[u8] = match &part.body {
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes,
            PartType::Message(inner) => inner.raw_message(),
            PartType::Text(said) | PartType::Html(said) if is_attached(part) => said.as_bytes(),
            _ => continue,
        };
        let declared = part.content_type().map_or_else(
            || if matches!(part.body, PartType::Message(_)) { "message/rfc822" } else { "" }.to_owned(),
            |t| format!("{}/{}", t.ctype(), t.subtype().unwrap_or("octet-stream")).to_lowercase(),
        );
        let media_type = files::told_type(contents, &declared);
        let name = part.attachment_name().map(line).filter(|name| !name.is_empty());
        files.push(File {
            name: files::safe_name(name.as_deref().unwrap_or("piece-jointe")),
            media_type,
            size: contents.len(),
            part: at,
            cid: part.content_id().map(|cid| cid.trim_matches(['<', '>']).to_owned()).unwrap_or_default(),
        });
        if files.len() == MOST_FILES {
            break;
        }
    }
    files
}

fn is_attached(part: &mail_parser::MessagePart<'_>) -> bool {
    part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment)
}

/// One line of a header, fit to be shown.
fn line(value: &str) -> String {
    let one: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    cut(&text::tidy(&one), LONGEST)
}

fn cut(value: &str, most: usize) -> String {
    let mut kept: String = value.chars().take(most).collect();
    if kept.len() < value.len() {
        kept.push('…');
    }
    kept
}

impl Read {
    /// What is known of a message that cannot be read.
    pub fn nothing() -> Self {
        Self {
            message_id: String::new(),
            references: Vec::new(),
            sender_name: String::new(),
            sender_email: String::new(),
            recipients: Recipients::default(),
            subject: String::new(),
            written: String::new(),
            preview: String::new(),
            words: String::new(),
            sent_at: None,
            files: Vec::new(),
            nature: Nature::Person,
            list_id: String::new(),
            delivered_to: Vec::new(),
            is_denied: false,
            replies: Vec::new(),
        }
    }
}
