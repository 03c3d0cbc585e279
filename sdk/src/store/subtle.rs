//! `crypto.subtle`: only in secure contexts.

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::boundary::property;

/// Whether there is any.
pub(super) fn is_here() -> bool {
    let crypto = property(&js_sys::global(), "crypto");
    property(&property(&crypto, "subtle"), "encrypt").is_function()
}

/// Calls a method; `None` where there is none.
pub(super) fn call(method: &str, arguments: &[JsValue]) -> Option<JsFuture> {
    let crypto = property(&js_sys::global(), "crypto");
    let promise = apply(&property(&crypto, "subtle"), method, arguments)?;
    Some(JsFuture::from(promise.dyn_into::<Promise>().ok()?))
}

/// Random bytes that nobody can guess.
pub(super) fn random(bytes: u32) -> Option<JsValue> {
    let crypto = property(&js_sys::global(), "crypto");
    apply(
        &crypto,
        "getRandomValues",
        &[Uint8Array::new_with_length(bytes).into()],
    )
}

fn apply(object: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method: Function = property(object, method).dyn_into().ok()?;
    let arguments: Array = arguments.iter().collect();
    Reflect::apply(&method, object, &arguments).ok()
}

pub(super) fn hex(buffer: &JsValue) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| {
        DIGITS
            .get(usize::from(value))
            .map(|digit| char::from(*digit))
    };
    let bytes = Uint8Array::new(buffer).to_vec();
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(digit).collect()
}
