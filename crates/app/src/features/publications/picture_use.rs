//! Which publication shows which picture: a picture is served to the public only when something public shows it.

use std::collections::HashMap;

use kit::db::Id;
use kit::{Actor, Result, Tx, args, markup, sql};

use super::picture::Picture;
use super::publication::Publication;

kit::table! {
    /// A publication shows a picture.
    pub struct PictureUse in "picture_use" {
        pub picture_id: Id,
        pub publication_id: Id,
    }
}

/// Notes anew what a publication shows. Addresses that name no picture of the network are passed over.
pub(super) async fn note(tx: &mut Tx, actor: &Actor, publication: &Publication) -> Result<()> {
    let network = publication.network_id;
    let mut ids = markup::pictures(&publication.body);
    ids.extend(publication.cover_id.filter(|cover| !ids.contains(cover)));
    tx.delete_in::<PictureUse>(network, "publication_id", &[publication.id]).await?;
    let known: Vec<Picture> = tx.all_in(network, "id", &ids).await?;
    let uses: Vec<PictureUse> = known
        .iter()
        .map(|picture| PictureUse {
            network_id: network,
            id: Id::new(actor.now),
            picture_id: picture.id,
            publication_id: publication.id,
        })
        .collect();
    tx.insert(&uses).await
}

/// Whether something that the public can read shows it.
pub async fn is_public(tx: &mut Tx, network: Id, picture: Id) -> Result<bool> {
    let sql = sql!(
        "select p.id from picture_use u join publication p on p.network_id = u.network_id and p.id = u.publication_id ",
        "where u.network_id = $1 and u.picture_id = $2 and p.state = 'published' and p.deleted_at is null limit 1"
    );
    Ok(tx.optional::<(Id,)>(sql, args![network, picture]).await?.is_some())
}

/// The titles and addresses of what shows a picture, whatever its state.
pub async fn of_picture(tx: &mut Tx, network: Id, picture: Id) -> Result<Vec<Publication>> {
    let uses: Vec<PictureUse> = tx.all_in(network, "picture_id", &[picture]).await?;
    let ids: Vec<Id> = uses.into_iter().map(|used| used.publication_id).collect();
    let mut found: Vec<Publication> = tx.all_in(network, "id", &ids).await?;
    found.retain(|publication| publication.deleted_at.is_none());
    found.sort_by(|a, b| a.title_key.cmp(&b.title_key));
    Ok(found)
}

/// How many publications show each of these pictures.
pub async fn counted(tx: &mut Tx, network: Id, pictures: &[Id]) -> Result<HashMap<Id, usize>> {
    let mut counts = HashMap::new();
    for used in tx.all_in::<PictureUse>(network, "picture_id", pictures).await? {
        *counts.entry(used.picture_id).or_default() += 1;
    }
    Ok(counts)
}
