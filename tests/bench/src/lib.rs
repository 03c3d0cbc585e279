//! Only its benches: `cargo xtask bench --only policies`.
