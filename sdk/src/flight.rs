//! One attempt: a `fetch` under way.
//!
//! gloo-net builds requests and reads responses, but the sending is done here: its `send` panics on a rejection that is not an
//! `Error`, and `controller.abort("any value")` makes just that.

use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::{Array, Promise};
use tidegate_core::{Head, Instant, Outcome, http};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Request, Response};

use crate::boundary::{self, property};
use crate::clock;
use crate::copies::Way;
use crate::head::Reply;

/// What a request says for us, beside what it says for its caller.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// How the browser's own cache is used.
    pub(crate) mode: Option<&'static str>,
    fields: Vec<(&'static str, String)>,
}

impl Words {
    /// A header field.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.fields.push((name, value.into()));
    }
}

/// Whose word ends an attempt, beside ours.
#[derive(Clone, Debug, Default)]
pub(crate) struct Callers(pub(crate) Vec<AbortSignal>);

impl Callers {
    /// `None` where there is nobody.
    fn listed(&self) -> Option<Array> {
        (!self.0.is_empty()).then(|| self.0.iter().collect())
    }
}

/// What came of an attempt.
#[derive(Clone, Debug)]
pub(crate) enum Landing {
    /// The promise was rejected, with whatever value.
    Rejected(JsValue),
    /// A response, whatever its status.
    Response(Reply),
}

/// An attempt under way. Dropping it aborts it.
#[derive(Debug)]
pub(crate) struct Flight {
    /// How it asks.
    pub(crate) way: Way,
    pub(crate) sent: Instant,
    promise: JsFuture,
    controller: Option<AbortController>,
}

impl Flight {
    /// Sends a request, with the signals that are to end it, and what we have to say. If it may have to be sent again it stays unused: a
    /// clone goes out.
    ///
    /// # Errors
    /// When its body was used already. Nothing was sent then.
    pub(crate) fn launch(
        request: &Request,
        again: bool,
        callers: Callers,
        words: &Words,
        (way, sent): (Way, Instant),
    ) -> Result<Flight, JsValue> {
        // A clone of what is sent once would only hold its body in memory.
        let copy = match again || request.body_used() || !words.fields.is_empty() {
            true => request.clone()?,
            false => Clone::clone(request),
        };
        for (name, value) in &words.fields {
            // Refused in the mode `no-cors`.
            let _ = copy.headers().set(name, value);
        }
        let controller = AbortController::new().ok();
        let ours = controller.as_ref().map(AbortController::signal);
        let promise = boundary::send(&copy, ours.as_ref(), callers.listed(), words.mode)
            .unwrap_or_else(|thrown| Promise::reject(&thrown).unchecked_into());
        Ok(Flight {
            way,
            sent,
            promise: JsFuture::from(promise),
            controller,
        })
    }

    /// It has landed: what is left is to read the body, which this ends.
    pub(crate) fn leash(mut self) -> Option<AbortController> {
        self.controller.take()
    }
}

impl Future for Flight {
    type Output = Landing;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Landing> {
        Pin::new(&mut self.promise)
            .poll(cx)
            .map(|result| match result {
                Ok(value) => Reply::of(&value).map_or(Landing::Rejected(value), Landing::Response),
                Err(rejection) => Landing::Rejected(rejection),
            })
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

impl Landing {
    /// What the policies make of it.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Landing::Rejected(_) => Outcome::Unreachable,
            Landing::Response(Reply { head, .. }) => {
                let retry_after = head
                    .field("retry-after")
                    .and_then(|value| http::retry_after(value, head.field("date"), clock::wall()));
                Outcome::Head(Head {
                    status: head.status,
                    retry_after,
                })
            }
        }
    }

    /// Nobody wants it.
    pub(crate) fn discard(self) {
        if let Landing::Response(reply) = self {
            discard(&reply.response);
        }
    }
}

/// Lets go of a response that nobody will read, so that its connection is free again.
pub(crate) fn discard(response: &Response) {
    if let Some(body) = response.body()
        // It is being read, or was, where it had to be seen before the answer could be made.
        && !body.locked()
        // A polyfill's or a mock's may be another kind of stream.
        && property(&body, "cancel").is_function()
    {
        // Not awaited: where `fetch` is mocked it may never settle.
        drop(body.cancel());
    }
}
