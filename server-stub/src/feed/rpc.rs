//! What can be asked for over a WebSocket, the same answer to the same question. Pure.
//!
//! | method | answer |
//! |---|---|
//! | `echo` | what was sent |
//! | `time` | `{"ms": …}`: the stub's clock |
//! | `slow` | what was sent, after its `ms` (a second, when left out; ten minutes at most) |
//! | `fail` | the error of its `code`, `message` and `temporary` |

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tidegate_contract::feed::{Answer, Error, Reply, Rpc, error_code};
use tidegate_core::{Instant, Millis};

use crate::feed::history::to_json;
use crate::feed::replies::refusal;

const SLOW: u64 = 1_000;
const SLOWEST: u64 = 600_000;
/// As many answers as wait for their time; whoever asks for more is refused.
const MAX_LATER: usize = 1_000;

/// The answers of one WebSocket that are not due yet.
#[derive(Debug, Default)]
pub(crate) struct Rpcs {
    later: BTreeMap<(Instant, u64), String>,
    last: u64,
}

impl Rpcs {
    /// What a question of this number is answered now; `None`: later.
    pub(crate) fn ask(&mut self, now: Instant, id: u32, wish: &Rpc) -> Option<Reply> {
        let data = &wish.data;
        Some(match &*wish.method {
            "echo" => answer(data.clone()),
            "time" => answer(json!({"ms": now.as_millis()})),
            "slow" if self.later.len() >= MAX_LATER => {
                error(refusal(error_code::LIMIT_EXCEEDED, "limit exceeded"))
            }
            "slow" => {
                let ms = data["ms"].as_u64().unwrap_or(SLOW).min(SLOWEST);
                self.put_off(now + Millis(ms), id, data.clone());
                return None;
            }
            "fail" => error(Error {
                code: data["code"]
                    .as_u64()
                    .and_then(|code| u32::try_from(code).ok())
                    .unwrap_or(error_code::INTERNAL),
                message: data["message"].as_str().unwrap_or("as wished").to_owned(),
                temporary: data["temporary"] == true,
            }),
            _ => error(refusal(error_code::METHOD_NOT_FOUND, "method not found")),
        })
    }

    /// Answers this one at that time; who wants no answer gets none.
    fn put_off(&mut self, due: Instant, id: u32, data: Value) {
        if id > 0 {
            self.last += 1;
            let reply = Reply { id, ..answer(data) };
            self.later.insert((due, self.last), to_json(&reply));
        }
    }

    /// An answer whose time has come.
    pub(crate) fn due(&mut self, now: Instant) -> Option<String> {
        let first = self.later.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    pub(crate) fn deadline(&self) -> Instant {
        let first = self.later.keys().next();
        first.map_or(Instant::NEVER, |(due, _)| *due)
    }
}

fn answer(data: Value) -> Reply {
    Reply {
        rpc: Some(Answer { data }),
        ..Reply::default()
    }
}

fn error(error: Error) -> Reply {
    Reply {
        error: Some(error),
        ..Reply::default()
    }
}
