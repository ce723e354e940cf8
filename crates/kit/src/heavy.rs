//! Work that holds a core for long: pictures, workbooks, printed documents. Away from the threads that answer requests,
//! and few at a time, so that pages stay quick while it lasts.

use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// How many such works run at once; others wait their turn.
const AT_ONCE: usize = 2;

/// Threads for what blocks: reading files, heavy works. Each keeps memory of its own, so they are few.
const BLOCKING_THREADS: usize = 12;

static PERMITS: Semaphore = Semaphore::const_new(AT_ONCE);

/// Runs the work and returns what it made.
pub async fn heavy<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _permit = PERMITS.acquire().await.map_err(Error::bug)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::bug)
}

/// What the whole program runs on.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(BLOCKING_THREADS).build()
}
