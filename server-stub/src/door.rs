//! The way to the API listener, for those who open and close it.

use std::io;
use std::net::SocketAddr;
use std::sync::OnceLock;

use tidegate_contract::Listener;
use tokio::sync::{mpsc, oneshot};

/// Sends orders to the accept loop, once there is one. Without a listener, as in tests without a socket, every order succeeds.
#[derive(Debug, Default)]
pub(crate) struct Door {
    orders: OnceLock<(SocketAddr, mpsc::Sender<Order>)>,
}

/// An order to the accept loop, with the place for its receipt.
#[derive(Debug)]
pub(crate) enum Order {
    /// Stop listening for good, and let every connection finish.
    Drain { done: Receipt },
    /// Open or close.
    Turn { wanted: Listener, done: Receipt },
}

type Receipt = oneshot::Sender<io::Result<()>>;

impl Door {
    /// Where the listener is, once there is one.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        self.orders.get().map(|(address, _)| *address)
    }

    /// The orders that the accept loop at this address is to follow.
    ///
    /// # Errors
    /// When a listener already follows them: one stub has one API listener.
    pub(crate) fn attach(&self, address: SocketAddr) -> io::Result<mpsc::Receiver<Order>> {
        let (sender, orders) = mpsc::channel(1);
        self.orders
            .set((address, sender))
            .map_err(|_| io::Error::other("this stub is being served already"))?;
        Ok(orders)
    }

    /// Opens or closes the listener, and returns when that has happened.
    pub(crate) async fn set(&self, wanted: Listener) -> io::Result<()> {
        self.give(|done| Order::Turn { wanted, done }).await
    }

    /// Stops listening and returns when the last connection has ended by itself.
    pub(crate) async fn drain(&self) -> io::Result<()> {
        self.give(|done| Order::Drain { done }).await
    }

    async fn give(&self, order: impl FnOnce(Receipt) -> Order) -> io::Result<()> {
        let Some((_, orders)) = self.orders.get() else {
            return Ok(());
        };
        let (done, receipt) = oneshot::channel();
        let stopped = || io::Error::other("the API listener has stopped");
        orders.send(order(done)).await.map_err(|_| stopped())?;
        receipt.await.map_err(|_| stopped())?
    }
}
