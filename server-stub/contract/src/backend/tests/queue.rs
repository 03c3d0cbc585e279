use super::*;

#[test]
fn a_full_queue_refuses_and_says_how_long_it_is() {
    let mut backend = Backend::new(narrow(), at(0));
    for _ in 0..11 {
        admitted(&mut backend, at(0), read());
    }
    assert_eq!((backend.in_use(), backend.waiting()), (1, 10));
    let admission = backend.arrive(at(0), read());
    let expected = Admission::Refused {
        reason: Refusal::Full,
        ready_at: at(0),
        retry_after: Micros::from_millis(1_000),
    };
    assert_eq!(admission, expected);
    assert!(!backend.is_ready(at(0)));
    assert!(backend.is_ready(at(600)));
}

#[test]
fn fifo_takes_the_first_and_lifo_the_last() {
    for (order, expected) in [
        (QueueOrder::Fifo, [1, 2, 3, 4]),
        (QueueOrder::Lifo, [1, 4, 3, 2]),
    ] {
        let settings = BackendSettings { order, ..narrow() };
        let mut backend = Backend::new(settings, at(0));
        for _ in 0..4 {
            admitted(&mut backend, at(0), read());
        }
        let order = started(&drain(&mut backend, at(1_000)));
        assert_eq!(order, expected.map(AttemptId));
    }
}

#[test]
fn nobody_waits_longer_than_the_limit() {
    let settings = BackendSettings {
        wait_limit_ms: Some(150),
        ..narrow()
    };
    let mut backend = Backend::new(settings, at(0));
    let ids: Vec<AttemptId> = (0..3)
        .map(|_| admitted(&mut backend, at(0), read()))
        .collect();
    let told = drain(&mut backend, at(1_000));
    assert_eq!(started(&told), ids[..2]);
    assert_eq!(dropped(&told), [(ids[2], Lapse::WaitLimit)]);
    assert_eq!(told[3].at, at(150));
}

#[test]
fn a_standing_queue_is_kept_short_by_codel() {
    let order = QueueOrder::CoDel {
        target_ms: 5,
        interval_ms: 100,
    };
    let settings = BackendSettings {
        order,
        service: Spread::FixedMs(30),
        ..narrow()
    };
    let mut backend = Backend::new(settings, at(0));
    // Twice what it can do, for two seconds.
    for n in 0..133 {
        let _ = backend.arrive(at(15 * n), read());
    }
    let waits: Vec<(u64, u64)> = drain(&mut backend, at(10_000))
        .iter()
        .filter_map(|notice| match notice.what {
            AttemptEvent::Started { waited } => Some((notice.at.as_millis(), waited.as_millis())),
            _ => None,
        })
        .collect();
    assert!(waits.iter().all(|(_, waited)| *waited <= 100));
    assert!(waits.iter().any(|(_, waited)| *waited > 5));
    assert!(backend.totals().dropped.standing > 20);
    // Two seconds of work in pieces of 30 ms: it is hardly ever idle.
    assert!(waits.len() > 60, "{}", waits.len());
}

#[test]
fn who_cannot_make_it_any_more_is_dropped() {
    let settings = BackendSettings {
        drop_expired: true,
        ..narrow()
    };
    let mut backend = Backend::new(settings, at(0));
    let first = admitted(&mut backend, at(0), read());
    let tight = admitted(&mut backend, at(0), read().with_deadline(at(199)));
    let past = admitted(&mut backend, at(0), read().with_deadline(at(50)));
    let fits = admitted(&mut backend, at(0), read().with_deadline(at(200)));
    let told = drain(&mut backend, at(1_000));
    assert_eq!(started(&told), [first, fits]);
    let expected = [(past, Lapse::Deadline), (tight, Lapse::Deadline)];
    assert_eq!(dropped(&told), expected);
}

#[test]
fn hopeless_attempts_are_refused_early() {
    let settings = BackendSettings {
        early_refusal_ms: Some(250),
        ..narrow()
    };
    let mut backend = Backend::new(settings, at(0));
    for _ in 0..3 {
        admitted(&mut backend, at(0), read());
    }
    // Two wait: 200 ms.
    let soon = read().with_deadline(at(199));
    assert_eq!(refusal(&mut backend, at(0), soon), Refusal::Hopeless);
    admitted(&mut backend, at(0), read().with_deadline(at(200)));
    // Three wait: 300 ms, and this one says nothing.
    assert_eq!(refusal(&mut backend, at(0), read()), Refusal::Hopeless);
}

/// A hundred attempts whose clients leave after 100 ms, when ten of them are done.
fn completions_after_all_left(cancel: Cancel) -> (u64, u64) {
    let settings = BackendSettings {
        cancel,
        connections: 10,
        queue: 1_000,
        service: Spread::FixedMs(250),
        ..BackendSettings::default()
    };
    let mut backend = Backend::new(settings, at(0));
    let ids: Vec<AttemptId> = (0..100)
        .map(|_| admitted(&mut backend, at(0), write()))
        .collect();
    for id in ids {
        backend.leave(at(100), id);
    }
    drain(&mut backend, at(60_000));
    let totals = backend.totals();
    assert_eq!(totals.useful, 0);
    assert_eq!(totals.wasted + totals.dropped.gone, 100);
    (totals.wasted, totals.effects)
}

#[test]
fn abandoned_work_is_done_for_nobody_unless_it_is_cancelled() {
    assert_eq!(completions_after_all_left(Cancel::Never), (100, 100));
    assert_eq!(completions_after_all_left(Cancel::Waiting), (10, 10));
    assert_eq!(completions_after_all_left(Cancel::Running), (0, 0));
}
