//! The shipped engine in the fleet: the only file here that knows it.
//!
//! Settings are the defaults but for the end of an attempt, which is the model's 3 s for everybody.

use tidegate_contract::Draw;
use tidegate_core::{
    Call, CallId, CallSpec, Engine, Found, Head, Instant, Outcome, ScopeId, Settings,
    SettingsError, Verdict,
};

use crate::policy::{End, Policy, Step, Token, Want};
use crate::scenario::{ENDPOINTS, TIMEOUT};

const ORIGIN: &str = "https://api.example";
const PATHS: [&str; ENDPOINTS as usize] =
    ["/assets", "/audit", "/lineage", "/policies", "/quality"];

/// Tidegate as an application gets it.
#[derive(Clone, Debug)]
pub struct Tidegate {
    settings: Settings,
}

impl Tidegate {
    /// With some settings of its own, by their names in camelCase.
    ///
    /// # Errors
    /// When there is no such setting, or a value is out of its range.
    pub fn new<'a>(
        overrides: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Result<Tidegate, SettingsError> {
        let mut settings = Settings::default();
        settings.set("timeout.attemptMs", TIMEOUT.0 as f64)?;
        for (path, value) in overrides {
            settings.set(path, value)?;
        }
        settings.check()?;
        Ok(Tidegate { settings })
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
        }
    }

    fn begin(&self, client: &mut Browser, now: Instant, want: Want, token: Token) -> Call {
        let scope = client.scopes[usize::from(want.endpoint)];
        let spec = if want.probe {
            CallSpec::probe(scope)
        } else {
            CallSpec::read(scope)
        };
        let call = client.engine.begin(now, spec);
        client.calls.push((call.id(), token));
        call
    }

    fn poll(&self, client: &mut Browser, call: &mut Call, now: Instant) -> Step {
        let mut step = call.poll(&mut client.engine, now);
        loop {
            step = match step {
                tidegate_core::Step::Abandon => return Step::Abandon,
                // Nothing was kept, so there is no answer before the end.
                tidegate_core::Step::Answer(_) => call.poll(&mut client.engine, now),
                tidegate_core::Step::Done(verdict) => {
                    client.calls.retain(|(id, _)| *id != call.id());
                    return Step::Done(match verdict {
                        Verdict::Network => End::Answered,
                        _ => End::Failed,
                    });
                }
                tidegate_core::Step::ReadCache => call.cached(&mut client.engine, now, Found::Miss),
                tidegate_core::Step::Send { .. } => return Step::Send,
                tidegate_core::Step::Wait(until) => return Step::Wait(until),
            };
        }
    }

    fn settle(&self, client: &mut Browser, call: &mut Call, now: Instant, outcome: Outcome) {
        call.settle(&mut client.engine, now, outcome);
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
        client.engine.drain_events().for_each(drop);
        for woken in client.engine.drain_wakes() {
            let found = client.calls.iter().find(|(id, _)| *id == woken);
            tokens.extend(found.map(|(_, token)| *token));
        }
    }
}
