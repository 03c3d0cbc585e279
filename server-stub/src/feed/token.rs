//! Tokens for the feed. A token says in plain words until when it is good, so that a test can make any; whoever must not forge them is not here.

use axum::Json;
use axum::extract::State;
use tidegate_contract::feed::{Term, TokenGrant};
use tidegate_core::{Instant, Millis};

use crate::stub::Stub;

const GOOD_UNTIL: &str = "good-until-";

/// What a token is worth.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Token {
    Good { until: Instant, term: Term },
    Nonsense,
    Old,
}

/// Gives a token. What may go wrong with that is for the faults of ordinary requests.
pub(crate) async fn give(State(stub): State<Stub>) -> Json<TokenGrant> {
    let ttl_s = stub.feed().settings().token_ttl_s;
    let token = ttl_s.map_or_else(|| "good".to_owned(), |ttl| issue(stub.now(), ttl));
    Json(TokenGrant { token, ttl_s })
}

/// A token that is good for so many seconds.
pub(crate) fn issue(now: Instant, ttl_s: u32) -> String {
    let until = now + Millis::from_secs(ttl_s.into());
    format!("{GOOD_UNTIL}{}", until.as_millis())
}

/// Looks at a token.
pub(crate) fn look(now: Instant, token: &str) -> Token {
    let until = token.strip_prefix(GOOD_UNTIL);
    let Some(until) = until.and_then(|until| until.parse().ok()) else {
        return Token::Nonsense;
    };
    let until = Instant::from_millis(until);
    if until <= now {
        return Token::Old;
    }
    // A part of a second is one: 0 would be for no time at all.
    let ttl = (until - now).0.div_ceil(1_000);
    let term = Term {
        expires: true,
        ttl: u32::try_from(ttl).unwrap_or(u32::MAX),
    };
    Token::Good { until, term }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_until_it_is_old() {
        let token = issue(Instant::from_millis(500), 60);
        assert_eq!(token, "good-until-60500");
        let at = |ms| look(Instant::from_millis(ms), &token);
        for (ms, ttl) in [(500, 60), (501, 60), (59_600, 1)] {
            let Token::Good { term, .. } = at(ms) else {
                panic!("{ms}")
            };
            assert_eq!(term, Term { expires: true, ttl });
        }
        assert_eq!(at(60_500), Token::Old);
        for nonsense in ["", "good", "good-until-", "good-until-x"] {
            assert_eq!(look(Instant::START, nonsense), Token::Nonsense);
        }
    }
}
