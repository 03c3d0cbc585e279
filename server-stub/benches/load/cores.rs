//! Who runs where: the stub on one half of the cores, the generator on the other.
//!
//! On Linux both halves are kept apart with `taskset`. Elsewhere only the number of the stub's threads is limited, and the report says so.

use std::fs;
use std::process::{Command, Stdio, id};
use std::thread::available_parallelism;

#[derive(Debug)]
pub(crate) struct Cores {
    stub: Vec<usize>,
    generator: Vec<usize>,
    apart: bool,
}

impl Cores {
    pub(crate) fn split() -> Cores {
        let mut stub = allowed();
        let generator = stub.split_off(stub.len() / 2);
        if stub.is_empty() {
            stub.clone_from(&generator);
        }
        Cores {
            apart: stub != generator && has_taskset(),
            stub,
            generator,
        }
    }

    pub(crate) fn count_for_generator(&self) -> usize {
        self.generator.len()
    }

    /// This process, with all its threads, from now on.
    pub(crate) fn keep_to_ours(&self) {
        if self.apart {
            // If it is refused, the scheduler decides; the comparison is made under the same conditions all the same.
            let _ = Command::new("taskset")
                .args(["--all-tasks", "--pid", "--cpu-list", &list(&self.generator)])
                .arg(id().to_string())
                .stdout(Stdio::null())
                .status();
        }
    }

    /// A program on the stub's half.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = if self.apart {
            let mut command = Command::new("taskset");
            command.args(["--cpu-list", &list(&self.stub), program]);
            command
        } else {
            Command::new(program)
        };
        command.env("TOKIO_WORKER_THREADS", self.stub.len().to_string());
        command
    }

    /// Who runs where, in words.
    pub(crate) fn told(&self) -> String {
        if self.apart {
            let (stub, generator) = (list(&self.stub), list(&self.generator));
            format!("the stub on core {stub}, the generator on core {generator} (taskset)")
        } else {
            let threads = self.stub.len();
            format!("the stub with {threads} worker threads (TOKIO_WORKER_THREADS), cores shared")
        }
    }
}

/// The cores that this process may use.
fn allowed() -> Vec<usize> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let cores: Vec<usize> = line
        .unwrap_or_default()
        .trim()
        .split(',')
        .filter_map(|part| {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            Some(from.parse().ok()?..=to.parse().ok()?)
        })
        .flatten()
        .collect();
    if cores.is_empty() {
        (0..available_parallelism().map_or(1, usize::from)).collect()
    } else {
        cores
    }
}

fn has_taskset() -> bool {
    let mut taskset = Command::new("taskset");
    let status = taskset
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

fn list(cores: &[usize]) -> String {
    let words: Vec<String> = cores.iter().map(usize::to_string).collect();
    words.join(",")
}
