//! `/carddav/…`: WebDAV over the books. One signs in by HTTP Basic; what one may not see is 404, what would write
//! is 403.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kit::web::encoding::{basic, percent_decode};
use kit::{Cx, Error, Result, Visitor};

use super::book::Book;
use super::cards::{self, Member, Reader};
use super::ledger::{self, Ledger};
use super::place::Place;
use super::policy;
use super::properties::{Target, Wanted};
use super::report::{self, Asked};
use super::xml::{self, DAV, Element, MOST_BYTES};
use crate::features::accounts::app_password;

const XML: &str = "application/xml; charset=utf-8";
const VCARD: &str = "text/vcard; charset=utf-8";
/// What the server can do (RFC 6352 § 6.1).
const ABLE: &str = "1, 3, access-control, addressbook";
const ALLOWED: &str = "OPTIONS, GET, HEAD, PROPFIND, REPORT";

/// Where programs begin (RFC 6764).
pub async fn where_it_is() -> Response {
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, "/carddav/")]).into_response()
}

/// 207 with these responses.
pub fn multistatus(body: &str) -> Response {
    (StatusCode::MULTI_STATUS, [(header::CONTENT_TYPE, XML)], xml::document("multistatus", body))
        .into_response()
}

/// An error of WebDAV: the condition that does not hold.
pub fn refused(status: StatusCode, space: &str, condition: &str) -> Response {
    let body = xml::document("error", &xml::tag(space, condition, ""));
    (status, [(header::CONTENT_TYPE, XML)], body).into_response()
}

fn plainly(status: StatusCode, text: &str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{text}\n")).into_response()
}

fn ask_who() -> Response {
    let mut response = plainly(StatusCode::UNAUTHORIZED, "Adresse ou mot de passe d’application incorrect.");
    let scheme = HeaderValue::from_static("Basic realm=\"Carnet d'adresses\", charset=\"UTF-8\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
    response
}

async fn visitor(cx: &Cx, headers: &HeaderMap) -> Result<Option<Visitor>> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(basic);
    match given {
        Some((email, password)) => app_password::holder(cx, &email, &password).await,
        None => Ok(None),
    }
}

/// Every request of the tree.
pub async fn answer(cx: Cx, request: Request) -> Result<Response> {
    let (head, body) = request.into_parts();
    let method = head.method.as_str().to_owned();
    if method == "OPTIONS" {
        let able = [(header::HeaderName::from_static("dav"), ABLE), (header::ALLOW, ALLOWED)];
        return Ok((StatusCode::NO_CONTENT, able).into_response());
    }
    let visitor = match visitor(&cx, &head.headers).await {
        Ok(Some(visitor)) => visitor,
        Ok(None) => return Ok(ask_who()),
        Err(Error::TooMany(why)) => return Ok(plainly(StatusCode::TOO_MANY_REQUESTS, &why)),
        Err(error) => return Err(error),
    };
    let Some(place) = Place::read(&percent_decode(head.uri.path())) else { return Ok(nothing()) };
    if place.account().is_some_and(|account| account != visitor.account_id) {
        return Ok(nothing());
    }
    let dav = Dav { cx: &cx, visitor: &visitor };
    match method.as_str() {
        "GET" | "HEAD" => dav.get(&place, &head.headers).await,
        "PROPFIND" | "REPORT" => {
            let Ok(bytes) = to_bytes(body, MOST_BYTES).await else {
                return Ok(plainly(StatusCode::PAYLOAD_TOO_LARGE, "Demande trop longue."));
            };
            let text = String::from_utf8_lossy(&bytes);
            let root = if text.trim().is_empty() { None } else { xml::read(&text) };
            if root.is_none() && !text.trim().is_empty() {
                return Ok(plainly(StatusCode::BAD_REQUEST, "Ce XML n’est pas lisible."));
            }
            match method.as_str() {
                "PROPFIND" => dav.propfind(&place, root.as_ref(), depth(&head.headers)).await,
                _ => dav.report(&place, root.as_ref()).await,
            }
        }
        _ => Ok(refused(StatusCode::FORBIDDEN, DAV, "need-privileges")),
    }
}

fn nothing() -> Response {
    plainly(StatusCode::NOT_FOUND, "Rien à cette adresse.")
}

/// Whether what is inside is asked about as well. « infinity », which is meant when nothing is said (RFC 4918
/// § 9.1), is answered as 1: nothing is deeper in a book.
fn depth(headers: &HeaderMap) -> bool {
    headers.get("depth").and_then(|value| value.to_str().ok()).is_none_or(|depth| depth.trim() != "0")
}

