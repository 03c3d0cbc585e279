//! Sends an entry once.
//!
//! It goes as it was queued, with its key and with what earlier answers said in place of placeholders; who sends it is known when it goes: cookies
//! are the browser's, and a token is the application's to give. It is not sent on to where the server would have it go instead: the browser hides
//! where that is, and a form to sign in, answered with 200, would count as applied.

use std::pin::pin;
use std::rc::Rc;

use js_sys::Array;
use tidegate_core::http::invalidated;
use tidegate_core::outbox::{Claim, Entry};
use tidegate_core::{Head, Millis, Outcome, split_url};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Request, Response};

use super::enqueue::{LIVE, TELLS};
use super::relay;
use super::session::Session;
use super::token::Hook;
use crate::abort::Aborts;
use crate::body;
use crate::boundary::{self, property};
use crate::clock;
use crate::copies::Way;
use crate::flight::{Flight, Landing, Words};
use crate::head::ResponseHead;
use crate::identity::Identity;
use crate::inner::Inner;
use crate::share::Writing;
use crate::store::Which;

/// What an entry is taken for whose body is gone, or that no request can be made of: nothing that will ever succeed.
const HOPELESS: u16 = 400;
/// What is hidden of an answer that sends elsewhere.
const ELSEWHERE: u16 = 302;
/// Who sent it is nobody, or nobody any more.
const UNAUTHORIZED: u16 = 401;

/// Why an entry was not sent.
enum Unsent {
    /// The application could not say who sends it.
    Unauthorized,
    /// It is not this session's to send any more, or cannot be read.
    Withdrawn,
}

impl Inner {
    /// Sends what was claimed, and says what became of it.
    pub(super) fn launch(self: &Rc<Inner>, session: &Rc<Session>, claim: Claim) {
        let (inner, session) = (self.clone(), session.clone());
        spawn_local(async move {
            let outcome = Box::pin(inner.attempt(&session, claim)).await;
            {
                let mut machine = session.machine.borrow_mut();
                match outcome {
                    Ok(outcome) => machine.settle(&inner.engine(), inner.now(), claim, outcome),
                    Err(Unsent::Unauthorized) => machine.unauthorized(claim),
                    Err(Unsent::Withdrawn) => machine.release(claim),
                }
            }
            session.bell.ring();
        });
    }

    /// Once, or once more where a token may have been too old.
    async fn attempt(
        self: &Rc<Inner>,
        session: &Rc<Session>,
        claim: Claim,
    ) -> Result<Outcome, Unsent> {
        let entry = session.machine.borrow().entry(claim.id).cloned();
        let entry = entry.ok_or(Unsent::Withdrawn)?;
        let topic = relay::topic(&entry);
        let stored = session.disk.body(claim.id).await;
        let stored = stored.map_err(|_| Unsent::Withdrawn)?;
        loop {
            let Some(request) = (stored.as_ref()).and_then(|it| request_of(&entry, it, true).ok())
            else {
                return Ok(status(HOPELESS));
            };
            let hook = self.outbox.hook.borrow().clone();
            let refused = session.refused.borrow().contains(&claim.id);
            let asks = hook.is_some() && !refused;
            let live = (stored.as_ref()).is_some_and(|it| property(it, LIVE).is_truthy());
            let elsewhere = live.then_some(&*topic);
            let sent = self.send(session, claim, hook, (request, elsewhere), refused);
            let outcome = Box::pin(sent).await?;
            session.refused.borrow_mut().retain(|id| *id != claim.id);
            match outcome {
                Outcome::Head(head) if head.status == UNAUTHORIZED && asks => {
                    session.refused.borrow_mut().push(claim.id);
                }
                _ => return Ok(outcome),
            }
        }
    }

    /// Whether a claim still holds, and who made it is still here.
    fn may_send(&self, session: &Rc<Session>, claim: Claim) -> Result<(), Unsent> {
        let may = session.machine.borrow().may_send(clock::wall(), claim);
        match may && self.is_current(session) {
            true => Ok(()),
            false => Err(Unsent::Withdrawn),
        }
    }

