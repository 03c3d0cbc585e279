use super::world::{DOWN, OK, World, busy, reason, status};
use crate::testing::test;
use crate::{
    BreakerState, CallSpec, Event, Found, Instant, Millis, Outcome, Reason, Source, Step, Verdict,
    Vote,
};

// Retries.

#[test]
fn a_healthy_backend_answers_at_the_first_attempt() {
    let mut world = World::new();
    assert_eq!(world.read(&[OK]), Verdict::Network);
    assert_eq!(world.engine.counters.attempts, 1);
}

#[test]
fn a_read_that_fails_is_repeated_until_it_works() {
    let mut world = World::new();
    assert_eq!(world.read(&[DOWN, status(503), OK]), Verdict::Network);
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
        reason(world.read(&[DOWN, DOWN, status(503), OK])),
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
        let mut call = world.begin();
        let _ = world.poll(&mut call);
        world.settle(&mut call, busy(503, Millis(2_000)));
        let Step::Wait(until) = world.poll(&mut call) else {
            panic!("waits")
        };
        assert!((2_000..=2_100).contains(&(until - world.now).0));
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
    assert_eq!(why.retry_at, Some(before + Millis(10) + asked));
    assert_eq!(world.engine.counters.attempts, 1);
}

#[test]
fn an_attempt_that_times_out_is_given_up_and_not_repeated() {
    let mut world = World::new();
    let mut call = world.begin_as(CallSpec::of(world.scope, "PUT", false));
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 1 });
    assert_eq!(
        world.poll(&mut call),
        Step::Wait(world.now + Millis(10_000))
    );
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

// The cache.

#[test]
fn a_kept_answer_is_served_with_its_age_when_the_network_has_none() {
    let mut world = World::new();
    world.kept = Some(Millis(42_000));
    let verdict = world.read(&[DOWN]);
    assert!(
        matches!(verdict, Verdict::Cached { age: Millis(42_000), why } if why.reason == Reason::Unreachable)
    );
}

#[test]
fn an_answer_older_than_the_limit_is_not_served() {
    let mut world = World::with(|settings| settings.cache.stale_ms = 1_000);
    world.kept = Some(Millis(1_001));
    assert_eq!(reason(world.read(&[DOWN])), Some(Reason::Unreachable));
    assert_eq!(world.engine.counters.failed, 1);
}

#[test]
fn a_slow_network_is_waited_for_only_as_long_as_patience_lasts() {
    let mut world = World::new();
    world.kept = Some(Millis(5));
    let mut call = world.begin();
    let _ = world.poll(&mut call);
    assert_eq!(world.poll(&mut call), Step::Wait(world.now + Millis(3_000)));
    world.pass(3_000);
    assert_eq!(world.poll(&mut call), Step::ReadCache);
    let step = world.cached(&mut call);
    assert!(
        matches!(step, Step::Answer(verdict) if reason(verdict) == Some(Reason::Slow)),
        "{step:?}"
    );
    world.pass(500);
    world.settle(&mut call, OK);
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
    let answers = world
        .events()
        .into_iter()
        .filter(|event| matches!(event, Event::Answer(_)))
        .count();
    assert_eq!(
        (
            answers,
            world.engine.counters.from_cache,
            world.engine.counters.from_network
        ),
        (1, 1, 0)
    );
}

#[test]
fn without_a_kept_answer_a_slow_network_is_waited_for_to_the_end() {
    let mut world = World::new();
    let mut call = world.begin();
    let _ = world.poll(&mut call);
    world.pass(3_000);
    assert_eq!(world.poll(&mut call), Step::ReadCache);
    assert_eq!(
        call.cached(&mut world.engine, world.now, Found::Miss),
        Step::Wait(world.now + Millis(7_000))
    );
    world.settle(&mut call, OK);
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
}

