//! Header fields across the boundary, in one crossing.

use js_sys::Array;
use tidegate_core::http::Fields;
use tidegate_core::kept::borrowed;
use wasm_bindgen::prelude::*;
use web_sys::Headers;

/// Header fields as they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Of a request or a response; none where a mock has none.
    pub(crate) fn of(headers: &Headers) -> Pairs {
        let headers: &JsValue = headers.as_ref();
        if !headers.is_object() {
            return Pairs::default();
        }
        // Pairs, each of which is written with a comma between; no name has one, and no value a line break.
        let text = Array::from(headers)
            .join("\n")
            .as_string()
            .unwrap_or_default();
        let pairs = text.split('\n').filter_map(|line| line.split_once(','));
        Pairs(
            pairs
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }

    /// Lends them to the rules.
    pub(crate) fn with<T>(&self, rule: impl FnOnce(Fields<'_>) -> T) -> T {
        let pairs = borrowed(&self.0);
        rule(Fields::new(&pairs))
    }

    pub(crate) fn into_inner(self) -> Vec<(String, String)> {
        self.0
    }
}
