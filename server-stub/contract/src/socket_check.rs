//! The door for [`SocketFault`]s.
//!
//! Ten minutes is longer than any client waits for a message and an hour longer than any test keeps a stream; 16 MiB is the largest
//! frame that common servers and clients take by default, so more would prove nothing else.

use std::fmt;

use crate::check::{ProgramError, range, refuse};
use crate::socket_fault::{
    PingFault, ReconnectHint, ResumeFault, SocketAct, SocketClose, SocketDrain, SocketFault,
    SocketPoint,
};

const MAX_AFTER_MS: u64 = 3_600_000;
const MAX_DELAY_MS: u64 = 600_000;
const MAX_MESSAGE: u64 = 1_000_000;
const MAX_FRAME: u64 = 16 << 20;
/// Centrifugo's errors begin at 100; those of an application may be anything.
const MAX_CODE: u64 = 10_000;
/// As many answers as are kept back without a client's giving up.
const MAX_REVERSED: u64 = 1_000;
/// A control frame carries 125 bytes (RFC 6455, 5.5), two of which are the code.
const MAX_REASON: usize = 123;

impl SocketFault {
    /// Whether every value is in its range; `path` is where the fault stands in its program.
    ///
    /// ```
    /// use tidegate_contract::{SocketAct, SocketClose, SocketFault};
    /// let fault = SocketFault::new(SocketAct::Close(SocketClose::new(1006, "")));
    /// let error = fault.check("rules[0].then").unwrap_err();
    /// assert_eq!(error.path(), "rules[0].then.act.close.code");
    /// ```
    ///
    /// # Errors
    /// The first value that is not, with its path.
    pub fn check(&self, path: &str) -> Result<(), ProgramError> {
        let at = |name| format!("{path}.at.{name}");
        match self.at {
            SocketPoint::AfterMs(ms) => range(&at("afterMs"), ms, 0, MAX_AFTER_MS)?,
            SocketPoint::Every(n) => range(&at("every"), n, 1, MAX_MESSAGE)?,
            SocketPoint::Message(n) => range(&at("message"), n, 1, MAX_MESSAGE)?,
            SocketPoint::Share(share) => range(&at("share"), share.into(), 0, 1_000)?,
        }
        let act = |name: fmt::Arguments<'_>| format!("{path}.act.{name}");
        match &self.act {
            SocketAct::ChunkBytes(bytes) => {
                range(&act(format_args!("chunkBytes")), *bytes, 1, MAX_FRAME)
            }
            SocketAct::Drain(drain) => drain.check(&act(format_args!("drain"))),
            SocketAct::Close(close) => close.check(&act(format_args!("close"))),
            SocketAct::DelayMs(ms) => range(&act(format_args!("delayMs")), *ms, 0, MAX_DELAY_MS),
            SocketAct::LoseAcks(count) => {
                range(&act(format_args!("loseAcks")), *count, 1, MAX_MESSAGE)
            }
            SocketAct::OversizeBytes(bytes) => {
                range(&act(format_args!("oversizeBytes")), *bytes, 1, MAX_FRAME)
            }
            SocketAct::Ping(PingFault::LateMs(ms)) => {
                range(&act(format_args!("ping.lateMs")), *ms, 0, MAX_DELAY_MS)
            }
            SocketAct::ReadBytesPerSecond(bytes) => range(
                &act(format_args!("readBytesPerSecond")),
                *bytes,
                1,
                MAX_FRAME,
            ),
            SocketAct::Refuse(code) => {
                range(&act(format_args!("refuse")), (*code).into(), 100, MAX_CODE)
            }
            SocketAct::RefuseRefresh(code) => range(
                &act(format_args!("refuseRefresh")),
                (*code).into(),
                100,
                MAX_CODE,
            ),
            SocketAct::ReverseAcks(count) => {
                range(&act(format_args!("reverseAcks")), *count, 1, MAX_REVERSED)
            }
            SocketAct::Resume(ResumeFault::Keep(keep)) => {
                range(&act(format_args!("resume.keep")), *keep, 0, MAX_MESSAGE)
            }
            SocketAct::Drop
            | SocketAct::Duplicate
            | SocketAct::Garbage
            | SocketAct::Ping(PingFault::Silent | PingFault::Wrong)
            | SocketAct::Reset
            | SocketAct::Resume(ResumeFault::Expired | ResumeFault::NewEpoch)
            | SocketAct::Skip
            | SocketAct::Stall
            | SocketAct::Stop
            | SocketAct::Swap
            | SocketAct::Tear
            | SocketAct::Vanish
            | SocketAct::Volatile => Ok(()),
        }
    }
}

