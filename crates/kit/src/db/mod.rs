//! One SQL text, two native drivers. Features hold no dialect branch: what differs between SQLite and
//! PostgreSQL (opening, transactions, full-text search, migrations, backup) lives in this folder.

mod arg;
pub mod changes;
pub mod facets;
pub mod fulltext;
mod heard;
pub mod migrate;
mod ring;
mod sql;
mod table;
mod tx;
mod types;
mod unseen;
mod vocabulary;
mod words;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};

pub use arg::Arg;
pub use changes::Changes;
pub use heard::Heard;
pub use ring::Ring;
pub use sql::{Sql, statements};
pub use table::{ReadAt, Shape, Table, Versioned, shapes};
pub use tx::{Row, Tx, built_texts};
pub use types::{Date, Id, MONTHS, Timestamp};

use crate::error::{Error, Result};

tokio::task_local! {
    /// How many statements the current request has run.
    pub static QUERIES: Arc<AtomicU32>;
}

#[derive(Clone)]
enum Pools {
    /// One immediate writer and separate readers: with an ordinary pool most concurrent
    /// read-then-write transactions fail with "database is locked".
    Sqlite {
        options: Box<SqliteConnectOptions>,
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

/// The open database.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    /// Rung when a committed transaction added jobs, here or (on PostgreSQL) in another process.
    jobs_added: Arc<tokio::sync::Notify>,
    /// What has changed since when.
    pub changes: Arc<Changes>,
    watch: Arc<tokio::sync::Mutex<Option<changes::Watch>>>,
    /// What is said between processes of shared texts.
    heard: heard::Ears,
}

impl Db {
    /// Opens `sqlite:PATH` (made when absent) or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self> {
        let pools = match url.strip_prefix("sqlite:") {
            Some(path) => open_sqlite(Path::new(path)).await?,
            None => open_postgres(url).await?,
        };
        Ok(Self {
            pools,
            jobs_added: Arc::default(),
            changes: Arc::default(),
            watch: Arc::default(),
            heard: heard::Ears::default(),
        })
    }

    /// A read-only transaction: a consistent view, never blocked by writers.
    pub async fn read(&self) -> Result<Tx> {
        let inner = match &self.pools {
            Pools::Sqlite { readers, .. } => tx::Inner::Sqlite(readers.begin().await.map_err(busy)?),
            Pools::Postgres(pool) => tx::Inner::Postgres(
                pool.begin_with("begin isolation level repeatable read read only").await.map_err(busy)?,
            ),
        };
        Ok(Tx::new(inner, self.clone()))
    }

    /// A transaction that may write.
    pub async fn write(&self) -> Result<Tx> {
        let inner = match &self.pools {
            Pools::Sqlite { writer, .. } => {
                tx::Inner::Sqlite(writer.begin_with("begin immediate").await.map_err(busy)?)
            }
            Pools::Postgres(pool) => tx::Inner::Postgres(pool.begin().await.map_err(busy)?),
        };
        Ok(Tx::new(inner, self.clone()))
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        let mut tx = self.read().await?;
        tx.value::<i64>(crate::sql!("select cast(1 as bigint)"), Vec::new()).await.map(|_| ())
    }

    /// Begins to wait for work that a transaction adds: jobs, messages to be sent, orders for a mailbox.
    pub fn ring(&self) -> Ring {
        Ring::new(&self.jobs_added)
    }

    /// « SQLite » or « PostgreSQL », for reports.
    pub fn engine(&self) -> &'static str {
        match self.pools {
            Pools::Sqlite { .. } => "SQLite",
            Pools::Postgres(_) => "PostgreSQL",
        }
    }

    /// The command that copies the database while it is in use, for who must save it by other means.
    pub fn copied_by(&self) -> &'static str {
        match self.pools {
            Pools::Sqlite { .. } => "sqlite3 esplanade.db .backup",
            Pools::Postgres(_) => "pg_dump",
        }
    }

    /// Lets the planner see the data as it is now. Wise after bulk loading.
    pub async fn analyze(&self) -> Result<()> {
        use sqlx::Executor;
        match &self.pools {
            // Bounded, and without the samples of values (STAT4) that make plans depend on what is bound.
            Pools::Sqlite { writer, .. } => {
                writer.execute("pragma analysis_limit = 1000; analyze").await.map(|_| ()).map_err(Error::bug)
            }
            Pools::Postgres(pool) => pool.execute("vacuum analyze").await.map(|_| ()).map_err(Error::bug),
        }
    }

    /// How the engine would run a statement, for the tests that look for missing indexes. SQLite plans
    /// without values; PostgreSQL wants them.
    pub async fn explain(&self, text: &str, args: Vec<Arg>) -> Result<String> {
        let mut tx = self.read().await?;
        match &self.pools {
            Pools::Sqlite { .. } => {
                let rows = tx
                    .all_built::<(i64, i64, i64, String)>(format!("explain query plan {text}"), args)
                    .await?;
                Ok(rows.into_iter().map(|row| row.3 + "\n").collect())
            }
            Pools::Postgres(_) => {
                let rows = tx.all_built::<(String,)>(format!("explain {text}"), args).await?;
                Ok(rows.into_iter().map(|row| row.0 + "\n").collect())
            }
        }
    }

    /// Prepares a statement without running it; the error says what the engine dislikes.
    pub async fn prepare(&self, text: &'static str) -> Result<(), String> {
        use sqlx::{Executor, SqlSafeStr};
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                let mut conn = writer.acquire().await.map_err(|e| e.to_string())?;
                conn.prepare(text.into_sql_str()).await.map(|_| ()).map_err(|e| e.to_string())
            }
            Pools::Postgres(pool) => {
                let mut conn = pool.acquire().await.map_err(|e| e.to_string())?;
                conn.prepare(text.into_sql_str()).await.map(|_| ()).map_err(|e| e.to_string())
            }
        }
    }

    /// Closes every connection, so that the last write reaches the disk before the process ends.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

fn busy(error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::PoolTimedOut => Error::TryLater("La base de données est très sollicitée.".into()),
        other => Error::bug(other),
    }
}

async fn open_sqlite(path: &Path) -> Result<Pools> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged write must survive a power cut, not only a crash of the process.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-8000")
        .pragma("temp_store", "memory")
        .pragma("mmap_size", "268435456")
        .statement_cache_capacity(300)
        // Rows handed over at once by the engine's thread: a page's worth, not one wake-up per few.
        .row_buffer_size(512);
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options.clone().create_if_missing(true))
        .await
        .map_err(Error::bug)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(10))
        .connect_lazy_with(options.clone().pragma("query_only", "on"));
    Ok(Pools::Sqlite { options: Box::new(options.pragma("query_only", "on")), writer, readers })
}

async fn open_postgres(url: &str) -> Result<Pools> {
    let options: PgConnectOptions = url.parse().map_err(Error::bug)?;
    let pool = PgPoolOptions::new()
        .max_connections(12)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.statement_cache_capacity(300))
        .await
        .map_err(Error::bug)?;
    Ok(Pools::Postgres(pool))
}
