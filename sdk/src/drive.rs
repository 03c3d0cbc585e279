//! Runs one core call to its verdict: does what each step says, and says what came of it.
//!
//! The engine is borrowed for one statement at a time, never across an await. A caller that drops the future, or aborts its signal,
//! cancels the call: permit, place in the queue and breaker's lease go back.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use gloo_net::http::Response;
use tidegate_core::{
    Answer as Why, Call, CallSpec, Explanation, Found, Instant, Millis, ScopeId, Source, Step,
    Verdict,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Request;

use crate::abort::AbortWatch;
use crate::client::Answer;
use crate::error::Error;
use crate::flight::{Flight, Landing};
use crate::inner::Inner;
use crate::kept::{self, Kept};

/// A call under way.
pub(crate) struct Drive {
    inner: Rc<Inner>,
    request: Request,
    spec: CallSpec,
    /// `None` once it is over.
    call: Option<Call>,
    key: Option<String>,
    abort: AbortWatch,
    flight: Option<Flight>,
    /// What the last attempt came to.
    last: Option<Landing>,
    kept: Option<Kept>,
}

/// Why a wait ended.
enum Woken {
    Aborted(JsValue),
    Landed(Landing),
    Time,
}

impl Drive {
    pub(crate) fn new(inner: Rc<Inner>, request: Request, spec: CallSpec) -> Drive {
        let key = kept::key(&request);
        let spec = CallSpec {
            cacheable: spec.cacheable && key.is_some(),
            ..spec
        };
        let now = inner.now();
        if spec.cacheable {
            inner.store.prepare();
        }
        let call = inner.engine().begin(now, spec);
        let abort = AbortWatch::new(request.signal());
        Drive {
            inner,
            request,
            spec,
            call: Some(call),
            key,
            abort,
            flight: None,
            last: None,
            kept: None,
        }
    }

    /// Runs the call until there is an answer.
    pub(crate) async fn run(mut self) -> Result<Answer, Error> {
        let step = self.advance().await?;
        match step {
            Step::Answer(verdict) => {
                let answer = self.conclude(verdict);
                // The network may still answer, unless the caller aborts: its answer is worth keeping.
                spawn_local(self.run_unseen());
                answer
            }
            Step::Done(verdict) => self.conclude(verdict),
            _ => Err(Error::Aborted(JsValue::UNDEFINED)),
        }
    }

    /// Runs the call to its end for nobody's eyes: what comes of it is kept, and counted.
    pub(crate) async fn run_unseen(mut self) {
        let step = self.advance().await;
        match (step, self.last.take()) {
            (Ok(Step::Done(Verdict::Network)), Some(Landing::Response(response))) => {
                match self.keeper(&response) {
                    Some(keeper) => spawn_local(keeper.keep(response)),
                    None => Landing::Response(response).discard(),
                }
            }
            (Ok(_), unread) => {
                self.remember();
                unread.into_iter().for_each(Landing::discard);
            }
            (Err(_), _) => {}
        }
    }

    /// Goes on until a step that has an answer.
    async fn advance(&mut self) -> Result<Step, Error> {
        if let Some(reason) = self.abort.reason() {
            return Err(Error::Aborted(reason));
        }
        let mut step = self.poll();
        loop {
            step = match step {
                Step::Send { .. } => {
                    if let Some(earlier) = self.last.take() {
                        earlier.discard();
                    }
                    let flight = Flight::launch(&self.request, self.spec.repeatable)
                        .map_err(Error::Invalid)?;
                    self.flight = Some(flight);
                    self.poll()
                }
                Step::Wait(until) => match self.wait(until).await {
                    Woken::Aborted(reason) => return Err(Error::Aborted(reason)),
                    Woken::Landed(landing) => {
                        self.settle(landing)?;
                        self.poll()
                    }
                    Woken::Time => self.poll(),
                },
                Step::ReadCache => self.read_cache().await?,
                Step::Abandon => {
                    self.flight = None;
                    self.poll()
                }
                Step::Answer(_) | Step::Done(_) => return Ok(step),
            };
        }
    }

    fn poll(&mut self) -> Step {
        let now = self.inner.now();
        let step = match &mut self.call {
            Some(call) => call.poll(&mut self.inner.engine(), now),
            None => Step::Wait(Instant::NEVER),
        };
        self.inner.publish();
        step
    }

    fn settle(&mut self, landing: Landing) -> Result<(), Error> {
        // A rejection because the caller aborted says nothing about the backend.
        if let (Landing::Rejected(_), Some(reason)) = (&landing, self.abort.reason()) {
            return Err(Error::Aborted(reason));
        }
        let now = self.inner.now();
        if let Some(call) = &mut self.call {
            call.settle(&mut self.inner.engine(), now, landing.outcome());
        }
        self.last = Some(landing);
        self.inner.publish();
        Ok(())
    }

    async fn read_cache(&mut self) -> Result<Step, Error> {
        // Before the wait: a probe may be due while a slow disk is read.
        self.remember();
        let (inner, key, abort) = (self.inner.clone(), self.key.clone(), &self.abort);
        let mut read = pin!(async move {
            match key {
                Some(key) => inner.store.read(&key).await,
                None => None,
            }
        });
        self.kept = poll_fn(|cx| match abort.poll(cx) {
            Poll::Ready(reason) => Poll::Ready(Err(Error::Aborted(reason))),
            Poll::Pending => read.as_mut().poll(cx).map(Ok),
        })
        .await?;
        let found = self
            .kept
            .as_ref()
            .map_or(Found::Miss, |kept| Found::Hit { age: kept.age() });
        let now = self.inner.now();
        let step = match &mut self.call {
            Some(call) => call.cached(&mut self.inner.engine(), now, found),
            None => Step::Wait(Instant::NEVER),
        };
        self.inner.publish();
        Ok(step)
    }

    /// Waits for the attempt that is out, for the caller's change of mind, or for a time.
    async fn wait(&mut self, until: Instant) -> Woken {
        let mut sleep = self
            .inner
            .timer
            .sleep(until, self.call.as_ref().map(Call::id));
        let (abort, flight) = (&self.abort, &mut self.flight);
        let woken = poll_fn(|cx| {
            if let Poll::Ready(reason) = abort.poll(cx) {
                return Poll::Ready(Woken::Aborted(reason));
            }
            if let Some(Poll::Ready(landing)) = flight.as_mut().map(|flight| flight.poll(cx)) {
                return Poll::Ready(Woken::Landed(landing));
            }
            Pin::new(&mut sleep).poll(cx).map(|()| Woken::Time)
        })
        .await;
        if let Woken::Landed(_) = woken {
            self.flight = None;
        }
        woken
    }

    /// Makes an answer of a verdict.
    fn conclude(&mut self, verdict: Verdict) -> Result<Answer, Error> {
        let attempts = self.call.as_ref().map_or(0, Call::attempts);
        match verdict {
            Verdict::Cached { age, why } => {
                self.remember();
                if let Some(unread) = self.last.take() {
                    unread.discard();
                }
                let response = self.kept.take().map_or(Err(JsValue::UNDEFINED), |kept| {
                    kept.response(age, why.reason)
                });
                let explanation = self.explain(Source::Cache, Some(why), age.0, attempts);
                response
                    .map(|response| Answer {
                        response: response.into(),
                        explanation,
                    })
                    .map_err(Error::Invalid)
            }
            Verdict::Network => match self.last.take() {
                Some(Landing::Response(response)) => {
                    if self.spec.read {
                        self.inner.answered(self.spec.scope, &self.request);
                    }
                    self.heed_revocation(&response);
                    if let Some(keeper) = self.keeper(&response)
                        // It throws where a mock's response cannot be cloned; then there is nothing to keep.
                        && let Ok(copy) = response.clone()
                    {
                        spawn_local(keeper.keep(copy));
                    }
                    let explanation = self.explain(Source::Network, None, 0, attempts);
                    Ok(Answer {
                        response: Response::from(response),
                        explanation,
                    })
                }
                _ => Err(Error::Aborted(JsValue::UNDEFINED)),
            },
            Verdict::Failed(why) => {
                self.remember();
                self.fail(why, attempts)
            }
            _ => Err(Error::Aborted(JsValue::UNDEFINED)),
        }
    }

    /// Nothing better to give: what the last attempt came to, if one was made and answered.
    fn fail(&mut self, why: Why, attempts: u32) -> Result<Answer, Error> {
        let retry_at = why.retry_at.map(|at| self.inner.calendar(at));
        match self.last.take() {
            Some(Landing::Response(response)) => {
                let explanation = self.explain(Source::Network, Some(why), 0, attempts);
                Ok(Answer {
                    response: Response::from(response),
                    explanation,
                })
            }
            Some(Landing::Rejected(rejection)) => Err(Error::Unreachable {
                rejection,
                scope: self.scope_name(),
                retry_at,
            }),
            None => Err(Error::Refused {
                reason: why.reason,
                scope: self.scope_name(),
                retry_at,
            }),
        }
    }

    fn explain(&self, source: Source, why: Option<Why>, age_ms: u64, attempts: u32) -> Explanation {
        let mut explanation = Explanation::new(source, self.scope_name(), attempts);
        explanation.age_ms = age_ms;
        explanation.reason = why.map(|why| why.reason);
        explanation.retry_at = why
            .and_then(|why| why.retry_at)
            .map(|at| self.inner.calendar(at));
        explanation
    }

    fn scope_name(&self) -> String {
        self.inner.engine().scope_name(self.spec.scope).into()
    }

    /// The next probe of this scope asks what this call asked.
    fn remember(&self) {
        if self.spec.read && !self.spec.probe {
            self.inner.want(self.spec.scope, &self.request);
        }
    }

    /// Forgets what was kept, in the background, when the backend says that it is not to be shown any more.
    fn heed_revocation(&self, response: &web_sys::Response) {
        let Some(key) = self.key.clone().filter(|_| kept::revokes(response)) else {
            return;
        };
        let inner = self.inner.clone();
        spawn_local(async move { inner.store.remove(&key).await });
    }

    /// Who keeps this response, if it is to be kept.
    fn keeper(&self, response: &web_sys::Response) -> Option<Keeper> {
        let settings = self.inner.engine().settings().clone();
        let limit = settings.cache.entry_bytes;
        let wanted = settings.cache.entries > 0 && self.spec.read;
        (wanted && kept::may_keep(response, limit)).then_some(Keeper {
            key: self.key.clone()?,
            scope: self.spec.scope,
            limit,
            until: self.inner.now() + Millis(settings.timeout.total_ms.into()),
            inner: self.inner.clone(),
        })
    }
}

/// Reads a response to its end, in the background, and stores it.
struct Keeper {
    inner: Rc<Inner>,
    key: String,
    scope: ScopeId,
    limit: u32,
    until: Instant,
}

impl Keeper {
    /// Uses the response up: a clone, where somebody else reads it.
    async fn keep(self, response: web_sys::Response) {
        let late = self.inner.timer.sleep(self.until, None);
        let Some(kept) = Kept::of(&response, self.limit, late).await else {
            return;
        };
        if self.inner.store.write(&self.key, &kept).await {
            let now = self.inner.now();
            self.inner.engine().kept(now, self.scope, kept.bytes());
            self.inner.publish();
        }
    }
}

impl Drop for Drive {
    fn drop(&mut self) {
        if let Some(call) = self.call.take() {
            let now = self.inner.now();
            call.cancel(&mut self.inner.engine(), now);
            self.inner.publish();
        }
    }
}
