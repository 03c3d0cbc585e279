//! What changes as time goes by: `at 10 s slow x10`, `at 40 s heal`.
//!
//! Incidents are faults of a resource over time, not of a request. A moment is one line, the same in a program's JSON, on the command
//! line and in the documentation:
//!
//! | line | what happens |
//! |---|---|
//! | `at 10 s slow x10` | service takes ten times as long as the program says (0.1 to 1000) |
//! | `at 10 s pool 5` | the pool has this many connections |
//! | `at 10 s users 2000` | this many people besides the clients under test put load on the pool |
//! | `at 10 s close` | the API listener closes: connection refused |
//! | `at 10 s open` | it opens again |
//! | `at 10 s cold` | the backend's own cache is empty |
//! | `at 10 s sockets close 1012` | every WebSocket and event stream is closed, with this code |
//! | `at 10 s sockets vanish` | they end without a close frame |
//! | `at 10 s sockets stall` | they stay open and say nothing more |
//! | `at 40 s heal` | all of that is again as the program began |
//!
//! Times are `ms`, `s` or `min` since the program was put in force.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use tidegate_core::{Instant, Millis};

use crate::backend::BackendSettings;
use crate::fault::{FaultProgram, Listener};
use crate::socket_fault::SocketClose;

const VERBS: &str = "close, cold, heal, open, pool <connections>, slow x<times>, sockets close <code>, sockets stall, sockets vanish, \
                     users <count>";
/// As many as a crowd may have: ten thousand requests a second.
const MAX_USERS: u32 = 100_000;
/// A day: longer than any demonstration.
const MAX_AT: Millis = Millis(86_400_000);

/// One line of a script.
///
/// ```
/// use tidegate_contract::{Change, Moment};
/// let moment: Moment = "at 10s slow x10".parse().unwrap();
/// assert_eq!(moment.change, Change::Slow { permille: 10_000 });
/// assert_eq!(moment.to_string(), "at 10 s slow x10");
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct Moment {
    /// When, counted from the moment the program was put in force.
    pub at: Millis,
    /// What happens.
    pub change: Change,
}

/// Something that happens to the backend.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// The listener closes.
    Close,
    /// The backend's own cache is empty.
    Cold,
    /// Everything is as the program began.
    Heal,
    /// The listener opens.
    Open,
    /// The pool has another size.
    Pool {
        /// How many connections it has now.
        connections: u32,
    },
    /// Service takes longer.
    Slow {
        /// How many thousandths of the usual time.
        permille: u32,
    },
    /// Something happens to every open stream.
    Sockets(SocketChange),
    /// Other people use the backend as well.
    Users {
        /// How many.
        count: u32,
    },
}

/// Something that happens to a stream that is open.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum SocketChange {
    /// It is closed politely.
    Close {
        /// The close code.
        code: u16,
    },
    /// It stays open and says nothing more, not even a pong.
    Stall,
    /// It ends without a close frame.
    Vanish,
}

/// Why a line is not a moment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum MomentError {
    /// It does not begin with `at <time>`.
    When(String),
    /// What it asks for is unknown or out of range.
    What(String),
}

impl fmt::Display for MomentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MomentError::When(line) => write!(
                f,
                "\"{line}\" must begin with a time up to a day, such as \"at 10 s\" (ms, s or min)"
            ),
            MomentError::What(line) => write!(f, "\"{line}\" must end with one of {VERBS}"),
        }
    }
}

impl std::error::Error for MomentError {}

impl FromStr for Moment {
    type Err = MomentError;
    fn from_str(line: &str) -> Result<Moment, MomentError> {
        let when = || MomentError::When(line.to_owned());
        let rest = line
            .trim()
            .strip_prefix("at")
            .ok_or_else(when)?
            .trim_start();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = rest.split_at(digits);
        let mut words = rest.split_whitespace();
        let unit = match words.next() {
            Some("ms") => 1,
            Some("s") => 1_000,
            Some("min") => 60_000,
            _ => return Err(when()),
        };
        let at = number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(unit))
            .map(Millis)
            .filter(|at| *at <= MAX_AT)
            .ok_or_else(when)?;
        let words: Vec<&str> = words.collect();
        let change = change(&words).ok_or_else(|| MomentError::What(line.to_owned()))?;
        Ok(Moment { at, change })
    }
}

