//! A kept answer: what is stored of a response, and the response made of it again.
//!
//! The body stays an `ArrayBuffer` on JavaScript's side; it never passes through the module's memory.
//!
//! Until users have identities here, a response that may be about one person is not kept: that of a request with an `Authorization`
//! field, and what says `no-store`.

use std::future::poll_fn;
use std::task::Poll;

use futures::FutureExt;
use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use tidegate_core::{Millis, Reason, Wall};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamDefaultReader, Request, Response, ResponseInit};

use crate::clock;
use crate::global::{header, property};
use crate::timer::Sleep;

/// Fields that a request may vary in and still find its answer: the first two are part of the key, the others never change within a
/// page.
const KNOWN_VARY: [&str; 5] = [
    "accept",
    "accept-language",
    "accept-encoding",
    "origin",
    "user-agent",
];

/// Types whose bodies go on for ever.
const ENDLESS: [&str; 3] = [
    "text/event-stream",
    "multipart/x-mixed-replace",
    "application/x-ndjson",
];

/// A kept answer.
#[derive(Clone, Debug)]
pub(crate) struct Kept(JsValue);

/// Under which key the answer to a request is kept; `None` when it must not be: it is about one person, part of a whole, not from a
/// backend (`data:`, `blob:`), or the caller asked for `cache: "no-store"`.
pub(crate) fn key(request: &Request) -> Option<String> {
    let headers = request.headers();
    let personal = header(&headers, "authorization").is_some();
    let partial = header(&headers, "range").is_some();
    let refused = property(request, "cache").as_string().as_deref() == Some("no-store");
    let url = request.url();
    if request.method() != "GET" || personal || partial || refused || !url.starts_with("http") {
        return None;
    }
    let url = url.split('#').next().unwrap_or_default();
    let field = |name| header(&headers, name).unwrap_or_default();
    let (accept, language) = (field("accept"), field("accept-language"));
    Some([url, "\n", &accept, "\n", &language].concat())
}

/// Whether a response says that what was kept is no longer to be shown: to this user, or to anybody.
pub(crate) fn revokes(response: &Response) -> bool {
    matches!(response.status(), 401 | 403 | 404 | 410)
}

