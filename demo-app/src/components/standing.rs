//! The badge of what is on show, and the way to ask for something newer.

use leptos::prelude::*;

use super::Badge;
use crate::note::Note;
use crate::screen::Screen;
use crate::shown::Shown;
use crate::words::Subject;

/// How the answer on show stands. That there is none is said where it would be, not here.
#[component]
pub(crate) fn Standing<T>(shown: Shown<T>, subject: Subject) -> impl IntoView
where
    T: Send + Sync + 'static,
{
    let note = shown.memo(|screen| screen.note().filter(|_| screen.value().is_some()));
    let asking = shown.memo(Screen::asking);
    let is_kept = move || matches!(note.get(), Some(Note::Kept { .. }));
    view! {
        <div class="standing">
            {move || note.get().map(|note| view! { <Badge note subject /> })}
            <Show when=is_kept>
                <button class="quiet" type="button" aria-disabled=move || asking.get().to_string() on:click=move |_| shown.ask_again()>
                    {move || if asking.get() { "Asking…" } else { "Ask again" }}
                </button>
            </Show>
        </div>
    }
}
