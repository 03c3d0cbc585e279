//! Where it was measured.

use std::fs;

use serde::Serialize;

use crate::cores::Cores;

#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    processor: String,
    cores: String,
    /// The load average of the last minute before the start: other people's work.
    load: String,
}

impl Machine {
    pub(crate) fn here(cores: &Cores) -> Machine {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        Machine {
            processor: model.unwrap_or(std::env::consts::ARCH).to_owned(),
            cores: cores.told(),
            load: load.split(' ').next().unwrap_or("unknown").to_owned(),
        }
    }

    pub(crate) fn table(&self) -> String {
        let Machine {
            processor,
            cores,
            load,
        } = self;
        format!("{processor}; {cores}; load {load} before the start\n")
    }
}
