//! A store under test, and what it says.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::{Array, ArrayBuffer, Uint8Array};
use tidegate_core::http::{Age, Arrival, Selecting};
use tidegate_core::kept::Kept;
use tidegate_core::{CacheSettings, Millis, Settings, StorageMode, StorageReport, Wall};
use wasm_bindgen::prelude::*;

use super::faults::{keys, mend, records, remove_database};
use crate::boundary::property;
use crate::store::{Entry, Partition, Store};
use crate::timer::Timer;

pub(super) const URL: &str = "https://api.example/assets";
const LIFE: u64 = 7;

/// One tab.
pub(super) struct World {
    pub(super) store: Store,
    said: Rc<RefCell<(Vec<StorageReport>, Option<Waker>)>>,
}

impl World {
    /// A tab whose origin has no database yet.
    pub(super) async fn fresh() -> World {
        World::fresh_with(|_| {}).await
    }

    pub(super) async fn fresh_with(change: impl FnOnce(&mut CacheSettings)) -> World {
        no_database().await;
        World::with(change)
    }

    /// A further tab.
    pub(super) fn another() -> World {
        World::with(|_| {})
    }

    pub(super) fn with(change: impl FnOnce(&mut CacheSettings)) -> World {
        let mut settings = Settings::default().cache;
        change(&mut settings);
        let said: Rc<RefCell<(Vec<StorageReport>, Option<Waker>)>> = Rc::default();
        let heard = said.clone();
        let report = move |report| {
            let mut heard = heard.borrow_mut();
            heard.0.push(report);
            heard.1.take().into_iter().for_each(Waker::wake);
        };
        World {
            store: Store::new(Timer::new(|| {}), &settings, LIFE, report),
            said,
        }
    }

    pub(super) async fn put(&self, url: &str, text: &str) -> bool {
        let anyone = Partition::anonymous();
        self.store.put(&anyone, url, kept(url), body(text)).await
    }

    pub(super) async fn put_for(&self, whose: &Partition, url: &str, text: &str) -> bool {
        self.store.put(whose, url, kept(url), body(text)).await
    }

    /// The whole body of the one answer to a URL.
    pub(super) async fn get(&self, url: &str) -> Option<String> {
        self.get_for(&Partition::anonymous(), url).await
    }

    pub(super) async fn get_for(&self, whose: &Partition, url: &str) -> Option<String> {
        let entry = self.entry_for(whose, url).await?;
        Some(text(&self.store.body(&entry).await?))
    }

    pub(super) async fn entry(&self, url: &str) -> Option<Entry> {
        self.entry_for(&Partition::anonymous(), url).await
    }

    pub(super) async fn entry_for(&self, whose: &Partition, url: &str) -> Option<Entry> {
        let mut entries = self.store.entries(whose, url).await;
        assert!(entries.len() <= 1);
        entries.pop()
    }

    /// What it said last of where things are kept.
    pub(super) fn mode(&self) -> StorageMode {
        self.health().mode
    }

    pub(super) fn health(&self) -> StorageReport {
        let said = self.said.borrow();
        let unopened = StorageReport::new(StorageMode::Unopened);
        said.0.last().cloned().unwrap_or(unopened)
    }

    pub(super) fn incidents(&self) -> Vec<String> {
        let said = self.said.borrow();
        said.0
            .iter()
            .filter_map(|report| report.incident.clone())
            .collect()
    }

    pub(super) fn reasons(&self) -> Vec<String> {
        let said = self.said.borrow();
        said.0
            .iter()
            .filter_map(|report| report.reason.clone())
            .collect()
    }

    /// Waits until it has said something that fits.
    pub(super) async fn hears(&self, fits: impl Fn(&StorageReport) -> bool) {
        poll_fn(|cx| {
            let mut said = self.said.borrow_mut();
            if said.0.iter().any(&fits) {
                return Poll::Ready(());
            }
            said.1 = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

/// A browser that works, and has nothing.
pub(super) async fn no_database() {
    mend();
    remove_database().await.unwrap();
}

pub(super) fn kept(url: &str) -> Kept {
    variant(url, "")
}

pub(super) fn variant(url: &str, selecting: &str) -> Kept {
    Kept {
        url: url.into(),
        redirected: false,
        status: 200,
        status_text: "OK".into(),
        fields: vec![("etag".into(), "\"1\"".into())],
        selecting: Selecting::from_stored(selecting.into()),
        arrival: Arrival {
            initial: Age {
                millis: Millis::ZERO,
                doubt: None,
            },
            wall: Wall(1_000),
            instant: None,
        },
        part: None,
        tags: Vec::new(),
    }
}

pub(super) fn tagged(url: &str, tag: &str) -> Kept {
    Kept {
        tags: vec![tag.into()],
        ..kept(url)
    }
}

pub(super) fn body(text: &str) -> ArrayBuffer {
    Uint8Array::from(text.as_bytes()).buffer()
}

pub(super) fn text(body: &ArrayBuffer) -> String {
    String::from_utf8(Uint8Array::new(body).to_vec()).unwrap()
}

pub(super) fn url(number: u32) -> String {
    format!("{URL}/{number}")
}

/// What a store of the database has.
pub(super) async fn on_disk(store: &str) -> Vec<JsValue> {
    let records: Array = records(store).await.unwrap().unchecked_into();
    records.iter().collect()
}

pub(super) async fn keys_on_disk(store: &str) -> Vec<String> {
    let keys: Array = keys(store).await.unwrap().unchecked_into();
    keys.iter().filter_map(|key| key.as_string()).collect()
}

pub(super) fn field(record: &JsValue, name: &str) -> JsValue {
    property(record, name)
}
