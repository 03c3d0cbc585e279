//! How fast it drains: at once when all is well, slowly after trouble, and never in anybody's way.

use alloc::vec;
use alloc::vec::Vec;

use super::world::{ORIGIN, World, status};
use crate::outbox::{Claim, Step};
use crate::testing::test;
use crate::{CallSpec, Instant, Millis};

/// Drains with answers that take so long: when each was sent, in milliseconds from now.
fn times(world: &mut World, took: u64) -> Vec<u64> {
    let began = world.now;
    let mut out: Vec<(Instant, Claim)> = Vec::new();
    let mut times = Vec::new();
    for _ in 0..10_000 {
        for claim in world.drain() {
            times.push((world.now - began).0);
            out.push((world.now + Millis(took), claim));
        }
        let (done, rest): (Vec<_>, Vec<_>) = out.into_iter().partition(|(at, _)| *at <= world.now);
        out = rest;
        let answered = !done.is_empty();
        for (_, claim) in done {
            world
                .outbox
                .settle(&world.engine, world.now, claim, status(200));
        }
        if out.is_empty() && world.outbox.health(world.wall).length == 0 {
            break;
        }
        if answered {
            continue;
        }
        let Step::Wait(until) = world.poll() else {
            panic!("there is something to do")
        };
        let next = out.iter().map(|(at, _)| *at).min();
        let next = next.unwrap_or(until).min(until);
        // Rounded up: a clock of whole milliseconds.
        let micros = next.as_micros() - world.now.as_micros();
        world.pass(micros.div_ceil(1_000));
    }
    times
}

fn many(world: &mut World, count: u32) {
    for n in 0..count {
        world.enqueue(World::write(&alloc::format!("{n}")));
    }
}

#[test]
fn what_is_queued_when_all_is_well_goes_at_once() {
    let mut world = World::new();
    many(&mut world, 20);
    let times = times(&mut world, 50);
    assert_eq!(
        times[..7],
        [0, 50, 50, 100, 100, 100, 100],
        "one, two, four"
    );
    assert!(times[19] <= 300, "{times:?}");
}

#[test]
fn after_trouble_it_begins_with_one_at_a_random_moment_and_doubles() {
    let mut firsts = Vec::new();
    for seed in 0..100 {
        let mut world = World::new();
        many(&mut world, 8);
        world.pass(600_000);
        world.reload(seed + 2);
        let times = times(&mut world, 50);
        assert_eq!(times.len(), 8);
        assert!(
            times[1] - times[0] >= 7_000,
            "half of half of the spread: {times:?}"
        );
        assert!(times[7] <= 60_000, "{times:?}");
        firsts.push(times[0]);
    }
    firsts.sort_unstable();
    assert!(
        firsts[25] > 4_000 && firsts[50] > 10_000 && firsts[99] <= 30_000,
        "{firsts:?}"
    );
}

#[test]
fn the_outboxes_of_a_fleet_are_not_the_second_wave() {
    let mut seconds = vec![0_u32; 400];
    for seed in 0..500 {
        let mut world = World::new();
        many(&mut world, 10);
        world.pass(600_000);
        world.reload(seed + 2);
        for time in times(&mut world, 100) {
            seconds[time as usize / 1_000] += 1;
        }
    }
    let most = seconds.iter().max().unwrap();
    // 5,000 writes of 500 pages: all at once would be 5,000 in the first second.
    assert!(*most <= 250, "{seconds:?}");
    assert_eq!(seconds[0].max(50), 50, "{seconds:?}");
}

#[test]
fn slow_answers_make_it_slower() {
    let mut world = World::new();
    many(&mut world, 10);
    let times = times(&mut world, 2_000);
    let gaps: Vec<u64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps.iter().all(|gap| *gap >= 1), "one at a time: {gaps:?}");
    assert!(gaps[8] > gaps[0] * 4, "{gaps:?}");
}

#[test]
fn a_tunnel_is_not_an_outage() {
    let mut world = World::new();
    world.engine.set_online(world.now, false);
    many(&mut world, 1);
    assert_eq!(world.drain(), []);
    world.pass(600_000);
    assert_eq!(world.drain(), [], "offline");
    world.engine.set_online(world.now, true);
    world.outbox.hurry(world.wall);
    assert!(times(&mut world, 50)[0] <= 3_750);
}

#[test]
fn it_gives_way_to_people() {
    let mut world = World::with(|settings| settings.concurrency.limit = 1);
    let scope = world.engine.scope(ORIGIN, "/reads");
    let mut call = world.engine.begin(world.now, CallSpec::read(scope));
    let step = call.poll(&mut world.engine, world.now);
    assert!(matches!(step, crate::Step::Send { .. }));
    many(&mut world, 1);
    assert_eq!(world.drain(), [], "every permit is somebody's");
    call.settle(&mut world.engine, world.now, status(200));
    let step = call.poll(&mut world.engine, world.now);
    assert!(matches!(step, crate::Step::Done(_)));
    world.pass(250);
    assert_eq!(world.drain().len(), 1);
}

#[test]
fn it_sends_nothing_while_the_server_wants_less_than_all() {
    let mut world = World::new();
    let scope = world.engine.scope(ORIGIN, "/reads");
    world.engine.hear(world.now, scope, "level=900, ttl=20");
    many(&mut world, 1);
    for _ in 0..19 {
        assert_eq!(world.drain(), []);
        world.pass(1_000);
    }
    assert!(world.next().is_some());
}

