//! Who has the messages of a channel.

use std::pin::Pin;
use std::rc::Rc;

use tidegate_core::session::{Delivery, Input, Snapshot};
use wasm_bindgen_futures::spawn_local;

use super::driver::Driver;

/// Whether it succeeded.
pub(super) type Done = Pin<Box<dyn Future<Output = bool>>>;
pub(super) type OnMessage = Rc<dyn Fn(Delivery) -> Done>;
pub(super) type OnSnapshot = Rc<dyn Fn(Snapshot) -> Done>;

#[derive(Clone)]
pub(super) struct Handlers {
    pub(super) message: OnMessage,
    /// None: what is missing is missed.
    pub(super) snapshot: Option<OnSnapshot>,
}

impl Driver {
    fn handlers(&self, channel: &str) -> Option<Handlers> {
        let channels = self.channels.borrow();
        let found = channels.iter().find(|(name, _, _)| name == channel);
        found.map(|(_, _, handlers)| handlers.clone())
    }

    /// Gives a message to whoever has its channel. The position moves when that has succeeded.
    pub(super) fn deliver(self: &Rc<Driver>, delivery: Delivery) {
        let (id, life) = (delivery.id, self.life.get());
        let Some(handlers) = self.handlers(&delivery.channel) else {
            return;
        };
        let done = (handlers.message)(delivery);
        self.await_input(
            life,
            Box::pin(async move {
                let ok = done.await;
                Input::Handled { delivery: id, ok }
            }),
        );
    }

    /// Has a channel read anew.
    pub(super) fn read(self: &Rc<Driver>, snapshot: Snapshot) {
        let id = snapshot.id;
        let Some(handlers) = self.handlers(&snapshot.channel) else {
            return;
        };
        let life = self.life.get();
        let done = match handlers.snapshot {
            Some(read) => read(snapshot),
            None => Box::pin(std::future::ready(true)),
        };
        self.await_input(
            life,
            Box::pin(async move {
                let ok = done.await;
                Input::Snapshot { snapshot: id, ok }
            }),
        );
    }

    /// Hears what comes of something that was asked in a life of the socket, unless it has another one by then. One kind for all: each would cost
    /// two kilobytes.
    pub(super) fn await_input(
        self: &Rc<Driver>,
        life: u32,
        input: Pin<Box<dyn Future<Output = Input>>>,
    ) {
        let driver = Rc::downgrade(self);
        spawn_local(async move {
            let input = input.await;
            if let Some(driver) = driver.upgrade()
                && driver.life.get() == life
            {
                driver.on(input);
            }
        });
    }
}
