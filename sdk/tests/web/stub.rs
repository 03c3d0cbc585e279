//! The stub that `cargo xtask test browser` has started, and a client under test.
//!
//! All tests share one page and run one after the other; each starts from a healthy stub, and from addresses of its own.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo_net::http::Request;
use tidegate::{Client, Event, Settings};
use tidegate_contract::{Journal, JournalQuery, paths};

const API: &str = match option_env!("TIDEGATE_STUB_API") {
    Some(url) => url,
    None => "http://127.0.0.1:4790",
};
const CONTROL: &str = match option_env!("TIDEGATE_STUB_CONTROL") {
    Some(url) => url,
    None => "http://127.0.0.1:4791",
};

thread_local! {
    static TESTS: Cell<u32> = const { Cell::new(0) };
    /// The client of the test before: whatever it still waits for, it is not to be counted in the next one.
    static BEFORE: RefCell<Option<Client>> = const { RefCell::new(None) };
}

/// A healthy stub and a client with these settings.
pub(crate) async fn scenario(change: impl FnOnce(&mut Settings)) -> Scenario {
    if let Some(before) = BEFORE.take() {
        before.shut_down();
    }
    control("POST", paths::RESET).await;
    TESTS.set(TESTS.get() + 1);
    let mut settings = Settings::default();
    change(&mut settings);
    let client = Client::new(settings).unwrap();
    BEFORE.set(Some(client.clone()));
    Scenario {
        client,
        number: TESTS.get(),
    }
}

pub(crate) struct Scenario {
    pub(crate) client: Client,
    number: u32,
}

impl Scenario {
    /// A list of assets; different tests and different pages have different addresses, so that no kept answer is another's.
    pub(crate) fn url(&self, page: u32) -> String {
        format!(
            "{API}{}?size=3&page={}",
            paths::ASSETS,
            self.number * 10 + page
        )
    }

    /// Makes the stub fail in this way from now on.
    pub(crate) async fn preset(&self, name: &str) {
        control("PUT", &paths::preset(name)).await;
    }

    /// How many requests for assets have arrived; waits until there are at least so many.
    pub(crate) async fn arrivals(&self, at_least: usize) -> u64 {
        let query = JournalQuery {
            method: Some("GET".into()),
            wait_for: at_least,
            ..JournalQuery::default()
        };
        let journal: Journal =
            serde_json::from_str(&control("GET", &query.to_path()).await).unwrap();
        journal.entries.len() as u64
    }

    /// Asks for a page; returns when a copy of the answer was kept, which happens in the background.
    pub(crate) async fn keep(&self, page: u32) {
        let kept = self.event(|event| matches!(event, Event::Kept(_)));
        self.client.get(&self.url(page)).await.unwrap();
        kept.await;
    }

    /// The next event that fits, from now on.
    pub(crate) fn event(&self, fits: fn(&Event) -> bool) -> impl Future<Output = Event> + use<> {
        let seen: Rc<Cell<Option<Event>>> = Rc::default();
        let waker: Rc<Cell<Option<Waker>>> = Rc::default();
        let (found, wake) = (seen.clone(), waker.clone());
        let subscription = self.client.on_event(move |event| {
            if fits(event) {
                found.set(Some(event.clone()));
                wake.take().into_iter().for_each(Waker::wake);
            }
        });
        std::future::poll_fn(move |cx| {
            let _listening = &subscription;
            waker.set(Some(cx.waker().clone()));
            seen.take().map_or(Poll::Pending, Poll::Ready)
        })
    }
}

async fn control(method: &str, path: &str) -> String {
    let method = method.parse().unwrap();
    let request = Request::get(&format!("{CONTROL}{path}"))
        .method(method)
        .build()
        .unwrap();
    let response = request.send().await.unwrap();
    assert!(response.ok(), "{path}: {}", response.status());
    response.text().await.unwrap()
}