impl SocketClose {
    /// Whether this close frame may be sent; `path` is where it stands.
    ///
    /// # Errors
    /// The first value that is out of range, with its path.
    pub fn check(&self, path: &str) -> Result<(), ProgramError> {
        // 1004 is reserved; 1005, 1006 and 1015 mean that no close frame arrived and so cannot be in one.
        if !matches!(self.code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
            let accepted = "1000 to 1003, 1007 to 1014 or 3000 to 4999".to_owned();
            return refuse(format!("{path}.code"), accepted, self.code);
        }
        if self.reason.len() > MAX_REASON {
            let accepted = format!("at most {MAX_REASON} bytes long");
            return refuse(format!("{path}.reason"), accepted, self.reason.len());
        }
        match self.hint {
            Some(hint) => hint.check(&format!("{path}.hint")),
            None => Ok(()),
        }
    }
}

impl SocketDrain {
    pub(crate) fn check(&self, path: &str) -> Result<(), ProgramError> {
        range(&format!("{path}.byMs"), self.by_ms, 0, MAX_AFTER_MS)?;
        let window = self.window_ms;
        range(&format!("{path}.windowMs"), window, 0, MAX_AFTER_MS)
    }
}

impl ReconnectHint {
    pub(crate) fn check(&self, path: &str) -> Result<(), ProgramError> {
        range(&format!("{path}.minMs"), self.min_ms, 0, MAX_AFTER_MS)?;
        let window = self.window_ms;
        range(&format!("{path}.windowMs"), window, 0, MAX_AFTER_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(fault: &str) -> String {
        let fault: SocketFault = serde_json::from_str(fault).unwrap();
        fault.check("then").unwrap_err().path().to_owned()
    }

    #[test]
    fn a_value_out_of_range_is_named_by_its_path() {
        for (fault, where_) in [
            (r#"{"at":{"message":0},"act":"drop"}"#, "then.at.message"),
            (r#"{"at":{"every":0},"act":"drop"}"#, "then.at.every"),
            (r#"{"at":{"share":1001},"act":"drop"}"#, "then.at.share"),
            (
                r#"{"at":{"afterMs":3600001},"act":"drop"}"#,
                "then.at.afterMs",
            ),
            (r#"{"act":{"delayMs":600001}}"#, "then.act.delayMs"),
            (r#"{"act":{"loseAcks":0}}"#, "then.act.loseAcks"),
            (r#"{"act":{"chunkBytes":0}}"#, "then.act.chunkBytes"),
            (r#"{"act":{"refuse":99}}"#, "then.act.refuse"),
            (r#"{"act":{"reverseAcks":0}}"#, "then.act.reverseAcks"),
            (
                r#"{"act":{"readBytesPerSecond":0}}"#,
                "then.act.readBytesPerSecond",
            ),
            (
                r#"{"act":{"ping":{"lateMs":600001}}}"#,
                "then.act.ping.lateMs",
            ),
            (
                r#"{"act":{"drain":{"byMs":3600001,"windowMs":0}}}"#,
                "then.act.drain.byMs",
            ),
            (r#"{"act":{"oversizeBytes":0}}"#, "then.act.oversizeBytes"),
            (
                r#"{"act":{"close":{"code":1012,"hint":{"minMs":0,"windowMs":9000000}}}}"#,
                "then.act.close.hint.windowMs",
            ),
            (
                r#"{"act":{"resume":{"keep":1000001}}}"#,
                "then.act.resume.keep",
            ),
        ] {
            assert_eq!(path(fault), where_);
        }
        let long = format!(
            r#"{{"act":{{"close":{{"code":4000,"reason":"{}"}}}}}}"#,
            "x".repeat(124)
        );
        assert_eq!(path(&long), "then.act.close.reason");
    }

    #[test]
    fn only_codes_that_may_be_sent_are_accepted() {
        for (code, accepted) in [
            (999, false),
            (1000, true),
            (1004, false),
            (1005, false),
            (1006, false),
            (1012, true),
            (1014, true),
            (1015, false),
            (2999, false),
            (3008, true),
            (4999, true),
            (5000, false),
        ] {
            let close = SocketClose::new(code, "");
            assert_eq!(close.check("close").is_ok(), accepted, "{code}");
        }
    }

    #[test]
    fn what_is_unknown_is_refused() {
        for fault in [
            r#"{"act":"explode"}"#,
            r#"{"act":"drop","when":1}"#,
            r#"{"at":{"nth":1},"act":"drop"}"#,
            r#"{"act":{"close":{"code":1000,"why":""}}}"#,
        ] {
            assert!(
                serde_json::from_str::<SocketFault>(fault).is_err(),
                "{fault}"
            );
        }
    }
}
