//! What screen readers are told, and how often.
//!
//! Too many messages are as bad as none: of one topic only the latest is told, and after each message there are
//! [`Announcements::PAUSE_MS`] of silence.

/// What a message is about; a newer one replaces an older one that was not told yet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Topic {
    /// The backend's state.
    Backend,
    /// The feed: that it is away, and what became of that.
    Feed,
    /// The page's content.
    Page,
    /// What became of a change that was queued.
    Write,
}

/// Messages that wait to be told.
#[derive(Debug, Default)]
pub(crate) struct Announcements {
    waiting: Vec<(Topic, String)>,
    silent_until: f64,
}

impl Announcements {
    /// A sentence takes about as long to be read out.
    const PAUSE_MS: f64 = 4_000.0;

    /// Something is to be told.
    pub(crate) fn say(&mut self, topic: Topic, text: String) {
        self.waiting.retain(|(waiting, _)| *waiting != topic);
        self.waiting.push((topic, text));
    }

    /// All that is to be told now.
    pub(crate) fn poll(&mut self, now: f64) -> Option<String> {
        if self.waiting.is_empty() || now < self.silent_until {
            return None;
        }
        self.silent_until = now + Self::PAUSE_MS;
        let texts: Vec<String> = self.waiting.drain(..).map(|(_, text)| text).collect();
        Some(texts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_at_once_and_then_keeps_silent_for_a_while() {
        let mut announcements = Announcements::default();
        announcements.say(Topic::Page, "One.".into());
        assert_eq!(announcements.poll(0.0).as_deref(), Some("One."));
        announcements.say(Topic::Page, "Two.".into());
        assert_eq!(announcements.poll(3_999.0), None);
        assert_eq!(announcements.poll(4_000.0).as_deref(), Some("Two."));
        assert_eq!(announcements.poll(9_000.0), None);
    }

    #[test]
    fn tells_only_the_latest_of_a_topic() {
        let mut announcements = Announcements::default();
        announcements.say(Topic::Backend, "It fails.".into());
        announcements.say(Topic::Page, "A kept copy.".into());
        announcements.say(Topic::Backend, "It answers again.".into());
        let told = announcements.poll(0.0);
        assert_eq!(told.as_deref(), Some("A kept copy. It answers again."));
    }
}
