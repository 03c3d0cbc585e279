//! Ages and lifetimes: within what can be counted, and an age that grows with time.

use tidegate_core::http::{Arrival, Doubt, Lifetime, retry_after};
use tidegate_core::{Instant, Millis, Wall};

use crate::Exchange;

/// A day in November 2026.
pub(crate) const NOW: Wall = Wall(1_795_000_000_000);
/// Of RFC 9111, section 1.2.2.
const LONGEST: Millis = Millis::from_secs(1 << 31);
const WEEK: Millis = Millis::from_secs(7 * 86_400);
const DAY: Millis = Millis::from_secs(86_400);

/// The answer's arrival.
pub(crate) fn arrival(exchange: &Exchange<'_>) -> Arrival {
    Arrival::of(exchange.answer, Millis(exchange.took), NOW, Instant::START)
}

/// Both clocks, this long after the arrival.
pub(crate) fn clocks(later: u64) -> (Wall, Instant) {
    (
        Wall(NOW.0.saturating_add(later)),
        Instant::from_millis(later),
    )
}

pub(crate) fn check(exchange: &Exchange<'_>) {
    let answer = exchange.answer;
    let arrival = arrival(exchange);
    let initial = arrival.initial;
    assert!(initial.millis <= LONGEST && initial.millis >= Millis(exchange.took).min(LONGEST));
    assert!(initial.doubt != Some(Doubt::Clock), "it has just arrived");
    if !answer.has("age") && !answer.has("date") {
        assert_eq!(initial.doubt, Some(Doubt::Hidden));
    }
    let (wall, now) = clocks(exchange.later);
    let age = arrival.age(wall, now);
    assert!(initial.millis <= age.millis && age.millis <= LONGEST);
    let (wall, now) = clocks(exchange.later / 2);
    assert!(arrival.age(wall, now).millis <= age.millis);
    // A calendar that was set back makes it no younger than it was, and certain of nothing.
    let earlier = arrival.age(Wall(NOW.0 - DAY.0), Instant::START);
    assert_eq!(
        (earlier.millis, earlier.doubt),
        (initial.millis, Some(Doubt::Clock))
    );

    let lifetime = Lifetime::of(exchange.status, answer, NOW);
    assert!(lifetime.length <= LONGEST);
    assert!(!lifetime.heuristic || lifetime.length <= WEEK);
    if answer.has("expires") {
        assert!(!lifetime.heuristic, "what cannot be read has passed");
    }
    for (_, value) in answer.pairs() {
        let waited = retry_after(value, answer.value("date"), NOW);
        assert!(waited.is_none_or(|wait| wait <= DAY));
    }
}
