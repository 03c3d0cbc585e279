//! The door for cases: what is unknown or out of range is refused, by path.

use serde::Deserialize;
use serde_json::{Map, Value};
use tidegate_contract::{BackendSettings, ProgramError, from_json};

use super::case::Case;
use super::cause::Cause;
use super::people::People;
use super::server::Server;

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct File {
    name: String,
    what: String,
    server: Server,
    /// Laid over the server's.
    backend: Map<String, Value>,
    people: People,
    cause: Cause,
    warm_s: u64,
    cause_s: u64,
    after_s: u64,
}

impl Default for File {
    fn default() -> File {
        File {
            name: "file".to_owned(),
            what: "as in the file".to_owned(),
            server: Server::default(),
            backend: Map::new(),
            people: People::default(),
            cause: Cause::default(),
            warm_s: 30,
            cause_s: 60,
            after_s: 120,
        }
    }
}

/// Reads a case from JSON and checks it.
///
/// What is left out is as in the named cases; members of `backend` are laid over those of `server`.
///
/// ```
/// let text = r#"{"name":"half","cause":{"connections":25},"causeS":45}"#;
/// let case = tidegate_tests::whole::case_from_json(text).unwrap();
/// assert_eq!((case.people.users, case.backend.queue), (2_000, 2_000));
/// let error = tidegate_tests::whole::case_from_json(r#"{"cause":{"connections":0}}"#).unwrap_err();
/// assert_eq!(error.to_string(), "cause.connections must be 1 to 100000, not 0");
/// ```
///
/// # Errors
/// Whatever is unknown, of another type or out of range, with its path.
pub fn case_from_json(text: &str) -> Result<Case, ProgramError> {
    let file: File = from_json(text)?;
    let case = Case {
        name: file.name,
        what: file.what,
        server: file.server,
        backend: backend(file.server, file.backend)?,
        people: file.people,
        cause: file.cause,
        warm_s: file.warm_s,
        cause_s: file.cause_s,
        after_s: file.after_s,
    };
    case.check()?;
    Ok(case)
}

fn backend(server: Server, over: Map<String, Value>) -> Result<BackendSettings, ProgramError> {
    let malformed = |path: &str, message: String| ProgramError::Malformed {
        path: format!("backend.{path}"),
        message,
    };
    let usual = serde_json::to_value(server.settings());
    let Ok(Value::Object(mut members)) = usual else {
        return Ok(server.settings());
    };
    members.extend(over);
    from_json(&Value::Object(members).to_string()).map_err(|error| match error {
        ProgramError::Malformed { path, message } => malformed(&path, message),
        other => other,
    })
}
