use super::world::{DOWN, OK, World, busy, reason, status};
use crate::testing::test;
use crate::{CallSpec, Millis, Reason, Step, Verdict};

#[test]
fn a_healthy_backend_answers_at_the_first_attempt() {
    let mut world = World::new();
    assert_eq!(world.read(&[OK]), Verdict::Network);
    assert_eq!(world.engine.counters.attempts, 1);
}

#[test]
fn a_read_that_fails_is_repeated_until_it_works() {
    let mut world = World::new();
    assert_eq!(world.read(&[DOWN, status(500), OK]), Verdict::Network);
    assert_eq!(
        (
            world.engine.counters.attempts,
            world.engine.counters.retries
        ),
        (3, 2)
    );
}

#[test]
fn attempts_end_at_the_limit_with_the_last_outcome_as_the_reason() {
    let mut world = World::new();
    assert_eq!(
        reason(world.read(&[DOWN, DOWN, status(500), OK])),
        Some(Reason::Status)
    );
    assert_eq!(world.engine.counters.attempts, 3);
}

#[test]
fn a_write_is_sent_once_unless_it_carries_a_key() {
    for (method, keyed, attempts) in [
        ("POST", false, 1),
        ("PATCH", false, 1),
        ("POST", true, 3),
        ("PUT", false, 3),
        ("DELETE", false, 3),
    ] {
        let mut world = World::new();
        let call = world.begin_as(CallSpec::of(world.scope, method, keyed));
        assert_eq!(
            world.drive(call, &[DOWN]).1,
            attempts,
            "{method} keyed: {keyed}"
        );
    }
}

#[test]
fn the_wait_before_a_retry_is_never_shorter_than_the_server_asks_for() {
    for seed in 0..50 {
        let mut world = World::new();
        world.engine.rng = crate::Rng::new(seed);
        (0..20).for_each(|_| assert_eq!(world.read(&[OK]), Verdict::Network));
        let mut call = world.begin();
        let _ = world.poll(&mut call);
        world.settle(&mut call, busy(503, Millis(2_000)));
        let Step::Wait(until) = world.poll(&mut call) else {
            panic!("waits")
        };
        assert!((2_000..=2_350).contains(&(until - world.now).0));
    }
}

#[test]
fn a_wait_longer_than_the_settings_allow_ends_the_call_and_says_until_when() {
    let mut world = World::new();
    let asked = Millis::from_secs(60);
    let before = world.now;
    let verdict = world.read(&[busy(429, asked)]);
    let Verdict::Failed(why) = verdict else {
        panic!("{verdict:?}")
    };
    let said = before + Millis(10) + asked;
    assert!(why.retry_at >= Some(said) && why.retry_at <= Some(said + Millis(7_600)));
    assert_eq!(world.engine.counters.attempts, 1);
}

#[test]
fn an_attempt_that_times_out_is_given_up_and_not_repeated() {
    let mut world = World::new();
    let mut call = world.begin_as(CallSpec::of(world.scope, "HEAD", false));
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 1 });
    assert!(matches!(world.poll(&mut call), Step::Wait(_)));
    world.pass(10_000);
    assert_eq!(world.poll(&mut call), Step::Abandon);
    let Step::Done(verdict) = world.poll(&mut call) else {
        panic!("over")
    };
    assert_eq!(reason(verdict), Some(Reason::Timeout));
}

#[test]
fn the_total_timeout_ends_a_call_that_waits_for_its_retry() {
    let mut world = World::with(|settings| {
        settings.timeout.total_ms = 1_000;
        settings.retry.base_ms = 60_000;
        settings.retry.cap_ms = 60_000;
        settings.retry.attempts = 10;
    });
    let began = world.now;
    assert_eq!(reason(world.read(&[DOWN])), Some(Reason::Unreachable));
    assert!(world.now - began <= Millis(1_000));
}

#[test]
fn an_upload_has_only_the_end_of_the_whole_call() {
    let mut world = World::new();
    let mut call = world.begin_as(CallSpec::of(world.scope, "PUT", false));
    let _ = world.poll(&mut call);
    assert_eq!(
        world.poll(&mut call),
        Step::Wait(world.now + Millis(30_000))
    );
}
