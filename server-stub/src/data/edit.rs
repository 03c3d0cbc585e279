//! What has been written over one asset.

use tidegate_contract::{AssetPatch, Classification, TagChange};

/// The fields that somebody wrote; the others are the seed's.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Edit {
    pub(super) description: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) tags: Option<Vec<String>>,
    pub(super) level: Option<Classification>,
    /// When the last of them was written.
    pub(super) updated_at: u64,
}

impl Edit {
    /// The same with a patch on top; says which fields it wrote.
    pub(super) fn patch(&mut self, patch: &AssetPatch) -> Vec<String> {
        let mut fields = Vec::new();
        if let Some(description) = &patch.description {
            self.description = Some(description.clone());
            fields.push("description".to_owned());
        }
        if let Some(owner) = &patch.owner {
            self.owner = Some(owner.clone());
            fields.push("owner".to_owned());
        }
        if let Some(tags) = &patch.tags {
            self.tags = Some(sorted(tags.clone()));
            fields.push("tags".to_owned());
        }
        if let Some(level) = patch.classification {
            self.level = Some(level);
            fields.push("classification".to_owned());
        }
        fields
    }

    /// Roughly what it takes: itself with a share of the tree it is in, and its texts.
    pub(super) fn bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let tags = self.tags.iter().flatten();
        2 * size_of::<Edit>()
            + text(&self.description)
            + text(&self.owner)
            + tags
                .map(|tag| tag.len() + size_of::<String>())
                .sum::<usize>()
    }
}

/// The tags after a change.
pub(super) fn retagged(mut tags: Vec<String>, change: &TagChange) -> Vec<String> {
    tags.extend(change.add.iter().cloned());
    tags.retain(|tag| !change.remove.contains(tag));
    sorted(tags)
}

fn sorted(mut tags: Vec<String>) -> Vec<String> {
    tags.sort_unstable();
    tags.dedup();
    tags
}
