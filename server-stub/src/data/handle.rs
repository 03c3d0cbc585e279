//! What the stub's owner may ask about its data, and decide.

use tidegate_contract::KeyEffects;

use crate::stub::Stub;

impl Stub {
    /// How often the writes with each idempotency key took effect, oldest key first; ten thousand keys are remembered.
    #[must_use]
    pub fn key_effects(&self) -> Vec<KeyEffects> {
        self.data().key_effects()
    }

    /// How many writes took effect since the last reset, with or without a key.
    #[must_use]
    pub fn effects(&self) -> u64 {
        self.data().effects()
    }

    /// Bytes that the seed's catalogue takes, and bytes that clients have written over it.
    #[must_use]
    pub fn data_bytes(&self) -> (usize, usize) {
        let data = self.data();
        (data.snapshot().catalog().bytes(), data.written_bytes())
    }
}
