//! What a breaker guards: an origin and a route template.
//!
//! One breaker for a whole origin turns one dead endpoint into an outage of all the others, one for every URL never sees two failures
//! in a row. So segments that look like identifiers are folded: `/api/assets/42` and `/api/assets/43` are both `/api/assets/:id`; and
//! those that there are too many of (`template/`). The number of scopes is bounded; past it, an origin's further routes share one.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::breaker::{Breaker, BreakerState};
use crate::budget::Budget;
use crate::call::CallId;
use crate::calm::Calm;
use crate::gate::Gate;
use crate::hedge::Hedge;
use crate::latencies::Latencies;
use crate::recovery::{Probes, Recovery};
use crate::rng::Rng;
use crate::template::{Learned, Merge, Templates};
use crate::throttle::{Adaptive, Limit, Rate};
use crate::time::Instant;
use crate::usual::Usual;
use crate::word::ServersWord;

/// Scopes of their own; later routes share their origin's.
const MOST_SCOPES: usize = 128;
/// Origins of their own; later ones share one.
const MOST_ORIGINS: usize = 64;
/// A segment longer than this is data, not a route.
const LONGEST_SEGMENT: usize = 40;

/// The name of a scope or of an origin. Every event of a call carries one, so it is shared and not copied.
pub type Name = Arc<str>;

/// A scope of one engine.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ScopeId(pub(crate) u16);

#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) name: Name,
    pub(crate) origin: usize,
    /// It turned out to be another one: the word that told them apart was data.
    pub(crate) merged: Option<ScopeId>,
    pub(crate) breaker: Breaker,
    pub(crate) recovery: Option<Recovery>,
    pub(crate) usual: Usual,
    pub(crate) latencies: Latencies,
    /// When it worked last.
    pub(crate) worked: Option<Instant>,
    /// The server said that nothing of it should come before then.
    pub(crate) embargo: Instant,
}

#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) name: Name,
    /// The browser's word that there is no network says nothing about this machine's own addresses.
    pub(crate) loopback: bool,
    /// What its paths have told of its routes.
    pub(crate) templates: Templates,
    pub(crate) limit: Limit,
    pub(crate) rate: Rate,
    /// The limit that follows the backend, where the settings want one.
    pub(crate) adaptive: Option<Box<Adaptive>>,
    pub(crate) gate: Gate,
    pub(crate) budget: Budget,
    pub(crate) hedge: Hedge,
    /// Calls that the gate, a pace or a breaker holds, in order.
    pub(crate) held: VecDeque<CallId>,
    pub(crate) probes: Probes,
    /// How well people have been answered.
    pub(crate) calm: Calm,
    /// What the server asks for.
    pub(crate) word: ServersWord,
    /// What was told of it already, a bit for each kind of notice.
    pub(crate) noticed: u8,
}

/// Every scope and origin that was met.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    pub(crate) scopes: Vec<Scope>,
    pub(crate) origins: Vec<Origin>,
}

impl Scopes {
    /// The scope of a URL, made when it is new. By a URL it may become known that what had scopes of their own is one.
    pub(crate) fn find(
        &mut self,
        now: Instant,
        origin: &str,
        path: &str,
        rng: &mut Rng,
    ) -> ScopeId {
        let origin = self.origin(origin, rng);
        let Learned { template, merged } = self.origins[origin].templates.learn(path);
        let origin_name = &self.origins[origin].name;
        let named = |template: &str| [origin_name, template].concat();
        let merged: Vec<_> = merged
            .iter()
            .map(|Merge { from, into }| (named(from), named(into)))
            .collect();
        let name = named(&template);
        for (from, into) in &merged {
            self.merge(now, from, into);
        }
        if !merged.is_empty() {
            self.rename(origin);
        }
        if let Some(found) = self.position(&name) {
            return found;
        }
        let own = self.scopes.iter().filter(|scope| scope.merged.is_none());
        if own.count() < MOST_SCOPES {
            return self.add(name, origin);
        }
        let origin_name = &self.origins[origin].name;
        let shared = [origin_name, "/*"].concat();
        self.position(&shared)
            .unwrap_or_else(|| self.add(shared, origin))
    }

