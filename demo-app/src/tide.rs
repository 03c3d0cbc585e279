//! The bridge from the SDK's engine to the page's signals: the only place that listens to its events and reads its health.

use std::collections::VecDeque;
use std::time::Duration;

use js_sys::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use tidegate::{BreakerState, Cache, Client, Event, Health, OutboxEvent};
use tidegate_contract::paths;

use crate::announce::{Announcements, Topic};
use crate::kept::KeptPage;
use crate::sentence::{Tone, route, sentence};
use crate::words;

/// Events in the log; older ones go.
const MOST_LINES: usize = 30;

/// What the page knows of the engine. A copyable handle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tide {
    /// The state of everything, after each event and each second.
    pub(crate) health: RwSignal<Health>,
    /// What happened, the latest first.
    pub(crate) log: RwSignal<VecDeque<Line>>,
    /// The page's clock, each second: milliseconds since it was opened.
    pub(crate) now: RwSignal<f64>,
    /// Changes when the backend is back.
    pub(crate) recovered: RwSignal<u32>,
    /// Changes when whoever is signed in has signed out in another tab.
    pub(crate) expelled: RwSignal<u32>,
    /// What is kept for whoever is signed in, the latest first.
    pub(crate) kept: RwSignal<Vec<KeptPage>>,
    /// Changes when somebody broke or mended the backend by hand.
    pub(crate) changed: RwSignal<u32>,
    announcements: StoredValue<Announcements>,
    outbox: StoredValue<Option<Callback<OutboxEvent>>>,
    lister: StoredValue<(Cache, String), LocalStorage>,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) number: u64,
    pub(crate) time: String,
    pub(crate) tone: Tone,
    pub(crate) text: String,
}

impl Tide {
    /// Listens to the client for as long as the owner that is current lives. `base` is the backend's address.
    pub(crate) fn listen(client: &Client, base: String) -> Tide {
        let tide = Tide {
            health: RwSignal::new(client.health()),
            log: RwSignal::default(),
            now: RwSignal::new(now()),
            recovered: RwSignal::new(0),
            expelled: RwSignal::new(0),
            kept: RwSignal::default(),
            changed: RwSignal::new(0),
            lister: StoredValue::new_local((client.cache(), base.clone())),
            announcements: StoredValue::default(),
            outbox: StoredValue::default(),
        };
        let teller = client.clone();
        let subscription = client.on_event(move |event| {
            tide.tell(event, &base);
            tide.health.set(teller.health());
        });
        let subscription = StoredValue::new_local(Some(subscription));
        let ticker = client.clone();
        let tick = move || {
            tide.now.set(now());
            tide.health.set(ticker.health());
        };
        let ticking = set_interval_with_handle(tick, Duration::from_secs(1));
        tide.list();
        on_cleanup(move || {
            subscription.set_value(None);
            if let Ok(ticking) = ticking {
                ticking.clear();
            }
        });
        tide
    }

    /// The one that the app provides.
    pub(crate) fn of_context() -> Tide {
        expect_context()
    }

    /// Looks at what is kept.
    pub(crate) fn list(self) {
        let Some((cache, base)) = self.lister.try_get_value() else {
            return;
        };
        spawn_local(async move {
            let mut entries = cache.list().await;
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.stored_at));
            let pages = entries.into_iter().map(|entry| KeptPage::of(entry, &base));
            self.kept.try_set(pages.collect());
        });
    }

    /// Whether the backend seems to be away: a breaker is open, or what was asked for did not come.
    pub(crate) fn away(self) -> Memo<bool> {
        let health = self.health;
        Memo::new(move |_| {
            health.with(|health| {
                let mut asked = health.scopes.iter();
                // A feed that is away leaves everything else where it is.
                asked.any(|scope| {
                    !scope.scope.ends_with(paths::FEED)
                        && (scope.breaker != BreakerState::Closed
                            || scope.probing
                            || scope.probe_in_ms.is_some())
                })
            })
        })
    }

    /// Who is told of what happens to entries of the outbox.
    pub(crate) fn on_outbox(self, listener: Callback<OutboxEvent>) {
        self.outbox.set_value(Some(listener));
    }

    /// Tells screen readers, with the next message that is due.
    pub(crate) fn say(self, topic: Topic, text: String) {
        self.announcements
            .update_value(|announcements| announcements.say(topic, text));
    }

    /// What screen readers are to be told now.
    pub(crate) fn message(self, now: f64) -> Option<String> {
        self.announcements
            .try_update_value(|announcements| announcements.poll(now))
            .flatten()
    }

    fn tell(self, event: &Event, base: &str) {
        match event {
            Event::Breaker(breaker) if breaker.to == BreakerState::Open => {
                self.say(
                    Topic::Backend,
                    format!(
                        "The circuit breaker of {} is open.",
                        route(&breaker.scope, base)
                    ),
                );
            }
            Event::Breaker(breaker) if breaker.to == BreakerState::Closed => {
                self.recovered.update(|times| *times += 1)
            }
            Event::Recovered(recovered) => {
                self.say(
                    Topic::Backend,
                    format!("{} answers again.", route(&recovered.scope, base)),
                );
                self.recovered.update(|times| *times += 1);
            }
            Event::Identity(identity) if identity.elsewhere => {
                self.expelled.update(|times| *times += 1);
            }
            Event::Outbox(entry) => {
                if let Some(listener) = self.outbox.get_value() {
                    listener.run(entry.clone());
                }
            }
            Event::Identity(_) | Event::Kept(_) | Event::Storage(_) => self.list(),
            _ => {}
        }
        if let Some((tone, text)) = sentence(event, base) {
            self.write_down(tone, text);
        }
    }

    /// One more line in the log.
    pub(crate) fn write_down(self, tone: Tone, text: String) {
        self.log.update(|log| {
            let number = log.front().map_or(0, |line| line.number + 1);
            log.push_front(Line {
                number,
                time: time_of_day(),
                tone,
                text,
            });
            log.truncate(MOST_LINES);
        });
    }
}

/// The page's clock: milliseconds since it was opened, whatever happens to the calendar.
pub(crate) fn now() -> f64 {
    window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}

fn time_of_day() -> String {
    let date = Date::new_0();
    words::clock(date.get_hours(), date.get_minutes(), date.get_seconds())
}
