//! An open loop: requests leave at their time, whether or not those before them have been answered.
//!
//! A closed loop would ask less of a stub that hangs, and so never see that it does. A request's latency counts from the moment at which
//! it is sent; there is always an idle connection, or a new one is opened, so it never waits for another one's answer. How late the
//! generator itself was is reported beside it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use tidegate_core::Rng;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::client::Client;
use crate::latencies::Latencies;
use crate::mix;

/// Not measured: connections, caches and branch predictors are cold.
const WARM_UP: Duration = Duration::from_secs(2);
const CONNECTIONS: usize = 64;

#[derive(Debug)]
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    pub(crate) assets: u64,
    pub(crate) rate: u64,
    pub(crate) seconds: u64,
    pub(crate) seed: u64,
}

/// What became of a load.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// By the route's name.
    pub(crate) routes: BTreeMap<&'static str, Latencies>,
    /// How late requests were sent.
    pub(crate) late: Latencies,
    /// Those that did not get a 200.
    pub(crate) failed: usize,
}

impl Outcome {
    pub(crate) fn all(&self) -> Latencies {
        let mut all = Latencies::default();
        self.routes.values().for_each(|route| all.extend(route));
        all
    }
}

pub(crate) async fn run(load: &Load) -> Result<Outcome> {
    let client = Client::to(load.address);
    client.prepare(CONNECTIONS).await?;
    let mut rng = Rng::new(load.seed);
    let mut outcome = Outcome::default();
    let mut under_way = JoinSet::new();
    let began = Instant::now();
    let count = load.rate * (load.seconds + WARM_UP.as_secs());
    for number in 0..count {
        let due = began + Duration::from_micros(number * 1_000_000 / load.rate);
        sleep_until(due).await;
        let (name, target) = mix::next(&mut rng, load.assets);
        let is_measured = due >= began + WARM_UP;
        if is_measured {
            outcome.late.add(due.elapsed());
        }
        let client = client.clone();
        under_way.spawn(async move {
            let sent = Instant::now();
            let answer = client.send("GET", &target, "bench", "").await;
            let latency = sent.elapsed();
            let is_fine = answer.is_ok_and(|(status, _)| status == 200);
            (is_measured, name, latency, is_fine)
        });
        while let Some(ended) = under_way.try_join_next() {
            outcome.take(ended?);
        }
    }
    while let Some(ended) = under_way.join_next().await {
        outcome.take(ended?);
    }
    Ok(outcome)
}

impl Outcome {
    fn take(
        &mut self,
        (is_measured, name, latency, is_fine): (bool, &'static str, Duration, bool),
    ) {
        self.failed += usize::from(!is_fine);
        if is_measured && is_fine {
            self.routes.entry(name).or_default().add(latency);
        }
    }
}
