//! The few globals that a page and a worker share, looked up when they are used: so that mocks, tracers and fake timers, which
//! replace them at run time, are seen.

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{EventTarget, Request, RequestInit};

use crate::boundary::property;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(crate) fn performance_now() -> f64;

    #[wasm_bindgen(js_name = setTimeout)]
    pub(crate) fn set_timeout(callback: &Function, millis: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    pub(crate) fn clear_timeout(handle: &JsValue);
}

/// What a request made of another one has to be told again. Whatever else is told, the referrer starts anew (Fetch, "new Request").
pub(crate) fn like(request: &Request, names: &[&str]) -> RequestInit {
    let init = RequestInit::new();
    for name in names {
        let value = property(request, name);
        // What is so by itself need not be said.
        if value.as_string().as_deref() != Some("about:client") {
            // It was just made: it takes any property.
            let _ = Reflect::set(&init, &(*name).into(), &value);
        }
    }
    init
}

/// The page's own origin; empty outside pages.
pub(crate) fn origin() -> String {
    let origin = property(&property(&js_sys::global(), "location"), "origin");
    origin.as_string().unwrap_or_default()
}

/// Where `online` and `offline` are heard; nowhere outside browsers.
pub(crate) fn event_target() -> Option<EventTarget> {
    as_event_target(js_sys::global().into())
}

/// Where `visibilitychange` is heard; nowhere in a worker.
pub(crate) fn document() -> Option<EventTarget> {
    as_event_target(property(&js_sys::global(), "document"))
}

/// What the browser says of the network; online where it says nothing.
pub(crate) fn online() -> bool {
    property(&property(&js_sys::global(), "navigator"), "onLine")
        .as_bool()
        .unwrap_or(true)
}

/// Whether nobody sees the page.
pub(crate) fn hidden() -> bool {
    property(&property(&js_sys::global(), "document"), "hidden")
        .as_bool()
        .unwrap_or(false)
}

/// Whether the user has asked for as little traffic as possible, as where each byte costs.
pub(crate) fn metered() -> bool {
    let connection = property(&property(&js_sys::global(), "navigator"), "connection");
    property(&connection, "saveData").as_bool().unwrap_or(false)
}

fn as_event_target(value: JsValue) -> Option<EventTarget> {
    property(&value, "addEventListener")
        .is_function()
        .then(|| value.unchecked_into())
}
