//! Changes to assets: one of them at a time, or the tags of many.

use serde::{Deserialize, Serialize};

use crate::asset::Classification;
use crate::write_body::{BodyError, WriteBody, list, text};

/// What to change about one asset; what is left out stays as it is.
///
/// ```
/// use tidegate_contract::{AssetPatch, Classification};
/// let patch = AssetPatch { classification: Some(Classification::Restricted), ..AssetPatch::default() };
/// assert_eq!(serde_json::to_string(&patch).unwrap(), r#"{"classification":"restricted"}"#);
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct AssetPatch {
    /// What it is for, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The person who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// All its tags; kept sorted, each once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// Who may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classification: Option<Classification>,
}

impl AssetPatch {
    /// The longest description, in characters.
    pub const MAX_DESCRIPTION: usize = 2_000;
    /// The longest owner, in characters.
    pub const MAX_OWNER: usize = 100;
    /// The most tags of one asset.
    pub const MAX_TAGS: usize = 20;
    /// The longest tag, in characters.
    pub const MAX_TAG: usize = 40;
}

impl WriteBody for AssetPatch {
    fn check(&self) -> Result<(), BodyError> {
        if *self == AssetPatch::default() {
            let accepted = "at least one of description, owner, tags and classification";
            return Err(BodyError::new("the patch", accepted, "empty"));
        }
        if let Some(description) = &self.description {
            text("description", description, AssetPatch::MAX_DESCRIPTION)?;
        }
        if let Some(owner) = &self.owner {
            text("owner", owner, AssetPatch::MAX_OWNER)?;
        }
        tags("tags", self.tags.as_deref().unwrap_or_default())
    }
}

/// Tags to put on many assets and to take off them.
///
/// All of it happens or nothing does.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TagChange {
    /// Which assets; naming one twice is naming it once.
    pub ids: Vec<String>,
    /// Tags they shall have.
    #[serde(default)]
    pub add: Vec<String>,
    /// Tags they shall not have.
    #[serde(default)]
    pub remove: Vec<String>,
}

impl TagChange {
    /// The most assets of one change.
    pub const MAX_IDS: usize = 1_000;
}

impl WriteBody for TagChange {
    fn check(&self) -> Result<(), BodyError> {
        if self.ids.is_empty() {
            return Err(BodyError::new("ids", "at least one id", "empty"));
        }
        list("ids", &self.ids, TagChange::MAX_IDS, |path, id| {
            text(path, id, AssetPatch::MAX_TAG)
        })?;
        if self.add.is_empty() && self.remove.is_empty() {
            let accepted = "at least one tag in add or remove";
            return Err(BodyError::new("the change", accepted, "empty"));
        }
        tags("add", &self.add)?;
        tags("remove", &self.remove)
    }
}

/// What a change of tags came to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagsChanged {
    /// How many assets were named.
    pub named: u32,
    /// How many of them have other tags now than before.
    pub changed: u32,
}

fn tags(path: &str, tags: &[String]) -> Result<(), BodyError> {
    list(path, tags, AssetPatch::MAX_TAGS, |path, tag| {
        text(path, tag, AssetPatch::MAX_TAG)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(json: &str) -> String {
        AssetPatch::from_json(json.as_bytes())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let long = "x".repeat(101);
        for (json, words) in [
            ("{}".to_owned(), "at least one of"),
            (format!(r#"{{"owner":"{long}"}}"#), "owner must be 1 to 100"),
            (r#"{"tags":["a"," "]}"#.to_owned(), "tags[1] must be"),
            (
                r#"{"classification":"secret"}"#.to_owned(),
                "classification",
            ),
            (r#"{"owner":"a"} x"#.to_owned(), "trailing"),
        ] {
            let error = patch(&json);
            assert!(error.contains(words), "{json}: {error}");
        }
    }

    #[test]
    fn a_change_of_tags_names_assets_and_tags() {
        for json in [
            r#"{"ids":[],"add":["a"]}"#,
            r#"{"ids":["ds-00001"]}"#,
            r#"{"add":["a"]}"#,
        ] {
            assert!(TagChange::from_json(json.as_bytes()).is_err(), "{json}");
        }
    }
}
