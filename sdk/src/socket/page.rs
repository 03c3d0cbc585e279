//! What a socket is told of the page: the network, whether anybody looks, and sleep.

use std::rc::{Rc, Weak};

use tidegate_core::session::Input;
use wasm_bindgen::JsValue;

use super::driver::Driver;
use crate::boundary::property;
use crate::global;
use crate::signals::Signals;

/// Tells a socket of the page for as long as it lives.
pub(super) fn listen(driver: &Rc<Driver>) -> Signals {
    let (window, document) = (global::event_target(), global::document());
    let driver = Rc::downgrade(driver);
    Signals::listen(
        [
            (&window, "online"),
            (&window, "offline"),
            (&window, "pagehide"),
            (&window, "pageshow"),
            (&document, "visibilitychange"),
            (&document, "freeze"),
            (&document, "resume"),
        ],
        move |event| heard(&driver, &event),
    )
}

fn heard(driver: &Weak<Driver>, event: &JsValue) {
    let Some(driver) = driver.upgrade() else {
        return;
    };
    let word = property(event, "type").as_string().unwrap_or_default();
    // A page that is left for good, or comes for the first time, is not in the browser's cache.
    let persisted = property(event, "persisted").is_truthy();
    let hides = word == "visibilitychange" && global::hidden();
    if hides || word == "freeze" || word == "pagehide" {
        driver.save(true);
    }
    let input = match &*word {
        "online" | "offline" => Input::Online(global::online()),
        "visibilitychange" => Input::Hidden(global::hidden()),
        "freeze" => Input::Frozen,
        "resume" => Input::Restored,
        "pagehide" if persisted => Input::Frozen,
        "pageshow" if persisted => Input::Restored,
        _ => return,
    };
    driver.on(input);
}
