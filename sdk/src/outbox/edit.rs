//! The request of an entry, for people to see and to change.

use tidegate_core::outbox::{Edit, EntryId, Outbox as Machine, OutboxError};
use tidegate_core::{Engine, Wall};
use wasm_bindgen_futures::JsFuture;
use web_sys::Request;

use super::attempt::request_of;
use super::enqueue::{LIVE, TELLS, record_of};
use super::handle::Outbox;
use super::session::{Change, not_durable};
use crate::boundary::{self, property};
use crate::error::Error;
use crate::head::RequestHead;

impl Outbox {
    /// The request of an entry as it was queued, with its body: placeholders are not filled in, and neither its key nor who sends it is said.
    ///
    /// # Errors
    /// When there is no such entry, or the database gives no answer.
    pub async fn request(&self, id: EntryId) -> Result<Request, Error> {
        let session = self.0.session();
        session.know(&self.0).await?;
        let entry = session.machine.borrow().entry(id).cloned();
        let entry = entry.ok_or(Error::Outbox(OutboxError::Gone))?;
        let stored = session.disk.body(id).await.map_err(not_durable)?;
        let stored = stored.ok_or(Error::Outbox(OutboxError::Gone))?;
        request_of(&entry, &stored, false).map_err(Error::Invalid)
    }

    /// Puts another request in the place of an entry's: of the same method, and to the same origin. It stays where it is in its lane. A dead letter
    /// goes again, with another key; so does all that was sent and refused.
    ///
    /// ```no_run
    /// # async fn example(tide: tidegate::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use gloo_net::http::Request;
    /// let merged = Request::put("/api/assets/7").body("{\"owner\":\"ann\"}")?;
    /// tide.outbox().edit(tidegate::EntryId(7), merged).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When there is no such entry, it is being sent, may have been applied already, or waits for what is gone; when the request does not fit in its
    /// place; or when the database gives no answer.
    pub async fn edit(&self, id: EntryId, request: impl Into<Request>) -> Result<(), Error> {
        self.put(id, request.into()).await
    }

    async fn put(&self, id: EntryId, request: Request) -> Result<(), Error> {
        let head = RequestHead::of(&request);
        let body = match request.array_buffer() {
            Ok(body) => JsFuture::from(body).await,
            Err(error) => Err(error),
        };
        let body = body.map_err(Error::Invalid)?;
        let session = self.0.session();
        let before = session.disk.body(id).await.map_err(not_durable)?;
        let before = before.unwrap_or_default();
        let marks = [TELLS, LIVE].map(|name| property(&before, name));
        let (stored, bytes) = record_of(&request, &head, body, marks);
        let edit = Edit {
            url: head.address().into(),
            method: head.method,
            fields: head.fields.into_inner(),
            bytes,
            key: boundary::random_key(),
        };
        let mut plan = |machine: &Machine, engine: &Engine, wall: Wall| {
            machine.edit(engine, wall, id, &edit).map(Change::Batch)
        };
        let done = session.change(&self.0, &mut plan, &stored).await;
        done.map(drop)
    }
}
