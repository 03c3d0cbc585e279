//! What became of a gap, by what the SDK says of it: caught up, or history gone and the list another one.

use tidegate::{Cause, SocketChange, SocketEvent};

use crate::words;

/// What happened to the feed so far, as far as anybody has to be told.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Story {
    /// What became of the last gap.
    pub(crate) outcome: Option<Outcome>,
    /// Since when what is on show may be old, on the device's calendar.
    pub(crate) since: Option<f64>,
    /// Everything is being read anew.
    pub(crate) anew: bool,
    /// The backend has no such channel for this page.
    pub(crate) refused: bool,
    /// Why it connects, or waits before it does.
    pub(crate) cause: Option<Cause>,
    /// For how long there was no connection, until a moment ago.
    down_ms: Option<u64>,
    /// Messages that this page could not take.
    pub(crate) passed_over: u64,
    /// It has been live.
    began: bool,
    /// It goes on where the page was before a reload.
    reloaded: bool,
    /// Messages that are missing, and were asked for.
    missing: u64,
}

/// What became of a gap.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// All that was missed has come.
    CaughtUp { messages: u64, after: After },
    /// What was missed is gone, and the list was loaded anew.
    LoadedAnew { down_ms: Option<u64> },
    /// It moved to another server, and nothing was missed.
    Moved,
}

/// After what.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum After {
    /// There was no connection for so long.
    Away(Option<u64>),
    /// Messages were missing in between.
    Gap,
    /// The page was loaded anew.
    Reload,
}

impl Story {
    /// That of a page which goes on where it was, with what was on show at this time.
    pub(crate) fn resumed(since: f64) -> Story {
        Story {
            since: Some(since),
            began: true,
            reloaded: true,
            ..Story::default()
        }
    }

    /// The SDK says that something happened.
    pub(crate) fn hear(&mut self, event: &SocketEvent, now: f64) {
        if let SocketChange::Connecting | SocketChange::Waiting = event.change {
            self.cause = event.cause;
        }
        self.on(event.change, event.messages, event.downtime_ms, now);
    }

    fn on(&mut self, change: SocketChange, messages: u64, down_ms: Option<u64>, now: f64) {
        match change {
            SocketChange::Closed
            | SocketChange::Connecting
            | SocketChange::Stopped
            | SocketChange::Waiting => self.lose(now),
            SocketChange::Open => self.down_ms = down_ms,
            SocketChange::Moved => self.outcome = Some(Outcome::Moved),
            SocketChange::Resumed => {
                let after = match std::mem::take(&mut self.reloaded) {
                    true => After::Reload,
                    false => After::Away(self.down_ms),
                };
                self.refused = false;
                self.outcome = Some(Outcome::CaughtUp { messages, after });
            }
            SocketChange::Gap => {
                self.since.get_or_insert(now);
                self.missing += messages;
            }
            SocketChange::Snapshot => {
                self.since.get_or_insert(now);
                self.refused = false;
                self.anew = true;
                self.missing = 0;
                self.outcome = None;
            }
            SocketChange::SubscriptionRefused => self.refused = true,
            SocketChange::PassedOver => self.passed_over += messages,
            _ => {}
        }
    }

    /// Whether it has been live, here or before the page was loaded anew.
    pub(crate) fn began(&self) -> bool {
        self.began
    }

    /// The list was loaded anew.
    pub(crate) fn loaded(&mut self) {
        self.anew = false;
        self.reloaded = false;
        if self.began {
            let down_ms = self.down_ms;
            self.outcome = Some(Outcome::LoadedAnew { down_ms });
        }
    }

    /// It is live: nothing is missing, and nothing is being read.
    pub(crate) fn settle(&mut self) {
        self.since = None;
        self.down_ms = None;
        self.began = true;
        let messages = std::mem::take(&mut self.missing);
        if messages > 0 {
            let after = After::Gap;
            self.outcome = Some(Outcome::CaughtUp { messages, after });
        }
    }