#[test]
fn nothing_is_asked_of_a_cache_that_is_switched_off() {
    let mut world = World::with(|settings| settings.cache.entries = 0);
    world.kept = Some(Millis(1));
    assert_eq!(reason(world.read(&[DOWN])), Some(Reason::Unreachable));
}

// The breaker.

#[test]
fn an_open_breaker_refuses_and_says_until_when() {
    let mut world = World::new();
    let until = world.open();
    let sent = world.engine.counters.attempts;
    let verdict = world.read(&[OK]);
    let Verdict::Failed(why) = verdict else {
        panic!("{verdict:?}")
    };
    assert_eq!(
        (why.reason, why.retry_at),
        (Reason::CircuitOpen, Some(until))
    );
    assert_eq!(world.engine.counters.attempts, sent);
}

#[test]
fn one_probe_closes_it_and_the_others_wait_for_its_word() {
    let mut world = World::new();
    world.now = world.open();
    let mut probe = world.begin();
    assert_eq!(world.poll(&mut probe), Step::Send { attempt: 1 });
    assert_eq!(reason(world.read(&[OK])), Some(Reason::CircuitOpen));
    world.settle(&mut probe, OK);
    assert_eq!(world.poll(&mut probe), Step::Done(Verdict::Network));
    assert_eq!(world.read(&[OK]), Verdict::Network);
    assert_eq!(world.breaker_states(), ["open", "half-open", "closed"]);
}

#[test]
fn a_probe_that_fails_opens_it_for_longer() {
    let mut world = World::new();
    let mut lengths = alloc::vec::Vec::new();
    for _ in 0..8 {
        let until = world.open();
        lengths.push((until - world.now).0);
        world.now = until;
        let call = world.begin_as(CallSpec::write(world.scope));
        world.drive(call, &[DOWN]);
    }
    let ceilings = [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000];
    assert!(
        lengths
            .iter()
            .zip(ceilings)
            .all(|(&length, ceiling)| (ceiling / 2..=ceiling).contains(&length)),
        "{lengths:?}"
    );
}

#[test]
fn a_probe_that_hangs_does_not_wedge_it() {
    let mut world = World::new();
    world.now = world.open();
    let mut hung = world.begin();
    let _ = world.poll(&mut hung);
    world.pass(10_000);
    assert_eq!(world.read(&[OK]), Verdict::Network);
    world.settle(&mut hung, DOWN);
    assert_eq!(
        world.engine.health(world.now).scopes[0].breaker,
        BreakerState::Closed
    );
}

#[test]
fn a_probe_that_is_cancelled_gives_its_lease_back() {
    let mut world = World::new();
    world.now = world.open();
    let mut probe = world.begin();
    let _ = world.poll(&mut probe);
    probe.cancel(&mut world.engine, world.now);
    assert_eq!(world.read(&[OK]), Verdict::Network);
}

#[test]
fn a_result_from_before_it_opened_decides_nothing() {
    let mut world = World::new();
    let mut early = world.begin();
    let _ = world.poll(&mut early);
    world.now = world.open();
    let mut probe = world.begin();
    let _ = world.poll(&mut probe);
    world.settle(&mut early, OK);
    assert_eq!(
        world.engine.health(world.now).scopes[0].breaker,
        BreakerState::HalfOpen
    );
    world.settle(&mut probe, DOWN);
    assert_eq!(
        world.engine.health(world.now).scopes[0].breaker,
        BreakerState::Open
    );
}

#[test]
fn cancelled_calls_never_open_it() {
    let mut world = World::new();
    for _ in 0..100 {
        let mut call = world.begin();
        let _ = world.poll(&mut call);
        call.cancel(&mut world.engine, world.now);
    }
    let health = world.engine.health(world.now);
    assert_eq!(
        (
            health.scopes[0].calls,
            health.in_flight,
            health.counters.cancelled
        ),
        (0, 0, 100)
    );
}

#[test]
fn an_hour_of_silence_empties_the_window_however_few_calls_follow() {
    let mut world = World::new();
    for _ in 0..20 {
        world.read(&[OK]);
    }
    world.pass(3_600_000);
    let until = world.open();
    assert!(until > world.now && world.engine.health(world.now).scopes[0].calls <= 7);
}

