//! What the browser says of itself: the network comes and goes, the page is seen or not.

use std::fmt;

use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

use crate::global;

/// Listens for as long as it lives.
pub(crate) struct Signals {
    listeners: Vec<(EventTarget, &'static str)>,
    callback: Closure<dyn FnMut()>,
}

impl Signals {
    /// Calls back whenever anything changed; what it is now, [`global`] says.
    pub(crate) fn listen(on_change: impl Fn() + 'static) -> Signals {
        let callback = Closure::new(on_change);
        let mut signals = Signals {
            listeners: Vec::new(),
            callback,
        };
        signals.add(global::event_target(), "online");
        signals.add(global::event_target(), "offline");
        signals.add(global::document(), "visibilitychange");
        signals
    }

    fn add(&mut self, target: Option<EventTarget>, event: &'static str) {
        let Some(target) = target else { return };
        if target
            .add_event_listener_with_callback(event, self.callback.as_ref().unchecked_ref())
            .is_ok()
        {
            self.listeners.push((target, event));
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for (target, event) in &self.listeners {
            let _ = target
                .remove_event_listener_with_callback(event, self.callback.as_ref().unchecked_ref());
        }
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.listeners.iter().map(|(_, event)| event))
            .finish()
    }
}
