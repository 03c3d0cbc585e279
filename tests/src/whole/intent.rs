//! What a user wants, drawn from its luck: the same under every policy.

use tidegate_contract::Draw;
use tidegate_core::Instant;

use super::copies::Popularity;
use super::people::People;
use crate::policy::Token;
use crate::scenario::ENDPOINTS;

// Which of an intent's draws is for what. Policies take those of an ask from 16 on.
const KIND: u64 = 1;
const USER: u64 = 2;
const VIEW: u64 = 3;
const NOVEL: u64 = 4;
const KEY: u64 = 5;
const CACHE: u64 = 6;
const ASK: u64 = 7;
const SERVICE: u64 = 8;
const FAULT: u64 = 9;
const CLICK: u64 = 10;
const PAUSE: u64 = 11;
const RELOAD: u64 = 12;

/// The endpoint of all writes; views are spread over the others.
const WRITES: u8 = ENDPOINTS - 1;

/// An intent of a run. One that has ended is never mistaken for a later one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct IntentId {
    pub(super) slot: u32,
    pub(super) generation: u32,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// A page asks by itself.
    Poll,
    /// Somebody wants to see something.
    Read,
    /// Somebody wants to change something.
    Write,
}

/// What a user wants and has not got.
#[derive(Debug)]
pub(super) struct Intent {
    pub(super) number: u64,
    pub(super) luck: Draw,
    pub(super) kind: Kind,
    pub(super) user: u32,
    /// Which of the user's views; none, if it is a write or was never seen before.
    pub(super) view: Option<usize>,
    pub(super) begun: Instant,
    /// How often it was asked for.
    pub(super) asked: u32,
    /// Its user has seen an error or has reloaded.
    pub(super) failed: bool,
    /// The request for it that is under way.
    pub(super) call: Option<Token>,
}

impl Intent {
    pub(super) fn new(
        number: u64,
        luck: Draw,
        now: Instant,
        people: &People,
        popularity: &Popularity,
    ) -> Intent {
        let drawn = luck.at(KIND).below(1_000);
        let polls = u64::from(people.poll_permille);
        let kind = if drawn < polls {
            Kind::Poll
        } else if drawn < polls + u64::from(people.write_permille) {
            Kind::Write
        } else {
            Kind::Read
        };
        let novel = kind == Kind::Read && luck.at(NOVEL).hits(people.novel_permille);
        let seen = kind != Kind::Write && !novel;
        Intent {
            number,
            luck,
            kind,
            user: luck.at(USER).below(people.users.into()) as u32,
            view: seen.then(|| popularity.view(luck.at(VIEW))),
            begun: now,
            asked: 0,
            failed: false,
            call: None,
        }
    }

    /// Whether it is a read of something never seen before.
    pub(super) fn is_novel(&self) -> bool {
        self.kind == Kind::Read && self.view.is_none()
    }

    pub(super) fn endpoint(&self) -> u8 {
        match (self.kind, self.view) {
            (Kind::Write, _) => WRITES,
            (_, Some(view)) => (view % usize::from(WRITES)) as u8,
            (_, None) => self.luck.at(VIEW).below(WRITES.into()) as u8,
        }
    }

    /// The luck of the latest ask.
    pub(super) fn ask_luck(&self) -> Draw {
        ask_luck(self.luck, self.asked)
    }

    /// Whether its user asks again after the latest ask, given that something made them think of it.
    pub(super) fn clicks(&self, people: &People) -> bool {
        let luck = self.luck.at(CLICK).at(self.asked.into());
        self.may_ask_again(people) && luck.hits(people.reclick_permille)
    }

    /// How long its user waits before clicking again, in milliseconds.
    pub(super) fn pause_ms(&self, people: &People) -> u64 {
        let more = people.reclick_to_ms.saturating_sub(people.reclick_from_ms);
        let luck = self.luck.at(PAUSE).at(self.asked.into());
        people.reclick_from_ms + luck.below(more + 1)
    }

    /// Whether its user reloads when the latest ask takes too long.
    pub(super) fn reloads(&self, people: &People) -> bool {
        let luck = self.luck.at(RELOAD).at(self.asked.into());
        self.may_ask_again(people) && luck.hits(people.reload_permille)
    }

    fn may_ask_again(&self, people: &People) -> bool {
        self.kind != Kind::Poll && self.asked <= people.reclicks
    }
}

/// The luck of one ask for an intent, from which policies draw.
pub(super) fn ask_luck(luck: Draw, asked: u32) -> Draw {
    luck.at(ASK).at(asked.into())
}

/// The luck that a backend's cache looks at: what it does not have, it does not have however often one asks.
pub(super) fn cache_luck(luck: Draw) -> Draw {
    luck.at(CACHE)
}

/// How long the work on an attempt takes.
pub(super) fn service_luck(ask: Draw, attempt: u32) -> Draw {
    ask.at(SERVICE).at(attempt.into())
}

/// Whether an attempt fails by chance.
pub(super) fn fault_luck(ask: Draw, attempt: u32) -> Draw {
    ask.at(FAULT).at(attempt.into())
}

/// The idempotency key.
pub(super) fn key(luck: Draw) -> u64 {
    luck.at(KEY).below(u64::MAX)
}
