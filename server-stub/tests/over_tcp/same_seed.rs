//! A hundred clients at once on real connections: what each of them meets does not depend on the others.

use server_stub::{Settings, serve};
use tidegate_contract::JournalEntry;

use crate::wire::{put_program, send, wait_for};

const CLIENTS: usize = 100;
const REQUESTS: usize = 4;
const PROGRAM: &str = r#""backend":{"service":{"uniformMs":{"from":0,"to":20}}},
    "rules":[
      {"name":"late","when":{"share":500},"then":[{"kind":"delay","time":{"uniformMs":{"from":0,"to":20}}}]},
      {"name":"busy","when":{"share":200},"then":[{"kind":"status","code":503}]},
      {"name":"lost","when":{"share":100},"then":[{"kind":"effect"},{"kind":"reset"}]}]"#;

/// What each client's requests met, and the time their work took.
async fn history() -> Vec<String> {
    let settings = Settings {
        assets: 10,
        ..Settings::on_free_ports()
    };
    let server = serve(&settings).await.expect("free ports exist");
    put_program(&server, PROGRAM).await;
    let to = server.api_addr();
    let clients = (0..CLIENTS).map(|client| {
        tokio::spawn(async move {
            let client = format!("X-Client: client-{client:03}");
            for _ in 0..REQUESTS {
                let line = "GET /api/assets/ds-00001";
                let sent = send(to, line, &[&client], "").await.expect("it listens");
                // Some of them are met by a reset.
                let _ = sent.answer().await;
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.expect("it panics nowhere");
    }
    let mut entries = wait_for(&server, CLIENTS * REQUESTS, true).await.entries;
    entries.sort_by(|a, b| (&a.client, a.seq).cmp(&(&b.client, b.seq)));
    entries.iter().map(met).collect()
}

fn met(entry: &JournalEntry) -> String {
    let served = entry.work.map(|work| work.service_ms);
    let (client, rules, faults) = (&entry.client, &entry.rules, &entry.faults);
    format!(
        "{client} {rules:?} {faults:?} {:?} {served:?}",
        entry.status()
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runs_of_a_seed_are_the_same_for_each_client() {
    let (first, second) = (history().await, history().await);
    assert_eq!(first.len(), CLIENTS * REQUESTS);
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(first, second);
    }
}
