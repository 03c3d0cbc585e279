//! Makes rows of answers, and answers of rows.

use std::rc::Rc;

use js_sys::ArrayBuffer;
use tidegate_core::kept::Kept;
use wasm_bindgen::prelude::*;

use super::partition::Partition;
use super::row::{Row, head_of, key_of, url_of};
use crate::boundary::{self, property};

/// The head of a stored answer.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) key: Rc<str>,
    pub(super) head: JsValue,
    pub(super) bytes: u64,
    pub(super) seal: JsValue,
}

impl Stored {
    pub(super) fn of_record(record: &JsValue) -> Option<Stored> {
        Some(Stored {
            key: key_of(record)?.into(),
            head: head_of(record)?,
            bytes: property(record, "bytes").as_f64()? as u64,
            seal: property(record, "seal"),
        })
    }

    pub(super) fn of_row(row: &Row) -> Stored {
        Stored {
            key: row.key.clone(),
            head: row.head.clone(),
            bytes: row.bytes,
            seal: row.seal.clone(),
        }
    }
}

/// What the keys of all answers to a URL begin with.
pub(super) fn url_prefix(whose: &Partition, url: &str) -> String {
    [&whose.prefix(), url, "\n"].concat()
}

/// An answer as it is stored.
pub(super) fn row(whose: &Partition, url: &str, kept: &Kept, body: ArrayBuffer, life: u64) -> Row {
    // A part is kept beside the whole: nobody gives all of an answer away for a few of its bytes.
    let part = if kept.part.is_some() { "part" } else { "" };
    let key = [&url_prefix(whose, url), kept.selecting.as_str(), part].concat();
    Row {
        key: key.into(),
        head: kept.to_text(life).into(),
        bytes: body.byte_length().into(),
        sum: boundary::checksum(&body),
        body,
        seal: JsValue::UNDEFINED,
        twin: None,
    }
}

/// What was asked for, and the head of an answer that is not sealed; `None` when it is not what was stored.
pub(super) fn head(stored: &Stored, life: u64) -> Option<(String, Kept)> {
    let kept = Kept::from_text(&stored.head.as_string()?, life)?;
    Some((url_of(&stored.key).into(), kept))
}

/// The body of an answer that is not sealed; `None` when it is not what was stored.
pub(super) fn body(row: &Row) -> Option<ArrayBuffer> {
    row.is_whole().then(|| row.body.clone())
}
