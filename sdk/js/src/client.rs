//! The one exported class.

use js_sys::{Array, Function, Promise};
use tidegate::{Client, Error, Subscription};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::{Request, Response};

use crate::{convert, error, panic};

/// The engine behind one `Tidegate` object.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    client: Client,
    _events: Subscription,
}

#[wasm_bindgen]
impl Engine {
    /// Makes an engine; `on_event(name, event)` is called for every event, `on_panic(place)` right before a trap.
    ///
    /// # Errors
    /// A record with `code`, `message` and `path`, when a setting is refused.
    #[wasm_bindgen(constructor)]
    pub fn new(
        settings: &JsValue,
        on_event: Function,
        on_panic: Function,
    ) -> Result<Engine, JsValue> {
        panic::hook(on_panic);
        let settings = convert::settings(settings)
            .map_err(|refused| error::record(&Error::Settings(refused)))?;
        let client =
            Client::new(settings).map_err(|refused| error::record(&Error::Settings(refused)))?;
        let events = client.on_event(move |event| {
            // A listener that throws is the facade's business; it must not end the engine.
            let _ = on_event.call2(
                &JsValue::UNDEFINED,
                &event.name().into(),
                &convert::record(event),
            );
        });
        Ok(Engine {
            client,
            _events: events,
        })
    }

    /// Sends a request: `[response, explanation]`, or `[undefined, refusal]`. Rejected with what `fetch` itself is rejected with.
    pub fn fetch(&self, request: Request) -> Promise {
        let client = self.client.clone();
        future_to_promise(async move {
            match client.fetch(request).await {
                Ok(answer) => {
                    let response: Response = answer.response.into();
                    Ok(Array::of2(&response, &convert::record(&answer.explanation)).into())
                }
                Err(
                    Error::Aborted(value)
                    | Error::Invalid(value)
                    | Error::Unreachable {
                        rejection: value, ..
                    },
                ) => Err(value),
                Err(refused) => {
                    Ok(Array::of2(&JsValue::UNDEFINED, &error::record(&refused)).into())
                }
            }
        })
    }

    /// The state of everything, now.
    #[must_use]
    pub fn health(&self) -> JsValue {
        convert::record(&self.client.health())
    }

    /// Ends background work.
    #[wasm_bindgen(js_name = shutDown)]
    pub fn shut_down(&self) {
        self.client.shut_down();
    }
}
