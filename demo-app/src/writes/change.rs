//! What a person did, with the request that says so.

use gloo_net::http::Method;
use serde::{Deserialize, Serialize};
use tidegate_contract::{AccessRuling, AssetPatch, Ruling, TagChange, paths};

/// What a person did.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub(crate) enum Change {
    /// Wrote what an asset is for.
    Description {
        asset: String,
        name: String,
        text: String,
        /// The texts that it was written over knowingly: the backend's, and this person's own that were not saved yet.
        seen: Vec<String>,
        /// The asset's entity tag, as it was then.
        etag: Option<String>,
    },
    /// Decided who may see an asset.
    Ruling {
        request: String,
        asset_name: String,
        requester: String,
        ruling: Ruling,
    },
    /// Put a tag on assets.
    Tag { assets: Vec<String>, tag: String },
}

impl Change {
    pub(crate) fn method(&self) -> Method {
        match self {
            Change::Description { .. } => Method::PATCH,
            Change::Ruling { .. } | Change::Tag { .. } => Method::POST,
        }
    }

    pub(crate) fn path(&self) -> String {
        match self {
            Change::Description { asset, .. } => paths::asset(asset),
            Change::Ruling { request, .. } => paths::access_decision(request),
            Change::Tag { .. } => paths::ASSET_TAGS.into(),
        }
    }

    /// The body, in JSON.
    pub(crate) fn body(&self) -> String {
        let body = match self {
            Change::Description { text, .. } => serde_json::to_string(&AssetPatch {
                description: Some(text.clone()),
                ..AssetPatch::default()
            }),
            Change::Ruling { ruling, .. } => serde_json::to_string(&AccessRuling {
                decision: *ruling,
                reason: "Decided in the demo.".into(),
            }),
            Change::Tag { assets, tag } => serde_json::to_string(&TagChange {
                ids: assets.clone(),
                add: vec![tag.clone()],
                remove: Vec::new(),
            }),
        };
        body.expect("texts and lists of texts are JSON")
    }

    /// The tag that the asset must still have, for a write that must not go over somebody else's.
    pub(crate) fn etag(&self) -> Option<&str> {
        match self {
            Change::Description { etag, .. } => etag.as_deref(),
            Change::Ruling { .. } | Change::Tag { .. } => None,
        }
    }

    /// Whether a later one to the same target may take its place.
    pub(crate) fn merges(&self) -> bool {
        matches!(self, Change::Description { .. })
    }

    /// What it is, in words.
    pub(crate) fn words(&self) -> String {
        match self {
            Change::Description { name, .. } => format!("Description of {name}"),
            Change::Ruling {
                asset_name,
                requester,
                ruling,
                ..
            } => match ruling {
                Ruling::Approve => format!("{requester} may see {asset_name}"),
                Ruling::Reject => format!("{requester} may not see {asset_name}"),
            },
            Change::Tag { assets, tag } => match assets.len() {
                1 => format!("Tag “{tag}” on 1 asset"),
                count => format!("Tag “{tag}” on {count} assets"),
            },
        }
    }
}

/// A write in words when nobody wrote down what it is.
pub(super) fn words_of(method: &str, url: &str, base: &str) -> String {
    let path = url.strip_prefix(base).unwrap_or(url);
    let named = |template: &str| {
        let (before, after) = template.split_once("{id}")?;
        let id = path.strip_prefix(before)?.strip_suffix(after)?;
        (!id.contains('/')).then_some(id)
    };
    if path == paths::ASSET_TAGS {
        return "Tags of some assets".into();
    }
    if let Some(id) = named(paths::ACCESS_DECISION) {
        return format!("Decision about request {id}");
    }
    match named(paths::ASSET) {
        Some(id) => format!("Change to asset {id}"),
        None => format!("{method} {path}"),
    }
}

#[cfg(test)]
mod tests {
    use tidegate_contract::WriteBody;

    use super::*;

    fn changes() -> [Change; 3] {
        [
            Change::Description {
                asset: "ds-00042".into(),
                name: "sales.orders".into(),
                text: "Orders.".into(),
                seen: vec!["Old.".into()],
                etag: Some("\"a\"".into()),
            },
            Change::Ruling {
                request: "ar-00007".into(),
                asset_name: "sales.orders".into(),
                requester: "Mei Kim".into(),
                ruling: Ruling::Reject,
            },
            Change::Tag {
                assets: vec!["ds-00001".into(), "ds-00002".into()],
                tag: "gold".into(),
            },
        ]
    }

    #[test]
    fn the_backend_takes_every_body() {
        let [description, ruling, tag] = changes().map(|change| change.body().into_bytes());
        AssetPatch::from_json(&description).unwrap();
        AccessRuling::from_json(&ruling).unwrap();
        TagChange::from_json(&tag).unwrap();
    }

    #[test]
    fn a_change_is_read_as_it_was_written_down() {
        for change in changes() {
            let text = serde_json::to_string(&change).unwrap();
            assert_eq!(serde_json::from_str::<Change>(&text).unwrap(), change);
        }
    }

    #[test]
    fn every_change_says_what_it_is() {
        assert_eq!(
            changes().map(|change| change.words()),
            [
                "Description of sales.orders",
                "Mei Kim may not see sales.orders",
                "Tag “gold” on 2 assets"
            ]
        );
    }

    #[test]
    fn an_entry_without_a_note_is_named_by_its_address() {
        for (path, words) in [
            ("/api/assets/ds-00042", "Change to asset ds-00042"),
            ("/api/assets/tags", "Tags of some assets"),
            (
                "/api/access-requests/ar-00007/decision",
                "Decision about request ar-00007",
            ),
            ("/api/audit", "POST /api/audit"),
            ("/api/assets/a/b", "POST /api/assets/a/b"),
        ] {
            let url = format!("http://h{path}");
            assert_eq!(words_of("POST", &url, "http://h"), words);
        }
    }
}
