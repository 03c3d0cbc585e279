//! Sums over the recent past, in slices of time.

use tidegate_core::{Instant, Millis};

/// Two sums over the last `N` slices.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<const N: usize> {
    slice: Millis,
    /// The number of the latest slice since the beginning of time.
    latest: u64,
    sums: [[u32; 2]; N],
}

impl<const N: usize> Window<N> {
    pub(super) fn new(slice: Millis) -> Window<N> {
        Window {
            slice,
            latest: 0,
            sums: [[0; 2]; N],
        }
    }

    pub(super) fn add(&mut self, now: Instant, first: u32, second: u32) {
        self.advance(now);
        let sums = &mut self.sums[self.latest as usize % N];
        sums[0] += first;
        sums[1] += second;
    }

    pub(super) fn sums(&mut self, now: Instant) -> [u32; 2] {
        self.advance(now);
        let add = |sum: [u32; 2], each: &[u32; 2]| [sum[0] + each[0], sum[1] + each[1]];
        self.sums.iter().fold([0; 2], add)
    }

    fn advance(&mut self, now: Instant) {
        let slice = now.as_millis() / self.slice.0.max(1);
        let from = (self.latest + 1).max(slice.saturating_sub(N as u64 - 1));
        for each in from..=slice {
            self.sums[each as usize % N] = [0; 2];
        }
        self.latest = self.latest.max(slice);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_the_window_is_gone_however_long_nothing_happened() {
        let mut window = Window::<10>::new(Millis(1_000));
        let at = Instant::from_millis;
        window.add(at(500), 1, 0);
        window.add(at(1_500), 2, 3);
        assert_eq!(window.sums(at(9_999)), [3, 3]);
        assert_eq!(window.sums(at(10_000)), [2, 3]);
        assert_eq!(window.sums(at(11_000)), [0, 0]);
        window.add(at(3_600_000), 5, 5);
        assert_eq!(window.sums(at(3_600_000)), [5, 5]);
    }
}
