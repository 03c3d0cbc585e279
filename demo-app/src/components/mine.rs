//! What one person sees and nobody else: what they look after.

use leptos::prelude::*;
use leptos_router::components::A;
use tidegate_contract::AssetQuery;

use super::Standing;
use crate::api::Api;
use crate::person::Person;
use crate::screen::Screen;
use crate::shown::Shown;
use crate::words::{Subject, capitalised, grouped};

/// A card with the number of assets of a person's domain, and the first of them.
#[component]
pub(crate) fn Mine(person: Person) -> impl IntoView {
    let query = Memo::new(move |_| AssetQuery {
        domain: Some(person.domain().into()),
        size: Some(3),
        ..AssetQuery::default()
    });
    let api = Api::of_context();
    let shown = Shown::new(query, move |query| api.clone().assets(query));
    let page = shown.memo(|screen| screen.value().cloned());
    let none = shown.memo(|screen| Screen::trouble(screen).is_some());
    view! {
        <section class="mine" aria-labelledby="mine" data-testid="mine" data-person=person.name()>
            <div class="heading">
                <h2 id="mine">{format!("{}’s {}", person.name(), capitalised(person.domain()))}</h2>
                <Standing shown subject=Subject::Catalogue />
            </div>
            <Show when=move || none.get()>
                <p class="muted">"No copy of this was kept for you on this device."</p>
            </Show>
            {move || page.get().map(|page| view! {
                <p>{format!("{} assets are yours to look after, such as", grouped(page.total.into()))}</p>
                <ul>
                    {page.items.into_iter().map(|asset| {
                        let href = format!("/assets/{}", asset.id);
                        view! { <li><A href=href>{asset.name}</A></li> }
                    }).collect_view()}
                </ul>
            })}
        </section>
    }
}
