//! Finagle's and tower's retry budget: a fifth of the requests of the last 10 s, and 10 a second besides.
//!
//! The floor is per client. For a server that makes thousands of requests a second it is nothing; for a browser it is everything.

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

use super::jitter::pause;
use super::window::Window;
use super::{Landed, Peer};

const TTL_SECONDS: u32 = 10;
const FLOOR: u32 = 10;
/// A retry costs what five requests bring.
const COST: u32 = 5;

/// Three retries with full jitter, each paid for.
#[derive(Clone, Copy, Debug)]
pub struct Finagle;

impl Peer for Finagle {
    /// What was paid in and what was taken out.
    type Client = Budget;

    fn client(&self) -> Budget {
        Budget(Window::new(Millis(1_000)))
    }

    fn admits(&self, _: &mut Budget, _: Instant, _: Draw) -> bool {
        true
    }

    fn settle(&self, client: &mut Budget, now: Instant, landed: Landed) -> Option<Millis> {
        if landed.attempt == 1 {
            client.0.add(now, 1, 0);
        }
        let pause = pause(landed)?;
        let [paid, taken] = client.0.sums(now);
        let balance = (paid + FLOOR * TTL_SECONDS * COST).saturating_sub(taken);
        if balance < COST {
            return None;
        }
        client.0.add(now, 0, COST);
        Some(pause)
    }
}

/// One browser's budget.
#[derive(Clone, Copy, Debug)]
pub struct Budget(Window<{ TTL_SECONDS as usize }>);
