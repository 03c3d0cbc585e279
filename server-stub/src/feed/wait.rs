//! The one place where the feed waits for time to pass.

use tidegate_core::Instant;

use crate::stub::Stub;

/// Returns at this time on the stub's clock; never, for [`Instant::NEVER`].
pub(crate) async fn wait_until(stub: &Stub, at: Instant) {
    stub.clock().sleep_until(at).await;
}
