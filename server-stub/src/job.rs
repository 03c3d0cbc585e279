//! Work that has been brought to the backend: from its turn to its answer.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tidegate_contract::{self as contract, Micros, WorkSource};
use tidegate_core::Instant;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::api::Effect;
use crate::book::Ticket;
use crate::failure::Failure;
use crate::hold::Hold;
use crate::idempotency::Held;
use crate::sever::Severed;
use crate::stub::Stub;
use crate::turn::Turn;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// Work that has been brought to the backend.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) stub: Stub,
    pub(crate) ticket: Ticket,
    pub(crate) hold: Hold,
    pub(crate) request: Request,
    pub(crate) next: Next,
    /// The key that the work has to itself.
    pub(crate) held: Option<Held>,
    /// The memory that its body takes, given back when it is done.
    pub(crate) _room: OwnedSemaphorePermit,
}

impl Job {
    /// Its answer, once its turn is over.
    pub(crate) async fn after(self, turn: oneshot::Receiver<Turn>) -> Response {
        match turn.await {
            Ok(Turn::Done {
                waited,
                served,
                gone,
            }) => self.after_pool(waited, served, !gone).await,
            Ok(Turn::Dropped { lapse, .. }) => Failure::lapsed(lapse),
            // Another program is in force, or the stub is going: as if there had been no queue.
            Ok(Turn::Released) | Err(_) => self.after_pool(Micros::ZERO, Micros::ZERO, true).await,
        }
    }

    async fn after_pool(self, waited: Micros, served: Micros, client_there: bool) -> Response {
        let (queue_ms, service_ms) = (waited.as_millis(), served.as_millis());
        let is_read = self.request.method().is_safe();
        let mut response = self
            .done(WorkSource::Pool, queue_ms, service_ms, client_there)
            .await;
        let timing = format!("queue;dur={queue_ms}, svc;dur={service_ms}");
        tell(&mut response, SERVER_TIMING, &timing);
        if is_read {
            tell(&mut response, CACHE_STATUS, "server-stub; fwd=miss");
        }
        response
    }

    /// Its answer from the backend's cache.
    pub(crate) async fn by_cache(mut self, ready_at: Instant) -> Response {
        self.hold.until(ready_at).await;
        let mut response = self.done(WorkSource::Cache, 0, 0, true).await;
        tell(&mut response, SERVER_TIMING, "cache;desc=hit");
        tell(&mut response, CACHE_STATUS, "server-stub; hit");
        response
    }

    /// The answer that was given before costs the front alone.
    pub(crate) async fn replay(mut self, answer: Response) -> Response {
        let passed = self.stub.world().backend().pass_front(self.stub.now());
        let Some(ready_at) = passed else {
            return Severed::Reset.response();
        };
        self.hold.until(ready_at).await;
        let work = contract::Work {
            source: WorkSource::Replay,
            queue_ms: 0,
            service_ms: 0,
            client_there: true,
            effect: false,
        };
        self.stub
            .change_journal(|world| world.worked(self.ticket, work, false));
        answer
    }

    async fn done(
        self,
        source: WorkSource,
        queue_ms: u64,
        service_ms: u64,
        client_there: bool,
    ) -> Response {
        let Job {
            stub,
            ticket,
            request,
            next,
            held,
            ..
        } = self;
        // After a reset the data is as seeded, and a write from before would change that.
        if !request.method().is_safe() && !stub.world().book.knows(ticket) {
            return Failure::forgotten().into_response();
        }
        let mut response = next.run(request).await;
        let effect = response.extensions().get::<Effect>().cloned();
        if let Some(held) = held {
            response = held
                .settle(response)
                .await
                .unwrap_or_else(Failure::into_response);
        }
        let work = contract::Work {
            source,
            queue_ms,
            service_ms,
            client_there,
            effect: effect.is_some(),
        };
        let repeated = effect.is_some_and(|effect| stub.data().has_repeated(&effect));
        stub.change_journal(|world| world.worked(ticket, work, repeated));
        response
    }
}

fn tell(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().append(name, value);
    }
}
