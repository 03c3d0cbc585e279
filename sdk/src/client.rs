//! The handle that an application holds.

use std::rc::Rc;

use gloo_net::http::Request;
use tidegate_core::kept::{Place, Rules};
use tidegate_core::{Event, Health, PatternError, Settings, SettingsError, Trace};

use crate::cache::Cache;
use crate::error::Error;
use crate::inner::Inner;
use crate::outbox::Outbox;
use crate::outgoing::{Answer, Outgoing};
use crate::policy::Policy;
use crate::socket::{Address, SocketWishes};

/// Sends requests under the policies. Cheap to clone; every clone shares the same state.
#[derive(Clone, Debug)]
pub struct Client(Rc<Inner>);

/// Listens for as long as it lives.
#[derive(Debug)]
#[must_use = "dropping it ends the listening"]
pub struct Subscription {
    client: Rc<Inner>,
    id: u64,
}

impl Client {
    /// A client with its own engine. Nothing is opened or sent yet.
    ///
    /// # Errors
    /// When a setting is out of its range.
    pub fn new(settings: Settings) -> Result<Client, SettingsError> {
        Inner::new(settings).map(Client)
    }

    /// Sends a request, as `fetch` does: any status is an answer, if no better one is to be had. Dropping the future aborts the call.
    ///
    /// The request is gloo-net's or web-sys'; its `AbortSignal` is honoured at every wait.
    ///
    /// # Errors
    /// When there is no answer to give: refused, aborted, or the network rejects the last attempt, and nothing is kept.
    pub async fn fetch(&self, request: impl Into<web_sys::Request>) -> Result<Answer, Error> {
        self.request(request).send().await
    }

    /// The same with wishes: a priority, a weight, a route of its own.
    ///
    /// ```no_run
    /// # async fn example(tide: tidegate::Client, request: gloo_net::http::Request) -> Result<(), tidegate::Error> {
    /// let answer = tide.request(request).priority(tidegate::Priority::Background).send().await?;
    /// # Ok(()) }
    /// ```
    pub fn request(&self, request: impl Into<web_sys::Request>) -> Outgoing {
        Outgoing::new(self.0.clone(), request.into())
    }

    /// Sends a `GET`.
    ///
    /// # Errors
    /// As [`Client::fetch`].
    pub async fn get(&self, url: &str) -> Result<Answer, Error> {
        let request = Request::get(url)
            .build()
            .map_err(|error| Error::Invalid(error.to_string().into()))?;
        self.fetch(request).await
    }

    /// What is wished for the answers of a route: how what is kept is weighed against the network, for how long, under which tags. The place is
    /// a path as in `/assets/:id` or `/reports/*`, with an origin before it or without, or `*` for all; what is said last wins.
    ///
    /// ```no_run
    /// # fn example(tide: tidegate::Client) -> Result<(), tidegate::PatternError> {
    /// use tidegate::{Rules, StrategyName};
    /// tide.route("/reference/*", Rules::new().with_strategy(StrategyName::CacheFirst))
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the path does not begin with a slash, or has a `*` that is not its last segment.
    pub fn route(&self, place: &str, rules: Rules) -> Result<(), PatternError> {
        let place = Place::new(place)?;
        self.0.rules.borrow_mut().add(place, rules);
        Ok(())
    }

    /// What is kept.
    #[must_use]
    pub fn cache(&self) -> Cache {
        Cache::new(self.0.clone())
    }

    /// Writes that could not go, and go later. Only those of the user whose page it is.
    #[must_use]
    pub fn outbox(&self) -> Outbox {
        Outbox::new(self.0.clone())
    }

    /// Whose page it is from now on: an identifier of the user, the same at each visit; `None` is nobody. What is kept is kept apart for
    /// each, and calls of the user before are aborted. What is kept of them stays, for when they come back: see [`Client::log_out`].
    pub fn set_identity(&self, user: Option<&str>) {
        self.0.identify(user);
    }

    /// The user goes, at once: their calls are aborted. It resolves when nothing that is kept of them can be read any more, here, on disk and
    /// in other tabs.
    ///
    /// # Errors
    /// When the browser's database gives no answer, so that something may be left on the disk; in memory and in other tabs nothing is.
    pub fn log_out(&self) -> impl Future<Output = Result<(), Error>> + use<> {
        self.0.clone().log_out(None)
    }

