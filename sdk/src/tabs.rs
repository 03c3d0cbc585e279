//! The other tabs of one user: a lock that each of them holds, and a channel that all of them hear.
//!
//! Where the browser has no locks (an insecure address) the other tabs are told and not waited for.

use std::fmt;
use std::future::poll_fn;
use std::task::Poll;

use futures::FutureExt;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::boundary::{Hold, property};
use crate::timer::Sleep;

type Gone = Closure<dyn FnMut(JsValue)>;

/// This tab is one of a user's, for as long as it lives.
pub(crate) struct Presence {
    channel: Option<JsValue>,
    hold: Hold,
    /// What becomes of the lock, and what is called back when it is taken away.
    lock: Option<(Promise, Gone)>,
}

impl Presence {
    /// Calls back when the user has gone elsewhere.
    pub(crate) fn begin(name: &str, mut gone: impl FnMut() + 'static) -> Presence {
        let gone = Closure::<dyn FnMut(JsValue)>::new(move |told: JsValue| {
            // A lock that is refused, as in a sandboxed frame, sends nobody away; one that is taken does.
            let refusal = property(&told, "name").as_string();
            if refusal.is_none_or(|name| name == "AbortError") {
                gone();
            }
        });
        let callback: &JsValue = gone.as_ref();
        let channel = channel(&topic(name));
        if let Some(channel) = &channel {
            let _ = Reflect::set(channel, &"onmessage".into(), callback);
            // Outside of browsers it would keep the process alive.
            let _ = method(channel, "unref", &Array::new());
        }
        let hold = Hold::new();
        let asked = lock(
            &topic(name),
            ("mode", &"shared".into()),
            &giving(&hold.until()),
        );
        if let Some(asked) = &asked {
            // It is rejected when the lock is taken away.
            let _ = method(asked, "then", &Array::of2(&JsValue::UNDEFINED, callback));
        }
        let asked = asked.unwrap_or_else(|| Promise::resolve(&JsValue::NULL));
        Presence {
            channel,
            hold,
            lock: Some((asked, gone)),
        }
    }
}

/// A user's going, of which all tabs that are theirs at that moment have been told.
pub(crate) struct Farewell {
    name: String,
    /// That none of these tabs is left.
    alone: Option<Promise>,
}

impl Farewell {
    /// Tells all tabs of a user that they have gone. Those that are the user's later neither hear of it nor are waited for.
    pub(crate) fn bid(name: &str) -> Farewell {
        if let Some(channel) = channel(&topic(name)) {
            let _ = method(&channel, "postMessage", &Array::of1(&"gone".into()));
            let _ = method(&channel, "close", &Array::new());
        }
        Farewell {
            name: name.to_owned(),
            alone: lock(&topic(name), ("mode", &"exclusive".into()), &nothing()),
        }
    }

    /// Waits until each has let go; past a time, the lock is taken from those that have not.
    pub(crate) async fn wait(self, mut late: Sleep) {
        let Some(alone) = self.alone else {
            return;
        };
        let mut alone = JsFuture::from(alone);
        let in_time = poll_fn(|cx| match alone.poll_unpin(cx) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending => late.poll_unpin(cx).map(|()| false),
        })
        .await;
        if !in_time
            && let Some(taken) = lock(&topic(&self.name), ("steal", &JsValue::TRUE), &nothing())
        {
            let _ = JsFuture::from(taken).await;
        }
    }
}

/// What tabs tell each other under one topic. Where the browser has no channels nobody hears anything.
pub(crate) struct Channel {
    channel: Option<JsValue>,
    _heard: Closure<dyn FnMut(JsValue)>,
}

impl Channel {
    /// Calls back with each word of another tab, for as long as this lives; what is returned is told in reply.
    pub(crate) fn open(
        topic: &str,
        mut heard: impl FnMut(&JsValue) -> Option<&'static str> + 'static,
    ) -> Channel {
        let channel = channel(topic);
        let speaks = channel.clone();
        let heard = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let reply = heard(&property(&event, "data"));
            if let (Some(channel), Some(reply)) = (&speaks, reply) {
                let _ = method(channel, "postMessage", &Array::of1(&reply.into()));
            }
        });
        if let Some(channel) = &channel {
            let _ = Reflect::set(channel, &"onmessage".into(), heard.as_ref());
            // Outside of browsers it would keep the process alive.
            let _ = method(channel, "unref", &Array::new());
        }
        Channel {
            channel,
            _heard: heard,
        }
    }

    pub(crate) fn tell(&self, word: &JsValue) {
        if let Some(channel) = &self.channel {
            let _ = method(channel, "postMessage", &Array::of1(word));
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            let _ = Reflect::set(channel, &"onmessage".into(), &JsValue::NULL);
            let _ = method(channel, "close", &Array::new());
        }
    }
}

/// What gives a lock back as soon as it is granted.
fn nothing() -> JsValue {
    giving(&Object::new())
}

pub(crate) fn channel(topic: &str) -> Option<JsValue> {
    let class: Function = property(&js_sys::global(), "BroadcastChannel")
        .dyn_into()
        .ok()?;
    Reflect::construct(&class, &Array::of1(&topic.into())).ok()
}

/// Asks for a lock; `held` is called with it, and what it returns is how long.
pub(crate) fn lock(
    topic: &str,
    (option, value): (&str, &JsValue),
    held: &JsValue,
) -> Option<Promise> {
    let locks = property(&property(&js_sys::global(), "navigator"), "locks");
    let options = Object::new();
    Reflect::set(&options, &option.into(), value).ok()?;
    let words = Array::of3(&topic.into(), &options, held);
    method(&locks, "request", &words)?.dyn_into().ok()
}

/// A function that gives a value: the browser's own, since a lock may be granted when nothing here is left to be called.
fn giving(value: &JsValue) -> JsValue {
    let method = property(value, "valueOf").dyn_into::<Function>();
    method.map_or(JsValue::UNDEFINED, |method| method.bind0(value).into())
}

fn topic(name: &str) -> String {
    ["tidegate user ", name].concat()
}

pub(crate) fn method(object: &JsValue, name: &str, words: &Array) -> Option<JsValue> {
    let method: Function = property(object, name).dyn_into().ok()?;
    method.apply(object, words).ok()
}

impl Drop for Presence {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            let _ = Reflect::set(channel, &"onmessage".into(), &JsValue::NULL);
            let _ = method(channel, "close", &Array::new());
        }
        self.hold.let_go();
        // A lock that was not granted yet is when it is its turn, and goes back at once.
        if let Some((asked, gone)) = self.lock.take() {
            spawn_local(async move {
                let _ = JsFuture::from(asked).await;
                drop(gone);
            });
        }
    }
}

impl fmt::Debug for Presence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presence").finish_non_exhaustive()
    }
}
