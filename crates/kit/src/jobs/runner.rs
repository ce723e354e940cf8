//! Claims due jobs one by one and runs them. Any number of processes may do so at once.

use std::time::Duration;

use super::Outcome;
use crate::app::App;
use crate::db::{Id, Timestamp, Tx};
use crate::error::Result;
use crate::{args, network, sql};

/// A claimed job is another process's again after this many minutes, should this one die.
const LEASE_MINUTES: i64 = 10;
/// After so many failures the job is given up, with its last error kept.
const MOST_ATTEMPTS: i64 = 8;

#[derive(sqlx::FromRow)]
struct Claimed {
    network_id: Id,
    id: Id,
    kind: String,
    payload: String,
    attempts: i64,
}

/// Runs jobs until the process ends; woken by commits that add one, and every two seconds.
pub async fn run_forever(app: App) {
    loop {
        let ring = app.db.ring();
        let worked = async {
            add_scheduled(&app).await?;
            run_due(&app).await
        };
        if let Err(error) = worked.await {
            tracing::warn!(%error, "jobs could not be looked at");
        }
        ring.within(Duration::from_secs(2)).await;
    }
}

/// Runs every job that is due now, those they add included, and returns how many ran.
pub async fn run_due(app: &App) -> Result<usize> {
    let mut ran = 0;
    while let Some(job) = claim(app).await? {
        run_one(app, job).await?;
        ran += 1;
    }
    Ok(ran)
}

async fn claim(app: &App) -> Result<Option<Claimed>> {
    let now = app.now();
    // Most looks find nothing: do not take the writer for that.
    let due = sql!(
        "select count(*) from (select 1 from job where done_at is null and given_up_at is null ",
        "and due_at <= $1 and (leased_until is null or leased_until < $1) limit 1) due"
    );
    if app.db.read().await?.value::<i64>(due, args![now]).await? == 0 {
        return Ok(None);
    }
    let mut tx = app.db.write().await?;
    // The guard stands twice: without the outer one two PostgreSQL sessions take the same job.
    let sql = sql!(
        "update job set leased_until = $2, attempts = attempts + 1 where id = (",
        " select id from job where done_at is null and given_up_at is null and due_at <= $1 ",
        " and (leased_until is null or leased_until < $1) order by due_at, id limit 1) ",
        "and done_at is null and given_up_at is null and (leased_until is null or leased_until < $1) ",
        "returning network_id, id, kind, payload, attempts"
    );
    let claimed = tx.optional(sql, args![now, now.plus_minutes(LEASE_MINUTES)]).await?;
    tx.commit().await?;
    Ok(claimed)
}

async fn run_one(app: &App, job: Claimed) -> Result<()> {
    let outcome = match app.handlers.get(&job.kind) {
        Some(handler) => match handler(app.clone(), job.network_id, job.payload.clone()).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::RetryLater(error.to_string()),
        },
        None => Outcome::GiveUp(format!("no code runs jobs of kind {}", job.kind)),
    };
    let now = app.now();
    let mut tx = app.db.write().await?;
    match outcome {
        Outcome::Done => end(&mut tx, &job, now, None).await?,
        Outcome::GiveUp(reason) => give_up(&mut tx, &job, now, &reason).await?,
        Outcome::RetryLater(reason) if job.attempts >= MOST_ATTEMPTS => {
            give_up(&mut tx, &job, now, &reason).await?;
        }
        Outcome::RetryLater(reason) => {
            let due = now.plus_minutes(1 << job.attempts.clamp(0, 9));
            tracing::warn!(kind = job.kind, attempt = job.attempts, reason, "job to be tried again");
            let sql = sql!(
                "update job set due_at = $3, leased_until = null, error = $4 where network_id = $1 and id = $2"
            );
            tx.run(sql, args![job.network_id, job.id, due, reason]).await?;
        }
    }
    tx.commit().await
}

async fn end(tx: &mut Tx, job: &Claimed, now: Timestamp, error: Option<&str>) -> Result<()> {
    let sql = sql!("update job set done_at = $3, error = $4 where network_id = $1 and id = $2");
    tx.run(sql, args![job.network_id, job.id, now, error]).await.map(|_| ())
}

async fn give_up(tx: &mut Tx, job: &Claimed, now: Timestamp, reason: &str) -> Result<()> {
    tracing::error!(kind = job.kind, reason, "job given up");
    let sql = sql!("update job set given_up_at = $3, error = $4 where network_id = $1 and id = $2");
    tx.run(sql, args![job.network_id, job.id, now, reason]).await.map(|_| ())
}

/// Adds what schedules ask for; a unique slot per period lets any number of processes try.
pub async fn add_scheduled(app: &App) -> Result<()> {
    let schedules = (app.parts.schedules)();
    let now = app.now();
    let mut wanted = Vec::new();
    {
        let mut tx = app.db.read().await?;
        let known: Vec<(Id, String, i64)> = tx
            .all(
                sql!("select network_id, name, max(slot) from schedule_slot group by network_id, name"),
                Vec::new(),
            )
            .await?;
        for network in network::all(&mut tx).await? {
            for schedule in &schedules {
                let slot = now.0 / (schedule.every_minutes * 60_000_000);
                let done = known
                    .iter()
                    .any(|(id, name, last)| *id == network.id && name == schedule.name && *last >= slot);
                if !done {
                    wanted.push((network.id, *schedule, slot));
                }
            }
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    for (network, schedule, slot) in wanted {
        let taken = sql!(
            "insert into schedule_slot (network_id, name, slot) values ($1, $2, $3) on conflict do nothing"
        );
        if tx.run(taken, args![network, schedule.name, slot]).await? == 0 {
            continue;
        }
        let old = sql!("delete from schedule_slot where network_id = $1 and name = $2 and slot < $3");
        tx.run(old, args![network, schedule.name, slot]).await?;
        let job = sql!(
            "insert into job (network_id, id, kind, payload, due_at, attempts, created_at) ",
            "values ($1, $2, $3, $4, $5, 0, $5)"
        );
        tx.run(job, args![network, Id::new(now), schedule.kind, schedule.payload, now]).await?;
    }
    tx.commit().await
}
