//! `server-stub monitor`: a running stub, seen from a terminal.
//!
//! Once a second the control listener is asked for its metrics. What is shown are the figures with their alerts and the last minute of
//! each as a small curve: an exhaustion loop is recognised by its shape (waiting climbs, waste follows, errors come last), hardly by
//! one number. A stub that is gone is shown as gone and asked again, since restarting it is part of many an experiment.
//!
//! ```text
//! client    asks and reads, in a thread of its own so that a stub that hangs does not hold up the keyboard
//! history   the last 60 answers
//! rows      what is shown, in words: the same for both of
//! plain     one snapshot as text: --once, or when nobody looks at a terminal
//! screen    the live view
//! ```

mod args;
mod client;
mod history;
mod plain;
mod rows;
mod screen;

use std::io::{self, IsTerminal, Write};

pub use args::{HELP, MonitorArgs};
use client::ask;

/// Shows a stub until the user leaves; only once if asked to, or if standard output is no terminal.
///
/// It blocks, so an asynchronous program calls it where blocking is fine.
///
/// # Errors
/// When the terminal cannot be used, or when the only snapshot cannot be had.
pub fn run(args: &MonitorArgs) -> io::Result<()> {
    let stdout = io::stdout();
    if args.once || !stdout.is_terminal() {
        let report = ask(args)?;
        return stdout.lock().write_all(plain::text(&report).as_bytes());
    }
    screen::run(args)
}
