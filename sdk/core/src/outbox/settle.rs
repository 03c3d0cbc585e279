//! What became of an attempt.

use alloc::string::String;
use alloc::vec::Vec;

use super::classify::{Fate, RestCause, classify};
use super::entry::{Entry, EntryId};
use super::flight::{Claim, End, Flight};
use super::machine::Outbox;
use super::news::OutboxChange;
use super::pace::PaceSettings;
use super::plan::Plan;
use super::state::{DeadReason, State};
use crate::backoff::Backoff;
use crate::engine::Engine;
use crate::outcome::Outcome;
use crate::settings::OutboxSettings;
use crate::time::{Instant, Millis, Wall};

/// How long before an attempt, too, an answer of its origin shows that the origin can be reached.
const LATELY: Millis = Millis(5_000);
/// How long an entry rests that was claimed and could not be sent.
const UNSENT: Millis = Millis(1_000);

impl Outbox {
    /// What became of an attempt; poll then. It is remembered until it is stored, whatever happens to the store. What nobody waits for is not heeded.
    pub fn settle(&mut self, engine: &Engine, now: Instant, claim: Claim, outcome: Outcome) {
        let paces = PaceSettings::from(&engine.settings().outbox);
        let Some(flight) = self.flight(claim) else {
            return;
        };
        let since = Instant::from_micros(flight.sent.as_micros().saturating_sub(LATELY.0 * 1_000));
        let reached = engine.answers_since(flight.scope, since);
        flight.end = Some(End::Outcome(outcome, reached));
        let (origin, took) = (flight.origin.clone(), now - flight.sent);
        let pace = self.paces.of(&origin);
        match classify(outcome) {
            Fate::Retry { .. } => pace.ill(now, &paces, &mut self.rng),
            _ => pace.well(now, took, &paces),
        }
    }

    /// Whoever queued it waits, and has the answer with which it [is over](Entry::is_over): if it was refused, there is nothing left to decide, and
    /// it is no dead letter. Before it is settled.
    pub fn told(&mut self, claim: Claim) {
        if let Some(flight) = self.flight(claim) {
            flight.told = true;
        }
    }

    /// A claim that was not used, and is certain never to have been sent; poll then.
    pub fn release(&mut self, claim: Claim) {
        if let Some(flight) = self.flight(claim) {
            flight.end = Some(End::Unsent);
        }
    }

    /// A claim that was not used, because the application could not say who sends it; poll then. It goes again later, and it counts as no
    /// failure.
    pub fn unauthorized(&mut self, claim: Claim) {
        if let Some(flight) = self.flight(claim) {
            flight.end = Some(End::Unauthorized);
        }
    }

    /// What an answer says, member by member; `None` for one that it does not have. Poll then.
    pub fn found(
        &mut self,
        claim: Claim,
        found: impl IntoIterator<Item = (String, Option<String>)>,
    ) {
        let of = |flight: &&mut Flight| flight.claim == claim;
        if let Some(flight) = self.flights.iter_mut().find(of) {
            flight.found.extend(found);
        }
    }

    /// A claim that is out.
    fn flight(&mut self, claim: Claim) -> Option<&mut Flight> {
        let out = |flight: &&mut Flight| flight.claim == claim && flight.end.is_none();
        self.flights.iter_mut().find(out)
    }

