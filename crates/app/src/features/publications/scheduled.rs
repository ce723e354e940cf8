//! What happens by itself: a publication at its minute, and the end of what has been thirty days in the trash.

use kit::db::{Id, Timestamp};
use kit::jobs::{Job, Outcome};
use kit::trail::{self, Act, Subject};
use kit::{Actor, App, Error, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};

use super::picture::Picture;
use super::picture_use::PictureUse;
use super::publication::{self, Publication};
use super::slug::Redirect;
use super::version::Version;
use crate::features::directory::TRASH_DAYS;

/// Most things deleted for good in one night.
const MOST: i64 = 500;

/// Publishes at its minute. One that was moved, withdrawn or thrown away meanwhile waits for another job, or for
/// none: the minute asked for must still be the one that is stored.
#[derive(Serialize, Deserialize)]
pub struct PublishScheduled {
    pub publication: Id,
    pub due: Timestamp,
}

impl Job for PublishScheduled {
    const KIND: &'static str = "publications.publish";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let mut tx = app.db.write().await?;
        let before = match publication::find(&mut tx, network, self.publication).await {
            Ok(found) => found,
            Err(Error::NotFound) => return Ok(Outcome::Done),
            Err(error) => return Err(error),
        };
        if before.state == "scheduled" && before.scheduled_for == Some(self.due) {
            let actor = Actor::program(network, "Publication programmée", app.now());
            let mut after = before.clone();
            after.publish(self.due);
            publication::keep(&mut tx, &actor, Some(&before), after).await?;
            tx.commit().await?;
        }
        Ok(Outcome::Done)
    }
}

/// Deletes for good what has been in the trash for thirty days.
#[derive(Serialize, Deserialize)]
pub struct EmptyTrash {}

impl Job for EmptyTrash {
    const KIND: &'static str = "publications.empty_trash";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let actor = Actor::program(network, "Esplanade", app.now());
        let mut tx = app.db.write().await?;
        erase_publications(&mut tx, &actor).await?;
        let files = erase_pictures(&mut tx, &actor).await?;
        tx.commit().await?;
        for file in files {
            app.files.delete(network, &file).await?;
        }
        Ok(Outcome::Done)
    }
}

async fn erase_publications(tx: &mut Tx, actor: &Actor) -> Result<()> {
    let network = actor.network_id;
    let sql = sql!(
        "select id from publication where network_id = $1 and deleted_at < $2 order by deleted_at, id limit $3"
    );
    let old: Vec<(Id,)> = tx.all(sql, args![network, actor.now.plus_days(-TRASH_DAYS), MOST]).await?;
    let ids: Vec<Id> = old.into_iter().map(|(id,)| id).collect();
    tx.delete_in::<Version>(network, "publication_id", &ids).await?;
    tx.delete_in::<Redirect>(network, "publication_id", &ids).await?;
    tx.delete_in::<PictureUse>(network, "publication_id", &ids).await?;
    for id in ids {
        tx.delete::<Publication>(network, id).await?;
        let subject = Subject::new("publication", id, "Publication effacée");
        trail::record(tx, actor, Act::new("publication.erased", subject)).await?;
    }
    Ok(())
}

/// The stored files of the pictures that went.
async fn erase_pictures(tx: &mut Tx, actor: &Actor) -> Result<Vec<String>> {
    let network = actor.network_id;
    let sql = sql!(
        "select id from picture where network_id = $1 and deleted_at < $2 order by deleted_at, id limit $3"
    );
    let old: Vec<(Id,)> = tx.all(sql, args![network, actor.now.plus_days(-TRASH_DAYS), MOST]).await?;
    let ids: Vec<Id> = old.into_iter().map(|(id,)| id).collect();
    let pictures: Vec<Picture> = tx.all_in(network, "id", &ids).await?;
    tx.delete_in::<PictureUse>(network, "picture_id", &ids).await?;
    for picture in &pictures {
        tx.delete::<Picture>(network, picture.id).await?;
        let subject = Subject::new("picture", picture.id, "Image effacée");
        trail::record(tx, actor, Act::new("picture.erased", subject)).await?;
    }
    Ok(pictures.iter().flat_map(|picture| picture.stored().into_values()).collect())
}