fn change(words: &[&str]) -> Option<Change> {
    let number = |text: &str, least: u32, most: u32| {
        let number = text.parse().ok()?;
        (least..=most).contains(&number).then_some(number)
    };
    Some(match *words {
        ["close"] => Change::Close,
        ["cold"] => Change::Cold,
        ["heal"] => Change::Heal,
        ["open"] => Change::Open,
        ["pool", count] => Change::Pool {
            connections: number(count, 1, 100_000)?,
        },
        ["slow", times] => Change::Slow {
            permille: permille(times.strip_prefix('x')?)?,
        },
        ["sockets", "close", code] => Change::Sockets(SocketChange::Close {
            code: close_code(code)?,
        }),
        ["sockets", "stall"] => Change::Sockets(SocketChange::Stall),
        ["sockets", "vanish"] => Change::Sockets(SocketChange::Vanish),
        ["users", count] => Change::Users {
            count: number(count, 0, MAX_USERS)?,
        },
        _ => return None,
    })
}

/// A code that a close frame may carry.
fn close_code(text: &str) -> Option<u16> {
    let code = text.parse().ok()?;
    let accepted = SocketClose::new(code, "").check("").is_ok();
    accepted.then_some(code)
}

/// `10`, `2.5`, `0.125` in thousandths; 0.1 to 1000.
fn permille(text: &str) -> Option<u32> {
    let (whole, parts) = text.split_once('.').unwrap_or((text, ""));
    if parts.len() > 3 || !parts.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let parts: u32 = format!("{parts:0<3}").parse().ok()?;
    let permille = whole.checked_mul(1_000)?.checked_add(parts)?;
    (100..=1_000_000).contains(&permille).then_some(permille)
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at.0 {
            ms if ms > 0 && ms % 60_000 == 0 => write!(f, "at {} min ", ms / 60_000)?,
            ms if ms % 1_000 == 0 => write!(f, "at {} s ", ms / 1_000)?,
            ms => write!(f, "at {ms} ms ")?,
        }
        self.change.fmt(f)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Close => f.write_str("close"),
            Change::Cold => f.write_str("cold"),
            Change::Heal => f.write_str("heal"),
            Change::Open => f.write_str("open"),
            Change::Pool { connections } => write!(f, "pool {connections}"),
            Change::Slow { permille } => {
                let times = format!("{}.{:03}", permille / 1_000, permille % 1_000);
                write!(
                    f,
                    "slow x{}",
                    times.trim_end_matches('0').trim_end_matches('.')
                )
            }
            Change::Sockets(SocketChange::Close { code }) => write!(f, "sockets close {code}"),
            Change::Sockets(SocketChange::Stall) => f.write_str("sockets stall"),
            Change::Sockets(SocketChange::Vanish) => f.write_str("sockets vanish"),
            Change::Users { count } => write!(f, "users {count}"),
        }
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> String {
        moment.to_string()
    }
}

impl TryFrom<String> for Moment {
    type Error = MomentError;
    fn try_from(line: String) -> Result<Moment, MomentError> {
        line.parse()
    }
}

/// A script at work: hands out each change once, when its time has come.
#[derive(Clone, Debug)]
pub struct ScriptRun {
    /// Latest first, so that the next one is at the end.
    moments: Vec<Moment>,
}

impl ScriptRun {
    /// The script of a program that is put in force.
    #[must_use]
    pub fn start(program: &FaultProgram) -> ScriptRun {
        let mut moments = program.script.clone();
        // Stable, so that lines of the same time keep their order.
        moments.sort_by_key(|moment| moment.at);
        moments.reverse();
        ScriptRun { moments }
    }

    /// The next change that is due at `now`, counted from the start of the program.
    #[must_use]
    pub fn poll(&mut self, now: Instant) -> Option<Change> {
        let due = self.deadline()? <= now;
        due.then(|| self.moments.pop())?.map(|moment| moment.change)
    }

    /// When there will be one.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.moments.last().map(|moment| Instant::START + moment.at)
    }
}

