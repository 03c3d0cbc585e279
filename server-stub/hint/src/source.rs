//! Where a layer's hints come from.

use crate::gauge::{Gauge, Visit};
use crate::hint::Hint;

/// Where a layer's hints come from: a [`Gauge`], or a closure that knows better.
pub trait Source: Clone {
    /// What accompanies a request from its arrival to its answer.
    type Visit;
    /// A request has arrived.
    fn arrive(&self) -> Self::Visit;
    /// It has been answered: what to say, if anything?
    fn answered(&self, visit: Self::Visit) -> Option<Hint>;
}

impl<F: Fn() -> Option<Hint> + Clone> Source for F {
    type Visit = ();
    fn arrive(&self) {}
    fn answered(&self, (): ()) -> Option<Hint> {
        self()
    }
}

impl Source for Gauge {
    type Visit = Visit;
    fn arrive(&self) -> Visit {
        self.enter()
    }
    fn answered(&self, visit: Visit) -> Option<Hint> {
        visit.done();
        Some(self.hint())
    }
}
