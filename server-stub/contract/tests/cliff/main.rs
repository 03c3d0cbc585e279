//! The exhaustion loop has a cliff, and the model stands on both sides of it.
//!
//! A naive fleet on the reference backend, in virtual time: 30 s of peace, 60 s in which everything takes ten times as long, and two
//! minutes after it in which nothing is wrong any more. `Q x S / K + S >= timeout` says which of the two it will be.

mod fleet;

use tidegate_contract::{
    Advice, BackendSettings, Cancel, CrowdSettings, Micros, Patient, QueueOrder, Side,
};

use fleet::{Fleet, at};

/// How a brownout went.
struct Outcome {
    /// Seconds until it was over, for the users.
    recovery: Option<u64>,
    waste_permille: u32,
    amplification_permille: u64,
    /// The share of intents that were answered in the minute after the cause.
    fresh: f64,
}

/// Thirty seconds of peace, a minute of brownout, and what follows. The sums are those of the brownout and the minute after it.
fn brownout(settings: BackendSettings, crowd: CrowdSettings, seed: u64) -> Outcome {
    let mut fleet = Fleet::new(settings.clone(), crowd, seed);
    fleet.run_to(at(30));
    let before = (fleet.backend.totals(), fleet.crowd().totals());
    let usual = settings.slowdown;
    fleet.slow_down(at(30), 10 * usual);
    fleet.run_to(at(90));
    fleet.slow_down(at(90), usual);
    fleet.run_to(at(150));
    let (mut backend, mut crowd) = (fleet.backend.totals(), fleet.crowd().totals());
    backend.useful -= before.0.useful;
    backend.wasted -= before.0.wasted;
    crowd.attempts -= before.1.attempts;
    crowd.intents -= before.1.intents;
    fleet.run_to(at(210));
    let after = fleet
        .crowd()
        .seconds()
        .filter(|s| (90..150).contains(&s.second));
    let (answered, intents) = after.fold((0, 0), |(answered, intents), second| {
        (answered + second.answered, intents + second.intents)
    });
    Outcome {
        recovery: fleet.recovery(90),
        waste_permille: backend.waste_permille(),
        amplification_permille: crowd.amplification_permille(),
        fresh: f64::from(answered) / f64::from(intents),
    }
}

fn queue(queue: u32) -> BackendSettings {
    BackendSettings {
        queue,
        ..BackendSettings::reference()
    }
}

const SEEDS: [u64; 3] = [1, 2, 3];

fn naive(settings: BackendSettings, seed: u64) -> Outcome {
    brownout(settings, CrowdSettings::default(), seed)
}

#[test]
fn the_same_seed_gives_the_same_history_and_another_another() {
    let history = |seed| {
        let mut fleet = Fleet::new(queue(100), CrowdSettings::default(), seed);
        fleet.slow_down(at(0), 5_000);
        fleet.run_to(at(20));
        (fleet.backend.totals(), fleet.crowd().totals())
    };
    assert_eq!(history(1), history(1));
    assert_ne!(history(1), history(2));
}

#[test]
fn behind_a_queue_of_900_the_fleet_comes_back() {
    assert_eq!(queue(900).wait_behind(900).as_millis(), 4_499);
    for seed in SEEDS {
        let recovery = naive(queue(900), seed).recovery;
        assert!(
            recovery.is_some_and(|s| s <= 15),
            "seed {seed}: {recovery:?}"
        );
    }
}

#[test]
fn behind_a_queue_of_1000_it_never_does() {
    for seed in SEEDS {
        assert_eq!(naive(queue(1_000), seed).recovery, None, "seed {seed}");
    }
}

