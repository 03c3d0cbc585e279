//! The way there, the incident, the backend, and the way back.
//!
//! An attempt takes half a round trip to the backend and its answer the other half. What an incident answers by itself never meets the
//! pool. Whoever gives an attempt up is gone for the backend at once.

use std::collections::HashMap;

use tidegate_contract::{Admission, AttemptEvent, AttemptId, Backend, BackendSettings, Draw};
use tidegate_core::{Instant, Outcome};

use super::agenda::Agenda;
use super::event::Event;
use super::slab::Slab;
use crate::meter::Meter;
use crate::policy::Token;
use crate::scenario::{FAILING_ENDPOINT, FAILING_PERMILLE, ONE_WAY, Scenario, Spec};
use crate::tidegate::answered;

/// An attempt as a browser sends it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt {
    pub(super) token: Token,
    pub(super) endpoint: u8,
    pub(super) service: Draw,
    pub(super) fault: Draw,
}

#[derive(Debug)]
struct Flight {
    attempt: Attempt,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// On the way there.
    Going,
    /// In the backend.
    In(AttemptId),
    /// Nobody waits for it.
    Left,
    /// On the way back.
    Returning(Outcome),
}

/// Everything between the browsers and the end of the backend's work.
#[derive(Debug)]
pub(super) struct Wire {
    spec: Spec,
    backend: Backend,
    flights: Slab<Flight>,
    admitted: HashMap<AttemptId, u32>,
}

impl Wire {
    pub(super) fn new(spec: Spec) -> Wire {
        let settings = spec.backend.settings(BackendSettings::AS_USUAL);
        Wire {
            spec,
            backend: Backend::new(settings, Instant::START),
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

    /// Whether the incident leaves this endpoint alone.
    pub(super) fn is_healthy(&self, endpoint: u8) -> bool {
        match self.spec.scenario {
            Scenario::Normal => true,
            Scenario::P => endpoint != FAILING_ENDPOINT,
            _ => false,
        }
    }

    pub(super) fn slow_down(&mut self, now: Instant, slowdown: u32) {
        self.backend
            .configure(now, self.spec.backend.settings(slowdown));
    }

    pub(super) fn send(
        &mut self,
        now: Instant,
        attempt: Attempt,
        agenda: &mut Agenda<Event>,
    ) -> u32 {
        let state = State::Going;
        let flight = self.flights.insert(Flight { attempt, state });
        agenda.add(now + ONE_WAY, Event::Reach(flight));
        flight
    }

    pub(super) fn reach(
        &mut self,
        now: Instant,
        number: u32,
        agenda: &mut Agenda<Event>,
        meter: &mut Meter,
    ) {
        let Some(flight) = self.flights.at(number) else {
            return;
        };
        let attempt = flight.attempt;
        let left = matches!(flight.state, State::Left);
        if let Some(outcome) = fault(&self.spec, now, &attempt) {
            self.give_back(now, number, outcome, agenda);
            return;
        }
        let asked = tidegate_contract::Attempt::read(attempt.service, attempt.service);
        match self.backend.arrive(now, asked) {
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
            Admission::Refused { ready_at, .. } => {
                self.give_back(ready_at, number, answered(503), agenda);
            }
        }
        self.hear(now, agenda, meter);
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
            self.hear(now, agenda, meter);
        }
    }

    /// What came back to a client, if it is still there.
    pub(super) fn land(&mut self, number: u32) -> Option<(Token, Outcome)> {
        let flight = self.flights.remove(number)?;
        match flight.state {
            State::Returning(outcome) => Some((flight.attempt.token, outcome)),
            _ => None,
        }
    }

    /// Lets the backend do what it does by now.
    pub(super) fn advance(&mut self, now: Instant, agenda: &mut Agenda<Event>, meter: &mut Meter) {
        if self.backend.deadline().is_some_and(|at| at <= now) {
            self.hear(now, agenda, meter);
        }
    }

    fn hear(&mut self, now: Instant, agenda: &mut Agenda<Event>, meter: &mut Meter) {
        while let Some(notice) = self.backend.poll(now) {
            let outcome = match notice.what {
                AttemptEvent::Started { .. } => continue,
                AttemptEvent::Completed { served, gone, .. } => {
                    meter.worked(notice.at, served, gone);
                    answered(200)
                }
                AttemptEvent::Dropped { .. } => answered(503),
            };
            if let Some(number) = self.admitted.remove(&notice.id) {
                self.give_back(notice.at, number, outcome, agenda);
            }
        }
    }

    fn give_back(
        &mut self,
        at: Instant,
        number: u32,
        outcome: Outcome,
        agenda: &mut Agenda<Event>,
    ) {
        let Some(flight) = self.flights.at(number) else {
            return;
        };
        if !matches!(flight.state, State::Left) {
            flight.state = State::Returning(outcome);
        }
        agenda.add(at + ONE_WAY, Event::Land(number));
    }
}

/// What the incident answers to an attempt that arrives now.
fn fault(spec: &Spec, now: Instant, attempt: &Attempt) -> Option<Outcome> {
    let lasts = spec.incident().has(now);
    match spec.scenario {
        Scenario::D | Scenario::DR if lasts => Some(Outcome::Unreachable),
        Scenario::E5 if attempt.fault.hits(FAILING_PERMILLE) => Some(answered(500)),
        Scenario::P if lasts && attempt.endpoint == FAILING_ENDPOINT => Some(answered(503)),
        _ => None,
    }
}
