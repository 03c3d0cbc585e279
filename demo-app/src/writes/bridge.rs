//! The bridge from the outbox to the page: what is queued, and what became of it.

use std::collections::{BTreeMap, BTreeSet};

use js_sys::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use tidegate::{EntryState, Error};

use super::change::Change;
use super::notebook::Notebook;
use super::overlay::{self, Draft, Ruled, TagDraft};
use super::queued::{Ending, Past, Queued};
use crate::announce::Topic;
use crate::api::Api;
use crate::tide::Tide;

/// What is queued. A copyable handle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writes {
    /// What is in the outbox, in its order.
    pub(crate) queued: RwSignal<Vec<Queued>>,
    /// What has left it since the page was opened, the latest first.
    pub(crate) past: RwSignal<Vec<Past>>,
    /// Whether the tray is open.
    pub(crate) open: RwSignal<bool>,
    /// Changes when somebody is led to the tray.
    pub(crate) led: RwSignal<u32>,
    pub(super) tide: Tide,
    pub(super) tools: StoredValue<Tools, LocalStorage>,
    /// Counts changes that this page knows of, so that a list from before one is not taken for the present.
    stamp: StoredValue<u64>,
    /// How entries that are being discarded are to be told of; `None` is not at all.
    pub(super) endings: StoredValue<BTreeMap<u64, Option<Ending>>>,
    /// Entries that somebody took back while they were out: they go as soon as they are back.
    pub(super) unwanted: StoredValue<BTreeSet<u64>>,
}

#[derive(Clone, Debug)]
pub(super) struct Tools {
    pub(super) api: Api,
    pub(super) notebook: Notebook,
}

/// Why a change is not queued, in a sentence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct NotQueued(pub(crate) String);

impl Writes {
    /// Follows the outbox for as long as the owner that is current lives.
    pub(crate) fn follow(api: Api, tide: Tide) -> Writes {
        let identity = api.person().map(|person| person.identity());
        let notebook = Notebook::of(identity.as_deref());
        let is_known = !notebook.is_empty();
        let writes = Writes {
            queued: RwSignal::default(),
            past: RwSignal::default(),
            open: RwSignal::new(false),
            led: RwSignal::new(0),
            tide,
            tools: StoredValue::new_local(Tools { api, notebook }),
            stamp: StoredValue::default(),
            endings: StoredValue::default(),
            unwanted: StoredValue::default(),
        };
        tide.on_outbox(Callback::new(move |event| writes.tell(&event)));
        // What other tabs do to the queue is told by its figures alone. Nothing is opened where nothing was ever queued.
        let figures = Memo::new(move |_| {
            tide.health.with(|health| {
                let outbox = &health.outbox;
                let ready = outbox.waiting + outbox.sending + outbox.resting;
                let stuck = outbox.parked + outbox.in_doubt + outbox.dead;
                (ready, outbox.sending, outbox.resting, stuck, outbox.bytes)
            })
        });
        Effect::new(move |earlier: Option<_>| {
            let figures = figures.get();
            let is_news = earlier.is_some_and(|earlier| earlier != figures);
            if is_news || (is_known && earlier.is_none()) || figures != Default::default() {
                writes.list();
            }
            figures
        });
        writes
    }

    /// The one that the app provides.
    pub(crate) fn of_context() -> Writes {
        expect_context()
    }

    /// Queues a change. It is on the disk when this is over.
    pub(crate) async fn queue(self, change: Change) -> Result<(), NotQueued> {
        let key = crate::random::word();
        self.queue_as(change, key).await
    }

    pub(super) async fn queue_as(self, change: Change, key: String) -> Result<(), NotQueued> {
        let Tools { api, notebook } = self.tools.get_value();
        notebook.write(&key, &change, Date::now());
        let entry = match api.queue(&change, &key).await {
            Ok(entry) => entry,
            Err(error) => {
                notebook.remove(&key);
                return Err(NotQueued(refused(&error)));
            }
        };
        let words = change.words();
        self.touch();
        self.queued.update(|queued| {
            if queued.iter().all(|one| one.id != entry) {
                queued.push(Queued {
                    id: entry,
                    key,
                    words: words.clone(),
                    change: Some(change),
                    state: EntryState::Waiting,
                    reason: None,
                    status: None,
                    retry_at: None,
                });
            }
        });
        self.say(format!(
            "Kept on this device until the backend has it: {words}."
        ));
        self.list();
        Ok(())
    }

    /// The description of an asset over an answer of that time.
    pub(crate) fn description(self, asset: &str, born: f64) -> Option<Draft> {
        self.over(|queued, past| overlay::description(asset, queued, past, born))
    }

    /// The tags of an asset that an answer of that time does not have.
    pub(crate) fn tags(self, asset: &str, known: &[String], born: f64) -> Vec<TagDraft> {
        self.over(|queued, past| overlay::tags(asset, known, queued, past, born))
    }

    /// What was decided about a request since an answer of that time.
    pub(crate) fn ruling(self, request: &str, born: f64) -> Option<Ruled> {
        self.over(|queued, past| overlay::ruling(request, queued, past, born))
    }

    /// One entry.
    pub(crate) fn entry(self, id: u64) -> Option<Queued> {
        self.queued
            .with_untracked(|queued| queued.iter().find(|entry| entry.id == id).cloned())
    }

    fn over<T>(self, look: impl Fn(&[Queued], &[Past]) -> T) -> T {
        self.queued
            .with(|queued| self.past.with(|past| look(queued, past)))
    }

    /// Reads the outbox. What has gone meanwhile has gone in another tab, unless it was told.
    pub(super) fn list(self) {
        spawn_local(async move {
            loop {
                let Some(Tools { api, notebook }) = self.tools.try_get_value() else {
                    return;
                };
                let stamp = self.stamp.get_value();
                let Ok(list) = api.client().outbox().list().await else {
                    return;
                };
                if self.stamp.try_get_value() != Some(stamp) {
                    continue;
                }
                notebook.sweep(|key| list.iter().any(|entry| entry.key == key), Date::now());
                let list = list.into_iter().map(|entry| {
                    let change = notebook.read(&entry.key);
                    Queued::of(entry, change, api.base())
                });
                let list: Vec<Queued> = list.collect();
                for gone in self.queued.get_untracked() {
                    if list.iter().all(|entry| entry.id != gone.id) {
                        self.leave(gone.id, Some(Ending::Elsewhere));
                    }
                }
                self.queued.maybe_update(|known| {
                    let is_news = *known != list;
                    *known = list;
                    is_news
                });
                return;
            }
        });
    }

    pub(super) fn touch(self) {
        self.stamp.update_value(|stamp| *stamp += 1);
    }

    pub(super) fn say(self, text: String) {
        self.tide.say(Topic::Write, text);
    }
}

fn refused(error: &Error) -> String {
    match error.code() {
        "not-durable" => {
            "This browser does not keep it, so it was not saved. Try again, or copy your text."
                .into()
        }
        "outbox-full" => {
            "There is no room for it: look through the outbox, and take something back.".into()
        }
        _ => format!("It was not saved: {error}."),
    }
}