#[test]
fn in_the_loop_nearly_all_work_is_done_for_nobody() {
    let outcome = naive(BackendSettings::reference(), 1);
    assert_eq!(outcome.recovery, None);
    let waste = outcome.waste_permille;
    assert!((980..=995).contains(&waste), "{waste}");
    let amplification = outcome.amplification_permille;
    assert!((4_400..=4_600).contains(&amplification), "{amplification}");
    // What is answered is what the cache has: 35 % of all reads.
    assert!((0.30..0.34).contains(&outcome.fresh), "{}", outcome.fresh);
}

fn small(number: u64) -> u32 {
    u32::try_from(number).expect("the remedies of the reference are small numbers")
}

/// The reference backend with a remedy.
fn treated(advice: Advice) -> Option<BackendSettings> {
    let ill = BackendSettings::reference();
    let treated = match advice {
        Advice::CoDel {
            target_ms,
            interval_ms,
        } => BackendSettings {
            order: QueueOrder::CoDel {
                target_ms,
                interval_ms,
            },
            ..ill
        },
        Advice::EarlyRefusal { limit_ms } => BackendSettings {
            early_refusal_ms: Some(limit_ms),
            ..ill
        },
        Advice::FasterWork { service_ms } => BackendSettings {
            // 250 ms at present.
            slowdown: small(service_ms * 4),
            ..ill
        },
        Advice::LastInFirstOut => BackendSettings {
            order: QueueOrder::Lifo,
            ..ill
        },
        Advice::MoreConnections { connections } => BackendSettings {
            connections: small(connections),
            ..ill
        },
        Advice::ShorterQueue { queue } => BackendSettings {
            queue: small(queue),
            ..ill
        },
        Advice::WaitLimit { ms } => BackendSettings {
            wait_limit_ms: Some(ms),
            ..ill
        },
        Advice::CancelAndDeadlines | Advice::FewerAttempts { .. } => return None,
    };
    Some(treated)
}

#[test]
fn what_the_doctor_calls_safe_comes_back() {
    let crowd = CrowdSettings::default();
    let diagnosis = Patient::of(&BackendSettings::reference(), &crowd).examine();
    assert_eq!(diagnosis.side, Side::Beyond);
    assert_eq!(diagnosis.sustains(), Some(true));
    let treated: Vec<_> = diagnosis
        .remedies
        .iter()
        .filter_map(|remedy| treated(remedy.advice))
        .collect();
    assert_eq!(treated.len(), 7);
    for settings in treated {
        assert_eq!(Patient::of(&settings, &crowd).examine().side, Side::Safe);
        let recovery = naive(settings.clone(), 1).recovery;
        assert!(
            recovery.is_some_and(|s| s <= 12),
            "{recovery:?} {settings:?}"
        );
    }
}

#[test]
fn noticing_that_clients_leave_is_not_enough() {
    let cancel = BackendSettings {
        cancel: Cancel::Waiting,
        ..BackendSettings::reference()
    };
    assert_eq!(naive(cancel.clone(), 1).recovery, None);
    // With deadlines it does come back, late: those who are answered are answered with no time to spare.
    let deadlines = BackendSettings {
        drop_expired: true,
        ..cancel
    };
    let saying = CrowdSettings {
        deadlines: true,
        ..CrowdSettings::default()
    };
    let outcome = brownout(deadlines, saying, 1);
    assert!(outcome.recovery.is_some_and(|s| s > 60));
    assert!((290..340).contains(&outcome.waste_permille));
}

#[test]
fn one_half_of_the_cause_alone_does_no_harm() {
    // Half the service time: the same queue is 2.5 s long.
    let mut fast = BackendSettings::reference();
    fast.connections = 100;
    assert!(fast.wait_behind(1_600) < Micros::from_millis(5_000));
    assert!(naive(fast, 1).recovery.is_some());
    // Nobody asks twice: one attempt per intent is not enough to keep it going.
    let calm = CrowdSettings {
        reclicks: 0,
        retries: 0,
        ..CrowdSettings::default()
    };
    assert!(
        brownout(BackendSettings::reference(), calm, 1)
            .recovery
            .is_some()
    );
}
