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

/// Days looked back upon: an instance that was stopped for that long still catches up.
const DAYS_BACK: u64 = 15;

async fn turn(tx: &mut Tx, actor: &Actor) -> Result<()> {
    let today = facets::today(tx, actor).await?;
    let since = Date(today.0 - chrono::Days::new(DAYS_BACK));
    let sql = sql!(
        "select person_id, structure_id from mandate where network_id = $1 and deleted_at is null ",
        "and person_id is not null and (ended_on between $2 and $3 or started_on between $2 and $3 ",
        "or absent_from between $2 and $3 or absent_until between $2 and $3 ",
        "or suspended_from between $2 and $3 or suspended_until between $2 and $3) limit 1000"
    );
    let touched: Vec<(Id, Id)> = tx.all(sql, args![actor.network_id, since, today]).await?;
    for (person, _) in &touched {
        departure::close_if_gone(tx, actor, *person, today).await?;
    }
    let structures: Vec<Id> = touched.iter().map(|(_, structure)| *structure).collect();
    structure::refresh(tx, actor, &structures).await
}

/// Brings every sheet of a network up to date with today.
pub async fn refresh_all(tx: &mut Tx, actor: &Actor) -> Result<()> {
    let sql = sql!("select id from structure where network_id = $1 and deleted_at is null order by id");
    let structures: Vec<(Id,)> = tx.all(sql, args![actor.network_id]).await?;
    let structures: Vec<Id> = structures.into_iter().map(|(id,)| id).collect();
    for ids in structures.chunks(500) {
        structure::refresh(tx, actor, ids).await?;
    }
    let people = super::export::everyone(tx, actor.network_id).await?;
    person::refresh(tx, actor, &people).await
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
