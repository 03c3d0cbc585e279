//! How long something that fails is left alone.
//!
//! The rest doubles, up to twelve times the first one, or to an eighth of the time that the trouble has lasted if that is more: then an
//! outage, however long, lasts an eighth longer for it at most. Twelve, because all who rest come back within the last rest: a fleet
//! that makes a request per client in seven seconds and comes back within twelve adds half of its usual load to itself, within four it
//! doubles it and more.

use crate::backoff::Backoff;
use crate::rng::Rng;
use crate::settings::GateSettings;
use crate::time::Millis;

/// The longest rest of a trouble that is young, in first rests.
const YOUNG: u64 = 12;
/// The share of a trouble's age that the rest may take, for one that is old.
const SHARE: u64 = 8;

/// How long to leave something alone that has been failing for this long.
pub(crate) fn rest(
    age: Millis,
    tries: u32,
    dear: bool,
    settings: &GateSettings,
    rng: &mut Rng,
) -> Millis {
    let base = if dear {
        settings.overload_rest_ms
    } else {
        settings.rest_ms
    };
    let young = u64::from(settings.rest_ms) * YOUNG;
    let cap = Millis((age.0 / SHARE).max(young).min(settings.rest_cap_ms.into()));
    Backoff {
        base: Millis(base.into()),
        cap,
    }
    .equal_jitter(tries, rng)
}
