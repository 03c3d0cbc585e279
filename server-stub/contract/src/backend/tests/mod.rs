mod before_the_pool;
mod queue;

use super::*;
use crate::draw::Draw;
use crate::spread::Spread;

fn at(ms: u64) -> Instant {
    Instant::from_millis(ms)
}

/// Fixed work of 100 ms, one connection, ten places.
fn narrow() -> BackendSettings {
    BackendSettings {
        connections: 1,
        queue: 10,
        service: Spread::FixedMs(100),
        ..BackendSettings::default()
    }
}

fn read() -> Attempt {
    let luck = Draw::from_seed(1);
    Attempt::read(luck, luck)
}

fn write() -> Attempt {
    let luck = Draw::from_seed(1);
    Attempt::write(luck, luck)
}

fn admitted(backend: &mut Backend, now: Instant, attempt: Attempt) -> AttemptId {
    match backend.arrive(now, attempt) {
        Admission::Admitted(id) => id,
        other => panic!("{other:?}"),
    }
}

fn refusal(backend: &mut Backend, now: Instant, attempt: Attempt) -> Refusal {
    match backend.arrive(now, attempt) {
        Admission::Refused { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

fn drain(backend: &mut Backend, now: Instant) -> Vec<Notice> {
    std::iter::from_fn(|| backend.poll(now)).collect()
}

fn started(notices: &[Notice]) -> Vec<AttemptId> {
    let started = |notice: &&Notice| matches!(notice.what, AttemptEvent::Started { .. });
    notices.iter().filter(started).map(|n| n.id).collect()
}

fn dropped(notices: &[Notice]) -> Vec<(AttemptId, Lapse)> {
    let dropped = |notice: &Notice| match notice.what {
        AttemptEvent::Dropped { lapse, .. } => Some((notice.id, lapse)),
        _ => None,
    };
    notices.iter().filter_map(dropped).collect()
}

#[test]
fn the_default_answers_at_once() {
    let mut backend = Backend::new(BackendSettings::default(), at(0));
    let id = admitted(&mut backend, at(5), write());
    let told = drain(&mut backend, at(5));
    let zero = Micros::ZERO;
    let notice = |what| Notice {
        at: at(5),
        id,
        what,
    };
    let done = AttemptEvent::Completed {
        served: zero,
        gone: false,
        waited: zero,
    };
    assert_eq!(
        told,
        [notice(AttemptEvent::Started { waited: zero }), notice(done)]
    );
    assert_eq!((backend.in_use(), backend.deadline()), (0, None));
}

#[test]
fn what_happened_while_nobody_polled_has_its_own_time() {
    let mut backend = Backend::new(narrow(), at(0));
    let first = admitted(&mut backend, at(0), read());
    let second = admitted(&mut backend, at(10), read());
    let told: Vec<(u64, AttemptId)> = drain(&mut backend, at(5_000))
        .iter()
        .map(|notice| (notice.at.as_millis(), notice.id))
        .collect();
    let expected = [(0, first), (100, first), (100, second), (200, second)];
    assert_eq!(told, expected);
    assert_eq!(backend.totals().waited_us, Micros::from_millis(90));
    assert_eq!(backend.totals().busy_us, Micros::from_millis(200));
}

#[test]
fn a_poll_too_many_is_harmless_and_a_clock_set_back_stands_still() {
    let mut backend = Backend::new(narrow(), at(1_000));
    let id = admitted(&mut backend, at(1_000), read());
    assert_eq!(drain(&mut backend, at(1_000)).len(), 1);
    for now in [1_000, 1_099, 0, 500, 1_050] {
        assert_eq!(backend.poll(at(now)), None);
        assert_eq!(backend.deadline(), Some(at(1_100)));
    }
    backend.leave(at(7), AttemptId(99));
    assert_eq!(backend.poll(at(1_100)).map(|notice| notice.id), Some(id));
    assert_eq!(backend.poll(at(9_000)), None);
}

#[test]
fn running_work_keeps_its_end_and_new_connections_are_used_at_once() {
    let mut backend = Backend::new(narrow(), at(0));
    for _ in 0..3 {
        admitted(&mut backend, at(0), read());
    }
    drain(&mut backend, at(0));
    let wide = BackendSettings {
        connections: 2,
        slowdown: 10_000,
        ..narrow()
    };
    backend.configure(at(50), wide);
    assert_eq!((backend.in_use(), backend.waiting()), (2, 1));
    let told: Vec<u64> = drain(&mut backend, at(5_000))
        .iter()
        .map(|notice| notice.at.as_millis())
        .collect();
    assert_eq!(told, [50, 100, 100, 1_050, 1_100]);
}

#[test]
fn a_smaller_pool_shrinks_as_its_work_ends() {
    let wide = BackendSettings {
        connections: 3,
        ..narrow()
    };
    let mut backend = Backend::new(wide, at(0));
    for _ in 0..6 {
        admitted(&mut backend, at(0), read());
    }
    backend.configure(at(50), narrow());
    assert_eq!((backend.in_use(), backend.waiting()), (3, 3));
    drain(&mut backend, at(100));
    assert_eq!((backend.in_use(), backend.waiting()), (1, 2));
}

#[test]
fn the_level_falls_while_the_wait_is_long_and_rises_after() {
    let mut backend = Backend::new(narrow(), at(0));
    let slow = BackendSettings {
        slowdown: 100_000,
        ..narrow()
    };
    backend.configure(at(0), slow);
    assert_eq!(backend.level(at(500)), 1_000);
    for _ in 0..3 {
        admitted(&mut backend, at(500), read());
    }
    let levels: Vec<u32> = (1..=4).map(|s| backend.level(at(1_000 * s))).collect();
    assert_eq!(levels, [700, 490, 343, 240]);
    assert_eq!(backend.level(at(19_000)), 20);
    // The last has begun: nobody waits.
    assert_eq!(backend.level(at(21_000)), 35);
    assert_eq!(backend.level(Instant::NEVER), 1_000);
}

#[test]
fn settings_are_checked_by_path() {
    let settings: BackendSettings =
        serde_json::from_str(r#"{"order":{"coDel":{"targetMs":9,"intervalMs":5}}}"#).unwrap();
    assert_eq!(
        settings.check().unwrap_err().to_string(),
        "order.coDel.targetMs must be 0 to 5, not 9"
    );
    assert!(serde_json::from_str::<BackendSettings>(r#"{"conections":5}"#).is_err());
    for settings in [
        BackendSettings::default(),
        BackendSettings::origin(),
        BackendSettings::reference(),
        BackendSettings::unpooled(),
    ] {
        assert_eq!(settings.check(), Ok(()));
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(
            serde_json::from_str::<BackendSettings>(&text).unwrap(),
            settings
        );
    }
}
