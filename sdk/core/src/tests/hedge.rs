//! Finagle's rules, one by one, and the two biases that others have.

use super::*;
use crate::testing::test;
use crate::{Head, Rng};

const NOW: Instant = Instant::START;
const YES: HedgeAsk = HedgeAsk {
    repeatable: true,
    failing: false,
    retries_spent: false,
};

const OK: Outcome = status(200);
const DOWN: Outcome = Outcome::Unreachable;

const fn status(status: u16) -> Outcome {
    Outcome::Head(Head {
        status,
        retry_after: None,
    })
}

fn settings() -> HedgeSettings {
    HedgeSettings {
        share_permille: 20,
        ..HedgeSettings::default()
    }
}

/// A thousand latencies from 1 to 1,000 ms.
fn known() -> Sketch {
    let mut sketch = Sketch::new(Sketch::HALF);
    (1..=1_000).for_each(|millis| sketch.record(NOW, Micros(millis * 1_000)));
    sketch
}

fn rich() -> Hedge {
    let mut hedge = Hedge::new();
    (0..10_000).for_each(|_| hedge.earn(&settings()));
    hedge
}

#[test]
fn it_is_off_by_default() {
    let off = HedgeSettings::default();
    assert_eq!(rich().delay(NOW, &known(), YES, &off), Err(NoHedge::Off));
    assert_eq!(rich().spend(YES, &off), Err(NoHedge::Off));
}

#[test]
fn the_delay_is_the_latency_that_all_but_the_share_do_not_exceed() {
    let delay = rich().delay(NOW, &known(), YES, &settings()).unwrap();
    assert!(delay.0.abs_diff(980) <= 980 / 16 + 1, "{delay}");
}

#[test]
fn a_delay_is_never_shorter_than_chance() {
    let mut sketch = Sketch::new(Sketch::HALF);
    (0..100).for_each(|_| sketch.record(NOW, Micros(2_000)));
    assert_eq!(rich().delay(NOW, &sketch, YES, &settings()), Ok(Millis(20)));
}

#[test]
fn without_enough_samples_there_is_no_delay() {
    let mut sketch = Sketch::new(Sketch::HALF);
    for _ in 0..50 {
        let delay = rich().delay(NOW, &sketch, YES, &settings());
        assert_eq!(delay, Err(NoHedge::FewSamples));
        sketch.record(NOW, Micros(100_000));
    }
    assert!(rich().delay(NOW, &sketch, YES, &settings()).is_ok());
    let later = NOW + Millis(2 * Sketch::HALF.0);
    assert_eq!(
        rich().delay(later, &sketch, YES, &settings()),
        Err(NoHedge::FewSamples)
    );
}

#[test]
fn what_may_not_be_hedged_says_why() {
    for (ask, why) in [
        (
            HedgeAsk {
                repeatable: false,
                ..YES
            },
            NoHedge::NotRepeatable,
        ),
        (
            HedgeAsk {
                failing: true,
                ..YES
            },
            NoHedge::Failing,
        ),
        (
            HedgeAsk {
                retries_spent: true,
                ..YES
            },
            NoHedge::RetriesSpent,
        ),
    ] {
        assert_eq!(rich().delay(NOW, &known(), ask, &settings()), Err(why));
        let mut hedge = rich();
        assert_eq!(hedge.spend(ask, &settings()), Err(why));
        assert_eq!(hedge, rich(), "what is refused costs nothing");
    }
}

#[test]
fn the_budget_starts_empty_and_earns_the_share() {
    let mut hedge = Hedge::new();
    for _ in 0..49 {
        hedge.earn(&settings());
        assert_eq!(hedge.spend(YES, &settings()), Err(NoHedge::BudgetSpent));
    }
    hedge.earn(&settings());
    assert_eq!(hedge.spend(YES, &settings()), Ok(()));
}

#[test]
fn no_more_than_two_hedges_are_saved_up() {
    assert_eq!(rich().saved(), 2);
}

#[test]
fn hedges_never_exceed_their_share_of_the_calls() {
    let mut hedge = Hedge::new();
    let mut sent = 0_u32;
    for calls in 1..=100_000_u32 {
        hedge.earn(&settings());
        sent += u32::from(hedge.spend(YES, &settings()).is_ok());
        assert!(sent <= calls / 50);
    }
    assert_eq!(sent, 2_000);
}

