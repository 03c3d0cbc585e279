//! What a caller wishes for one request or one policy, from an object. Every name is looked up, so a misspelt one is refused and not
//! ignored.

use js_sys::{Function, Reflect};
use tidegate::Priority;
use wasm_bindgen::prelude::*;

use crate::convert::for_each_entry;
use crate::error;

/// A heavier call than this would have any limit to itself.
const MOST_WEIGHT: u16 = 1_000;

/// What may be wished for a request.
const OF_REQUEST: &[&str] = &["priority", "weight", "route", "coalesce", "fallback"];
/// What may be wished for a policy.
const OF_POLICY: &[&str] = &[
    "priority",
    "weight",
    "repeatable",
    "coalesceKey",
    "classify",
    "fallback",
];

/// The wishes. What is absent has its default where it is used.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) priority: Option<Priority>,
    pub(crate) weight: Option<u16>,
    pub(crate) route: Option<String>,
    pub(crate) coalesce: Option<bool>,
    pub(crate) repeatable: Option<bool>,
    pub(crate) coalesce_key: Option<String>,
    pub(crate) classify: Option<Function>,
}

/// The options of a request: `init.tidegate`, and the priority of `init` itself where that says one.
pub(crate) fn of_request(init: &JsValue) -> Result<Options, JsValue> {
    let wishes = property(init, "tidegate");
    let mut options = checked(&wishes, "tidegate", OF_REQUEST)?;
    let fallback = property(&wishes, "fallback");
    // By shape: a mock's response may come from another realm.
    let response = fallback.is_function() || property(&fallback, "clone").is_function();
    if !fallback.is_undefined() && !response {
        let wants = "must be a Response, or a function that returns one";
        return Err(error::option("tidegate.fallback", wants));
    }
    let hint = property(init, "priority").as_string();
    options.priority = options.priority.or(match hint.as_deref() {
        Some("high") => Some(Priority::Urgent),
        Some("low") => Some(Priority::Background),
        _ => None,
    });
    Ok(options)
}

/// The options of a policy.
pub(crate) fn of_policy(options: &JsValue) -> Result<Options, JsValue> {
    checked(options, "policy", OF_POLICY)
}

fn checked(object: &JsValue, place: &str, known: &[&str]) -> Result<Options, JsValue> {
    if !object.is_object() && !object.is_undefined() {
        return Err(error::option(place, "must be an object"));
    }
    let mut options = Options::default();
    for_each_entry(object, &mut |name, value| {
        let wants = match known.contains(&name) {
            true => options.set(name, value),
            false => Some("is no option; the types CallOptions and PolicyOptions have them all"),
        };
        match wants {
            Some(wants) => Err(error::option(&[place, ".", name].concat(), wants)),
            None => Ok(()),
        }
    })?;
    Ok(options)
}

impl Options {
    /// Takes a value over, or says what it should be.
    fn set(&mut self, name: &str, value: &JsValue) -> Option<&'static str> {
        let (taken, wants) = match name {
            "priority" => {
                self.priority = priority(value);
                let wants = "must be \"urgent\", \"normal\" or \"background\"";
                (self.priority.is_some(), wants)
            }
            "weight" => {
                let weight = value.as_f64().unwrap_or_default();
                let whole = weight as u16;
                self.weight = Some(whole);
                let fits = f64::from(whole) == weight && (1..=MOST_WEIGHT).contains(&whole);
                (fits, "must be a whole number from 1 to 1000")
            }
            "route" | "coalesceKey" => {
                let slot = match name {
                    "route" => &mut self.route,
                    _ => &mut self.coalesce_key,
                };
                *slot = value.as_string();
                (slot.is_some(), "must be a string")
            }
            "coalesce" | "repeatable" => {
                let slot = match name {
                    "coalesce" => &mut self.coalesce,
                    _ => &mut self.repeatable,
                };
                *slot = value.as_bool();
                (slot.is_some(), "must be true or false")
            }
            "classify" => {
                self.classify = value.dyn_ref::<Function>().cloned();
                (self.classify.is_some(), "must be a function")
            }
            // The fallback is the facade's.
            _ => (true, ""),
        };
        (!taken).then_some(wants)
    }
}

fn priority(value: &JsValue) -> Option<Priority> {
    let word = value.as_string()?;
    let known = Priority::ALL.iter().copied();
    known.into_iter().find(|priority| priority.as_str() == word)
}

/// A property, or `undefined`.
pub(crate) fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
