//! Numbers and reasons in plain English.

use std::fmt;

use tidegate::{AlertKind, Health, Reason};

/// What a call is about, as a reader would call it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Subject {
    Activity,
    Asset,
    Catalogue,
    Lineage,
    Requests,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Subject::Activity => "the list of events",
            Subject::Asset => "the asset",
            Subject::Catalogue => "the catalogue",
            Subject::Lineage => "the lineage",
            Subject::Requests => "the list of requests",
        })
    }
}

/// A length of time, to look at: `42 s`, `3 min`, `5 h`, `2 days`.
pub(crate) fn age(ms: u64) -> String {
    match ms / 1_000 {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3_600 => format!("{} min", seconds / 60),
        seconds @ 3_600..86_400 => format!("{} h", seconds / 3_600),
        seconds @ 86_400..172_800 => format!("{} day", seconds / 86_400),
        seconds => format!("{} days", seconds / 86_400),
    }
}

/// A time of day.
pub(crate) fn clock(hours: u32, minutes: u32, seconds: u32) -> String {
    format!("{hours:02}:{minutes:02}:{seconds:02}")
}

/// A short wait, to a tenth: `1.6 s`, below that `80 ms`.
pub(crate) fn wait(ms: u64) -> String {
    match ms {
        0..100 => format!("{ms} ms"),
        100..10_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => age(ms),
    }
}

/// A wait that counts down: whole seconds, and never 0 before it is over.
pub(crate) fn countdown(ms: u64) -> String {
    age(ms.div_ceil(1_000) * 1_000)
}

/// Why an answer is not simply the network's.
pub(crate) fn reason(reason: Reason, subject: Subject) -> String {
    match reason {
        Reason::CircuitOpen => format!("{subject}’s circuit breaker is open"),
        Reason::Confirmed => "the backend has confirmed the kept copy".into(),
        Reason::Fresh => "the kept copy is fresh".into(),
        Reason::NotKept => "no copy is kept".into(),
        Reason::Preferred => "the kept copy comes first here".into(),
        Reason::Revalidating => "it is being asked for again".into(),
        Reason::Offline => "this device is offline".into(),
        Reason::ServerBusy => "the backend asked for fewer calls".into(),
        Reason::Slow => "slow network".into(),
        Reason::Status => "the backend answers with errors".into(),
        Reason::Throttled => "too many calls are waiting".into(),
        Reason::Timeout => "the backend did not answer in time".into(),
        Reason::Unreachable => "the backend does not answer".into(),
        other => other.to_string(),
    }
}

/// A number of bytes.
pub(crate) fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..10_000 => format!("{}.{} KB", bytes / 1_000, bytes % 1_000 / 100),
        10_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// A figure that is watched.
pub(crate) fn figure(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::CacheHits => "Copies at hand",
        AlertKind::DeadLetters => "Writes that were given up",
        AlertKind::DegradedShare => "Answered by copies",
        AlertKind::ErrorRate => "Calls without an answer",
        AlertKind::OutboxAge => "Oldest queued write",
        AlertKind::OutboxUse => "Outbox in use",
        AlertKind::PoolUse => "Calls in flight or waiting",
        AlertKind::ResponseTime => "Slowest percent",
        AlertKind::StorageUse => "Storage in use",
        _ => "Something else",
    }
}

/// Its value: milliseconds for times, a number for what is counted, thousandths for the others.
pub(crate) fn value(kind: AlertKind, value: u64) -> String {
    match kind {
        AlertKind::DeadLetters => value.to_string(),
        AlertKind::OutboxAge | AlertKind::ResponseTime => wait(value),
        _ => format!("{}.{} %", value / 10, value % 10),
    }
}

/// When a scope is tried next without anybody's doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NextTry {
    /// In so many milliseconds.
    In(u64),
    /// It is under way, or nobody knows.
    Now,
}

/// When a scope is tried next.
pub(crate) fn next_try(health: &Health, scope: &str) -> NextTry {
    let found = health.scopes.iter().find(|each| *each.scope == *scope);
    let due = found.and_then(|scope| {
        scope
            .probe_in_ms
            .or(Some(scope.retry_in_ms).filter(|ms| *ms > 0))
    });
    due.filter(|ms| *ms > 0).map_or(NextTry::Now, NextTry::In)
}

/// A whole number with its thousands apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<&str> = groups
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

/// Labels side by side.
pub(crate) fn list(labels: &[String]) -> String {
    if labels.is_empty() {
        "none".into()
    } else {
        labels.join(", ")
    }
}

/// The same text, as a sentence begins.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_one_unit_and_is_rounded_down() {
        let pairs = [
            (0, "0 s"),
            (42_999, "42 s"),
            (60_000, "1 min"),
            (3_599_999, "59 min"),
            (7_200_000, "2 h"),
            (86_400_000, "1 day"),
            (300_000_000, "3 days"),
        ];
        for (ms, words) in pairs {
            assert_eq!(age(ms), words);
        }
    }

    #[test]
    fn a_wait_is_told_to_a_tenth_of_a_second() {
        for (ms, words) in [
            (7, "7 ms"),
            (100, "0.1 s"),
            (1_650, "1.6 s"),
            (12_300, "12 s"),
        ] {
            assert_eq!(wait(ms), words);
        }
    }

    #[test]
    fn a_countdown_is_not_over_before_it_is() {
        for (ms, words) in [
            (1, "1 s"),
            (1_000, "1 s"),
            (3_200, "4 s"),
            (59_500, "1 min"),
        ] {
            assert_eq!(countdown(ms), words);
        }
    }

    #[test]
    fn bytes_are_told_in_units_that_people_read() {
        let told = [0, 999, 1_000, 9_999, 10_000, 999_999, 1_250_000].map(bytes);
        let read = [
            "0 B", "999 B", "1.0 KB", "9.9 KB", "10 KB", "999 KB", "1.2 MB",
        ];
        assert_eq!(told, read);
    }

    #[test]
    fn every_reason_has_words_of_its_own() {
        let mut words: Vec<String> = Reason::ALL
            .iter()
            .map(|each| reason(*each, Subject::Catalogue))
            .collect();
        assert!(words.contains(&"the catalogue’s circuit breaker is open".to_owned()));
        words.sort();
        words.dedup();
        assert_eq!(words.len(), Reason::ALL.len());
        for each in Reason::ALL {
            assert!(
                reason(*each, Subject::Asset).contains(' '),
                "{each} has only its code"
            );
        }
    }

    #[test]
    fn every_figure_has_a_name_and_a_unit() {
        let mut names: Vec<&str> = AlertKind::ALL.iter().map(|kind| figure(*kind)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), AlertKind::ALL.len());
        assert!(!names.contains(&"Something else"));
        assert_eq!(value(AlertKind::ErrorRate, 123), "12.3 %");
        assert_eq!(value(AlertKind::ResponseTime, 1_650), "1.6 s");
    }

    #[test]
    fn thousands_stand_apart() {
        for (number, words) in [
            (0, "0"),
            (999, "999"),
            (12_000, "12,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), words);
        }
    }

    #[test]
    fn sentences_begin_with_a_capital() {
        assert_eq!([capitalised("the end"), capitalised("")], ["The end", ""]);
    }
}
