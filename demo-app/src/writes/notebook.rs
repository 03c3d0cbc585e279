//! What each queued change is, in the browser's storage: as long as its entry is in the outbox, and for nobody but whoever made it.
//!
//! Each note has an item to itself, named by the idempotency key of its entry, so tabs do not write over each other's. It is written before the
//! entry is queued: a page that ends in between leaves a note too many, which goes after a day, and never an entry without words.

use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

use super::change::Change;

/// After which a note whose entry is nowhere goes.
const STRAY_MS: f64 = 86_400_000.0;

/// The notes of one person, or of nobody.
#[derive(Clone, Debug)]
pub(crate) struct Notebook {
    prefix: String,
}

#[derive(Debug, Deserialize, Serialize)]
struct Note {
    at: f64,
    change: Change,
}

impl Notebook {
    pub(crate) fn of(identity: Option<&str>) -> Notebook {
        Notebook {
            prefix: format!("tidegate-demo-change.{}.", identity.unwrap_or_default()),
        }
    }

    /// Writes a change down. Where the browser stores nothing, the tray knows an entry by its address only.
    pub(crate) fn write(&self, key: &str, change: &Change, at: f64) {
        let note = Note {
            at,
            change: change.clone(),
        };
        if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&note)) {
            let _ = storage.set_item(&self.item(key), &text);
        }
    }

    pub(crate) fn read(&self, key: &str) -> Option<Change> {
        Some(self.note(&self.item(key))?.change)
    }

    pub(crate) fn remove(&self, key: &str) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(&self.item(key));
        }
    }

    /// Whether there is any note.
    pub(crate) fn is_empty(&self) -> bool {
        self.items().is_empty()
    }

    /// Removes the notes of entries that are nowhere, once they are old enough for that to be certain.
    pub(crate) fn sweep(&self, is_there: impl Fn(&str) -> bool, now: f64) {
        for item in self.items() {
            let key = &item[self.prefix.len()..];
            let stray = self.note(&item).is_none_or(|note| now - note.at > STRAY_MS);
            if stray && !is_there(key) {
                self.remove(key);
            }
        }
    }

    fn items(&self) -> Vec<String> {
        let Some(storage) = storage() else {
            return Vec::new();
        };
        let names = (0..storage.length().unwrap_or_default())
            .filter_map(|index| storage.key(index).ok().flatten());
        names
            .filter(|name| name.starts_with(&self.prefix))
            .collect()
    }

    fn note(&self, item: &str) -> Option<Note> {
        let text = storage()?.get_item(item).ok()??;
        serde_json::from_str(&text).ok()
    }

    fn item(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
