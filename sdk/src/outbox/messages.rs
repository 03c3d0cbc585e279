//! Messages that sockets send later: stored before their caller is told, and until the server has carried them out.

use std::rc::Rc;

use js_sys::{Array, Promise};
use tidegate_core::{SocketSettings, Wall};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::IdbDatabase;

use indexed_db_futures::internals::SystemRepr;

use super::disk::Disk;
use crate::boundary;
use crate::clock;
use crate::store::Trouble;

/// A message as it is stored.
pub(crate) struct Message {
    /// Where it is.
    pub(crate) place: JsValue,
    /// What the server knows it by.
    pub(crate) key: String,
    pub(crate) since: Wall,
    pub(crate) channel: String,
    pub(crate) data: String,
}

/// What is stored for a socket.
pub(crate) struct Waiting {
    pub(crate) entries: u64,
    pub(crate) bytes: u64,
    /// The oldest of it.
    pub(crate) first: Vec<Message>,
}

impl Disk {
    /// Stores a message, unless it is there already: whether it is there now, or there are too many.
    pub(crate) async fn store_message(
        self: &Rc<Disk>,
        (owner, socket): (&str, &str),
        key: &str,
        (channel, data): (&str, &str),
        settings: &SocketSettings,
    ) -> Result<bool, Trouble> {
        let bytes = (key.len() + channel.len() + data.len()) as f64;
        let place: [JsValue; 5] = [
            owner.into(),
            socket.into(),
            bytes.into(),
            (clock::wall().0 as f64).into(),
            key.into(),
        ];
        let place: Array = place.into_iter().collect();
        let message = Array::of2(&channel.into(), &data.into());
        let (entries, most) = (settings.durable_entries, settings.durable_bytes);
        let store = |database: &IdbDatabase| {
            boundary::store_message(database, &place, &message, entries, most)
        };
        let stored = match self.ask(&store).await {
            // Nobody knows: it is stored once, however often that is asked for.
            Err(Trouble::Lost(_)) => self.ask(&store).await,
            stored => stored,
        };
        Ok(stored?.is_truthy())
    }

    /// The oldest messages for a socket, of so many entries and bytes at most.
    pub(crate) async fn messages(
        self: &Rc<Disk>,
        (owner, socket): (&str, &str),
        entries: u32,
        bytes: u32,
    ) -> Result<Waiting, Trouble> {
        let read = |database: &IdbDatabase| {
            boundary::read_messages(database, owner, socket, entries, bytes)
        };
        let found = Array::from(&self.ask(&read).await?);
        let number = |place| found.get(place).as_f64().unwrap_or_default();
        let (places, messages) = (Array::from(&found.get(2)), Array::from(&found.get(3)));
        let first = places.iter().zip(messages.iter()).map(|(place, message)| {
            let (words, message) = (Array::from(&place), Array::from(&message));
            let text = |array: &Array, at| array.get(at).as_string().unwrap_or_default();
            Message {
                key: text(&words, 6),
                since: Wall(words.get(5).as_f64().unwrap_or_default() as u64),
                channel: text(&message, 0),
                data: text(&message, 1),
                place,
            }
        });
        Ok(Waiting {
            entries: number(0) as u64,
            bytes: number(1) as u64,
            first: first.collect(),
        })
    }

    /// Forgets messages.
    pub(crate) async fn drop_messages(self: &Rc<Disk>, places: &Array) -> Result<(), Trouble> {
        let forget = |database: &IdbDatabase| boundary::drop_messages(database, places);
        self.ask(&forget).await.map(drop)
    }

    /// Forgets all messages of somebody.
    pub(crate) async fn forget_messages(self: &Rc<Disk>, owner: &str) -> Result<(), Trouble> {
        let forget = |database: &IdbDatabase| boundary::forget_messages(database, owner);
        self.ask(&forget).await.map(drop)
    }

    async fn ask(
        self: &Rc<Disk>,
        work: &dyn Fn(&IdbDatabase) -> Promise,
    ) -> Result<JsValue, Trouble> {
        let connection = self.connection().await?;
        let work = Box::pin(async {
            let done = JsFuture::from(work(connection.database.as_sys()));
            done.await.map_err(|error| Trouble::in_use(&error))
        });
        self.in_time(&connection, work).await
    }
}
