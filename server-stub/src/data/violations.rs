//! Where policies are violated.
//!
//! An asset that breaks a policy from the start violates it, and that can be seen from its line; only what has changed since is kept.
//! A violation that is over stays in the list as resolved.

use std::sync::Arc;

use tidegate_contract::{
    GovernanceEvent, Page, Violation, ViolationPatch, ViolationQuery, ViolationStatus,
};

use super::Data;
use super::deed::{Deed, Written};
use super::policy::{POLICIES, policy};
use super::precondition::Precondition;
use super::refusal::Refusal;
use super::snapshot::Snapshot;
use super::window::Window;
use crate::catalog::{DAY_MS, Place, Purpose, TODAY_MS, generator};

/// What has become of a violation, or made it one.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    pub(super) status: ViolationStatus,
    pub(super) note: Option<String>,
    pub(super) detected_at: u64,
    pub(super) updated_at: u64,
}

impl Moved {
    /// Roughly what it takes, with its share of the tree it is in.
    pub(super) fn bytes(&self) -> usize {
        2 * size_of::<Moved>() + self.note.as_ref().map_or(0, String::len)
    }
}

impl Snapshot {
    /// The page of the list that was asked for, in the order of the assets' names.
    pub(crate) fn violations(
        &self,
        query: &ViolationQuery,
        window: Window,
    ) -> Result<Page<Violation>, Refusal> {
        let only = query.policy.as_deref().map(policy).transpose()?;
        let place = query
            .asset
            .as_deref()
            .map(|id| self.place(id))
            .transpose()?;
        let places = place.map_or(0..self.catalog().len(), |at| at.0..at.0 + 1);
        let mut moved = self.moved.range((Place(places.start), 0)..).peekable();
        let wanted = only.map_or(u8::MAX, |policy| 1 << policy);
        let found = places.map(Place).flat_map(|at| {
            let mut broken = self.facts(at, None).broken();
            while let Some((&(_, policy), _)) = moved.next_if(|&(&(place, _), _)| place == at) {
                broken |= 1 << policy;
            }
            let broken = broken & wanted;
            (0..POLICIES.len())
                .filter(move |policy| broken & 1 << policy != 0)
                .map(move |policy| (at, policy))
        });
        let found = found.filter(|&(at, policy)| {
            query
                .status
                .is_none_or(|status| status == self.standing(at, policy).status)
        });
        Ok(window.sift(found, |(at, policy)| self.describe(at, policy)))
    }

    /// One violation.
    pub(crate) fn violation(&self, id: &str) -> Result<Violation, Refusal> {
        let (at, policy) = self.find(id)?;
        Ok(self.describe(at, policy))
    }

    fn find(&self, id: &str) -> Result<(Place, usize), Refusal> {
        let known = || {
            let (number, asset) = id.strip_prefix("vl-")?.split_once('-')?;
            let policy = policy(&format!("pol-{number}")).ok()?;
            let at = self.catalog().place(asset)?;
            let broken = self.facts(at, None).broken() & 1 << policy != 0;
            (broken || self.moved.contains_key(&(at, policy))).then_some((at, policy))
        };
        known().ok_or_else(|| Refusal::NoSuch {
            what: "violation",
            id: id.to_owned(),
        })
    }

    fn describe(&self, at: Place, policy: usize) -> Violation {
        let standing = self.standing(at, policy);
        Violation {
            id: self.violation_id(at, policy),
            policy_id: POLICIES[policy].id().to_owned(),
            asset_id: self.catalog().id(at),
            asset_name: self.catalog().name(at),
            status: standing.status,
            note: standing.note,
            detected_at: standing.detected_at,
            updated_at: standing.updated_at,
        }
    }

    pub(super) fn violation_id(&self, at: Place, policy: usize) -> String {
        format!("vl-{}-{}", policy + 1, self.catalog().id(at))
    }

    /// How a violation stands; the seed has three in ten acknowledged.
    pub(super) fn standing(&self, at: Place, policy: usize) -> Moved {
        if let Some(moved) = self.moved.get(&(at, policy)) {
            return moved.clone();
        }
        let (seed, number) = (self.catalog().seed(), self.catalog().number(at));
        let mut rng = generator(seed.wrapping_add(policy as u64), number, Purpose::Violation);
        let detected_at = TODAY_MS - rng.below(60 * DAY_MS);
        let status = match rng.below(10) {
            0..7 => ViolationStatus::Open,
            _ => ViolationStatus::Acknowledged,
        };
        Moved {
            status,
            note: None,
            detected_at,
            updated_at: detected_at,
        }
    }
}

impl Data {
    /// Moves a violation on.
    pub(crate) fn move_violation(
        &mut self,
        id: &str,
        patch: &ViolationPatch,
        precondition: &Precondition,
        deed: &Deed,
    ) -> Result<Written<Violation>, Refusal> {
        let (at, policy) = self.snapshot.find(id)?;
        precondition.check(|| self.snapshot.describe(at, policy))?;
        let before = self.snapshot.standing(at, policy);
        if before.status == ViolationStatus::Resolved {
            return Err(Refusal::AlreadyResolved { id: id.to_owned() });
        }
        let moved = Moved {
            status: patch.status,
            note: patch.note.clone(),
            updated_at: deed.at_ms,
            ..before
        };
        let old = self
            .snapshot
            .moved
            .get(&(at, policy))
            .map_or(0, Moved::bytes);
        self.budget.swap(old, moved.bytes())?;
        Arc::make_mut(&mut self.snapshot.moved).insert((at, policy), moved);
        let violation = self.snapshot.describe(at, policy);
        let event = GovernanceEvent::ViolationMoved {
            violation_id: violation.id.clone(),
            asset_id: violation.asset_id.clone(),
            status: violation.status,
        };
        Ok(self.done(deed, id.to_owned(), violation, vec![event]))
    }
}
