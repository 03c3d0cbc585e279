//! Every preset, written down: one small scenario and the journal that it leaves, the same on every machine.
//!
//! Four clients read, write with keys and ask for permission, for 45 s; for 13 s where thousands of others come, which takes real time
//! to compute. `TIDEGATE_UPDATE_GOLDEN=1` writes the files anew.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use tidegate_contract::{Change, Journal, Preset};
use tokio::time::{Instant, sleep_until, timeout};

use crate::settings::Settings;
use crate::stub::Stub;
use crate::testing::{call_with_body, journal};

const UPDATE: &str = "TIDEGATE_UPDATE_GOLDEN";
/// When each client does something, in milliseconds.
const MOMENTS: [u64; 6] = [0, 1_000, 8_000, 11_000, 20_000, 41_500];
/// When a client gives up.
const PATIENCE: Duration = Duration::from_secs(5);

fn file(preset: Preset) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    folder.join(format!("{preset}.json"))
}

/// What one client does at one moment.
async fn act(stub: Stub, client: usize, moment: usize) {
    let name = format!("client-{client}");
    let key = format!("key-{client}-{}", moment / 2);
    let origin = ("origin", "http://localhost:8080");
    let (line, headers, body) = match (client + moment) % 4 {
        0 => ("GET /api/assets?size=5", vec![], ""),
        1 => (
            "POST /api/access-requests",
            vec![("idempotency-key", &*key)],
            r#"{"assetId":"ds-00001","reason":"to see"}"#,
        ),
        2 => (
            "OPTIONS /api/assets",
            vec![origin, ("access-control-request-method", "PATCH")],
            "",
        ),
        _ => ("GET /api/health", vec![origin], ""),
    };
    let headers = [&[("x-client", &*name)], &headers[..]].concat();
    let _ = timeout(PATIENCE, call_with_body(&stub, line, &headers, body)).await;
}

async fn scenario(preset: Preset) -> Journal {
    let start = Instant::now();
    let stub = Stub::new(&Settings {
        assets: 20,
        preset,
        ..Settings::on_free_ports()
    });
    stub.catch_up().await;
    let program = preset.program(1);
    let mut changes = program.script.iter().map(|moment| moment.change);
    let crowded = changes.any(|change| matches!(change, Change::Users { .. }));
    // Of those that are crowded, only this one heals within the time of the others.
    let end = if crowded && preset != Preset::BrownoutX10 {
        13_000
    } else {
        50_000
    };
    let moments = MOMENTS.into_iter().take_while(|ms| *ms < end);
    for (moment, ms) in moments.enumerate() {
        for client in 0..4 {
            // A millisecond apart, so that nobody depends on whose turn it is.
            let at = start + Duration::from_millis(ms + client as u64 * 2);
            sleep_until(at).await;
            tokio::spawn(act(stub.clone(), client, moment));
        }
    }
    sleep_until(start + Duration::from_millis(end)).await;
    journal(&stub)
}

/// One line for each entry: small, and a difference shows where it is.
fn written(journal: &Journal) -> String {
    let mut text = String::from("{\n");
    let counts = serde_json::to_string(&journal.counts).unwrap();
    let _ = writeln!(text, "\"total\": {},\n\"counts\": {counts},", journal.total);
    let entries = journal.entries.iter();
    let lines: Vec<_> = entries
        .map(|entry| serde_json::to_string(entry).unwrap())
        .collect();
    let _ = writeln!(text, "\"entries\": [\n{}\n]\n}}", lines.join(",\n"));
    text
}

#[tokio::test(start_paused = true)]
async fn every_preset_leaves_the_journal_it_is_known_for() {
    let mut changed = Vec::new();
    for &preset in Preset::all() {
        let found = written(&scenario(preset).await);
        let path = file(preset);
        if std::env::var_os(UPDATE).is_some() {
            std::fs::write(&path, found).unwrap();
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(&*found) {
            changed.push(format!("{preset}:\n{found}"));
        }
    }
    assert!(
        changed.is_empty(),
        "not as in tests/golden; if that is right, run this test with {UPDATE}=1 and look at what it changes\n{}",
        changed.join("\n")
    );
}
