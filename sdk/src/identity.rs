//! Whose answers are kept and shown: one user's at a time, and nobody else's.
//!
//! Everything that belongs to a user is under a [`Partition`]: keys on disk, the lock and the channel of the tabs. When the user goes, calls
//! under way are aborted, what is kept is erased, and every other tab of the same user is told; each of them holds a shared lock for as long as
//! it is the user's, so to have the lock exclusively is to know that none is left. A tab that is frozen cannot let go: after five seconds the
//! lock is taken from it, and it finds that out before anything else when it wakes.

use std::future::Future;
use std::rc::Rc;

use js_sys::Function;
use tidegate_core::Millis;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, AbortSignal};

use crate::boundary::{self, property};
use crate::error::Error;
use crate::inner::Inner;
use crate::socket::remembered_of;
use crate::store::Partition;
use crate::tabs::{Farewell, Presence};

/// The longest that other tabs are waited for.
const LONGEST_FAREWELL: Millis = Millis::from_secs(5);

/// A user, or nobody.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) partition: Partition,
    /// Whether there is a user.
    pub(crate) named: bool,
    /// Different for each time that somebody came.
    pub(crate) visit: u64,
    end: Option<AbortController>,
    _presence: Option<Presence>,
}

impl Identity {
    pub(crate) fn nobody(visit: u64) -> Identity {
        Identity {
            partition: Partition::anonymous(),
            named: false,
            visit,
            end: None,
            _presence: None,
        }
    }

    fn of(inner: &Rc<Inner>, partition: Partition, visit: u64) -> Identity {
        let weak = Rc::downgrade(inner);
        let presence = Presence::begin(partition.name(), move || {
            if let Some(inner) = weak.upgrade() {
                inner.expelled(visit);
            }
        });
        Identity {
            partition,
            named: true,
            visit,
            end: AbortController::new().ok(),
            _presence: Some(presence),
        }
    }

    /// Fires when the user goes; none of nobody.
    pub(crate) fn signal(&self) -> Option<AbortSignal> {
        self.end.as_ref().map(AbortController::signal)
    }

    fn end(&self) {
        if let Some(end) = &self.end {
            end.abort_with_reason(&signed_out());
        }
    }
}

impl Inner {
    /// Whose page it is.
    pub(crate) fn whose(&self) -> Rc<Identity> {
        self.identity.borrow().clone()
    }

    /// Another user, or nobody. What is kept of the one before stays for when they come back.
    pub(crate) fn identify(self: &Rc<Inner>, user: Option<&str>) {
        let partition = user.map(Partition::of);
        let name = partition.as_ref().map(Partition::name);
        let before = self.whose();
        self.outbox.sign_in();
        if before.named == name.is_some() && name.is_none_or(|name| before.partition.name() == name)
        {
            return;
        }
        self.succeed(partition, false);
    }

    /// The user, or the one that is named, goes, here and in all tabs. They have gone when this returns, so that whoever is named next, the
    /// same user as well, is not meant. What it returns resolves when nothing of theirs can be read any more.
    ///
    /// # Errors
    /// When what is kept could not be erased.
    pub(crate) fn log_out(
        self: Rc<Inner>,
        user: Option<&str>,
    ) -> impl Future<Output = Result<(), Error>> + use<> {
        let parting = self.part(user);
        async move {
            let Some((erasing, farewell)) = parting else {
                return Ok(());
            };
            let erased = erasing.await;
            let until = self.now() + LONGEST_FAREWELL;
            farewell.wait(self.timer.sleep(until, None)).await;
            match erased {
                true => Ok(()),
                false => Err(Error::NotErased),
            }
        }
    }

    fn part(
        self: &Rc<Inner>,
        user: Option<&str>,
    ) -> Option<(impl Future<Output = bool> + use<>, Farewell)> {
        let present = self.whose();
        let partition = match user {
            Some(user) => Partition::of(user),
            None if present.named => present.partition.clone(),
            None => return None,
        };
        if present.named && present.partition.name() == partition.name() {
            self.succeed(None, false);
        }
        boundary::unremember(&remembered_of(&partition));
        // The lock is asked for before anybody of this name asks for it again, and nobody who comes later is told.
        let farewell = Farewell::bid(partition.name());
        Some((self.store.erase(&partition), farewell))
    }

    /// The user of this visit went in another tab.
    fn expelled(self: &Rc<Inner>, visit: u64) {
        let present = self.whose();
        if !present.named || present.visit != visit {
            return;
        }
        let inner = self.clone();
        // Its lock is held until then.
        spawn_local(async move {
            inner.succeed(None, true);
            boundary::unremember(&remembered_of(&present.partition));
            inner.store.erase_here(&present.partition).await;
            drop(present);
        });
    }

    fn succeed(self: &Rc<Inner>, partition: Option<Partition>, elsewhere: bool) {
        let before = self.whose();
        let visit = before.visit + 1;
        let after = match partition {
            Some(partition) => Identity::of(self, partition, visit),
            None => Identity::nobody(visit),
        };
        let named = after.named;
        self.identity.replace(Rc::new(after));
        // Their credentials are in these.
        self.wanted.borrow_mut().clear();
        self.answered.borrow_mut().clear();
        before.end();
        if before.named {
            self.sockets.succeed();
        }
        if self.outbox.succeed() {
            // Theirs may have waited for them.
            self.session();
        }
        let now = self.now();
        self.engine().identified(now, named, elsewhere);
        self.publish();
    }
}

/// What the calls of a user who goes are aborted with.
pub(crate) fn signed_out() -> JsValue {
    let class = property(&js_sys::global(), "DOMException");
    let message = JsValue::from("the user has signed out");
    let made = class.dyn_into::<Function>().and_then(|class| {
        js_sys::Reflect::construct(&class, &js_sys::Array::of2(&message, &"AbortError".into()))
    });
    made.unwrap_or(message)
}
