//! Who is next among the calls that wait.
//!
//! A bounded queue with a line for each priority. Two rules decide:
//!
//! - **Which line.** Each line with somebody in it has a *due time*: when it last moved (or its first call came), plus `ageing` for
//!   each class above it. The line that is due first is next. So the more urgent goes first, and a line that has stood still for its
//!   share of `ageing` is next whoever else comes. Strict priority lets the lowest class stand for ever: p-queue ran none of it in
//!   600 ms of urgent work.
//! - **Which call of the line.** The oldest, or the newest where an old question is worth less than a new one (type-ahead).
//!
//! *The ageing bound*: a line moves within `ageing` times the number of classes above it, or else is among the next three to move.
//! For a line that is due at `D` can only be preceded by a line that was due before `D`, and once that has moved, at or after `D`,
//! it is due after `D`; there are two other lines.
//!
//! When the queue is full, somebody gives up a place: in the lowest line that has more than one, but none above the newcomer's, the
//! newest call (the newcomer itself, if no lower line has two), or newest-first the oldest. The first call of a line that is empty
//! is taken in any case, or a class could be shut out at the door; so a queue of `n` holds up to `n + 2`, and one of 0 none.

use alloc::collections::VecDeque;

use crate::call::CallId;
use crate::record::words;
use crate::time::{Instant, Millis};

words! {
    /// How much a call matters to the one who waits for it.
    pub enum Priority {
        /// Somebody looks at the place where its answer goes.
        Urgent = "urgent",
        /// The rest.
        Normal = "normal",
        /// Nobody would notice if it came later.
        Background = "background",
    }
}

words! {
    /// Which of several calls of the same priority goes first.
    pub enum QueueOrder {
        /// The one that has waited longest.
        OldestFirst = "oldest-first",
        /// The one that came last; when the queue is full, the oldest is sent away.
        NewestFirst = "newest-first",
    }
}

/// A call that waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) call: CallId,
    pub(super) weight: u32,
    /// When it stops waiting.
    pub(super) deadline: Instant,
}

/// The calls of one priority, oldest first.
#[derive(Clone, Debug, Default)]
struct Line {
    calls: VecDeque<Waiting>,
    /// When it last moved, or stopped being empty.
    since: Instant,
}

impl Line {
    fn next(&self, order: QueueOrder) -> Option<&Waiting> {
        match order {
            QueueOrder::OldestFirst => self.calls.front(),
            QueueOrder::NewestFirst => self.calls.back(),
        }
    }

    fn pop(&mut self, order: QueueOrder) -> Option<Waiting> {
        match order {
            QueueOrder::OldestFirst => self.calls.pop_front(),
            QueueOrder::NewestFirst => self.calls.pop_back(),
        }
    }
}

/// The waiting calls of one limit.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    urgent: Line,
    normal: Line,
    background: Line,
}

impl Queue {
    pub(super) fn push(&mut self, now: Instant, priority: Priority, waiting: Waiting) {
        let line = self.line(priority);
        if line.calls.is_empty() {
            line.since = now;
        }
        line.calls.push_back(waiting);
    }

    /// The call whose turn is next.
    pub(super) fn next(&self, order: QueueOrder, ageing: Millis) -> Option<&Waiting> {
        let (_, line) = self.due(ageing)?;
        line.next(order)
    }

    /// Takes out the call whose turn is next.
    pub(super) fn pop(
        &mut self,
        now: Instant,
        order: QueueOrder,
        ageing: Millis,
    ) -> Option<Waiting> {
        let (priority, _) = self.due(ageing)?;
        let line = self.line(priority);
        line.since = now;
        line.pop(order)
    }

    /// Makes room after a call of this priority came when the queue was full: who has to go, if anybody.
    pub(super) fn evict(&mut self, newcomer: Priority, order: QueueOrder) -> Option<CallId> {
        let lowest_first = Priority::ALL.iter().rev().copied();
        for priority in lowest_first.take_while(|priority| *priority >= newcomer) {
            let line = self.line(priority);
            if line.calls.len() > 1 {
                let evicted = match order {
                    QueueOrder::OldestFirst => line.calls.pop_back(),
                    QueueOrder::NewestFirst => line.calls.pop_front(),
                };
                return evicted.map(|waiting| waiting.call);
            }
        }
        None
    }

    /// Takes out the calls whose deadline has come.
    pub(super) fn lapse(&mut self, now: Instant, mut tell: impl FnMut(CallId)) {
        for line in self.lines_mut() {
            line.calls.retain(|waiting| {
                let lapsed = now >= waiting.deadline;
                if lapsed {
                    tell(waiting.call);
                }
                !lapsed
            });
        }
    }

    /// Takes a call out; whether it was there.
    pub(super) fn remove(&mut self, call: CallId) -> bool {
        let before = self.len();
        for line in self.lines_mut() {
            line.calls.retain(|waiting| waiting.call != call);
        }
        self.len() < before
    }

    pub(super) fn contains(&self, call: CallId) -> bool {
        self.iter().any(|waiting| waiting.call == call)
    }

    pub(super) fn len(&self) -> usize {
        self.lines().map(|(_, line)| line.calls.len()).sum()
    }

    /// Every call, the most urgent line first, each from the oldest on.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Waiting> {
        self.lines().flat_map(|(_, line)| line.calls.iter())
    }

    fn due(&self, ageing: Millis) -> Option<(Priority, &Line)> {
        // Without any ageing the classes would take turns; a queue that never ages would starve. One millisecond is neither.
        let ageing = ageing.0.max(1);
        self.lines()
            .filter(|(_, line)| !line.calls.is_empty())
            // Of two that are due together the lower goes first: it has stood still for longer, and the bound needs it.
            .min_by_key(|(priority, line)| {
                let above = *priority as u64;
                let due = line.since + Millis(ageing.saturating_mul(above));
                (due, core::cmp::Reverse(above))
            })
    }

    fn lines(&self) -> impl Iterator<Item = (Priority, &Line)> {
        [
            (Priority::Urgent, &self.urgent),
            (Priority::Normal, &self.normal),
            (Priority::Background, &self.background),
        ]
        .into_iter()
    }

    fn lines_mut(&mut self) -> [&mut Line; 3] {
        [&mut self.urgent, &mut self.normal, &mut self.background]
    }

    fn line(&mut self, priority: Priority) -> &mut Line {
        match priority {
            Priority::Urgent => &mut self.urgent,
            Priority::Normal => &mut self.normal,
            Priority::Background => &mut self.background,
        }
    }
}
