//! `cargo xtask sim`: the fleet simulator on the command line.
//!
//! Exit codes: 0 done, 1 a gate was not met or a file could not be written, 2 it was called wrongly.

mod gates;
mod words;

use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use tidegate_tests::{LEGEND, Row, chart, document, table};

use words::{Words, Wrong};

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
    let done = match words.gates {
        true => Ok(gates::all_met(&words.study)),
        false => run(&words).map(|()| true),
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

fn run(words: &Words) -> io::Result<()> {
    let mut all = Vec::new();
    for spec in words.study.specs() {
        let rows = words.study.run(spec);
        if let Some(folder) = &words.svg {
            draw(folder, &rows)?;
        }
        if words.json {
            all.extend(rows);
        } else {
            println!("{}", table(&rows));
        }
    }
    if words.json {
        println!("{}", document(&all)?);
    } else {
        print!("{LEGEND}");
    }
    Ok(())
}

fn draw(folder: &Path, rows: &[Row]) -> io::Result<()> {
    let Some(row) = rows.first() else {
        return Ok(());
    };
    let spec = row.spec;
    let (scenario, backend) = (spec.scenario.name(), spec.backend.name());
    let name = format!("{scenario}-{backend}-{}.svg", spec.clients);
    fs::create_dir_all(folder)?;
    fs::write(folder.join(name), chart(rows))
}
