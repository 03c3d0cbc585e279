//! One hash of bytes that never changes.
//!
//! FNV-1a (Fowler, Noll, Vo), 64 bits: the standard library's hashers may differ between releases, and verdicts and entity tags must
//! not. It is no defence against anybody who wants a collision.

/// The FNV-1a hash of some bytes.
///
/// ```
/// assert_eq!(tidegate_contract::hash::fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
/// ```
#[must_use]
pub const fn fnv1a(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}
