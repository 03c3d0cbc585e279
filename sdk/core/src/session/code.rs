//! What a close code says about coming back.
//!
//! Centrifugo's bands: 3500 to 3999 and 4500 to 4999 are final. So are 1008 (policy) and 1009 (too large), which would only happen again.
//! 3005 (Centrifugo's word for a connection whose time is over) and 4401 ask for another token, once: to try the same one for ever is what logged-out tabs do. 1001, 1012 and 1013 drop everybody at once.
//! Servers disagree, so both lists can be added to and taken from.

use alloc::vec::Vec;

use super::cause::Cause;

/// What becomes of a connection that was closed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fate {
    /// It comes back, for this reason.
    Retry(Cause),
    /// It comes back once, with another token.
    Refresh,
    /// It does not come back by itself.
    Stop,
}

/// Which codes mean what.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Codes {
    /// Final, besides the bands.
    pub stop: Vec<u16>,
    /// Ask for another token, besides 3005 and 4401.
    pub refresh: Vec<u16>,
    /// Are neither, whatever the bands say.
    pub retry: Vec<u16>,
}

impl Codes {
    /// What a code says.
    ///
    /// ```
    /// use tidegate_core::session::{Codes, Fate};
    /// assert_eq!(Codes::default().fate(3503), Fate::Stop);
    /// let codes = Codes { retry: vec![4401], ..Codes::default() };
    /// assert!(matches!(codes.fate(4401), Fate::Retry(_)));
    /// ```
    #[must_use]
    pub fn fate(&self, code: u16) -> Fate {
        if self.retry.contains(&code) {
            return Fate::Retry(Cause::Closed);
        }
        if self.stop.contains(&code) {
            return Fate::Stop;
        }
        if self.refresh.contains(&code) {
            return Fate::Refresh;
        }
        match code {
            1008 | 1009 | 3500..=3999 | 4500..=4999 => Fate::Stop,
            3005 | 4401 => Fate::Refresh,
            1001 | 1012 | 1013 => Fate::Retry(Cause::Restart),
            // 1005 and 1006 are the browser's words for none.
            1006 => Fate::Retry(Cause::Lost),
            _ => Fate::Retry(Cause::Closed),
        }
    }
}
