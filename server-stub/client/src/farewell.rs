//! The last word of a handle that is being dropped.
//!
//! A destructor cannot await, and a task that it spawns dies unheard with the test's runtime. So the request is written to a socket of
//! the standard library's, which the operating system delivers whatever becomes of us; its answer is not read. Over loopback that takes
//! some tens of microseconds.

use std::io::{self, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use reqwest::Url;

use crate::call::Line;

/// Enough for another machine in the same building; a destructor that takes longer is worse than a space too many.
const PATIENCE: Duration = Duration::from_secs(1);

/// Sends a `DELETE` and leaves.
pub(crate) fn delete(line: &Line, path: &str) -> io::Result<()> {
    let unusable = || io::Error::from(io::ErrorKind::InvalidInput);
    let url = Url::parse(&line.control).map_err(|_| unusable())?;
    let host = url.host_str().ok_or_else(unusable)?;
    let port = url.port_or_known_default().ok_or_else(unusable)?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let address = (bare, port).to_socket_addrs()?.next();
    let mut stream = TcpStream::connect_timeout(&address.ok_or_else(unusable)?, PATIENCE)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let token = line.token.as_ref();
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
    let request = format!(
        "DELETE {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{}Connection: close\r\n\r\n",
        token.unwrap_or_default()
    );
    stream.write_all(request.as_bytes())
}
