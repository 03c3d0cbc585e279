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
            match self.probe_request(scope) {
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
        replace(&mut self.wanted.borrow_mut(), scope, request);
    }

    /// A read was answered: it may be asked again to tell whether its origin works.
    pub(crate) fn answered(&self, scope: ScopeId, request: &Request) {
        let personal = request.headers().has("authorization");
        if personal.unwrap_or(true) {
            return;
        }
        if let Some(request) = detached(request) {
            replace(&mut self.answered.borrow_mut(), scope, request);
        }
    }

    fn probe_request(&self, scope: ScopeId) -> Option<Request> {
        let (wanted, answered) = (self.wanted.borrow(), self.answered.borrow());
        let mut known = wanted.iter().chain(answered.iter());
        let (_, request) = known.find(|(each, _)| *each == scope)?;
        request.clone().ok()
    }
}

fn replace(known: &mut Vec<(ScopeId, Request)>, scope: ScopeId, request: Request) {
    known.retain(|(each, _)| *each != scope);
    known.push((scope, request));
}

/// The same request without its caller's signal: who has left the page has not taken back that the page wants the route back.
fn detached(request: &Request) -> Option<Request> {
    let init = RequestInit::new();
    Reflect::set(&init, &"signal".into(), &JsValue::NULL).ok()?;
    Request::new_with_request_and_init(request, &init).ok()
}
