//! `server-stub doctor`: on which side of the cliff a backend with these figures stands.
//!
//! The verdict is [`tidegate_contract`]'s; here it is asked for and printed. Figures that people write with a point (29.5 requests a
//! second, 4.5 attempts) are read into thousandths without floating point, so that the verdict is the same everywhere.

use lexopt::{Arg, Parser, ValueExt};
use tidegate_contract::Patient;

/// What `server-stub doctor --help` prints.
pub const HELP: &str = "\
server-stub doctor: whether an overload heals by itself or stays

    --connections <count>     requests worked on at the same time: the pool
    --queue <count>           requests that may wait for it
    --service-ms <ms>         mean time of the work on one request
    --timeout-ms <ms>         when clients give up
    --per-second <rate>       requests a second that reach the pool in peace, if known
    --amplification <factor>  attempts per intent while nothing is answered, 4.5 by default
    --wait-limit-ms <ms>      how long a request may wait at most, if that is limited
    --json                    print the diagnosis as JSON
    --help                    this text

The first four are required.
";

/// What the doctor is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DoctorArgs {
    /// The backend and its clients.
    pub patient: Patient,
    /// Whether the answer is for a program.
    pub json: bool,
}

impl DoctorArgs {
    /// Reads what follows the word `doctor`; nothing when it asks for [`HELP`].
    ///
    /// # Errors
    /// What is unknown, missing or out of range, in a sentence.
    pub fn parse(parser: &mut Parser) -> Result<Option<DoctorArgs>, lexopt::Error> {
        let (mut connections, mut queue, mut service, mut timeout) = (None, None, None, None);
        let (mut rate, mut amplification, mut wait_limit, mut json) = (None, None, None, false);
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("connections") => connections = Some(parser.value()?.parse()?),
                Arg::Long("queue") => queue = Some(parser.value()?.parse()?),
                Arg::Long("service-ms") => service = Some(parser.value()?.parse()?),
                Arg::Long("timeout-ms") => timeout = Some(parser.value()?.parse()?),
                Arg::Long("per-second") => rate = Some(parser.value()?.parse_with(thousandths)?),
                Arg::Long("amplification") => {
                    amplification = Some(parser.value()?.parse_with(thousandths)?);
                }
                Arg::Long("wait-limit-ms") => wait_limit = Some(parser.value()?.parse()?),
                Arg::Long("json") => json = true,
                Arg::Long("help") | Arg::Short('h') => return Ok(None),
                _ => return Err(arg.unexpected()),
            }
        }
        let mut patient = Patient::new(
            required(connections, "--connections")?,
            required(queue, "--queue")?,
            required(service, "--service-ms")?,
            required(timeout, "--timeout-ms")?,
        );
        patient.millirequests_per_second = rate;
        patient.wait_limit_ms = wait_limit;
        patient.amplification_permille = amplification.unwrap_or(patient.amplification_permille);
        patient.check().map_err(|error| error.to_string())?;
        Ok(Some(DoctorArgs { patient, json }))
    }
}

fn required(value: Option<u64>, option: &str) -> Result<u64, String> {
    value.ok_or_else(|| format!("{option} is missing; --help explains it"))
}

/// A number with up to three decimals, in thousandths.
fn thousandths(text: &str) -> Result<u64, String> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let value = || {
        let whole: u64 = whole.parse().ok()?;
        let decimals: u64 = format!("{decimals:0<3}").parse().ok()?;
        whole.checked_mul(1_000)?.checked_add(decimals)
    };
    let fine = digits(whole) && digits(decimals) && decimals.len() <= 3;
    value()
        .filter(|_| fine)
        .ok_or_else(|| format!("{text} is no number with up to three decimals"))
}

/// What the doctor says, as text or as JSON, with a line feed behind it.
#[must_use]
pub fn answer(args: &DoctorArgs) -> String {
    let diagnosis = args.patient.examine();
    if args.json {
        let json = serde_json::to_string_pretty(&diagnosis);
        return json.expect("a diagnosis is made of numbers and names") + "\n";
    }
    diagnosis.to_string()
}

#[cfg(test)]
mod tests {
    use tidegate_contract::{Diagnosis, Side};

    use super::*;

    const ORIGIN: &str = "--connections 50 --queue 1000 --service-ms 250 --timeout-ms 5000";

    fn parse(line: &str) -> Result<Option<DoctorArgs>, String> {
        let mut parser = Parser::from_args(line.split_whitespace());
        DoctorArgs::parse(&mut parser).map_err(|error| error.to_string())
    }

    fn says(line: &str) -> String {
        answer(&parse(line).unwrap().expect("no help was asked for"))
    }

    #[test]
    fn everything_can_be_said() {
        let more = "--per-second 29.25 --amplification 4.5 --wait-limit-ms 2000 --json";
        let expected = DoctorArgs {
            patient: Patient {
                amplification_permille: 4_500,
                millirequests_per_second: Some(29_250),
                wait_limit_ms: Some(2_000),
                ..Patient::new(50, 1_000, 250, 5_000)
            },
            json: true,
        };
        assert_eq!(parse(&format!("{ORIGIN} {more}")), Ok(Some(expected)));
        assert_eq!(parse("--help"), Ok(None));
    }

    #[test]
    fn what_is_not_said_is_the_contract_s_default() {
        let expected = DoctorArgs {
            patient: Patient::new(50, 1_000, 250, 5_000),
            json: false,
        };
        assert_eq!(parse(ORIGIN), Ok(Some(expected)));
    }

    #[test]
    fn mistakes_are_explained() {
        for (line, word) in [
            ("--queue 1", "--connections is missing"),
            ("--connections x", "x"),
            ("--conections 1", "--conections"),
            (
                &format!("{ORIGIN} --connections 0"),
                "connections must be 1 to",
            ),
            (&format!("{ORIGIN} --per-second 1.2345"), "three decimals"),
            (&format!("{ORIGIN} --per-second -1"), "three decimals"),
            (&format!("{ORIGIN} --per-second 1."), "three decimals"),
            (
                &format!("{ORIGIN} --per-second 99999999999999999999"),
                "three decimals",
            ),
            (
                &format!("{ORIGIN} --amplification 0.5"),
                "amplificationPermille must be",
            ),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(word), "{line}: {error}");
        }
    }

    #[test]
    fn the_text_begins_with_the_verdict_and_ends_with_remedies() {
        let text = says(ORIGIN);
        assert!(text.starts_with("beyond the cliff: "), "{text}");
        assert!(
            text.lines()
                .last()
                .is_some_and(|line| line.starts_with("- ")),
            "{text}"
        );
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{text:?}");
        assert!(says(&format!("{ORIGIN} --queue 250")).starts_with("safe: "));
    }

    #[test]
    fn json_is_the_diagnosis_itself() {
        let text = says(&format!("{ORIGIN} --per-second 137 --json"));
        let diagnosis: Diagnosis = serde_json::from_str(&text).unwrap();
        assert_eq!(diagnosis.side, Side::Beyond);
        assert_eq!(diagnosis.sustains(), Some(true));
    }
}
