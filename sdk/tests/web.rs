//! The drivers in a real browser against the running stub: `cargo xtask test browser`.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)] // A test that unwraps fails where it should.

mod web {
    mod calls;
    mod policies;
    mod sharing;
    mod storage;
    mod stub;
    mod timers;
}

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