    /// The scope that has this name, or had it before it turned out to be another one.
    pub(crate) fn named(&self, name: &str) -> Option<ScopeId> {
        let known = self.scopes.iter().position(|scope| *scope.name == *name);
        self.position(name)
            .or_else(|| known.map(|index| ScopeId(index as u16)))
    }

    fn position(&self, name: &str) -> Option<ScopeId> {
        self.scopes
            .iter()
            .position(|scope| scope.merged.is_none() && *scope.name == *name)
            .map(|index| ScopeId(index as u16))
    }

    /// What a scope has become.
    pub(crate) fn resolve(&self, mut id: ScopeId) -> usize {
        while let Some(into) = self.scopes[usize::from(id.0)].merged {
            id = into;
        }
        usize::from(id.0)
    }

    /// Two scopes are one from now on. The breaker is that of the one that stays: the other has seen less than the two will.
    fn merge(&mut self, now: Instant, from: &str, into: &str) {
        let Some(gone) = self.position(from) else {
            return;
        };
        let gone_at = usize::from(gone.0);
        let Some(stays) = self.position(into) else {
            self.scopes[gone_at].name = into.into();
            return;
        };
        if gone == stays {
            return;
        }
        let latencies = core::mem::take(&mut self.scopes[gone_at].latencies);
        let gone = &mut self.scopes[gone_at];
        gone.merged = Some(stays);
        let isolated = gone.breaker.state(now) == BreakerState::Isolated;
        let breaker = isolated.then(|| core::mem::take(&mut gone.breaker));
        let (recovery, worked, embargo) = (gone.recovery.take(), gone.worked.take(), gone.embargo);
        let stays = &mut self.scopes[usize::from(stays.0)];
        // What was shut by hand stays so until a hand opens it.
        stays.breaker = breaker.unwrap_or_else(|| core::mem::take(&mut stays.breaker));
        stays.latencies.merge(now, &latencies);
        stays.recovery = stays.recovery.or(recovery);
        stays.worked = stays.worked.max(worked);
        stays.embargo = stays.embargo.max(embargo);
    }

    /// The gate of an origin tells routes apart by their ids.
    fn rename(&mut self, origin: usize) {
        let ids = (0..self.scopes.len()).map(|index| ScopeId(index as u16));
        let names: Vec<_> = ids.map(|id| ScopeId(self.resolve(id) as u16)).collect();
        let gate = &mut self.origins[origin].gate;
        gate.rename(|id| names.get(usize::from(id.0)).copied().unwrap_or(id));
    }

    fn add(&mut self, name: String, origin: usize) -> ScopeId {
        self.scopes.push(Scope {
            name: name.into(),
            origin,
            merged: None,
            breaker: Breaker::new(),
            recovery: None,
            usual: Usual::default(),
            latencies: Latencies::default(),
            worked: None,
            embargo: Instant::START,
        });
        ScopeId(self.scopes.len() as u16 - 1)
    }

    fn origin(&mut self, name: &str, rng: &mut Rng) -> usize {
        if let Some(found) = self.origins.iter().position(|origin| *origin.name == *name) {
            return found;
        }
        if self.origins.len() == MOST_ORIGINS {
            return MOST_ORIGINS - 1;
        }
        let name = if self.origins.len() == MOST_ORIGINS - 1 {
            "elsewhere"
        } else {
            name
        };
        self.origins.push(Origin {
            name: name.into(),
            loopback: is_loopback(name),
            templates: Templates::default(),
            limit: Limit::default(),
            rate: Rate::default(),
            adaptive: None,
            gate: Gate::new(),
            budget: Budget::new(rng),
            hedge: Hedge::new(),
            held: VecDeque::new(),
            probes: Probes::new(rng),
            calm: Calm::new(),
            word: ServersWord::new(),
            noticed: 0,
        });
        self.origins.len() - 1
    }
}

