//! What time alone changes: a planned departure comes, an absence ends. Each hour the sheets concerned are
//! brought up to date; the hour of midnight in each network is among them.

use kit::db::{Id, Tx};
use kit::jobs::{Job, Outcome};
use kit::{Actor, App, Date, Result, args, sql};
use serde::{Deserialize, Serialize};

use super::{departure, facets, person, structure};

/// Brings up to date who left, came, or was absent until yesterday.
#[derive(Serialize, Deserialize)]
pub struct TurnOfDay {}

impl Job for TurnOfDay {
    const KIND: &'static str = "directory.turn_of_day";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let mut tx = app.db.write().await?;
        let actor = Actor::program(network, "Esplanade", app.now());
        turn(&mut tx, &actor).await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }
}

async fn turn(tx: &mut Tx, actor: &Actor) -> Result<()> {
    let today = facets::today(tx, actor).await?;
    let yesterday = Date(today.0.pred_opt().unwrap_or(today.0));
    let sql = sql!(
        "select person_id, structure_id from mandate where network_id = $1 and deleted_at is null ",
        "and person_id is not null and (ended_on in ($2, $3) or started_on in ($2, $3) or absent_from in ($2, $3) ",
        "or absent_until in ($2, $3) or suspended_from in ($2, $3) or suspended_until in ($2, $3)) limit 1000"
    );
    let touched: Vec<(Id, Id)> = tx.all(sql, args![actor.network_id, today, yesterday]).await?;
    for (person, _) in &touched {
        departure::close_if_gone(tx, actor, *person, today).await?;
    }
    let structures: Vec<Id> = touched.iter().map(|(_, structure)| *structure).collect();
    structure::refresh(tx, actor, &structures).await
}

/// Writes the facets of everyone anew: after the network's conditions to be « actif » changed.
#[derive(Serialize, Deserialize)]
pub struct RefreshFacets {}

impl Job for RefreshFacets {
    const KIND: &'static str = "directory.refresh_facets";

    async fn run(self, app: App, network: Id) -> Result<Outcome> {
        let actor = Actor::program(network, "Esplanade", app.now());
        let mut after = Id::first();
        loop {
            let mut tx = app.db.write().await?;
            let sql = sql!(
                "select id from person where network_id = $1 and id > $2 and deleted_at is null order by id limit 200"
            );
            let people: Vec<(Id,)> = tx.all(sql, args![network, after]).await?;
            let Some((last,)) = people.last().copied() else { return Ok(Outcome::Done) };
            let ids: Vec<Id> = people.into_iter().map(|(id,)| id).collect();
            person::refresh(&mut tx, &actor, &ids).await?;
            tx.commit().await?;
            after = last;
        }
    }
}
