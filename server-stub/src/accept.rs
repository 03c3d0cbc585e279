//! The accept loop: a listener that can be closed for a while.
//!
//! While it is closed, the port stays bound by a socket that does not listen. Connecting is refused, as with no server at all, yet
//! nobody else can take the port in the meantime.

use std::io;
use std::net::{IpAddr, SocketAddr};

use axum::Router;
use tidegate_contract::Listener;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep};

use crate::connection::converse;
use crate::door::Order;

/// What one listener serves at once; more wait in the system's queue, and are refused when that is full. Some 20 KiB each.
const MAX_CONNECTIONS: usize = 20_000;
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
    /// Takes a port of this address, 0 for any, with its door in the wanted state.
    pub(crate) fn take(ip: IpAddr, port: u16, wanted: Listener) -> io::Result<Port> {
        let reserved = reserve(SocketAddr::from((ip, port)))?;
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
                Port::take(address.ip(), address.port(), wanted)?
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

/// What the connections of a listener are to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Course {
    /// Go on.
    Converse,
    /// Answer what has been asked, and end then.
    Finish,
    /// End at once.
    Cut,
}

/// Serves the port until it is aborted or drained, following orders.
pub(crate) async fn run(mut port: Port, router: Router, mut orders: mpsc::Receiver<Order>) {
    let mut course = watch::channel(Course::Converse).0;
    let mut connections = JoinSet::new();
    loop {
        let has_room = connections.len() < MAX_CONNECTIONS;
        tokio::select! {
            biased;
            Some(order) = orders.recv() => match order {
                Order::Turn { wanted, done } => {
                    let result = port.turn(wanted);
                    if wanted == Listener::Closed {
                        course.send_replace(Course::Cut);
                        while connections.join_next().await.is_some() {}
                        course = watch::channel(Course::Converse).0;
                    }
                    // Whoever gave the order may have left; it is carried out all the same.
                    let _ = done.send(result);
                }
                Order::Drain { done } => {
                    drop(port);
                    course.send_replace(Course::Finish);
                    while connections.join_next().await.is_some() {}
                    let _ = done.send(Ok(()));
                    return;
                }
            },
            Some(_) = connections.join_next() => {}
            stream = port.accept(), if has_room => {
                connections.spawn(converse(stream, router.clone(), course.subscribe()));
            }
        }
    }
}

fn reserve(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Connections that have just ended must not keep a restarted stub from its port.
    if cfg!(unix) {
        socket.set_reuseaddr(true)?;
    }
    socket.bind(address)?;
    Ok(socket)
}