#[test]
fn a_dead_endpoint_costs_the_others_nothing() {
    let mut world = World::new();
    world.open();
    let other = world.engine.scope("https://a.example", "/owners");
    let call = world.begin_as(CallSpec::read(other));
    assert_eq!(world.drive(call, &[OK]), (Verdict::Network, 1));
}

// The limit.

#[test]
fn calls_beyond_the_limit_wait_for_their_turn_and_no_longer_than_the_settings_say() {
    let mut world = World::with(|settings| {
        settings.concurrency.limit = 1;
        settings.concurrency.queue = 1;
        settings.concurrency.queue_ms = 500;
    });
    let mut first = world.begin();
    let _ = world.poll(&mut first);
    let mut second = world.begin();
    assert_eq!(world.poll(&mut second), Step::Wait(world.now + Millis(500)));
    assert_eq!(reason(world.read(&[OK])), Some(Reason::Throttled));

    world.settle(&mut first, OK);
    assert!(world.engine.drain_wakes().eq([second.id()]));
    assert_eq!(world.poll(&mut second), Step::Send { attempt: 1 });

    let mut third = world.begin();
    let _ = world.poll(&mut third);
    world.pass(500);
    assert_eq!(world.poll(&mut third), Step::ReadCache);
    let Step::Done(verdict) = world.cached(&mut third) else {
        panic!("over")
    };
    assert_eq!(reason(verdict), Some(Reason::Throttled));
}

#[test]
fn calls_that_wait_are_refused_at_once_when_the_breaker_opens() {
    let mut world = World::with(|settings| {
        settings.concurrency.limit = 1;
        settings.breaker.minimum_calls = 1;
        settings.retry.attempts = 1;
    });
    let mut first = world.begin();
    let _ = world.poll(&mut first);
    let mut second = world.begin_as(CallSpec::write(world.scope));
    let _ = world.poll(&mut second);
    world.settle(&mut first, DOWN);
    assert!(world.engine.drain_wakes().any(|id| id == second.id()));
    let Step::Done(verdict) = world.poll(&mut second) else {
        panic!("over")
    };
    assert_eq!(reason(verdict), Some(Reason::CircuitOpen));
}

// No network.

#[test]
fn without_a_network_a_kept_answer_is_served_at_once_and_nothing_is_sent() {
    let mut world = World::new();
    world.kept = Some(Millis(9));
    world.engine.set_online(world.now, false);
    assert_eq!(reason(world.read(&[OK])), Some(Reason::Offline));
    assert_eq!(world.engine.counters.attempts, 0);
}

#[test]
fn without_a_network_and_a_kept_answer_one_attempt_is_made_and_counts_against_nobody() {
    let mut world = World::new();
    world.engine.set_online(world.now, false);
    for _ in 0..20 {
        assert_eq!(reason(world.read(&[DOWN])), Some(Reason::Offline));
    }
    assert_eq!(
        (
            world.engine.counters.attempts,
            world.engine.refusal(world.scope, world.now)
        ),
        (20, None)
    );
}

#[test]
fn the_browsers_word_says_nothing_about_this_machine() {
    let mut world = World::new();
    world.scope = world.engine.scope("http://127.0.0.1:4780", "/assets");
    world.kept = Some(Millis(9));
    world.engine.set_online(world.now, false);
    assert_eq!(world.read(&[OK]), Verdict::Network);
}

// Recovery.

#[test]
fn a_scope_that_failed_a_reader_is_probed_until_it_answers() {
    let mut world = World::new();
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
    world.kept = Some(Millis(1));
    world.read(&[DOWN]);
    for outcome in [DOWN, DOWN, OK] {
        world.now = world.engine.next_probe();
        let scope = world.engine.due_probe(world.now).unwrap();
        assert_eq!(world.engine.due_probe(world.now), None);
        let probe = world.begin_as(CallSpec::probe(scope));
        world.drive(probe, &[outcome]);
    }
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
    assert!(
        world
            .events()
            .iter()
            .any(|event| matches!(event, Event::Recovered(_)))
    );
    let counters = &world.engine.counters;
    assert_eq!((counters.calls, counters.probes), (1, 3));
}

