//! `cargo xtask test`: every check this repository has, cheap ones first.
//!
//! The checks are the table in `steps.rs`. This file chooses among them, runs them and says how it went.

mod crates;
#[cfg(test)]
mod page;
pub(crate) mod steps;
mod summary;

use std::time::Instant;

use anyhow::Result;

use crate::args::{Args, Misuse};
use crate::setup;
use crate::shell::Shell;
use steps::{STEPS, Step};
use summary::{Outcome, Summary};

pub(crate) fn command(mut args: Args) -> Result<()> {
    let list = args.flag("--list");
    let keep_going = args.flag("--keep-going");
    let names = args.names()?;
    if list {
        for step in STEPS {
            println!("  {:<14} {}", step.name, step.what);
        }
        return Ok(());
    }
    let steps = chosen(&names)?;
    let needs: Vec<_> = steps.iter().flat_map(|step| step.needs).copied().collect();
    let sh = setup::ready(&needs)?;
    run(&sh, &steps, keep_going).verdict()
}

/// All of them, or the named ones in their usual order.
fn chosen(names: &[String]) -> Result<Vec<&'static Step>, Misuse> {
    let known = |name: &&String| STEPS.iter().any(|step| step.name == **name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        let all: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        let all = all.join(", ");
        return Err(Misuse(format!(
            "there is no step `{unknown}`; there are {all}"
        )));
    }
    let wanted = |step: &&Step| names.is_empty() || names.iter().any(|name| name == step.name);
    Ok(STEPS.iter().filter(wanted).collect())
}

fn run(sh: &Shell, steps: &[&Step], keep_going: bool) -> Summary {
    let mut summary = Summary::default();
    for (number, step) in steps.iter().enumerate() {
        if summary.has_failed() && !keep_going {
            summary.add(step.name, Outcome::NotRun);
            continue;
        }
        println!(
            "\n[{}/{}] {}: {}",
            number + 1,
            steps.len(),
            step.name,
            step.what
        );
        let began = Instant::now();
        let result = (step.run)(sh);
        let took = began.elapsed();
        summary.add(
            step.name,
            match result {
                Ok(()) => {
                    println!("{} passed in {:.1} s", step.name, took.as_secs_f64());
                    Outcome::Passed(took)
                }
                Err(error) => {
                    eprintln!("\n{} failed: {error:#}", step.name);
                    Outcome::Failed(took)
                }
            },
        );
    }
    print!("{summary}");
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_a_name_of_its_own() {
        for (at, step) in STEPS.iter().enumerate() {
            assert!(STEPS[..at].iter().all(|other| other.name != step.name));
        }
    }

    #[test]
    fn named_steps_run_in_their_usual_order() {
        let names = ["docs".to_owned(), "fmt".to_owned()];
        let steps: Vec<_> = chosen(&names)
            .unwrap()
            .iter()
            .map(|step| step.name)
            .collect();
        assert_eq!(steps, ["fmt", "docs"]);
        assert_eq!(chosen(&[]).unwrap().len(), STEPS.len());
        assert!(chosen(&["fnt".to_owned()]).is_err());
    }
}
