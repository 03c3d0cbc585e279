//! What the server asks for is done, within bounds.

use alloc::borrow::ToOwned;

use super::world::{DOWN, OK, World, busy, reason, status};
use crate::testing::test;
use crate::throttle::Priority;
use crate::{CallSpec, Event, Instant, Millis, Notice, Reason, Step};

fn hear(world: &mut World, word: &str) {
    let (scope, now) = (world.scope, world.now);
    world.engine.hear(now, scope, word);
}

#[test]
fn an_answer_that_says_when_to_come_back_holds_for_all_calls_of_its_route() {
    let mut world = World::new();
    world.read(&[busy(503, Millis::from_secs(20))]);
    let verdict = world.read(&[OK]);
    assert_eq!(reason(verdict), Some(Reason::ServerBusy));
    world.pass(23_000);
    assert_eq!(reason(world.read(&[OK])), None);
}

#[test]
fn a_wait_of_thirty_days_is_taken_for_a_minute() {
    let mut world = World::new();
    world.read(&[busy(503, Millis::from_secs(30 * 86_400))]);
    world.pass(60_000 + 7_600);
    assert_eq!(reason(world.read(&[OK])), None);
}

#[test]
fn of_what_is_wanted_the_share_goes_that_the_server_asks_for() {
    let mut world = World::with(|settings| settings.gate.hold_ms = 0);
    hear(&mut world, "level=300, ttl=300");
    let answered = (0..1_000).filter(|_| reason(world.read(&[OK])).is_none());
    let answered = answered.count();
    assert!((250..350).contains(&answered), "{answered}");
}

#[test]
fn what_nobody_waits_for_is_not_sent_at_level_nought() {
    let mut world = World::with(|settings| settings.gate.hold_ms = 0);
    hear(&mut world, "level=0, ttl=300");
    for _ in 0..200 {
        let call = world.begin_as(CallSpec {
            priority: Priority::Background,
            ..CallSpec::write(world.scope)
        });
        let (verdict, attempts) = world.drive(call, &[OK]);
        assert_eq!((reason(verdict), attempts), (Some(Reason::ServerBusy), 0));
    }
}

#[test]
fn a_call_that_waits_by_the_servers_word_goes_when_that_is_taken_back() {
    let mut world = World::new();
    hear(&mut world, "level=0, embargo=2, ttl=300");
    let mut call = world.begin_as(CallSpec::write(world.scope));
    assert!(matches!(world.poll(&mut call), Step::Wait(_)));
    hear(&mut world, "level=1000");
    assert!(world.engine.drain_wakes().any(|id| id == call.id()));
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 1 });
}

#[test]
fn nothing_is_repeated_where_the_server_wants_no_retries() {
    let mut world = World::new();
    hear(&mut world, "level=1000, retries=?0");
    let call = world.begin();
    assert_eq!(world.drive(call, &[status(500), OK]).1, 1);
}

#[test]
fn during_an_embargo_the_path_is_asked_that_the_server_has_named_and_no_route() {
    let mut world = World::with(|settings| settings.retry.attempts = 1);
    world.read(&[DOWN]);
    hear(&mut world, "level=1000, embargo=60");
    assert!(world.engine.next_probe() >= world.now + Millis(60_000));
    hear(&mut world, "level=1000, embargo=60, probe=\"/ready\"");
    assert!(world.engine.next_probe() < world.now + Millis(60_000));
    world.now = world.engine.next_probe();
    let scope = world.engine.due_probe(world.now).unwrap();
    assert_eq!(world.engine.probe_path(world.now, scope), Some("/ready"));
    let mut probe = world.begin_as(CallSpec::stand_in(scope));
    assert_eq!(world.poll(&mut probe), Step::Send { attempt: 1 });
}

#[test]
fn a_word_that_is_void_is_reported_once_and_changes_nothing() {
    let mut world = World::new();
    for _ in 0..3 {
        hear(&mut world, "level=2000");
    }
    let told = world.events().into_iter().filter_map(|event| match event {
        Event::Notice(notice) => Some(notice.notice),
        _ => None,
    });
    assert!(told.eq([Notice::ServerWordRefused]));
    assert_eq!(reason(world.read(&[OK])), None);
}