/// What the changes so far have made of a program's listener and backend.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Conditions {
    /// Whether the API can be connected to.
    pub listener: Listener,
    /// The backend as it is now.
    pub backend: BackendSettings,
    /// How many other people use it.
    pub users: u32,
}

impl Conditions {
    /// As the program begins.
    #[must_use]
    pub fn of(program: &FaultProgram) -> Conditions {
        Conditions {
            listener: program.listener,
            backend: program.backend.clone(),
            users: 0,
        }
    }

    /// After one more change of the same program. What happens to open streams and to the cache's content is not a condition.
    pub fn apply(&mut self, program: &FaultProgram, change: Change) {
        match change {
            Change::Close => self.listener = Listener::Closed,
            Change::Cold | Change::Sockets(_) => {}
            Change::Heal => *self = Conditions::of(program),
            Change::Open => self.listener = Listener::Open,
            Change::Pool { connections } => self.backend.connections = connections,
            Change::Slow { permille } => self.backend.slowdown = permille,
            Change::Users { count } => self.users = count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_understood_and_written_the_same() {
        for line in [
            "at 0 s slow x10",
            "at 10 s slow x0.125",
            "at 1 min slow x2.5",
            "at 1500 ms pool 5",
            "at 10 s users 2000",
            "at 10 s close",
            "at 10 s open",
            "at 10 s cold",
            "at 10 s sockets close 1012",
            "at 10 s sockets vanish",
            "at 10 s sockets stall",
            "at 40 s heal",
        ] {
            let moment: Moment = line.parse().unwrap();
            assert_eq!(moment.to_string(), line);
        }
        assert_eq!(
            " at  10s   heal ".parse::<Moment>().unwrap().to_string(),
            "at 10 s heal"
        );
    }

    #[test]
    fn anything_else_is_refused_with_what_would_be_accepted() {
        for line in [
            "",
            "heal",
            "at heal",
            "at 10 heal",
            "at 10 h heal",
            "at 2000 min heal",
        ] {
            assert!(
                matches!(line.parse::<Moment>(), Err(MomentError::When(_))),
                "{line}"
            );
        }
        for line in [
            "at 1 s",
            "at 1 s heel",
            "at 1 s slow 10",
            "at 1 s slow x0",
            "at 1 s slow x1.2345",
            "at 1 s pool 0",
            "at 1 s pool -1",
            "at 1 s users 100001",
            "at 1 s sockets close 99",
            "at 1 s sockets close 1006",
            "at 1 s heal now",
        ] {
            let error = line.parse::<Moment>().unwrap_err();
            assert!(matches!(error, MomentError::What(_)), "{line}");
            assert!(error.to_string().contains("slow x<times>"), "{error}");
        }
    }

    #[test]
    fn changes_come_in_order_and_once() {
        let program = ["at 40 s heal", "at 10 s slow x10", "at 10 s close"]
            .iter()
            .fold(FaultProgram::new(1), |program, line| {
                program.with_moment(line.parse().unwrap())
            });
        let mut run = ScriptRun::start(&program);
        assert_eq!(run.poll(Instant::from_millis(9_999)), None);
        assert_eq!(run.deadline(), Some(Instant::from_millis(10_000)));
        let late = Instant::from_millis(60_000);
        assert_eq!(run.poll(late), Some(Change::Slow { permille: 10_000 }));
        assert_eq!(run.poll(late), Some(Change::Close));
        assert_eq!(run.poll(late), Some(Change::Heal));
        assert_eq!((run.poll(late), run.deadline()), (None, None));
    }

    #[test]
    fn healing_undoes_every_change() {
        let program = FaultProgram::new(1);
        let mut conditions = Conditions::of(&program);
        for line in [
            "at 0 s slow x10",
            "at 0 s pool 3",
            "at 0 s users 9",
            "at 0 s close",
        ] {
            let moment: Moment = line.parse().unwrap();
            conditions.apply(&program, moment.change);
        }
        assert_eq!(conditions.backend.connections, 3);
        assert_ne!(conditions, Conditions::of(&program));
        conditions.apply(&program, Change::Heal);
        assert_eq!(conditions, Conditions::of(&program));
    }
}