    async fn send(
        self: &Rc<Inner>,
        session: &Rc<Session>,
        claim: Claim,
        hook: Option<Hook>,
        (request, elsewhere): (Request, Option<&str>),
        refused: bool,
    ) -> Result<Outcome, Unsent> {
        // Nobody is asked for a token of somebody who has gone.
        self.may_send(session, claim)?;
        if let Some(value) = session.waiters.authorization(claim.id) {
            let _ = request.headers().set("authorization", &value);
        }
        let authorized = self.authorize(hook, &request, claim.id, refused).await;
        self.may_send(session, claim)?;
        let whose = self.whose();
        if !authorized {
            return Err(Unsent::Unauthorized);
        }
        let url = request.url();
        let (origin, path) = split_url(&url);
        let scope = self.engine().scope(origin, path);
        let name = String::from(self.engine().scope_name(scope));
        self.end_sharing(&url, &name);
        let _writing = Writing {
            inner: self.clone(),
            url: url.clone(),
            scope: name,
        };
        let aborts = Aborts::new(whose.signal());
        let how = (Way::AsItIs, self.now());
        let words = Words::default();
        let flight = Flight::launch(&request, false, aborts.callers(), &words, how);
        let mut flight = flight.map_err(|_| Unsent::Withdrawn)?;
        let total = self.engine().settings().timeout.total_ms;
        let until = self.now() + Millis(total.into());
        let landing = {
            let landing = pin!(self.timer.in_time(Box::pin(&mut flight), until));
            aborts.guard(landing).await
        };
        let landing = match landing {
            Ok(Some(landing)) => landing,
            Ok(None) => return Ok(Outcome::TimedOut),
            Err(_) => return Ok(Outcome::Unreachable),
        };
        // Dropped as it is, it would end the reading of the body.
        flight.leash();
        let outcome = landing.outcome();
        let Landing::Response(reply) = landing else {
            return Ok(outcome);
        };
        self.heed(scope, &reply.head);
        self.take_effect(&whose, &request, &reply.head);
        if reply.head.kind == "opaqueredirect" {
            return Ok(status(ELSEWHERE));
        }
        let told = session.hand_out(self, claim, outcome, reply, elsewhere);
        told.await;
        Ok(outcome)
    }

    /// What was read there before is void.
    fn take_effect(self: &Rc<Inner>, whose: &Rc<Identity>, request: &Request, head: &ResponseHead) {
        let (method, url) = (request.method(), request.url());
        let void = (head.fields).with(|fields| invalidated(&method, head.status, &url, fields));
        for url in void {
            self.wrote(&url);
            let (inner, whose) = (self.clone(), whose.clone());
            let arrival = self.arriving(whose.visit, &url, true);
            spawn_local(async move {
                (inner.store.remove(&whose.partition, &Which::Url(url))).await;
                drop(arrival);
            });
        }
    }

    /// What an answer says at some places.
    pub(super) async fn members(
        self: &Rc<Inner>,
        answer: Option<Response>,
        fields: Vec<String>,
    ) -> Vec<(String, Option<String>)> {
        let (most, total) = {
            let engine = self.engine();
            let settings = engine.settings();
            (settings.outbox.entry_bytes, settings.timeout.total_ms)
        };
        let mut found = Array::new();
        if let Some(answer) = answer {
            let late = self.timer.sleep(self.now() + Millis(total.into()), None);
            if let Ok(Some(body)) = body::read(&answer, most, late).await {
                let paths: Array = fields.iter().map(|field| JsValue::from(&**field)).collect();
                found = boundary::members(&body, &paths);
            }
        }
        let fields = fields.into_iter().enumerate();
        fields
            .map(|(place, field)| (field, found.get(place as u32).as_string()))
            .collect()
    }
}

/// The request of an entry: as it goes now, or as it was queued.
pub(super) fn request_of(entry: &Entry, stored: &JsValue, goes: bool) -> Result<Request, JsValue> {
    let mut fields: Vec<String> = (entry.fields.iter())
        .map(|(name, value)| [name, ",", value].concat())
        .collect();
    if goes && property(stored, TELLS).is_truthy() {
        fields.push(["idempotency-key,", &entry.key].concat());
    }
    let taken = (entry.taken.iter().filter(|_| goes))
        .flat_map(|(placeholder, value)| [JsValue::from(&**placeholder), JsValue::from(&**value)]);
    let fields = fields.join("\n");
    boundary::resend(&entry.method, &entry.url, &fields, stored, &taken.collect())
}

const fn status(status: u16) -> Outcome {
    Outcome::Head(Head {
        status,
        retry_after: None,
    })
}