#[test]
fn a_rate_tells_the_call_that_it_refuses_when_it_could_go() {
    let mut world = World::with(|settings| {
        settings.rate.limit = 1;
        settings.rate.interval_ms = 10_000;
        settings.rate.burst = 1;
    });
    let began = world.now;
    assert_eq!(reason(world.read(&[OK])), None);
    let call = world.begin_as(CallSpec::write(world.scope));
    let (verdict, _) = world.drive(call, &[OK]);
    let crate::Verdict::Failed(why) = verdict else {
        panic!("{verdict:?}")
    };
    assert_eq!(why.reason, Reason::Throttled);
    assert_eq!(why.retry_at, Some(began + Millis(10_000)));
    world.now = began + Millis(7_500);
    let mut call = world.begin_as(CallSpec::write(world.scope));
    assert_eq!(world.poll(&mut call), Step::Wait(began + Millis(10_000)));
    world.now = began + Millis(10_000);
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 1 });
}

#[test]
fn an_attempt_that_timed_out_counts_against_the_limit_for_a_while() {
    let mut world = World::with(|settings| {
        settings.concurrency.limit = 1;
        settings.concurrency.abandoned_ms = 5_000;
        settings.timeout.attempt_ms = 1_000;
        settings.retry.attempts = 1;
    });
    let mut first = world.begin_as(CallSpec {
        lookup: crate::Lookup::Never,
        ..CallSpec::read(world.scope)
    });
    let _ = world.poll(&mut first);
    world.pass(1_000);
    assert_eq!(world.poll(&mut first), Step::Abandon);
    let given_up = world.now;
    let mut second = world.begin_as(CallSpec::write(world.scope));
    while let Step::Wait(until) = world.poll(&mut second) {
        assert!(until > world.now && until < Instant::NEVER);
        world.now = until;
    }
    assert_eq!(world.now, given_up + Millis(5_000));
    assert_eq!(world.engine.health(world.now).in_flight, 1);
}

#[test]
fn the_urgent_go_first_and_the_heavy_take_what_they_weigh() {
    let mut world = World::with(|settings| settings.concurrency.limit = 2);
    let with = |priority, weight| CallSpec {
        priority,
        weight,
        ..CallSpec::write(world.scope)
    };
    let (heavy, low, high) = (
        with(Priority::Normal, 2),
        with(Priority::Background, 1),
        with(Priority::Urgent, 1),
    );
    let mut heavy = world.begin_as(heavy);
    assert!(matches!(world.poll(&mut heavy), Step::Send { .. }));
    let mut low = world.begin_as(low);
    let mut high = world.begin_as(high);
    assert!(matches!(world.poll(&mut low), Step::Wait(_)));
    assert!(matches!(world.poll(&mut high), Step::Wait(_)));
    world.settle(&mut heavy, OK);
    let woken: alloc::vec::Vec<_> = world.engine.drain_wakes().collect();
    assert_eq!(woken, [high.id(), low.id()]);
}

#[test]
fn a_scope_that_is_isolated_lets_nothing_through_until_it_is_released() {
    let mut world = World::new();
    let name = world.engine.scope_name(world.scope).to_owned();
    assert!(world.engine.isolate(world.now, &name));
    assert!(!world.engine.isolate(world.now, "https://b.example/assets"));
    assert_eq!(reason(world.read(&[OK])), Some(Reason::CircuitOpen));
    assert!(world.engine.release_scope(world.now, &name));
    assert_eq!(reason(world.read(&[OK])), None);
}

#[test]
fn settings_that_change_hold_for_the_calls_that_wait() {
    let mut world = World::with(|settings| settings.concurrency.limit = 1);
    let mut first = world.begin();
    let _ = world.poll(&mut first);
    let mut second = world.begin();
    assert!(matches!(world.poll(&mut second), Step::Wait(_)));
    let mut settings = world.engine.settings().clone();
    settings.concurrency.limit = 2;
    world.engine.configure(world.now, settings.clone()).unwrap();
    assert!(world.engine.drain_wakes().any(|id| id == second.id()));
    assert!(matches!(world.poll(&mut second), Step::Send { .. }));
    settings.concurrency.limit = 0;
    assert!(world.engine.configure(world.now, settings).is_err());
    assert_eq!(world.engine.settings().concurrency.limit, 2);
}

#[test]
fn a_path_that_is_not_there_says_nothing_of_a_backend_that_is_ready() {
    let mut world = World::with(|settings| settings.retry.attempts = 1);
    world.read(&[DOWN]);
    hear(&mut world, "level=1000, ttl=300, probe=\"/ready\"");
    for (status, wanted) in [(404, true), (302, true), (204, false)] {
        world.now = world.engine.next_probe();
        let scope = world.engine.due_probe(world.now).unwrap();
        let probe = world.begin_as(CallSpec::stand_in(scope));
        world.drive(probe, &[super::world::status(status)]);
        assert_eq!(world.engine.is_wanted(world.scope), wanted, "{status}");
    }
}
