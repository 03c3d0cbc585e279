//! Background probes: when a scope that failed somebody is due, the latest read that got no answer is sent again, once. Its answer is
//! kept, so whoever asks next finds it.

use std::rc::Rc;

use tidegate_core::{CallSpec, ScopeId};
use wasm_bindgen_futures::spawn_local;
use web_sys::Request;

use crate::drive::Drive;
use crate::inner::Inner;

impl Inner {
    /// Sends the probes that are due.
    pub(crate) fn probe(self: &Rc<Inner>) {
        loop {
            let now = self.now();
            let due = self.engine().due_probe(now);
            let Some(scope) = due else { break };
            match self.wanted_request(scope) {
                Some(request) => {
                    let drive = Drive::new(self.clone(), request, CallSpec::probe(scope));
                    spawn_local(async move {
                        // Whatever came of it, the engine knows.
                        let _ = drive.run().await;
                    });
                }
                None => self.engine().forget(scope),
            }
        }
        self.publish();
    }

    /// A read got no answer from the network: remembers it for the probes.
    pub(crate) fn want(&self, scope: ScopeId, request: &Request) {
        let mut wanted = self.wanted.borrow_mut();
        wanted.retain(|(each, _)| *each != scope);
        wanted.push((scope, Clone::clone(request)));
    }

    fn wanted_request(&self, scope: ScopeId) -> Option<Request> {
        let wanted = self.wanted.borrow();
        wanted
            .iter()
            .find(|(each, _)| *each == scope)
            .and_then(|(_, request)| request.clone().ok())
    }
}
