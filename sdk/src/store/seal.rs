//! Sealing what goes to the disk, where the settings ask for it, and opening what comes from there.
//!
//! ```text
//!              not sealed                       sealed
//! key          user, URL, what it varies in     user, HMAC of the URL, HMAC of the key that is not sealed, a line each
//! head         text                             AES-GCM of the URL, a line break and the text
//! body, sum    the body, its XXH32              AES-GCM of the body, none
//! ```
//! Both are read whatever the settings say, and one takes the place of the other when an answer is kept anew: switching loses nothing.
//! What only memory has is not sealed. Where the browser cannot seal, nothing is written to disk.

use std::pin::Pin;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Uint8Array};
use tidegate_core::kept::Kept;
use wasm_bindgen::prelude::*;

use super::depot::{Depot, settle};
use super::keys::{Keys, bytes};
use super::pack::{self, Stored};
use super::partition::Partition;
use super::place::Place;
use super::row::{Entry, Row, object, url_of};
use super::subtle;
use crate::boundary::property;

/// The parts of a record, and what each was sealed with in its `seal`.
const HEAD: &str = "head";
const BODY: &str = "body";

const INSECURE: &str =
    "cache.encrypt needs a secure context: serve the page over https; nothing is written to disk";
const NO_KEYS: &str = "cache.encrypt: this browser keeps no keys here; nothing is written to disk";

impl Depot {
    /// Whether what is written is to be sealed.
    pub(super) fn seals(&self) -> bool {
        self.settings.borrow().encrypt > 0
    }

    /// Why what is written could not be sealed, if it is to be.
    pub(super) fn unsealable(&self) -> Option<&'static str> {
        match self.seals() {
            true if !subtle::is_here() => Some(INSECURE),
            true if self.keyless.get() => Some(NO_KEYS),
            _ => None,
        }
    }

    /// Memory takes over from a database that may not be written to.
    pub(super) fn refuse_plain(&self) {
        let used = !matches!(*self.place.borrow(), Place::Unopened);
        if let Some(reason) = self.unsealable().filter(|_| used) {
            self.take_to_memory(reason);
        }
    }

    /// Who has the row: everybody who is nobody has the same.
    pub(super) fn owner<'a>(&'a self, whose: &'a Partition) -> &'a Partition {
        match whose.is_anonymous() {
            true => &self.nobody,
            false => whose,
        }
    }

    /// An answer as it is to be kept.
    pub(super) async fn pack(
        self: &Rc<Depot>,
        whose: &Partition,
        url: &str,
        kept: &Kept,
        body: ArrayBuffer,
    ) -> Row {
        self.claim(whose).await;
        let keys = self.owner(whose).keys();
        let mut row = pack::row(whose, url, kept, body, self.life);
        if self.seals() && !self.is_in_memory() {
            // One that could not be sealed waits for a key, and is not written without.
            return sealed(keys.as_deref(), &row).await.unwrap_or(row);
        }
        if let Some(keys) = keys {
            row.twin = sealed_key(&keys, &row.key).await.map(Into::into);
        }
        row
    }

    /// The row of an entry with another head. Its body stays as it is, unless it is to be sealed at last.
    pub(super) async fn renewed(&self, entry: &Entry, text: &str) -> Option<Row> {
        let mut row = entry.row.clone();
        if row.seal.is_undefined() {
            row.head = text.into();
            let keys = self.owner(&entry.whose).keys();
            if keys.is_none() || !self.seals() || self.is_in_memory() {
                return Some(row);
            }
            body(None, &row).await?;
            return sealed(keys.as_deref(), &row).await;
        }
        // What was asked for may not be what the answer came from, after a redirect.
        let head = bytes(&[&*entry.url, "\n", text].concat());
        let (iv, head) = entry.keys.as_ref()?.close(&row.key, HEAD, &head)?;
        row.head = head.await.ok()?;
        row.seal = object(&[(HEAD, iv), (BODY, property(&row.seal, BODY))]);
        Some(row)
    }

    /// Seals what came while there was no database.
    pub(super) async fn seal_waiting(self: &Rc<Depot>) {
        while self.seals() && !self.is_in_memory() {
            let Some((whose, row)) = self.ahead.borrow().unsealed() else {
                return;
            };
            let sealed = match self.claim(&whose).await && body(None, &row).await.is_some() {
                true => sealed(self.owner(&whose).keys().as_deref(), &row).await,
                false => None,
            };
            if !self.is_in_memory() {
                let gone = self.ahead.borrow_mut().replace(&row.key, sealed);
                settle(gone);
            }
        }
    }
}

