//! The socket and its handlers, and the signals that components read: the only place that knows the SDK's socket.

use std::future::ready;

use js_sys::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use tidegate::{
    Address, Delivery, Protocol, Snapshot, Socket, SocketChange, SocketEvent, SocketHealth,
    SocketNotice, SocketState, Source, Wish,
};
use tidegate_contract::{feed, paths};

use super::badge::{Badge, Reading};
use super::board::Board;
use super::happening::Happening;
use super::kept::{self, Kept};
use super::story::Story;
use crate::announce::Topic;
use crate::api::{Api, Trouble};
use crate::person::Person;
use crate::sentence::Tone;
use crate::tide::Tide;
use crate::words;

/// A second more or less is nothing that anybody sees.
const SKEW_MS: f64 = 1_000.0;

/// The feed of whoever is signed in. A copyable handle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Feed {
    /// What is on show.
    pub(crate) board: RwSignal<Board>,
    /// What became of the last gap.
    pub(crate) story: RwSignal<Story>,
    /// How the socket is; `None` where there is none.
    pub(crate) health: RwSignal<Option<SocketHealth>>,
    /// Why there is no list, or only an old one.
    pub(crate) trouble: RwSignal<Option<Trouble>>,
    /// How old the list was when it came, where it is a kept copy.
    pub(crate) list_age_ms: RwSignal<Option<u64>>,
    /// What the backend's calendar is behind the device's, as soon as something was told as it happened.
    pub(crate) skew: RwSignal<Option<f64>>,
    reading: Memo<Option<Reading>>,
    /// That it is away was told.
    told_away: StoredValue<bool>,
    asking: StoredValue<bool>,
    socket: StoredValue<Option<Socket>, LocalStorage>,
    api: StoredValue<Api, LocalStorage>,
    tide: Tide,
}

impl Feed {
    /// Opens the feed of the person whose calls these are, where they were before a reload.
    pub(crate) fn open(api: Api, tide: Tide) -> Feed {
        let kept = Kept::take(api.person().map(Person::name), api.base());
        let positions = kept.as_ref().map(|kept| kept.positions.clone());
        let health = RwSignal::new(None::<SocketHealth>);
        let feed = Feed {
            story: RwSignal::new(match &kept {
                Some(kept) => Story::resumed(kept.since),
                None => Story::default(),
            }),
            skew: RwSignal::new(kept.as_ref().and_then(|kept| kept.skew)),
            board: RwSignal::new(kept.map(|kept| kept.board).unwrap_or_default()),
            reading: Memo::new(move |_| health.with(|health| health.as_ref().map(Reading::of))),
            health,
            trouble: RwSignal::new(None),
            list_age_ms: RwSignal::new(None),
            // Who comes back to a page is not told that it was left.
            told_away: StoredValue::new(positions.is_some()),
            asking: StoredValue::new(false),
            socket: StoredValue::new_local(None),
            api: StoredValue::new_local(api),
            tide,
        };
        feed.connect(positions.as_deref());
        Effect::new(move |_| {
            tide.now.track();
            feed.look();
        });
        let left = window_event_listener_untyped("pagehide", move |_| feed.keep());
        on_cleanup(move || {
            left.remove();
            feed.socket.set_value(None);
        });
        feed
    }

    /// The one that the app provides.
    pub(crate) fn of_context() -> Feed {
        expect_context()
    }

    /// How it stands.
    pub(crate) fn badge(self) -> Memo<Badge> {
        let online = self.tide.health;
        Memo::new(move |_| {
            let online = online.with(|health| health.online);
            let story = self.story.get();
            let since = story.since.map(clock);
            match self.reading.get() {
                Some(reading) => reading.badge(&story, online, since),
                None => Badge::none(),
            }
        })
    }

    /// Whether somebody may ask for a connection.
    pub(crate) fn may_reconnect(self) -> Memo<bool> {
        Memo::new(move |_| {
            let online = self.tide.health.with(|health| health.online);
            let state = self.reading.get().map(|reading| reading.state);
            online && matches!(state, Some(SocketState::Waiting | SocketState::Stopped))
        })
    }

    /// Somebody asks for a connection.
    pub(crate) fn reconnect(self) {
        self.socket.with_value(|socket| {
            if let Some(socket) = socket {
                socket.reconnect();
            }
        });
        self.look();
    }

    /// What the backend knows this page's feed by.
    pub(crate) fn client(self) -> String {
        self.api.with_value(client)
    }

    fn connect(self, positions: Option<&str>) {
        let api = self.api.get_value();
        let base = api.base().replacen("http", "ws", 1);
        let (path, param) = (paths::FEED, paths::CLIENT_PARAM);
        let url = format!("{base}{path}?{param}={}", client(&api));
        let wishes = (api.client())
            .socket(Address::new(&url, &[feed::PROTOCOL]))
            .protocol(Protocol::Tidegate)
            .positions(positions.unwrap_or_default())
            .listen(move |notice| {
                if let SocketNotice::Changed(event) = notice {
                    self.on(&event);
                }
            });
        // The settings are the client's, which were in their ranges: without a socket the badge says so.
        let Ok(socket) = wishes.open() else {
            return;
        };
        let here = window().location().origin().unwrap_or_default();
        let wish = Wish {
            anew: true,
            ..Wish::default()
        };
        let heard_here = here.clone();
        socket.subscribe(
            feed::GOVERNANCE,
            wish,
            move |delivery: Delivery| {
                self.hear(&delivery, &heard_here);
                ready(true)
            },
            Some(move |snapshot: Snapshot| self.read_anew(snapshot, here.clone())),
        );
        self.socket.set_value(Some(socket));
        self.look();
    }

