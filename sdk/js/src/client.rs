//! The one exported class.

use std::pin::Pin;

use js_sys::{Array, Function, Promise};
use tidegate::{Client, EntryId, Error, Failure, PatternError, Priority, Settings, Subscription};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::{AbortSignal, Request, Response};

use crate::socket::{self, Line};
use crate::{convert, error, options, panic, run};

/// The engine behind one `Tidegate` object.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    client: Client,
    _events: Subscription,
}

#[wasm_bindgen]
impl Engine {
    /// Makes an engine; `on_event(name, event in JSON)` is called for every event, `on_panic(place)` right before a trap.
    ///
    /// # Errors
    /// A record with `code`, `message` and `path`, when a setting is refused.
    #[wasm_bindgen(constructor)]
    pub fn new(
        settings: &JsValue,
        on_event: Function,
        on_panic: Function,
    ) -> Result<Engine, JsValue> {
        panic::hook(on_panic);
        let client = convert::settings(settings, Settings::default())
            .and_then(Client::new)
            .map_err(|refused| error::record(&Error::Settings(refused)))?;
        let events = client.on_event(move |event| {
            // A listener that throws is the facade's business; it must not end the engine.
            let _ = on_event.call2(
                &JsValue::UNDEFINED,
                &event.name().into(),
                &convert::text(event).into(),
            );
        });
        Ok(Engine {
            client,
            _events: events,
        })
    }

    /// Sends a request: `[response, explanation in JSON]`, or `[undefined, refusal]`, or `[undefined, refusal, rejection]` where the network
    /// rejected it. Rejected where `fetch` itself is, without having been sent or because its caller aborted it.
    ///
    /// # Errors
    /// A record with `code`, `message` and `path`, when `init.tidegate` is refused.
    pub fn fetch(&self, request: Request, init: &JsValue) -> Result<Promise, JsValue> {
        let options = options::of_request(init)?;
        let mut outgoing = (self.client.request(request))
            .priority(options.priority.unwrap_or(Priority::Normal))
            .weight(options.weight.unwrap_or(1))
            .coalesce(options.coalesce.unwrap_or(true))
            .joins(!options.at_once)
            .rules(options.rules);
        if let Some(route) = options.route {
            outgoing = outgoing.route(&route);
        }
        if let Some(queue) = options.queue {
            outgoing = outgoing.queue(queue);
        }
        Ok(promise(Box::pin(async move {
            match outgoing.send().await {
                Ok(answer) => {
                    let response: Response = answer.response.into();
                    let explanation = convert::text(&answer.explanation);
                    Ok(Array::of2(&response, &explanation.into()).into())
                }
                Err(Error::Aborted(value) | Error::Invalid(value)) => Err(value),
                Err(refused) => {
                    let reply = Array::of2(&JsValue::UNDEFINED, &error::record(&refused));
                    if let Error::Unreachable { rejection, .. } = &refused {
                        reply.push(rejection);
                    }
                    Ok(reply.into())
                }
            }
        })))
    }

    /// Runs a function under the policy of a name: `[value]`, or `[undefined, refusal]`, or `[undefined, undefined, error]` with the
    /// function's own last error. Rejected with the reason of the signal.
    ///
    /// # Errors
    /// A record with `code`, `message` and `path`, when an option is refused.
    pub fn run(
        &self,
        name: &str,
        options: &JsValue,
        task: Function,
        signal: Option<AbortSignal>,
    ) -> Result<Promise, JsValue> {
        let options = options::of_policy(options)?;
        let policy = (self.client.policy(name))
            .repeatable(options.repeatable.unwrap_or(false))
            .priority(options.priority.unwrap_or(Priority::Normal))
            .weight(options.weight.unwrap_or(1))
            .signal(signal);
        let (key, classify) = (options.coalesce_key, options.classify);
        let attempt = move |told| run::attempt(task.clone(), told);
        let outcome = move |error: &JsValue| run::outcome(classify.as_ref(), error);
        Ok(promise(Box::pin(async move {
            let result = policy.run_shared(key.as_deref(), attempt, outcome).await;
            let none = JsValue::UNDEFINED;
            match result {
                Ok(value) => Ok(Array::of1(&value).into()),
                Err(Failure::Task(error)) => Ok(Array::of3(&none, &none, &error).into()),
                Err(Failure::Refused(Error::Aborted(reason) | Error::Invalid(reason))) => {
                    Err(reason)
                }
                Err(Failure::Refused(refused)) => {
                    Ok(Array::of2(&none, &error::record(&refused)).into())
                }
                Err(_) => Err(none),
            }
        })))
    }

