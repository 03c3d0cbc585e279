//! One connection, byte by byte: how an answer ends is what these tests are about.

use std::io::ErrorKind;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How a connection ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ended {
    Eof,
    Reset,
}

/// A connection that stays open until somebody ends it.
#[derive(Debug)]
pub(crate) struct Raw {
    to: SocketAddr,
    stream: TcpStream,
}

impl Raw {
    pub(crate) async fn open(to: SocketAddr) -> Raw {
        let stream = TcpStream::connect(to).await.expect("it listens");
        Raw { to, stream }
    }

    /// Opens a connection and sends `"GET /path"` without a body.
    pub(crate) async fn send(to: SocketAddr, line: &str) -> Raw {
        let mut raw = Raw::open(to).await;
        raw.ask(line).await;
        raw
    }

    /// Sends one more request on the same connection.
    pub(crate) async fn ask(&mut self, line: &str) {
        let request = format!("{line} HTTP/1.1\r\nHost: {}\r\n\r\n", self.to);
        let written = self.stream.write_all(request.as_bytes()).await;
        written.expect("the connection is open");
    }

    /// Reads one head, with the empty line after it.
    pub(crate) async fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.stream.read_u8().await.expect("there is more"));
        }
        String::from_utf8(head).expect("a head is text")
    }

    /// Reads so many bytes.
    pub(crate) async fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        let read = self.stream.read_exact(&mut bytes).await;
        read.expect("there is more");
        bytes
    }

    /// Reads up to the end of a chunked body.
    pub(crate) async fn chunks(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n0\r\n\r\n") && bytes != b"0\r\n\r\n" {
            bytes.push(self.stream.read_u8().await.expect("there is more"));
        }
        bytes
    }

    /// Reads one whole answer and tells its status; the connection stays open.
    pub(crate) async fn answer(&mut self) -> u16 {
        let head = self.head().await;
        self.bytes(length(&head)).await;
        head[9..12].parse().expect("a status")
    }

    /// Whether nothing has arrived that was not read.
    pub(crate) fn is_silent(&self) -> bool {
        let read = self.stream.try_read(&mut [0]);
        matches!(read, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    /// Reads to the end.
    pub(crate) async fn rest(&mut self) -> (Vec<u8>, Ended) {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4_096];
        loop {
            match self.stream.read(&mut buffer).await {
                Ok(0) => return (bytes, Ended::Eof),
                Ok(read) => bytes.extend_from_slice(&buffer[..read]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                    return (bytes, Ended::Reset);
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// What a head promises of its body.
pub(crate) fn length(head: &str) -> usize {
    let head = head.to_ascii_lowercase();
    let lines = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    lines.map_or(0, |length| length.parse().expect("a length"))
}
