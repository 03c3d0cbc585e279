//! A stream's place in the feed, as a guard: when it is dropped, the stream is over and the witness hears by whom.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tidegate_contract::feed::{EndedBy, FeedNote, StreamKind};
use tokio::sync::Notify;

use crate::failure::Failure;
use crate::feed::SocketFaults;
use crate::feed::gate::Admission;
use crate::feed::hub::Refusal;
use crate::feed::step::Step;
use crate::feed::stream::{Frame, Wish};
use crate::feed::wait::wait_until;
use crate::line::Line;
use crate::stub::Stub;

/// One open stream.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) stub: Stub,
    /// The connection, when there is one.
    pub(crate) line: Option<Line>,
    client: String,
    id: u64,
    wake: Arc<Notify>,
    end: Option<(Option<u16>, EndedBy)>,
}

impl Seat {
    /// Takes a place, when its turn has come.
    pub(crate) async fn take(
        stub: Stub,
        line: Option<Line>,
        client: String,
        faults: SocketFaults,
        wish: Wish,
    ) -> Result<Seat, Refusal> {
        let (stream, extended) = match &wish {
            Wish::Events { .. } => (StreamKind::Events, false),
            Wish::Socket { extended } => (StreamKind::Socket, *extended),
        };
        await_turn(&stub, &client).await?;
        let now = stub.now();
        let opened = stub.feed().hub().open(now, &client, faults.0, wish);
        let (id, wake) = opened?;
        let seat = Seat {
            stub,
            line,
            client,
            id,
            wake,
            end: None,
        };
        seat.note(|| FeedNote::Opened { stream, extended });
        Ok(seat)
    }

    /// The next thing to do.
    pub(crate) fn poll(&self) -> Step<Frame> {
        let now = self.stub.now();
        self.stub.feed().hub().poll(now, self.id)
    }

    /// Returns when there may be something to do.
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Whether waiting for the client to read is in vain.
    pub(crate) fn is_cut(&self) -> bool {
        self.stub.feed().hub().is_cut(self.id)
    }

    /// How many bytes a second are read, if not as many as come.
    pub(crate) fn read_rate(&self) -> Option<u64> {
        self.stub.feed().hub().oddly(self.id).0
    }

    /// How many bytes of an event go out at a time, if not all of them.
    pub(crate) fn chunk(&self) -> Option<usize> {
        self.stub.feed().hub().oddly(self.id).1
    }

    /// A text arrived.
    pub(crate) fn received(&self, text: &str) {
        self.note(|| FeedNote::Received {
            text: FeedNote::clip(text),
            bytes: text.len() as u64,
        });
        let now = self.stub.now();
        self.stub.feed().hub().receive(now, self.id, text);
    }

    /// Something arrived that the protocol does not know.
    pub(crate) fn received_nonsense(&self, bytes: usize) {
        self.note(|| FeedNote::Received {
            text: String::new(),
            bytes: bytes as u64,
        });
        self.stub.feed().hub().receive_nonsense(self.id);
    }

    /// A frame went out.
    pub(crate) fn sent(&self, frame: &Frame) {
        self.note(|| FeedNote::Sent {
            offset: frame.offset,
            text: FeedNote::clip(&frame.text),
            bytes: frame.text.len() as u64,
        });
    }

    /// It has fallen silent.
    pub(crate) fn stalled(&self, by: EndedBy) {
        self.note(|| FeedNote::Stalled { by });
    }

    /// How it ended; the first answer counts.
    pub(crate) fn ended(&mut self, code: Option<u16>, by: EndedBy) {
        self.end.get_or_insert((code, by));
    }

    fn note(&self, note: impl FnOnce() -> FeedNote) {
        self.stub.feed().note(self.id, &self.client, note);
    }
}

/// Returns when a stream's turn has come.
async fn await_turn(stub: &Stub, client: &str) -> Result<(), Refusal> {
    let Admission { ticket, wake } = stub.feed().hub().admit(stub.now(), client)?;
    let _place = Place { stub, ticket };
    loop {
        let turn = stub.feed().hub().turn(stub.now(), ticket);
        let Some(until) = turn else {
            return Ok(());
        };
        tokio::select! {
            () = wake.notified() => {}
            () = wait_until(stub, until) => {}
        }
    }
}

/// A place in the queue, which is given up when the client leaves.
struct Place<'a> {
    stub: &'a Stub,
    ticket: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.stub.feed().hub().leave(self.ticket);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.stub.feed().hub().close(self.id);
        let (code, by) = self.end.take().unwrap_or_else(|| {
            // Nobody said how: the connection is gone, and the line knows whether that was us.
            let ours = self.line.as_ref().is_some_and(Line::is_cut);
            let by = if ours {
                EndedBy::Listener
            } else {
                EndedBy::Client
            };
            (None, by)
        });
        self.note(|| FeedNote::Closed { code, by });
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Refusal::Full => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Refusal::NoChannel => Failure::not_found("there is no such channel").into_response(),
        }
    }
}
