//! How many calls are out at a time, and who waits for a place among them.
//!
//! A permit is out from the moment an attempt may be sent until it is over: not until its caller stopped waiting. A call that was
//! given up by a timeout keeps its weight until its end is known or `abandoned_ms` have passed, because the backend still works on
//! it; p-queue and bottleneck count it as gone and were seen with four and three attempts out at a limit of one.
//!
//! A permit that comes free is handed to the next call of the queue in the same moment, before anybody else can ask, and that call
//! is named in the answer so that it can be woken. So a call that is made at the very moment overtakes nobody. A turn that is not
//! taken by its call's deadline passes on.
//!
//! A call that does not fit yet holds back those behind it, or the heavy would never find the light ones' room; one that is heavier
//! than the limit goes when nothing else is out.
//!
//! Every call that was told [`Turn::Queued`] owes the machine one word: it asks again until it is told something else, or it leaves.
//! In return nothing about it is kept afterwards.

use alloc::vec::Vec;

use super::permits::Permits;
use super::queue::{Priority, Queue, QueueOrder, Waiting};
use crate::call::CallId;
use crate::time::{Instant, Millis};

/// The numbers of one limit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LimitSettings {
    /// Weight that may be out at a time; 0 is as good as 1.
    pub limit: u32,
    /// Calls that may wait; 0 refuses what cannot go at once.
    pub queue: u32,
    /// Which call of a priority goes first.
    pub order: QueueOrder,
    /// How long a class may be passed over for the sake of the one above it; 0 is as good as 1.
    pub ageing_ms: u32,
    /// How long a call that was given up counts if nobody says that it is over.
    pub abandoned_ms: u32,
}

/// What a call asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Request {
    /// Who asks.
    pub call: CallId,
    /// What it takes of the limit; 0 is as good as 1.
    pub weight: u32,
    /// Its class.
    pub priority: Priority,
    /// When it stops waiting.
    pub deadline: Instant,
}

/// What a call gets when it asks for a permit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Turn {
    /// Nothing more: its place went to another call.
    Evicted,
    /// A permit.
    Granted,
    /// Nothing more: its deadline came first.
    Lapsed,
    /// A place in the queue.
    Queued,
    /// Nothing: the queue is full.
    Refused,
}

/// The permits and the queue of one origin.
///
/// Deeds that may let others go return the calls to wake: those whose turn has come, and those whose wait is over without one.
#[derive(Clone, Debug, Default)]
pub struct Limit {
    permits: Permits,
    queue: Queue,
    /// Calls whose wait is over without a permit and who have not been told.
    ended: Vec<(CallId, Turn)>,
}

impl Limit {
    /// Asks for a permit, for the first time or again. The calls to wake are those whose place it took or whose time had come.
    ///
    /// A call has one permit at a time; what it has abandoned is not it any more, so that it may ask for its next attempt.
    pub fn request(
        &mut self,
        now: Instant,
        request: &Request,
        settings: &LimitSettings,
    ) -> (Turn, Vec<CallId>) {
        let mut wake = self.poll_for(now, Some(request.call), settings);
        let turn = match self.known(request.call) {
            Some(turn) => turn,
            None => self.enter(now, request, settings, &mut wake),
        };
        (turn, wake)
    }

    /// An attempt is over: its permit is free. Harmless for a call that has none.
    pub fn release(&mut self, now: Instant, call: CallId, settings: &LimitSettings) -> Vec<CallId> {
        self.permits.release(call);
        self.poll(now, settings)
    }

    /// A call is given up while its work goes on: it counts until it is [settled](Limit::settle), or for `abandoned_ms`.
    pub fn abandon(&mut self, now: Instant, call: CallId, settings: &LimitSettings) -> Vec<CallId> {
        let until = now + Millis(settings.abandoned_ms.into());
        self.permits.abandon(call, until);
        self.poll(now, settings)
    }

    /// Work that was abandoned is really over. If the call has abandoned several attempts, it is the first of them.
    pub fn settle(&mut self, now: Instant, call: CallId, settings: &LimitSettings) -> Vec<CallId> {
        self.permits.settle(call);
        self.poll(now, settings)
    }

    /// A call stops waiting: its place, or the turn that it has not taken, is free. Leaves a permit that is out alone.
    pub fn leave(&mut self, now: Instant, call: CallId, settings: &LimitSettings) -> Vec<CallId> {
        self.queue.remove(call);
        self.ended.retain(|(ended, _)| *ended != call);
        self.permits.decline(call);
        self.poll(now, settings)
    }

