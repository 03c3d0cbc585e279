//! The outbox in a real browser, with a server that answers as it is told: `cargo xtask test browser`.
//!
//! All tests share one page and run one after the other; each begins without a queue.
#![allow(clippy::unwrap_used)] // A test that unwraps fails where it should.

mod changing;
mod draining;
mod keeping;
mod people;
mod releases;
mod server;
mod tokens;
mod turns;
mod waiting;
mod world;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
