//! How many calls an origin gets at a time.
//!
//! A permit is out from the moment an attempt is sent until its head is there or it is given up. Calls beyond the limit wait in
//! order of arrival; a queue that is full refuses, because a wait without bound is how a slow backend becomes a dead page.

use alloc::collections::VecDeque;

use crate::call::CallId;
use crate::settings::ConcurrencySettings;

/// What a call gets when it asks for a permit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Turn {
    /// A permit.
    Granted,
    /// A place in the queue.
    Queued,
    /// Nothing: the queue is full.
    Refused,
}

/// The permits and the queue of one origin.
#[derive(Clone, Debug, Default)]
pub struct Limiter {
    in_flight: u32,
    queue: VecDeque<CallId>,
}

impl Limiter {
    /// Asks for a permit. A call that is in the queue already gets one only when its turn has come.
    pub fn request(&mut self, call: CallId, settings: &ConcurrencySettings) -> Turn {
        let place = self.queue.iter().position(|waiting| *waiting == call);
        let ahead = place.unwrap_or(self.queue.len()) as u32;
        if self.in_flight.saturating_add(ahead) < settings.limit {
            if let Some(place) = place {
                self.queue.remove(place);
            }
            self.in_flight += 1;
            Turn::Granted
        } else if place.is_some() {
            Turn::Queued
        } else if ahead < settings.queue {
            self.queue.push_back(call);
            Turn::Queued
        } else {
            Turn::Refused
        }
    }

    /// Takes a permit back; the call to wake, if one waits for it.
    pub fn release(&mut self, settings: &ConcurrencySettings) -> Option<CallId> {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.next(settings)
    }

    /// A call leaves the queue without a permit; the call to wake that moves up into its turn.
    pub fn leave(&mut self, call: CallId, settings: &ConcurrencySettings) -> Option<CallId> {
        self.queue.retain(|waiting| *waiting != call);
        self.next(settings)
    }

    /// Every call in the queue.
    pub fn waiting(&self) -> impl Iterator<Item = CallId> + '_ {
        self.queue.iter().copied()
    }

    /// Permits that are out.
    #[must_use]
    pub fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// The last call whose turn it is: those before it have been woken already.
    fn next(&self, settings: &ConcurrencySettings) -> Option<CallId> {
        let free = settings.limit.saturating_sub(self.in_flight);
        free.checked_sub(1)
            .and_then(|last| self.queue.get(last as usize))
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    const ONE_AT_A_TIME: ConcurrencySettings = ConcurrencySettings {
        limit: 1,
        queue: 2,
        queue_ms: 1_000,
    };

    fn call(number: u64) -> CallId {
        CallId(number)
    }

    #[test]
    fn turns_come_in_order_of_arrival_even_for_a_call_made_at_the_very_moment() {
        let mut limiter = Limiter::default();
        let turns: alloc::vec::Vec<Turn> = (1..=4)
            .map(|n| limiter.request(call(n), &ONE_AT_A_TIME))
            .collect();
        assert_eq!(
            turns,
            [Turn::Granted, Turn::Queued, Turn::Queued, Turn::Refused]
        );

        assert_eq!(limiter.release(&ONE_AT_A_TIME), Some(call(2)));
        assert_eq!(limiter.request(call(5), &ONE_AT_A_TIME), Turn::Refused);
        assert_eq!(limiter.request(call(3), &ONE_AT_A_TIME), Turn::Queued);
        assert_eq!(limiter.request(call(2), &ONE_AT_A_TIME), Turn::Granted);
    }

    #[test]
    fn a_call_that_leaves_the_queue_passes_its_turn_on() {
        let mut limiter = Limiter::default();
        for n in 1..=3 {
            let _ = limiter.request(call(n), &ONE_AT_A_TIME);
        }
        assert_eq!(limiter.release(&ONE_AT_A_TIME), Some(call(2)));
        assert_eq!(limiter.leave(call(2), &ONE_AT_A_TIME), Some(call(3)));
        assert_eq!(limiter.request(call(3), &ONE_AT_A_TIME), Turn::Granted);
        assert_eq!((limiter.in_flight(), limiter.waiting().count()), (1, 0));
    }
}
