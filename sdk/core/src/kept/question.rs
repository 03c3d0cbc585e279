//! What one request asks of the kept answers.

use alloc::string::String;
use alloc::vec::Vec;

use super::copy::borrowed;
use super::{Kept, Rules};
use crate::http::{
    Allowance, Connection, Cut, Fields, KeptCopy, Move, Plan, RequestDirectives, Situation, Stored,
    Strategy, Usability, if_range_holds,
};
use crate::outcome::Reason;
use crate::settings::CacheSettings;
use crate::spec::Lookup;
use crate::step::Found;
use crate::time::{Instant, Millis, Wall};

/// The `cache` of a request (Fetch, *cache mode*).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum CacheMode {
    /// As the strategy says.
    #[default]
    Default,
    /// What is kept, however stale.
    ForceCache,
    /// What is kept only if the server confirms it; when it does not answer, rather something old than nothing.
    NoCache,
    /// Nothing kept, and nothing is.
    NoStore,
    /// What is kept or nothing.
    OnlyIfCached,
    /// The network's, which is then kept.
    Reload,
}

impl CacheMode {
    /// By its name; one that is not known is as good as none.
    #[must_use]
    pub fn of(name: &str) -> CacheMode {
        match name {
            "force-cache" => CacheMode::ForceCache,
            "no-cache" => CacheMode::NoCache,
            "no-store" => CacheMode::NoStore,
            "only-if-cached" => CacheMode::OnlyIfCached,
            "reload" => CacheMode::Reload,
            _ => CacheMode::Default,
        }
    }
}

/// What a request asks of the kept answers.
#[derive(Clone, Debug)]
pub struct Question {
    /// The fields that its caller set.
    pub fields: Vec<(String, String)>,
    /// The wishes for its route.
    pub rules: Rules,
    asked: RequestDirectives,
    strategy: Strategy,
    allowance: Allowance,
    stores: bool,
}

impl Question {
    /// Of a request that reads.
    #[must_use]
    pub fn of(
        fields: Vec<(String, String)>,
        mode: CacheMode,
        rules: Rules,
        settings: &CacheSettings,
    ) -> Question {
        let pairs = borrowed(&fields);
        let mut asked = RequestDirectives::of(Fields::new(&pairs));
        asked.no_cache |= mode == CacheMode::NoCache;
        asked.no_store |= mode == CacheMode::NoStore;
        asked.only_if_cached |= mode == CacheMode::OnlyIfCached;
        let patience = Millis(settings.patience_ms.into());
        let strategy = match mode {
            CacheMode::ForceCache => Strategy::CacheFirst,
            CacheMode::Reload => Strategy::NetworkOnly,
            _ => rules.strategy(rules.patience.unwrap_or(patience)),
        };
        Question {
            strategy: strategy.heeding(&asked),
            allowance: Allowance {
                most_stale: rules.stale.unwrap_or(Millis(settings.stale_ms.into())),
                unconfirmed: rules.unconfirmed.unwrap_or(false),
                while_revalidating: Millis::ZERO,
            },
            stores: !asked.no_store && settings.entries > 0,
            fields,
            rules,
            asked,
        }
    }

