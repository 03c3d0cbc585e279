//! The catalogue: search, filters, one page of assets.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use tidegate_contract::{Asset, AssetQuery, Page, paths};

use super::set_title;
use crate::announce::Topic;
use crate::api::Api;
use crate::catalogue_url;
use crate::components::{
    AssetTable, Filters, Mine, NoAnswer, Pager, Standing, TableSkeleton, Tagging,
};
use crate::note::Note;
use crate::person::Person;
use crate::screen::Screen;
use crate::shown::Shown;
use crate::tide::{self, Tide};
use crate::words::{Subject, grouped};

/// The list of assets that the URL asks for.
#[component]
pub(crate) fn CataloguePage() -> impl IntoView {
    set_title(None);
    let url = use_query_map();
    let query = Memo::new(move |_| url.with(|url| catalogue_url::read(|name| url.get(name))));
    let api = Api::of_context();
    let scope = api.scope(paths::ASSETS);
    let shown = Shown::new(query, move |query| api.clone().assets(query));
    announce(shown);

    let go = use_navigate();
    let ask = move |query: AssetQuery| {
        // Every letter is a question of its own; none of them is a page to go back to.
        go(
            &catalogue_url::write(&query),
            NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            },
        );
    };
    let assets = shown.memo(|screen| screen.value().map(|page| page.items.clone()));
    let place = shown.memo(|screen| {
        screen
            .value()
            .map(|page| (page.page, page.size, page.total))
    });
    let born = Signal::derive(move || {
        let note = shown.screen.with(Screen::note);
        note.and_then(Note::born).unwrap_or_default()
    });
    let selected = RwSignal::new(BTreeSet::new());
    let here = Signal::derive(move || {
        let ids = |assets: &Vec<Asset>| assets.iter().map(|asset| asset.id.clone()).collect();
        assets.with(|assets| assets.as_ref().map(ids).unwrap_or_default())
    });
    let total = move || place.get().map(|(_, _, total)| count(total));
    view! {
        <div class="heading">
            <div>
                <h1>"Catalogue"</h1>
                <p class="muted">{move || total().unwrap_or_else(|| "Tables, topics, models and dashboards".into())}</p>
            </div>
            <Standing shown subject=Subject::Catalogue />
        </div>
        {Person::present().map(|person| view! { <Mine person /> })}
        <Filters query ask />
        <NoAnswer shown subject=Subject::Catalogue scope />
        <Show when=move || shown.screen.with(Screen::blank)>
            <TableSkeleton />
        </Show>
        <Show when=move || assets.with(Option::is_some)>
            <section class="content" aria-label="Assets" aria-busy=shown.busy() data-asking=shown.busy()>
                <Tagging here selected />
                <AssetTable assets=Signal::derive(move || assets.get().unwrap_or_default()) born selected />
                <Pager query place=Signal::derive(move || place.get().unwrap_or_default()) />
            </section>
        </Show>
    }
}

fn count(total: u32) -> String {
    match total {
        0 => "No asset fits".into(),
        1 => "1 asset".into(),
        total => format!("{} assets", grouped(total.into())),
    }
}

/// Screen readers are told what came, in the words that everybody else reads.
fn announce(shown: Shown<Page<Asset>>) {
    let tide = Tide::of_context();
    Effect::new(move |_| {
        let told = shown.screen.with(|screen| {
            let note = screen
                .note()
                .filter(|_| !screen.asking())?
                .sentence(tide::now(), Subject::Catalogue);
            Some(match screen.value() {
                Some(page) => format!("{}, page {}. {note}", count(page.total), page.page),
                None => note,
            })
        });
        if let Some(told) = told {
            tide.say(Topic::Page, told);
        }
    });
}
