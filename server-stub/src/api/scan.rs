//! Reads that look at the whole list.
//!
//! A small catalogue is scanned at once, in less time than it takes to tell another thread. A large one is scanned on a thread for
//! blocking work, so that everybody else's requests go on: a million lines take 15 to 45 ms optimised, and up to a second in a debug
//! build.

use tokio::task::spawn_blocking;

use crate::data::Snapshot;
use crate::failure::Failure;
use crate::stub::Stub;

/// The longest list that is scanned at once: one or two milliseconds' work, optimised.
const AT_ONCE: u32 = 50_000;

/// Looks at the data as they are now, without holding the lock.
pub(super) async fn scan<T: Send + 'static>(
    stub: &Stub,
    look: impl FnOnce(&Snapshot) -> T + Send + 'static,
) -> Result<T, Failure> {
    let snapshot = stub.data().snapshot();
    if snapshot.catalog().len() <= AT_ONCE {
        return Ok(look(&snapshot));
    }
    spawn_blocking(move || look(&snapshot))
        .await
        .map_err(|error| Failure::internal(format!("the scan ended early: {error}")))
}
