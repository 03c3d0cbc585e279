//! Writes what happens on streams into the journal.

use tidegate_contract::feed::{EndedBy, FeedNote};
use tidegate_contract::{End, EntryKind};

use crate::feed::Witness;
use crate::stub::{Stub, WeakStub};

/// The feed's witness. It does not keep the stub alive, which keeps it.
#[derive(Debug)]
pub(crate) struct Scribe(WeakStub);

impl Scribe {
    pub(crate) fn of(stub: &Stub) -> Scribe {
        Scribe(stub.weak())
    }
}

impl Witness for Scribe {
    fn note(&self, stream: u64, client: &str, note: &FeedNote) {
        let Some(stub) = self.0.upgrade() else {
            return;
        };
        let (kind, end, text) = match note {
            FeedNote::Received { text, .. } => (EntryKind::FrameIn, End::Frame, text.clone()),
            FeedNote::Sent { text, .. } => (EntryKind::FrameOut, End::Frame, text.clone()),
            FeedNote::Closed { code, by } => {
                let end = End::Closed {
                    // What a browser reports when there was no close frame (RFC 6455, 7.1.5).
                    code: code.unwrap_or(1_006),
                    by_client: *by == EndedBy::Client,
                };
                (EntryKind::StreamEnd, end, who(by))
            }
            // The request that opened it has a line of its own, and silence has none.
            FeedNote::Opened { .. } | FeedNote::Stalled { .. } => return,
        };
        let now = stub.now();
        stub.change_journal(|world| world.book.frame(now, kind, stream, client, text, end));
    }
}

fn who(by: &EndedBy) -> String {
    match by {
        EndedBy::Client => "client".to_owned(),
        EndedBy::Fault(rule) => format!("rule {rule}"),
        EndedBy::Listener => "listener".to_owned(),
        EndedBy::Order => "order".to_owned(),
        EndedBy::Protocol => "protocol".to_owned(),
    }
}
