//! One space: its faults, what has arrived, its streams and its clock.

use reqwest::Method;
use tidegate_contract::feed::{
    Announced, Announcement, FeedOrder, HistoryOrder, Reached, StreamList,
};
use tidegate_contract::metrics::MetricsReport;
use tidegate_contract::{
    ClockOrder, ClockReading, EffectList, FaultProgram, Journal, JournalQuery, Preset, PresetList,
    SpaceInfo, paths,
};
use tidegate_core::Millis;

use crate::call::Line;
use crate::error::Error;
use crate::shortage::Shortage;

const NOTHING: Option<&()> = None;

/// A space of a stub, by its name; clones are cheap.
///
/// Every call fails when the stub does not answer, or refuses; the error says which, and what to do.
#[derive(Clone, Debug)]
pub struct Space {
    line: Line,
    name: String,
}

impl Space {
    pub(crate) fn new(line: Line, name: String) -> Space {
        Space { line, name }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its API listens, its seed and its clock.
    ///
    /// # Errors
    /// When there is no such space.
    pub async fn look(&self) -> Result<SpaceInfo, Error> {
        self.line.get(&self.path(paths::CONTROL)).await
    }

    /// The fault program in force.
    ///
    /// # Errors
    /// When the stub does not answer, or refuses.
    pub async fn program(&self) -> Result<FaultProgram, Error> {
        self.line.get(&self.path(paths::PROGRAM)).await
    }

    /// Puts a fault program in force. When this returns, it is: the listener is as it says, and what the one before held is let go.
    ///
    /// # Errors
    /// When the program has a value out of range; the detail names it and what would be accepted.
    pub async fn put_program(&self, program: &FaultProgram) -> Result<FaultProgram, Error> {
        self.put(paths::PROGRAM, Some(program)).await
    }

    /// Puts a preset in force; returns its program.
    ///
    /// # Errors
    /// When the stub does not answer, or refuses.
    pub async fn preset(&self, preset: Preset) -> Result<FaultProgram, Error> {
        self.put(&paths::preset(preset.name()), None).await
    }

    /// The presets, and which is in force.
    ///
    /// # Errors
    /// When the stub does not answer, or refuses.
    pub async fn presets(&self) -> Result<PresetList, Error> {
        self.line.get(&self.path(paths::PRESETS)).await
    }

    /// Back to how it was made: its first preset, the seed's data, an empty journal, every count at zero. Returns the program.
    ///
    /// # Errors
    /// When the stub does not answer, or refuses.
    pub async fn reset(&self) -> Result<FaultProgram, Error> {
        let path = self.path(paths::RESET);
        self.line.order(Method::POST, &path, NOTHING).await
    }

    /// What has arrived; waits if the query says so, and is content with less.
    ///
    /// # Errors
    /// When the stub does not answer, or refuses.
    pub async fn journal(&self, query: &JournalQuery) -> Result<Journal, Error> {
        self.line.get(&self.path(&query.to_path())).await
    }

    /// Waits until so many lines pass; what tests do instead of sleeping.
    ///
    /// # Errors
    /// [`Error::Shortage`], which shows the journal, when fewer came within the query's `timeout_ms` (10 s when left out).
    pub async fn wait_for(&self, query: &JournalQuery, lines: usize) -> Result<Journal, Error> {
        let query = JournalQuery {
            wait_for: lines,
            ..query.clone()
        };
        let found = self.journal(&query).await?;
        if found.entries.len() >= lines {
            return Ok(found);
        }
        let journal = self.journal(&JournalQuery::default()).await?;
        Err(Error::Shortage(Box::new(Shortage {
            query,
            found,
            journal,
        })))
    }

    /// How often writes took effect.
    ///
    /// # Errors
    /// When the stub does not answer, or refuses.
    pub async fn effects(&self) -> Result<EffectList, Error> {
        self.line.get(&self.path(paths::EFFECTS)).await
    }

    /// What it measures of itself.
    ///
    /// # Errors
    /// When the stub does not answer, or refuses.
    pub async fn metrics(&self) -> Result<MetricsReport, Error> {
        self.line.get(&self.path(paths::METRICS)).await
    }

    /// The open WebSockets and event streams.
    ///
    /// # Errors
    /// When the stub does not answer, or refuses.
    pub async fn streams(&self) -> Result<StreamList, Error> {
        self.line.get(&self.path(paths::STREAMS)).await
    }

    /// Does something to open streams; returns how many it reached.
    ///
    /// # Errors
    /// When the order has a value out of range.
    pub async fn order(&self, order: &FeedOrder) -> Result<Reached, Error> {
        self.post(paths::STREAMS, order).await
    }

    /// Does something to what a channel remembers.
    ///
    /// # Errors
    /// When the stub does not answer, or refuses.
    pub async fn history(&self, order: &HistoryOrder) -> Result<(), Error> {
        let path = self.path(paths::HISTORY);
        self.line.tell(Method::POST, &path, Some(order)).await
    }

    /// Gives a message to all who listen; returns where it stands in its channel.
    ///
    /// # Errors
    /// When there is no room for another channel.
    pub async fn announce(&self, announcement: &Announcement) -> Result<Announced, Error> {
        self.post(paths::EVENTS, announcement).await
    }

    /// What time it is there.
    ///
    /// # Errors
    /// When the stub does not answer, or refuses.
    pub async fn clock(&self) -> Result<ClockReading, Error> {
        self.line.get(&self.path(paths::CLOCK)).await
    }

    /// Lets time go by; returns what time it is then.
    ///
    /// # Errors
    /// When its clock is not a manual one, or when it is more than a day.
    pub async fn advance(&self, length: Millis) -> Result<ClockReading, Error> {
        let order = ClockOrder {
            advance_ms: length.0,
        };
        self.post(paths::CLOCK, &order).await
    }

    pub(crate) async fn delete(&self) -> Result<(), Error> {
        let path = self.path(paths::CONTROL);
        self.line.tell(Method::DELETE, &path, NOTHING).await
    }

    async fn put(&self, path: &str, program: Option<&FaultProgram>) -> Result<FaultProgram, Error> {
        self.line
            .order(Method::PUT, &self.path(path), program)
            .await
    }

    async fn post<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        body: &impl serde::Serialize,
    ) -> Result<T, Error> {
        let path = self.path(path);
        self.line.order(Method::POST, &path, Some(body)).await
    }

    fn path(&self, path: &str) -> String {
        paths::in_space(&self.name, path)
    }
}