#[test]
fn the_first_success_wins_and_a_failing_hedge_never_does() {
    use Standing::{Failed, Out, Succeeded};
    for (first, hedge, choice) in [
        (Succeeded, Out, Choice::First),
        (Succeeded, Failed, Choice::First),
        (Succeeded, Succeeded, Choice::First),
        (Out, Succeeded, Choice::Hedge),
        (Failed, Succeeded, Choice::Hedge),
        (Out, Out, Choice::Neither),
        (Out, Failed, Choice::Neither),
        (Failed, Out, Choice::Neither),
        (Failed, Failed, Choice::First),
    ] {
        assert_eq!(Choice::between(first, hedge), choice, "{first:?} {hedge:?}");
    }
}

#[test]
fn a_status_that_says_no_is_an_answer_and_one_that_says_later_is_not() {
    assert_eq!(Standing::from(OK), Standing::Succeeded);
    assert_eq!(Standing::from(status(404)), Standing::Succeeded);
    for outcome in [DOWN, status(503), status(429), Outcome::TimedOut] {
        assert_eq!(Standing::from(outcome), Standing::Failed);
    }
}

#[test]
fn quick_failures_and_cancelled_attempts_are_no_quick_answers() {
    let kept = |ending: Ending, millis: u64| {
        ending
            .sample(NOW, &known(), Micros(millis * 1_000), &settings())
            .is_some()
    };
    assert!(kept(Ending::Answered, 1));
    assert!(!kept(Ending::Cut, 1));
    assert!(!kept(Ending::Cut, 900));
    assert!(kept(Ending::Cut, 1_100));
    let nothing = Sketch::new(Sketch::HALF);
    let cut = Ending::Cut.sample(NOW, &nothing, Micros(5), &settings());
    assert_eq!(cut, None);
}

/// A backend of which one answer in 25 takes 1 to 3 s and the others 50 to 150 ms, for as many calls. The share of calls hedged with an
/// unlimited budget, in permille, over the last quarter. `all` records by the rule, else only who won.
fn hedged_share(calls: u64, all: bool) -> u64 {
    let settings = settings();
    let mut sketch = Sketch::new(Sketch::HALF);
    let mut rng = Rng::new(11);
    let mut latency = move || match rng.below(25) {
        0 => Micros(1_000_000 + rng.below(2_000_000)),
        _ => Micros(50_000 + rng.below(100_000)),
    };
    let (mut now, mut hedged) = (NOW, 0);
    for call in 0..calls {
        now = now + Millis(50);
        let delay = Hedge::new().delay(now, &sketch, YES, &settings);
        let first = latency();
        let record = |sketch: &mut Sketch, ending: Ending, took| {
            let counts = all || ending == Ending::Answered;
            if let Some(took) = ending
                .sample(now, sketch, took, &settings)
                .filter(|_| counts)
            {
                sketch.record(now, took);
            }
        };
        let Some(delay) = delay
            .ok()
            .map(|delay| delay.0 * 1_000)
            .filter(|delay| first.0 > *delay)
        else {
            record(&mut sketch, Ending::Answered, first);
            continue;
        };
        hedged += u64::from(call >= calls * 3 / 4);
        let second = latency();
        let over = first.0.min(delay + second.0);
        if over == first.0 {
            record(&mut sketch, Ending::Answered, first);
            record(&mut sketch, Ending::Cut, Micros(over - delay));
        } else {
            record(&mut sketch, Ending::Cut, Micros(over));
            record(&mut sketch, Ending::Answered, second);
        }
    }
    hedged * 4_000 / calls
}

#[test]
fn the_share_that_is_hedged_stays_what_was_asked_for() {
    let share = hedged_share(20_000, true);
    assert!((5..=30).contains(&share), "{share}");
}

#[test]
fn recording_only_who_won_would_hedge_ever_more() {
    let share = hedged_share(20_000, false);
    assert!(share >= 38, "{share}");
}

#[test]
fn a_backend_that_becomes_slow_for_everybody_gets_no_double_load() {
    let settings = settings();
    let (mut hedge, sketch) = (rich(), known());
    let mut sent = 0;
    for _ in 0..1_000 {
        hedge.earn(&settings);
        // Each call is out for longer than the delay.
        sent += u64::from(
            hedge.delay(NOW, &sketch, YES, &settings).is_ok()
                && hedge.spend(YES, &settings).is_ok(),
        );
    }
    assert!((20..=1_000 / 50 + 2).contains(&sent), "{sent}");
}
