//! Reads a body to its end. It stays on JavaScript's side: only the lengths of its pieces are seen here.

use std::future::poll_fn;
use std::task::Poll;

use futures::FutureExt;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

use crate::global::property;
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
    let Some(body) = response.body() else {
        return Ok(Some(ArrayBuffer::new(0)));
    };
    let reader = ReadableStreamDefaultReader::new(&body)?;
    let (mut chunks, mut bytes) = (Vec::<Uint8Array>::new(), 0);
    loop {
        let mut next = JsFuture::from(reader.read());
        let chunk = poll_fn(|cx| match late.poll_unpin(cx) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => next.poll_unpin(cx).map(Some),
        })
        .await;
        let Some(chunk) = chunk.transpose()? else {
            drop(reader.cancel());
            return Ok(None);
        };
        if property(&chunk, "done").is_truthy() {
            return Ok(Some(joined(&chunks, bytes)));
        }
        let chunk = property(&chunk, "value");
        // A mock's stream may give anything; what is no bytes here is none for `fetch` either.
        let is_bytes = ArrayBuffer::is_view(&chunk)
            && property(&chunk, "BYTES_PER_ELEMENT").as_f64() == Some(1.0);
        let chunk: Uint8Array = chunk.unchecked_into();
        if is_bytes {
            bytes += chunk.byte_length();
        }
        if !is_bytes || bytes > most {
            drop(reader.cancel());
            return Ok(None);
        }
        chunks.push(chunk);
    }
}

/// Copied by the browser, from one of its buffers to another.
pub(crate) fn joined(chunks: &[Uint8Array], bytes: u32) -> ArrayBuffer {
    let whole = Uint8Array::new_with_length(bytes);
    let mut place = 0;
    for chunk in chunks {
        whole.set(chunk, place);
        place += chunk.byte_length();
    }
    whole.buffer()
}
