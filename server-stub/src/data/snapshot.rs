//! Assets as they stand at one moment.
//!
//! Cheap to take, as everything in it is shared; a write that comes while it is being read makes itself a copy of what has been written
//! so far. So a scan of a million lines needs no lock.

use std::collections::BTreeMap;
use std::sync::Arc;

use tidegate_contract::{Asset, AssetDetail, AssetQuery, Classification, Lineage, Page};

use super::edit::Edit;
use super::policy::Facts;
use super::refusal::Refusal;
use super::violations::Moved;
use super::window::Window;
use crate::catalog::{Catalog, DOMAINS, Needle, Place, TAGS};

/// The seed's catalogue with what had been written over it.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    catalog: Arc<Catalog>,
    pub(super) edits: Arc<BTreeMap<Place, Edit>>,
    /// Violations that are not as the seed has them, by place and policy.
    pub(super) moved: Arc<BTreeMap<(Place, usize), Moved>>,
}

impl Snapshot {
    pub(super) fn of(catalog: Arc<Catalog>) -> Snapshot {
        Snapshot {
            catalog,
            edits: Arc::default(),
            moved: Arc::default(),
        }
    }

    pub(crate) fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// Where the asset with this id is.
    pub(crate) fn place(&self, id: &str) -> Result<Place, Refusal> {
        self.catalog.place(id).ok_or_else(|| Refusal::NoSuch {
            what: "asset",
            id: id.to_owned(),
        })
    }

    /// The page of the list that was asked for.
    pub(crate) fn assets(&self, query: &AssetQuery, window: Window) -> Page<Asset> {
        let needle = query.search.as_deref().and_then(Needle::new);
        let wants_domain = query.domain.is_some();
        if needle.is_none()
            && query.kind.is_none()
            && !wants_domain
            && query.classification.is_none()
        {
            return window.cut(0..self.catalog.len(), |at| self.asset(Place(at)));
        }
        let domain = DOMAINS
            .iter()
            .position(|&domain| query.domain.as_deref() == Some(domain));
        let mut edits = self.edits.iter().peekable();
        let found = self.catalog.places().filter(|&at| {
            let edit = edits
                .next_if(|&(&edited, _)| edited == at)
                .map(|(_, edit)| edit);
            query.kind.is_none_or(|kind| kind == self.catalog.kind(at))
                && (!wants_domain || domain == Some(self.catalog.domain(at)))
                && query
                    .classification
                    .is_none_or(|wanted| wanted == self.level_with(at, edit))
                && needle.as_ref().is_none_or(|needle| match edit {
                    None => self.catalog.has(at, needle),
                    Some(edit) => self.has_with(at, edit, needle),
                })
        });
        window.sift(found, |at| self.asset(at))
    }

    /// One line of the list.
    pub(crate) fn asset(&self, at: Place) -> Asset {
        let catalog = &self.catalog;
        let edit = self.edits.get(&at);
        Asset {
            id: catalog.id(at),
            name: catalog.name(at),
            kind: catalog.kind(at),
            domain: DOMAINS[catalog.domain(at)].to_owned(),
            owner: self.owner(at),
            tags: self.tags(at),
            classification: self.level_with(at, edit),
            quality: catalog.quality(at),
            updated_at: edit.map_or_else(|| catalog.updated_at(at), |edit| edit.updated_at),
        }
    }

    /// One asset in full.
    pub(crate) fn detail(&self, at: Place) -> AssetDetail {
        let asset = self.asset(at);
        let (columns, row_count, retention_days) = self.catalog.rest(at, asset.classification);
        let written = self
            .edits
            .get(&at)
            .and_then(|edit| edit.description.clone());
        let description = written.unwrap_or_else(|| {
            let name = asset.name.replace(['.', '_'], " ");
            let (domain, owner) = (&asset.domain, self.catalog.owner(at));
            format!("{name} for the {domain} domain, looked after by {owner}.")
        });
        AssetDetail {
            asset,
            description,
            columns,
            row_count,
            retention_days,
        }
    }

    /// The neighbours of one asset.
    pub(crate) fn lineage(&self, at: Place) -> Lineage {
        Lineage {
            upstream: self.catalog.upstream(at),
            downstream: self.catalog.downstream(at),
        }
    }

    /// The asset's tags, sorted.
    pub(super) fn tags(&self, at: Place) -> Vec<String> {
        let written = self.edits.get(&at).and_then(|edit| edit.tags.clone());
        written.unwrap_or_else(|| {
            let tags = self.catalog.tags(at);
            (0..TAGS.len())
                .filter(|tag| tags & 1 << tag != 0)
                .map(|tag| TAGS[tag].to_owned())
                .collect()
        })
    }

    /// What policies look at.
    pub(super) fn facts(&self, at: Place, edit: Option<&Edit>) -> Facts {
        let written = edit.and_then(|edit| edit.tags.as_ref());
        let tags = written.map_or_else(
            || self.catalog.tags(at),
            |written| {
                (0..TAGS.len())
                    .filter(|&tag| written.iter().any(|has| has == TAGS[tag]))
                    .fold(0, |tags, tag| tags | 1 << tag)
            },
        );
        Facts {
            tags,
            level: self.level_with(at, edit),
            quality: self.catalog.quality(at),
        }
    }

    fn owner(&self, at: Place) -> String {
        let written = self.edits.get(&at).and_then(|edit| edit.owner.clone());
        written.unwrap_or_else(|| self.catalog.owner(at))
    }

    fn level_with(&self, at: Place, edit: Option<&Edit>) -> Classification {
        edit.and_then(|edit| edit.level)
            .unwrap_or_else(|| self.catalog.level(at))
    }

    fn has_with(&self, at: Place, edit: &Edit, needle: &Needle) -> bool {
        self.catalog.has_in_name(at, needle)
            || needle.is_in_text(edit.owner.as_deref().unwrap_or(&self.catalog.owner(at)))
            || self.tags(at).iter().any(|tag| needle.is_in_text(tag))
    }
}
