//! The `Retry-After` field (RFC 9110, section 10.2.3): a number of seconds, or a date.

use super::parse_date;
use crate::time::{Millis, Wall};

/// No server means a longer wait than this; it also keeps sums and browser timers within their range.
const LONGEST: Millis = Millis::from_secs(86_400);

/// How long the server asks to wait.
///
/// A date is measured against the response's own `Date` where that can be read, so that a client whose clock is wrong still waits as
/// long as was meant; without it, against the client's clock. A date that has passed means no wait. The result is at most a day.
///
/// ```
/// use tidegate_core::{Millis, Wall, http::retry_after};
/// assert_eq!(retry_after("120", None, Wall(0)), Some(Millis(120_000)));
/// assert_eq!(retry_after("soon", None, Wall(0)), None);
/// ```
#[must_use]
pub fn retry_after(value: &str, date: Option<&str>, now: Wall) -> Option<Millis> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        let seconds = value.parse().unwrap_or(u64::MAX);
        return Some(Millis::from_secs(seconds).min(LONGEST));
    }
    let server_now = date.and_then(|date| parse_date(date, now)).unwrap_or(now);
    Some((parse_date(value, now)? - server_now).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    const NOW: Wall = Wall(784_111_777_000);

    #[test]
    fn a_date_is_measured_against_the_servers_clock() {
        let at = "Sun, 06 Nov 1994 08:50:07 GMT";
        assert_eq!(retry_after(at, None, NOW), Some(Millis(30_000)));
        assert_eq!(
            retry_after(at, Some("Sun, 06 Nov 1994 08:50:02 GMT"), NOW),
            Some(Millis(5_000))
        );
        assert_eq!(retry_after(at, Some("nonsense"), NOW), Some(Millis(30_000)));
    }

    #[test]
    fn a_date_in_the_past_means_no_wait() {
        assert_eq!(
            retry_after("Sun, 06 Nov 1994 08:00:00 GMT", None, NOW),
            Some(Millis::ZERO)
        );
    }

    #[test]
    fn absurd_waits_are_cut_to_a_day() {
        for value in [
            "2592000",
            "99999999999999999999999999",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        ] {
            assert_eq!(retry_after(value, None, NOW), Some(LONGEST), "{value}");
        }
    }

    #[test]
    fn what_is_neither_form_is_no_wait_asked_for() {
        for value in ["", "-1", "1.5", "1 s", "tomorrow"] {
            assert_eq!(retry_after(value, None, NOW), None, "{value}");
        }
    }
}
