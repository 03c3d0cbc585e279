//! The fleet of sockets itself, and the gates at a size that takes no time.

use super::{CASES, Case, ENTRANTS, Entrant, Figures, gates};

fn figures(name: &str, case: &Case, seed: u64) -> Figures {
    Figures::of(&Entrant::named(name).unwrap().run(case, seed))
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let case = Case::named("outage", 500).unwrap();
    for entrant in ENTRANTS {
        let one = entrant.run(&case, 1);
        let same = entrant.run(&case, 1);
        assert_eq!(
            (one.back, &one.tried),
            (same.back, &same.tried),
            "{}",
            entrant.name
        );
    }
    let tried = |seed| Entrant::named("tidegate").unwrap().run(&case, seed).tried;
    assert_ne!(tried(1), tried(2));
}

#[test]
fn a_fleet_of_sessions_meets_its_gates() {
    // With fewer than 2,000 a second's attempts are too few to be held against a limit.
    let small = CASES.map(|name| (name, 2_000));
    // Of these, those who come early meet those who come in time.
    let larger = [("outage", 8_000)];
    for (name, clients) in small.into_iter().chain(larger) {
        let case = Case::named(name, clients).unwrap();
        let verdicts = gates(&case, 2);
        assert!(!verdicts.is_empty(), "{name}");
        for verdict in verdicts {
            assert!(verdict.met, "{}", verdict.line);
        }
    }
}

/// T99 and attempts of the field's own model of these laws, in steps of 10 ms, with 2,000 clients and 200 accepted in a second.
#[test]
fn the_laws_of_others_do_what_another_model_of_them_does() {
    let case = Case::named("outage", 2_000).unwrap();
    for (name, t99, attempts) in [
        ("reconnecting-websocket", 21.9, 3.5),
        ("partysocket", 49.0, 5.0),
        ("centrifuge", 25.8, 5.5),
        ("socket.io", 20.1, 4.4),
        ("phoenix", 36.4, 13.0),
        ("ably", 44.2, 2.4),
    ] {
        let run = figures(name, &case, 1);
        let close = |value: f64, other: f64| (value / other - 1.0).abs() < 0.12;
        assert!(
            run.t99.is_some_and(|own| close(own, t99)),
            "{name}: {run:?}"
        );
        assert!(close(run.attempts, attempts), "{name}: {run:?}");
        assert_eq!(run.lost, 0.0, "{name}");
    }
    assert!(figures("signalr", &case, 1).lost > 50.0);
    assert_eq!(figures("leptos-use", &case, 1).lost, 100.0);
}

/// Who gives up a little before its turn, and goes to the queue's end, is never accepted: the server works for those who have left.
#[test]
fn a_fixed_timeout_before_a_deep_backlog_is_a_collapse() {
    let case = Case::named("deep10", 2_000).unwrap();
    let fixed = figures("centrifuge", &case, 1);
    assert!(fixed.lost > 50.0 && fixed.missed > 50.0, "{fixed:?}");
    let grows = figures("tidegate", &case, 1);
    assert_eq!(grows.lost, 0.0, "{grows:?}");
}
