//! Over a reload: how far the feed was read, and what was on show. In the session's storage, for the person whose feed it is and nobody else.

use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

use super::board::Board;

const KEY: &str = "tidegate-demo.feed";

/// What the page goes on with.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Kept {
    /// Whose it is.
    pub(super) person: Option<String>,
    /// Where it is from.
    pub(super) api: String,
    /// When the page was left, or was live last, on the device's calendar.
    pub(super) since: f64,
    /// What the backend's calendar is behind the device's.
    pub(super) skew: Option<f64>,
    /// What the SDK calls the position of each channel.
    pub(super) positions: String,
    pub(super) board: Board,
}

impl Kept {
    /// What this person left here. What somebody else left is gone then.
    pub(super) fn take(person: Option<&str>, api: &str) -> Option<Kept> {
        let text = storage()?.get_item(KEY).ok()??;
        forget();
        let kept: Kept = serde_json::from_str(&text).ok()?;
        (kept.person.as_deref() == person && kept.api == api).then_some(kept)
    }

    /// Where the browser has no storage, or no room, the page begins anew after a reload.
    pub(super) fn put(&self) {
        if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(self)) {
            let _ = storage.set_item(KEY, &text);
        }
    }
}

/// Nothing is left of it.
pub(super) fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}

fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}
