//! Runs one core call of any work to its end, as `drive` does with a request.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use tidegate_core::{CallSpec, Found, Outcome, Step, Verdict};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, AbortSignal};

use crate::abort::Aborts;
use crate::course::{Course, Woken};
use crate::error::Error;
use crate::inner::Inner;

/// What the work is told of one attempt.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// Its number, from 1.
    pub number: u32,
    /// Fires when the attempt is given up: it took too long, or nobody waits for it any more.
    pub signal: AbortSignal,
}

/// What one attempt comes to.
pub(crate) type Work<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;

/// An attempt under way. Dropping it before it has landed aborts it.
struct Flight<'a> {
    work: Work<'a>,
    controller: Option<AbortController>,
}

/// Runs a call to its end, with attempts that `launch` makes: the last one's result is the caller's, unless there was none.
pub(crate) async fn steer<'a>(
    inner: &Rc<Inner>,
    spec: CallSpec,
    signal: Option<AbortSignal>,
    launch: &mut dyn FnMut(Attempt) -> Work<'a>,
) -> Result<(), Error> {
    let aborts = Aborts::new(signal);
    if let Some(reason) = aborts.reason() {
        return Err(Error::Aborted(reason));
    }
    let mut course = Course::begin(inner.clone(), spec);
    let mut flight = None;
    let mut step = course.poll();
    loop {
        step = match step {
            Step::Send { attempt: number } => {
                let controller = AbortController::new().map_err(Error::Invalid)?;
                let work = launch(Attempt {
                    number,
                    signal: controller.signal(),
                });
                flight = Some(Flight {
                    work,
                    controller: Some(controller),
                });
                course.poll()
            }
            Step::Wait(until) => {
                match course.wait(until, &aborts, &mut flight, &mut None).await {
                    Woken::Aborted(reason) => {
                        flight.iter_mut().for_each(|flight| flight.abort(&reason));
                        return Err(Error::Aborted(reason));
                    }
                    Woken::Landed(outcome) => {
                        flight = None;
                        course.settle(outcome);
                    }
                    Woken::Hedged(_) | Woken::Time => {}
                }
                course.poll()
            }
            // Nothing of it is hedged.
            Step::Hedge { .. } => course.poll(),
            Step::Abandon => {
                flight = None;
                course.poll()
            }
            Step::ReadCache => course.cached(Found::Miss),
            Step::Answer(verdict) | Step::Done(verdict) => {
                let Verdict::Failed(why) = verdict else {
                    return Ok(());
                };
                // Nothing can be asked in the background here: the next run finds out.
                inner.engine().forget(spec.scope);
                return Err(Error::Refused {
                    reason: why.reason,
                    attempts: course.attempts(),
                    scope: course.scope_name(),
                    retry_at: why.retry_at.map(|at| inner.calendar(at)),
                });
            }
        };
    }
}

impl Flight<'_> {
    fn abort(&mut self, reason: &JsValue) {
        if let Some(controller) = self.controller.take() {
            controller.abort_with_reason(reason);
        }
    }
}

impl Future for Flight<'_> {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let outcome = self.work.as_mut().poll(cx);
        if outcome.is_ready() {
            self.controller = None;
        }
        outcome
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}
