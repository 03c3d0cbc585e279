//! `cargo xtask demo`: the demo and its backend, until Ctrl-C or until one of them ends.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use signal_hook::consts::TERM_SIGNALS;

use crate::args::Args;
use crate::port;
use crate::running::Running;
use crate::setup::{self, Need};
use crate::shell::Shell;
use crate::stub::{Ports, Stub};

/// Something happens often enough that a feed which is away for some seconds has missed it.
const LIVELY: &[&str] = &["--event-every", "1500"];
const LOOK: Duration = Duration::from_millis(200);

pub(crate) fn command(mut args: Args) -> Result<()> {
    let release = args.flag("--release");
    let port = args.value("--port")?.unwrap_or(8080);
    args.end()?;
    port::ensure_free(port, "choose another one with --port")?;
    Ports::DEMO.ensure_free()?;

    let sh = setup::ready(needs(release))?;
    Stub::build(&sh)?;
    let stop = on_ctrl_c()?;
    let mut stub = Stub::start_with(&sh, Ports::DEMO, LIVELY)?;
    println!("Building the demo. The first time takes some minutes, later ones seconds.");
    let mut page = serve(&sh, release, port)?;
    let ended = watch(&stop, &mut stub, &mut page, port);
    if stop.load(Ordering::Relaxed) {
        println!("\nStopped.");
        return Ok(());
    }
    ended
}

fn needs(release: bool) -> &'static [Need] {
    const DEBUG: &[Need] = &[Need::Wasm32, Need::Bindgen, Need::Trunk];
    const RELEASE: &[Need] = &[
        Need::Wasm32,
        Need::Bindgen,
        Need::Trunk,
        Need::Node,
        Need::WasmOpt,
    ];
    if release { RELEASE } else { DEBUG }
}

/// True once somebody asked us to end. Without it a signal would leave the children behind.
fn on_ctrl_c() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in TERM_SIGNALS {
        signal_hook::flag::register(*signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}

fn serve(sh: &Shell, release: bool, port: u16) -> Result<Running> {
    let profile: &[&str] = if release {
        &["--release"]
    } else {
        &["--cargo-profile", "demo"]
    };
    sh.cmd("trunk")
        .words("serve --offline --skip-version-check --disable-address-lookup true")
        .words("--address 127.0.0.1")
        .args(["--port", &port.to_string()])
        .args(profile)
        .arg("--dist")
        .arg(sh.site.target.join("demo-serve"))
        // Trunk understands only `true` and `false` there, and ends at the customary `1`.
        .without_env("NO_COLOR")
        .start(Stdio::null(), Stdio::inherit())
}

/// Announces the page once, then waits for an end.
fn watch(stop: &AtomicBool, stub: &mut Stub, page: &mut Running, port: u16) -> Result<()> {
    let mut announced = false;
    while !stop.load(Ordering::Relaxed) {
        if let Some(status) = page.ended()? {
            // Ctrl-C reaches trunk as well, perhaps a moment before us.
            thread::sleep(LOOK);
            bail!("trunk ended ({status})");
        }
        if let Some(status) = stub.ended()? {
            thread::sleep(LOOK);
            bail!("the stub ended ({status})");
        }
        if !announced && port::answers(port) {
            announced = true;
            announce(port);
        }
        thread::sleep(LOOK);
    }
    Ok(())
}

fn announce(port: u16) {
    println!();
    println!("  The demo is at      http://127.0.0.1:{port}");
    println!("  its backend at      {}", Ports::DEMO.api_url());
    println!("  faults are set at   {}", Ports::DEMO.control_url());
    println!("  Ctrl-C ends all of it.");
    println!();
}