    /// What became of the gap, in a sentence or two.
    pub(crate) fn sentence(&self) -> Option<String> {
        let told = match self.outcome? {
            Outcome::CaughtUp { messages, after } => {
                let caught = match (messages, after) {
                    (0, After::Reload) => {
                        "Nothing happened while this page was loaded anew.".into()
                    }
                    (0, _) => "Nothing happened meanwhile.".into(),
                    (_, After::Gap) => format!(
                        "{} that {} missing {} here now, none lost.",
                        events(messages),
                        if messages == 1 { "was" } else { "were" },
                        if messages == 1 { "is" } else { "are" },
                    ),
                    (_, After::Reload) => format!(
                        "{} caught up since this page was left, none lost.",
                        events(messages)
                    ),
                    (_, After::Away(_)) => format!("{} caught up, none lost.", events(messages)),
                };
                match after {
                    After::Away(down) => caught + &away(down),
                    After::Gap | After::Reload => caught,
                }
            }
            Outcome::LoadedAnew { down_ms } => {
                format!(
                    "History was gone: the list was loaded anew.{}",
                    away(down_ms)
                )
            }
            Outcome::Moved => "It moved to another server, and missed nothing.".into(),
        };
        Some(told)
    }

    fn lose(&mut self, now: f64) {
        self.since.get_or_insert(now);
        self.missing = 0;
        self.outcome = None;
    }
}

fn events(count: u64) -> String {
    match count {
        1 => "1 event".into(),
        count => format!("{} events", words::grouped(count)),
    }
}

fn away(down_ms: Option<u64>) -> String {
    down_ms.map_or_else(String::new, |ms| {
        format!(" The feed was away for {}.", words::wait(ms))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(story: &mut Story, changes: &[(SocketChange, u64)]) -> Option<String> {
        for (change, messages) in changes {
            let down = (*change == SocketChange::Open).then_some(9_000);
            story.on(*change, *messages, down, 1.0);
        }
        story.sentence()
    }

    fn live() -> Story {
        let mut story = Story::default();
        story.settle();
        story
    }

    #[test]
    fn a_gap_that_was_caught_up_is_told_with_its_number() {
        for (messages, words) in [
            (
                0,
                "Nothing happened meanwhile. The feed was away for 9.0 s.",
            ),
            (
                1,
                "1 event caught up, none lost. The feed was away for 9.0 s.",
            ),
            (
                12,
                "12 events caught up, none lost. The feed was away for 9.0 s.",
            ),
        ] {
            let changes = [
                (SocketChange::Waiting, 0),
                (SocketChange::Connecting, 0),
                (SocketChange::Open, 0),
                (SocketChange::Resumed, messages),
            ];
            let mut story = live();
            assert_eq!(told(&mut story, &changes).as_deref(), Some(words));
            // It stays until the next loss.
            story.settle();
            assert_eq!(story.sentence().as_deref(), Some(words));
            assert_eq!(told(&mut story, &[(SocketChange::Waiting, 0)]), None);
        }
    }

    #[test]
    fn a_gap_in_between_is_told_when_it_is_closed() {
        let mut story = live();
        assert_eq!(told(&mut story, &[(SocketChange::Gap, 3)]), None);
        assert!(story.since.is_some());
        story.settle();
        let words = "3 events that were missing are here now, none lost.";
        assert_eq!(story.sentence().as_deref(), Some(words));
    }

    #[test]
    fn history_that_was_gone_is_told_when_the_list_is_there() {
        let changes = [
            (SocketChange::Waiting, 0),
            (SocketChange::Open, 0),
            (SocketChange::Snapshot, 0),
        ];
        let mut story = live();
        assert_eq!(told(&mut story, &changes), None);
        story.loaded();
        let words = "History was gone: the list was loaded anew. The feed was away for 9.0 s.";
        assert_eq!(story.sentence().as_deref(), Some(words));
    }

    #[test]
    fn the_first_list_is_nothing_to_be_told_of() {
        let mut story = Story::default();
        told(
            &mut story,
            &[(SocketChange::Connecting, 0), (SocketChange::Snapshot, 0)],
        );
        story.loaded();
        story.settle();
        assert_eq!((story.sentence(), story.since), (None, None));
    }

    #[test]
    fn a_reload_is_told_once() {
        let mut story = Story::resumed(5.0);
        let changes = [(SocketChange::Open, 0), (SocketChange::Resumed, 2)];
        let words = "2 events caught up since this page was left, none lost.";
        assert_eq!(told(&mut story, &changes).as_deref(), Some(words));
        let words = "2 events caught up, none lost. The feed was away for 9.0 s.";
        assert_eq!(told(&mut story, &changes).as_deref(), Some(words));
    }
}
