//! Who drains, of all tabs: whoever has the lock, until their tab is gone. The next one has waited for it, and has it at once.
//!
//! A lock each for every identity: two people in two tabs have two queues. Where the browser has no locks (an insecure address) every tab
//! drains, and the revision of the queue and the leases see to it that one entry goes once.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::boundary::Hold;
use crate::tabs::lock;

/// A place in the line of those who want to drain.
pub(crate) struct Helm {
    steers: Rc<Cell<bool>>,
    hold: Hold,
    /// What becomes of the lock, and what is called with it; none where there are no locks.
    lock: Option<(Promise, Closure<dyn FnMut() -> JsValue>)>,
}

impl Helm {
    /// Joins the line; `granted` is called when it is its turn.
    pub(crate) fn ask(topic: &str, granted: impl Fn() + 'static) -> Helm {
        let steers = Rc::new(Cell::new(false));
        let hold = Hold::new();
        let (known, held) = (steers.clone(), hold.until());
        let callback = Closure::<dyn FnMut() -> JsValue>::new(move || {
            known.set(true);
            granted();
            held.clone().into()
        });
        let mode = ("mode", &"exclusive".into());
        let asked = lock(topic, mode, callback.as_ref());
        Helm {
            steers,
            hold,
            lock: asked.map(|asked| (asked, callback)),
        }
    }

    /// Whether one may drain.
    pub(crate) fn steers(&self) -> bool {
        self.steers.get() || self.lock.is_none()
    }
}

impl Drop for Helm {
    fn drop(&mut self) {
        self.hold.let_go();
        // A lock that was not granted yet is when it is its turn, and goes back at once.
        if let Some((asked, callback)) = self.lock.take() {
            spawn_local(async move {
                let _ = JsFuture::from(asked).await;
                drop(callback);
            });
        }
    }
}

impl fmt::Debug for Helm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Helm").field(&self.steers.get()).finish()
    }
}
