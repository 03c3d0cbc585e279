//! Three numbers, found in whatever a tool prints for `--version`.

use std::fmt;

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
    pub(crate) patch: u32,
}

impl Version {
    pub(crate) const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }

    /// The first number in `text` that stands at the start of a word, with its minor and patch where they follow.
    pub(crate) fn within(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::of_word)
    }

    fn of_word(word: &str) -> Option<Self> {
        let digits = word.strip_prefix('v').unwrap_or(word);
        let mut parts = digits.split(|c: char| !c.is_ascii_digit());
        let major = parts.next()?.parse().ok()?;
        let mut next = || parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
        Some(Self::new(major, next(), next()))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_each_tool_prints() {
        for (text, version) in [
            ("trunk 0.21.14", Version::new(0, 21, 14)),
            ("wasm-bindgen 0.2.130", Version::new(0, 2, 130)),
            ("wasm-bindgen 0.2.130 (a1b2c3)", Version::new(0, 2, 130)),
            ("v20.20.2", Version::new(20, 20, 2)),
            (
                "wasm-opt version 132 (version_132)",
                Version::new(132, 0, 0),
            ),
            (
                "Chromium 156.0.8078.79 built on Debian GNU/Linux 12",
                Version::new(156, 0, 8078),
            ),
            ("Google Chrome 131.0.6778.85", Version::new(131, 0, 6778)),
            (
                "ChromeDriver 156.0.8078.79 (a21ce)",
                Version::new(156, 0, 8078),
            ),
        ] {
            assert_eq!(Version::within(text), Some(version), "{text}");
        }
        assert_eq!(Version::within("command not found"), None);
    }

    #[test]
    fn orders_by_number_not_by_letter() {
        assert!(Version::new(0, 21, 14) > Version::new(0, 21, 9));
        assert!(Version::new(0, 22, 0) > Version::new(0, 21, 14));
    }
}
