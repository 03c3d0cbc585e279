//! JSON that is nearly, or not at all, a program.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// Any JSON, with the numbers at which something could go wrong.
pub(crate) fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        "[a-zA-Z0-9 ]{0,12}".prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(name(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![0, 1, 999, 1_000, 1_001, 600_000, 600_001, u64::MAX])
            .prop_map(Value::from),
    ]
}

fn name() -> impl Strategy<Value = String> {
    let known = [
        "seed", "rules", "name", "when", "then", "kind", "share", "count", "every", "window",
        "toMs", "code", "time", "backend", "queue", "script", "act", "at",
    ];
    prop_oneof![
        prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        "[a-z]{0,8}",
    ]
}

/// One change to a JSON document.
#[derive(Clone, Debug)]
pub(crate) struct Mutation {
    place: Index,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Add(String, Value),
    Double,
    Remove,
    Replace(Value),
}

pub(crate) fn mutation() -> impl Strategy<Value = Mutation> {
    let what = prop_oneof![
        (name(), anything()).prop_map(|(name, value)| What::Add(name, value)),
        Just(What::Double),
        Just(What::Remove),
        anything().prop_map(What::Replace),
    ];
    (any::<Index>(), what).prop_map(|(place, what)| Mutation { place, what })
}

impl Mutation {
    pub(crate) fn apply(&self, json: &mut Value) {
        let mut left = self.place.index(count(json));
        self.walk(json, &mut left);
    }

    /// Changes the value that is reached when nothing is left.
    fn walk(&self, json: &mut Value, left: &mut usize) -> bool {
        if *left == 0 {
            self.change(json);
            return true;
        }
        *left -= 1;
        match json {
            Value::Array(list) => list.iter_mut().any(|value| self.walk(value, left)),
            Value::Object(map) => map.values_mut().any(|value| self.walk(value, left)),
            _ => false,
        }
    }

    fn change(&self, json: &mut Value) {
        match (&self.what, json) {
            (What::Add(name, value), Value::Object(map)) => {
                map.insert(name.clone(), value.clone());
            }
            (What::Add(_, value), Value::Array(list)) => list.push(value.clone()),
            (What::Double, Value::Array(list)) => list.extend(list.clone()),
            (What::Remove, Value::Object(map)) => {
                let name = map.keys().next().cloned();
                name.map(|name| map.remove(&name));
            }
            (What::Remove, Value::Array(list)) => drop(list.pop()),
            (What::Replace(value) | What::Add(_, value), json) => *json = value.clone(),
            (What::Double | What::Remove, json) => *json = json!([json]),
        }
    }
}

fn count(json: &Value) -> usize {
    1 + match json {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}
