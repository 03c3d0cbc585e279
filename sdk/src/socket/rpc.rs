//! Questions to the server, and who waits for the answers.

use std::rc::Rc;

use tidegate_core::session::{RpcEnd, RpcId, RpcWish};

use super::driver::Driver;

/// Whoever waits for an answer.
pub(super) type Asker = Box<dyn FnOnce(RpcEnd)>;

impl Driver {
    /// Asks the server something. `None`: it is not asked, and its end has been told.
    pub(super) fn ask(
        self: &Rc<Driver>,
        method: &str,
        data: &str,
        wish: RpcWish,
        asker: Asker,
    ) -> Option<RpcId> {
        self.check();
        let at = self.moment();
        let asked = (self.session.borrow_mut()).rpc(at, method, data, wish);
        match asked {
            Ok(id) => {
                self.askers.borrow_mut().push((id, asker));
                self.run();
                Some(id)
            }
            Err(why) => {
                asker(RpcEnd::Failed(why));
                None
            }
        }
    }

    /// Nobody waits for it any more.
    pub(super) fn forget(self: &Rc<Driver>, id: RpcId) {
        if self.take_asker(id).is_some() {
            self.session.borrow_mut().forget_rpc(id);
            self.run();
        }
    }

    pub(super) fn answer(&self, id: RpcId, end: RpcEnd) {
        if let Some(asker) = self.take_asker(id) {
            asker(end);
        }
    }

    fn take_asker(&self, id: RpcId) -> Option<Asker> {
        let mut askers = self.askers.borrow_mut();
        let place = askers.iter().position(|(each, _)| *each == id)?;
        Some(askers.remove(place).1)
    }
}
