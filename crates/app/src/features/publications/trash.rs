//! What publications have in the network's trash.

use kit::db::{Id, Timestamp};
use kit::{Result, Tx, args, sql};

use crate::features::Thrown;

/// Publications and pictures in the trash, the last thrown first.
pub async fn thrown(tx: &mut Tx, network: Id, most: i64) -> Result<Vec<Thrown>> {
    let sql = sql!(
        "select kind, id, title, deleted_at from publication where network_id = $1 and deleted_at is not null ",
        "union all select 'picture', id, alt, deleted_at from picture ",
        "where network_id = $1 and deleted_at is not null order by 4 desc limit $2"
    );
    let rows: Vec<(String, Id, String, Timestamp)> = tx.all(sql, args![network, most]).await?;
    let thrown = rows.into_iter().map(|(kind, id, label, deleted_at)| {
        let (kind, folder) = match kind.as_str() {
            "picture" => ("Image", "site/images"),
            "news" => ("Actualité", "site"),
            _ => ("Page", "site"),
        };
        Thrown {
            label: if label.is_empty() { "Image décorative".to_owned() } else { label },
            kind,
            deleted_at,
            restore_url: format!("/espace/communication/{folder}/{id}/restaurer"),
        }
    });
    Ok(thrown.collect())
}
