//! What kind of sender a message has: a person, a program that answers by itself (RFC 3834), a server that returns what
//! it could not deliver (RFC 3464), or a list (RFC 2919). Only what a person wrote is ever answered by the program.

use kit::db::Id;
use kit::mail;
use mail_parser::{HeaderValue, Message, MimeHeaders, PartType};

/// Who, or what, wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    Person,
    Auto,
    Bounce,
    List,
}

impl Nature {
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Auto => "auto",
            Self::Bounce => "bounce",
            Self::List => "list",
        }
    }

    /// The nature of a code; a person's for any other.
    pub fn of_code(code: &str) -> Self {
        [Self::Auto, Self::Bounce, Self::List].into_iter().find(|n| n.code() == code).unwrap_or(Self::Person)
    }

    /// What a reader is told; nothing of a person.
    pub fn label(self) -> &'static str {
        match self {
            Self::Person => "",
            Self::Auto => "Réponse automatique",
            Self::Bounce => "Non remis",
            Self::List => "Liste ou lettre",
        }
    }
}

/// Beginnings of the subjects of programs that say nothing of themselves in their headers.
const AUTO_SUBJECTS: [&str; 9] = [
    "réponse automatique",
    "reponse automatique",
    "absence du bureau",
    "message d'absence",
    "automatic reply",
    "auto-reply",
    "autoreply",
    "out of office",
    "accusé de réception",
];

/// What the headers of a message say of its sender.
pub fn of(message: &Message<'_>) -> Nature {
    if is_report(message) || from_daemon(message) {
        return Nature::Bounce;
    }
    let auto = value(message, "Auto-Submitted");
    let precedence = value(message, "Precedence");
    let says_auto = (!auto.is_empty() && !auto.starts_with("no"))
        || ["X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"]
            .iter()
            .any(|n| message.header_raw(*n).is_some())
        || precedence.starts_with("auto_reply")
        || value(message, "Return-Path") == "<>";
    let subject = message.subject().unwrap_or_default().trim().to_lowercase().replace('’', "'");
    if says_auto && message.header_raw("List-Id").is_none()
        || AUTO_SUBJECTS.iter().any(|start| subject.starts_with(start))
    {
        return Nature::Auto;
    }
    let lists = ["List-Id", "List-Unsubscribe", "List-Post"].iter().any(|n| message.header_raw(*n).is_some());
    if lists || ["bulk", "list", "junk"].iter().any(|p| precedence.starts_with(p)) {
        return Nature::List;
    }
    Nature::Person
}

/// A header as it stands, in lower case.
fn value(message: &Message<'_>, name: &'static str) -> String {
    message.header_raw(name).unwrap_or_default().trim().to_lowercase()
}

fn is_report(message: &Message<'_>) -> bool {
    message.content_type().is_some_and(|t| {
        t.ctype().eq_ignore_ascii_case("multipart")
            && t.subtype().is_some_and(|s| s.eq_ignore_ascii_case("report"))
            && t.attribute("report-type").is_none_or(|r| r.eq_ignore_ascii_case("delivery-status"))
    })
}

fn from_daemon(message: &Message<'_>) -> bool {
    let from = message.from().and_then(|from| from.first()).and_then(|one| one.address()).unwrap_or_default();
    let local = from.split('@').next().unwrap_or_default().to_lowercase();
    local == "mailer-daemon" || (local == "postmaster" && value(message, "Return-Path") == "<>")
}

/// A report that something was not delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The message of ours that it is about.
    pub outgoing: Id,
    /// It will not be tried again.
    pub is_final: bool,
    /// What the receiving server said.
    pub reason: String,
}