/// Whether a response may be kept: a whole 200 of known size or none, that does not say `no-store`, does not vary in unknown ways and
/// has an end. What a mock makes up without headers or a body that can be read is left alone.
pub(crate) fn may_keep(response: &Response, entry_bytes: u32) -> bool {
    let body = property(response, "body");
    let readable = body.is_null() || property(&body, "getReader").is_function();
    if response.status() != 200 || !readable || !property(response, "headers").is_object() {
        return false;
    }
    let headers = response.headers();
    let field = |name| {
        header(&headers, name)
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let as_known = field("vary")
        .split(',')
        .map(str::trim)
        .all(|name| name.is_empty() || KNOWN_VARY.contains(&name));
    let content = field("content-type");
    let endless = ENDLESS.iter().any(|kind| content.starts_with(kind));
    let small = field("content-length").parse().unwrap_or(0) <= u64::from(entry_bytes);
    let forbidden = field("cache-control")
        .split(',')
        .any(|directive| directive.trim() == "no-store");
    as_known && small && !endless && !forbidden
}

impl Kept {
    /// Reads a response to its end; `None` when it breaks off, is larger than allowed or comes too late. The response is used up.
    pub(crate) async fn of(response: &Response, entry_bytes: u32, late: Sleep) -> Option<Kept> {
        let body = read(response, entry_bytes, late).await.ok().flatten()?;
        // Pairs of name and value.
        let headers = Array::from(&property(response, "headers"));
        let record = Object::new();
        let fields: [(&str, JsValue); 6] = [
            ("url", property(response, "url")),
            ("status", property(response, "status")),
            ("statusText", property(response, "statusText")),
            ("headers", headers.into()),
            ("body", body.into()),
            ("storedAt", (clock::wall().0 as f64).into()),
        ];
        for (name, value) in fields {
            Reflect::set(&record, &name.into(), &value).ok()?;
        }
        Some(Kept(record.into()))
    }

    /// What the store had, if it is what this release stores.
    pub(crate) fn from_store(record: JsValue) -> Option<Kept> {
        let whole = property(&record, "body").is_instance_of::<ArrayBuffer>()
            && property(&record, "headers").is_array()
            && property(&record, "status").as_f64().is_some()
            && property(&record, "storedAt").as_f64().is_some();
        whole.then_some(Kept(record))
    }

    /// As it is stored.
    pub(crate) fn record(&self) -> &JsValue {
        &self.0
    }

    /// The size of its body.
    pub(crate) fn bytes(&self) -> u64 {
        property(&property(&self.0, "body"), "byteLength")
            .as_f64()
            .unwrap_or_default() as u64
    }

    /// When it was stored.
    pub(crate) fn stored_at(&self) -> Wall {
        Wall(property(&self.0, "storedAt").as_f64().unwrap_or_default() as u64)
    }

    /// How old it is: the age that it came with, and the time since.
    pub(crate) fn age(&self) -> Millis {
        let resident = clock::wall() - self.stored_at();
        Millis(resident.0 + self.age_when_stored() * 1_000)
    }

    /// A native response that says where it comes from: `Age` (RFC 9111) and `Cache-Status` (RFC 9211).
    ///
    /// # Errors
    /// What the constructor throws.
    pub(crate) fn response(&self, age: Millis, reason: Reason) -> Result<Response, JsValue> {
        let headers = web_sys::Headers::new()?;
        for pair in self.headers() {
            // A field that this browser refuses is left out rather than making the whole answer useless.
            let _ = headers.append(&text(&pair, 0), &text(&pair, 1));
        }
        headers.set("age", &(age.0 / 1_000).to_string())?;
        headers.set(
            "cache-status",
            &["tidegate; hit; detail=", reason.as_str()].concat(),
        )?;

        let init = ResponseInit::new();
        init.set_status(200);
        init.set_status_text(
            &property(&self.0, "statusText")
                .as_string()
                .unwrap_or_default(),
        );
        init.set_headers(&headers);
        let body: Object = property(&self.0, "body").unchecked_into();
        let response = Response::new_with_opt_buffer_source_and_init(Some(&body), &init)?;

        // `url` cannot be given to the constructor, and libraries read it.
        let descriptor = Object::new();
        Reflect::set(&descriptor, &"value".into(), &property(&self.0, "url"))?;
        let _ = Reflect::define_property(&response, &"url".into(), &descriptor);
        Ok(response)
    }

    fn headers(&self) -> Array {
        property(&self.0, "headers").unchecked_into()
    }

    fn age_when_stored(&self) -> u64 {
        let age = self.headers().iter().find(|pair| text(pair, 0) == "age");
        age.and_then(|pair| text(&pair, 1).parse::<u32>().ok())
            .unwrap_or(0)
            .into()
    }
}

fn text(pair: &JsValue, index: u32) -> String {
    Reflect::get_u32(pair, index)
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

/// The whole body; `None` when it is larger than allowed or comes too late.
async fn read(
    response: &Response,
    entry_bytes: u32,
    mut late: Sleep,
) -> Result<Option<ArrayBuffer>, JsValue> {
    let Some(body) = response.body() else {
        return Ok(Some(ArrayBuffer::new(0)));
    };
    let reader = ReadableStreamDefaultReader::new(&body)?;
    let (chunks, mut bytes) = (Array::new(), 0);
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
            break;
        }
        let chunk: Uint8Array = property(&chunk, "value").unchecked_into();
        bytes += chunk.byte_length();
        if bytes > entry_bytes {
            drop(reader.cancel());
            return Ok(None);
        }
        chunks.push(&chunk);
    }
    let blob = Blob::new_with_u8_array_sequence(&chunks)?;
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    Ok(Some(buffer.unchecked_into()))
}
