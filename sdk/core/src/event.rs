//! What the engine reports: every change of state, with its cause.

use alloc::string::String;
use alloc::vec::Vec;

use crate::alert::AlertChange;
use crate::breaker::BreakerState;
use crate::health::StorageMode;
use crate::outbox::OutboxEvent;
use crate::outcome::{Reason, Source};
use crate::record::{Field, Record, record, words};
use crate::scope::Name;
use crate::session::SocketEvent;

record! {
    /// A call has its answer.
    pub struct AnswerEvent {
        /// Milliseconds since the engine started.
        pub at_ms: u64,
        /// The scope of the call.
        pub scope: Name,
        /// Where the answer comes from; left out when there was none to give.
        pub source: Option<Source>,
        /// Why it is not simply the network's.
        pub reason: Option<Reason>,
        /// How old it is, in milliseconds.
        pub age_ms: u64,
        /// Attempts that were sent for it.
        pub attempts: u32,
        /// How long the caller waited, in milliseconds.
        pub took_ms: u64,
    }
}

record! {
    /// A breaker changed its state, or the gate of an origin, which is that of all its routes.
    pub struct BreakerEvent {
        /// Milliseconds since the engine started.
        pub at_ms: u64,
        /// The scope that it guards; the origin alone if it is a gate.
        pub scope: Name,
        /// The state before.
        pub from: BreakerState,
        /// The state after.
        pub to: BreakerState,
        /// Failed attempts in its window.
        pub failures: u32,
        /// All attempts in its window; of a gate, the bad signs in a row.
        pub calls: u32,
        /// For how long it lets nothing through, in milliseconds; 0 unless it opened.
        pub retry_in_ms: u64,
    }
}

record! {
    /// Another user, or nobody, from now on.
    pub struct IdentityEvent {
        /// Milliseconds since the engine started.
        pub at_ms: u64,
        /// Whether there is a user.
        pub signed_in: bool,
        /// It was done in another tab.
        pub elsewhere: bool,
    }
}

record! {
    /// A copy of an answer was kept, and can be served when the network has none.
    pub struct KeptEvent {
        /// Milliseconds since the engine started.
        pub at_ms: u64,
        /// The scope of the call.
        pub scope: Name,
        /// The size of its body.
        pub bytes: u64,
    }
}

words! {
    /// Something that a developer should know, once.
    pub enum Notice {
        /// The backend said that it has too much to do, and when to come back was not to be seen. If it sends `Retry-After`, it should
        /// also send `Access-Control-Expose-Headers: Retry-After`.
        RetryAfterHidden = "retry-after-hidden",
        /// Headers that a cache lives by cannot be seen, as is usual across origins; the detail is the header that the server should send so that
        /// they can. Until then what they would say is assumed to be the worse.
        HeadersHidden = "headers-hidden",
        /// An answer about one person was not kept, because nobody has said who that is: `setIdentity` does.
        IdentityMissing = "identity-missing",
        /// An answer was kept and could have been served, but the server says `no-cache` or `must-revalidate`. If it does not mean it, it should say
        /// `stale-if-error`, or the route's option `unconfirmed` says so for it.
        StaleForbidden = "stale-forbidden",
        /// A `Tidegate-Hint` header was not understood, or asked for more than may be asked; it was ignored.
        ServerWordRefused = "server-word-refused",
    }
}

record! {
    /// Something that a developer should know; told once for each origin.
    pub struct NoticeEvent {
        /// Milliseconds since the engine started.
        pub at_ms: u64,
        /// The origin.
        pub scope: Name,
        /// What it is.
        pub notice: Notice,
        /// More about it.
        pub detail: Option<String>,
    }
}

record! {
    /// The browser says that the network came or went.
    pub struct OnlineEvent {
        /// Milliseconds since the engine started.
        pub at_ms: u64,
        /// Whether it is there.
        pub online: bool,
    }
}

record! {
    /// A scope that had failed somebody answers again: what was shown from it can be asked for again.
    pub struct RecoveredEvent {
        /// Milliseconds since the engine started.
        pub at_ms: u64,
        /// The scope.
        pub scope: Name,
    }
}

record! {
    /// An attempt failed and another one follows.
    pub struct RetryEvent {
        /// Milliseconds since the engine started.
        pub at_ms: u64,
        /// The scope of the call.
        pub scope: Name,
        /// The number of the attempt that failed, from 1.
        pub attempt: u32,
        /// What became of it.
        pub reason: Reason,
        /// How long the call waits before the next one, in milliseconds.
        pub delay_ms: u64,
    }
}

record! {
    /// The backend asks for other things than before, with a `Tidegate-Hint` header.
    pub struct ServerWordEvent {
        /// Milliseconds since the engine started.
        pub at_ms: u64,
        /// The origin.
        pub scope: Name,
        /// Of the requests that would be sent, how many may be, in permille.
        pub level_permille: u32,
        /// Whether failed requests may be repeated.
        pub retries: bool,
        /// For how long nothing may be sent, in milliseconds.
        pub embargo_ms: u64,
    }
}

record! {
    /// Answers are kept in another place than before, or something happened to them.
    pub struct StorageChangeEvent {
        /// Milliseconds since the engine started.
        pub at_ms: u64,
        /// The place.
        pub mode: StorageMode,
        /// Why it is not the better one, or what happened.
        pub reason: Option<String>,
    }
}

macro_rules! events {
    ($($(#[doc = $doc:literal])* $variant:ident($record:ident) = $name:literal,)*) => {
        /// Something that happened. Its fields are those of the record within.
        #[derive(Clone, Debug, Eq, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
        #[non_exhaustive]
        pub enum Event { $($(#[doc = $doc])* $variant($record),)* }

        impl Event {
            /// The name to listen for.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $(Event::$variant(_) => $name,)* }
            }

            /// Each name with the TypeScript declaration of its record.
            #[must_use]
            pub fn declarations() -> Vec<(&'static str, &'static str, String)> {
                alloc::vec![$(($name, stringify!($record), $record::declaration())),*]
            }
        }

        impl Record for Event {
            fn fields(&self, visit: &mut dyn FnMut(&'static str, Field<'_>)) {
                match self { $(Event::$variant(record) => record.fields(visit),)* }
            }
        }
    };
}

events! {
    /// A figure has become bad, or well.
    Alert(AlertChange) = "alert",
    /// A call has its answer.
    Answer(AnswerEvent) = "answer",
    /// A breaker changed its state.
    Breaker(BreakerEvent) = "breaker",
    /// Another user, or nobody, from now on.
    Identity(IdentityEvent) = "identity",
    /// A copy of an answer was kept.
    Kept(KeptEvent) = "kept",
    /// Something that a developer should know.
    Notice(NoticeEvent) = "notice",
    /// The network came or went.
    Online(OnlineEvent) = "online",
    /// An entry of the outbox changed.
    Outbox(OutboxEvent) = "outbox",
    /// A scope answers again.
    Recovered(RecoveredEvent) = "recovered",
    /// An attempt failed and another one follows.
    Retry(RetryEvent) = "retry",
    /// The backend asks for other things than before.
    ServerWord(ServerWordEvent) = "server-word",
    /// A socket, or one of its channels, changed.
    Socket(SocketEvent) = "socket",
    /// Answers are kept in another place.
    Storage(StorageChangeEvent) = "storage",
}
