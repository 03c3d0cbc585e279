//! The frame of every page: providers, landmarks, routes.

use leptos::html::Main;
use leptos::prelude::*;
use leptos_router::components::{A, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::path;
use tidegate::{Client, Settings};

use crate::address::Addresses;
use crate::api::Api;
use crate::components::{Announcer, FeedMark, Panel, SignIn, Tray, TrayHandle};
use crate::feed::Feed;
use crate::pages::{ActivityPage, AssetPage, CataloguePage, RequestsPage};
use crate::person::Person;
use crate::tide::Tide;
use crate::writes::Writes;

/// The whole demo.
#[component]
pub(crate) fn App() -> impl IntoView {
    let addresses = Addresses::of_page();
    let client = Client::new(settings()).expect("the settings are within their ranges");
    let person = Person::present();
    if let Some(person) = person {
        client.set_identity(Some(&person.identity()));
    }
    let tide = Tide::listen(&client, addresses.api.clone());
    provide_context(tide);
    let api = Api::new(client, addresses.api.clone(), person);
    provide_context(Writes::follow(api.clone(), tide));
    provide_context(Feed::open(api.clone(), tide));
    provide_context(StoredValue::new_local(api));
    provide_context(addresses);
    let (main, handle) = (NodeRef::new(), NodeRef::new());
    view! {
        <Router>
            <a class="skip" href="#main">"Skip to content"</a>
            <header class="top">
                <A href="/" exact=true>
                    <svg viewBox="0 0 32 32" aria-hidden="true">
                        <rect width="32" height="32" rx="8" />
                        <path d="M6 13c3.3-3 6.7-3 10 0s6.7 3 10 0M6 20c3.3-3 6.7-3 10 0s6.7 3 10 0" />
                    </svg>
                    <span>"Tidegate"</span>
                </A>
                <p>"Data governance demo"</p>
                <nav aria-label="Pages">
                    <A href="/" exact=true>"Catalogue"</A>
                    <A href="/requests">"Access requests"</A>
                    <A href="/activity">"Activity " <FeedMark /></A>
                </nav>
                <TrayHandle handle />
                <SignIn />
            </header>
            <Tray handle />
            <div class="frame">
                <main id="main" tabindex="-1" node_ref=main>
                    <Routes fallback=NoSuchPage>
                        <Route path=path!("/") view=CataloguePage />
                        <Route path=path!("/assets/:id") view=AssetPage />
                        <Route path=path!("/requests") view=RequestsPage />
                        <Route path=path!("/activity") view=ActivityPage />
                    </Routes>
                </main>
                <Panel />
            </div>
            <Announcer />
            <FocusOnPage main />
        </Router>
    }
}

/// A link that leads to another page is gone with its page: the keyboard goes on at the new one.
#[component]
fn FocusOnPage(main: NodeRef<Main>) -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move |earlier: Option<String>| {
        let path = path.get();
        let is_new = earlier.is_some_and(|earlier| earlier != path);
        if let (true, Some(main)) = (is_new, main.get_untracked()) {
            // It throws for no element.
            let _ = main.focus();
        }
        path
    });
}

#[component]
fn NoSuchPage() -> impl IntoView {
    view! {
        <h1>"No such page"</h1>
        <p>"There is nothing at this address. " <A href="/">"Go to the catalogue"</A></p>
    }
}

/// The defaults, but for breakers that stay open for eight seconds at most instead of a minute, an outbox that rests no longer either and is not
/// spread over half a minute, and a feed that is alone with its backend and back within four seconds: who has just healed the backend in the panel wants
/// to see it.
fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.breaker.open_cap_ms = 8_000;
    settings.outbox.cap_ms = 8_000;
    settings.outbox.spread_ms = 1_000;
    settings.socket.window_ms = 4_000;
    settings.socket.cap_ms = 8_000;
    settings
}
