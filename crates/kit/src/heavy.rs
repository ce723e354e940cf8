//! Work that holds a core for long: pictures, workbooks, printed documents. Away from the threads that answer requests,
//! and few at a time, so that pages stay quick while it lasts.

use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// How many such works run at once; others wait their turn.
const AT_ONCE: usize = 2;

static PERMITS: Semaphore = Semaphore::const_new(AT_ONCE);

/// Runs the work and returns what it made.
pub async fn heavy<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _permit = PERMITS.acquire().await.map_err(Error::bug)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::bug)
}
