//! One socket of the browser's. What it says is heard until this is dropped, and no longer.

use js_sys::Array;
use tidegate_core::session::LinkId;
use wasm_bindgen::prelude::*;
use web_sys::{EventTarget, WebSocket};

use super::address::Address;
use crate::boundary;
use crate::signals::Signals;

pub(super) struct Link {
    pub(super) id: LinkId,
    pub(super) native: WebSocket,
    _signals: Signals,
}

impl Link {
    /// Begins to connect.
    ///
    /// # Errors
    /// When the browser will not have the address.
    pub(super) fn open(
        id: LinkId,
        address: &Address,
        heard: impl Fn(JsValue) + 'static,
    ) -> Result<Link, JsValue> {
        let protocols: Array = address.protocols.iter().map(JsValue::from).collect();
        let native = boundary::dial(&address.url, &protocols)?;
        let target: Option<EventTarget> = Some(native.clone().unchecked_into());
        let names = ["open", "message", "close"];
        let signals = Signals::listen(names.map(|name| (&target, name)), heard);
        Ok(Link {
            id,
            native,
            _signals: signals,
        })
    }
}
