use super::*;
use crate::backend::BackendSettings;
use crate::crowd::CrowdSettings;

fn advice(patient: &Patient) -> Vec<Advice> {
    patient
        .examine()
        .remedies
        .iter()
        .map(|r| r.advice)
        .collect()
}

#[test]
fn a_thousand_places_in_front_of_fifty_connections_are_beyond_the_cliff() {
    let diagnosis = Patient::new(50, 1_000, 250, 5_000).examine();
    assert_eq!(diagnosis.side, Side::Beyond);
    assert_eq!(diagnosis.longest_wait_ms, 5_000);
    assert_eq!(diagnosis.last_answer_ms, 5_250);
    assert_eq!(diagnosis.safe_queue, Some(500));
    assert_eq!(diagnosis.capacity_millirequests_per_second, Some(200_000));
}

#[test]
fn the_cliff_of_the_reference_lies_at_950() {
    let side = |queue| Patient::new(50, queue, 250, 5_000).examine().side;
    assert_eq!([949, 950].map(side), [Side::Edge, Side::Beyond]);
    assert_eq!([500, 501].map(side), [Side::Safe, Side::Edge]);
}

#[test]
fn a_wait_limit_needs_no_knowledge_of_the_service_time() {
    let limited = |service_ms| Patient {
        wait_limit_ms: Some(2_500),
        ..Patient::new(50, 2_000, service_ms, 5_000)
    };
    assert_eq!(limited(250).examine().side, Side::Safe);
    assert_eq!(limited(2_499).examine().side, Side::Safe);
    assert_eq!(limited(2_500).examine().side, Side::Beyond);
    let cliff = limited(250).examine().cliff_at_slowdown_permille;
    assert_eq!(cliff, Some(10_000));
}

#[test]
fn it_says_how_much_slower_it_may_get() {
    let patient = Patient::new(50, 250, 250, 5_000);
    let permille = patient.examine().cliff_at_slowdown_permille.unwrap();
    assert_eq!(permille, 3_333);
    let slower = |service_ms| {
        Patient {
            service_ms,
            ..patient
        }
        .examine()
        .side
    };
    assert_eq!([833, 834].map(slower), [Side::Edge, Side::Beyond]);
}

#[test]
fn the_reference_and_its_crowd_sustain_a_loop() {
    let patient = Patient::of(&BackendSettings::reference(), &CrowdSettings::default());
    assert_eq!(patient.service_ms, 250);
    assert_eq!(patient.millirequests_per_second, Some(137_000));
    assert_eq!(patient.amplification_permille, 4_687);
    let diagnosis = patient.examine();
    // 0.685 x 4.69
    assert_eq!(diagnosis.sustain_permille, Some(3_210));
    assert_eq!(diagnosis.sustains(), Some(true));
    let fewer = Advice::FewerAttempts {
        amplification_permille: 1_460,
    };
    assert_eq!(advice(&patient).last(), Some(&fewer));
    let quarter = CrowdSettings::default().with_users(400);
    let small = Patient::of(&BackendSettings::reference(), &quarter).examine();
    assert_eq!(small.sustains(), Some(false));
}

#[test]
fn every_remedy_but_one_makes_it_safe_and_has_its_number() {
    let patient = Patient::new(50, 2_000, 250, 5_000);
    let expected = [
        Advice::WaitLimit { ms: 2_500 },
        Advice::EarlyRefusal { limit_ms: 2_500 },
        Advice::ShorterQueue { queue: 500 },
        Advice::LastInFirstOut,
        Advice::CoDel {
            target_ms: 5,
            interval_ms: 100,
        },
        Advice::CancelAndDeadlines,
        Advice::MoreConnections { connections: 200 },
        Advice::FasterWork { service_ms: 62 },
    ];
    assert_eq!(advice(&patient), expected);
    for remedy in patient.examine().remedies {
        let side = match remedy.advice {
            Advice::CancelAndDeadlines => Side::Edge,
            _ => Side::Safe,
        };
        assert_eq!(remedy.side, side, "{remedy}");
    }
}

#[test]
fn who_is_safe_needs_nothing_and_work_slower_than_the_timeout_only_speed() {
    assert_eq!(advice(&Patient::new(50, 250, 250, 5_000)), []);
    assert_eq!(advice(&Patient::new(50, 1_000, 0, 5_000)), []);
    assert_eq!(
        advice(&Patient::new(50, 10, 6_000, 5_000)),
        [Advice::FasterWork { service_ms: 2_500 }]
    );
}

#[test]
fn it_speaks_in_sentences() {
    let patient = Patient {
        millirequests_per_second: Some(137_000),
        ..Patient::new(50, 1_000, 250, 5_000)
    };
    let text = patient.examine().to_string();
    let lines: Vec<&str> = text.lines().collect();
    let expected = [
        "beyond the cliff: the last of 1000 waiting is answered after 5.25 s, and clients give up after 5 s",
        "the pool does 200 requests/s, whatever the length of its queue",
        "a loop that has begun stays: use times attempts per intent is 3.08",
        "- let nobody wait longer than 2.5 s: last answer after 2.75 s, safe",
    ];
    assert_eq!(lines[..4], expected);
    assert_eq!(
        lines[11],
        "- fewer than 1.46 attempts per intent: a loop does not stay"
    );
}

#[test]
fn nothing_overflows() {
    let huge = Patient {
        amplification_permille: u64::MAX,
        connections: u64::MAX,
        millirequests_per_second: Some(u64::MAX),
        queue: u64::MAX,
        service_ms: u64::MAX,
        timeout_ms: u64::MAX,
        wait_limit_ms: Some(u64::MAX),
    };
    assert!(huge.check().is_err());
    assert!(!huge.examine().to_string().is_empty());
    let nothing = Patient::new(0, 0, 0, 0);
    assert_eq!(nothing.check().unwrap_err().path(), "connections");
    assert!(!nothing.examine().to_string().is_empty());
}
