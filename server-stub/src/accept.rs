//! The accept loop: a listener that can be closed for a while.
//!
//! While it is closed, the port stays bound by a socket that does not listen. Connecting is refused, as with no server at all, yet
//! nobody else can take the port in the meantime.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use tidegate_contract::Listener;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep};

use crate::connection::converse;
use crate::door::Order;

/// What the system queues before we accept; the usual size.
const BACKLOG: u32 = 1_024;

/// A port of this machine, with an open or closed door.
#[derive(Debug)]
pub(crate) enum Port {
    Closed {
        reserved: TcpSocket,
        address: SocketAddr,
    },
    Open {
        listener: TcpListener,
        address: SocketAddr,
    },
    /// Taking the port back failed; the next attempt starts from here.
    Lost { address: SocketAddr },
}

impl Port {
    /// Takes a port, 0 for any, with its door in the wanted state.
    pub(crate) fn take(port: u16, wanted: Listener) -> io::Result<Port> {
        let reserved = reserve(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        let address = reserved.local_addr()?;
        match wanted {
            Listener::Closed => Ok(Port::Closed { reserved, address }),
            Listener::Open => Ok(Port::Open {
                listener: reserved.listen(BACKLOG)?,
                address,
            }),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        match self {
            Port::Closed { address, .. } | Port::Open { address, .. } | Port::Lost { address } => {
                *address
            }
        }
    }

    fn is(&self, wanted: Listener) -> bool {
        match self {
            Port::Closed { .. } => wanted == Listener::Closed,
            Port::Lost { .. } => false,
            Port::Open { .. } => wanted == Listener::Open,
        }
    }

    fn turn(&mut self, wanted: Listener) -> io::Result<()> {
        if self.is(wanted) {
            return Ok(());
        }
        let address = self.address();
        let before = std::mem::replace(self, Port::Lost { address });
        *self = match (before, wanted) {
            (Port::Closed { reserved, .. }, Listener::Open) => Port::Open {
                listener: reserved.listen(BACKLOG)?,
                address,
            },
            (before, wanted) => {
                drop(before);
                Port::take(address.port(), wanted)?
            }
        };
        Ok(())
    }

    async fn accept(&self) -> TcpStream {
        let Port::Open { listener, .. } = self else {
            return std::future::pending().await;
        };
        loop {
            match listener.accept().await {
                Ok((stream, _)) => return stream,
                // Out of file descriptors, most likely: going on at once would spin until some are free.
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

/// Serves the port until it is aborted, following orders to open and close it.
pub(crate) async fn run(mut port: Port, router: Router, mut orders: mpsc::Receiver<Order>) {
    let (mut end, _) = watch::channel(());
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            Some(order) = orders.recv() => {
                let result = port.turn(order.wanted);
                if order.wanted == Listener::Closed {
                    end.send_replace(());
                    while connections.join_next().await.is_some() {}
                    end = watch::channel(()).0;
                }
                // Whoever gave the order may have left; it is carried out all the same.
                let _ = order.done.send(result);
            }
            Some(_) = connections.join_next() => {}
            stream = port.accept() => {
                connections.spawn(converse(stream, router.clone(), end.subscribe()));
            }
        }
    }
}

fn reserve(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Connections that have just ended must not keep a restarted stub from its port.
    if cfg!(unix) {
        socket.set_reuseaddr(true)?;
    }
    socket.bind(address)?;
    Ok(socket)
}
