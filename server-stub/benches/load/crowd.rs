//! The contract's crowd as a client: what it decides in the space's time is done over real connections.
//!
//! Whoever gives an attempt up drops its connection, as a browser does. The backend draws its luck from the client and the URL, so all
//! attempts of one intent ask for the same.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;
use tidegate_contract::{Crowd, CrowdSettings, CrowdStep, Draw, Intent, Settled, Ticket, paths};
use tidegate_core::Instant;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time;

use crate::client::Client;

const ASSETS: u64 = 10_000;

/// Lets a crowd live until `end`, so many times as fast as everybody.
pub(crate) async fn live(
    address: SocketAddr,
    settings: CrowdSettings,
    seed: u64,
    times: u32,
    end: Instant,
) -> Crowd {
    let client = Client::to(address);
    let began = time::Instant::now();
    let now = || {
        let micros = began.elapsed().as_micros() * u128::from(times);
        Instant::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
    };
    let mut crowd = Crowd::new(settings, seed, Instant::START);
    let mut attempts: JoinSet<(Ticket, Settled)> = JoinSet::new();
    let mut out: HashMap<Ticket, AbortHandle> = HashMap::new();
    while now() < end {
        while let Some(step) = crowd.poll(now()) {
            match step {
                CrowdStep::Arrive {
                    attempt,
                    intent,
                    ticket,
                    user,
                    ..
                } => {
                    let sending = send(client.clone(), user, intent, attempt.intent);
                    let task = attempts.spawn(async move { (ticket, sending.await) });
                    out.insert(ticket, task);
                }
                CrowdStep::Leave { ticket, .. } => {
                    if let Some(task) = out.remove(&ticket) {
                        task.abort();
                    }
                }
            }
        }
        let next = crowd.deadline().unwrap_or(end).min(end);
        let next = Duration::from_micros(next.as_micros().div_ceil(times.into()));
        tokio::select! {
            () = time::sleep_until(began + next) => {}
            Some(ended) = attempts.join_next() => {
                // The others were given up.
                if let Ok((ticket, settled)) = ended {
                    out.remove(&ticket);
                    crowd.settle(now(), ticket, settled);
                }
            }
        }
    }
    crowd
}

async fn send(client: Client, user: u32, intent: Intent, wish: Draw) -> Settled {
    let asset = format!("ds-{:05}", wish.below(ASSETS) + 1);
    let (method, path, body) = match intent {
        Intent::Poll | Intent::Read => ("GET", paths::asset(&asset), String::new()),
        Intent::Write => {
            let note = json!({ "action": "reviewed", "target": asset, "note": "" });
            ("POST", paths::AUDIT.to_owned(), note.to_string())
        }
    };
    let answer = client
        .send(method, &path, &format!("user-{user}"), &body)
        .await;
    match answer {
        Ok((status, _)) if status.is_success() => Settled::Answered,
        _ => Settled::Refused,
    }
}