    /// Its fields as the rules take them.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        borrowed(&self.fields)
    }

    /// When the kept answers are looked at.
    #[must_use]
    pub fn lookup(&self) -> Lookup {
        match self.strategy {
            Strategy::CacheOnly => Lookup::Only,
            Strategy::NetworkOnly => Lookup::Never,
            Strategy::NetworkFirst { .. } => Lookup::Last,
            _ => Lookup::First,
        }
    }

    /// Whether the answer may be kept, as far as the request has a say.
    #[must_use]
    pub fn stores(&self) -> bool {
        self.stores
    }

    /// Whether the browser's own cache is to be left out of it, since this one decides before the network is asked.
    #[must_use]
    pub fn bypasses_browser(&self) -> bool {
        matches!(self.lookup(), Lookup::First)
    }

    /// What a kept answer is good for before the network was asked. `whole` is whether it is all that is asked for.
    pub fn look(&self, kept: &Kept, wall: Wall, now: Instant) -> Found {
        let head = kept.head(wall, now);
        let usable = |situation| head.usability(&self.asked, self.allowance, situation);
        let copy = KeptCopy {
            now: usable(Situation::Calm),
            // Nobody failed yet; for what it would be good for, the reason makes no difference.
            after_failure: usable(Situation::Failing(Reason::Unreachable)),
        };
        let mut moves = Plan::of(self.strategy, Some(copy), Connection::Open).moves();
        let age = head.age.millis;
        match (moves.next(), moves.next()) {
            (Some(Move::Serve), Some(Move::Revalidate)) => Found::Renew { age },
            (Some(Move::Serve), _) => Found::Hit {
                age,
                fresh: copy.now == Usability::Fresh,
            },
            _ => Found::Miss,
        }
    }

    /// What a kept answer is good for when the network has none, for this reason.
    pub fn fallback(&self, kept: &Kept, reason: Reason, wall: Wall, now: Instant) -> Found {
        let head = kept.head(wall, now);
        let usability = head.usability(&self.asked, self.allowance, Situation::Failing(reason));
        match usability.servable() {
            true => Found::Hit {
                age: head.age.millis,
                fresh: usability == Usability::Fresh,
            },
            false => Found::Miss,
        }
    }

    /// Whether a kept answer would be served if the server did not want it confirmed.
    #[must_use]
    pub fn is_forbidden(&self, kept: &Kept, reason: Reason, wall: Wall, now: Instant) -> bool {
        let allowance = Allowance {
            unconfirmed: true,
            ..self.allowance
        };
        let failing = Situation::Failing(reason);
        let head = kept.head(wall, now);
        let allowed = |allowance| head.usability(&self.asked, allowance, failing).servable();
        allowed(allowance) && !allowed(self.allowance)
    }

    /// Which of the kept answers to its URL it may get, each with the length of its body: the most recent that matches and has what is asked
    /// for; else one that only lacks its end.
    #[must_use]
    pub fn choose(&self, copies: &[(&Kept, u64)], now: Wall) -> Option<Choice> {
        let pairs = self.pairs();
        let request = Fields::new(&pairs);
        let range = request.value("range");
        let mut best: Option<(Wall, Choice)> = None;
        for (index, (kept, length)) in copies.iter().enumerate() {
            if !kept.selecting.matches(request) {
                continue;
            }
            let stored = kept.part.unwrap_or(Stored::whole(*length));
            let fields = kept.pairs();
            let condition = request.value("if-range");
            let holds = condition.is_none_or(|it| if_range_holds(it, Fields::new(&fields), now));
            let share = match range.filter(|_| holds) {
                Some(range) => match stored.cut(range) {
                    Some(cut) => Share::Cut { cut, stored },
                    None => continue,
                },
                None if kept.part.is_none() => Share::Whole,
                None if range.is_none() && stored.rest().is_some() => Share::Begun,
                None => continue,
            };
            let at = kept.arrival.wall;
            let begun = matches!(share, Share::Begun);
            let better = best.is_none_or(|(than, choice)| {
                let worse = matches!(choice.share, Share::Begun);
                (worse, at) >= (begun, than)
            });
            if better {
                best = Some((at, Choice { index, share }));
            }
        }
        best.map(|(_, choice)| choice)
    }
}

/// One of several kept answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Choice {
    /// Which.
    pub index: usize,
    /// How much of it.
    pub share: Share,
}

/// How much of a kept answer a request gets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Share {
    /// Nothing yet: it lacks its end, which can be asked for.
    Begun,
    /// The range that it asks for.
    Cut {
        /// The range of the whole.
        cut: Cut,
        /// What there is of the whole.
        stored: Stored,
    },
    /// All of it.
    Whole,
}
