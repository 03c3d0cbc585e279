//! Waiting that ends with the program: a new one, or a reset, lets go of everybody whom the old one holds.

use tidegate_contract::Micros;
use tidegate_core::Instant;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::stub::Stub;

/// Holds a request for as long as the program is in force under which it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Hold {
    programs: watch::Receiver<u64>,
    current: u64,
    clock: Clock,
}

impl Hold {
    /// For a request that arrives now. Made under the lock under which programs change, so that none slips through in between.
    pub(crate) fn of(stub: &Stub) -> Hold {
        let programs = stub.watch_programs();
        let current = *programs.borrow();
        Hold {
            programs,
            current,
            clock: stub.clock().clone(),
        }
    }

    /// Returns when that time has come, or the program is over.
    pub(crate) async fn until(&mut self, at: Instant) {
        let clock = self.clock.clone();
        tokio::select! {
            () = clock.sleep_until(at) => {}
            () = self.until_released() => {}
        }
    }

    /// Returns when so much time has gone by, or the program is over.
    pub(crate) async fn wait(&mut self, length: Micros) {
        self.until(self.clock.now() + length).await;
    }

    /// Returns when the program is over.
    pub(crate) async fn until_released(&mut self) {
        let current = self.current;
        // An error would mean that the stub is gone, and with it any reason to wait.
        let _ = self.programs.wait_for(|&count| count != current).await;
    }

    /// Whether it is over.
    pub(crate) fn is_released(&self) -> bool {
        *self.programs.borrow() != self.current
    }
}
