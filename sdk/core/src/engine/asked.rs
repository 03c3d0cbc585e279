//! What the server asks for: by `Retry-After` for one scope, by its word for its whole origin.

use alloc::string::{String, ToString};

use super::{Engine, Obstacle};
use crate::event::{Event, Notice, NoticeEvent, ServerWordEvent};
use crate::outcome::{Outcome, Reason};
use crate::scope::ScopeId;
use crate::spec::CallSpec;
use crate::throttle::Priority;
use crate::time::{Instant, Millis};
use crate::trace::Deed;
use crate::word::{Heard, ServersWord, Word};

impl Engine {
    /// A `Tidegate-Hint` header came with an answer of the network, not of any cache. One that is void is ignored, and reported once.
    pub fn hear(&mut self, now: Instant, scope: ScopeId, field: &str) {
        self.note(now, || Deed::Hear(scope, field.into()));
        let origin = self.origin_mut(scope);
        match origin.word.hear(now, field) {
            Ok(Heard::Same) => {}
            Ok(Heard::AllClear | Heard::Changed) => {
                let word = &origin.word;
                let event = ServerWordEvent {
                    at_ms: now.as_millis(),
                    scope: origin.name.clone(),
                    level_permille: word.background_level(now).into(),
                    retries: word.allows_retries(now),
                    embargo_ms: word.embargo(now).map_or(0, |until| (until - now).0),
                };
                self.emit(Event::ServerWord(event));
                self.wake_held(scope);
            }
            Err(void) => self.notice(
                now,
                scope,
                Notice::ServerWordRefused,
                Some(void.to_string()),
            ),
        }
    }

    /// The path that the server has named for asking whether it is ready.
    #[must_use]
    pub fn probe_path(&self, now: Instant, scope: ScopeId) -> Option<&str> {
        let path = self.origin(scope).word.probe(now)?;
        Some(path.as_str())
    }

    /// Tells the developer something about an origin, unless that was told before.
    pub fn notice(&mut self, now: Instant, scope: ScopeId, notice: Notice, detail: Option<String>) {
        let origin = self.origin_mut(scope);
        let bit = 1 << notice as u8;
        if origin.noticed & bit != 0 {
            return;
        }
        origin.noticed |= bit;
        let event = NoticeEvent {
            at_ms: now.as_millis(),
            scope: origin.name.clone(),
            notice,
            detail,
        };
        self.emit(Event::Notice(event));
    }

    /// An answer said when to come back. Heeded for a minute at most by default, and everybody comes a little later than asked, or all
    /// would come at once.
    pub(crate) fn embargo(&mut self, scope: ScopeId, now: Instant, outcome: Outcome) {
        let (Outcome::Head(head), Some(asked)) = (outcome, outcome.retry_after()) else {
            return;
        };
        if !matches!(head.status, 429 | 503) || asked == Millis::ZERO {
            return;
        }
        let asked = asked.0.min(self.settings.breaker.open_cap_ms.into());
        let spread = Millis(asked / 8 + u64::from(self.settings.retry.base_ms));
        let until = now + Millis(asked) + self.rng.jitter(spread);
        let at = self.at_mut(scope);
        at.embargo = at.embargo.max(until);
    }

    /// Until when the server wants nothing of a scope, if it ever said so.
    pub(crate) fn embargo_of(&self, scope: ScopeId) -> Option<Instant> {
        Some(self.at(scope).embargo).filter(|until| *until > Instant::START)
    }

    /// Whether the server wants failed requests repeated.
    pub(crate) fn allows_retries(&self, scope: ScopeId, now: Instant) -> bool {
        self.origin(scope).word.allows_retries(now)
    }

    /// What the server has asked of this call. Of those that would go, a share may; whose `lot` is beyond it waits or goes without.
    pub(crate) fn asked(
        &mut self,
        spec: &CallSpec,
        lot: &mut Option<u16>,
        now: Instant,
    ) -> Option<Obstacle> {
        let embargo = self.at(spec.scope).embargo;
        let word = &self.origin(spec.scope).word;
        if spec.stand_in {
            return None;
        }
        let obstacle = |until, soon| Obstacle {
            reason: Reason::ServerBusy,
            until,
            soon,
        };
        let embargo = word.embargo(now).unwrap_or(now).max(embargo);
        if now < embargo {
            return Some(obstacle(embargo, false));
        }
        let level = match spec.priority {
            Priority::Background => word.background_level(now),
            Priority::Normal | Priority::Urgent => word.level(now),
        };
        if level == Word::FULL {
            return None;
        }
        // An answer that comes when nobody waits any more is for nobody.
        let hopeless = word.wait(now) >= Millis(self.settings.timeout.attempt_ms.into());
        let (until, level) = match hopeless {
            true => (word.next_change(now), level.min(ServersWord::LEAST_LEVEL)),
            false => (word.next_change(now), level),
        };
        let lot = *lot.get_or_insert_with(|| self.rng.below(Word::FULL.into()) as u16);
        // Half of the odds for whom somebody looks at.
        let lot = if spec.priority == Priority::Urgent {
            lot / 2
        } else {
            lot
        };
        (lot >= level).then_some(obstacle(until, true))
    }
}
