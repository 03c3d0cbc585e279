//! How a backend treats idempotency keys (draft-ietf-httpapi-idempotency-key-header).

use serde::{Deserialize, Serialize};

/// What a repeated write with the same `Idempotency-Key` does.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum IdempotencyMode {
    /// It takes effect again, as with most backends: the key is only counted.
    Off,
    /// It gets the answer of the first one again; writes without a key are let through.
    #[default]
    On,
    /// As `on`, and writes without a key are refused.
    Required,
}