    /// The SDK says that something happened to the socket.
    fn on(self, event: &SocketEvent) {
        let now = Date::now();
        self.story.try_update(|story| story.hear(event, now));
        match event.change {
            SocketChange::Resumed | SocketChange::Gap => {
                self.board.try_update(|board| board.miss(event.messages));
            }
            // There is nothing to show, and nobody knows when there will be.
            SocketChange::SubscriptionRefused | SocketChange::Waiting
                if !self.board.with_untracked(Board::began) =>
            {
                self.fill();
            }
            _ => {}
        }
        // What comes after `open` says whether anything was missed.
        if event.change != SocketChange::Open {
            self.look();
        }
    }

    fn hear(self, delivery: &Delivery, here: &str) {
        let now = Date::now();
        let happening = Happening::of_message(delivery.offset, &delivery.data, here, now);
        let at = happening.at;
        let is_live = self.board.try_update(|board| board.hear(happening));
        if let (Some(true), Some(at)) = (is_live, at) {
            let skew = now - at as f64;
            let known = self.skew.get_untracked();
            if known.is_none_or(|known| (known - skew).abs() > SKEW_MS) {
                self.skew.try_set(Some(skew));
            }
        }
    }

    /// What was missed is gone: the list is loaded anew. `false`: it was not to be had, and is asked for again.
    async fn read_anew(self, snapshot: Snapshot, here: String) -> bool {
        let is_new = self.load(&here, Some(snapshot.position.offset)).await;
        if is_new {
            self.story.try_update(Story::loaded);
            self.look();
        }
        is_new
    }

    /// A list to show while there is no feed.
    fn fill(self) {
        if self
            .asking
            .try_update_value(|asking| std::mem::replace(asking, true))
            != Some(false)
        {
            return;
        }
        let here = window().location().origin().unwrap_or_default();
        spawn_local(async move {
            self.load(&here, None).await;
            self.asking.try_set_value(false);
        });
    }

    /// Shows the latest lines of the audit log; whether they are the network's.
    async fn load(self, here: &str, upto: Option<u64>) -> bool {
        let Some(api) = self.api.try_get_value() else {
            return false;
        };
        let loaded = match api.latest(Board::MOST as u64).await {
            Ok(loaded) => loaded,
            Err(trouble) => {
                self.trouble.try_set(Some(trouble));
                return false;
            }
        };
        let is_new = loaded.explanation.source != Source::Cache;
        if !is_new && self.board.with_untracked(Board::began) {
            // What is on show is newer.
            return false;
        }
        let now = Date::now();
        let lines = loaded.value.into_iter();
        let entries = lines
            .map(|line| Happening::of_line(line, here, now))
            .collect();
        self.trouble.try_set(None);
        self.list_age_ms
            .try_set((!is_new).then_some(loaded.explanation.age_ms));
        let upto = upto.filter(|_| is_new);
        self.board.try_update(|board| board.list(entries, upto));
        is_new
    }

    /// Looks at how it is, and tells of what has changed.
    fn look(self) {
        let health = (self.socket).try_with_value(|socket| socket.as_ref().map(Socket::health));
        let Some(Some(health)) = health else {
            return;
        };
        let reading = Reading::of(&health);
        self.health.try_set(Some(health));
        let story = self.story.get_untracked();
        if reading.is_live() && !story.refused {
            let before = story.clone();
            let mut story = story;
            story.settle();
            if story != before {
                self.story.try_set(story);
            }
        }
        self.tell(&reading);
    }

    /// That it is away, once; and what became of that.
    fn tell(self, reading: &Reading) {
        let story = self.story.get_untracked();
        let away = story.since.is_some() && story.began();
        let was_away = self.told_away.get_value();
        if away == was_away {
            return;
        }
        let told = match (away, story.sentence()) {
            (true, _) => {
                let online = self.tide.health.with_untracked(|health| health.online);
                let badge = reading.badge(&story, online, story.since.map(clock));
                let why = badge.why.map(|why| format!(": {why}")).unwrap_or_default();
                Some((Tone::Bad, format!("The feed: {}{why}.", badge.label)))
            }
            (false, Some(outcome)) => Some((Tone::Good, format!("The feed is live: {outcome}"))),
            (false, None) => None,
        };
        self.told_away.set_value(away);
        if let Some((tone, text)) = told {
            self.tide.say(Topic::Feed, text.clone());
            self.tide.write_down(tone, text);
        }
    }

    /// The page is left: it goes on from here, if it is still this person's.
    fn keep(self) {
        let Some(api) = self.api.try_get_value() else {
            return;
        };
        let positions = self.socket.with_value(|socket| {
            let socket = socket.as_ref()?;
            (socket.state() != SocketState::Closed).then(|| socket.positions())
        });
        let Some(positions) = positions.filter(|_| api.person() == Person::present()) else {
            kept::forget();
            return;
        };
        let since = self.story.with_untracked(|story| story.since);
        let kept = Kept {
            person: api.person().map(|person| person.name().to_owned()),
            api: api.base().to_owned(),
            since: since.unwrap_or_else(Date::now),
            skew: self.skew.get_untracked(),
            positions,
            board: self.board.get_untracked(),
        };
        kept.put();
    }
}

/// Each person's own, and one for all who have not said who they are.
fn client(api: &Api) -> String {
    api.person()
        .map_or_else(|| "guest".to_owned(), Person::identity)
}

/// A time of day, as the device has it.
pub(crate) fn clock(at: f64) -> String {
    let date = Date::new(&at.into());
    words::clock(date.get_hours(), date.get_minutes(), date.get_seconds())
}
