//! The handle that an application holds.

use std::rc::Rc;

use gloo_net::http::{Request, Response};
use tidegate_core::{CallSpec, Event, Explanation, Health, Settings, SettingsError, split_url};

use crate::drive::Drive;
use crate::error::Error;
use crate::global::header;
use crate::inner::Inner;

/// Sends requests under the policies. Cheap to clone; every clone shares the same state.
#[derive(Clone, Debug)]
pub struct Client(Rc<Inner>);

/// A response, and what it says of itself.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The native response behind gloo-net's face; its body was not touched.
    pub response: Response,
    /// Where it comes from, how old it is, and why.
    pub explanation: Explanation,
}

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
        let request = request.into();
        let url = request.url();
        // `data:` and `blob:` come from the page itself.
        let (origin, path) = match url.starts_with("http") {
            true => split_url(&url),
            false => ("", ""),
        };
        let scope = self.0.engine().scope(origin, path);
        let spec = CallSpec::of(
            scope,
            &request.method(),
            header(&request.headers(), "idempotency-key").is_some(),
        );
        Drive::new(self.0.clone(), request, spec).run().await
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
        self.0.engine().health(now)
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.0.engine().settings().clone()
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
