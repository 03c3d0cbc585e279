//! What stands between a driver and its engine, and writes down what passes.

use alloc::string::String;
use alloc::vec::Vec;

use super::VERSION;
use super::deed::Deed;
use super::hash::DecisionHash;
use super::stream::write;
use super::text::Trace;
use crate::call::Call;
use crate::engine::Engine;
use crate::outcome::Outcome;
use crate::scope::{ScopeId, scope_name};
use crate::settings::{SETTINGS, Settings};
use crate::spec::CallSpec;
use crate::step::{Found, Step};
use crate::time::Instant;

/// Writes down what an engine is told from its first moment on, until its memory is full.
///
/// What has no bearing on decisions is not recorded: where answers are kept, that one was, events and wakes.
///
/// ```
/// use tidegate_core::{CallSpec, Engine, Instant, Recorder, Settings, Step};
/// let (settings, seed, now) = (Settings::default(), 7, Instant::START);
/// let mut recorder = Recorder::new(&settings, seed, 64_000);
/// let mut engine = Engine::new(settings, seed)?;
/// let scope = recorder.scope(&mut engine, now, "https://a.example", "/assets/7");
/// let mut call = recorder.begin(&mut engine, now, CallSpec::read(scope));
/// assert!(matches!(recorder.poll(&mut engine, now, &mut call), Step::Send { .. }));
/// let trace = recorder.trace();
/// assert_eq!(trace.replay(|_, _, _| {}).unwrap().hash, trace.hash);
/// # Ok::<(), tidegate_core::SettingsError>(())
/// ```
#[derive(Debug)]
pub struct Recorder {
    bytes: Vec<u8>,
    most: usize,
    last: Instant,
    hash: DecisionHash,
    full: bool,
}

impl Recorder {
    /// A recorder for a new engine with these settings and this seed, that writes down so many bytes at most.
    #[must_use]
    pub fn new(settings: &Settings, seed: u64, most: usize) -> Recorder {
        let mut bytes = [VERSION].to_vec();
        write(&mut bytes, seed);
        write(&mut bytes, SETTINGS.len() as u64);
        settings.values(|_, value| write(&mut bytes, value.into()));
        Recorder {
            full: bytes.len() > most,
            bytes,
            most,
            last: Instant::START,
            hash: DecisionHash::default(),
        }
    }

    /// See [`Engine::scope`]. The path is written down folded.
    pub fn scope(
        &mut self,
        engine: &mut Engine,
        now: Instant,
        origin: &str,
        path: &str,
    ) -> ScopeId {
        let scope = engine.scope(origin, path);
        if !self.full {
            let (origin, path) = (String::from(origin), scope_name("", path));
            self.note(now, &Deed::Scope { origin, path });
            self.number(scope.0.into());
        }
        scope
    }

    /// See [`Engine::begin`].
    pub fn begin(&mut self, engine: &mut Engine, now: Instant, spec: CallSpec) -> Call {
        self.note(now, &Deed::Begin(spec));
        engine.begin(now, spec)
    }

    /// See [`Call::poll`].
    pub fn poll(&mut self, engine: &mut Engine, now: Instant, call: &mut Call) -> Step {
        self.note(now, &Deed::Poll(call.id()));
        let step = call.poll(engine, now);
        self.decided(step)
    }

    /// See [`Call::settle`].
    pub fn settle(&mut self, engine: &mut Engine, now: Instant, call: &mut Call, outcome: Outcome) {
        self.note(now, &Deed::Settle(call.id(), outcome));
        call.settle(engine, now, outcome);
    }

    /// See [`Call::cached`].
    pub fn cached(
        &mut self,
        engine: &mut Engine,
        now: Instant,
        call: &mut Call,
        found: Found,
    ) -> Step {
        self.note(now, &Deed::Cached(call.id(), found));
        let step = call.cached(engine, now, found);
        self.decided(step)
    }

    /// See [`Call::cancel`].
    pub fn cancel(&mut self, engine: &mut Engine, now: Instant, call: Call) {
        self.note(now, &Deed::Cancel(call.id()));
        call.cancel(engine, now);
    }

    /// See [`Engine::set_online`].
    pub fn set_online(&mut self, engine: &mut Engine, now: Instant, online: bool) {
        self.note(now, &Deed::Online(online));
        engine.set_online(now, online);
    }

    /// See [`Engine::due_probe`].
    pub fn due_probe(&mut self, engine: &mut Engine, now: Instant) -> Option<ScopeId> {
        self.note(now, &Deed::Probe);
        let due = engine.due_probe(now);
        self.number(number_of(due));
        due
    }

    /// See [`Engine::forget`].
    pub fn forget(&mut self, engine: &mut Engine, now: Instant, scope: ScopeId) {
        self.note(now, &Deed::Forget(scope));
        engine.forget(scope);
    }

    /// Writes one deed down. For an engine that calls its recorder itself.
    pub fn note(&mut self, now: Instant, deed: &Deed) {
        if self.full {
            return;
        }
        let whole = self.bytes.len();
        // A clock that goes back is written down, too: both directions take few bytes.
        let passed = now.as_micros().wrapping_sub(self.last.as_micros()) as i64;
        write(&mut self.bytes, (passed << 1 ^ passed >> 63) as u64);
        deed.write(&mut self.bytes);
        if self.bytes.len() > self.most {
            self.bytes.truncate(whole);
            self.full = true;
        }
        self.last = now;
    }

    /// Counts a decision, and hands it on.
    pub fn decided(&mut self, step: Step) -> Step {
        if !self.full {
            self.hash.step(step);
        }
        step
    }

    /// What was written down so far.
    #[must_use]
    pub fn trace(&self) -> Trace {
        Trace {
            bytes: self.bytes.clone(),
            hash: self.hash.value(),
        }
    }

    /// Whether memory is full: what came later is not in the trace, nor in its hash.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.full
    }

    fn number(&mut self, number: u64) {
        if !self.full {
            self.hash.number(number);
        }
    }
}

pub(super) fn number_of(scope: Option<ScopeId>) -> u64 {
    scope.map_or(0, |scope| u64::from(scope.0) + 1)
}
