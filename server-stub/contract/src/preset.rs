//! Named fault programs.
//!
//! The first group is about single requests: its numbers are chosen to be seen by a person within a few seconds, and to cross the usual
//! client time limit of 5 s on purpose or not at all. The second is about the overload model: incidents in real time, on the reference
//! backend ([`BackendSettings::reference`]: 50 connections, service of 250 ms on average, a third of the reads from its cache) that
//! 2,000 other people use. The third is about streams. Rules are about `/api/*`.
//!
//! | preset | what happens |
//! |---|---|
//! | `healthy` | nothing goes wrong |
//! | `slow` | every answer takes 2 to 4 s |
//! | `slow-3g-api` | 400 ms (log-normal, sigma 0.4) before each answer, whose body then takes 2 s in 20 pieces |
//! | `flaky-30` | 30 % answer 503 without `Retry-After` |
//! | `random-503-5` | 5 % answer 503 without `Retry-After` |
//! | `rate-limited` | 80 % answer 429 with `Retry-After: 5` |
//! | `quota-60-per-min` | each client may ask 60 times a minute; answers say what is left, the 61st is 429 |
//! | `flapping` | 6 s of nothing but 503 with `Retry-After: 1`, then 6 s of health, for ever |
//! | `flapping-lb` | every second answer is a 503 of a proxy: without CORS, so that a page sees no status |
//! | `brownout` | 100 to 400 ms for all, 1 to 3 s more for 30 %, 5 to 11 s more for 5 %; 60 % then answer 503 with `Retry-After: 2` |
//! | `double-write-hazard` | writes take effect and answer after 7 s; `Idempotency-Key` is not understood |
//! | `hang` | every request is taken in and never answered |
//! | `blackhole-30s` | from 10 s to 40 s requests are taken in and never answered |
//! | `refuse` | every request is met with a connection reset |
//! | `outage` | the API listener is closed: connection refused |
//! | `outage-30s-cold` | reference backend; from 10 s to 40 s the listener is closed, then the cache is cold |
//! | `deploy-roll` | at 10 s streams are closed with 1012 and the listener for 5 s, then the cache is cold |
//! | `reference` | the reference backend, used by nobody else |
//! | `origin` | 1,000 waiting places in front of 50 connections: exactly on the cliff at 250 ms and a client timeout of 5 s |
//! | `unpooled` | 100 connections and no waiting: whoever comes too much is refused |
//! | `brownout-x10-30s` | from 10 s to 40 s service takes ten times as long |
//! | `pool-50-to-10` | from 10 s to 70 s the pool has 10 connections instead of 50 |
//! | `queue-cliff` | the same slowness from 10 s to 70 s with 1,000 waiting places: does not come back by itself |
//! | `queue-safe` | and with 250: comes back within seconds |
//! | `spike-2x`, `spike-5x`, `spike-10x` | from 10 s to 70 s other people ask for 2, 5, 10 times what the backend can do |
//! | `lying-health` | from 10 s on service takes a hundred times as long, and the health endpoint says "fine" |
//! | `half-open-ws` | at 10 s every stream stays open and says nothing more |
//! | `resume-gap` | at 10 s every stream vanishes, and what was missed cannot be replayed |
//! | `h1-seven-tabs` | healthy, with an event a second: over HTTP/1.1 the seventh tab with an event stream gets no connection |

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::fault::FaultProgram;
use crate::preset_group::PresetGroup;

