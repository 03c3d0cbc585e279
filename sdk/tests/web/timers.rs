use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::stub::scenario;

#[wasm_bindgen_test]
async fn many_waiting_calls_have_one_timeout_between_them() {
    let test = scenario(|settings| {
        settings.timeout.attempt_ms = 400;
        settings.concurrency.limit = 5;
    })
    .await;
    test.preset("hang").await;
    let counted = CountedTimeouts::install();
    let urls: Vec<String> = (0..30).map(|page| test.url(page)).collect();
    let calls = urls.iter().map(|url| test.client.get(url));
    let results = futures::future::join_all(calls).await;
    assert!(results.iter().all(Result::is_err));
    assert_eq!(counted.most(), 1.0);
}

/// `setTimeout` and `clearTimeout` that count how many timeouts are set at a time.
struct CountedTimeouts {
    restore: Function,
}

impl CountedTimeouts {
    fn install() -> CountedTimeouts {
        let install = Function::new_no_args(
            "const { setTimeout: set, clearTimeout: clear } = globalThis;
             const live = new Set();
             globalThis.mostTimeouts = 0;
             globalThis.setTimeout = (run, ms) => {
               const handle = set(() => { live.delete(handle); run(); }, ms);
               live.add(handle);
               globalThis.mostTimeouts = Math.max(globalThis.mostTimeouts, live.size);
               return handle;
             };
             globalThis.clearTimeout = (handle) => { live.delete(handle); clear(handle); };
             return () => Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });",
        );
        CountedTimeouts {
            restore: install.call0(&JsValue::UNDEFINED).unwrap().unchecked_into(),
        }
    }

    fn most(&self) -> f64 {
        Reflect::get(&js_sys::global(), &"mostTimeouts".into())
            .unwrap()
            .as_f64()
            .unwrap()
    }
}

impl Drop for CountedTimeouts {
    fn drop(&mut self) {
        let _ = self.restore.call0(&JsValue::UNDEFINED);
    }
}
