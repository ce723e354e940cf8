//! What questions give to the search of the coordination.

use kit::db::fulltext::{self, Entry};
use kit::{Result, Tx};

use super::question::Question;

/// Makes a question findable by its words, its answer's and who asked.
pub(super) async fn put(tx: &mut Tx, question: &Question) -> Result<()> {
    let texts =
        [&question.body, &question.answer, &question.sources].map(|text| text.as_deref().unwrap_or_default());
    let words =
        [&[question.title.as_str(), question.asker.as_str(), question.category_label()][..], &texts].concat();
    let entry = Entry {
        kind: "question",
        subject_id: question.id,
        title: question.title.clone(),
        subtitle: format!("{}, {}", question.category_label(), question.state_label().to_lowercase()),
        url: question.url(),
        audience: "coordination",
        words: words.join(" ").into(),
    };
    fulltext::put(tx, question.network_id, &[entry]).await
}
