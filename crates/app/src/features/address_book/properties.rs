//! What is said of each place: the properties of WebDAV that address books are read by.

use kit::{Result, Visitor};

use super::book::Book;
use super::cards::Member;
use super::ledger::Ledger;
use super::place::Place;
use super::xml::{CARD, DAV, Element, SERVER, href, tag, text};

/// Name of a property: its space and itself.
pub type Name = (String, String);

/// A place with all that can be asked about it.
pub enum Target<'a> {
    Root,
    Account,
    Home,
    Book(Book, &'a Ledger),
    Card(Book, &'a Member),
}

/// Which properties are asked for.
pub enum Wanted {
    /// Each that is cheap, with its value.
    All,
    /// The names of all.
    Names,
    /// These; address data in the old version, or in the new.
    These(Vec<Name>, bool),
}

impl Wanted {
    /// Reads `propfind`, or the head of a report. Nothing at all means everything (RFC 4918 § 9.1).
    pub fn read(root: Option<&Element>) -> Self {
        let Some(root) = root else { return Self::All };
        if root.child(DAV, "propname").is_some() {
            return Self::Names;
        }
        let Some(prop) = root.child(DAV, "prop") else { return Self::All };
        let names = prop.children.iter().map(|asked| (asked.space.clone(), asked.name.clone())).collect();
        // Without a version, RFC 6352 § 10.4 means 3.0.
        let data = prop.child(CARD, "address-data");
        let old = data.is_none_or(|data| data.attribute("version").unwrap_or("3.0") == "3.0");
        Self::These(names, old)
    }
}

/// The token that stands for a book at a revision.
pub fn sync_token(account: kit::Id, book: Book, revision: i64) -> String {
    format!("data:,{}?revision={revision}", Place::Book(account, book).path())
}

/// The revision of a token of this book.
pub fn revision_of(token: &str, account: kit::Id, book: Book) -> Option<i64> {
    let ours = token.strip_prefix(&format!("data:,{}?revision=", Place::Book(account, book).path()))?;
    ours.parse().ok().filter(|revision| *revision > 0)
}

const ROOT_NAMES: &[(&str, &str)] =
    &[(DAV, "resourcetype"), (DAV, "displayname"), (DAV, "current-user-principal"), (DAV, "principal-URL")];
const ACCOUNT_NAMES: &[(&str, &str)] = &[
    (DAV, "resourcetype"),
    (DAV, "displayname"),
    (DAV, "current-user-principal"),
    (DAV, "principal-URL"),
    (DAV, "current-user-privilege-set"),
    (CARD, "addressbook-home-set"),
];
const HOME_NAMES: &[(&str, &str)] = &[
    (DAV, "resourcetype"),
    (DAV, "displayname"),
    (DAV, "current-user-principal"),
    (DAV, "owner"),
    (DAV, "current-user-privilege-set"),
];
const BOOK_NAMES: &[(&str, &str)] = &[
    (DAV, "resourcetype"),
    (DAV, "displayname"),
    (DAV, "current-user-principal"),
    (DAV, "owner"),
    (DAV, "current-user-privilege-set"),
    (DAV, "supported-report-set"),
    (DAV, "sync-token"),
    (SERVER, "getctag"),
    (CARD, "addressbook-description"),
    (CARD, "supported-address-data"),
    (CARD, "supported-collation-set"),
];
const CARD_NAMES: &[(&str, &str)] = &[
    (DAV, "resourcetype"),
    (DAV, "displayname"),
    (DAV, "getetag"),
    (DAV, "getcontenttype"),
    (DAV, "current-user-principal"),
    (DAV, "current-user-privilege-set"),
];

impl Target<'_> {
    fn names(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Root => ROOT_NAMES,
            Self::Account => ACCOUNT_NAMES,
            Self::Home => HOME_NAMES,
            Self::Book(..) => BOOK_NAMES,
            Self::Card(..) => CARD_NAMES,
        }
    }

    pub fn place(&self, visitor: &Visitor) -> Place {
        let account = visitor.account_id;
        match self {
            Self::Root => Place::Root,
            Self::Account => Place::Account(account),
            Self::Home => Place::Home(account),
            Self::Book(book, _) => Place::Book(account, *book),
            Self::Card(book, member) => Place::Card(account, *book, member.name.clone()),
        }
    }

    fn kind(&self) -> String {
        let collection = tag(DAV, "collection", "");
        match self {
            Self::Root | Self::Home => collection,
            Self::Account => tag(DAV, "principal", ""),
            Self::Book(..) => collection + &tag(CARD, "addressbook", ""),
            Self::Card(..) => String::new(),
        }
    }

    fn label(&self, visitor: &Visitor) -> String {
        match self {
            Self::Root => "Carnets d’adresses".to_owned(),
            Self::Account | Self::Home => visitor.name.clone(),
            Self::Book(book, _) => book.label().to_owned(),
            Self::Card(_, member) => match member.card.is_organisation {
                true => member.card.organisation.clone(),
                false => format!("{} {}", member.card.first_name, member.card.last_name).trim().to_owned(),
            },
        }
    }

    /// The value of a property; `None` when there is none of that name here.
    fn value(&self, visitor: &Visitor, space: &str, name: &str, old: bool) -> Result<Option<String>> {
        let account = visitor.account_id;
        let principal = href(&Place::Account(account).path());
        let common = match (space, name) {
            (DAV, "resourcetype") => Some(self.kind()),
            (DAV, "displayname") => Some(text(&self.label(visitor))),
            (DAV, "current-user-principal" | "principal-URL" | "owner") => Some(principal),
            (DAV, "current-user-privilege-set") => {
                let privilege = |name: &str| tag(DAV, "privilege", &tag(DAV, name, ""));
                Some(privilege("read") + &privilege("read-current-user-privilege-set"))
            }
            _ => None,
        };
        if common.is_some() {
            return Ok(common);
        }
        Ok(match (self, space, name) {
            (Self::Account, CARD, "addressbook-home-set") => Some(href(&Place::Home(account).path())),
            (Self::Book(book, ledger), DAV, "sync-token") | (Self::Book(book, ledger), SERVER, "getctag") => {
                Some(text(&sync_token(account, *book, ledger.revision)))
            }
            (Self::Book(book, _), _, _) => of_book(*book, space, name),
            (Self::Card(_, member), DAV, "getetag") => Some(text(&member.etag)),
            (Self::Card(..), DAV, "getcontenttype") => Some("text/vcard; charset=utf-8".to_owned()),
            (Self::Card(_, member), CARD, "address-data") => Some(text(&member.written(old)?)),
            _ => None,
        })
    }

    /// The `response` element of this place.
    pub fn response(&self, visitor: &Visitor, wanted: &Wanted) -> Result<String> {
        let (mut found, mut missing) = (String::new(), String::new());
        match wanted {
            Wanted::Names => {
                found = self.names().iter().map(|(space, name)| tag(space, name, "")).collect();
            }
            Wanted::All => {
                for (space, name) in self.names() {
                    if let Some(value) = self.value(visitor, space, name, false)? {
                        found.push_str(&tag(space, name, &value));
                    }
                }
            }
            Wanted::These(names, old) => {
                for (space, name) in names {
                    match self.value(visitor, space, name, *old)? {
                        Some(value) => found.push_str(&tag(space, name, &value)),
                        None => missing.push_str(&tag(space, name, "")),
                    }
                }
            }
        }
        let mut parts = href(&self.place(visitor).path());
        // A response says something even when nothing was asked for.
        if !found.is_empty() || missing.is_empty() {
            parts.push_str(&propstat(&found, "200 OK"));
        }
        if !missing.is_empty() {
            parts.push_str(&propstat(&missing, "404 Not Found"));
        }
        Ok(tag(DAV, "response", &parts))
    }
}

