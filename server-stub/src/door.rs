//! The way to the API listener, for those who open and close it.

use std::io;
use std::sync::OnceLock;

use tidegate_contract::Listener;
use tokio::sync::{mpsc, oneshot};

/// Sends orders to the accept loop, once there is one. Without a listener, as in tests without a socket, every order succeeds.
#[derive(Debug, Default)]
pub(crate) struct Door {
    orders: OnceLock<mpsc::Sender<Order>>,
}

/// An order to the accept loop, with the place for its receipt.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) wanted: Listener,
    pub(crate) done: oneshot::Sender<io::Result<()>>,
}

impl Door {
    /// The orders that the accept loop is to follow.
    ///
    /// # Errors
    /// When a listener already follows them: one stub has one API listener.
    pub(crate) fn attach(&self) -> io::Result<mpsc::Receiver<Order>> {
        let (sender, orders) = mpsc::channel(1);
        self.orders
            .set(sender)
            .map_err(|_| io::Error::other("this stub is being served already"))?;
        Ok(orders)
    }

    /// Opens or closes the listener, and returns when that has happened.
    pub(crate) async fn set(&self, wanted: Listener) -> io::Result<()> {
        let Some(orders) = self.orders.get() else {
            return Ok(());
        };
        let (done, receipt) = oneshot::channel();
        let stopped = || io::Error::other("the API listener has stopped");
        let order = Order { wanted, done };
        orders.send(order).await.map_err(|_| stopped())?;
        receipt.await.map_err(|_| stopped())?
    }
}
