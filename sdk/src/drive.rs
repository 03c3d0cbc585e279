//! Runs one request to its verdict: does what each step says, and says what came of it.
//!
//! A caller that drops the future, or aborts its signal, cancels the call.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use tidegate_core::{
    Answer as Why, CallSpec, Explanation, Found, Millis, Source, Step, Verdict, Vote,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, Request, Response};

use crate::abort::AbortWatch;
use crate::course::{Course, Woken};
use crate::error::Error;
use crate::flight::{Flight, Landing};
use crate::inner::Inner;
use crate::keeper::Keeper;
use crate::kept::{self, Kept};

/// A request under way.
pub(crate) struct Drive {
    course: Course,
    request: Request,
    key: Option<String>,
    /// The caller's signal; none where there is more than one caller, or nobody.
    abort: Option<AbortWatch>,
    flight: Option<Flight>,
    /// A second attempt, beside a slow first one.
    hedge: Option<Flight>,
    /// What the last attempt came to.
    last: Option<Landing>,
    /// Ends the reading of its body.
    leash: Option<AbortController>,
    kept: Option<Kept>,
}

/// An answer, before it is the caller's.
#[derive(Debug)]
pub(crate) struct Landed {
    pub(crate) response: Response,
    pub(crate) explanation: Explanation,
    /// Ends the reading of the body, where no caller's signal does.
    pub(crate) leash: Option<AbortController>,
}

impl Drive {
    /// A request that listens to its own signal.
    pub(crate) fn new(inner: Rc<Inner>, request: Request, spec: CallSpec) -> Drive {
        let abort = AbortWatch::new(request.signal());
        Drive {
            abort: Some(abort),
            ..Drive::deaf(inner, request, spec)
        }
    }

    /// A request that listens to no signal: whoever wants to end it drops it.
    pub(crate) fn deaf(inner: Rc<Inner>, request: Request, spec: CallSpec) -> Drive {
        let key = kept::key(&request);
        let spec = CallSpec {
            cacheable: spec.cacheable && key.is_some(),
            ..spec
        };
        if spec.cacheable {
            inner.store.prepare();
        }
        Drive {
            course: Course::begin(inner, spec),
            request,
            key,
            abort: None,
            flight: None,
            hedge: None,
            last: None,
            leash: None,
            kept: None,
        }
    }

    /// Runs the call until there is an answer.
    pub(crate) async fn run(mut self) -> Result<Landed, Error> {
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

    /// Goes on until a step that has an answer. Boxed, or there would be a copy of it wherever it is awaited.
    fn advance(&mut self) -> Pin<Box<dyn Future<Output = Result<Step, Error>> + '_>> {
        Box::pin(self.go_on())
    }

    async fn go_on(&mut self) -> Result<Step, Error> {
        if let Some(reason) = self.aborted() {
            return Err(Error::Aborted(reason));
        }
        let mut step = self.course.poll();
        loop {
            step = match step {
                Step::Send { attempt } => {
                    self.flight = Some(self.launch(attempt)?);
                    self.course.poll()
                }
                Step::Hedge { attempt } => {
                    self.hedge = Some(self.launch(attempt)?);
                    self.course.poll()
                }
                Step::Wait(until) => {
                    let (abort, flight) = (self.abort.as_ref(), &mut self.flight);
                    let hedge = &mut self.hedge;
                    match self.course.wait(until, abort, flight, hedge).await {
                        Woken::Aborted(reason) => return Err(Error::Aborted(reason)),
                        Woken::Hedged(landing) => {
                            self.settle_hedge(landing)?;
                            self.course.poll()
                        }
                        Woken::Landed(landing) => {
                            self.settle(landing)?;
                            self.course.poll()
                        }
                        Woken::Time => self.course.poll(),
                    }
                }
                Step::ReadCache => self.read_cache().await?,
                Step::Abandon => {
                    (self.flight, self.hedge) = (None, None);
                    self.course.poll()
                }
                Step::Answer(_) | Step::Done(_) => return Ok(step),
            };
        }
    }

    fn launch(&mut self, attempt: u32) -> Result<Flight, Error> {
        if let Some(earlier) = self.last.take() {
            earlier.discard();
        }
        let tell = attempt > 1 && self.inner().engine().settings().retry.tell_attempts > 0;
        let flight = Flight::launch(
            &self.request,
            self.course.spec.repeatable,
            self.abort.as_ref().map(AbortWatch::signal),
            tell.then_some(attempt),
        );
        flight.map_err(Error::Invalid)
    }

    fn settle(&mut self, landing: Landing) -> Result<(), Error> {
        self.leash = self.flight.take().and_then(Flight::leash);
        // A rejection because the caller aborted says nothing about the backend.
        if let (Landing::Rejected(_), Some(reason)) = (&landing, self.aborted()) {
            return Err(Error::Aborted(reason));
        }
        if let Landing::Response(response) = &landing {
            self.inner().heed(self.course.spec.scope, response);
        }
        let outcome = landing.outcome();
        self.last = Some(landing);
        self.course.settle(outcome);
        Ok(())
    }

