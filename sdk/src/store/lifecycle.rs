//! Hears when the page goes away: what waits is written while it still may be, and a page that is frozen holds no database open, for that
//! would be in the way of every other tab's upgrade.

use std::fmt;
use std::rc::{Rc, Weak};

use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

use super::depot::Depot;
use crate::boundary::property;
use crate::global;

/// Listens for as long as it lives.
pub(super) struct Lifecycle {
    listeners: Vec<(EventTarget, &'static str)>,
    callback: Closure<dyn FnMut(JsValue)>,
}

impl Lifecycle {
    pub(super) fn listen(depot: &Rc<Depot>) -> Lifecycle {
        let weak: Weak<Depot> = Rc::downgrade(depot);
        let callback = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            if let Some(depot) = weak.upgrade() {
                heed(&depot, &event);
            }
        });
        let targets = [
            (global::event_target(), "pagehide"),
            (global::document(), "visibilitychange"),
        ];
        let mut listeners = Vec::new();
        for (target, event) in targets {
            if let Some(target) = target
                && target
                    .add_event_listener_with_callback(event, callback.as_ref().unchecked_ref())
                    .is_ok()
            {
                listeners.push((target, event));
            }
        }
        Lifecycle {
            listeners,
            callback,
        }
    }
}

fn heed(depot: &Rc<Depot>, event: &JsValue) {
    let leaving = property(event, "type").as_string().as_deref() == Some("pagehide");
    if leaving || global::hidden() {
        depot.send();
    }
    if leaving && property(event, "persisted").is_truthy() {
        // After the batch has begun: what has begun is finished.
        let depot = depot.clone();
        wasm_bindgen_futures::spawn_local(async move { depot.leave() });
    }
}

impl Drop for Lifecycle {
    fn drop(&mut self) {
        for (target, event) in &self.listeners {
            let _ = target
                .remove_event_listener_with_callback(event, self.callback.as_ref().unchecked_ref());
        }
    }
}

impl fmt::Debug for Lifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.listeners.iter().map(|(_, event)| event))
            .finish()
    }
}
