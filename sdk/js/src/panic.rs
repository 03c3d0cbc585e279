//! Says where a panic was before it becomes a trap, which by itself only says "unreachable".

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::JsValue;

thread_local! {
    static ON_PANIC: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// From now on, `on_panic` is called with the place in the source.
pub(crate) fn hook(on_panic: Function) {
    ON_PANIC.set(Some(on_panic));
    std::panic::set_hook(Box::new(|info| {
        let Some(on_panic) = ON_PANIC.take() else {
            return;
        };
        let place = info
            .location()
            .map_or("unknown", |location| location.file());
        let line = info.location().map_or(0, |location| location.line());
        let _ = on_panic.call2(&JsValue::UNDEFINED, &place.into(), &line.into());
    }));
}
