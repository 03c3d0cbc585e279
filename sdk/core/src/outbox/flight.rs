//! What is out.

use alloc::string::String;
use alloc::vec::Vec;

use super::entry::EntryId;
use crate::outcome::Outcome;
use crate::scope::ScopeId;
use crate::time::Instant;

/// Leave to send an entry once. The number of the attempt is the number that fences: what an earlier one settles, nobody heeds.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Claim {
    /// Which entry.
    pub id: EntryId,
    /// The number of the attempt, from 1.
    pub attempt: u32,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    /// With an outcome; and whether others had answers of the origin meanwhile.
    Outcome(Outcome, bool),
    /// Nobody could say who sends it.
    Unauthorized,
    /// It was never sent.
    Unsent,
}

/// A claim of this drainer.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub(super) claim: Claim,
    pub(super) origin: String,
    pub(super) scope: ScopeId,
    pub(super) sent: Instant,
    pub(super) end: Option<End>,
    /// Whoever queued it has its answer.
    pub(super) told: bool,
    /// What its answer says, for those that wait for it.
    pub(super) found: Vec<(String, Option<String>)>,
}
