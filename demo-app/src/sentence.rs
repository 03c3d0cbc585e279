//! Events in plain sentences, for the log.

use tidegate::{AlertLevel, BreakerState, Event, Notice, Reason, Source, StorageMode};

use crate::words;

/// How a sentence is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Tone {
    Bad,
    Good,
    Plain,
}

/// What happened, in a sentence; `None` when it is not worth one: an answer as it should be. `base` is left out of routes.
pub(crate) fn sentence(event: &Event, base: &str) -> Option<(Tone, String)> {
    let told = match event {
        Event::Alert(alert) => {
            let figure = words::figure(alert.kind);
            let value = alert.value.map(|value| words::value(alert.kind, value));
            let value = value.map(|value| format!(": {value}")).unwrap_or_default();
            match alert.to {
                AlertLevel::Ok => (Tone::Good, format!("{figure}: well again")),
                AlertLevel::Warning => (Tone::Plain, format!("{figure}: warning{value}")),
                _ => (Tone::Bad, format!("{figure}: critical{value}")),
            }
        }
        Event::Answer(answer) => {
            let route = route(&answer.scope, base);
            match (answer.source, answer.reason) {
                (Some(Source::Cache), Some(why)) if why.is_well() => return None,
                (Some(Source::Cache), why) => {
                    let age = words::age(answer.age_ms);
                    (
                        Tone::Plain,
                        format!("Gave a kept copy of {route}, {age} old{}", because(why)),
                    )
                }
                (Some(_), _) if answer.attempts > 1 => (
                    Tone::Good,
                    format!("{route} answered at attempt {}", answer.attempts),
                ),
                (Some(_), _) => return None,
                (None, why) => (Tone::Bad, format!("No answer from {route}{}", because(why))),
            }
        }
        Event::Breaker(breaker) => {
            let route = route(&breaker.scope, base);
            let again = words::wait(breaker.retry_in_ms);
            match (breaker.from, breaker.to) {
                (BreakerState::HalfOpen, BreakerState::Open) => (
                    Tone::Bad,
                    format!("Opened {route} again, the trial call failed; next try in {again}"),
                ),
                (_, BreakerState::Open) => {
                    let (failures, calls) = (breaker.failures, breaker.calls);
                    (
                        Tone::Bad,
                        format!(
                            "Opened {route} after {failures} of {calls} attempts failed; next try in {again}"
                        ),
                    )
                }
                (_, BreakerState::HalfOpen) => (
                    Tone::Plain,
                    format!("Lets one trial call to {route} through"),
                ),
                _ => (
                    Tone::Good,
                    format!("Closed {route}: calls go through again"),
                ),
            }
        }
        Event::Notice(notice) => (
            Tone::Plain,
            match notice.notice {
                Notice::RetryAfterHidden => {
                    "When to come back was not to be seen: the backend should expose Retry-After"
                        .into()
                }
                Notice::IdentityMissing => {
                    "An answer about one person is not kept while nobody is signed in".into()
                }
                Notice::StaleForbidden => {
                    "A kept copy was not shown: the backend wants it confirmed first".into()
                }
                Notice::HeadersHidden => {
                    "The backend hides headers that tell how old an answer is".into()
                }
                other => format!("Notice: {other}"),
            },
        ),
        Event::Identity(identity) => (
            Tone::Plain,
            match (identity.signed_in, identity.elsewhere) {
                (true, _) => "Somebody signed in: what is kept is theirs alone".into(),
                (false, false) => "Signed out: what was kept is erased".into(),
                (false, true) => "Signed out in another tab: what was kept is erased".into(),
            },
        ),
        Event::Online(online) if online.online => (Tone::Good, "The network is back".into()),
        Event::Online(_) => (Tone::Bad, "The network is gone".into()),
        Event::Recovered(recovered) => (
            Tone::Good,
            format!("{} answers again", route(&recovered.scope, base)),
        ),
        Event::Retry(retry) => {
            let (attempt, route) = (retry.attempt, route(&retry.scope, base));
            let (why, again) = (why(retry.reason), words::wait(retry.delay_ms));
            (
                Tone::Plain,
                format!("Attempt {attempt} at {route} failed ({why}); again in {again}"),
            )
        }
        Event::ServerWord(word) if word.embargo_ms > 0 => (
            Tone::Bad,
            format!(
                "The backend wants nothing for {}",
                words::wait(word.embargo_ms)
            ),
        ),
        Event::ServerWord(word) if word.level_permille < 1_000 => (
            Tone::Plain,
            format!(
                "The backend wants {} % of the calls",
                word.level_permille / 10
            ),
        ),
        Event::ServerWord(_) => (Tone::Good, "The backend takes all calls again".into()),
        Event::Storage(storage) => (
            Tone::Plain,
            format!("Copies are kept {}", place(storage.mode)),
        ),
        _ => return None,
    };
    Some(told)
}

/// A scope without the address of the backend, which is the same for all of them; the address alone is the gate's.
pub(crate) fn route<'a>(scope: &'a str, base: &str) -> &'a str {
    match scope.strip_prefix(base) {
        Some("") => "every route",
        Some(route) => route,
        None => scope,
    }
}

/// Where copies are kept.
pub(crate) fn place(mode: StorageMode) -> &'static str {
    match mode {
        StorageMode::IndexedDb => "in the browser’s database; they survive a reload",
        StorageMode::Memory => "in this page’s memory; they are gone after a reload",
        StorageMode::Off => "nowhere",
        StorageMode::ReadOnly => "as they are, for the disk is full: nothing new is kept",
        _ => "somewhere, once there is one",
    }
}

fn because(reason: Option<Reason>) -> String {
    reason
        .map(|reason| format!(": {}", why(reason)))
        .unwrap_or_default()
}

fn why(reason: Reason) -> String {
    match reason {
        Reason::CircuitOpen => "the circuit breaker is open".into(),
        reason => words::reason(reason, words::Subject::Catalogue),
    }
}

#[cfg(test)]
#[path = "sentence_tests.rs"]
mod tests;
