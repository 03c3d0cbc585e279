//! How much clients may write.
//!
//! Counted in bytes, since one asset's edit may be as large as a hundred others'. A write that would go beyond is refused whole, with
//! 507; a reset makes room.

use super::refusal::Refusal;

/// Bytes in use by what clients have written.
#[derive(Debug, Default)]
pub(super) struct Budget {
    used: usize,
}

impl Budget {
    /// 32 MiB: new tags on a hundred thousand assets, or four thousand edits in which every text has its greatest length.
    pub(super) const MAX: usize = 32 << 20;

    /// Takes `new` bytes in place of `old` ones, if they fit.
    pub(super) fn swap(&mut self, old: usize, new: usize) -> Result<(), Refusal> {
        let used = (self.used + new).saturating_sub(old);
        if used > Budget::MAX && new > old {
            return Err(Refusal::Full);
        }
        self.used = used;
        Ok(())
    }

    /// Bytes in use.
    pub(super) fn used(&self) -> usize {
        self.used
    }
}
