//! The same seed gives the same run, however its requests interleave.

use tidegate_contract::FaultProgram;

use crate::testing::{call, journal, program, stub_with};

const CLIENTS: usize = 100;
const REQUESTS: usize = 5;

/// Delays, failures by share and a backend whose work takes a drawn time; nobody waits for anybody.
fn mixed(seed: u64) -> FaultProgram {
    let mut program = program(
        r#""backend":{"hitPermille":350,"hitMs":3,"service":{"logNormal":{"medianMs":200,"sigmaPermille":668}}},
        "rules":[
          {"name":"late","when":{"share":500},"then":[{"kind":"delay","time":{"logNormal":{"medianMs":300,"sigmaPermille":800}}}]},
          {"name":"busy","when":{"share":200},"then":[{"kind":"status","code":503}]},
          {"name":"lost","when":{"share":100},"then":[{"kind":"effect"},{"kind":"reset"}]}]"#,
    );
    program.seed = seed;
    program
}

/// What became of each client's requests: their rules and faults, how they ended and when, what the work on them took.
async fn history(seed: u64, backwards: bool) -> Vec<String> {
    let stub = stub_with(mixed(seed)).await;
    let mut clients: Vec<usize> = (0..CLIENTS).collect();
    if backwards {
        clients.reverse();
    }
    let calls = clients.into_iter().map(|client| {
        let stub = stub.clone();
        tokio::spawn(async move {
            let client = format!("client-{client:03}");
            for page in 1..=REQUESTS {
                let line = format!("GET /api/assets/ds-0000{page}");
                call(&stub, &line, &[("x-client", &client)]).await;
            }
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
    let mut entries = journal(&stub).entries;
    entries.sort_by(|a, b| (&a.client, a.seq).cmp(&(&b.client, b.seq)));
    let line = |entry: tidegate_contract::JournalEntry| {
        format!(
            "{} {:?} {:?} {:?} {:?}",
            entry.client, entry.rules, entry.faults, entry.end, entry.work
        )
    };
    entries.into_iter().map(line).collect()
}

#[tokio::test(start_paused = true)]
async fn a_seed_gives_each_client_the_same_verdicts_delays_and_work() {
    let first = history(7, false).await;
    assert_eq!(first.len(), CLIENTS * REQUESTS);
    let second = history(7, true).await;
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(first, second);
    }
    assert_ne!(first, history(8, false).await);
}
