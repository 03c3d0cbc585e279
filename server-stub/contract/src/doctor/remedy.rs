//! What would help, and how much.

use serde::{Deserialize, Serialize};

use super::{Patient, Side};

/// What would help, and where it leaves the backend.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Remedy {
    /// What to do.
    pub advice: Advice,
    /// When the last one that is answered at all would be answered then.
    pub last_answer_ms: u64,
    /// On which side of the cliff it would stand then.
    pub side: Side,
}

/// Something that could be done.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Advice {
    /// Drop those who wait when their clients leave or their deadlines pass. On its own it leaves no time to spare: in the simulation
    /// a third of the work is still done for nobody, and coming back takes one to two minutes. Noticing that clients leave, without
    /// deadlines, does not bring it back at all.
    CancelAndDeadlines,
    /// Let nobody wait longer than `target_ms` while the queue stands.
    CoDel {
        /// How long one may wait while the queue stands.
        target_ms: u64,
        /// How long it may stand.
        interval_ms: u64,
    },
    /// Refuse at once who would wait longer than this.
    EarlyRefusal {
        /// The longest estimated wait that is admitted.
        limit_ms: u64,
    },
    /// Make work faster.
    FasterWork {
        /// The mean time it may take at most.
        service_ms: u64,
    },
    /// Have clients ask less often for what they do not get; then a loop does not stay, wherever the cliff is.
    FewerAttempts {
        /// The attempts per thousand intents below which it does not.
        amplification_permille: u64,
    },
    /// Serve first who came last: that client is still there.
    LastInFirstOut,
    /// More connections, if the database can work on as many at the same speed: capacity, not places in a queue.
    MoreConnections {
        /// How many.
        connections: u64,
    },
    /// A shorter queue.
    ShorterQueue {
        /// How many places.
        queue: u64,
    },
    /// Limit the wait to half of the timeout. It needs no knowledge of the service time and holds when that gets worse.
    WaitLimit {
        /// The limit.
        ms: u64,
    },
}

/// All that applies, the cheapest and surest first.
pub(super) fn all(patient: &Patient) -> Vec<Remedy> {
    if patient.side() == Side::Safe {
        return Vec::new();
    }
    let half = patient.timeout_ms / 2;
    let waits = |limit: u64| Patient {
        wait_limit_ms: Some(limit.min(patient.longest_wait_ms())),
        ..*patient
    };
    let mut remedies = vec![
        becomes(Advice::WaitLimit { ms: half }, waits(half)),
        becomes(Advice::EarlyRefusal { limit_ms: half }, waits(half)),
    ];
    if let Some(queue) = patient.safe_queue() {
        let changed = Patient { queue, ..*patient };
        remedies.push(becomes(Advice::ShorterQueue { queue }, changed));
    }
    remedies.push(becomes(Advice::LastInFirstOut, waits(0)));
    // The figures of RFC 8289, and of Maurer's variant for requests.
    let (target_ms, interval_ms) = (5, 100);
    let codel = Advice::CoDel {
        target_ms,
        interval_ms,
    };
    remedies.push(becomes(codel, waits(interval_ms)));
    remedies.push(Remedy {
        advice: Advice::CancelAndDeadlines,
        last_answer_ms: patient.last_answer_ms().min(patient.timeout_ms),
        side: Side::Edge,
    });
    remedies.extend(more_connections(patient));
    remedies.extend(faster_work(patient));
    remedies.extend(fewer_attempts(patient));
    // What leaves it where it is helps nobody, and nothing about waiting is a cure for work that is too slow by itself.
    let hopeless = patient.service_ms >= patient.timeout_ms;
    let helps = |remedy: &Remedy| match remedy.advice {
        Advice::FasterWork { .. } | Advice::FewerAttempts { .. } => true,
        _ => !hopeless && remedy.side != patient.side(),
    };
    remedies.retain(helps);
    remedies
}

fn becomes(advice: Advice, patient: Patient) -> Remedy {
    Remedy {
        advice,
        last_answer_ms: patient.last_answer_ms(),
        side: patient.side(),
    }
}

fn more_connections(patient: &Patient) -> Option<Remedy> {
    let work = patient.queue.saturating_mul(patient.service_ms);
    let connections = work.saturating_mul(2).div_ceil(patient.timeout_ms.max(1));
    let changed = Patient {
        connections,
        ..*patient
    };
    (connections > patient.connections)
        .then(|| becomes(Advice::MoreConnections { connections }, changed))
}

fn faster_work(patient: &Patient) -> Option<Remedy> {
    let time = patient.connections.saturating_mul(patient.timeout_ms);
    let by_queue = time.checked_div(patient.queue.saturating_mul(2));
    // The work itself has to fit too.
    let service_ms = by_queue.unwrap_or(u64::MAX).min(patient.timeout_ms / 2);
    let changed = Patient {
        service_ms,
        ..*patient
    };
    (service_ms < patient.service_ms).then(|| becomes(Advice::FasterWork { service_ms }, changed))
}

fn fewer_attempts(patient: &Patient) -> Option<Remedy> {
    let sustain = patient.sustain_permille().filter(|s| *s > 1_000)?;
    let enough = patient.amplification_permille.saturating_mul(1_000) / sustain;
    let advice = Advice::FewerAttempts {
        amplification_permille: enough,
    };
    // With fewer than one attempt per intent nothing would be asked for: then it is too much work, not too many attempts.
    (enough >= 1_000).then(|| becomes(advice, *patient))
}
