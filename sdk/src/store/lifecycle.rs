//! Hears when the page goes away: what waits is written while it still may be, and a page that is frozen holds no database open, for that
//! would be in the way of every other tab's upgrade.

use std::rc::{Rc, Weak};

use wasm_bindgen::prelude::*;

use super::depot::Depot;
use crate::boundary::property;
use crate::global;
use crate::signals::Signals;

pub(super) fn listen(depot: &Rc<Depot>) -> Signals {
    let weak: Weak<Depot> = Rc::downgrade(depot);
    let (window, document) = (global::event_target(), global::document());
    let events = [(&window, "pagehide"), (&document, "visibilitychange")];
    Signals::listen(events, move |event| {
        if let Some(depot) = weak.upgrade() {
            heed(&depot, &event);
        }
    })
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
