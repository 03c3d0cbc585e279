//! What happens to people who write: somebody else is faster, or their session is over.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

use crate::address::Addresses;
use crate::announce::Topic;
use crate::control;
use crate::tide::Tide;
use crate::writes::{Change, Writes};

/// A button that has somebody else edit the asset that is on show, or else one whose description waits in the outbox. This page is not told: it finds out
/// when it saves.
#[component]
pub(crate) fn Rival() -> impl IntoView {
    let addresses = StoredValue::new(expect_context::<Addresses>());
    let (tide, writes) = (Tide::of_context(), Writes::of_context());
    let path = use_location().pathname;
    let target = Memo::new(move |_| {
        let shown = path.with(|path| path.strip_prefix("/assets/").map(String::from));
        let waiting = || {
            writes.queued.with(|queued| {
                let changes = queued.iter().filter_map(|entry| entry.change.as_ref());
                changes.rev().find_map(|change| match change {
                    Change::Description { asset, .. } => Some(asset.clone()),
                    _ => None,
                })
            })
        };
        shown.or_else(waiting)
    });
    let said = RwSignal::new(None::<String>);
    let act = move |_| {
        let Some(id) = target.get_untracked() else {
            said.set(Some("Open an asset first.".into()));
            return;
        };
        spawn_local(async move {
            let Addresses { api, control } = addresses.get_value();
            let told = match control::edit_as_somebody_else(&api, &control, &id).await {
                Some(()) => format!("Somebody else has changed the description of {id}."),
                None => "The stub did not do it.".into(),
            };
            tide.say(Topic::Backend, told.clone());
            said.try_set(Some(told));
        });
    };
    let expire = move |_| {
        spawn_local(async move {
            let control = addresses.get_value().control;
            let told = match control::expire_session(&control).await {
                Some(()) => "The next thing that you save is answered 401: sign in again.",
                None => "The stub did not do it.",
            };
            tide.say(Topic::Backend, told.into());
            tide.changed.update(|times| *times += 1);
            said.try_set(Some(told.into()));
        });
    };
    view! {
        <section aria-labelledby="rival">
            <h2 id="rival">"While you write"</h2>
            <div class="rival">
                <button type="button" class="quiet" data-testid="rival" on:click=act>"Somebody else edits this asset"</button>
                <button type="button" class="quiet" data-testid="expire" on:click=expire>"Your session expires"</button>
                <p class="muted" data-testid="rival-said">
                    {move || said.get().unwrap_or_else(|| "Then save something of your own.".into())}
                </p>
            </div>
        </section>
    }
}
