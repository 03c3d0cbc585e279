//! Named fault programs.
//!
//! The numbers are chosen to be seen by a person within a few seconds and to cross the usual client time limit of 5 s on purpose or
//! not at all. All rules are about `/api/*`.
//!
//! | preset | what happens |
//! |---|---|
//! | `healthy` | nothing goes wrong |
//! | `slow` | every answer takes 3 s, give or take 1 s |
//! | `flaky-30` | 30 % answer 503 without `Retry-After` |
//! | `brownout` | 250 ms ± 150 ms for all, 2 s ± 1 s more for 30 %, 8 s ± 3 s more for 5 %; 60 % then answer 503 with `Retry-After: 2` |
//! | `rate-limited` | 80 % answer 429 with `Retry-After: 5` |
//! | `hang` | every request is taken in and never answered |
//! | `refuse` | every request is met with a connection reset |
//! | `outage` | the API listener is closed: connection refused |
//! | `flapping` | 6 s of nothing but 503 with `Retry-After: 1`, then 6 s of health, for ever |

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, FaultProgram, Listener, RetryAfter, Rule, Window};

/// A named fault program; the module's table has the numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Preset {
    /// Slow, and mostly 503: an overloaded backend.
    Brownout,
    /// Three in ten fail, at once.
    Flaky30,
    /// Dead and alive by turns.
    Flapping,
    /// Connections are taken in and nothing comes back.
    Hang,
    /// Nothing goes wrong.
    Healthy,
    /// Nobody listens.
    Outage,
    /// Most requests are over the quota.
    RateLimited,
    /// Connections are reset.
    Refuse,
    /// Everything works, late.
    Slow,
}

impl Preset {
    /// Every preset, from harmless to worst: the order of a picker.
    #[must_use]
    pub const fn all() -> &'static [Preset] {
        &[
            Preset::Healthy,
            Preset::Slow,
            Preset::Flaky30,
            Preset::RateLimited,
            Preset::Flapping,
            Preset::Brownout,
            Preset::Hang,
            Preset::Refuse,
            Preset::Outage,
        ]
    }

    /// The name in URLs and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Preset::Brownout => "brownout",
            Preset::Flaky30 => "flaky-30",
            Preset::Flapping => "flapping",
            Preset::Hang => "hang",
            Preset::Healthy => "healthy",
            Preset::Outage => "outage",
            Preset::RateLimited => "rate-limited",
            Preset::Refuse => "refuse",
            Preset::Slow => "slow",
        }
    }

    /// A few words for a button.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Preset::Brownout => "Brownout",
            Preset::Flaky30 => "Flaky (30 %)",
            Preset::Flapping => "Flapping",
            Preset::Hang => "Black hole",
            Preset::Healthy => "Healthy",
            Preset::Outage => "Outage",
            Preset::RateLimited => "Rate limited",
            Preset::Refuse => "Connection reset",
            Preset::Slow => "Slow",
        }
    }

    /// One sentence for the line under the button.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Preset::Brownout => {
                "Answers take from 0.1 s to 14 s, and 60 % of them are 503 with Retry-After: 2."
            }
            Preset::Flaky30 => "30 % of the requests answer 503 at once, without Retry-After.",
            Preset::Flapping => "6 s of nothing but 503, then 6 s of health, over and over.",
            Preset::Hang => "Requests are accepted and never answered.",
            Preset::Healthy => "Nothing goes wrong.",
            Preset::Outage => "The API does not listen: connection refused.",
            Preset::RateLimited => "80 % of the requests answer 429 with Retry-After: 5.",
            Preset::Refuse => "Every connection is reset before an answer begins.",
            Preset::Slow => "Every answer takes 2 to 4 s.",
        }
    }

    /// The fault program, with its verdicts drawn from `seed`.
    #[must_use]
    pub fn program(self, seed: u64) -> FaultProgram {
        let program = FaultProgram::new(seed);
        match self {
            Preset::Brownout => program
                .with_rule(latency("busy", 250, 150))
                .with_rule(latency("queueing", 2_000, 1_000).with_share(300))
                .with_rule(latency("stuck", 8_000, 3_000).with_share(50))
                .with_rule(status("overloaded", 503, Some(RetryAfter::Seconds(2))).with_share(600)),
            Preset::Flaky30 => program.with_rule(status("flaky", 503, None).with_share(300)),
            Preset::Flapping => program.with_rule(
                status("down", 503, Some(RetryAfter::Seconds(1)))
                    .during(Window::between(0, 6_000).every(12_000)),
            ),
            Preset::Hang => program.with_rule(on_api(Rule::new("hang", Fault::Hang))),
            Preset::Healthy => program,
            Preset::Outage => program.with_listener(Listener::Closed),
            Preset::RateLimited => program
                .with_rule(status("quota", 429, Some(RetryAfter::Seconds(5))).with_share(800)),
            Preset::Refuse => program.with_rule(on_api(Rule::new("refuse", Fault::Refuse))),
            Preset::Slow => program.with_rule(latency("slow", 3_000, 1_000)),
        }
    }

    /// Everything about it, as the control API tells it.
    #[must_use]
    pub fn info(self, seed: u64) -> PresetInfo {
        PresetInfo {
            name: self.name().to_owned(),
            title: self.title().to_owned(),
            description: self.description().to_owned(),
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

fn on_api(rule: Rule) -> Rule {
    rule.on_path("/api/*")
}

fn latency(name: &str, ms: u64, jitter_ms: u64) -> Rule {
    on_api(Rule::new(name, Fault::Latency { ms, jitter_ms }))
}

fn status(name: &str, code: u16, retry_after: Option<RetryAfter>) -> Rule {
    on_api(Rule::new(name, Fault::Status { code, retry_after }))
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
    fn every_program_passes_the_door_and_survives_the_wire() {
        for &preset in Preset::all() {
            let program = preset.program(1);
            let text = serde_json::to_string(&program).unwrap();
            assert_eq!(FaultProgram::from_json(&text), Ok(program), "{preset}");
        }
    }
}
