//! Background work: one table, claimed by lease, safe to run twice.

mod runner;

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::db::{Id, Timestamp, Tx};
use crate::error::{Error, Result};
use crate::{args, sql};

pub use runner::{add_scheduled, run_due, run_forever};

/// What a job says when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Try again after this many minutes, doubled at each attempt by the runner.
    RetryLater(String),
    /// No use trying again: the reason is kept and shown.
    GiveUp(String),
}

/// A piece of work that survives the process. Make it safe to run twice.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    const KIND: &'static str;
    fn run(self, app: App, network: Id) -> impl Future<Output = Result<Outcome>> + Send;
}

type Handler =
    Arc<dyn Fn(App, Id, String) -> Pin<Box<dyn Future<Output = Result<Outcome>> + Send>> + Send + Sync>;

/// Which code runs which kind of job.
#[derive(Clone, Default)]
pub struct Handlers(HashMap<&'static str, Handler>);

impl Handlers {
    pub fn with<J: Job>(mut self) -> Self {
        let handler: Handler = Arc::new(|app, network, payload| {
            Box::pin(async move {
                let job: J = serde_json::from_str(&payload).map_err(Error::bug)?;
                job.run(app, network).await
            })
        });
        self.0.insert(J::KIND, handler);
        self
    }

    fn get(&self, kind: &str) -> Option<Handler> {
        self.0.get(kind).cloned()
    }
}

/// Work that comes back: its job is added once per network and period, by whichever process is first.
#[derive(Clone, Copy)]
pub struct Schedule {
    pub name: &'static str,
    pub every_minutes: i64,
    pub payload: &'static str,
    pub kind: &'static str,
}

/// Adds a job to the transaction of the act that needs it.
pub async fn add<J: Job>(tx: &mut Tx, network: Id, now: Timestamp, job: &J) -> Result<Id> {
    add_at(tx, network, now, now, job).await
}

/// Adds a job that is not to run before `due`.
pub async fn add_at<J: Job>(tx: &mut Tx, network: Id, now: Timestamp, due: Timestamp, job: &J) -> Result<Id> {
    let id = Id::new(now);
    let payload = serde_json::to_string(job).map_err(Error::bug)?;
    let sql = sql!(
        "insert into job (network_id, id, kind, payload, due_at, attempts, created_at) ",
        "values ($1, $2, $3, $4, $5, 0, $6)"
    );
    tx.run(sql, args![network, id, J::KIND, payload, due, now]).await?;
    tx.wake_jobs();
    Ok(id)
}

/// How many jobs wait and how many were given up, for reports.
pub async fn counts(tx: &mut Tx, network: Id) -> Result<(i64, i64)> {
    tx.one(
        sql!(
            "select cast(coalesce(sum(case when given_up_at is null then 1 else 0 end), 0) as bigint), ",
            "cast(coalesce(sum(case when given_up_at is not null then 1 else 0 end), 0) as bigint) ",
            "from job where network_id = $1 and done_at is null"
        ),
        args![network],
    )
    .await
}

/// Deletes the jobs of a network that ended well before a moment. Those that were given up stay.
pub async fn forget_done(tx: &mut Tx, network: Id, before: Timestamp) -> Result<u64> {
    tx.run(sql!("delete from job where network_id = $1 and done_at < $2"), args![network, before]).await
}
