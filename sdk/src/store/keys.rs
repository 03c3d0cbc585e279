//! What a partition's answers are sealed with: AES-GCM with 256 bits for what they say, HMAC-SHA-256 for what they are found by.
//!
//! No script can read the keys out: they are made not to be exportable, and are kept as they are in the partition's row. Each part of a
//! record is sealed with 96 random bits of its own, which is good for four thousand million parts by one key (NIST SP 800-38D, 8.3), and for
//! its own place: sealed along with it is the record's key and which part it is, so nothing opens in the place of something else.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::row::object;
use super::subtle;
use crate::boundary::property;

/// What AES-GCM wants of each use (NIST SP 800-38D).
const IV_BYTES: u32 = 12;
/// 128 bits: no two URLs of one origin will ever meet.
const DIGITS: usize = 32;

/// The keys of one partition.
#[derive(Debug)]
pub(super) struct Keys {
    seal: JsValue,
    find: JsValue,
}

impl Keys {
    /// New ones, as they are stored; `None` where the browser makes none.
    pub(super) async fn make() -> Option<JsValue> {
        let keys = object(&[]);
        for (place, name, detail, uses) in [
            ("seal", "AES-GCM", ("length", 256.into()), "encrypt decrypt"),
            ("find", "HMAC", ("hash", "SHA-256".into()), "sign"),
        ] {
            let algorithm = object(&[("name", name.into()), detail]);
            let uses: Array = uses.split(' ').map(JsValue::from).collect();
            let arguments = [algorithm, JsValue::FALSE, uses.into()];
            let key = subtle::call("generateKey", &arguments)?.await.ok()?;
            // It was just made: it takes any property.
            let _ = Reflect::set(&keys, &place.into(), &key);
        }
        Some(keys)
    }

    /// What the row of a partition has.
    pub(super) fn read(row: &JsValue) -> Option<Keys> {
        let keys = property(row, "keys");
        let key = |name| {
            let key = property(&keys, name);
            (property(&key, "extractable") == JsValue::FALSE).then_some(key)
        };
        Some(Keys {
            seal: key("seal")?,
            find: key("find")?,
        })
    }

    /// Texts that say nothing of these, and are the same each time, one after the other.
    pub(super) async fn hidden(&self, texts: &[&str]) -> Option<String> {
        let mut hidden = String::new();
        for text in texts {
            let arguments = ["HMAC".into(), self.find.clone(), bytes(text)];
            let signed = subtle::call("sign", &arguments)?.await.ok()?;
            hidden.push_str(subtle::hex(&signed).get(..DIGITS)?);
            hidden.push('\n');
        }
        Some(hidden)
    }

    /// Begins to seal a part of a record. With what, and what comes of it.
    pub(super) fn close(
        &self,
        key: &str,
        part: &str,
        data: &JsValue,
    ) -> Option<(JsValue, JsFuture)> {
        let iv = subtle::random(IV_BYTES)?;
        let sealed = self.call("encrypt", key, part, &iv, data)?;
        Some((iv, sealed))
    }

    /// Begins to open a part of a record; an error when it is not what was sealed, or not with these keys, or not there.
    pub(super) fn open(
        &self,
        key: &str,
        part: &str,
        seal: &JsValue,
        data: &JsValue,
    ) -> Option<JsFuture> {
        self.call("decrypt", key, part, &property(seal, part), data)
    }

    fn call(
        &self,
        method: &str,
        key: &str,
        part: &str,
        iv: &JsValue,
        data: &JsValue,
    ) -> Option<JsFuture> {
        let place = [key, "\n", part].concat();
        let algorithm = object(&[
            ("name", "AES-GCM".into()),
            ("iv", iv.clone()),
            ("additionalData", bytes(&place)),
        ]);
        subtle::call(method, &[algorithm, self.seal.clone(), data.clone()])
    }
}

pub(super) fn bytes(text: &str) -> JsValue {
    Uint8Array::from(text.as_bytes()).into()
}
