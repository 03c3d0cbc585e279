//! What the breaker's settings do, each by itself.

use super::world::{DOWN, OK, World};
use crate::testing::test;
use crate::{
    Breaker, BreakerSettings, BreakerState, Change, Instant, Millis, Pass, Rng, Verdict, Vote,
};

const LEASE: Millis = Millis(10_000);

/// A breaker, its settings and a clock.
struct Bench {
    breaker: Breaker,
    settings: BreakerSettings,
    now: Instant,
    rng: Rng,
}

impl Bench {
    fn with(change: impl FnOnce(&mut BreakerSettings)) -> Bench {
        let mut settings = BreakerSettings::default();
        change(&mut settings);
        Bench {
            breaker: Breaker::new(),
            settings,
            now: Instant::from_millis(1_000),
            rng: Rng::new(7),
        }
    }

    fn pass(&mut self, millis: u64) {
        self.now = self.now + Millis(millis);
    }

    fn admit(&mut self) -> Option<Pass> {
        let admitted = self.breaker.admit(self.now, LEASE, &self.settings);
        admitted.ok().map(|(pass, _)| pass)
    }

    fn settle(&mut self, pass: Pass, vote: Vote, slow: bool) -> Option<Change> {
        let Bench {
            now, settings, rng, ..
        } = self;
        self.breaker.settle(*now, pass, vote, slow, settings, rng)
    }

    fn attempt(&mut self, vote: Vote, slow: bool) -> Option<Change> {
        let pass = self.admit().expect("it lets the attempt through");
        self.settle(pass, vote, slow)
    }

    fn state(&self) -> BreakerState {
        self.breaker.state(self.now)
    }

    fn until(&self) -> Option<Instant> {
        self.breaker.refusal(self.now, &self.settings)
    }

    /// Lets it open by failures; for how long.
    fn open(&mut self) -> Millis {
        while self.state() != BreakerState::Open {
            self.attempt(Vote::Failure, false);
        }
        self.until().expect("it is open") - self.now
    }

    /// Opens it and lets the time pass after which it lends probes.
    fn half_open(&mut self) {
        let length = self.open();
        self.pass(length.0);
    }
}

#[test]
fn slow_successes_open_it_at_their_share() {
    let mut bench = Bench::with(|settings| {
        settings.slow_ms = 500;
        settings.slow_percent = 50;
    });
    for _ in 0..4 {
        assert_eq!(bench.attempt(Vote::Success, false), None);
    }
    for _ in 0..3 {
        assert_eq!(bench.attempt(Vote::Success, true), None);
    }
    let change = bench.attempt(Vote::Success, true).expect("four of eight");
    assert_eq!(change.to, BreakerState::Open);
    assert_eq!(
        (
            change.counts.calls,
            change.counts.slow,
            change.counts.failures
        ),
        (8, 4, 0)
    );
}

#[test]
fn an_engine_measures_what_is_slow_only_when_it_is_told_from_when_on() {
    for (slow_ms, state) in [
        (0, BreakerState::Closed),
        (10, BreakerState::Open),
        (11, BreakerState::Closed),
    ] {
        let mut world = World::with(|settings| settings.breaker.slow_ms = slow_ms);
        for _ in 0..6 {
            world.read(&[OK]);
        }
        let health = world.engine.health(world.now);
        assert_eq!(health.scopes[0].breaker, state, "slow after {slow_ms} ms");
    }
}

#[test]
fn failures_in_a_row_open_it_however_few_and_a_success_starts_the_row_again() {
    let mut bench = Bench::with(|settings| settings.consecutive = 3);
    for vote in [
        Vote::Failure,
        Vote::Failure,
        Vote::Success,
        Vote::Failure,
        Vote::Neither,
        Vote::Failure,
    ] {
        assert_eq!(bench.attempt(vote, false), None);
    }
    let change = bench.attempt(Vote::Failure, false).expect("three in a row");
    assert_eq!(change.counts.in_a_row, 3);
}

fn three_probes(settings: &mut BreakerSettings) {
    settings.probes = 3;
    settings.probe_percent = 66;
}

#[test]
fn two_good_probes_of_three_close_it_without_the_third() {
    let mut bench = Bench::with(three_probes);
    bench.half_open();
    let passes = [(); 3].map(|()| bench.admit().expect("three probes"));
    assert_eq!(bench.admit(), None);
    assert_eq!(bench.settle(passes[0], Vote::Success, false), None);
    assert_eq!(bench.settle(passes[1], Vote::Failure, false), None);
    bench.settle(passes[2], Vote::Success, false);
    assert_eq!(bench.state(), BreakerState::Closed);

    bench.half_open();
    bench.attempt(Vote::Success, false);
    assert_eq!(bench.state(), BreakerState::HalfOpen);
    bench.attempt(Vote::Success, false);
    assert_eq!(bench.state(), BreakerState::Closed);
}

#[test]
fn two_bad_probes_of_three_open_it_without_the_third() {
    let mut bench = Bench::with(three_probes);
    bench.half_open();
    assert_eq!(
        bench.attempt(Vote::Failure, false).map(|change| change.to),
        None
    );
    assert_eq!(
        bench.attempt(Vote::Failure, false).map(|change| change.to),
        Some(BreakerState::Open)
    );
}

#[test]
fn a_share_that_two_of_three_do_not_reach_takes_all_three() {
    let mut bench = Bench::with(|settings| {
        settings.probes = 3;
        settings.probe_percent = 67;
    });
    bench.half_open();
    bench.attempt(Vote::Success, false);
    bench.attempt(Vote::Success, false);
    assert_eq!(bench.state(), BreakerState::HalfOpen);
    bench.attempt(Vote::Success, false);
    assert_eq!(bench.state(), BreakerState::Closed);
}

