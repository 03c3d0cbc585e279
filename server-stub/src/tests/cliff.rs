//! The exhaustion loop through the whole stub: other people from a script, a brownout, and what is left of it.
//!
//! A tenth of the reference backend: 5 connections, 200 users, ten times slower from 10 s to 70 s. Behind 90 a request waits 4.5 s and
//! comes back in time; behind 100 it waits 5 s, which is when clients give up.

use tidegate_contract::{BackendSettings, FaultProgram};

use crate::stub::Stub;
use crate::testing::{metrics, pass, stub_by_hand};

fn brownout(queue: u32) -> FaultProgram {
    let backend = BackendSettings {
        connections: 5,
        queue,
        ..BackendSettings::reference()
    };
    [
        "at 0 s users 200",
        "at 10 s slow x10",
        "at 70 s heal",
        "at 70 s users 200",
    ]
    .iter()
    .fold(
        FaultProgram::new(1).with_backend(backend),
        |program, line| program.with_moment(line.parse().unwrap()),
    )
}

async fn wait_ms(stub: &Stub, at_s: u64) -> u64 {
    pass(stub, at_s * 1_000 - stub.now().as_millis()).await;
    metrics(stub).waiting.estimated_ms
}

#[tokio::test(start_paused = true)]
async fn a_short_queue_comes_back_and_a_long_one_does_not() {
    let short = stub_by_hand(brownout(90)).await;
    let long = stub_by_hand(brownout(100)).await;
    for stub in [&short, &long] {
        assert!(wait_ms(stub, 10).await < 500);
        assert!(wait_ms(stub, 69).await > 30_000);
    }
    // The cause is gone for both; the loop is not.
    assert!(wait_ms(&short, 120).await < 500);
    assert!(wait_ms(&long, 120).await > 4_000);
    let (short, long) = (metrics(&short), metrics(&long));
    let waste = (short.recent.waste_permille(), long.recent.waste_permille());
    assert!(waste.0 < 450 && waste.1 > 600, "{waste:?}");
    assert!(short.ready && !long.ready);
}

#[tokio::test(start_paused = true)]
async fn a_leap_is_as_good_as_many_steps() {
    let leaping = stub_by_hand(brownout(90)).await;
    let walking = stub_by_hand(brownout(90)).await;
    pass(&leaping, 80_000).await;
    for _ in 0..400 {
        pass(&walking, 200).await;
    }
    let (leapt, walked) = (metrics(&leaping), metrics(&walking));
    assert_eq!(leapt.totals, walked.totals);
    assert_eq!(leapt.waiting, walked.waiting);
    assert_eq!(leapt.recent, walked.recent);
}