#[test]
fn a_reader_who_was_given_a_kept_answer_for_slowness_is_probed_for_when_the_late_attempt_fails() {
    let mut world = World::new();
    world.kept = Some(Millis(5));
    let mut call = world.begin();
    let _ = world.poll(&mut call);
    world.pass(3_000);
    let _ = world.poll(&mut call);
    assert!(matches!(world.cached(&mut call), Step::Answer(_)));
    world.pass(7_000);
    assert_eq!(world.poll(&mut call), Step::Abandon);
    assert!(matches!(
        world.poll(&mut call),
        Step::Done(Verdict::Failed(_))
    ));
    assert!(world.engine.next_probe() < Instant::NEVER);
}

#[test]
fn health_tells_a_probe_that_is_out_from_one_that_is_due() {
    let mut world = World::new();
    world.read(&[DOWN]);
    let scope = |world: &World| world.engine.health(world.now).scopes[0].clone();
    assert!(scope(&world).probe_in_ms.is_some() && !scope(&world).probing);
    world.now = world.engine.next_probe();
    world.engine.due_probe(world.now).unwrap();
    assert!(scope(&world).probe_in_ms.is_none() && scope(&world).probing);
}

#[test]
fn probes_wait_for_the_breaker() {
    let mut world = World::new();
    let until = world.open();
    assert_eq!(world.engine.next_probe(), until);
}

#[test]
fn a_failed_write_is_never_probed() {
    let mut world = World::new();
    let call = world.begin_as(CallSpec::write(world.scope));
    world.drive(call, &[DOWN]);
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
}

#[test]
fn the_network_coming_back_hurries_the_probes() {
    let mut world = World::new();
    world.engine.set_online(world.now, false);
    world.read(&[DOWN]);
    world.engine.set_online(world.now, true);
    assert!(world.engine.next_probe() <= world.now + Millis(1_000));
}

#[test]
fn a_probe_that_cannot_be_sent_is_forgotten() {
    let mut world = World::new();
    world.read(&[DOWN]);
    world.now = world.engine.next_probe();
    let scope = world.engine.due_probe(world.now).unwrap();
    world.engine.forget(scope);
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
}

// What it says of itself.

#[test]
fn every_answer_is_an_event_with_its_cause() {
    let mut world = World::new();
    world.kept = Some(Millis(7));
    world.read(&[status(503)]);
    let events = world.events();
    let Some(Event::Answer(answer)) = events.last() else {
        panic!("{events:?}")
    };
    assert_eq!(
        (answer.source, answer.reason, answer.age_ms, answer.attempts),
        (Some(Source::Cache), Some(Reason::Status), 7, 3)
    );
    assert_eq!(answer.scope, "https://a.example/assets");
    assert_eq!(
        events
            .iter()
            .filter(|event| matches!(event, Event::Retry(_)))
            .count(),
        2
    );
}

#[test]
fn a_poll_too_many_and_a_late_outcome_change_nothing() {
    let mut world = World::new();
    let mut call = world.begin();
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 1 });
    assert_eq!(world.poll(&mut call), world.poll(&mut call));
    world.settle(&mut call, OK);
    world.settle(&mut call, DOWN);
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
    assert_eq!(
        (
            world.engine.counters.from_network,
            world.engine.health(world.now).in_flight
        ),
        (1, 0)
    );
}

#[test]
fn votes_of_timeouts_and_rejections_are_failures() {
    assert_eq!(
        [Outcome::TimedOut.vote(), Outcome::Unreachable.vote()],
        [Vote::Failure, Vote::Failure]
    );
}