/// An answer, sealed; `None` without keys.
async fn sealed(keys: Option<&Keys>, row: &Row) -> Option<Row> {
    let keys = keys?;
    let key = sealed_key(keys, &row.key).await?;
    let head = [url_of(&row.key), "\n", &row.head.as_string()?].concat();
    let (head_iv, head) = keys.close(&key, HEAD, &bytes(&head))?;
    let (body_iv, body) = keys.close(&key, BODY, &row.body)?;
    Some(Row {
        key: key.into(),
        head: head.await.ok()?,
        bytes: row.bytes,
        sum: 0,
        body: body.await.ok()?.dyn_into().ok()?,
        seal: object(&[(HEAD, head_iv), (BODY, body_iv)]),
        twin: Some(row.key.clone()),
    })
}

/// What the keys of all answers to a URL begin with.
pub(super) async fn prefixes(keys: Option<&Keys>, whose: &Partition, url: &str) -> Vec<String> {
    let mut prefixes = vec![pack::url_prefix(whose, url)];
    if let Some(keys) = keys {
        let hidden = keys.hidden(&[url]).await;
        prefixes.extend(hidden.map(|hidden| [whose.prefix(), hidden].concat()));
    }
    prefixes
}

/// Adds one to the answers found. Pages with different settings may leave an answer in both forms; the later one counts.
pub(super) fn add(entries: &mut Vec<Entry>, entry: Entry) {
    let kept = &entry.kept;
    let is_twin = |it: &Entry| {
        it.kept.selecting == kept.selecting && it.kept.part.is_some() == kept.part.is_some()
    };
    entries.retain(|it| !is_twin(it) || it.kept.arrival.wall > kept.arrival.wall);
    if !entries.iter().any(is_twin) {
        entries.push(entry);
    }
}

async fn sealed_key(keys: &Keys, key: &str) -> Option<String> {
    let name = key.split('\n').next()?;
    let hidden = keys.hidden(&[url_of(key), key]).await?;
    Some([name, "\n", &hidden].concat())
}

type Heads<'a> = Pin<Box<dyn Future<Output = Vec<Option<(String, Kept)>>> + 'a>>;

/// What was asked for, and the heads; `None` for each that is not what was stored. Boxed, or whoever awaits it from another crate has a
/// copy of it.
pub(super) fn heads<'a>(keys: Option<&'a Keys>, stored: &'a [Stored], life: u64) -> Heads<'a> {
    // All are begun before the first is waited for: the browser opens them beside each other.
    let begun: Vec<_> = stored
        .iter()
        .map(|each| match each.seal.is_undefined() {
            true => None,
            false => keys?.open(&each.key, HEAD, &each.seal, &each.head),
        })
        .collect();
    Box::pin(async move {
        let mut heads = Vec::with_capacity(begun.len());
        for (each, opening) in stored.iter().zip(begun) {
            heads.push(match opening {
                Some(opening) => opening.await.ok().and_then(|opened| head(&opened, life)),
                None => pack::head(each, life),
            });
        }
        heads
    })
}

fn head(opened: &JsValue, life: u64) -> Option<(String, Kept)> {
    let text = String::from_utf8(Uint8Array::new(opened).to_vec()).ok()?;
    let (url, text) = text.split_once('\n')?;
    Some((url.into(), Kept::from_text(text, life)?))
}

/// The body; `None` when it is not what was stored.
pub(super) async fn body(keys: Option<&Keys>, row: &Row) -> Option<ArrayBuffer> {
    if row.seal.is_undefined() {
        return pack::body(row);
    }
    let opening = keys?.open(&row.key, BODY, &row.seal, &row.body)?;
    let body: ArrayBuffer = opening.await.ok()?.dyn_into().ok()?;
    (u64::from(body.byte_length()) == row.bytes).then_some(body)
}
