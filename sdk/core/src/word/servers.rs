//! What of the server's word is in force.
//!
//! A word is advice, and it may be wrong: a bug, a stale replica, a hostile proxy. So what it can do is bounded, whatever is said:
//!
//! - A level below 20 permille is taken for 20 for what a user waits for; it holds for five minutes at most, to the microsecond.
//! - An embargo stops a client for five minutes at most, however often it is renewed: by answers to requests that were on their way, or by
//!   the answers of the probe. After five minutes the client goes its own way for one minute and heeds no embargo meanwhile; the
//!   level still holds, and so does `Retry-After`. Embargoes with less than that minute between them count as one.
//! - Whatever is void changes nothing.
//!
//! One word has one origin. The driver must not hand over what came out of a cache, and for a moment's parallel answers the latest
//! word counts and replaces the one before entirely: one with a full level and nothing else is the all-clear.

use super::error::WordError;
use super::said::{ProbePath, Word};
use crate::time::{Instant, Millis};

/// How long no embargo is heeded after one that took as long as it may.
const RESPITE: Millis = Millis::from_secs(60);
/// The longest that a client is stopped at a time.
const LONGEST_STOP: Millis = Millis::from_secs(Word::MOST_EMBARGO as u64);

/// What a word changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "an embargo and an all-clear are worth an event"]
pub enum Heard {
    /// Nothing is asked for any more, where something was.
    AllClear,
    /// Other things are asked for than before.
    Changed,
    /// The same as before, or nothing, for longer.
    Same,
}

/// Embargoes with little time between them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Stop {
    since: Instant,
    until: Instant,
}

/// One origin's word, as it is in force.
///
/// ```
/// use tidegate_core::{Heard, Instant, Millis, ServersWord};
/// let now = Instant::START;
/// let mut words = ServersWord::new();
/// assert_eq!(words.hear(now, "level=340, embargo=20, retries=?0"), Ok(Heard::Changed));
/// assert_eq!(words.embargo(now), Some(now + Millis::from_secs(20)));
/// assert!(!words.allows_retries(now));
/// assert_eq!(words.hear(now, "level=1000"), Ok(Heard::AllClear));
/// assert_eq!(words.embargo(now), None);
/// ```
#[derive(Clone, Debug)]
pub struct ServersWord {
    word: Word,
    until: Instant,
    stop: Option<Stop>,
}

impl Default for ServersWord {
    fn default() -> ServersWord {
        ServersWord::new()
    }
}

impl ServersWord {
    /// The level that is never undercut for what a user waits for, in permille.
    pub const LEAST_LEVEL: u16 = 20;

    /// Nothing was said yet.
    #[must_use]
    pub const fn new() -> ServersWord {
        ServersWord {
            word: Word::ALL_CLEAR,
            until: Instant::START,
            stop: None,
        }
    }

    /// A header's value came with an answer from the network.
    ///
    /// # Errors
    /// When it is void. What was in force stays so.
    pub fn hear(&mut self, now: Instant, field: &str) -> Result<Heard, WordError> {
        Ok(self.heed(now, Word::parse(field)?))
    }

    /// A word was said; it replaces the one before.
    pub fn heed(&mut self, now: Instant, word: Word) -> Heard {
        let before = self.in_force(now).cloned();
        let stopped = self.embargo(now).is_some();
        self.stop = self.stopped(now, word.embargo);
        // Where a word with an embargo says to ask, it must still say so while the embargo lasts.
        self.until = (now + word.ttl).max(self.embargo(now).unwrap_or(now));
        self.word = word;
        let clear = self.word.is_all_clear();
        match before {
            Some(before) if clear && !before.is_all_clear() => Heard::AllClear,
            Some(before) if asks_the_same(&before, &self.word) => {
                if stopped == self.embargo(now).is_some() {
                    Heard::Same
                } else {
                    Heard::Changed
                }
            }
            None if clear => Heard::Same,
            _ => Heard::Changed,
        }
    }

    /// Forgets what was said, as after a change of network. How long the client was stopped is not forgotten.
    pub fn clear(&mut self, now: Instant) {
        self.until = self.until.min(now);
        if let Some(stop) = &mut self.stop {
            stop.until = stop.until.min(now);
        }
    }

    /// Of the requests that a user waits for, how many may be sent, in permille: 20 to 1000.
    #[must_use]
    pub fn level(&self, now: Instant) -> u16 {
        self.background_level(now).max(ServersWord::LEAST_LEVEL)
    }

    /// Of the requests that nobody waits for, how many may be sent, in permille: 0 to 1000.
    #[must_use]
    pub fn background_level(&self, now: Instant) -> u16 {
        self.in_force(now).map_or(Word::FULL, |word| word.level)
    }

    /// How long a newcomer would wait. A request with less patience than that had better not be sent.
    #[must_use]
    pub fn wait(&self, now: Instant) -> Millis {
        self.in_force(now).map_or(Millis::ZERO, |word| word.wait)
    }

    /// Whether a failed request may be repeated.
    #[must_use]
    pub fn allows_retries(&self, now: Instant) -> bool {
        self.in_force(now).is_none_or(|word| word.retries)
    }

    /// Until when nothing is to be sent, if so.
    #[must_use]
    pub fn embargo(&self, now: Instant) -> Option<Instant> {
        self.stop
            .map(|stop| stop.until)
            .filter(|until| now < *until)
    }

    /// Where to ask whether things have changed.
    #[must_use]
    pub fn probe(&self, now: Instant) -> Option<&ProbePath> {
        self.in_force(now)?.probe.as_ref()
    }

    /// The end of the latest embargo, even if it is over.
    pub(crate) fn stop(&self) -> Option<Instant> {
        self.stop.map(|stop| stop.until)
    }

    /// Whether the latest word says where to ask.
    pub(crate) fn names_a_path(&self) -> bool {
        self.word.probe.is_some()
    }

    /// When something ends by itself; [`Instant::NEVER`] when nothing does.
    #[must_use]
    pub fn next_change(&self, now: Instant) -> Instant {
        let ends = [Some(self.until), self.stop.map(|stop| stop.until)];
        let ahead = ends.into_iter().flatten().filter(|end| *end > now);
        ahead.min().unwrap_or(Instant::NEVER)
    }

    fn in_force(&self, now: Instant) -> Option<&Word> {
        (now < self.until).then_some(&self.word)
    }

    /// What becomes of the embargo when a word asks for one of this length.
    fn stopped(&self, now: Instant, embargo: Millis) -> Option<Stop> {
        let asked = embargo != Millis::ZERO;
        let earlier = self.stop.filter(|stop| now < stop.until + RESPITE);
        let Some(Stop { since, until }) = earlier else {
            let until = now + embargo;
            return asked.then_some(Stop { since: now, until });
        };
        let most = since + LONGEST_STOP;
        let until = match asked {
            true if now < most => (now + embargo).min(most),
            // It took as long as it may.
            true => until,
            false => until.min(now),
        };
        Some(Stop { since, until })
    }
}

/// Whether two words differ in their time to live at most.
fn asks_the_same(one: &Word, other: &Word) -> bool {
    Word {
        ttl: other.ttl,
        ..one.clone()
    } == *other
}
