//! Spaces: worlds that know nothing of each other.
//!
//! Each has data, a backend, a program, a journal and a clock of its own, and an API listener on a port of its own: whatever a browser
//! or a client keeps per origin (connections, cookies, its SDK's breakers) is then apart as well, and a listener can be closed without
//! anybody else noticing. Tests that run in parallel make one each.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::check::{ProgramError, from_json, range};

/// What a new space is like; all of it can be left out.
///
/// ```
/// use tidegate_contract::SpaceSettings;
/// let settings = SpaceSettings::from_json(r#"{"seed":7,"preset":"slow","clock":"x10"}"#).unwrap();
/// assert_eq!(settings.seed, Some(7));
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SpaceSettings {
    /// Where its data and all its draws come from; that of the default space when left out.
    pub seed: Option<u64>,
    /// The preset in force at the start and after a reset; `healthy` when left out.
    pub preset: Option<String>,
    /// How its time goes by.
    pub clock: ClockSetting,
    /// How many assets it has; as many as the default space when left out.
    pub assets: Option<usize>,
}

impl SpaceSettings {
    /// The most assets that a space may have.
    pub const MAX_ASSETS: usize = 1_000_000;

    /// Reads settings from JSON and checks them. An empty text means the defaults.
    ///
    /// # Errors
    /// Whatever is unknown, of another type or out of range, with its path.
    pub fn from_json(text: &str) -> Result<SpaceSettings, ProgramError> {
        if text.trim().is_empty() {
            return Ok(SpaceSettings::default());
        }
        let settings: SpaceSettings = from_json(text)?;
        if let Some(seed) = settings.seed {
            range("seed", seed, 0, (1 << 53) - 1)?;
        }
        if let Some(assets) = settings.assets {
            range("assets", assets as u64, 1, SpaceSettings::MAX_ASSETS as u64)?;
        }
        Ok(settings)
    }
}

/// How a space's time goes by: `"real"`, `"x10"` (ten times as fast, up to 1000) or `"manual"`.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(into = "String", try_from = "String")]
pub enum ClockSetting {
    /// Only when it is told to, see [`crate::paths::CLOCK`].
    Manual,
    /// As everybody's.
    #[default]
    Real,
    /// So many times as fast.
    Times(u32),
}

impl fmt::Display for ClockSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClockSetting::Manual => f.write_str("manual"),
            ClockSetting::Real => f.write_str("real"),
            ClockSetting::Times(times) => write!(f, "x{times}"),
        }
    }
}

impl FromStr for ClockSetting {
    type Err = UnknownClock;
    fn from_str(text: &str) -> Result<ClockSetting, UnknownClock> {
        match text {
            "manual" => return Ok(ClockSetting::Manual),
            "real" => return Ok(ClockSetting::Real),
            _ => {}
        }
        text.strip_prefix('x')
            .and_then(|times| times.parse().ok())
            .filter(|times| (1..=1_000).contains(times))
            .map(ClockSetting::Times)
            .ok_or_else(|| UnknownClock(text.to_owned()))
    }
}

impl From<ClockSetting> for String {
    fn from(setting: ClockSetting) -> String {
        setting.to_string()
    }
}

impl TryFrom<String> for ClockSetting {
    type Error = UnknownClock;
    fn try_from(text: String) -> Result<ClockSetting, UnknownClock> {
        text.parse()
    }
}

/// A clock that there is not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownClock(String);

impl fmt::Display for UnknownClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" must be real, manual or x1 to x1000", self.0)
    }
}

impl std::error::Error for UnknownClock {}

/// What time it is in a space.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClockReading {
    /// How its time goes by.
    pub clock: ClockSetting,
    /// Milliseconds since it was made.
    pub now_ms: u64,
}

/// Lets time go by on a manual clock.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ClockOrder {
    /// So many milliseconds, up to a day.
    pub advance_ms: u64,
}

/// A space as the control API tells it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpaceInfo {
    /// Its name, which goes into the control API's paths.
    pub space: String,
    /// Where its API listens, such as `http://127.0.0.1:40123`.
    pub api: String,
    /// The same for WebSockets.
    pub ws: String,
    /// Where its data and all its draws come from.
    pub seed: u64,
    /// How its time goes by.
    pub clock: ClockSetting,
}

/// All spaces.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpaceList {
    /// The default one first, then by name.
    pub spaces: Vec<SpaceInfo>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_checked_at_the_door() {
        for (text, path) in [
            (r#"{"seed":9007199254740992}"#, "seed"),
            (r#"{"assets":0}"#, "assets"),
            (r#"{"clock":"x0"}"#, "clock"),
            (r#"{"clok":"real"}"#, "clok"),
        ] {
            assert_eq!(SpaceSettings::from_json(text).unwrap_err().path(), path);
        }
        assert_eq!(SpaceSettings::from_json(" "), Ok(SpaceSettings::default()));
    }

    #[test]
    fn clocks_are_written_as_they_are_read() {
        for text in ["manual", "real", "x10"] {
            assert_eq!(text.parse::<ClockSetting>().unwrap().to_string(), text);
        }
    }
}
