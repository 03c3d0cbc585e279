//! Whether a kept answer is served: never against the server's word, never past the page's, and never less when the network fails.

use tidegate_core::http::{
    Allowance, Fields, KeptHead, Lifetime, RequestDirectives, ResponseDirectives, Situation,
    Usability,
};
use tidegate_core::{Millis, Reason};

use crate::Exchange;
use crate::ageing::{NOW, arrival, clocks};

const ALLOWANCE: Allowance = Allowance {
    most_stale: Millis::from_secs(86_400),
    while_revalidating: Millis::from_secs(10),
    unconfirmed: false,
};
const SITUATIONS: [Situation; 4] = [
    Situation::Calm,
    Situation::Failing(Reason::CircuitOpen),
    Situation::Failing(Reason::Offline),
    Situation::Failing(Reason::Status),
];

pub(crate) fn check(exchange: &Exchange<'_>) {
    let asked = RequestDirectives::of(exchange.request);
    let kept = kept(exchange, exchange.answer, exchange.later);
    let usability = |situation| kept.usability(&asked, ALLOWANCE, situation);
    let past = kept.age.millis.0.saturating_sub(kept.lifetime.length.0);
    for situation in SITUATIONS {
        match usability(situation) {
            Usability::Fresh => {
                assert!(kept.age.millis < kept.lifetime.length && !kept.said.no_cache);
            }
            Usability::Stale { .. } => {
                assert!(past <= ALLOWANCE.most_stale.0);
                assert!(!kept.said.no_cache);
                // Whoever asks only prefers a confirmed one; the server insists.
                assert!(!(asked.no_cache && situation == Situation::Calm));
                let is_past = kept.age.millis >= kept.lifetime.length;
                assert!(!(kept.said.must_revalidate && is_past));
            }
            _ => {}
        }
        let no_part = asked.no_store || (kept.said.no_store && !kept.said.must_understand);
        assert_eq!(usability(situation) == Usability::Forbidden, no_part);
    }
    if usability(Situation::Calm).servable() {
        assert!(usability(SITUATIONS[1]).servable(), "failing serves more");
    }
    to_be_confirmed(exchange, &asked);
    never_better_with_time(exchange);
    any_case(exchange);
}

/// The answer looked at so much later.
fn kept(exchange: &Exchange<'_>, answer: Fields<'_>, later: u64) -> KeptHead {
    let (wall, now) = clocks(later);
    KeptHead {
        age: arrival(exchange).age(wall, now),
        lifetime: Lifetime::of(exchange.status, answer, NOW),
        said: ResponseDirectives::of(answer),
    }
}

/// With a `no-cache` of its own, before or behind all else, it is never served.
fn to_be_confirmed(exchange: &Exchange<'_>, asked: &RequestDirectives) {
    let line = ("cAche-Control", "x=\"a, b\" ,No-cAche");
    let before: Vec<_> = [line].into_iter().chain(exchange.answer.pairs()).collect();
    let behind: Vec<_> = exchange.answer.pairs().chain([line]).collect();
    for answer in [before, behind] {
        let kept = kept(exchange, Fields::new(&answer), exchange.later);
        for situation in SITUATIONS {
            assert!(!kept.usability(asked, ALLOWANCE, situation).servable());
        }
    }
}

fn never_better_with_time(exchange: &Exchange<'_>) {
    for situation in SITUATIONS {
        let servable = |later| {
            let kept = kept(exchange, exchange.answer, later);
            kept.usability(&RequestDirectives::default(), ALLOWANCE, situation)
                .servable()
        };
        assert!(servable(exchange.later / 2) || !servable(exchange.later));
    }
}

/// Directives mean the same in any case.
fn any_case(exchange: &Exchange<'_>) {
    let upper = |fields: Fields<'_>| -> Vec<(String, String)> {
        let pairs = fields.pairs();
        pairs
            .map(|(name, value)| (name.to_ascii_uppercase(), value.to_ascii_uppercase()))
            .collect()
    };
    let (request, answer) = (upper(exchange.request), upper(exchange.answer));
    let borrowed = |pairs| -> Vec<_> {
        let pairs: &[(String, String)] = pairs;
        pairs
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect()
    };
    let (request, answer): (Vec<(&str, &str)>, Vec<_>) = (borrowed(&request), borrowed(&answer));
    let asked = RequestDirectives::of(exchange.request);
    assert_eq!(RequestDirectives::of(Fields::new(&request)), asked);
    let said = ResponseDirectives::of(exchange.answer);
    assert_eq!(ResponseDirectives::of(Fields::new(&answer)), said);
}
