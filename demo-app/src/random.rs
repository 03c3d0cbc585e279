//! Words that nobody else has.

/// One of 106 random bits.
pub(crate) fn word() -> String {
    let part = || (js_sys::Math::random() * 9_007_199_254_740_992.0) as u64;
    format!("{:014x}{:014x}", part(), part())
}
