//! A tab, and what it is told.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use tidegate_core::outbox::{EntryState, OutboxChange, OutboxEvent};
use tidegate_core::{Event, Settings};

use super::server::{remove, request_of, serve};
use crate::{Answer, Client, EntryId, Error, Queue, Subscription};

pub(super) const URL: &str = "https://api.example/assets/7";

thread_local! {
    /// The tabs of all tests: a test that fails closes none.
    static TABS: RefCell<Vec<Client>> = RefCell::default();
}

pub(super) struct Tab {
    pub(super) client: Client,
    heard: Rc<RefCell<(Vec<OutboxEvent>, Option<Waker>)>>,
    _listening: Subscription,
}

/// A tab that a test is done with is in nobody's way.
impl Drop for Tab {
    fn drop(&mut self) {
        self.client.shut_down();
    }
}

/// A browser that has no queue, and a server.
pub(super) async fn browser(answers: &str) {
    TABS.take().iter().for_each(Client::shut_down);
    remove().await.unwrap();
    serve(answers);
}

impl Tab {
    /// A tab of a page that has just begun.
    pub(super) fn open() -> Tab {
        Tab::with(|_| {})
    }

    pub(super) fn with(change: impl FnOnce(&mut Settings)) -> Tab {
        let mut settings = Settings::default();
        settings.outbox.spread_ms = 0;
        settings.outbox.base_ms = 1;
        settings.outbox.cap_ms = 1_000;
        change(&mut settings);
        let client = Client::new(settings).unwrap();
        TABS.with_borrow_mut(|tabs| tabs.push(client.clone()));
        let heard: Rc<RefCell<(Vec<OutboxEvent>, Option<Waker>)>> = Rc::default();
        let tells = heard.clone();
        let listening = client.on_event(move |event| {
            if let Event::Outbox(event) = event {
                let mut tells = tells.borrow_mut();
                tells.0.push(event.clone());
                tells.1.take().into_iter().for_each(Waker::wake);
            }
        });
        Tab {
            client,
            heard,
            _listening: listening,
        }
    }

    pub(super) async fn put(&self, body: &str) -> Result<EntryId, Error> {
        self.queue("PUT", URL, body, "", Queue::new()).await
    }

    pub(super) async fn queue(
        &self,
        method: &str,
        url: &str,
        body: &str,
        headers: &str,
        queue: Queue,
    ) -> Result<EntryId, Error> {
        let request = request_of(method, url, body, headers);
        let answer = self.client.request(request).queue(queue).send().await?;
        Ok(entry_of(&answer).await)
    }

    /// Waits until something has happened, here, to an entry.
    pub(super) async fn hears(&self, id: EntryId, change: OutboxChange) -> OutboxEvent {
        poll_fn(|cx| {
            let mut heard = self.heard.borrow_mut();
            let fits = |it: &&OutboxEvent| it.entry == id.0 && it.change == change;
            if let Some(event) = heard.0.iter().find(fits) {
                return Poll::Ready(event.clone());
            }
            heard.1 = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Where its entries stand.
    pub(super) async fn states(&self) -> Vec<EntryState> {
        let list = self.client.outbox().list().await.unwrap();
        list.iter().map(|entry| entry.state).collect()
    }
}

/// The entry that an answer names.
pub(super) async fn entry_of(answer: &Answer) -> EntryId {
    let text = answer.response.text().await.unwrap();
    let number = text.strip_prefix("{\"entry\":").unwrap().strip_suffix('}');
    EntryId(number.unwrap().parse().unwrap())
}
