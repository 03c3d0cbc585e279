//! Event streams, where no socket is to be had: one request for each channel, by `fetch`. JavaScript reads and decodes them (`boundary.js`).

use std::rc::Rc;

use js_sys::Function;
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
    /// Goes one step on, and what is told of it, as `attend` of `boundary.js` says; none while it is asked where the stream is.
    steps: Option<(Function, Told)>,
    /// A step is under way.
    goes: bool,
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
            steps: None,
            goes: false,
        });
        let ask = match streams {
            Streams::At(url) => return self.request(id, &url.into(), &channel, since.as_deref()),
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
                    driver.request(id, &target, &channel, since.as_deref());
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

    fn request(
        self: &Rc<Driver>,
        id: StreamId,
        target: &JsValue,
        channel: &str,
        since: Option<&str>,
    ) {
        let driver = Rc::downgrade(self);
        let told: Told = Closure::new(
            move |what, first: JsValue, second: JsValue, wait: JsValue, date: JsValue| {
                if let Some(driver) = driver.upgrade() {
                    driver.told(id, what, &first, &second, (wait, date));
                }
            },
        );
        let mut attended = self.attended.borrow_mut();
        // It may have been given up meanwhile.
        if let Some(stream) = attended.iter_mut().find(|each| each.id == id) {
            let signal = stream.controller.signal();
            let step = boundary::attend(target, channel, since, &signal, told.as_ref());
            stream.steps = Some((step, told));
        }
        drop(attended);
        self.read_on();
    }

    fn told(
        self: &Rc<Driver>,
        stream: StreamId,
        what: u8,
        first: &JsValue,
        second: &JsValue,
        (wait, date): (JsValue, JsValue),
    ) {
        let mut attended = self.attended.borrow_mut();
        let same = attended.iter_mut().filter(|each| each.id == stream);
        same.for_each(|each| each.goes = false);
        drop(attended);
        self.on(match what {
            0 => Input::StreamAnswered {
                stream,
                status: first.as_f64().unwrap_or_default() as u16,
                events: second.is_truthy(),
                retry_after: wait.as_string().and_then(|wait| {
                    http::retry_after(&wait, date.as_string().as_deref(), clock::wall())
                }),
            },
            1 => Input::StreamSaid {
                stream,
                text: first.as_string().unwrap_or_default(),
            },
            _ => {
                self.leave_stream(stream);
                Input::StreamEnded { stream }
            }
        });
    }

    /// Reads on where what was read has been taken.
    pub(super) fn read_on(&self) {
        let mut steps = Vec::new();
        let session = self.session.borrow();
        for each in &mut *self.attended.borrow_mut() {
            if let Some((step, _)) = &each.steps
                && !each.goes
                && !session.holds(each.id)
            {
                each.goes = true;
                steps.push(step.clone());
            }
        }
        drop(session);
        // `fetch` may be anybody's: nothing is borrowed now.
        for step in steps {
            let _ = step.call0(&JsValue::UNDEFINED);
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
