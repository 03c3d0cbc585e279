//! One request from step to step, and what that means for the others of its browser.

use tidegate_core::Instant;

use super::event::Event;
use super::{Fleet, OF_FAULT, OF_RELOAD, OF_SERVICE, RELOAD_AFTER, RELOAD_WITHIN, Request, wire};
use crate::policy::{End, Policy, Step, Token};
use crate::scenario::{ENDPOINTS, Scenario};

impl<P: Policy> Fleet<'_, P> {
    /// Does what the policy says until it says to wait, and then sees to what that meant for others of the same browser.
    pub(super) fn drive(&mut self, now: Instant, token: Token) {
        let Some(client) = self.advance(now, token) else {
            return;
        };
        self.tend(now, client);
    }

    pub(super) fn tend(&mut self, now: Instant, client: u32) {
        let browser = self.browsers.at(client);
        self.policy.woken(&mut browser.policy, &mut self.woken);
        while let Some(token) = self.woken.pop() {
            self.advance(now, token);
            let browser = self.browsers.at(client);
            self.policy.woken(&mut browser.policy, &mut self.woken);
        }
        let browser = self.browsers.at(client);
        let due = self.policy.next_probe(&browser.policy);
        if due < browser.probe && due < self.end {
            browser.probe = due;
            self.agenda.add(due.max(now), Event::Probe(client));
        }
    }

    /// The client of the request, if it is still under way.
    fn advance(&mut self, now: Instant, token: Token) -> Option<u32> {
        let request = self.requests.find(token.slot, token.generation)?;
        let client = request.client;
        loop {
            let request = self.requests.find(token.slot, token.generation)?;
            let browser = self.browsers.at(client);
            match self
                .policy
                .poll(&mut browser.policy, &mut request.call, now)
            {
                Step::Abandon => {
                    if let Some(flight) = request.flight.take() {
                        self.wire
                            .leave(now, flight, &mut self.agenda, &mut self.meter);
                    }
                }
                Step::Send => {
                    request.attempts += 1;
                    let again = request.attempts > 1 || request.probe;
                    let herd = again && browser.is_new_in_bin(now);
                    self.meter.sent(now, request.begun, request.probe, herd);
                    let flight = self.wire.send(
                        now,
                        wire::Attempt {
                            token,
                            endpoint: request.endpoint,
                            service: request.luck.at(OF_SERVICE).at(request.attempts.into()),
                            fault: request.luck.at(OF_FAULT).at(request.attempts.into()),
                        },
                        &mut self.agenda,
                    );
                    request.flight = Some(flight);
                }
                // Nothing is kept here, so nothing is shown before the end.
                Step::Show => {}
                Step::Wait(until) => {
                    let until = until.max(now);
                    if until < request.wake {
                        request.wake = until;
                        self.agenda.add(until, Event::Wake(token));
                    }
                    return Some(client);
                }
                Step::Done(end) => {
                    let over = self.requests.remove(token.slot)?;
                    self.finish(now, over, end);
                    return Some(client);
                }
            }
        }
    }

    fn finish(&mut self, now: Instant, request: Request<P::Call>, end: End) {
        if let Some(flight) = request.flight {
            self.wire
                .leave(now, flight, &mut self.agenda, &mut self.meter);
        }
        if request.probe {
            return;
        }
        let healthy = self.wire.is_healthy(request.endpoint);
        self.meter
            .ended(now, request.begun, end, request.attempts, healthy);
        let reloads = self.spec.scenario == Scenario::DR && end == End::Failed && now < self.end;
        if reloads && self.browsers.at(request.client).reloads(now) {
            for number in 0..ENDPOINTS {
                let luck = request.luck.at(OF_RELOAD).at(number.into());
                let after = RELOAD_AFTER + luck.below(RELOAD_WITHIN);
                let at = Instant::from_micros(now.as_micros() + after);
                if at < self.end {
                    self.agenda.add(at, Event::Reload(request.client, luck));
                }
            }
        }
    }
}
