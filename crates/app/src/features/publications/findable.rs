//! What publications give to the search of who writes them. The public finds them on the site, not there.

use kit::db::fulltext::{self, Entry};
use kit::{Result, Tx, markup};

use super::publication::Publication;

const KIND: &str = "publication";
/// As much of a text as its words are looked for in, in characters: some six printed pages.
const MOST_TEXT: usize = 20_000;

/// Makes a publication findable by its title and its words; one in the trash no longer.
pub async fn put(tx: &mut Tx, publication: &Publication) -> Result<()> {
    if publication.deleted_at.is_some() {
        return fulltext::forget(tx, publication.network_id, KIND, &[publication.id]).await;
    }
    let text: String = markup::text(&publication.body).chars().take(MOST_TEXT).collect();
    let summary = publication.summary.as_deref().unwrap_or_default();
    let entry = Entry {
        kind: KIND,
        subject_id: publication.id,
        title: publication.title.clone(),
        subtitle: format!("{}, {}", publication.kind_label(), publication.state_label().to_lowercase()),
        url: publication.url(),
        audience: "coordination",
        words: format!("{} {summary} {text}", publication.title).into(),
    };
    fulltext::put(tx, publication.network_id, &[entry]).await
}