fn of_book(book: Book, space: &str, name: &str) -> Option<String> {
    match (space, name) {
        (CARD, "addressbook-description") => Some(text(book.description())),
        (CARD, "supported-address-data") => Some(
            ["3.0", "4.0"]
                .map(|version| {
                    format!("<card:address-data-type content-type=\"text/vcard\" version=\"{version}\"/>")
                })
                .concat(),
        ),
        (CARD, "supported-collation-set") => Some(
            ["i;ascii-casemap", "i;octet", "i;unicode-casemap"]
                .map(|name| tag(CARD, "supported-collation", name))
                .concat(),
        ),
        (DAV, "supported-report-set") => {
            let reports =
                [(CARD, "addressbook-query"), (CARD, "addressbook-multiget"), (DAV, "sync-collection")];
            let one =
                |(space, name)| tag(DAV, "supported-report", &tag(DAV, "report", &tag(space, name, "")));
            Some(reports.map(one).concat())
        }
        _ => None,
    }
}

fn propstat(properties: &str, status: &str) -> String {
    let prop = match properties {
        "" => "<d:prop/>".to_owned(),
        properties => tag(DAV, "prop", properties),
    };
    tag(DAV, "propstat", &(prop + &tag(DAV, "status", &format!("HTTP/1.1 {status}"))))
}

/// The `response` element of what is not there, or no longer.
pub fn missing(path: &str) -> String {
    tag(DAV, "response", &(href(path) + &tag(DAV, "status", "HTTP/1.1 404 Not Found")))
}
