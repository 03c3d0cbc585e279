//! Where an answer is from and how old it is: word, shape and colour.

use leptos::prelude::*;

use super::Shape;
use crate::note::Note;
use crate::tide::Tide;
use crate::words::{self, Subject};

/// What is said of one answer. Its age goes up every second.
#[component]
pub(crate) fn Badge(note: Note, subject: Subject) -> impl IntoView {
    let now = Tide::of_context().now;
    let shape = match note {
        Note::Live { .. } => Shape::Disc,
        Note::Kept { .. } => Shape::Half,
        Note::Nothing { .. } => Shape::Square,
    };
    let why = note
        .reason()
        .map(|reason| words::capitalised(&words::reason(reason, subject)));
    view! {
        <div
            class="badge"
            data-testid="badge"
            data-source=note.source()
            data-reason=note.reason().map(|reason| reason.as_str())
            data-age-ms=move || note.age_ms(now.get()).map(|age| age.to_string())
        >
            <strong>{shape} <span>{move || note.label(now.get())}</span></strong>
            {why.map(|why| view! { <span class="why">{why}</span> })}
        </div>
    }
}
