//! The shipped engine in the fleet: the only module here that knows it.
//!
//! Settings are the defaults. In family A the end of an attempt is the model's 3 s, as it is for everybody there.

mod outbox;

use tidegate_contract::Draw;
use tidegate_core::throttle::Priority;
use tidegate_core::{
    CallId, CallSpec, Engine, Found, Head, Instant, Millis, Outcome, ScopeId, Settings,
    SettingsError, Verdict,
};

use self::outbox::{Replay, Saved};
use crate::policy::{End, Habits, Policy, Step, Token, Want};
use crate::scenario::{ENDPOINTS, TIMEOUT};

const ORIGIN: &str = "https://api.example";
const PATHS: [&str; ENDPOINTS as usize] =
    ["/assets", "/audit", "/lineage", "/policies", "/quality"];

/// Tidegate as an application gets it.
#[derive(Clone, Debug)]
pub struct Tidegate {
    settings: Settings,
    habits: Habits,
}

impl Tidegate {
    /// With some settings of its own, by their names in camelCase, and the end of an attempt that everybody has in family A.
    ///
    /// # Errors
    /// When there is no such setting, or a value is out of its range.
    pub fn new<'a>(
        overrides: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Result<Tidegate, SettingsError> {
        let attempt = ("timeout.attemptMs", TIMEOUT.0 as f64);
        Tidegate::shipped([attempt].into_iter().chain(overrides))
    }

    /// As it is shipped but for these settings.
    ///
    /// # Errors
    /// When there is no such setting, or a value is out of its range.
    pub fn shipped<'a>(
        overrides: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Result<Tidegate, SettingsError> {
        let mut settings = Settings::default();
        for (path, value) in overrides {
            settings.set(path, value)?;
        }
        settings.check()?;
        let habits = Habits {
            keys: true,
            ..Habits::default()
        };
        Ok(Tidegate { settings, habits })
    }

    /// With an outbox: a write is saved when a read would show a kept copy.
    #[must_use]
    pub fn with_outbox(mut self) -> Tidegate {
        let patience = Millis(self.settings.cache.patience_ms.into());
        self.habits.defers = Some(patience);
        self
    }

    /// How long an attempt may take of what nobody waits for.
    fn longest(&self) -> Millis {
        Millis(self.settings.timeout.total_ms.into())
    }

    /// Reading the server's word on its answers.
    #[must_use]
    pub fn hearing(mut self) -> Tidegate {
        self.habits.hears = true;
        self
    }

    /// Reading it on its answers and on a socket, and asking readiness rather than an endpoint whether things are well again.
    #[must_use]
    pub fn listening(mut self) -> Tidegate {
        self.habits.listens = true;
        self.habits.asks_readiness = true;
        self.hearing()
    }
}

/// An answer with a status.
pub(crate) fn answered(status: u16) -> Outcome {
    Outcome::Head(Head {
        status,
        retry_after: None,
    })
}

/// Whether an attempt came back with what was asked for.
pub(crate) fn is_well(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Head(head) if head.status < 400)
}

/// A browser with an engine.
#[derive(Debug)]
pub struct Browser {
    engine: Engine,
    scopes: [ScopeId; ENDPOINTS as usize],
    /// The requests that are under way, by their names in the engine.
    calls: Vec<(CallId, Token)>,
    /// Nothing is made before something is saved.
    saved: Option<Box<Saved>>,
}

/// A request of such a browser.
#[derive(Debug)]
pub struct Call(Kind);

#[derive(Debug)]
enum Kind {
    Asked(Box<Asked>),
    Replay(Replay),
}

/// One that the engine decides about.
#[derive(Debug)]
struct Asked {
    begun: Instant,
    /// The age of the kept copy when it began.
    kept: Option<Millis>,
    engine: tidegate_core::Call,
}

impl Asked {
    fn copy(&self, now: Instant, oldest: Millis) -> Found {
        let age = self.kept.map(|age| Millis(age.0 + (now - self.begun).0));
        match age.filter(|age| *age <= oldest) {
            Some(age) => Found::Hit { age, fresh: false },
            None => Found::Miss,
        }
    }
}

impl Browser {
    fn poll_replay(&mut self, replay: &mut Replay, now: Instant) -> Step {
        match replay.outcome {
            Some(outcome) if is_well(outcome) => Step::Done(End::Answered),
            Some(_) => Step::Done(End::Failed),
            None if !replay.sent => {
                replay.sent = true;
                Step::Send
            }
            None if replay.until <= now => {
                self.settle_replay(replay, now, Outcome::TimedOut);
                Step::Abandon
            }
            None => Step::Wait(replay.until),
        }
    }

    fn settle_replay(&mut self, replay: &mut Replay, now: Instant, outcome: Outcome) {
        if let Some(saved) = &mut self.saved {
            saved.settle(&self.engine, now, replay, outcome);
        }
        replay.outcome = Some(outcome);
    }
}

impl Policy for Tidegate {
    type Client = Browser;
    type Call = Call;

