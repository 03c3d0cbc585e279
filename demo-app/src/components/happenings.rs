//! The latest things that happened, in sentences.

use js_sys::Date;
use leptos::prelude::*;
use leptos_router::components::A;

use super::Shape;
use crate::feed::{Board, Feed, Happening, Origin, clock};
use crate::sentence::Tone;
use crate::words::{self, Subject};

/// The newest first. Whoever reads may hold it: a list that moves by itself is hard to read, and hard to point at.
#[component]
pub(crate) fn Happenings() -> impl IntoView {
    let feed = Feed::of_context();
    let held = RwSignal::new(None::<Board>);
    let shown = Memo::new(move |_| {
        let board = held.get().unwrap_or_else(|| feed.board.get());
        board.entries().cloned().collect::<Vec<_>>()
    });
    let hold = move |_| {
        held.update(|held| {
            *held = match held {
                Some(_) => None,
                None => Some(feed.board.get_untracked()),
            };
        });
    };
    let new = Memo::new(move |_| {
        let held = held.with(|held| held.as_ref().map(Board::count));
        held.map(|held| feed.board.with(Board::count).saturating_sub(held))
    });
    let button = move || match new.get() {
        None => "Hold the list".to_owned(),
        Some(0) => "Go on: nothing new".to_owned(),
        Some(new) => format!("Go on: {} new", words::grouped(new)),
    };
    view! {
        <div class="tools">
            <button
                type="button"
                class="quiet"
                aria-pressed=move || held.with(Option::is_some).to_string()
                data-testid="hold"
                on:click=hold
            >
                {button}
            </button>
            <p class="muted">{move || note(feed)}</p>
        </div>
        <Show when=move || shown.with(Vec::is_empty)>
            <p class="nothing" data-testid="nothing">{move || nothing(feed)}</p>
        </Show>
        <ol class="happenings" aria-label="Latest events, the newest first" data-testid="happenings">
            <For
                each=move || shown.get()
                key=|entry| (entry.id, entry.origin.as_str(), entry.offset)
                children=move |entry| row(entry, feed)
            />
        </ol>
    }
}

fn row(entry: Happening, feed: Feed) -> impl IntoView {
    let (shape, tone) = match entry.tone() {
        Tone::Bad => (Shape::Square, "bad"),
        Tone::Good => (Shape::Disc, "good"),
        Tone::Plain => (Shape::Half, "plain"),
    };
    let at = move || match (entry.at, feed.skew.get()) {
        (Some(at), Some(skew)) => Some(at as f64 + skew),
        (None, _) => Some(entry.heard),
        // The backend's calendar is not known before it has told something as it happened.
        (Some(_), None) => None,
    };
    let at = Memo::new(move |_| at());
    let asset = entry.words.asset.clone().map(|asset| {
        let href = format!("/assets/{asset}");
        view! { <A href=href>{asset}</A> }
    });
    let caught_up = (entry.origin == Origin::CaughtUp)
        .then(|| view! { <span class="caught-up">"caught up"</span> });
    view! {
        <li
            data-testid="happening"
            data-offset=entry.offset.map(|offset| offset.to_string())
            data-line=entry.line.map(|line| line.to_string())
            data-kind=entry.kind
            data-origin=entry.origin.as_str()
            data-tone=tone
        >
            {shape}
            <time datetime=move || at.get().map(machine_time)>
                {move || at.get().map_or_else(|| "earlier".to_owned(), clock)}
            </time>
            <span>{entry.words.before} {asset} {entry.words.after}</span>
            {caught_up}
        </li>
    }
}

fn machine_time(at: f64) -> String {
    Date::new(&at.into()).to_iso_string().into()
}

/// What is said of the list as a whole.
fn note(feed: Feed) -> String {
    let stale = feed.story.with(|story| story.since.map(clock));
    let stale = stale.filter(|_| feed.board.with(|board| board.entries().len() > 0));
    match (feed.list_age_ms.get(), stale) {
        (Some(age), _) => format!("A kept copy, {} old when it was read.", words::age(age)),
        (None, Some(since)) => format!("As it was at {since}."),
        (None, None) => String::new(),
    }
}

fn nothing(feed: Feed) -> String {
    let because = |trouble: crate::api::Trouble| match trouble {
        crate::api::Trouble::Unanswered(reason) => words::reason(reason, Subject::Activity),
        crate::api::Trouble::Missing => "the backend has no such list".into(),
        crate::api::Trouble::Refused(status) => format!("the backend answers {status}"),
        crate::api::Trouble::Unreadable => "its answer is not what this page expects".into(),
    };
    match (feed.trouble.get(), feed.board.with(Board::began)) {
        (_, true) => "Nothing has happened yet.".into(),
        (Some(trouble), false) => format!(
            "The list of events is not to be had: {}. It comes up here by itself.",
            because(trouble)
        ),
        (None, false) => "The list comes with the feed.".into(),
    }
}
