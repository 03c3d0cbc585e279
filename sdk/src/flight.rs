//! One attempt: a `fetch` under way.
//!
//! gloo-net builds requests and reads responses, but the sending is done here: its `send` panics on a rejection that is not an
//! `Error`, and `controller.abort("any value")` makes just that.

use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::{Array, Function, Promise, Reflect};
use tidegate_core::{Head, Outcome, http};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Request, Response};

use crate::clock;
use crate::global::{self, header, like};

/// What came of an attempt.
#[derive(Clone, Debug)]
pub(crate) enum Landing {
    /// The promise was rejected, with whatever value.
    Rejected(JsValue),
    /// A response, whatever its status.
    Response(Response),
}

/// An attempt under way. Dropping it aborts it.
#[derive(Debug)]
pub(crate) struct Flight {
    promise: JsFuture,
    controller: Option<AbortController>,
}

impl Flight {
    /// Sends a request, with its caller's signal if that is to end it, and the number of the attempt if the backend is to be told. If it
    /// may have to be sent again it stays unused: a clone goes out.
    ///
    /// # Errors
    /// When its body was used already. Nothing was sent then.
    pub(crate) fn launch(
        request: &Request,
        again: bool,
        callers: Option<&AbortSignal>,
        tell: Option<u32>,
    ) -> Result<Flight, JsValue> {
        // A clone of what is sent once would only hold its body in memory.
        let copy = match again || request.body_used() {
            true => request.clone()?,
            false => Clone::clone(request),
        };
        if let Some(attempt) = tell {
            // Refused in the mode `no-cors`.
            let _ = copy.headers().set("tidegate-attempt", &attempt.to_string());
        }
        let controller = AbortController::new().ok();
        let init = like(request, &["referrer", "referrerPolicy"]);
        if let Some(controller) = &controller {
            let ours = controller.signal();
            init.set_signal(Some(
                &callers.map_or_else(|| ours.clone(), |callers| either(callers, &ours)),
            ));
        }
        let promise = global::fetch(&copy, &init)
            .unwrap_or_else(|thrown| Promise::reject(&thrown).unchecked_into());
        Ok(Flight {
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
                // Asked by shape: a mock's response may come from another realm, where `instanceof` fails.
                Ok(value) if global::property(&value, "status").as_f64().is_some() => {
                    Landing::Response(value.unchecked_into())
                }
                Ok(value) | Err(value) => Landing::Rejected(value),
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
            Landing::Response(response) => {
                let headers = response.headers();
                let retry_after = header(&headers, "retry-after").and_then(|value| {
                    http::retry_after(&value, header(&headers, "date").as_deref(), clock::wall())
                });
                Outcome::Head(Head {
                    status: response.status(),
                    retry_after,
                })
            }
        }
    }

    /// Lets go of a response that nobody will read, so that its connection is free again.
    pub(crate) fn discard(self) {
        if let Landing::Response(response) = self
            && let Some(body) = response.body()
        {
            // Not awaited: where `fetch` is mocked it may never settle.
            drop(body.cancel());
        }
    }
}

/// A signal that fires when one of the two does, after the response's head as well as before it. Where `AbortSignal.any` is missing
/// (before 2023), the caller's signal reaches the attempt only until its head is there.
fn either(callers: &AbortSignal, ours: &AbortSignal) -> AbortSignal {
    let class = global::property(&js_sys::global(), "AbortSignal");
    let any = Reflect::get(&class, &"any".into())
        .ok()
        .and_then(|any| any.dyn_into::<Function>().ok());
    any.and_then(|any| any.call1(&class, &Array::of2(callers, ours)).ok())
        .map_or_else(|| ours.clone(), JsCast::unchecked_into)
}
