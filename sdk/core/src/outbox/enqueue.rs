//! A write comes in.

use alloc::string::String;
use alloc::vec::Vec;

use super::after::After;
use super::batch::Batch;
use super::entry::{Entry, EntryId};
use super::error::OutboxError;
use super::machine::Outbox;
use super::news::OutboxChange;
use super::plan::Plan;
use super::state::State;
use crate::engine::Engine;
use crate::scope::split_url;
use crate::settings::OutboxSettings;
use crate::time::Wall;

/// These say who sends it. They are of the moment at which it goes, and never stored.
const OF_THE_SENDER: [&str; 4] = [
    "authorization",
    "cookie",
    "idempotency-key",
    "proxy-authorization",
];

/// A write to be queued.
///
/// ```
/// use tidegate_core::outbox::Write;
/// let write = Write::new("POST", "https://a.example/assets?draft", "5f0c");
/// assert_eq!(write.lane, "https://a.example/assets");
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Write {
    /// The method.
    pub method: String,
    /// Where it goes.
    pub url: String,
    /// Its header fields; those that say who sends it are left out.
    pub fields: Vec<(String, String)>,
    /// The idempotency key: random, and its own.
    pub key: String,
    /// The server has declared that it heeds keys.
    pub keyed: bool,
    /// What it must not overtake; its URL without the query to begin with.
    pub lane: String,
    /// It may take the place of the last entry of its lane, if that has the same target and has not been tried, and may be replaced likewise.
    pub merges: bool,
    /// The size of its body.
    pub bytes: u64,
    /// What has to be done before.
    pub after: Vec<After>,
}

impl Write {
    /// One that is in the lane of its URL and waits for nothing else.
    #[must_use]
    pub fn new(method: &str, url: &str, key: &str) -> Write {
        let (origin, path) = split_url(url);
        Write {
            method: method.into(),
            url: url.into(),
            fields: Vec::new(),
            key: key.into(),
            keyed: false,
            lane: [origin, path].concat(),
            merges: false,
            bytes: 0,
            after: Vec::new(),
        }
    }

    /// Whether sending it twice does what sending it once does (RFC 9110, section 9.2.2).
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        self.keyed || matches!(&*self.method, "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE")
    }
}

impl Outbox {
    /// Queues a write of the present identity: the batch that stores it, and with it its body.
    ///
    /// # Errors
    /// When it is too large or one too many, could be applied twice, or comes after something that is not there.
    pub fn enqueue(
        &self,
        engine: &Engine,
        wall: Wall,
        write: &Write,
    ) -> Result<Batch, OutboxError> {
        let settings = &engine.settings().outbox;
        if !self.read {
            return Err(OutboxError::Unread);
        }
        if !write.is_repeatable() && settings.doubted == 0 {
            return Err(OutboxError::Undeclared);
        }
        let superseded = self.superseded(write);
        self.room(settings, write.bytes, superseded)?;
        let mut plan = Plan::new(&self.queue, wall);
        let id = EntryId(plan.register.next);
        plan.register.next = plan.register.next.saturating_add(1);
        let mut after = Vec::new();
        for each in &write.after {
            let there = self.own(each.id).is_some();
            // What was done already is not waited for; but nobody knows any more what its answer said.
            match there {
                true => after.push(each.clone()),
                false if each.takes.is_empty() => {}
                false => return Err(OutboxError::UnknownPredecessor),
            }
        }
        if let Some(old) = superseded {
            plan.remove(old, OutboxChange::Superseded, None);
        }
        let entry = Entry {
            id,
            owner: self.owner.clone(),
            lane: write.lane.clone(),
            method: write.method.clone(),
            url: write.url.clone(),
            fields: stored_fields(&write.fields),
            key: write.key.clone(),
            repeatable: write.is_repeatable(),
            merges: write.merges,
            bytes: write.bytes,
            queued: wall,
            attempts: 0,
            failures: 0,
            unreached: 0,
            lost: 0,
            busy: 0,
            state: State::Waiting,
            after,
            taken: Vec::new(),
            others: Vec::new(),
        };
        plan.put(entry, OutboxChange::Queued, None);
        plan.added = Some(id);
        Ok(plan.into_batch(false))
    }

    /// Whether a write that comes now has to join the lane, or would overtake.
    #[must_use]
    pub fn holds(&self, lane: &str) -> bool {
        let mut own = self
            .queue
            .entries
            .values()
            .filter(|entry| self.is_own(entry));
        own.any(|entry| entry.lane == lane && !entry.state.is_dead())
    }

    /// The entry whose place a write takes: the last of its lane, if it has not been tried and nothing comes after it.
    fn superseded(&self, write: &Write) -> Option<EntryId> {
        if !write.merges {
            return None;
        }
        let mut lane = self.queue.entries.values().rev();
        let last = lane.find(|entry| self.is_own(entry) && entry.lane == write.lane)?;
        let same = last.merges && last.method == write.method && last.url == write.url;
        let waited = |entry: &Entry| entry.after.iter().any(|after| after.id == last.id);
        let wanted = write.after.iter().any(|after| after.id == last.id);
        let free = last.is_untried() && !wanted && !self.queue.entries.values().any(waited);
        (same && free).then_some(last.id)
    }

    /// Whether a body fits, in the place of another one or beside all that are there.
    pub(super) fn room(
        &self,
        settings: &OutboxSettings,
        bytes: u64,
        superseded: Option<EntryId>,
    ) -> Result<(), OutboxError> {
        if bytes > settings.entry_bytes.into() {
            return Err(OutboxError::TooLarge);
        }
        // Those of others count as well: it is one disk.
        let stay = self
            .queue
            .entries
            .values()
            .filter(|it| Some(it.id) != superseded);
        let (count, bytes) = stay.fold((0_u64, bytes), |(count, bytes), entry| {
            (count + 1, bytes.saturating_add(entry.bytes))
        });
        let most = u64::from(settings.total_bytes);
        let fits = count < settings.entries.into() && bytes <= most;
        fits.then_some(()).ok_or(OutboxError::Full)
    }
}

/// Those that do not say who sends it.
pub(super) fn stored_fields(fields: &[(String, String)]) -> Vec<(String, String)> {
    let said = |name: &str| OF_THE_SENDER.iter().any(|of| of.eq_ignore_ascii_case(name));
    let fields = fields.iter().filter(|(name, _)| !said(name));
    fields.cloned().collect()
}
