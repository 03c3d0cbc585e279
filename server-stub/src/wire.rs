//! The reading and writing side of one TCP connection, which hyper gets instead of the stream.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::line::{Line, Side};

/// A stream that its [`Line`] can take away at any time. Dropping it closes the connection.
#[derive(Debug)]
pub(crate) struct Wire(Line);

impl Wire {
    pub(crate) fn new(stream: TcpStream) -> Wire {
        Wire(Line::new(stream))
    }

    pub(crate) fn line(&self) -> &Line {
        &self.0
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.0.release();
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.0.poll(Side::Read, cx, |stream, cx| {
            Pin::new(stream).poll_read(cx, buffer)
        })
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0.poll_write(cx, bytes, |stream, cx, bytes| {
            Pin::new(stream).poll_write(cx, bytes)
        })
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.poll(Side::Write, cx, |stream, cx| {
            Pin::new(stream).poll_flush(cx)
        })
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.poll(Side::Write, cx, |stream, cx| {
            Pin::new(stream).poll_shutdown(cx)
        })
    }
}
