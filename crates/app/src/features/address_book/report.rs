//! The three reports that a book answers: all cards that match, these cards, what changed.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::Response;
use kit::{Result, Visitor};

use super::book::Book;
use super::cards::Member;
use super::dav::{multistatus, refused};
use super::filter::Filter;
use super::ledger::Ledger;
use super::place::Place;
use super::properties::{Target, Wanted, missing, revision_of, sync_token};
use super::xml::{CARD, DAV, Element, tag, text};

/// A book being asked.
pub struct Asked<'a> {
    pub visitor: &'a Visitor,
    pub book: Book,
    pub members: &'a [Member],
    pub ledger: &'a Ledger,
}

/// Answers a report on a book.
pub fn answer(asked: &Asked<'_>, root: &Element) -> Result<Response> {
    match (root.space.as_str(), root.name.as_str()) {
        (CARD, "addressbook-query") => query(asked, root),
        (CARD, "addressbook-multiget") => multiget(asked, root),
        (DAV, "sync-collection") => changes(asked, root),
        _ => Ok(refused(StatusCode::FORBIDDEN, DAV, "supported-report")),
    }
}

fn limit(root: &Element, space: &str) -> usize {
    let asked = root.child(space, "limit").and_then(|limit| limit.child(space, "nresults"));
    asked.and_then(|most| most.text.trim().parse().ok()).unwrap_or(usize::MAX)
}

fn query(asked: &Asked<'_>, root: &Element) -> Result<Response> {
    let wanted = Wanted::read(Some(root));
    let filter = match root.child(CARD, "filter") {
        Some(filter) => Filter::read(filter),
        None => return Ok(refused(StatusCode::BAD_REQUEST, CARD, "valid-filter")),
    };
    let Some(filter) = filter else { return Ok(refused(StatusCode::FORBIDDEN, CARD, "supported-filter")) };
    let most = limit(root, CARD);
    let mut found = asked.members.iter().filter(|member| filter.holds(&member.text));
    let mut body = String::new();
    for member in found.by_ref().take(most) {
        body.push_str(&Target::Card(asked.book, member).response(asked.visitor, &wanted)?);
    }
    if found.next().is_some() {
        // RFC 6352 § 8.6.2: the book itself says that there are more.
        let path = Place::Book(asked.visitor.account_id, asked.book).path();
        let error = tag(DAV, "error", &tag(DAV, "number-of-matches-within-limits", ""));
        let status = tag(DAV, "status", "HTTP/1.1 507 Insufficient Storage");
        body.push_str(&tag(DAV, "response", &(tag(DAV, "href", &text(&path)) + &status + &error)));
    }
    Ok(multistatus(&body))
}

fn multiget(asked: &Asked<'_>, root: &Element) -> Result<Response> {
    let wanted = Wanted::read(Some(root));
    let by_name: HashMap<&str, &Member> = asked.members.iter().map(|m| (m.name.as_str(), m)).collect();
    let mut body = String::new();
    for href in root.all(DAV, "href") {
        let address = href.text.trim();
        let member = match Place::read(address) {
            Some(Place::Card(account, book, name))
                if account == asked.visitor.account_id && book == asked.book =>
            {
                by_name.get(name.as_str())
            }
            _ => None,
        };
        match member {
            Some(member) => {
                body.push_str(&Target::Card(asked.book, member).response(asked.visitor, &wanted)?)
            }
            None => body.push_str(&missing(address)),
        }
    }
    Ok(multistatus(&body))
}

/// RFC 6578: what came, changed and left since the token, and the token for next time.
fn changes(asked: &Asked<'_>, root: &Element) -> Result<Response> {
    let account = asked.visitor.account_id;
    let token = root.child(DAV, "sync-token").map(|token| token.text.trim()).unwrap_or_default();
    let since = if token.is_empty() { Some(0) } else { revision_of(token, account, asked.book) };
    let Some((here, gone)) = since.and_then(|revision| asked.ledger.since(revision)) else {
        return Ok(refused(StatusCode::FORBIDDEN, DAV, "valid-sync-token"));
    };
    if here.len() + gone.len() > limit(root, DAV) {
        // RFC 6578 § 3.6: who cannot take it all is told to ask for all.
        return Ok(refused(StatusCode::INSUFFICIENT_STORAGE, DAV, "number-of-matches-within-limits"));
    }
    let wanted = Wanted::read(Some(root));
    let by_name: HashMap<&str, &Member> = asked.members.iter().map(|m| (m.name.as_str(), m)).collect();
    let mut body = String::new();
    for member in here.iter().filter_map(|name| by_name.get(name)) {
        body.push_str(&Target::Card(asked.book, member).response(asked.visitor, &wanted)?);
    }
    for name in gone {
        body.push_str(&missing(&Place::Card(account, asked.book, name.to_owned()).path()));
    }
    body.push_str(&tag(DAV, "sync-token", &text(&sync_token(account, asked.book, asked.ledger.revision))));
    Ok(multistatus(&body))
}
