//! How a stub is set up.

use tidegate_contract::{Preset, paths};

/// What the command line can say, with what it means to say nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Settings {
    /// The API's port; 0 lets the system choose.
    pub port: u16,
    /// The control listener's port; 0 lets the system choose.
    pub control_port: u16,
    /// Where the catalogue and the presets' verdicts come from.
    pub seed: u64,
    /// The program in force at the start.
    pub preset: Preset,
    /// How many assets the catalogue has.
    pub assets: usize,
    /// Origins that may read and drive the stub besides those of this machine.
    pub allow_origins: Vec<String>,
}

impl Settings {
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
    /// Ports 4780 and 4781, seed 1, `healthy`, 12,000 assets, no further origins.
    fn default() -> Settings {
        Settings {
            port: paths::API_PORT,
            control_port: paths::CONTROL_PORT,
            seed: 1,
            preset: Preset::Healthy,
            assets: 12_000,
            allow_origins: Vec::new(),
        }
    }
}
