//! Reads a body to its end. It stays on JavaScript's side.

use std::future::poll_fn;
use std::task::Poll;

use futures::FutureExt;
use js_sys::ArrayBuffer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::boundary::Reading;
use crate::timer::Sleep;

/// The whole body; `None` when it is larger than allowed, comes too late, or is not bytes.
///
/// # Errors
/// When it breaks off.
pub(crate) async fn read(
    response: &Response,
    most: u32,
    mut late: Sleep,
) -> Result<Option<ArrayBuffer>, JsValue> {
    let reading = Reading::new(response, most)?;
    let mut whole = JsFuture::from(reading.whole());
    let whole = poll_fn(|cx| match late.poll_unpin(cx) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => whole.poll_unpin(cx).map(Some),
    })
    .await;
    match whole {
        Some(whole) => Ok(whole?.dyn_into().ok()),
        None => {
            reading.give_up();
            Ok(None)
        }
    }
}
