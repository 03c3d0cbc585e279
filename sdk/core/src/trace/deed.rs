//! What an engine can be told, and how it is written.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::error::TraceError;
use super::stream::{Stream, write, write_word};
use crate::call::CallId;
use crate::outcome::{Head, Outcome};
use crate::record::camel;
use crate::scope::ScopeId;
use crate::settings::{SETTINGS, Settings};
use crate::spec::{CallSpec, Lookup};
use crate::step::Found;
use crate::throttle::Priority;
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
    /// [`Engine::configure`](crate::Engine::configure).
    Configure(Box<Settings>),
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
    /// [`Engine::hear`](crate::Engine::hear).
    Hear(ScopeId, String),
    /// [`Engine::isolate`](crate::Engine::isolate).
    Isolate(String),
    /// [`Engine::release_scope`](crate::Engine::release_scope).
    Release(String),
    /// A retry of the outbox is to be paid for.
    Replay(ScopeId, bool),
    /// [`Call::settle`](crate::Call::settle).
    Settle(CallId, Outcome),
    /// [`Call::settle_hedge`](crate::Call::settle_hedge).
    SettleHedge(CallId, Outcome),
}

impl Deed {
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        let mut put = |numbers: &[u64]| numbers.iter().for_each(|number| write(bytes, *number));
        match self {
            Deed::Begin(spec) => put(&[
                0,
                flags_of(*spec),
                spec.scope.0.into(),
                spec.priority as u64,
                spec.weight.into(),
                spec.patience
                    .map_or(0, |patience| patience.0.saturating_add(1)),
            ]),
            Deed::Cached(call, Found::Hit { age, fresh }) => {
                put(&[if *fresh { 22 } else { 1 }, call.0, age.0]);
            }
            Deed::Cached(call, Found::Renew { age }) => put(&[21, call.0, age.0]),
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
            Deed::Configure(settings) => {
                put(&[20]);
                settings.values(|_, value| write(bytes, value.into()));
            }
            Deed::Hear(scope, field) => {
                put(&[17, scope.0.into()]);
                write_word(bytes, field);
            }
            Deed::Isolate(name) => {
                put(&[18]);
                write_word(bytes, name);
            }
            Deed::Release(name) => {
                put(&[19]);
                write_word(bytes, name);
            }
            Deed::Replay(scope, dear) => put(&[23, scope.0.into(), (*dear).into()]),
            Deed::Settle(call, outcome) => write_outcome(bytes, 9, *call, *outcome),
            Deed::SettleHedge(call, outcome) => write_outcome(bytes, 13, *call, *outcome),
        }
    }

    pub(super) fn read(from: &mut Stream<'_>) -> Result<Deed, TraceError> {
        Ok(match from.number()? {
            0 => {
                let flags = from.number()?;
                let scope = scope(from)?;
                let priority = usize::try_from(from.number()?).unwrap_or(usize::MAX);
                let priority = *Priority::ALL.get(priority).ok_or(from.fault())?;
                let weight = narrow(from)?;
                let patience = from.number()?.checked_sub(1).map(Millis);
                Deed::Begin(CallSpec {
                    priority,
                    weight,
                    patience,
                    ..spec_of(flags, scope)
                })
            }
            kind @ (1 | 21 | 22) => {
                let call = call(from)?;
                let age = Millis(from.number()?);
                let fresh = kind == 22;
                let found = match kind {
                    21 => Found::Renew { age },
                    _ => Found::Hit { age, fresh },
                };
                Deed::Cached(call, found)
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
            kind @ 9..=12 => Deed::Settle(call(from)?, outcome(from, kind - 9)?),
            kind @ 13..=16 => Deed::SettleHedge(call(from)?, outcome(from, kind - 13)?),
            17 => Deed::Hear(scope(from)?, from.word()?.into()),
            18 => Deed::Isolate(from.word()?.into()),
            20 => Deed::Configure(Box::new(settings(from)?)),
            19 => Deed::Release(from.word()?.into()),
            23 => Deed::Replay(scope(from)?, from.number()? != 0),
            _ => return Err(from.fault()),
        })
    }
}

/// The first of four kinds, for a head without a wait; then with one, a timeout, nothing.
fn write_outcome(bytes: &mut Vec<u8>, first: u64, call: CallId, outcome: Outcome) {
    let (kind, head) = match outcome {
        Outcome::Head(head) => (u64::from(head.retry_after.is_some()), Some(head)),
        Outcome::TimedOut => (2, None),
        Outcome::Unreachable => (3, None),
    };
    write(bytes, first + kind);
    write(bytes, call.0);
    if let Some(head) = head {
        write(bytes, head.status.into());
        if let Some(wait) = head.retry_after {
            write(bytes, wait.0);
        }
    }
}

/// Every setting's value in the order of the table.
pub(super) fn settings(from: &mut Stream<'_>) -> Result<Settings, TraceError> {
    let mut settings = Settings::default();
    for setting in SETTINGS {
        let value = u32::try_from(from.number()?).map_err(|_| from.fault())?;
        let set = settings.set(&camel(setting.path), value.into());
        set.map_err(|_| from.fault())?;
    }
    Ok(settings)
}

fn outcome(from: &mut Stream<'_>, kind: u64) -> Result<Outcome, TraceError> {
    match kind {
        0 => head(from, false),
        1 => head(from, true),
        2 => Ok(Outcome::TimedOut),
        _ => Ok(Outcome::Unreachable),
    }
}

fn flags_of(spec: CallSpec) -> u64 {
    let flags = [
        spec.repeatable,
        spec.read,
        matches!(spec.lookup, Lookup::Last | Lookup::Only),
        spec.probe,
        spec.stand_in,
        spec.hedged,
        matches!(spec.lookup, Lookup::First | Lookup::Only),
    ];
    let bits = flags.iter().enumerate();
    bits.map(|(bit, flag)| u64::from(*flag) << bit).sum()
}

fn spec_of(flags: u64, scope: ScopeId) -> CallSpec {
    CallSpec {
        scope,
        repeatable: flags & 1 != 0,
        read: flags & 2 != 0,
        lookup: match (flags & 4 != 0, flags & 64 != 0) {
            (false, false) => Lookup::Never,
            (true, false) => Lookup::Last,
            (false, true) => Lookup::First,
            (true, true) => Lookup::Only,
        },
        probe: flags & 8 != 0,
        stand_in: flags & 16 != 0,
        hedged: flags & 32 != 0,
        ..CallSpec::read(scope)
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
