//! The command line.

use std::ffi::OsString;

use lexopt::{Arg, Parser, ValueExt};

use crate::catalog::MAX_ASSETS;
use crate::settings::Settings;

/// What `--help` prints.
pub const HELP: &str = "\
server-stub: a backend that fails on demand

    --port <port>             the API, 4780 by default, 0 for any free port
    --control-port <port>     the control API, 4781 by default, 0 for any free port
    --seed <number>           makes the catalogue and the verdicts, 1 by default
    --preset <name>           what goes wrong at the start, healthy by default
    --assets <count>          size of the catalogue, 12000 by default
    --allow-origin <origin>   a further origin that may read and drive the stub; can be repeated
    --exit-with-stdin         also stop when standard input is closed
    --help                    this text

When ready it prints one line of JSON with its addresses. It listens on 127.0.0.1 only.
";

/// What the command line asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Args {
    /// The help text.
    Help,
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
        let mut settings = Settings::default();
        let mut exit_with_stdin = false;
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("port") => settings.port = parser.value()?.parse()?,
                Arg::Long("control-port") => settings.control_port = parser.value()?.parse()?,
                Arg::Long("seed") => settings.seed = parser.value()?.parse::<u32>()?.into(),
                Arg::Long("preset") => settings.preset = parser.value()?.parse()?,
                Arg::Long("assets") => settings.assets = parser.value()?.parse_with(count)?,
                Arg::Long("allow-origin") => {
                    settings.allow_origins.push(parser.value()?.string()?);
                }
                Arg::Long("exit-with-stdin") => exit_with_stdin = true,
                Arg::Long("help") | Arg::Short('h') => return Ok(Args::Help),
                _ => return Err(arg.unexpected()),
            }
        }
        Ok(Args::Serve {
            settings,
            exit_with_stdin,
        })
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
    use tidegate_contract::Preset;

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
                    --allow-origin http://a.test --allow-origin http://b.test";
        let expected = Args::Serve {
            settings: Settings {
                port: 0,
                control_port: 9,
                seed: 7,
                preset: Preset::Slow,
                assets: 50,
                allow_origins: vec!["http://a.test".into(), "http://b.test".into()],
            },
            exit_with_stdin: true,
        };
        assert_eq!(parse(line), Ok(expected));
        assert_eq!(parse("--seed 7 --help"), Ok(Args::Help));
    }

    #[test]
    fn mistakes_are_explained() {
        for (line, word) in [
            ("--prot 1", "--prot"),
            ("--preset slwo", "flaky-30"),
            ("--assets 0", "100000"),
            ("--port x", "x"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(word), "{line}: {error}");
        }
    }
}
