use super::*;
use crate::micros::Micros;

fn at(ms: u64) -> Instant {
    Instant::from_millis(ms)
}

/// One user, who wants something for themselves and never again while the test lasts.
fn one() -> CrowdSettings {
    CrowdSettings {
        every_ms: 600_000,
        poll_permille: 0,
        reclick_from_ms: 2_000,
        reclick_permille: 1_000,
        reclick_to_ms: 2_000,
        reload_permille: 0,
        users: 1,
        ..CrowdSettings::default()
    }
}

/// Runs a crowd whose every attempt ends like this on arrival; `None` leaves it unanswered. Gives the times of arrivals and leaves,
/// counted from when the first intent began.
fn run(crowd: &mut Crowd, until: Instant, settled: Option<Settled>) -> Vec<(u64, bool)> {
    let mut seen = Vec::new();
    let mut start = None;
    while let Some(now) = crowd.deadline().filter(|now| *now <= until) {
        let Some(step) = crowd.poll(now) else {
            continue;
        };
        let (at, arrives) = match step {
            CrowdStep::Arrive { at, ticket, .. } => {
                if let Some(settled) = settled {
                    crowd.settle(at, ticket, settled);
                }
                (at, true)
            }
            CrowdStep::Leave { at, .. } => (at, false),
        };
        let start = *start.get_or_insert(at.as_millis() - crowd.settings().round_trip_ms);
        seen.push((at.as_millis() - start, arrives));
    }
    seen
}

/// Somebody who wants something, and what they do in the two minutes after it.
fn lone(settings: CrowdSettings, settled: Option<Settled>) -> (Crowd, Vec<(u64, bool)>) {
    let mut crowd = Crowd::new(settings, 1, at(0));
    let first = crowd.next;
    crowd.poll(first);
    crowd.next = Instant::NEVER;
    let seen = run(&mut crowd, first + Micros::from_millis(120_000), settled);
    (crowd, seen)
}

#[test]
fn an_answer_ends_it() {
    let (crowd, seen) = lone(one(), Some(Settled::Answered));
    assert_eq!(seen, [(40, true)]);
    assert_eq!((crowd.totals().answered, crowd.open()), (1, 0));
}

#[test]
fn a_refusal_is_tried_again_at_once_and_clicked_again_twice() {
    let (crowd, seen) = lone(one(), Some(Settled::Refused));
    let rounds = [0, 2_160, 4_320];
    let expected: Vec<(u64, bool)> = rounds
        .iter()
        .flat_map(|round| [40, 80, 120, 160].map(|ms| (round + ms, true)))
        .collect();
    assert_eq!(seen, expected);
    let totals = crowd.totals();
    assert_eq!((totals.attempts, totals.refused), (12, 12));
    assert_eq!((totals.failed, totals.reclicks), (1, 2));
    assert_eq!((crowd.open(), crowd.deadline()), (0, None));
}

#[test]
fn silence_is_given_up_after_the_timeout() {
    let quiet = CrowdSettings {
        reclicks: 0,
        retries: 1,
        ..one()
    };
    let (crowd, seen) = lone(quiet, None);
    let expected = [(40, true), (5_000, false), (5_040, true), (10_000, false)];
    assert_eq!(seen, expected);
    assert_eq!((crowd.totals().timeouts, crowd.totals().failed), (2, 1));
}

#[test]
fn who_is_tired_of_waiting_reloads_and_the_browser_drops_the_request() {
    let tired = CrowdSettings {
        reclicks: 1,
        reload_permille: 1_000,
        retries: 1,
        ..one()
    };
    let (crowd, seen) = lone(tired, None);
    assert_eq!(seen[3..6], [(8_000, false), (8_040, true), (13_000, false)]);
    assert_eq!((crowd.totals().reloads, crowd.totals().reclicks), (1, 0));
}

#[test]
fn nobody_clicks_for_a_poll() {
    let poll = CrowdSettings {
        poll_permille: 1_000,
        reload_permille: 1_000,
        write_permille: 0,
        ..one()
    };
    let (crowd, seen) = lone(poll, Some(Settled::Refused));
    assert_eq!((seen.len(), crowd.totals().reclicks), (4, 0));
}

