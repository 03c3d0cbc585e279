//! The cliff in real time, half of the reference in size: 1,000 naive users in front of 25 connections and a queue of 450 or 500.
//!
//! 30 s of peace, 60 s in which work takes ten times as long, and 120 s in which nothing is wrong any more. `Q x S / K + S >= timeout`
//! says that the cliff is at 475. A smaller pool blurs it: a few quick answers in a row are then enough to end the loop by luck. The
//! same crowd meets the same backend over HTTP, at twice the speed, and in virtual time.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use tidegate_contract::{
    Backend, BackendSettings, Change, Crowd, CrowdDriver, CrowdSettings, FaultProgram, Journal,
    Moment, SpaceInfo, paths,
};
use tidegate_core::{Instant, Millis};

use crate::client::Client;
use crate::cores::Cores;
use crate::crowd;
use crate::process::Program;

const QUEUES: [u32; 2] = [450, 500];
const CONNECTIONS: u32 = 25;
const USERS: u32 = 1_000;
const TIMES: u32 = 2;
const SLOW_AT: u64 = 30;
const HEAL_AT: u64 = 90;
const END: u64 = 210;
const SLOWDOWN: u32 = 10_000;

/// How a brownout went for one queue.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cliff {
    queue: u32,
    over_http: Outcome,
    in_virtual_time: Outcome,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    /// Seconds of the space from the end of the cause to the first of ten fresh ones.
    recovered_after_s: Option<u64>,
    /// How much of the work was for nobody.
    waste_permille: u64,
    amplification_permille: u64,
}

/// Both queues at the same time, each in a space of its own.
pub(crate) async fn measure(seed: u64, cores: &Cores) -> Result<Found> {
    let seconds = END / u64::from(TIMES);
    eprintln!("bench: a brownout of 25 connections with queues of 450 and 500, {seconds} s");
    let stub = Program::stub(cores, &[])?;
    let control = stub
        .control
        .context("the stub did not say where its control API is")?;
    let [short, long] = QUEUES.map(|queue| brownout(control, queue, seed));
    let (short, long) = tokio::try_join!(short, long)?;
    Ok(Found([short, long]))
}

async fn brownout(control: SocketAddr, queue: u32, seed: u64) -> Result<Cliff> {
    let control = Client::to(control);
    let settings = format!(r#"{{"clock":"x{TIMES}","seed":{seed}}}"#);
    let space: SpaceInfo =
        serde_json::from_slice(&order(&control, "POST", paths::SPACES, &settings).await?)?;
    let api = space.api.trim_start_matches("http://").parse()?;
    let moment = |seconds: u64, change| Moment {
        at: Millis::from_secs(seconds),
        change,
    };
    let backend = BackendSettings {
        connections: CONNECTIONS,
        queue,
        ..BackendSettings::reference()
    };
    let program = FaultProgram::new(seed)
        .with_backend(backend.clone())
        .with_moment(moment(SLOW_AT, Change::Slow { permille: SLOWDOWN }))
        .with_moment(moment(HEAL_AT, Change::Heal));
    let path = paths::in_space(&space.space, paths::PROGRAM);
    order(&control, "PUT", &path, &serde_json::to_string(&program)?).await?;
    let users = CrowdSettings::default().with_users(USERS);
    let crowd = crowd::live(api, users.clone(), seed, TIMES, at(END)).await;
    let path = paths::in_space(&space.space, paths::JOURNAL);
    let journal = order(&control, "GET", &format!("{path}?since={}", u32::MAX), "").await?;
    let counts = serde_json::from_slice::<Journal>(&journal)?.counts;
    Ok(Cliff {
        queue,
        over_http: Outcome::of(&crowd, counts.useful, counts.wasted),
        in_virtual_time: in_virtual_time(&backend, users, seed),
    })
}

async fn order(control: &Client, method: &str, path: &str, body: &str) -> Result<Vec<u8>> {
    let (status, answer) = control.send(method, path, "bench", body).await?;
    let text = String::from_utf8_lossy(&answer);
    ensure!(status.is_success(), "{method} {path}: {status} {text}");
    Ok(answer.to_vec())
}

fn in_virtual_time(settings: &BackendSettings, users: CrowdSettings, seed: u64) -> Outcome {
    let mut backend = Backend::new(settings.clone(), Instant::START);
    let mut driver = CrowdDriver::new(users, seed, Instant::START);
    for (end, slowdown) in [
        (SLOW_AT, SLOWDOWN),
        (HEAL_AT, settings.slowdown),
        (END, settings.slowdown),
    ] {
        run_to(at(end), &mut backend, &mut driver);
        let settings = BackendSettings {
            slowdown,
            ..settings.clone()
        };
        backend.configure(at(end), settings);
    }
    let totals = backend.totals();
    Outcome::of(driver.crowd(), totals.useful, totals.wasted)
}

fn run_to(end: Instant, backend: &mut Backend, driver: &mut CrowdDriver) {
    loop {
        let next = [backend.deadline(), driver.deadline()];
        let now = next.into_iter().flatten().min().unwrap_or(end).min(end);
        while let Some(notice) = backend.poll(now) {
            driver.take(&notice);
        }
        driver.advance(now, backend);
        if now == end {
            return;
        }
    }
}

fn at(seconds: u64) -> Instant {
    Instant::from_millis(seconds * 1_000)
}

impl Outcome {
    fn of(crowd: &Crowd, useful: u64, wasted: u64) -> Outcome {
        let after: Vec<_> = crowd.seconds().filter(|s| s.second >= HEAL_AT).collect();
        let fresh = after
            .windows(10)
            .find(|ten| ten.iter().all(|second| second.is_fresh()));
        Outcome {
            recovered_after_s: fresh.map(|ten| ten[0].second - HEAL_AT),
            waste_permille: wasted * 1_000 / (useful + wasted).max(1),
            amplification_permille: crowd.totals().amplification_permille(),
        }
    }

    fn cells(&self) -> String {
        let recovered = match self.recovered_after_s {
            Some(seconds) => format!("after {seconds} s"),
            None => "never".to_owned(),
        };
        let (waste, attempts) = (self.waste_permille, self.amplification_permille);
        format!(
            "{recovered:>14}{:>11}%{:>14.2}",
            waste / 10,
            attempts as f64 / 1_000.0
        )
    }
}

/// What was found for each queue.
#[derive(Debug, Serialize)]
pub(crate) struct Found([Cliff; 2]);

impl Found {
    pub(crate) fn table(&self) -> String {
        let mut text = format!(
            "\n{USERS} naive users, {CONNECTIONS} connections, work of 250 ms, ten times as long from {SLOW_AT} to {HEAL_AT} s; clock x{TIMES}\n\
             {:<28}{:>14}{:>12}{:>14}\n",
            "queue", "recovered", "for nobody", "attempts each"
        );
        for cliff in &self.0 {
            for (how, outcome) in [
                ("over HTTP", &cliff.over_http),
                ("in virtual time", &cliff.in_virtual_time),
            ] {
                let name = format!("{:>4}, {how}", cliff.queue);
                text += &format!("{name:<28}{}\n", outcome.cells());
            }
        }
        text
    }
}
