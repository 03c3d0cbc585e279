//! A listener on this machine for the one thing that the page posts.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// How long one look for a post takes.
const LOOK: Duration = Duration::from_millis(200);
/// What a browser may take over sending a few hundred kilobytes to this machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// Past this it is not what we wait for.
const MOST: usize = 10_000_000;

#[derive(Debug)]
pub(super) struct Collector {
    port: u16,
    posts: Receiver<String>,
}

impl Collector {
    pub(super) fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let (post, posts) = mpsc::channel();
        // It waits for connections until the program ends; one that brings no post is no concern of ours.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if let Ok(body) = body(stream)
                    && post.send(body).is_err()
                {
                    return;
                }
            }
        });
        Ok(Self { port, posts })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// What was posted, if it comes within the time of a look.
    pub(super) fn posted(&self) -> Result<Option<String>> {
        match self.posts.recv_timeout(LOOK) {
            Ok(body) => Ok(Some(body)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => bail!("nobody listens to the page any more"),
        }
    }
}

fn body(stream: TcpStream) -> Result<String> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(&stream);
    let mut line = String::new();
    let mut length = None;
    reader.read_line(&mut line)?;
    if !line.starts_with("POST ") {
        bail!("not a post");
    }
    while line != "\r\n" && !line.is_empty() {
        line.clear();
        reader.read_line(&mut line)?;
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let length: usize = length.context("it does not say its length")?;
    if length > MOST {
        bail!("too long");
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    (&stream).write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")?;
    Ok(String::from_utf8(body)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(collector: &Collector, request: &str) {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, collector.port())).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        // Reads to the end, so that the request is through before the next one.
        let _ = stream.read_to_end(&mut Vec::new());
    }

    #[test]
    fn gives_what_is_posted_and_nothing_of_other_requests() {
        let collector = Collector::start().unwrap();
        send(&collector, "GET /favicon.ico HTTP/1.1\r\n\r\n");
        send(
            &collector,
            "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n{\"\"}",
        );
        assert_eq!(collector.posted().unwrap().as_deref(), Some("{\"\"}"));
        assert_eq!(collector.posted().unwrap(), None);
    }
}