    /// Plans what became of attempts; or what has to be known before.
    pub(super) fn land(
        &mut self,
        plan: &mut Plan<'_>,
        settings: &OutboxSettings,
    ) -> Option<(Claim, Vec<String>)> {
        let rng = &mut self.rng;
        for flight in &self.flights {
            let (Some(end), id) = (flight.end, flight.claim.id) else {
                continue;
            };
            let entry = plan.entry(id);
            let Some(entry) = entry.filter(|entry| entry.attempts == flight.claim.attempt) else {
                // It is done, or somebody else's by now.
                plan.settled.push(flight.claim);
                continue;
            };
            // Where its lease had ended and nobody has sent it since, this answer is still the one that is waited for.
            let mine = match entry.state {
                State::Sending { by, .. } => by == self.drainer,
                State::InDoubt => true,
                _ => false,
            };
            let mut entry = entry.clone();
            match end {
                End::Outcome(outcome, _) if classify(outcome) == Fate::Done => {
                    let wanted = wanted(plan, id, &flight.found);
                    if !wanted.is_empty() {
                        return Some((flight.claim, wanted));
                    }
                    plan.done(id, &flight.found, status_of(outcome));
                }
                End::Outcome(outcome, reached) if mine => {
                    let change = fail(&mut entry, outcome, reached, settings, plan.wall(), rng);
                    match change {
                        OutboxChange::Dead if flight.told => {
                            plan.discard(id, OutboxChange::Answered, status_of(outcome));
                        }
                        _ => plan.put(entry, change, status_of(outcome)),
                    }
                }
                End::Unauthorized if mine => {
                    let rest = backoff(settings).full_jitter(entry.attempts.saturating_sub(1), rng);
                    entry.state = resting(plan.wall(), rest, RestCause::Unauthorized);
                    plan.put(entry, OutboxChange::Resting, None);
                }
                End::Unsent if mine => {
                    let rest = Millis(UNSENT.0 + rng.jitter(UNSENT).0);
                    entry.state = resting(plan.wall(), rest, RestCause::Failed);
                    plan.put(entry, OutboxChange::Resting, None);
                }
                _ => {}
            }
            plan.settled.push(flight.claim);
        }
        None
    }
}

/// What others wait to be told of its answer, and nobody has looked for yet.
fn wanted(plan: &Plan<'_>, id: EntryId, found: &[(String, Option<String>)]) -> Vec<String> {
    let known = |field: &str| found.iter().any(|(name, _)| name == field);
    let mut wanted: Vec<String> = (plan.entries().flat_map(|entry| entry.wants_of(id)))
        .filter(|field| !known(field))
        .map(String::from)
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

fn status_of(outcome: Outcome) -> Option<u16> {
    match outcome {
        Outcome::Head(head) => Some(head.status),
        _ => None,
    }
}

/// An attempt that did not succeed.
fn fail(
    entry: &mut Entry,
    outcome: Outcome,
    reached: bool,
    settings: &OutboxSettings,
    wall: Wall,
    rng: &mut crate::rng::Rng,
) -> OutboxChange {
    let status = status_of(outcome).unwrap_or_default();
    let (cause, unknown) = match classify(outcome) {
        Fate::Retry { cause, unknown } => (cause, unknown),
        Fate::SignIn => {
            entry.state = State::Parked { status };
            return OutboxChange::Parked;
        }
        Fate::Dead(_) if !entry.is_over(outcome) => {
            entry.busy = entry.busy.saturating_add(1);
            (RestCause::Failed, false)
        }
        Fate::Dead(reason) => {
            entry.kill(reason, status, wall);
            return OutboxChange::Dead;
        }
        Fate::Done => return OutboxChange::Done,
    };
    if unknown && !entry.lose() {
        return OutboxChange::InDoubt;
    }
    match (cause, reached) {
        (RestCause::Unreachable, true) => entry.unreached = entry.unreached.saturating_add(1),
        // The network was away: that is nobody's fault.
        (RestCause::Unreachable, false) => entry.unreached = 0,
        _ => {
            entry.failures = entry.failures.saturating_add(1);
            entry.unreached = 0;
        }
    }
    let given_up = match () {
        () if entry.failures >= settings.attempts => Some(DeadReason::Attempts),
        () if entry.unreached >= settings.unreachable_attempts => Some(DeadReason::Unreachable),
        () => None,
    };
    if let Some(reason) = given_up {
        entry.kill(reason, status, wall);
        return OutboxChange::Dead;
    }
    let jitter = backoff(settings).full_jitter(entry.attempts.saturating_sub(1), rng);
    entry.state = match outcome.retry_after() {
        // The jitter comes after what the server asked for, or all who were told the same would come back at once.
        Some(asked) => resting(
            wall,
            Millis(asked.0.saturating_add(jitter.0)),
            RestCause::Asked,
        ),
        None => resting(wall, jitter, cause),
    };
    OutboxChange::Resting
}

fn backoff(settings: &OutboxSettings) -> Backoff {
    Backoff {
        base: Millis(settings.base_ms.into()),
        cap: Millis(settings.cap_ms.into()),
    }
}

fn resting(wall: Wall, rest: Millis, cause: RestCause) -> State {
    State::Resting {
        since: wall,
        until: Wall(wall.0.saturating_add(rest.0)),
        cause,
    }
}
