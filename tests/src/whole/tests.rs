//! The fleet of family B itself, on crowds that are small and causes that are short.

use super::{Case, ENTRANTS, Entrant, Figures, Record, Server};
use crate::tidegate::Tidegate;

fn small(name: &str, server: Server) -> Case {
    let mut case = Case::named(name, server).unwrap().with_users(300);
    // A backend that is as busy with 300 users as the reference is with 2,000.
    case.backend.connections = 7;
    case.backend.queue = case.backend.queue * 3 / 20;
    case.backend.front_cost_us = case.backend.front_cost_us * 20 / 3;
    case.cause.connections = case.cause.connections.map(|_| 1);
    case.cause.wants_per_s = case.cause.wants_per_s.map(|wants| wants * 3 / 20);
    case.warm_s = 10;
    case.cause_s = 20;
    case
}

fn run(name: &str, case: &Case, seed: u64) -> Record {
    let tidegate = Tidegate::shipped([]).unwrap();
    Entrant::named(name).unwrap().run(&tidegate, case, seed)
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let case = small("brownout", Server::Deep);
    for name in ["tidegate", "tidegate+hints", "naive+cache"] {
        let one = run(name, &case, 1);
        let same = run(name, &case, 1);
        assert_eq!(one.trace, same.trace, "{name}");
        assert_eq!(Figures::of(&one), Figures::of(&same), "{name}");
        assert_ne!(one.trace, run(name, &case, 2).trace, "{name}");
    }
}

#[test]
fn everybody_meets_the_same_demand() {
    let case = small("spike5", Server::Deep);
    let demand = |name| -> Vec<(u64, u64)> {
        let seconds = run(name, &case, 1).seconds;
        let seconds = seconds.iter().take(case.horizon() as usize);
        seconds.map(|each| (each.begun, each.familiar)).collect()
    };
    let all = demand("naive");
    assert_eq!(all, demand("tidegate+hints"));
    assert_eq!(all, demand("sre"));
    // 30 a second before and 219 in the spike; four standard errors.
    let (before, during): (u64, u64) = (
        all[..10].iter().map(|each| each.0).sum(),
        all[10..30].iter().map(|each| each.0).sum(),
    );
    assert!(before.abs_diff(300) < 70, "{before}");
    assert!(during.abs_diff(4_380) < 265, "{during}");
}

#[test]
fn every_intent_ends_once_and_nothing_is_held_at_the_end() {
    for entrant in ENTRANTS {
        for (name, server) in [("brownout", Server::Deep), ("outage", Server::Safe)] {
            let mut case = small(name, server);
            case.after_s = 60;
            let record = run(entrant.name, &case, 3);
            let sum = |figure: fn(&super::Second) -> u64| -> u64 {
                record.seconds.iter().map(figure).sum()
            };
            let what = (entrant.name, name);
            let got = sum(|each| each.fresh + each.kept + each.deferred);
            let failed = sum(|each| each.failed);
            assert_eq!(sum(|each| each.begun), got + failed, "{what:?}");
            let ended = sum(|each| each.late + each.given_up);
            assert_eq!(failed, ended, "{what:?}");
            let sent = sum(|each| each.attempts + each.probes + each.replays);
            assert_eq!(sum(|each| each.sent), sent, "{what:?}");
            assert_eq!(record.under_way, 0, "{what:?}");
            assert_eq!(record.undelivered, 0, "{what:?}");
        }
    }
}

/// Behind 2,000 one waits ten seconds and clients leave after five: all that is done is done for people who have left, and who ask again.
#[test]
fn naive_clients_never_come_back_from_the_reference_brownout_and_soon_where_few_may_wait() {
    let naive = |server| {
        let case = Case::named("brownout", server).unwrap();
        Figures::of(&run("naive", &case, 1))
    };
    let deep = naive(Server::Deep);
    assert_eq!(deep.recovery, None, "{deep:?}");
    assert!(deep.waste > 90.0 && deep.amplification > 4.0, "{deep:?}");
    let safe = naive(Server::Safe);
    assert!(safe.recovery.is_some_and(|s| s <= 10.0), "{safe:?}");
}

/// 35 % of the reads and polls, which are nine tenths of all: they need no connection, and the front has time for them again.
#[test]
fn the_cache_answers_its_share_however_long_the_queue_is() {
    // Ten times as much, so that the front is behind as well: an answer that leaves late must not take the backend's clock along.
    let figures = Figures::of(&run("naive", &small("spike10", Server::Deep), 1));
    assert_eq!(figures.recovery, None, "{figures:?}");
    let share = figures.fresh_after;
    assert!((share - 31.5).abs() < 4.0, "{figures:?}");
    assert!(figures.waste > 85.0, "{figures:?}");
}

#[test]
fn in_peace_nobody_notices_anything() {
    for name in ["naive", "tidegate", "tidegate+hints"] {
        let figures = Figures::of(&run(name, &small("normal", Server::Deep), 1));
        assert_eq!((figures.errors, figures.refused), (0.0, 0.0), "{name}");
        assert!(figures.amplification < 1.01, "{name}: {figures:?}");
    }
}

#[test]
fn a_key_keeps_a_write_from_being_done_twice() {
    let case = small("brownout", Server::Deep);
    let twice = |name| Figures::of(&run(name, &case, 1)).duplicates;
    assert!(twice("naive") > 10.0);
    assert_eq!(twice("tidegate"), 0.0);
}

/// What was saved waits until people have what they read. Sent as soon as it goes, it would take a fifth of that from them.
#[test]
fn what_was_saved_is_sent_without_being_in_the_way_of_those_who_read() {
    let mut case = small("spike5", Server::Deep);
    case.cause_s = 60;
    for seed in [1, 2] {
        let figures = |name| Figures::of(&run(name, &case, seed));
        let (with, without) = (figures("tidegate"), figures("tidegate-outbox"));
        let moved = with.fresh_reads_after / without.fresh_reads_after;
        assert!(moved >= 0.9, "{seed}: {moved:.2}");
        assert!(with.replays > 0.01, "{with:?}");
        assert_eq!((with.undelivered, with.duplicates), (0.0, 0.0));
    }
}

#[test]
fn kept_copies_are_shown_where_there_is_no_answer_and_writes_are_saved() {
    let outage = |name| Figures::of(&run(name, &small("outage", Server::Deep), 1));
    let (naive, kept) = (outage("naive"), outage("naive+cache"));
    assert_eq!((naive.stale, naive.deferred), (0.0, 0.0));
    assert!(kept.errors < naive.errors / 2.0, "{kept:?}");
    let tidegate = outage("tidegate");
    assert!(tidegate.deferred > 1.0, "{tidegate:?}");
    assert!(tidegate.age_p95.is_some_and(|s| s > 300.0), "{tidegate:?}");
}
