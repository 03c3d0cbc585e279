//! The stub as a program: reads the command line, serves, says where, and stops when told.

mod stop;

use serde_json::json;
use server_stub::{Args, HELP, serve};

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
    let Args::Serve {
        settings,
        exit_with_stdin,
    } = Args::parse(std::env::args_os().skip(1))?
    else {
        print!("{HELP}");
        return Ok(());
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
    stop.await;
    eprintln!("server-stub: stopping");
    server.shutdown().await;
    Ok(())
}
