//! The addresses of the tree: `/carddav/`, an account in it, its books, a card.

use kit::db::Id;

use super::book::Book;

const ROOT: &str = "/carddav/";

/// Somewhere in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Root,
    /// The principal of an account.
    Account(Id),
    /// Where its books are.
    Home(Id),
    Book(Id, Book),
    /// A card, by its name without `.vcf`.
    Card(Id, Book, String),
}

impl Place {
    /// Reads a path, or a whole address: clients send either. A final slash may lack.
    pub fn read(address: &str) -> Option<Self> {
        let path = match address.split_once("://") {
            Some((_, rest)) => &rest[rest.find('/')?..],
            None => address,
        };
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let inside = path.strip_prefix(ROOT.trim_end_matches('/'))?;
        let mut parts = inside.split('/').filter(|part| !part.is_empty());
        let account = match parts.next() {
            None => return Some(Self::Root),
            Some(id) => id.parse::<Id>().ok()?,
        };
        match parts.next() {
            None => return Some(Self::Account(account)),
            Some("carnets") => {}
            Some(_) => return None,
        }
        let book = match parts.next() {
            None => return Some(Self::Home(account)),
            Some(code) => Book::from_code(code)?,
        };
        match (parts.next(), parts.next()) {
            (None, _) => Some(Self::Book(account, book)),
            (Some(file), None) => Some(Self::Card(account, book, file.strip_suffix(".vcf")?.to_owned())),
            _ => None,
        }
    }

    /// Its path, as answers name it.
    pub fn path(&self) -> String {
        match self {
            Self::Root => ROOT.to_owned(),
            Self::Account(account) => format!("{ROOT}{account}/"),
            Self::Home(account) => format!("{ROOT}{account}/carnets/"),
            Self::Book(account, book) => format!("{ROOT}{account}/carnets/{}/", book.code()),
            Self::Card(account, book, name) => format!("{ROOT}{account}/carnets/{}/{name}.vcf", book.code()),
        }
    }

    /// Whose it is; the root is everyone's.
    pub fn account(&self) -> Option<Id> {
        match self {
            Self::Root => None,
            Self::Account(account)
            | Self::Home(account)
            | Self::Book(account, _)
            | Self::Card(account, _, _) => Some(*account),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_from_its_path_and_nothing_else_is() {
        let id: Id = "01a207a2-3280-715c-9513-2ccd23daff7d".parse().unwrap();
        for place in [
            Place::Root,
            Place::Account(id),
            Place::Home(id),
            Place::Book(id, Book::People),
            Place::Card(id, Book::Partners, "abc".to_owned()),
        ] {
            assert_eq!(Place::read(&place.path()).as_ref(), Some(&place));
            assert_eq!(Place::read(&format!("https://a.fr{}", place.path())), Some(place));
        }
        let home = Place::Home(id).path();
        for bad in
            ["", "/", "/espace", "/carddav/x", "https://a.fr", "/carddav/../etc", &format!("{home}amis/")]
        {
            assert_eq!(Place::read(bad), None, "{bad}");
        }
        assert_eq!(Place::read(&format!("{home}promeneurs/a/b.vcf")), None);
        assert_eq!(Place::read(&format!("{home}promeneurs/a.txt")), None);
    }
}
