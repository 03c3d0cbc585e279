//! What a developer does to an engine that runs.

use alloc::boxed::Box;

use super::Engine;
use crate::breaker::Change;
use crate::scope::ScopeId;
use crate::settings::{Settings, SettingsError};
use crate::time::Instant;
use crate::trace::Deed;

impl Engine {
    /// Other settings from now on. Calls that are under way keep their deadlines; what waits is looked at again.
    ///
    /// # Errors
    /// When a setting is out of its range; nothing changes then.
    pub fn configure(&mut self, now: Instant, settings: Settings) -> Result<(), SettingsError> {
        settings.check()?;
        self.note(now, || Deed::Configure(Box::new(settings.clone())));
        self.watch.set(&settings.alerts);
        self.settings = settings;
        for index in 0..self.scopes.scopes.len() {
            let scope = ScopeId(index as u16);
            self.poll_turns(scope, now);
            self.wake_held(scope);
        }
        Ok(())
    }

    /// Lets nothing of a scope through, by hand, until it is released. Whether there is such a scope.
    pub fn isolate(&mut self, now: Instant, name: &str) -> bool {
        self.note(now, || Deed::Isolate(name.into()));
        self.by_hand(now, name, true)
    }

    /// Lets a scope through again, by hand, whatever its breaker has seen. Whether there is such a scope.
    pub fn release_scope(&mut self, now: Instant, name: &str) -> bool {
        self.note(now, || Deed::Release(name.into()));
        self.by_hand(now, name, false)
    }

    fn by_hand(&mut self, now: Instant, name: &str, shut: bool) -> bool {
        let Some(scope) = self.scopes.named(name) else {
            return false;
        };
        let settings = &self.settings.breaker;
        let index = self.scopes.resolve(scope);
        let breaker = &mut self.scopes.scopes[index].breaker;
        let change: Option<Change> = match shut {
            true => breaker.isolate(now, settings),
            false => breaker.release(now, settings),
        };
        if let Some(change) = change {
            self.report(scope, now, change);
            self.wake_held(scope);
        }
        true
    }
}
