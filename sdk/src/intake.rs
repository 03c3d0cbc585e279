//! What an answer of the network means for what is kept.

use std::pin::pin;
use std::rc::Rc;

use tidegate_core::http::{Validated, invalidated};
use tidegate_core::kept::Received;
use tidegate_core::{Instant, Millis};
use wasm_bindgen_futures::spawn_local;
use web_sys::Response;

use crate::body;
use crate::clock;
use crate::copies::{Copies, Way};
use crate::drive::Drive;
use crate::error::Error;
use crate::flight;
use crate::head::{Reply, ResponseHead};
use crate::keeper::Keeper;
use crate::store::Which;

/// The shortest time in which a page has a turn.
const TURN: Millis = Millis(1);

impl Drive {
    /// Reads an answer to what the server was asked about what is kept. Whether it is one: if not, it is to be asked without that, once.
    pub(crate) async fn understand(&mut self, reply: &Reply) -> Result<bool, Error> {
        let way = self.way;
        let (Some(mut copies), true) = (self.copies.take(), way != Way::AsItIs) else {
            return Ok(true);
        };
        let inner = self.inner().clone();
        let Reply { response, head } = reply;
        let (fields, status) = (&head.fields, head.status);
        let now = inner.now();
        let received = Received {
            url: &head.url,
            redirected: false,
            status_text: "",
            cross_origin: false,
            took: now - self.sent,
            wall: clock::wall(),
            now,
        };
        let understood = match (way, Validated::by(status)) {
            (_, Validated::Repeat) => false,
            (Way::Confirming, Validated::Holds) => {
                let confirm = pin!(copies.confirm(&inner.store, fields, received));
                self.aborts.guard(confirm).await?
            }
            (Way::Completing, _) if status == 206 => {
                let (limit, total) = {
                    let settings = inner.engine().settings().clone();
                    (settings.cache.entry_bytes, settings.timeout.total_ms)
                };
                let late = inner.timer.sleep(now + Millis(total.into()), None);
                let read = pin!(async {
                    match body::read(response, limit, late).await {
                        Ok(Some(rest)) => copies.complete(&inner.store, fields, &rest).await,
                        _ => None,
                    }
                });
                match (self.aborts.guard(read).await?, &self.asking) {
                    (Some((kept, body)), Some(asking)) => {
                        let (whose, url) = (asking.whose.clone(), asking.url.clone());
                        let inner = self.inner().clone();
                        if !inner.is_overtaken(&url, self.sent) {
                            spawn_local(async move {
                                inner.store.put(&whose.partition, &url, kept, body).await;
                            });
                        }
                        true
                    }
                    _ => false,
                }
            }
            _ => true,
        };
        self.copies = Some(copies);
        Ok(understood)
    }

    /// Whether the answer is what is kept.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.copies
            .as_ref()
            .is_some_and(|copies| copies.is_confirmed())
    }

    /// What an answer means for what is kept: it holds still; or it is void, since something was written or it is not to be shown any more;
    /// and it may be worth keeping itself. `kept` is who keeps it, and what they read, which nobody else does.
    fn take_in(&self, head: &ResponseHead, kept: Option<(Keeper, Response)>) {
        let Some(asking) = &self.asking else { return };
        let (inner, whose) = (self.inner().clone(), asking.whose.clone());
        let renewed = self.copies.as_ref().and_then(Copies::renewed);
        let status = head.status;
        let (method, url) = (&asking.method, &asking.url);
        let mut void = head
            .fields
            .with(|fields| invalidated(method, status, url, fields));
        if self.course.spec.read && Validated::by(status) == Validated::Withdrawn {
            void.push(url.clone());
        }
        if !self.course.spec.read {
            void.iter().for_each(|url| inner.wrote(url));
        }
        if void.is_empty() && kept.is_none() && renewed.is_none() {
            return;
        }
        let begins = kept.is_some() || renewed.is_some();
        let asked_url = url.clone();
        let arrival = begins.then(|| inner.arriving(whose.visit, url, false));
        let void: Vec<_> = void
            .into_iter()
            .map(|url| (inner.arriving(whose.visit, &url, true), url))
            .collect();
        let sent = self.sent;
        // Begun at once, so that whoever asks next does not find what is void; what is kept after it is not.
        spawn_local(async move {
            let renewed = renewed.filter(|_| !inner.is_overtaken(&asked_url, sent));
            for entry in renewed.into_iter().flatten() {
                let kept = entry.kept.clone();
                inner.store.renew(&entry, kept).await;
            }
            for (_void, url) in void {
                inner.store.remove(&whose.partition, &Which::Url(url)).await;
            }
            if let Some((keeper, copy)) = kept {
                // First its caller gets on with the answer.
                inner.timer.sleep(inner.now() + TURN, None).await;
                keeper.keep(copy, arrival.as_ref()).await;
            }
            drop(arrival);
        });
    }

    /// Takes in a response that its caller reads.
    pub(crate) fn take_in_copy(&self, reply: &Reply) {
        // It throws where a mock's response cannot be cloned; then there is nothing to keep.
        let kept = self.keeper(&reply.head);
        let kept = kept.and_then(|keeper| Some((keeper, reply.response.clone().ok()?)));
        self.take_in(&reply.head, kept);
    }

    /// Takes in a response that nobody reads.
    pub(crate) fn take_in_whole(&self, reply: Reply) {
        match self.keeper(&reply.head) {
            Some(keeper) => self.take_in(&reply.head, Some((keeper, reply.response))),
            None => {
                self.take_in(&reply.head, None);
                flight::discard(&reply.response);
            }
        }
    }

    /// Who keeps this response, if it is to be kept.
    fn keeper(&self, head: &ResponseHead) -> Option<Keeper> {
        let asking = self.asking.as_ref().filter(|_| !self.is_confirmed())?;
        let (inner, scope) = (self.inner(), self.course.spec.scope);
        // A failure is no better than what there was before.
        let failing = head.status >= 500;
        if failing && self.copies.as_ref().is_some_and(|copies| copies.is_some()) {
            return None;
        }
        // What a probe asks in place of the route is not its answer.
        if self.course.spec.stand_in {
            return None;
        }
        let kept = asking.head_of(inner, scope, head, self.sent)?;
        let (limit, patience_ms) = {
            let engine = inner.engine();
            let settings = engine.settings();
            (settings.cache.entry_bytes, settings.timeout.total_ms)
        };
        Some(Keeper {
            inner: Rc::clone(inner),
            whose: asking.whose.clone(),
            url: asking.url.clone(),
            kept,
            scope,
            // What a write is answered with is no older than the write.
            sent: match self.course.spec.read {
                true => self.sent,
                false => Instant::NEVER,
            },
            limit,
            until: inner.now() + Millis(patience_ms.into()),
        })
    }
}
