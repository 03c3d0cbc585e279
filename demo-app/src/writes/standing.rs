//! Where an entry stands, in words.

use tidegate::{DeadReason, EntryState};

use super::queued::Queued;
use crate::words;

/// How an entry is meant to be looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mood {
    /// It goes by itself.
    Waiting,
    /// A person has to do something.
    Stuck,
}

/// Whether an entry goes by itself.
pub(crate) fn mood(entry: &Queued) -> Mood {
    match entry.state {
        EntryState::Dead | EntryState::InDoubt | EntryState::Parked => Mood::Stuck,
        _ => Mood::Waiting,
    }
}

/// Where it stands. `wall` is the time, in milliseconds since 1970.
pub(crate) fn state(entry: &Queued, wall: u64) -> String {
    match entry.state {
        EntryState::Dead => refusal(entry.reason, entry.status),
        EntryState::InDoubt => {
            "In doubt: it was sent, and nobody knows whether it was saved".into()
        }
        EntryState::Parked => "Waits until you sign in again".into(),
        EntryState::Resting => match entry.retry_at.unwrap_or_default().saturating_sub(wall) {
            0 => "Goes again as soon as the backend answers".into(),
            ms => format!("No answer yet; goes again in {}", words::countdown(ms)),
        },
        EntryState::Sending => "Being sent".into(),
        _ => "Waits to be sent".into(),
    }
}

/// Why an entry was given up.
pub(crate) fn refusal(reason: Option<DeadReason>, status: Option<u16>) -> String {
    let why = match reason {
        Some(DeadReason::Age) => "Given up: it waited for too long",
        Some(DeadReason::Attempts) => "Given up after many attempts",
        Some(DeadReason::Conflict) => "Conflict: somebody else was faster",
        Some(DeadReason::Forbidden) => "Refused: you may not do this",
        Some(DeadReason::TooLarge) => "Refused: it is too large",
        Some(DeadReason::Unreachable) => "Given up: it gets no answer, and other calls do",
        Some(DeadReason::Predecessor | DeadReason::Missing) => {
            "Given up: what it builds on was not saved"
        }
        _ => "Refused by the backend",
    };
    match (reason, status) {
        (Some(DeadReason::Conflict), _) | (_, None) => why.into(),
        (_, Some(status)) => format!("{why} (status {status})"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::queued::tests::queued;
    use super::*;

    #[test]
    fn what_goes_by_itself_is_told_from_what_needs_somebody() {
        let mut entry = queued(1, None);
        for (state, meant) in [
            (EntryState::Waiting, Mood::Waiting),
            (EntryState::Sending, Mood::Waiting),
            (EntryState::Resting, Mood::Waiting),
            (EntryState::Parked, Mood::Stuck),
            (EntryState::InDoubt, Mood::Stuck),
            (EntryState::Dead, Mood::Stuck),
        ] {
            entry.state = state;
            assert_eq!(mood(&entry), meant, "{state}");
        }
    }

    #[test]
    fn a_rest_is_told_until_it_is_over() {
        let mut entry = queued(1, None);
        entry.state = EntryState::Resting;
        entry.retry_at = Some(5_000);
        assert_eq!(state(&entry, 1_500), "No answer yet; goes again in 4 s");
        assert_eq!(
            state(&entry, 6_000),
            "Goes again as soon as the backend answers"
        );
    }

    #[test]
    fn a_refusal_says_why_and_with_which_status() {
        assert_eq!(
            refusal(Some(DeadReason::Refused), Some(422)),
            "Refused by the backend (status 422)"
        );
        assert_eq!(
            refusal(Some(DeadReason::Conflict), Some(412)),
            "Conflict: somebody else was faster"
        );
        assert_eq!(
            refusal(Some(DeadReason::Age), None),
            "Given up: it waited for too long"
        );
    }
}
