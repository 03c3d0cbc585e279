//! What happens to the catalogue, as it happens.

use leptos::prelude::*;

use super::set_title;
use crate::components::{FeedBadge, FeedFigures, Happenings};
use crate::feed::{After, Feed, Outcome};

/// The feed: how it stands, what became of its last gap, and the latest events.
#[component]
pub(crate) fn ActivityPage() -> impl IntoView {
    set_title(Some("Activity"));
    let feed = Feed::of_context();
    let may_reconnect = feed.may_reconnect();
    view! {
        <div class="heading">
            <div>
                <h1>"Activity"</h1>
                <p class="muted">"What happens to the catalogue, as it happens"</p>
            </div>
            <div class="standing">
                <FeedBadge />
                <Show when=move || may_reconnect.get()>
                    <button class="quiet" type="button" data-testid="feed-reconnect" on:click=move |_| feed.reconnect()>
                        "Reconnect now"
                    </button>
                </Show>
            </div>
        </div>
        <WhatBecame feed />
        <Happenings />
        <FeedFigures />
    }
}

/// What became of the last gap.
#[component]
fn WhatBecame(feed: Feed) -> impl IntoView {
    let told = Memo::new(move |_| feed.story.with(|story| (story.outcome, story.sentence())));
    move || {
        let (Some(outcome), Some(sentence)) = told.get() else {
            return None;
        };
        let (kind, messages) = match outcome {
            Outcome::CaughtUp { messages, after } => match after {
                After::Away(_) => ("caught-up", messages),
                After::Gap => ("gap-closed", messages),
                After::Reload => ("caught-up-after-reload", messages),
            },
            Outcome::LoadedAnew { .. } => ("loaded-anew", 0),
            Outcome::Moved => ("moved", 0),
        };
        Some(view! {
            <p
                class="outcome"
                data-testid="feed-outcome"
                data-kind=kind
                data-messages=messages.to_string()
            >
                {sentence}
            </p>
        })
    }
}
