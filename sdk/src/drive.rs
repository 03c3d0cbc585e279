//! Runs one request to its verdict: does what each step says, and says what came of it.
//!
//! A caller that drops the future, or aborts its signal, cancels the call; so does a user who signs out.

use std::pin::{Pin, pin};
use std::rc::Rc;

use tidegate_core::kept::Rules;
use tidegate_core::{
    Answer as Why, CallSpec, Explanation, Found, Instant, Lookup, Notice, Reason, Source, Step,
    Verdict, Vote,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, Request, Response};

use crate::abort::Aborts;
use crate::asking::Asking;
use crate::copies::{Copies, Way};
use crate::course::{Course, Woken};
use crate::error::Error;
use crate::flight::{self, Flight, Landing, Words};
use crate::head::RequestHead;
use crate::identity::Identity;
use crate::inner::Inner;

/// A request under way.
pub(crate) struct Drive {
    pub(crate) course: Course,
    request: Request,
    pub(crate) asking: Option<Asking>,
    /// The caller's signal, and that of a user who goes. No caller's where there is more than one, or nobody.
    pub(crate) aborts: Aborts,
    flight: Option<Flight>,
    /// A second attempt, beside a slow first one.
    hedge: Option<Flight>,
    /// When the attempt was sent that landed last, and how it asked.
    pub(crate) sent: Instant,
    pub(crate) way: Way,
    /// What the server was asked about what is kept has come to nothing: it is not asked so again.
    plainly: bool,
    /// What the last attempt came to.
    pub(crate) last: Option<Landing>,
    /// Ends the reading of its body.
    leash: Option<AbortController>,
    /// What is kept, once it was looked for.
    pub(crate) copies: Option<Copies>,
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
    pub(crate) fn new(
        inner: Rc<Inner>,
        whose: Rc<Identity>,
        request: Request,
        head: RequestHead,
        spec: CallSpec,
        wishes: Rules,
    ) -> Drive {
        let signal = request.signal();
        Drive::begin(inner, whose, request, head, spec, wishes, Some(signal))
    }

    /// A request that listens to no caller's signal: whoever wants to end it drops it.
    pub(crate) fn deaf(
        inner: Rc<Inner>,
        whose: Rc<Identity>,
        request: Request,
        head: RequestHead,
        spec: CallSpec,
        wishes: Rules,
    ) -> Drive {
        Drive::begin(inner, whose, request, head, spec, wishes, None)
    }

    fn begin(
        inner: Rc<Inner>,
        whose: Rc<Identity>,
        request: Request,
        head: RequestHead,
        spec: CallSpec,
        wishes: Rules,
        signal: Option<web_sys::AbortSignal>,
    ) -> Drive {
        let asking = Asking::of(&inner, whose, head, wishes);
        let lookup = match &asking {
            Some(asking) if spec.cacheable() => asking.lookup(),
            _ => Lookup::Never,
        };
        let patience = asking
            .as_ref()
            .and_then(|asking| asking.question.rules.patience);
        let spec = CallSpec {
            lookup,
            patience,
            ..spec
        };
        if lookup != Lookup::Never {
            inner.store.prepare();
        }
        let gone = asking.as_ref().and_then(|asking| asking.whose.signal());
        Drive {
            sent: inner.now(),
            course: Course::begin(inner, spec),
            request,
            asking,
            aborts: Aborts::new(signal.into_iter().chain(gone)),
            flight: None,
            hedge: None,
            way: Way::AsItIs,
            plainly: false,
            last: None,
            leash: None,
            copies: None,
        }
    }

    /// Runs the call until there is an answer.
    pub(crate) async fn run(mut self) -> Result<Landed, Error> {
        let step = self.advance().await?;
        match step {
            Step::Answer(verdict) => {
                let answer = self.conclude(verdict, true);
                if matches!(verdict, Verdict::Cached { why, .. } if why.reason == Reason::Revalidating)
                {
                    // Its caller has what they asked for, and says nothing any more.
                    let gone = self.asking.as_ref().and_then(|it| it.whose.signal());
                    self.aborts = Aborts::new(gone);
                }
                // The network may still answer, unless the caller aborts: its answer is worth keeping.
                spawn_local(self.run_unseen());
                answer
            }
            Step::Done(verdict) => self.conclude(verdict, false),
            _ => Err(Error::Aborted(JsValue::UNDEFINED)),
        }
    }

