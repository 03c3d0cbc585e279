//! How the feed stands: word, shape and colour.

use leptos::prelude::*;

use super::Shape;
use crate::feed::{Badge, Feed, State};

/// The whole of it. What counts down changes every second.
#[component]
pub(crate) fn FeedBadge() -> impl IntoView {
    let badge = Feed::of_context().badge();
    let state = Memo::new(move |_| badge.with(|badge| badge.state));
    let why = Memo::new(move |_| badge.with(|badge| badge.why));
    view! {
        <div class="badge feed-badge" data-testid="feed-badge" data-state=move || state.get().as_str()>
            <strong>
                {move || shape(state.get()).into_render()}
                <span>{move || badge.with(|badge| badge.label.clone())}</span>
            </strong>
            {move || why.get().map(|why| view! { <span class="why">{crate::words::capitalised(why)}</span> })}
        </div>
    }
}

/// A mark for where there is little room.
#[component]
pub(crate) fn FeedMark() -> impl IntoView {
    let badge = Feed::of_context().badge();
    let state = Memo::new(move |_| badge.with(|badge: &Badge| badge.state));
    view! {
        <span class="feed-mark" data-state=move || state.get().as_str()>
            {move || shape(state.get()).into_render()}
            <span class="unseen">{move || words(state.get())}</span>
        </span>
    }
}

fn shape(state: State) -> Shape {
    match state {
        State::Live => Shape::Disc,
        State::Connecting | State::Reconnecting | State::Stale => Shape::Half,
        State::Off | State::Offline => Shape::Square,
    }
}

fn words(state: State) -> &'static str {
    match state {
        State::Connecting => "(connecting)",
        State::Live => "(live)",
        State::Off => "(not connected)",
        State::Offline => "(offline)",
        State::Reconnecting => "(reconnecting)",
        State::Stale => "(not up to date)",
    }
}