#[test]
fn a_lease_that_runs_out_is_lent_again() {
    let mut bench = Bench::with(|_| {});
    bench.half_open();
    let _hung = bench.admit().expect("the probe");
    assert_eq!(bench.until(), Some(bench.now + LEASE));
    bench.pass(LEASE.0 - 1);
    assert_eq!(bench.admit(), None);
    bench.pass(1);
    bench.attempt(Vote::Success, false);
    assert_eq!(bench.state(), BreakerState::Closed);
}

#[test]
fn a_cancelled_probe_is_lent_again_at_once() {
    let mut bench = Bench::with(|_| {});
    bench.half_open();
    assert_eq!(bench.attempt(Vote::Neither, false), None);
    assert!(bench.admit().is_some());
}

#[test]
fn a_result_of_an_earlier_generation_decides_nothing() {
    let mut bench = Bench::with(|_| {});
    let early = [(); 10].map(|()| bench.admit().expect("closed"));
    bench.half_open();
    let probe = bench.admit().expect("the probe");
    for pass in early {
        assert_eq!(bench.settle(pass, Vote::Success, false), None);
    }
    assert_eq!(bench.state(), BreakerState::HalfOpen);
    bench.settle(probe, Vote::Success, false);
    for pass in early {
        assert_eq!(bench.settle(pass, Vote::Failure, true), None);
    }
    assert_eq!(bench.state(), BreakerState::Closed);
    assert_eq!(bench.breaker.counts(bench.now, &bench.settings).calls, 0);
}

#[test]
fn isolated_by_hand_it_lets_nothing_through_until_it_is_released() {
    for shadow in [0, 1] {
        let mut bench = Bench::with(|settings| settings.shadow = shadow);
        let isolated = bench.breaker.isolate(bench.now, &bench.settings);
        assert_eq!(
            isolated.map(|change| change.to),
            Some(BreakerState::Isolated)
        );
        assert_eq!(bench.breaker.isolate(bench.now, &bench.settings), None);
        bench.pass(86_400_000);
        assert_eq!((bench.admit(), bench.until()), (None, Some(Instant::NEVER)));
        let released = bench.breaker.release(bench.now, &bench.settings);
        assert_eq!(released.map(|change| change.to), Some(BreakerState::Closed));
        assert_eq!(bench.breaker.release(bench.now, &bench.settings), None);
        assert_eq!(
            bench.attempt(Vote::Failure, false),
            None,
            "its window is empty"
        );
    }
}

#[test]
fn a_shadow_refuses_nothing_and_reports_what_it_would_have_done() {
    let mut world = World::with(|settings| settings.breaker.shadow = 1);
    for _ in 0..6 {
        world.read(&[DOWN]);
    }
    assert_eq!(world.engine.refusal(world.scope, world.now), None);
    assert_eq!(world.read(&[OK]), Verdict::Network);
    assert_eq!(world.breaker_states(), ["open"]);
    world.pass(2_000);
    world.read(&[OK]);
    assert_eq!(world.breaker_states(), ["half-open", "closed"]);
}

#[test]
fn the_servers_word_opens_it_until_then_and_never_shortens_its_own() {
    let mut bench = Bench::with(|_| {});
    let named = bench.now + Millis(45_000);
    let change = bench.breaker.heed(bench.now, named, &bench.settings);
    assert_eq!(change.map(|change| change.to), Some(BreakerState::Open));
    assert_eq!((bench.admit(), bench.until()), (None, Some(named)));
    let sooner = bench.now + Millis(5_000);
    assert_eq!(bench.breaker.heed(bench.now, sooner, &bench.settings), None);
    assert_eq!(bench.until(), Some(named));
    bench.pass(45_000);
    assert!(bench.admit().is_some());
}

#[test]
fn a_time_that_is_past_is_no_word() {
    let mut bench = Bench::with(|_| {});
    assert_eq!(
        bench.breaker.heed(bench.now, bench.now, &bench.settings),
        None
    );
    assert_eq!(bench.state(), BreakerState::Closed);
}

#[test]
fn a_ramp_lets_a_quarter_through_at_first_and_all_after_it() {
    let mut bench = Bench::with(|settings| settings.ramp_ms = 10_000);
    bench.half_open();
    bench.attempt(Vote::Success, false);
    let admitted = |bench: &mut Bench| (0..100).filter(|_| bench.admit().is_some()).count();
    assert_eq!(admitted(&mut bench), 25);
    bench.pass(5_000);
    assert!((61..=63).contains(&admitted(&mut bench)));
    bench.pass(5_000);
    assert!(admitted(&mut bench) >= 99);
    assert_eq!(admitted(&mut bench), 100);
}

#[test]
fn without_a_ramp_all_go_at_once() {
    let mut bench = Bench::with(|_| {});
    bench.half_open();
    bench.attempt(Vote::Success, false);
    assert_eq!((0..100).filter(|_| bench.admit().is_some()).count(), 100);
}

#[test]
fn its_open_time_halves_with_every_windows_length_that_it_stays_closed() {
    for (windows, ceiling) in [
        (0, 16_000),
        (1, 8_000),
        (2, 4_000),
        (3, 2_000),
        (100, 2_000),
    ] {
        let mut bench = Bench::with(|_| {});
        bench.half_open();
        for _ in 0..2 {
            bench.attempt(Vote::Failure, false);
            bench.now = bench.until().expect("open for longer");
        }
        bench.attempt(Vote::Success, false);
        bench.pass(windows * 30_000);
        let length = bench.open().0;
        assert!(
            (ceiling / 2..=ceiling).contains(&length),
            "{windows} windows: {length} ms"
        );
    }
}
