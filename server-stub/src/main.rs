//! The stub as a program: reads the command line, serves, says where, and stops when told.

mod stop;

use std::time::Duration;

use serde_json::json;
use server_stub::{Args, doctor, monitor, serve};
use stop::Stop;

/// How long requests under way may take to end after a signal.
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() {
    let code = match run().await {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("server-stub: {error}");
            1
        }
    };
    // Returning would wait for the thread that reads standard input, and that one waits for its end.
    std::process::exit(code)
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let (settings, exit_with_stdin) = match Args::parse(std::env::args_os().skip(1))? {
        Args::Doctor(args) => {
            println!("{}", doctor::answer(&args).trim_end());
            return Ok(());
        }
        Args::Help(text) => {
            print!("{text}");
            return Ok(());
        }
        Args::Monitor(args) => return Ok(monitor::run(&args)?),
        Args::Serve {
            settings,
            exit_with_stdin,
        } => (settings, exit_with_stdin),
    };
    let stop = stop::watch(exit_with_stdin)?;
    let server = serve(&settings).await?;
    let (api, control) = (server.api_url(), server.control_url());
    let (seed, preset) = (settings.seed, settings.preset.name());
    println!(
        "{}",
        json!({ "api": api, "control": control, "seed": seed, "preset": preset })
    );
    eprintln!("server-stub: the API is at {api}, control at {control}");
    eprintln!("server-stub: preset {preset}, seed {seed}; Ctrl-C stops");
    match stop.await {
        Stop::Signal => {
            eprintln!("server-stub: stopping once the requests under way are answered");
            server.drain(PATIENCE).await;
        }
        // Whoever started the stub is gone: nobody is there to be polite to.
        Stop::StdinClosed => server.shutdown().await,
    }
    Ok(())
}
