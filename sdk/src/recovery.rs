//! Background probes: when a scope that failed somebody is due, the latest read that got no answer is sent again, once. Its answer is
//! kept, so whoever asks next finds it. Where the server has named a path for asking whether it is ready, that is asked in its place.

use std::rc::Rc;

use js_sys::Reflect;
use tidegate_core::kept::Rules;
use tidegate_core::{CallSpec, ScopeId, split_url};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Request;

use crate::drive::Drive;
use crate::global::like;
use crate::head::RequestHead;
use crate::inner::{Inner, Reads};

impl Inner {
    /// Sends the probes that are due, and looks at the figures that are watched.
    pub(crate) fn probe(self: &Rc<Inner>) {
        let now = self.now();
        self.engine().look(now);
        loop {
            let now = self.now();
            let due = self.engine().due_probe(now);
            let Some(scope) = due else { break };
            match self.probe_request(scope) {
                Some((request, spec)) => {
                    let head = RequestHead::of(&request);
                    let drive = Drive::new(
                        self.clone(),
                        self.whose(),
                        request,
                        head,
                        spec,
                        Rules::new(),
                    );
                    spawn_local(drive.run_unseen());
                }
                None => self.engine().forget(scope),
            }
        }
        self.publish();
    }

    /// A read got no answer from the network: remembers it for the probes.
    pub(crate) fn want(&self, scope: ScopeId, request: &Request) {
        self.replace(&self.wanted, scope, request);
    }

    /// A read was answered: it may be asked again to tell whether its origin works.
    pub(crate) fn answered(&self, scope: ScopeId, request: &Request) {
        self.replace(&self.answered, scope, request);
    }

    /// What to send, and as what: the path that the server has named for it, or the read that is wanted.
    fn probe_request(&self, scope: ScopeId) -> Option<(Request, CallSpec)> {
        let wanted = self.known(&self.wanted, scope);
        let read = wanted.or_else(|| self.known(&self.answered, scope))?;
        let now = self.now();
        let path = self.engine().probe_path(now, scope).map(String::from);
        match path {
            Some(path) => Some((stand_in(&read, &path)?, CallSpec::stand_in(scope))),
            None => Some((detached(&read)?, CallSpec::probe(scope))),
        }
    }

    fn known(&self, reads: &Reads, scope: ScopeId) -> Option<Request> {
        let reads = reads.borrow();
        let (_, read) = reads.iter().find(|(each, _)| self.same(*each, scope))?;
        Some(Clone::clone(read))
    }

    fn replace(&self, reads: &Reads, scope: ScopeId, request: &Request) {
        let mut reads = reads.borrow_mut();
        reads.retain(|(each, _)| !self.same(*each, scope));
        reads.push((scope, Clone::clone(request)));
    }

    /// Whether two scopes are one.
    fn same(&self, one: ScopeId, other: ScopeId) -> bool {
        self.engine().is_same(one, other)
    }
}

/// A request for the path that the server of a read has named, as the read may go there: no other credentials, and nothing of its headers.
fn stand_in(read: &Request, path: &str) -> Option<Request> {
    let url = read.url();
    let (origin, _) = split_url(&url);
    let init = like(read, &["mode", "credentials"]);
    Reflect::set(&init, &"cache".into(), &"no-store".into()).ok()?;
    Request::new_with_str_and_init(&[origin, path].concat(), &init).ok()
}

/// The same request without its caller's signal: who has left the page has not taken back that the page wants the route back.
fn detached(request: &Request) -> Option<Request> {
    let init = like(request, &["referrer", "referrerPolicy"]);
    Reflect::set(&init, &"signal".into(), &JsValue::NULL).ok()?;
    Request::new_with_request_and_init(request, &init).ok()
}
