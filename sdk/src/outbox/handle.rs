//! The outbox, for people to see and to decide.

use std::rc::Rc;

use tidegate_core::outbox::{Decision, EntryId, Outbox as Machine, OutboxEntry};
use tidegate_core::{Engine, Wall};
use wasm_bindgen::JsValue;

use super::schema::SHAPE;
use super::session::{Change, not_durable};
use super::token::{Hook, TokenRequest};
use crate::boundary;
use crate::error::Error;
use crate::inner::Inner;
use crate::store::Partition;

/// Writes that could not go, and go later; made by [`Client::outbox`](crate::Client::outbox). Only those of the user whose page it is.
///
/// ```no_run
/// # async fn example(tide: tidegate::Client) -> Result<(), tidegate::Error> {
/// use tidegate::{EntryId, EntryState};
/// for entry in tide.outbox().list().await? {
///     if entry.state == EntryState::Dead {
///         tide.outbox().discard(EntryId(entry.id)).await?;
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Outbox(pub(super) Rc<Inner>);

impl Outbox {
    /// The version of the database. Releases of one hundred go on with each other's queues; one of the next hundred is left alone.
    pub const VERSION: u32 = SHAPE.version;

    pub(crate) fn new(inner: Rc<Inner>) -> Outbox {
        Outbox(inner)
    }

    /// All entries, in their order.
    ///
    /// # Errors
    /// When the database gives no answer.
    pub async fn list(&self) -> Result<Vec<OutboxEntry>, Error> {
        let session = self.0.session();
        session.refresh(&self.0).await?;
        self.0.publish();
        let machine = session.machine.borrow();
        Ok(machine.entries().map(OutboxEntry::from).collect())
    }

    /// Sends an entry again, with its key: a dead letter, one that is in doubt, or one that waits.
    ///
    /// # Errors
    /// When there is none, it is being sent, or it waits for what is gone; or when the database gives no answer.
    pub async fn again(&self, id: EntryId) -> Result<(), Error> {
        self.decide(id, Decision::Again).await
    }

    /// Sends a dead letter again with another key, because a server that has refused a key once gives the same answer to it for ever.
    ///
    /// # Errors
    /// When it is no dead letter, or perhaps was applied after all; and as [`Outbox::again`].
    pub async fn anew(&self, id: EntryId) -> Result<(), Error> {
        let key = boundary::random_key();
        self.decide(id, Decision::Anew { key }).await
    }

    /// Forgets an entry. What comes after it becomes a dead letter.
    ///
    /// # Errors
    /// As [`Outbox::again`].
    pub async fn discard(&self, id: EntryId) -> Result<(), Error> {
        self.decide(id, Decision::Discard).await
    }

    /// An entry was applied after all: somebody has looked. What comes after it goes.
    ///
    /// # Errors
    /// As [`Outbox::again`].
    pub async fn done(&self, id: EntryId) -> Result<(), Error> {
        self.decide(id, Decision::Done).await
    }

    /// Who sends an entry is said when it goes: the hook is asked before each attempt, and the header fields that it gives are set on the request
    /// and never stored. What was parked goes again.
    ///
    /// An answer of 401 has it asked once more, with [`TokenRequest::refused`], and the entry is sent again at once; if that is answered 401 as
    /// well, the queue is parked. Where the hook fails, or takes longer than `timeout.total_ms`, the entry is not sent, and the hook is asked again
    /// later. Nothing is sent for a user who is no longer the one whose page it is when the hook answers.
    ///
    /// ```no_run
    /// # async fn token(fresh: bool) -> Result<String, ()> { Ok(String::new()) }
    /// # fn example(tide: tidegate::Client) {
    /// tide.outbox().authorize(|asked| async move {
    ///     let token = token(asked.refused).await?;
    ///     Ok::<_, ()>(vec![("authorization".into(), format!("Bearer {token}"))])
    /// });
    /// # }
    /// ```
    pub fn authorize<F, E>(&self, hook: impl Fn(TokenRequest) -> F + 'static)
    where
        F: Future<Output = Result<Vec<(String, String)>, E>> + 'static,
    {
        let hook: Hook = Rc::new(move |asked| {
            let fields = hook(asked);
            Box::pin(async move { fields.await.ok() })
        });
        self.0.outbox.hook.replace(Some(hook));
        self.0.outbox.sign_in();
    }

    /// Nobody is asked any more who sends an entry.
    pub fn unauthorize(&self) {
        self.0.outbox.hook.take();
    }

    /// The network is back, whatever the browser has said of it: what rests because there was none goes soon.
    pub fn hurry(&self) {
        self.0.session();
        self.0.outbox.hurry();
    }

    /// Forgets all entries of a user, and what their sockets have still to send, also what is being sent: for a person who wants nothing of theirs left on a machine.
    ///
    /// # Errors
    /// When the database gives no answer.
    pub async fn forget(&self, user: &str) -> Result<(), Error> {
        let partition = Partition::of(user);
        let mut plan = |machine: &Machine, _: &Engine, wall: Wall| {
            Ok(match machine.forget(wall, partition.name()) {
                Some(batch) => Change::Batch(batch),
                None => Change::Made(None),
            })
        };
        let session = self.0.session();
        session.change(&self.0, &mut plan, &JsValue::NULL).await?;
        let forgotten = self.0.outbox.disk.forget_messages(partition.name()).await;
        self.0.sockets.forget();
        forgotten.map_err(not_durable)
    }

    async fn decide(&self, id: EntryId, decision: Decision) -> Result<(), Error> {
        let mut plan = |machine: &Machine, _: &Engine, wall: Wall| {
            machine
                .decide(wall, id, decision.clone())
                .map(Change::Batch)
        };
        let session = self.0.session();
        let done = session.change(&self.0, &mut plan, &JsValue::NULL).await;
        done.map(drop)
    }
}
