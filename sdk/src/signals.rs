//! What the browser says of itself: the network comes and goes, the page is seen or not, frozen or left.

use std::fmt;

use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

/// Listens for as long as it lives.
pub(crate) struct Signals {
    listeners: Vec<(EventTarget, &'static str)>,
    /// It may be called from within itself, as by a mock that answers at once.
    callback: Closure<dyn Fn(JsValue)>,
}

impl Signals {
    /// Calls back with each event of one of these names, where there is what would fire it.
    pub(crate) fn listen<const N: usize>(
        events: [(&Option<EventTarget>, &'static str); N],
        heard: impl Fn(JsValue) + 'static,
    ) -> Signals {
        let mut signals = Signals {
            listeners: Vec::new(),
            callback: Closure::new(heard),
        };
        for (target, event) in events {
            signals.add(target.as_ref(), event);
        }
        signals
    }

    fn add(&mut self, target: Option<&EventTarget>, event: &'static str) {
        let Some(target) = target else { return };
        if target
            .add_event_listener_with_callback(event, self.callback.as_ref().unchecked_ref())
            .is_ok()
        {
            self.listeners.push((target.clone(), event));
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