/// A named fault program; the module's table has the numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Preset {
    /// `blackhole-30s`: from 10 s to 40 s requests are accepted and never answered.
    Blackhole30s,
    /// `brownout`: answers take from 0.1 s to 14 s, and 60 % of them are 503 with Retry-After: 2.
    Brownout,
    /// `brownout-x10-30s`: from 10 s to 40 s service takes ten times as long, for you and 2,000 others.
    BrownoutX10,
    /// `deploy-roll`: at 10 s streams are closed with 1012 and the API for 5 s; then the cache is cold.
    DeployRoll,
    /// `double-write-hazard`: writes take effect and answer after 7 s; keys are not understood.
    DoubleWriteHazard,
    /// `flaky-30`: 30 % of the requests answer 503 at once, without Retry-After.
    Flaky30,
    /// `flapping`: 6 s of nothing but 503, then 6 s of health, over and over.
    Flapping,
    /// `flapping-lb`: every second answer is a proxy's 503 that a page may not read.
    FlappingLb,
    /// `h1-seven-tabs`: an event a second: over HTTP/1.1 a seventh tab gets no connection.
    H1SevenTabs,
    /// `half-open-ws`: at 10 s every stream stays open and says nothing more.
    HalfOpenWs,
    /// `hang`: requests are accepted and never answered.
    Hang,
    /// `healthy`: nothing goes wrong.
    Healthy,
    /// `lying-health`: from 10 s on nearly nothing is answered, and the health endpoint says it is fine.
    LyingHealth,
    /// `origin`: 1,000 waiting places in front of 50 connections: on the edge of the cliff.
    Origin,
    /// `outage`: the API does not listen: connection refused.
    Outage,
    /// `outage-30s-cold`: from 10 s to 40 s connection refused, then an empty cache.
    Outage30sCold,
    /// `pool-50-to-10`: from 10 s to 70 s the pool has 10 connections instead of 50.
    Pool50To10,
    /// `queue-cliff`: ten times slower from 10 s to 70 s with 1,000 waiting places: does not come back.
    QueueCliff,
    /// `queue-safe`: ten times slower from 10 s to 70 s with 250 waiting places: comes back.
    QueueSafe,
    /// `quota-60-per-min`: each client may ask 60 times a minute; one more is answered 429.
    Quota60PerMin,
    /// `random-503-5`: 5 % of the requests answer 503 at once.
    Random503x5,
    /// `rate-limited`: 80 % of the requests answer 429 with Retry-After: 5.
    RateLimited,
    /// `reference`: 50 connections, 250 ms of service on average, a third of the reads from its cache.
    Reference,
    /// `refuse`: every connection is reset before an answer begins.
    Refuse,
    /// `resume-gap`: at 10 s every stream vanishes, and what was missed cannot be replayed.
    ResumeGap,
    /// `slow`: every answer takes 2 to 4 s.
    Slow,
    /// `slow-3g-api`: 400 ms before each answer, then its body takes 2 s in 20 pieces.
    Slow3gApi,
    /// `spike-10x`: from 10 s to 70 s others ask for ten times what the backend can do.
    Spike10x,
    /// `spike-2x`: from 10 s to 70 s others ask for twice what the backend can do.
    Spike2x,
    /// `spike-5x`: from 10 s to 70 s others ask for five times what the backend can do.
    Spike5x,
    /// `unpooled`: 100 connections and no waiting: one more is refused.
    Unpooled,
}