/// A request of someone.
struct Dav<'a> {
    cx: &'a Cx,
    visitor: &'a Visitor,
}

impl Dav<'_> {
    fn has(&self, book: Book) -> bool {
        policy::books(self.visitor).contains(&book)
    }

    async fn members(&self, book: Book) -> Result<Vec<Member>> {
        let reader = Reader { network: &self.cx.network, visitor: self.visitor, now: self.cx.now };
        cards::of_book(&mut self.cx.app.db.read().await?, &reader, book).await
    }

    async fn ledger(&self, book: Book, members: &[Member]) -> Result<Ledger> {
        let account = self.visitor.account_id;
        ledger::bring_up_to_date(&self.cx.app, self.cx.network.id, account, book, members).await
    }

    async fn get(&self, place: &Place, headers: &HeaderMap) -> Result<Response> {
        let Place::Card(_, book, name) = place else {
            return Ok(plainly(
                StatusCode::OK,
                "Carnet d’adresses CardDAV\u{a0}: à ajouter dans un logiciel de contacts.",
            ));
        };
        if !self.has(*book) {
            return Ok(nothing());
        }
        let members = self.members(*book).await?;
        let Some(member) = members.iter().find(|member| member.name == *name) else { return Ok(nothing()) };
        let asked = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let etag = HeaderValue::from_str(&member.etag).map_err(Error::bug)?;
        if asked(header::IF_NONE_MATCH).split(',').any(|tag| tag.trim() == member.etag) {
            return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
        }
        let old = asked(header::ACCEPT).replace(' ', "").contains("version=3.0");
        let kind = HeaderValue::from_static(VCARD);
        Ok(([(header::CONTENT_TYPE, kind), (header::ETAG, etag)], member.written(old)?).into_response())
    }

    async fn propfind(&self, place: &Place, root: Option<&Element>, deep: bool) -> Result<Response> {
        let wanted = Wanted::read(root);
        let mut body = String::new();
        match place {
            Place::Root => {
                body.push_str(&Target::Root.response(self.visitor, &wanted)?);
                if deep {
                    body.push_str(&Target::Account.response(self.visitor, &wanted)?);
                }
            }
            Place::Account(_) => {
                body.push_str(&Target::Account.response(self.visitor, &wanted)?);
                if deep {
                    body.push_str(&Target::Home.response(self.visitor, &wanted)?);
                }
            }
            Place::Home(_) => {
                body.push_str(&Target::Home.response(self.visitor, &wanted)?);
                let books = if deep { policy::books(self.visitor) } else { Vec::new() };
                for book in books {
                    let ledger = self.ledger(book, &self.members(book).await?).await?;
                    body.push_str(&Target::Book(book, &ledger).response(self.visitor, &wanted)?);
                }
            }
            Place::Book(_, book) | Place::Card(_, book, _) if !self.has(*book) => return Ok(nothing()),
            Place::Book(_, book) => {
                let members = self.members(*book).await?;
                let ledger = self.ledger(*book, &members).await?;
                body.push_str(&Target::Book(*book, &ledger).response(self.visitor, &wanted)?);
                for member in members.iter().filter(|_| deep) {
                    body.push_str(&Target::Card(*book, member).response(self.visitor, &wanted)?);
                }
            }
            Place::Card(_, book, name) => {
                let members = self.members(*book).await?;
                let Some(member) = members.iter().find(|member| member.name == *name) else {
                    return Ok(nothing());
                };
                body.push_str(&Target::Card(*book, member).response(self.visitor, &wanted)?);
            }
        }
        Ok(multistatus(&body))
    }

    async fn report(&self, place: &Place, root: Option<&Element>) -> Result<Response> {
        let Some(root) = root else {
            return Ok(plainly(StatusCode::BAD_REQUEST, "Un rapport se demande en XML."));
        };
        let Place::Book(_, book) = place else {
            return Ok(refused(StatusCode::FORBIDDEN, DAV, "supported-report"));
        };
        if !self.has(*book) {
            return Ok(nothing());
        }
        let members = self.members(*book).await?;
        let ledger = self.ledger(*book, &members).await?;
        let asked = Asked { visitor: self.visitor, book: *book, members: &members, ledger: &ledger };
        report::answer(&asked, root)
    }
}
