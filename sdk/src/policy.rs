//! The policies for any work, not only for requests.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;

use tidegate_core::throttle::Priority;
use tidegate_core::{CallSpec, Head, Lookup, Outcome};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use crate::abort::AbortWatch;
use crate::error::Error;
use crate::inner::Inner;
use crate::shared::{Part, Signals};
use crate::steer::{Attempt, Work, steer};

/// What is as good as an answer of this status.
const WORKED: u16 = 200;
/// What an error is taken for of which nothing is known.
const FAULT: u16 = 500;

/// Work under policies, made by [`Client::policy`](crate::Client::policy): breaker, gate, pace, rate, limit, queue, deadline, and retries
/// within the budget. Everything of one name has these in common, and shares them with no other name, as long as there are no more than about
/// sixty names and origins together.
///
/// ```no_run
/// # async fn query(_: web_sys::AbortSignal) -> Result<u32, String> { Ok(1) }
/// # async fn example(tide: tidegate::Client) {
/// let search = tide.policy("search").repeatable(true);
/// let found = search.run(|attempt| query(attempt.signal)).await;
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is done before `run` is called"]
pub struct Policy {
    inner: Rc<Inner>,
    scope: String,
    repeatable: bool,
    priority: Priority,
    weight: u16,
    signal: Option<AbortSignal>,
}

/// Why work has no result.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Failure<E> {
    /// The policies refused it, or gave it up, or its caller aborted it.
    Refused(Error),
    /// The last attempt's own error.
    Task(E),
}

impl Policy {
    pub(crate) fn new(inner: Rc<Inner>, name: &str) -> Policy {
        Policy {
            inner,
            scope: ["policy:", name].concat(),
            repeatable: false,
            priority: Priority::Normal,
            weight: 1,
            signal: None,
        }
    }

    /// Whether doing it twice does what doing it once does; not so to begin with.
    pub fn repeatable(mut self, repeatable: bool) -> Policy {
        self.repeatable = repeatable;
        self
    }

    /// Who goes first where runs have to wait.
    pub fn priority(mut self, priority: Priority) -> Policy {
        self.priority = priority;
        self
    }

    /// What a run takes of the limits; one to begin with.
    pub fn weight(mut self, weight: u16) -> Policy {
        self.weight = weight;
        self
    }

    /// Ends the run when it fires, wherever it waits.
    pub fn signal(mut self, signal: Option<AbortSignal>) -> Policy {
        self.signal = signal;
        self
    }

    /// Runs work. Any error of it counts as a fault of what it works with. Dropping the future aborts it.
    ///
    /// # Errors
    /// When it was refused or aborted, or the error of the last attempt.
    pub async fn run<T, E, F>(&self, task: impl FnMut(Attempt) -> F) -> Result<T, Failure<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.run_with(task, |_| status(FAULT)).await
    }

    /// Runs work of which some errors say nothing against what it works with: `classify` says what each of them is as good as. A status
    /// below 500 says no, and is not repeated; [`Outcome::Unreachable`] says that there was no answer.
    ///
    /// # Errors
    /// As [`Policy::run`].
    pub async fn run_with<T, E, F>(
        &self,
        mut task: impl FnMut(Attempt) -> F,
        classify: impl Fn(&E) -> Outcome,
    ) -> Result<T, Failure<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        let last = RefCell::new(None);
        let end = {
            let (last, classify) = (&last, &classify);
            let mut launch = |attempt| -> Work<'_> {
                last.take();
                let work = task(attempt);
                Box::pin(async move {
                    let result = work.await;
                    let outcome = match &result {
                        Ok(_) => status(WORKED),
                        Err(error) => classify(error),
                    };
                    last.replace(Some(result));
                    outcome
                })
            };
            let scope = self.inner.engine().scope(&self.scope, "");
            let spec = CallSpec {
                repeatable: self.repeatable,
                lookup: Lookup::Never,
                priority: self.priority,
                weight: self.weight,
                // An attempt may be given up, as one of a read.
                hedged: false,
                ..CallSpec::read(scope)
            };
            steer(&self.inner, spec, self.signal.clone(), &mut launch).await
        };
        match (end, last.take()) {
            (Err(aborted @ Error::Aborted(_)), _) | (Err(aborted), None) => {
                Err(Failure::Refused(aborted))
            }
            (_, Some(result)) => result.map_err(Failure::Task),
            (Ok(()), None) => Err(Failure::Refused(Error::Aborted(JsValue::UNDEFINED))),
        }
    }

    /// The same where several callers may want the same result at the same time: runs with an equal key have one run between them, and
    /// each gets a copy of what it comes to. One caller's signal, or dropped future, ends its own wait; the last one's ends the run. Without
    /// a key it has its own.
    ///
    /// # Errors
    /// As [`Policy::run`].
    pub async fn run_shared<T, E, F>(
        &self,
        key: Option<&str>,
        task: impl FnMut(Attempt) -> F + 'static,
        classify: impl Fn(&E) -> Outcome + 'static,
    ) -> Result<T, Failure<E>>
    where
        F: Future<Output = Result<T, E>> + 'static,
        T: Clone + 'static,
        E: Clone + 'static,
    {
        let mut policy = self.clone();
        if key.is_some() {
            // Nobody's signal in particular.
            policy.signal = None;
        }
        // Boxed, or there would be two of it.
        let work: Pin<Box<dyn Future<Output = Result<T, Failure<E>>>>> =
            Box::pin(async move { policy.run_with(task, classify).await });
        let Some(key) = key else {
            return work.await;
        };
        // No address, and no scope that a write could be to.
        let key = [&self.scope, "\n\n", self.priority.as_str(), "\n", key].concat();
        let signals = Signals::default();
        let mut result = pin!(self.inner.share(&key, &signals, work));
        let result = match self.signal.clone().map(AbortWatch::new) {
            Some(watch) => watch.guard(result.as_mut()).await,
            None => Ok(result.await),
        };
        match result {
            Ok(Some(result)) => result,
            Ok(None) => Err(Failure::Refused(Error::Aborted(JsValue::UNDEFINED))),
            Err(aborted) => Err(Failure::Refused(aborted)),
        }
    }
}

impl<T: Clone + 'static, E: Clone + 'static> Part for Result<T, Failure<E>> {
    fn part(&self) -> Box<dyn Part> {
        Box::new(self.clone())
    }
}

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Refused(refused) => refused.fmt(f),
            Failure::Task(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for Failure<E> {}

fn status(status: u16) -> Outcome {
    Outcome::Head(Head {
        status,
        retry_after: None,
    })
}
