//! HTTP connections that are kept open and used again.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

type Connection = SendRequest<Full<Bytes>>;

/// The idle connections to one address; clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    address: SocketAddr,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Client {
    pub(crate) fn to(address: SocketAddr) -> Client {
        Client {
            address,
            idle: Arc::default(),
        }
    }

    /// Opens so many connections in advance.
    pub(crate) async fn prepare(&self, count: usize) -> Result<()> {
        for _ in 0..count {
            let connection = connect(self.address).await?;
            self.give_back(connection);
        }
        Ok(())
    }

    /// Sends a request on an idle connection, or a new one, and reads the answer to its end. Whoever drops this closes the connection.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        client: &str,
        body: &str,
    ) -> Result<(StatusCode, Bytes)> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("x-client", client)
            .header("content-type", "application/json")
            .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))?;
        let mut connection = match self.take() {
            Some(connection) => connection,
            None => connect(self.address).await?,
        };
        let response: Response<_> = connection.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if connection.ready().await.is_ok() {
            self.give_back(connection);
        }
        Ok((status, body))
    }

    fn take(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(connection) = idle.pop() {
            if connection.is_ready() {
                return Some(connection);
            }
        }
        None
    }

    fn give_back(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(connection);
    }
}

async fn connect(address: SocketAddr) -> Result<Connection> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (connection, task) = http1::handshake(TokioIo::new(stream)).await?;
    // How it ends is told to whoever sends on it.
    tokio::spawn(async move { drop(task.await) });
    Ok(connection)
}
