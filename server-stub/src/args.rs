//! The command line.

use std::ffi::OsString;

use lexopt::{Arg, Parser, ValueExt};

use tidegate_contract::{Moment, MomentError};

use crate::catalog::MAX_ASSETS;
use crate::doctor::{self, DoctorArgs};
use crate::monitor::{self, MonitorArgs};
use crate::settings::Settings;

/// What `--help` prints.
pub const HELP: &str = "\
server-stub: a backend that fails on demand

    server-stub [option…]     serve; the options are below
    server-stub monitor       see a running stub in the terminal; --help has its options
    server-stub doctor        whether a pool and its queue survive an overload; --help has its options

    --port <port>             the API, 4780 by default, 0 for any free port
    --control-port <port>     the control API, 4781 by default, 0 for any free port
    --seed <number>           makes the catalogue and the verdicts, 1 by default
    --preset <name>           what goes wrong at the start, healthy by default
    --script <moments>        what changes as time goes by: \"at 10 s slow x10; at 40 s heal\"
    --event-every <ms>        a made-up event on the feed this often, where the program does not say how often
    --clock <clock>           real, or x2 to x1000 to let time go by faster, or manual
    --assets <count>          size of the catalogue, 10000 by default, 1000000 at most
    --memory-limit <MiB>      what the memory alert is measured against, 1024 by default
    --allow-origin <origin>   a further origin that may read and drive the stub; can be repeated
    --allow-fault-header      requests may ask for faults themselves, with the header X-Fault
    --token <text>            the control API asks for this as Authorization: Bearer <text>
    --listen <address>        listen there instead of on 127.0.0.1; needs a token
    --exit-with-stdin         also stop when standard input is closed
    --help                    this text

When ready it prints one line of JSON with its addresses.
";

/// What the command line asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Args {
    /// A diagnosis.
    Doctor(DoctorArgs),
    /// A help text.
    Help(&'static str),
    /// A view of a running stub.
    Monitor(MonitorArgs),
    /// A running stub.
    Serve {
        /// How it is set up.
        settings: Settings,
        /// Whether the end of standard input ends it.
        exit_with_stdin: bool,
    },
}

impl Args {
    /// Reads the arguments, without the program's name.
    ///
    /// # Errors
    /// What is unknown or out of range, in a sentence.
    pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Args, lexopt::Error> {
        let mut parser = Parser::from_args(args);
        let mut first = true;
        let mut settings = Settings::default();
        let mut exit_with_stdin = false;
        while let Some(arg) = parser.next()? {
            let is_first = std::mem::take(&mut first);
            match arg {
                Arg::Value(word) if is_first && word == "monitor" => {
                    let args = MonitorArgs::parse(&mut parser)?;
                    return Ok(args.map_or(Args::Help(monitor::HELP), Args::Monitor));
                }
                Arg::Value(word) if is_first && word == "doctor" => {
                    let args = DoctorArgs::parse(&mut parser)?;
                    return Ok(args.map_or(Args::Help(doctor::HELP), Args::Doctor));
                }
                Arg::Long("memory-limit") => {
                    settings.memory_limit = u64::from(parser.value()?.parse::<u32>()?) << 20;
                }
                Arg::Long("port") => settings.port = parser.value()?.parse()?,
                Arg::Long("control-port") => settings.control_port = parser.value()?.parse()?,
                Arg::Long("seed") => settings.seed = parser.value()?.parse::<u32>()?.into(),
                Arg::Long("preset") => settings.preset = parser.value()?.parse()?,
                Arg::Long("script") => {
                    settings.script.extend(parser.value()?.parse_with(script)?);
                }
                Arg::Long("clock") => settings.clock = parser.value()?.parse()?,
                Arg::Long("event-every") => {
                    settings.event_every_ms = Some(parser.value()?.parse_with(interval)?);
                }
                Arg::Long("allow-fault-header") => settings.requested_faults = true,
                Arg::Long("token") => settings.token = Some(parser.value()?.string()?),
                Arg::Long("listen") => settings.listen = parser.value()?.parse()?,
                Arg::Long("assets") => settings.assets = parser.value()?.parse_with(count)?,
                Arg::Long("allow-origin") => {
                    settings.allow_origins.push(parser.value()?.string()?);
                }
                Arg::Long("exit-with-stdin") => exit_with_stdin = true,
                Arg::Long("help") | Arg::Short('h') => return Ok(Args::Help(HELP)),
                _ => return Err(arg.unexpected()),
            }
        }
        Ok(Args::Serve {
            settings,
            exit_with_stdin,
        })
    }
}

fn script(text: &str) -> Result<Vec<Moment>, MomentError> {
    let lines = text.split(';').map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::parse)
        .collect()
}

/// As in a program.
fn interval(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(ms) if (1..=3_600_000).contains(&ms) => Ok(ms),
        _ => Err("event-every must be 1 to 3600000 ms".into()),
    }
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if (1..=MAX_ASSETS).contains(&count) => Ok(count),
        _ => Err(format!("assets must be 1 to {MAX_ASSETS}")),
    }
}

#[cfg(test)]
mod tests {
    use tidegate_contract::{ClockSetting, Preset};

    use super::*;

    fn parse(line: &str) -> Result<Args, String> {
        Args::parse(line.split_whitespace().map(OsString::from)).map_err(|e| e.to_string())
    }

    #[test]
    fn nothing_said_means_the_defaults() {
        let expected = Args::Serve {
            settings: Settings::default(),
            exit_with_stdin: false,
        };
        assert_eq!(parse(""), Ok(expected));
    }

    #[test]
    fn everything_can_be_said() {
        let line = "--port 0 --control-port=9 --seed 7 --preset slow --assets 50 --exit-with-stdin \
                    --allow-origin http://a.test --allow-origin http://b.test --clock x10 --token t \
                    --listen 0.0.0.0 --allow-fault-header --event-every 1500 --script";
        let line = line
            .split_whitespace()
            .chain(["at 10 s slow x10; at 40 s heal;"]);
        let expected = Args::Serve {
            settings: Settings {
                port: 0,
                control_port: 9,
                seed: 7,
                preset: Preset::Slow,
                assets: 50,
                allow_origins: vec!["http://a.test".into(), "http://b.test".into()],
                clock: ClockSetting::Times(10),
                token: Some("t".into()),
                listen: [0, 0, 0, 0].into(),
                memory_limit: 1 << 30,
                requested_faults: true,
                event_every_ms: Some(1_500),
                script: vec![
                    "at 10 s slow x10".parse().unwrap(),
                    "at 40 s heal".parse().unwrap(),
                ],
            },
            exit_with_stdin: true,
        };
        let found = Args::parse(line.map(OsString::from)).map_err(|error| error.to_string());
        assert_eq!(found, Ok(expected));
        assert_eq!(parse("--seed 7 --help"), Ok(Args::Help(HELP)));
    }

    #[test]
    fn mistakes_are_explained() {
        for (line, word) in [
            ("--prot 1", "--prot"),
            ("--preset slwo", "flaky-30"),
            ("--assets 0", "1000000"),
            ("--event-every 0", "3600000"),
            ("--port x", "x"),
            ("--clock fast", "x1000"),
            ("--seed 1 monitor", "monitor"),
            ("doctor --queue 1", "--connections"),
            ("--script now", "at 10 s"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(word), "{line}: {error}");
        }
    }
}
