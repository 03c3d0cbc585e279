//! The doctor: on which side of the cliff a backend stands, and what would move it.
//!
//! Two laws, both checked against the simulation. **Cliff**: a loop is possible when whoever joins a full queue is answered after
//! its client has given up, `Q x S / K + S >= timeout`; the simulated fleet tips between queues of 900 and 1000 where the law says 950.
//! **Sustain**: the loop stays while `rho x A > 1`, where rho is the use of the pool in peace and *A* the attempts that are made of one
//! intent when nothing is answered. The second is necessary rather than sharp: near 1 it may go either way.
//!
//! Pure arithmetic on whole numbers, so that a page can show it while somebody moves a slider.

mod patient;
mod remedy;
mod text;

use serde::{Deserialize, Serialize};

pub use self::patient::Patient;
pub use self::remedy::{Advice, Remedy};

/// On which side of the cliff a backend stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// Whoever joins the full queue is answered after giving up: once it is full, everything is done for nobody.
    Beyond,
    /// In time, but the longest wait is more than half of the timeout: not much has to go wrong.
    Edge,
    /// In time, and the longest wait is at most half of the timeout.
    Safe,
}

/// What the doctor says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// What it is about.
    pub patient: Patient,
    /// Thousandths of requests a second that the pool can do, *K* / *S*; `None` if work takes no time.
    pub capacity_millirequests_per_second: Option<u64>,
    /// The longest wait: *Q* x *S* / *K*, or the limit if that is shorter.
    pub longest_wait_ms: u64,
    /// When the last in a full queue is answered: the longest wait and the work.
    pub last_answer_ms: u64,
    /// On which side of the cliff it stands.
    pub side: Side,
    /// How many times as slow as now work has to get until it stands beyond, in thousandths; `None` if work takes no time.
    pub cliff_at_slowdown_permille: Option<u64>,
    /// How many the queue may hold so that the longest wait is half of the timeout, *K* x timeout / (2 *S*); `None` if work takes no
    /// time.
    pub safe_queue: Option<u64>,
    /// The use of the pool in peace times the amplification, in thousandths, if the rate is known. Above 1000 a loop that has begun
    /// stays.
    pub sustain_permille: Option<u64>,
    /// What would help, and how much; nothing if it is safe.
    pub remedies: Vec<Remedy>,
}

impl Diagnosis {
    /// Whether a loop that has begun stays, if the rate is known.
    #[must_use]
    pub fn sustains(&self) -> Option<bool> {
        self.sustain_permille.map(|permille| permille > 1_000)
    }
}

#[cfg(test)]
mod tests;
