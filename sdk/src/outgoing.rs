//! A request with wishes of its own.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use gloo_net::http::Response;
use tidegate_core::kept::Rules;
use tidegate_core::split_url;
use tidegate_core::throttle::Priority;
use tidegate_core::{CallSpec, Explanation};
use wasm_bindgen::JsValue;
use web_sys::Request;

use crate::abort::AbortWatch;
use crate::drive::{Drive, Landed};
use crate::error::Error;
use crate::head::RequestHead;
use crate::identity::Identity;
use crate::inner::Inner;
use crate::outbox::{self, Queue};
use crate::share::{self, Writing};
use crate::shared::Signals;

/// A response, and what it says of itself.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The native response behind gloo-net's face; its body was not touched.
    pub response: Response,
    /// Where it comes from, how old it is, and why.
    pub explanation: Explanation,
}

/// A request that is about to be sent, made by [`Client::request`](crate::Client::request).
///
/// ```no_run
/// # async fn example(tide: tidegate::Client, request: gloo_net::http::Request) -> Result<(), tidegate::Error> {
/// use tidegate::Priority;
/// let answer = tide.request(request).priority(Priority::Urgent).route("/reports/:kind").send().await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[must_use = "it is not sent before `send` is called"]
pub struct Outgoing {
    inner: Rc<Inner>,
    request: Request,
    /// Whose it is: of whoever was there when it was made, also if they go before it has a turn.
    whose: Rc<Identity>,
    priority: Priority,
    weight: u16,
    route: Option<String>,
    coalesce: bool,
    rules: Rules,
    queue: Option<Queue>,
    joins: bool,
}

impl Outgoing {
    pub(crate) fn new(inner: Rc<Inner>, request: Request) -> Outgoing {
        Outgoing {
            whose: inner.whose(),
            inner,
            request,
            priority: Priority::Normal,
            weight: 1,
            route: None,
            coalesce: true,
            rules: Rules::new(),
            queue: None,
            joins: true,
        }
    }

    /// Who goes first where calls have to wait.
    pub fn priority(mut self, priority: Priority) -> Outgoing {
        self.priority = priority;
        self
    }

    /// What it takes of the limits on calls in flight and on the rate; one to begin with, and 0 is as good as 1.
    pub fn weight(mut self, weight: u16) -> Outgoing {
        self.weight = weight;
        self
    }

    /// The route that it belongs to, as in `/reports/:kind`, where its path does not tell.
    pub fn route(mut self, route: &str) -> Outgoing {
        self.route = Some(route.into());
        self
    }

    /// Whether it may share the attempts of an equal read that is under way; it may, to begin with.
    pub fn coalesce(mut self, coalesce: bool) -> Outgoing {
        self.coalesce = coalesce;
        self
    }

    /// What is wished for its answer, over what is wished for its route.
    pub fn rules(mut self, rules: Rules) -> Outgoing {
        self.rules = rules;
        self
    }

    /// Queues it in place of sending it: it is stored, and goes as soon as it may, also after the page was closed and opened again. The answer has
    /// status 202 and says which [entry](crate::OutboxEntry) it is; that of the server, nobody sees.
    ///
    /// ```no_run
    /// # async fn example(tide: tidegate::Client, request: gloo_net::http::Request) -> Result<(), tidegate::Error> {
    /// let answer = tide.request(request).queue(tidegate::Queue::new()).send().await?;
    /// # Ok(()) }
    /// ```
    pub fn queue(mut self, queue: Queue) -> Outgoing {
        self.queue = Some(queue);
        self
    }

    /// Whether a write that is not queued waits for its turn where its lane has entries of the outbox; it does, to begin with, as if it were
    /// queued and [live](Queue::live), because it would overtake what was queued before. See the setting `outbox.join` too.
    pub fn joins(mut self, joins: bool) -> Outgoing {
        self.joins = joins;
        self
    }

    /// Sends it, as `fetch` does: any status is an answer, if no better one is to be had. Dropping the future aborts the call.
    ///
    /// # Errors
    /// When there is no answer to give: refused, aborted, or the network rejects the last attempt, and nothing is kept.
    pub async fn send(self) -> Result<Answer, Error> {
        let Outgoing {
            inner,
            request,
            whose,
            ..
        } = self;
        let head = RequestHead::of(&request);
        if let Some(queue) = self.queue {
            let work = Box::pin(outbox::enqueue(
                inner, whose, request, head, self.rules, queue,
            ));
            return work.await.map(Answer::of);
        }
        let (origin, path) = match head.is_sent() {
            true => split_url(&head.url),
            false => ("", ""),
        };
        let path = self.route.as_deref().unwrap_or(path);
        let scope = inner.engine().scope(origin, path);
        let name = String::from(inner.engine().scope_name(scope));
        let keyed = head.fields.value("idempotency-key").is_some();
        let spec = CallSpec {
            priority: self.priority,
            weight: self.weight,
            ..CallSpec::of(scope, &head.method, keyed)
        };
        if !spec.read {
            if self.joins && head.is_sent() && outbox::joins(&inner, &head).await {
                let copy = request.clone().map_err(Error::Invalid)?;
                let (wishes, queue) = (self.rules.clone(), Queue::new().live(true));
                let (inner, whose, head) = (inner.clone(), whose.clone(), head.clone());
                let work = outbox::enqueue(inner, whose, copy, head, wishes, queue);
                match Box::pin(work).await {
                    // It cannot be queued, and its caller did not ask for it.
                    Err(Error::Outbox(_)) => {}
                    landed => return landed.map(Answer::of),
                }
            }
            inner.end_sharing(&head.url, &name);
            let _writing = Writing {
                inner: inner.clone(),
                url: head.url.clone(),
                scope: name,
            };
            let drive = Drive::new(inner, whose, request, head, spec, self.rules);
            return drive.run().await.map(Answer::of);
        }
        // What is aborted already is nobody's question.
        let signal = request.signal();
        let key = match self.coalesce && !signal.aborted() {
            true => share::key(&head, &name, self.priority, &self.rules, whose.visit),
            false => None,
        };
        let Some(key) = key else {
            let drive = Drive::new(inner, whose, request, head, spec, self.rules);
            return drive.run().await.map(Answer::of);
        };
        let watch = AbortWatch::new(signal.clone());
        let signals = Signals::new(RefCell::new(vec![signal]));
        let (heard, of, wishes) = (signals.clone(), inner.clone(), self.rules);
        // Not begun before it is known whether it is one of several.
        let work = async move {
            nobodys(Drive::deaf(of, whose, request, head, spec, wishes), heard).await
        };
        let answer = pin!(inner.share(&key, &signals, work));
        match watch.guard(answer).await? {
            Some(landed) => landed.map(Answer::of),
            None => Err(Error::Aborted(JsValue::UNDEFINED)),
        }
    }
}

/// A read that is nobody's in particular.
async fn nobodys(drive: Drive, signals: Signals) -> Result<Landed, Error> {
    let landed = drive.run().await?;
    if let Some(controller) = &landed.leash {
        share::leash(controller, &signals.borrow());
    }
    Ok(landed)
}

impl Answer {
    pub(crate) fn of(landed: Landed) -> Answer {
        Answer {
            response: landed.response.into(),
            explanation: landed.explanation,
        }
    }
}
