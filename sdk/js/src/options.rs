//! What a caller wishes for one request or one policy, from an object. Every name is looked up, so a misspelt one is refused and not
//! ignored.

use js_sys::{Array, Function, Reflect};
use tidegate::{EntryId, Millis, Priority, Queue, Rules, StrategyName};
use wasm_bindgen::prelude::*;

use crate::convert::for_each_entry;
use crate::error;

/// A heavier call than this would have any limit to itself.
const MOST_WEIGHT: u16 = 1_000;

/// What may be wished for a request.
const OF_REQUEST: &[&str] = &[
    "priority",
    "weight",
    "route",
    "coalesce",
    "fallback",
    "strategy",
    "patienceMs",
    "staleMs",
    "conditions",
    "unconfirmed",
    "tags",
    "idempotent",
    "queue",
];
/// What may be wished for the answers of a route.
const OF_ROUTE: &[&str] = &[
    "strategy",
    "patienceMs",
    "staleMs",
    "conditions",
    "unconfirmed",
    "tags",
    "idempotent",
];
/// The longest wait that a number of milliseconds may say.
const LONGEST_MS: f64 = 2_592_000_000.0;
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
    pub(crate) rules: Rules,
    pub(crate) queue: Option<Queue>,
    /// It was said that it is not to be queued.
    pub(crate) at_once: bool,
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
    let queue = property(&wishes, "queue");
    options.at_once = queue == JsValue::FALSE;
    options.queue = of_queue(&queue)?;
    let hint = property(init, "priority").as_string();
    options.priority = options.priority.or(match hint.as_deref() {
        Some("high") => Some(Priority::Urgent),
        Some("low") => Some(Priority::Background),
        _ => None,
    });
    Ok(options)
}

/// What is wished for a queued write: an object, or `true` for nothing in particular.
fn of_queue(object: &JsValue) -> Result<Option<Queue>, JsValue> {
    if object.is_falsy() {
        return Ok(None);
    }
    let place = "tidegate.queue";
    if !object.is_object() && *object != JsValue::TRUE {
        return Err(error::option(place, "must be an object, or true"));
    }
    let mut queue = Queue::new();
    for_each_entry(object, &mut |name, value| {
        let (taken, wants) = match name {
            "lane" => {
                let lane = value.as_string();
                queue = queue.clone().lane(lane.as_deref().unwrap_or_default());
                (lane.is_some(), "must be a string")
            }
            "live" | "coalesce" | "sent" => {
                let (given, wanted) = (queue.clone(), value.is_truthy());
                queue = match name {
                    "live" => given.live(wanted),
                    "sent" => given.sent(wanted),
                    _ => given.merges(wanted),
                };
                (value.as_bool().is_some(), "must be true or false")
            }
            "after" => {
                let list = match Array::is_array(value) {
                    true => Array::from(value),
                    false => Array::of1(value),
                };
                let fits = list.iter().all(|each| after(&mut queue, &each));
                let wants = "must have numbers of entries, or objects with `entry` and `take`, whose names are placeholders and whose values are names of members with dots between them";
                (fits, wants)
            }
            _ => (false, "is no option; the type QueueOptions has them all"),
        };
        match taken {
            true => Ok(()),
            false => Err(error::option(&[place, ".", name].concat(), wants)),
        }
    })?;
    Ok(Some(queue))
}

/// An entry that has to be done before. Whether it is said as it has to be.
fn after(queue: &mut Queue, said: &JsValue) -> bool {
    let entry = match said.is_object() {
        true => property(said, "entry"),
        false => said.clone(),
    };
    let Some(entry) = entry.as_f64().filter(|id| *id >= 1.0) else {
        return false;
    };
    let mut takes = Vec::new();
    let read = for_each_entry(&property(said, "take"), &mut |placeholder, field| {
        let field = field.as_string().filter(|_| !placeholder.is_empty());
        takes.push((String::from(placeholder), field.ok_or(())?));
        Ok::<(), ()>(())
    });
    let takes: Vec<(&str, &str)> = takes
        .iter()
        .map(|(name, field)| (&**name, &**field))
        .collect();
    *queue = queue.clone().after(EntryId(entry as u64), &takes);
    read.is_ok()
}

/// The wishes for a route.
pub(crate) fn of_route(rules: &JsValue) -> Result<Rules, JsValue> {
    checked(rules, "route", OF_ROUTE).map(|options| options.rules)
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
            false => Some(
                "is no option; the types CallOptions, PolicyOptions and RouteOptions have them all",
            ),
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
            "conditions" | "idempotent" | "unconfirmed" => {
                let slot = match name {
                    "conditions" => &mut self.rules.conditions,
                    "idempotent" => &mut self.rules.idempotent,
                    _ => &mut self.rules.unconfirmed,
                };
                *slot = value.as_bool();
                (slot.is_some(), "must be true or false")
            }
            "patienceMs" | "staleMs" => {
                let slot = match name {
                    "staleMs" => &mut self.rules.stale,
                    _ => &mut self.rules.patience,
                };
                let fits = |it: &f64| (0.0..=LONGEST_MS).contains(it);
                *slot = value.as_f64().filter(fits).map(|ms| Millis(ms as u64));
                (slot.is_some(), "must be a number of milliseconds")
            }
            "strategy" => {
                let word = value.as_string().unwrap_or_default();
                let known = StrategyName::ALL.iter().copied();
                self.rules.strategy = known.into_iter().find(|known| known.as_str() == word);
                let wants = "must be a strategy; the type CacheStrategy has them all";
                (self.rules.strategy.is_some(), wants)
            }
            "tags" => {
                let tags = Array::is_array(value).then(|| Array::from(value));
                let text = |tag: JsValue| tag.as_string().filter(|tag| !tag.contains('\n'));
                let tags = tags.and_then(|tags| tags.iter().map(text).collect::<Option<Vec<_>>>());
                let fits = tags.is_some();
                self.rules.tags = tags.unwrap_or_default();
                (fits, "must be an array of strings of one line")
            }
            // The fallback is the facade's, and the queue has options of its own.
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
    // It would throw, and an exception costs more than the rest of a call.
    if object.is_undefined() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
