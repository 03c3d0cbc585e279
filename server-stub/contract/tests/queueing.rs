//! The model against queueing theory: where there is a formula, it has to be met.

use tidegate_contract::{
    Admission, Attempt, AttemptEvent, Backend, BackendSettings, BackendTotals, Draw, Micros, Spread,
};
use tidegate_core::Instant;

/// Poisson arrivals of reads at this many a second, for this long. Returns the sums when all are done.
fn run(settings: BackendSettings, per_second: f64, seconds: f64, seed: u64) -> BackendTotals {
    let root = Draw::from_seed(seed);
    let mut backend = Backend::new(settings, Instant::START);
    let mut time = 0.0;
    for n in 0.. {
        let luck = root.at(n);
        time -= libm::log(luck.at(0).unit()) / per_second;
        if time > seconds {
            break;
        }
        let now = Instant::from_micros((time * 1e6) as u64);
        let _ = backend.arrive(now, Attempt::read(luck.at(1), luck.at(2)));
        while backend.poll(now).is_some() {}
    }
    while let Some(at) = backend.deadline() {
        backend.poll(at);
    }
    backend.totals()
}

/// The mean wait of M/M/K in seconds, after Erlang.
fn erlang_c(connections: u32, rate: f64, service: f64) -> f64 {
    let load = rate * service;
    // Erlang B by recurrence, then C from B.
    let blocked = (1..=connections).fold(1.0, |b, k| load * b / (f64::from(k) + load * b));
    let spare = f64::from(connections) - load;
    let waits = f64::from(connections) * blocked / (spare + load * blocked);
    waits * service / spare
}

fn memoryless(connections: u32) -> BackendSettings {
    BackendSettings {
        connections,
        queue: 100_000,
        service: Spread::ExponentialMs { mean: 250 },
        ..BackendSettings::default()
    }
}

fn mean_wait(totals: BackendTotals) -> f64 {
    totals.waited_us.0 as f64 / 1e6 / totals.started as f64
}

#[test]
fn the_mean_wait_at_the_reference_load_is_erlangs() {
    // 137 requests/s on 50 connections: rho 0.685. Waits are rare there, so it takes many to see their mean: the
    // standard error of these four runs is 6 %.
    let expected = erlang_c(50, 137.0, 0.25);
    let sum: f64 = (1..=4)
        .map(|seed| mean_wait(run(memoryless(50), 137.0, 8_000.0, seed)))
        .sum();
    let found = sum / 4.0;
    assert!(
        (found / expected - 1.0).abs() < 0.1,
        "{found}, not {expected}"
    );
}

#[test]
fn the_mean_wait_of_a_small_busy_pool_is_erlangs() {
    let expected = erlang_c(5, 17.0, 0.25);
    let found = mean_wait(run(memoryless(5), 17.0, 20_000.0, 1));
    assert!(
        (found / expected - 1.0).abs() < 0.1,
        "{found}, not {expected}"
    );
}

#[test]
fn the_wait_in_a_full_queue_is_the_queue_times_service_by_connections() {
    let settings = BackendSettings {
        connections: 50,
        queue: 1_000,
        service: Spread::REFERENCE,
        ..BackendSettings::default()
    };
    let estimate = settings.wait_behind(1_000);
    let root = Draw::from_seed(3);
    let mut backend = Backend::new(settings, Instant::START);
    let (mut n, mut waits) = (0, Vec::new());
    // Whoever starts makes room for the next, so the queue is always full.
    let mut now = Instant::START;
    while now < Instant::from_millis(120_000) {
        loop {
            n += 1;
            let attempt = Attempt::read(root.at(n), root.at(n).next());
            if let Admission::Refused { .. } = backend.arrive(now, attempt) {
                break;
            }
        }
        while let Some(notice) = backend.poll(now) {
            if let AttemptEvent::Started { waited } = notice.what
                && notice.at > Instant::from_millis(20_000)
            {
                waits.push(waited.0);
            }
        }
        now = backend.deadline().unwrap();
    }
    let mean = waits.iter().sum::<u64>() / waits.len() as u64;
    assert_eq!(estimate.as_millis(), 4_999);
    assert!(
        mean.abs_diff(estimate.0) * 20 < estimate.0,
        "{} behind, {}",
        estimate,
        Micros(mean)
    );
}
