//! Lists that go on: a cursor instead of a page number, so that the last page costs what the first does.

use super::encoding::{percent_decode, percent_encode};

/// Rows per page of a list.
pub const PAGE: usize = 50;

/// Where a page starts: the sort key and the id of the last row already shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    pub key: Option<String>,
    pub id: Option<String>,
}

impl Cursor {
    pub fn read(text: &str) -> Self {
        match percent_decode(text).rsplit_once('~') {
            Some((key, id)) => Self { key: Some(key.to_owned()), id: Some(id.to_owned()) },
            None => Self::default(),
        }
    }

    pub fn write(key: &str, id: &str) -> String {
        format!("{key}~{id}")
    }
}

/// The rows of a page out of one more than a page, and the cursor of the next.
pub fn page<T>(
    mut rows: Vec<T>,
    most: usize,
    key: impl Fn(&T) -> (String, String),
) -> (Vec<T>, Option<String>) {
    let more = rows.len() > most;
    rows.truncate(most);
    let next = if more {
        rows.last().map(|row| {
            let (name, id) = key(row);
            Cursor::write(&name, &id)
        })
    } else {
        None
    };
    (rows, next)
}

/// The same address with some parameters changed; an empty value drops one.
pub fn with_params(uri: &str, changes: &[(&str, &str)]) -> String {
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let kept = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            !changes.iter().any(|(changed, _)| *changed == percent_decode(name))
        })
        .map(str::to_owned);
    let added = changes
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value)));
    let query: Vec<String> = kept.chain(added).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_a_key_with_odd_signs() {
        let written = Cursor::write("l'hôte~ & fils", "0190");
        assert_eq!(
            Cursor::read(&percent_encode(&written)),
            Cursor { key: Some("l'hôte~ & fils".into()), id: Some("0190".into()) }
        );
        assert_eq!(Cursor::read("n'importe quoi"), Cursor::default());
    }

    #[test]
    fn parameters_are_replaced_and_dropped() {
        assert_eq!(
            with_params("/p?q=a&apres=x&tri=nom", &[("apres", ""), ("q", "é")]),
            "/p?tri=nom&q=%C3%A9"
        );
        assert_eq!(with_params("/p", &[("apres", "")]), "/p");
    }
}
