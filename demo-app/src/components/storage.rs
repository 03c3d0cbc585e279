//! What is kept on this device: where, how much, and each of it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::Api;
use crate::kept::KeptPage;
use crate::sentence::place;
use crate::tide::Tide;
use crate::words::{self, bytes, grouped};

/// The store, and what is in it for whoever is signed in.
#[component]
pub(crate) fn Storage() -> impl IntoView {
    let tide = Tide::of_context();
    let storage = Memo::new(move |_| tide.health.with(|health| health.storage.clone()));
    let kept = tide.kept;
    let total = move || {
        kept.with(|pages| {
            let sum = pages.iter().map(|page| page.bytes).sum();
            match pages.len() {
                0 => "Nothing is kept yet".to_owned(),
                1 => format!("1 answer, {}", bytes(sum)),
                count => format!("{} answers, {}", grouped(count as u64), bytes(sum)),
            }
        })
    };
    let lost = move || {
        storage.with(|storage| {
            let evicted =
                (storage.evicted > 0).then(|| format!("{} made room.", grouped(storage.evicted)));
            let corrupt = (storage.corrupt > 0)
                .then(|| format!("{} were damaged and set aside.", grouped(storage.corrupt)));
            [evicted, corrupt]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ")
        })
    };
    let forget_all = move |_| {
        let client = Api::of_context_client();
        spawn_local(async move {
            client.cache().clear().await;
            tide.list();
        });
    };
    view! {
        <section aria-labelledby="storage-heading">
            <h2 id="storage-heading">"Kept on this device"</h2>
            <p class="muted" data-testid="storage" data-mode=move || storage.with(|storage| storage.mode.as_str())>
                {move || storage.with(|storage| {
                    let why = storage.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
                    format!("Copies are kept {}{why}.", place(storage.mode))
                })}
            </p>
            <p data-testid="storage-total" data-entries=move || kept.with(Vec::len)>{total}</p>
            <Show when=move || !lost().is_empty()><p class="muted">{lost}</p></Show>
            <Show when=move || kept.with(|pages| !pages.is_empty())>
                <details class="kept">
                    <summary>"What can be read offline"</summary>
                    <ul>{move || kept.get().into_iter().map(row).collect_view()}</ul>
                    <button type="button" data-testid="forget-all" on:click=forget_all>"Forget all"</button>
                </details>
            </Show>
        </section>
    }
}

fn row(page: KeptPage) -> impl IntoView {
    let state = if page.fresh { "fresh" } else { "stale" };
    let what = format!(
        "{}, {} old, {state}",
        bytes(page.bytes),
        words::age(page.age_ms)
    );
    view! {
        <li data-testid="kept">
            {match page.href {
                Some(href) => view! { <a href=href>{page.name}</a> }.into_any(),
                None => view! { <span>{page.name}</span> }.into_any(),
            }}
            <span class="muted">{what}</span>
        </li>
    }
}
