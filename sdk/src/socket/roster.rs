//! All sockets of a client that are not closed.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use tidegate_core::session::SocketHealth;

use super::driver::Driver;

/// Of a socket whose user has gone, the code that the server is told: "unauthorized", as it is registered.
const SIGNED_OUT: u16 = 3_000;
const NORMAL: u16 = 1_000;

#[derive(Debug, Default)]
pub(crate) struct Roster {
    drivers: RefCell<Vec<Weak<Driver>>>,
    last: Cell<u64>,
}

impl Roster {
    /// The number of the next socket.
    pub(super) fn next(&self) -> u64 {
        self.last.set(self.last.get() + 1);
        self.last.get()
    }

    pub(super) fn add(&self, driver: &Rc<Driver>) {
        self.drivers.borrow_mut().push(Rc::downgrade(driver));
    }

    pub(super) fn remove(&self, number: u64) {
        let stays = |each: &Weak<Driver>| each.upgrade().is_some_and(|it| it.number != number);
        self.drivers.borrow_mut().retain(stays);
    }

    /// How each of them is.
    pub(crate) fn health(&self) -> Vec<SocketHealth> {
        self.all().iter().map(|driver| driver.health()).collect()
    }

    /// The user of this page has gone, and with them their sockets; another one may be asked for in the place of each.
    pub(crate) fn succeed(&self) {
        for driver in self.all() {
            if driver.follows {
                driver.renew(SIGNED_OUT, "signed out");
            } else {
                driver.close(SIGNED_OUT, "signed out");
            }
        }
    }

    /// Messages were forgotten that are on the disk until they are sent.
    pub(crate) fn forget(&self) {
        for driver in self.all() {
            driver.forget_durable();
        }
    }

    pub(crate) fn close(&self) {
        for driver in self.all() {
            driver.close(NORMAL, "");
        }
    }

    /// A copy: whoever is told of the end of one may open another.
    fn all(&self) -> Vec<Rc<Driver>> {
        let drivers = self.drivers.borrow();
        drivers.iter().filter_map(Weak::upgrade).collect()
    }
}
