//! What date polls give to the search of those who steer.

use kit::db::fulltext::{self, Entry};
use kit::{Result, Tx};

use super::date_poll::DatePoll;

/// Makes a poll findable by its title, its place and what it is about.
pub(super) async fn put(tx: &mut Tx, poll: &DatePoll) -> Result<()> {
    let explanation = poll.explanation.as_deref().unwrap_or_default();
    let place = poll.place.as_deref().unwrap_or_default();
    let entry = Entry {
        kind: "date_poll",
        subject_id: poll.id,
        title: poll.title.clone(),
        subtitle: poll.state_label().to_owned(),
        url: poll.url(),
        audience: "network",
        words: [&poll.title, place, explanation].join(" ").into(),
    };
    fulltext::put(tx, poll.network_id, &[entry]).await
}
