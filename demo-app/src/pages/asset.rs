//! One asset: what it is for, its columns, its quality, where it comes from and where it goes.

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use tidegate_contract::{AssetDetail, paths};

use super::set_title;
use crate::announce::Topic;
use crate::api::{Api, Known};
use crate::components::{
    BlockSkeleton, Columns, Description, Facts, LineageLists, NoAnswer, Standing,
};
use crate::note::Note;
use crate::screen::Screen;
use crate::shown::Shown;
use crate::tide::{self, Tide};
use crate::words::Subject;

/// The asset that the URL names.
#[component]
pub(crate) fn AssetPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    // Another asset is another page: nothing of the one before stays.
    move || view! { <AssetView id=id.get() /> }
}

#[component]
fn AssetView(id: String) -> impl IntoView {
    let api = Api::of_context();
    let scope = api.scope(paths::ASSET);
    let (question, lineage_of, described) = (id.clone(), id.clone(), id.clone());
    let shown = Shown::new(Memo::new(move |_| question.clone()), move |id| {
        api.clone().asset(id)
    });
    // One message says it for the whole page.
    let has_trouble = shown.memo(|screen| screen.trouble().is_some());
    announce(shown);
    let asset = shown.memo(|screen| screen.value().map(|known| known.asset.clone()));
    let born = Signal::derive(move || {
        let note = shown.screen.with(Screen::note);
        note.and_then(Note::born).unwrap_or_default()
    });
    let name = move || asset.with(|asset| asset.as_ref().map(|asset| asset.asset.name.clone()));
    Effect::new(move |_| set_title(Some(&name().unwrap_or_else(|| "Asset".into()))));
    view! {
        <nav aria-label="Breadcrumb" class="crumbs"><A href="/">"Catalogue"</A></nav>
        <article data-testid="asset-detail" data-id=id>
            <div class="heading">
                <div>
                    <h1>{move || name().unwrap_or_else(|| "Asset".into())}</h1>
                    <Description id=described shown />
                </div>
                <Standing shown subject=Subject::Asset />
            </div>
            <NoAnswer shown subject=Subject::Asset scope />
            <Show when=move || shown.screen.with(Screen::blank)>
                <BlockSkeleton lines=8 />
            </Show>
            <div class="content" aria-busy=shown.busy() data-asking=shown.busy()>
                {move || asset.get().map(|asset| view! { <Detail asset born /> })}
            </div>
            <Show when=move || !has_trouble.get()>
                <LineageSection id=lineage_of.clone() />
            </Show>
        </article>
    }
}

#[component]
fn Detail(asset: AssetDetail, born: Signal<f64>) -> impl IntoView {
    let AssetDetail { columns, .. } = asset.clone();
    view! {
        <Facts asset born />
        <Columns columns />
    }
}

#[component]
fn LineageSection(id: String) -> impl IntoView {
    let api = Api::of_context();
    let scope = api.scope(paths::ASSET_LINEAGE);
    let shown = Shown::new(Memo::new(move |_| id.clone()), move |id| {
        api.clone().lineage(id)
    });
    let lineage = shown.memo(|screen| screen.value().cloned());
    view! {
        <section aria-labelledby="lineage" data-testid="lineage">
            <div class="heading">
                <h2 id="lineage">"Lineage"</h2>
                <Standing shown subject=Subject::Lineage />
            </div>
            <NoAnswer shown subject=Subject::Lineage scope />
            <Show when=move || shown.screen.with(Screen::blank)>
                <BlockSkeleton lines=3 />
            </Show>
            <div class="content" aria-busy=shown.busy() data-asking=shown.busy()>
                {move || lineage.get().map(|lineage| view! { <LineageLists lineage /> })}
            </div>
        </section>
    }
}

fn announce(shown: Shown<Known>) {
    let tide = Tide::of_context();
    Effect::new(move |_| {
        let told = shown.screen.with(|screen| {
            let note = screen
                .note()
                .filter(|_| !screen.asking())?
                .sentence(tide::now(), Subject::Asset);
            let name = screen
                .value()
                .map(|known| format!("{}. ", known.asset.asset.name));
            Some(name.unwrap_or_default() + &note)
        });
        if let Some(told) = told {
            tide.say(Topic::Page, told);
        }
    });
}