    /// Opens a socket: `address` is an array of the URL and the subprotocols, or a function that returns a promise of one; `tell(word, …)` is
    /// called with everything that happens.
    ///
    /// # Errors
    /// A record with `code`, `message` and `path`, when an option is refused.
    pub fn socket(
        &self,
        address: &JsValue,
        options: &JsValue,
        tell: Function,
    ) -> Result<Line, JsValue> {
        socket::open(&self.client, address, options, tell)
    }

    /// A fallback was given in place of an answer: counts it.
    #[wasm_bindgen(js_name = fellBack)]
    pub fn fell_back(&self) {
        self.client.fell_back();
    }

    /// Other settings from now on; what is left out stays as it is.
    ///
    /// # Errors
    /// A record with `code`, `message` and `path`, when a setting is refused.
    pub fn configure(&self, settings: &JsValue) -> Result<(), JsValue> {
        convert::settings(settings, self.client.settings())
            .and_then(|settings| self.client.configure(settings))
            .map_err(|refused| error::record(&Error::Settings(refused)))
    }

    /// Shuts a scope, or opens it again. One that was named `early`, before anything could be asked of it, is made.
    ///
    /// # Errors
    /// A record with `code`, `message` and `scope`, when there is no such scope.
    #[wasm_bindgen(js_name = byHand)]
    pub fn by_hand(&self, scope: &str, shut: bool, early: bool) -> Result<(), JsValue> {
        if early {
            self.client.meet(scope);
        }
        let done = match shut {
            true => self.client.isolate(scope),
            false => self.client.release(scope),
        };
        done.map_err(|refused| error::record(&refused))
    }

    /// What is wished for the answers of a route.
    ///
    /// # Errors
    /// A record with `code`, `message` and `path`, when the place is no pattern or an option is refused.
    pub fn route(&self, place: &str, rules: &JsValue) -> Result<(), JsValue> {
        let rules = options::of_route(rules)?;
        let refused = |error: PatternError| error::option(place, &error.to_string());
        self.client.route(place, rules).map_err(refused)
    }

    /// Whose page it is from now on; nobody's where it is left out.
    #[wasm_bindgen(js_name = setIdentity)]
    pub fn set_identity(&self, user: Option<String>) {
        self.client.set_identity(user.as_deref());
    }

    /// The user whose page it is, or the one that is named, goes.
    #[wasm_bindgen(js_name = logOut)]
    pub fn log_out(&self, user: Option<String>) -> Promise {
        // Before anything else has a turn: whoever is signed in next is not meant.
        let gone: Pin<Box<dyn Future<Output = _>>> = match user {
            Some(user) => Box::pin(self.client.erase(&user)),
            None => Box::pin(self.client.log_out()),
        };
        promise(Box::pin(async move {
            match gone.await {
                Ok(()) => Ok(JsValue::UNDEFINED),
                Err(error) => Err(error::record(&error)),
            }
        }))
    }

    /// What is kept, as an array of records.
    pub fn kept(&self) -> Promise {
        let cache = self.client.cache();
        promise(Box::pin(async move {
            let list = cache.list().await;
            let list: Array = list.iter().map(|entry| convert::record(entry)).collect();
            Ok(list.into())
        }))
    }

