//! What a caller wishes of a write that is queued.

use tidegate_core::outbox::{After, EntryId, Take};

/// A write that is to be queued, given to [`Outgoing::queue`](crate::Outgoing::queue).
///
/// ```
/// use tidegate::Queue;
/// let queue = Queue::new().lane("asset 7").merges(true);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Queue {
    pub(super) lane: Option<String>,
    pub(super) merges: bool,
    pub(super) live: bool,
    pub(super) sent: bool,
    pub(super) after: Vec<After>,
}

impl Queue {
    /// In the lane of its URL, and after nothing in particular.
    #[must_use]
    pub fn new() -> Queue {
        Queue::default()
    }

    /// What it must not overtake: entries of one lane go one after another. Its URL without the query, unless told.
    #[must_use]
    pub fn lane(mut self, lane: &str) -> Queue {
        self.lane = Some(lane.into());
        self
    }

    /// It may take the place of the last entry of its lane, if that has the same method and URL and has not been tried, and may be replaced
    /// likewise.
    #[must_use]
    pub fn merges(mut self, merges: bool) -> Queue {
        self.merges = merges;
        self
    }

    /// Its caller waits for the server's answer, for as long as its signal and `timeout.total_ms` allow, and has that if it comes in time,
    /// whichever tab sends it; else the answer of status 202, as if it were not live. It is stored first all the same, and goes on when its caller does not wait any
    /// more.
    #[must_use]
    pub fn live(mut self, live: bool) -> Queue {
        self.live = live;
        self
    }

    /// It may have been sent already with the `Idempotency-Key` that it has, without an answer: a 409 is then no conflict at once, for the server may
    /// still be busy with that.
    #[must_use]
    pub fn sent(mut self, sent: bool) -> Queue {
        self.sent = sent;
        self
    }

    /// An entry that has to be done before. Each of `takes` is a placeholder in the URL or the body, and where the answer to that entry, in JSON,
    /// has what is to stand there: names of members with dots between them.
    ///
    /// ```
    /// use tidegate::{EntryId, Queue};
    /// let queue = Queue::new().after(EntryId(7), &[("{asset}", "data.id")]);
    /// ```
    #[must_use]
    pub fn after(mut self, id: EntryId, takes: &[(&str, &str)]) -> Queue {
        let take = |(placeholder, field): &(&str, &str)| Take {
            placeholder: (*placeholder).into(),
            field: (*field).into(),
        };
        self.after.push(After {
            id,
            takes: takes.iter().map(take).collect(),
        });
        self
    }
}
