//! What the monitor can be told.

use lexopt::{Arg, Parser, ValueExt};
use tidegate_contract::paths;

/// What `server-stub monitor --help` prints.
pub const HELP: &str = "\
server-stub monitor: a running stub, live in the terminal; q leaves

    --control <address>       its control listener, http://127.0.0.1:4781 by default
    --space <name>            one of its spaces, the default one unless said
    --token <text>            what the stub was started with, if it was
    --once                    print one snapshot as text and end
    --help                    this text

Without a terminal it behaves as with --once.
";

/// How to monitor what.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MonitorArgs {
    /// Host and port of the control listener.
    pub control: String,
    /// The space, if not the default one.
    pub space: Option<String>,
    /// What the stub asks for as `Authorization: Bearer`.
    pub token: Option<String>,
    /// Whether one snapshot is enough.
    pub once: bool,
}

impl Default for MonitorArgs {
    /// The stub on this machine with its usual ports, live.
    fn default() -> MonitorArgs {
        MonitorArgs {
            control: format!("127.0.0.1:{}", paths::CONTROL_PORT),
            space: None,
            token: None,
            once: false,
        }
    }
}

impl MonitorArgs {
    /// Reads what follows the word `monitor`; nothing when it asks for [`HELP`].
    ///
    /// # Errors
    /// What is unknown or makes no sense, in a sentence.
    pub fn parse(parser: &mut Parser) -> Result<Option<MonitorArgs>, lexopt::Error> {
        let mut args = MonitorArgs::default();
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("control") => args.control = parser.value()?.parse_with(address)?,
                Arg::Long("space") => args.space = Some(parser.value()?.string()?),
                Arg::Long("token") => args.token = Some(parser.value()?.parse_with(token)?),
                Arg::Long("once") => args.once = true,
                Arg::Long("help") | Arg::Short('h') => return Ok(None),
                _ => return Err(arg.unexpected()),
            }
        }
        Ok(Some(args))
    }
}

/// Host and port, with or without `http://` before and `/` behind.
fn address(text: &str) -> Result<String, String> {
    let address = text.strip_prefix("http://").unwrap_or(text);
    let address = address.strip_suffix('/').unwrap_or(address);
    let fine = address.rsplit_once(':').is_some_and(|(host, port)| {
        let bytes = |byte: u8| byte.is_ascii_graphic() && byte != b'/';
        !host.is_empty() && host.bytes().all(bytes) && port.parse::<u16>().is_ok()
    });
    if fine {
        return Ok(address.to_owned());
    }
    Err(format!(
        "control must be an address such as 127.0.0.1:4781, not {text}"
    ))
}

/// What fits into a header.
fn token(text: &str) -> Result<String, String> {
    match text.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(text.to_owned()),
        false => Err("a token is made of visible ASCII".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<MonitorArgs>, String> {
        let mut parser = Parser::from_args(line.split_whitespace());
        MonitorArgs::parse(&mut parser).map_err(|error| error.to_string())
    }

    #[test]
    fn everything_can_be_said() {
        assert_eq!(parse(""), Ok(Some(MonitorArgs::default())));
        let expected = MonitorArgs {
            control: "[::1]:9".into(),
            space: Some("a".into()),
            token: Some("t".into()),
            once: true,
        };
        assert_eq!(
            parse("--control http://[::1]:9/ --space a --token t --once"),
            Ok(Some(expected))
        );
        assert_eq!(parse("--once --help"), Ok(None));
    }

    #[test]
    fn mistakes_are_explained() {
        for (line, word) in [
            ("--twice", "--twice"),
            ("--control localhost", "127.0.0.1:4781"),
            ("--control https://a:1", "https://a:1"),
            ("--control a:b", "a:b"),
            ("--token \u{fc}", "visible"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(word), "{line}: {error}");
        }
    }
}