    /// Runs the call to its end for nobody's eyes: what comes of it is kept, and counted.
    pub(crate) async fn run_unseen(mut self) {
        let step = self.advance().await;
        match (step, self.last.take()) {
            (Ok(Step::Done(Verdict::Network)), Some(Landing::Response(reply))) => {
                self.take_in_whole(reply);
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
        if let Some(reason) = self.aborts.reason() {
            return Err(Error::Aborted(reason));
        }
        let mut step = self.course.poll();
        loop {
            step = match step {
                Step::Send { attempt } => {
                    self.flight = Some(self.launch(attempt, self.plainly)?);
                    self.course.poll()
                }
                Step::Hedge { attempt } => {
                    // It is to have an answer of its own, not a word on what is kept that may have to be asked once more.
                    self.hedge = Some(self.launch(attempt, true)?);
                    self.course.poll()
                }
                Step::Wait(until) => {
                    let (flight, hedge) = (&mut self.flight, &mut self.hedge);
                    match self.course.wait(until, &self.aborts, flight, hedge).await {
                        Woken::Aborted(reason) => return Err(Error::Aborted(reason)),
                        Woken::Hedged(landing) => self.settle_hedge(landing)?,
                        Woken::Landed(landing) => self.settle(landing).await?,
                        Woken::Time => {}
                    }
                    self.course.poll()
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

    fn launch(&mut self, attempt: u32, plainly: bool) -> Result<Flight, Error> {
        if let Some(earlier) = self.last.take() {
            earlier.discard();
        }
        let (way, mut words) = match (&self.copies, &self.asking) {
            (Some(copies), Some(asking)) => copies.way(asking, plainly),
            _ => (Way::AsItIs, Words::default()),
        };
        if attempt > 1 && self.inner().engine().settings().retry.tell_attempts > 0 {
            words.set("tidegate-attempt", &attempt.to_string());
        }
        // What has no body is not used up.
        let again = self.course.spec.repeatable && !self.course.spec.read;
        let how = (way, self.inner().now());
        let flight = Flight::launch(&self.request, again, self.aborts.callers(), &words, how);
        flight.map_err(Error::Invalid)
    }

    async fn settle(&mut self, landing: Landing) -> Result<(), Error> {
        let flight = self.flight.take();
        self.leash = self.landed_as(flight);
        // A rejection because the caller aborted says nothing about the backend.
        if let (Landing::Rejected(_), Some(reason)) = (&landing, self.aborts.reason()) {
            return Err(Error::Aborted(reason));
        }
        if let Landing::Response(reply) = &landing {
            self.inner().heed(self.course.spec.scope, &reply.head);
            if !self.understand(reply).await? {
                // The call does not see it: it is the same attempt, asked in another way.
                self.plainly = true;
                landing.discard();
                self.flight = Some(self.launch(1, true)?);
                return Ok(());
            }
        }
        let outcome = landing.outcome();
        self.last = Some(landing);
        self.course.settle(outcome);
        Ok(())
    }

    /// Takes over how the attempt asked that has landed, and what ends the reading of its body.
    fn landed_as(&mut self, flight: Option<Flight>) -> Option<AbortController> {
        let flight = flight?;
        (self.way, self.sent) = (flight.way, flight.sent);
        flight.leash()
    }

    /// A hedge that fails never wins, so what it came to is nobody's.
    fn settle_hedge(&mut self, landing: Landing) -> Result<(), Error> {
        let hedge = self.hedge.take();
        if let (Landing::Rejected(_), Some(reason)) = (&landing, self.aborts.reason()) {
            return Err(Error::Aborted(reason));
        }
        let outcome = landing.outcome();
        match landing {
            Landing::Response(reply) if outcome.vote() == Vote::Success => {
                self.inner().heed(self.course.spec.scope, &reply.head);
                self.flight = None;
                let earlier = self.last.replace(Landing::Response(reply));
                earlier.into_iter().for_each(Landing::discard);
                self.leash = self.landed_as(hedge);
            }
            failed => failed.discard(),
        }
        self.course.settle_hedge(outcome);
        Ok(())
    }

    async fn read_cache(&mut self) -> Result<Step, Error> {
        let want = self.course.in_want_of();
        if want.is_some() {
            // Before the wait: a probe may be due while a slow disk is read.
            self.remember();
        }
        let (inner, known) = (self.inner().clone(), self.copies.take());
        let mut copies = None;
        let found = match &self.asking {
            Some(asking) => {
                let read = pin!(async {
                    let mut copies = match known {
                        Some(copies) if copies.is_some() => copies,
                        _ => {
                            let visit = asking.whose.visit;
                            inner.arrived(visit, &asking.url, want.is_none()).await;
                            Copies::find(&inner.store, asking).await
                        }
                    };
                    let now = inner.now();
                    let found = copies.look(&inner.store, asking, want, now).await;
                    (copies, found)
                });
                let (looked, found) = self.aborts.guard(read).await?;
                if let (Some(reason), Found::Miss) = (want, found)
                    && looked.is_forbidden(asking, reason, inner.now())
                {
                    let (now, scope) = (inner.now(), self.course.spec.scope);
                    inner
                        .engine()
                        .notice(now, scope, Notice::StaleForbidden, None);
                }
                copies = Some(looked);
                found
            }
            None => Found::Miss,
        };
        self.copies = copies;
        Ok(self.course.cached(found))
    }

    pub(crate) fn inner(&self) -> &Rc<Inner> {
        &self.course.inner
    }

    /// Makes an answer of a verdict. The network may be `asked` still.
    fn conclude(&mut self, verdict: Verdict, asked: bool) -> Result<Landed, Error> {
        let attempts = self.course.attempts();
        match verdict {
            Verdict::Cached { why, .. } => {
                if !why.reason.is_well() {
                    self.remember();
                }
                if let Some(unread) = self.last.take() {
                    unread.discard();
                }
                let mut explanation = self.explain(Source::Cache, Some(why), attempts);
                explanation.revalidating = asked;
                let response = self.response(why.reason);
                response.map(|response| self.landed(response, explanation))
            }
            Verdict::Network => match self.last.take() {
                Some(Landing::Response(reply)) => {
                    // Asked again, it would be with somebody's credentials.
                    let personal =
                        |asking: &Asking| asking.with_fields(|it| it.has("authorization"));
                    if self.course.spec.read && !self.asking.as_ref().is_none_or(personal) {
                        self.inner().answered(self.course.spec.scope, &self.request);
                    }
                    self.take_in_copy(&reply);
                    if self.is_confirmed() {
                        flight::discard(&reply.response);
                        let why = Why {
                            reason: Reason::Confirmed,
                            retry_at: None,
                        };
                        let explanation = self.explain(Source::Network, Some(why), attempts);
                        let response = self.response(Reason::Confirmed)?;
                        return Ok(self.landed(response, explanation));
                    }
                    let explanation = self.explain(Source::Network, None, attempts);
                    Ok(self.landed(reply.response, explanation))
                }
                _ => Err(Error::Aborted(JsValue::UNDEFINED)),
            },
            Verdict::Failed(why) => {
                if why.reason != Reason::NotKept {
                    self.remember();
                }
                self.fail(why, attempts)
            }
            _ => Err(Error::Aborted(JsValue::UNDEFINED)),
        }
    }

    /// Nothing better to give: what the last attempt came to, if one was made and answered.
    fn fail(&mut self, why: Why, attempts: u32) -> Result<Landed, Error> {
        let retry_at = why.retry_at.map(|at| self.inner().calendar(at));
        match self.last.take() {
            Some(Landing::Response(reply)) => {
                // Servers that fail may say for how long that is to be believed.
                self.take_in_copy(&reply);
                let explanation = self.explain(Source::Network, Some(why), attempts);
                Ok(self.landed(reply.response, explanation))
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

    fn explain(&self, source: Source, why: Option<Why>, attempts: u32) -> Explanation {
        let mut explanation = Explanation::new(source, self.course.scope_name(), attempts);
        explanation.reason = why.map(|why| why.reason);
        let kept = source == Source::Cache || explanation.reason == Some(Reason::Confirmed);
        if let (Some(copies), true) = (&self.copies, kept) {
            let (age, certain) = copies.age(self.inner().now());
            explanation.age_ms = age.0;
            explanation.age_certain = certain;
        }
        explanation.retry_at = why
            .and_then(|why| why.retry_at)
            .map(|at| self.inner().calendar(at));
        explanation
    }

    /// What is kept, as a response.
    fn response(&self, reason: Reason) -> Result<Response, Error> {
        let now = self.inner().now();
        let copies = self
            .copies
            .as_ref()
            .ok_or(Error::Invalid(JsValue::UNDEFINED))?;
        copies
            .response(copies.age(now).0, reason)
            .map_err(Error::Invalid)
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
        let is_theirs = self
            .asking
            .as_ref()
            .is_none_or(|asking| asking.whose.visit == self.inner().whose().visit);
        if self.course.spec.read && !self.course.spec.probe && is_theirs {
            self.inner().want(self.course.spec.scope, &self.request);
        }
    }
}
