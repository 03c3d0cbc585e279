use super::*;

fn ended(outcome: Outcome, took: u64) -> Ending {
    Ending {
        outcome,
        took: Millis(took),
        preflight: false,
    }
}

fn completed(wanted: bool) -> Completion {
    Completion {
        waited: Millis(30),
        service: Millis(20),
        wanted,
    }
}

fn second(number: u64) -> Instant {
    Instant::from_millis(number * 1_000)
}

fn read(meter: &Meter, at: u64) -> Metrics {
    meter.read(second(at), "default", Reading::default())
}

#[test]
fn a_request_is_in_flight_until_it_ends() {
    let mut meter = Meter::default();
    for _ in 0..3 {
        meter.on_arrival(false);
    }
    assert_eq!(read(&meter, 0).in_flight, 3);
    meter.on_end(second(1), ended(Outcome::Answered(200), 5));
    meter.on_end(second(1), ended(Outcome::Cut, 5));
    meter.on_end(second(1), ended(Outcome::Gone, 5));
    let metrics = read(&meter, 1);
    assert_eq!(metrics.in_flight, 0);
    assert_eq!((metrics.totals.cut, metrics.totals.clients_gone), (1, 1));
    assert_eq!(metrics.totals.answered.by_class["2xx"], 1);
}

#[test]
fn errors_are_5xx_and_cuts_for_a_minute() {
    let mut meter = Meter::default();
    for status in [200, 404, 429, 503] {
        meter.on_end(second(0), ended(Outcome::Answered(status), 1));
    }
    meter.on_end(second(0), ended(Outcome::Cut, 1));
    assert_eq!(read(&meter, 59).recent.error_permille(), 400);
    assert_eq!(read(&meter, 60).recent.error_permille(), 0);
    assert_eq!(read(&meter, 60).totals.answered.by_status[&503], 1);
}

#[test]
fn whatever_is_no_status_is_counted_all_the_same() {
    let mut meter = Meter::default();
    for status in [0, 199, 599, 999, 1_000, u16::MAX] {
        meter.on_end(second(0), ended(Outcome::Answered(status), 1));
    }
    let answered = &meter.totals().answered;
    assert_eq!(answered.by_class["other"], 4);
    assert_eq!(answered.by_class["5xx"], 1);
    assert_eq!(answered.by_status[&999], 3);
}

#[test]
fn preflights_count_among_the_answers_alone() {
    let mut meter = Meter::default();
    meter.on_arrival(true);
    let ending = Ending {
        preflight: true,
        ..ended(Outcome::Answered(204), 900)
    };
    meter.on_end(second(0), ending);
    let metrics = read(&meter, 0);
    assert_eq!((metrics.totals.preflights, metrics.in_flight), (1, 0));
    assert_eq!((metrics.recent.ended, metrics.response.p99_ms), (0, 0));
}

#[test]
fn work_for_nobody_is_waste() {
    let mut meter = Meter::default();
    for wanted in [true, false, false, false] {
        meter.on_completion(second(0), completed(wanted));
    }
    let metrics = read(&meter, 0);
    assert_eq!(metrics.recent.waste_permille(), 750);
    assert_eq!(metrics.queue_wait.p50_ms, 30);
    assert_eq!(metrics.service.sum_ms, 80);
    let totals = metrics.totals;
    assert_eq!((totals.completed_useful, totals.completed_wasted), (1, 3));
}

#[test]
fn percentiles_forget_after_a_minute_and_sums_do_not() {
    let mut meter = Meter::default();
    for ms in 1..=100 {
        meter.on_end(second(0), ended(Outcome::Answered(200), ms * 10));
    }
    let Times { p50_ms, p99_ms, .. } = read(&meter, 55).response;
    assert!(p50_ms.abs_diff(500) <= 8 && p99_ms.abs_diff(990) <= 16);
    let later = read(&meter, 65).response;
    assert_eq!((later.p99_ms, later.count, later.sum_ms), (0, 100, 50_500));
}

#[test]
fn reasons_are_bounded() {
    let mut meter = Meter::default();
    for number in 0..100 {
        meter.on_refusal(&format!("reason-{number}"));
    }
    let refused = &meter.totals().refused;
    assert_eq!(refused.len(), MAX_REASONS);
    assert_eq!(refused["reason-0"], 1);
    assert_eq!(refused[OTHER], 85);
}

#[test]
fn clearing_keeps_what_is_in_flight() {
    let mut meter = Meter::default();
    meter.on_arrival(false);
    meter.on_hit();
    meter.on_effect(true);
    meter.clear();
    let metrics = read(&meter, 0);
    assert_eq!(metrics.in_flight, 1);
    assert_eq!(metrics.totals, Totals::default());
}
