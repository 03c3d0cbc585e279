//! How the feed stands, in a few words: from what the SDK says of its socket and of its channel, and from nothing else.

use tidegate::{Cause, SocketHealth, SocketState};

use super::story::Story;
use crate::words;

/// What is said of the feed at this moment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Badge {
    pub(crate) state: State,
    pub(crate) label: String,
    pub(crate) why: Option<&'static str>,
}

/// In one word.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum State {
    /// For the first time.
    Connecting,
    Live,
    /// It does not come back by itself.
    Off,
    /// There is no network.
    Offline,
    Reconnecting,
    /// Something is missing, or the list is being loaded.
    Stale,
}

impl State {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            State::Connecting => "connecting",
            State::Live => "live",
            State::Off => "off",
            State::Offline => "offline",
            State::Reconnecting => "reconnecting",
            State::Stale => "stale",
        }
    }
}

impl Badge {
    /// Of a feed that could not be opened.
    pub(crate) fn none() -> Badge {
        Badge {
            state: State::Off,
            label: "No feed".into(),
            why: Some("this page could not open one"),
        }
    }
}

/// What of a socket's health matters here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    pub(super) state: SocketState,
    cause: Cause,
    retry_in_ms: Option<u64>,
    stale: bool,
    never_open: bool,
    attempt: u32,
}

/// From this attempt on, a feed that has never been there may as well not exist.
const DOUBTFUL: u32 = 3;

impl Reading {
    pub(crate) fn of(health: &SocketHealth) -> Reading {
        Reading {
            state: health.state,
            cause: health.cause,
            retry_in_ms: health.retry_in_ms,
            stale: health.stale_channels > 0,
            never_open: health.opened == 0,
            attempt: health.attempt,
        }
    }

    /// Whether all that has happened is on show.
    pub(crate) fn is_live(&self) -> bool {
        self.state == SocketState::Open && !self.stale
    }

    /// What is said of it. `since` is when it was live last, as a clock has it.
    pub(crate) fn badge(&self, story: &Story, online: bool, since: Option<String>) -> Badge {
        let badge = |state, label: String, why| Badge { state, label, why };
        let off = |label: &str, why| badge(State::Off, label.into(), Some(why));
        match self.state {
            SocketState::Closed => off("Ended", "whoever was signed in is gone"),
            SocketState::Stopped => off("Stopped", "the backend wants this page to stay away"),
            SocketState::Idle => off("Not connected", "nobody has asked for it"),
            SocketState::Open if story.refused => off(
                "Not to be had",
                "the backend has no such feed for this page",
            ),
            SocketState::Open if !self.stale => badge(State::Live, "Live".into(), None),
            SocketState::Open => {
                let label = match since {
                    Some(since) => format!("Stale since {since}"),
                    None => "Stale".into(),
                };
                let why = match story.anew {
                    true => "the list is being loaded anew",
                    false => "what is missing is being fetched",
                };
                badge(State::Stale, label, Some(why))
            }
            _ if !online => badge(
                State::Offline,
                "Offline".into(),
                Some("it goes on when this device has a network"),
            ),
            SocketState::Waiting => {
                let label = match self.retry_in_ms {
                    Some(0) => "Reconnecting now".into(),
                    Some(ms) => format!("Reconnecting in {}", words::countdown(ms)),
                    None => "Reconnecting later".into(),
                };
                badge(State::Reconnecting, label, Some(self.why(story)))
            }
            _ if self.cause == Cause::Start => badge(State::Connecting, "Connecting".into(), None),
            _ => badge(
                State::Reconnecting,
                "Reconnecting now".into(),
                Some(self.why(story)),
            ),
        }
    }

    fn why(&self, story: &Story) -> &'static str {
        match story.cause.unwrap_or(self.cause) {
            Cause::Failed if self.never_open && self.attempt >= DOUBTFUL => {
                "there was no connection yet: the backend may have no feed"
            }
            cause => why(cause),
        }
    }
}

/// Why it has to connect.
pub(crate) fn why(cause: Cause) -> &'static str {
    match cause {
        Cause::Asked => "you asked for it",
        Cause::Back => "a better way to the backend is tried",
        Cause::Closed => "the backend closed the connection",
        Cause::Dead => "nothing was heard for too long",
        Cause::Failed => "there is no connection to be had",
        Cause::Hello => "the backend did not take this page's greeting",
        Cause::Lost => "the connection was lost",
        Cause::Network => "the network was gone",
        Cause::Provider => "its address was not to be had",
        Cause::Refresh => "the backend wants to know again who this is",
        Cause::Refused => "the backend is in trouble, and is spared",
        Cause::Restart => "the backend restarts and has said when to come back",
        Cause::Restored => "the page was asleep",
        Cause::SessionLost => "the backend has forgotten this page",
        Cause::Start => "this page has just been opened",
        Cause::TimedOut => "the connection took too long",
        _ => "the connection is gone",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Reading = Reading {
        state: SocketState::Open,
        cause: Cause::Start,
        retry_in_ms: None,
        stale: false,
        never_open: false,
        attempt: 1,
    };

    fn told(reading: Reading, story: &Story, online: bool) -> (&'static str, String) {
        let badge = reading.badge(story, online, Some("12:00:05".into()));
        let why = badge.why.map(|why| format!(": {why}")).unwrap_or_default();
        (badge.state.as_str(), badge.label + &why)
    }

    #[test]
    fn each_state_has_its_words() {
        let story = Story::default();
        let waiting = Reading {
            state: SocketState::Waiting,
            cause: Cause::Lost,
            retry_in_ms: Some(3_200),
            ..OPEN
        };
        let stale = Reading {
            stale: true,
            ..OPEN
        };
        let trying = Reading {
            state: SocketState::Connecting,
            ..waiting
        };
        let first = Reading {
            cause: Cause::Start,
            ..trying
        };
        let (mut anew, mut refused) = (Story::default(), Story::default());
        anew.anew = true;
        refused.refused = true;
        for (reading, story, online, state, words) in [
            (OPEN, &story, true, "live", "Live"),
            (
                waiting,
                &story,
                true,
                "reconnecting",
                "Reconnecting in 4 s: the connection was lost",
            ),
            (
                waiting,
                &story,
                false,
                "offline",
                "Offline: it goes on when this device has a network",
            ),
            (
                trying,
                &story,
                true,
                "reconnecting",
                "Reconnecting now: the connection was lost",
            ),
            (first, &story, true, "connecting", "Connecting"),
            (
                stale,
                &story,
                true,
                "stale",
                "Stale since 12:00:05: what is missing is being fetched",
            ),
            (
                stale,
                &anew,
                true,
                "stale",
                "Stale since 12:00:05: the list is being loaded anew",
            ),
            (
                OPEN,
                &refused,
                true,
                "off",
                "Not to be had: the backend has no such feed for this page",
            ),
        ] {
            assert_eq!(told(reading, story, online), (state, words.to_owned()));
        }
    }

    #[test]
    fn a_feed_that_never_was_there_may_not_exist() {
        let reading = Reading {
            state: SocketState::Waiting,
            cause: Cause::Failed,
            retry_in_ms: Some(1_000),
            never_open: true,
            attempt: 3,
            ..OPEN
        };
        let (_, words) = told(reading, &Story::default(), true);
        assert!(words.ends_with("the backend may have no feed"), "{words}");
    }

    #[test]
    fn every_cause_has_words_of_its_own() {
        let mut words: Vec<&str> = Cause::ALL.iter().map(|cause| why(*cause)).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Cause::ALL.len());
        assert!(!words.contains(&"the connection is gone"));
    }
}
