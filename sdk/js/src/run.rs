//! A JavaScript function as work under a policy, or as who says what an entry of the outbox is sent with.

use js_sys::{Function, Object, Promise};
use tidegate::{Attempt, Head, Outcome, TokenRequest};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::convert::{for_each_entry, set};
use crate::options::property;

/// What an error is taken for of which nothing is known.
const FAULT: u16 = 500;
/// What the words of `classify` are as good as.
const WORDS: [(&str, u16); 3] = [("failure", FAULT), ("overload", 503), ("ignore", 400)];

/// Calls the function for one attempt, with `{ signal, attempt }`.
pub(crate) async fn attempt(task: Function, attempt: Attempt) -> Result<JsValue, JsValue> {
    let told = Object::new();
    set(&told, "signal", &attempt.signal);
    set(&told, "attempt", &attempt.number.into());
    let returned = task.call1(&JsValue::UNDEFINED, &told)?;
    JsFuture::from(Promise::resolve(&returned)).await
}

/// The header fields that the function gives for `{ entry, method, url, refused }`: an object of strings, or nothing.
///
/// # Errors
/// When it throws or is rejected, or gives anything else.
pub(crate) async fn fields(
    hook: Function,
    asked: TokenRequest,
) -> Result<Vec<(String, String)>, JsValue> {
    let told = Object::new();
    set(&told, "entry", &(asked.entry.0 as f64).into());
    set(&told, "method", &asked.method.into());
    set(&told, "url", &asked.url.into());
    set(&told, "refused", &asked.refused.into());
    let returned = hook.call1(&JsValue::UNDEFINED, &told)?;
    let said = JsFuture::from(Promise::resolve(&returned)).await?;
    let mut fields = Vec::new();
    if !said.is_object() && !said.is_null() && !said.is_undefined() {
        return Err(said);
    }
    for_each_entry(&said, &mut |name, value| {
        fields.push((name.into(), value.as_string().ok_or(JsValue::UNDEFINED)?));
        Ok::<(), JsValue>(())
    })?;
    Ok(fields)
}

/// What an error says of what the function works with: what `classify` makes of it, else the status that it carries, else whether it
/// looks like a network without an answer.
pub(crate) fn outcome(classify: Option<&Function>, error: &JsValue) -> Outcome {
    if let Some(classify) = classify {
        let word = classify
            .call1(&JsValue::UNDEFINED, error)
            .ok()
            .and_then(|word| word.as_string());
        let known = WORDS.iter().find(|(name, _)| word.as_deref() == Some(name));
        return status(known.map_or(FAULT, |(_, status)| *status));
    }
    let carried = [error.clone(), property(error, "response")];
    let carried = carried
        .iter()
        .find_map(|each| property(each, "status").as_f64());
    if let Some(carried) = carried.filter(|status| (100.0..600.0).contains(status)) {
        return status(carried as u16);
    }
    match property(error, "name").as_string().as_deref() {
        Some("TypeError" | "NetworkError") => Outcome::Unreachable,
        _ => status(FAULT),
    }
}

fn status(status: u16) -> Outcome {
    Outcome::Head(Head {
        status,
        retry_after: None,
    })
}
