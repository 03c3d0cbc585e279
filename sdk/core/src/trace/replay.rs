//! Drives a new engine with what was written down.

use alloc::collections::BTreeMap;

use super::VERSION;
use super::deed::{self, Deed};
use super::error::TraceError;
use super::hash::DecisionHash;
use super::recorder::number_of;
use super::stream::Stream;
use super::text::Trace;
use crate::call::{Call, CallId};
use crate::engine::Engine;
use crate::scope::ScopeId;
use crate::settings::{SETTINGS, Settings};
use crate::step::Step;
use crate::time::Instant;

/// What came of a trace.
#[derive(Debug)]
#[must_use = "a hash that differs from the trace's means that other decisions were made"]
pub struct Replayed {
    /// The hash of the decisions.
    pub hash: u64,
    /// The time of the last deed.
    pub now: Instant,
    /// The engine as it is then.
    pub engine: Engine,
}

impl Trace {
    /// Hands everything to a new engine, and shows each deed with the step that followed, if one did.
    ///
    /// # Errors
    /// When it makes no sense. Whatever it says, nothing panics: a trace comes from a stranger.
    pub fn replay(
        &self,
        mut watch: impl FnMut(Instant, &Deed, Option<Step>),
    ) -> Result<Replayed, TraceError> {
        let mut from = Stream::new(&self.bytes);
        let mut stage = Stage::new(&mut from)?;
        let mut now = Instant::START;
        while !from.is_over() {
            let zigzag = from.number()?;
            let passed = (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64);
            now = Instant::from_micros(now.as_micros().wrapping_add(passed as u64));
            let deed = Deed::read(&mut from)?;
            let step = stage.act(now, &deed).ok_or(from.fault())?;
            if let Some(step) = step {
                stage.hash.step(step);
            }
            watch(now, &deed, step);
        }
        Ok(Replayed {
            hash: stage.hash.value(),
            now,
            engine: stage.engine,
        })
    }
}

/// An engine and its calls.
struct Stage {
    engine: Engine,
    calls: BTreeMap<CallId, Call>,
    /// One more than the last scope's number.
    scopes: u16,
    hash: DecisionHash,
}

impl Stage {
    fn new(from: &mut Stream<'_>) -> Result<Stage, TraceError> {
        let version = from.number()?;
        let seed = from.number()?;
        if version != u64::from(VERSION) || from.number()? != SETTINGS.len() as u64 {
            return Err(TraceError::OtherVersion);
        }
        let mut settings = deed::settings(from)?;
        settings.trace.bytes = 0;
        Ok(Stage {
            engine: Engine::new(settings, seed).map_err(|_| from.fault())?,
            calls: BTreeMap::new(),
            scopes: 0,
            hash: DecisionHash::default(),
        })
    }

    /// The step that followed; `None` when there is no such call or scope.
    fn act(&mut self, now: Instant, deed: &Deed) -> Option<Option<Step>> {
        let engine = &mut self.engine;
        // Nobody listens, and what is not taken is kept.
        engine.drain_wakes().for_each(drop);
        engine.drain_events().for_each(drop);
        let mut step = None;
        match deed {
            Deed::Begin(spec) if self.scopes > spec.scope.0 => {
                let call = engine.begin(now, *spec);
                self.calls.insert(call.id(), call);
            }
            Deed::Cached(id, found) => {
                step = Some(self.calls.get_mut(id)?.cached(engine, now, *found));
            }
            Deed::Cancel(id) => self.calls.remove(id)?.cancel(engine, now),
            Deed::Forget(scope) if self.scopes > scope.0 => engine.forget(*scope),
            Deed::Begin(_) | Deed::Forget(_) => return None,
            Deed::Online(online) => engine.set_online(now, *online),
            Deed::Poll(id) => {
                step = Some(self.calls.get_mut(id)?.poll(engine, now));
            }
            Deed::Probe => {
                let due = engine.due_probe(now);
                self.hash.number(number_of(due));
            }
            Deed::Scope { origin, path } => {
                let ScopeId(scope) = engine.scope(origin, path);
                self.scopes = self.scopes.max(scope + 1);
                self.hash.number(scope.into());
            }
            Deed::Configure(settings) => engine.configure(now, Settings::clone(settings)).ok()?,
            Deed::Hear(scope, field) if self.scopes > scope.0 => engine.hear(now, *scope, field),
            Deed::Hear(..) => return None,
            Deed::Isolate(name) => {
                engine.isolate(now, name);
            }
            Deed::Release(name) => {
                engine.release_scope(now, name);
            }
            Deed::Replay(scope, dear) if self.scopes > scope.0 => {
                let paid = engine.pay_replay(now, *scope, *dear);
                self.hash.number(paid.into());
            }
            Deed::Replay(..) => return None,
            Deed::SettleHedge(id, outcome) => {
                self.calls.get_mut(id)?.settle_hedge(engine, now, *outcome);
            }
            Deed::Settle(id, outcome) => self.calls.get_mut(id)?.settle(engine, now, *outcome),
        }
        Some(step)
    }
}

#[cfg(test)]
#[path = "../tests/trace.rs"]
mod tests;
