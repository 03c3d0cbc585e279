//! The cliff in real time: a brownout with a queue just short enough and one just too long, over HTTP and in virtual time.
//!
//! The same crowd meets the same backend over HTTP, at twice the speed. Two things say whether the comparison can be trusted: how content
//! users are in peace, which must not differ, and how late the crowd over HTTP and the stub's refusals were. Behind 450 an answer comes
//! a quarter of a second before its client gives up: 125 ms of real time are the margin. A machine that is later than that has a cliff
//! of its own, which keeps the loop going whatever the queue, so the table says that such a run may not count.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use tidegate_contract::metrics::MetricsReport;
use tidegate_contract::{SpaceInfo, paths};
use tokio::task::JoinSet;

use crate::args::Plan;
use crate::brownout::{Brownout, CONNECTIONS, END, HEAL_AT, SLOW_AT, USERS, at};
use crate::client::Client;
use crate::cores::Cores;
use crate::crowd;
use crate::latencies::Percentiles;
use crate::outcome::Outcome;
use crate::process::Program;

/// On either side of the edge. Of twenty seeds in virtual time, 450 came back with all, 475 with nineteen, 500 with three, 525 with none.
pub(crate) const QUEUES: [u32; 2] = [450, 525];
const TIMES: u32 = 2;
const MARGIN_US: u64 = 125_000;

/// How the brownout went for one queue.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cliff {
    queue: u32,
    over_http: Outcome,
    in_virtual_time: Outcome,
    /// How late the crowd over HTTP was, in real time.
    late: Percentiles,
    /// How long it took over HTTP to be told that the queue is full, in real time.
    refusals: Percentiles,
}

impl Cliff {
    fn is_in_time(&self) -> bool {
        [self.late, self.refusals]
            .iter()
            .all(|latencies| latencies.p99_us <= MARGIN_US)
    }
}

/// All queues at the same time, each in a space of its own.
pub(crate) async fn measure(plan: &Plan, cores: &Cores) -> Result<Found> {
    let (queues, seconds) = (&plan.queues, END / u64::from(TIMES));
    eprintln!(
        "bench: a brownout of {CONNECTIONS} connections with queues of {queues:?}, {seconds} s"
    );
    let stub = Program::stub(cores, &[])?;
    let control = stub
        .control
        .context("the stub did not say where its control API is")?;
    let mut under_way = JoinSet::new();
    for &queue in queues {
        let seed = plan.seed;
        under_way.spawn(compare(control, Brownout { queue, seed }));
    }
    let mut found = Vec::new();
    while let Some(cliff) = under_way.join_next().await {
        found.push(cliff??);
    }
    found.sort_unstable_by_key(|cliff| cliff.queue);
    Ok(Found(found))
}

async fn compare(control: SocketAddr, brownout: Brownout) -> Result<Cliff> {
    let Brownout { queue, seed } = brownout;
    // Before the others begin: it would keep them waiting.
    let in_virtual_time = brownout.in_virtual_time();
    let control = Client::to(control);
    let settings = format!(r#"{{"clock":"x{TIMES}","seed":{seed}}}"#);
    let space: SpaceInfo =
        serde_json::from_slice(&order(&control, "POST", paths::SPACES, &settings).await?)?;
    let api = space.api.trim_start_matches("http://").parse()?;
    let program = serde_json::to_string(&brownout.program())?;
    let path = paths::in_space(&space.space, paths::PROGRAM);
    order(&control, "PUT", &path, &program).await?;
    let lived = crowd::live(api, brownout.users(), seed, TIMES, at(END)).await?;
    // The journal counts hits as useful work; what the pool has done is in the metrics.
    let path = paths::in_space(&space.space, paths::METRICS);
    let report: MetricsReport = serde_json::from_slice(&order(&control, "GET", &path, "").await?)?;
    let totals = report.metrics.totals;
    Ok(Cliff {
        queue,
        over_http: Outcome::of(
            &lived.crowd,
            totals.completed_useful,
            totals.completed_wasted,
        ),
        in_virtual_time,
        late: lived.late.percentiles(),
        refusals: lived.refusals.percentiles(),
    })
}

async fn order(control: &Client, method: &str, path: &str, body: &str) -> Result<Vec<u8>> {
    let (status, answer) = control.send(method, path, "bench", body).await?;
    let text = String::from_utf8_lossy(&answer);
    ensure!(status.is_success(), "{method} {path}: {status} {text}");
    Ok(answer.to_vec())
}

/// What was found for each queue.
#[derive(Debug, Serialize)]
pub(crate) struct Found(Vec<Cliff>);

impl Found {
    pub(crate) fn table(&self) -> String {
        let mut text = format!(
            "\n{USERS} naive users, {CONNECTIONS} connections, work of 250 ms, ten times as long from {SLOW_AT} to {HEAL_AT} s; clock x{TIMES}\n"
        );
        text += &row("queue", Outcome::HEADS);
        for cliff in &self.0 {
            for (how, outcome) in [
                ("over HTTP", &cliff.over_http),
                ("in virtual time", &cliff.in_virtual_time),
            ] {
                text += &row(&format!("{:>4}, {how}", cliff.queue), outcome.cells());
            }
        }
        text += &format!(
            "\n{:<24}{:>9}{:>10}{:>10}{:>10}{:>10}\n",
            "real time, ms", "count", "p50", "p99", "p99.9", "max"
        );
        for cliff in &self.0 {
            for (what, latencies) in [("crowd late", cliff.late), ("refusals", cliff.refusals)] {
                let name = format!("{:>4}, {what}", cliff.queue);
                text += &format!("{name:<24}{}\n", latencies.cells());
            }
        }
        if !self.0.iter().all(Cliff::is_in_time) {
            text += "too busy: a p99 is above 125 ms, so over HTTP this machine may have decided, not the queue\n";
        }
        text
    }
}

fn row<T: AsRef<str>>(name: &str, cells: [T; 5]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| format!("{:>14}", cell.as_ref()))
        .collect();
    format!("{name:<24}{cells}\n")
}
