//! Changes on their way to the store. Who looks for an answer that is about to be kept, before it asks the network, waits for a moment, since
//! there it will be; and nobody is given what has become void, however slow the disk is to forget it.

use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use futures::FutureExt;
use js_sys::{Function, Promise};
use tidegate_core::{Instant, Millis};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::inner::Inner;

/// How long a body that is still coming is waited for. Longer than that the network is quicker.
const LONGEST: Millis = Millis(100);

/// More writes than a page makes while one answer is read.
const MOST_WRITTEN: usize = 64;

/// A change on its way: as long as it lives.
pub(crate) struct Arrival {
    inner: Rc<Inner>,
    number: u64,
}

/// One that others may wait for.
pub(crate) struct Awaited {
    number: u64,
    visit: u64,
    url: String,
    void: bool,
    /// Its body is here.
    read: bool,
    here: Promise,
    arrived: Option<Function>,
}

impl Inner {
    /// An answer to a URL is about to be kept, or what is kept of it to be forgotten.
    pub(crate) fn arriving(self: &Rc<Inner>, visit: u64, url: &str, void: bool) -> Arrival {
        let mut arrived = None;
        let here = Promise::new(&mut |resolve, _| arrived = Some(resolve));
        let mut arrivals = self.arrivals.borrow_mut();
        let number = arrivals.last().map_or(0, |last| last.number + 1);
        arrivals.push(Awaited {
            number,
            visit,
            url: url.into(),
            void,
            read: false,
            here,
            arrived,
        });
        Arrival {
            inner: self.clone(),
            number,
        }
    }

    /// Something was written there: what was asked of it before may be of before.
    pub(crate) fn wrote(&self, url: &str) {
        let mut written = self.written.borrow_mut();
        written.retain(|(each, _)| each != url);
        if written.len() >= MOST_WRITTEN {
            written.remove(0);
        }
        written.push((url.into(), self.now()));
    }

    /// Whether an answer that was asked for then may be of before a write.
    pub(crate) fn is_overtaken(&self, url: &str, sent: Instant) -> bool {
        let written = self.written.borrow();
        written.iter().any(|(each, at)| each == url && sent <= *at)
    }

    /// Waits until what is void is forgotten, and, before the network is asked, for an answer that is about to be kept.
    pub(crate) async fn arrived(&self, visit: u64, url: &str, first: bool) {
        let mut patient = first;
        loop {
            let awaited = {
                let arrivals = self.arrivals.borrow();
                let same = |it: &&Awaited| it.visit == visit && it.url == url;
                let worth = |it: &&Awaited| it.void || (first && it.read) || patient;
                let mut theirs = arrivals.iter().filter(same);
                theirs
                    .rfind(worth)
                    .map(|it| (it.here.clone(), it.void || it.read))
            };
            let Some((here, sure)) = awaited else { return };
            patient &= sure;
            let until = match sure {
                true => Instant::NEVER,
                false => self.now() + LONGEST,
            };
            self.one_arrived(here, until).await;
        }
    }

    /// Waits for all that is on its way now.
    pub(crate) async fn all_arrived(&self) {
        let here: Vec<Promise> = self
            .arrivals
            .borrow()
            .iter()
            .map(|it| it.here.clone())
            .collect();
        for here in here {
            self.one_arrived(here, Instant::NEVER).await;
        }
    }

    async fn one_arrived(&self, here: Promise, until: Instant) {
        let mut here = JsFuture::from(here);
        let mut late = self.timer.sleep(until, None);
        poll_fn(|cx| match here.poll_unpin(cx) {
            Poll::Ready(_) => Poll::Ready(()),
            Poll::Pending => late.poll_unpin(cx),
        })
        .await;
    }
}

impl Arrival {
    /// The network's last byte is here: what is left is the disk's, which takes no longer than it must.
    pub(crate) fn is_read(&self) {
        let mut arrivals = self.inner.arrivals.borrow_mut();
        let mine = arrivals.iter_mut().filter(|it| it.number == self.number);
        mine.for_each(|it| it.read = true);
    }
}

impl Drop for Arrival {
    fn drop(&mut self) {
        let mut arrivals = self.inner.arrivals.borrow_mut();
        arrivals.retain(|it| {
            let mine = it.number == self.number;
            if mine && let Some(arrived) = &it.arrived {
                let _ = arrived.call0(&JsValue::UNDEFINED);
            }
            !mine
        });
    }
}