/// The name of the scope that a URL belongs to.
///
/// ```
/// use tidegate_core::scope_name;
/// assert_eq!(scope_name("https://a.example", "/v1/assets/7f3a/lineage"), "https://a.example/v1/assets/:id/lineage");
/// ```
#[must_use]
pub fn scope_name(origin: &str, path: &str) -> String {
    let mut name = String::from(origin);
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        name.push('/');
        name.push_str(if is_identifier(segment) {
            ":id"
        } else {
            segment
        });
    }
    name
}

/// An absolute URL's origin and path, as the browser's own normalised form has them.
///
/// ```
/// use tidegate_core::split_url;
/// assert_eq!(split_url("https://a.example:81/assets/7?page=2#top"), ("https://a.example:81", "/assets/7"));
/// ```
#[must_use]
pub fn split_url(url: &str) -> (&str, &str) {
    let scheme = url.find(':').unwrap_or(0);
    let rest = url
        .get(scheme..)
        .and_then(|rest| rest.strip_prefix("://"))
        .unwrap_or(url);
    let path = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (origin, rest) = url
        .split_at_checked(url.len() - rest.len() + path)
        .unwrap_or((url, ""));
    (origin, rest.split(['?', '#']).next().unwrap_or_default())
}

fn is_identifier(segment: &str) -> bool {
    let version = segment
        .strip_prefix(['v', 'V'])
        .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    segment.len() > LONGEST_SEGMENT || (segment.bytes().any(|b| b.is_ascii_digit()) && !version)
}

fn is_loopback(origin: &str) -> bool {
    let host = origin
        .split_once(':')
        .and_then(|(_, rest)| rest.strip_prefix("//"))
        .unwrap_or(origin);
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    host == "localhost"
        || host.ends_with(".localhost")
        || host.starts_with("127.")
        || host == "[::1]"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    #[test]
    fn identifiers_are_folded_and_versions_are_not() {
        let name = |path| scope_name("", path);
        assert_eq!(name("/v2/users/123"), "/v2/users/:id");
        assert_eq!(
            name("/users/123e4567-e89b-12d3-a456-426614174000/"),
            "/users/:id"
        );
        assert_eq!(name("/assets/lineage"), "/assets/lineage");
        assert_eq!(name("/"), "");
    }

    #[test]
    fn the_number_of_scopes_and_origins_is_bounded() {
        let (mut scopes, now) = (Scopes::default(), Instant::START);
        let mut rng = Rng::new(1);
        for n in 0..1_000_u32 {
            let word: String = alloc::format!("{n:x}")
                .bytes()
                .map(|b| char::from(b'a' + b % 26))
                .collect();
            scopes.find(
                now,
                &alloc::format!("https://{word}.example"),
                &word,
                &mut rng,
            );
        }
        assert_eq!(scopes.origins.len(), MOST_ORIGINS);
        assert!(scopes.scopes.len() <= MOST_SCOPES + MOST_ORIGINS);
        assert_eq!(
            scopes.find(now, "https://new.example", "/x", &mut rng),
            scopes.find(now, "https://newer.example", "/x", &mut rng)
        );
    }

    #[test]
    fn loopback_is_told_from_names_that_begin_like_it() {
        for origin in [
            "http://localhost:4780",
            "http://127.0.0.1",
            "http://[::1]:80",
            "http://app.localhost",
        ] {
            assert!(is_loopback(origin), "{origin}");
        }
        for origin in [
            "https://localhost.example",
            "https://a.example",
            "http://10.0.0.1:127",
            "http://[2001:db8::1]",
        ] {
            assert!(!is_loopback(origin), "{origin}");
        }
    }
}
