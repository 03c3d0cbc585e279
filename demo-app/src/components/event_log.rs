//! What happened, in plain sentences.

use leptos::prelude::*;

use crate::sentence::Tone;
use crate::tide::{Line, Tide};

/// The latest events, the newest first.
#[component]
pub(crate) fn EventLog() -> impl IntoView {
    let log = Tide::of_context().log;
    view! {
        <section aria-labelledby="log">
            <h2 id="log">"What happened"</h2>
            <Show when=move || log.with(|log| log.is_empty())>
                <p class="muted">"Nothing out of the ordinary."</p>
            </Show>
            // It scrolls, so it must be reachable without a mouse.
            <ol class="log" tabindex="0" aria-labelledby="log" data-testid="log">
                <For each=move || log.get() key=|line| line.number children=line />
            </ol>
        </section>
    }
}

fn line(line: Line) -> impl IntoView {
    let tone = match line.tone {
        Tone::Bad => "bad",
        Tone::Good => "good",
        Tone::Plain => "plain",
    };
    view! { <li data-tone=tone><time>{line.time}</time>" " <span>{line.text}</span></li> }
}