    fn client(&self, luck: Draw) -> Browser {
        let mut engine = Engine::new(self.settings.clone(), luck.below(u64::MAX))
            .expect("the settings were checked");
        let scopes = PATHS.map(|path| engine.scope(ORIGIN, path));
        Browser {
            engine,
            scopes,
            calls: Vec::new(),
            saved: None,
        }
    }

    fn begin(&self, client: &mut Browser, now: Instant, want: Want, token: Token) -> Call {
        if want.saved
            && let Some(replay) = client
                .saved
                .as_mut()
                .and_then(|it| it.launch(now, self.longest()))
        {
            return Call(Kind::Replay(replay));
        }
        let scope = client.scopes[usize::from(want.endpoint)];
        let spec = match (want.probe, want.write) {
            (true, _) if self.habits.asks_readiness => CallSpec::stand_in(scope),
            (true, _) => CallSpec::probe(scope),
            (false, true) => CallSpec::of(scope, "POST", true),
            (false, false) => CallSpec::read(scope),
        };
        let priority = match want.background {
            true => Priority::Background,
            false => spec.priority,
        };
        let call = client.engine.begin(now, CallSpec { priority, ..spec });
        client.calls.push((call.id(), token));
        Call(Kind::Asked(Box::new(Asked {
            begun: now,
            kept: want.kept,
            engine: call,
        })))
    }

    fn poll(&self, client: &mut Browser, call: &mut Call, now: Instant) -> Step {
        let oldest = Millis(self.settings.cache.stale_ms.into());
        let call = match &mut call.0 {
            Kind::Asked(call) => call,
            Kind::Replay(replay) => return client.poll_replay(replay, now),
        };
        let copy = call.copy(now, oldest);
        let engine = &mut call.engine;
        let mut step = engine.poll(&mut client.engine, now);
        loop {
            step = match step {
                tidegate_core::Step::Abandon => return Step::Abandon,
                tidegate_core::Step::Answer(_) => return Step::Show,
                tidegate_core::Step::Done(verdict) => {
                    client.calls.retain(|(id, _)| *id != engine.id());
                    return Step::Done(match verdict {
                        Verdict::Network => End::Answered,
                        Verdict::Cached { .. } => End::Kept,
                        _ => End::Failed,
                    });
                }
                // The settings hedge nothing.
                tidegate_core::Step::Hedge { .. } => return Step::Wait(Instant::NEVER),
                tidegate_core::Step::ReadCache => engine.cached(&mut client.engine, now, copy),
                tidegate_core::Step::Send { .. } => return Step::Send,
                tidegate_core::Step::Wait(until) => return Step::Wait(until),
            };
        }
    }

    fn settle(&self, client: &mut Browser, call: &mut Call, now: Instant, outcome: Outcome) {
        match &mut call.0 {
            Kind::Asked(call) => call.engine.settle(&mut client.engine, now, outcome),
            Kind::Replay(replay) => client.settle_replay(replay, now, outcome),
        }
    }

    fn cancel(&self, client: &mut Browser, call: Call, now: Instant) {
        // What is saved is nobody's to give up.
        if let Kind::Asked(call) = call.0 {
            let call = *call;
            client.calls.retain(|(id, _)| *id != call.engine.id());
            call.engine.cancel(&mut client.engine, now);
        }
    }

    fn habits(&self) -> Habits {
        self.habits
    }

    fn hear(&self, client: &mut Browser, now: Instant, word: &str) {
        // One that is void changes nothing.
        client.engine.hear(now, client.scopes[0], word);
    }

    fn save(&self, client: &mut Browser, now: Instant, number: u64, sent: bool) {
        let Browser { engine, saved, .. } = client;
        let saved = saved.get_or_insert_with(|| Box::new(Saved::new(engine, now, number)));
        let url = [ORIGIN, PATHS[PATHS.len() - 1]].concat();
        saved.put(engine, now, &url, number, sent);
    }

    fn saved(&self, client: &Browser) -> usize {
        client.saved.as_ref().map_or(0, |saved| saved.len())
    }

    fn next_saved(&self, client: &Browser) -> Instant {
        let saved = client.saved.as_ref();
        saved.map_or(Instant::NEVER, |saved| saved.next())
    }

    fn due_saved(&self, client: &mut Browser, now: Instant) -> Option<u64> {
        client.saved.as_mut()?.due(&mut client.engine, now)
    }

    fn is_idle(&self, client: &Browser, now: Instant) -> bool {
        let health = client.engine.health(now);
        client.calls.is_empty() && health.in_flight == 0 && health.queued == 0
    }

    fn next_probe(&self, client: &Browser) -> Instant {
        client.engine.next_probe()
    }

    fn due_probe(&self, client: &mut Browser, now: Instant) -> Option<u8> {
        let due = client.engine.due_probe(now)?;
        let endpoint = client.scopes.iter().position(|scope| *scope == due)?;
        Some(endpoint as u8)
    }

    fn woken(&self, client: &mut Browser, tokens: &mut Vec<Token>) {
        // Nobody listens.
        while client.engine.next_event().is_some() {}
        while let Some(woken) = client.engine.next_wake() {
            let found = client.calls.iter().find(|(id, _)| *id == woken);
            tokens.extend(found.map(|(_, token)| *token));
        }
    }
}
