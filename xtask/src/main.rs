//! `cargo xtask`: sets the machine up, builds, runs, tests and measures.
//!
//! This file only knows which word starts which command. Exit codes: 0 done, 1 it failed, 2 it was called wrongly.

mod args;
mod bench;
mod chaos;
mod conformance;
mod demo;
mod e2e;
mod fuzz;
mod heartbeat;
mod lock;
mod members;
mod npm;
mod pack;
mod port;
mod purity;
mod running;
mod screenshots;
mod setup;
mod shell;
mod sim;
mod site;
mod size;
mod stub;
mod symbol;
mod test;
mod types;
mod version;
mod wasm;

use std::process::ExitCode;

use args::{Args, Misuse};

struct Command {
    name: &'static str,
    takes: &'static str,
    what: &'static str,
    run: fn(Args) -> anyhow::Result<()>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "setup",
        takes: "",
        what: "find the tools this repository needs and install what is missing",
        run: setup::command,
    },
    Command {
        name: "demo",
        takes: "[--release] [--port 8080]",
        what: "build and serve the demo together with the backend that fails on demand",
        run: demo::command,
    },
    Command {
        name: "test",
        takes: "[--list] [--keep-going] [step…]",
        what: "run every check, cheap ones first, or only the named steps",
        run: test::command,
    },
    Command {
        name: "e2e",
        takes: "[argument…]",
        what: "run the end-to-end tests alone; the arguments go to the test binary",
        run: e2e::command,
    },
    Command {
        name: "chaos",
        takes: "outbox [--writes 2000] [--calm 8] [--seed 1] [--browser chromium|firefox | --simulated], or socket [--kills 200] [--seed 1] [--browser …]",
        what: "kill, freeze and reload tabs that queue writes, or the connection of a socket, and look whether everything arrived once, in order",
        run: chaos::command,
    },
    Command {
        name: "conformance",
        takes: "[--browser chromium|firefox] [--native] [--reload] [--update] [--suite folder]",
        what: "run the HTTP cache tests (RFC 9111) in a browser, through the SDK or through the browser's own cache",
        run: conformance::command,
    },
    Command {
        name: "types",
        takes: "",
        what: "write the TypeScript that is generated from the core's declarations",
        run: types::command,
    },
    Command {
        name: "wasm",
        takes: "",
        what: "build and optimise the WebAssembly module of the npm package",
        run: wasm::command,
    },
    Command {
        name: "pack",
        takes: "",
        what: "build the npm package as a .tgz",
        run: pack::command,
    },
    Command {
        name: "screenshots",
        takes: "",
        what: "take the README's pictures of the demo anew",
        run: screenshots::command,
    },
    Command {
        name: "fuzz",
        takes: "[--seconds 60] [target…]",
        what: "try anything at all on the readers of header fields and the stub's doors, guided by coverage",
        run: fuzz::command,
    },
    Command {
        name: "bench",
        takes: "[--only policies|stub|cliff|browser|kept|network|outbox|sockets] [--seconds 30] [--browser chromium|firefox] [--json]",
        what: "measure the policies, the simulator, the stub under load and both sides of its cliff; or the cache in a browser",
        run: bench::command,
    },
    Command {
        name: "sim",
        takes: "[option…]",
        what: "simulate fleets of browsers, with Tidegate and with what others ship; `--help` has the options",
        run: sim::command,
    },
    Command {
        name: "size",
        takes: "[--json]",
        what: "weigh the npm package, by dependency, and compare it with its budget",
        run: size::command,
    },
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_else(|| "help".to_owned());
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprint!("There is no command `{name}`.\n\n{}", help());
        return ExitCode::from(2);
    };
    match (command.run)(Args::new(words)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<Misuse>() => {
            eprintln!(
                "{error}\nusage: cargo xtask {} {}",
                command.name, command.takes
            );
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> String {
    let mut text = "usage: cargo xtask <command>\n\n".to_owned();
    for command in COMMANDS {
        let call = format!("{} {}", command.name, command.takes);
        text += &format!("  {call:<38} {}\n", command.what);
    }
    text
}
