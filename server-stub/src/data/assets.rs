//! Writes to assets, and what follows from them: a policy may be broken by one, or kept again.

use std::collections::BTreeMap;
use std::sync::Arc;

use tidegate_contract::{
    AssetDetail, AssetPatch, GovernanceEvent, TagChange, TagsChanged, ViolationStatus,
};

use super::Data;
use super::deed::{Deed, Written};
use super::edit::{Edit, retagged};
use super::policy::POLICIES;
use super::precondition::Precondition;
use super::refusal::Refusal;
use super::violations::Moved;
use crate::catalog::Place;

impl Data {
    /// Changes one asset.
    pub(crate) fn patch_asset(
        &mut self,
        id: &str,
        patch: &AssetPatch,
        precondition: &Precondition,
        deed: &Deed,
    ) -> Result<Written<AssetDetail>, Refusal> {
        let at = self.snapshot.place(id)?;
        precondition.check(|| self.snapshot.detail(at))?;
        let mut edit = self.edit(at, deed);
        let fields = edit.patch(patch);
        let consequences = self.put(BTreeMap::from([(at, edit)]), deed)?;
        let mut events = vec![GovernanceEvent::AssetChanged {
            asset_id: id.to_owned(),
            fields,
            by: deed.client.clone(),
        }];
        events.extend(consequences);
        let detail = self.snapshot.detail(at);
        Ok(self.done(deed, id.to_owned(), detail, events))
    }

    /// Changes the tags of many assets: of all of them or of none.
    pub(crate) fn change_tags(
        &mut self,
        change: &TagChange,
        deed: &Deed,
    ) -> Result<Written<TagsChanged>, Refusal> {
        let mut edits = BTreeMap::new();
        let mut named = Vec::new();
        for id in &change.ids {
            named.push(self.snapshot.place(id)?);
        }
        named.sort_unstable();
        named.dedup();
        for &at in &named {
            let before = self.snapshot.tags(at);
            let after = retagged(before.clone(), change);
            if after != before {
                let tags = Some(after);
                edits.insert(
                    at,
                    Edit {
                        tags,
                        ..self.edit(at, deed)
                    },
                );
            }
        }
        let asset_ids: Vec<String> = edits
            .keys()
            .map(|&at| self.snapshot.catalog().id(at))
            .collect();
        let consequences = self.put(edits, deed)?;
        let changed = TagsChanged {
            named: named.len() as u32,
            changed: asset_ids.len() as u32,
        };
        let target = format!("{} assets", changed.changed);
        let mut events = vec![GovernanceEvent::AssetsTagged {
            asset_ids,
            by: deed.client.clone(),
        }];
        events.extend(consequences);
        Ok(self.done(deed, target, changed, events))
    }

    /// What has been written over an asset, about to be written again.
    fn edit(&self, at: Place, deed: &Deed) -> Edit {
        Edit {
            updated_at: deed.at_ms,
            ..self.snapshot.edits.get(&at).cloned().unwrap_or_default()
        }
    }

    /// Puts edits in place, with the violations that begin or end by them, if there is room for all.
    fn put(
        &mut self,
        edits: BTreeMap<Place, Edit>,
        deed: &Deed,
    ) -> Result<Vec<GovernanceEvent>, Refusal> {
        let (mut old, mut new) = (0, 0);
        let mut moves = Vec::new();
        let mut events = Vec::new();
        for (&at, edit) in &edits {
            let before = self.snapshot.edits.get(&at);
            old += before.map_or(0, Edit::bytes);
            new += edit.bytes();
            let broken_before = self.snapshot.facts(at, before).broken();
            let broken_after = self.snapshot.facts(at, Some(edit)).broken();
            for policy in 0..POLICIES.len() {
                let bit = |broken: u8| broken & 1 << policy != 0;
                let Some((moved, event)) =
                    self.consequence(at, policy, bit(broken_before), bit(broken_after), deed)
                else {
                    continue;
                };
                old += self
                    .snapshot
                    .moved
                    .get(&(at, policy))
                    .map_or(0, Moved::bytes);
                new += moved.bytes();
                moves.push(((at, policy), moved));
                events.push(event);
            }
        }
        self.budget.swap(old, new)?;
        Arc::make_mut(&mut self.snapshot.edits).extend(edits);
        Arc::make_mut(&mut self.snapshot.moved).extend(moves);
        Ok(events)
    }

    /// What an edit does to one policy, if it does anything.
    fn consequence(
        &self,
        at: Place,
        policy: usize,
        before: bool,
        after: bool,
        deed: &Deed,
    ) -> Option<(Moved, GovernanceEvent)> {
        let violation_id = self.snapshot.violation_id(at, policy);
        let asset_id = self.snapshot.catalog().id(at);
        if !before && after {
            let moved = Moved {
                status: ViolationStatus::Open,
                note: None,
                detected_at: deed.at_ms,
                updated_at: deed.at_ms,
            };
            let event = GovernanceEvent::PolicyViolated {
                violation_id,
                policy_id: POLICIES[policy].id().to_owned(),
                asset_id,
            };
            return Some((moved, event));
        }
        let standing = self.snapshot.standing(at, policy);
        if !before || after || standing.status == ViolationStatus::Resolved {
            return None;
        }
        let status = ViolationStatus::Resolved;
        let moved = Moved {
            status,
            note: Some("the asset keeps the policy again".to_owned()),
            updated_at: deed.at_ms,
            ..standing
        };
        let event = GovernanceEvent::ViolationMoved {
            violation_id,
            asset_id,
            status,
        };
        Some((moved, event))
    }
}
