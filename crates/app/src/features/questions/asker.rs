//! Who asks: a name as it was given, and the sheet of the directory that bears it, when there is one and one only.

use kit::db::{Id, fulltext};
use kit::{Result, Tx, text};

/// Hits among which the sheet is looked for.
const MOST_HITS: usize = 20;

/// Who asks.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    pub name: String,
    pub sheet: Option<Sheet>,
}

/// A sheet of the directory.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// `person`, `structure`, `contact` or `organisation`.
    pub kind: String,
    pub id: Id,
    /// Its page, of this program: `/espace/…`.
    pub url: String,
}

impl Asker {
    /// Someone of whom nothing but the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), sheet: None }
    }

    /// Someone by name, with the sheet that bears this name; namesakes are nobody's business to guess.
    pub async fn found(tx: &mut Tx, network: Id, name: &str) -> Result<Self> {
        let audiences = ["network", "coordination"];
        let hits = fulltext::find(tx, network, name, None, &audiences, MOST_HITS).await?;
        let wanted = text::fold(name);
        let mut same = hits.into_iter().filter(|hit| {
            let is_sheet = matches!(hit.kind.as_str(), "person" | "structure" | "contact" | "organisation");
            is_sheet && text::fold(&hit.title) == wanted
        });
        let sheet = match (same.next(), same.next()) {
            (Some(hit), None) => Some(Sheet { kind: hit.kind, id: hit.subject_id, url: hit.url }),
            _ => None,
        };
        Ok(Self { name: name.to_owned(), sheet })
    }
}
