//! `crypto.subtle`: only in secure contexts.

use js_sys::{Array, ArrayBuffer, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::global::property;

/// SHA-256 in hex; `None` where the browser has none.
pub(super) async fn sum(bytes: &ArrayBuffer) -> Option<String> {
    let digest = call("digest", &["SHA-256".into(), bytes.into()])?
        .await
        .ok()?;
    Some(hex(&digest))
}

/// Calls a method; `None` where there is none.
pub(super) fn call(method: &str, arguments: &[JsValue]) -> Option<JsFuture> {
    let crypto = property(&js_sys::global(), "crypto");
    let subtle = property(&crypto, "subtle");
    let method: Function = property(&subtle, method).dyn_into().ok()?;
    let arguments: Array = arguments.iter().collect();
    let promise = Reflect::apply(&method, &subtle, &arguments).ok()?;
    Some(JsFuture::from(promise.dyn_into::<Promise>().ok()?))
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