#[test]
fn an_answer_that_comes_too_late_is_nobodys() {
    let mut crowd = Crowd::new(one(), 1, at(0));
    let first = crowd.next;
    crowd.poll(first);
    let Some(CrowdStep::Arrive { at, ticket, .. }) = crowd.poll(first + Micros::from_millis(40))
    else {
        panic!("the attempt arrives");
    };
    while crowd.totals().timeouts == 0 {
        let now = crowd.deadline().unwrap();
        crowd.poll(now);
    }
    crowd.settle(at, ticket, Settled::Answered);
    assert_eq!(crowd.totals().answered, 0);
    assert_eq!(crowd.open(), 1);
}

#[test]
fn the_mix_and_the_rate_are_as_set() {
    let mut crowd = Crowd::new(CrowdSettings::default(), 3, at(0));
    let (mut polls, mut writes, mut users) = (0, 0, BTreeSet::new());
    while let Some(now) = crowd.deadline().filter(|now| *now <= at(100_000)) {
        if let Some(CrowdStep::Arrive {
            at,
            intent,
            ticket,
            user,
            ..
        }) = crowd.poll(now)
        {
            polls += u32::from(intent == Intent::Poll);
            writes += u32::from(intent == Intent::Write);
            users.insert(user);
            crowd.settle(at, ticket, Settled::Answered);
        }
    }
    // 200 a second for 100 s; five standard deviations are 700.
    assert!(crowd.totals().intents.abs_diff(20_000) < 700);
    assert!((7_500..8_500).contains(&polls), "{polls}");
    assert!((1_750..2_250).contains(&writes), "{writes}");
    assert!(users.len() > 1_990 && users.last() < Some(&2_000));
    assert_eq!(crowd.seconds().count(), 100);
    assert!(crowd.seconds().take(99).all(CrowdSecond::is_fresh));
}

#[test]
fn what_users_want_does_not_depend_on_what_they_get() {
    let intents = |settled| {
        let mut crowd = Crowd::new(CrowdSettings::default(), 9, at(0));
        run(&mut crowd, at(10_000), settled);
        crowd.totals().intents
    };
    assert_eq!(intents(Some(Settled::Answered)), intents(None));
}

#[test]
fn what_is_open_is_bounded() {
    let flood = CrowdSettings {
        every_ms: 100,
        users: 20,
        ..CrowdSettings::default()
    };
    let mut crowd = Crowd::new(flood, 1, at(0));
    run(&mut crowd, at(60_000), None);
    assert!(crowd.open() <= 160);
    assert!(crowd.timers.len() <= 320 && crowd.steps.is_empty());
    assert!(crowd.totals().skipped > 0);
}

#[test]
fn a_crowd_grows_and_goes() {
    let mut crowd = Crowd::new(CrowdSettings::default().with_users(0), 1, at(0));
    assert_eq!(crowd.deadline(), None);
    crowd.configure(at(1_000), CrowdSettings::default());
    run(&mut crowd, at(2_000), Some(Settled::Answered));
    assert!(crowd.totals().intents > 100);
    crowd.configure(at(2_000), CrowdSettings::default().with_users(0));
    run(&mut crowd, at(60_000), Some(Settled::Answered));
    assert_eq!((crowd.open(), crowd.deadline()), (0, None));
}

#[test]
fn seconds_are_without_gaps_and_the_oldest_are_forgotten() {
    let mut seconds = Seconds::default();
    for ms in [5_500, 8_000, 7_999] {
        seconds.entry(at(ms)).unwrap().intents += 1;
    }
    let seen: Vec<(u64, u32)> = seconds.all().map(|s| (s.second, s.intents)).collect();
    assert_eq!(seen, [(5, 1), (6, 0), (7, 1), (8, 1)]);
    assert!(seconds.entry(at(4_000)).is_none());
    seconds.entry(at(905_000)).unwrap().intents += 1;
    assert_eq!(seconds.all().next().unwrap().second, 6);
    seconds.entry(at(90_000_000)).unwrap().intents += 1;
    assert_eq!(seconds.all().count(), 900);
    assert!(seconds.entry(at(6_000)).is_none());
}

#[test]
fn settings_are_checked_by_path() {
    assert_eq!(CrowdSettings::default().check(), Ok(()));
    let crowd: CrowdSettings = serde_json::from_str(r#"{"timeoutMs":40}"#).unwrap();
    assert_eq!(
        crowd.check().unwrap_err().to_string(),
        "timeoutMs must be 41 to 600000, not 40"
    );
    assert!(serde_json::from_str::<CrowdSettings>(r#"{"user":1}"#).is_err());
}
