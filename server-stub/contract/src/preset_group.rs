//! What a preset is about.

use serde::{Deserialize, Serialize};

/// What a preset is about: what a picker puts together.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PresetGroup {
    /// What happens to requests, one by one; felt at once.
    Requests,
    /// The pool and its queue: incidents in real time, with other people around.
    Backend,
    /// WebSockets and event streams.
    Streams,
}

impl PresetGroup {
    /// All of them, in the order of [`crate::Preset::all`].
    pub const ALL: [PresetGroup; 3] = [
        PresetGroup::Requests,
        PresetGroup::Backend,
        PresetGroup::Streams,
    ];

    /// What a person calls it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            PresetGroup::Requests => "Requests",
            PresetGroup::Backend => "Backend under load",
            PresetGroup::Streams => "Streams",
        }
    }
}
