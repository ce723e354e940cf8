//! What committees give to the search of those who steer.

use kit::db::fulltext::{self, Entry};
use kit::{Result, Tx};

use super::committee::Committee;

/// Makes a committee findable by its name, its kind and its purpose.
pub(super) async fn put(tx: &mut Tx, committee: &Committee) -> Result<()> {
    let purpose = committee.purpose.as_deref().unwrap_or_default();
    let entry = Entry {
        kind: "committee",
        subject_id: committee.id,
        title: committee.name.clone(),
        subtitle: committee.kind_label().to_owned(),
        url: committee.url(),
        audience: "network",
        words: [&committee.name, committee.kind_label(), purpose].join(" ").into(),
    };
    fulltext::put(tx, committee.network_id, &[entry]).await
}
