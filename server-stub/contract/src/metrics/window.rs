//! The recent past in slices, the oldest of which is forgotten when a new one begins.
//!
//! Bounded by construction: a ring of N slices, and a slice that nobody has touched for a round is as good as empty. With the default
//! of 60 seconds a figure moves within seconds of what it measures, and an alert goes out a minute after its cause.

use tidegate_core::{Instant, Millis};

#[derive(Clone, Debug)]
pub(crate) struct Window<T, const N: usize> {
    slice: Millis,
    /// A slice's number since the start and what is in it; its place is the number modulo N.
    ring: Vec<(u64, T)>,
}

impl<T: Clone + Default, const N: usize> Window<T, N> {
    /// N slices of this length each.
    pub(crate) fn new(slice: Millis) -> Window<T, N> {
        Window {
            slice,
            ring: vec![(0, T::default()); N],
        }
    }

    /// The slice that `now` belongs to.
    pub(crate) fn current(&mut self, now: Instant) -> &mut T {
        let number = self.number(now);
        let place = &mut self.ring[(number % N as u64) as usize];
        // A clock that went back must not wipe out what is newer.
        if place.0 < number {
            *place = (number, T::default());
        }
        &mut place.1
    }

    /// What has not been forgotten.
    pub(crate) fn recent(&self, now: Instant) -> impl Iterator<Item = &T> {
        let number = self.number(now);
        self.ring
            .iter()
            .filter(move |(of, _)| of + N as u64 > number)
            .map(|(_, slice)| slice)
    }

    fn number(&self, now: Instant) -> u64 {
        now.as_millis() / self.slice.0.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(window: &Window<u64, 3>, second: u64) -> u64 {
        window.recent(at(second)).sum()
    }

    fn at(second: u64) -> Instant {
        Instant::from_millis(second * 1_000 + 999)
    }

    #[test]
    fn a_slice_is_forgotten_after_a_round() {
        let mut window = Window::new(Millis(1_000));
        *window.current(at(0)) += 1;
        *window.current(at(1)) += 10;
        assert_eq!(sum(&window, 1), 11);
        assert_eq!(sum(&window, 2), 11);
        assert_eq!(sum(&window, 3), 10);
        assert_eq!(sum(&window, 4), 0);
        *window.current(at(4)) += 100;
        assert_eq!(sum(&window, 4), 100);
    }

    #[test]
    fn a_clock_that_goes_back_wipes_nothing_out() {
        let mut window = Window::new(Millis(1_000));
        *window.current(at(9)) += 1;
        *window.current(at(6)) += 1;
        assert_eq!(sum(&window, 9), 2);
    }
}
