//! A scenario of either family as a file.
//!
//! `family` says which; the rest is that family's own. What is unknown, of another type or out of range is refused with its path.

use serde::Deserialize;
use serde_json::Value;
use tidegate_contract::{ProgramError, from_json};

use crate::scenario::{BackendKind, Scenario, Spec};
use crate::whole::{Case, case_from_json};

/// What a file asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum ScenarioFile {
    /// Policies alone.
    A(Spec),
    /// The whole client.
    B(Box<Case>),
}

#[derive(Deserialize)]
struct Head {
    family: Family,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Family {
    A,
    B,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SpecFile {
    scenario: Scenario,
    backend: Option<BackendKind>,
    clients: Option<u32>,
    warm_s: Option<u64>,
    length_s: Option<u64>,
    horizon_s: Option<u64>,
}

impl ScenarioFile {
    /// Reads a file's text.
    ///
    /// ```
    /// use tidegate_tests::ScenarioFile;
    /// let file = ScenarioFile::from_json(r#"{"family":"a","scenario":"O5","lengthS":30}"#).unwrap();
    /// assert!(matches!(file, ScenarioFile::A(spec) if spec.length == 30 && spec.clients == 2_000));
    /// let error = ScenarioFile::from_json(r#"{"family":"b","people":{"users":0}}"#).unwrap_err();
    /// assert_eq!(error.to_string(), "people.users must be 1 to 100000, not 0");
    /// ```
    ///
    /// # Errors
    /// The first thing that is not as it has to be, with its path and what would be.
    pub fn from_json(text: &str) -> Result<ScenarioFile, ProgramError> {
        let Head { family } = from_json(text)?;
        let mut rest: Value = from_json(text)?;
        if let Value::Object(members) = &mut rest {
            members.remove("family");
        }
        let rest = rest.to_string();
        let file = match family {
            Family::A => spec_from_json(&rest).map(ScenarioFile::A),
            Family::B => case_from_json(&rest).map(|case| ScenarioFile::B(Box::new(case))),
        };
        file.map_err(without_place)
    }
}

/// The line and the column that a parser names are not those of the file: it was read twice.
fn without_place(error: ProgramError) -> ProgramError {
    match error {
        ProgramError::Malformed { path, message } => {
            let said = message.split(" at line ").next().unwrap_or_default();
            let message = said.to_owned();
            ProgramError::Malformed { path, message }
        }
        other => other,
    }
}

fn spec_from_json(text: &str) -> Result<Spec, ProgramError> {
    let file: SpecFile = from_json(text)?;
    let backend = file.backend.unwrap_or(BackendKind::Naive);
    let usual = Spec::new(file.scenario, backend, file.clients.unwrap_or(2_000), 1);
    let spec = Spec {
        warm: file.warm_s.unwrap_or(usual.warm),
        length: file.length_s.unwrap_or(usual.length),
        horizon: file.horizon_s.unwrap_or(usual.horizon),
        ..usual
    };
    range("clients", spec.clients.into(), 1, 10_000_000)?;
    range("warmS", spec.warm, 1, 3_600)?;
    range("lengthS", spec.length, 1, 3_600)?;
    // A minute to recover in.
    let least = spec.warm + spec.length + 60;
    range("horizonS", spec.horizon, least, 14_400)?;
    Ok(spec)
}

/// Whether a number is one that is accepted here.
pub(crate) fn range(path: &str, found: u64, least: u64, most: u64) -> Result<(), ProgramError> {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    Err(ProgramError::OutOfRange {
        path: path.to_owned(),
        accepted: format!("{least} to {most}"),
        found: found.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whole::{CASES, Server};

    fn refusal(text: &str) -> String {
        ScenarioFile::from_json(text).unwrap_err().to_string()
    }

    #[test]
    fn every_named_case_can_be_written_down_and_read_again() {
        for name in CASES {
            for server in Server::ALL {
                let case = Case::named(name, server).unwrap();
                let mut written = serde_json::to_value(&case).unwrap();
                written["family"] = "b".into();
                let read = ScenarioFile::from_json(&written.to_string()).unwrap();
                assert_eq!(read, ScenarioFile::B(Box::new(case)));
            }
        }
    }

    #[test]
    fn the_example_is_accepted() {
        let text = include_str!("../scenarios/half-a-pool.json");
        let ScenarioFile::B(case) = ScenarioFile::from_json(text).unwrap() else {
            panic!("it is of family b");
        };
        assert_eq!(
            (case.name.as_str(), case.backend.queue),
            ("half-a-pool", 1_000)
        );
    }

    #[test]
    fn members_of_a_backend_are_laid_over_those_of_its_server() {
        let text = r#"{"family":"b","server":"safe","backend":{"connections":20}}"#;
        let ScenarioFile::B(case) = ScenarioFile::from_json(text).unwrap() else {
            panic!("it is of family b");
        };
        let backend = &case.backend;
        assert_eq!((backend.connections, backend.queue), (20, 250));
    }

    #[test]
    fn what_is_out_of_range_is_refused_with_path_and_range() {
        let b = |rest: &str| refusal(&format!(r#"{{"family":"b",{rest}}}"#));
        assert_eq!(
            b(r#""people":{"reclickPermille":1001}"#),
            "people.reclickPermille must be 0 to 1000, not 1001"
        );
        assert_eq!(
            b(r#""backend":{"connections":0}"#),
            "backend.connections must be 1 to 100000, not 0"
        );
        assert_eq!(b(r#""afterS":5"#), "afterS must be 60 to 3600, not 5");
        assert_eq!(
            b(r#""people":{"users":100000,"everyMs":100}"#),
            "people: wants a second must be 0 to 100000, not 1000000"
        );
        assert_eq!(
            refusal(r#"{"family":"a","scenario":"D","horizonS":100}"#),
            "horizonS must be 150 to 14400, not 100"
        );
    }

    #[test]
    fn what_is_unknown_is_refused_with_its_path() {
        let backend = refusal(r#"{"family":"b","backend":{"queu":5}}"#);
        assert!(
            backend.starts_with("backend.queu: unknown field `queu`"),
            "{backend}"
        );
        let cause = refusal(r#"{"family":"b","cause":{"sowdown":5}}"#);
        assert!(cause.starts_with("cause.sowdown: unknown field"), "{cause}");
        let family = refusal(r#"{"family":"c"}"#);
        assert!(
            family.starts_with("family: unknown variant `c`"),
            "{family}"
        );
        assert!(refusal(r#"{"scenario":"O5"}"#).contains("missing field `family`"));
        let down = refusal(r#"{"family":"b","cause":{"down":3}}"#);
        assert_eq!(
            down,
            "cause.down: invalid type: integer `3`, expected a boolean"
        );
        let scenario = refusal(r#"{"family":"a","scenario":"O6"}"#);
        assert!(
            scenario.starts_with("scenario: unknown variant"),
            "{scenario}"
        );
    }
}
