//! The contract's crowd as a client: what it decides in the space's time is done over real connections.
//!
//! Whoever gives an attempt up drops its connection, as a browser does. The backend draws its luck from the client and the URL, so all
//! attempts of one intent ask for the same. Only what a full backend says is a refusal: an answer that the model does not know of, such
//! as a 400, would keep users from ever being content and look like the loop, so it ends the bench.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, bail};
use hyper::StatusCode;
use tidegate_contract::{
    AuditNote, Crowd, CrowdSettings, CrowdStep, Draw, Intent, Settled, Ticket, paths,
};
use tidegate_core::Instant;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time;

use crate::client::Client;
use crate::latencies::Latencies;

const ASSETS: u64 = 10_000;

/// A crowd after its life.
#[derive(Debug)]
pub(crate) struct Lived {
    pub(crate) crowd: Crowd,
    /// How late it did what it meant to do, in real time.
    pub(crate) late: Latencies,
    /// How long it took to be told that the queue is full, in real time: the stub does that at once, if it keeps up.
    pub(crate) refusals: Latencies,
}

/// Lets a crowd live until `end`, so many times as fast as everybody.
pub(crate) async fn live(
    address: SocketAddr,
    settings: CrowdSettings,
    seed: u64,
    times: u32,
    end: Instant,
) -> Result<Lived> {
    let client = Client::to(address);
    let began = time::Instant::now();
    let now = || {
        let micros = began.elapsed().as_micros() * u128::from(times);
        Instant::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
    };
    let mut crowd = Crowd::new(settings, seed, Instant::START);
    let mut late = Latencies::default();
    let mut refusals = Latencies::default();
    let mut attempts = JoinSet::new();
    let mut out: HashMap<Ticket, AbortHandle> = HashMap::new();
    while now() < end {
        if let Some(due) = crowd.deadline().filter(|due| *due <= now()) {
            late.add(real(now(), times).saturating_sub(real(due, times)));
        }
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
                    let task = attempts.spawn(async move {
                        let sent = time::Instant::now();
                        (ticket, sending.await, sent.elapsed())
                    });
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
        tokio::select! {
            () = time::sleep_until(began + real(next, times)) => {}
            Some(ended) = attempts.join_next() => {
                // The others were given up.
                if let Ok((ticket, settled, took)) = ended {
                    let settled = settled?;
                    if settled == Settled::Refused {
                        refusals.add(took);
                    }
                    out.remove(&ticket);
                    crowd.settle(now(), ticket, settled);
                }
            }
        }
    }
    Ok(Lived {
        crowd,
        late,
        refusals,
    })
}

/// How long after the beginning that is on everybody's clock.
fn real(at: Instant, times: u32) -> Duration {
    Duration::from_micros(at.as_micros().div_ceil(times.into()))
}

async fn send(client: Client, user: u32, intent: Intent, wish: Draw) -> Result<Settled> {
    let asset = format!("ds-{:05}", wish.below(ASSETS) + 1);
    let (method, path, body) = match intent {
        Intent::Poll | Intent::Read => ("GET", paths::asset(&asset), String::new()),
        Intent::Write => {
            let note = AuditNote {
                action: "reviewed".to_owned(),
                target: asset,
                note: None,
            };
            let note = serde_json::to_string(&note)?;
            ("POST", paths::AUDIT.to_owned(), note)
        }
    };
    let user = format!("user-{user}");
    match client.send(method, &path, &user, &body).await {
        Ok((status, _)) if status.is_success() => Ok(Settled::Answered),
        Ok((StatusCode::SERVICE_UNAVAILABLE, _)) => Ok(Settled::Refused),
        Ok((status, answer)) => {
            let text = String::from_utf8_lossy(&answer);
            bail!("{method} {path}: {status} {text}")
        }
        // The front is behind and resets the connection. One that cannot be opened is this machine's fault, not the backend's.
        Err(error) if error.is::<hyper::Error>() => Ok(Settled::Refused),
        Err(error) => Err(error.context(format!("{method} {path}"))),
    }
}
