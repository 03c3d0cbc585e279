//! The door for one rule: see `check.rs` for the rest of a program.

use crate::check::{MAX_DELAY_MS, MAX_WINDOW_MS, ProgramError, at_most, from_json, range, refuse};
use crate::fault::{Fault, RetryAfter, Rule};
use crate::pattern::Pattern;
use crate::socket_fault::SocketFault;
use crate::when::{Count, Match, Window};

const MAX_NAME: usize = 64;
const MAX_PATTERN: usize = 200;
const MAX_CONDITIONS: usize = 16;
const MAX_FAULTS: usize = 16;
const MAX_HEADER_VALUE: usize = 1_000;
const MAX_CHUNKS: u64 = 1_000;
const MAX_COUNT: u64 = 1_000_000_000;
// More than any body that the stub sends.
const MAX_BODY: u64 = 1 << 30;
// Thirty days: the lie that made a client retry four times in 43 ms, because its timer overflowed.
const MAX_RETRY_AFTER_S: u64 = 2_592_000;

impl Fault {
    /// Reads a list of faults from JSON and checks it: what a request may ask for itself.
    ///
    /// ```
    /// use tidegate_contract::Fault;
    /// let faults = Fault::list_from_json(r#"[{"kind":"effect"},{"kind":"reset"}]"#);
    /// assert_eq!(faults, Ok(vec![Fault::Effect, Fault::Reset]));
    /// ```
    ///
    /// # Errors
    /// Whatever is unknown, missing, of another type or out of range, with its path.
    pub fn list_from_json(text: &str) -> Result<Vec<Fault>, ProgramError> {
        let list: Vec<Fault> = from_json(text)?;
        faults("", &list)?;
        Ok(list)
    }
}

pub(crate) fn rule(path: &str, rule: &Rule) -> Result<(), ProgramError> {
    name(&format!("{path}.name"), &rule.name)?;
    conditions(&format!("{path}.when"), &rule.when)?;
    faults(&format!("{path}.then"), &rule.then)
}

fn faults(path: &str, list: &[Fault]) -> Result<(), ProgramError> {
    if list.is_empty() {
        return refuse(path.to_owned(), "at least one fault".to_owned(), "none");
    }
    at_most(path, list.len(), MAX_FAULTS)?;
    for (index, one) in list.iter().enumerate() {
        fault(&format!("{path}[{index}]"), one)?;
    }
    Ok(())
}

fn fault(path: &str, fault: &Fault) -> Result<(), ProgramError> {
    match fault {
        Fault::Close
        | Fault::Content { .. }
        | Fault::Cors { .. }
        | Fault::Effect
        | Fault::Garble { .. }
        | Fault::Hang
        | Fault::Reset => Ok(()),
        Fault::Cut { after_bytes, .. } => {
            range(&format!("{path}.afterBytes"), *after_bytes, 0, MAX_BODY)
        }
        Fault::Delay { time } => time.check(&format!("{path}.time")),
        Fault::Header { name, value } => header(path, name, value.as_deref()),
        Fault::KillIdle { after_ms } => {
            range(&format!("{path}.afterMs"), *after_ms, 0, MAX_DELAY_MS)
        }
        Fault::SlowBody { chunks, over_ms } => {
            let chunks = u64::from(*chunks);
            range(&format!("{path}.chunks"), chunks, 1, MAX_CHUNKS)?;
            range(&format!("{path}.overMs"), *over_ms, 0, MAX_DELAY_MS)
        }
        Fault::Socket { at, act } => SocketFault::new(act.clone()).at(*at).check(path),
        Fault::Status { code, retry_after } => {
            range(&format!("{path}.code"), u64::from(*code), 400, 599)?;
            let (form, seconds) = match retry_after {
                None | Some(RetryAfter::Truth | RetryAfter::TruthAsDate) => return Ok(()),
                Some(RetryAfter::DateInSeconds(seconds)) => ("dateInSeconds", *seconds),
                Some(RetryAfter::Seconds(seconds)) => ("seconds", *seconds),
            };
            let path = format!("{path}.retryAfter.{form}");
            range(&path, seconds.into(), 0, MAX_RETRY_AFTER_S)
        }
    }
}

