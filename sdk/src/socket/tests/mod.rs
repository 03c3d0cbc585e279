//! A socket in a real browser, with a scripted one of the browser's beneath it: `cargo xtask test browser`.
#![allow(clippy::unwrap_used)] // A test that unwraps fails where it should.

mod channels;
mod durable;
mod endings;
mod events;
mod hooks;
mod keeping;
mod page;
mod rpc;
mod sending;
mod spring;
mod wire;
mod world;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
