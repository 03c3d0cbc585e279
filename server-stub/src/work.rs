//! A request's work: its turn at the backend, and what the router makes of it.
//!
//! Work belongs to the backend, not to the client: once it has been admitted it goes on in a task of its own, and whoever asked for it
//! may leave. The backend is told, and does what its settings say: finish it for nobody, or give it up. Streams are the exception; they
//! are the connection, so they end with it, and they take no connection of the pool.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tidegate_contract::{Health, Micros, Standing, paths};
use tokio::sync::oneshot;

use crate::api::MAX_BODY;
use crate::arrival::Arrival;
use crate::book::Ticket;
use crate::failure::Failure;
use crate::hold::Hold;
use crate::idempotency;
use crate::idempotency::Claimed;
use crate::job::Job;
use crate::sever::Severed;
use crate::stub::Stub;
use crate::turn::{Admitted, Brought};

/// A request's work, done or not.
#[derive(Debug)]
pub(crate) enum Work {
    Done(Response),
    Todo(Box<Todo>),
    /// Only for the moment in between.
    Underway,
}

#[derive(Debug)]
pub(crate) struct Todo {
    stub: Stub,
    arrival: Arrival,
    ticket: Ticket,
    hold: Hold,
    request: Request,
    next: Next,
}

impl Work {
    pub(crate) fn new(
        stub: Stub,
        arrival: Arrival,
        ticket: Ticket,
        hold: Hold,
        request: Request,
        next: Next,
    ) -> Work {
        Work::Todo(Box::new(Todo {
            stub,
            arrival,
            ticket,
            hold,
            request,
            next,
        }))
    }

    /// Work that is not done, because its client has asked for too much.
    pub(crate) fn refused(standing: Standing) -> Work {
        Work::Done(Failure::over_quota(standing.reset_s))
    }

    /// Does it, if it has not been done.
    pub(crate) async fn perform(&mut self) {
        *self = match std::mem::replace(self, Work::Underway) {
            Work::Todo(todo) => Work::Done(todo.perform().await),
            done => done,
        };
    }

    /// Another answer than the one to the work, which is not done if it has not been.
    pub(crate) fn replace(&mut self, answer: Response) {
        *self = Work::Done(answer);
    }

    /// The answer, once the work is done.
    pub(crate) async fn answer(mut self) -> Response {
        self.perform().await;
        match self {
            Work::Done(response) => response,
            Work::Todo(_) | Work::Underway => {
                Failure::internal("the work was not done").into_response()
            }
        }
    }
}

impl Todo {
    async fn perform(self) -> Response {
        if self.arrival.preflight {
            return self.at_front().await;
        }
        match &*self.arrival.path {
            paths::FEED | paths::FEED_EVENTS => self.next.run(self.request).await,
            paths::HEALTH => self.health().await,
            paths::READY => self.at_front().await,
            _ => self.at_pool().await,
        }
    }

    /// What goes no further than the front costs it as much as anything.
    async fn at_front(mut self) -> Response {
        let passed = self.stub.world().backend().pass_front(self.stub.now());
        match passed {
            None => Severed::Reset.response(),
            Some(ready_at) => {
                self.hold.until(ready_at).await;
                self.next.run(self.request).await
            }
        }
    }

    /// What is said of the backend is said by the router; here is how long that takes.
    async fn health(mut self) -> Response {
        let health = self.stub.world().program().health;
        match health {
            Health::ThroughPool => return self.at_pool().await,
            Health::Slow { ms } => self.hold.wait(Micros::from_millis(ms)).await,
            Health::AlwaysFailing
            | Health::AlwaysFine
            | Health::Flapping { .. }
            | Health::Honest => {}
        }
        self.at_front().await
    }

    /// Brings the work to the backend, and waits for it as long as the client does.
    async fn at_pool(self) -> Response {
        let Todo {
            stub,
            arrival,
            ticket,
            hold,
            request,
            next,
        } = self;
        // Read before the work is admitted: it must not depend on the client any more.
        let (head, body) = request.into_parts();
        let body = match to_bytes(body, MAX_BODY).await {
            Ok(body) => body,
            Err(_) => return Failure::too_large(MAX_BODY).into_response(),
        };
        let Some(room) = stub.room_for(body.len()) else {
            return Failure::no_room().into_response();
        };
        let claimed = idempotency::claim(&stub, &head, &body);
        let request = Request::from_parts(head, Body::from(body));
        let mut front = hold.clone();
        let job = |held| Job {
            stub: stub.clone(),
            ticket,
            hold,
            request,
            next,
            held,
            _room: room,
        };
        let job = match claimed {
            Ok(Claimed::Free(held)) => job(held),
            Ok(Claimed::Replay(answer)) => return job(None).replay(answer).await,
            Err(failure) => return failure.into_response(),
        };
        match stub.bring(&arrival) {
            Brought::Admitted(admitted, turn) => {
                let presence = Presence { stub, admitted };
                let (answer, answered) = oneshot::channel();
                tokio::spawn(async move {
                    // If the client has gone, nobody is there to take it.
                    let _ = answer.send(job.after(turn).await);
                });
                let answer = answered.await;
                // The backend has forgotten the attempt already; leaving it then changes nothing.
                drop(presence);
                answer.unwrap_or_else(|_| Failure::internal("the work was lost").into_response())
            }
            Brought::Hit(ready_at) => job.by_cache(ready_at).await,
            Brought::Refused {
                reason,
                ready_at,
                retry_after,
            } => {
                front.until(ready_at).await;
                Failure::refused(reason, retry_after)
            }
        }
    }
}

/// The client of an attempt, for as long as it is there.
#[derive(Debug)]
struct Presence {
    stub: Stub,
    admitted: Admitted,
}

impl Drop for Presence {
    fn drop(&mut self) {
        let now = self.stub.now();
        self.stub.world().leave(now, self.admitted);
        self.stub.reschedule();
    }
}