    /// A hedge that fails never wins, so what it came to is nobody's.
    fn settle_hedge(&mut self, landing: Landing) -> Result<(), Error> {
        let leash = self.hedge.take().and_then(Flight::leash);
        if let (Landing::Rejected(_), Some(reason)) = (&landing, self.aborted()) {
            return Err(Error::Aborted(reason));
        }
        let outcome = landing.outcome();
        match landing {
            Landing::Response(response) if outcome.vote() == Vote::Success => {
                self.inner().heed(self.course.spec.scope, &response);
                self.flight = None;
                let earlier = self.last.replace(Landing::Response(response));
                earlier.into_iter().for_each(Landing::discard);
                self.leash = leash;
            }
            failed => failed.discard(),
        }
        self.course.settle_hedge(outcome);
        Ok(())
    }

    async fn read_cache(&mut self) -> Result<Step, Error> {
        // Before the wait: a probe may be due while a slow disk is read.
        self.remember();
        let (inner, key, abort) = (self.inner().clone(), self.key.clone(), &self.abort);
        let mut read = pin!(async move {
            match key {
                Some(key) => inner.store.read(&key).await,
                None => None,
            }
        });
        self.kept = poll_fn(|cx| match abort.as_ref().map(|abort| abort.poll(cx)) {
            Some(Poll::Ready(reason)) => Poll::Ready(Err(Error::Aborted(reason))),
            _ => read.as_mut().poll(cx).map(Ok),
        })
        .await?;
        let found = self
            .kept
            .as_ref()
            .map_or(Found::Miss, |kept| Found::Hit { age: kept.age() });
        Ok(self.course.cached(found))
    }

    fn aborted(&self) -> Option<JsValue> {
        self.abort.as_ref().and_then(AbortWatch::reason)
    }

    fn inner(&self) -> &Rc<Inner> {
        &self.course.inner
    }

    /// Makes an answer of a verdict.
    fn conclude(&mut self, verdict: Verdict) -> Result<Landed, Error> {
        let attempts = self.course.attempts();
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
                    .map(|response| self.landed(response, explanation))
                    .map_err(Error::Invalid)
            }
            Verdict::Network => match self.last.take() {
                Some(Landing::Response(response)) => {
                    if self.course.spec.read {
                        self.inner().answered(self.course.spec.scope, &self.request);
                    }
                    self.heed_revocation(&response);
                    if let Some(keeper) = self.keeper(&response)
                        // It throws where a mock's response cannot be cloned; then there is nothing to keep.
                        && let Ok(copy) = response.clone()
                    {
                        spawn_local(keeper.keep(copy));
                    }
                    let explanation = self.explain(Source::Network, None, 0, attempts);
                    Ok(self.landed(response, explanation))
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
    fn fail(&mut self, why: Why, attempts: u32) -> Result<Landed, Error> {
        let retry_at = why.retry_at.map(|at| self.inner().calendar(at));
        match self.last.take() {
            Some(Landing::Response(response)) => {
                let explanation = self.explain(Source::Network, Some(why), 0, attempts);
                Ok(self.landed(response, explanation))
            }
            Some(Landing::Rejected(rejection)) => Err(Error::Unreachable {
                rejection,
                attempts,
                scope: self.course.scope_name(),
                retry_at,
            }),
            None => Err(Error::Refused {
                reason: why.reason,
                attempts,
                scope: self.course.scope_name(),
                retry_at,
            }),
        }
    }

    fn explain(&self, source: Source, why: Option<Why>, age_ms: u64, attempts: u32) -> Explanation {
        let mut explanation = Explanation::new(source, self.course.scope_name(), attempts);
        explanation.age_ms = age_ms;
        explanation.reason = why.map(|why| why.reason);
        explanation.retry_at = why
            .and_then(|why| why.retry_at)
            .map(|at| self.inner().calendar(at));
        explanation
    }

    fn landed(&mut self, response: Response, explanation: Explanation) -> Landed {
        Landed {
            response,
            explanation,
            leash: self.leash.take(),
        }
    }

    /// The next probe of this scope asks what this call asked.
    fn remember(&self) {
        if self.course.spec.read && !self.course.spec.probe {
            self.inner().want(self.course.spec.scope, &self.request);
        }
    }

    /// Forgets what was kept, in the background, when the backend says that it is not to be shown any more.
    fn heed_revocation(&self, response: &Response) {
        let Some(key) = self.key.clone().filter(|_| kept::revokes(response)) else {
            return;
        };
        let inner = self.inner().clone();
        spawn_local(async move { inner.store.remove(&key).await });
    }

    /// Who keeps this response, if it is to be kept.
    fn keeper(&self, response: &Response) -> Option<Keeper> {
        let settings = self.inner().engine().settings().clone();
        let limit = settings.cache.entry_bytes;
        let wanted = settings.cache.entries > 0 && self.course.spec.read;
        (wanted && kept::may_keep(response, limit)).then_some(Keeper {
            key: self.key.clone()?,
            scope: self.course.spec.scope,
            limit,
            until: self.inner().now() + Millis(settings.timeout.total_ms.into()),
            inner: self.inner().clone(),
        })
    }
}
