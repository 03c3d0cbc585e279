use super::*;

#[test]
fn a_key_is_worked_on_once() {
    let settings = BackendSettings {
        idempotency_keys: 2,
        ..narrow()
    };
    let mut backend = Backend::new(settings, at(0));
    let paid = write().with_key(1);
    admitted(&mut backend, at(0), paid);
    let ready_at = at(50);
    assert_eq!(
        backend.arrive(at(50), paid),
        Admission::Conflict { ready_at }
    );
    let ready_at = at(100);
    assert_eq!(
        backend.arrive(at(100), paid),
        Admission::Replay { ready_at }
    );
    for key in [2, 3] {
        admitted(&mut backend, at(200 * key), write().with_key(key));
    }
    drain(&mut backend, at(1_000));
    assert_eq!(backend.totals().effects, 3);
    // Two keys are remembered; the first was forgotten.
    admitted(&mut backend, at(1_000), paid);
    drain(&mut backend, at(2_000));
    assert_eq!(backend.totals().effects, 4);
}

#[test]
fn a_key_whose_work_was_dropped_is_free_again() {
    let settings = BackendSettings {
        cancel: Cancel::Waiting,
        idempotency_keys: 2,
        ..narrow()
    };
    let mut backend = Backend::new(settings, at(0));
    admitted(&mut backend, at(0), read());
    let waiting = admitted(&mut backend, at(0), write().with_key(1));
    backend.leave(at(10), waiting);
    admitted(&mut backend, at(20), write().with_key(1));
}

#[test]
fn without_a_table_keys_mean_nothing() {
    let settings = BackendSettings {
        idempotency_keys: 0,
        ..narrow()
    };
    let mut backend = Backend::new(settings, at(0));
    for _ in 0..2 {
        admitted(&mut backend, at(0), write().with_key(1));
    }
    drain(&mut backend, at(1_000));
    assert_eq!(backend.totals().effects, 2);
}

#[test]
fn the_front_takes_its_time_and_refuses_when_it_is_behind() {
    let settings = BackendSettings {
        front_cost_us: 10_000,
        front_backlog_ms: 25,
        hit_permille: 1_000,
        hit_ms: 3,
        ..BackendSettings::default()
    };
    let mut backend = Backend::new(settings, at(0));
    for ms in [13, 23, 33] {
        let ready_at = at(ms);
        assert_eq!(backend.arrive(at(0), read()), Admission::Hit { ready_at });
    }
    let expected = Admission::Refused {
        reason: Refusal::Backlog,
        ready_at: at(0),
        retry_after: Micros::from_millis(30),
    };
    assert_eq!(backend.arrive(at(0), read()), expected);
    let id = admitted(&mut backend, at(5), write());
    assert_eq!(drain(&mut backend, at(39)).len(), 1);
    let told = drain(&mut backend, at(40));
    assert_eq!((told.len(), told[0].id), (1, id));
}

#[test]
fn a_miss_stays_a_miss_and_a_cold_cache_fills_again() {
    let settings = BackendSettings {
        hit_permille: 350,
        ..BackendSettings::default()
    };
    let mut backend = Backend::new(settings, at(0));
    let root = Draw::from_seed(5);
    let hits = |backend: &mut Backend, now: Instant| -> Vec<bool> {
        (0..10_000)
            .map(|n| {
                let attempt = Attempt::read(root.at(n), root.at(n).next());
                matches!(backend.arrive(now, attempt), Admission::Hit { .. })
            })
            .collect()
    };
    let count = |hits: &[bool]| hits.iter().filter(|hit| **hit).count();
    let warm = hits(&mut backend, at(0));
    assert_eq!(hits(&mut backend, at(1)), warm);
    assert!((3_300..3_700).contains(&count(&warm)), "{}", count(&warm));
    backend.go_cold(at(10));
    assert_eq!(count(&hits(&mut backend, at(10))), 0);
    // 0.35 x (1 - 1/e) after thirty seconds.
    let later = count(&hits(&mut backend, at(30_010)));
    assert!((2_030..2_400).contains(&later), "{later}");
}
