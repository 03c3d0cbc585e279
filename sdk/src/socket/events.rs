//! Event streams, where no socket is to be had: one request for each channel, by `fetch`. JavaScript reads and decodes them (`boundary.js`).

use std::rc::Rc;

use tidegate_core::http;
use tidegate_core::session::{Input, LinkId, StreamId};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use super::address::{self, Streams};
use super::driver::Driver;
use crate::boundary::{self, property};
use crate::clock;

/// An event stream that was asked for. Dropping it aborts it, and what it says from then on is heard by nobody.
pub(super) struct Attended {
    id: StreamId,
    link: LinkId,
    controller: AbortController,
    /// `told` of `boundary.js`; none while it is asked where the stream is.
    told: Option<Told>,
}

type Told = Closure<dyn FnMut(u8, JsValue, JsValue, JsValue, JsValue)>;

impl Drop for Attended {
    fn drop(&mut self) {
        self.controller.abort();
    }
}

impl Driver {
    /// Asks for the stream of a channel.
    pub(super) fn attend(
        self: &Rc<Driver>,
        (link, id): (LinkId, StreamId),
        channel: String,
        since: Option<String>,
        refresh: bool,
    ) {
        let (Some(streams), Ok(controller)) = (self.streams.clone(), AbortController::new()) else {
            self.note(Input::StreamEnded { stream: id });
            return;
        };
        self.attended.borrow_mut().push(Attended {
            id,
            link,
            controller,
            told: None,
        });
        let ask = match streams {
            Streams::At(url) => return self.ask(id, &url.into(), &channel, since.as_deref()),
            Streams::Asked(ask) => ask,
        };
        let (driver, life) = (Rc::downgrade(self), self.life.get());
        spawn_local(async move {
            // Not before: it is the application's own function, and may do anything.
            let found = ask(&channel, refresh).await;
            let driver = driver.upgrade();
            let Some(driver) = driver.filter(|driver| driver.life.get() == life) else {
                return;
            };
            match found {
                Some(target) => {
                    let url = target.as_string();
                    let url = url.or_else(|| property(&target, "url").as_string());
                    driver.reside_streams(&url.unwrap_or_default());
                    driver.ask(id, &target, &channel, since.as_deref());
                }
                None => driver.on(Input::StreamNotProvided { stream: id }),
            }
        });
    }

    /// Whose breaker and retry budget streams come under.
    pub(super) fn reside_streams(&self, url: &str) {
        let (origin, path) = address::place(url);
        let scope = self.inner.engine().scope(&origin, &path);
        self.session.borrow_mut().reside_streams(scope);
    }

    fn ask(self: &Rc<Driver>, id: StreamId, target: &JsValue, channel: &str, since: Option<&str>) {
        let driver = Rc::downgrade(self);
        let told: Told = Closure::new(
            move |what, first: JsValue, second: JsValue, wait: JsValue, date: JsValue| {
                let Some(driver) = driver.upgrade() else {
                    return;
                };
                driver.on(match what {
                    0 => Input::StreamAnswered {
                        stream: id,
                        status: first.as_f64().unwrap_or_default() as u16,
                        events: second.is_truthy(),
                        retry_after: wait.as_string().and_then(|wait| {
                            http::retry_after(&wait, date.as_string().as_deref(), clock::wall())
                        }),
                    },
                    1 => Input::StreamSaid {
                        stream: id,
                        text: first.as_string().unwrap_or_default(),
                    },
                    _ => {
                        driver.leave(|each| each.id == id);
                        Input::StreamEnded { stream: id }
                    }
                });
            },
        );
        let signal = {
            let mut attended = self.attended.borrow_mut();
            let Some(stream) = attended.iter_mut().find(|each| each.id == id) else {
                // It was given up meanwhile.
                return;
            };
            stream.told = Some(told);
            (
                stream.controller.signal(),
                stream.told.as_ref().map(|told| told.as_ref().clone()),
            )
        };
        if let (signal, Some(told)) = signal {
            boundary::attend(target, channel, since, &signal, &told);
        }
    }

    /// Gives up a stream, or all of a connection.
    pub(super) fn leave_stream(&self, id: StreamId) {
        self.leave(|each| each.id == id);
    }

    pub(super) fn leave_streams(&self, link: LinkId) {
        self.leave(|each| each.link == link);
    }

    fn leave(&self, goes: impl Fn(&Attended) -> bool) {
        let mut gone = Vec::new();
        let mut attended = self.attended.borrow_mut();
        while let Some(place) = attended.iter().position(&goes) {
            gone.push(attended.swap_remove(place));
        }
        // Whoever listens to an abort runs before `abort` returns.
        drop(attended);
        drop(gone);
    }
}
