//! The handle of one TCP connection: ends it at once, whoever is reading or writing it.
//!
//! The stream lies behind a lock that the reading and writing side (see `wire.rs`) takes for each call. Ending the connection therefore
//! needs nobody's help: neither hyper's, which gives an upgraded stream away, nor that of a task which deliberately does not poll.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::allowance::Allowance;

/// A connection's handle; clones share it. It does not keep the connection open.
#[derive(Clone, Debug)]
pub(crate) struct Line(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    ended: watch::Sender<bool>,
    /// How many requests have begun on it.
    requests: AtomicU64,
}

#[derive(Debug)]
struct State {
    /// Gone once the connection has ended.
    stream: Option<TcpStream>,
    /// Whether it was the stub that ended it.
    cut: bool,
    /// What may still be written, and what comes then.
    allowance: Option<(Allowance, Ending)>,
    /// Who waits to read and who waits to write.
    wakers: [Option<Waker>; 2],
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ending {
    /// Politely: the other side reads to the end of what was sent.
    Close,
    /// `SO_LINGER` zero and close, which sends a TCP reset (RFC 9293, 3.10.4).
    Reset,
}

/// A side of the connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    Read = 0,
    Write = 1,
}

impl Line {
    pub(crate) fn new(stream: TcpStream) -> Line {
        Line(Arc::new(Inner {
            state: Mutex::new(State {
                stream: Some(stream),
                cut: false,
                allowance: None,
                wakers: [None, None],
            }),
            ended: watch::Sender::new(false),
            requests: AtomicU64::new(0),
        }))
    }

    /// A request has begun on this connection.
    pub(crate) fn begin_request(&self) {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// How many requests have begun on it.
    pub(crate) fn requests(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// Ends the connection with a TCP reset.
    pub(crate) fn reset(&self) {
        self.cut(Ending::Reset);
    }

    /// Ends the connection without a reset and without an answer.
    pub(crate) fn close(&self) {
        self.cut(Ending::Close);
    }

    /// Writes these bytes as they are, past HTTP, and closes. What does not fit into the system's buffer is left out.
    pub(crate) fn garble(&self, bytes: &[u8]) {
        if let Some(stream) = &self.state().stream {
            // If the client has left, nobody misses them.
            let _ = stream.try_write(bytes);
        }
        self.close();
    }

    /// Ends the connection once this many bytes of the next answer's body, as they go over the wire, have been written.
    pub(crate) fn end_after_body(&self, bytes: u64, ending: Ending) {
        self.state().allowance = Some((Allowance::of_body(bytes), ending));
    }

    /// Ends the connection once this many bytes more have been written, whatever they are.
    pub(crate) fn end_after(&self, bytes: u64, ending: Ending) {
        self.state().allowance = Some((Allowance::of_bytes(bytes), ending));
    }

    /// Reads and throws away whatever arrives; returns when the connection has ended. For a stream that has fallen silent: its own reader
    /// must not be used again.
    pub(crate) async fn drain(&self) {
        let mut scrap = [0; 1_024];
        loop {
            let read = poll_fn(|cx| {
                let mut buffer = ReadBuf::new(&mut scrap);
                let read = self.poll(Side::Read, cx, |stream, cx| {
                    Pin::new(stream).poll_read(cx, &mut buffer)
                });
                read.map_ok(|()| buffer.filled().len())
            });
            if !matches!(read.await, Ok(1..)) {
                return;
            }
        }
    }

    /// Whether it was the stub that ended the connection.
    pub(crate) fn is_cut(&self) -> bool {
        self.state().cut
    }

    /// Returns when the connection has ended, whoever ended it.
    pub(crate) async fn ended(&self) {
        // An error would mean that the sender is gone, and we hold it.
        let _ = self.0.ended.subscribe().wait_for(|&ended| ended).await;
    }

    /// The connection is no longer used by whoever served it. Not a cut: both sides have said what they had to say.
    pub(crate) fn release(&self) {
        let stream = self.state().stream.take();
        drop(stream);
        self.0.ended.send_replace(true);
    }

    /// One attempt to read or write; `cx` is woken also when the connection is cut.
    pub(crate) fn poll<T>(
        &self,
        side: Side,
        cx: &mut Context<'_>,
        attempt: impl FnOnce(&mut TcpStream, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let mut state = self.state();
        let Some(stream) = &mut state.stream else {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        };
        let result = attempt(stream, cx);
        if result.is_pending() {
            let waker = &mut state.wakers[side as usize];
            if !waker
                .as_ref()
                .is_some_and(|known| known.will_wake(cx.waker()))
            {
                *waker = Some(cx.waker().clone());
            }
        }
        result
    }

    /// One attempt to write, within the allowance.
    pub(crate) fn poll_write(
        &self,
        cx: &mut Context<'_>,
        bytes: &[u8],
        attempt: impl FnOnce(&mut TcpStream, &mut Context<'_>, &[u8]) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let most = match &self.state().allowance {
            Some((allowance, _)) => allowance.permits(bytes),
            None => bytes.len(),
        };
        let result = self.poll(Side::Write, cx, |stream, cx| {
            attempt(stream, cx, &bytes[..most])
        });
        let Poll::Ready(Ok(written)) = result else {
            return result;
        };
        if let Some(ending) = self.spend(&bytes[..written]) {
            self.cut(ending);
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        result
    }

    /// Takes what was written from the allowance; tells how to end when nothing is left.
    fn spend(&self, written: &[u8]) -> Option<Ending> {
        let mut state = self.state();
        let (allowance, ending) = state.allowance.as_mut()?;
        allowance.spend(written);
        allowance.is_used_up().then_some(*ending)
    }

    fn cut(&self, ending: Ending) {
        let mut state = self.state();
        let Some(stream) = state.stream.take() else {
            return;
        };
        state.cut = true;
        let wakers = std::mem::take(&mut state.wakers);
        drop(state);
        if ending == Ending::Reset {
            // If this fails the client sees an orderly close, which is the next best thing.
            let _ = stream.set_zero_linger();
        }
        drop(stream);
        self.0.ended.send_replace(true);
        wakers.into_iter().flatten().for_each(Waker::wake);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here can be left half-done.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
