//! How much of the browser's storage this origin uses, for the alert.

use std::rc::Rc;

use js_sys::{Function, Promise};
use tidegate_core::Millis;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::boundary::property;
use crate::inner::Inner;

/// The browser has to count: what it says is good for a minute.
const GOOD_FOR: Millis = Millis::from_secs(60);

impl Inner {
    /// Something was kept: asks the browser, where it tells, how much there is and how much there may be.
    pub(crate) fn weigh(self: &Rc<Inner>) {
        let now = self.now();
        if self.weighed.get().is_some_and(|at| now < at + GOOD_FOR) {
            return;
        }
        self.weighed.set(Some(now));
        let Some(estimate) = estimate() else { return };
        let inner = self.clone();
        spawn_local(async move {
            let Ok(told) = JsFuture::from(estimate).await else {
                return;
            };
            let bytes = |name| property(&told, name).as_f64();
            if let (Some(usage), Some(quota)) = (bytes("usage"), bytes("quota")) {
                let now = inner.now();
                inner
                    .engine()
                    .set_storage_use(now, usage as u64, quota as u64);
                inner.publish();
            }
        });
    }
}

/// `navigator.storage.estimate()`: only in secure contexts, and not everywhere there.
fn estimate() -> Option<Promise> {
    let navigator = property(&js_sys::global(), "navigator");
    let storage = property(&navigator, "storage");
    let estimate: Function = property(&storage, "estimate").dyn_into().ok()?;
    estimate.call0(&storage).ok()?.dyn_into().ok()
}