    /// The same for a user who need not be the one whose page it is.
    ///
    /// # Errors
    /// As [`Client::log_out`].
    pub fn erase(&self, user: &str) -> impl Future<Output = Result<(), Error>> + use<> {
        self.0.clone().log_out(Some(user))
    }

    /// A WebSocket that comes back. Its connections come under the breaker and the retry budget of requests to the same server.
    ///
    /// ```no_run
    /// # fn example(tide: &tidegate::Client) -> Result<tidegate::Socket, tidegate::SettingsError> {
    /// use tidegate::{Address, SocketNotice};
    ///
    /// let feed = Address::new("wss://api.example/feed", &[]);
    /// let socket = tide.socket(feed).listen(|notice| {
    ///     if let SocketNotice::Message(event) = notice {
    ///         // `event.data()` is a text, or an `ArrayBuffer`.
    ///     }
    /// });
    /// socket.open()
    /// # }
    /// ```
    pub fn socket(&self, address: Address) -> SocketWishes {
        SocketWishes::fixed(self.0.clone(), address)
    }

    /// The same where the address is asked for before each connection, with a fresh token in it; the function is told whether the server wants
    /// another one than the last. `None`, as when the token is not to be had: it is asked for again, later.
    pub fn socket_at<F>(&self, ask: impl Fn(bool) -> F + 'static) -> SocketWishes
    where
        F: Future<Output = Option<Address>> + 'static,
    {
        SocketWishes::asked(
            self.0.clone(),
            Rc::new(move |refresh| Box::pin(ask(refresh))),
        )
    }

    /// Any work under the policies, not only a request. All that is run under one name has breaker, limit and budget in common.
    pub fn policy(&self, name: &str) -> Policy {
        Policy::new(self.0.clone(), name)
    }

    /// Calls back with every event. The listener may use the client.
    pub fn on_event(&self, listener: impl Fn(&Event) + 'static) -> Subscription {
        let id = self.0.add_listener(Rc::new(listener));
        Subscription {
            client: self.0.clone(),
            id,
        }
    }

    /// The state of everything, now.
    #[must_use]
    pub fn health(&self) -> Health {
        let now = self.0.now();
        let mut health = self.0.engine().health(now);
        health.sockets = self.0.sockets.health();
        health
    }

    /// What the engine was told since it was made, for a bug report; `None` unless `trace.bytes` says how much may be recorded.
    #[must_use]
    pub fn trace(&self) -> Option<Trace> {
        self.0.engine().trace()
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.0.engine().settings().clone()
    }

    /// Other settings from now on. Calls that are under way keep their deadlines.
    ///
    /// ```no_run
    /// # fn example(tide: tidegate::Client) -> Result<(), tidegate::SettingsError> {
    /// let mut settings = tide.settings();
    /// settings.concurrency.limit = 4;
    /// tide.configure(settings)
    /// # }
    /// ```
    ///
    /// # Errors
    /// When a setting is out of its range; nothing changes then.
    pub fn configure(&self, settings: Settings) -> Result<(), SettingsError> {
        self.0.configure(settings)
    }

    /// Lets nothing of a scope through, by hand, until it is released. Scopes have the names that [`Client::health`] shows.
    ///
    /// # Errors
    /// When there is no such scope.
    pub fn isolate(&self, scope: &str) -> Result<(), Error> {
        self.by_hand(scope, true)
    }

    /// Lets a scope through again, whatever its breaker has seen.
    ///
    /// # Errors
    /// When there is no such scope.
    pub fn release(&self, scope: &str) -> Result<(), Error> {
        self.by_hand(scope, false)
    }

    fn by_hand(&self, scope: &str, shut: bool) -> Result<(), Error> {
        match self.0.by_hand(scope, shut) {
            true => Ok(()),
            false => Err(Error::UnknownScope {
                scope: scope.into(),
            }),
        }
    }

    /// Makes a scope known by its name (an origin and a route, as `https://api.example/assets/:id`) before anything is asked of it, so that it
    /// can be isolated.
    pub fn meet(&self, scope: &str) {
        self.0.meet(scope);
    }

    /// A call that failed got something else from its caller: counts it.
    pub fn fell_back(&self) {
        self.0.engine().fell_back();
    }

    /// Ends background work: probes, listeners, timers. Calls that are under way end as they would have.
    pub fn shut_down(&self) {
        self.0.shut_down();
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.client.remove_listener(self.id);
    }
}