#[test]
fn it_sends_nothing_to_what_is_shut_and_begins_slowly_when_that_opens() {
    let mut world = World::new();
    many(&mut world, 1);
    let scope = world.engine.scope(ORIGIN, "/0");
    let name = alloc::string::String::from(world.engine.scope_name(scope));
    world.engine.isolate(world.now, &name);
    for _ in 0..100 {
        assert_eq!(world.drain(), []);
        world.pass(1_000);
    }
    world.engine.release_scope(world.now, &name);
    let began = world.now;
    assert!(world.next().is_some());
    assert!(world.now - began <= Millis(30_000));
}

#[test]
fn a_failure_slows_all_lanes_of_its_origin_and_no_others() {
    let mut world = World::new();
    many(&mut world, 2);
    let mut other = World::write("a");
    other.url = "https://b.example/a".into();
    let other = world.enqueue(other);
    let claims = world.drain();
    assert_eq!(claims.len(), 2, "one of each origin");
    assert!(claims.iter().any(|claim| claim.id == other));
    let more = world.settle(claims[0], status(500));
    assert_eq!(more, [], "the second lane waits");
    let mut last = World::write("b");
    last.url = "https://b.example/b".into();
    let last = world.enqueue(last);
    assert_eq!(world.settle(claims[1], status(200))[0].id, last);
}

/// Drives claims as a driver does, with a backend that is down for a while: how many seconds until everything is done.
fn recovery(down: u64, write: impl Fn(u32) -> crate::outbox::Write) -> u64 {
    let mut world = World::new();
    for n in 0..10 {
        world.enqueue(write(n));
    }
    let began = world.now;
    for _ in 0..3_600 {
        let gone = (world.now - began).0;
        for claim in world.drain() {
            let (origin, path) = crate::split_url(&world.outbox.entry(claim.id).unwrap().url);
            let (origin, path) = (
                alloc::string::String::from(origin),
                alloc::string::String::from(path),
            );
            let mut spec = CallSpec::write(world.engine.scope(&origin, &path));
            spec.priority = crate::throttle::Priority::Background;
            let mut call = world.engine.begin(world.now, spec);
            let code = if gone < down { 503 } else { 200 };
            match call.poll(&mut world.engine, world.now) {
                crate::Step::Send { .. } => {
                    call.settle(&mut world.engine, world.now, status(code));
                    let _ = call.poll(&mut world.engine, world.now);
                    world
                        .outbox
                        .settle(&world.engine, world.now, claim, status(code));
                }
                _ => {
                    call.cancel(&mut world.engine, world.now);
                    world.outbox.release(claim);
                }
            }
        }
        if world.outbox.health(world.wall).length == 0 {
            return (world.now - began).0 / 1_000;
        }
        world.pass(1_000);
    }
    panic!("it never recovers: {:#?}", world.engine.health(world.now));
}

#[test]
fn a_page_that_only_writes_finds_out_by_itself_that_all_is_well_again() {
    for down in [10_000, 60_000, 600_000] {
        let one = recovery(down, |_| World::write("a"));
        let many = recovery(down, |n| World::write(&alloc::format!("{n}")));
        for took in [one, many] {
            assert!(
                took * 1_000 >= down && took * 1_000 < down + 900_000,
                "{down}: {took} s"
            );
        }
    }
}

/// A page whose backend was in trouble, and has been answering people in so many milliseconds before.
fn after_trouble(usual: u64) -> World {
    let mut world = World::new();
    for _ in 0..20 {
        somebody_reads(&mut world, usual);
    }
    many(&mut world, 20);
    world.pass(600_000);
    world.reload(2);
    world
}

fn somebody_reads(world: &mut World, took: u64) {
    let scope = world.engine.scope(ORIGIN, "/assets");
    let mut call = world.engine.begin(world.now, CallSpec::read(scope));
    assert!(matches!(
        call.poll(&mut world.engine, world.now),
        crate::Step::Send { .. }
    ));
    world.pass(took);
    call.settle(&mut world.engine, world.now, status(200));
    let _ = call.poll(&mut world.engine, world.now);
}

/// Drains while somebody reads once a second: after how many reads each entry went.
fn reads(world: &mut World, until: u32, took: impl Fn(u32) -> u64) -> Vec<u32> {
    let mut went = Vec::new();
    for read in 1..=until {
        somebody_reads(world, took(read));
        for claim in world.drain() {
            went.push(read);
            world.settle(claim, status(200));
        }
        world.pass(1_000);
    }
    went
}

#[test]
fn after_trouble_one_goes_for_five_answers_that_people_got_and_later_for_fewer() {
    let mut world = after_trouble(100);
    // The first look tells that there was trouble; from then on answers count.
    let went = reads(&mut world, 40, |_| 100);
    assert_eq!(went[..8], [6, 11, 16, 21, 23, 25, 27, 29], "{went:?}");
}

#[test]
fn answers_that_waited_behind_others_begin_the_row_anew() {
    let mut world = after_trouble(100);
    let went = reads(&mut world, 60, |read| {
        if read.is_multiple_of(4) { 900 } else { 100 }
    });
    assert!(went.is_empty(), "never five in a row: {went:?}");
}

#[test]
fn answers_of_a_cache_on_the_way_are_no_answers_of_what_is_behind_it() {
    let mut world = after_trouble(100);
    // For a while: when nothing else answers for long, that is what is usual.
    let went = reads(&mut world, 30, |_| 3);
    assert!(went.is_empty(), "{went:?}");
}

#[test]
fn where_people_ask_for_little_none_waits_longer_than_four_times_the_spread() {
    let mut world = after_trouble(100);
    let began = world.now;
    let mut first = None;
    for _ in 0..20 {
        somebody_reads(&mut world, 3);
        first = first.or_else(|| world.drain().first().map(|_| world.now - began));
        world.pass(10_000);
    }
    let first = first.unwrap();
    assert!((120_000..=140_000).contains(&first.0), "{first:?}");
}
