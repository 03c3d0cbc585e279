//! Access requests: some from the seed, the others from clients.

use tidegate_contract::{
    AccessDecision, AccessOrder, AccessQuery, AccessRequest, AccessRuling, AccessStatus,
    GovernanceEvent, Page, Ruling,
};
use tidegate_core::Rng;

use super::Data;
use super::deed::{Deed, Written};
use super::precondition::Precondition;
use super::refusal::Refusal;
use super::window::Window;
use crate::catalog::{DAY_MS, Place, Purpose, TODAY_MS, generator};

/// One request for fifty assets, but never more of the seed's than anybody could page through.
const ASSETS_PER_REQUEST: u32 = 50;
const MOST_SEEDED: u32 = 1_000;

const REASONS: [&str; 6] = [
    "Preparing the audit of the last quarter.",
    "Looking into complaints of customers.",
    "Training a model for the forecast.",
    "Moving reports to the new dashboard.",
    "Answering a request for information.",
    "Checking what the migration left behind.",
];

/// A request that a client made.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    at: Place,
    requester: String,
    reason: String,
    requested_at: u64,
}

impl Data {
    /// The page of the list that was asked for, newest first.
    pub(crate) fn access_requests(
        &self,
        query: &AccessQuery,
        window: Window,
    ) -> Page<AccessRequest> {
        let all = (0..self.requests()).rev();
        match query.status {
            None => window.cut(all, |index| self.request(index)),
            Some(status) => window
                .sift(all.filter(|&index| self.status(index) == status), |index| {
                    self.request(index)
                }),
        }
    }

    /// One request.
    pub(crate) fn access_request(&self, id: &str) -> Result<AccessRequest, Refusal> {
        Ok(self.request(self.index(id)?))
    }

    /// Asks for access.
    pub(crate) fn ask_for_access(
        &mut self,
        order: AccessOrder,
        deed: &Deed,
    ) -> Result<Written<AccessRequest>, Refusal> {
        let asked = Asked {
            at: self.snapshot.place(&order.asset_id)?,
            requester: deed.client.clone(),
            reason: order.reason,
            requested_at: deed.at_ms,
        };
        // Vectors may have twice the room they need.
        let bytes = 2 * size_of::<Asked>() + asked.requester.len() + asked.reason.len();
        self.budget.swap(0, bytes)?;
        self.asked.push(asked);
        let request = self.request(self.requests() - 1);
        let event = GovernanceEvent::AccessRequested {
            request_id: request.id.clone(),
            asset_id: request.asset_id.clone(),
            by: deed.client.clone(),
        };
        Ok(self.done(deed, request.id.clone(), request, vec![event]))
    }

    /// Decides a request, once and for all.
    pub(crate) fn decide_access(
        &mut self,
        id: &str,
        ruling: AccessRuling,
        precondition: &Precondition,
        deed: &Deed,
    ) -> Result<Written<AccessRequest>, Refusal> {
        let index = self.index(id)?;
        precondition.check(|| self.request(index))?;
        let status = self.status(index);
        if status != AccessStatus::Pending {
            let id = id.to_owned();
            return Err(Refusal::AlreadyDecided { id, status });
        }
        let status = match ruling.decision {
            Ruling::Approve => AccessStatus::Approved,
            Ruling::Reject => AccessStatus::Rejected,
        };
        let decision = AccessDecision {
            decided_by: deed.client.clone(),
            reason: ruling.reason,
            decided_at: deed.at_ms,
        };
        let texts = decision.decided_by.len() + decision.reason.len();
        self.budget
            .swap(0, 2 * size_of::<AccessDecision>() + texts)?;
        self.decided.insert(index, (status, decision));
        let request = self.request(index);
        let event = GovernanceEvent::AccessDecided {
            request_id: request.id.clone(),
            asset_id: request.asset_id.clone(),
            status,
            by: deed.client.clone(),
        };
        Ok(self.done(deed, id.to_owned(), request, vec![event]))
    }

    fn index(&self, id: &str) -> Result<u32, Refusal> {
        id.strip_prefix("ar-")
            .and_then(|digits| digits.parse::<u32>().ok()?.checked_sub(1))
            .filter(|&index| index < self.requests() && request_id(index) == id)
            .ok_or_else(|| Refusal::NoSuch {
                what: "access request",
                id: id.to_owned(),
            })
    }

    fn requests(&self) -> u32 {
        self.seeded_requests() + self.asked.len() as u32
    }

    fn seeded_requests(&self) -> u32 {
        (self.snapshot.catalog().len() / ASSETS_PER_REQUEST).min(MOST_SEEDED)
    }

    fn draws_of(&self, index: u32) -> Rng {
        generator(self.snapshot.catalog().seed(), index, Purpose::Access)
    }

    /// How a request stands; half of the seed's are pending.
    fn status(&self, index: u32) -> AccessStatus {
        if let Some((status, _)) = self.decided.get(&index) {
            return *status;
        }
        if index >= self.seeded_requests() {
            return AccessStatus::Pending;
        }
        match self.draws_of(index).below(20) {
            0..10 => AccessStatus::Pending,
            10..17 => AccessStatus::Approved,
            _ => AccessStatus::Rejected,
        }
    }

    fn request(&self, index: u32) -> AccessRequest {
        let catalog = self.snapshot.catalog();
        let status = self.status(index);
        let seeded = self.seeded_requests();
        let later = index.checked_sub(seeded);
        if let Some(asked) = later.and_then(|later| self.asked.get(later as usize)) {
            return AccessRequest {
                id: request_id(index),
                asset_id: catalog.id(asked.at),
                asset_name: catalog.name(asked.at),
                requester: asked.requester.clone(),
                reason: asked.reason.clone(),
                status,
                requested_at: asked.requested_at,
                decision: self.decided.get(&index).map(|(_, how)| how.clone()),
            };
        }
        let mut rng = self.draws_of(index);
        // The first draw is the status's.
        let _ = rng.next_u64();
        let mut somebody = || Place(rng.below(u64::from(catalog.len())) as u32);
        let (at, requester, decider) = (somebody(), somebody(), somebody());
        let requested_at = TODAY_MS - u64::from(seeded - index) * DAY_MS / 4;
        let seeded_decision = || AccessDecision {
            decided_by: catalog.owner(decider),
            reason: match status {
                AccessStatus::Approved => "Needed for the work described.".to_owned(),
                _ => "A summary without personal data will do.".to_owned(),
            },
            decided_at: requested_at + DAY_MS / 8,
        };
        let decision = self.decided.get(&index).map(|(_, how)| how.clone());
        AccessRequest {
            id: request_id(index),
            asset_id: catalog.id(at),
            asset_name: catalog.name(at),
            requester: catalog.owner(requester),
            reason: REASONS[rng.below(REASONS.len() as u64) as usize].to_owned(),
            status,
            requested_at,
            decision: decision.or_else(|| (status != AccessStatus::Pending).then(seeded_decision)),
        }
    }
}

fn request_id(index: u32) -> String {
    format!("ar-{:05}", index + 1)
}
