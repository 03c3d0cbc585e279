//! The store in a real browser, with a database that is broken in one way at a time: `cargo xtask test browser`.
//!
//! All tests share one page and run one after the other; each begins without a database.
#![allow(clippy::unwrap_used)] // A test that unwraps fails where it should.

mod batches;
mod budgets;
mod faults;
mod healing;
mod identity;
mod integrity;
mod keeping;
mod sealed;
mod sealing;
mod versions;
mod world;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
