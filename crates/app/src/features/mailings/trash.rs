//! The trash of lists and letters, emptied of what was thrown away thirty days ago.

use kit::db::Id;
use kit::jobs::{Job, Outcome};
use kit::trail::{self, Act, Subject};
use kit::{Actor, App, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};

use super::distribution_list::DistributionList;
use super::list_post::ListPost;
use super::mailing::Mailing;
use super::sending::Recipient;

const DAYS: i64 = 30;
/// Things deleted at once; the rest goes the next day.
const MOST: i64 = 500;

/// Deletes for good what has been in the trash long enough.
#[derive(Serialize, Deserialize)]
pub struct EmptyTrash {}

impl Job for EmptyTrash {
    const KIND: &'static str = "mailings.empty_trash";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let actor = Actor::program(network, "Esplanade", app.now());
        let mut tx = app.db.write().await?;
        erase_letters(&mut tx, &actor).await?;
        erase_lists(&mut tx, &actor).await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }
}

async fn erase_letters(tx: &mut Tx, actor: &Actor) -> Result<()> {
    let network = actor.network_id;
    let sql = sql!(
        "select id from mailing where network_id = $1 and deleted_at < $2 order by deleted_at, id limit $3"
    );
    let old: Vec<(Id,)> = tx.all(sql, args![network, actor.now.plus_days(-DAYS), MOST]).await?;
    let ids: Vec<Id> = old.into_iter().map(|(id,)| id).collect();
    tx.delete_in::<Recipient>(network, "mailing_id", &ids).await?;
    for id in ids {
        tx.delete::<Mailing>(network, id).await?;
        let subject = Subject::new("mailing", id, "Lettre effacée");
        trail::record(tx, actor, Act::new("mailing.erased", subject)).await?;
    }
    Ok(())
}

async fn erase_lists(tx: &mut Tx, actor: &Actor) -> Result<()> {
    let network = actor.network_id;
    let sql = sql!(
        "select id from distribution_list where network_id = $1 and deleted_at < $2 order by deleted_at, id limit $3"
    );
    let old: Vec<(Id,)> = tx.all(sql, args![network, actor.now.plus_days(-DAYS), MOST]).await?;
    let ids: Vec<Id> = old.into_iter().map(|(id,)| id).collect();
    tx.delete_in::<ListPost>(network, "list_id", &ids).await?;
    for id in ids {
        tx.delete::<DistributionList>(network, id).await?;
        let subject = Subject::new("distribution_list", id, "Liste effacée");
        trail::record(tx, actor, Act::new("distribution_list.erased", subject)).await?;
    }
    Ok(())
}
