//! What an origin's retries are paid from.
//!
//! The budgets of servers (Finagle: 20 % and ten retries a second; gRPC: five at once) never run out in a browser that makes one
//! request in ten seconds, and a fleet of 200,000 such budgets is no budget at all. This one has no floor. Every success earns a tenth of a
//! retry, so that in the long run at most one request in ten is repeated: a fleet whose worst case is 1.1 attempts per request stays out
//! of a collapse up to a load of 1 / 1.1 = 91 % of what the backend can do.
//!
//! Two things are free of that rule, because they cannot hold a collapse up. A *cheap* failure (a 500 that came at once, a refused
//! connection) cost the backend next to nothing: the first credit pays for three of them (5 % of random errors need two, now and then).
//! A *dear* one (overload, time-out) costs five, and the first credit pays for one in every fifth client only, drawn at random: a
//! fleet's first burst is then a fifth of a request per client.

use crate::rng::Rng;

/// A retry's price, and all amounts, in thousandths.
const RETRY: u32 = 1_000;
/// What a dear retry costs.
const DEAR: u32 = 5 * RETRY;
/// What a client has to begin with.
const FIRST: u32 = 3 * RETRY;
/// One client in so many has a dear retry to begin with.
const LUCKY: u64 = 5;

/// Credit for retries.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    credit: u32,
}

impl Budget {
    /// The first credit.
    pub(crate) fn new(rng: &mut Rng) -> Budget {
        let lucky = rng.below(LUCKY) == 0;
        Budget {
            credit: if lucky { DEAR } else { FIRST },
        }
    }

    /// Cheap retries that it would pay for.
    pub(crate) fn retries(&self) -> u32 {
        self.credit / RETRY
    }

    /// An attempt succeeded.
    pub(crate) fn earn(&mut self, permille: u32, most: u32) {
        self.credit = (self.credit + permille).min(most.max(1) * RETRY);
    }

    /// Pays for a retry, if there is credit for it.
    pub(crate) fn pay(&mut self, dear: bool) -> bool {
        let price = if dear { DEAR } else { RETRY };
        let paid = self.credit >= price;
        if paid {
            self.credit -= price;
        }
        paid
    }
}
