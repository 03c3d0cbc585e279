//! The tags of an asset, with those that are not saved yet.

use leptos::prelude::*;

use crate::words;
use crate::writes::{Over, Writes};

/// `born` is when `tags` were read.
#[component]
pub(crate) fn Tags(asset: String, tags: Vec<String>, born: Signal<f64>) -> impl IntoView {
    let writes = Writes::of_context();
    let known = tags.clone();
    let drafts = Memo::new(move |_| writes.tags(&asset, &known, born.get()));
    let all = move || {
        let mut all = tags.clone();
        let (saved, waiting): (Vec<_>, Vec<_>) = drafts
            .get()
            .into_iter()
            .partition(|draft| draft.over == Over::Saved);
        all.extend(saved.into_iter().map(|draft| draft.tag));
        match all.is_empty() && !waiting.is_empty() {
            true => String::new(),
            false => words::list(&all) + " ",
        }
    };
    let waiting = move || {
        let drafts = drafts.get().into_iter();
        let drafts = drafts.filter(|draft| draft.over != Over::Saved);
        drafts
            .map(|draft| {
                let (over, word) = match draft.over {
                    Over::Stuck(_) => ("stuck", "not saved, needs you"),
                    _ => ("pending", "not saved yet"),
                };
                view! {
                    <span class="tag-draft" data-testid="tag-draft" data-over=over>
                        {draft.tag} " " <small>{word}</small>
                    </span>
                }
            })
            .collect_view()
    };
    view! { <span>{all}</span> {waiting} }
}
