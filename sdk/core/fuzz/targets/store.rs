//! What is kept, for whom, under which selecting fields, and what a 304 makes of it.

use tidegate_core::Wall;
use tidegate_core::http::{
    Answered, Asked, Fields, Owner, ResponseDirectives, Selecting, Unstorable, assumed_vary,
    conditions, expose_advice, if_none_match, is_conditional, is_kept, may_store, merged,
    most_recent, selected, withheld,
};

use crate::Exchange;

pub(crate) fn check(exchange: &Exchange<'_>) {
    storable(exchange);
    selecting(exchange);
    validated(exchange);
    for fields in [exchange.answer, exchange.second] {
        for (name, _) in fields.pairs() {
            assert!(!(withheld(fields, name) && is_kept(fields, name)));
        }
    }
    let _ = (
        is_conditional(exchange.request),
        expose_advice(exchange.answer),
    );
}

fn storable(exchange: &Exchange<'_>) {
    let said = ResponseDirectives::of(exchange.answer);
    if let Ok(owner) = stored(exchange, exchange.answer) {
        assert!(matches!(exchange.method, "GET" | "POST"));
        assert!((200..600).contains(&exchange.status) && exchange.status != 304);
        let signed = exchange.request.has("authorization") || exchange.request.has("cookie");
        assert!(owner == Owner::Identity || !(said.private || signed));
    }
    if said.must_understand {
        return;
    }
    for line in [
        ("Cache-Control", "NO-store"),
        ("cache-control", "max-age=9, a=\"b, c\",no-Store , x"),
    ] {
        let before: Vec<_> = [line].into_iter().chain(exchange.answer.pairs()).collect();
        let behind: Vec<_> = exchange.answer.pairs().chain([line]).collect();
        for answer in [before, behind] {
            let owner = stored(exchange, Fields::new(&answer));
            assert!(owner.is_err(), "no-store is heeded");
        }
    }
}

fn stored(exchange: &Exchange<'_>, fields: Fields<'_>) -> Result<Owner, Unstorable> {
    let status = exchange.status;
    let asked = Asked {
        method: exchange.method,
        url: exchange.target,
        fields: exchange.request,
    };
    may_store(asked, Answered { status, fields })
}

fn selecting(exchange: &Exchange<'_>) {
    for assumed in [&[][..], assumed_vary(exchange.answer, true)] {
        let Some(kept) = Selecting::of(exchange.answer, exchange.request, assumed) else {
            continue;
        };
        assert!(kept.matches(exchange.request), "{kept:?}");
        let stored = Selecting::from_stored(kept.as_str().to_owned());
        assert_eq!(stored, kept);
        let copies = [(&kept, Wall(1)), (&stored, Wall(2))];
        assert_eq!(most_recent(copies, exchange.request), Some(1));
        let mut before = "";
        for line in kept.as_str().split_terminator('\n') {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            assert!(before < name, "in order, each once");
            assert!(!name.bytes().any(|byte| byte.is_ascii_uppercase()));
            let secret = name.contains("authorization") || name.contains("cookie");
            assert!(!secret || value.is_empty(), "no secret is kept");
            before = name;
        }
        // The other request gets it exactly when the same text would be kept for it.
        let other = Selecting::of(exchange.answer, exchange.second, assumed);
        assert_eq!(
            kept.matches(exchange.second),
            other.as_ref() == Some(&kept),
            "{kept:?} {other:?}"
        );
    }
}

fn validated(exchange: &Exchange<'_>) {
    let (kept, answer) = (exchange.answer, exchange.second);
    for (name, value) in conditions(kept) {
        assert!(matches!(name, "if-none-match" | "if-modified-since"));
        assert!(!value.chars().any(char::is_control) && !value.is_empty());
    }
    if let Some(list) = if_none_match([kept, answer]) {
        for tag in list.split(", ") {
            let known = [kept, answer].map(|fields| fields.value("etag") == Some(tag));
            assert!(known.contains(&true), "{tag}");
        }
    }
    let copies = [(kept, Wall(1)), (answer, Wall(2)), (kept, Wall(3))];
    let holds = selected(&copies, answer);
    assert!(holds.is_sorted() && holds.iter().all(|index| *index < copies.len()));

    let after = merged(kept, answer);
    for (name, _) in &after {
        assert!(is_kept(kept, name) || is_kept(answer, name), "{name}");
        assert!(!withheld(answer, name), "{name}");
    }
    for of_body in ["content-type", "content-length", "content-encoding"] {
        let values = |pairs: &[(&str, &str)]| -> Vec<String> {
            let named = pairs.iter();
            let named = named.filter(|(name, _)| name.eq_ignore_ascii_case(of_body));
            named.map(|(_, value)| (*value).to_owned()).collect()
        };
        let before: Vec<_> = kept.pairs().collect();
        if is_kept(kept, of_body) && !withheld(answer, of_body) {
            assert_eq!(values(&after), values(&before), "the body has not changed");
        }
    }
    assert_eq!(merged(Fields::new(&after), answer), after, "once is enough");
}
