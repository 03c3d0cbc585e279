use super::world::{DOWN, OK, World, reason};
use crate::testing::test;
use crate::{
    Breaker, BreakerSettings, BreakerState, CallSpec, Instant, Millis, Reason, Rng, Step, Verdict,
    Vote,
};

#[test]
fn an_open_breaker_refuses_and_says_until_when() {
    let mut world = World::new();
    let until = (0..2).fold(Instant::START, |_, _| {
        world.now = world.open();
        let call = world.begin_as(CallSpec::write(world.scope));
        world.drive(call, &[DOWN]);
        world.open()
    });
    assert!(
        until - world.now > Millis(3_000),
        "longer than a call is held"
    );
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

#[test]
fn a_probe_that_takes_as_long_as_an_attempt_may_still_closes_it() {
    let mut world = World::with(|settings| settings.timeout.attempt_ms = 30_000);
    world.now = world.open();
    let mut probe = world.begin();
    let _ = world.poll(&mut probe);
    world.pass(15_000);
    assert_eq!(reason(world.read(&[OK])), Some(Reason::CircuitOpen));
    world.settle(&mut probe, OK);
    assert_eq!(world.read(&[OK]), Verdict::Network);
}

/// The share of runs, in percent, in which 200 attempts against a backend that fails three times in ten open the breaker.
fn opens_at_three_in_ten(settings: &BreakerSettings) -> usize {
    const RUNS: usize = 2_000;
    let opens = |seed| {
        let (mut breaker, mut rng) = (Breaker::new(), Rng::new(seed));
        (0..200).any(|n| {
            let now = Instant::from_millis(n);
            let Ok((pass, _)) = breaker.admit(now, Millis(1), settings) else {
                return true;
            };
            let vote = match rng.below(10) {
                0..3 => Vote::Failure,
                _ => Vote::Success,
            };
            breaker
                .settle(now, pass, vote, false, settings, &mut rng)
                .is_some()
        })
    };
    (0..RUNS as u64).filter(|&seed| opens(seed)).count() * 100 / RUNS
}

#[test]
fn three_failures_in_ten_hardly_ever_open_it_by_default_and_mostly_do_at_half_of_five() {
    let default = BreakerSettings::default();
    let usual = BreakerSettings {
        minimum_calls: 5,
        failure_percent: 50,
        ..BreakerSettings::default()
    };
    assert!(opens_at_three_in_ten(&default) <= 8);
    assert!(opens_at_three_in_ten(&usual) >= 75);
}