/// RFC 9110, 5.1 and 5.5, without the characters that would end the line.
fn header(path: &str, name: &str, value: Option<&str>) -> Result<(), ProgramError> {
    let path_of_name = format!("{path}.name");
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !(1..=MAX_NAME).contains(&name.len()) || !name.bytes().all(is_token) {
        let accepted = "the name of a header".to_owned();
        return refuse(path_of_name, accepted, format!("\"{name}\""));
    }
    // These frame the message: another value would be a fault of the connection, for which there are `cut` and `garble`.
    let framing = [
        "connection",
        "content-length",
        "transfer-encoding",
        "upgrade",
    ];
    if framing.contains(&name.to_ascii_lowercase().as_str()) {
        let accepted = "a header that does not frame the message".to_owned();
        return refuse(path_of_name, accepted, name);
    }
    let Some(value) = value else {
        return Ok(());
    };
    let path = format!("{path}.value");
    at_most(&path, value.len(), MAX_HEADER_VALUE)?;
    if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return refuse(path, "printable ASCII".to_owned(), format!("{value:?}"));
    }
    Ok(())
}

fn conditions(path: &str, when: &Match) -> Result<(), ProgramError> {
    pattern(&format!("{path}.path"), &when.path)?;
    if let Some(method) = &when.method
        && (!(1..=16).contains(&method.len()) || !method.bytes().all(|b| b.is_ascii_uppercase()))
    {
        let accepted = "a method in capitals, such as GET".to_owned();
        return refuse(format!("{path}.method"), accepted, method);
    }
    for (part, map) in [("headers", &when.headers), ("query", &when.query)] {
        let path = format!("{path}.{part}");
        at_most(&path, map.len(), MAX_CONDITIONS)?;
        for (key, value) in map {
            let path = format!("{path}.{key}");
            name(&path, key)?;
            pattern(&path, value)?;
            if part == "headers" && key.bytes().any(|byte| byte.is_ascii_uppercase()) {
                return refuse(path, "in small letters".to_owned(), key);
            }
        }
    }
    if let Some(client) = &when.client {
        pattern(&format!("{path}.client"), client)?;
    }
    let share = u64::from(when.share);
    range(&format!("{path}.share"), share, 0, Match::ALL.into())?;
    count(&format!("{path}.count"), when.count)?;
    window(&format!("{path}.window"), when.window)
}

fn count(path: &str, count: Count) -> Result<(), ProgramError> {
    range(&format!("{path}.after"), count.after, 0, MAX_COUNT)?;
    for (part, value) in [("first", count.first), ("every", count.every)] {
        if let Some(value) = value {
            range(&format!("{path}.{part}"), value, 1, MAX_COUNT)?;
        }
    }
    Ok(())
}

fn window(path: &str, window: Window) -> Result<(), ProgramError> {
    let last = window.every_ms.unwrap_or(MAX_WINDOW_MS);
    if let Some(every) = window.every_ms {
        range(&format!("{path}.everyMs"), every, 1, MAX_WINDOW_MS)?;
    }
    let from = window.from_ms;
    range(&format!("{path}.fromMs"), from, 0, last.saturating_sub(1))?;
    if let Some(to) = window.to_ms {
        range(&format!("{path}.toMs"), to, from + 1, last)?;
    }
    Ok(())
}

fn pattern(path: &str, pattern: &Pattern) -> Result<(), ProgramError> {
    let length = pattern.as_str().len();
    if (1..=MAX_PATTERN).contains(&length) {
        return Ok(());
    }
    let accepted = format!("1 to {MAX_PATTERN} bytes long");
    refuse(path.to_owned(), accepted, length)
}

fn name(path: &str, name: &str) -> Result<(), ProgramError> {
    if (1..=MAX_NAME).contains(&name.len()) {
        return Ok(());
    }
    let accepted = format!("1 to {MAX_NAME} bytes long");
    refuse(path.to_owned(), accepted, name.len())
}
