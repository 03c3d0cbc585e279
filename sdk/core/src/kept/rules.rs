//! What an application says of the routes whose answers are kept.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::http::Strategy;
use crate::record::words;
use crate::scope::split_url;
use crate::split::split_at_first;
use crate::template::{Pattern, PatternError};
use crate::time::Millis;

words! {
    /// How a route weighs what is kept against the network. What may be served at all is the server's decision.
    pub enum StrategyName {
        /// What is kept, however stale; the network when there is nothing.
        CacheFirst = "cache-first",
        /// What is kept or nothing.
        CacheOnly = "cache-only",
        /// The network; what is kept when that has no answer, or takes longer than the patience. The default.
        NetworkFirst = "network-first",
        /// The network or nothing.
        NetworkOnly = "network-only",
        /// What is kept while it is fresh; then the network, and what is kept when that has no answer: a cache by the standard.
        StaleIfError = "stale-if-error",
        /// What is kept at once; what is stale is asked for again unseen.
        StaleWhileRevalidate = "stale-while-revalidate",
    }
}

/// What is wished for a route; what is absent has its default.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Rules {
    /// How it weighs what is kept against the network.
    pub strategy: Option<StrategyName>,
    /// How long a call waits for the network when there is something kept to serve.
    pub patience: Option<Millis>,
    /// For how long past its freshness an answer is served.
    pub stale: Option<Millis>,
    /// The server allows conditions (`If-None-Match`, `If-Modified-Since`) across origins.
    pub conditions: Option<bool>,
    /// What the server wants confirmed (`no-cache`, `must-revalidate`) is served all the same when the network has no answer.
    pub unconfirmed: Option<bool>,
    /// The server heeds `Idempotency-Key`: a write that is sent again with its key is not applied again.
    pub idempotent: Option<bool>,
    /// What its answers are called, to find and delete them.
    pub tags: Vec<String>,
}

/// Which URLs rules are for: a path as in `/assets/:id` or `/reports/*`, with an origin before it or without, or `*` for all.
///
/// ```
/// use tidegate_core::kept::Place;
/// let place = Place::new("https://api.example/assets/:id")?;
/// assert!(place.holds("https://api.example/assets/7?full"));
/// assert!(!place.holds("https://other.example/assets/7"));
/// assert!(Place::new("*")?.holds("https://other.example/"));
/// # Ok::<(), tidegate_core::PatternError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// As it was given.
    text: String,
    origin: Option<String>,
    path: Option<Pattern>,
}

impl Place {
    /// Reads it.
    ///
    /// # Errors
    /// When the path is no pattern.
    pub fn new(text: &str) -> Result<Place, PatternError> {
        let (origin, path) = match split_at_first(text, "://").is_some() {
            true => split_url(text),
            false => ("", text),
        };
        Ok(Place {
            text: text.into(),
            origin: (!origin.is_empty()).then(|| origin.into()),
            path: match path {
                "*" => None,
                path => Some(Pattern::new(path)?),
            },
        })
    }

    /// Whether a URL is there.
    #[must_use]
    pub fn holds(&self, url: &str) -> bool {
        let (origin, path) = split_url(url);
        self.origin.as_deref().is_none_or(|mine| mine == origin)
            && self.path.as_ref().is_none_or(|mine| mine.matches(path))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The rules of all routes. The last that were given win, wish by wish; the same place again replaces what was said of it.
#[derive(Clone, Debug, Default)]
pub struct Rulebook(Vec<(Place, Rules)>);

impl Rulebook {
    /// These rules from now on.
    pub fn add(&mut self, place: Place, rules: Rules) {
        self.0.retain(|(other, _)| *other != place);
        self.0.push((place, rules));
    }

    /// What is wished for a URL. Tags of all places that hold it add up.
    #[must_use]
    pub fn of(&self, url: &str) -> Rules {
        let mut all = Rules::default();
        for (_, rules) in self.0.iter().filter(|(place, _)| place.holds(url)) {
            all = rules.clone().over(all);
        }
        all
    }
}

impl Rules {
    /// Wishes for nothing in particular.
    ///
    /// ```
    /// use tidegate_core::{Millis, kept::{Rules, StrategyName}};
    /// let rules = Rules::new()
    ///     .with_strategy(StrategyName::StaleWhileRevalidate)
    ///     .with_stale(Millis::from_secs(3_600))
    ///     .with_tag("assets");
    /// ```
    #[must_use]
    pub fn new() -> Rules {
        Rules::default()
    }

    /// How it weighs what is kept against the network.
    #[must_use]
    pub fn with_strategy(self, strategy: StrategyName) -> Rules {
        Rules {
            strategy: Some(strategy),
            ..self
        }
    }

    /// How long a call waits for the network when there is something kept to serve.
    #[must_use]
    pub fn with_patience(self, patience: Millis) -> Rules {
        Rules {
            patience: Some(patience),
            ..self
        }
    }

    /// For how long past its freshness an answer is served.
    #[must_use]
    pub fn with_stale(self, stale: Millis) -> Rules {
        Rules {
            stale: Some(stale),
            ..self
        }
    }

    /// Whether the server allows conditions (`If-None-Match`, `If-Modified-Since`) across origins.
    #[must_use]
    pub fn with_conditions(self, conditions: bool) -> Rules {
        Rules {
            conditions: Some(conditions),
            ..self
        }
    }

    /// Whether what the server wants confirmed (`no-cache`, `must-revalidate`) is served all the same when the network has no answer. That is
    /// against the standard; some frameworks write `must-revalidate` into every answer.
    #[must_use]
    pub fn with_unconfirmed(self, unconfirmed: bool) -> Rules {
        Rules {
            unconfirmed: Some(unconfirmed),
            ..self
        }
    }

    /// Whether the server heeds `Idempotency-Key`: a write that is sent again with its key is not applied again.
    #[must_use]
    pub fn with_idempotent(self, idempotent: bool) -> Rules {
        Rules {
            idempotent: Some(idempotent),
            ..self
        }
    }

    /// One more name for its answers.
    #[must_use]
    pub fn with_tag(mut self, tag: &str) -> Rules {
        self.tags.push(tag.into());
        self
    }

    /// These, and where they say nothing, the others.
    #[must_use]
    pub fn over(self, others: Rules) -> Rules {
        let mut tags = others.tags;
        tags.extend(self.tags);
        Rules {
            strategy: self.strategy.or(others.strategy),
            patience: self.patience.or(others.patience),
            stale: self.stale.or(others.stale),
            conditions: self.conditions.or(others.conditions),
            unconfirmed: self.unconfirmed.or(others.unconfirmed),
            idempotent: self.idempotent.or(others.idempotent),
            tags,
        }
    }

    /// The strategy with its patience.
    #[must_use]
    pub fn strategy(&self, patience: Millis) -> Strategy {
        match self.strategy.unwrap_or(StrategyName::NetworkFirst) {
            StrategyName::CacheFirst => Strategy::CacheFirst,
            StrategyName::CacheOnly => Strategy::CacheOnly,
            StrategyName::NetworkFirst => Strategy::NetworkFirst { patience },
            StrategyName::NetworkOnly => Strategy::NetworkOnly,
            StrategyName::StaleIfError => Strategy::StaleIfError,
            StrategyName::StaleWhileRevalidate => Strategy::StaleWhileRevalidate,
        }
    }
}
