//! What an engine can be told, and how it is written.

use alloc::string::String;
use alloc::vec::Vec;

use super::error::TraceError;
use super::stream::{Stream, write, write_word};
use crate::call::CallId;
use crate::outcome::{Head, Outcome};
use crate::scope::ScopeId;
use crate::spec::CallSpec;
use crate::step::Found;
use crate::time::Millis;

/// What an engine can be told. Calls are known by their number: the first that an engine begins is 1.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Deed {
    /// [`Engine::begin`](crate::Engine::begin).
    Begin(CallSpec),
    /// [`Call::cached`](crate::Call::cached).
    Cached(CallId, Found),
    /// [`Call::cancel`](crate::Call::cancel).
    Cancel(CallId),
    /// [`Engine::forget`](crate::Engine::forget).
    Forget(ScopeId),
    /// [`Engine::set_online`](crate::Engine::set_online).
    Online(bool),
    /// [`Call::poll`](crate::Call::poll).
    Poll(CallId),
    /// [`Engine::due_probe`](crate::Engine::due_probe).
    Probe,
    /// [`Engine::scope`](crate::Engine::scope).
    Scope {
        /// The origin.
        origin: String,
        /// The path, folded.
        path: String,
    },
    /// [`Call::settle`](crate::Call::settle).
    Settle(CallId, Outcome),
}

impl Deed {
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        let mut put = |numbers: &[u64]| numbers.iter().for_each(|number| write(bytes, *number));
        match self {
            Deed::Begin(spec) => put(&[0, flags_of(*spec), spec.scope.0.into()]),
            Deed::Cached(call, Found::Hit { age }) => put(&[1, call.0, age.0]),
            Deed::Cached(call, Found::Miss) => put(&[2, call.0]),
            Deed::Cancel(call) => put(&[3, call.0]),
            Deed::Forget(scope) => put(&[4, scope.0.into()]),
            Deed::Online(online) => put(&[5, (*online).into()]),
            Deed::Poll(call) => put(&[6, call.0]),
            Deed::Probe => put(&[7]),
            Deed::Scope { origin, path } => {
                put(&[8]);
                write_word(bytes, origin);
                write_word(bytes, path);
            }
            Deed::Settle(call, Outcome::Head(head)) => match head.retry_after {
                None => put(&[9, call.0, head.status.into()]),
                Some(wait) => put(&[10, call.0, head.status.into(), wait.0]),
            },
            Deed::Settle(call, Outcome::TimedOut) => put(&[11, call.0]),
            Deed::Settle(call, Outcome::Unreachable) => put(&[12, call.0]),
        }
    }

    pub(super) fn read(from: &mut Stream<'_>) -> Result<Deed, TraceError> {
        Ok(match from.number()? {
            0 => {
                let flags = from.number()?;
                Deed::Begin(spec_of(flags, scope(from)?))
            }
            1 => {
                let call = call(from)?;
                let age = Millis(from.number()?);
                Deed::Cached(call, Found::Hit { age })
            }
            2 => Deed::Cached(call(from)?, Found::Miss),
            3 => Deed::Cancel(call(from)?),
            4 => Deed::Forget(scope(from)?),
            5 => Deed::Online(from.number()? != 0),
            6 => Deed::Poll(call(from)?),
            7 => Deed::Probe,
            8 => Deed::Scope {
                origin: from.word()?.into(),
                path: from.word()?.into(),
            },
            9 => Deed::Settle(call(from)?, head(from, false)?),
            10 => Deed::Settle(call(from)?, head(from, true)?),
            11 => Deed::Settle(call(from)?, Outcome::TimedOut),
            12 => Deed::Settle(call(from)?, Outcome::Unreachable),
            _ => return Err(from.fault()),
        })
    }
}

fn flags_of(spec: CallSpec) -> u64 {
    let flags = [spec.repeatable, spec.read, spec.cacheable, spec.probe];
    let bits = flags.iter().enumerate();
    bits.map(|(bit, flag)| u64::from(*flag) << bit).sum()
}

fn spec_of(flags: u64, scope: ScopeId) -> CallSpec {
    CallSpec {
        scope,
        repeatable: flags & 1 != 0,
        read: flags & 2 != 0,
        cacheable: flags & 4 != 0,
        probe: flags & 8 != 0,
    }
}

fn call(from: &mut Stream<'_>) -> Result<CallId, TraceError> {
    from.number().map(CallId)
}

fn scope(from: &mut Stream<'_>) -> Result<ScopeId, TraceError> {
    narrow(from).map(ScopeId)
}

fn head(from: &mut Stream<'_>, asks: bool) -> Result<Outcome, TraceError> {
    let status = narrow(from)?;
    let retry_after = match asks {
        true => Some(Millis(from.number()?)),
        false => None,
    };
    Ok(Outcome::Head(Head {
        status,
        retry_after,
    }))
}

fn narrow(from: &mut Stream<'_>) -> Result<u16, TraceError> {
    u16::try_from(from.number()?).map_err(|_| from.fault())
}