    /// A call ends, wherever it is: place, turn and permit are free. What it has abandoned before still counts.
    pub fn cancel(&mut self, now: Instant, call: CallId, settings: &LimitSettings) -> Vec<CallId> {
        self.permits.release(call);
        self.leave(now, call, settings)
    }

    /// Time has passed or the settings have changed. Harmless at any time.
    #[must_use = "these calls wait to be woken"]
    pub fn poll(&mut self, now: Instant, settings: &LimitSettings) -> Vec<CallId> {
        self.poll_for(now, None, settings)
    }

    /// The same, by a call that need not be woken.
    fn poll_for(
        &mut self,
        now: Instant,
        by: Option<CallId>,
        settings: &LimitSettings,
    ) -> Vec<CallId> {
        let mut wake = Vec::new();
        let ended = &mut self.ended;
        let mut lapse = |call| {
            ended.push((call, Turn::Lapsed));
            wake.extend(Some(call).filter(|_| Some(call) != by));
        };
        self.queue.lapse(now, &mut lapse);
        self.permits.lapse(now, &mut lapse);
        self.offer(now, by, settings, &mut wake);
        wake
    }

    /// When to [poll](Limit::poll) next, if nothing happens before.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        let waiting = self.queue.iter().map(|waiting| waiting.deadline);
        waiting.fold(self.permits.deadline(), Instant::min)
    }

    /// Weight that is out, abandoned work included.
    #[must_use]
    pub fn in_flight(&self) -> u32 {
        self.permits.weight()
    }

    /// The same at a time at which nobody has polled yet: without work that was abandoned for long enough.
    #[must_use]
    pub fn load(&self, now: Instant) -> u32 {
        self.permits.weight_at(now)
    }

    /// Attempts that are out and have not been given up.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.permits.taken()
    }

    /// Permits that are out, whatever their weight.
    #[must_use]
    pub fn permits(&self) -> usize {
        self.permits.len()
    }

    /// Of the weight that is out, that of calls that were given up.
    #[must_use]
    pub fn abandoned(&self) -> u32 {
        self.permits.abandoned()
    }

    /// Every call in the queue, the most urgent first.
    pub fn waiting(&self) -> impl Iterator<Item = CallId> + '_ {
        self.queue.iter().map(|waiting| waiting.call)
    }

    /// Whether nothing is out, nobody waits and nobody has yet to be told.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.permits.len() == 0 && self.queue.len() == 0 && self.ended.is_empty()
    }

    /// Takes a call into the queue and, if its turn is now, out of it.
    fn enter(
        &mut self,
        now: Instant,
        request: &Request,
        settings: &LimitSettings,
        wake: &mut Vec<CallId>,
    ) -> Turn {
        let waiting = Waiting {
            call: request.call,
            weight: request.weight.max(1),
            deadline: request.deadline,
        };
        self.queue.push(now, request.priority, waiting);
        self.offer(now, Some(request.call), settings, wake);
        let full = self.queue.len() > settings.queue as usize;
        if full && self.queue.contains(request.call) {
            let evicted = match settings.queue {
                0 => self.queue.remove(request.call).then_some(request.call),
                _ => self.queue.evict(request.priority, settings.order),
            };
            match evicted {
                Some(call) if call == request.call => return Turn::Refused,
                Some(call) => {
                    self.ended.push((call, Turn::Evicted));
                    wake.push(call);
                }
                None => {}
            }
        }
        self.known(request.call).unwrap_or(Turn::Refused)
    }

    /// What a call that is known has; an offer is taken and an end is told by it.
    fn known(&mut self, call: CallId) -> Option<Turn> {
        if self.permits.take(call) {
            return Some(Turn::Granted);
        }
        if let Some(place) = self.ended.iter().position(|(ended, _)| *ended == call) {
            return Some(self.ended.swap_remove(place).1);
        }
        self.queue.contains(call).then_some(Turn::Queued)
    }

    /// Hands what is free to those whose turn it is.
    fn offer(
        &mut self,
        now: Instant,
        by: Option<CallId>,
        settings: &LimitSettings,
        wake: &mut Vec<CallId>,
    ) {
        let ageing = Millis(settings.ageing_ms.into());
        while self
            .queue
            .next(settings.order, ageing)
            .is_some_and(|next| self.fits(next.weight, settings))
        {
            let Some(next) = self.queue.pop(now, settings.order, ageing) else {
                return;
            };
            wake.extend(Some(next.call).filter(|call| Some(*call) != by));
            self.permits.offer(next);
        }
    }

    fn fits(&self, weight: u32, settings: &LimitSettings) -> bool {
        self.permits.len() == 0 || self.in_flight().saturating_add(weight) <= settings.limit
    }
}
