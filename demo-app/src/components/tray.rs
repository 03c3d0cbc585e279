//! The tray: everything that is not saved yet, where it stands, and what became of the rest.

use leptos::html::{Button, H2};
use leptos::prelude::*;

use super::TrayEntry;
use crate::writes::{Mood, Past, Writes, mood};

/// The button that opens the tray, with the number of entries.
#[component]
pub(crate) fn TrayHandle(handle: NodeRef<Button>) -> impl IntoView {
    let writes = Writes::of_context();
    let count = Memo::new(move |_| writes.queued.with(Vec::len));
    let stuck = Memo::new(move |_| {
        writes
            .queued
            .with(|queued| queued.iter().filter(|it| mood(it) == Mood::Stuck).count())
    });
    let told = move || match (count.get(), stuck.get()) {
        (0, _) => "everything is saved".to_owned(),
        (1, 0) => "1 change is not saved yet".into(),
        (count, 0) => format!("{count} changes are not saved yet"),
        (count, stuck) => format!("{count} changes are not saved, {stuck} of them need you"),
    };
    view! {
        <button
            class="tray-handle"
            type="button"
            node_ref=handle
            aria-expanded=move || writes.open.get().to_string()
            aria-controls="tray"
            data-testid="tray-toggle"
            data-count=count
            data-stuck=stuck
            on:click=move |_| writes.open.update(|open| *open = !*open)
        >
            "Outbox"
            <span class="count" aria-hidden="true">
                {move || if stuck.get() > 0 { format!("! {}", count.get()) } else { count.get().to_string() }}
            </span>
            <span class="unseen">{move || format!(": {}", told())}</span>
        </button>
    }
}

/// What the button opens.
#[component]
pub(crate) fn Tray(handle: NodeRef<Button>) -> impl IntoView {
    let writes = Writes::of_context();
    let heading = NodeRef::<H2>::new();
    let ids = Memo::new(move |_| {
        writes
            .queued
            .with(|queued| queued.iter().map(|entry| entry.id).collect::<Vec<_>>())
    });
    // The button that was pressed may be gone with its entry: the keyboard goes on here.
    let settled = Callback::new(move |()| {
        if let Some(heading) = heading.get_untracked() {
            let _ = heading.focus();
        }
    });
    Effect::watch(
        move || writes.led.get(),
        move |_, _, _| request_animation_frame(move || settled.run(())),
        false,
    );
    let close = move || {
        writes.open.set(false);
        if let Some(handle) = handle.get_untracked() {
            // It throws for no element.
            let _ = handle.focus();
        }
    };
    view! {
        <section
            id="tray"
            class="tray"
            aria-labelledby="tray-heading"
            data-testid="tray"
            hidden=move || !writes.open.get()
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    close();
                }
            }
        >
            <div class="heading">
                <h2 id="tray-heading" tabindex="-1" node_ref=heading>"Outbox"</h2>
                <button type="button" class="quiet" on:click=move |_| close()>"Close"</button>
            </div>
            <Show
                when=move || !ids.with(Vec::is_empty)
                fallback=|| view! { <p class="muted">"Everything is saved. What you change while the backend is away waits here."</p> }
            >
                <ul class="entries">
                    <For each=move || ids.get() key=|id| *id let:id>
                        <TrayEntry id settled />
                    </For>
                </ul>
            </Show>
            <Show when=move || writes.past.with(|past| !past.is_empty())>
                <h3>"Lately"</h3>
                <ul class="past">
                    <For each=move || writes.past.get() key=|past| (past.id, past.ending.words()) children=row />
                </ul>
            </Show>
        </section>
    }
}

fn row(past: Past) -> impl IntoView {
    let ending = past.ending.words();
    view! {
        <li data-testid="past" data-id=past.id.to_string() data-ending=ending>
            <span>{past.words}</span>
            <span class="muted">{ending}</span>
        </li>
    }
}
