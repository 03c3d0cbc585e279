//! How a stub is set up.

use std::net::{IpAddr, Ipv4Addr};

use tidegate_contract::{ClockSetting, FaultProgram, Moment, Preset, paths};

use crate::memory::DEFAULT_LIMIT_BYTES;

/// What the command line can say, with what it means to say nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Settings {
    /// The address of both listeners.
    pub listen: IpAddr,
    /// The API's port; 0 lets the system choose.
    pub port: u16,
    /// The control listener's port; 0 lets the system choose.
    pub control_port: u16,
    /// Where the catalogue and the presets' verdicts come from.
    pub seed: u64,
    /// The program in force at the start.
    pub preset: Preset,
    /// How its time goes by.
    pub clock: ClockSetting,
    /// What changes as time goes by, besides what the preset's own script says.
    pub script: Vec<Moment>,
    /// A made-up event on the feed this often where the program in force does not say how often.
    pub event_every_ms: Option<u64>,
    /// Whether requests may ask for faults themselves, with the header `X-Fault`.
    pub requested_faults: bool,
    /// How many assets the catalogue has.
    pub assets: usize,
    /// How many bytes the process should stay below, for the alerts.
    pub memory_limit: u64,
    /// Origins that may read and drive the stub besides those of this machine.
    pub allow_origins: Vec<String>,
    /// What the control API asks for as `Authorization: Bearer …`; nothing when there is none.
    pub token: Option<String>,
}

impl Settings {
    /// The program in force at the start and after a reset.
    #[must_use]
    pub fn program(&self) -> FaultProgram {
        let program = self.preset.program(self.seed);
        self.script
            .iter()
            .copied()
            .fold(program, FaultProgram::with_moment)
    }

    /// The defaults, on ports that the system chooses: what a test wants.
    #[must_use]
    pub fn on_free_ports() -> Settings {
        Settings {
            port: 0,
            control_port: 0,
            ..Settings::default()
        }
    }
}

impl Default for Settings {
    /// 127.0.0.1, ports 4780 and 4781, seed 1, `healthy`, real time, no made-up events, 10,000 assets, 1 GiB, no further origins, no token.
    fn default() -> Settings {
        Settings {
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: paths::API_PORT,
            control_port: paths::CONTROL_PORT,
            seed: 1,
            preset: Preset::Healthy,
            clock: ClockSetting::Real,
            script: Vec::new(),
            event_every_ms: None,
            requested_faults: false,
            assets: 10_000,
            memory_limit: DEFAULT_LIMIT_BYTES,
            allow_origins: Vec::new(),
            token: None,
        }
    }
}