    /// Forgets what is kept of a URL, or under a tag, or all of it: how many.
    pub fn forget(&self, url: Option<String>, tag: Option<String>) -> Promise {
        let cache = self.client.cache();
        promise(Box::pin(async move {
            let count = match (url, tag) {
                (Some(url), _) => cache.delete(&url).await,
                (None, Some(tag)) => cache.delete_tagged(&tag).await,
                (None, None) => cache.clear().await,
            };
            Ok(count.into())
        }))
    }

    /// Resolves when what was kept so far is on disk.
    pub fn flush(&self) -> Promise {
        let cache = self.client.cache();
        promise(Box::pin(async move {
            cache.flush().await;
            Ok(JsValue::UNDEFINED)
        }))
    }

    /// The entries of the outbox, as an array of records.
    pub fn queued(&self) -> Promise {
        let outbox = self.client.outbox();
        promise(Box::pin(async move {
            let list = outbox.list().await.map_err(|it| error::record(&it))?;
            let list: Array = list.iter().map(|entry| convert::record(entry)).collect();
            Ok(list.into())
        }))
    }

    /// Carries a decision about an entry out: `"again"`, `"anew"`, `"done"`, else it is discarded.
    pub fn decide(&self, entry: f64, decision: String) -> Promise {
        let (outbox, id) = (self.client.outbox(), EntryId(entry as u64));
        promise(Box::pin(async move {
            let decided = match &*decision {
                "again" => outbox.again(id).await,
                "anew" => outbox.anew(id).await,
                "done" => outbox.done(id).await,
                _ => outbox.discard(id).await,
            };
            decided.map_or_else(refused, |()| Ok(JsValue::UNDEFINED))
        }))
    }

    /// The request of an entry, as it was queued.
    pub fn request(&self, entry: f64) -> Promise {
        let (outbox, id) = (self.client.outbox(), EntryId(entry as u64));
        promise(Box::pin(async move {
            let request = outbox.request(id).await;
            request.map_or_else(refused, |request| Ok(request.into()))
        }))
    }

    /// Puts another request in the place of an entry's.
    pub fn edit(&self, entry: f64, request: Request) -> Promise {
        let (outbox, id) = (self.client.outbox(), EntryId(entry as u64));
        promise(Box::pin(async move {
            let edited = outbox.edit(id, request).await;
            edited.map_or_else(refused, |()| Ok(JsValue::UNDEFINED))
        }))
    }

    /// Asks the function before each attempt of an entry who sends it, or nobody any more.
    pub fn authorize(&self, hook: Option<Function>) {
        let outbox = self.client.outbox();
        match hook {
            Some(hook) => outbox.authorize(move |asked| run::fields(hook.clone(), asked)),
            None => outbox.unauthorize(),
        }
    }

    /// The network is back.
    pub fn hurry(&self) {
        self.client.outbox().hurry();
    }

    /// Forgets all entries of a user.
    #[wasm_bindgen(js_name = forgetQueue)]
    pub fn forget_queue(&self, user: String) -> Promise {
        let outbox = self.client.outbox();
        promise(Box::pin(async move {
            let forgotten = outbox.forget(&user).await;
            forgotten.map_or_else(refused, |()| Ok(JsValue::UNDEFINED))
        }))
    }

    /// What the engine was told since it was made, as text; `undefined` unless the settings say how much may be recorded.
    #[must_use]
    pub fn trace(&self) -> Option<String> {
        self.client.trace().map(|trace| trace.to_text())
    }

    /// The state of everything, now.
    #[must_use]
    pub fn health(&self) -> JsValue {
        convert::record(&self.client.health())
    }

    /// Ends background work.
    #[wasm_bindgen(js_name = shutDown)]
    pub fn shut_down(&self) {
        self.client.shut_down();
    }
}

/// What a caller catches: a refusal as a record, and what the browser threw as it is.
fn refused(error: Error) -> Result<JsValue, JsValue> {
    Err(match error {
        Error::Aborted(value) | Error::Invalid(value) => value,
        refused => error::record(&refused),
    })
}

/// Boxed: each kind of future would cost two kilobytes.
fn promise(work: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>) -> Promise {
    future_to_promise(work)
}
