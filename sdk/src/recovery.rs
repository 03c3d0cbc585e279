//! Background probes: when a scope that failed somebody is due, the latest read that got no answer is sent again, once. Its answer is
//! kept, so whoever asks next finds it.

use std::rc::Rc;

use js_sys::Reflect;
use tidegate_core::{CallSpec, ScopeId};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Request, RequestInit};

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
                    spawn_local(drive.run_unseen());
                }
                None => self.engine().forget(scope),
            }
        }
        self.publish();
    }

    /// A read got no answer from the network: remembers it for the probes.
    pub(crate) fn want(&self, scope: ScopeId, request: &Request) {
        let Some(request) = detached(request) else {
            return;
        };
        let mut wanted = self.wanted.borrow_mut();
        wanted.retain(|(each, _)| *each != scope);
        wanted.push((scope, request));
    }

    fn wanted_request(&self, scope: ScopeId) -> Option<Request> {
        let wanted = self.wanted.borrow();
        let (_, request) = wanted.iter().find(|(each, _)| *each == scope)?;
        request.clone().ok()
    }
}

/// The same request without its caller's signal: who has left the page has not taken back that the page wants the route back.
fn detached(request: &Request) -> Option<Request> {
    let init = RequestInit::new();
    Reflect::set(&init, &"signal".into(), &JsValue::NULL).ok()?;
    Request::new_with_request_and_init(request, &init).ok()
}
