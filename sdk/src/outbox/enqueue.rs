//! Takes a write in: its caller is told when it is on the disk, and not before.

use std::rc::Rc;

use js_sys::{Error as JsError, Uint8Array};
use tidegate_core::kept::Rules;
use tidegate_core::outbox::{Entry, Outbox as Machine, OutboxError, Write};
use tidegate_core::{Engine, Explanation, Millis, Source, Wall, split_url};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, Response};

use super::session::Change;
use super::wishes::Queue;
use crate::boundary::{self, property};
use crate::drive::Landed;
use crate::error::Error;
use crate::head::RequestHead;
use crate::identity::Identity;
use crate::inner::Inner;
use crate::store::object;

/// Whether the server is told the key of an entry: stored with its body.
pub(super) const TELLS: &str = "tells";
/// Whether somebody waits for the server's answer: stored with the body.
pub(super) const LIVE: &str = "live";

/// How long a write that was not to be queued waits to know whether its lane has entries.
const LONGEST_LOOK: Millis = Millis(250);

/// Stores a write.
///
/// # Errors
/// When it is no write that can be queued, does not fit, or is not on the disk.
pub(crate) async fn enqueue(
    inner: Rc<Inner>,
    whose: Rc<Identity>,
    request: Request,
    head: RequestHead,
    wishes: Rules,
    queue: Queue,
) -> Result<Landed, Error> {
    let url = head.address().to_owned();
    if !head.is_sent() || head.mode == "no-cors" {
        let why = "only what goes to a backend, and has an answer that can be read, can be queued";
        return Err(Error::Invalid(JsError::new(why).into()));
    }
    let aborted = || Error::Aborted(request.signal().reason());
    if request.signal().aborted() {
        return Err(aborted());
    }
    let body = match request.array_buffer() {
        Ok(body) => JsFuture::from(body).await,
        Err(error) => Err(error),
    };
    let body = body.map_err(Error::Invalid)?;
    if request.signal().aborted() {
        return Err(aborted());
    }
    let rules = wishes.over(inner.rules.borrow().of(&url));
    let said = |name: &str| head.fields.value(name).map(String::from);
    let (own, authorization) = (said("idempotency-key"), said("authorization"));
    let keyed = own.is_some() || rules.idempotent == Some(true);
    let key = own.unwrap_or_else(boundary::random_key);
    // Another origin that does not expect the key would not be asked at all: the browser asks first whether it may send it.
    let tells = keyed || inner.is_own(&url);
    let (stored, bytes) = record_of(&request, &head, body, [tells.into(), queue.live.into()]);
    let mut write = Write::new(&head.method, &url, &key);
    write.fields = head.fields.into_inner();
    write.keyed = keyed;
    write.sent = queue.sent;
    write.bytes = bytes;
    write.merges = queue.merges;
    write.after = queue.after;
    write.lane = queue.lane.unwrap_or(write.lane);
    let mut plan = |machine: &Machine, engine: &Engine, wall: Wall| -> Result<_, OutboxError> {
        // It is there already: stored although the database said otherwise, or queued twice by its caller with one key.
        let same = |entry: &&Entry| {
            entry.key == key
                && entry.method == write.method
                && entry.url == url
                && !entry.state.is_dead()
        };
        match machine.entries().find(same) {
            Some(entry) => Ok(Change::Made(Some(entry.id))),
            None => machine.enqueue(engine, wall, &write).map(Change::Batch),
        }
    };
    let gone = || match inner.whose().visit == whose.visit {
        true => Ok(()),
        false => Err(Error::Aborted(crate::identity::signed_out())),
    };
    gone()?;
    let session = inner.session();
    let id = session.change(&inner, &mut plan, &stored).await?;
    let answer = match id.filter(|_| queue.live) {
        Some(id) => {
            let signals = whose.signal().into_iter().chain([request.signal()]);
            let outcome = session.outcome(&inner, id, authorization, signals).await;
            gone()?;
            outcome
        }
        None => None,
    };
    let (origin, path) = split_url(&url);
    let scope = inner.engine().scope(origin, path);
    let scope = String::from(inner.engine().scope_name(scope));
    let (source, response, attempts) = match answer {
        Some((response, attempts)) => (Source::Network, response, attempts),
        None => {
            let id = id.map_or_else(String::new, |id| id.to_string());
            (Source::Queue, accepted(&url, &id)?, 0)
        }
    };
    let mut explanation = Explanation::new(source, scope, attempts);
    explanation.entry = id.map(|id| id.0);
    Ok(Landed {
        response,
        explanation,
        leash: None,
    })
}

/// Whether a write that is not to be queued would overtake what is.
pub(crate) async fn joins(inner: &Rc<Inner>, head: &RequestHead) -> bool {
    let session = inner.outbox.present();
    let Some(session) = session.filter(|_| inner.engine().settings().outbox.join > 0) else {
        return false;
    };
    let read = session.machine.borrow().is_read();
    if !read {
        let until = inner.now() + LONGEST_LOOK;
        let known = Box::pin(async { session.know(inner).await.is_ok() });
        // What cannot be read now is in nobody's way.
        if inner.timer.in_time(known, until).await != Some(true) {
            return false;
        }
    }
    let (origin, path) = split_url(head.address());
    session.machine.borrow().holds(&[origin, path].concat())
}

/// What is stored of a request beside its entry, and the size of its body.
pub(super) fn record_of(
    request: &Request,
    head: &RequestHead,
    body: JsValue,
    [tells, live]: [JsValue; 2],
) -> (JsValue, u64) {
    let bytes = property(&body, "byteLength").as_f64().unwrap_or_default();
    let record = object(&[
        ("body", if bytes > 0.0 { body } else { JsValue::NULL }),
        ("credentials", (&*head.credentials).into()),
        ("mode", (&*head.mode).into()),
        ("referrerPolicy", property(request, "referrerPolicy")),
        (TELLS, tells),
        (LIVE, live),
    ]);
    (record, bytes as u64)
}

/// It is accepted, as RFC 9110 has it: not carried out yet, and perhaps never.
fn accepted(url: &str, id: &str) -> Result<Response, Error> {
    let text = ["{\"entry\":", id, "}"].concat();
    let body = Uint8Array::from(text.as_bytes()).buffer();
    let fields = "content-type,application/json";
    boundary::respond(fields, 202, "Accepted", Some(body), url, false).map_err(Error::Invalid)
}
