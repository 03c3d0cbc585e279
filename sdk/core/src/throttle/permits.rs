//! Weight that is out: offered to a call, with it, or still at work for nobody.

use alloc::vec::Vec;

use super::queue::Waiting;
use crate::call::CallId;
use crate::time::Instant;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Hold {
    /// Its call has given up, its work goes on.
    Abandoned { until: Instant },
    /// Handed over; its call has not come for it yet.
    Offered { deadline: Instant },
    /// With its call.
    Taken,
}

#[derive(Clone, Copy, Debug)]
struct Permit {
    call: CallId,
    weight: u32,
    hold: Hold,
}

/// The permits of one limit. A call has at most one that is not abandoned.
#[derive(Clone, Debug, Default)]
pub(super) struct Permits(Vec<Permit>);

impl Permits {
    pub(super) fn offer(&mut self, to: Waiting) {
        self.0.push(Permit {
            call: to.call,
            weight: to.weight,
            hold: Hold::Offered {
                deadline: to.deadline,
            },
        });
    }

    /// A call comes for what it was offered, or asks after what it has; whether there is any.
    pub(super) fn take(&mut self, call: CallId) -> bool {
        for permit in &mut self.0 {
            if permit.call == call && !matches!(permit.hold, Hold::Abandoned { .. }) {
                permit.hold = Hold::Taken;
                return true;
            }
        }
        false
    }

    pub(super) fn abandon(&mut self, call: CallId, until: Instant) {
        for permit in &mut self.0 {
            if permit.call == call && permit.hold == Hold::Taken {
                permit.hold = Hold::Abandoned { until };
            }
        }
    }

    /// A call does not want what it was offered.
    pub(super) fn decline(&mut self, call: CallId) {
        self.remove(call, |hold| matches!(hold, Hold::Offered { .. }));
    }

    pub(super) fn release(&mut self, call: CallId) {
        self.remove(call, |hold| *hold == Hold::Taken);
    }

    /// The first work that a call abandoned is over.
    pub(super) fn settle(&mut self, call: CallId) {
        self.remove(call, |hold| matches!(hold, Hold::Abandoned { .. }));
    }

    /// Takes back what nobody came for and what was abandoned for long enough; tells the calls that were offered it.
    pub(super) fn lapse(&mut self, now: Instant, mut tell: impl FnMut(CallId)) {
        self.0.retain(|permit| match permit.hold {
            Hold::Offered { deadline } if now >= deadline => {
                tell(permit.call);
                false
            }
            Hold::Abandoned { until } => now < until,
            Hold::Offered { .. } | Hold::Taken => true,
        });
    }

    /// When the first of them lapses.
    pub(super) fn deadline(&self) -> Instant {
        let ends = self.0.iter().map(|permit| match permit.hold {
            Hold::Abandoned { until: end } | Hold::Offered { deadline: end } => end,
            Hold::Taken => Instant::NEVER,
        });
        ends.min().unwrap_or(Instant::NEVER)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn taken(&self) -> usize {
        let taken = self.0.iter().filter(|permit| permit.hold == Hold::Taken);
        taken.count()
    }

    pub(super) fn weight(&self) -> u32 {
        self.sum(|_| true)
    }

    pub(super) fn weight_at(&self, now: Instant) -> u32 {
        self.sum(|hold| !matches!(hold, Hold::Abandoned { until } if now >= *until))
    }

    pub(super) fn abandoned(&self) -> u32 {
        self.sum(|hold| matches!(hold, Hold::Abandoned { .. }))
    }

    fn sum(&self, counted: impl Fn(&Hold) -> bool) -> u32 {
        let permits = self.0.iter().filter(|permit| counted(&permit.hold));
        permits.fold(0, |sum, permit| sum.saturating_add(permit.weight))
    }

    fn remove(&mut self, call: CallId, held: impl Fn(&Hold) -> bool) {
        let place = self
            .0
            .iter()
            .position(|permit| permit.call == call && held(&permit.hold));
        if let Some(place) = place {
            self.0.remove(place);
        }
    }
}
