//! The way there, what goes wrong, the backend, and the way back with its word.
//!
//! An attempt takes half a round trip to the backend and its answer the other half. Whoever gives an attempt up is gone for the backend at
//! once. What is answered by chance costs the front its time; a connection that is refused costs nothing.

use std::collections::HashMap;

use tidegate_contract::{
    Admission, Attempt, AttemptEvent, AttemptId, Backend, BackendSettings, Micros, Refusal,
};
use tidegate_core::{Instant, Outcome};

use super::case::Case;
use super::cause::Cause;
use super::fleet::Event;
use super::meter::Meter;
use super::parcel::{Hint, Landed, Parcel};
use crate::fleet::{Agenda, Slab};
use crate::tidegate::answered;

#[derive(Debug)]
struct Flight {
    parcel: Parcel,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Going,
    In(AttemptId),
    /// Nobody waits for it.
    Left,
    Returning(Outcome, Option<Hint>),
}

/// Everything between the browsers and the end of the backend's work.
#[derive(Debug)]
pub(super) struct Wire {
    usual: BackendSettings,
    one_way: Micros,
    cause: Cause,
    lasts: bool,
    /// The present. The backend's clock must never be ahead of it.
    now: Instant,
    backend: Backend,
    flights: Slab<Flight>,
    admitted: HashMap<AttemptId, u32>,
}

impl Wire {
    pub(super) fn new(case: &Case) -> Wire {
        Wire {
            usual: case.backend.clone(),
            one_way: Micros::from_millis(case.people.round_trip_ms / 2),
            cause: case.cause.clone(),
            lasts: false,
            now: Instant::START,
            backend: Backend::new(case.backend.clone(), Instant::START),
            flights: Slab::new(),
            admitted: HashMap::new(),
        }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.backend.deadline()
    }

    /// How many attempts are on it.
    pub(super) fn len(&self) -> usize {
        self.flights.len()
    }

    /// The cause begins or ends.
    pub(super) fn shift(&mut self, now: Instant, lasts: bool) {
        self.lasts = lasts;
        let settings = match lasts {
            true => self.cause.backend(&self.usual),
            false => self.usual.clone(),
        };
        self.backend.configure(now, settings);
    }

    fn is_down(&self) -> bool {
        self.lasts && self.cause.down
    }

    /// What it says to all who listen; nothing while it is down.
    pub(super) fn hint(&mut self, now: Instant) -> Option<Hint> {
        // Whatever has happened meanwhile is told by the next `advance`.
        self.now = now;
        self.word()
    }

    fn word(&mut self) -> Option<Hint> {
        if self.is_down() {
            return None;
        }
        Some(Hint {
            level: self.backend.level(self.now),
            wait_ms: self.backend.estimated_wait(self.now).as_millis(),
        })
    }

    pub(super) fn send(&mut self, now: Instant, parcel: Parcel, agenda: &mut Agenda<Event>) -> u32 {
        let state = State::Going;
        let flight = self.flights.insert(Flight { parcel, state });
        agenda.add(now + self.one_way, Event::Reach(flight));
        flight
    }

    pub(super) fn reach(
        &mut self,
        now: Instant,
        number: u32,
        agenda: &mut Agenda<Event>,
        meter: &mut Meter,
    ) {
        self.now = now;
        let Some(flight) = self.flights.at(number) else {
            return;
        };
        let parcel = flight.parcel;
        let left = matches!(flight.state, State::Left);
        if self.is_down() {
            self.give_back(now, number, Outcome::Unreachable, agenda);
            return;
        }
        if parcel.readiness || (self.lasts && parcel.fault.hits(self.cause.fail_permille)) {
            let ready = parcel.readiness && self.backend.is_ready(now);
            let through = self.backend.pass_front(now);
            let outcome = match through {
                None => Outcome::Unreachable,
                Some(_) if ready => answered(200),
                Some(_) => answered(503),
            };
            self.give_back(through.unwrap_or(now), number, outcome, agenda);
            return;
        }
        let attempt = Attempt {
            deadline: None,
            intent: parcel.intent,
            key: parcel.key,
            service: parcel.service,
            write: parcel.write.is_some(),
        };
        match self.backend.arrive(now, attempt) {
            Admission::Admitted(id) => {
                self.admitted.insert(id, number);
                if left {
                    self.backend.leave(now, id);
                } else if let Some(flight) = self.flights.at(number) {
                    flight.state = State::In(id);
                }
            }
            Admission::Hit { ready_at } | Admission::Replay { ready_at } => {
                self.give_back(ready_at, number, answered(200), agenda);
            }
            Admission::Conflict { ready_at } => {
                self.give_back(ready_at, number, answered(409), agenda);
            }
            Admission::Refused {
                reason, ready_at, ..
            } => {
                let outcome = match reason {
                    Refusal::Backlog => Outcome::Unreachable,
                    Refusal::Full | Refusal::Hopeless => answered(503),
                };
                self.give_back(ready_at, number, outcome, agenda);
            }
        }
        self.tell(now, agenda, meter);
    }

    /// The client waits no longer.
    pub(super) fn leave(
        &mut self,
        now: Instant,
        number: u32,
        agenda: &mut Agenda<Event>,
        meter: &mut Meter,
    ) {
        let Some(flight) = self.flights.at(number) else {
            return;
        };
        let state = std::mem::replace(&mut flight.state, State::Left);
        if let State::In(id) = state {
            self.backend.leave(now, id);
            self.tell(now, agenda, meter);
        }
    }

    /// What came back to a client, if it is still there.
    pub(super) fn land(&mut self, number: u32) -> Option<Landed> {
        let flight = self.flights.remove(number)?;
        let State::Returning(outcome, word) = flight.state else {
            return None;
        };
        Some(Landed {
            token: flight.parcel.token,
            outcome,
            word,
        })
    }

    /// Lets the backend do what it does by now.
    pub(super) fn advance(&mut self, now: Instant, agenda: &mut Agenda<Event>, meter: &mut Meter) {
        if self.backend.deadline().is_some_and(|at| at <= now) {
            self.tell(now, agenda, meter);
        }
    }

    fn tell(&mut self, now: Instant, agenda: &mut Agenda<Event>, meter: &mut Meter) {
        self.now = now;
        while let Some(notice) = self.backend.poll(now) {
            let outcome = match notice.what {
                AttemptEvent::Started { .. } => continue,
                AttemptEvent::Completed { gone, .. } => {
                    meter.worked(notice.at, gone);
                    answered(200)
                }
                AttemptEvent::Dropped { .. } => answered(503),
            };
            let Some(number) = self.admitted.remove(&notice.id) else {
                continue;
            };
            let write = self.flights.at(number).and_then(|each| each.parcel.write);
            if let (AttemptEvent::Completed { .. }, Some(write)) = (notice.what, write) {
                meter.effect(write);
            }
            self.give_back(notice.at, number, outcome, agenda);
        }
    }

    /// An answer leaves at a moment that may lie ahead, with the backend's word of the present one.
    fn give_back(
        &mut self,
        at: Instant,
        number: u32,
        outcome: Outcome,
        agenda: &mut Agenda<Event>,
    ) {
        let word = match outcome {
            Outcome::Head(_) => self.word(),
            _ => None,
        };
        let Some(flight) = self.flights.at(number) else {
            return;
        };
        if !matches!(flight.state, State::Left) {
            flight.state = State::Returning(outcome, word);
        }
        agenda.add(at + self.one_way, Event::Land(number));
    }
}
