//! `cargo xtask bench`: what the stub costs and where its cliff is, measured from outside.
//!
//! Nothing in here fails because something is slow: speeds are reported. It fails when the stub answers with an error or loses a socket.
//! The stub is the program that a test would start, limited to half of this machine's cores; the generator has the other half.

mod args;
mod brownout;
mod client;
mod cliff;
mod cores;
mod crowd;
mod floor;
mod generator;
mod latencies;
mod machine;
mod mix;
mod outcome;
mod overhead;
mod process;
mod sockets;

use anyhow::Result;
use serde_json::json;

use args::{Args, Only};
use cores::Cores;
use machine::Machine;

fn main() -> Result<()> {
    let plan = match Args::parse(std::env::args_os().skip(1))? {
        Args::Floor => return floor::serve(),
        Args::Measure(plan) => plan,
    };
    let cores = Cores::split();
    let machine = Machine::here(&cores);
    cores.keep_to_ours();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores.count_for_generator())
        .enable_all()
        .build()?;
    let overhead = match plan.only {
        Some(Only::Cliff) => None,
        Some(Only::Stub) | None => Some(runtime.block_on(overhead::measure(&plan, &cores))?),
    };
    let cliff = match plan.only {
        Some(Only::Stub) => None,
        Some(Only::Cliff) | None => Some(runtime.block_on(cliff::measure(&plan, &cores))?),
    };
    if plan.json {
        let report =
            json!({ "machine": machine, "seed": plan.seed, "stub": overhead, "cliff": cliff });
        println!("{report:#}");
        return Ok(());
    }
    print!("{}", machine.table());
    overhead
        .iter()
        .for_each(|found| print!("{}", found.table()));
    cliff.iter().for_each(|found| print!("{}", found.table()));
    Ok(())
}
