//! `cargo xtask sim`: the fleet simulator on the command line.
//!
//! Exit codes: 0 done, 1 a gate was not met or a file could not be written, 2 it was called wrongly.

mod family_a;
mod family_b;
mod given;
mod sockets;
mod words;

use std::process::ExitCode;

use words::{Job, Words, Wrong};

fn main() -> ExitCode {
    let words = match Words::read(lexopt::Parser::from_env()) {
        Ok(words) => words,
        Err(Wrong::Help) => {
            print!("{}", words::USAGE);
            return ExitCode::SUCCESS;
        }
        Err(Wrong::Word(error)) => {
            eprintln!("{error}\n\n{}", words::USAGE);
            return ExitCode::from(2);
        }
    };
    let done = match &words.job {
        Job::A(study) => family_a::run(study, &words.shape),
        Job::B(study) => family_b::run(study, &words.shape),
        Job::Sockets(study) => sockets::run(study, &words.shape),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
