//! What the stub itself adds to an answer when nothing goes wrong, with thousands of idle WebSockets beside it, and what it needs.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::args::Plan;
use crate::client::Client;
use crate::cores::Cores;
use crate::generator::{self, Load, Outcome};
use crate::latencies::Percentiles;
use crate::process::Program;
use crate::sockets::Sockets;

const ASSETS: u64 = 10_000;
const MANY_ASSETS: &str = "1000000";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Overhead {
    rate: u64,
    seconds: u64,
    sockets: usize,
    floor: Percentiles,
    stub: Percentiles,
    routes: BTreeMap<&'static str, Percentiles>,
    generator_late: Percentiles,
    sockets_opened_in_ms: u128,
    small: Footprint,
    with_sockets_kib: Option<u64>,
    after_load_kib: Option<u64>,
    million: Footprint,
    million_search_us: u128,
}

/// What a stub needs before anybody asks it for anything.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Footprint {
    ready_after_ms: u128,
    memory_kib: Option<u64>,
}

impl Footprint {
    fn of(program: &Program) -> Footprint {
        Footprint {
            ready_after_ms: program.ready_after.as_millis(),
            memory_kib: program.memory_kib(),
        }
    }
}

pub(crate) async fn measure(plan: &Plan, cores: &Cores) -> Result<Overhead> {
    eprintln!("bench: the bare handler, {} s", plan.seconds);
    let floor = Program::floor(cores)?;
    let floor = put_under_load(plan, &floor).await?.all().percentiles();

    eprintln!(
        "bench: the stub with {} WebSockets, {} s",
        plan.sockets, plan.seconds
    );
    let seed = plan.seed.to_string();
    let stub = Program::stub(cores, &["--seed", &seed])?;
    let small = Footprint::of(&stub);
    let began = Instant::now();
    let mut sockets = Sockets::open(stub.api, plan.sockets).await?;
    let sockets_opened_in_ms = began.elapsed().as_millis();
    let with_sockets_kib = stub.memory_kib();
    let outcome = put_under_load(plan, &stub).await?;
    sockets.check()?;
    let after_load_kib = stub.memory_kib();
    drop((sockets, stub));

    eprintln!("bench: the stub with {MANY_ASSETS} assets");
    let stub = Program::stub(cores, &["--seed", &seed, "--assets", MANY_ASSETS])?;
    let million = Footprint::of(&stub);
    let client = Client::to(stub.api);
    client.prepare(1).await?;
    let began = Instant::now();
    client
        .send("GET", "/api/assets?search=customer", "bench", "")
        .await?;
    Ok(Overhead {
        million_search_us: began.elapsed().as_micros(),
        rate: plan.rate,
        seconds: plan.seconds,
        sockets: plan.sockets,
        floor,
        stub: outcome.all().percentiles(),
        generator_late: outcome.late.percentiles(),
        routes: outcome
            .routes
            .iter()
            .map(|(name, latencies)| (*name, latencies.percentiles()))
            .collect(),
        sockets_opened_in_ms,
        small,
        with_sockets_kib,
        after_load_kib,
        million,
    })
}

async fn put_under_load(plan: &Plan, program: &Program) -> Result<Outcome> {
    let outcome = generator::run(&Load {
        address: program.api,
        assets: ASSETS,
        rate: plan.rate,
        seconds: plan.seconds,
        seed: plan.seed,
    })
    .await?;
    ensure!(outcome.failed == 0, "{} requests failed", outcome.failed);
    Ok(outcome)
}

impl Overhead {
    pub(crate) fn table(&self) -> String {
        let mut text = format!(
            "\n{} requests/s for {} s beside {} idle WebSockets; nothing goes wrong, so all of it is overhead\n\
             {:<22}{:>9}{:>10}{:>10}{:>10}{:>10}\n",
            self.rate,
            self.seconds,
            self.sockets,
            "answers (ms)",
            "count",
            "p50",
            "p99",
            "p99.9",
            "max"
        );
        let mut row = |name: &str, row: &Percentiles| {
            text += &format!("{name:<22}{}\n", row.cells());
        };
        row("a bare axum handler", &self.floor);
        row("the stub", &self.stub);
        for (name, route) in &self.routes {
            row(&format!("  {name}"), route);
        }
        row("(generator's delay)", &self.generator_late);
        text += &format!(
            "\nready after {} ms, {}; with a million assets {} ms, {}, a search in {:.1} ms\n\
             {} WebSockets opened in {} ms, {} with them, {} after the load\n",
            self.small.ready_after_ms,
            mebibytes(self.small.memory_kib),
            self.million.ready_after_ms,
            mebibytes(self.million.memory_kib),
            self.million_search_us as f64 / 1_000.0,
            self.sockets,
            self.sockets_opened_in_ms,
            mebibytes(self.with_sockets_kib),
            mebibytes(self.after_load_kib),
        );
        text
    }
}

fn mebibytes(kib: Option<u64>) -> String {
    match kib {
        Some(kib) => format!("{} MiB", kib.div_ceil(1 << 10)),
        None => "memory unknown".to_owned(),
    }
}
