//! Who waits for what the server answers to an entry that they have queued. They have it, whichever tab sends the entry, if it is over in time; their
//! going takes nothing back.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use tidegate_core::outbox::{Claim, EntryId, EntryState, Fate, Outbox as Machine, classify};
use tidegate_core::{Millis, Outcome};
use web_sys::{AbortSignal, Response};

use super::relay;
use super::session::Session;
use crate::abort::Aborts;
use crate::flight;
use crate::head::Reply;
use crate::inner::Inner;
use crate::store::Receipt;

/// An answer, and the number of the attempt that was answered.
pub(super) type Answer = (Response, u32);

/// Who waits for an entry to be over.
pub(super) struct Waiter {
    entry: EntryId,
    /// What their request said of who sends it: it is theirs as long as they wait, and stored nowhere.
    authorization: Option<String>,
    answer: RefCell<Option<Answer>>,
    /// Whether there is an answer.
    over: Receipt,
}

impl Waiter {
    /// The answer is there: it has been told.
    fn hear(&self, answer: Answer) -> bool {
        self.answer.replace(Some(answer));
        self.over.settle(true);
        true
    }
}

/// Those who wait in a session; who does not wait any more is gone.
#[derive(Default)]
pub(super) struct Waiters(RefCell<Vec<Weak<Waiter>>>);

impl Waiters {
    fn add(&self, entry: EntryId, authorization: Option<String>) -> Rc<Waiter> {
        let waiter = Rc::new(Waiter {
            entry,
            authorization,
            answer: RefCell::default(),
            over: Receipt::default(),
        });
        self.0.borrow_mut().push(Rc::downgrade(&waiter));
        waiter
    }

    fn of(&self, entry: EntryId) -> Option<Rc<Waiter>> {
        let waiting = self.0.borrow();
        let mut waiting = waiting.iter().filter_map(Weak::upgrade);
        waiting.find(|waiter| waiter.entry == entry)
    }

    /// What the request of whoever waits said of who sends it.
    pub(super) fn authorization(&self, entry: EntryId) -> Option<String> {
        self.of(entry)?.authorization.clone()
    }

    /// Who waits for what does not go soon, or is over already, waits in vain.
    pub(super) fn dismiss(&self, machine: Option<&Machine>) {
        let goes = |machine: &Machine, id| {
            let entry = machine.entry(id);
            let decided = [EntryState::Dead, EntryState::InDoubt];
            entry.is_some_and(|entry| !decided.contains(&entry.state.word()))
        };
        let parked = |machine: &Machine| {
            let mut entries = machine.entries();
            entries.any(|entry| entry.state.word() == EntryState::Parked)
        };
        self.0.borrow_mut().retain(|waiter| {
            let waiter = waiter.upgrade();
            let stays = |waiter: &Rc<Waiter>| {
                machine.is_some_and(|machine| goes(machine, waiter.entry) && !parked(machine))
            };
            match waiter {
                Some(waiter) if !stays(&waiter) => {
                    waiter.over.settle(false);
                    false
                }
                waiter => waiter.is_some(),
            }
        });
    }
}

impl Session {
    /// Waits until an entry is over: its answer, if this tab has it before one of the signals fires or `timeout.total_ms` have passed.
    pub(super) async fn outcome(
        &self,
        inner: &Rc<Inner>,
        entry: EntryId,
        authorization: Option<String>,
        signals: impl IntoIterator<Item = AbortSignal>,
    ) -> Option<Answer> {
        let waiter = self.waiters.add(entry, authorization);
        self.waiters.dismiss(Some(&self.machine.borrow()));
        let topic = self.machine.borrow().entry(entry).map(relay::topic);
        let elsewhere = Rc::downgrade(&waiter);
        let _ear = topic.map(|topic| {
            relay::listen(&topic, move |answer| {
                if let Some(waiter) = elsewhere.upgrade() {
                    waiter.hear(answer);
                }
            })
        });
        let total = inner.engine().settings().timeout.total_ms;
        let until = inner.now() + Millis(total.into());
        let over = inner.timer.in_time(Box::pin(waiter.over.clone()), until);
        let over = Aborts::new(signals).guard(std::pin::pin!(over)).await;
        over.ok()?;
        waiter.answer.take()
    }

    /// An attempt was answered: whoever waits has the answer, if the entry is over with it, and whoever comes after the entry may ask what it says.
    /// `elsewhere` is the channel of an entry for which somebody may wait in another tab.
    pub(super) async fn hand_out(
        &self,
        inner: &Rc<Inner>,
        claim: Claim,
        outcome: Outcome,
        reply: Reply,
        elsewhere: Option<&str>,
    ) {
        let over = (self.machine.borrow().entry(claim.id)).is_some_and(|it| it.is_over(outcome));
        let told = match (self.waiters.of(claim.id), elsewhere) {
            _ if !over => false,
            (Some(waiter), _) => match reply.response.clone() {
                Ok(copy) => waiter.hear((copy, claim.attempt)),
                Err(_) => false,
            },
            (None, Some(topic)) => relay::tell(inner, topic, &reply, claim.attempt).await,
            (None, None) => false,
        };
        if told {
            self.machine.borrow_mut().told(claim);
        }
        match classify(outcome) {
            Fate::Done => self.keep(claim, reply.response),
            // Read by nobody, it would hold its connection.
            _ => flight::discard(&reply.response),
        }
    }
}
