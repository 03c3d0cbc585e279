//! `cargo xtask fuzz`: anything at all for the readers of header fields, a socket's session and the stub's doors, guided by coverage.
//!
//! libFuzzer on a stable compiler: the coverage comes from a pass that LLVM has anyway, and without a sanitizer nothing else is needed.
//! Each crate of targets is a workspace of its own, since everything below it is built once more, instrumented. A target starts from its
//! checked-in corpus and keeps what it learns in the target folder; an input that fails is kept there as well.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::args::{Args, Misuse};
use crate::shell::Shell;
use crate::site::Site;

/// Something that takes any input, and the crate that it is in.
struct Target {
    name: &'static str,
    crate_: &'static str,
}

const SDK: &str = "sdk/core/fuzz";
const STUB: &str = "server-stub/fuzz";
#[rustfmt::skip]
const TARGETS: [Target; 7] = [
    Target { name: "control", crate_: STUB },
    Target { name: "date", crate_: SDK },
    Target { name: "fields", crate_: SDK },
    Target { name: "program", crate_: STUB },
    Target { name: "range", crate_: SDK },
    Target { name: "session", crate_: SDK },
    Target { name: "uri", crate_: SDK },
];
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
    if let Some(unknown) = names
        .iter()
        .find(|name| TARGETS.iter().all(|target| target.name != **name))
    {
        let all = TARGETS.map(|target| target.name).join(", ");
        return Err(Misuse(format!("there is no target `{unknown}`; there are {all}")).into());
    }
    let sh = Shell::new(Site::here()?);
    let fuzzing = Fuzzing::on_this_machine(&sh)?;
    let wanted = |target: &&Target| names.is_empty() || names.iter().any(|n| n == target.name);
    let targets: Vec<&Target> = TARGETS.iter().filter(wanted).collect();
    for crate_ in [SDK, STUB] {
        if targets.iter().any(|target| target.crate_ == crate_) {
            fuzzing.build(crate_)?;
        }
    }
    for target in targets {
        println!("{}: {}", target.name, fuzzing.run(target, seconds)?);
    }
    Ok(())
}

struct Fuzzing<'sh> {
    sh: &'sh Shell,
    /// Named, so that build scripts and macros are built without instruments.
    host: String,
    /// Where the builds, the corpora and what fails are.
    folder: PathBuf,
}

impl<'sh> Fuzzing<'sh> {
    fn on_this_machine(sh: &'sh Shell) -> Result<Self> {
        Ok(Self {
            sh,
            host: host(sh)?,
            folder: sh.site.target.join("fuzz"),
        })
    }

    fn build(&self, crate_: &str) -> Result<()> {
        self.sh
            .cargo("build --release")
            .args(["--manifest-path", &format!("{crate_}/Cargo.toml")])
            .args(["--target", &self.host])
            .arg("--target-dir")
            .arg(&self.folder)
            .env("RUSTFLAGS", INSTRUMENTED)
            .run()
    }

    fn run(&self, target: &Target, seconds: u64) -> Result<String> {
        let crate_ = self.sh.site.root.join(target.crate_);
        let learned = self.folder.join("corpus").join(target.name);
        let failing = self.folder.join("failing").join(target.name);
        fs::create_dir_all(&learned)?;
        fs::create_dir_all(&failing)?;
        let program = self.folder.join(&self.host).join("release");
        let program = program.join(target.name);
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
            .arg(crate_.join("corpus").join(target.name))
            .read_patiently(&format!("fuzz {}", target.name))
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