/// Reads the report that a message is, when it is one and about a message of ours.
pub fn report(message: &Message<'_>) -> Option<Report> {
    if of(message) != Nature::Bounce {
        return None;
    }
    let mut status = String::new();
    let mut returned = None;
    for part in &message.parts {
        if let PartType::Message(inner) = &part.body {
            returned = returned.or_else(|| inner.message_id().and_then(mail::of_message_id));
            continue;
        }
        let kind =
            part.content_type().map(|t| t.subtype().unwrap_or_default().to_lowercase()).unwrap_or_default();
        let said = String::from_utf8_lossy(part.contents()).into_owned();
        match kind.as_str() {
            "delivery-status" => status = said,
            "rfc822-headers" | "rfc822" => returned = returned.or_else(|| id_in(&said)),
            // Servers that know no better return the message as text.
            "plain" => returned = returned.or_else(|| id_in(&said)),
            _ => {}
        }
    }
    let said = |name: &str| field(&status, name);
    let action = said("Action").to_lowercase();
    let diagnostic = said("Diagnostic-Code");
    let reason = if diagnostic.is_empty() { said("Status") } else { diagnostic };
    Some(Report {
        outgoing: returned.or_else(|| references(message))?,
        is_final: action.is_empty() || action == "failed",
        reason: reason.chars().take(400).collect(),
    })
}

fn references(message: &Message<'_>) -> Option<Id> {
    match message.in_reply_to() {
        HeaderValue::Text(id) => mail::of_message_id(id),
        HeaderValue::TextList(ids) => ids.iter().find_map(|id| mail::of_message_id(id)),
        _ => None,
    }
}

fn id_in(headers: &str) -> Option<Id> {
    mail::of_message_id(&field(headers, "Message-ID"))
}

/// A field of a block of headers, its continued lines joined.
fn field(block: &str, name: &str) -> String {
    let mut value = String::new();
    let mut inside = false;
    for line in block.lines() {
        if inside && line.starts_with([' ', '\t']) {
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        if inside {
            break;
        }
        if let Some((found, rest)) = line.split_once(':')
            && found.trim().eq_ignore_ascii_case(name)
        {
            inside = true;
            rest.trim().clone_into(&mut value);
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::mailbox::reading::parse;

    fn nature(headers: &str) -> Nature {
        of(&parse(format!("From: a@b.fr\r\n{headers}\r\n\r\nBonjour").as_bytes()).unwrap())
    }

    #[test]
    fn programs_and_lists_are_told_from_people() {
        assert_eq!(nature("Subject: Bonjour"), Nature::Person);
        assert_eq!(nature("Auto-Submitted: no"), Nature::Person);
        assert_eq!(nature("Auto-Submitted: auto-replied (vacation)"), Nature::Auto);
        assert_eq!(nature("Subject: =?utf-8?q?R=C3=A9ponse_automatique?= : votre message"), Nature::Auto);
        assert_eq!(nature("X-Auto-Response-Suppress: All"), Nature::Auto);
        assert_eq!(nature("Return-Path: <>"), Nature::Auto);
        assert_eq!(nature("List-Id: <pdn.exemple.fr>"), Nature::List);
        assert_eq!(nature("Precedence: bulk"), Nature::List);
        assert_eq!(of(&parse(b"From: MAILER-DAEMON@x.fr\r\n\r\nnon remis").unwrap()), Nature::Bounce);
    }

    #[test]
    fn a_report_names_our_message_and_the_reason() {
        let ours = Id::new(kit::testing::MORNING);
        let raw = format!(
            "From: MAILER-DAEMON@relais.fr\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nDésolé.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; relais.fr\r\n\r\nFinal-Recipient: rfc822; x@plein.test\r\nAction: failed\r\n\
             Status: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 boite\r\n pleine\r\n--b\r\n\
             Content-Type: text/rfc822-headers\r\n\r\nSubject: Bonjour\r\nMessage-ID: <{ours}@drome.test>\r\n--b--\r\n"
        );
        let report = report(&parse(raw.as_bytes()).unwrap()).unwrap();
        assert_eq!(report.outgoing, ours);
        assert!(report.is_final);
        assert_eq!(report.reason, "smtp; 552 5.2.2 boite pleine");
    }

    #[test]
    fn a_report_of_delay_is_not_the_end() {
        let ours = Id::new(kit::testing::MORNING);
        let raw = format!(
            "From: MAILER-DAEMON@relais.fr\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: delayed\r\nStatus: 4.4.1\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{ours}@drome.test>\r\nSubject: x\r\n\r\nCorps\r\n--b--\r\n"
        );
        assert!(!report(&parse(raw.as_bytes()).unwrap()).unwrap().is_final);
    }
}
