//! One kept answer as it is stored.

use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, JsString, Object, Reflect};
use tidegate_core::Wall;
use tidegate_core::kept::Kept;
use wasm_bindgen::prelude::*;

use super::keys::Keys;
use super::partition::Partition;
use crate::boundary::{self, property};

/// A kept answer as the store found it: its head, verified, and its body, not yet.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its head.
    pub(crate) kept: Kept,
    /// The bytes of its body.
    pub(crate) bytes: u64,
    pub(super) whose: Partition,
    /// What was asked for.
    pub(super) url: String,
    pub(super) row: Row,
    /// What it was opened with, if it was sealed.
    pub(super) keys: Option<Rc<Keys>>,
}

/// A kept answer in a list.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    /// What was asked for, without fragment.
    pub(crate) url: String,
    /// Its head.
    pub(crate) kept: Kept,
    /// The bytes of its body.
    pub(crate) bytes: u64,
    /// When it was used last.
    pub(crate) used: Wall,
}

/// A kept answer in the shape of the database. Its body never passes through the module's memory.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) key: Rc<str>,
    /// Text, or an `ArrayBuffer` where it is sealed.
    pub(super) head: JsValue,
    /// Of the body, as it came.
    pub(super) bytes: u64,
    /// XXH32 of the body.
    pub(super) sum: u32,
    pub(super) body: ArrayBuffer,
    /// What the head and the body were sealed with, apart from the key; `undefined` where they are not.
    pub(super) seal: JsValue,
    /// The key of the same answer in the other form, sealed or not: what this one takes the place of. Only on its way to the disk.
    pub(super) twin: Option<Rc<str>>,
}

impl Row {
    /// What the database had, if it is what this release stores.
    pub(super) fn read(head: &JsValue, body: JsValue) -> Option<Row> {
        Some(Row {
            key: key_of(head)?.into(),
            head: head_of(head)?,
            bytes: property(head, "bytes").as_f64()? as u64,
            sum: property(head, "sum").as_f64()? as u32,
            body: body.dyn_into().ok()?,
            seal: property(head, "seal"),
            twin: None,
        })
    }

    /// Whether it takes the place of what has this key.
    pub(super) fn replaces(&self, key: &str) -> bool {
        *self.key == *key || self.twin.as_deref() == Some(key)
    }

    /// Its record in `heads`.
    pub(super) fn head_record(&self) -> JsValue {
        let bytes = self.bytes as f64;
        boundary::head_record(&self.key, &self.head, bytes, self.sum, &self.seal)
    }

    /// What it takes: its body and its head.
    pub(super) fn cost(&self) -> u64 {
        let head = match self.head.dyn_ref::<JsString>() {
            Some(text) => text.length(),
            None => self.head.unchecked_ref::<ArrayBuffer>().byte_length(),
        };
        self.bytes.saturating_add(head.into())
    }

    /// Whether the body is what was stored.
    pub(super) fn is_whole(&self) -> bool {
        u64::from(self.body.byte_length()) == self.bytes
            && boundary::checksum(&self.body) == self.sum
    }
}

/// When a kept answer was used last, and what it takes: its record in `uses`.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) key: Rc<str>,
    pub(super) cost: u64,
    pub(super) used: Wall,
}

impl Use {
    pub(super) fn read(record: &JsValue) -> Option<Use> {
        Some(Use {
            key: key_of(record)?.into(),
            cost: property(record, "bytes").as_f64()? as u64,
            used: Wall(property(record, "used").as_f64()? as u64),
        })
    }

    pub(super) fn record(&self) -> JsValue {
        boundary::use_record(&self.key, self.cost as f64, self.used.0 as f64)
    }

    /// Whose it is.
    pub(super) fn user(&self) -> &str {
        self.key.split('\n').next().unwrap_or_default()
    }
}

pub(super) fn uses(records: &Array) -> Vec<Use> {
    records.iter().filter_map(|each| Use::read(&each)).collect()
}

pub(super) fn key_of(record: &JsValue) -> Option<String> {
    property(record, "key").as_string()
}

/// The head in a record of `heads`, in one of the two shapes that it may have.
pub(super) fn head_of(record: &JsValue) -> Option<JsValue> {
    let head = property(record, "head");
    (head.is_string() || head.is_instance_of::<ArrayBuffer>()).then_some(head)
}

/// The URL in a key that says it.
pub(super) fn url_of(key: &str) -> &str {
    key.split('\n').nth(1).unwrap_or_default()
}

pub(crate) fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // It was just made: it takes any property.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}
