//! Former texts: each save that changes the text keeps it whole, with who wrote it and when.

use kit::db::{Id, Timestamp};
use kit::{Actor, Result, Tx, args, sql};

use super::publication::Publication;

kit::table! {
    /// The text as a save stored it.
    pub struct Version in "publication_version" {
        pub publication_id: Id,
        /// 1 for the first.
        pub number: i64,
        pub title: String,
        pub slug: String,
        pub summary: Option<String>,
        pub body: String,
        pub cover_id: Option<Id>,
        pub author: String,
        pub written_at: Timestamp,
    }
}

/// Versions listed at once.
pub const MOST: i64 = 200;

/// Keeps the text as it now is.
pub(super) async fn note(tx: &mut Tx, actor: &Actor, publication: &Publication) -> Result<()> {
    let last = sql!(
        "select cast(coalesce(max(number), 0) as bigint) from publication_version ",
        "where network_id = $1 and publication_id = $2"
    );
    let last: i64 = tx.value(last, args![publication.network_id, publication.id]).await?;
    let version = Version {
        network_id: publication.network_id,
        id: Id::new(actor.now),
        publication_id: publication.id,
        number: last + 1,
        title: publication.title.clone(),
        slug: publication.slug.clone(),
        summary: publication.summary.clone(),
        body: publication.body.clone(),
        cover_id: publication.cover_id,
        author: actor.name.clone(),
        written_at: actor.now,
    };
    tx.insert(std::slice::from_ref(&version)).await
}

/// A line of the list of versions.
#[derive(sqlx::FromRow)]
pub struct Listed {
    pub number: i64,
    pub title: String,
    pub author: String,
    pub written_at: Timestamp,
}

/// The versions of a publication, the latest first.
pub async fn list(tx: &mut Tx, network: Id, publication: Id) -> Result<Vec<Listed>> {
    let sql = sql!(
        "select number, title, author, written_at from publication_version ",
        "where network_id = $1 and publication_id = $2 order by number desc limit $3"
    );
    tx.all(sql, args![network, publication, MOST]).await
}

/// One version.
pub async fn find(tx: &mut Tx, network: Id, publication: Id, number: i64) -> Result<Version> {
    let sql = sql!(
        "select network_id, id, publication_id, number, title, slug, summary, body, cover_id, author, written_at ",
        "from publication_version where network_id = $1 and publication_id = $2 and number = $3"
    );
    tx.one(sql, args![network, publication, number]).await
}
