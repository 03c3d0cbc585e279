//! `cargo xtask fuzz`: anything at all for the stub's doors, guided by coverage.
//!
//! libFuzzer on a stable compiler: the coverage comes from a pass that LLVM has anyway, and without a sanitizer nothing else is needed.
//! The crate is a workspace of its own (`server-stub/fuzz`), since everything below it is built once more, instrumented. It starts from
//! the checked-in corpus and keeps what it learns in the target folder; an input that fails is kept there as well.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::args::{Args, Misuse};
use crate::shell::Shell;
use crate::site::Site;

const TARGETS: &[&str] = &["control", "program"];
/// Edges, counted inline, with a table of where they are, and what numbers and texts are compared with: what `cargo fuzz` sets.
const INSTRUMENTED: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    --cfg fuzzing";

pub(crate) fn command(mut args: Args) -> Result<()> {
    let seconds: u64 = args.value("--seconds")?.unwrap_or(60);
    let names = args.names()?;
    if let Some(unknown) = names.iter().find(|name| !TARGETS.contains(&name.as_str())) {
        let all = TARGETS.join(", ");
        return Err(Misuse(format!("there is no target `{unknown}`; there are {all}")).into());
    }
    let sh = Shell::new(Site::here()?);
    let fuzzing = Fuzzing::build(&sh)?;
    let wanted = |target: &&&str| names.is_empty() || names.iter().any(|name| name == **target);
    for target in TARGETS.iter().filter(wanted) {
        println!("{target}: {}", fuzzing.run(target, seconds)?);
    }
    Ok(())
}

struct Fuzzing<'sh> {
    sh: &'sh Shell,
    programs: PathBuf,
}

impl<'sh> Fuzzing<'sh> {
    fn build(sh: &'sh Shell) -> Result<Self> {
        // Named, so that build scripts and macros are built without instruments.
        let host = host(sh)?;
        let target = sh.site.target.join("fuzz");
        sh.cargo("build --release --manifest-path server-stub/fuzz/Cargo.toml --target")
            .arg(&host)
            .arg("--target-dir")
            .arg(&target)
            .env("RUSTFLAGS", INSTRUMENTED)
            .run()?;
        Ok(Self {
            sh,
            programs: target.join(host).join("release"),
        })
    }

    fn run(&self, target: &str, seconds: u64) -> Result<String> {
        let crate_ = self.sh.site.root.join("server-stub/fuzz");
        let learned = self.sh.site.target.join("fuzz/corpus").join(target);
        let failing = self.sh.site.target.join("fuzz/failing").join(target);
        fs::create_dir_all(&learned)?;
        fs::create_dir_all(&failing)?;
        let program = self.programs.join(target);
        let program = program
            .to_str()
            .context("the target folder's path is not text")?;
        let said = self
            .sh
            .cmd(program)
            .words("-max_len=4096 -timeout=30 -print_final_stats=1")
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-dict={}", crate_.join("words.dict").display()))
            .arg(format!("-artifact_prefix={}/", failing.display()))
            .arg(&learned)
            .arg(crate_.join("corpus").join(target))
            .read_patiently(&format!("fuzz {target}"))
            .with_context(|| format!("the input is in {}", failing.display()))?;
        summary(&said)
    }
}

fn host(sh: &Shell) -> Result<String> {
    let said = sh.cmd("rustc").arg("-vV").read()?;
    let line = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(line
        .context("rustc does not say what it builds for")?
        .to_owned())
}

/// What libFuzzer says at the end, in a line.
fn summary(said: &str) -> Result<String> {
    let after = |line: &str, word: &str| {
        let mut words = line.split_whitespace().skip_while(|found| *found != word);
        words.nth(1).map(str::to_owned)
    };
    let count = said
        .lines()
        .find_map(|line| after(line, "stat::number_of_executed_units:"));
    let mut lines = said.lines().rev();
    let edges = lines.find_map(|line| after(line, "cov:"));
    match (count, edges) {
        (Some(count), Some(edges)) => Ok(format!("{count} executions, {edges} edges covered")),
        _ => bail!("libFuzzer did not say what it has done"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_has_the_last_coverage() {
        let said = "#2\tINITED cov: 10 ft: 12 corp: 1/1b\n#900\tDONE   cov: 345 ft: 99 corp: 7/1Kb\n\
                    stat::number_of_executed_units: 900\nstat::average_exec_per_sec:     450\n";
        assert_eq!(summary(said).unwrap(), "900 executions, 345 edges covered");
        assert!(summary("").is_err());
    }
}
