//! An answer on its way from the tab that has sent an entry to the tab whose caller waits for it.
//!
//! Each entry has a channel of its own, named by its number and its key: only who waits for it listens there. What the server will not have is its caller's to know,
//! and no dead letter, only if they have heard of it; so whoever hears an answer says so.

use js_sys::ArrayBuffer;
use tidegate_core::Millis;
use tidegate_core::outbox::Entry;
use wasm_bindgen::prelude::*;
use web_sys::Response;

use super::waiter::Answer;
use crate::body;
use crate::boundary::{self, property};
use crate::head::Reply;
use crate::inner::Inner;
use crate::store::{Receipt, object};
use crate::tabs::Channel;

const TOPIC: &str = "tidegate answer ";
const HEARD: &str = "heard";
/// Two tabs of a busy machine need a few milliseconds; who is frozen does not wait any more.
const LONGEST: Millis = Millis(500);

/// The channel of an entry. A key alone may be that of other entries too: of another user, or to another URL.
pub(super) fn topic(entry: &Entry) -> String {
    [TOPIC, &entry.id.to_string(), " ", &entry.key].concat()
}

/// Listens, for as long as this lives, for the answer to the entry of a channel.
pub(super) fn listen(topic: &str, mut take: impl FnMut(Answer) + 'static) -> Channel {
    Channel::open(topic, move |word| {
        take(answer_of(word)?);
        Some(HEARD)
    })
}

/// Tells whoever waits for the entry of a channel in another tab: whether somebody does, and has heard it.
pub(super) async fn tell(inner: &Inner, topic: &str, reply: &Reply, attempt: u32) -> bool {
    let heard = Receipt::default();
    let hears = heard.clone();
    let channel = Channel::open(topic, move |word| {
        if word.as_string().as_deref() == Some(HEARD) {
            hears.settle(true);
        }
        None
    });
    let Some(word) = word_of(inner, reply, attempt).await else {
        return false;
    };
    channel.tell(&word);
    let until = inner.now() + LONGEST;
    inner.timer.in_time(Box::pin(heard), until).await == Some(true)
}

/// `None` where it cannot be read, or is too large to be handed on.
async fn word_of(inner: &Inner, reply: &Reply, attempt: u32) -> Option<JsValue> {
    let Reply { response, head } = reply;
    let copy = response.clone().ok()?;
    let (most, total) = {
        let engine = inner.engine();
        let settings = engine.settings();
        (settings.outbox.entry_bytes, settings.timeout.total_ms)
    };
    let late = inner.timer.sleep(inner.now() + Millis(total.into()), None);
    let body = body::read(&copy, most, late).await.ok()??;
    Some(object(&[
        ("attempt", attempt.into()),
        ("status", head.status.into()),
        ("words", (&*head.words).into()),
        ("url", (&*head.url).into()),
        ("fields", head.fields.text().into()),
        ("body", body.into()),
    ]))
}

fn answer_of(word: &JsValue) -> Option<Answer> {
    let text = |name| property(word, name).as_string();
    let number = |name| property(word, name).as_f64();
    let status = number("status")? as u16;
    let body: Option<ArrayBuffer> = property(word, "body").dyn_into().ok();
    // The constructor refuses a body beside these.
    let body = body.filter(|_| !matches!(status, 204 | 205 | 304));
    let (fields, words, url) = (text("fields")?, text("words")?, text("url")?);
    let response: Response = boundary::respond(&fields, status, &words, body, &url, false).ok()?;
    Some((response, number("attempt")? as u32))
}