impl Preset {
    /// Every preset, group by group, in each roughly from harmless to worst: the order of a picker.
    #[must_use]
    pub const fn all() -> &'static [Preset] {
        &[
            Preset::Healthy,
            Preset::Slow,
            Preset::Slow3gApi,
            Preset::Flaky30,
            Preset::Random503x5,
            Preset::RateLimited,
            Preset::Quota60PerMin,
            Preset::Flapping,
            Preset::FlappingLb,
            Preset::Brownout,
            Preset::DoubleWriteHazard,
            Preset::Hang,
            Preset::Blackhole30s,
            Preset::Refuse,
            Preset::Outage,
            Preset::Reference,
            Preset::Origin,
            Preset::Unpooled,
            Preset::BrownoutX10,
            Preset::Pool50To10,
            Preset::QueueSafe,
            Preset::QueueCliff,
            Preset::Spike2x,
            Preset::Spike5x,
            Preset::Spike10x,
            Preset::LyingHealth,
            Preset::Outage30sCold,
            Preset::H1SevenTabs,
            Preset::HalfOpenWs,
            Preset::ResumeGap,
            Preset::DeployRoll,
        ]
    }

    /// What it is about.
    #[must_use]
    pub const fn group(self) -> PresetGroup {
        match self {
            Preset::Blackhole30s
            | Preset::Brownout
            | Preset::DoubleWriteHazard
            | Preset::Flaky30
            | Preset::Flapping
            | Preset::FlappingLb
            | Preset::Hang
            | Preset::Healthy
            | Preset::Outage
            | Preset::Quota60PerMin
            | Preset::Random503x5
            | Preset::RateLimited
            | Preset::Refuse
            | Preset::Slow
            | Preset::Slow3gApi => PresetGroup::Requests,
            Preset::BrownoutX10
            | Preset::LyingHealth
            | Preset::Origin
            | Preset::Outage30sCold
            | Preset::Pool50To10
            | Preset::QueueCliff
            | Preset::QueueSafe
            | Preset::Reference
            | Preset::Spike2x
            | Preset::Spike5x
            | Preset::Spike10x
            | Preset::Unpooled => PresetGroup::Backend,
            Preset::DeployRoll | Preset::H1SevenTabs | Preset::HalfOpenWs | Preset::ResumeGap => {
                PresetGroup::Streams
            }
        }
    }

    /// The name in URLs and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.words().0
    }

    /// What a person calls it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.words().1
    }

    /// What happens, in a sentence.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.words().2
    }

    /// Everything about it, as the control API tells it.
    #[must_use]
    pub fn info(self, seed: u64) -> PresetInfo {
        PresetInfo {
            name: self.name().to_owned(),
            title: self.title().to_owned(),
            description: self.description().to_owned(),
            group: self.group(),
            program: self.program(seed),
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Preset {
    type Err = UnknownPreset;
    fn from_str(name: &str) -> Result<Preset, UnknownPreset> {
        Preset::all()
            .iter()
            .copied()
            .find(|preset| preset.name() == name)
            .ok_or_else(|| UnknownPreset(name.to_owned()))
    }
}

/// A name that no preset has; says which there are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownPreset(pub String);

impl fmt::Display for UnknownPreset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Preset::all().iter().map(|preset| preset.name()).collect();
        write!(
            f,
            "there is no preset \"{}\"; the presets are {}",
            self.0,
            names.join(", ")
        )
    }
}

impl std::error::Error for UnknownPreset {}

/// A preset as the control API tells it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PresetInfo {
    /// See [`Preset::name`].
    pub name: String,
    /// See [`Preset::title`].
    pub title: String,
    /// See [`Preset::description`].
    pub description: String,
    /// See [`Preset::group`].
    pub group: PresetGroup,
    /// What it would put in force.
    pub program: FaultProgram,
}

/// The presets, and which of them is in force.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PresetList {
    /// The preset in force; none when somebody put a program of their own.
    pub current: Option<String>,
    /// All there are.
    pub presets: Vec<PresetInfo>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_found_by_its_name() {
        for &preset in Preset::all() {
            assert_eq!(preset.name().parse(), Ok(preset));
        }
        let error = "slwo".parse::<Preset>().unwrap_err().to_string();
        assert!(error.contains("slow"), "{error}");
    }

    #[test]
    fn presets_are_listed_group_by_group_and_under_different_titles() {
        let mut groups: Vec<PresetGroup> = Preset::all().iter().map(|p| p.group()).collect();
        groups.dedup();
        assert_eq!(groups, PresetGroup::ALL);
        let mut titles: Vec<&str> = Preset::all().iter().map(|p| p.title()).collect();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), Preset::all().len());
    }

    #[test]
    fn every_program_passes_the_door_and_survives_the_wire() {
        for &preset in Preset::all() {
            let program = preset.program(1);
            let text = serde_json::to_string(&program).unwrap();
            assert_eq!(FaultProgram::from_json(&text), Ok(program), "{preset}");
        }
    }
}
